/* What is set and not read is refused, and what is read makes another plan: every setting with every grid and every
 * solver. The sentences name the setting, its value and what reads it. */
#include <interp/plan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "grid/grid.h"
#include "solver/solver.h"

static double bar[DDPM_COUNT];
static const double nodes[] = {0, .1, .2, .4, .6, .8, .9, 1}, levels[] = {50, 10, 5, 3, 2, 1, .5, 0};

typedef struct option {
    const char *name;
    size_t at;
    int whole;
    double value;
    int32_t bit;
} option;
#define REAL(field, value, bit) \
    { \
#field, offsetof(itp_plan_desc, field), 0, value, bit \
    }
#define WHOLE(field, value, bit) \
    { \
#field, offsetof(itp_plan_desc, field), 1, value, bit \
    }

static void set(itp_plan_desc *desc, const option *o)
{
    int32_t whole = (int32_t)o->value;
    memcpy((char *)desc + o->at, o->whole ? (const void *)&whole : (const void *)&o->value, o->whole ? 4 : 8);
}

/* The plan as text, to compare; NULL where it is refused. */
static char *text_of(const itp_plan_desc *desc, int *status)
{
    itp_plan *plan = NULL;
    size_t needed = 0;
    *status = itp_plan_new(desc, &plan);
    if (*status) return NULL;
    check_status("size", itp_plan_format(plan, NULL, 0, &needed), ITP_OK);
    char *text = malloc(needed);
    assert_non_null(text);
    check_status("text", itp_plan_format(plan, text, needed, NULL), ITP_OK);
    itp_plan_free(plan);
    return text;
}

/* `reads`: whether it should be read, and then (`moves`) make another plan. */
static void check_option(const char *name, const itp_plan_desc *base, const option *o, int reads, int moves)
{
    capture said;
    itp_env log = capture_env(&said);
    itp_plan_desc desc = *base;
    int status;
    char *plain = text_of(&desc, &status);
    check_status(name, status, ITP_OK);
    set(&desc, o);
    desc.env = &log;
    char *with = text_of(&desc, &status);
    label both;
    snprintf(both.text, sizeof both.text, "%s, %s", name, o->name);
    check_status(both.text, status, reads ? ITP_OK : ITP_E_UNSUPPORTED);
    check_true(both.text, reads || capture_has(&said, o->name));
    desc.env = NULL;
    check_status(both.text, itp_plan_reads(&desc, o->name), reads ? ITP_OK : ITP_E_UNSUPPORTED);
    check_status(both.text, itp_plan_reads(base, o->name), reads ? ITP_OK : ITP_E_UNSUPPORTED);
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
    static const option options[] = {REAL(shift, 3, ITP_READS_SHIFT),
                                     REAL(lambda_low, -3, ITP_READS_LOW),
                                     REAL(lambda_high, 3, ITP_READS_HIGH),
                                     REAL(rho, 3, ITP_READS_RHO),
                                     REAL(beta_a, 2, ITP_READS_BETA),
                                     REAL(beta_b, 2, ITP_READS_BETA),
                                     REAL(u_start, .1, ITP_READS_START),
                                     REAL(u_end, .9, ITP_READS_END),
                                     REAL(terminal, .15, -1),
                                     WHOLE(steps_offset, 3, ITP_READS_OFFSET),
                                     WHOLE(node_count, 3, ITP_READS_NODES)};
    (void)state;
    itp_schedule *table = ddpm();
    for (int i = 0; i < COUNT(options); i++) {
        for (int32_t j = 0; itp_grid_id(j); j++) {
            itp_plan_desc desc = ITP_PLAN_DESC_INIT;
            int32_t reads = itp_grid_reads(desc.grid = itp_grid_id(j));
            int ays = desc.grid >= ITP_GRID_AYS_SD15 && desc.grid <= ITP_GRID_AYS_SVD;
            desc.schedule = itp_grid_row_of(desc.grid)->sample ? table : NULL;
            itp_model_desc model = ITP_MODEL_DESC_INIT;
            model.schedule = desc.schedule;
            model.prediction = ITP_PREDICT_DATA;
            desc.model = &model;
            desc.nodes = reads & ITP_READS_NODES ? desc.grid == ITP_GRID_USER_SIGMA ? levels : nodes : NULL;
            desc.node_count = reads & ITP_READS_NODES ? COUNT(nodes) : 0;
            /* The last sample is the end of the table: what ends before it has no such step. */
            if (itp_grid_row_of(desc.grid)->sample && options[i].bit == ITP_READS_END) continue;
            if (ays && (options[i].bit & (ITP_READS_START | ITP_READS_END))) continue; /* their levels go beyond */
            check_option(itp_grid_name(desc.grid), &desc, &options[i], (reads & options[i].bit) != 0, 1);
        }
    }
    itp_schedule_free(table);
}

static void every_solver(void **state)
{
    static const option options[] = {REAL(eta, .5, ITP_READS_ETA),      REAL(s_noise, .9, ITP_READS_S_NOISE),
                                     REAL(s_churn, 5, ITP_READS_CHURN), REAL(s_min, .7, ITP_READS_CHURN),
                                     REAL(s_max, 2, ITP_READS_CHURN),   WHOLE(last, ITP_LAST_NOISE, ITP_READS_K),
                                     WHOLE(noise, 1, ITP_READS_NOISE),  WHOLE(final_order, 1, ITP_READS_FINAL)};
    (void)state;
    for (int i = 0; i < COUNT(options); i++) {
        for (int32_t j = 0; itp_solver_id(j); j++) {
            itp_plan_desc desc = ITP_PLAN_DESC_INIT;
            itp_model_desc model = ITP_MODEL_DESC_INIT;
            const itp_method *solver = itp_solver_of(desc.solver = itp_solver_id(j));
            int32_t reads = itp_solver_reads(solver);
            model.prediction = ITP_PREDICT_DATA;
            desc.model = &model;
            desc.grid = ITP_GRID_USER_SIGMA;
            desc.nodes = levels;
            desc.node_count = COUNT(levels) - (options[i].bit == ITP_READS_FINAL);
            desc.k = (reads & ITP_READS_K) != 0;
            desc.s_churn = reads & ITP_READS_CHURN && strcmp(options[i].name, "s_churn") ? 3 : 0;
            int moves = options[i].bit != ITP_READS_FINAL || solver->order > 1;
            if (desc.solver == ITP_SOLVER_EDM_HEUN && options[i].bit == ITP_READS_NOISE) moves = 0; /* STEPS anyway */
            check_option(solver->name, &desc, &options[i], (reads & options[i].bit) != 0, moves);
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
    itp_plan_desc base = ITP_PLAN_DESC_INIT, desc;
    (void)state;
    base.env = &log;
    base.solver = ITP_SOLVER_EULER_MARUYAMA;
    desc = base;
    desc.k = 1;
    desc.k_fn = twice;
    check_status("k beside k_fn", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    check_true("said", capture_has(&said, "k: 1, but the diffusion is another"));
    desc = base;
    desc.diffusion = ITP_DIFFUSION_SINE;
    desc.k = 1;
    check_status("k beside sine", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    desc.k = 0;
    desc.k_fn = twice;
    check_status("k_fn beside sine", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    desc = base;
    desc.k = 1;
    desc.diffusion_norm = 2;
    check_status("diffusion_norm", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    check_true("said", capture_has(&said, "diffusion_norm: 2"));
    desc = base;
    desc.k = 1;
    desc.diffusion_fn = twice;
    check_status("diffusion_fn", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    desc = base;
    desc.k = 1;
    desc.u_end = .9;
    desc.last = ITP_LAST_NOISE;
    check_status("last", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    desc = base;
    desc.solver = ITP_SOLVER_EULER;
    desc.grid = ITP_GRID_LAMBDA;
    desc.u_start = .1;
    desc.lambda_low = -3;
    check_status("lambda_low", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    check_true("said", capture_has(&said, "lambda_low: -3, but the path begins at a finite level"));
    assert_null(plan);
    check_status("no such", itp_plan_reads(&base, "temperature"), ITP_E_ARGUMENT);
    check_status("NULL", itp_plan_reads(&base, NULL), ITP_E_ARGUMENT);
}

/* A budget that says what the nodes say is no contradiction. */
static void a_budget_beside_nodes(void **state)
{
    capture said;
    itp_env log = capture_env(&said);
    (void)state;
    for (int evaluations = 0; evaluations <= 20; evaluations++) {
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        itp_plan *plan = NULL;
        desc.env = &log;
        desc.solver = ITP_SOLVER_HEUN;
        desc.grid = ITP_GRID_USER_U;
        desc.nodes = nodes;
        desc.node_count = COUNT(nodes);
        desc.evaluations = evaluations;
        int agrees =
            evaluations == 0 || evaluations == 8 || (evaluations + 1) / 2 == COUNT(nodes) - 1; /* 8: the default */
        check_status("evaluations", itp_plan_new(&desc, &plan), agrees ? ITP_OK : ITP_E_UNSUPPORTED);
        check_true("said", agrees || capture_has(&said, "the nodes make another number of steps"));
        itp_plan_free(plan);
    }
}

static void a_terminal_in_vain(void **state)
{
    capture said;
    itp_env log = capture_env(&said);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_plan *plan = NULL;
    (void)state;
    desc.env = &log;
    desc.evaluations = 1;
    desc.terminal = .1;
    check_status("plan", itp_plan_new(&desc, &plan), ITP_OK);
    check_true("warned", capture_has(&said, "terminal: 0.1, but a single step"));
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_grid),         cmocka_unit_test(every_solver),
        cmocka_unit_test(beside_others),      cmocka_unit_test(a_budget_beside_nodes),
        cmocka_unit_test(a_terminal_in_vain),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
