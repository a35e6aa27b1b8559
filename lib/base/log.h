/* The sentence that goes with a status, and where it goes. */
#ifndef ITP_BASE_LOG_H
#define ITP_BASE_LOG_H

#include <interp/base.h>

#include "base/append.h"

/* Those of a caller's itp_env that are told: the hook, a copy (write NULL: nobody), and the caller's struct or NULL. */
typedef struct itp_report {
    itp_log hook;
    itp_error *error;
} itp_report;

/* Writes one formatted sentence to both (`log` NULL: nowhere) and returns `status`. The last one of a call stays in the
 * caller's struct. */
int itp_fail(const itp_report *log, int status, const char *format, ...) ITP_PRINTF(3, 4);

/* Something that works but is hardly meant: to the hook only. */
void itp_warn(const itp_report *log, const char *format, ...) ITP_PRINTF(2, 3);

/* A callback answered with a number that is not 0: the sentence, and what the call returns, a positive number itself.
 * `row` -1: it belongs to none. */
int itp_stopped(const itp_report *log, const char *callback, int answer, int32_t row);

/* What a call returns whose callback answered with a number that is not 0; and whether a status is one of those. */
int itp_answer(int answer);
int itp_is_answer(int status);

/* A call with an environment begins: forgets what an earlier one left in the caller's struct; and ends with `status`,
 * which it returns, 0 or an error that the struct then has. */
void itp_report_begin(const itp_report *log);
int itp_report_end(const itp_report *log, int status);

#endif
