/* The rows of the bands' plans as one table of coefficients, by the age of their columns. */
#include "covariance/band_plan.h"

typedef struct ages {
    int32_t states, outputs; /* of the oldest column, and one */
} ages;

static void meet(ages *of, int32_t column, int32_t age)
{
    int32_t *most = column == ITP_COLUMN_STATE ? &of->states : &of->outputs;
    *most = *most > age + 1 ? *most : age + 1;
}

static ages ages_of(const itp_covariance_plan *plan)
{
    ages out = {1, 1};
    for (int32_t b = 0; b < plan->info.bands; b++) {
        const itp_plan *band = plan->plan[b];
        for (int32_t i = 0; i < plan->info.rows; i++) {
            for (int32_t j = 0; j < band->rows[i].term_count; j++) {
                const itp_term *term = &band->rows[i].terms[j];
                int kept = term->column == ITP_COLUMN_OUTPUT && term->index < i && band->rows[term->index].keep;
                meet(&out, term->column, i - term->index);
                meet(&out, kept ? ITP_COLUMN_STATE : term->column, i - term->index);
            }
        }
    }
    return out;
}

/* Where in the table the column stands. */
static double *cell(const itp_covariance_plan *plan, int32_t row, int32_t band, int32_t column, int32_t age)
{
    int32_t at = column == ITP_COLUMN_STATE ? age : plan->states + age;
    return plan->coef + ((size_t)row * (size_t)(plan->states + plan->outputs) + (size_t)at) * (size_t)plan->info.bands +
           band;
}

static void add_term(itp_covariance_plan *plan, int32_t row, int32_t band, const itp_term *term)
{
    int32_t age = row - term->index;
    const itp_plan_row *from = &plan->plan[band]->rows[term->index];
    if (term->column == ITP_COLUMN_OUTPUT && age > 0 && from->keep) {
        *cell(plan, row, band, ITP_COLUMN_STATE, age) += term->coef * from->keep_state;
        *cell(plan, row, band, ITP_COLUMN_OUTPUT, age) += term->coef * from->keep_output;
    } else {
        *cell(plan, row, band, term->column, age) += term->coef;
    }
}

int itp_covariance_tabulate(itp_covariance_plan *plan)
{
    ages of = ages_of(plan);
    plan->states = of.states;
    plan->outputs = of.outputs;
    plan->coef_count = (size_t)plan->info.rows * (size_t)(of.states + of.outputs) * (size_t)plan->info.bands;
    plan->coef = itp_memory_array(&plan->memory, plan->coef_count, sizeof *plan->coef);
    plan->constants =
        itp_memory_array(&plan->memory, (size_t)plan->info.rows * (size_t)plan->info.bands, sizeof *plan->constants);
    if (!plan->coef || !plan->constants) {
        return ITP_E_MEMORY;
    }
    for (int32_t b = 0; b < plan->info.bands; b++) {
        for (int32_t i = 0; i < plan->info.rows; i++) {
            const itp_plan_row *row = &plan->plan[b]->rows[i];
            for (int32_t j = 0; j < row->term_count; j++) add_term(plan, i, b, &row->terms[j]);
        }
    }
    return ITP_OK;
}
