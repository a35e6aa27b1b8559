#include "contest.h"
#include "../kinds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONVERGED = 256, AT_ONCE = 100, SCREENED = 100, GLANCED = 25 };

static itp_batch batch_of(const contest *c, uint64_t seed, size_t first, size_t count)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = c->net.dim;
    batch.count = count;
    batch.seed = seed;
    batch.first = first;
    batch.guidance = c->guidance;
    return batch;
}

static int run(const contest *c, const itp_plan *plan, uint64_t seed, size_t first, size_t count, float *x)
{
    int status = ITP_OK;
    for (size_t i = 0; i < count && !status; i += AT_ONCE) {
        itp_batch batch = batch_of(c, seed, first + i, count - i < AT_ONCE ? count - i : AT_ONCE);
        status = itp_sample(plan, &batch, x + i * c->net.dim, c->net.velocity, c->net.user);
    }
    return status;
}

static double rms(const float *a, const float *b, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) total += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return sqrt(total / (double)count);
}

double contest_error(const contest *c, const itp_plan *plan, size_t first, size_t count, uint64_t seed,
                     const float *ends)
{
    return run(c, plan, seed, first, count, c->samples) ? NAN : rms(c->samples, ends, count * c->net.dim);
}

double contest_distance(const contest *c, const itp_plan *plan)
{
    if (run(c, plan, UNSEEN_SEED, 0, c->many, c->samples)) {
        return NAN;
    }
    return c->net.distance(c->net.user, c->samples, c->many);
}

double contest_converged_distance(const contest *c)
{
    return c->net.distance(c->net.user, c->converged, c->many);
}

static int converge(contest *c)
{
    itp_plan *plan;
    const itp_solver ab3 = {ITP_SIZED(itp_solver), .family = ITP_ADAMS_BASHFORTH, .order = 3};
    const itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .solver = &ab3, .evaluations = CONVERGED};
    int status = itp_plan_new(&want, &plan);
    status = status ? status : run(c, plan, UNSEEN_SEED, 0, c->many, c->converged);
    itp_plan_free(plan);
    return status;
}

int contest_new(contest *c)
{
    c->many = c->many > c->unseen ? c->many : c->unseen;
    c->converged = malloc(c->many * c->net.dim * sizeof *c->converged);
    c->samples = malloc(c->many * c->net.dim * sizeof *c->samples);
    c->ends = malloc(c->seeds * c->net.dim * sizeof *c->ends);
    c->early_ends = malloc(c->seeds * c->net.dim * sizeof *c->early_ends);
    c->ends_rows = c->early_known = 0;
    if (!c->converged || !c->samples || !c->ends || !c->early_ends || converge(c)) {
        fprintf(stderr, "%s: no memory, or the network failed\n", c->net.name);
        contest_free(c);
        return -1;
    }
    return 0;
}

void contest_free(contest *c)
{
    free(c->converged);
    free(c->samples);
    free(c->ends);
    free(c->early_ends);
}

void contest_describe(const contest *c, itp_fit_desc *want, itp_fit_expert *expert)
{
    want->dim = c->net.dim;
    want->count = c->seeds;
    want->held_out = c->held_out;
    want->seed = FIT_SEED;
    want->iterations = c->iterations;
    want->guidance = c->guidance;
    want->name = c->net.name;
    want->expert = expert;
    expert->outputs = c->outputs;
    expert->fixed_nodes = c->fixed_nodes;
    expert->gain = c->gain > 0 ? c->gain : 0;
    expert->no_gain = c->gain < 0;
    expert->no_greedy = c->greedy < 0;
    expert->finalists = c->finalists;
}

/* ---- textbook plans ---- */

int contest_plan(const opponent *o, int32_t evaluations, itp_plan **plan)
{
    return contest_plan_on(o, evaluations, NULL, 1, plan);
}

int contest_plan_on(const opponent *o, int32_t evaluations, const double *nodes, double u_end, itp_plan **plan)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    itp_solver solver = ITP_SOLVER_INIT;
    itp_grid grid = ITP_GRID_INIT;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_schedule *schedule = NULL;
    *plan = NULL;
    desc.kind = o->schedule;
    int status = itp_schedule_new(&desc, &schedule);
    status = status ? status : itp_solver_parse(o->solver, NULL, &solver);
    want.schedule = schedule;
    want.solver = &solver;
    want.grid = &grid;
    if (nodes) {
        grid.kind = ITP_GRID_USER_U;
        grid.nodes = nodes;
        grid.node_count = evaluations + 1;
    } else {
        grid.kind = o->grid;
        grid.u_end = u_end == 1 ? 0 : u_end;
        want.evaluations = evaluations;
    }
    status = status ? status : itp_plan_new(&want, plan);
    itp_schedule_free(schedule);
    status = status ? status : itp_plan_get_info(*plan, &info);
    if (!status && (info.rows != evaluations || info.normals > 1)) {
        itp_plan_free(*plan);
        *plan = NULL;
        status = ITP_E_BUDGET; /* less than the whole budget, or noise: no opponent */
    }
    return status;
}

/* Inserts into a list that is sorted by error and keeps the best. */
static void insert(opponent *best, int *count, opponent new)
{
    int i = *count < FINALISTS ? (*count)++ : FINALISTS - 1;
    if (i == FINALISTS - 1 && *count == FINALISTS && best[i].error > 0 && !(new.error < best[i].error)) {
        return;
    }
    for (; i > 0 && best[i - 1].error > new.error; i--) best[i] = best[i - 1];
    best[i] = new;
}

static int known(const opponent *best, int count, double error)
{
    for (int i = 0; i < count; i++) {
        if (best[i].error == error) {
            return 1; /* another name for the same plan */
        }
    }
    return 0;
}

static double error_on(const contest *c, const itp_plan *plan, size_t count)
{
    return contest_error(c, plan, 0, count < c->unseen ? count : c->unseen, UNSEEN_SEED, c->converged);
}

/* Most plans are far from the best: twice the error of the last finalist on a few seeds ends it. */
static void screen(const contest *c, opponent o, int32_t evaluations, opponent *best, int *count)
{
    itp_plan *plan;
    if (contest_plan(&o, evaluations, &plan)) {
        return;
    }
    o.error = *count == FINALISTS ? error_on(c, plan, GLANCED) : 0;
    if (*count < FINALISTS || o.error < 2 * best[FINALISTS - 1].error) {
        o.error = error_on(c, plan, SCREENED);
    }
    itp_plan_free(plan);
    if (isfinite(o.error) && !known(best, *count, o.error)) {
        insert(best, count, o);
    }
}

const char *contest_solver(const char *name)
{
    itp_entry entry = ITP_ENTRY_INIT;
    return itp_kind_find("solver", name, &entry) || entry.needs ? NULL : entry.name;
}

static int is_quick(const char *solver, int32_t grid)
{
    static const char *const GOOD[] = {"ab2", "ab3", "ipndm-2", "ipndm-3", "unipc-bh2-2-sigma", "midpoint"};
    int good = 0;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) good |= !strcmp(GOOD[i], solver);
    return good &&
           (grid == ITP_GRID_TIME || grid == ITP_GRID_BETA || grid == ITP_GRID_AYS_SVD || grid == ITP_GRID_KARRAS);
}

/* The exponential solvers make the same plans under every schedule. */
static int under_lazy(const char *name)
{
    itp_solver solver = ITP_SOLVER_INIT;
    return !itp_solver_parse(name, NULL, &solver) && solver.family <= ITP_PNDM;
}

int contest_textbook(const contest *c, int32_t evaluations, opponent *best)
{
    int count = 0;
    for (int32_t s = 0; kind_name_at("solver", s); s++) {
        for (int32_t g = 0; kind_at("grid", g); g++) {
            opponent o = {kind_name_at("solver", s), kind_at("grid", g), ITP_SCHEDULE_LINEAR, 0};
            if (o.grid >= ITP_GRID_USER_TIME || (c->quick && !is_quick(o.solver, o.grid))) {
                continue;
            }
            screen(c, o, evaluations, best, &count);
            o.schedule = ITP_SCHEDULE_LAZY;
            if (under_lazy(o.solver)) {
                screen(c, o, evaluations, best, &count);
            }
        }
    }
    opponent finalists[FINALISTS];
    int finals = count;
    memcpy(finalists, best, sizeof finalists);
    memset(best, 0, sizeof finalists);
    count = 0;
    for (int i = 0; i < finals; i++) {
        itp_plan *plan;
        if (!contest_plan(&finalists[i], evaluations, &plan)) {
            finalists[i].error = contest_error(c, plan, 0, c->unseen, UNSEEN_SEED, c->converged);
            insert(best, &count, finalists[i]);
        }
        itp_plan_free(plan);
    }
    return count;
}
