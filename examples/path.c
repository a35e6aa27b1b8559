/* One path, seen from three schedules. An SDE (eps = eps*, k = 1) is sampled under the linear schedule; its path is
 * then asked for under VP and under the point mass schedule, at times between the steps too; and the run is repeated
 * under these schedules, with the plan converted and with a plan made anew, from the same seed. The data are two blobs
 * on a line, around -1 and 1, whose best data prediction has a closed form: it stands for the network. */
#include <interp/interp.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kinds.h"

enum { DIM = 64, STEPS = 512, TIMES = STEPS + 1, SCHEDULES = 3 };
static const int32_t kinds[SCHEDULES] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_POINT_MASS};
static const double blob = 0.3; /* standard deviation */

static int predict(void *user, const itp_request *request)
{
    const double *x = request->x;
    double *out = request->out, t = request->time, variance = (1 - t) * (1 - t) + t * t * blob * blob;
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) {
        double mean = tanh(t * x[i] / variance); /* which blob? */
        out[i] = mean + t * blob * blob * (x[i] - t * mean) / variance;
    }
    return 0;
}

/* A run: its samples, and its states with their times in the linear schedule's coordinates. */
typedef struct run {
    double x[DIM], times[TIMES], states[TIMES][DIM];
} run;

static int note(void *user, const itp_request *request, const void *state, const void *data)
{
    run *r = user;
    (void)data;
    memcpy(r->states[request->row + 1], state, sizeof r->states[0]);
    return 0;
}

static int make_plan(const itp_schedule *schedule, itp_plan **out)
{
    itp_model model = ITP_MODEL_INIT; /* trained on the linear schedule */
    const itp_diffusion optimal = {ITP_SIZED(itp_diffusion), .k = 1};
    const itp_grid even = {ITP_SIZED(itp_grid), .kind = ITP_GRID_U};
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    model.prediction = ITP_PREDICT_DATA;
    want.model = &model;
    want.schedule = schedule;
    want.diffusion = &optimal;
    want.grid = &even;
    want.evaluations = STEPS;
    return itp_plan_new(&want, out);
}

static int sample(const itp_plan *plan, run *r)
{
    itp_batch batch = ITP_BATCH_INIT;
    double factor;
    int rc = itp_normals(batch.seed, 0, 0, 0, ITP_FLOAT64, r->states[0], DIM); /* the start: xi_0 */
    batch.dim = DIM;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.on_row = note;
    batch.user = r;
    batch.row_scaled = 1; /* states in the coordinates of row_schedule: NULL, the linear one */
    for (int32_t i = 0; i < TIMES && !rc; i++) rc = itp_plan_coordinates(plan, i, NULL, &r->times[i], &factor);
    return rc ? rc : itp_sample(plan, &batch, r->x, predict, NULL);
}

static int make_path(const run *r, itp_path **out)
{
    itp_path_desc desc = ITP_PATH_DESC_INIT;
    desc.times = r->times;
    desc.states = r->states;
    desc.time_count = TIMES;
    desc.dim = DIM;
    desc.count = 1;
    desc.type = ITP_FLOAT64;
    desc.k = 1; /* seed and first are those of the batch */
    return itp_path_new(&desc, out);
}

static double difference(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += fabs(a[i] - b[i]) / DIM;
    return sum;
}

/* One element at some positions u, in the coordinates of each schedule at its own time. */
static int print_path(const itp_path *path, itp_schedule *const *schedules)
{
    static const double positions[] = {0.0, 0.2, 0.4, 0.5007, 0.6, 0.8, 1.0};
    int rc = 0;
    printf("path:      u");
    for (int j = 0; j < SCHEDULES; j++) printf("  %16s", kind_name("schedule", kinds[j]));
    printf("\n");
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
        printf("path: %6.4f", positions[i]);
        for (int j = 0; j < SCHEDULES && !rc; j++) {
            double t = 0, x[DIM];
            rc = itp_schedule_time_of_u(schedules[j], positions[i], &t);
            rc = rc ? rc : itp_path_at(path, schedules[j], t, x);
            printf("  t=%.3f x=%7.4f", t, x[0]);
        }
        printf("\n");
    }
    return rc;
}

/* The plan converted is the same run; the plan made anew is another discretisation of the same path. */
static int compare(const itp_plan *plan, const run *first, const itp_path *path, int32_t kind, itp_schedule *schedule)
{
    static run again, anew;
    itp_plan *converted = NULL, *other = NULL;
    double between[DIM];
    int rc = itp_plan_convert(plan, schedule, &converted);
    rc = rc ? rc : make_plan(schedule, &other);
    rc = rc ? rc : sample(converted, &again);
    rc = rc ? rc : sample(other, &anew);
    rc = rc ? rc : itp_path_at(path, NULL, anew.times[STEPS / 2], between);
    if (!rc) {
        double same = difference(first->x, again.x), end = difference(first->x, anew.x);
        double middle = difference(between, anew.states[STEPS / 2]);
        printf("path: %s, converted: samples differ by %g; made anew: by %.4f, half way by %.4f\n",
               kind_name("schedule", kind), same, end, middle);
        rc = same == 0 && end < 0.02 && middle < 0.02 ? 0 : ITP_E_RANGE;
    }
    itp_plan_free(converted);
    itp_plan_free(other);
    return rc;
}

int main(void)
{
    static run first;
    itp_schedule *schedules[SCHEDULES] = {NULL};
    itp_plan *plan = NULL;
    itp_path *path = NULL;
    int rc = 0;
    for (int j = 0; j < SCHEDULES && !rc; j++) rc = itp_schedule_make(kinds[j], &schedules[j]);
    rc = rc ? rc : make_plan(NULL, &plan);
    rc = rc ? rc : sample(plan, &first);
    rc = rc ? rc : make_path(&first, &path);
    rc = rc ? rc : print_path(path, schedules);
    for (int j = 1; j < SCHEDULES && !rc; j++) rc = compare(plan, &first, path, kinds[j], schedules[j]);
    if (rc) fprintf(stderr, "path: %s\n", itp_status_string(rc));
    itp_path_free(path);
    itp_plan_free(plan);
    for (int j = 0; j < SCHEDULES; j++) itp_schedule_free(schedules[j]);
    return rc != 0;
}
