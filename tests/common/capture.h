/* An environment whose log remembers the last sentence, and whose error has it too. */
#ifndef TEST_CAPTURE_H
#define TEST_CAPTURE_H

#include <interp/base.h>

typedef struct capture {
    char text[512]; /* the last message, cut to fit */
    int32_t level;
    int count;
    itp_log log;
    itp_error error;
} capture;

itp_env capture_env(capture *c); /* c is cleared */
void capture_clear(capture *c);  /* its log stays */
int capture_has(const capture *c, const char *word);

#endif
