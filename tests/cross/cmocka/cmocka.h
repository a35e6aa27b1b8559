/* The small part of cmocka that the unit tests use, for platforms that have a compiler here but no cmocka: the same
 * names, TAP on stdout, a failed assertion ends its test. */
#ifndef TESTS_CROSS_CMOCKA_H
#define TESTS_CROSS_CMOCKA_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define test_malloc malloc
#define test_calloc calloc
#define test_free free

struct CMUnitTest {
    const char *name;
    void (*run)(void **state);
};

#define cmocka_unit_test(function) \
    { \
#function, function \
    }
#define cmocka_run_group_tests(tests, setup, teardown) \
    mini_run(tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown) cmocka_run_group_tests(tests, setup, teardown)

/* The number of tests that failed. */
int mini_run(const struct CMUnitTest *tests, size_t count, int (*setup)(void **), int (*teardown)(void **));

#if defined(__MINGW32__)
#define MINI_PRINTF(at) __attribute__((format(gnu_printf, at, (at) + 1)))
#elif defined(__GNUC__)
#define MINI_PRINTF(at) __attribute__((format(printf, at, (at) + 1)))
#else
#define MINI_PRINTF(at)
#endif

/* Says where and why, and ends the test. */
_Noreturn void mini_fail(const char *file, int line, const char *format, ...) MINI_PRINTF(3);
void print_message(const char *format, ...) MINI_PRINTF(1);
void print_error(const char *format, ...) MINI_PRINTF(1);
_Noreturn void _fail(const char *file, int line); /* NOLINT(bugprone-reserved-identifier): cmocka's name */

void mini_true(int good, const char *text, const char *file, int line);
void mini_integers(uintmax_t a, uintmax_t b, int equal, const char *text, const char *file, int line);
void mini_range(uintmax_t x, uintmax_t low, uintmax_t high, const char *file, int line);
void mini_bytes(const void *a, const void *b, size_t size, int equal, const char *file, int line);
void mini_strings(const char *a, const char *b, int equal, const char *file, int line);

#define assert_true(x) mini_true((x) ? 1 : 0, #x, __FILE__, __LINE__)
#define assert_false(x) mini_true((x) ? 0 : 1, "not " #x, __FILE__, __LINE__)
#define assert_non_null(x) mini_true((x) != NULL, #x, __FILE__, __LINE__)
#define assert_null(x) mini_true((x) == NULL, "not " #x, __FILE__, __LINE__)
#define assert_ptr_equal(a, b) mini_true((const void *)(a) == (const void *)(b), #a " is " #b, __FILE__, __LINE__)
#define assert_ptr_not_equal(a, b) mini_true((const void *)(a) != (const void *)(b), #a " is " #b, __FILE__, __LINE__)
#define assert_int_equal(a, b) mini_integers((uintmax_t)(a), (uintmax_t)(b), 1, #a ", " #b, __FILE__, __LINE__)
#define assert_int_not_equal(a, b) mini_integers((uintmax_t)(a), (uintmax_t)(b), 0, #a ", " #b, __FILE__, __LINE__)
#define assert_in_range(x, low, high) \
    mini_range((uintmax_t)(x), (uintmax_t)(low), (uintmax_t)(high), __FILE__, __LINE__)
#define assert_memory_equal(a, b, size) mini_bytes(a, b, size, 1, __FILE__, __LINE__)
#define assert_memory_not_equal(a, b, size) mini_bytes(a, b, size, 0, __FILE__, __LINE__)
#define assert_string_equal(a, b) mini_strings(a, b, 1, __FILE__, __LINE__)
#define assert_string_not_equal(a, b) mini_strings(a, b, 0, __FILE__, __LINE__)
#define fail_msg(...) mini_fail(__FILE__, __LINE__, __VA_ARGS__)

#endif
