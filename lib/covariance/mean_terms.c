/* The mean: with Y = Y' + beta mu and F = F' + f mu, rows that are right for centred data Y', F' need one term more.
 * f is the output for data that are mu and nothing else, at the state beta mu. */
#include <math.h>

#include "covariance/band_plan.h"

/* From G = a Y + b F, where the prediction G of such data is `value` mu. */
typedef struct candidate {
    double a, b, value;
} candidate;

static double lost(const candidate *of, double beta)
{
    return of->b != 0 && isfinite(of->a) && isfinite(of->b) && isfinite(of->value) ? fabs(of->a * beta / of->b)
                                                                                   : INFINITY;
}

/* By way of the prediction that loses least to cancellation: the network's own, where it is one of these. */
static int output_of_mean(const itp_model *model, double t, double *out)
{
    itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
    int status = itp_schedule_eval(model->schedule ? model->schedule : itp_schedule_linear(), t, &at);
    if (status) {
        return status;
    }
    const int32_t kinds[] = {ITP_PREDICT_DATA, ITP_PREDICT_NOISE, ITP_PREDICT_VELOCITY};
    const double values[] = {1, 0, at.dbeta};
    double least = INFINITY;
    for (int i = 0; i < 3; i++) {
        candidate by = {0, 0, values[i]};
        int known = !itp_prediction_scalars(model, t, kinds[i], &by.a, &by.b);
        if (known && lost(&by, at.beta) < least) {
            least = lost(&by, at.beta);
            *out = (by.value - by.a * at.beta) / by.b;
        }
    }
    return isfinite(least) ? ITP_OK : ITP_E_SINGULAR;
}

static double beta_at(const itp_plan *plan, int32_t i)
{
    return i < plan->info.rows ? plan->rows[i].scale * plan->rows[i].u : plan->info.end_scale * plan->info.u_end;
}

/* `outputs`: f of each row. */
static double constant(const itp_covariance_plan *plan, const double *outputs, int32_t band, int32_t row)
{
    const itp_plan *of = plan->plan[band];
    int32_t columns = plan->states + plan->outputs;
    double sum = beta_at(of, row + 1);
    for (int32_t c = 0; c < columns; c++) {
        int32_t from = c < plan->states ? row - c : row - (c - plan->states);
        double coef = plan->coef[((size_t)row * (size_t)columns + (size_t)c) * (size_t)plan->info.bands + (size_t)band];
        if (coef != 0) {
            sum -= coef * (c < plan->states ? beta_at(of, from) : outputs[from]);
        }
    }
    return sum;
}

static int find_outputs(const itp_covariance_plan *plan, const itp_model *model, double *outputs)
{
    int status = ITP_OK;
    const itp_schedule *schedule = model->schedule ? model->schedule : itp_schedule_linear();
    for (int32_t i = 0; i < plan->info.rows && !status; i++) {
        double t;
        status = itp_schedule_time_of_u(schedule, plan->plan[0]->rows[i].u, &t);
        status = status ? status : output_of_mean(model, t, &outputs[i]);
    }
    return status;
}

int itp_covariance_find_constants(itp_covariance_plan *plan, const itp_model *model, const itp_report *log)
{
    size_t rows = (size_t)plan->info.rows;
    const itp_model ours = ITP_MODEL_INIT;
    if (!plan->covariance->info.mean) {
        return ITP_OK;
    }
    double *outputs = itp_memory_array(&plan->memory, rows, sizeof *outputs);
    if (!outputs) {
        return itp_fail(log, ITP_E_MEMORY, "no memory for %zu rows.", rows);
    }
    int status = find_outputs(plan, model ? model : &ours, outputs);
    if (status) {
        (void)itp_fail(log, status, "mean: the network's output for it has no finite limit at some row.");
    }
    for (size_t i = 0; i < rows * (size_t)plan->info.bands && !status; i++) {
        plan->constants[i] = constant(plan, outputs, (int32_t)(i / rows), (int32_t)(i % rows));
    }
    itp_memory_free(&plan->memory, outputs, rows * sizeof *outputs);
    return status;
}
