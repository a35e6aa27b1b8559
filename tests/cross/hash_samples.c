/* Prints a hash of noise and of samples, a line for each: NAME = HASH and the first numbers hashed, or NAME ~ HASH ...
 * where libm had a part in the plan, whose last bits differ between platforms. The network is arithmetic only, so that
 * what differs is the library's or libm's. The same program runs everywhere, and compare.py compares.
 *
 * usage: hash_samples [ROWS]     ROWS: a plan as JSON, which is sampled too where the library reads JSON */
#if defined(HASH_AMALGAMATION)
#include "libinterp.h"
#else
#include <interp/interp.h>
#endif
#include <stdio.h>
#include <string.h>

enum { DIM = 37, COUNT = 5, TOTAL = DIM * COUNT, NORMALS = 100003, SHOWN = 4 };

/* FNV-1a over bytes, those of each number lowest first. */
static uint64_t hash_bytes(uint64_t hash, uint64_t bits, int bytes)
{
    for (int i = 0; i < bytes; i++) hash = (hash ^ (bits >> 8 * i & 255)) * 0x100000001b3U;
    return hash;
}

static uint64_t hash_floats(const float *x, size_t count)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        hash = hash_bytes(hash, bits, 4);
    }
    return hash;
}

static uint64_t hash_doubles(const double *x, size_t count)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        hash = hash_bytes(hash, bits, 8);
    }
    return hash;
}

static void print_hash(const char *name, char sign, uint64_t hash)
{
    printf("%s %c %08lx%08lx", name, sign, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffffU));
}

static void print_floats(const char *name, char sign, const float *x, size_t count)
{
    print_hash(name, sign, hash_floats(x, count));
    for (size_t i = 0; i < SHOWN; i++) printf(" %.9g", (double)x[i]);
    printf("\n");
}

static void print_doubles(const char *name, char sign, const double *x, size_t count)
{
    print_hash(name, sign, hash_doubles(x, count));
    for (size_t i = 0; i < SHOWN; i++) printf(" %.17g", x[i]);
    printf("\n");
}

/* ---- noise ---- */

static int print_noise(void)
{
    static float f[NORMALS];
    static double d[NORMALS];
    int rc = itp_normals(2026, 7, 3, 5, ITP_FLOAT32, f, NORMALS);
    if (!rc) print_floats("normals-f32", '=', f, NORMALS);
    rc = rc ? rc
            : itp_normals(UINT64_MAX, UINT64_C(1) << 40, 1U << 30, (UINT64_C(1) << 34) - NORMALS, ITP_FLOAT64, d,
                          NORMALS);
    if (!rc) print_doubles("normals-f64", '=', d, NORMALS);
    rc = rc ? rc : itp_brownian(11, 3, 0.1, 0.7, 0, ITP_FLOAT32, f, f + NORMALS / 2, NORMALS / 2);
    if (!rc) print_floats("brownian-f32", '=', f, NORMALS / 2 * 2);
    rc = rc ? rc : itp_brownian(11, 3, 0.25, 1.0, 0, ITP_FLOAT64, d, d + NORMALS / 2, NORMALS / 2);
    if (!rc) print_doubles("brownian-f64", '=', d, NORMALS / 2 * 2);
    return rc;
}

/* ---- samples ---- */

/* A smooth velocity that is not linear in x: each element looks at its neighbour. */
static void velocity_f32(const itp_request *rq)
{
    const float *x = rq->x;
    float *out = rq->out, t = (float)rq->time;
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        float next = x[i / rq->dim * rq->dim + (i + 1) % rq->dim], product = x[i] * next;
        float bent = product / (1.0f + product * product);
        out[i] = (t - 0.625f) * x[i] + 0.5f * bent + 0.25f;
    }
}

static void velocity_f64(const itp_request *rq)
{
    const double *x = rq->x;
    double *out = rq->out, t = rq->time;
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        double next = x[i / rq->dim * rq->dim + (i + 1) % rq->dim], product = x[i] * next;
        double bent = product / (1.0 + product * product);
        out[i] = (t - 0.625) * x[i] + 0.5 * bent + 0.25;
    }
}

static int ITP_CALL velocity(void *user, const itp_request *rq)
{
    (void)user;
    (rq->type == ITP_FLOAT32 ? velocity_f32 : velocity_f64)(rq);
    return 0;
}

typedef struct recipe {
    char sign; /* =: its plan takes +, -, *, / and sqrt alone to make */
    const char *name;
    int32_t schedule; /* 0: the network's own, linear */
    const char *solver;
    int32_t evaluations, grid;
    double k;
    int32_t ends;
} recipe;

static const recipe recipes[] = {
    {'=', "linear-euler", 0, "euler", 8, ITP_GRID_TIME, 0, ITP_ENDS_INSIDE},
    {'=', "linear-heun", 0, "heun", 8, ITP_GRID_TIME, 0, ITP_ENDS_EVALUATE},
    {'=', "linear-heun-inside", 0, "heun", 8, ITP_GRID_TIME, 0, ITP_ENDS_INSIDE},
    {'=', "linear-rk4", 0, "rk4", 8, ITP_GRID_TIME, 0, ITP_ENDS_EVALUATE},
    {'=', "linear-rk4-inside", 0, "rk4", 8, ITP_GRID_TIME, 0, ITP_ENDS_INSIDE},
    {'=', "linear-ab2", 0, "ab2", 6, ITP_GRID_TIME, 0, ITP_ENDS_INSIDE},
    {'=', "linear-ab4", 0, "ab4", 9, ITP_GRID_SHIFT, 0, ITP_ENDS_INSIDE},
    {'=', "linear-ddim", 0, "ddim", 7, ITP_GRID_U, 0, ITP_ENDS_INSIDE},
    {'=', "linear-tsit5", 0, "tsit5", 12, ITP_GRID_TIME, 0, ITP_ENDS_EVALUATE},
    {'=', "linear-tsit5-inside", 0, "tsit5", 12, ITP_GRID_TIME, 0, ITP_ENDS_INSIDE},
    {'~', "linear-euler-maruyama", 0, "euler-maruyama", 8, ITP_GRID_TIME, 1, ITP_ENDS_INSIDE},
    {'~', "linear-sea", 0, "sea", 8, ITP_GRID_TIME, 1, ITP_ENDS_INSIDE},
    {'~', "lazy-ab2", ITP_SCHEDULE_LAZY, "ab2", 8, ITP_GRID_TIME, 0, ITP_ENDS_INSIDE},
    {'~', "lazy-dpmpp-2m", ITP_SCHEDULE_LAZY, "dpmpp-2m", 8, ITP_GRID_LAMBDA, 0, ITP_ENDS_INSIDE},
    {'~', "vp-unipc", ITP_SCHEDULE_VP, "unipc-bh2-2", 8, ITP_GRID_TIME, 0, ITP_ENDS_INSIDE},
    {'~', "point-mass-euler-maruyama", ITP_SCHEDULE_POINT_MASS, "euler-maruyama", 8, ITP_GRID_TIME, 1, ITP_ENDS_INSIDE},
    {'~', "vp-sde-shark", ITP_SCHEDULE_VP_SDE, "shark", 6, ITP_GRID_TIME, 1, ITP_ENDS_INSIDE},
    {'~', "lazy-sa-2", ITP_SCHEDULE_LAZY, "sa-2", 8, ITP_GRID_KARRAS, 1, ITP_ENDS_INSIDE},
};
enum { RECIPES = sizeof recipes / sizeof recipes[0] };

static int make_plan(const recipe *r, itp_plan **plan)
{
    itp_schedule *schedule = NULL;
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    itp_solver solver = ITP_SOLVER_INIT;
    itp_grid grid = ITP_GRID_INIT;
    itp_diffusion diffusion = ITP_DIFFUSION_INIT;
    int rc = r->schedule ? itp_schedule_make(r->schedule, &schedule) : ITP_OK;
    rc = rc ? rc : itp_solver_parse(r->solver, NULL, &solver);
    grid.kind = r->grid;
    grid.shift = r->grid == ITP_GRID_SHIFT ? 3 : 0;
    diffusion.k = r->k;
    want.schedule = schedule;
    want.solver = &solver;
    want.grid = &grid;
    want.diffusion = &diffusion;
    want.evaluations = r->evaluations;
    want.ends = r->ends;
    rc = rc ? rc : itp_plan_new(&want, plan);
    itp_schedule_free(schedule);
    return rc;
}

static int print_samples(const char *name, char sign, const itp_plan *plan)
{
    float f[TOTAL];
    double d[TOTAL];
    char full[64];
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = COUNT;
    batch.seed = 42;
    int rc = itp_sample(plan, &batch, f, velocity, NULL);
    batch.type = ITP_FLOAT64;
    rc = rc ? rc : itp_sample(plan, &batch, d, velocity, NULL);
    if (rc) return rc;
    snprintf(full, sizeof full, "%s-f32", name);
    print_floats(full, sign, f, TOTAL);
    snprintf(full, sizeof full, "%s-f64", name);
    print_doubles(full, sign, d, TOTAL);
    return ITP_OK;
}

static int print_recipe(const recipe *r)
{
    itp_plan *plan = NULL;
    int rc = make_plan(r, &plan);
    rc = rc ? rc : print_samples(r->name, r->sign, plan);
    itp_plan_free(plan);
    return rc;
}

/* Rows that are given have the same bits everywhere, whatever made them. */
static int print_rows(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "rb");
    if (!file) return ITP_E_ARGUMENT;
    size_t length = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    itp_plan *plan = NULL;
    int rc = itp_plan_from_json(text, length, NULL, &plan);
    if (rc == ITP_E_UNSUPPORTED) {
        printf("rows-f32 - no JSON\nrows-f64 - no JSON\n");
        return ITP_OK;
    }
    rc = rc ? rc : print_samples("rows", '=', plan);
    itp_plan_free(plan);
    return rc;
}

int main(int argc, char **argv)
{
    int rc = print_noise();
    for (int i = 0; i < RECIPES && !rc; i++) rc = print_recipe(&recipes[i]);
    if (argc > 1 && !rc) rc = print_rows(argv[1]);
    if (rc) fprintf(stderr, "hash_samples: %s\n", itp_status_string(rc));
    return rc != 0;
}
