#include "base/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/number.h"

void itp_put(itp_page *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = to->length < to->capacity ? to->capacity - to->length : 0;
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start is two lines up */
    int written = vsnprintf(room ? to->text + to->length : NULL, room, format, arguments);
    va_end(arguments);
    to->length += written > 0 ? (size_t)written : 0;
}

void itp_put_number(itp_page *to, const char *before, double value)
{
    char text[ITP_NUMBER_ROOM];
    (void)itp_number_print(value, text);
    itp_put(to, "%s%s", before, text);
}
