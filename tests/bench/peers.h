/* What peers_bench.py calls by way of ctypes: ours and a C programmer's way through a plan, C++'s normals, and the
 * example network. Everything runs on the calling thread. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stddef.h>
#include <stdint.h>

#include <interp/interp.h>

#ifdef __cplusplus
extern "C" {
#endif

/* plan_steps.c: runs at most `rows` rows of the sampler's plan. The network's output is `velocity`, of `count`
 * elements, or, where that is NULL, whatever the output array holds: a network that costs nothing. */
int peers_advance(itp_sampler *sampler, int32_t rows, const float *velocity, size_t count);

/* saxpy_chain.c: the update as a chain of elementary loops, each of them a pass of its own over memory. */
typedef struct peers_chain peers_chain;
enum { PEERS_EULER = 0, PEERS_AB2 = 1, PEERS_DPMPP_2M = 2, PEERS_UNIPC_2 = 3, PEERS_SDE_DPMPP_2M = 4 };
peers_chain *peers_chain_new(int32_t update, size_t count);
void peers_chain_free(peers_chain *chain);
void peers_chain_begin(peers_chain *chain, const float *start);
/* `coefs`: PEERS_COEFS for each step, from `first` on. velocity: as above. normals: NULL, or those of the step. */
enum { PEERS_COEFS = 8 };
void peers_chain_advance(peers_chain *chain, const double *coefs, int32_t steps, const float *velocity,
                         const float *normals);
const float *peers_chain_state(const peers_chain *chain);
/* Arrays read and written by the steps since peers_chain_begin. */
size_t peers_chain_arrays(const peers_chain *chain);

/* random_bench.cpp, where there is a C++ compiler: std::normal_distribution<float> on std::mt19937. */
void peers_random_normals(float *out, size_t count);

/* network_run.c, where the example network is built: 0, or a status of libinterp; 1: the file cannot be read. */
int peers_network_open(const char *path);
void peers_network_close(void);
/* x[count][784] under the linear schedule by the solver, from the program's own noise. */
int peers_network_sample(const char *solver, int32_t evaluations, float *x, size_t count);

#ifdef __cplusplus
}
#endif
#endif
