/* Rows that come from elsewhere. Nothing that they say is believed: whatever a run relies on is looked at or found out
 * anew. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "base/log.h"
#include "plan/plan.h"

typedef struct real {
    const char *name;
    size_t at;
    double low, high;
} real;

#define REAL(type, member, low, high) \
    { \
#member, offsetof(type, member), low, high \
    }
static const real INFO[] = {
    REAL(itp_plan_info, start_scale, -DBL_MAX, DBL_MAX),
    REAL(itp_plan_info, start_data, -DBL_MAX, DBL_MAX),
    REAL(itp_plan_info, u_start, 0, 1),
    REAL(itp_plan_info, u_end, 0, 1),
    REAL(itp_plan_info, end_scale, DBL_MIN, DBL_MAX),
};
static const real ROW[] = {
    REAL(itp_plan_row, time, -DBL_MAX, DBL_MAX),       REAL(itp_plan_row, u, 0, 1),
    REAL(itp_plan_row, t, -DBL_MAX, DBL_MAX),          REAL(itp_plan_row, scale, DBL_MIN, DBL_MAX),
    REAL(itp_plan_row, keep_state, -DBL_MAX, DBL_MAX), REAL(itp_plan_row, keep_output, -DBL_MAX, DBL_MAX),
    REAL(itp_plan_row, data_state, -DBL_MAX, DBL_MAX), REAL(itp_plan_row, data_output, -DBL_MAX, DBL_MAX),
};
enum { INFO_REALS = sizeof INFO / sizeof INFO[0], ROW_REALS = sizeof ROW / sizeof ROW[0] };

/* Written once a sentence needs it. */
typedef struct place {
    char text[40];
} place;

/* Of row i, or of what comes before all rows: -1. */
static place row_place(int32_t i)
{
    place at = {""};
    if (i >= 0) {
        (void)snprintf(at.text, sizeof at.text, "rows[%d].", (int)i);
    }
    return at;
}

static place term_place(int32_t i, int32_t j)
{
    place at;
    if (i < 0) {
        (void)snprintf(at.text, sizeof at.text, "start_terms[%d]", (int)j);
    } else {
        (void)snprintf(at.text, sizeof at.text, "rows[%d].terms[%d]", (int)i, (int)j);
    }
    return at;
}

/* What is not finite lies in no range. */
static int check_reals(const itp_report *log, const real *reals, int32_t count, const void *of, int32_t i)
{
    for (int32_t j = 0; j < count; j++) {
        double value = *(const double *)(const void *)((const unsigned char *)of + reals[j].at);
        if (!(value >= reals[j].low && value <= reals[j].high)) {
            return itp_fail(log, ITP_E_RANGE, "%s%s: %.17g, it must be a number from %g to %g.", row_place(i).text,
                            reals[j].name, value, reals[j].low, reals[j].high);
        }
    }
    return ITP_OK;
}

static int is_after(const itp_term *a, const itp_term *b)
{
    return a->column > b->column || (a->column == b->column && a->index > b->index);
}

/* A start has neither states nor outputs before it. */
static int is_column(const itp_term *term, int32_t i)
{
    return term->column >= (i < 0 ? ITP_COLUMN_NORMAL : ITP_COLUMN_STATE) && term->column <= ITP_COLUMN_NORMAL;
}

/* Term j of row i, or of the start. */
static int check_term(const itp_report *log, const itp_term *term, int32_t i, int32_t j)
{
    static const char *const LETTERS[] = {"Y", "F", "xi"};
    if (!is_column(term, i)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "%s: column %d is none of %s.", term_place(i, j).text,
                        (int)term->column, i < 0 ? "a start's, which is made of normals" : "states, outputs, normals");
    }
    int32_t last = term->column == ITP_COLUMN_NORMAL ? INT32_MAX - 1 : i;
    if (term->index < 0 || term->index > last) {
        return itp_fail(log, ITP_E_RANGE, "%s: there is no column %s %d yet, but 0 to %d.", term_place(i, j).text,
                        LETTERS[term->column], (int)term->index, (int)last);
    }
    if (!isfinite(term->coef)) {
        return itp_fail(log, ITP_E_RANGE, "%s: the coefficient is not finite.", term_place(i, j).text);
    }
    return j && !is_after(term, term - 1)
               ? itp_fail(log, ITP_E_RANGE, "%s: it must come after the term before it: Y, F, xi, each by index.",
                          term_place(i, j).text)
               : ITP_OK;
}

static int check_terms(const itp_report *log, const itp_term *terms, int32_t count, int32_t i)
{
    int status = ITP_OK;
    for (int32_t j = 0; j < count && !status; j++) {
        status = check_term(log, &terms[j], i, j);
    }
    return status;
}

/* Steps follow one another; the next row is of the next step where this one ends its own. */
static int check_step(const itp_report *log, const itp_plan *plan, int32_t i)
{
    const itp_plan_row *row = &plan->rows[i];
    int32_t first = i ? row[-1].step + row[-1].ends_step : 0, last = plan->info.steps - 1;
    if (row->step < first || row->step > last) {
        return itp_fail(log, ITP_E_RANGE, "rows[%d].step: %d, it must be %d to %d, after the rows before it.", (int)i,
                        (int)row->step, (int)first, (int)last);
    }
    if (row->ends_step < 0 || row->ends_step > 1 || (i == plan->info.rows - 1 && !row->ends_step)) {
        return itp_fail(log, ITP_E_RANGE, "rows[%d].ends_step: %d, it must be 0 or 1, and 1 in the last row.", (int)i,
                        (int)row->ends_step);
    }
    return ITP_OK;
}

static int check_keep(const itp_report *log, const itp_plan_row *row, int32_t i)
{
    if (row->keep != 0 && row->keep != 1) {
        return itp_fail(log, ITP_E_RANGE, "rows[%d].keep: %d, it must be 0 or 1.", (int)i, (int)row->keep);
    }
    return row->keep || (row->keep_state == 0 && row->keep_output == 1)
               ? ITP_OK
               : itp_fail(log, ITP_E_UNSUPPORTED,
                          "rows[%d].keep_state, keep_output: %g, %g, but keep is 0, so that nothing reads them; they "
                          "are 0 and 1 then.",
                          (int)i, row->keep_state, row->keep_output);
}

static int check_rows(const itp_report *log, const itp_plan *plan)
{
    int status = check_reals(log, INFO, INFO_REALS, &plan->info, -1);
    for (int32_t i = 0; i < plan->info.rows && !status; i++) {
        const itp_plan_row *row = &plan->rows[i];
        status = check_reals(log, ROW, ROW_REALS, row, i);
        status = status ? status : check_keep(log, row, i);
        status = status ? status : check_step(log, plan, i);
        status = status ? status : check_terms(log, row->terms, row->term_count, i);
    }
    return status ? status : check_terms(log, plan->info.start_terms, plan->info.start_term_count, -1);
}

/* xi_0 is there even if no row reads it. */
static int32_t count_normals(const itp_plan *plan)
{
    int32_t normals = 1;
    for (int32_t i = 0; i < plan->term_count; i++) {
        const itp_term *term = &plan->terms[i];
        if (term->column == ITP_COLUMN_NORMAL && term->index >= normals) {
            normals = term->index + 1;
        }
    }
    return normals;
}

int itp_plan_make_room(itp_plan *plan, const itp_report *log, size_t rows, size_t terms)
{
    if (rows < 1 || rows > ITP_PLAN_MOST_ROWS || terms > INT32_MAX) {
        return itp_fail(log, ITP_E_RANGE, "rows: %zu with %zu terms, there must be 1 to %d rows.", rows, terms,
                        ITP_PLAN_MOST_ROWS);
    }
    plan->info.rows = (int32_t)rows;
    plan->term_count = plan->term_capacity = (int32_t)(terms ? terms : 1); /* an array of nothing is no array */
    plan->rows = itp_memory_array(&plan->memory, rows, sizeof *plan->rows);
    plan->terms = itp_memory_array(&plan->memory, (size_t)plan->term_count, sizeof *plan->terms);
    return plan->rows && plan->terms
               ? ITP_OK
               : itp_fail(log, ITP_E_MEMORY, "no memory for %zu rows with %zu terms.", rows, terms);
}

int itp_plan_adopt(itp_plan *plan, const itp_report *log)
{
    double least;
    int status = check_rows(log, plan);
    if (status) {
        return status;
    }
    plan->info.normals = count_normals(plan);
    status = itp_plan_assign_slots(plan);
    status = status ? status : itp_plan_measure(plan, &least);
    return status ? itp_fail(log, status, "no memory to find the slots of %d rows.", (int)plan->info.rows) : ITP_OK;
}
