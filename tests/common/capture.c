#include "capture.h"

#include <stdio.h>
#include <string.h>

static void remember(void *user, int32_t level, const char *message)
{
    capture *c = user;
    snprintf(c->text, sizeof c->text, "%s", message);
    c->level = level;
    c->count++;
}

void capture_clear(capture *c)
{
    memset(c, 0, sizeof *c);
}

itp_log capture_log(capture *c)
{
    itp_log log = ITP_LOG_INIT;
    capture_clear(c);
    log.write = remember;
    log.user = c;
    return log;
}

int capture_has(const capture *c, const char *word)
{
    return strstr(c->text, word) != NULL;
}
