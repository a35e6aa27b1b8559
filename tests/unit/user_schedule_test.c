/* A user's schedule, with and without derivatives and inverse, against the built-in it repeats: the values are the
 * same function's, so what is derived from them must agree to the error of the differences. */
#include <interp/schedule.h>

#include <math.h>

#include "../common/check.h"

static const double HALF_PI = 1.57079632679489661923;

static int linear_values(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->alpha = 1 - t;
    out->beta = t;
    out->dalpha = -1;
    out->dbeta = 1;
    return 0;
}

static int linear_inverse(void *user, double r, double *t)
{
    (void)user;
    *t = isinf(r) ? 1.0 : r / (1 + r);
    return 0;
}

static int vp_values(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->alpha = t == 1.0 ? 0.0 : cos(HALF_PI * t);
    out->beta = sin(HALF_PI * t);
    out->dalpha = -HALF_PI * sin(HALF_PI * t);
    out->dbeta = HALF_PI * cos(HALF_PI * t);
    return 0;
}

static int vp_inverse(void *user, double r, double *t)
{
    (void)user;
    *t = atan(r) / HALF_PI;
    return 0;
}

/* Point mass: alpha = beta = 0 at t = 0, both derivatives of alpha infinite at the ends. */
static int mass_values(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    double root = sqrt(t * (1 - t));
    out->alpha = root;
    out->beta = t;
    out->dalpha = (1 - 2 * t) / (2 * root);
    out->dbeta = 1;
    return 0;
}

static int mass_inverse(void *user, double r, double *t)
{
    (void)user;
    *t = isinf(r) ? 1.0 : r * r / (1 + r * r);
    return 0;
}

typedef struct built_in {
    const char *name;
    int32_t kind;
    itp_schedule_fn values;
    itp_schedule_inverse_fn inverse;
} built_in;

static const built_in rows[] = {
    {"linear", ITP_SCHEDULE_LINEAR, linear_values, linear_inverse},
    {"vp", ITP_SCHEDULE_VP, vp_values, vp_inverse},
    {"point-mass", ITP_SCHEDULE_POINT_MASS, mass_values, mass_inverse},
};

static itp_schedule *create(const built_in *row, int derivatives, int inverse)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    desc.kind = ITP_SCHEDULE_USER;
    desc.values = row->values;
    desc.inverse = inverse ? row->inverse : NULL;
    desc.user_parts = derivatives ? ITP_USER_DERIVATIVES : 0;
    check_status(row->name, itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

static itp_schedule_point point(const itp_schedule *schedule, double t)
{
    itp_schedule_point p = ITP_SCHEDULE_POINT_INIT;
    check_status("eval", itp_schedule_eval(schedule, t, &p), ITP_OK);
    return p;
}

static void compare_point(const char *name, const itp_schedule_point *p, const itp_schedule_point *q, double tol)
{
    check_near(name, p->alpha, q->alpha, 1e-9);
    check_near(name, p->beta, q->beta, 1e-9);
    check_near(name, p->u, q->u, 1e-9);
    check_near(name, p->dalpha, q->dalpha, tol);
    check_near(name, p->dbeta, q->dbeta, tol);
    check_near(name, p->W, q->W, tol);
    check_near(name, p->eps_star, q->eps_star, tol);
}

static void compare_inverse(const char *name, const itp_schedule *a, const itp_schedule *b)
{
    static const double ratios[] = {0, 1e-12, 1e-3, .1, 1, 7, 1e3, 1e9, INFINITY};
    for (int i = 0; i < COUNT(ratios); i++) {
        double t = -1, s = -2;
        check_status(name, itp_schedule_time_of_r(a, ratios[i], &t), ITP_OK);
        check_status(name, itp_schedule_time_of_r(b, ratios[i], &s), ITP_OK);
        check_near(name, t, s, 1e-9);
    }
}

static void compare(const built_in *row, int derivatives, int inverse)
{
    label name;
    itp_schedule *a = create(row, derivatives, inverse), *b;
    check_status("make", itp_schedule_make(row->kind, &b), ITP_OK);
    label_index(&name, row->name, derivatives + 2 * inverse);
    for (int i = 1; i < 40; i++) {
        itp_schedule_point p = point(a, i / 40.0), q = point(b, i / 40.0);
        compare_point(name.text, &p, &q, 1e-7);
    }
    compare_inverse(name.text, a, b);
    itp_schedule_free(a);
    itp_schedule_free(b);
}

static void same_as_built_in(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(rows); i++)
        for (int parts = 0; parts < 4; parts++) compare(&rows[i], parts & 1, parts >> 1);
}

/* At the ends of a regular schedule the derivatives are one-sided, and still there. */
static void ends_of_regular_schedules(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        for (int parts = 0; parts < 4; parts++) {
            itp_schedule *a = create(&rows[i], parts & 1, parts >> 1), *b;
            check_status("make", itp_schedule_make(rows[i].kind, &b), ITP_OK);
            for (int end = 0; end <= 1; end++) {
                itp_schedule_point p = point(a, end), q = point(b, end);
                compare_point(rows[i].name, &p, &q, 1e-6);
            }
            itp_schedule_free(a);
            itp_schedule_free(b);
        }
}

static void variance_without_closed_form(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_schedule *a = create(&rows[i], 1, 1), *b;
        double got = -1, want = -2;
        check_status("make", itp_schedule_make(rows[i].kind, &b), ITP_OK);
        check_status(rows[i].name, itp_schedule_variance(a, .1, .9, &got), ITP_OK);
        check_status(rows[i].name, itp_schedule_variance(b, .1, .9, &want), ITP_OK);
        check_near(rows[i].name, got, want, 1e-9);
        itp_schedule_free(a);
        itp_schedule_free(b);
    }
}

/* ---- refused ---- */

static int decreasing(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->alpha = t;
    out->beta = 1 - t;
    return 0;
}

static int constant(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    (void)t;
    out->alpha = out->beta = .5;
    return 0;
}

static int wavy(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->beta = t + .3 * sin(12 * t);
    out->alpha = 1 - out->beta;
    return 0;
}

static int negative(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->alpha = 1 - t;
    out->beta = t - .1;
    return 0;
}

static int not_a_number(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->alpha = 1 - t;
    out->beta = t > .5 ? NAN : t;
    return 0;
}

static int refuses(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    (void)t;
    (void)out;
    return 5;
}

static void bad_callbacks(void **state)
{
    static const struct {
        const char *name;
        itp_schedule_fn values;
        int want;
    } bad[] = {
        {"decreasing", decreasing, ITP_E_SCHEDULE},
        {"constant", constant, ITP_E_SCHEDULE},
        {"wavy", wavy, ITP_E_SCHEDULE},
        {"negative", negative, ITP_E_SCHEDULE},
        {"not a number", not_a_number, ITP_E_SCHEDULE},
        {"refuses", refuses, 5},
        {"missing", NULL, ITP_E_ARGUMENT},
    };
    (void)state;
    for (int i = 0; i < COUNT(bad); i++) {
        itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
        itp_schedule *schedule = NULL;
        desc.kind = ITP_SCHEDULE_USER;
        desc.values = bad[i].values;
        check_status(bad[i].name, itp_schedule_new(&desc, &schedule), bad[i].want);
        check_true(bad[i].name, schedule == NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_built_in),
        cmocka_unit_test(ends_of_regular_schedules),
        cmocka_unit_test(variance_without_closed_form),
        cmocka_unit_test(bad_callbacks),
    };
    return cmocka_run_group_tests_name("user_schedule", tests, NULL, NULL);
}
