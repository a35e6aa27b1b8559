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

/* The part of a step beyond the frozen prediction: differences of predictions to the newest remembered one, at the
 * positions r (in units of the step). `count` of them; the weights solve the order conditions, but with bh1 and bh2 a
 * single one, in order 2 of the predictor and order 1 of the corrector, has 1/2. */
typedef struct residual {
    const itp_form *newest, *prediction[MOST];
    double r[MOST];
    int32_t count;
} residual;

static void add_difference(residual *to, const itp_form *prediction, double r)
{
    to->prediction[to->count] = prediction;
    to->r[to->count++] = r;
}

static residual past_differences(itp_solving *solving, const itp_exponential *method, int32_t order, double h)
{
    residual of = {.newest = &solving->past[0]};
    for (int32_t i = 1; i < order; i++) {
        double back = itp_expo_clock(method, solving->past_at[0]) - itp_expo_clock(method, solving->past_at[i]);
        add_difference(&of, &solving->past[i], -back / h);
    }
    return of;
}

static itp_form weigh(const itp_exponential *method, const residual *of, const itp_expo_step *step)
{
    double b[MOST], rho[MOST] = {0.5, 0, 0}, y = itp_expo_y(method, step->h);
    double B = moments(method, y, b);
    itp_form sum = itp_form_zero();
    if (of->count > 1 || !method->bh) {
        vandermonde(of->count, of->r, b, rho);
    }
    for (int32_t i = 0; i < of->count && i < MOST; i++) {
        double weight = -step->scale * B * rho[i], per_unit = 1 / of->r[i];
        itp_form_increase(&sum, weight * per_unit, of->prediction[i]);
        itp_form_increase(&sum, -weight * per_unit, of->newest);
    }
    return sum;
}

/* The step that led here, of the order it had, seen again with the prediction made at its end. */
static itp_form correction(itp_solving *solving, const itp_exponential *method, const itp_form *prediction,
                           itp_station *at)
{
    itp_form out = itp_form_zero();
    itp_expo_step step = solving->before_step;
    double share = solving->before_order > 0 ? itp_expo_share(method, solving->past_at[0], at) : 0;
    if (share > 0 && method->bh == 1) {
        share = fmin(share, itp_expo_share_beyond(method, step.h, step.h));
    }
    itp_expo_part part[2];
    int32_t parts = share > 0 ? itp_expo_parts(solving->before_order, part) : 0;
    for (int32_t i = 0; i < parts; i++) {
        residual of = past_differences(solving, method, part[i].order, step.h);
        add_difference(&of, prediction, 1);
        itp_form corrected = weigh(method, &of, &step);
        itp_form_increase(&out, share * part[i].weight, &corrected);
    }
    itp_form_increase(&out, -share, &solving->before);
    return out;
}

/* What a step of that order adds to the frozen prediction. */
static itp_form beyond_frozen(itp_solving *solving, const itp_exponential *method, double order,
                              const itp_expo_step *step)
{
    itp_form out = itp_form_zero();
    itp_expo_part part[2];
    int32_t parts = itp_expo_parts(order, part);
    for (int32_t i = 0; i < parts; i++) {
        residual of = past_differences(solving, method, part[i].order, step->h);
        itp_form weighed = part[i].order > 1 ? weigh(method, &of, step) : itp_form_zero();
        itp_form_increase(&out, part[i].weight, &weighed);
    }
    return out;
}

void itp_unipc_step(itp_solving *solving, const itp_method *solver, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solver->data;
    itp_form prediction = itp_predict(solving, x, a, method->predicts, x);
    if (solving->past_count) {
        itp_form correct = correction(solving, method, &prediction, a);
        itp_form_increase(x, 1, &correct);
    }
    itp_remember(solving, &prediction, a);
    itp_expo_step step = itp_expo_between(method, a, b);
    solving->before_order = itp_expo_order(solving, method, solver->order, b);
    solving->before = beyond_frozen(solving, method, solving->before_order, &step);
    solving->before_step = step;
    itp_expo_freeze(solving, &step, x, &prediction, a, b);
    itp_form_increase(x, 1, &solving->before);
    itp_from_linear(solving, x, b);
}
