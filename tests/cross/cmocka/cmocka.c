#include "cmocka.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static jmp_buf end_of_test;

void mini_fail(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    longjmp(end_of_test, 1);
}

void print_message(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

void print_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

void _fail(const char *file, int line)
{
    mini_fail(file, line, "failed");
}

void mini_true(int good, const char *text, const char *file, int line)
{
    if (!good) mini_fail(file, line, "not true: %s", text);
}

void mini_integers(uintmax_t a, uintmax_t b, int equal, const char *text, const char *file, int line)
{
    if ((a == b) != equal) mini_fail(file, line, "%s: %lld, %lld", text, (long long)a, (long long)b);
}

void mini_range(uintmax_t x, uintmax_t low, uintmax_t high, const char *file, int line)
{
    if (x < low || x > high) {
        mini_fail(file, line, "%lld is not in %lld .. %lld", (long long)x, (long long)low, (long long)high);
    }
}

void mini_bytes(const void *a, const void *b, size_t size, int equal, const char *file, int line)
{
    if ((memcmp(a, b, size) == 0) != equal) mini_fail(file, line, "%s bytes", equal ? "other" : "the same");
}

void mini_strings(const char *a, const char *b, int equal, const char *file, int line)
{
    if ((strcmp(a, b) == 0) != equal) mini_fail(file, line, "\"%s\", \"%s\"", a, b);
}

static int run_one(const struct CMUnitTest *test, size_t number, void **state)
{
    int failed = setjmp(end_of_test) ? 1 : (test->run(state), 0);
    printf("%s %u - %s\n", failed ? "not ok" : "ok", (unsigned)number, test->name);
    return failed;
}

int mini_run(const struct CMUnitTest *tests, size_t count, int (*setup)(void **), int (*teardown)(void **))
{
    void *state = NULL;
    int failed = 0;
    if (setup && setup(&state)) return 1;
    printf("1..%u\n", (unsigned)count);
    for (size_t i = 0; i < count; i++) failed += run_one(&tests[i], i + 1, &state);
    if (teardown && teardown(&state)) return 1;
    return failed;
}
