/* Ids with names: the lookups behind itp_*_find, itp_*_name and itp_*_id. */
#ifndef ITP_BASE_NAMED_H
#define ITP_BASE_NAMED_H

#include <interp/base.h>

typedef struct itp_label {
    int32_t id;
    const char *name;
} itp_label;

int32_t itp_named_find(const itp_label *table, int32_t count, const char *name);
const char *itp_named_name(const itp_label *table, int32_t count, int32_t id);
int32_t itp_named_id(const itp_label *table, int32_t count, int32_t i);

#endif
