/* What every function that takes a description begins with. */
#ifndef ITP_BASE_DESC_H
#define ITP_BASE_DESC_H

#include "base/log.h"
#include "base/memory.h"

/* Reads the caller's `desc` (NULL: ITP_E_ARGUMENT) into `known` of `size` bytes, as itp_struct_read does, and the log
 * hook whose pointer stands there, at the offset log_at, into `log`. */
int itp_desc_read(void *known, size_t size, const void *desc, size_t log_at, itp_log *log);

/* itp_memory_from, with its sentence. */
int itp_desc_memory(const itp_allocator *hook, const itp_log *log, itp_memory *out);

#endif
