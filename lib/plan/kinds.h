/* The small choices of a plan. */
#ifndef ITP_PLAN_KINDS_H
#define ITP_PLAN_KINDS_H

#include <interp/kind.h>

#include "base/kind.h"

extern const itp_kind itp_kind_noise, itp_kind_start, itp_kind_last, itp_kind_singular, itp_kind_ends, itp_kind_column;

#endif
