/* Runge-Kutta tableaux: the order conditions (Hairer, Norsett, Wanner, II.2), for every one up to its order and for
 * none above it; and what a step costs.
 *
 * A rooted tree is given by the parent of every node but the root, a smaller number; all such arrays of n nodes make
 * every tree of n nodes, some of them more than once. Its condition: the sum over all stages i_0 .. i_(n-1) of
 * b_(i_0) times a_(parent's stage, own stage) of the others is 1 over the product of all nodes' subtree sizes. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/want.h"
#include "solver/solver.h"

enum { NODES = 6, STAGES = ITP_STAGES };

typedef struct method {
    int stages;
    double a[STAGES][STAGES], b[STAGES], c[STAGES];
} method;

static int is_runge_kutta(const itp_method *solver)
{
    return solver->step == itp_rk_step;
}

static method main_method(const itp_rk_tableau *tableau)
{
    method m = {tableau->stages, {{0}}, {0}, {0}};
    for (int i = 0; i < m.stages; i++) {
        m.b[i] = tableau->b[i];
        m.c[i] = tableau->c[i];
        for (int j = 0; j < m.stages; j++) m.a[i][j] = tableau->a[i * tableau->stages + j];
    }
    return m;
}

/* One stage more: the slope at the result. */
static method embedded_method(const itp_rk_tableau *tableau)
{
    method m = main_method(tableau);
    for (int j = 0; j < m.stages; j++) m.a[m.stages][j] = m.b[j];
    m.c[m.stages++] = 1;
    for (int i = 0; i < m.stages; i++) m.b[i] = tableau->embedded[i];
    return m;
}

static double density(const int *parent, int nodes)
{
    int size[NODES];
    double product = 1;
    for (int i = 0; i < nodes; i++) size[i] = 1;
    for (int i = nodes - 1; i > 0; i--) size[parent[i]] += size[i];
    for (int i = 0; i < nodes; i++) product *= size[i];
    return product;
}

/* The sum of the terms; *total: that of their absolute values, which bounds what rounding the entries can do. */
static double elementary_weight(const method *m, const int *parent, int nodes, double *total)
{
    double value[NODES][STAGES], size[NODES][STAGES], sum = *total = 0;
    for (int n = 0; n < nodes; n++)
        for (int i = 0; i < m->stages; i++) value[n][i] = size[n][i] = 1;
    for (int n = nodes - 1; n > 0; n--)
        for (int i = 0; i < m->stages; i++) {
            double inner = 0, inner_size = 0;
            for (int j = 0; j < m->stages; j++) {
                inner += m->a[i][j] * value[n][j];
                inner_size += fabs(m->a[i][j]) * size[n][j];
            }
            value[parent[n]][i] *= inner;
            size[parent[n]][i] *= inner_size;
        }
    for (int i = 0; i < m->stages; i++) {
        sum += m->b[i] * value[0][i];
        *total += fabs(m->b[i]) * size[0][i];
    }
    return sum;
}

/* The next array with parent[i] < i, counting; 0 after the last. */
static int next_tree(int *parent, int nodes)
{
    for (int i = nodes - 1; i > 0; i--) {
        if (++parent[i] < i) return 1;
        parent[i] = 0;
    }
    return 0;
}

/* The worst condition among the trees of so many nodes: its error, and that in units of its terms' absolute sum. */
typedef struct worst {
    double error, relative;
} worst;

static worst conditions(const method *m, int nodes)
{
    int parent[NODES] = {0};
    worst found = {0, 0};
    do {
        double total, error = fabs(elementary_weight(m, parent, nodes, &total) - 1 / density(parent, nodes));
        found.error = fmax(found.error, error);
        found.relative = fmax(found.relative, error / fmax(total, 1));
    } while (next_tree(parent, nodes));
    return found;
}

/* Tsitouras's entries, of up to 13, leave 1.05e-14 in one condition of order 5 just by being rounded to double; all
 * other conditions of all methods hold to 1e-14 as they stand. */
static void check_order(const char *name, const method *m, int order)
{
    double error = 0;
    label text;
    for (int nodes = 1; nodes <= order; nodes++) {
        worst found = conditions(m, nodes);
        error = fmax(error, found.error);
        check_near(label_index(&text, name, nodes), found.error, 0, nodes == 5 ? 1.1e-14 : 1e-14);
        check_near(label_index(&text, name, nodes), found.relative, 0, 1e-15);
    }
    double above = conditions(m, order + 1).error;
    print_message("# %-10s order %d: conditions to %.1e, those above %.1e\n", name, order, error, above);
    check_true(name, above > 1e-5);
}

static void order_conditions(void **state)
{
    (void)state;
    int seen = 0;
    for (int i = 0; kind_name_at("solver", i); i++) {
        const itp_method *solver = itp_method_named(kind_name_at("solver", i));
        if (!is_runge_kutta(solver)) continue;
        method m = main_method(solver->data);
        check_order(solver->named.name, &m, solver->order);
        seen++;
    }
    assert_int_equal(seen, 10);
}

static void embedded_pairs(void **state)
{
    (void)state;
    int seen = 0;
    for (int i = 0; kind_name_at("solver", i); i++) {
        const itp_method *solver = itp_method_named(kind_name_at("solver", i));
        const itp_rk_tableau *tableau = solver->data;
        if (!is_runge_kutta(solver) || !tableau->embedded_order) continue;
        method m = embedded_method(tableau);
        check_order(solver->named.name, &m, tableau->embedded_order);
        check_true(solver->named.name, tableau->embedded_order == solver->order - 1);
        seen++;
    }
    assert_int_equal(seen, 4);
}

static void stages(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        const itp_method *solver = itp_method_named(kind_name_at("solver", i));
        if (!is_runge_kutta(solver)) continue;
        method m = main_method(solver->data);
        check_true(solver->named.name, m.stages == solver->evaluations);
        for (int s = 0; s < m.stages; s++) {
            double sum = 0;
            for (int j = 0; j < m.stages; j++) {
                check_true(solver->named.name, j < s || m.a[s][j] == 0);
                sum += m.a[s][j];
            }
            check_near(solver->named.name, sum, m.c[s], 1e-15);
        }
    }
}

/* The one that takes the place of the methods of order 5 in a step to the data end. */
static void inside(void **state)
{
    (void)state;
    method m = main_method(&itp_tableau_inside);
    check_order("inside", &m, 4);
    for (int s = 0; s < m.stages; s++) {
        double sum = 0;
        for (int j = 0; j < s; j++) sum += m.a[s][j];
        check_near("inside", sum, m.c[s], 1e-15);
        check_true("inside", m.c[s] < 1);
    }
}

/* Rows are evaluations of the network: four steps, the last one with one stage less. */
static void evaluations_per_step(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        const itp_method *solver = itp_method_named(kind_name_at("solver", i));
        wanted desc = WANTED;
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        itp_plan *plan = NULL;
        if (!is_runge_kutta(solver)) continue;
        desc.solver = SOLVER(solver->named.name);
        desc.plan.evaluations = 4 * solver->evaluations - 1;
        check_status(solver->named.name, make_plan(&desc, &plan), ITP_OK);
        check_status(solver->named.name, itp_plan_get_info(plan, &info), ITP_OK);
        check_true(solver->named.name,
                   info.steps == (solver->evaluations == 1 ? 3 : 4) && info.rows == desc.plan.evaluations);
        itp_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_conditions), cmocka_unit_test(embedded_pairs),       cmocka_unit_test(stages),
        cmocka_unit_test(inside),           cmocka_unit_test(evaluations_per_step),
    };
    return cmocka_run_group_tests_name("tableau", tests, NULL, NULL);
}
