/* UniPC (2302.04867): a multistep predictor and, once the network has been evaluated at its result, a corrector that
 * uses the new prediction too. The corrected state differs from the predicted one by predictions alone, so the
 * correction is added to the state's own column and nothing older has to be carried.
 *
 * The paper's varying coefficients (UniPC_v) solve the same conditions, so that B(h) cancels: they differ from bh1 and
 * bh2 where a single difference has the weight 1/2 there. All terms of the paper's sums are here; the authors' code
 * leaves some out of its corrector. */
#include <math.h>

#include "solver/phi.h"
#include "solver/share.h"

enum { MOST = 3 };

/* Solves R rho = b for R_kj = r_j^k by elimination; n <= 3. */
static void vandermonde(int32_t n, const double *r, const double *b, double *rho)
{
    double rows[MOST][MOST + 1] = {{0}};
    for (int32_t k = 0; k < n; k++) {
        for (int32_t j = 0; j < n; j++) {
            rows[k][j] = k ? rows[k - 1][j] * r[j] : 1;
        }
        rows[k][n] = b[k];
    }
    for (int32_t p = 0; p < n; p++) {
        for (int32_t k = p + 1; k < n; k++) {
            double factor = rows[k][p] / rows[p][p];
            for (int32_t j = p; j <= n; j++) {
                rows[k][j] -= factor * rows[p][j];
            }
        }
    }
    for (int32_t p = n - 1; p >= 0; p--) {
        rho[p] = rows[p][n];
        for (int32_t j = p + 1; j < n; j++) {
            rho[p] -= rows[p][j] * rho[j];
        }
        rho[p] /= rows[p][p];
    }
}

/* b_k = k! phi_{k+1}(y) y^.../B in the paper's recursion; B is y (bh1) or e^y - 1 (bh2); any, where it cancels. */
static double moments(const itp_exponential *method, double y, double *b)
{
    double B = method->bh == 2 ? expm1(y) : y, phi = itp_y_phi_2(y), factorial = 1;
    for (int32_t k = 0; k < MOST; k++) {
        b[k] = phi * factorial / B;
        factorial *= k + 2;
        phi = phi / y - 1 / factorial;
    }
    return B;
}

/* The differences P_i - P_0 to the newest remembered prediction, made at the positions r_i in units of the step. */
typedef struct differences {
    const itp_form *newest, *prediction[MOST];
    double r[MOST];
    int32_t count;
} differences;

static void add_difference(differences *to, const itp_form *prediction, double r)
{
    to->prediction[to->count] = prediction;
    to->r[to->count++] = r;
}

static differences differences_of_order(itp_solving *solving, const itp_exponential *method, int32_t order, double h)
{
    differences of = {.newest = &solving->past[0]};
    for (int32_t i = 1; i < order; i++) {
        double back = itp_expo_length(method, solving->past_at[i], solving->past_at[0]);
        add_difference(&of, &solving->past[i], -back / h);
    }
    return of;
}

/* sum += c times -s B sum_i rho_i (P_i - P_0)/r_i. The rho solve the order conditions, but with bh1 and bh2 a single
 * one, in order 2 of the predictor and order 1 of the corrector, is 1/2. */
static void add_weighed(itp_form *sum, double c, const itp_exponential *method, const differences *of,
                        const itp_expo_step *step)
{
    double b[MOST], rho[MOST] = {0.5, 0, 0}, B = moments(method, itp_expo_y(method, step->h), b);
    itp_form weighed = itp_form_zero();
    if (of->count > 1 || !method->bh) {
        vandermonde(of->count, of->r, b, rho);
    }
    for (int32_t i = 0; i < of->count && i < MOST; i++) {
        double weight = -step->scale * B * rho[i] * (1 / of->r[i]);
        itp_form_increase(&weighed, weight, of->prediction[i]);
        itp_form_increase(&weighed, -weight, of->newest);
    }
    itp_form_increase(sum, c, &weighed);
}

/* The step, and the prediction made at its end, a point more for the corrector; NULL for the predictor. */
typedef struct progress {
    itp_solving *solving;
    const itp_exponential *method;
    const itp_expo_step *step;
    const itp_form *at_end;
    double share; /* of what is added to the frozen prediction */
} progress;

static void add_order(const void *progress_of, int32_t order, double weight, itp_form *sum)
{
    const progress *of = progress_of;
    differences points = differences_of_order(of->solving, of->method, order, of->step->h);
    if (of->at_end) {
        add_difference(&points, of->at_end, 1);
    }
    if (points.count > 0) {
        add_weighed(sum, of->share * weight, of->method, &points, of->step);
    }
}

/* What a step adds to the frozen prediction. */
static itp_form beyond_frozen(const progress *of, double order)
{
    itp_form sum = itp_form_zero();
    itp_expo_add(order, add_order, of, &sum);
    return sum;
}

/* How much is made of the correction of the step that led to `at`. */
static double share_of_correction(const itp_solving *solving, const itp_exponential *method, itp_station *at)
{
    double share = solving->before_order > 0 ? itp_expo_share(method, solving->past_at[0], at) : 0;
    double h = solving->before_step.h;
    return share > 0 && method->bh == 1 ? fmin(share, itp_expo_share_beyond(method, h, h)) : share;
}

/* The step that led here, of the order it had, made again with the prediction at its end, less what it was. */
static void correct(itp_solving *solving, const itp_exponential *method, itp_form *x, const itp_form *prediction,
                    itp_station *at)
{
    double share = share_of_correction(solving, method, at);
    if (share > 0) {
        progress before = {solving, method, &solving->before_step, prediction, share};
        itp_form more = beyond_frozen(&before, solving->before_order);
        itp_form_increase(&more, -share, &solving->before);
        itp_form_increase(x, 1, &more);
    }
}

void itp_unipc_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_form prediction = itp_predict(solving, x, a, method->predicts, x);
    if (solving->past_count) {
        correct(solving, method, x, &prediction, a);
    }
    itp_remember(solving, &prediction, a);
    itp_expo_step step = itp_expo_between(method, a, b);
    solving->before_order = itp_expo_order(solving, method, solving->solver->order, b);
    progress of = {solving, method, &step, NULL, 1};
    solving->before = beyond_frozen(&of, solving->before_order);
    solving->before_step = step;
    itp_expo_freeze(solving, &step, x, &prediction, a, b);
    itp_form_increase(x, 1, &solving->before);
    itp_from_linear(solving, x, b);
}
