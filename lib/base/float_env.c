#include "base/float_env.h"

#if defined(__GNUC__) && defined(__x86_64__) && !defined(_WIN32)

#include <xmmintrin.h>

/* As a program starts: everything masked, to nearest, denormals kept; x87's likewise, with all of its precision. */
enum { SSE_DEFAULT = 0x1f80, X87_DEFAULT = 0x37f, FLAGS = 0x3f };

/* Hardly any host changes it, and to look takes a tenth of the time that the C library takes to set it: what a row of a
 * small network would notice. x87's matters to the C library's printing. */
static int is_default(unsigned int sse)
{
    unsigned short x87;
    __asm__ volatile("fnstcw %0" : "=m"(x87));
    return (sse & ~(unsigned int)FLAGS) == SSE_DEFAULT && x87 == X87_DEFAULT;
}

static unsigned int x87_flags(void)
{
    unsigned short status;
    __asm__ volatile("fnstsw %0" : "=m"(status));
    return status & FLAGS;
}

ITP_APART void itp_float_env_enter(itp_float_env *env)
{
    env->sse = _mm_getcsr();
    env->x87 = x87_flags();
    env->changed = !is_default(env->sse);
    if (env->changed) {
        (void)fegetenv(&env->host);
        (void)fesetenv(FE_DFL_ENV);
    }
}

ITP_APART int itp_float_env_leave(const itp_float_env *env, int status)
{
    if (env->changed) {
        (void)fesetenv(&env->host);
        return status;
    }
    int raised = (int)(x87_flags() & ~env->x87); /* by a BLAS, say */
    if (raised) {
        (void)feclearexcept(raised);
    }
    _mm_setcsr(env->sse);
    return status;
}

#else

ITP_APART void itp_float_env_enter(itp_float_env *env)
{
    (void)fegetenv(&env->host);
    (void)fesetenv(FE_DFL_ENV);
}

ITP_APART int itp_float_env_leave(const itp_float_env *env, int status)
{
    (void)fesetenv(&env->host);
    return status;
}

#endif
