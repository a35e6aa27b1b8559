#include "base/desc.h"

#include <string.h>

#include "base/sized.h"

int itp_desc_read(void *known, size_t size, const void *desc, size_t log_at, itp_log *log)
{
    int status = desc ? itp_struct_read(known, size, desc) : ITP_E_ARGUMENT;
    if (status) {
        return status;
    }
    const void *hook;
    memcpy(&hook, (const unsigned char *)known + log_at, sizeof hook);
    return itp_log_from(hook, log);
}

int itp_desc_memory(const itp_allocator *hook, const itp_log *log, itp_memory *out)
{
    int status = itp_memory_from(hook, out);
    return status ? itp_fail(log, status, "allocator: give both functions, and the right size.") : ITP_OK;
}
