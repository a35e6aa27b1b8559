/* Assertions on doubles and on statuses, with the row of the table that failed in the message. */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* |got - want| <= tol max(1, |want|); infinities must be equal; a NaN always fails. */
void check_near_at(const char *label, double got, double want, double tol, const char *file, int line);
#define check_near(label, got, want, tol) check_near_at(label, got, want, tol, __FILE__, __LINE__)

/* Bit for bit, save that -0 and 0 are the same. */
void check_same_at(const char *label, double got, double want, const char *file, int line);
#define check_same(label, got, want) check_same_at(label, got, want, __FILE__, __LINE__)

void check_status_at(const char *label, int got, int want, const char *file, int line);
#define check_status(label, got, want) check_status_at(label, got, want, __FILE__, __LINE__)

void check_true_at(const char *label, int holds, const char *text, const char *file, int line);
#define check_true(label, holds) check_true_at(label, (holds) != 0, #holds, __FILE__, __LINE__)

/* Number of elements of an array. */
#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* "name[i]" or "name at t" in the caller's buffer, for labels. */
typedef struct label {
    char text[96];
} label;
const char *label_index(label *out, const char *name, int i);
const char *label_at(label *out, const char *name, double t);

#endif
