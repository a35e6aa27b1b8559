#include "noise/normal.h"

#include <float.h>
#include <string.h>

#include "base/float_env.h"
#include "noise/normal_path.h"

_Static_assert(FLT_EVAL_METHOD != 1 && FLT_EVAL_METHOD != 2, "the normals need float32 arithmetic, not x87's");

enum { WIDEN_AT_ONCE = 4 * ITP_NORMAL_GROUP };

/* `count` normals that lie in one group's worth of blocks, from the element `first` on. */
static void fill_part(const itp_normal_path *path, uint64_t seed, uint64_t sample, uint32_t m, uint64_t first,
                      float *out, size_t count)
{
    float group[ITP_NORMAL_GROUP];
    path->run(seed, sample, m, (uint32_t)(first / 4), 1, group);
    memcpy(out, group + first % 4, count * sizeof *out);
}

void itp_normal_fill_by(const itp_normal_path *path, uint64_t seed, uint64_t sample, uint32_t m, uint64_t first,
                        float *out, size_t count)
{
    size_t skip = (size_t)(first % 4), head = skip ? ITP_NORMAL_GROUP - skip : 0;
    head = head < count ? head : count;
    if (head) fill_part(path, seed, sample, m, first, out, head);
    size_t groups = (count - head) / ITP_NORMAL_GROUP, whole = ITP_NORMAL_GROUP * groups, tail = count - head - whole;
    if (groups) path->run(seed, sample, m, (uint32_t)((first + head) / 4), groups, out + head);
    if (tail) fill_part(path, seed, sample, m, first + head + whole, out + head + whole, tail);
}

void itp_normal_fill_f32(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, float *out, size_t count)
{
    itp_normal_fill_by(itp_normal_path_at(0), seed, sample, m, first, out, count);
}

static void widen(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, double *out, size_t count)
{
    float narrow[WIDEN_AT_ONCE];
    for (size_t done = 0, part; done < count; done += part) {
        part = count - done < WIDEN_AT_ONCE ? count - done : WIDEN_AT_ONCE;
        itp_normal_fill_f32(seed, sample, m, first + done, narrow, part);
        for (size_t i = 0; i < part; i++) out[done + i] = (double)narrow[i];
    }
}

static ITP_APART int normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, int32_t type, void *out,
                             size_t count)
{
    const uint64_t limit = (uint64_t)1 << 34; /* 2^32 blocks of four */
    if (!out && count) return ITP_E_ARGUMENT;
    if (type != ITP_FLOAT32 && type != ITP_FLOAT64) return ITP_E_UNSUPPORTED;
    if (first > limit || count > limit - first) return ITP_E_RANGE;
    if (type == ITP_FLOAT32) {
        itp_normal_fill_f32(seed, sample, m, first, out, count);
    } else {
        widen(seed, sample, m, first, out, count);
    }
    return ITP_OK;
}

int itp_noise_request_check(const void *generator, const itp_noise_request *request, const void *out)
{
    if (!generator || !request || !out || !ITP_HAS(request, type)) return ITP_E_ARGUMENT;
    return request->type == ITP_FLOAT32 || request->type == ITP_FLOAT64 ? ITP_OK : ITP_E_UNSUPPORTED;
}

int itp_normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, int32_t type, void *out, size_t count)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, normals(seed, sample, m, first, type, out, count));
}
