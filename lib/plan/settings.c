#include "plan/settings.h"

#include <stdio.h>
#include <string.h>

#include "grid/grid.h"

enum { REAL, WHOLE, POINTER };

typedef struct setting {
    const char *name;
    size_t at;
    int32_t type;
    int32_t grids, solvers;              /* bits of the grids, of the solvers that read it; 0: all */
    int (*read)(const itp_settings *of); /* what else it depends on; NULL: on nothing */
    const char *otherwise;               /* the sentence's end where that says no */
} setting;

static int k_counts(const itp_settings *of)
{
    return of->diffusion == ITP_DIFFUSION_K && !of->desc->k_fn;
}

static int k_fn_counts(const itp_settings *of)
{
    return of->diffusion == ITP_DIFFUSION_K;
}

/* Callers older than the field leave it 0. */
static int norm_counts(const itp_settings *of)
{
    return (of->diffusion != ITP_DIFFUSION_K && of->diffusion != ITP_DIFFUSION_USER) || of->desc->diffusion_norm == 0;
}

static int schedule_counts(const itp_settings *of)
{
    return of->diffusion != ITP_DIFFUSION_K;
}

static int fn_counts(const itp_settings *of)
{
    return of->diffusion == ITP_DIFFUSION_USER;
}

static int open_start(const itp_settings *of)
{
    return of->open_start;
}

static int open_end(const itp_settings *of)
{
    return of->open_end;
}

static int whole_path(const itp_settings *of)
{
    return of->desc->u_end == 1;
}

/* A budget beside nodes of the caller's own is one with them where it would make as many steps, or is none. */
static int budget_counts(const itp_settings *of)
{
    return (itp_grid_reads(of->desc->grid) & ITP_READS_BUDGET) || of->desc->evaluations == 0 ||
           itp_solver_least_steps(of->solver, of->desc->evaluations) == of->steps;
}

#define SETTING(name, type, ...) \
    { \
#name, offsetof(itp_plan_desc, name), type, __VA_ARGS__ \
    }
static const setting SETTINGS[] = {
    SETTING(evaluations, WHOLE, 0, 0, budget_counts, "but the nodes make another number of steps; leave it out"),
    SETTING(nodes, POINTER, ITP_READS_NODES, 0, NULL, NULL),
    SETTING(node_count, WHOLE, ITP_READS_NODES, 0, NULL, NULL),
    SETTING(node_evaluations, WHOLE, ITP_READS_NODES, 0, NULL, NULL),
    SETTING(shift, REAL, ITP_READS_SHIFT, 0, NULL, NULL),
    SETTING(lambda_low, REAL, ITP_READS_LOW, 0, open_start,
            "but the path begins at a finite level, from which the grid goes; set u_start for another"),
    SETTING(lambda_high, REAL, ITP_READS_HIGH, 0, open_end, "but the path is to end before, at u_end"),
    SETTING(rho, REAL, ITP_READS_RHO, 0, NULL, NULL),
    SETTING(beta_a, REAL, ITP_READS_BETA, 0, NULL, NULL),
    SETTING(beta_b, REAL, ITP_READS_BETA, 0, NULL, NULL),
    SETTING(steps_offset, WHOLE, ITP_READS_OFFSET, 0, NULL, NULL),
    SETTING(u_start, REAL, ITP_READS_START, 0, NULL, NULL),
    SETTING(u_end, REAL, ITP_READS_END, 0, NULL, NULL),
    SETTING(k, REAL, 0, 0, k_counts, "but the diffusion is another (k_fn, or one of diffusion's own); leave it out"),
    SETTING(k_fn, POINTER, 0, 0, k_fn_counts, "but the diffusion is not \"k\"; leave one of them out"),
    SETTING(eta, REAL, 0, ITP_READS_ETA, NULL, NULL),
    SETTING(s_noise, REAL, 0, ITP_READS_S_NOISE, NULL, NULL),
    SETTING(s_churn, REAL, 0, ITP_READS_CHURN, NULL, NULL),
    SETTING(s_min, REAL, 0, ITP_READS_CHURN, NULL, NULL),
    SETTING(s_max, REAL, 0, ITP_READS_CHURN, NULL, NULL),
    SETTING(last, WHOLE, 0, ITP_READS_K, whole_path,
            "but u_end is not 1, so that no step lands on the data; leave it out"),
    SETTING(final_order, WHOLE, 0, ITP_READS_FINAL, NULL, NULL),
    SETTING(noise, WHOLE, 0, ITP_READS_NOISE, NULL, NULL),
    SETTING(diffusion_norm, REAL, 0, 0, norm_counts,
            "but the diffusion has no factor of that name; scale k, or eps itself"),
    SETTING(diffusion_schedule, POINTER, 0, 0, schedule_counts,
            "but the diffusion is \"k\", a function of u; leave it out"),
    SETTING(diffusion_fn, POINTER, 0, 0, fn_counts, "but the diffusion is not \"user\""),
    SETTING(terminal, REAL, 0, 0, NULL, NULL),
    SETTING(start, WHOLE, 0, 0, NULL, NULL),
    SETTING(singular, WHOLE, 0, 0, NULL, NULL),
    SETTING(reversed, WHOLE, 0, 0, NULL, NULL),
    SETTING(ends, WHOLE, 0, 0, NULL, NULL),
};
enum { COUNT = sizeof SETTINGS / sizeof SETTINGS[0], LIST = 120 };

static size_t size_of(const setting *of)
{
    return of->type == REAL ? sizeof(double) : of->type == WHOLE ? sizeof(int32_t) : sizeof(void *);
}

/* A pointer counts as whether it is there. */
static double value_of(const setting *of, const itp_plan_desc *desc)
{
    const unsigned char *at = (const unsigned char *)desc + of->at;
    double real;
    int32_t whole;
    const void *pointer;
    if (of->type == REAL) {
        memcpy(&real, at, sizeof real);
        return real;
    }
    if (of->type == WHOLE) {
        memcpy(&whole, at, sizeof whole);
        return whole;
    }
    memcpy(&pointer, at, sizeof pointer);
    return pointer != NULL;
}

static int is_default(const setting *of, const itp_plan_desc *desc)
{
    static const itp_plan_desc defaults = ITP_PLAN_DESC_INIT;
    return value_of(of, desc) == value_of(of, &defaults);
}

static void describe(const setting *of, const itp_plan_desc *desc, char *text, size_t size)
{
    if (of->type == POINTER) {
        memcpy(text, "given", sizeof "given");
    } else {
        (void)snprintf(text, size, of->type == REAL ? "%g" : "%.0f", value_of(of, desc));
    }
}

static void append(char *list, int32_t count, const char *name)
{
    size_t length = strlen(list);
    if (count < 4) {
        (void)snprintf(list + length, LIST - length, "%s%s", count ? ", " : "", name);
    } else if (count == 4) {
        (void)snprintf(list + length, LIST - length, " and others");
    }
}

/* The names of the first grids, or solvers, that read it. */
static void readers(const setting *of, char *list)
{
    int32_t id, count = 0;
    list[0] = 0;
    for (int32_t i = 0; of->grids && (id = itp_grid_id(i)) != 0; i++) {
        if (itp_grid_reads(id) & of->grids) {
            append(list, count++, itp_grid_name(id));
        }
    }
    for (int32_t i = 0; of->solvers && (id = itp_solver_id(i)) != 0; i++) {
        if (itp_solver_reads(itp_solver_of(id)) & of->solvers) {
            append(list, count++, itp_solver_name(id));
        }
    }
}

static int refuse(const setting *of, const itp_settings *settings, const char *value)
{
    char list[LIST];
    const char *kind = of->grids ? "grid" : "solver";
    const char *name = of->grids ? itp_grid_name(settings->desc->grid) : settings->solver->name;
    readers(of, list);
    return itp_fail(settings->log, ITP_E_UNSUPPORTED,
                    "%s: %s, but %s \"%s\" does not read it; leave it out, or take one that does: %s.", of->name, value,
                    kind, name, list);
}

static int check(const setting *of, const itp_settings *settings)
{
    int known = (!of->grids || (itp_grid_reads(settings->desc->grid) & of->grids)) &&
                (!of->solvers || (itp_solver_reads(settings->solver) & of->solvers));
    char value[32];
    if (known && (!of->read || of->read(settings))) {
        return ITP_OK;
    }
    describe(of, settings->desc, value, sizeof value);
    return known ? itp_fail(settings->log, ITP_E_UNSUPPORTED, "%s: %s, %s.", of->name, value, of->otherwise)
                 : refuse(of, settings, value);
}

/* A list of 1 - u, as flow networks have it, read as alpha/beta would begin half way. */
static void warn_of_flow_levels(const itp_settings *settings)
{
    const itp_plan_desc *d = settings->desc;
    int suspicious = d->grid == ITP_GRID_USER_SIGMA && d->nodes[0] > .9 && d->nodes[0] <= 1;
    if (suspicious && !d->reversed) {
        itp_warn(settings->log,
                 "nodes: the first level is %g = alpha/beta, half way to the data. Levels 1 - u of a flow network are "
                 "given as positions u to grid \"user-u\", or as s/(1 - s) from one below 1.",
                 d->nodes[0]);
    }
}

int itp_settings_check(const itp_settings *settings)
{
    int status = ITP_OK;
    for (int32_t i = 0; i < COUNT && !status; i++) {
        if (!is_default(&SETTINGS[i], settings->desc)) {
            status = check(&SETTINGS[i], settings);
        }
    }
    if (!status) {
        warn_of_flow_levels(settings);
    }
    if (!status && settings->desc->terminal > 0 && settings->steps < 2) {
        itp_warn(settings->log, "terminal: %g, but a single step has no node before the end that could lie there.",
                 settings->desc->terminal);
    }
    return status;
}

int itp_setting_check(const itp_settings *settings, const char *field)
{
    for (int32_t i = 0; i < COUNT; i++) {
        if (!strcmp(SETTINGS[i].name, field)) {
            return check(&SETTINGS[i], settings);
        }
    }
    return itp_fail(settings->log, ITP_E_ARGUMENT, "%s: a plan has no such setting.", field);
}

static void forget(const setting *of, itp_plan_desc *desc)
{
    static const itp_plan_desc defaults = ITP_PLAN_DESC_INIT;
    memcpy((unsigned char *)desc + of->at, (const unsigned char *)&defaults + of->at, size_of(of));
}

void itp_settings_forget_grid(itp_plan_desc *desc)
{
    desc->evaluations = 0;
    for (int32_t i = 0; i < COUNT; i++) {
        if (SETTINGS[i].grids) {
            forget(&SETTINGS[i], desc);
        }
    }
}

void itp_settings_forget_solver(itp_plan_desc *desc)
{
    for (int32_t i = 0; i < COUNT; i++) {
        if (SETTINGS[i].solvers) {
            forget(&SETTINGS[i], desc);
        }
    }
}
