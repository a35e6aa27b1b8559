/* diffusers' own tests, through our solvers: 10 steps with the linear network of dummy_rows.h, by its schedulers' noise
 * levels and timesteps, some of which are rounded to integers there and no longer belong to the level: the network here
 * goes by its row's number, and the time it is given must only be near.
 *
 * Left out: singlestep plans and UniPC in noise form, which are in single_test.c, DDIM backwards, LMS (their loop
 * overwrites the state between two steps of a multistep method), rows with random noise. */
#include "dummy_rows.h"

#include <math.h>
#include <string.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/plan.h"

enum { LONGEST = 32, SIGMA_MAX = 300 };

typedef struct dummy {
    const dummy_row *row;
    int first;    /* evaluations made by earlier plans */
    int exact;    /* 1: goes by the time it is given */
    double worst; /* distance of that time from the row's */
} dummy;

/* What their loop hands to the network, of a state that ours hands over as x. Their Heun's and Euler's is scaled, which
 * the test does itself before a step. In the loop of the EDM multistep solver it is not. */
static double their_input(const dummy_row *row, const itp_request *request, double x)
{
    double sigma = (1 - request->u) / request->u;
    if (row->path == DUMMY_VE && request->row == 1) return x / hypot(sigma, 1);
    return row->path == DUMMY_EDM && strcmp(row->solver, "euler") != 0 ? x * hypot(sigma, .5) : x;
}

/* For flow Heun the network's velocity is turned into data: a data network has no velocity at the data's end, so that
 * the last step becomes one of Euler's, as theirs is. */
static double output(const dummy *net, const itp_request *request, double time, double x)
{
    double out = their_input(net->row, request, x) * time / (time + 1);
    if (net->row->prediction == ITP_PREDICT_DATA) return x - (1 - request->u) * out;
    return net->row->start == DUMMY_MINUS ? -out : out;
}

static int dummy_run(void *user, const itp_request *request)
{
    dummy *net = user;
    int i = net->first + request->row;
    if (i >= net->row->evaluations) return 1;
    double time = net->row->time[i];
    net->worst = fmax(net->worst, fabs(time - request->time));
    if (net->exact) time = request->time;
    const double *x = request->x;
    double *out = request->out;
    for (size_t j = 0; j < request->count * request->dim; j++) out[j] = output(net, request, time, x[j]);
    return 0;
}

static itp_schedule *schedule_of(int32_t path)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_VP, ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_EDM, ITP_SCHEDULE_VE};
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    desc.kind = kinds[path];
    desc.sigma_max = kinds[path] == ITP_SCHEDULE_VE ? SIGMA_MAX : 0;
    check_status("schedule", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

static int32_t time_of(int32_t path)
{
    return path == DUMMY_FLOW ? ITP_TIME_THOUSAND : path == DUMMY_EDM ? ITP_TIME_LOG_SIGMA : ITP_TIME_T;
}

/* Steps `from` to `to` of the row. The EDM levels are sampled under "ve", as Euler is there. A noise network has a
 * velocity at the data's end, but their Heun ends with a step of Euler's whatever the network. */
static itp_plan *plan_for(const dummy_row *row, const itp_schedule *model_schedule, int32_t time, int from, int to)
{
    double nodes[LONGEST];
    itp_schedule *sampling = schedule_of(row->path == DUMMY_EDM ? DUMMY_VE : row->path);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    for (int i = from; i <= to; i++)
        nodes[i - from] = row->path == DUMMY_FLOW ? 1 - row->sigma[i] : 1 / (1 + row->sigma[i]);
    model.schedule = model_schedule;
    model.prediction = row->prediction;
    model.time = time;
    desc.plan.model = &model;
    desc.plan.schedule = sampling;
    desc.solver = SOLVER(row->path == DUMMY_VE && row->sigma[to] == 0 ? "euler" : row->solver);
    want_nodes(&desc, nodes, to - from + 1);
    if (!plan_reads(&desc, "final_order")) desc.solver.final_order = row->final_order;
    itp_plan *plan = plan_wanted(row->name, &desc);
    itp_schedule_free(sampling);
    return plan;
}

static int sample(itp_plan *plan, dummy *net, double *x)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = 1;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status(net->row->name, itp_plan_get_info(plan, &info), ITP_OK);
    check_status(net->row->name, itp_sample(plan, &batch, x, dummy_run, net), ITP_OK);
    itp_plan_free(plan);
    return info.rows;
}

/* Data x0 and noise 1 - x0 on it, summed over the test's x0, give the sum of both factors. EDM's states are given to
 * the network as x/sqrt(sigma^2 + 1/4); its Euler starts at sqrt(sigma_max^2 + 1), its multistep solver's test at 1. */
static double start_of(const dummy_row *row)
{
    double sigma = row->sigma[0], x = row->start == DUMMY_NOISY ? 1 + sigma : 1;
    if (row->path == DUMMY_EDM) return (!strcmp(row->solver, "euler") ? hypot(sigma, 1) : x) / hypot(sigma, .5);
    return row->start == DUMMY_NOISY ? x / hypot(sigma, 1) : row->factor;
}

static double result_of(const dummy_row *row, double x)
{
    double sigma = row->sigma[row->steps];
    return row->path == DUMMY_EDM && sigma > 0 ? x * hypot(sigma, .5) : x;
}

static void compare(const dummy_row *row, double x, double tolerance)
{
    print_message("# %-40s %.1e\n", row->name, fabs(fabs(x) / row->want - 1));
    check_near(row->name, fabs(x) / row->want, 1, tolerance);
}

static void every_row(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(dummy_rows); i++) {
        const dummy_row *row = &dummy_rows[i];
        dummy net = {row, 0, 0, 0};
        double x = start_of(row);
        if (row->path == DUMMY_VE) continue;
        itp_schedule *schedule = schedule_of(row->path);
        int rows = sample(plan_for(row, schedule, time_of(row->path), 0, row->steps), &net, &x);
        assert_int_equal(rows, row->evaluations);
        compare(row, result_of(row, x), 3e-6);
        if (row->path == DUMMY_EDM) check_true(row->name, net.worst < 2e-6);
        if (row->path == DUMMY_FLOW) check_true(row->name, net.worst < 1.5);
        itp_schedule_free(schedule);
    }
}

/* Their test hands each step the scaled input x/sqrt(sigma^2 + 1) instead of x: each step is a plan of its own here. */
static void one_step_plans(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(dummy_rows); i++) {
        const dummy_row *row = &dummy_rows[i];
        dummy net = {row, 0, 0, 0};
        double x = start_of(row);
        if (row->path != DUMMY_VE) continue;
        itp_schedule *schedule = schedule_of(row->path);
        for (int j = 0; j < row->steps; j++) {
            x /= hypot(row->sigma[j], 1);
            net.first += sample(plan_for(row, schedule, ITP_TIME_T, j, j + 1), &net, &x);
        }
        assert_int_equal(net.first, row->evaluations);
        compare(row, x, 3e-6);
        itp_schedule_free(schedule);
    }
}

/* The same from the DDPM table, the network going by the index that it is given; where theirs is rounded the result
 * shows it in its fourth digit. Rows with another table start above this one's 157.41. */
static void by_the_index(void **state)
{
    (void)state;
    itp_schedule *table = family_make(&(family){"ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1});
    for (int i = 0; i < COUNT(dummy_rows); i++) {
        const dummy_row *row = &dummy_rows[i];
        dummy net = {row, 0, 1, 0};
        double x = start_of(row);
        if (row->path != DUMMY_VP || row->sigma[0] > 157.41) continue;
        sample(plan_for(row, table, ITP_TIME_INDEX, 0, row->steps), &net, &x);
        print_message("# %-40s index off by %.1e\n", row->name, net.worst);
        compare(row, x, 2e-4);
    }
    itp_schedule_free(table);
}

/* ---- thresholds ---- */

enum { IMAGES = 4, PIXELS = 192 };

static int threshold(void *user, const itp_request *request, void *data)
{
    (void)user;
    return itp_threshold_dynamic(request->type, data, .87, .5, request->count, request->dim);
}

/* The whole of their sample, k/768, as 4 images of 192: thresholding is not linear. DPMSolverMultistepScheduler with
 * thresholding, dynamic_thresholding_ratio .87 and sample_max_value .5; the sum of all magnitudes. */
static void thresholding(void **state)
{
    double x[IMAGES * PIXELS], sum = 0;
    const dummy_row *row = &dummy_rows[0];
    (void)state;
    while (strcmp(row->name, "dpm_multi/no_noise") != 0) row++;
    dummy net = {row, 0, 0, 0};
    itp_schedule *schedule = schedule_of(row->path);
    itp_plan *plan = plan_for(row, schedule, ITP_TIME_T, 0, row->steps);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = PIXELS;
    batch.count = IMAGES;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    batch.on_data = threshold;
    for (int i = 0; i < COUNT(x); i++) x[i] = i / 768.;
    check_status("thresholding", itp_sample(plan, &batch, x, dummy_run, &net), ITP_OK);
    for (int i = 0; i < COUNT(x); i++) sum += fabs(x[i]);
    print_message("# thresholding: %.9g\n", sum);
    check_near("thresholding", sum / 872.7270106361248, 1, 3e-6);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row),
        cmocka_unit_test(one_step_plans),
        cmocka_unit_test(by_the_index),
        cmocka_unit_test(thresholding),
    };
    return cmocka_run_group_tests_name("dummy", tests, NULL, NULL);
}
