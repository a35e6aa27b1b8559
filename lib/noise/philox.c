#include "noise/philox.h"

void itp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    if (!counter || !key || !out) return;
    itp_philox_state s = {counter[0], counter[1], counter[2], counter[3], key[0], key[1]};
    s = itp_philox_rounds(s);
    out[0] = s.x0;
    out[1] = s.x1;
    out[2] = s.x2;
    out[3] = s.x3;
}
