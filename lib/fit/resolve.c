/* A plan's rows in the columns that a fit has: Y_0 and the outputs as the network returned them. */
#include <string.h>

#include "fit/solve.h"
#include "fit/table.h"

/* Forms in Y_0, F_0 .. F_{rows-1}, `width` numbers each. */
typedef struct forms {
    size_t width;
    double *state, *output; /* of Y_0 .. Y_rows, of F_i as kept */
} forms;

static int forms_new(const itp_memory *memory, int32_t rows, forms *out)
{
    out->width = (size_t)rows + 1;
    out->state = itp_memory_array(memory, out->width * (2 * out->width), sizeof *out->state);
    out->output = out->state ? out->state + out->width * out->width : NULL;
    return out->state ? ITP_OK : ITP_E_MEMORY;
}

static void forms_free(const itp_memory *memory, forms *of)
{
    itp_memory_free(memory, of->state, of->width * 2 * of->width * sizeof *of->state);
}

static void add(const forms *of, double *to, double coef, const double *from)
{
    for (size_t i = 0; i < of->width; i++) {
        to[i] += coef * from[i];
    }
}

static double *state_of(const forms *of, int32_t i)
{
    return of->state + (size_t)i * of->width;
}

static double *output_of(const forms *of, int32_t i)
{
    return of->output + (size_t)i * of->width;
}

static int read_row(const forms *of, const itp_plan_row *row, int32_t i)
{
    double *output = output_of(of, i), *next = state_of(of, i + 1);
    output[i + 1] = 1;
    for (int32_t j = 0; j < row->term_count; j++) {
        const itp_term *term = &row->terms[j];
        if (term->column == ITP_COLUMN_NORMAL) {
            return ITP_E_UNSUPPORTED;
        }
        add(of, next, term->coef,
            term->column == ITP_COLUMN_STATE ? state_of(of, term->index) : output_of(of, term->index));
    }
    if (row->keep) {
        output[i + 1] = row->keep_output;
        add(of, output, row->keep_state, state_of(of, i));
    }
    return ITP_OK;
}

int itp_fit_table_read(itp_fit_table *table, const itp_plan *plan)
{
    forms of;
    int status = forms_new(&table->memory, table->rows, &of);
    if (status) {
        return status;
    }
    state_of(&of, 0)[0] = 1;
    for (int32_t i = 0; i < table->rows && !status; i++) {
        status = read_row(&of, &plan->rows[i], i);
        memcpy(itp_fit_coefs(table, i), state_of(&of, i + 1), ((size_t)i + 2) * sizeof(double));
        table->u[i] = plan->rows[i].u;
    }
    forms_free(&table->memory, &of);
    return status;
}

/* ---- fewer columns ---- */

static void column_form(const forms *of, const itp_fit_table *table, int32_t row, int32_t c, double *form)
{
    itp_fit_column column = itp_fit_column_of(table, row, c);
    memset(form, 0, of->width * sizeof *form);
    if (column.output) {
        form[column.index + 1] = 1;
    } else {
        memcpy(form, state_of(of, column.index), of->width * sizeof *form);
    }
}

static double product(size_t n, const double *a, const double *gram, const double *b)
{
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) total += a[i] * gram[i * n + j] * b[j];
    }
    return total;
}

/* The row's target is a form; room: columns^2 + columns width. */
static int project_row(const forms *of, const double *gram, const double *target, itp_fit_table *to, int32_t row,
                       double *room)
{
    size_t n = (size_t)itp_fit_columns(to, row);
    double *system = room + n * of->width, *coef = itp_fit_coefs(to, row);
    for (size_t c = 0; c < n; c++) {
        column_form(of, to, row, (int32_t)c, room + c * of->width);
        coef[c] = product(of->width, room + c * of->width, gram, target);
        for (size_t d = 0; d <= c; d++) {
            system[c * n + d] = product(of->width, room + c * of->width, gram, room + d * of->width);
        }
        system[c * n + c] *= 1 + 1e-11;
    }
    if (itp_solve(n, system, coef)) {
        return ITP_E_SINGULAR;
    }
    for (size_t c = 0; c < n; c++) {
        add(of, state_of(of, row + 1), coef[c], room + c * of->width);
    }
    return ITP_OK;
}

size_t itp_fit_project_room(int32_t rows)
{
    return 5 * ((size_t)rows + 2) * ((size_t)rows + 2);
}

int itp_fit_table_project(const itp_fit_table *from, const double *gram, double *room, itp_fit_table *to)
{
    size_t width = (size_t)to->rows + 1, square = (width + 1) * (width + 1);
    forms of = {width, room, room + square};
    double *target = room + 2 * square, *rest = room + 3 * square;
    int status = ITP_OK;
    memset(room, 0, itp_fit_project_room(to->rows) * sizeof *room);
    state_of(&of, 0)[0] = 1;
    for (int32_t i = 0; i < to->rows && !status; i++) {
        memset(target, 0, width * sizeof *target);
        memcpy(target, itp_fit_coefs(from, i), ((size_t)i + 2) * sizeof *target);
        status = project_row(&of, gram, target, to, i, rest);
        to->u[i] = from->u[i];
    }
    return status;
}
