/* For N(0, 1) data the state at t has the variance V = alpha^2 + beta^2 and the drift of eps is (V'/2 - eps)/V x. Its
 * linear factor is thus known without the network: near the noise end of the linear schedule it is -k/u, at the data
 * end of any SDE it stays bounded. What the prediction adds moves along the path with the angle atan(beta/alpha), at
 * W/V. */
#include "solver/stability.h"

#include <math.h>

/* The limit is 2. A little more, since usual plans lie on that very border, and a last bit is not to decide. */
const double itp_steepest = 2.1;

static double variance_of(const itp_at *at)
{
    return at->alpha * at->alpha + at->beta * at->beta;
}

/* V there; 0 where it cannot be had, as beyond the schedule. */
static double variance_at(itp_solving *solving, itp_station *at)
{
    const itp_at *here = at->beyond ? NULL : itp_sampling_at(solving, at);
    return here ? variance_of(here) : 0;
}

/* What a step of length h meets at a stage: V and the speed W of the schedule, the slope of the drift times V and what
 * the noise makes of it, and the largest k that is known of the step; V at its two ends. */
typedef struct load {
    double h, V, W, slope, noise, k, from, to;
} load;

static double eps_of(const itp_at *at, itp_k_at k)
{
    return k.k_u > 0 ? k.k_u * at->alpha * at->W / (at->alpha + at->beta) : 0;
}

/* A k that grows brings more noise than the drift at the beginning knows of. */
static void look_ahead(itp_solving *solving, itp_station *b, double eps, load *of)
{
    if (of->to > 0 && !itp_diffusion_is_constant(solving->diffusion) && !itp_station_k(b, solving->diffusion)) {
        double more = (eps_of(&b->sampling, b->k) - eps) / 2;
        of->noise = more > of->noise ? more : of->noise;
        of->k = fmax(of->k, b->k.k);
    }
}

static load load_at(itp_solving *solving, itp_station *at, const itp_at *here, itp_k_at k, itp_station *a,
                    itp_station *b)
{
    load of = {.h = fabs(b->t - a->t), .V = variance_of(here), .W = here->W, .k = k.k};
    double eps = eps_of(here, k);
    of.slope = fabs(here->alpha * here->dalpha + here->beta * here->dbeta - eps);
    of.noise = eps < of.slope ? eps : of.slope;
    of.from = at == a ? of.V : variance_at(solving, a);
    of.to = variance_at(solving, b);
    look_ahead(solving, b, eps, &of);
    return of;
}

/* The step over V, as it counts for a state that is as large as those at its ends. */
static double reach(const load *of)
{
    double most = of->from > of->to ? of->from : of->to;
    return of->V >= most ? of->h / of->V : of->h * sqrt(of->V / most) / of->V;
}

/* Noise that is small against what is left of V at the end does no harm, and with less than eps* the slope -k/u changes
 * by more than the step can bear while it is still small itself. */
static int bears(const load *of)
{
    double h = reach(of), noise = of->h * of->noise, end = of->to > 0 ? of->to : of->V;
    return h * of->slope <= itp_steepest && h * of->W <= itp_steepest &&
           noise <= itp_steepest * end * (of->k < 1 ? of->k : 1);
}

/* Shortly before a data end where the drift has no limit, as for a data prediction, rounding and the network's errors
 * are divided by what is left of w: that is as useless as the end. */
static int near_bad_end(itp_solving *solving, itp_station *at, itp_k_at k, itp_station *a)
{
    itp_station end = {.u = 1, .t = 1};
    return at->w < 0x1p-17 * a->w && !itp_drift_exists(solving, &end, k);
}

int itp_drift_suits(itp_solving *solving, itp_station *at, itp_k_at k, itp_station *a, itp_station *b)
{
    if (!itp_drift_exists(solving, at, k) || near_bad_end(solving, at, k, a)) {
        return 0;
    }
    const itp_at *here = itp_sampling_at(solving, at);
    if (!here) {
        return 0;
    }
    load of = load_at(solving, at, here, k, a, b);
    return of.V == 0 || bears(&of);
}

double itp_steepness(itp_solving *solving, itp_k_at k, itp_station *a, itp_station *b)
{
    const itp_at *here = itp_sampling_at(solving, a);
    if (!here) {
        return 0;
    }
    load of = load_at(solving, a, here, k, a, b);
    return of.V > 0 ? reach(&of) * of.slope : 0;
}

int itp_begins_at_noise(const itp_station *a, const itp_station *b)
{
    return b->u - a->u > itp_steepest * a->u;
}
