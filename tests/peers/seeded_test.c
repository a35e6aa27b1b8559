/* diffusers' EulerAncestralDiscreteScheduler in its own tests' loop, with the noise that torch's CPU generator draws
 * from seed 0 (its sums: 152.3192 and 108.4439), and its LMSDiscreteScheduler (1006.388). The loop puts x/sqrt(sigma^2
 * + 1) in the place of x before every step; the network says x t/(t + 1). */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/check.h"
#include "../common/want.h"

enum { WORDS = 624, SIZE = 768, STEPS = 10 };

/* ---- torch's float32 randn of 16 elements or more on the CPU: MT19937, then Box-Muller on blocks of 16 ---- */

typedef struct twister {
    uint32_t word[WORDS];
    int next;
} twister;

static void seed(twister *of, uint32_t value)
{
    of->word[0] = value;
    for (uint32_t i = 1; i < WORDS; i++) of->word[i] = 1812433253U * (of->word[i - 1] ^ (of->word[i - 1] >> 30)) + i;
    of->next = WORDS;
}

static void refill(twister *of)
{
    for (int i = 0; i < WORDS; i++) {
        uint32_t y = (of->word[i] & 0x80000000U) | (of->word[(i + 1) % WORDS] & 0x7fffffffU);
        of->word[i] = of->word[(i + 397) % WORDS] ^ (y >> 1) ^ ((y & 1) ? 0x9908b0dfU : 0);
    }
    of->next = 0;
}

static double uniform(twister *of)
{
    if (of->next == WORDS) refill(of);
    uint32_t y = of->word[of->next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    y ^= y >> 18;
    return (y & 0xffffffU) / 16777216.;
}

static void randn(twister *of, double *out)
{
    for (int i = 0; i < SIZE; i++) out[i] = uniform(of);
    for (int i = 0; i < SIZE; i += 16) {
        for (int j = i; j < i + 8; j++) {
            double radius = sqrt(-2 * log(1 - out[j])), angle = 6.283185307179586 * out[j + 8];
            out[j] = radius * cos(angle);
            out[j + 8] = radius * sin(angle);
        }
    }
}

static void the_stream_is_torch_s(void **state)
{
    double x[SIZE];
    twister of;
    (void)state;
    seed(&of, 0);
    randn(&of, x);
    check_near("first", x[0], -1.12583983, 1e-6);
    check_near("second", x[1], -1.15236020, 1e-6);
    check_near("fourth", x[3], -.43387881, 1e-6);
}

/* ---- the loop ---- */

static const double levels[STEPS + 1] = {261.0555725097656,
                                         81.40567779541016,
                                         29.112117767333984,
                                         11.912565231323242,
                                         5.5358195304870605,
                                         2.864875316619873,
                                         1.586817741394043,
                                         .8740825057029724,
                                         .4001632332801819,
                                         .010001329705119133,
                                         0};
static const double times[STEPS] = {1099,
                                    976.888916015625,
                                    854.7777709960938,
                                    732.6666870117188,
                                    610.5555419921875,
                                    488.4444580078125,
                                    366.3333435058594,
                                    244.22222900390625,
                                    122.11111450195312,
                                    0};

/* A plan of `solver` from one level to others, for a network that predicts data in VE's coordinates. */
static itp_plan *plan_over(const itp_schedule *ve, const char *solver, const double *sigmas, int32_t steps)
{
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    model.schedule = ve;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.solver = SOLVER(solver);
    if (!strcmp(solver, "euler-ancestral")) desc.plan.noise = ITP_NOISE_STEPS;
    desc.grid.kind = ITP_GRID_USER_SIGMA;
    desc.grid.nodes = sigmas;
    desc.grid.node_count = steps + 1;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    return plan;
}

/* The factors of x, of the data prediction and of a normal in one step of the library's plan. */
static void factors(int i, const itp_schedule *ve, double *out)
{
    itp_plan *plan = plan_over(ve, "euler-ancestral", levels + i, 1);
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, 0, &row), ITP_OK);
    out[0] = out[1] = out[2] = 0;
    for (int32_t j = 0; j < row.term_count; j++) out[row.terms[j].column] += row.terms[j].coef;
    itp_plan_free(plan);
}

static double data_of(int v, double x, double sigma, double time)
{
    double out = x * time / (time + 1);
    return v ? x / (sigma * sigma + 1) - out * sigma / sqrt(sigma * sigma + 1) : x - sigma * out;
}

/* The samples lie as [3][8][8][4] numbered k/768, seen as [4][3][8][8], in whose order the noise is drawn. */
static void start(double *x)
{
    for (int n = 0; n < SIZE; n++) x[n] = levels[0] * (n % (SIZE / 4) * 4 + n / (SIZE / 4)) / SIZE;
}

static double loop(int v, const itp_schedule *ve)
{
    double x[SIZE], noise[SIZE], by[3], sum = 0;
    twister of;
    seed(&of, 0);
    start(x);
    for (int i = 0; i < STEPS; i++) {
        factors(i, ve, by);
        randn(&of, noise);
        for (int n = 0; n < SIZE; n++) {
            double scaled = x[n] / sqrt(levels[i] * levels[i] + 1);
            double data = data_of(v, scaled, levels[i], times[i]);
            x[n] = by[ITP_COLUMN_STATE] * scaled + by[ITP_COLUMN_OUTPUT] * data + by[ITP_COLUMN_NORMAL] * noise[n];
        }
    }
    for (int n = 0; n < SIZE; n++) sum += fabs(x[n]);
    return sum;
}

static void ancestral_with_torch_s_noise(void **state)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *ve = NULL;
    (void)state;
    desc.kind = ITP_SCHEDULE_VE;
    desc.sigma_max = 1000;
    check_status("ve", itp_schedule_new(&desc, &ve), ITP_OK);
    check_near("noise prediction", loop(0, ve), 152.3192668867705, 2e-6);
    check_near("v prediction", loop(1, ve), 108.44388352730311, 2e-6);
    itp_schedule_free(ve);
}

/* The network here overwrites the state as the loop does. */
typedef struct looped {
    double x;
    int v;
} looped;

static int overwriting(void *user, const itp_request *request)
{
    looped *of = user;
    double sigma = levels[request->row], *out = request->out;
    assert_ptr_equal(request->x, &of->x);
    of->x /= sqrt(sigma * sigma + 1);
    *out = data_of(of->v, of->x, sigma, times[request->row]);
    return 0;
}

/* What a start of 1 times the first sigma becomes. */
static double overwritten(const char *solver, int v, const itp_schedule *ve)
{
    looped of = {levels[0], v};
    itp_plan *plan = plan_over(ve, solver, levels, STEPS);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = 1;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status("sample", itp_sample(plan, &batch, &of.x, overwriting, &of), ITP_OK);
    itp_plan_free(plan);
    return fabs(of.x);
}

/* Linear multistep is Adams-Bashforth under "ve". */
static void overwritten_states(void **state)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *ve = NULL;
    (void)state;
    desc.kind = ITP_SCHEDULE_VE;
    desc.sigma_max = 1000;
    check_status("ve", itp_schedule_new(&desc, &ve), ITP_OK);
    check_near("lms", overwritten("ab4", 0, ve), 2.6242205076164904, 2e-6);
    check_near("euler", overwritten("euler", 0, ve), .026285987779634094, 1e-7);
    check_near("euler, v", overwritten("euler", 1, ve) * 1e13, 6.305471016928312, 1e-6);
    itp_schedule_free(ve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stream_is_torch_s),
        cmocka_unit_test(ancestral_with_torch_s_noise),
        cmocka_unit_test(overwritten_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
