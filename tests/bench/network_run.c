/* The example's way from noise to garments, as its program goes it. */
#include "peers.h"

#include "models.h"
#include "sampling.h"

static models opened;

int peers_network_open(const char *path)
{
    return models_open(&opened, path) ? 1 : 0;
}

void peers_network_close(void)
{
    models_close(&opened);
}

int peers_network_sample(const char *solver, int32_t evaluations, float *x, size_t count)
{
    recipe r = sampling_default();
    progress bar = {.total = 1}; /* not shown */
    itp_plan *plan;
    r.schedule = "linear";
    r.solver = solver;
    r.evaluations = evaluations;
    r.seed = 1;
    int status = sampling_plan(&r, &plan);
    if (!status) status = sampling_run(&r, plan, opened.net, &bar, x, count);
    itp_plan_free(plan);
    return status;
}
