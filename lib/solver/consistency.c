/* Samplers of consistency models, which name the data at any level: each step goes to the data prediction, or part of
 * the way, and back up with fresh noise.
 *
 * LCM (2310.04378): all of the way, so that nothing of the state stays. TCD (2402.19159, gamma-sampling): by DDIM's
 * step to the share 1 - eta of the time that b has left, on the schedule that the network was trained on, and at a
 * sample of it, the one below, where that is a table. */
#include <math.h>

#include "solver/stochastic.h"

/* 1 - d = (w_b - w_down)/(w_b u_down). */
static double fresh_noise(const itp_station *down, const itp_station *b)
{
    double distance = b->u < 0.5 ? down->u - b->u : b->w - down->w, lost = distance / (b->w * down->u);
    return lost > 0 ? sqrt(lost * (2 - fmin(1, lost))) : 0;
}

void itp_lcm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_renoise to = {{.u = 1, .t = 1}, 1};
    itp_renoised_step(solving, x, a, &to, b, ITP_FIRST_DRAW);
}

/* Of the time `left` from b on, in samples of a table or as it is, what is left of it from the node down on. A little
 * is added to a sample's number, which is only known rounded. */
static const double LITTLE = 1e-6;

static double shortened(const itp_schedule *schedule, double left, double eta)
{
    double shorter = fmax(0, 1 - eta) * left;
    return schedule->samples > 1 ? fmin(left, floor(shorter + LITTLE)) : shorter;
}

static itp_renoise fail_at(itp_solving *solving, int status, itp_station *b)
{
    if (!solving->status) {
        solving->status = itp_fail(solving->log, status, "model: its schedule fails at u = %.17g.", b->u);
    }
    return (itp_renoise){*b, 0};
}

static itp_renoise tcd_between(itp_solving *solving, itp_station *b)
{
    const itp_schedule *schedule = solving->model->schedule;
    double t = 1, unit = schedule->samples > 1 ? schedule->samples - 1 : 1;
    itp_renoise out = {*b, 0};
    itp_at at;
    int status = b->w > schedule->w_last ? itp_schedule_locate(schedule, b->u, b->w, &t) : ITP_OK;
    if (status) {
        return fail_at(solving, status, b);
    }
    double left = unit * (1 - t), shorter = shortened(schedule, left, solving->options->eta);
    if (left - shorter <= LITTLE) {
        return out;
    }
    status = itp_schedule_at(schedule, 1 - shorter / unit, &at);
    if (status) {
        return fail_at(solving, status, b);
    }
    itp_station_begin_untimed(&out.down, at.u, at.w);
    out.fresh = fresh_noise(&out.down, b);
    return out;
}

void itp_tcd_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_renoise to = tcd_between(solving, b);
    itp_renoised_step(solving, x, a, &to, b, ITP_FIRST_DRAW);
}
