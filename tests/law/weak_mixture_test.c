/* Weak orders on a Gaussian mixture, where the network is not linear, without sampling: the expectation of the last
 * state's second moment is carried back through a plan's rows, step by step, as a function of the state on a grid, with
 * the normals of a step integrated by the trapezium rule, which is exact for them to rounding. The moments of the path
 * are known. For solvers whose steps begin and end in a state of the path. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>

#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"

enum { LEVELS = 4, LEAST = 8, MOST = LEAST << (LEVELS - 1), POINTS = 1201, NORMALS = 17, COLUMNS = 2 };
static const double FIRST = .2, LAST = .9, EDGE = 8, SPACING = .8;

typedef struct function {
    double value[POINTS];
} function;

static double grid_point(int i)
{
    return EDGE * (2.0 * i / (POINTS - 1) - 1);
}

/* The cubic through the four nearest points, also beyond the edge. */
static double at(const function *f, double x)
{
    double place = (x / EDGE + 1) * (POINTS - 1) / 2;
    int i = (int)fmin(fmax(floor(place) - 1, 0), POINTS - 4);
    double p = place - i, sum = 0;
    for (int j = 0; j < 4; j++) {
        double weight = f->value[i + j];
        for (int l = 0; l < 4; l++) weight *= l == j ? 1 : (p - l) / (j - l);
        sum += weight;
    }
    return sum;
}

static double density(double xi)
{
    return SPACING * exp(-xi * xi / 2) / sqrt(2 * 3.141592653589793);
}

/* One step of `rows` rows from row `first` on: its states and outputs, and the two normals that it may have. */
typedef struct stepping {
    itp_plan_row row[COLUMNS];
    const network *net;
    int first, rows, steps;
} stepping;

static double term_value(const stepping *s, const itp_term *term, const double *y, const double *f, const double *xi)
{
    if (term->column == ITP_COLUMN_NORMAL) return xi[term->index > s->steps];
    return (term->column == ITP_COLUMN_STATE ? y : f)[term->index - s->first];
}

static double stepped(const stepping *s, double x, double f0, const double *xi)
{
    double y[COLUMNS + 1] = {x}, f[COLUMNS] = {f0};
    for (int i = 0; i < s->rows; i++) {
        const itp_plan_row *row = &s->row[i];
        if (i) f[i] = network_value(s->net, row->time, y[i]);
        y[i + 1] = 0;
        for (int32_t j = 0; j < row->term_count; j++) {
            y[i + 1] += row->terms[j].coef * term_value(s, &row->terms[j], y, f, xi);
        }
        if (row->keep) f[i] = row->keep_state * y[i] + row->keep_output * f[i];
    }
    return y[s->rows];
}

static double expected(const stepping *s, const function *next, double x)
{
    double f0 = network_value(s->net, s->row[0].time, x), sum = 0, xi[2] = {0, 0};
    for (int a = 0; a < NORMALS; a++) {
        xi[0] = SPACING * (a - NORMALS / 2);
        for (int b = 0; b < (s->rows > 1 ? NORMALS : 1); b++) {
            xi[1] = s->rows > 1 ? SPACING * (b - NORMALS / 2) : 0;
            double weight = density(xi[0]) * (s->rows > 1 ? density(xi[1]) : 1);
            sum += weight * at(next, stepped(s, x, f0, xi));
        }
    }
    return sum;
}

/* The mean of a function of the state over the law of the path at FIRST. */
static double mean_at_start(const mixture *m, const function *f)
{
    double sum = 0;
    for (int c = 0; c < m->n; c++) {
        double deviation = hypot(1 - FIRST, FIRST * m->sd[c]);
        for (int a = 0; a < NORMALS; a++) {
            double xi = SPACING * (a - NORMALS / 2);
            sum += m->weight[c] * density(xi) * at(f, FIRST * m->mean[c] + deviation * xi);
        }
    }
    return sum;
}

static double second_moment(const mixture *m)
{
    double sum = 0;
    for (int c = 0; c < m->n; c++) {
        double deviation = hypot(1 - LAST, LAST * m->sd[c]), mean = LAST * m->mean[c];
        sum += m->weight[c] * (mean * mean + deviation * deviation);
    }
    return sum;
}

static itp_plan *plan_for(const char *solver, int steps)
{
    double nodes[MOST + 1];
    wanted desc = WANTED;
    for (int i = 0; i <= steps; i++) nodes[i] = FIRST + (LAST - FIRST) * i / steps;
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, steps + 1);
    desc.diffusion.k = 1;
    desc.plan.last = ITP_LAST_NOISE;
    desc.plan.noise = ITP_NOISE_STEPS;
    return plan_wanted("plan", &desc);
}

static double error_of(const char *solver, int steps)
{
    static function now, next;
    network net = network_linear(mixture_two_modes());
    itp_plan *plan = plan_for(solver, steps);
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    stepping s = {.net = &net, .rows = info.rows / steps, .steps = steps};
    assert_in_range(s.rows, 1, COLUMNS);
    for (int i = 0; i < POINTS; i++) next.value[i] = grid_point(i) * grid_point(i);
    for (int n = steps - 1; n >= 0; n--) {
        s.first = n * s.rows;
        for (int r = 0; r < s.rows; r++) {
            const itp_plan_row empty = ITP_PLAN_ROW_INIT;
            s.row[r] = empty;
            check_status("row", itp_plan_get_row(plan, s.first + r, &s.row[r]), ITP_OK);
        }
        for (int i = 0; i < POINTS; i++) now.value[i] = expected(&s, &next, grid_point(i));
        next = now;
    }
    itp_plan_free(plan);
    return fabs(mean_at_start(&net.target, &next) - second_moment(&net.target));
}

static void check_order(const char *solver, double want)
{
    int steps[LEVELS];
    double error[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
        steps[i] = LEAST << i;
        error[i] = error_of(solver, steps[i]);
    }
    double order = stats_order(steps + 1, error + 1, LEVELS - 1);
    print_message("# %-16s %.2e %.2e %.2e %.2e: order %.2f\n", solver, error[0], error[1], error[2], error[3], order);
    check_true(solver, fabs(order - want) < .2);
}

static void order_1(void **state)
{
    (void)state;
    check_order("euler-maruyama", 1);
    check_order("exponential-sde", 1);
}

static void order_2(void **state)
{
    (void)state;
    check_order("sra1", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_1),
        cmocka_unit_test(order_2),
    };
    return cmocka_run_group_tests_name("weak mixture", tests, NULL, NULL);
}
