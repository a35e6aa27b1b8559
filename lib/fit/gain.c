#include "fit/gain.h"

double itp_fit_gain_share(const itp_fit_normal *n, const itp_fit_table *table, int32_t row, int32_t c)
{
    size_t from = itp_fit_normal_index(table, row, c), next = (size_t)row + 1;
    double square = row + 1 < table->rows ? n->metric[next * n->columns + next] : n->end_square;
    return square > 0 ? n->metric[from * n->columns + from] / square : 0;
}

/* The gain: the squares of all parts of all next states, 1 or a little more per row for textbook plans. */
static double gain(const itp_fit_normal *n, const itp_fit_table *table)
{
    double total = 0;
    for (int32_t row = 0; row < table->rows; row++) {
        const double *coef = itp_fit_coefs(table, row);
        for (int32_t c = 0; c < itp_fit_columns(table, row); c++) {
            total += coef[c] * coef[c] * itp_fit_gain_share(n, table, row, c);
        }
    }
    return total;
}

double itp_fit_score(const itp_fit_normal *n, double weight, const itp_fit_table *table, const itp_fit_errors *errors)
{
    return (errors->fitted * errors->fitted + errors->held_out * errors->held_out) * (1 + weight * gain(n, table));
}

double itp_fit_held_out_score(const itp_fit_normal *n, double weight, const itp_fit_table *table,
                              const itp_fit_errors *errors)
{
    return errors->held_out * errors->held_out * (1 + weight * gain(n, table));
}
