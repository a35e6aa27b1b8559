#include "fit/step.h"

#include <math.h>
#include <string.h>

#include "fit/solve.h"

typedef itp_fit_step step;

void itp_fit_step_place(step *s, const itp_fitting *fit, const itp_fit_normal *normal, itp_block *block)
{
    size_t p = normal->parameters;
    s->fit = fit;
    s->normal = normal;
    s->system = itp_block_take(block, p * p, sizeof *s->system);
    s->change = itp_block_take(block, p, sizeof *s->change);
    s->limit = itp_block_take(block, p, sizeof *s->limit);
}

/* ---- the equations ---- */

/* The derivatives of the error's square times the gain's weight and the gain. */
static void add_gain(const step *s, const itp_fit_table *table, double error)
{
    size_t p = 0, size = s->normal->parameters;
    double weight = s->fit->gain * error * error;
    for (int32_t row = 0; row < table->rows; row++) {
        const double *coef = itp_fit_coefs(table, row);
        for (int32_t c = 0; c < itp_fit_columns(table, row); c++, p++) {
            double part = weight * itp_fit_gain_share(s->normal, table, row, c);
            s->system[p * size + p] += part;
            s->change[p] -= part * coef[c];
        }
    }
}

/* The last row moves no state that the network sees. */
static void add_damping(const step *s, const itp_fit_table *table, double damping)
{
    const itp_fit_normal *n = s->normal;
    size_t p = 0, size = n->parameters, coefs = (size_t)table->coefs;
    for (int32_t row = 0; row + 1 < table->rows; row++) {
        int32_t count = itp_fit_columns(table, row);
        for (int32_t a = 0; a < count; a++) {
            const double *metric = n->metric + itp_fit_normal_index(table, row, a) * n->columns;
            double *system = s->system + (p + (size_t)a) * size + p;
            for (int32_t b = 0; b < count; b++) system[b] += damping * metric[itp_fit_normal_index(table, row, b)];
        }
        p += (size_t)count;
    }
    for (size_t i = coefs; i < size; i++) s->system[i * size + i] += damping * n->node_movement[i - coefs];
}

/* Unknown i is given this value, and no longer one. */
static void substitute(const step *s, size_t i, double value)
{
    size_t size = s->normal->parameters;
    for (size_t j = 0; j < size; j++) {
        s->change[j] -= s->system[j * size + i] * value;
        s->system[j * size + i] = s->system[i * size + j] = 0;
    }
    s->system[i * size + i] = 1;
    s->change[i] = value;
}

static void make_system(const step *s, const itp_fit_table *table, double error, double damping)
{
    const double *gram = s->normal->gram;
    size_t size = s->normal->parameters, wide = size + 1, coefs = (size_t)table->coefs;
    for (size_t i = 0; i < size; i++) {
        memcpy(s->system + i * size, gram + i * wide, size * sizeof *s->system);
        s->change[i] = gram[size * wide + i];
    }
    add_damping(s, table, damping);
    add_gain(s, table, error);
    for (size_t i = 0; i < size; i++) s->system[i * size + i] *= 1 + 1e-6;
    for (size_t i = coefs; i < size; i++) {
        if (isfinite(s->limit[i - coefs])) {
            substitute(s, i, s->limit[i - coefs]);
        }
    }
}

/* ---- nodes ---- */

/* A node may go half the way to its neighbours in a step, and not before the start. */
static double limited(const step *s, const itp_fit_table *table, int32_t i, double change)
{
    const itp_fitting *fit = s->fit;
    double low = i ? (table->u[i - 1] - table->u[i]) / 2 : fit->plan->info.u_start - table->u[0];
    double high = ((i + 1 < table->rows ? table->u[i + 1] : fit->u_last) - table->u[i]) / 2;
    return change < low ? low : change > high ? high : change;
}

/* Nodes that would go too far are given the change at their limit; how many such nodes are new? */
static int limit_nodes(const step *s, const itp_fit_table *table)
{
    size_t coefs = (size_t)table->coefs, nodes = s->normal->parameters - coefs;
    int found = 0;
    for (size_t i = 0; i < nodes; i++) {
        double change = s->change[coefs + i], most = limited(s, table, (int32_t)i, change);
        if (most != change && !isfinite(s->limit[i])) {
            s->limit[i] = most;
            found++;
        }
    }
    return found;
}

/* As long as nodes go too far, the rest is solved again. */
static int solve(const step *s, const itp_fit_start *start, double error, double damping)
{
    const itp_fit_table *table = &start->table;
    size_t size = s->normal->parameters, nodes = size - (size_t)table->coefs;
    for (size_t i = 0; i < nodes; i++) s->limit[i] = i == 0 && !start->freed ? 0 : NAN;
    do {
        make_system(s, table, error, damping);
        if (itp_solve(size, s->system, s->change)) {
            return -1;
        }
    } while (limit_nodes(s, table));
    return 0;
}

int itp_fit_step_make(step *s, const itp_fit_start *start, double error, double damping, itp_fit_table *trial)
{
    const itp_plan_info *info = &s->fit->plan->info;
    const itp_fit_range range = {info->u_start, s->fit->u_last, info->u_end};
    if (solve(s, start, error, damping)) {
        return -1;
    }
    itp_fit_table_copy(&start->table, trial);
    itp_fit_table_move(trial, s->change, &range);
    return 0;
}
