/* The lines of the tables: every one can be sampled, spends the budget it stands under, and is measured against the
 * path it converges to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../examples/kinds.h"
#include "methods.h"

static recipe with_k(double k)
{
    recipe r = sampling_default();
    r.k = k;
    return r;
}

/* Evaluations left unspent; -1: there is no such plan. */
static int32_t left_of(recipe r, int32_t budget)
{
    itp_plan *plan;
    r.evaluations = budget;
    int32_t left = sampling_plan(&r, &plan) ? -1 : budget - sampling_cost(&r, plan);
    itp_plan_free(plan);
    return left;
}

static void noisy_lines_spend_their_budget(void **state)
{
    recipe base = with_k(0.5);
    methods m;
    (void)state;
    assert_int_equal(methods_choose(&base, METHODS_SDE, 0, &m), ITP_OK);
    assert_true(m.count >= 10);
    for (size_t i = 0; i < m.count * m.budget_count; i++) {
        int32_t left = left_of(m.list[i % m.count], m.budgets[i / m.count]);
        assert_in_range(left, 0, m.left);
    }
    methods_free(&m);
}

static size_t count_limit(const methods *m, double k)
{
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++) {
        count += methods_limit(&m->list[i]) == k;
    }
    return count;
}

/* Half of eps* for those that take it; one flow; eta is 1 and churn is what it is. */
static void lines_know_their_limit(void **state)
{
    recipe base = with_k(0.5);
    methods m;
    (void)state;
    assert_int_equal(methods_choose(&base, METHODS_SDE, 0, &m), ITP_OK);
    assert_int_equal(count_limit(&m, 0), 1);
    assert_int_equal(count_limit(&m, 1), 1);
    assert_int_equal(count_limit(&m, -1), 3);
    assert_int_equal(count_limit(&m, 0.5), m.count - 5);
    methods_free(&m);
    base.noise = ITP_NOISE_STEPS;
    assert_true(methods_limit(&base) == -1);
}

static void every_solver_once(void **state)
{
    recipe base = with_k(0);
    methods m;
    size_t noisy = 0;
    (void)state;
    assert_int_equal(methods_choose(&base, METHODS_ALL, 0, &m), ITP_OK);
    for (size_t i = 0; i < m.count; i++) {
        assert_string_equal(m.list[i].solver, kind_name_at("solver", (int32_t)i));
        noisy += m.list[i].k == 1;
    }
    assert_null(kind_name_at("solver", (int32_t)m.count));
    assert_true(noisy >= 1 && noisy < m.count / 2);
    methods_free(&m);
}

static void one_line_at_one_budget(void **state)
{
    recipe base = with_k(2);
    methods m;
    (void)state;
    base.evaluations = 5;
    assert_int_equal(methods_choose(&base, METHODS_ONE, 1, &m), ITP_OK);
    assert_int_equal(m.count, 1);
    assert_int_equal(m.budget_count, 1);
    assert_int_equal(m.budgets[0], 5);
    methods_free(&m);
}

static void check_noise(const recipe *r, const char *expected)
{
    char text[16];
    methods_noise(r, text, sizeof text);
    assert_string_equal(text, expected);
}

static void names(void **state)
{
    recipe r = with_k(0.25);
    char where[32];
    (void)state;
    check_noise(&r, "0.25");
    r.last_step = 0.04;
    check_noise(&r, "0.25 SiT");
    r.diffusion = "constant";
    check_noise(&r, "constant SiT");
    r = with_k(0);
    r.solver = "euler-ancestral";
    check_noise(&r, "eta 1");
    r.solver = "edm-heun";
    r.churn = 40;
    check_noise(&r, "churn 40");
    methods_where(&r, where, sizeof where);
    assert_string_equal(where, "lazy");
    r.grid = "u";
    methods_where(&r, where, sizeof where);
    assert_string_equal(where, "lazy, u");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noisy_lines_spend_their_budget),
        cmocka_unit_test(lines_know_their_limit),
        cmocka_unit_test(every_solver_once),
        cmocka_unit_test(one_line_at_one_budget),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
