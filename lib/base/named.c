#include "base/named.h"

#include <string.h>

int32_t itp_kind_find_id(const itp_kind *kind, const char *name)
{
    const itp_named *row = name ? itp_kind_called(kind, name, strlen(name), NULL) : NULL;
    return row ? row->id : name ? ITP_E_UNSUPPORTED : ITP_E_ARGUMENT;
}

const char *itp_kind_name_of(const itp_kind *kind, int32_t id)
{
    return id ? itp_kind_name(kind, id) : NULL;
}

int32_t itp_kind_id_at(const itp_kind *kind, int32_t i)
{
    const itp_named *row = itp_kind_row(kind, i);
    return row ? row->id : 0;
}
