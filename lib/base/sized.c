#include "base/sized.h"

#include <string.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int usable(size_t size)
{
    return size >= sizeof(size_t) && size <= ITP_STRUCT_LARGEST;
}

int itp_struct_read_since(void *to, size_t size, size_t first, const void *from)
{
    size_t theirs;
    memcpy(&theirs, from, sizeof theirs);
    if (!usable(theirs)) {
        return ITP_E_SIZE;
    }
    for (size_t i = size; i < theirs; i++) {
        if (((const unsigned char *)from)[i]) {
            return ITP_E_NEWER;
        }
    }
    if (theirs < first) {
        return ITP_E_OLDER;
    }
    memset(to, 0, size);
    memcpy(to, from, smaller(size, theirs));
    memcpy(to, &size, sizeof size);
    return ITP_OK;
}

int itp_struct_read(void *to, size_t size, const void *from)
{
    return itp_struct_read_since(to, size, size, from);
}

int itp_struct_untouched(const void *room, size_t known)
{
    for (size_t i = known; i < ITP_CALLBACK_ROOM; i++) {
        if (((const unsigned char *)room)[i]) {
            return ITP_E_NEWER;
        }
    }
    return ITP_OK;
}

int itp_struct_check(const void *to)
{
    size_t theirs;
    memcpy(&theirs, to, sizeof theirs);
    return usable(theirs) ? ITP_OK : ITP_E_SIZE;
}

int itp_struct_write(void *to, const void *from, size_t size)
{
    size_t theirs;
    if (itp_struct_check(to)) {
        return ITP_E_SIZE;
    }
    memcpy(&theirs, to, sizeof theirs);
    memcpy(to, from, smaller(size, theirs));
    memcpy(to, &theirs, sizeof theirs);
    return ITP_OK;
}
