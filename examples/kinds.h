/* Ids and names of what the library has, by kind: "grid", "schedule", "solver", ... */
#ifndef EXAMPLES_KINDS_H
#define EXAMPLES_KINDS_H

#include <interp/kind.h>
#include <stddef.h>
#include <string.h>

/* Without the text of its parameters an entry is made sooner. */

/* The id of a name, or a negative status. */
static inline int32_t kind_id(const char *kind, const char *name)
{
    itp_entry entry = {.size = offsetof(itp_entry, parameters)};
    int status = itp_kind_find(kind, name, &entry);
    return status ? status : entry.id;
}

/* What stands at a place; NULL, 0 past the end. The last solver needs a tableau beside its name, and is left out. */
static inline const char *kind_name_at(const char *kind, int32_t place)
{
    itp_entry entry = {.size = offsetof(itp_entry, parameters)};
    int past = itp_kind_at(kind, place, &entry);
    return past || (entry.needs && !strcmp(kind, "solver")) ? NULL : entry.name;
}

static inline int32_t kind_at(const char *kind, int32_t place)
{
    itp_entry entry = {.size = offsetof(itp_entry, parameters)};
    return itp_kind_at(kind, place, &entry) ? 0 : entry.id;
}

/* The name of an id; NULL: there is none. */
static inline const char *kind_name(const char *kind, int32_t id)
{
    itp_entry entry = {.size = offsetof(itp_entry, parameters)};
    for (int32_t i = 0; itp_kind_at(kind, i, &entry) == ITP_OK; i++) {
        if (entry.id == id) return entry.name;
    }
    return NULL;
}

#endif
