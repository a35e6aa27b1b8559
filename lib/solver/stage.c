#include "solver/stage.h"

#include <math.h>

#include "solver/drift.h"

/* The sampling schedule's alpha + beta; 1 at the data end of one that does not reach it. */
static double scale_at(itp_solving *solving, itp_station *station)
{
    if (station->beyond) {
        return 1;
    }
    int status = itp_station_sampling(station, solving->sampling);
    if (status) {
        itp_solving_fail(solving, status, "schedule: its callback failed", station);
        return 1;
    }
    return station->sampling.alpha + station->sampling.beta;
}

itp_form itp_start_form(itp_solving *solving, itp_station *at)
{
    return itp_form_column(ITP_IS_NORMAL, 0, scale_at(solving, at) * at->w);
}

int itp_drift_exists(itp_solving *solving, itp_station *at, itp_k_at k)
{
    itp_affine factors;
    return !at->beyond && !itp_station_drift(at, solving->sampling, k, &factors) &&
           !itp_station_network(at, solving->model);
}

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } REASONS[] = {{ITP_E_SINGULAR, "model: a coefficient has no finite limit"},
                   {ITP_E_RANGE, "the model's schedule does not reach the node"},
                   {ITP_E_MEMORY, "no memory for the rows"},
                   {ITP_E_CALLBACK, "a callback failed"}};
    size_t i = 0, count = sizeof REASONS / sizeof REASONS[0];
    while (i < count && REASONS[i].status != status) {
        i++;
    }
    return i < count ? REASONS[i].text : itp_status_string(status);
}

/* A step whose first evaluation is made at the state that the step before has left ends that step with a row's result.
 * (One that is evaluated at a state with noise added does not.) */
static void note_end(itp_solving *solving, const itp_form *x)
{
    if (solving->fresh && solving->rows.count > 0) {
        solving->rows.row[solving->rows.count - 1].ends_step = itp_form_equal(x, solving->begin);
    }
    solving->fresh = 0;
}

static int add_row(itp_solving *solving, itp_form *x, const itp_station *at)
{
    int status = itp_rows_evaluate(&solving->rows, x, at->time, at->u, at->t);
    if (!status) {
        itp_row *row = &solving->rows.row[solving->rows.count - 1];
        itp_affine data = itp_station_data(at);
        row->step = solving->step;
        row->scale = at->network_scale;
        row->data_state = data.x;
        row->data_output = data.f;
    }
    return status;
}

/* Adds a row at x and rewrites x by the row's own state. A point mass start has no x to speak of: the network sees a
 * fresh draw of its own kind. The result is solving->status. */
static int evaluate(itp_solving *solving, itp_form *x, itp_station *station)
{
    int status = solving->status ? solving->status : itp_station_network(station, solving->model);
    if (!status) {
        double scale = scale_at(solving, station);
        note_end(solving, x);
        if (scale > 0) {
            itp_form_scale(x, station->network_scale / scale);
        } else {
            *x = itp_form_column(ITP_IS_NORMAL, 0, station->network_scale * station->w);
        }
        status = add_row(solving, x, station);
        *x = itp_form_column(ITP_IS_STATE, solving->rows.count - 1, scale / station->network_scale);
    }
    if (status) {
        itp_solving_fail(solving, status == ITP_E_RANGE ? ITP_E_GRID : status, reason(status), station);
    }
    return solving->status;
}

/* What the last row keeps for later ones: a combination of its own state and output. */
static itp_form keep_form(itp_solving *solving, double state, double output)
{
    int32_t i = solving->rows.count - 1;
    solving->rows.row[i].keep_state = state;
    solving->rows.row[i].keep_output = output;
    return itp_form_column(ITP_IS_KEPT, i, 1);
}

itp_form itp_drift(itp_solving *solving, itp_form *x, itp_station *at, itp_k_at k)
{
    itp_affine factors = {0, 0};
    int status = solving->status ? solving->status : itp_station_drift(at, solving->sampling, k, &factors);
    if (status) {
        itp_solving_fail(solving, status, reason(status), at);
        return itp_form_zero();
    }
    if (evaluate(solving, x, at)) {
        return itp_form_zero();
    }
    return keep_form(solving, factors.x / at->network_scale + factors.f * at->views.velocity.x,
                     factors.f * at->views.velocity.f);
}

itp_form itp_predict(itp_solving *solving, itp_form *x, itp_station *at, int32_t what, itp_form *z)
{
    if (evaluate(solving, x, at)) {
        z->count = z->full = 0;
        return itp_form_zero();
    }
    itp_affine form = what == ITP_PREDICT_VELOCITY ? at->views.velocity
                      : what == ITP_PREDICT_DATA   ? at->views.data
                                                   : at->views.noise;
    if (!(isfinite(form.x) && isfinite(form.f))) {
        itp_solving_fail(solving, ITP_E_SINGULAR, reason(ITP_E_SINGULAR), at);
    }
    *z = itp_form_column(ITP_IS_STATE, solving->rows.count - 1, 1 / at->network_scale);
    return keep_form(solving, form.x, form.f);
}

void itp_from_linear(itp_solving *solving, itp_form *z, itp_station *at)
{
    itp_form_scale(z, scale_at(solving, at));
}

void itp_to_linear(itp_solving *solving, itp_form *x, itp_station *at)
{
    itp_form_scale(x, 1 / scale_at(solving, at));
}

void itp_remember(itp_solving *solving, const itp_form *form, itp_station *at)
{
    for (int32_t i = ITP_HISTORY - 1; i > 0; i--) {
        solving->past[i] = solving->past[i - 1];
        solving->past_at[i] = solving->past_at[i - 1];
    }
    solving->past[0] = *form;
    solving->past_at[0] = at;
    solving->past_count += solving->past_count < ITP_HISTORY;
}

void itp_predict_and_remember(itp_solving *solving, itp_form *x, itp_station *at, int32_t what)
{
    itp_form prediction = itp_predict(solving, x, at, what, x);
    itp_remember(solving, &prediction, at);
}

void itp_drift_and_remember(itp_solving *solving, itp_form *x, itp_station *at, itp_k_at k)
{
    itp_form drift = itp_drift(solving, x, at, k);
    itp_remember(solving, &drift, at);
}

itp_form itp_along_last_row(itp_solving *solving, itp_station *at, itp_station *to)
{
    int32_t i = solving->rows.count - 1;
    int status = solving->status ? solving->status : itp_station_network(at, solving->model);
    if (status) {
        itp_solving_fail(solving, status, reason(status), at);
        return itp_form_zero();
    }
    double step = to->w == 0 ? at->w : to->u - at->u;
    itp_form z = itp_form_column(ITP_IS_STATE, i, 1 / at->network_scale + step * at->views.velocity.x);
    itp_form_increase_by(&z, step * at->views.velocity.f, ITP_IS_OUTPUT, i);
    return z;
}

void itp_along_velocity(itp_solving *solving, itp_form *x, itp_station *at, itp_station *to)
{
    if (!evaluate(solving, x, at)) {
        *x = itp_along_last_row(solving, at, to);
        itp_from_linear(solving, x, to);
    }
}

void itp_finish_state(itp_solving *solving, itp_form *x, itp_station *at)
{
    double model_scale = 1, scale = scale_at(solving, at);
    if (at->w > 0) {
        int status = itp_schedule_scale(solving->model->schedule, at->u, at->w, &model_scale);
        if (status) {
            itp_solving_fail(solving, status, reason(status), at);
        }
    }
    itp_form_scale(x, model_scale / scale);
}
