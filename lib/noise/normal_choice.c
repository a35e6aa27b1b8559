#include "noise/normal_path.h"

const itp_normal_path *itp_normal_path_at(int32_t i)
{
    const itp_normal_path *path = itp_normal_path_avx512();
    if (path && i-- == 0) return path;
    path = itp_normal_path_avx2();
    if (path && i-- == 0) return path;
    path = itp_normal_path_neon();
    if (path && i-- == 0) return path;
    return i == 0 ? itp_normal_path_portable() : NULL;
}
