/* The small choices of a plan, and all kinds by their names. */
#ifndef ITP_PLAN_KINDS_H
#define ITP_PLAN_KINDS_H

#include <interp/kind.h>

#include "base/kind.h"

extern const itp_kind itp_kind_noise, itp_kind_start, itp_kind_last, itp_kind_singular, itp_kind_ends;

/* The kind of a name, in normal form; NULL: there is none. */
const itp_kind *itp_kind_by_name(const char *name, size_t length);

#endif
