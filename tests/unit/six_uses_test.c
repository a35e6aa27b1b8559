/* What users write: the six uses that the interface is made for, each as short as it is here. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../common/check.h"

enum { COUNT = 4, DIM = 784 };
static float x[COUNT * DIM];

/* Exact for N(0, 1) data on the linear schedule. */
static int ITP_CALL velocity(void *net, const itp_request *rq)
{
    float slope = (float)((2 * rq->time - 1) / ((1 - rq->time) * (1 - rq->time) + rq->time * rq->time));
    (void)net;
    for (size_t i = 0; i < rq->count * rq->dim; i++) ((float *)rq->out)[i] = slope * ((const float *)rq->x)[i];
    return 0;
}

static int ITP_CALL noise(void *net, const itp_request *rq)
{
    (void)net;
    for (size_t i = 0; i < rq->count * rq->dim; i++) ((float *)rq->out)[i] = ((const float *)rq->x)[i] * .5F;
    return 0;
}

/* 1. The main job. */
static void the_main_job(void **state)
{
    void *net = NULL;
    (void)state;
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    int rc = itp_plan_parse("schedule=lazy solver=ab2 evaluations=8", &why, &plan);
    itp_batch batch = {ITP_SIZED(itp_batch), .count = 4, .dim = 784, .seed = 7};
    rc = rc ? rc : itp_sample(plan, &batch, x, velocity, net);
    if (rc) fprintf(stderr, "%s\n", why.text); /* for a batch, batch.env = &(itp_env){..., .error = &why} */
    itp_plan_free(plan);
    check_status("done", rc, ITP_OK);
}

/* 2. Stable Diffusion 1.5 in a program that wants its users' seeds. */
static void users_seeds(void **state)
{
    itp_torch_cpu generator = {.seed = 42};
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    itp_batch batch = {ITP_SIZED(itp_batch), .count = 1, .dim = 16};
    (void)state;
    int rc = itp_plan_parse("model=noise(schedule=ddpm(scaled-linear, 0.00085, 0.012), time=index) solver=dpm++_2m "
                            "grid=karras evaluations=20",
                            &why, &plan);
    batch.noise = itp_torch_cpu_draw;
    batch.noise_user = &generator;
    check_status(why.text, rc ? rc : itp_sample(plan, &batch, x, noise, NULL), ITP_OK);
    itp_plan_free(plan);
}

/* 3. A second batch from the same sampler. */
static void a_second_batch(void **state)
{
    itp_plan *plan = NULL;
    itp_sampler *sampler = NULL;
    itp_batch batch = {ITP_SIZED(itp_batch), .count = 4, .dim = 2};
    itp_start start = {ITP_SIZED(itp_start), .x = x, .seed = 7};
    (void)state;
    check_status("plan", itp_plan_parse("evaluations=2", NULL, &plan), ITP_OK);
    check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
    check_status("begin", itp_sampler_begin(sampler, &start), ITP_OK);
    itp_start again = {ITP_SIZED(itp_start), .x = x, .seed = 8, .count = 3};
    check_status("again", itp_sampler_begin(sampler, &again), ITP_OK);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* 4. My own Runge-Kutta method; 5. rows that somebody else found. */
static void my_own_method(void **state)
{
    static const double a[] = {0, 0, 0, .5, 0, 0, -1, 2, 0}, b[] = {1. / 6, 2. / 3, 1. / 6}, c[] = {0, .5, 1};
    const itp_tableau kutta3 = {ITP_SIZED(itp_tableau), .stages = 3, .order = 3, .a = a, .b = b, .c = c};
    itp_plan *plan = NULL;
    (void)state;
    itp_solver mine = {ITP_SIZED(itp_solver), .family = ITP_RUNGE_KUTTA, .tableau = &kutta3};
    itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .solver = &mine, .evaluations = 9};
    check_status("plan", itp_plan_new(&want, &plan), ITP_OK);
    itp_plan_free(plan);
}

static void rows_that_somebody_found(void **state)
{
    const itp_term terms[] = {{ITP_COLUMN_STATE, 0, 0, 0, 1}, {ITP_COLUMN_OUTPUT, 0, 0, 0, 1}};
    itp_plan_row row = {ITP_SIZED(itp_plan_row), .terms = terms, .term_count = 2, .data_state = 1,
                        .data_output = 1,        .scale = 1,     .steps = 1,      .ends_step = 1};
    itp_plan *plan = NULL;
    (void)state;
    itp_plan_rows rows = {ITP_SIZED(itp_plan_rows), .rows = &row, .row_count = 1, .steps = 1,
                          .start_scale = 1,         .u_end = 1,   .end_scale = 1};
    itp_plan_from_rows(&rows, &plan);
    check_true("made", plan != NULL);
    itp_plan_free(plan);
}

/* 6. FLUX: shift goes with any grid. */
static void flux(void **state)
{
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    (void)state;
    int rc = itp_plan_parse("model=negative-velocity(time=1000(1-t)) grid=simple(shift=3) solver=euler evaluations=20",
                            &why, &plan);
    check_status(why.text, rc ? rc : itp_plan_get_row(plan, 10, &row), ITP_OK);
    check_near("sigma", row.time, 750, 1e-9); /* 1000 3 s/(1 + 2 s) at s = 1/2 */
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_main_job),
        cmocka_unit_test(users_seeds),
        cmocka_unit_test(a_second_batch),
        cmocka_unit_test(my_own_method),
        cmocka_unit_test(rows_that_somebody_found),
        cmocka_unit_test(flux),
    };
    return cmocka_run_group_tests_name("six uses", tests, NULL, NULL);
}
