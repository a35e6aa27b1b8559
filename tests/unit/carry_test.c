/* Normals that rows of a plan along a Brownian path share: each row's own are drawn or were summed up for it, the sums
 * are those of the rows as the plan says them, and one array holds them. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/plan.h"
#include "common/begin.h"
#include "common/check.h"
#include "kernels/kernels.h"
#include "plan/plan.h"

enum { DIM = 37, BATCH = 3, TOTAL = DIM * BATCH, LONGEST = 512 };

static itp_plan *plan_for(const char *solver, int32_t steps)
{
    const int32_t own =
        !strcmp(solver, "euler-ancestral") || !strcmp(solver, "sde-dpmpp-2m") || !strcmp(solver, "dpmpp-sde");
    return plan_of("solver=%s evaluations=%d noise=path k=%d", solver, (int)steps, !own);
}

static const char *const solvers[] = {"euler-maruyama",  "sa-2",         "euler-ancestral",
                                      "exponential-sde", "sde-dpmpp-2m", "dpmpp-sde",
                                      "shark",           "sea",          "sa-3-3"};

/* ---- which normals are drawn ---- */

static int is_normal(const itp_term *term)
{
    return term->column == ITP_COLUMN_NORMAL;
}

/* What is carried to a row: coefficients that a row before it, the last one alone, has drawn the normals of. */
static int32_t check_carried(const itp_plan_row *row, const unsigned char *carried, const itp_plan_row *next,
                             const unsigned char *next_carried, const double *coefs)
{
    int32_t drawn = 0, sums = 0, asked = 0;
    for (int32_t j = 0; j < row->term_count; j++) {
        drawn += is_normal(&row->terms[j]) && !carried[j];
        sums += coefs[j] != 0;
        check_true("what is summed up is drawn", coefs[j] == 0 || (is_normal(&row->terms[j]) && !carried[j]));
        for (int32_t k = 0; next && k < next->term_count && coefs[j] != 0; k++) {
            int same = is_normal(&next->terms[k]) && next->terms[k].index == row->terms[j].index;
            check_true("with the next row's coefficient",
                       !same || (next_carried[k] && next->terms[k].coef == coefs[j]));
        }
    }
    for (int32_t k = 0; next && k < next->term_count; k++) asked += next_carried[k];
    check_near("each once", asked, sums, 0);
    return drawn;
}

/* Normals that a run draws; the plan's rows name more. */
static double drawn_per_row(const itp_plan *plan)
{
    unsigned char flags[2][LONGEST] = {{0}};
    double coefs[LONGEST];
    int32_t drawn = 0;
    for (int32_t i = 0; i < plan->info.rows; i++) {
        const itp_plan_row *next = i + 1 < plan->info.rows ? &plan->rows[i + 1] : NULL;
        int32_t count = itp_plan_carry(plan, i, flags[i % 2], coefs, flags[1 - i % 2]);
        check_true("none after the last", next || count == 0);
        drawn += check_carried(&plan->rows[i], flags[i % 2], next, flags[1 - i % 2], coefs);
    }
    return (double)drawn / plan->info.rows;
}

static void no_row_draws_much(void **state)
{
    static const double most[] = {16, 19, 17, 19, 17}; /* of the first solvers at 20 steps; a normal costs 1.5 ns */
    (void)state;
    for (int i = 0; i < COUNT(solvers); i++) {
        itp_plan *plan = plan_for(solvers[i], 20);
        double drawn = drawn_per_row(plan);
        print_message("# %s: %.1f normals drawn in a row\n", solvers[i], drawn);
        check_true(solvers[i], i >= COUNT(most) || drawn <= most[i]);
        check_near(solvers[i], plan->info.carries, 1, 0);
        itp_plan_free(plan);
    }
}

static void fresh_normals_are_not_carried(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        for (int32_t k = 0; k < 2; k++) {
            itp_plan *plan = NULL;
            wanted desc = WANTED;
            desc.solver = SOLVER(kind_name_at("solver", i));
            desc.plan.noise = ITP_NOISE_STEPS;
            desc.diffusion.k = k;
            if (make_plan(&desc, &plan)) continue;
            check_near(called(&desc), plan->info.carries, 0, 0);
            itp_plan_free(plan);
        }
    }
}

/* ---- the kernels ---- */

enum { LONG = 700 };

/* What is carried has the bits of the same sum made by itself, also in the place of a column. */
static void check_kernel(const char *name, itp_combine_fn combine, size_t element)
{
    static const itp_noise_term normals[] = {{3, .5}, {1 << 29, -1.25}, {70, 2}}, alone[] = {{3, .75}, {70, -.1}};
    static const double carried[] = {.75, 0, -.1};
    double x[LONG], carry[LONG], next[LONG], sum[LONG], plain[LONG];
    memset(x, 0x3b, sizeof x);
    memcpy(carry, x, sizeof x);
    const itp_column columns[] = {{x, .3}, {carry, 1}};
    itp_combine op = {.dim = 100, .count = 7, .next = plain, .columns = columns, .column_count = 2, .seed = 4};
    op.normals = normals;
    op.normal_count = COUNT(normals);
    combine(&op);
    op.next = next;
    op.carry = carry;
    op.carried = carried;
    combine(&op);
    op.next = sum;
    op.carry = NULL;
    op.column_count = 0;
    op.normals = alone;
    op.normal_count = COUNT(alone);
    combine(&op);
    check_true(name, memcmp(next, plain, LONG * element) == 0 && memcmp(carry, sum, LONG * element) == 0);
}

static void every_kernel_carries(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        const int32_t type = i ? ITP_FLOAT64 : ITP_FLOAT32;
        const size_t element = i ? sizeof(double) : sizeof(float);
        for (int32_t j = 0; itp_combine_own(j, type); j++) check_kernel("own", itp_combine_own(j, type), element);
        itp_combine_fn openblas = itp_kernel_choose(ITP_KERNEL_OPENBLAS, type);
        if (openblas) check_kernel("OpenBLAS", openblas, element);
    }
}

/* ---- the samples ---- */

static int velocity(void *user, const itp_request *request)
{
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) {
        if (request->type == ITP_FLOAT64) {
            ((double *)request->out)[i] = .3 - request->time * ((const double *)request->x)[i];
        } else {
            ((float *)request->out)[i] = .3f - (float)request->time * ((const float *)request->x)[i];
        }
    }
    return 0;
}

/* A row as plan.h says it. */
static void run_row(const itp_plan_row *row, double *slots, double *next)
{
    for (size_t e = 0; e < TOTAL; e++) next[e] = 0;
    for (int32_t j = 0; j < row->term_count; j++) {
        const itp_term *term = &row->terms[j];
        for (size_t b = 0; b < BATCH; b++) {
            double xi[DIM];
            if (is_normal(term)) itp_normals(5, 7 + b, (uint32_t)term->index, 0, ITP_FLOAT64, xi, DIM);
            const double *from = is_normal(term) ? xi : slots + (size_t)term->slot * TOTAL + b * DIM;
            for (size_t e = 0; e < DIM; e++) next[b * DIM + e] += term->coef * from[e];
        }
    }
}

static void interpret(const itp_plan *plan, double *x)
{
    static double slots[8 * TOTAL];
    double next[TOTAL];
    check_true("room", plan->info.slots <= 8);
    memcpy(slots, x, sizeof next);
    for (int32_t i = 0; i < plan->info.rows; i++) {
        const itp_plan_row *row = &plan->rows[i];
        double *at = slots + (size_t)row->x_slot * TOTAL, *out = slots + (size_t)row->out_slot * TOTAL;
        for (size_t e = 0; e < TOTAL; e++) out[e] = .3 - row->time * at[e];
        run_row(row, slots, next);
        for (size_t e = 0; e < TOTAL && row->keep; e++) out[e] = row->keep_state * at[e] + row->keep_output * out[e];
        memcpy(slots + (size_t)row->next_slot * TOTAL, next, sizeof next);
    }
    memcpy(x, slots, sizeof next);
}

static itp_batch batch_for(int32_t type)
{
    itp_batch batch = batch_of(DIM, BATCH, type);
    batch.seed = 5;
    batch.first = 7;
    batch.x = ITP_X_GIVEN;
    return batch;
}

static void samples_are_those_of_the_rows(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(solvers); i++) {
        itp_plan *plan = plan_for(solvers[i], 20);
        double x[TOTAL], want[TOTAL];
        float narrow[TOTAL];
        itp_batch batch = batch_for(ITP_FLOAT64);
        for (int e = 0; e < TOTAL; e++) x[e] = want[e] = narrow[e] = (float)(e - 40) / 20;
        interpret(plan, want);
        check_status("sample", itp_sample(plan, &batch, x, velocity, NULL), ITP_OK);
        batch = batch_for(ITP_FLOAT32);
        check_status("sample", itp_sample(plan, &batch, narrow, velocity, NULL), ITP_OK);
        for (int e = 0; e < TOTAL; e++) {
            check_near(solvers[i], x[e], want[e], 1e-13);
            check_near(solvers[i], (double)narrow[e], want[e], 5e-6);
        }
        itp_plan_free(plan);
    }
}

/* Begun again in the middle, what was carried is forgotten. */
static void a_run_begun_again_is_the_same(void **state)
{
    (void)state;
    itp_plan *plan = plan_for("sa-2", 20);
    itp_batch batch = batch_for(ITP_FLOAT32);
    itp_sampler *sampler = NULL;
    float x[TOTAL], want[TOTAL];
    check_status("sampler", sampler_for(plan, &batch, &sampler), ITP_OK);
    for (int before = 0; before < 4; before++) {
        for (int turn = 0; turn < 2; turn++) {
            itp_request request = ITP_REQUEST_INIT;
            for (int e = 0; e < TOTAL; e++) x[e] = (float)e / 20;
            check_status("begin", begin_as(sampler, &batch, x), ITP_OK);
            for (int row = 0; row < (turn ? 20 : before); row++) {
                check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
                velocity(NULL, &request);
                check_status("submit", itp_sampler_submit(sampler), ITP_OK);
            }
        }
        if (before == 0) memcpy(want, x, sizeof x);
        assert_memory_equal(x, want, sizeof x);
    }
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* Any split of the batch gives the same bits. */
static void splits_agree(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(solvers); i++) {
        itp_plan *plan = plan_for(solvers[i], 12);
        itp_batch batch = batch_for(ITP_FLOAT32);
        float x[TOTAL], part[TOTAL];
        for (int e = 0; e < TOTAL; e++) x[e] = part[e] = (float)e / 20;
        check_status("whole", itp_sample(plan, &batch, x, velocity, NULL), ITP_OK);
        batch.count = 1;
        for (size_t b = 0; b < BATCH; b++, batch.first++) {
            check_status("part", itp_sample(plan, &batch, part + b * DIM, velocity, NULL), ITP_OK);
        }
        assert_memory_equal(x, part, sizeof x);
        itp_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_draws_much),
        cmocka_unit_test(fresh_normals_are_not_carried),
        cmocka_unit_test(every_kernel_carries),
        cmocka_unit_test(samples_are_those_of_the_rows),
        cmocka_unit_test(a_run_begun_again_is_the_same),
        cmocka_unit_test(splits_agree),
    };
    return cmocka_run_group_tests_name("carry", tests, NULL, NULL);
}
