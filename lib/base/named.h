/* The lookups behind itp_*_find, itp_*_name and itp_*_id. */
#ifndef ITP_BASE_NAMED_H
#define ITP_BASE_NAMED_H

#include "base/kind.h"

int32_t itp_kind_find_id(const itp_kind *kind, const char *name);
const char *itp_kind_name_of(const itp_kind *kind, int32_t id);
int32_t itp_kind_id_at(const itp_kind *kind, int32_t i);

#endif
