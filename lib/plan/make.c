/* From a description to a plan: the choices, the steps, their rows. */
#include <float.h>
#include <math.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "plan/plan.h"
#include "plan/steps.h"
#include "solver/wiener.h"

typedef struct making {
    itp_chosen chosen;
    itp_memory memory;
    itp_solving solving;
    itp_steps steps;
    double start_data, end_scale;
} making;

static void begin_solving(making *m)
{
    const itp_chosen *chosen = &m->chosen;
    m->solving = (itp_solving){.solver = chosen->solver,
                               .sampling = chosen->sampling,
                               .model = &chosen->model,
                               .log = &chosen->log,
                               .plan = &chosen->of.plan,
                               .options = &chosen->of.solver,
                               .diffusion = &chosen->of.diffusion,
                               .s_noise = chosen->solver->stochastic == ITP_OWN_NOISE ? chosen->of.solver.s_noise : 1,
                               .strict = chosen->of.plan.singular == ITP_SINGULAR_ERROR};
}

static itp_station *first_of(const making *m)
{
    return &m->steps.stations[0];
}

static itp_station *last_of(const making *m)
{
    return &m->steps.stations[m->steps.count];
}

/* An inversion that ends at a point mass: all that is left there is 0, from which nothing leads back. */
static int check_end_scale(const making *m)
{
    return m->end_scale >= DBL_MIN && isfinite(m->end_scale)
               ? ITP_OK
               : itp_fail(
                     &m->chosen.log, ITP_E_SINGULAR,
                     "reversed: it ends at u = %g, where alpha + beta of the network's schedule is %g, and with it "
                     "every state; end at a larger u_start.",
                     last_of(m)->u, m->end_scale);
}

/* In the network's coordinates: the data's part of a start at the first node, beta there; alpha + beta at the last. */
static int find_ends(making *m)
{
    const itp_schedule *own = m->chosen.model.schedule;
    itp_station *first = first_of(m), *last = last_of(m);
    double scale = 0;
    int status = itp_schedule_scale(own, first->u, first->w, &scale);
    if (status) {
        return status;
    }
    m->start_data = m->chosen.of.plan.start == ITP_START_CENTRED ? 0 : scale * first->u;
    m->end_scale = 1;
    if (last->w > 0) {
        status = itp_schedule_scale(own, last->u, last->w, &m->end_scale);
    }
    return status ? status : check_end_scale(m);
}

/* ---- rows ---- */

/* x_1 = sqrt(V_1) xi: from a point mass the state is pure noise as long as the data's mean is zero. */
static int centred_start(making *m, itp_form *x)
{
    itp_station *first = first_of(m);
    int point_mass = first->t == 0 && itp_start_form(&m->solving, first).count == 0;
    itp_k_at k = itp_k_of(&m->solving, first);
    if (!point_mass || !(k.k > 0) || m->steps.count < 2 || !itp_drift_exists(&m->solving, first, k)) {
        return itp_fail(&m->chosen.log, ITP_E_UNSUPPORTED,
                        "start: \"centred\" needs a point mass schedule from t = 0, sampled with its own k.");
    }
    *x = itp_noise_whole(&m->solving, first, first + 1);
    return m->solving.status;
}

static void make_step(making *m, itp_form *x, int32_t i)
{
    itp_solving *solving = &m->solving;
    itp_station *a = &m->steps.stations[i];
    itp_form begin = *x;
    solving->begin = &begin;
    solving->step = i;
    solving->fresh = 1;
    solving->stages = m->steps.evaluations[i];
    itp_step_make(&m->chosen, solving, x, a, a + 1, m->steps.kinds[i]);
    solving->begin = NULL;
}

static int finish_rows(making *m, itp_form *x)
{
    itp_rows *rows = &m->solving.rows;
    itp_finish_state(&m->solving, x, last_of(m));
    if (m->solving.status) {
        return m->solving.status;
    }
    int status = itp_rows_finish(rows, x);
    if (!status) {
        rows->row[rows->count - 1].ends_step = 1;
    }
    return status ? itp_fail(&m->chosen.log, status, "the last row has a coefficient without a finite limit.") : ITP_OK;
}

static int make_rows(making *m)
{
    int centred = m->chosen.of.plan.start == ITP_START_CENTRED;
    int32_t rows = 0;
    for (int32_t i = 0; i < m->steps.count; i++) {
        rows += m->steps.evaluations[i];
    }
    itp_rows_begin(&m->solving.rows, &m->memory, rows);
    itp_form x = itp_start_form(&m->solving, first_of(m));
    int status = centred ? centred_start(m, &x) : ITP_OK;
    if (status) {
        return status;
    }
    for (int32_t i = centred; i < m->steps.count && !m->solving.status; i++) {
        make_step(m, &x, i);
    }
    return finish_rows(m, &x);
}

/* ---- the plan ---- */

static int pack(const making *m, itp_plan *plan)
{
    const itp_schedule *own = m->chosen.model.schedule;
    itp_station *first = first_of(m);
    plan->memory = m->memory;
    plan->info.size = sizeof plan->info;
    plan->info.steps = m->steps.count;
    itp_plan_set_solver(plan, m->chosen.solver->named.name);
    plan->info.start_data = m->start_data;
    plan->info.u_start = first->u;
    plan->info.u_end = last_of(m)->u;
    plan->info.end_scale = m->end_scale;
    plan->info.starts_inside = itp_plan_starts_inside(first->u, first->w, own->u_first, own->w_first);
    int status = itp_plan_pack(plan, &m->solving, m->chosen.solver->evaluations);
    if (status) {
        return status;
    }
    int32_t budget = m->chosen.of.plan.evaluations;
    plan->info.unspent = budget > 0 ? budget + m->steps.beyond_budget - plan->info.rows : 0;
    return itp_plan_assign_slots(plan);
}

/* Beyond this nothing is left of a double, whatever the data. */
static int check_amplification(const making *m, itp_plan *plan)
{
    static const double HOPELESS = 0x1p52;
    double least = 0;
    int status = itp_plan_measure(plan, &least);
    if (!status && !(least < HOPELESS)) {
        return itp_fail(&m->chosen.log, ITP_E_SINGULAR,
                        "amplification: %.3g, the steps of %s are out of all proportion; more evaluations, other nodes "
                        "or another solver are needed.",
                        plan->info.amplification, m->chosen.solver->named.name);
    }
    if (!status) {
        itp_plan_warn(plan, &m->chosen.log);
    }
    return status;
}

static void warn_of_rest(const making *m, const itp_plan *plan)
{
    if (plan->info.unspent > 0) {
        itp_warn(&m->chosen.log, "evaluations: %d, but %s in the %d steps that this grid has spends %d of them.",
                 (int)(plan->info.rows + plan->info.unspent), m->chosen.solver->named.name, (int)m->steps.count,
                 (int)plan->info.rows);
    }
}

/* The description, so that it can be printed. */
static int keep_description(const making *m, itp_plan *plan)
{
    const itp_chosen *chosen = &m->chosen;
    itp_described of = chosen->of;
    if (!of.solver.tableau) {
        itp_method_name_keys(chosen->solver, &of.solver);
    }
    of.diffusion.schedule = chosen->by_network ? NULL : of.diffusion.schedule;
    plan->kept = itp_kept_new(&of, &chosen->model.of, &m->memory);
    return plan->kept ? ITP_OK : itp_fail(&m->chosen.log, ITP_E_MEMORY, "no memory for the description of a plan.");
}

static int fill_plan(const making *m, itp_plan *plan)
{
    int status = pack(m, plan);
    status = status ? status : check_amplification(m, plan);
    return !status && !plan->rows ? (int)ITP_E_MEMORY : status;
}

static int pack_rows(making *m, itp_plan **out)
{
    int status = make_rows(m);
    if (status) {
        return status;
    }
    *out = itp_memory_array(&m->memory, 1, sizeof **out);
    return *out ? fill_plan(m, *out) : (int)ITP_E_MEMORY;
}

static int make_plan(making *m, itp_plan **out)
{
    int status = pack_rows(m, out);
    if (status) {
        return status == ITP_E_MEMORY ? itp_fail(&m->chosen.log, status, "no memory for a plan.") : status;
    }
    warn_of_rest(m, *out);
    return keep_description(m, *out);
}

static void free_solving(itp_solving *solving, const itp_memory *memory)
{
    itp_memory_free(memory, solving->intervals, (size_t)solving->interval_capacity * sizeof *solving->intervals);
    itp_rows_free(&solving->rows);
    itp_panels_free(&solving->panels);
}

static int make_steps_and_rows(making *m, itp_plan **out)
{
    begin_solving(m);
    int status = itp_steps_new(&m->steps, &m->chosen, &m->solving, &m->memory);
    status = status ? status : find_ends(m);
    status = status ? status : itp_steps_restart(&m->steps, &m->chosen, &m->solving);
    status = status ? status : make_plan(m, out);
    if (status) {
        itp_plan_free(*out);
        *out = NULL;
    }
    free_solving(&m->solving, &m->memory);
    itp_steps_free(&m->steps);
    return status;
}

static int make(making *m, itp_plan **out)
{
    int status = itp_chosen_check(&m->chosen);
    return status ? status : make_steps_and_rows(m, out);
}

static ITP_APART int plan_new(const itp_plan_desc *desc, itp_plan **out)
{
    making m;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_plan_desc, env), "out");
    }
    *out = NULL;
    int status = itp_choose(desc, &m.memory, &m.chosen);
    status = status ? status : make(&m, out);
    return itp_report_end(&m.chosen.log, status);
}

int itp_plan_new(const itp_plan_desc *desc, itp_plan **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_new(desc, out));
}

static ITP_APART int plan_reads(const itp_plan_desc *desc, const char *field)
{
    itp_chosen chosen;
    int status = itp_choose(desc, NULL, &chosen);
    status = status || field ? status : itp_fail(&chosen.log, ITP_E_ARGUMENT, "field: NULL.");
    status = status ? status : itp_chosen_reads(&chosen, field);
    return itp_report_end(&chosen.log, status);
}

int itp_plan_reads(const itp_plan_desc *desc, const char *field)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_reads(desc, field));
}
