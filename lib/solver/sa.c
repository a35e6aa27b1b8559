/* The stochastic exponential methods: the SDE of eps = k eps* in lambda, where y = x/alpha obeys
 *     dy = (-k y + (1 + k) e^lambda D) dlambda + noise,
 * with the data prediction D frozen (exponential-sde) or a polynomial through earlier ones (SA-Solver, 2309.05019, its
 * tau^2 being k). In the linear schedule's coordinates, with the numbers of solver/forgetting.h,
 *     z_b = carry z_a + u_b sum_i weight_i D_i + deviation xi.
 * The corrector makes the step that led here again with the prediction at its end as one more point and the same noise:
 * its result differs from the predicted state by predictions alone. */
#include "solver/forgetting.h"
#include "solver/share.h"
#include "solver/wiener.h"

/* The step, and the prediction made at its end: NULL before there is one. */
typedef struct progress {
    itp_solving *solving;
    itp_station *a, *b;
    const itp_form *at_end;
} progress;

/* sum += share u_b sum_i weight_i D_i over the last `order` predictions, newest first, and the one at b. */
static void add_integral(const void *progress_of, int32_t order, double share, itp_form *sum)
{
    const progress *of = progress_of;
    itp_solving *solving = of->solving;
    double lambda[ITP_HISTORY] = {0}, weight[ITP_HISTORY];
    int32_t count = order + (of->at_end != NULL);
    if (count == 1) {
        itp_form_increase(sum, share * itp_forgetting_between(solving, of->a, of->b).first, &solving->past[0]);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        lambda[i] = itp_station_lambda(i < order ? solving->past_at[i] : of->b);
    }
    itp_forgetting_weights(solving, lambda, count, of->a, of->b, weight);
    for (int32_t i = 0; i < count; i++) {
        itp_form_increase(sum, share * (of->b->u * weight[i]), i < order ? &solving->past[i] : of->at_end);
    }
}

static itp_form integral(itp_solving *solving, double order, const itp_form *at_end, itp_station *a, itp_station *b)
{
    progress of = {solving, a, b, at_end};
    itp_form sum = itp_form_zero();
    itp_expo_add(order, add_integral, &of, &sum);
    return sum;
}

/* The last step's integral with D, made at its end, as one more point, less what it was. */
static void correct(itp_solving *solving, itp_form *x, const itp_form *D, itp_station *at)
{
    itp_station *left = solving->past_at[0];
    double share = solving->before_order > 0 ? itp_expo_share(&itp_by_data, left, at) : 0;
    if (share > 0) {
        itp_form more = integral(solving, solving->before_order, D, left, at);
        itp_form_increase(&more, -1, &solving->before);
        itp_form_scale(&more, share);
        itp_form_increase(x, 1, &more);
    }
}

static void step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b, int corrects)
{
    itp_form D = itp_predict(solving, x, a, ITP_PREDICT_DATA, x);
    if (corrects && solving->past_count) {
        correct(solving, x, &D, a);
    }
    itp_remember(solving, &D, a);
    itp_forgetting exact = itp_forgetting_between(solving, a, b);
    solving->before_order = itp_expo_order(solving, &itp_by_data, solving->solver->order, b);
    solving->before = integral(solving, solving->before_order, NULL, a, b);
    itp_form_combine(x, exact.carry, 1, &solving->before);
    itp_form noise = itp_forgetting_noise(solving, a, b, exact.decay);
    itp_form_increase(x, exact.deviation, &noise);
    itp_from_linear(solving, x, b);
}

void itp_sa_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    step(solving, x, a, b, 0);
}

void itp_sa_corrected_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    step(solving, x, a, b, 1);
}
