/* The method that a description asks for: a row of the registry, or a tableau of the caller's. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/log.h"
#include "base/sized.h"
#include "solver/solver.h"

/* What a method is picked by comes last among the fields. */
enum { KEYS = 6, FIRST_KEY = ITP_SOLVER_FIELDS - KEYS };

static int all_finite(const double *numbers, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (!isfinite(numbers[i])) {
            return 0;
        }
    }
    return 1;
}

static int is_explicit(const itp_tableau *of)
{
    for (int32_t i = 0; i < of->stages; i++) {
        for (int32_t j = i; j < of->stages; j++) {
            if (of->a[i * of->stages + j] != 0) {
                return 0;
            }
        }
    }
    return 1;
}

static double sum(const double *numbers, int32_t count)
{
    double total = 0;
    for (int32_t i = 0; i < count; i++) {
        total += numbers[i];
    }
    return total;
}

static int check_pair(const itp_tableau *of, const itp_report *log)
{
    static const double ROUNDINGS = 1e-12;
    int32_t n = of->stages + 1;
    if (!of->embedded != !of->embedded_order || of->embedded_count != (of->embedded ? n : 0)) {
        return itp_fail(log, ITP_E_ARGUMENT,
                        "tableau: embedded has %d numbers and order %d; give one more than stages, and its order, or "
                        "neither.",
                        (int)of->embedded_count, (int)of->embedded_order);
    }
    int fits = !of->embedded || (of->embedded_order > 0 && of->embedded_order <= ITP_STAGES_MOST &&
                                 all_finite(of->embedded, n) && fabs(sum(of->embedded, n) - 1) <= ROUNDINGS);
    return fits ? ITP_OK
                : itp_fail(log, ITP_E_RANGE, "tableau: embedded must be finite and add up to 1, its order 1 to %d.",
                           ITP_STAGES_MOST);
}

/* The two conditions without which a step does not follow t. */
static int is_consistent(const itp_tableau *of)
{
    static const double ROUNDINGS = 1e-12;
    int32_t n = of->stages;
    int yes = fabs(sum(of->b, n) - 1) <= ROUNDINGS;
    for (int32_t i = 0; i < n && yes; i++) {
        yes = of->c[i] >= 0 && of->c[i] <= 1 && fabs(sum(of->a + (size_t)(i * n), n) - of->c[i]) <= ROUNDINGS;
    }
    return yes;
}

static int check_numbers(const itp_tableau *of, const itp_report *log)
{
    int32_t n = of->stages;
    if (!of->a || !of->b || !of->c) {
        return itp_fail(log, ITP_E_ARGUMENT, "tableau: a, b or c is NULL.");
    }
    if (!all_finite(of->a, n * n) || !all_finite(of->b, n) || !all_finite(of->c, n) || !is_explicit(of)) {
        return itp_fail(log, ITP_E_RANGE, "tableau: every number must be finite, and a[i][j] 0 for j >= i.");
    }
    return is_consistent(of)
               ? check_pair(of, log)
               : itp_fail(log, ITP_E_RANGE, "tableau: b must add up to 1 and a[i] to c[i], which lies in [0, 1].");
}

static int read_tableau(const itp_tableau *given, const itp_report *log, itp_own_method *own)
{
    itp_tableau of = ITP_TABLEAU_INIT;
    int status = itp_struct_read(&of, sizeof of, given);
    if (status) {
        return itp_fail(log, status, "tableau: its size is wrong.");
    }
    if (of.stages < 1 || of.stages > ITP_STAGES_MOST || of.order < 1 || of.order > ITP_STAGES_MOST) {
        return itp_fail(log, ITP_E_RANGE,
                        "tableau: %d stages of order %d; both are 1 to %d, so give order, a, b and c.", (int)of.stages,
                        (int)of.order, ITP_STAGES_MOST);
    }
    own->tableau = (itp_rk_tableau){of.stages, of.embedded_order, of.c, of.a, of.b, of.embedded, NULL};
    own->method = *itp_method_named("runge-kutta");
    own->method.order = (int8_t)of.order;
    own->method.evaluations = (int8_t)of.stages;
    own->method.data = &own->tableau;
    return check_numbers(&of, log);
}

/* Which of the numbers by which a method is picked is not one, or that no method has them all. */
static int refuse(const itp_solver *wanted, const itp_report *log)
{
    char all[KEYS * 40] = "", text[32];
    for (int32_t i = 0; i < KEYS; i++) {
        const itp_field *key = &itp_solver_fields[i + FIRST_KEY];
        int status = itp_field_check(key, wanted, log);
        if (status) {
            return status;
        }
        itp_field_text(key, wanted, text, sizeof text);
        (void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s %s", i ? ", " : "", key->name, text);
    }
    return itp_fail(log, ITP_E_UNSUPPORTED,
                    "solver: no method has %s; leave out what may be any, but for family and corrector.", all);
}

static int is_own(const itp_solver *wanted)
{
    return wanted->family == ITP_RUNGE_KUTTA && !wanted->order && !wanted->form && !wanted->variable &&
           !wanted->weights && !wanted->corrector;
}

int itp_method_find(const itp_solver *wanted, const itp_report *log, itp_own_method *own, const itp_method **out)
{
    int status = itp_reserved_check(log, wanted->reserved || wanted->reserved2);
    if (status) {
        return status;
    }
    if (!wanted->tableau) {
        *out = (const void *)itp_kind_chosen(&itp_kind_solver, wanted);
        return *out ? ITP_OK : refuse(wanted, log);
    }
    if (!is_own(wanted)) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "tableau: given, which is for family RUNGE_KUTTA and says the order and the weights itself; "
                        "leave the others out.");
    }
    *out = &own->method;
    return read_tableau(wanted->tableau, log, own);
}
