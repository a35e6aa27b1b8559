/* Writes the sentence of a failure or a warning to the caller's log and error. */
#ifndef ITP_BASE_LOG_H
#define ITP_BASE_LOG_H

#include <interp/base.h>

#include "base/append.h"

/* Where the sentences of an object go: a copy of the caller's log hook, without `write` where there is none, and the
 * caller's itp_error or NULL. */
typedef struct itp_report {
    itp_log hook;
    itp_error *error;
} itp_report;

/* Writes a formatted sentence to both (`log` NULL: to none) and returns `status`. The caller's itp_error keeps the last
 * sentence of a call. */
int itp_fail(const itp_report *log, int status, const char *format, ...) ITP_PRINTF(3, 4);

/* Writes a warning to the hook: the call does what it was told, but hardly what was meant. */
void itp_warn(const itp_report *log, const char *format, ...) ITP_PRINTF(2, 3);

/* Writes the sentence of a callback that returned `answer`, not 0, and returns what the library's call then returns,
 * see itp_answer. `row` -1: the callback belongs to no row. */
int itp_stopped(const itp_report *log, const char *callback, int answer, int32_t row);

/* What a call returns when its callback returned `answer`: a positive number itself, ITP_E_CALLBACK for a negative one.
 * And 1 for a status that may be such a number. */
int itp_answer(int answer);
int itp_is_answer(int status);

/* Called when a call with an environment begins, to clear the caller's itp_error, and when it ends with `status`, which
 * the itp_error then has. Returns `status`. */
void itp_report_begin(const itp_report *log);
int itp_report_end(const itp_report *log, int status);

#endif
