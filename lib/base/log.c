#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/sized.h"

enum { SENTENCE = 320 };

int itp_fail(const itp_log *log, int status, const char *format, ...)
{
    if (log && log->write) {
        char sentence[SENTENCE];
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(sentence, sizeof sentence, format, arguments);
        va_end(arguments);
        log->write(log->user, ITP_LOG_ERROR, sentence);
    }
    return status;
}

int itp_log_from(const itp_log *hook, itp_log *out)
{
    const itp_log silent = ITP_LOG_INIT;
    *out = silent;
    return hook ? itp_struct_read(out, sizeof *out, hook) : ITP_OK;
}
