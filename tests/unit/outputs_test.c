/* Outputs that nobody wrote: with check_finite both outputs hold NaN until the network writes them, so that a callback
 * that writes nothing, not everything, only one of two, or adds to what it finds, is refused and named. Without it the
 * arrays are left alone. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/plan.h"

/* More than one block of the check, and no multiple of one; WIDE: more than one task of a parallel run. */
enum { COUNT_OF_SAMPLES = 3, DIM = 97, WIDE = 40000, ROWS = 4 };

typedef struct run {
    int32_t type;
    const char *solver;
    double guidance;
    size_t dim;
    int parallel;
} run;

static const run runs[] = {
    {ITP_FLOAT32, "euler", 1, DIM, 0}, {ITP_FLOAT64, "euler", 1, DIM, 0}, {ITP_FLOAT32, "dpmpp-2m", 3, DIM, 0},
    {ITP_FLOAT64, "rk4", 3, DIM, 0},   {ITP_FLOAT32, "ab2", 1, WIDE, 1},  {ITP_FLOAT64, "ab2", 3, WIDE, 1},
};

static int ITP_CALL backwards(void *user, size_t tasks, void(ITP_CALL *task)(void *context, size_t index),
                              void *context)
{
    (void)user;
    while (tasks) task(context, --tasks);
    return 0;
}

static itp_plan *plan_for(const run *r)
{
    return plan_of("solver=%s evaluations=%d", r->solver, ROWS);
}

static const itp_env in_parallel = {ITP_SIZED(itp_env), .parallel_for = backwards};

static itp_batch batch_for(const run *r)
{
    itp_batch batch = batch_of(r->dim, COUNT_OF_SAMPLES, r->type);
    batch.guidance = r->guidance;
    batch.check_finite = 1;
    batch.env = r->parallel ? &in_parallel : NULL;
    return batch;
}

static size_t element(const run *r)
{
    return r->type == ITP_FLOAT64 ? sizeof(double) : sizeof(float);
}

/* ---- a network with a hole ---- */

typedef struct careless {
    int row, second; /* where it leaves something out: in that row, in out2 instead of out */
    size_t from, to; /* which elements */
    int adds;        /* there it adds to what it finds */
} careless;

static void put(const itp_request *rq, void *out, size_t i, double value)
{
    if (rq->type == ITP_FLOAT64)
        ((double *)out)[i] = value;
    else
        ((float *)out)[i] = (float)value;
}

static double get(const itp_request *rq, const void *from, size_t i)
{
    return rq->type == ITP_FLOAT64 ? ((const double *)from)[i] : (double)((const float *)from)[i];
}

static void fill(const careless *net, const itp_request *rq, void *out, int second)
{
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        double value = -0.5 * get(rq, rq->x, i) + second;
        int here = rq->row == net->row && second == net->second && i >= net->from && i < net->to;
        if (here && net->adds) value += get(rq, out, i);
        if (!here || net->adds) put(rq, out, i, value);
    }
}

static int run_careless(void *user, const itp_request *rq)
{
    fill(user, rq, rq->out, 0);
    if (rq->out2) fill(user, rq, rq->out2, 1);
    return 0;
}

static careless careful(void)
{
    careless net = {-1, 0, 0, 0, 0};
    return net;
}

/* ---- what is left out is noticed ---- */

static void check_noticed(const run *r, const careless *net)
{
    itp_plan *plan = plan_for(r);
    itp_batch batch = batch_for(r);
    capture seen;
    itp_env log = capture_env(&seen);
    void *x = calloc(COUNT_OF_SAMPLES * r->dim, element(r));
    careless copy = *net;
    char row[16], sample[24];
    batch.env = &log;
    check_status("unwritten", itp_sample(plan, &batch, x, run_careless, &copy), ITP_E_NONFINITE);
    snprintf(row, sizeof row, "row %d,", net->row);
    snprintf(sample, sizeof sample, "sample %zu.", net->from / r->dim);
    check_true(seen.text, capture_has(&seen, net->second ? "out2: " : "out: ") && capture_has(&seen, "unwritten"));
    check_true(seen.text, capture_has(&seen, row) && capture_has(&seen, sample));
    free(x);
    itp_plan_free(plan);
}

/* From single elements at the seams of samples and of the check's blocks to whole outputs. */
static void every_hole_is_named(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(runs); i++) {
        size_t dim = runs[i].dim, total = COUNT_OF_SAMPLES * dim;
        const size_t holes[][2] = {{0, total},         {0, 1},         {63, 64},           {64, 65},
                                   {dim - 1, dim + 1}, {dim, 2 * dim}, {total - 1, total}, {2 * dim, total}};
        for (int j = 0; j < COUNT(holes); j++)
            for (int second = 0; second <= (runs[i].guidance != 1); second++) {
                careless net = {(i + j) % ROWS, second, holes[j][0], holes[j][1], j % 2};
                check_noticed(&runs[i], &net);
            }
    }
}

/* ---- and nothing else changes ---- */

static void the_bits_are_those_without(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(runs); i++) {
        itp_plan *plan = plan_for(&runs[i]);
        itp_batch batch = batch_for(&runs[i]);
        size_t bytes = COUNT_OF_SAMPLES * runs[i].dim * element(&runs[i]), with = 0, without = 0;
        void *x = malloc(bytes), *want = malloc(bytes);
        careless net = careful();
        check_status("with", itp_sample(plan, &batch, x, run_careless, &net), ITP_OK);
        check_status("memory", needed_bytes(plan, &batch, &with), ITP_OK);
        batch.check_finite = 0;
        check_status("without", itp_sample(plan, &batch, want, run_careless, &net), ITP_OK);
        check_status("memory", needed_bytes(plan, &batch, &without), ITP_OK);
        check_true("bits and memory", !memcmp(x, want, bytes) && with == without);
        free(x);
        free(want);
        itp_plan_free(plan);
    }
}

/* Unasked, the library writes nothing into outputs: they may lie in memory that is dear to touch. */
static void unasked_the_outputs_are_left_alone(void **state)
{
    (void)state;
    itp_plan *plan = plan_for(&runs[2]);
    itp_batch batch = batch_for(&runs[2]);
    itp_request request = ITP_REQUEST_INIT;
    itp_sampler *sampler = NULL;
    size_t bytes = 0;
    float x[COUNT_OF_SAMPLES * DIM];
    batch.check_finite = 0;
    check_status("bytes", needed_bytes(plan, &batch, &bytes), ITP_OK);
    unsigned char *block = malloc(bytes + 64), *aligned = block + (64 - (uintptr_t)block % 64) % 64;
    memset(aligned, 0x5A, bytes);
    batch.workspace = aligned;
    batch.workspace_bytes = bytes;
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, &batch, x), ITP_OK);
    check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    for (size_t i = 0; i < sizeof x; i++) {
        assert_int_equal(((unsigned char *)request.out)[i], 0x5A);
        assert_int_equal(((unsigned char *)request.out2)[i], 0x5A);
    }
    itp_sampler_free(sampler);
    free(block);
    itp_plan_free(plan);
}

static int all_nan(const itp_request *rq, const void *out)
{
    for (size_t i = 0; i < rq->count * rq->dim; i++)
        if (!isnan(get(rq, out, i))) return 0;
    return 1;
}

static itp_sampler *begun(const itp_plan *plan, const itp_batch *batch, void *x, itp_request *request)
{
    itp_sampler *sampler = NULL;
    check_status("new", sampler_for(plan, batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, batch, x), ITP_OK);
    check_status("next", itp_sampler_next(sampler, request), ITP_EVALUATE);
    return sampler;
}

/* Asked for the same request again, a sampler does not erase what was written meanwhile. */
static void asking_again_keeps_the_output(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(runs); i++) {
        itp_plan *plan = plan_for(&runs[i]);
        itp_batch batch = batch_for(&runs[i]);
        itp_request request = ITP_REQUEST_INIT;
        careless net = careful();
        void *x = calloc(COUNT_OF_SAMPLES * runs[i].dim, element(&runs[i]));
        itp_sampler *sampler = begun(plan, &batch, x, &request);
        check_true("NaN at first",
                   all_nan(&request, request.out) && (!request.out2 || all_nan(&request, request.out2)));
        do {
            run_careless(&net, &request);
            check_status("again", itp_sampler_next(sampler, &request), ITP_EVALUATE);
            check_status("submit", itp_sampler_submit(sampler), ITP_OK);
        } while (itp_sampler_next(sampler, &request) == ITP_EVALUATE);
        itp_sampler_free(sampler);
        free(x);
        itp_plan_free(plan);
    }
}

/* A refused output may be mended where it is; begin and restore ask for a new one. */
static void a_request_made_again_is_unwritten(void **state)
{
    (void)state;
    itp_plan *plan = plan_for(&runs[1]);
    itp_batch batch = batch_for(&runs[1]);
    itp_request request = ITP_REQUEST_INIT;
    careless net = careful();
    double x[COUNT_OF_SAMPLES * DIM];
    size_t bytes = 0;
    itp_sampler *sampler = begun(plan, &batch, x, &request);
    run_careless(&net, &request);
    ((double *)request.out)[5] = INFINITY;
    check_status("infinite", itp_sampler_submit(sampler), ITP_E_NONFINITE);
    ((double *)request.out)[5] = 0;
    check_status("mended", itp_sampler_submit(sampler), ITP_OK);
    check_status("size", itp_sampler_save(sampler, NULL, 0, &bytes), ITP_OK);
    void *saved = malloc(bytes);
    check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    run_careless(&net, &request);
    check_status("save", itp_sampler_save(sampler, saved, bytes, NULL), ITP_OK);
    check_status("restore", itp_sampler_restore(sampler, saved, bytes, x), ITP_OK);
    check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    check_true("restored", request.row == 1 && all_nan(&request, request.out));
    run_careless(&net, &request);
    check_status("begin", begin_as(sampler, &batch, x), ITP_OK);
    check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    check_true("begun again", request.row == 0 && all_nan(&request, request.out));
    free(saved);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

static int ITP_CALL stops_once(void *user, const itp_request *request, void *data)
{
    int *left = user;
    (void)request, (void)data;
    return (*left)-- > 0 ? 7 : 0;
}

/* A data hook that stops leaves spent outputs behind, one combined with the other or turned into data: submitted again
 * as they are, they are refused. */
static void spent_outputs_are_to_be_written_again(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        itp_plan *plan = plan_for(&runs[i]);
        itp_batch batch = batch_for(&runs[i]);
        itp_request request = ITP_REQUEST_INIT;
        careless net = careful();
        int stops = 1;
        double x[COUNT_OF_SAMPLES * DIM];
        batch.on_data = stops_once;
        batch.user = &stops;
        itp_sampler *sampler = begun(plan, &batch, x, &request);
        run_careless(&net, &request);
        check_status("stopped", itp_sampler_submit(sampler), 7);
        check_status("as it is", itp_sampler_submit(sampler), ITP_E_NONFINITE);
        run_careless(&net, &request);
        check_status("written again", itp_sampler_submit(sampler), ITP_OK);
        itp_sampler_free(sampler);
        itp_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hole_is_named),
        cmocka_unit_test(the_bits_are_those_without),
        cmocka_unit_test(unasked_the_outputs_are_left_alone),
        cmocka_unit_test(asking_again_keeps_the_output),
        cmocka_unit_test(a_request_made_again_is_unwritten),
        cmocka_unit_test(spent_outputs_are_to_be_written_again),
    };
    return cmocka_run_group_tests_name("outputs", tests, NULL, NULL);
}
