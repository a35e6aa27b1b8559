#include "fit/grow.h"

#include <math.h>
#include <string.h>

static double next_node(const itp_fit_table *table, int32_t i, double u_end)
{
    return i + 1 < table->rows ? table->u[i + 1] : u_end;
}

int32_t itp_fit_table_widest(const itp_fit_table *table, double u_end)
{
    int32_t widest = 0;
    double most = 0;
    for (int32_t i = 0; i < table->rows; i++) {
        double gap = next_node(table, i, u_end) - table->u[i];
        widest = gap > most ? i : widest;
        most = gap > most ? gap : most;
    }
    return widest;
}

/* Y_after and Y_{after + 1} as the rows of `from` make them, and their mean. */
static void write_middle(const itp_fit_table *from, int32_t after, double *coef)
{
    const double *next = itp_fit_coefs(from, after), *now = after ? itp_fit_coefs(from, after - 1) : NULL;
    for (int32_t c = 0; c < after + 2; c++) {
        double there = c <= after ? (now ? now[c] : !c) : 0;
        coef[c] = (there + next[c]) / 2;
    }
}

/* The row after the new output, whose column comes in at 0. */
static void write_later(const double *old, int32_t columns, int32_t new_column, double *coef)
{
    memcpy(coef, old, (size_t)new_column * sizeof *coef);
    coef[new_column] = 0;
    memcpy(coef + new_column + 1, old + new_column, (size_t)(columns - new_column) * sizeof *coef);
}

void itp_fit_table_grow(const itp_fit_table *from, int32_t after, double u_end, itp_fit_table *to)
{
    for (int32_t i = 0; i < to->rows; i++) {
        int32_t old = i <= after ? i : i - 1;
        double *coef = itp_fit_coefs(to, i);
        to->u[i] = from->u[old];
        if (i == after) {
            write_middle(from, after, coef);
        } else if (i < after) {
            memcpy(coef, itp_fit_coefs(from, i), (size_t)(i + 2) * sizeof *coef);
        } else {
            write_later(itp_fit_coefs(from, old), old + 2, after + 2, coef);
        }
    }
    to->u[after + 1] = (from->u[after] + next_node(from, after, u_end)) / 2;
}

void itp_fit_table_append(const itp_fit_table *from, double u, const double weights[2], itp_fit_table *to)
{
    const double *state = itp_fit_coefs(from, from->rows - 1);
    double *last = itp_fit_coefs(to, from->rows);
    memcpy(to->value, from->value, (size_t)from->coefs * sizeof *to->value);
    memcpy(to->u, from->u, (size_t)from->rows * sizeof *to->u);
    for (int32_t c = 0; c <= from->rows; c++) last[c] = weights[0] * state[c];
    last[from->rows + 1] = weights[1];
    to->u[from->rows] = u;
}

int itp_fit_last_weights(const itp_network *model, double u, double u_end, double weights[2])
{
    itp_affine data, noise;
    itp_at at, end = {.alpha = 0, .beta = 1}; /* at u = 1: the data themselves, whatever the schedule has there */
    int status = itp_model_at(model, u, 1 - u, &at);
    status = status || u_end == 1 ? status : itp_model_at(model, u_end, 1 - u_end, &end);
    status = status ? status : itp_model_data(model, &at, &data);
    status = status ? status : itp_model_noise(model, &at, &noise);
    if (status) {
        return status > 0 ? (int)ITP_E_CALLBACK : status; /* as itp_fit_place */
    }
    weights[0] = end.alpha * noise.x + end.beta * data.x;
    weights[1] = end.alpha * noise.f + end.beta * data.f;
    return isfinite(weights[0]) && isfinite(weights[1]) ? ITP_OK : ITP_E_SINGULAR;
}
