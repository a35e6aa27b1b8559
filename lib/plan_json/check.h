/* The fingerprint as text: 64 bits are more than a number in JSON holds everywhere. */
#ifndef ITP_PLAN_JSON_CHECK_H
#define ITP_PLAN_JSON_CHECK_H

#include "plan/plan.h"

typedef struct itp_json_check {
    char text[24];
} itp_json_check;

itp_json_check itp_json_check_of(const itp_plan *plan);

#endif
