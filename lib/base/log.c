#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/sized.h"

enum { SENTENCE = 320 };

static void write_sentence(const itp_log *log, int32_t level, const char *format, va_list arguments) ITP_PRINTF(3, 0);

static void write_sentence(const itp_log *log, int32_t level, const char *format, va_list arguments)
{
    char sentence[SENTENCE];
    if (log && log->write) {
        (void)vsnprintf(sentence, sizeof sentence, format, arguments);
        log->write(log->user, level, sentence);
    }
}

int itp_fail(const itp_log *log, int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(log, ITP_LOG_ERROR, format, arguments);
    va_end(arguments);
    return status;
}

void itp_warn(const itp_log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_sentence(log, ITP_LOG_WARNING, format, arguments);
    va_end(arguments);
}

int itp_stopped(const itp_log *log, const char *callback, int answer, int32_t row)
{
    int status = answer > 0 ? answer : ITP_E_CALLBACK;
    if (row < 0) {
        return itp_fail(log, status, "%s: the callback returned %d.", callback, answer);
    }
    return itp_fail(log, status, "%s: the callback returned %d in row %d.", callback, answer, (int)row);
}

int itp_log_from(const itp_log *hook, itp_log *out)
{
    const itp_log silent = ITP_LOG_INIT;
    *out = silent;
    return hook ? itp_struct_read(out, sizeof *out, hook) : ITP_OK;
}
