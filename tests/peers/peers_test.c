/* The ODE solvers against the same solvers elsewhere (diffusers, k-diffusion), run in float64 on the exact denoiser: in
 * the sampling schedule that the peer works in, at the peer's own noise levels.
 *
 * k-diffusion's LMS is Adams-Bashforth in sigma, so "ab4" under "ve"; its Heun, diffusers' too, takes the last step, to
 * sigma = 0, by Euler's method: a denoiser has no velocity there, and so does ours. */
#include "../common/check.h"
#include "../common/mixture.h"
#include "ode_rows.h"

static void ode_solvers(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(ode_rows); i++) peer_check(&ode_rows[i], 1e-9);
}

/* A step of Euler's method in sigma and one under the linear schedule are both DDIM's. */
static void euler_under_the_linear_schedule(void **state)
{
    (void)state;
    peer_row row = ode_rows[0];
    row.sampling = ITP_SCHEDULE_LINEAR;
    assert_int_equal(row.solver, "euler");
    assert_int_equal(row.path, PEER_VE);
    peer_check(&row, 1e-9);
}

/* iPNDM as the EDM family writes it (2204.13902): fixed Adams-Bashforth weights on (x - D)/sigma. */
static double ipndm(const double *sigma, int steps, int order, double x)
{
    static const double weights[4][4] = {
        {1}, {1.5, -.5}, {23. / 12, -16. / 12, 5. / 12}, {55. / 24, -59. / 24, 37. / 24, -9. / 24}};
    mixture target = mixture_two_modes();
    double past[4] = {0};
    for (int i = 0; i < steps; i++) {
        int known = i + 1 < order ? i + 1 : order;
        for (int j = 3; j > 0; j--) past[j] = past[j - 1];
        past[0] = (x - mixture_data(&target, sigma[i], 1, x)) / sigma[i];
        for (int j = 0; j < known; j++) x += (sigma[i + 1] - sigma[i]) * weights[known - 1][j] * past[j];
    }
    return x;
}

static void ipndm_in_sigma(void **state)
{
    static const char *const names[] = {"ipndm-1", "ipndm-2", "ipndm-3", "ipndm-4"};
    (void)state;
    for (int order = 1; order <= 4; order++) {
        peer_row row = ode_rows[0];
        row.name = names[order - 1];
        row.solver = row.name;
        for (int i = 0; i < PEER_POINTS; i++)
            row.want[i] = ipndm(row.sigma, row.steps, order, peer_start[i] * row.sigma[0]);
        peer_check(&row, 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ode_solvers),
        cmocka_unit_test(euler_under_the_linear_schedule),
        cmocka_unit_test(ipndm_in_sigma),
    };
    return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
