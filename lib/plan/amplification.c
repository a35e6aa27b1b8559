/* How much a plan makes of what is wrong with its network: one measure that good plans keep small.
 *
 * The network is taken to be that of N(0, v) data, which answers a change of its input as any sane one does: with
 * Y = scale (w Z + u X), the data prediction changes by v u/(scale (w^2 + v u^2)) per unit of Y. The rows then are
 * linear, and one pass from the last to the first finds what the result makes of a change of every output. Data have
 * directions of many variances, and what cancels in one of them does not in another: the larger of two counts.
 *
 * An output is wrong by its own size, that of what the network was trained for, ((1 - s scale u) X - s scale w Z)/f
 * where data = s Y + f F, and by no more than moves the data prediction by the data's size: near the noise end a noise
 * prediction says little of the data, and no plan makes it say more. */
#include <math.h>

#include "base/log.h"
#include "plan/plan.h"

static const double WIDE = 0x1p-1, NARROW = 0x1p-6;

/* A number for v = WIDE and one for v = NARROW. */
typedef struct both {
    double of[2];
} both;

/* What the result makes of the states, of the outputs as their own rows read them, and as later ones do. */
typedef struct sensitivities {
    both *state, *output, *kept;
    both outputs, normals; /* the sums: of sizes, of squares */
} sensitivities;

/* The network at a row: by how much its output changes per unit of its input, and its size. */
typedef struct response {
    both slope;
    double size;
} response;

static response response_of(const itp_plan_row *row)
{
    response out = {{{0, 0}}, 1};
    double u = row->u, w = 1 - u, s = row->data_state, f = row->data_output, scale = row->scale;
    if (f == 0) {
        return out;
    }
    double data = 1 - s * scale * u, noise = s * scale * w, square = data * data + noise * noise, per_f = 1 / f;
    out.size = (square < 1 ? sqrt(square) : 1) * fabs(per_f);
    out.slope.of[0] = (WIDE * u / (scale * (w * w + WIDE * u * u)) - s) * per_f;
    out.slope.of[1] = (NARROW * u / (scale * (w * w + NARROW * u * u)) - s) * per_f;
    return out;
}

static double squares(const itp_term *terms, int32_t count)
{
    double sum = 0;
    int32_t j = count % 4;
    for (int32_t i = 0; i < j; i++) {
        sum += terms[i].coef * terms[i].coef;
    }
    for (; j < count; j += 4) {
        sum += (terms[j].coef * terms[j].coef + terms[j + 1].coef * terms[j + 1].coef) +
               (terms[j + 2].coef * terms[j + 2].coef + terms[j + 3].coef * terms[j + 3].coef);
    }
    return sum;
}

static inline void add(both *to, both from, double coef)
{
    to->of[0] += coef * from.of[0];
    to->of[1] += coef * from.of[1];
}

static void pull_back_row(sensitivities *of, const itp_plan_row *row, int32_t i)
{
    response network = response_of(row);
    both next = of->state[i + 1], *output = &of->output[i], *state = &of->state[i];
    const itp_term *term = row->terms, *end = term + row->term_count;
    for (; term < end && term->column != ITP_COLUMN_NORMAL; term++) { /* normals are the last terms of a row */
        both *to = term->column == ITP_COLUMN_STATE ? of->state : term->index < i ? of->kept : of->output;
        add(&to[term->index], next, term->coef);
    }
    add(output, of->kept[i], row->keep ? row->keep_output : 1);
    if (row->keep) {
        add(state, of->kept[i], row->keep_state);
    }
    state->of[0] += output->of[0] * network.slope.of[0];
    state->of[1] += output->of[1] * network.slope.of[1];
    of->outputs.of[0] += fabs(output->of[0]) * network.size;
    of->outputs.of[1] += fabs(output->of[1]) * network.size;
    both square = {{next.of[0] * next.of[0], next.of[1] * next.of[1]}};
    add(&of->normals, square, squares(term, (int32_t)(end - term)));
}

/* Of one variance. Both are sums of what is not negative; one that is no number has overflowed. */
static double larger(double outputs, double normals)
{
    return isnan(outputs + normals) ? INFINITY : outputs > normals ? outputs : normals;
}

int itp_plan_measure(itp_plan *plan, double *least)
{
    size_t rows = (size_t)plan->info.rows, length = 3 * (rows + 1);
    both *block = itp_memory_array(&plan->memory, length, sizeof *block);
    if (!block) {
        return ITP_E_MEMORY;
    }
    sensitivities of = {block, block + rows + 1, block + 2 * (rows + 1), {{0, 0}}, {{0, 0}}};
    of.state[rows].of[0] = of.state[rows].of[1] = 1 / plan->info.end_scale;
    for (int32_t i = plan->info.rows - 1; i >= 0; i--) {
        pull_back_row(&of, &plan->rows[i], i);
    }
    const itp_plan_info *info = &plan->info;
    double noise = info->start_term_count ? squares(info->start_terms, info->start_term_count)
                                          : info->start_scale * info->start_scale;
    double wide = larger(of.outputs.of[0], of.normals.of[0] + of.state->of[0] * of.state->of[0] * noise);
    double narrow = larger(of.outputs.of[1], of.normals.of[1] + of.state->of[1] * of.state->of[1] * noise);
    plan->info.amplification = wide > narrow ? wide : narrow;
    *least = wide < narrow ? wide : narrow;
    itp_memory_free(&plan->memory, block, length * sizeof *block);
    return ITP_OK;
}

void itp_plan_warn(const itp_plan *plan, const itp_report *log)
{
    static const double MUCH = 100;
    if (plan->info.amplification > MUCH) {
        itp_warn(log,
                 "amplification: %.3g, so often the plan magnifies errors of the network's outputs or its own noise; "
                 "more evaluations, other nodes or a solver of lower order than %s magnify less.",
                 plan->info.amplification, plan->info.solver);
    }
}
