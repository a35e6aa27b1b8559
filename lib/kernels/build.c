/* What the library was built with, by name. */
#include <string.h>

#include "kernels/kernels.h"

static int has_json(void)
{
#if defined(ITP_HAVE_CJSON)
    return 1;
#else
    return 0;
#endif
}

static int has_openblas(void)
{
#if defined(ITP_HAVE_OPENBLAS)
    return 1;
#else
    return 0;
#endif
}

static int has_lapack(void)
{
#if defined(ITP_HAVE_LAPACK)
    return 1;
#else
    return 0;
#endif
}

static int has_avx512(void)
{
    return itp_combine_avx512(ITP_FLOAT32) != NULL;
}

static int has_avx2(void)
{
    return itp_combine_avx2(ITP_FLOAT32) != NULL;
}

static int has_neon(void)
{
    return itp_combine_neon(ITP_FLOAT32) != NULL;
}

int itp_build_has(const char *what)
{
    static const struct {
        const char *name;
        int (*has)(void);
    } parts[] = {{"json", has_json},     {"openblas", has_openblas}, {"lapack", has_lapack},
                 {"avx512", has_avx512}, {"avx2", has_avx2},         {"neon", has_neon}};
    for (size_t i = 0; what && i < sizeof parts / sizeof *parts; i++) {
        if (!strcmp(parts[i].name, what)) {
            return parts[i].has();
        }
    }
    return 0;
}
