#include "interpret.h"

#include <stdlib.h>
#include <string.h>

static const double *normal(const interpret_job *job, int32_t m)
{
    int32_t i = job->numbers ? 0 : m;
    while (job->numbers && i < job->number_count && job->numbers[i] != m) i++;
    return job->normals + (size_t)i * job->n;
}

static int32_t insert_number(int32_t *numbers, int32_t count, int32_t capacity, int32_t m)
{
    int32_t i = count;
    while (i > 0 && numbers[i - 1] > m) i--;
    if ((i > 0 && numbers[i - 1] == m) || count >= capacity) return count;
    memmove(numbers + i + 1, numbers + i, (size_t)(count - i) * sizeof *numbers);
    numbers[i] = m;
    return count + 1;
}

static int32_t insert_all(int32_t *numbers, int32_t count, int32_t capacity, const itp_term *terms, int32_t terms_count)
{
    for (int32_t j = 0; j < terms_count; j++) {
        if (terms[j].column == ITP_COLUMN_NORMAL) count = insert_number(numbers, count, capacity, terms[j].index);
    }
    return count;
}

int32_t interpret_numbers(const itp_plan *plan, int32_t *numbers, int32_t capacity)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    int32_t count = insert_number(numbers, 0, capacity, 0);
    if (itp_plan_get_info(plan, &info)) return 0;
    count = insert_all(numbers, count, capacity, info.start_terms, info.start_term_count);
    for (int32_t i = 0; i < info.rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        if (itp_plan_get_row(plan, i, &row)) return 0;
        count = insert_all(numbers, count, capacity, row.terms, row.term_count);
    }
    return count;
}

/* Y_0 .. Y_rows, then F_0 .. F_rows-1 for the logical interpreter; the slots for the other. */
static const double *column(const interpret_job *job, double *memory, int32_t rows, const itp_term *term)
{
    size_t n = job->n, i = (size_t)term->index;
    if (term->column == ITP_COLUMN_NORMAL) return normal(job, term->index);
    if (rows < 0) return memory + (size_t)term->slot * n;
    return memory + (term->column == ITP_COLUMN_STATE ? i : (size_t)rows + 1 + i) * n;
}

/* Normals of a Brownian path that a row drew, for the next one; see plan.h. */
enum { PATH = 1 << 29, MOST_DRAWN = 1024 };
typedef struct drawn {
    int32_t m[MOST_DRAWN], count;
} drawn;

static int was_drawn(const drawn *before, const itp_term *term)
{
    int32_t i = 0;
    if (term->column != ITP_COLUMN_NORMAL || term->index < PATH) return 0;
    while (i < before->count && before->m[i] != term->index) i++;
    return i < before->count;
}

static void draw(const itp_plan_row *row, drawn *before)
{
    drawn now = {{0}, 0};
    for (int32_t j = 0; j < row->term_count; j++) {
        const itp_term *term = &row->terms[j];
        if (term->column == ITP_COLUMN_NORMAL && !was_drawn(before, term)) now.m[now.count++] = term->index;
    }
    *before = now;
}

/* sum, and the terms of one kind: columns; normals that were drawn by the row before; the other normals. */
static double add(const interpret_job *job, double *memory, int32_t rows, const itp_plan_row *row, const drawn *before,
                  int kind, size_t e, double sum)
{
    for (int32_t j = 0; j < row->term_count; j++) {
        const itp_term *term = &row->terms[j];
        int is = term->column != ITP_COLUMN_NORMAL ? 0 : was_drawn(before, term) ? 1 : 2;
        if (is == kind) sum += term->coef * column(job, memory, rows, term)[e];
    }
    return sum;
}

/* Element by element, so that the next state may lie where one of the terms does. */
static void combine(const interpret_job *job, double *memory, int32_t rows, const itp_plan_row *row, drawn *before,
                    double *next)
{
    for (size_t e = 0; e < job->n; e++) {
        double sum = add(job, memory, rows, row, before, 0, e, 0);
        sum += add(job, memory, rows, row, before, 1, e, 0);
        next[e] = add(job, memory, rows, row, before, 2, e, sum);
    }
    draw(row, before);
}

static void keep(const itp_plan_row *row, const double *y, double *f, size_t n)
{
    for (size_t e = 0; row->keep && e < n; e++) f[e] = row->keep_state * y[e] + row->keep_output * f[e];
}

static void start(const itp_plan_info *info, const interpret_job *job, double *x)
{
    for (size_t e = 0; !job->given && e < job->n; e++) {
        x[e] = info->start_term_count ? 0 : info->start_scale * normal(job, 0)[e];
        for (int32_t j = 0; j < info->start_term_count; j++) {
            x[e] += info->start_terms[j].coef * normal(job, info->start_terms[j].index)[e];
        }
    }
}

static int logical_rows(const itp_plan *plan, const itp_plan_info *info, const interpret_job *job, double *memory)
{
    size_t n = job->n, rows = (size_t)info->rows;
    drawn before = {{0}, 0};
    for (int32_t i = 0; i < info->rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        int rc = itp_plan_get_row(plan, i, &row);
        if (rc) return rc;
        double *y = memory + (size_t)i * n, *f = memory + (rows + 1 + (size_t)i) * n;
        job->network(job->user, row.time, y, f, n);
        combine(job, memory, info->rows, &row, &before, y + n);
        keep(&row, y, f, n);
    }
    return 0;
}

int interpret_logical(const itp_plan *plan, const interpret_job *job, double *x)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    int rc = itp_plan_get_info(plan, &info);
    if (rc) return rc;
    size_t n = job->n, rows = (size_t)info.rows;
    double *memory = calloc((2 * rows + 1) * n, sizeof *memory);
    start(&info, job, x);
    memcpy(memory, x, n * sizeof *x);
    rc = logical_rows(plan, &info, job, memory);
    memcpy(x, memory + rows * n, n * sizeof *x);
    free(memory);
    return rc;
}

/* The next state may take the place of Y_i or F_i: it waits in `spare` until the kept form is written. */
static int slot_rows(const itp_plan *plan, const itp_plan_info *info, const interpret_job *job, double *memory)
{
    size_t n = job->n;
    double *spare = memory + (size_t)info->slots * n;
    drawn before = {{0}, 0};
    for (int32_t i = 0; i < info->rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        int rc = itp_plan_get_row(plan, i, &row);
        if (rc) return rc;
        double *y = memory + (size_t)row.x_slot * n, *f = memory + (size_t)row.out_slot * n;
        job->network(job->user, row.time, y, f, n);
        combine(job, memory, -1, &row, &before, spare);
        keep(&row, y, f, n);
        memcpy(memory + (size_t)row.next_slot * n, spare, n * sizeof *spare);
    }
    return 0;
}

int interpret_slots(const itp_plan *plan, const interpret_job *job, double *x)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    int rc = itp_plan_get_info(plan, &info);
    if (rc) return rc;
    size_t n = job->n;
    double *memory = calloc(((size_t)info.slots + 1) * n, sizeof *memory);
    start(&info, job, x);
    memcpy(memory, x, n * sizeof *x);
    rc = slot_rows(plan, &info, job, memory);
    memcpy(x, memory, n * sizeof *x);
    free(memory);
    return rc;
}
