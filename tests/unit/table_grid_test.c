/* Grids that count the samples of a table: every number of steps has its nodes or its sentence, networks are given the
 * samples' own whole numbers, and the named "ve" goes over the whole table. Levels go from a table's own ends. */
#include <interp/plan.h>

#include <math.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"
#include "grid/grid.h"

enum { MOST = 4000, COUNTS = 1000 };

/* alpha-bar of squared cosines (2102.09672), the betas at most .999. */
static void cosine_alphas_cumprod(double *out, int n)
{
    double product = 1;
    for (int i = 0; i < n; i++) {
        double a = cos(((double)i / n + .008) / 1.008 * acos(0)), b = cos(((i + 1.) / n + .008) / 1.008 * acos(0));
        out[i] = product *= 1 - fmin(1 - b * b / (a * a), .999);
    }
}

static itp_schedule *table_of(void (*fill)(double *, int), int n)
{
    static double bar[MOST];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    fill(bar, n);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = n;
    check_status("table", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

/* By counting: what is rounded, or goes in whole strides, has at most one node a sample. One step always exists. */
static int exists(int32_t kind, int n, int steps, int offset)
{
    int stride = kind == ITP_GRID_LEADING_OPEN ? n / (steps + 1) : n / steps;
    int first = (kind == ITP_GRID_LEADING_OPEN ? steps : steps - 1) * stride + offset;
    switch (steps == 1 ? ITP_GRID_NORMAL : kind) {
    case ITP_GRID_LINSPACE:
    case ITP_GRID_TRAILING:
    case ITP_GRID_SIMPLE: return steps <= n;
    case ITP_GRID_LINSPACE_OPEN: return steps < n;
    case ITP_GRID_LEADING:
    case ITP_GRID_LEADING_OPEN: return stride > 0 && first < n;
    default: return 1;
    }
}

static void keep(void *user, int32_t level, const char *text)
{
    (void)level;
    strncpy(user, text, 399);
}

static void check_count(const itp_schedule *table, const itp_schedule *under, int32_t kind, int steps, int offset)
{
    static itp_node nodes[COUNTS + 1];
    char said[400] = "";
    label name;
    itp_report log = {.hook = ITP_LOG_INIT};
    itp_grid options = {.shift = 1, .steps_offset = offset};
    itp_gridding grid = {.options = &options,
                         .schedule = under,
                         .table = table,
                         .samples = table->samples,
                         .row = itp_grid_row_of(kind),
                         .steps = steps,
                         .u_start = table->u_first,
                         .w_start = table->w_first,
                         .u_end = 1,
                         .w_end = 0};
    log.hook.write = keep;
    log.hook.user = said;
    int status = itp_grid_nodes(&grid, &log, nodes);
    label_index(&name, kind_name("grid", kind), steps);
    check_status(name.text, status, exists(kind, table->samples, steps, offset) ? ITP_OK : ITP_E_GRID);
    check_true(name.text, status ? strstr(said, "steps") != NULL : !*said);
    for (int i = 0; i < steps && !status; i++)
        check_true(name.text, nodes[i].t < nodes[i + 1].t || nodes[i + 1].beyond);
    if (!status && kind != ITP_GRID_LEADING && kind != ITP_GRID_LEADING_OPEN) check_same(name.text, nodes[0].t, 0);
}

static void every_step_count(void **state)
{
    static const int samples[] = {10, 300, 1000, 4000};
    (void)state;
    for (int i = 0; i < COUNT(samples); i++) {
        itp_schedule *table = table_of(ddpm_alphas_cumprod, samples[i]);
        for (int32_t kind = ITP_GRID_LINSPACE; kind <= ITP_GRID_NORMAL; kind++) {
            int leading = kind == ITP_GRID_LEADING || kind == ITP_GRID_LEADING_OPEN;
            for (int steps = 1; steps <= COUNTS; steps += samples[i] == 1000 ? 1 : 3) {
                for (int offset = 0; offset < (leading ? 3 : 1); offset++)
                    check_count(table, table, kind, steps, offset);
            }
        }
        itp_schedule_free(table);
    }
}

/* A clean end that is the data themselves leaves no step for a rule that ends there. */
static void a_table_that_ends_at_the_data(void **state)
{
    double bar[11];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *table = NULL;
    itp_node nodes[6];
    char said[400] = "";
    itp_report log = {.hook = ITP_LOG_INIT};
    (void)state;
    for (int i = 0; i < 11; i++) bar[i] = 1 - i / 10.;
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = 11;
    check_status("table", itp_schedule_new(&desc, &table), ITP_OK);
    itp_grid options = {.shift = 1};
    itp_gridding grid = {.options = &options,
                         .schedule = table,
                         .table = table,
                         .samples = table->samples,
                         .row = itp_grid_row_of(ITP_GRID_LINSPACE),
                         .steps = 5,
                         .w_start = 1,
                         .u_end = 1};
    log.hook.write = keep;
    log.hook.user = said;
    check_status("linspace", itp_grid_nodes(&grid, &log, nodes), ITP_E_GRID);
    check_true("the sentence", strstr(said, "sample 0") && strstr(said, "end of the path"));
    grid.row = itp_grid_row_of(ITP_GRID_LINSPACE_OPEN);
    check_status("linspace-open", itp_grid_nodes(&grid, &log, nodes), ITP_OK);
    itp_schedule_free(table);
}

static itp_plan *plan_on(const itp_schedule *table, const itp_schedule *under, int32_t grid, int steps)
{
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    model.schedule = table;
    model.prediction = ITP_PREDICT_NOISE;
    model.time = ITP_TIME_INDEX;
    desc.plan.model = &model;
    desc.plan.schedule = under;
    desc.solver = SOLVER("ddim");
    desc.grid.kind = grid;
    desc.plan.evaluations = steps;
    check_status(kind_name("grid", grid), make_plan(&desc, &plan), ITP_OK);
    return plan;
}

/* The rules, in integers where they are: diffusers' formulas. */
static double sample_of(int32_t grid, int n, int steps, int i)
{
    switch (grid) {
    case ITP_GRID_LINSPACE: return nearbyint((steps - 1 - i) * ((n - 1) / (steps - 1.)));
    case ITP_GRID_LINSPACE_OPEN: return nearbyint((steps - i) * ((n - 1) / (double)steps));
    case ITP_GRID_LEADING: return (steps - 1 - i) * (n / steps);
    case ITP_GRID_LEADING_OPEN: return (steps - i) * (n / (steps + 1));
    case ITP_GRID_TRAILING: return nearbyint(n - i * (n / (double)steps)) - 1;
    default: return n - 1 - floor(i * (n / (double)steps));
    }
}

/* A network that looks its time up in a table, or cuts it to an integer, is given the sample's own number: bit for bit,
 * under the table and, by way of positions, under other schedules. */
static void indices_are_whole(void **state)
{
    static const int32_t unders[] = {0, ITP_SCHEDULE_VE, ITP_SCHEDULE_VP, ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_LAZY};
    static const int counts[] = {4, 7, 10, 25, 50, 333};
    (void)state;
    for (int i = 0; i < 2 * COUNT(unders) * COUNT(counts); i++) {
        int32_t kind = unders[i / 2 % COUNT(unders)];
        int steps = counts[i / 2 / COUNT(unders)];
        itp_schedule *table = table_of(i % 2 ? cosine_alphas_cumprod : ddpm_alphas_cumprod, 1000), *under = NULL;
        if (kind) check_status("under", itp_schedule_make(kind, &under), ITP_OK);
        for (int32_t grid = ITP_GRID_LINSPACE; grid <= ITP_GRID_SIMPLE; grid++) {
            itp_plan *plan = plan_on(table, under, grid, steps);
            for (int j = 0; j < steps; j++) {
                itp_plan_row row = ITP_PLAN_ROW_INIT;
                check_status("row", itp_plan_get_row(plan, j, &row), ITP_OK);
                check_same(kind_name("grid", grid), row.time, sample_of(grid, 1000, steps, j));
            }
            itp_plan_free(plan);
        }
        itp_schedule_free(under);
        itp_schedule_free(table);
    }
}

/* 1000(1 - t) on nodes that are whole thousandths: t = 1 - k/1000 is rounded, the number is not. */
static void thousands_are_whole(void **state)
{
    itp_model model = ITP_MODEL_INIT;
    label name;
    (void)state;
    model.time = ITP_TIME_THOUSAND;
    for (int k = 0; k <= 1000; k++) {
        double time = -1;
        check_status("time", itp_model_time(&model, 1 - k / 1000., &time), ITP_OK);
        check_same(label_index(&name, "1 - k/1000", k), time, k);
        check_status("time", itp_model_time(&model, (1000 - k) / 1000., &time), ITP_OK);
        check_same(label_index(&name, "(1000 - k)/1000", k), time, k);
    }
}

static void ends_of(const itp_plan *plan, double *first, double *last)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    check_status("row", itp_plan_get_row(plan, 0, &row), ITP_OK);
    *first = row.u;
    check_status("row", itp_plan_get_row(plan, info.rows - 1, &row), ITP_OK);
    *last = row.u;
}

/* The levels of a table need no setting: they go from its first to its last, which is cleaner than e^-5 for the cosine
 * table of 4000 samples (lambda 5.76), under itself and under "ve", whose own range begins at 80. */
static void levels_from_end_to_end(void **state)
{
    static const int32_t grids[] = {ITP_GRID_LAMBDA,     ITP_GRID_KARRAS,      ITP_GRID_POLY_EXPONENTIAL,
                                    ITP_GRID_KL_OPTIMAL, ITP_GRID_KARRAS_FLOW, ITP_GRID_EXPONENTIAL_FLOW,
                                    ITP_GRID_BETA_FLOW};
    (void)state;
    for (int i = 0; i < 4 * COUNT(grids); i++) {
        itp_schedule *table = table_of(i & 1 ? cosine_alphas_cumprod : ddpm_alphas_cumprod, i & 1 ? 4000 : 1000);
        itp_schedule *ve = NULL;
        double first, last;
        if (i & 2) check_status("ve", itp_schedule_make(ITP_SCHEDULE_VE, &ve), ITP_OK);
        itp_plan *plan = plan_on(table, ve, grids[i / 4], 12);
        ends_of(plan, &first, &last);
        check_near(kind_name("grid", grids[i / 4]), first, table->u_first, 1e-15);
        check_near(kind_name("grid", grids[i / 4]), 1 - last, table->w_last, 1e-14);
        itp_plan_free(plan);
        itp_schedule_free(ve);
        itp_schedule_free(table);
    }
}

/* A lambda_high of one's own is the last level where the table goes on; an explicit sigma_max is where "ve" begins. */
static void levels_of_ones_own(void **state)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *table = table_of(ddpm_alphas_cumprod, 1000), *ve = NULL;
    wanted want = WANTED;
    itp_plan *plan = NULL;
    double first, last;
    (void)state;
    want.plan.schedule = table;
    want.grid.kind = ITP_GRID_KARRAS;
    want.grid.sigma_min = exp(-(3));
    itp_model model = ITP_MODEL_INIT;
    model.schedule = table;
    want.plan.model = &model;
    check_status("plan", make_plan(&want, &plan), ITP_OK);
    ends_of(plan, &first, &last);
    check_near("lambda_high", last, 1 / (1 + exp(-3)), 1e-14);
    itp_plan_free(plan);
    desc.kind = ITP_SCHEDULE_VE;
    desc.sigma_max = 20;
    check_status("ve", itp_schedule_new(&desc, &ve), ITP_OK);
    plan = plan_on(table, ve, ITP_GRID_KARRAS, 12);
    ends_of(plan, &first, &last);
    check_near("sigma_max", first, 1 / 21., 1e-14);
    itp_plan_free(plan);
    itp_schedule_free(ve);
    itp_schedule_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_count),       cmocka_unit_test(a_table_that_ends_at_the_data),
        cmocka_unit_test(indices_are_whole),      cmocka_unit_test(thousands_are_whole),
        cmocka_unit_test(levels_from_end_to_end), cmocka_unit_test(levels_of_ones_own),
    };
    return cmocka_run_group_tests_name("table grids", tests, NULL, NULL);
}
