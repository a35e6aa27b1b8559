/* Forms: sums, multiples, columns that cancel, and the one too many; against sums made by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "form/form.h"

static double coef(const itp_form *form, int32_t column, int32_t index)
{
    for (int32_t i = 0; i < form->count; i++) {
        if (form->term[i].column == column && form->term[i].index == index) return form->term[i].coef;
    }
    return 0;
}

static itp_form two(double state, double kept)
{
    itp_form form = itp_form_column(ITP_IS_STATE, 3, state);
    itp_form_increase_by(&form, kept, ITP_IS_KEPT, 3);
    return form;
}

static void sums_are_made_in_place(void **state)
{
    (void)state;
    itp_form a = two(0.3, -0.7), b = two(1.1, 0.1);
    itp_form_increase(&a, 0.9, &b);
    assert_int_equal(a.count, 2);
    assert_true(coef(&a, ITP_IS_STATE, 3) == 0.3 + 0.9 * 1.1);
    assert_true(coef(&a, ITP_IS_KEPT, 3) == -0.7 + 0.9 * 0.1);
    itp_form_increase_by(&a, 2, ITP_IS_NORMAL, 5);
    assert_int_equal(a.count, 3);
    assert_true(coef(&a, ITP_IS_NORMAL, 5) == 2);
    itp_form_scale(&a, -0.5);
    assert_true(coef(&a, ITP_IS_NORMAL, 5) == -1);
    assert_true(coef(&a, ITP_IS_STATE, 3) == -0.5 * (0.3 + 0.9 * 1.1));
}

static void what_cancels_is_dropped(void **state)
{
    (void)state;
    itp_form a = two(0.3, -0.7), b = itp_form_column(ITP_IS_STATE, 3, 0.3);
    itp_form_increase(&a, -1, &b);
    assert_int_equal(a.count, 1);
    assert_int_equal(a.term[0].column, ITP_IS_KEPT);
    itp_form_increase_by(&a, 0.7, ITP_IS_KEPT, 3);
    assert_int_equal(a.count, 0);
    itp_form_increase_by(&a, 0, ITP_IS_KEPT, 3);
    assert_int_equal(a.count, 0);
    a = two(1, INFINITY);
    itp_form_scale(&a, 0);
    assert_int_equal(a.count, 0);
    itp_form_increase(&a, 0, &b);
    assert_int_equal(a.count, 0);
}

static void one_column_too_many_is_marked(void **state)
{
    (void)state;
    itp_form a = itp_form_zero(), b = itp_form_zero();
    for (int32_t i = 0; i < ITP_FORM_TERMS; i++) itp_form_increase_by(&a, 1, ITP_IS_NORMAL, i);
    assert_int_equal(a.count, ITP_FORM_TERMS);
    assert_int_equal(a.full, 0);
    itp_form_increase_by(&a, 1, ITP_IS_NORMAL, ITP_FORM_TERMS);
    assert_int_equal(a.full, 1);
    itp_form_increase(&b, 0, &a);
    assert_int_equal(b.full, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_made_in_place),
        cmocka_unit_test(what_cancels_is_dropped),
        cmocka_unit_test(one_column_too_many_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
