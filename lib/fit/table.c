#include "fit/table.h"

#include <math.h>
#include <string.h>

enum { LEAST_GAP_INVERSE = 2000 };

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

int32_t itp_fit_columns(const itp_fit_table *table, int32_t row)
{
    return 1 + smaller(row + 1, table->most_outputs);
}

/* With all outputs at hand the start says as much as the newest state, and nothing else changes when it does. */
itp_fit_column itp_fit_column_of(const itp_fit_table *table, int32_t row, int32_t c)
{
    int32_t outputs = smaller(row + 1, table->most_outputs);
    itp_fit_column state = {0, table->most_outputs < table->rows ? row : 0};
    itp_fit_column output = {1, row + c - outputs};
    return c ? output : state;
}

/* Where row's coefficients begin: rows before it have 2, 3, ... of them, until there are most_outputs + 1. */
static size_t offset(const itp_fit_table *table, int32_t row)
{
    size_t short_rows = (size_t)smaller(row, table->most_outputs), rest = (size_t)row - short_rows;
    return short_rows * (short_rows + 3) / 2 + rest * ((size_t)table->most_outputs + 1);
}

double *itp_fit_coefs(const itp_fit_table *table, int32_t row)
{
    return table->value + offset(table, row);
}

size_t itp_fit_values(const itp_fit_table *table)
{
    return (size_t)table->coefs + (size_t)table->rows;
}

int itp_fit_table_new(const itp_memory *memory, int32_t rows, int32_t outputs, int moving, itp_fit_table *out)
{
    itp_fit_table table = {*memory, rows, 0, 0, outputs && outputs < rows ? outputs : rows, NULL, NULL};
    table.coefs = (int32_t)offset(&table, rows);
    table.parameters = table.coefs + (moving ? rows : 0);
    table.value = itp_memory_array(memory, itp_fit_values(&table), sizeof *table.value);
    if (!table.value) {
        return ITP_E_MEMORY;
    }
    table.u = table.value + table.coefs;
    *out = table;
    return ITP_OK;
}

int itp_fit_table_like(const itp_fit_table *form, itp_fit_table *out)
{
    return itp_fit_table_new(&form->memory, form->rows, form->most_outputs, form->parameters > form->coefs, out);
}

void itp_fit_table_free(itp_fit_table *table)
{
    if (table->value) {
        itp_memory_free(&table->memory, table->value, itp_fit_values(table) * sizeof *table->value);
        table->value = table->u = NULL;
    }
}

void itp_fit_table_copy(const itp_fit_table *from, itp_fit_table *to)
{
    memcpy(to->value, from->value, itp_fit_values(from) * sizeof *from->value);
}

static double clamped(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

void itp_fit_table_separate(itp_fit_table *table, const itp_fit_range *range)
{
    double u_start = range->start, u_end = range->end;
    double gap = (u_end - u_start) / (LEAST_GAP_INVERSE + table->rows);
    for (int32_t i = 0; i < table->rows; i++) {
        double low = i ? table->u[i - 1] + gap : u_start, high = u_end - (double)(table->rows - i) * gap;
        high = fmin(high, range->last - (double)(table->rows - 1 - i) * gap);
        table->u[i] = clamped(table->u[i], low, high);
    }
}

void itp_fit_table_move(itp_fit_table *table, const double *step, const itp_fit_range *range)
{
    for (int32_t i = 0; i < table->parameters; i++) {
        table->value[i] += step[i];
    }
    if (table->parameters > table->coefs) {
        itp_fit_table_separate(table, range);
    }
}

static int as_failure(int status)
{
    return status > 0 ? (int)ITP_E_CALLBACK : status; /* a positive one says that a request is open */
}

int itp_fit_ask_model(const itp_network *model, double u, itp_plan_row *row)
{
    itp_affine data;
    itp_at at;
    int status = itp_model_at(model, u, u < model->schedule->u_last ? 1 - u : model->schedule->w_last, &at);
    if (status) {
        return as_failure(status);
    }
    status = itp_model_time_at(model, &at, &row->time);
    status = status ? status : itp_model_data(model, &at, &data);
    if (status) {
        return as_failure(status);
    }
    int finite = isfinite(data.x) && isfinite(data.f);
    row->u = u;
    row->t = at.t;
    row->scale = at.alpha + at.beta;
    row->data_state = finite ? data.x : 0;
    row->data_output = finite ? data.f : 0;
    return ITP_OK;
}

int itp_fit_place(const itp_network *model, const itp_plan_row *like, double u, itp_plan_row *out)
{
    *out = *like;
    out->terms = NULL;
    out->term_count = 0;
    out->keep = 0;
    out->keep_state = 0;
    out->keep_output = 1;
    out->x_slot = out->out_slot = out->next_slot = 0;
    return u == like->u ? ITP_OK : itp_fit_ask_model(model, u, out);
}

static void write_terms(const itp_fit_table *table, int32_t i, itp_term *terms)
{
    const double *coef = itp_fit_coefs(table, i);
    for (int32_t c = 0; c < itp_fit_columns(table, i); c++) {
        itp_fit_column from = itp_fit_column_of(table, i, c);
        itp_term term = {from.output ? ITP_COLUMN_OUTPUT : ITP_COLUMN_STATE, from.index, 0, 0, coef[c]};
        terms[c] = term;
    }
}

static int write_rows(const itp_fit_table *table, const itp_network *model, const itp_plan *like, itp_plan *plan)
{
    double least;
    plan->term_count = plan->term_capacity = table->coefs;
    plan->rows = itp_memory_array(&plan->memory, (size_t)table->rows, sizeof *plan->rows);
    plan->terms = itp_memory_array(&plan->memory, (size_t)table->coefs, sizeof *plan->terms);
    if (!plan->rows || !plan->terms) {
        return ITP_E_MEMORY;
    }
    itp_term *terms = plan->terms;
    for (int32_t i = 0; i < table->rows; i++) {
        int status = itp_fit_place(model, &like->rows[i], table->u[i], &plan->rows[i]);
        if (status) {
            return status;
        }
        plan->rows[i].terms = terms;
        plan->rows[i].term_count = itp_fit_columns(table, i);
        write_terms(table, i, terms);
        terms += plan->rows[i].term_count;
    }
    int status = itp_plan_assign_slots(plan);
    return status ? status : itp_plan_measure(plan, &least);
}

int itp_fit_table_write(const itp_fit_table *table, const itp_network *model, const itp_plan *like, itp_plan **out)
{
    itp_plan *plan = itp_memory_array(&table->memory, 1, sizeof *plan);
    if (!plan) {
        return ITP_E_MEMORY;
    }
    plan->memory = table->memory;
    plan->info = like->info;
    itp_plan_set_solver(plan, like->info.solver);
    int status = write_rows(table, model, like, plan);
    if (status) {
        itp_plan_free(plan);
        return status;
    }
    *out = plan;
    return ITP_OK;
}
