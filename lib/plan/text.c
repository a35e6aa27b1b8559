/* A plan as text. */
#include <stdarg.h>
#include <stdio.h>

#include "base/float_env.h"
#include "base/log.h"
#include "plan/plan.h"
#include "solver/solver.h"

typedef struct page {
    char *text;
    size_t capacity, length; /* length: of the whole text, written or not */
} page;

static void put(page *to, const char *text, ...) ITP_PRINTF(2, 3);

static void put(page *to, const char *text, ...)
{
    va_list arguments;
    va_start(arguments, text);
    size_t room = to->length < to->capacity ? to->capacity - to->length : 0;
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start is two lines up */
    int written = vsnprintf(room ? to->text + to->length : NULL, room, text, arguments);
    va_end(arguments);
    to->length += written > 0 ? (size_t)written : 0;
}

static void put_terms(page *to, const itp_term *terms, int32_t count)
{
    static const char letter[] = {'Y', 'F', 'x'};
    for (int32_t j = 0; j < count; j++) {
        const itp_term *term = &terms[j];
        put(to, "%s%.17g %c%s%d", j ? " + " : " ", term->coef, letter[term->column],
            term->column == ITP_COLUMN_NORMAL ? "i" : "", (int)term->index);
    }
    put(to, "%s\n", count ? "" : " 0");
}

static void put_row(page *to, const itp_plan_row *row, int32_t i)
{
    put(to, "row %d: time %.17g, u %.17g, t %.17g\n    Y%d =", (int)i, row->time, row->u, row->t, (int)i + 1);
    put_terms(to, row->terms, row->term_count);
    if (row->keep) {
        put(to, "    F%d <- %.17g Y%d + %.17g F%d\n", (int)i, row->keep_state, (int)i, row->keep_output, (int)i);
    }
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the page */
static ITP_APART int plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    if (!plan || (!text && capacity)) {
        return ITP_E_ARGUMENT;
    }
    page to = {text, capacity, 0};
    const itp_plan_info *info = &plan->info;
    put(&to, "plan: %s, %d steps, %d evaluations, u from %.17g to %.17g\n", itp_solver_name(info->solver),
        (int)info->steps, (int)info->rows, info->u_start, info->u_end);
    put(&to, "arrays: x and %d more, together %zu bytes per element in float32, %zu in float64\n", (int)info->slots - 1,
        (size_t)info->slots * sizeof(float), (size_t)info->slots * sizeof(double));
    if (info->carries) {
        put(&to, "carried noise: an array more, %zu bytes per element in float32, %zu in float64\n", sizeof(float),
            sizeof(double));
    }
    put(&to, "amplification: %.3g\n", info->amplification);
    put(&to, "start: Y0 =");
    const itp_term plain = {ITP_COLUMN_NORMAL, 0, -1, 0, info->start_scale};
    put_terms(&to, info->start_term_count ? info->start_terms : &plain,
              info->start_term_count ? info->start_term_count : 1);
    for (int32_t i = 0; i < info->rows; i++) {
        put_row(&to, &plan->rows[i], i);
    }
    if (needed) {
        *needed = to.length + 1;
    }
    return ITP_OK;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the page */
int itp_plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_format(plan, text, capacity, needed));
}
