/* A network in a shared library, for interp search: the exact velocity of two points at -1 and 2. */
#include <interp/sample.h>

#include <math.h>

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
int ITP_CALL
two_points(void *user, const itp_request *rq);

int ITP_CALL two_points(void *user, const itp_request *rq)
{
    const float *x = rq->x;
    double t = rq->time, a = 1 - t + 1e-6;
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        double left = (x[i] + t) / a, right = (x[i] - 2 * t) / a;
        double p = 1 / (1 + exp((right * right - left * left) / 2)), data = p * 2 - (1 - p);
        ((float *)rq->out)[i] = (float)((data - x[i]) / a);
    }
    return user != NULL;
}
