/* Shifts that depend on the size of a picture. */
#include <interp/grid.h>

#include <math.h>

#include "base/float_env.h"

/* Shifts are exponentials. */
static int write_shift(double mu, double *shift)
{
    double value = exp(mu);
    if (!shift) {
        return ITP_E_ARGUMENT;
    }
    if (!(value > 0 && isfinite(value))) {
        return ITP_E_RANGE;
    }
    *shift = value;
    return ITP_OK;
}

static ITP_APART int shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high,
                                     double mu_high, double *shift)
{
    double mu = mu_low + (mu_high - mu_low) * ((tokens - tokens_low) / (tokens_high - tokens_low));
    return write_shift(tokens_low == tokens_high || !isfinite(tokens) ? NAN : mu, shift);
}

/* Two lines in the number of tokens, for 10 and for 200 steps, and between them a line in the number of steps. */
static ITP_APART int shift_of_flux2(double tokens, int32_t steps, double *shift)
{
    double many = 0.00016927 * tokens + 0.45666666, few = 8.73809524e-05 * tokens + 1.89833333;
    double mu = tokens > 4300 ? many : many + (many - few) * (steps - 200) / 190;
    return write_shift(tokens > 0 && steps > 0 ? mu : NAN, shift);
}

int itp_shift_of_flux2(double tokens, int32_t steps, double *shift)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, shift_of_flux2(tokens, steps, shift));
}

int itp_shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high, double mu_high,
                        double *shift)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, shift_of_tokens(tokens, tokens_low, mu_low, tokens_high, mu_high, shift));
}
