/* The allocator hook as the library uses it: resolved once, carried by every object. */
#ifndef ITP_BASE_MEMORY_H
#define ITP_BASE_MEMORY_H

#include <interp/base.h>

typedef struct itp_memory {
    void *(ITP_CALL *alloc)(void *user, size_t size, size_t alignment);
    void(ITP_CALL *free)(void *user, void *memory, size_t size);
    void *user;
} itp_memory;

/* `hook` NULL: malloc and free. Returns what itp_struct_read does, or ITP_E_ARGUMENT for a hook with only one of its
 * two functions. */
int itp_memory_from(const itp_allocator *hook, itp_memory *out);

/* Memory that is not cleared; NULL where there is none, or where size is 0. */
void *itp_memory_alloc(const itp_memory *memory, size_t size, size_t alignment);
/* count * size cleared bytes, aligned for any scalar; NULL also where the product overflows. */
void *itp_memory_array(const itp_memory *memory, size_t count, size_t size);
void itp_memory_free(const itp_memory *memory, void *pointer, size_t size);

#endif
