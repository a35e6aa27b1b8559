#include "plan_json/check.h"

#include <inttypes.h>
#include <stdio.h>

itp_json_check itp_json_check_of(const itp_plan *plan)
{
    itp_json_check check;
    (void)snprintf(check.text, sizeof check.text, "%016" PRIx64, itp_plan_fingerprint(plan));
    return check;
}
