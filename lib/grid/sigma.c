/* Grids in a noise level: sigma = alpha/beta, as VE and EDM samplers have it, or 1 - u, a flow network's. */
#include <math.h>

#include "grid/rules.h"

double itp_blend(double a, double b, double x)
{
    return x == 1 ? b : a + (b - a) * x;
}

/* The end of the path is stepped to from the last position of a schedule that ends before it, or from lambda_high where
 * that is earlier and the caller's own, or where all schedules go on to infinity. */
static double last_lambda(const itp_gridding *grid, const itp_node *end)
{
    if (end->w > 0) {
        return log(end->u / end->w);
    }
    double own = grid->w_last > 0 ? log(grid->u_last / grid->w_last) : INFINITY;
    return isfinite(own) && grid->lambda_high == ITP_LAMBDA_HIGH ? own : fmin(grid->lambda_high, own);
}

itp_span itp_grid_span(const itp_gridding *grid, int32_t i, const itp_node *ends)
{
    int32_t open_start = ends[0].u == 0, open_end = ends[1].w == 0;
    int32_t last = grid->steps - open_start - open_end;
    itp_span span = {last > 0 ? (double)(i - open_start) / last : .5,
                     open_start ? grid->lambda_low : log(ends[0].u / ends[0].w), last_lambda(grid, &ends[1])};
    return span;
}

/* 2206.00364, equation 5. */
static double karras(double from, double to, double rho, double x)
{
    return pow(itp_blend(pow(from, 1 / rho), pow(to, 1 / rho), x), rho);
}

/* Optimised levels: 2404.14507, table 3; between them uniform in log sigma, as the authors' page advises. */
static const double AYS[][11] = {
    {14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029},
    {14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029},
    {160.41, 8.081, 3.315, 1.885, 1.207, 0.785, 0.553, 0.293, 0.186, 0.030, 0.006},
    {700.00, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002},
};
enum { AYS_STEPS = 10 };

static double published(const double *levels, int32_t i, int32_t steps)
{
    int32_t before = i * AYS_STEPS / steps, past = i * AYS_STEPS % steps;
    double from = levels[before], to = levels[before + 1];
    return past ? from * pow(to / from, (double)past / steps) : from;
}

double itp_grid_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends)
{
    itp_span span = itp_grid_span(grid, i, ends);
    double high = exp(-span.low), low = exp(-span.high), rho = grid->rho;
    switch (grid->kind) {
    case ITP_GRID_KARRAS: return karras(high, low, rho > 0 ? rho : 7, span.x);
    case ITP_GRID_POLY_EXPONENTIAL:
        return exp(-span.high + (span.high - span.low) * pow(1 - span.x, rho > 0 ? rho : 1));
    case ITP_GRID_KL_OPTIMAL: return tan(itp_blend(atan(high), atan(low), span.x));
    default: return published(AYS[grid->kind - ITP_GRID_AYS_SD15], i, grid->steps);
    }
}

/* The start has a finite sigma, 1; the end, 0, is stepped to. */
double itp_grid_flow_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends)
{
    double high = ends[0].w, low = ends[1].w > 0 ? ends[1].w : 1 / (1 + exp(last_lambda(grid, &ends[1])));
    double x = (double)i / (grid->steps - (ends[1].w == 0));
    switch (grid->kind) {
    case ITP_GRID_KARRAS_FLOW: return karras(high, low, grid->rho > 0 ? grid->rho : 7, x);
    case ITP_GRID_EXPONENTIAL_FLOW: return exp(itp_blend(log(high), log(low), x));
    default: return itp_blend(low, high, itp_beta_quantile(grid->beta_a, grid->beta_b, 1 - x).x);
    }
}
