/* A sampling loop shaped like k-diffusion's: a method by its name there, the user's seed of torch, known elements that
 * stay (a mask), a preview of each step, and a way to stop.
 * usage: kdiffusion_loop METHOD SEED [STOP_AFTER_STEP [KNOWN]] */
#include <interp/interp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LEVELS \
    "model=data(schedule=ve(sigma_max=14.6000013)) grid=user-sigma(14.6000013, 6.09263372, 2.24397945, 0.699627936, " \
    "0.172692627, 0.0299999975, 0)"
enum { DIM = 5, STOPPED = 7, STOP = 0, KNOWN = 1 }; /* job[]: after this step, 0 never; the first element, or NAN */

/* Your network: here the exact E[X | x] of two modes, each N(+-1, 1/16), x = X + sigma Z. */
static int ITP_CALL denoise(void *network, const itp_request *rq)
{
    double sigma = (1 - rq->u) / rq->u, own = 1. / 16, variance = own + sigma * sigma;
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        double x = (double)((const float *)rq->x)[i];
        ((float *)rq->out)[i] = (float)((own * x + sigma * sigma * tanh(x / variance)) / variance);
    }
    return network ? -1 : 0;
}

static int ITP_CALL mask(void *user, const itp_request *rq, void *data)
{
    const double *job = user;
    if (!isnan(job[KNOWN]) && rq->count == 1) *(float *)data = (float)job[KNOWN];
    return 0;
}

static int ITP_CALL preview(void *user, const itp_request *rq, const void *state, const void *data)
{
    const float *x = data ? data : state;
    if (rq->ends_step) fprintf(stderr, "step %d of %d: %.3f ...\n", (int)rq->step + 1, (int)rq->steps, (double)x[0]);
    return rq->ends_step && rq->step + 1 == (int32_t)((double *)user)[STOP] ? STOPPED : 0;
}

int main(int argc, char **argv)
{
    double job[] = {argc > 3 ? strtod(argv[3], NULL) : 0, argc > 4 ? strtod(argv[4], NULL) : NAN};
    itp_torch_cpu torch = {.seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0};
    itp_entry method = ITP_ENTRY_INIT;
    itp_error why = ITP_ERROR_INIT;
    itp_batch batch = {ITP_SIZED(itp_batch), .env = &(itp_env){ITP_SIZED(itp_env), .error = &why},
                       .count = 1,           .dim = DIM,
                       .user = job,          .row_data = 1};
    itp_plan *plan = NULL;
    char text[400];
    float x[DIM];
    batch.noise = itp_torch_cpu_draw, batch.noise_user = &torch, batch.on_data = mask, batch.on_row = preview;
    int rc = itp_kind_find("solver", argc > 1 ? argv[1] : "euler_ancestral", &method);
    snprintf(text, sizeof text, LEVELS " solver=%s %s", rc ? "?" : method.name, method.own_noise ? "noise=steps" : "");
    rc = rc ? rc : itp_plan_parse(text, &why, &plan);
    rc = rc ? rc : itp_sample(plan, &batch, x, denoise, NULL);
    for (int i = 0; i < DIM && !rc; i++) printf("%.9g\n", (double)x[i]);
    if (rc) fprintf(stderr, "%s\n", why.text[0] ? why.text : itp_status_string(rc));
    itp_plan_free(plan);
    return rc < 0 ? 1 : rc;
}
