/* SDE-DPM-Solver++ and SDE-DPM-Solver (2211.01095, section 5), multistep, with eta as in k-diffusion: the diffusion
 * eta eps* (eta = 1: the paper's, 0: the flow). With h the step in lambda and q = e^-h:
 *     data:  z_b = (w_b/w_a) q^eta z_a + u_b int y' e^{y' (s-1)} D(s) ds + w_b sqrt(1 - q^{2 eta}) xi, y' = (1+eta) h,
 *     noise: z_b = (u_b/u_a) z_a - (1 + eta) w_b int h e^{h (1-s)} E(s) ds + w_b sqrt(eta (q^-2 - 1)) xi,
 * s = 0 .. 1 over the step. In -log sigma, sigma = w as flow networks have it, h is the step in it and q = w_b/w_a,
 * which is the diffusion eta u eps*; D is then weighed with two exponentials,
 *     data:  z_b = q^{1+eta} z_a + int ((1+eta) h e^{(1+eta) h (s-1)} - w_b eta h e^{eta h (s-1)}) D(s) ds + as above.
 * (VE code run on a flow network as it is lacks the second term: its data are too large.) */
#include <math.h>

#include "solver/phi.h"
#include "solver/share.h"
#include "solver/stochastic.h"

/* Coefficients of a step: y is the exponent of the weight, `scale` what multiplies the paper's phi functions. */
typedef struct sde_step {
    double carry, first, scale, y, deviation;
    double less, slow; /* `scale` and y of the second weight; 0 where there is none */
} sde_step;

/* sqrt(1 - q^{2 eta}). */
static double data_deviation(double eta, double log_q)
{
    return eta > 0 ? sqrt(-expm1(2 * eta * log_q)) : 0;
}

static sde_step data_step(const itp_expo_step *step, double eta, itp_station *a, itp_station *b)
{
    itp_levels levels = itp_levels_between(a, b);
    double carry = step->carry * pow(levels.q, eta), log_q = levels.q < 0.5 ? log(levels.q) : log1p(-levels.drop);
    return (sde_step){carry, b->u - carry * a->u, b->u, -(1 + eta) * step->h, b->w * data_deviation(eta, log_q), 0, 0};
}

static sde_step sigma_step(const itp_expo_step *step, double eta, itp_station *a, itp_station *b)
{
    double carry = pow(step->carry, 1 + eta), h = step->h;
    return (sde_step){carry, b->u - carry * a->u, 1, -(1 + eta) * h, b->w * data_deviation(eta, -h), -b->w, -eta * h};
}

/* w_b/q = u_b w_a/u_a, and w_b/q - w_b = -first of the step without noise. */
static sde_step noise_step(const itp_expo_step *step, double eta, itp_station *a, itp_station *b)
{
    double wide = step->carry * a->w;
    double deviation = sqrt(fmax(0, eta * -step->first * (wide + b->w)));
    return (sde_step){step->carry, (1 + eta) * step->first, (1 + eta) * b->w, step->h, deviation, 0, 0};
}

static sde_step step_of(const itp_exponential *method, const itp_expo_step *step, double eta, itp_station *a,
                        itp_station *b)
{
    if (method->predicts == ITP_PREDICT_NOISE) {
        return noise_step(step, eta, a, b);
    }
    return (method->sigma ? sigma_step : data_step)(step, eta, a, b);
}

/* Weights of the divided differences, 0 where y is: the mean of s and, as these methods write it, half that of s^2. */
static double phi_2(double y)
{
    return y == 0 ? 0 : itp_y_phi_2(y);
}

static double phi_3(double y)
{
    return y == 0 ? 0 : itp_y_phi_3(y);
}

static double first_weight(const sde_step *step, int midpoint)
{
    return midpoint ? step->first / 2 : -step->scale * phi_2(step->y) - step->less * phi_2(step->slow);
}

static double second_weight(const sde_step *step)
{
    return -step->scale * phi_3(step->y) - step->less * phi_3(step->slow);
}

/* z + p (P_i - P_{i+1}). */
static void add_difference(itp_form *z, const itp_solving *solving, int32_t i, double p)
{
    itp_form_increase(z, p, &solving->past[i]);
    itp_form_increase(z, -p, &solving->past[i + 1]);
}

typedef struct progress {
    const itp_solving *solving;
    const itp_exponential *method;
    sde_step step;
    double h; /* of the step without noise */
} progress;

/* z += weight (f D_1 + s D_2), D_1 and D_2 the divided differences in units of the step. */
static void add_differences(const void *progress_of, int32_t order, double weight, itp_form *z)
{
    const progress *of = progress_of;
    itp_station *const *at = of->solving->past_at;
    if (order == 1) {
        return;
    }
    double f = first_weight(&of->step, order == 2 && !of->method->heun);
    double r0 = itp_expo_length(of->method, at[1], at[0]) / of->h;
    if (order == 2) {
        add_difference(z, of->solving, 0, weight * (f / r0));
        return;
    }
    double r1 = itp_expo_length(of->method, at[2], at[1]) / of->h;
    double turn = (f * r0 + second_weight(&of->step)) / (r0 + r1);
    add_difference(z, of->solving, 0, weight * ((f + turn) / r0));
    add_difference(z, of->solving, 1, weight * (-turn / r1));
}

/* The noise form has no limit at u = 0, and at w = 0 it would leave noise in the sample: those steps go along the
 * flow, and those that come near to being such with less noise. */
void itp_sde_dpm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    int data = method->predicts == ITP_PREDICT_DATA;
    double share = data ? 1 : itp_expo_share(method, a, b);
    if (share == 0) {
        itp_along_velocity(solving, x, a, b);
        return;
    }
    itp_noise_key draw = {a, b, ITP_FIRST_DRAW};
    itp_predict_and_remember(solving, x, a, method->predicts);
    itp_expo_step exact = itp_expo_between(method, a, b);
    progress of = {solving, method, step_of(method, &exact, share * solving->options->eta, a, b), exact.h};
    double order = itp_expo_order(solving, method, solving->solver->order, b);
    itp_form_combine(x, of.step.carry, of.step.first, &solving->past[0]);
    itp_expo_add(order, add_differences, &of, x);
    itp_add_noise(solving, x, of.step.deviation, &draw);
    itp_from_linear(solving, x, b);
}
