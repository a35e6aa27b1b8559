/* SiT's forms (2401.08740) and the user's eps, seen as k = eps/eps* = eps beta/(alpha W), and k/u = eps m/(alpha W)
 * with beta = m u, m = alpha + beta: finite at u = 0 in every schedule that starts from noise. */
#include "solver/diffusion.h"

#include <math.h>

#include "base/field.h"

static const double PI = 3.141592653589793;

int itp_diffusion_is_constant(const itp_diffusion *diffusion)
{
    return diffusion->kind == ITP_DIFFUSION_K && !diffusion->k_fn;
}

int itp_diffusion_is_noisy(const itp_diffusion *diffusion)
{
    return itp_diffusion_is_constant(diffusion) ? diffusion->k > 0 : 1;
}

static double square(double x)
{
    return x * x;
}

static double constant(const itp_diffusion *of, const itp_at *at)
{
    (void)at;
    return of->norm;
}

static double sigma(const itp_diffusion *of, const itp_at *at)
{
    return of->norm * at->alpha;
}

static double linear(const itp_diffusion *of, const itp_at *at)
{
    return of->norm * (1 - at->t);
}

static double decreasing(const itp_diffusion *of, const itp_at *at)
{
    return square(of->norm * cos(PI * at->t) + 1) / 4;
}

static double sine(const itp_diffusion *of, const itp_at *at)
{
    return of->norm * square(sin(PI * (at->t < 0.5 ? at->t : 1 - at->t)));
}

static double by_callback(const itp_diffusion *of, const itp_at *at)
{
    return of->fn(of->user, at->t);
}

typedef struct row {
    itp_named named;
    double (*eps)(const itp_diffusion *of, const itp_at *at); /* NULL: k eps*, see itp_diffusion_at */
} row;

/* The first one is the default. The names elsewhere are SiT's. */
static const row ROWS[] = {
    {{ITP_WORDS("k", "sbdm", "k times the optimal diffusion"), ITP_DIFFUSION_K, ITP_READS_DIFFUSION_K}, NULL},
    {{ITP_WORDS("constant", "", "norm"), ITP_DIFFUSION_CONSTANT, ITP_READS_NORM}, constant},
    {{ITP_WORDS("sigma", "", "norm alpha"), ITP_DIFFUSION_SIGMA, ITP_READS_NORM}, sigma},
    {{ITP_WORDS("linear", "", "norm (1 - t)"), ITP_DIFFUSION_LINEAR, ITP_READS_NORM}, linear},
    {{ITP_WORDS("decreasing", "", "(norm cos(pi t) + 1)^2/4"), ITP_DIFFUSION_DECREASING, ITP_READS_NORM}, decreasing},
    {{ITP_WORDS("sine", "increasing-decreasing,inccreasing-decreasing", "norm sin(pi t)^2"), ITP_DIFFUSION_SINE,
      ITP_READS_NORM},
     sine},
    {{ITP_WORDS("user", "", "the caller's function of t"), ITP_DIFFUSION_USER,
      ITP_READS_DIFFUSION_FN | ITP_ROW_NEEDS(ITP_NEEDS_FUNCTION)},
     by_callback},
};
#define FIELD(field, what, others, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, others), .at = offsetof(itp_diffusion, field), .reads = what, __VA_ARGS__ \
    }
static const itp_field FIELDS[] = {
    FIELD(k, ITP_READS_DIFFUSION_K, "", .range = ITP_NO_HIGH),
    FIELD(norm, ITP_READS_NORM, "", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = 1),
    FIELD(schedule, ITP_READS_NORM | ITP_READS_DIFFUSION_FN, "", .type = ITP_FIELD_SCHEDULE,
          .choice = &itp_kind_schedule),
    FIELD(k_fn, ITP_READS_DIFFUSION_K, "", .type = ITP_FIELD_POINTER),
    FIELD(fn, ITP_READS_DIFFUSION_FN, "", .type = ITP_FIELD_POINTER),
    FIELD(user, ITP_READS_DIFFUSION_K | ITP_READS_DIFFUSION_FN, "", .type = ITP_FIELD_POINTER),
};
const itp_kind itp_kind_diffusion = {.name = "diffusion",
                                     .rows = ROWS,
                                     .fields = FIELDS,
                                     .stride = sizeof ROWS[0],
                                     .count = sizeof ROWS / sizeof ROWS[0],
                                     .field_count = sizeof FIELDS / sizeof FIELDS[0],
                                     .id_at = offsetof(itp_diffusion, kind)};

static double eps_at(const itp_diffusion *of, const itp_at *at)
{
    const row *kind = (const void *)itp_kind_of(&itp_kind_diffusion, of->kind);
    return kind->eps(of, at);
}

int itp_diffusion_eps(const itp_diffusion *of, const itp_at *at, double *eps)
{
    *eps = eps_at(of, at);
    return *eps >= 0 && isfinite(*eps) ? ITP_OK : ITP_E_RANGE;
}

static int from_eps(const itp_diffusion *of, double u, double w, itp_k_at *out)
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
static double first_slope(const itp_diffusion *of)
{
    double h = 0x1p-26, slope = of->k_fn(of->user, h) / h, nearer = of->k_fn(of->user, h / 16) / (h / 16);
    return fabs(nearer - slope) <= 1e-3 * fabs(slope) ? nearer : INFINITY;
}

int itp_diffusion_at(const itp_diffusion *of, double u, double w, itp_k_at *out)
{
    if (of->kind != ITP_DIFFUSION_K) {
        return from_eps(of, u, w, out);
    }
    out->k = of->k_fn ? of->k_fn(of->user, u) : of->k;
    out->k_u = out->k == 0 ? 0 : out->k / u;
    if (!of->k_fn) {
        return ITP_OK; /* looked at when it was given */
    }
    if (u == 0 && out->k == 0) {
        out->k_u = first_slope(of);
    }
    return out->k >= 0 && isfinite(out->k) ? ITP_OK : ITP_E_RANGE;
}
