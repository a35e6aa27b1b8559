/* Initial value problems y' = f(t, y) for the adaptive runs: f as the default model's flow, in time from 0 to 1. */
#ifndef TEST_ODE_H
#define TEST_ODE_H

#include <interp/interp.h>

#include "../common/begin.h"
#include "../common/check.h"
#include "../common/want.h"

enum { ODE_DIM = 51 };

typedef struct ode ode;
struct ode {
    const char *name;
    int dim;
    double from, to;
    void (*field)(double t, const double *y, double *dy);
    void (*exact)(const ode *p, double t, double *y); /* NULL: unknown */
    double start[10];                                 /* the elements after these are 0 */
};

static inline int ode_network(void *user, const itp_request *request)
{
    const ode *p = user;
    double length = p->to - p->from;
    for (size_t i = 0; i < request->count; i++) {
        double *out = (double *)request->out + i * request->dim;
        p->field(p->from + length * request->times[i], (const double *)request->x + i * request->dim, out);
        for (size_t j = 0; j < request->dim; j++) out[j] *= length;
    }
    return 0;
}

static inline itp_sampler *ode_run(const itp_adaptive_desc *desc, int dim)
{
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *run = NULL;
    batch.dim = (size_t)dim;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status("new", sampler_for_adaptive(desc, &batch, &run), ITP_OK);
    return run;
}

static inline itp_adaptive_desc ode_desc(const char *solver, double rtol, double atol)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    desc.solver = kept_solver(solver);
    desc.rtol = rtol;
    desc.atol = atol;
    desc.max_evaluations = -1;
    return desc;
}

static inline void ode_start(const ode *p, double *y)
{
    for (int j = 0; j < p->dim; j++) y[j] = j < COUNT(p->start) ? p->start[j] : 0;
}

/* From the start to the end; states, where not NULL, gets those at `count` even times, the first of them after the
 * start, the last the end. Returns the statistics. */
static inline itp_adaptive_statistics ode_solve(const ode *p, const itp_adaptive_desc *desc, int count, double *states,
                                                double *y)
{
    itp_adaptive_statistics statistics = ITP_ADAPTIVE_STATISTICS_INIT;
    itp_sampler *run = ode_run(desc, p->dim);
    double times[64];
    for (int i = 0; i < count; i++) {
        double part = (i + 1) / (double)count;
        times[i] = desc->reversed ? 1 - part : part;
    }
    check_status(p->name, itp_adaptive_outputs(run, (size_t)count, times, states), ITP_OK);
    check_status(p->name, run_given(run, y, ode_network, (void *)p), ITP_OK);
    check_status(p->name, itp_adaptive_get_statistics(run, 0, &statistics), ITP_OK);
    itp_sampler_free(run);
    return statistics;
}

/* The classical Runge-Kutta method with many steps of the same length: nothing of the library in it. */
static inline void ode_classical(const ode *p, double from, double to, int steps, double *y)
{
    static const double c[] = {0, .5, .5, 1}, b[] = {1, 2, 2, 1};
    double h = (to - from) / steps, k[ODE_DIM] = {0}, z[ODE_DIM], sum[ODE_DIM];
    for (int n = 0; n < steps; n++) {
        for (int j = 0; j < p->dim; j++) sum[j] = 0;
        for (int s = 0; s < 4; s++) {
            for (int j = 0; j < p->dim; j++) z[j] = y[j] + c[s] * h * k[j];
            p->field(from + (n + c[s]) * h, z, k);
            for (int j = 0; j < p->dim; j++) sum[j] += b[s] * k[j];
        }
        for (int j = 0; j < p->dim; j++) y[j] += h / 6 * sum[j];
    }
}

#endif
