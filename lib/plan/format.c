/* A plan as text. */
#include "base/float_env.h"
#include "base/page.h"
#include "plan/plan.h"
#include "solver/solver.h"

static void put_terms(itp_page *to, const itp_term *terms, int32_t count)
{
    static const char letter[] = {'Y', 'F', 'x'};
    for (int32_t j = 0; j < count; j++) {
        const itp_term *term = &terms[j];
        itp_put_number(to, j ? " + " : " ", term->coef);
        itp_put(to, " %c%s%d", letter[term->column], term->column == ITP_COLUMN_NORMAL ? "i" : "", (int)term->index);
    }
    itp_put(to, "%s\n", count ? "" : " 0");
}

static void put_row(itp_page *to, const itp_plan_row *row, int32_t i)
{
    itp_put(to, "row %d: step %d%s", (int)i, (int)row->step, row->ends_step ? " to its end" : "");
    itp_put_number(to, ", time ", row->time);
    itp_put_number(to, ", u ", row->u);
    itp_put_number(to, ", t ", row->t);
    itp_put(to, "\n    Y%d =", (int)i + 1);
    put_terms(to, row->terms, row->term_count);
    if (row->keep) {
        itp_put(to, "    F%d <-", (int)i);
        itp_put_number(to, " ", row->keep_state);
        itp_put(to, " Y%d +", (int)i);
        itp_put_number(to, " ", row->keep_output);
        itp_put(to, " F%d\n", (int)i);
    }
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the page */
static ITP_APART int plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    if (!plan || (!text && capacity)) {
        return ITP_E_ARGUMENT;
    }
    itp_page to = {text, capacity, 0};
    const itp_plan_info *info = &plan->info;
    itp_put(&to, "plan: %s, %d steps, %d evaluations, u from", info->solver, (int)info->steps, (int)info->rows);
    itp_put_number(&to, " ", info->u_start);
    itp_put_number(&to, " to ", info->u_end);
    itp_put(&to, "\n");
    itp_put(&to, "arrays: x and %d more, together %zu bytes per element in float32, %zu in float64\n",
            (int)info->slots - 1, (size_t)info->slots * sizeof(float), (size_t)info->slots * sizeof(double));
    if (info->carries) {
        itp_put(&to, "carried noise: an array more, %zu bytes per element in float32, %zu in float64\n", sizeof(float),
                sizeof(double));
    }
    itp_put(&to, "amplification: %.3g\nstart: Y0 =", info->amplification);
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
