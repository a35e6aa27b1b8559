/* The floating point environment: traps, rounding, what becomes of denormals. Hosts change all of them. What the
 * library computes must neither trap nor depend on them, and the flags that it raises are not the host's.
 *
 * So a public function that computes is three lines: it enters the default environment, has the work done by another
 * function, and leaves. The work is ITP_APART, so that no compiler moves arithmetic over the two calls, which it does
 * not know to matter. Callbacks that belong to a run (network, hooks, features, progress, parallel_for) get the host's
 * environment back for as long as they run; those that only answer a number (schedules, times, k) do not. */
#ifndef ITP_BASE_FLOAT_ENV_H
#define ITP_BASE_FLOAT_ENV_H

#include <fenv.h>

#include "base/arithmetic.h"

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 8
#define ITP_APART __attribute__((noipa))
#elif defined(__GNUC__)
#define ITP_APART __attribute__((noinline))
#elif defined(_MSC_VER)
#define ITP_APART __declspec(noinline)
#else
#define ITP_APART
#endif

typedef struct itp_float_env {
    fenv_t host;
    unsigned int sse, x87; /* x86-64: the host's control and flags of SSE, the host's flags of x87 */
    int changed;           /* from the default */
} itp_float_env;

/* Keeps the host's environment and sets the default one: nothing traps, rounding to nearest, denormals as IEEE has
 * them. */
ITP_APART void itp_float_env_enter(itp_float_env *env);

/* Back to what the host had, flags included. Returns `status`, which makes a return of both. */
ITP_APART int itp_float_env_leave(const itp_float_env *env, int status);

#endif
