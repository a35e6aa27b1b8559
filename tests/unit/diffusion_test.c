/* The diffusion of an SDE in every way that it can be named: SiT's forms, the user's eps(t), k as a function; its noise
 * and its drift are those of the formula in the schedule that it is named by, and converted in any other. */
#include <interp/interp.h>

#include <math.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/plan.h"

static const double PI = 3.141592653589793;
enum { FORMS = 6, NODES = 5 };

static double users(void *user, double t)
{
    return *(const double *)user * t * (1 - t) + .1;
}

static const int32_t forms[FORMS] = {ITP_DIFFUSION_CONSTANT,   ITP_DIFFUSION_SIGMA, ITP_DIFFUSION_LINEAR,
                                     ITP_DIFFUSION_DECREASING, ITP_DIFFUSION_SINE,  ITP_DIFFUSION_USER};
static double weight = 3;

/* On the linear schedule, where alpha = 1 - t. */
static double eps_of(int32_t form, double n, double t)
{
    switch (form) {
    case ITP_DIFFUSION_CONSTANT: return n;
    case ITP_DIFFUSION_SIGMA:
    case ITP_DIFFUSION_LINEAR: return n * (1 - t);
    case ITP_DIFFUSION_DECREASING: return .25 * (n * cos(PI * t) + 1) * (n * cos(PI * t) + 1);
    case ITP_DIFFUSION_SINE: return n * sin(PI * t) * sin(PI * t);
    default: return users(&weight, t);
    }
}

static double integral(int32_t form, double n, double a, double b)
{
    double sum = 0, h = (b - a) / 2000;
    for (int i = 0; i < 2000; i++) sum += h * eps_of(form, n, a + (i + .5) * h);
    return sum;
}

static wanted named(int32_t form, double n)
{
    wanted desc = WANTED;
    desc.diffusion.kind = form;
    desc.diffusion.norm = form == ITP_DIFFUSION_USER || form == ITP_DIFFUSION_K ? 0 : n;
    desc.diffusion.fn = form == ITP_DIFFUSION_USER ? users : NULL;
    desc.diffusion.user = desc.diffusion.fn ? &weight : NULL;
    desc.plan.evaluations = NODES;
    desc.solver = SOLVER("euler-maruyama");
    desc.plan.singular = ITP_SINGULAR_ERROR;
    return desc;
}

typedef struct sums {
    double state, output, square;
} sums;

static sums sums_of(const itp_plan *plan, int32_t i)
{
    sums out = {0, 0, 0};
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    for (int32_t j = 0; j < row.term_count; j++) {
        const itp_term *term = &row.terms[j];
        if (term->column == ITP_COLUMN_STATE) out.state += term->coef;
        if (term->column == ITP_COLUMN_OUTPUT) out.output += term->coef;
        if (term->column == ITP_COLUMN_NORMAL) out.square += term->coef * term->coef;
    }
    return out;
}

/* On linear, b + eps s with s = -(x + ... ): s = (t b - x)/(1 - t): so x + h (b + eps (t b - x)/(1 - t)), from t = 0
 * on, and the noise 2 int eps dt. */
static void forms_on_linear(void **state)
{
    (void)state;
    for (int f = 0; f < 2 * FORMS; f++) {
        double n = f < FORMS ? 1 : .7, h = 1. / NODES;
        const char *name = kind_name("diffusion", forms[f % FORMS]);
        wanted desc = named(forms[f % FORMS], n);
        itp_plan *plan = plan_wanted(name, &desc);
        for (int i = 0; i + 1 < NODES; i++) {
            double t = i * h, eps = eps_of(forms[f % FORMS], n, t);
            sums row = sums_of(plan, i);
            check_near(name, row.state, 1 - h * eps / (1 - t), 1e-13);
            check_near(name, row.output, h * (1 + eps * t / (1 - t)), 1e-13);
            check_near(name, row.square, 2 * integral(forms[f % FORMS], n, t, t + h), 1e-6);
        }
        itp_plan_free(plan);
    }
}

/* Under another schedule with the same nodes: the noise of a step, in the network's coordinates, is that of linear to
 * leading order, and the diffusion itself is c^2 tau' eps (itp_schedule_convert). */
static void converted(void **state)
{
    (void)state;
    itp_schedule *linear = NULL, *vp = NULL;
    itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear);
    itp_schedule_make(ITP_SCHEDULE_VP, &vp);
    for (int f = 0; f < FORMS; f++) {
        double t = .4, h = 1e-4, nodes[3] = {t - h, t, t + h};
        const char *name = kind_name("diffusion", forms[f]);
        wanted desc = named(forms[f], 1);
        itp_conversion at = ITP_CONVERSION_INIT;
        desc.plan.schedule = vp;
        desc.grid.kind = ITP_GRID_USER_TIME;
        desc.grid.nodes = nodes;
        desc.grid.node_count = 3;
        desc.plan.evaluations = 2;
        desc.plan.last = ITP_LAST_NOISE;
        itp_plan *plan = plan_wanted(name, &desc);
        check_status(name, itp_schedule_convert(linear, vp, t, &at), ITP_OK);
        double eps = at.c * at.c * at.dtau * eps_of(forms[f], 1, at.tau);
        double square = 0, factor = 0, when = 0;
        square = sums_of(plan, 1).square;
        check_status(name, itp_plan_coordinates(plan, 2, vp, &when, &factor), ITP_OK);
        check_near(name, square * factor * factor / (2 * eps * h), 1, 1e-3);
        itp_plan_free(plan);
    }
    itp_schedule_free(linear);
    itp_schedule_free(vp);
}

/* The schedule by whose t it is named: sin(pi t) of the vp schedule is not that of linear. */
static void by_another_schedule(void **state)
{
    (void)state;
    itp_schedule *vp = NULL;
    itp_schedule_make(ITP_SCHEDULE_VP, &vp);
    wanted desc = named(ITP_DIFFUSION_SINE, 1);
    desc.plan.schedule = vp;
    desc.diffusion.schedule = vp;
    desc.plan.evaluations = 20;
    itp_plan *plan = plan_wanted("vp", &desc);
    for (int i = 0; i + 1 < 20; i++) {
        double when = 0, factor = 0, t = i / 20.;
        check_status("vp", itp_plan_coordinates(plan, i + 1, vp, &when, &factor), ITP_OK);
        check_near("time", when, t + .05, 1e-14);
        check_near("noise", sums_of(plan, i).square * factor * factor, 2 * integral(ITP_DIFFUSION_SINE, 1, t, t + .05),
                   1e-6);
    }
    itp_plan_free(plan);
    itp_schedule_free(vp);
}

static double from_zero(void *user, double u)
{
    (void)user;
    return 2 * u;
}

static double root(void *user, double u)
{
    (void)user;
    return sqrt(u);
}

/* A k that begins as 2 u has a drift at u = 0: k/u = 2, as eps = 2 (1 - t) on linear. One that begins as its root has
 * none. */
static void k_that_begins_with_zero(void **state)
{
    (void)state;
    wanted desc = named(ITP_DIFFUSION_K, 1), same = named(ITP_DIFFUSION_LINEAR, 2);
    itp_plan *plan = NULL, *other = plan_wanted("linear", &same);
    desc.diffusion.k_fn = from_zero;
    plan = plan_wanted("2 u", &desc);
    for (int i = 0; i < NODES; i++) {
        check_near("state", sums_of(plan, i).state, sums_of(other, i).state, 1e-12);
        check_near("output", sums_of(plan, i).output, sums_of(other, i).output, 1e-12);
        check_near("noise", sums_of(plan, i).square, sums_of(other, i).square, 1e-12);
    }
    itp_plan_free(plan);
    itp_plan_free(other);
    desc.diffusion.k_fn = root;
    check_status("root", make_plan(&desc, &plan), ITP_E_SINGULAR);
    desc.plan.singular = ITP_SINGULAR_FLOW;
    plan = plan_wanted("root", &desc);
    check_true("no noise", sums_of(plan, 0).square == 0 && sums_of(plan, 1).square > 0);
    itp_plan_free(plan);
}

static double negative(void *user, double t)
{
    (void)user;
    return t > .5 ? -1 : 1;
}

static void bad_input(void **state)
{
    (void)state;
    capture said;
    itp_env log = capture_env(&said);
    wanted desc = named(ITP_DIFFUSION_CONSTANT, -1);
    itp_plan *plan = NULL;
    desc.plan.env = &log;
    check_status("norm", make_plan(&desc, &plan), ITP_E_RANGE);
    check_true("norm", capture_has(&said, "norm: -1"));
    desc = named(77, 1);
    desc.plan.env = &log;
    check_status("form", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    check_true("form", capture_has(&said, "diffusion: 77"));
    desc = named(ITP_DIFFUSION_USER, 1);
    desc.plan.env = &log;
    desc.diffusion.fn = NULL;
    check_status("fn", make_plan(&desc, &plan), ITP_E_ARGUMENT);
    check_true("fn", capture_has(&said, "fn: NULL"));
    desc.diffusion.fn = negative;
    check_status("negative", make_plan(&desc, &plan), ITP_E_RANGE);
    check_true("negative", capture_has(&said, "diffusion"));
    desc.solver = SOLVER("heun");
    check_status("solver", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    assert_null(plan);
}

/* A point mass schedule with less noise than it is for is allowed, and said. */
static void a_warning(void **state)
{
    (void)state;
    static const double ks[] = {0, .5, 1, 2};
    itp_schedule *point_mass = NULL;
    itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &point_mass);
    for (int i = 0; i < 4; i++) {
        capture said;
        itp_env log = capture_env(&said);
        wanted desc = WANTED;
        desc.plan.env = &log;
        desc.plan.schedule = point_mass;
        desc.diffusion.k = ks[i];
        itp_plan_free(plan_wanted("point mass", &desc));
        check_true("warning", capture_has(&said, "lazy for k = 1") == (ks[i] < 1));
        check_true("level", ks[i] >= 1 || said.level == ITP_LOG_WARNING);
    }
    itp_schedule_free(point_mass);
}

static void names(void **state)
{
    (void)state;
    int count = 0;
    for (int32_t i = 0; kind_at("diffusion", i); i++, count++) {
        assert_int_equal(kind_id("diffusion", kind_name("diffusion", kind_at("diffusion", i))),
                         kind_at("diffusion", i));
    }
    assert_int_equal(count, 7);
    assert_int_equal(kind_id("diffusion", "SBDM"), ITP_DIFFUSION_K);
    assert_null(kind_name("diffusion", 77));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_on_linear),
        cmocka_unit_test(converted),
        cmocka_unit_test(by_another_schedule),
        cmocka_unit_test(k_that_begins_with_zero),
        cmocka_unit_test(bad_input),
        cmocka_unit_test(a_warning),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("diffusion", tests, NULL, NULL);
}
