/* Where a fitted plan comes from. */
#ifndef ITP_PLAN_JSON_ORIGIN_H
#define ITP_PLAN_JSON_ORIGIN_H

#include <interp/plan.h>

#include "plan_json/fields.h"

/* `item` NULL: there is none, and *out stays. ITP_E_ARGUMENT, ITP_E_RANGE. */
int itp_json_read_origin(const itp_report *log, const cJSON *item, itp_plan_origin *out);

#endif
