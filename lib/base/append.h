/* Formatted text at the end of a text that has room for only so much. */
#ifndef ITP_BASE_APPEND_H
#define ITP_BASE_APPEND_H

#include <stddef.h>

/* A function with a format, its number among the arguments, and that of the first value. */
#if defined(__MINGW32__) && !defined(__clang__)
#define ITP_PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#elif defined(__GNUC__)
#define ITP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define ITP_PRINTF(text, first)
#endif

/* What does not fit into `size` bytes is left out. */
void itp_append(char *text, size_t size, const char *format, ...) ITP_PRINTF(3, 4);

#endif
