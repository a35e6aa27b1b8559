#include "noise/torch_math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- float64 ---- */

/* c_0 + c_1 x + ... + c_{count-1} x^{count-1}. */
static double polynomial(const double *c, int count, double x)
{
    double sum = c[count - 1];
    for (int i = count - 2; i >= 0; i--) sum = sum * x + c[i];
    return sum;
}

/* a b - product, of which product is a b rounded (Dekker and Veltkamp). */
static double rounding_of(double a, double b, double product)
{
    double wide_a = 134217729 * a, wide_b = 134217729 * b; /* 2^27 + 1 */
    double high_a = wide_a - (wide_a - a), high_b = wide_b - (wide_b - b), low_a = a - high_a, low_b = b - high_b;
    return ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b;
}

/* With x = 2^e m, m from root 1/2 to root 2, and s = (m - 1)/(m + 1): log m = 2 s + 2 s^3 (1/3 + s^2/5 + ...), s and
 * the sum in two parts each. */
double itp_log_below_one(double x)
{
    static const double series[] = {1. / 3,  1. / 5,  1. / 7,  1. / 9,  1. / 11, 1. / 13,
                                    1. / 15, 1. / 17, 1. / 19, 1. / 21, 1. / 23};
    static const double high = 0x1.62e42fefa38p-1, low = 0x1.ef35793c7673p-45; /* of log 2 */
    int e;
    double m = frexp(x, &e);
    if (m < 0.70710678118654752) {
        m *= 2;
        e--;
    }
    double sum = m + 1, lost = m - (sum - 1), s = (m - 1) / sum;
    double product = s * sum, square = s * s;
    double rest = (m - 1 - product - rounding_of(s, sum, product) - s * lost) / sum;
    rest = 2 * rest + 2 * s * square * polynomial(series, sizeof series / sizeof series[0], square);
    double big = e * high, both = big + 2 * s;
    lost = e ? 2 * s - (both - big) : 0;
    return both + (lost + (rest + e * low));
}

/* Taylor's series of the sine, over the angle, and of the cosine, by the square of the angle. */
static const double SINE[] = {-1. / 6,
                              1. / 120,
                              -1. / 5040,
                              1. / 362880,
                              -1. / 39916800.,
                              1. / 6227020800.,
                              -1. / 1307674368000.,
                              1. / 355687428096000.,
                              -1. / 121645100408832000.};
static const double COSINE[] = {1. / 24,         -1. / 720,          1. / 40320,           -1. / 3628800,
                                1. / 479001600., -1. / 87178291200., 1. / 20922789888000., -1. / 6402373705728000.};

itp_circle itp_circle_at(double angle)
{
    /* Half of pi in three parts, the first two so short that four times them is exact. */
    static const double first = 0x1.921fb544p0, second = 0x1.0b4611a6p-34, third = 0x1.3198a2e037073p-69;
    int quarter = (int)(angle * 0.63661977236758134 + 0.5);
    double near = angle - quarter * first, part = quarter * second, r = near - part;
    double low = (near - r) - part - quarter * third, square = r * r;
    double sine = r + (r * square * polynomial(SINE, sizeof SINE / sizeof SINE[0], square) + low);
    double half = square / 2, top = 1 - half;
    double rest = square * square * polynomial(COSINE, sizeof COSINE / sizeof COSINE[0], square) - r * low;
    double cosine = top + ((1 - top - half) + rest);
    itp_circle at = {quarter & 1 ? cosine : sine, quarter & 1 ? sine : cosine};
    at.sine = quarter & 2 ? -at.sine : at.sine;
    at.cosine = (quarter + 1) & 2 ? -at.cosine : at.cosine;
    return at;
}

/* ---- float32 ---- */

/* The sum in float64, cut off, where it is no exact one, its last bit saying that there is more: so it is rounded once.
 * Without branches, which no processor could foresee. */
static inline float fused(float a, float b, float c)
{
    double product = (double)a * (double)b, sum = product + (double)c, added = sum - product;
    double lost = (product - (sum - added)) + ((double)c - added);
    uint64_t bits, more = lost != 0, over = (lost < 0) == (sum > 0);
    memcpy(&bits, &sum, sizeof bits);
    bits = (bits - (more & over)) | more;
    memcpy(&sum, &bits, sizeof sum);
    return (float)sum;
}

float itp_fused(float a, float b, float c)
{
    return fused(a, b, c);
}

/* The highest coefficient first. */
static void polynomial_f32(const float *c, int count, const float *x, float *sum)
{
    for (int i = 0; i < ITP_LANES; i++) sum[i] = c[0];
    for (int j = 1; j < count; j++) {
        for (int i = 0; i < ITP_LANES; i++) sum[i] = fused(sum[i], x[i], c[j]);
    }
}

void itp_log_cephes(const float *x, float *out)
{
    static const float c[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                              -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                              2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
    float m[ITP_LANES], y[ITP_LANES], e[ITP_LANES];
    for (int i = 0; i < ITP_LANES; i++) {
        int exponent;
        m[i] = (float)frexp((double)x[i], &exponent);
        int low = m[i] < 0.707106781186547524f;
        m[i] = m[i] - 1 + (low ? m[i] : 0);
        e[i] = (float)(exponent - low);
    }
    polynomial_f32(c, sizeof c / sizeof c[0], m, y);
    for (int i = 0; i < ITP_LANES; i++) {
        float square = m[i] * m[i], sum = fused(y[i] * m[i], square, e[i] * -2.12194440e-4f);
        out[i] = fused(e[i], 0.693359375f, m[i] + fused(-square, 0.5f, sum));
    }
}

void itp_circle_cephes(const float *angle, float *sine, float *cosine)
{
    static const float c[] = {2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f};
    static const float s[] = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
    float r[ITP_LANES], square[ITP_LANES], first[ITP_LANES], second[ITP_LANES];
    int eighth[ITP_LANES];
    for (int i = 0; i < ITP_LANES; i++) {
        eighth[i] = ((int)(angle[i] * 1.27323954473516f) + 1) & ~1;
        float y = (float)eighth[i], left = fused(y, -0.78515625f, angle[i]);
        r[i] = fused(y, -3.77489497744594108e-8f, fused(y, -2.4187564849853515625e-4f, left));
        square[i] = r[i] * r[i];
    }
    polynomial_f32(c, 3, square, first);
    polynomial_f32(s, 3, square, second);
    for (int i = 0; i < ITP_LANES; i++) {
        float even = fused(first[i] * square[i], square[i], -(square[i] * 0.5f)) + 1;
        float odd = fused(second[i] * square[i], r[i], r[i]);
        sine[i] = (eighth[i] & 2 ? even : odd) * (eighth[i] & 4 ? -1 : 1);
        cosine[i] = (eighth[i] & 2 ? odd : even) * ((eighth[i] + 2) & 4 ? -1 : 1);
    }
}
