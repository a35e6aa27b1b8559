/* Appends formatted text to a text of limited size. */
#ifndef ITP_BASE_APPEND_H
#define ITP_BASE_APPEND_H

#include <stddef.h>

/* Declares a function whose argument number `text` is a format and whose values begin at number `first`. */
#if defined(__MINGW32__) && !defined(__clang__)
#define ITP_PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#elif defined(__GNUC__)
#define ITP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define ITP_PRINTF(text, first)
#endif

/* Appends to `text`, which has room for `size` bytes; what does not fit is left out. */
void itp_append(char *text, size_t size, const char *format, ...) ITP_PRINTF(3, 4);

#endif
