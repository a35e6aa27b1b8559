#include "base/append.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void itp_append(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    size_t length = strlen(text);
    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start is one line up */
    (void)vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}
