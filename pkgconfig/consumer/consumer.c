/* A program outside the tree, built against an installed libinterp with `pkg-config --cflags --libs libinterp`.
 *
 * The data are N(0, I). Under the linear schedule their exact velocity is (2t - 1) x / ((1-t)^2 + t^2), and under the
 * lazy schedule their drift is zero: whatever the number of evaluations, a sample is the noise that it started from. */
#include <interp/interp.h>
#include <stdio.h>

enum { DIM = 5, COUNT = 3, SEED = 7 };

static int gaussian_velocity(void *user, const itp_request *request)
{
    const float *x = request->x;
    float *out = request->out;
    double t = request->time;
    double slope = (2 * t - 1) / ((1 - t) * (1 - t) + t * t);
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = (float)(slope * x[i]);
    return 0;
}

static int sample_lazily(int evaluations, float *x)
{
    itp_schedule *lazy;
    itp_plan *plan = NULL;
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    int rc = itp_schedule_make(ITP_SCHEDULE_LAZY, &lazy);
    if (rc) return rc;
    want.schedule = lazy;
    want.evaluations = evaluations;
    batch.dim = DIM;
    batch.count = COUNT;
    batch.seed = SEED;
    rc = itp_plan_new(&want, &plan);
    if (!rc) rc = itp_sample(plan, &batch, x, gaussian_velocity, NULL);
    itp_plan_free(plan);
    itp_schedule_free(lazy);
    return rc;
}

static int is_the_start(const float *x)
{
    for (uint64_t i = 0; i < COUNT; i++) {
        float start[DIM];
        if (itp_normals(SEED, i, 0, 0, ITP_FLOAT32, start, DIM)) return 0;
        for (size_t j = 0; j < DIM; j++) {
            float error = x[i * DIM + j] - start[j];
            if (!(error < 1e-5F && error > -1e-5F)) return 0;
        }
    }
    return 1;
}

int main(void)
{
    for (int evaluations = 1; evaluations <= 16; evaluations++) {
        float x[COUNT * DIM] = {0};
        int rc = sample_lazily(evaluations, x);
        if (rc || !is_the_start(x)) {
            fprintf(stderr, "consumer: wrong at %d evaluations (%s)\n", evaluations, itp_status_string(rc));
            return 1;
        }
    }
    printf("libinterp %d: lazy sampling of N(0, I) is exact for 1 to 16 evaluations\n", (int)itp_version());
    return 0;
}
