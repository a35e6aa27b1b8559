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
    c->text[0] = 0;
    c->level = c->count = 0;
}

itp_env capture_env(capture *c)
{
    itp_env env = {ITP_SIZED(itp_env), .log = &c->log, .error = &c->error};
    capture_clear(c);
    c->error = (itp_error){ITP_SIZED(itp_error)};
    c->log = (itp_log){ITP_SIZED(itp_log), .write = remember, .user = c};
    return env;
}

int capture_has(const capture *c, const char *word)
{
    return strstr(c->text, word) != NULL;
}
