/* What is set and not read is refused, and what is read makes another plan: every setting with every grid and every
 * solver. The sentences name the setting, its value and what reads it. */
#include <interp/interp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"
#include "grid/grid.h"
#include "solver/solver.h"

static double bar[DDPM_COUNT];
static const double nodes[] = {0, .1, .2, .4, .6, .8, .9, 1}, levels[] = {50, 10, 5, 3, 2, 1, .5, 0},
                    flows[] = {1, .9, .7, .5, .3, .2, .1, 0};

typedef struct option {
    const char *name;
    size_t at;
    int whole;
    double value;
    int32_t bit;
} option;
#define REAL(part, field, value, bit) \
    { \
#field, offsetof(wanted, part.field), 0, value, bit \
    }
#define WHOLE(part, field, value, bit) \
    { \
#field, offsetof(wanted, part.field), 1, value, bit \
    }

static void set(wanted *desc, const option *o)
{
    int32_t whole = (int32_t)o->value;
    memcpy((char *)desc + o->at, o->whole ? (const void *)&whole : (const void *)&o->value, o->whole ? 4 : 8);
}

/* The plan as text, to compare; NULL where it is refused. */
static char *text_of(const wanted *desc, int *status)
{
    itp_plan *plan = NULL;
    size_t needed = 0;
    *status = make_plan(desc, &plan);
    if (*status) return NULL;
    check_status("size", itp_plan_format(plan, NULL, 0, &needed), ITP_OK);
    char *text = malloc(needed);
    assert_non_null(text);
    check_status("text", itp_plan_format(plan, text, needed, NULL), ITP_OK);
    itp_plan_free(plan);
    return text;
}

/* `reads`: whether it should be read, and then (`moves`) make another plan. */
static void check_option(const char *name, const wanted *base, const option *o, int reads, int moves)
{
    capture said;
    itp_env log = capture_env(&said);
    wanted desc = *base;
    int status;
    char *plain = text_of(&desc, &status);
    check_status(name, status, ITP_OK);
    set(&desc, o);
    desc.plan.env = &log;
    char *with = text_of(&desc, &status);
    label both;
    snprintf(both.text, sizeof both.text, "%s, %s", name, o->name);
    check_status(both.text, status, reads ? ITP_OK : ITP_E_UNSUPPORTED);
    check_true(both.text, reads || capture_has(&said, o->name));
    desc.plan.env = NULL;
    check_status(both.text, plan_reads(&desc, o->name), reads ? ITP_OK : ITP_E_UNSUPPORTED);
    check_status(both.text, plan_reads(base, o->name), reads ? ITP_OK : ITP_E_UNSUPPORTED);
    if (reads && moves) check_true(both.text, strcmp(plain, with) != 0);
    free(plain);
    free(with);
}

static itp_schedule *ddpm(void)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    ddpm_alphas_cumprod(bar, DDPM_COUNT);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = DDPM_COUNT;
    check_status("table", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

static void every_grid(void **state)
{
    static const option options[] = {REAL(grid, shift, 3, -1),
                                     REAL(grid, deviation, 3, ITP_READS_DEVIATION),
                                     REAL(grid, sigma_max, 20, ITP_READS_LOW),
                                     REAL(grid, sigma_min, .05, ITP_READS_HIGH),
                                     REAL(grid, rho, 3, ITP_READS_RHO | ITP_READS_POWER),
                                     REAL(grid, beta_a, 2, ITP_READS_BETA),
                                     REAL(grid, beta_b, 2, ITP_READS_BETA),
                                     REAL(grid, u_start, .1, ITP_READS_START),
                                     REAL(grid, u_end, .9, ITP_READS_END),
                                     REAL(grid, terminal, .15, -1),
                                     WHOLE(grid, steps_offset, 3, ITP_READS_OFFSET)};
    (void)state;
    itp_schedule *table = ddpm();
    for (int i = 0; i < COUNT(options); i++) {
        for (int32_t j = 0; kind_at("grid", j); j++) {
            wanted desc = WANTED;
            int32_t reads = itp_grid_reads(desc.grid.kind = kind_at("grid", j));
            int ays = desc.grid.kind >= ITP_GRID_AYS_SD15 && desc.grid.kind <= ITP_GRID_ALPHAFOLD_3;
            int fixed = ays || desc.grid.kind == ITP_GRID_LOGIT_NORMAL;
            /* A shift leads out of a table whose noise ends; the flow's levels go on. */
            int counts = itp_grid_row_of(desc.grid.kind)->sample && strcmp(options[i].name, "shift") != 0;
            desc.plan.schedule = counts ? table : NULL;
            itp_model model = ITP_MODEL_INIT;
            model.schedule = desc.plan.schedule;
            model.prediction = ITP_PREDICT_DATA;
            desc.plan.model = &model;
            desc.grid.nodes = !(reads & ITP_READS_NODES)              ? NULL
                              : desc.grid.kind == ITP_GRID_USER_SIGMA ? levels
                              : desc.grid.kind == ITP_GRID_USER_FLOW  ? flows
                                                                      : nodes;
            desc.grid.node_count = reads & ITP_READS_NODES ? COUNT(nodes) : 0;
            /* The last sample is the end of the table: what ends before it has no such step. */
            if (itp_grid_row_of(desc.grid.kind)->sample && options[i].bit == ITP_READS_END) continue;
            if (fixed && (options[i].bit & (ITP_READS_START | ITP_READS_END))) continue; /* their levels go beyond */
            check_option(kind_name("grid", desc.grid.kind), &desc, &options[i], (reads & options[i].bit) != 0, 1);
        }
    }
    itp_schedule_free(table);
}

static void every_solver(void **state)
{
    static const option options[] = {
        REAL(solver, eta, .5, ITP_READS_ETA),           REAL(solver, s_noise, .9, ITP_READS_S_NOISE),
        REAL(solver, s_churn, 5, ITP_READS_CHURN),      REAL(solver, s_min, 1.5, ITP_READS_BOUNDS),
        REAL(solver, s_max, 2, ITP_READS_BOUNDS),       WHOLE(plan, last, ITP_LAST_NOISE, ITP_READS_K),
        WHOLE(plan, noise, 1, ITP_READS_NOISE),         WHOLE(solver, final_order, 1, ITP_READS_FINAL),
        REAL(solver, gamma, .6, ITP_READS_GAMMA),       REAL(solver, step_scale, 1.2, ITP_READS_SCALE),
        REAL(solver, corrector_snr, .3, ITP_READS_SNR), WHOLE(plan, ends, ITP_ENDS_EVALUATE, ITP_READS_ENDS)};
    (void)state;
    for (int i = 0; i < COUNT(options); i++) {
        for (int32_t j = 0; kind_name_at("solver", j); j++) {
            wanted desc = WANTED;
            itp_model model = ITP_MODEL_INIT;
            const itp_method *solver = itp_method_named(kind_name_at("solver", j));
            desc.solver = SOLVER(solver->named.name);
            int32_t reads = itp_method_reads(solver);
            model.prediction = ITP_PREDICT_DATA;
            desc.plan.model = &model;
            desc.grid.kind = ITP_GRID_USER_SIGMA;
            desc.grid.nodes = levels;
            desc.grid.node_count = COUNT(levels) - (options[i].bit == ITP_READS_FINAL);
            desc.diffusion.k = (reads & ITP_READS_K) != 0;
            int churned = strcmp(options[i].name, "s_churn") && options[i].bit != ITP_READS_GAMMA;
            desc.solver.s_churn = reads & ITP_READS_CHURN && churned ? 3 : 0;
            int moves = options[i].bit != ITP_READS_FINAL || solver->order > 1 || strstr(solver->named.name, "v2");
            if (options[i].bit == ITP_READS_ENDS) moves = 0; /* a data prediction has no slope there */
            if (solver->key.family == ITP_CHURN && options[i].bit == ITP_READS_NOISE) moves = 0; /* STEPS anyway */
            check_option(solver->named.name, &desc, &options[i], (reads & options[i].bit) != 0, moves);
        }
    }
}

static double twice(void *user, double x)
{
    (void)user;
    return 2 * x;
}

/* Settings that another one makes idle. */
static void beside_others(void **state)
{
    capture said;
    itp_env log = capture_env(&said);
    itp_plan *plan = NULL;
    wanted base = WANTED, desc;
    (void)state;
    base.plan.env = &log;
    base.solver = SOLVER("euler-maruyama");
    desc = base;
    desc.diffusion.k = 1;
    desc.diffusion.k_fn = twice;
    check_status("k beside k_fn", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    check_true("said", capture_has(&said, "k: 1, but k_fn is given too"));
    desc = base;
    desc.diffusion.kind = ITP_DIFFUSION_SINE;
    desc.diffusion.k = 1;
    check_status("k beside sine", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    desc.diffusion.k = 0;
    desc.diffusion.k_fn = twice;
    check_status("k_fn beside sine", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    desc = base;
    desc.diffusion.k = 1;
    desc.diffusion.norm = 2;
    check_status("norm", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    check_true("said", capture_has(&said, "norm: 2"));
    desc = base;
    desc.diffusion.k = 1;
    desc.diffusion.fn = twice;
    check_status("diffusion_fn", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    desc = base;
    desc.diffusion.k = 1;
    desc.grid.u_end = .9;
    desc.plan.last = ITP_LAST_NOISE;
    check_status("last", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    desc = base;
    desc.solver = SOLVER("euler");
    desc.grid.kind = ITP_GRID_LAMBDA;
    desc.grid.u_start = .1;
    desc.grid.sigma_max = 20;
    check_status("sigma_max", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    check_true("said", capture_has(&said, "sigma_max: 20, but the path begins at a finite level"));
    assert_null(plan);
    check_status("no such", plan_reads(&base, "temperature"), ITP_E_ARGUMENT);
    check_status("NULL", plan_reads(&base, NULL), ITP_E_ARGUMENT);
}

/* From an evaluation for each step to all that full steps can make. */
static void a_budget_beside_nodes(void **state)
{
    capture said;
    itp_env log = capture_env(&said);
    (void)state;
    for (int evaluations = 0; evaluations <= 20; evaluations++) {
        wanted desc = WANTED;
        itp_plan *plan = NULL;
        desc.plan.env = &log;
        desc.solver = SOLVER("heun");
        want_nodes(&desc, nodes, COUNT(nodes));
        desc.plan.evaluations = evaluations;
        int steps = COUNT(nodes) - 1, few = evaluations > 0 && evaluations<steps, many = evaluations> 2 * steps;
        check_status("evaluations", make_plan(&desc, &plan), few ? ITP_E_BUDGET : many ? ITP_E_UNSUPPORTED : ITP_OK);
        check_true("said", !(few || many) || capture_has(&said, "but the nodes make 7 steps"));
        itp_plan_free(plan);
    }
}

static void a_terminal_in_vain(void **state)
{
    capture said;
    itp_env log = capture_env(&said);
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    (void)state;
    desc.plan.env = &log;
    desc.plan.evaluations = 1;
    desc.grid.terminal = .1;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_true("warned", capture_has(&said, "terminal: 0.1, but a single step"));
    itp_plan_free(plan);
}

/* Settings of one struct, each without what would read it. The library is asked, and must name the field. */
static void check_alone(const capture *said, const char *field, int got, int want)
{
    check_status(field, got, want);
    check_true(field, capture_has(said, field));
}

#define ALONE(want, field, call, ...) \
    do { \
        itp_env log = capture_env(&said); \
        __VA_ARGS__; \
        check_alone(&said, field, call, want); \
        assert_null(out); \
    } while (0)
#define IN_PLAN(want, field, name, ...) \
    ALONE(want, field, make_plan(&desc, &out), wanted desc = WANTED; itp_plan *out = NULL; desc.plan.env = &log; \
          desc.solver = SOLVER(name); __VA_ARGS__)

static void without_noise(void **state)
{
    capture said;
    int mine = 0;
    (void)state;
    IN_PLAN(ITP_E_UNSUPPORTED, "noise: steps", "shark", desc.plan.noise = ITP_NOISE_STEPS);
    IN_PLAN(ITP_E_UNSUPPORTED, "last: noise", "sa-2", desc.plan.last = ITP_LAST_NOISE);
    IN_PLAN(ITP_E_UNSUPPORTED, "s_noise: 1.1", "ddpm", desc.solver.eta = 0; desc.solver.s_noise = 1.1);
    IN_PLAN(ITP_E_UNSUPPORTED, "s_min: 0.5", "edm-heun", desc.solver.s_min = .5);
    IN_PLAN(ITP_E_UNSUPPORTED, "s_max: 5", "edm-euler", desc.solver.s_max = 5);
    IN_PLAN(ITP_E_UNSUPPORTED, "ends: evaluate", "heun", desc.plan.ends = ITP_ENDS_EVALUATE; desc.grid.u_end = .9);
    IN_PLAN(ITP_E_UNSUPPORTED, "user: given", "euler", desc.diffusion.user = &mine);
    IN_PLAN(ITP_E_NEWER, "reserved", "euler", desc.solver.reserved = 1);
    IN_PLAN(ITP_E_NEWER, "reserved", "euler", desc.diffusion.reserved = 1);
}

#define IN_SCHEDULE(want, field, ...) \
    ALONE(want, field, itp_schedule_new(&desc, &out), itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT; \
          itp_schedule *out = NULL; desc.env = &log; __VA_ARGS__)
#define IN_COVARIANCE(field, ...) \
    ALONE(ITP_E_UNSUPPORTED, field, itp_covariance_new(&desc, &out), \
          itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT; \
          itp_covariance *out = NULL; desc.env = &log; desc.dim = 2; desc.variances = levels; __VA_ARGS__)

static void in_schedules_and_covariances(void **state)
{
    capture said;
    int mine = 0;
    (void)state;
    IN_SCHEDULE(ITP_E_UNSUPPORTED, "alphas_cumprod", desc.count = 3);
    IN_SCHEDULE(ITP_E_UNSUPPORTED, "user", desc.user = &mine);
    IN_SCHEDULE(ITP_E_NEWER, "reserved", desc.reserved = 1);
    IN_SCHEDULE(ITP_E_UNSUPPORTED, "beta_start, beta_end", desc.kind = ITP_SCHEDULE_DDPM; desc.betas = ITP_BETAS_COSINE;
                desc.beta_end = .1);
    IN_COVARIANCE("rank, basis", desc.rank = 1);
    IN_COVARIANCE("rank, basis", desc.basis = nodes);
    IN_COVARIANCE("rest", desc.rest = 1);
}

#define IN_BATCH(field, ...) \
    ALONE(ITP_E_UNSUPPORTED, field, itp_sampler_new(plan, &desc, &out), itp_batch desc = ITP_BATCH_INIT; \
          itp_sampler *out = NULL; desc.env = &log; desc.dim = desc.count = 2; __VA_ARGS__)

static void in_batches(void **state)
{
    capture said;
    int mine = 0;
    itp_plan *plan = NULL;
    (void)state;
    check_status("plan", itp_plan_parse("evaluations=2", NULL, &plan), ITP_OK);
    IN_BATCH("guidance_low, guidance_high", desc.guidance_low = .2);
    IN_BATCH("guidance_low, guidance_high", desc.guidance = 1; desc.guidance_high = .7);
    IN_BATCH("row_data, row_scaled", desc.row_data = 1);
    IN_BATCH("row_schedule", desc.row_schedule = itp_schedule_of("vp"));
    IN_BATCH("user", desc.user = &mine);
    itp_plan_free(plan);
}

#define IN_ADAPTIVE(want, field, ...) \
    ALONE(want, field, itp_sampler_new_adaptive(&desc, &batch, &out), itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT; \
          itp_solver solver = ITP_SOLVER_INIT; itp_sampler *out = NULL; desc.env = &log; desc.solver = &solver; \
          __VA_ARGS__)
#define IN_PATH(field, ...) \
    ALONE(ITP_E_UNSUPPORTED, field, itp_path_new(&desc, &out), itp_path_desc desc = ITP_PATH_DESC_INIT; \
          itp_path *out = NULL; desc.env = &log; desc.times = nodes; desc.time_count = 3; desc.states = states; \
          desc.dim = desc.count = 1; __VA_ARGS__)

static double some_k(void *user, double u)
{
    (void)user;
    return u;
}

static void in_adaptive_runs_and_paths(void **state)
{
    static const float states[3];
    static const uint64_t seed = 3;
    const itp_batch batch = {ITP_SIZED(itp_batch), .dim = 1, .count = 1};
    capture said;
    int mine = 0;
    (void)state;
    IN_ADAPTIVE(ITP_E_UNSUPPORTED, "no method has", solver.order = 9);
    IN_ADAPTIVE(ITP_E_UNSUPPORTED, "no method has", solver.form = ITP_FORM_NOISE);
    IN_ADAPTIVE(ITP_E_UNSUPPORTED, "eta: 0.5", solver.eta = .5);
    IN_ADAPTIVE(ITP_E_UNSUPPORTED, "restarts", solver.restarts = &(itp_restart){.3, 2, 2, 1});
    IN_PATH("k_user", desc.k_user = &mine);
    IN_PATH("k: given, but k_fn is too", desc.k_fn = some_k; desc.k = 1);
    IN_PATH("seed, first: given, but seeds are too", desc.seeds = &seed; desc.first = 4);
}

#define IN_FIT(field, ...) \
    ALONE(ITP_E_UNSUPPORTED, field, itp_fit_new(plan, &desc, &out), itp_fit_desc desc = ITP_FIT_DESC_INIT; \
          itp_fit *out = NULL; desc.env = &log; desc.dim = 2; __VA_ARGS__)
#define IN_ESTIMATE(field, ...) \
    ALONE(ITP_E_UNSUPPORTED, field, itp_covariance_estimate(&desc, &out), \
          itp_covariance_estimation desc = ITP_COVARIANCE_ESTIMATION_INIT; \
          itp_covariance *out = NULL; desc.env = &log; desc.samples = samples; desc.dim = desc.count = 2; \
          desc.kind = ITP_COVARIANCE_DIAGONAL; __VA_ARGS__)

static void in_fits_and_estimates(void **state)
{
    static const float samples[] = {1, 2, 3, 5};
    capture said;
    int mine = 0;
    itp_plan *plan = NULL;
    (void)state;
    check_status("plan", itp_plan_parse("evaluations=2", NULL, &plan), ITP_OK);
    IN_FIT("feature_user", desc.feature_user = &mine);
    IN_FIT("progress_user", desc.progress_user = &mine);
    IN_ESTIMATE("rank, shrinkage", desc.rank = 1);
    IN_ESTIMATE("rank, shrinkage", desc.shrinkage = .5);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_grid),
        cmocka_unit_test(every_solver),
        cmocka_unit_test(beside_others),
        cmocka_unit_test(a_budget_beside_nodes),
        cmocka_unit_test(a_terminal_in_vain),
        cmocka_unit_test(without_noise),
        cmocka_unit_test(in_schedules_and_covariances),
        cmocka_unit_test(in_batches),
        cmocka_unit_test(in_adaptive_runs_and_paths),
        cmocka_unit_test(in_fits_and_estimates),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
