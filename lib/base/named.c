#include "base/named.h"

#include <string.h>

int32_t itp_named_find(const itp_label *table, int32_t count, const char *name)
{
    for (int32_t i = 0; name && i < count; i++) {
        if (!strcmp(table[i].name, name)) {
            return table[i].id;
        }
    }
    return name ? ITP_E_UNSUPPORTED : ITP_E_ARGUMENT;
}

const char *itp_named_name(const itp_label *table, int32_t count, int32_t id)
{
    for (int32_t i = 0; i < count; i++) {
        if (table[i].id == id) {
            return table[i].name;
        }
    }
    return NULL;
}

int32_t itp_named_id(const itp_label *table, int32_t count, int32_t i)
{
    return i >= 0 && i < count ? table[i].id : 0;
}
