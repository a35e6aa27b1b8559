#include "denoiser.h"

#include <math.h>

#include "../common/check.h"
#include "../common/mixture.h"
#include "../common/plan.h"

enum { LONGEST = 128 };

const double peer_start[PEER_POINTS] = {-2, -.7, .05, .9, 2.5};

/* (w, 1 - w) scaled to the path. */
static mixture_point coordinates(int32_t path, double w)
{
    double scale = path == PEER_VE ? 1 - w : path == PEER_VP ? hypot(w, 1 - w) : 1;
    mixture_point at = {w / scale, (1 - w) / scale};
    return at;
}

int denoiser_run(void *user, const itp_request *request)
{
    mixture target = mixture_two_modes();
    mixture_point at = coordinates(*(const int32_t *)user, request->time);
    const double *x = request->x;
    double *out = request->out;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = mixture_data(&target, at.alpha, at.beta, x[i]);
    return 0;
}

int denoiser_time(void *user, const itp_schedule_point *at, double *time)
{
    (void)user;
    *time = at->alpha / (at->alpha + at->beta);
    return 0;
}

itp_schedule *peer_schedule(int32_t path, double sigma_max)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    desc.kind = path == PEER_VE ? ITP_SCHEDULE_VE : path == PEER_VP ? ITP_SCHEDULE_VP : ITP_SCHEDULE_LINEAR;
    desc.sigma_max = path == PEER_VE ? sigma_max : 0;
    check_status("schedule", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

void peer_nodes(const peer_row *row, double *nodes)
{
    for (int i = 0; i <= row->steps; i++)
        nodes[i] = row->path == PEER_FLOW ? 1 - row->sigma[i] : 1 / (1 + row->sigma[i]);
}

void peer_model(const itp_schedule *schedule, itp_model *model)
{
    const itp_model defaults = ITP_MODEL_INIT;
    *model = defaults;
    model->schedule = schedule;
    model->prediction = ITP_PREDICT_DATA;
    model->time = ITP_TIME_USER;
    model->time_fn = denoiser_time;
}

/* The schedule's sigma_max lies above the first node, so that no rounding puts the node outside; under "ve" the choice
 * of sigma_max only scales the time, which no solver here notices. */
static itp_plan *plan_for(const peer_row *row)
{
    double nodes[LONGEST];
    itp_schedule *path = peer_schedule(row->path, 2 * row->sigma[0]), *other = NULL;
    itp_model model;
    wanted desc = WANTED;
    check_true(row->name, row->steps < LONGEST);
    if (row->sampling) check_status(row->name, itp_schedule_make(row->sampling, &other), ITP_OK);
    peer_model(path, &model);
    peer_nodes(row, nodes);
    desc.plan.model = &model;
    desc.plan.schedule = other;
    desc.solver = SOLVER(row->solver);
    want_nodes(&desc, nodes, row->steps + 1);
    if (!plan_reads(&desc, "final_order")) desc.solver.final_order = row->final_order;
    itp_plan *plan = plan_wanted(row->name, &desc);
    itp_schedule_free(other);
    itp_schedule_free(path);
    return plan;
}

void peer_check(const peer_row *row, double tolerance)
{
    double x[PEER_POINTS], worst = 0;
    label name;
    int32_t path = row->path;
    itp_plan *plan = plan_for(row);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = PEER_POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < PEER_POINTS; i++) x[i] = peer_start[i] * (path == PEER_VE ? row->sigma[0] : 1);
    check_status(row->name, itp_sample(plan, &batch, x, denoiser_run, &path), ITP_OK);
    itp_plan_free(plan);
    for (int i = 0; i < PEER_POINTS; i++) worst = fmax(worst, fabs(x[i] - row->want[i]));
    print_message("# %-32s %.1e\n", row->name, worst);
    for (int i = 0; i < PEER_POINTS; i++) check_near(label_index(&name, row->name, i), x[i], row->want[i], tolerance);
}
