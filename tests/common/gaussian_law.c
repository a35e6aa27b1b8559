#include "gaussian_law.h"

#include <math.h>
#include <stdlib.h>

#include "check.h"

/* The normals that the plan reads, by their place in a vector; place 0 is the constant 1. */
typedef struct axes {
    int32_t *m;
    int count, capacity;
} axes;

static int axis_of(axes *all, int32_t m)
{
    for (int i = 1; i < all->count; i++)
        if (all->m[i] == m) return i;
    if (all->count == all->capacity) {
        all->capacity = 2 * all->capacity + 64;
        all->m = realloc(all->m, (size_t)all->capacity * sizeof *all->m);
        assert_non_null(all->m);
    }
    all->m[all->count] = m;
    return all->count++;
}

static itp_plan_row row_of(const itp_plan *plan, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    return row;
}

static void find_axes(const itp_plan *plan, const itp_plan_info *info, axes *all)
{
    axis_of(all, -1);
    axis_of(all, 0);
    for (int32_t j = 0; j < info->start_term_count; j++) axis_of(all, info->start_terms[j].index);
    for (int32_t i = 0; i < info->rows; i++) {
        itp_plan_row row = row_of(plan, i);
        for (int32_t j = 0; j < row.term_count; j++)
            if (row.terms[j].column == ITP_COLUMN_NORMAL) axis_of(all, row.terms[j].index);
    }
}

/* states and outputs, [rows + 1][count]. */
typedef struct columns {
    int count;
    double *state, *output;
} columns;

static void add(double *to, double coef, const double *column, int count)
{
    for (int k = 0; k < count; k++) to[k] += coef * column[k];
}

static void start(const itp_plan_info *info, axes *all, double *state)
{
    if (!info->start_term_count) state[axis_of(all, 0)] = info->start_scale;
    for (int32_t j = 0; j < info->start_term_count; j++)
        state[axis_of(all, info->start_terms[j].index)] += info->start_terms[j].coef;
}

/* dD/dz of the exact network, and of one that names the data at the end of z's path. */
static double exact(double u, double s)
{
    return s * s * u / ((1 - u) * (1 - u) + s * s * u * u);
}

static double in_one(double u, double s)
{
    return s / hypot(1 - u, s * u);
}

typedef struct affine {
    double mean, s;
    double (*slope)(double u, double s);
} affine;

/* F from D = data_state Y + data_output F. */
static void network(const itp_plan_row *row, const affine *of, const double *state, double *output, int count)
{
    double u = row->u, slope = of->slope(u, of->s);
    assert_true(row->data_output != 0);
    for (int k = 0; k < count; k++) output[k] = (slope / row->scale - row->data_state) / row->data_output * state[k];
    output[0] += of->mean * (1 - u * slope) / row->data_output;
}

static void run_row(const itp_plan_row *row, int32_t i, const columns *c, axes *all)
{
    double *next = c->state + (size_t)(i + 1) * (size_t)c->count;
    for (int32_t j = 0; j < row->term_count; j++) {
        const itp_term *term = &row->terms[j];
        const double *from = term->column == ITP_COLUMN_STATE ? c->state : c->output;
        if (term->column == ITP_COLUMN_NORMAL)
            next[axis_of(all, term->index)] += term->coef;
        else
            add(next, term->coef, from + (size_t)term->index * (size_t)c->count, c->count);
    }
    for (int k = 0; k < c->count && row->keep; k++) {
        double *output = c->output + (size_t)i * (size_t)c->count + k;
        *output = row->keep_state * c->state[(size_t)i * (size_t)c->count + (size_t)k] + row->keep_output * *output;
    }
}

static gaussian_law run(const itp_plan *plan, const affine *of)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    axes all = {NULL, 0, 0};
    gaussian_law law = {0, 0};
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    find_axes(plan, &info, &all);
    size_t size = ((size_t)info.rows + 1) * (size_t)all.count;
    columns c = {all.count, calloc(size, sizeof(double)), calloc(size, sizeof(double))};
    assert_true(c.state && c.output);
    start(&info, &all, c.state);
    for (int32_t i = 0; i < info.rows; i++) {
        itp_plan_row row = row_of(plan, i);
        size_t at = (size_t)i * (size_t)c.count;
        network(&row, of, c.state + at, c.output + at, c.count);
        run_row(&row, i, &c, &all);
    }
    const double *last = c.state + (size_t)info.rows * (size_t)c.count;
    for (int k = 1; k < c.count; k++) law.deviation += last[k] * last[k];
    law = (gaussian_law){last[0], sqrt(law.deviation)};
    free(c.state);
    free(c.output);
    free(all.m);
    return law;
}

gaussian_law gaussian_law_of(const itp_plan *plan, double mean, double s)
{
    return run(plan, &(affine){mean, s, exact});
}

gaussian_law gaussian_law_in_one(const itp_plan *plan, double mean, double s)
{
    return run(plan, &(affine){mean, s, in_one});
}
