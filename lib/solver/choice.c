/* The row of a struct that describes a solver, and the struct of a row: what itp_kind_solver says of its fields. */
#include <string.h>

#include "base/field.h"
#include "base/sized.h"
#include "solver/solver.h"

void itp_method_name_keys(const itp_method *method, itp_solver *to)
{
    to->family = method->key.family;
    to->order = method->order;
    to->form = method->key.form;
    to->variable = method->key.variable;
    to->weights = method->key.weights;
    to->corrector = method->key.corrector;
}

/* Numbers that a name stands for beside eta. ALPHAFOLD_3: algorithm 18 of doi.org/10.1038/s41586-024-07487-w. */
typedef struct preset {
    double s_noise, s_min, gamma, step_scale;
} preset;
static const preset PRESETS[] = {[ITP_PRESET_NONE] = {1, 0, 0, 0}, [ITP_PRESET_ALPHAFOLD_3] = {1.003, 1, .8, 1.5}};

itp_solver itp_method_description(const itp_method *method)
{
    const preset *as = &PRESETS[method->preset];
    itp_solver solver = {ITP_SIZED(itp_solver),       .tableau = method->evaluations ? NULL : method->data,
                         .eta = method->eta / 100.,   .s_noise = method->stochastic == ITP_OWN_NOISE ? as->s_noise : 0,
                         .s_min = as->s_min,          .gamma = as->gamma,
                         .step_scale = as->step_scale};
    itp_method_name_keys(method, &solver);
    return solver;
}

#define OF_TABLEAU(field, others, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, others), .at = offsetof(itp_tableau, field), \
        .behind = offsetof(itp_solver, tableau), .reads = ITP_READS_TABLEAU, __VA_ARGS__ \
    }
#define FIELD(field, what, others, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, others), .at = offsetof(itp_solver, field), .reads = what, __VA_ARGS__ \
    }
#define KEY(key) FIELD(key, 0, "", .type = ITP_FIELD_CHOICE, .choice = &itp_kind_##key)
/* What a method is picked by comes last. */
const itp_field itp_solver_fields[ITP_SOLVER_FIELDS] = {
    FIELD(eta, ITP_READS_ETA, "", .range = ITP_NO_HIGH),
    FIELD(s_noise, ITP_READS_S_NOISE, "", .range = ITP_NO_HIGH),
    FIELD(s_churn, ITP_READS_CHURN, "", .range = ITP_NO_HIGH),
    FIELD(s_min, ITP_READS_BOUNDS, "s-tmin", .range = ITP_NO_HIGH),
    FIELD(s_max, ITP_READS_BOUNDS, "s-tmax", .range = ITP_NO_HIGH),
    FIELD(gamma, ITP_READS_GAMMA, "", .range = ITP_NO_HIGH),
    FIELD(step_scale, ITP_READS_SCALE, "", .range = ITP_NO_HIGH, .otherwise = 1),
    FIELD(corrector_snr, ITP_READS_SNR, "snr", .range = ITP_NO_HIGH, .otherwise = .16),
    FIELD(final_order, ITP_READS_FINAL, "", .type = ITP_FIELD_CHOICE, .choice = &itp_kind_final_order),
    OF_TABLEAU(order, "", .type = ITP_FIELD_WHOLE, .low = 1, .high = ITP_STAGES_MOST),
    OF_TABLEAU(a, "", .type = ITP_FIELD_SQUARE, .count_at = offsetof(itp_tableau, stages)),
    OF_TABLEAU(b, "", .type = ITP_FIELD_REALS, .count_at = offsetof(itp_tableau, stages)),
    OF_TABLEAU(c, "", .type = ITP_FIELD_REALS, .count_at = offsetof(itp_tableau, stages)),
    OF_TABLEAU(embedded, "", .type = ITP_FIELD_REALS, .count_at = offsetof(itp_tableau, embedded_count)),
    OF_TABLEAU(embedded_order, "", .type = ITP_FIELD_WHOLE, .high = ITP_STAGES_MOST),
    FIELD(restarts, 0, "", .type = ITP_FIELD_PARTS, .count_at = offsetof(itp_solver, restart_count),
          .choice = &itp_kind_restart),
    KEY(family),
    FIELD(order, 0, "", .type = ITP_FIELD_WHOLE, .range = ITP_NO_LOW | ITP_NO_HIGH),
    KEY(form),
    KEY(variable),
    KEY(weights),
    KEY(corrector),
};

void itp_solver_fill(const itp_named *row, void *to)
{
    itp_solver *solver = to;
    *solver = itp_method_description((const void *)row);
}

static int fits(int32_t wanted, int32_t has)
{
    return wanted == 0 || wanted == has;
}

static int is_like(const itp_method *method, const itp_solver *wanted)
{
    const itp_method_key *key = &method->key;
    return wanted->family == key->family && fits(wanted->order, method->order) && fits(wanted->form, key->form) &&
           fits(wanted->variable, key->variable) && fits(wanted->weights, key->weights) &&
           wanted->corrector == key->corrector;
}

/* The row that stands for all tableaux of callers, which only its name finds. */
static const itp_named *row_of_tableaux(const itp_kind *solvers)
{
    static const char NAME[] = "runge-kutta";
    return itp_kind_called(solvers, NAME, sizeof NAME - 1, NULL);
}

const itp_named *itp_solver_chosen(const itp_kind *solvers, const void *from)
{
    const itp_solver *of = from;
    const itp_named *row;
    if (of->tableau) {
        return row_of_tableaux(solvers);
    }
    for (int32_t i = 0; (row = itp_kind_row(solvers, i)) != NULL; i++) {
        if (is_like((const void *)row, of)) {
            break;
        }
    }
    return row;
}
