/* What noise costs: nanoseconds per element and row along a Brownian path, and with fresh normals; no network. */
#include <interp/interp.h>

#include "../common/want.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DIM = 1 << 16, TURNS = 7 };

/* The processor's time, which others that run meanwhile do not lengthen. */
static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int standing_still(void *user, const itp_request *request)
{
    (void)user;
    (void)request;
    return 0; /* whatever the array holds: only the time counts */
}

static double run(const itp_plan *plan, int32_t rows)
{
    float *x = calloc(DIM, sizeof *x);
    itp_batch batch = ITP_BATCH_INIT;
    double best = 1;
    batch.dim = DIM;
    batch.count = 1;
    for (int turn = 0; x && turn < TURNS; turn++) {
        double start = now();
        if (itp_sample(plan, &batch, x, standing_still, NULL)) exit(1);
        double taken = (now() - start) / DIM / rows;
        best = taken < best ? taken : best;
    }
    free(x);
    return best;
}

static void show(const char *solver, int32_t steps, double k, int32_t noise)
{
    wanted desc = WANTED;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan *plan = NULL;
    desc.solver = SOLVER(solver);
    desc.plan.evaluations = steps;
    desc.diffusion.k = k;
    desc.plan.noise = noise;
    if (make_plan(&desc, &plan) || itp_plan_get_info(plan, &info)) exit(1);
    printf("%-16s %2d rows, %s: %5.1f ns, %d arrays\n", solver, (int)info.rows, noise ? "fresh" : "path ",
           1e9 * run(plan, info.rows), (int)(info.slots + info.carries));
    itp_plan_free(plan);
}

int main(void)
{
    static const int32_t steps[] = {8, 20, 50};
    for (int i = 0; i < 3; i++) {
        for (int32_t noise = 0; noise < 2; noise++) {
            show("euler-maruyama", steps[i], 1, noise);
            show("sa-2", steps[i], 1, noise);
            show("euler-ancestral", steps[i], 0, noise);
            show("sra1", steps[i], 1, noise);
        }
    }
    return 0;
}
