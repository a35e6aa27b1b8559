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
    return of->of->diffusion.kind == ITP_DIFFUSION_K && !of->of->diffusion.k_fn;
}

static int k_fn_counts(const itp_settings *of)
{
    return of->of->diffusion.kind == ITP_DIFFUSION_K;
}

static int norm_counts(const itp_settings *of)
{
    return of->of->diffusion.kind != ITP_DIFFUSION_K && of->of->diffusion.kind != ITP_DIFFUSION_USER;
}

static int schedule_counts(const itp_settings *of)
{
    return of->of->diffusion.kind != ITP_DIFFUSION_K;
}

static int fn_counts(const itp_settings *of)
{
    return of->of->diffusion.kind == ITP_DIFFUSION_USER;
}

static int open_start(const itp_settings *of)
{
    return of->open_start;
}

static int open_end(const itp_settings *of)
{
    return of->open_end;
}

static int restarts_count(const itp_settings *of)
{
    return of->of->solver.restart_count > 0;
}

static int no_gamma(const itp_settings *of)
{
    return of->of->solver.gamma == 0;
}

static int whole_path(const itp_settings *of)
{
    return of->of->grid.u_end == 1;
}

/* 0, 0: all read it. */
#define SETTING(part, name, type, ...) \
    { \
#name, offsetof(itp_described, part.name), type, __VA_ARGS__ \
    }
static const setting SETTINGS[] = {
    SETTING(grid, nodes, POINTER, ITP_READS_NODES, 0, NULL, NULL),
    SETTING(grid, node_count, WHOLE, ITP_READS_NODES, 0, NULL, NULL),
    SETTING(grid, shift, REAL, 0, 0, NULL, NULL),
    SETTING(grid, deviation, REAL, ITP_READS_DEVIATION, 0, NULL, NULL),
    SETTING(grid, sigma_max, REAL, ITP_READS_LOW, 0, open_start,
            "but the path begins at a finite level, from which the grid goes; set u_start for another"),
    SETTING(grid, sigma_min, REAL, ITP_READS_HIGH, 0, open_end, "but the path is to end before, at u_end"),
    SETTING(grid, rho, REAL, ITP_READS_RHO, 0, NULL, NULL),
    SETTING(grid, beta_a, REAL, ITP_READS_BETA, 0, NULL, NULL),
    SETTING(grid, beta_b, REAL, ITP_READS_BETA, 0, NULL, NULL),
    SETTING(grid, steps_offset, WHOLE, ITP_READS_OFFSET, 0, NULL, NULL),
    SETTING(grid, u_start, REAL, ITP_READS_START, 0, NULL, NULL),
    SETTING(grid, u_end, REAL, ITP_READS_END, 0, NULL, NULL),
    SETTING(grid, terminal, REAL, 0, 0, NULL, NULL),
    SETTING(grid, reversed, WHOLE, 0, 0, NULL, NULL),
    SETTING(diffusion, k, REAL, 0, 0, k_counts,
            "but the diffusion is another (k_fn, or one of the other kinds); leave it out"),
    SETTING(diffusion, k_fn, POINTER, 0, 0, k_fn_counts, "but the diffusion is not \"k\"; leave one of them out"),
    SETTING(diffusion, norm, REAL, 0, 0, norm_counts,
            "but the diffusion has no factor of that name; scale k, or eps itself"),
    SETTING(diffusion, schedule, POINTER, 0, 0, schedule_counts,
            "but the diffusion is \"k\", a function of u; leave it out"),
    SETTING(diffusion, fn, POINTER, 0, 0, fn_counts, "but the diffusion is not \"user\""),
    SETTING(solver, eta, REAL, 0, ITP_READS_ETA, NULL, NULL),
    SETTING(solver, s_noise, REAL, 0, ITP_READS_S_NOISE, NULL, NULL),
    SETTING(solver, s_churn, REAL, 0, ITP_READS_CHURN, no_gamma, "but gamma is given, which takes its place"),
    SETTING(solver, s_min, REAL, 0, ITP_READS_CHURN, NULL, NULL),
    SETTING(solver, s_max, REAL, 0, ITP_READS_CHURN, NULL, NULL),
    SETTING(solver, gamma, REAL, 0, ITP_READS_GAMMA, NULL, NULL),
    SETTING(solver, restarts, POINTER, 0, 0, restarts_count, "but restart_count is 0"),
    SETTING(solver, step_scale, REAL, 0, ITP_READS_SCALE, NULL, NULL),
    SETTING(solver, corrector_snr, REAL, 0, ITP_READS_SNR, NULL, NULL),
    SETTING(solver, final_order, WHOLE, 0, ITP_READS_FINAL, NULL, NULL),
    SETTING(plan, last, WHOLE, 0, ITP_READS_K, whole_path,
            "but u_end is not 1, so that no step lands on the data; leave it out"),
    SETTING(plan, noise, WHOLE, 0, ITP_READS_NOISE, NULL, NULL),
    SETTING(plan, evaluations, WHOLE, 0, 0, NULL, NULL),
    SETTING(plan, start, WHOLE, 0, 0, NULL, NULL),
    SETTING(plan, singular, WHOLE, 0, 0, NULL, NULL),
    SETTING(plan, ends, WHOLE, 0, 0, NULL, NULL),
};
enum { COUNT = sizeof SETTINGS / sizeof SETTINGS[0], LIST = 120 };

/* A pointer counts as whether it is there. */
static double value_of(const setting *of, const itp_described *given)
{
    const unsigned char *at = (const unsigned char *)given + of->at;
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

static void describe(const setting *of, const itp_described *given, char *text, size_t size)
{
    if (of->type == POINTER) {
        memcpy(text, "given", sizeof "given");
    } else {
        (void)snprintf(text, size, of->type == REAL ? "%g" : "%.0f", value_of(of, given));
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
    const itp_method *solver;
    for (int32_t i = 0; of->solvers && (solver = itp_method_at(i)) != NULL; i++) {
        if (itp_method_reads(solver) & of->solvers) {
            append(list, count++, solver->named.name);
        }
    }
}

static int refuse(const setting *of, const itp_settings *settings, const char *value)
{
    char list[LIST];
    const char *kind = of->grids ? "grid" : "solver";
    const char *name = of->grids ? itp_grid_name(settings->of->grid.kind) : settings->solver->named.name;
    readers(of, list);
    return itp_fail(settings->log, ITP_E_UNSUPPORTED,
                    "%s: %s, but %s \"%s\" does not read it; leave it out, or take one that does: %s.", of->name, value,
                    kind, name, list);
}

static int check(const setting *of, const itp_settings *settings)
{
    int known = (!of->grids || (itp_grid_reads(settings->of->grid.kind) & of->grids)) &&
                (!of->solvers || (itp_method_reads(settings->solver) & of->solvers));
    char value[32];
    if (known && (!of->read || of->read(settings))) {
        return ITP_OK;
    }
    describe(of, settings->given, value, sizeof value);
    return known ? itp_fail(settings->log, ITP_E_UNSUPPORTED, "%s: %s, %s.", of->name, value, of->otherwise)
                 : refuse(of, settings, value);
}

/* A list of 1 - u, as flow networks have it, read as alpha/beta would begin half way. */
static void warn_of_flow_levels(const itp_settings *settings)
{
    const itp_grid *d = &settings->of->grid;
    int suspicious = d->kind == ITP_GRID_USER_SIGMA && d->nodes[0] > .9 && d->nodes[0] <= 1;
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
        if (value_of(&SETTINGS[i], settings->given) != 0) {
            status = check(&SETTINGS[i], settings);
        }
    }
    if (!status) {
        warn_of_flow_levels(settings);
    }
    if (!status && settings->of->grid.terminal > 0 && settings->steps < 2) {
        itp_warn(settings->log, "terminal: %g, but a single step has no node before the end that could lie there.",
                 settings->of->grid.terminal);
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
