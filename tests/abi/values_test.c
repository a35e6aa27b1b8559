/* The numbers behind the public names: programs are compiled with them, so none ever changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <interp/interp.h>

#define VALUE(name, number) _Static_assert((name) == (number), #name)

VALUE(ITP_OK, 0);
VALUE(ITP_EVALUATE, 1);
VALUE(ITP_E_ARGUMENT, -1);
VALUE(ITP_E_ABI, -2);
VALUE(ITP_E_MEMORY, -3);
VALUE(ITP_E_UNSUPPORTED, -4);
VALUE(ITP_E_RANGE, -5);
VALUE(ITP_E_OVERFLOW, -6);
VALUE(ITP_E_SCHEDULE, -10);
VALUE(ITP_E_GRID, -11);
VALUE(ITP_E_SINGULAR, -12);
VALUE(ITP_E_BUDGET, -13);
VALUE(ITP_E_STATE, -20);
VALUE(ITP_E_CALLBACK, -21);
VALUE(ITP_E_NONFINITE, -22);
VALUE(ITP_E_INTERNAL, -30);

VALUE(ITP_LOG_ERROR, 1);
VALUE(ITP_LOG_WARNING, 2);
VALUE(ITP_LOG_INFO, 3);

VALUE(ITP_FLOAT32, 1);
VALUE(ITP_FLOAT64, 2);

VALUE(ITP_SCHEDULE_LINEAR, 1);
VALUE(ITP_SCHEDULE_VP, 2);
VALUE(ITP_SCHEDULE_VP_SDE, 3);
VALUE(ITP_SCHEDULE_SQRT, 4);
VALUE(ITP_SCHEDULE_SPHERE, 5);
VALUE(ITP_SCHEDULE_VE, 6);
VALUE(ITP_SCHEDULE_EDM, 7);
VALUE(ITP_SCHEDULE_LAZY, 20);
VALUE(ITP_SCHEDULE_POINT_MASS, 21);
VALUE(ITP_SCHEDULE_TABLE, 40);
VALUE(ITP_SCHEDULE_USER, 0x1000);

VALUE(ITP_CLOCK_DEFAULT, 0);
VALUE(ITP_CLOCK_ANGLE, 1);
VALUE(ITP_CLOCK_BETA, 2);
VALUE(ITP_CLOCK_IDENTITY, 3);

VALUE(ITP_USER_DERIVATIVES, 1);

VALUE(ITP_PREDICT_VELOCITY, 1);
VALUE(ITP_PREDICT_DATA, 2);
VALUE(ITP_PREDICT_NOISE, 3);
VALUE(ITP_PREDICT_SCORE, 4);
VALUE(ITP_PREDICT_SALIMANS_V, 5);
VALUE(ITP_PREDICT_EDM, 6);
VALUE(ITP_PREDICT_NEGATIVE_VELOCITY, 7);
VALUE(ITP_PREDICT_AFFINE, 0x1000);

VALUE(ITP_TIME_T, 1);
VALUE(ITP_TIME_REVERSED, 2);
VALUE(ITP_TIME_THOUSAND, 3);
VALUE(ITP_TIME_INDEX, 4);
VALUE(ITP_TIME_LOG_SIGMA, 5);
VALUE(ITP_TIME_USER, 0x1000);

VALUE(ITP_SOLVER_DEFAULT, 0);
VALUE(ITP_SOLVER_EULER, 1);
VALUE(ITP_SOLVER_MIDPOINT, 2);
VALUE(ITP_SOLVER_HEUN, 3);
VALUE(ITP_SOLVER_RK4, 4);
VALUE(ITP_SOLVER_AB2, 100);
VALUE(ITP_SOLVER_AB3, 101);
VALUE(ITP_SOLVER_AB4, 102);
VALUE(ITP_SOLVER_EULER_MARUYAMA, 200);

VALUE(ITP_GRID_TIME, 1);
VALUE(ITP_GRID_U, 2);
VALUE(ITP_GRID_LAMBDA, 3);
VALUE(ITP_GRID_SHIFT, 4);
VALUE(ITP_GRID_USER_TIME, 0x1000);
VALUE(ITP_GRID_USER_U, 0x1001);

VALUE(ITP_START_EVALUATE, 0);
VALUE(ITP_START_CENTRED, 1);

VALUE(ITP_LAST_DATA, 0);
VALUE(ITP_LAST_NOISE, 1);

VALUE(ITP_SINGULAR_FLOW, 0);
VALUE(ITP_SINGULAR_ERROR, 1);

VALUE(ITP_COLUMN_STATE, 0);
VALUE(ITP_COLUMN_OUTPUT, 1);
VALUE(ITP_COLUMN_NORMAL, 2);

VALUE(ITP_X_NOISE, 0);
VALUE(ITP_X_GIVEN, 1);

VALUE(ITP_KERNEL_AUTO, 0);
VALUE(ITP_KERNEL_PORTABLE, 1);
VALUE(ITP_KERNEL_OPENBLAS, 2);

static const int statuses[] = {
    ITP_OK,      ITP_EVALUATE,   ITP_E_ARGUMENT,  ITP_E_ABI,      ITP_E_MEMORY,   ITP_E_UNSUPPORTED,
    ITP_E_RANGE, ITP_E_OVERFLOW, ITP_E_SCHEDULE,  ITP_E_GRID,     ITP_E_SINGULAR, ITP_E_BUDGET,
    ITP_E_STATE, ITP_E_CALLBACK, ITP_E_NONFINITE, ITP_E_INTERNAL,
};
enum { STATUSES = sizeof statuses / sizeof *statuses };

static void every_status_has_a_sentence_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATUSES; i++) {
        assert_non_null(itp_status_string(statuses[i]));
        assert_true(strlen(itp_status_string(statuses[i])) > 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(itp_status_string(statuses[i]), itp_status_string(statuses[j]));
    }
}

static void an_unknown_status_has_one_too(void **state)
{
    (void)state;
    assert_non_null(itp_status_string(-9999));
    assert_non_null(itp_status_string(9999));
}

static void the_library_is_of_the_headers_version(void **state)
{
    (void)state;
    assert_int_equal(itp_version(), ITP_VERSION_MAJOR * 1000000 + ITP_VERSION_MINOR * 1000 + ITP_VERSION_PATCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_sentence_of_its_own),
        cmocka_unit_test(an_unknown_status_has_one_too),
        cmocka_unit_test(the_library_is_of_the_headers_version),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
