/* What the programs of the other languages are compared with: eight evaluations of the network -x time, in float64. */
#include <interp/interp.h>

#include <stdio.h>

static int network(void *user, const itp_request *request)
{
    const double *x = request->x;
    double *out = request->out;
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = -x[i] * request->time;
    return 0;
}

int main(void)
{
    const itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .evaluations = 8};
    const itp_batch batch = {ITP_SIZED(itp_batch), .dim = 3, .count = 2, .seed = 7, .type = ITP_FLOAT64};
    double x[6];
    itp_plan *plan = NULL;
    const int status = itp_plan_new(&want, &plan);
    if (status != 0 || itp_sample(plan, &batch, x, network, NULL) != 0) return 1;
    for (int i = 0; i < 6; i++) printf("sample %.17g\n", x[i]);
    itp_plan_free(plan);
    return 0;
}
