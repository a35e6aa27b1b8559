/* Objects that threads may share live as long as somebody holds them: the program, until it frees them, and every
 * object that points to them. */
#ifndef ITP_BASE_COUNT_H
#define ITP_BASE_COUNT_H

#include <stdint.h>
#include <string.h>

/* How many hold an object besides the one who made it: 0 in a new one. Of static objects, which may be constants: */
enum { ITP_COUNT_FOREVER = INT32_MAX };

#if defined(__GNUC__)
typedef int32_t itp_count;
#define ITP_COUNT_OF(count) __atomic_load_n(count, __ATOMIC_RELAXED)
#define ITP_COUNT_ADD(count, by) __atomic_fetch_add(count, by, __ATOMIC_ACQ_REL)
#else
#include <stdatomic.h>
typedef _Atomic int32_t itp_count;
#define ITP_COUNT_OF(count) atomic_load(count)
#define ITP_COUNT_ADD(count, by) atomic_fetch_add(count, by)
#endif

/* A shared object is constant but for its count, and for its end. */
static inline void *itp_not_constant(const void *object)
{
    void *same;
    memcpy(&same, &object, sizeof same);
    return same;
}

/* One more holds it. */
static inline void itp_count_take(const itp_count *count)
{
    if (ITP_COUNT_OF(count) != ITP_COUNT_FOREVER) {
        (void)ITP_COUNT_ADD((itp_count *)itp_not_constant(count), 1);
    }
}

/* One less; 1 where it was the last one. */
static inline int itp_count_drop(const itp_count *count)
{
    return ITP_COUNT_OF(count) != ITP_COUNT_FOREVER && ITP_COUNT_ADD((itp_count *)itp_not_constant(count), -1) == 0;
}

#endif
