#include "form/rows.h"

#include <math.h>
#include <string.h>

void itp_rows_begin(itp_rows *rows, const itp_memory *memory, int32_t expected)
{
    memset(rows, 0, sizeof *rows);
    rows->expected = expected;
    rows->memory = *memory;
}

void itp_rows_free(itp_rows *rows)
{
    itp_memory_free(&rows->memory, rows->row, (size_t)rows->capacity * sizeof *rows->row);
    rows->row = NULL;
    rows->count = rows->capacity = 0;
}

static int grow(itp_rows *rows)
{
    int32_t first = rows->expected > 0 ? rows->expected : 16, wider = rows->capacity ? 2 * rows->capacity : first;
    itp_row *row = itp_memory_alloc(&rows->memory, (size_t)wider * sizeof *row, sizeof(double));
    if (!row) {
        return ITP_E_MEMORY;
    }
    if (rows->count) {
        memcpy(row, rows->row, (size_t)rows->count * sizeof *row);
    }
    itp_memory_free(&rows->memory, rows->row, (size_t)rows->capacity * sizeof *row);
    rows->row = row;
    rows->capacity = wider;
    return ITP_OK;
}

static int all_finite(const itp_form *form)
{
    for (int32_t i = 0; i < form->count; i++) {
        if (!isfinite(form->term[i].coef)) {
            return 0;
        }
    }
    return 1;
}

/* Of a form only the terms that it has. */
static void copy_form(itp_form *to, const itp_form *from)
{
    to->count = from->count;
    to->full = from->full;
    for (int32_t i = 0; i < from->count; i++) {
        to->term[i] = from->term[i];
    }
}

static int start_from(itp_rows *rows, const itp_form *state)
{
    for (int32_t i = 0; i < state->count; i++) {
        if (state->term[i].column != ITP_IS_NORMAL && state->term[i].column != ITP_IS_WIENER) {
            return ITP_E_INTERNAL;
        }
    }
    copy_form(&rows->start, state);
    return all_finite(state) ? ITP_OK : ITP_E_SINGULAR;
}

static int set_next(itp_rows *rows, const itp_form *state)
{
    if (state->full) {
        return ITP_E_INTERNAL;
    }
    copy_form(&rows->row[rows->count - 1].next, state);
    return all_finite(state) ? ITP_OK : ITP_E_SINGULAR;
}

int itp_rows_evaluate(itp_rows *rows, const itp_form *state, double time, double u, double t)
{
    int status = rows->count ? set_next(rows, state) : start_from(rows, state);
    if (!status && rows->count == rows->capacity) {
        status = grow(rows);
    }
    if (!status) {
        itp_row *row = &rows->row[rows->count++];
        row->time = time;
        row->u = u;
        row->t = t;
        row->scale = row->keep_state = row->data_state = row->data_output = 0;
        row->keep_output = 1;
        row->keeps = row->step = row->ends_step = row->reserved = 0;
        row->next.count = row->next.full = 0;
    }
    return status;
}

static double coef_of(const itp_form *form, int32_t column, int32_t index)
{
    for (int32_t i = 0; i < form->count; i++) {
        if (form->term[i].column == column && form->term[i].index == index) {
            return form->term[i].coef;
        }
    }
    return 0;
}

/* Writes the kept form of evaluation j as a state and an output. */
static void expand(itp_form *form, int32_t j, const itp_row *row)
{
    double coef = coef_of(form, ITP_IS_KEPT, j);
    if (coef != 0) {
        itp_form_increase_by(form, -coef, ITP_IS_KEPT, j);
        itp_form_increase_by(form, coef * row->keep_state, ITP_IS_STATE, j);
        itp_form_increase_by(form, coef * row->keep_output, ITP_IS_OUTPUT, j);
    }
}

/* Later rows read a kept form from the output's place. */
static void rename_kept(itp_form *form)
{
    for (int32_t i = 0; i < form->count; i++) {
        if (form->term[i].column == ITP_IS_KEPT) {
            form->term[i].column = ITP_IS_OUTPUT;
        }
    }
}

/* A row reaches back a bounded number of evaluations, so the loops over pairs of rows stop at the oldest one read. */
static int32_t oldest_kept(const itp_form *form, int32_t i)
{
    int32_t oldest = i;
    for (int32_t j = 0; j < form->count; j++) {
        if (form->term[j].column == ITP_IS_KEPT && form->term[j].index < oldest) {
            oldest = form->term[j].index;
        }
    }
    return oldest;
}

/* Keeping costs a store. It saves a column only where a later row would have to read the state just for it. */
static void mark_keeps(itp_rows *rows)
{
    for (int32_t i = 0; i < rows->count; i++) {
        const itp_form *next = &rows->row[i].next;
        for (int32_t j = 0; j < next->count; j++) {
            int32_t from = next->term[j].index;
            if (next->term[j].column == ITP_IS_KEPT && from < i && rows->row[from].keep_state != 0 &&
                coef_of(next, ITP_IS_STATE, from) == 0) {
                rows->row[from].keeps = 1;
            }
        }
    }
}

int itp_rows_finish(itp_rows *rows, const itp_form *state)
{
    int status = rows->count ? set_next(rows, state) : ITP_E_INTERNAL;
    if (status) {
        return status;
    }
    mark_keeps(rows);
    for (int32_t i = 0; i < rows->count; i++) {
        itp_form *next = &rows->row[i].next;
        for (int32_t j = oldest_kept(next, i); j <= i; j++) {
            if (j == i || !rows->row[j].keeps) {
                expand(next, j, &rows->row[j]);
            }
        }
        if (next->full || !all_finite(next)) {
            return next->full ? ITP_E_INTERNAL : ITP_E_SINGULAR;
        }
        rename_kept(next);
    }
    return ITP_OK;
}
