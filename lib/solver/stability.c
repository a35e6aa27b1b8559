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
static double variance_at(const itp_solving *solving, const itp_node *node)
{
    itp_at at;
    return node->beyond || itp_schedule_at(solving->sampling, node->t, &at) ? 0 : variance_of(&at);
}

/* What a step of length h meets at a stage: V and the speed W of the schedule, the slope of the drift times V, the
 * diffusion, and the largest k that is known of the step; V at its two ends. */
typedef struct load {
    double h, V, W, slope, eps, k, from, to;
} load;

/* k at the end of a step, where it is known. */
static double k_at(const itp_solving *solving, const itp_node *b)
{
    itp_k_at k;
    return itp_diffusion_at(&solving->diffusion, b->u, b->w, &k) ? 0 : k.k;
}

static load load_at(const itp_solving *solving, const itp_at *here, itp_k_at k, const itp_node *a, const itp_node *b)
{
    load of = {.h = fabs(b->t - a->t), .V = variance_of(here), .W = here->W};
    of.eps = k.k_u > 0 ? k.k_u * here->alpha * here->W / (here->alpha + here->beta) : 0;
    of.k = of.eps > 0 ? fmax(k.k, k_at(solving, b)) : 0;
    of.slope = fabs(here->alpha * here->dalpha + here->beta * here->dbeta - of.eps);
    of.from = variance_at(solving, a);
    of.to = variance_at(solving, b);
    return of;
}

/* The step over V, as it counts for a state that is as large as those at its ends. */
static double reach(const load *of)
{
    return of->h * sqrt(of->V / fmax(of->V, fmax(of->from, of->to))) / of->V;
}

/* Noise that is small against what is left of V at the end does no harm, and with less than eps* the slope -k/u changes
 * by more than the step can bear while it is still small itself. */
static int bears(const load *of)
{
    double noise = of->h * fmin(of->eps, of->slope), end = of->to > 0 ? of->to : of->V;
    return reach(of) * of->slope <= itp_steepest && reach(of) * of->W <= itp_steepest &&
           noise <= itp_steepest * end * fmin(1, of->k);
}

int itp_drift_suits(itp_solving *solving, const itp_node *at, itp_k_at k, const itp_node *a, const itp_node *b)
{
    itp_at here;
    if (!itp_drift_exists(solving, at, k) || itp_schedule_at(solving->sampling, at->t, &here)) {
        return 0;
    }
    load of = load_at(solving, &here, k, a, b);
    return of.V == 0 || bears(&of);
}

double itp_steepness(itp_solving *solving, itp_k_at k, const itp_node *a, const itp_node *b)
{
    itp_at here;
    if (itp_schedule_at(solving->sampling, a->t, &here)) {
        return 0;
    }
    load of = load_at(solving, &here, k, a, b);
    return of.V > 0 ? reach(&of) * of.slope : 0;
}

int itp_begins_at_noise(const itp_node *a, const itp_node *b)
{
    return b->u - a->u > itp_steepest * a->u;
}
