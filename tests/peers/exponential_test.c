/* The exponential solvers against the same solvers of diffusers and k-diffusion, in float64: at the noise levels that
 * the peer made, on the exact denoiser.
 *
 * k-diffusion's 3M SDE at eta 0 is "dpmpp-3m-heun": its second step, of order 2, is weighed as DPM-Solver's "heun"; its
 * DPM++ SDE at eta 0 is "dpmpp-2s"; its DPM-2 is "dpm-2s". */
#include "../common/check.h"
#include "exponential_rows.h"

static void every_row(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(exponential_rows); i++) peer_check(&exponential_rows[i], 1e-12);
}

/* The linear part is exact, so the schedule sampled under does not show in the samples. */
static void under_another_schedule(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_LAZY, ITP_SCHEDULE_POINT_MASS};
    (void)state;
    for (int i = 0; i < COUNT(exponential_rows); i++) {
        peer_row row = exponential_rows[i];
        row.sampling = kinds[i % COUNT(kinds)];
        peer_check(&row, 1e-11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row),
        cmocka_unit_test(under_another_schedule),
    };
    return cmocka_run_group_tests_name("exponential", tests, NULL, NULL);
}
