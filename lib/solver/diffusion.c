/* SiT's forms (2401.08740) and the user's eps, seen as k = eps/eps* = eps beta/(alpha W), and k/u = eps m/(alpha W)
 * with beta = m u, m = alpha + beta: finite at u = 0 in every schedule that starts from noise. */
#include "solver/diffusion.h"

#include <math.h>

#include "base/named.h"

static const double PI = 3.141592653589793;

static const itp_label NAMES[] = {
    {ITP_DIFFUSION_K, "k"},           {ITP_DIFFUSION_CONSTANT, "constant"},     {ITP_DIFFUSION_SIGMA, "sigma"},
    {ITP_DIFFUSION_LINEAR, "linear"}, {ITP_DIFFUSION_DECREASING, "decreasing"}, {ITP_DIFFUSION_SINE, "sine"},
    {ITP_DIFFUSION_USER, "user"},
};
enum { COUNT = sizeof NAMES / sizeof NAMES[0] };

int32_t itp_diffusion_find(const char *name)
{
    return itp_named_find(NAMES, COUNT, name);
}

const char *itp_diffusion_name(int32_t id)
{
    return itp_named_name(NAMES, COUNT, id);
}

int32_t itp_diffusion_id(int32_t i)
{
    return itp_named_id(NAMES, COUNT, i);
}

int itp_diffusion_is_constant(const itp_diffusing *diffusion)
{
    return diffusion->kind == ITP_DIFFUSION_K && !diffusion->k_fn;
}

int itp_diffusion_is_noisy(const itp_diffusing *diffusion)
{
    return itp_diffusion_is_constant(diffusion) ? diffusion->k > 0 : 1;
}

static double square(double x)
{
    return x * x;
}

static double eps_at(const itp_diffusing *of, const itp_at *at)
{
    double n = of->norm;
    switch (of->kind) {
    case ITP_DIFFUSION_CONSTANT: return n;
    case ITP_DIFFUSION_SIGMA: return n * at->alpha;
    case ITP_DIFFUSION_LINEAR: return n * (1 - at->t);
    case ITP_DIFFUSION_DECREASING: return square(n * cos(PI * at->t) + 1) / 4;
    case ITP_DIFFUSION_SINE: return n * square(sin(PI * (at->t < 0.5 ? at->t : 1 - at->t)));
    default: return of->fn(of->user, at->t);
    }
}

int itp_diffusion_eps(const itp_diffusing *of, const itp_at *at, double *eps)
{
    *eps = eps_at(of, at);
    return *eps >= 0 && isfinite(*eps) ? ITP_OK : ITP_E_RANGE;
}

static int from_eps(const itp_diffusing *of, double u, double w, itp_k_at *out)
{
    itp_at at;
    double t;
    int status = itp_schedule_locate(of->schedule, u, w, &t);
    status = status ? status : itp_schedule_at(of->schedule, t, &at);
    if (status) {
        return status;
    }
    double eps = eps_at(of, &at);
    out->k_u = eps == 0 ? 0 : eps * (at.alpha + at.beta) * at.inv_W / at.alpha;
    out->k = eps == 0 || u == 0 ? 0 : out->k_u * u;
    return eps >= 0 && isfinite(eps) ? ITP_OK : ITP_E_RANGE;
}

/* The slope of a k that begins with 0; infinite where two small positions do not agree on it. */
static double first_slope(const itp_diffusing *of)
{
    double h = 0x1p-26, slope = of->k_fn(of->k_user, h) / h, nearer = of->k_fn(of->k_user, h / 16) / (h / 16);
    return fabs(nearer - slope) <= 1e-3 * fabs(slope) ? nearer : INFINITY;
}

int itp_diffusion_at(const itp_diffusing *of, double u, double w, itp_k_at *out)
{
    if (of->kind != ITP_DIFFUSION_K) {
        return from_eps(of, u, w, out);
    }
    out->k = of->k_fn ? of->k_fn(of->k_user, u) : of->k;
    out->k_u = out->k == 0 ? 0 : out->k / u;
    if (of->k_fn && u == 0 && out->k == 0) {
        out->k_u = first_slope(of);
    }
    return out->k >= 0 && isfinite(out->k) ? ITP_OK : ITP_E_RANGE;
}
