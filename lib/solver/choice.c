/* From the struct that describes a solver to the method, and from its name to the struct. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/desc.h"
#include "base/kind.h"
#include "base/log.h"
#include "base/sized.h"
#include "solver/solver.h"

enum { KEYS = 6, FIRST_KEY = ITP_SOLVER_FIELDS - KEYS };

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

static int all_finite(const double *numbers, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (!isfinite(numbers[i])) {
            return 0;
        }
    }
    return 1;
}

static int is_explicit(const itp_tableau *of)
{
    for (int32_t i = 0; i < of->stages; i++) {
        for (int32_t j = i; j < of->stages; j++) {
            if (of->a[i * of->stages + j] != 0) {
                return 0;
            }
        }
    }
    return 1;
}

static double sum(const double *numbers, int32_t count)
{
    double total = 0;
    for (int32_t i = 0; i < count; i++) {
        total += numbers[i];
    }
    return total;
}

static int check_pair(const itp_tableau *of, const itp_report *log)
{
    static const double ROUNDINGS = 1e-12;
    int32_t n = of->stages + 1;
    if (!of->embedded != !of->embedded_order || of->embedded_count != (of->embedded ? n : 0)) {
        return itp_fail(log, ITP_E_ARGUMENT,
                        "tableau: embedded has %d numbers and order %d; give one more than stages, and its order, or "
                        "neither.",
                        (int)of->embedded_count, (int)of->embedded_order);
    }
    int fits = !of->embedded || (of->embedded_order > 0 && of->embedded_order <= ITP_STAGES_MOST &&
                                 all_finite(of->embedded, n) && fabs(sum(of->embedded, n) - 1) <= ROUNDINGS);
    return fits ? ITP_OK
                : itp_fail(log, ITP_E_RANGE, "tableau: embedded must be finite and add up to 1, its order 1 to %d.",
                           ITP_STAGES_MOST);
}

/* The two conditions without which a step does not follow t. */
static int is_consistent(const itp_tableau *of)
{
    static const double ROUNDINGS = 1e-12;
    int32_t n = of->stages;
    int yes = fabs(sum(of->b, n) - 1) <= ROUNDINGS;
    for (int32_t i = 0; i < n && yes; i++) {
        yes = of->c[i] >= 0 && of->c[i] <= 1 && fabs(sum(of->a + (size_t)(i * n), n) - of->c[i]) <= ROUNDINGS;
    }
    return yes;
}

static int check_numbers(const itp_tableau *of, const itp_report *log)
{
    int32_t n = of->stages;
    if (!of->a || !of->b || !of->c) {
        return itp_fail(log, ITP_E_ARGUMENT, "tableau: a, b or c is NULL.");
    }
    if (!all_finite(of->a, n * n) || !all_finite(of->b, n) || !all_finite(of->c, n) || !is_explicit(of)) {
        return itp_fail(log, ITP_E_RANGE, "tableau: every number must be finite, and a[i][j] 0 for j >= i.");
    }
    return is_consistent(of)
               ? check_pair(of, log)
               : itp_fail(log, ITP_E_RANGE, "tableau: b must add up to 1 and a[i] to c[i], which lies in [0, 1].");
}

static int read_tableau(const itp_tableau *given, const itp_report *log, itp_own_method *own)
{
    itp_tableau of = ITP_TABLEAU_INIT;
    int status = itp_struct_read(&of, sizeof of, given);
    if (status) {
        return itp_fail(log, status, "tableau: its size is wrong.");
    }
    if (of.stages < 1 || of.stages > ITP_STAGES_MOST || of.order < 1 || of.order > ITP_STAGES_MOST) {
        return itp_fail(log, ITP_E_RANGE,
                        "tableau: %d stages of order %d; both are 1 to %d, so give order, a, b and c.", (int)of.stages,
                        (int)of.order, ITP_STAGES_MOST);
    }
    own->tableau = (itp_rk_tableau){of.stages, of.embedded_order, of.c, of.a, of.b, of.embedded, NULL};
    own->method = *itp_method_named("runge-kutta");
    own->method.order = (int8_t)of.order;
    own->method.evaluations = (int8_t)of.stages;
    own->method.data = &own->tableau;
    return check_numbers(&of, log);
}

/* Which of the numbers by which a method is picked is not one, or that no method has them all. */
static int refuse(const itp_solver *wanted, const itp_report *log)
{
    char all[KEYS * 40] = "", text[32];
    for (int32_t i = 0; i < KEYS; i++) {
        const itp_field *key = &itp_solver_fields[i + FIRST_KEY];
        int status = itp_field_check(key, wanted, log);
        if (status) {
            return status;
        }
        itp_field_text(key, wanted, text, sizeof text);
        (void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s %s", i ? ", " : "", key->name, text);
    }
    return itp_fail(log, ITP_E_UNSUPPORTED,
                    "solver: no method has %s; leave out what may be any, but for family and corrector.", all);
}

static int find_row(const itp_solver *wanted, const itp_report *log, const itp_method **out)
{
    const itp_method *method;
    for (int32_t i = 0; (method = itp_method_at(i)) != NULL; i++) {
        if (is_like(method, wanted)) {
            *out = method;
            return ITP_OK;
        }
    }
    return refuse(wanted, log);
}

static int is_own(const itp_solver *wanted)
{
    return wanted->family == ITP_RUNGE_KUTTA && !wanted->order && !wanted->form && !wanted->variable &&
           !wanted->weights && !wanted->corrector;
}

int itp_method_find(const itp_solver *wanted, const itp_report *log, itp_own_method *own, const itp_method **out)
{
    int status = itp_reserved_check(log, wanted->reserved || wanted->reserved2);
    if (status || !wanted->tableau) {
        return status ? status : find_row(wanted, log, out);
    }
    if (!is_own(wanted)) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "tableau: given, which is for family RUNGE_KUTTA and says the order and the weights itself; "
                        "leave the others out.");
    }
    *out = &own->method;
    return read_tableau(wanted->tableau, log, own);
}

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

/* ---- the kind ---- */

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

const itp_named *itp_solver_chosen(const void *from)
{
    const itp_solver *of = from;
    const itp_method *found = NULL;
    if (of->tableau) {
        return &itp_method_named("runge-kutta")->named;
    }
    return find_row(of, NULL, &found) ? NULL : &found->named;
}
