#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/sized.h"

#ifdef _WIN32
#include <malloc.h>
#endif

static void *ITP_CALL default_alloc(void *user, size_t size, size_t alignment)
{
    (void)user;
#ifdef _WIN32
    return _aligned_malloc(size, alignment);
#else
    return size > SIZE_MAX - alignment ? NULL
                                       : aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
#endif
}

static void ITP_CALL default_free(void *user, void *memory, size_t size)
{
    (void)user;
    (void)size;
#ifdef _WIN32
    _aligned_free(memory);
#else
    free(memory);
#endif
}

int itp_memory_from(const itp_allocator *hook, itp_memory *out)
{
    itp_allocator known = ITP_ALLOCATOR_INIT;
    if (hook) {
        int status = itp_struct_read(&known, sizeof known, hook);
        if (status) {
            return status;
        }
    }
    if (!known.alloc != !known.free) {
        return ITP_E_ARGUMENT;
    }
    out->alloc = known.alloc ? known.alloc : default_alloc;
    out->free = known.free ? known.free : default_free;
    out->user = known.user;
    return ITP_OK;
}

void *itp_memory_alloc(const itp_memory *memory, size_t size, size_t alignment)
{
    return size ? memory->alloc(memory->user, size, alignment) : NULL;
}

void *itp_memory_array(const itp_memory *memory, size_t count, size_t size)
{
    if (!count || count > SIZE_MAX / 2 / size) {
        return NULL;
    }
    void *array = itp_memory_alloc(memory, count * size, sizeof(double));
    if (array) {
        memset(array, 0, count * size);
    }
    return array;
}

void itp_memory_free(const itp_memory *memory, void *pointer, size_t size)
{
    if (pointer) {
        memory->free(memory->user, pointer, size);
    }
}
