/* Any description gives a status, or a plan with finite coefficients that runs. The entry is libFuzzer's; without it a
 * main of our own feeds it a fixed number of pseudo-random inputs.
 *   clang -fsanitize=fuzzer,address,undefined -DPLAN_FUZZ_LIBFUZZER -Iinclude tests/fuzz/plan_fuzz.c libinterp.a ... */
#include <interp/interp.h>

#include "../../examples/kinds.h"
#include "../common/want.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_NODES = 24, MOST_SAMPLES = 12, DIM = 5 };

/* ---- numbers out of bytes: mostly plausible, sometimes anything ---- */

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

static unsigned byte(bytes *b)
{
    if (!b->left) return 0;
    b->left--;
    return *b->at++;
}

static double fraction(bytes *b)
{
    unsigned high = byte(b), low = byte(b);
    return (high * 256 + low) / 65535.0;
}

static double raw(bytes *b)
{
    double value = 0;
    unsigned char room[sizeof value];
    for (size_t i = 0; i < sizeof room; i++) room[i] = (unsigned char)byte(b);
    memcpy(&value, room, sizeof value);
    return value;
}

static double special(bytes *b)
{
    static const double all[] = {0,  -0.0, 1,        -1,     .5,       1e-300,    1e300, 1e-12,
                                 64, 1e6,  2.2e-308, 5e-324, INFINITY, -INFINITY, NAN,   0.99999999999999989};
    return all[byte(b) % (sizeof all / sizeof all[0])];
}

/* From 0 to `top`, nine times in ten. */
static double number(bytes *b, double top)
{
    unsigned choice = byte(b);
    return choice < 230 ? top * fraction(b) : choice < 250 ? special(b) : raw(b);
}

/* One of 1 .. count or `wild`, which no list of ids has. */
static int32_t choice(bytes *b, const int32_t *all, unsigned count, int32_t wild)
{
    unsigned i = byte(b);
    return i < 8 ? wild : all[i % count];
}

/* ---- descriptions ---- */

enum { STOPPED = 7 }; /* what the callbacks return that stop */

typedef struct world {
    double p, q, wave; /* the user's schedule, k, affine and time */
    double nodes[MOST_NODES];
    double first[MOST_SAMPLES], second[MOST_SAMPLES];
} world;

static int values(void *user, double t, itp_schedule_values *out)
{
    const world *w = user;
    out->alpha = pow(1 - t, w->p);
    out->beta = pow(t, w->q) + w->wave * sin(20 * t);
    out->dalpha = -w->p * pow(1 - t, w->p - 1);
    out->dbeta = w->q * pow(t, w->q - 1) + 20 * w->wave * cos(20 * t);
    return w->wave > .9 ? STOPPED : 0;
}

static double diffusion(void *user, double u)
{
    const world *w = user;
    return w->p + w->wave * u;
}

static int affine(void *user, const itp_schedule_point *at, double *a, double *b)
{
    const world *w = user;
    *a = w->p * at->alpha;
    *b = w->q + at->u;
    return w->wave > .95 ? STOPPED : 0;
}

static int time_name(void *user, const itp_schedule_point *at, double *time)
{
    const world *w = user;
    *time = w->q * at->lambda;
    return 0;
}

static void fill_world(bytes *b, world *w)
{
    double position = 0;
    w->p = number(b, 2);
    w->q = number(b, 2);
    w->wave = byte(b) < 200 ? 0 : number(b, 1);
    for (int i = 0; i < MOST_NODES; i++) w->nodes[i] = byte(b) < 250 ? (position += fraction(b) / 8) : number(b, 1);
    for (int i = 0; i < MOST_SAMPLES; i++) {
        w->first[i] = byte(b) < 250 ? 1 - (i + fraction(b)) / MOST_SAMPLES : number(b, 1);
        w->second[i] = byte(b) < 250 ? (i + fraction(b)) / MOST_SAMPLES : number(b, 1);
    }
}

static void numbers(bytes *b, itp_schedule_desc *desc)
{
    int lazy = desc->kind == ITP_SCHEDULE_LAZY || desc->kind == ITP_SCHEDULE_POINT_MASS;
    int all = byte(b) > 250; /* what is not read is refused */
    double found[] = {number(b, 3), number(b, 2), number(b, 1), number(b, 30), number(b, 100), number(b, 2)};
    if (lazy || all) {
        desc->k = byte(b) & 1 ? 0 : found[0];
        desc->s = found[1];
        desc->clock = (int32_t)(byte(b) % 5) - all;
    }
    if (desc->kind == ITP_SCHEDULE_VP_SDE || all) {
        desc->beta_min = found[2];
        desc->beta_max = found[3];
    }
    desc->sigma_max = desc->kind == ITP_SCHEDULE_VE || all ? found[4] : 0;
    desc->sigma_data = desc->kind == ITP_SCHEDULE_EDM || all ? found[5] : 0;
}

static void betas(bytes *b, itp_schedule_desc *desc)
{
    desc->betas = (int32_t)(byte(b) % 5);
    desc->beta_start = byte(b) & 1 ? 0 : number(b, .1);
    desc->beta_end = byte(b) & 1 ? 0 : number(b, .3);
    desc->beta_count = (int32_t)byte(b);
    desc->zero_snr = (int32_t)(byte(b) % 3);
}

static void fill_schedule(bytes *b, world *w, itp_schedule_desc *desc)
{
    static const int32_t kinds[] = {1, 2, 3, 4, 5, 6, 7, 20, 20, 21, 21, 40, 40, 41, 41, 0x1000};
    unsigned parts = byte(b);
    desc->kind = choice(b, kinds, sizeof kinds / sizeof kinds[0], 13);
    numbers(b, desc);
    if (desc->kind == ITP_SCHEDULE_DDPM) betas(b, desc);
    if (desc->kind == ITP_SCHEDULE_TABLE) {
        desc->count = (int32_t)(byte(b) % (MOST_SAMPLES + 1)) - (parts == 2);
        desc->alphas_cumprod = parts & 2 ? w->first : NULL;
        desc->alpha = parts & 2 ? NULL : w->first;
        desc->beta = parts & 2 ? NULL : w->second;
    }
    if (desc->kind == ITP_SCHEDULE_USER) {
        desc->user_parts = (parts >> 2) & 1;
        desc->values = parts == 3 ? NULL : values;
        desc->user = w;
    }
}

static void fill_model(bytes *b, world *w, itp_model *desc)
{
    static const int32_t predictions[] = {1, 1, 2, 3, 4, 5, 6, 7, 0x1000}, times[] = {1, 1, 2, 3, 4, 5, 0x1000};
    desc->prediction = choice(b, predictions, sizeof predictions / sizeof predictions[0], -3);
    desc->time = choice(b, times, sizeof times / sizeof times[0], 99);
    desc->sigma_data = desc->prediction == ITP_PREDICT_EDM || byte(b) < 3 ? number(b, 2) : 0;
    desc->affine = (desc->prediction == ITP_PREDICT_AFFINE) == (byte(b) >= 10) ? affine : NULL;
    desc->time_fn = (desc->time == ITP_TIME_USER) == (byte(b) >= 10) ? time_name : NULL;
    desc->user = desc->affine || desc->time_fn || byte(b) < 3 ? w : NULL;
}

static void fill_path(bytes *b, wanted *desc)
{
    desc->grid.shift = byte(b) < 128 ? 1 : number(b, 8);
    desc->grid.u_start = byte(b) < 128 ? 0 : number(b, .6);
    desc->grid.u_end = byte(b) < 128 ? 1 : number(b, 1);
    if (byte(b) > 200) {
        desc->grid.sigma_max = exp(number(b, 12));
        desc->grid.sigma_min = exp(-number(b, 12));
    }
    desc->grid.rho = byte(b) < 200 ? 0 : number(b, 12);
    desc->grid.beta_a = byte(b) < 200 ? .6 : number(b, 12);
    desc->grid.terminal = byte(b) < 220 ? 0 : number(b, 1);
    desc->grid.steps_offset = (int32_t)(byte(b) % 3);
}

/* Half of the descriptions leave all noise as it is. */
static void fill_noise(bytes *b, wanted *desc)
{
    if (byte(b) < 128) return;
    desc->solver.eta = number(b, 2);
    desc->solver.s_noise = number(b, 2);
    desc->solver.s_churn = number(b, 40);
    desc->solver.s_min = number(b, 1);
    desc->solver.s_max = number(b, 50);
}

/* Most descriptions set nothing that their grid and solver do not read: those that do are refused early. */
static void keep_what_is_read(wanted *desc)
{
    const wanted defaults = WANTED;
    double *const reals[] = {&desc->grid.shift,     &desc->grid.sigma_max, &desc->grid.sigma_min, &desc->grid.rho,
                             &desc->grid.beta_a,    &desc->grid.u_start,   &desc->grid.u_end,     &desc->solver.eta,
                             &desc->solver.s_noise, &desc->solver.s_churn, &desc->solver.s_min,   &desc->solver.s_max};
    static const char *const names[] = {"shift", "sigma_max", "sigma_min", "rho",     "beta_a", "u_start",
                                        "u_end", "eta",       "s_noise",   "s_churn", "s_min",  "s_max"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t at = (size_t)((char *)reals[i] - (char *)desc);
        if (plan_reads(desc, names[i]) == ITP_E_UNSUPPORTED) memcpy(reals[i], (const char *)&defaults + at, 8);
    }
    if (plan_reads(desc, "steps_offset") == ITP_E_UNSUPPORTED) desc->grid.steps_offset = 0;
    if (plan_reads(desc, "last") == ITP_E_UNSUPPORTED) desc->plan.last = 0;
    if (plan_reads(desc, "k") == ITP_E_UNSUPPORTED) desc->diffusion.k = 0;
    if (plan_reads(desc, "evaluations") == ITP_E_UNSUPPORTED) desc->plan.evaluations = 0;
}

/* A method by its name, or any choice of the struct. */
static void fill_solver(bytes *b, itp_solver *solver)
{
    unsigned place = byte(b);
    const char *name = kind_name_at("solver", (int32_t)place);
    if (name) {
        (void)itp_solver_parse(name, NULL, solver);
    } else if (place < 245) {
        solver->family = (int32_t)(byte(b) % 16);
        solver->order = (int32_t)(byte(b) % 4);
        solver->weights = (int32_t)(byte(b) % 20);
    }
}

static void fill_plan(bytes *b, world *w, wanted *desc)
{
    static const int32_t grids[] = {1,  1,  1,  2,  2,  3,  3,  4,  4,  5,      6,     20,
                                    21, 22, 30, 31, 32, 42, 44, 47, 60, 0x1000, 0x1001};
    unsigned parts = byte(b);
    fill_solver(b, &desc->solver);
    desc->grid.kind = choice(b, grids, sizeof grids / sizeof grids[0], -1);
    desc->plan.evaluations = (int32_t)(byte(b) % 24) - (parts == 1);
    unsigned nodes = byte(b);
    if (desc->grid.kind >= ITP_GRID_USER_TIME || parts == 5) {
        desc->grid.node_count = (int32_t)(nodes % (MOST_NODES + 1)) - (parts == 2);
        desc->grid.nodes = parts == 3 ? NULL : w->nodes;
    }
    desc->diffusion.k = parts & 1 ? 0 : number(b, 2);
    desc->diffusion.k_fn = (parts & 6) == 6 ? diffusion : NULL;
    desc->diffusion.user = desc->diffusion.k_fn ? w : NULL;
    desc->plan.start = (parts >> 3) % 8 == 1 ? ITP_START_CENTRED : 0;
    desc->plan.last = (int32_t)(parts >> 4) & 1;
    desc->plan.singular = (parts & 7) == 4;
    desc->grid.reversed = parts == 77;
    fill_noise(b, desc);
    if (desc->solver.family != ITP_CHURN && byte(b) < 250) desc->solver.s_churn = 0; /* else refused */
    fill_path(b, desc);
}

/* ---- what must hold ---- */

static void demand(int holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "plan_fuzz: %s\n", what);
    abort();
}

static void check_status(int status)
{
    demand(status <= 0 || status == STOPPED, "a status that is neither done, nor an error, nor a callback's number");
    demand(status != ITP_E_INTERNAL, "an internal error");
    demand(status != ITP_E_MEMORY, "no memory");
}

static void check_row(const itp_plan_row *row, const itp_plan_info *info)
{
    demand(isfinite(row->time) && isfinite(row->keep_state) && isfinite(row->keep_output), "a row is not finite");
    demand(row->u >= 0 && row->u <= 1, "a row lies outside the path");
    for (int32_t i = 0; i < row->term_count; i++) {
        demand(isfinite(row->terms[i].coef), "a coefficient is not finite");
        demand(row->terms[i].slot < info->slots, "a slot that the plan does not have");
    }
}

static int network(void *user, const itp_request *request)
{
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++)
        ((double *)request->out)[i] = sin(((const double *)request->x)[i]);
    return 0;
}

static void run(const itp_plan *plan)
{
    double x[2 * DIM];
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = 2;
    batch.type = ITP_FLOAT64;
    demand(itp_sample(plan, &batch, x, network, NULL) == ITP_OK, "a plan that does not run");
}

static void check_plan(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    size_t needed = 0;
    demand(itp_plan_get_info(plan, &info) == ITP_OK, "no info");
    demand(isfinite(info.start_scale) && info.rows > 0 && info.slots >= 2, "an info that cannot be");
    for (int32_t i = 0; i < info.rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        demand(itp_plan_get_row(plan, i, &row) == ITP_OK, "no row");
        check_row(&row, &info);
    }
    demand(itp_plan_format(plan, NULL, 0, &needed) == ITP_OK && needed > 1, "no text");
    run(plan);
}

static itp_schedule *schedule_of(bytes *b, world *w)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    fill_schedule(b, w, &desc);
    int status = itp_schedule_new(&desc, &schedule);
    check_status(status);
    demand((status == ITP_OK) == (schedule != NULL), "a schedule with an error, or none without");
    return schedule;
}

/* The answer to "was there a plan?", for the main below. */
static int plan_from(const uint8_t *data, size_t size)
{
    bytes b = {data, size};
    world w;
    fill_world(&b, &w);
    itp_schedule *network_schedule = schedule_of(&b, &w), *sampling = schedule_of(&b, &w);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    fill_model(&b, &w, &model);
    fill_plan(&b, &w, &desc);
    model.schedule = network_schedule;
    desc.plan.model = byte(&b) < 60 ? NULL : &model;
    desc.plan.schedule = sampling;
    if (byte(&b) < 240) keep_what_is_read(&desc);
    int status = make_plan(&desc, &plan), made = plan != NULL;
    check_status(status);
    demand((status == ITP_OK) == made, "a plan with an error, or none without");
    itp_schedule_free(network_schedule);
    itp_schedule_free(sampling);
    if (plan) check_plan(plan);
    itp_plan_free(plan);
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plan_from(data, size);
    return 0;
}

#ifndef PLAN_FUZZ_LIBFUZZER
/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int main(int argc, char **argv)
{
    long inputs = argc > 1 ? atol(argv[1]) : 20000, made = 0;
    uint64_t state = 2026;
    for (long i = 0; i < inputs; i++) {
        uint8_t data[320];
        for (size_t j = 0; j < sizeof data; j++) data[j] = (uint8_t)(next(&state) >> 56);
        made += plan_from(data, sizeof data);
    }
    printf("# %ld plans from %ld inputs\n", made, inputs);
    return made * 10 < inputs; /* a fuzzer that is turned away at the door shows nothing */
}
#endif
