/* The sentence that goes with a status. */
#ifndef ITP_BASE_LOG_H
#define ITP_BASE_LOG_H

#include <interp/base.h>

#if defined(__MINGW32__) && !defined(__clang__)
#define ITP_PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#elif defined(__GNUC__)
#define ITP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define ITP_PRINTF(text, first)
#endif

/* Writes one formatted sentence to the hook (NULL: nowhere) and returns `status`. */
int itp_fail(const itp_log *log, int status, const char *format, ...) ITP_PRINTF(3, 4);

/* Something that works but is hardly meant. */
void itp_warn(const itp_log *log, const char *format, ...) ITP_PRINTF(2, 3);

/* A callback answered with a number that is not 0: the sentence, and what the call returns, a positive number itself.
 * `row` -1: it belongs to none. */
int itp_stopped(const itp_log *log, const char *callback, int answer, int32_t row);

/* The hook as a struct of our own size; `hook` NULL gives a silent one. */
int itp_log_from(const itp_log *hook, itp_log *out);

#endif
