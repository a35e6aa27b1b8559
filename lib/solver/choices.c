/* What a struct itp_solver picks by number. */
#include <interp/solver.h>
#include <string.h>

#include "base/field.h"
#include "solver/solver.h"

ITP_CHOICES(family, "family",
            {ITP_WORDS("default", "", "Euler's method, with noise Euler-Maruyama"), ITP_FAMILY_DEFAULT, 0},
            {ITP_WORDS("runge-kutta", "", "of the drift, explicit"), ITP_RUNGE_KUTTA, 0},
            {ITP_WORDS("adams-bashforth", "", "of the drift, multistep"), ITP_ADAMS_BASHFORTH, 0},
            {ITP_WORDS("pndm", "", "Adams-Bashforth on noise, DDIM's step"), ITP_PNDM, 0},
            {ITP_WORDS("exponential-multistep", "", "the linear part exact, one evaluation"), ITP_EXPONENTIAL_MULTISTEP,
             0},
            {ITP_WORDS("exponential-singlestep", "", "the same, several evaluations"), ITP_EXPONENTIAL_SINGLESTEP, 0},
            {ITP_WORDS("exponential-blocks", "", "the same, stages at the nodes"), ITP_EXPONENTIAL_BLOCKS, 0},
            {ITP_WORDS("sde-runge-kutta", "", "of the drift, for any diffusion"), ITP_SDE_RUNGE_KUTTA, 0},
            {ITP_WORDS("sde-adams-bashforth", "", "multistep, for any diffusion"), ITP_SDE_ADAMS_BASHFORTH, 0},
            {ITP_WORDS("sa", "", "SA-Solver, for any diffusion"), ITP_SA, 0},
            {ITP_WORDS("ancestral", "", "a step of the flow, then noise"), ITP_ANCESTRAL, 0},
            {ITP_WORDS("ddpm-posterior", "", "the posterior step"), ITP_DDPM_POSTERIOR, 0},
            {ITP_WORDS("midpoint-sde", "", "DPM-Solver++ (SDE), two draws"), ITP_MIDPOINT_SDE, 0},
            {ITP_WORDS("churn", "", "noise, then a step of the flow"), ITP_CHURN, 0},
            {ITP_WORDS("sde-multistep", "", "SDE-DPM-Solver"), ITP_SDE_MULTISTEP, 0},
            {ITP_WORDS("ancestral-multistep", "", "RES with noise"), ITP_ANCESTRAL_MULTISTEP, 0},
            {ITP_WORDS("lcm", "", "latent consistency"), ITP_LCM, 0},
            {ITP_WORDS("tcd", "", "trajectory consistency"), ITP_TCD, 0},
            {ITP_WORDS("er-sde", "", "ER-SDE-Solver"), ITP_ER_SDE, 0},
            {ITP_WORDS("langevin", "", "predictor and corrector"), ITP_LANGEVIN, 0});
ITP_CHOICES(form, "form", {ITP_WORDS("default", "", "the family's own"), ITP_FORM_DEFAULT, 0},
            {ITP_WORDS("data", "", "the data prediction"), ITP_FORM_DATA, 0},
            {ITP_WORDS("noise", "", "the noise prediction"), ITP_FORM_NOISE, 0},
            {ITP_WORDS("velocity", "", "the linear schedule's velocity"), ITP_FORM_VELOCITY, 0});
ITP_CHOICES(variable, "variable", {ITP_WORDS("default", "", "the family's own"), ITP_VARIABLE_DEFAULT, 0},
            {ITP_WORDS("lambda", "", "log(beta/alpha)"), ITP_VARIABLE_LAMBDA, 0},
            {ITP_WORDS("sigma", "", "-log sigma, sigma = 1 - u"), ITP_VARIABLE_SIGMA, 0});
ITP_CHOICES(weights, "weights", {ITP_WORDS("default", "", "the family's own"), ITP_WEIGHTS_DEFAULT, 0},
            {ITP_WORDS("midpoint", "", "a stage half way; DPM-Solver's own"), ITP_WEIGHTS_MIDPOINT, 0},
            {ITP_WORDS("heun", "", "a stage at the end"), ITP_WEIGHTS_HEUN, 0},
            {ITP_WORDS("ralston", "", "least error of order 2"), ITP_WEIGHTS_RALSTON, 0},
            {ITP_WORDS("bogacki-shampine", "", "order 3"), ITP_WEIGHTS_BOGACKI_SHAMPINE, 0},
            {ITP_WORDS("classic", "", "Runge and Kutta's"), ITP_WEIGHTS_CLASSIC, 0},
            {ITP_WORDS("three-eighths", "", "the 3/8 rule"), ITP_WEIGHTS_THREE_EIGHTHS, 0},
            {ITP_WORDS("tsitouras", "", "order 5"), ITP_WEIGHTS_TSITOURAS, 0},
            {ITP_WORDS("dormand-prince", "", "order 5"), ITP_WEIGHTS_DORMAND_PRINCE, 0},
            {ITP_WORDS("equal", "", "those of equal steps"), ITP_WEIGHTS_EQUAL, 0},
            {ITP_WORDS("exact", "", "exact for polynomials"), ITP_WEIGHTS_EXACT, 0},
            {ITP_WORDS("bh1", "", "UniPC, B(h) = h"), ITP_WEIGHTS_BH1, 0},
            {ITP_WORDS("bh2", "", "UniPC, B(h) = e^h - 1"), ITP_WEIGHTS_BH2, 0},
            {ITP_WORDS("vary", "", "UniPC, varying coefficients"), ITP_WEIGHTS_VARY, 0},
            {ITP_WORDS("sea", "", "shifted Euler"), ITP_WEIGHTS_SEA, 0},
            {ITP_WORDS("shark", "", "shifted, additive noise"), ITP_WEIGHTS_SHARK, 0},
            {ITP_WORDS("sra1", "", "Roessler's"), ITP_WEIGHTS_SRA1, 0},
            {ITP_WORDS("stages", "", "the stages of DPM-Solver-3"), ITP_WEIGHTS_STAGES, 0},
            {ITP_WORDS("gradient", "", "gradient estimation"), ITP_WEIGHTS_GRADIENT, 0},
            {ITP_WORDS("mean", "", "of two steps"), ITP_WEIGHTS_MEAN, 0},
            {ITP_WORDS("scaled", "", "longer steps"), ITP_WEIGHTS_SCALED, 0});
ITP_CHOICES(corrector, "corrector", {ITP_WORDS("none", "", "each evaluation is used once"), ITP_CORRECTOR_NONE, 0},
            {ITP_WORDS("end", "", "a step is corrected by that at its end"), ITP_CORRECTOR_END, 0});
ITP_CHOICES(final_order, "final-order", {ITP_WORDS("full", "", "every step has the solver's order"), ITP_FINAL_FULL, 0},
            {ITP_WORDS("lower", "lower-order-final", "at most as many as there are steps left"), ITP_FINAL_LOWER, 0});

/* ---- parts of lists ---- */

static const itp_named RESTARTS[] = {
    {ITP_WORDS("restart", "", "from the level low back up to high, several times"), 0, 0}};
#define OF_RESTART(field, others, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, others), .at = offsetof(itp_restart, field), __VA_ARGS__ \
    }
static const itp_field RESTART_FIELDS[] = {
    OF_RESTART(low, "", .range = ITP_ABOVE | ITP_NO_HIGH),
    OF_RESTART(high, "", .range = ITP_ABOVE | ITP_NO_HIGH),
    OF_RESTART(steps, "", .type = ITP_FIELD_WHOLE, .range = ITP_NO_HIGH, .low = 1),
    OF_RESTART(times, "", .type = ITP_FIELD_WHOLE, .range = ITP_NO_HIGH, .low = 1),
};
static void begin_restart(const itp_named *row, void *to)
{
    (void)row;
    memset(to, 0, sizeof(itp_restart));
}
const itp_kind itp_kind_restart = {.name = "restart",
                                   .rows = RESTARTS,
                                   .fields = RESTART_FIELDS,
                                   .stride = sizeof RESTARTS[0],
                                   .count = 1,
                                   .field_count = sizeof RESTART_FIELDS / sizeof RESTART_FIELDS[0],
                                   .size = sizeof(itp_restart),
                                   .fill = begin_restart};
