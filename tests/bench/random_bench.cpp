/* Normals from the standard library of C++. */
#include <random>

#include "peers.h"

extern "C" void peers_random_normals(float *out, size_t count)
{
    static std::mt19937 generator(1);
    std::normal_distribution<float> normal;
    for (size_t i = 0; i < count; i++) out[i] = normal(generator);
}
