/* The numbers of a fit's description with their ranges and defaults, and the checks of the whole description. */
#include <math.h>
#include <stdio.h>

#include "base/desc.h"
#include "base/field.h"
#include "fit/fitting.h"

enum { MOST_PLAN_ROWS = 1000, MOST_STARTS = 1000 };

/* ---- numbers ---- */

static int check_counts(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    if (d->count < 2 || d->held_out >= d->count) {
        return itp_fail(&fit->log, ITP_E_RANGE, "count, held_out: %zu, %zu; two seeds at least, and one fitted on.",
                        d->count, d->held_out);
    }
    if (!d->dim || (d->feature && !d->features)) {
        return itp_fail(&fit->log, ITP_E_RANGE, "%s: 0, it must be at least 1.", d->dim ? "features" : "dim");
    }
    return ITP_OK;
}

static int check_sizes(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    size_t most = SIZE_MAX / 64, wide = d->feature && d->features > d->dim ? d->features : d->dim;
    return d->test > most || wide > most / (d->count + d->test)
               ? itp_fail(&fit->log, ITP_E_OVERFLOW, "count, test, dim: their product does not fit.")
               : ITP_OK;
}

/* The numbers, their ranges and their defaults. */
#define FIELD(of, field, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, ""), .at = offsetof(of, field), __VA_ARGS__ \
    }
#define WHOLE(of, field, ...) FIELD(of, field, .type = ITP_FIELD_WHOLE, __VA_ARGS__)
static const itp_field FIELDS[] = {
    WHOLE(itp_fit_desc, iterations, .range = ITP_NO_HIGH, .otherwise = 10),
    WHOLE(itp_fit_desc, reference_rows, .high = 1 << 24, .otherwise = 1024),
    FIELD(itp_fit_desc, tolerance, .range = ITP_NO_HIGH, .otherwise = 2e-3),
    FIELD(itp_fit_desc, guidance_most, .range = ITP_NO_LOW | ITP_NO_HIGH),
    FIELD(itp_fit_desc, guidance, .range = ITP_NO_LOW | ITP_NO_HIGH, .otherwise = 1),
};
static const itp_field RARE[] = {
    FIELD(itp_fit_expert, ridge, .range = ITP_NO_HIGH),
    FIELD(itp_fit_expert, gain, .range = ITP_NO_HIGH, .otherwise = .2),
    WHOLE(itp_fit_expert, no_gain, .high = 1),
    WHOLE(itp_fit_expert, outputs, .range = ITP_NO_HIGH),
    WHOLE(itp_fit_expert, fixed_nodes, .high = 1),
    WHOLE(itp_fit_expert, no_greedy, .high = 1),
    WHOLE(itp_fit_expert, race, .range = ITP_NO_HIGH, .otherwise = 2),
    WHOLE(itp_fit_expert, no_race, .high = 1),
    WHOLE(itp_fit_expert, finalists, .range = ITP_NO_HIGH, .otherwise = 1),
    WHOLE(itp_fit_expert, no_test, .high = 1),
    FIELD(itp_fit_expert, u_last, .high = 1),
};
#undef FIELD
#undef WHOLE
static const itp_kind PLAIN = {.name = "fit", .fields = FIELDS, .field_count = sizeof FIELDS / sizeof FIELDS[0]};
static const itp_kind EXPERT = {.name = "fit", .fields = RARE, .field_count = sizeof RARE / sizeof RARE[0]};

static int check_numbers(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = itp_fields_check(&PLAIN, NULL, d, &fit->log);
    status = status ? status : itp_fields_check(&EXPERT, NULL, &fit->expert, &fit->log);
    double high = itp_real_or(d->guidance_high, 1);
    if (!status && !(d->guidance_low <= high)) {
        return itp_fail(&fit->log, ITP_E_RANGE, "guidance: %g in [%g, %g] is no scale in an interval.", d->guidance,
                        d->guidance_low, high);
    }
    if (!status && d->guidance_most != 0 && !(d->guidance_most > itp_real_or(d->guidance, 1))) {
        return itp_fail(&fit->log, ITP_E_RANGE, "guidance_most: %g, it must be above guidance, %g, or 0.",
                        d->guidance_most, itp_real_or(d->guidance, 1));
    }
    return status ? status : itp_reserved_check(&fit->log, d->reserved);
}

/* ---- what nothing would read ---- */

static int refuse(const itp_fitting *fit, int set, const char *name, const char *because)
{
    return set ? itp_fail(&fit->log, ITP_E_ARGUMENT, "%s: nothing reads it, as %s; leave it 0.", name, because)
               : ITP_OK;
}

/* Refuses fields that nothing reads where the end points are given. */
static int check_known_ends(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    const itp_fit_expert *e = &fit->expert;
    const char *given = "the end points are given";
    if (!e->ends && !e->reference) {
        return ITP_OK;
    }
    int status = refuse(fit, e->ends && e->reference, "reference", given);
    status = status ? status : refuse(fit, e->u_last > 0, "u_last", given);
    status = status ? status : refuse(fit, d->tolerance > 0, "tolerance", given);
    status = status ? status : refuse(fit, d->reference_rows > 0, "reference_rows", given);
    return status ? status : refuse(fit, e->no_greedy && e->reference_solver, "reference_solver", given);
}

static int check_switched_off(const itp_fitting *fit)
{
    const itp_fit_expert *e = &fit->expert;
    int status = refuse(fit, e->gain > 0 && e->no_gain, "gain", "no_gain is 1");
    status = status ? status : refuse(fit, fit->desc.test && e->no_test, "test", "no_test is 1");
    return status ? status : refuse(fit, e->race > 0 && e->no_race, "race", "no_race is 1");
}

static int check_users(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = itp_idle_check(&fit->log, !d->feature && d->feature_user, "feature_user", "feature");
    return status ? status : itp_idle_check(&fit->log, !d->progress && d->progress_user, "progress_user", "progress");
}

static int check_report(const itp_fitting *fit)
{
    int idle = fit->desc.report && !fit->may_report;
    return refuse(fit, idle, "report", "itp_fit_get_report gives it");
}

static int check_interval(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int given = d->guidance_low != 0 || (d->guidance_high != 0 && d->guidance_high != 1);
    int off = (d->guidance == 0 || d->guidance == 1) && d->guidance_most == 0;
    return refuse(fit, off && given, "guidance_low, guidance_high", "guidance is off");
}

static int check_unread(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = check_interval(fit);
    status = status ? status : refuse(fit, !d->feature && d->features, "features", "there is no feature callback");
    status = status ? status : check_users(fit);
    status = status ? status : check_report(fit);
    status = status ? status : check_switched_off(fit);
    return status ? status : check_known_ends(fit);
}

/* ---- plans ---- */

static int same(double a, double b)
{
    return fabs(a - b) <= 1e-6 * (1 + fabs(b));
}

/* A place on the way of a plan: its name and a row. */
typedef struct place {
    const char *plan;
    int32_t row;
} place;

static int check_same(const itp_fitting *fit, place at, const char *what, double says, double is)
{
    return same(says, is)
               ? ITP_OK
               : itp_fail(&fit->log, ITP_E_UNSUPPORTED, "model: not that of %s: at row %d it says %s %g, not %g.",
                          at.plan, (int)at.row, what, says, is);
}

/* Is a row one of this model's? Rows of a caller's need not say more than their time. */
static int check_row(const itp_fitting *fit, const itp_plan_row *row, place at)
{
    itp_plan_row model = *row;
    int silent = row->data_state == 0 && row->data_output == 0;
    int status = itp_fit_ask_model(&fit->model, row->u, &model);
    if (status) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED, "model: not that of %s: it has no time at row %d.", at.plan,
                        (int)at.row);
    }
    status = check_same(fit, at, "time", model.time, row->time);
    status = status || (silent && row->scale == 1) ? status : check_same(fit, at, "scale", model.scale, row->scale);
    status = status || silent ? status : check_same(fit, at, "data_state", model.data_state, row->data_state);
    return status || silent ? status : check_same(fit, at, "data_output", model.data_output, row->data_output);
}

static int check_model(const itp_fitting *fit, const itp_plan *plan, const char *name)
{
    int status = ITP_OK;
    for (int32_t i = 0; i < plan->info.rows && !status; i++) {
        const place at = {name, i};
        status = check_row(fit, &plan->rows[i], at);
    }
    return status;
}

/* A plan that can be fitted is one of this model, draws no noise and begins at noise. */
static int check_plan(const itp_fitting *fit, const itp_plan *plan, const char *name)
{
    if (plan->info.normals > 1 || plan->info.rows > MOST_PLAN_ROWS || plan->info.u_start >= plan->info.u_end) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED,
                        "%s: only plans without noise, from noise to data, of at most %d rows can be fitted.", name,
                        MOST_PLAN_ROWS);
    }
    return check_model(fit, plan, name);
}

/* A plan to start from has no more rows than the plan to fit, and the same path. */
static int check_start(const itp_fitting *fit, size_t i)
{
    const itp_plan *start = fit->desc.starts[i];
    char name[32];
    (void)snprintf(name, sizeof name, "starts[%zu]", i);
    if (!start) {
        return itp_fail(&fit->log, ITP_E_ARGUMENT, "%s: NULL.", name);
    }
    const itp_plan_info *a = &start->info, *b = &fit->plan->info;
    if (a->rows > b->rows) {
        return itp_fail(&fit->log, ITP_E_RANGE, "%s: %d evaluations, more than the plan's %d.", name, (int)a->rows,
                        (int)b->rows);
    }
    double later = a->rows < b->rows ? a->u_end - b->u_end : fabs(a->u_end - b->u_end);
    double most = fmax(fabs(a->u_start - b->u_start), later);
    if (!(fmax(most, fabs(a->start_scale - b->start_scale)) <= ITP_FIT_SAME)) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED, "%s: it starts or ends elsewhere than the plan.", name);
    }
    return check_plan(fit, start, name);
}

/* The place of the last evaluation: after all rows, and where there is a step to the end. */
static int check_u_last(const itp_fitting *fit)
{
    double u = fit->expert.u_last, low = itp_fitting_last_row(fit), high = fit->plan->info.u_end;
    int known = u < high && u <= fit->model.schedule->u_last;
    return u == 0 || (u >= low && known)
               ? ITP_OK
               : itp_fail(
                     &fit->log, ITP_E_RANGE,
                     "u_last: %.17g, it must be at least %.17g, where the last row of a plan is, and before %.17g.", u,
                     low, fmin(high, fit->model.schedule->u_last));
}

static int check_starts(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = ITP_OK;
    if (d->start_count > MOST_STARTS || (d->start_count && !d->starts)) {
        return itp_fail(&fit->log, d->starts ? ITP_E_RANGE : ITP_E_ARGUMENT,
                        "starts, start_count: %zu plans at %s; at most %d.", d->start_count,
                        d->starts ? "an address" : "NULL", MOST_STARTS);
    }
    for (size_t i = 0; i < d->start_count && !status; i++) status = check_start(fit, i);
    return status;
}

static int check_type(const itp_fitting *fit)
{
    return itp_choice_check(&itp_kind_type, "type", fit->desc.type, &fit->log);
}

static int check_own_plan(const itp_fitting *fit)
{
    return check_plan(fit, fit->plan, "plan");
}

static int check_reference(const itp_fitting *fit)
{
    return fit->expert.reference ? check_model(fit, fit->expert.reference, "reference") : ITP_OK;
}

int itp_fitting_check(const itp_fitting *fit)
{
    static int (*const CHECKS[])(const itp_fitting *fit) = {check_type,    check_counts,    check_sizes,
                                                            check_numbers, check_unread,    check_own_plan,
                                                            check_starts,  check_reference, check_u_last};
    int status = ITP_OK;
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0] && !status; i++) {
        status = CHECKS[i](fit);
    }
    return status;
}

void itp_fitting_fill_numbers(itp_fitting *fit)
{
    itp_fields_fill(&PLAIN, NULL, &fit->desc);
    itp_fields_fill(&EXPERT, NULL, &fit->expert);
}
