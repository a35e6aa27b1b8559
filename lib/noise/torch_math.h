/* Elementary functions for torch's generators, the same on every platform: IEEE arithmetic alone. */
#ifndef ITP_NOISE_TORCH_MATH_H
#define ITP_NOISE_TORCH_MATH_H

/* A sine and a cosine. */
typedef struct itp_circle {
    double sine, cosine;
} itp_circle;

/* log x for 0 < x <= 1 that is not subnormal; the error is below .52 units in the last place. */
double itp_log_below_one(double x);

/* At an angle from 0 to 2 pi; the errors are below .8 units in the last place. */
itp_circle itp_circle_at(double angle);

/* a b + c, rounded once. C libraries have it as fmaf, and not all of them right. */
float itp_fused(float a, float b, float c);

/* Logarithm, sine and cosine of ITP_LANES numbers in float32, as torch's vectorised kernels compute them: cephes' logf,
 * sinf and cosf (S. Moshier), with every product that is only added to something fused into the sum, as compilers do
 * for these processors. */
enum { ITP_LANES = 8 };
void itp_log_cephes(const float *x, float *out);
void itp_circle_cephes(const float *angle, float *sine, float *cosine);

#endif
