/* The example's reader of safetensors files, over bytes that the page holds in memory. */
#define _POSIX_C_SOURCE 200809L /* fmemopen */
#include "weights_file.h"

#include <stdio.h>

static struct {
    void *bytes;
    size_t size;
} page; /* what the one file contains */

static FILE *open_page(const char *path, const char *mode)
{
    (void)path;
    return page.bytes ? fmemopen(page.bytes, page.size, mode) : NULL;
}

#define fopen open_page
#include "../../../examples/fashion/safetensors.c"
#undef fopen

const char *weights_file_open(void *bytes, size_t size, safetensors **out)
{
    page.bytes = bytes;
    page.size = size;
    const char *why = safetensors_open("", out);
    page.bytes = NULL;
    return why;
}
