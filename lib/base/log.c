#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/sized.h"

static void put_error(const itp_report *log, int status, const char *sentence)
{
    if (!log->error) {
        return;
    }
    itp_error said = {.size = sizeof said, .status = status};
    const char *colon = strchr(sentence, ':');
    if (colon && (size_t)(colon - sentence) < sizeof said.field) {
        memcpy(said.field, sentence, (size_t)(colon - sentence));
    }
    memcpy(said.text, sentence, strlen(sentence));
    (void)itp_struct_write(log->error, &said, sizeof said);
}

static void write_sentence(const itp_report *log, int status, const char *format, va_list arguments) ITP_PRINTF(3, 0);

/* `status` 0: a warning. */
static void write_sentence(const itp_report *log, int status, const char *format, va_list arguments)
{
    char sentence[sizeof log->error->text];
    if (!log || !(log->hook.write || log->error)) {
        return;
    }
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    if (status) {
        put_error(log, status, sentence);
    }
    if (log->hook.write) {
        log->hook.write(log->hook.user, status ? ITP_LOG_ERROR : ITP_LOG_WARNING, sentence);
    }
}

int itp_fail(const itp_report *log, int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(log, status, format, arguments);
    va_end(arguments);
    return status;
}

void itp_warn(const itp_report *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(log, ITP_OK, format, arguments);
    va_end(arguments);
}

int itp_answer(int answer)
{
    return answer > 0 ? answer : answer < 0 ? (int)ITP_E_CALLBACK : ITP_OK;
}

int itp_is_answer(int status)
{
    return status > 0 || status == ITP_E_CALLBACK;
}

int itp_stopped(const itp_report *log, const char *callback, int answer, int32_t row)
{
    int status = itp_answer(answer);
    if (row < 0) {
        return itp_fail(log, status, "%s: the callback returned %d.", callback, answer);
    }
    return itp_fail(log, status, "%s: the callback returned %d in row %d.", callback, answer, (int)row);
}

void itp_report_begin(const itp_report *log)
{
    put_error(log, ITP_OK, "");
}

/* A failure that has no sentence of its own gets the sentence of its status. */
int itp_report_end(const itp_report *log, int status)
{
    if (log->error && status == ITP_OK) {
        put_error(log, ITP_OK, "");
    } else if (log->error) {
        char sentence[sizeof log->error->text];
        int said = log->error->status != ITP_OK && log->error->text[0];
        (void)snprintf(sentence, sizeof sentence, "%s", said ? log->error->text : itp_status_string(status));
        put_error(log, status, sentence);
    }
    return status;
}
