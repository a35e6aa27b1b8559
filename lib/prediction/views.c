/* Each prediction is a way to write E[X | x] and E[Z | x] with the network's input x and output F; every conversion is
 * made of these. X - Z = data - noise is the velocity of the linear schedule, regular at both ends for velocity-like
 * predictions and in a form of its own where the difference of the two would divide by zero. With m = alpha + beta,
 * N = alpha^2 + sigma_data^2 beta^2, n = sqrt(alpha^2 + beta^2). */
#include "prediction/views.h"

#include <math.h>

#include "base/field.h"

static itp_affine pair(double x, double f)
{
    itp_affine out = {x, f};
    return out;
}

itp_views itp_views_of_data(const itp_at *at, double a, double b)
{
    double alpha = at->alpha, beta = at->beta, m = alpha + beta;
    itp_views out = {pair(a, b), pair((1 - beta * a) / alpha, -beta * b / alpha),
                     pair((m * a - 1) / alpha, m * b / alpha)};
    return out;
}

/* Where W is infinite, a velocity network's finite output does not determine the parts that its velocity is infinite
 * by: their factors of the output are NaN, but for those that are 0. */
static void set_unknown(const itp_at *at, itp_views *out)
{
    out->data.f = at->alpha > 0 ? NAN : 0;
    out->noise.f = at->beta > 0 ? NAN : 0;
    out->velocity.f = at->alpha + at->beta > 0 ? NAN : 0;
}

static int signed_velocity(const itp_at *at, double inv_W, itp_views *out)
{
    out->data = pair(-at->dalpha_W, at->alpha * inv_W);
    out->noise = pair(at->dbeta_W, -at->beta * inv_W);
    out->velocity = pair(-(at->dalpha_W + at->dbeta_W), (at->alpha + at->beta) * inv_W);
    if (inv_W == 0) {
        set_unknown(at, out);
    }
    return ITP_OK;
}

static int velocity(const itp_network *model, const itp_at *at, itp_views *out)
{
    (void)model;
    return signed_velocity(at, at->inv_W, out);
}

static int negative_velocity(const itp_network *model, const itp_at *at, itp_views *out)
{
    (void)model;
    return signed_velocity(at, -at->inv_W, out);
}

static int data(const itp_network *model, const itp_at *at, itp_views *out)
{
    (void)model;
    *out = itp_views_of_data(at, 0, 1);
    return ITP_OK;
}

static int noise(const itp_network *model, const itp_at *at, itp_views *out)
{
    double a = at->alpha, b = at->beta;
    (void)model;
    out->data = pair(1 / b, -a / b);
    out->noise = pair(0, 1);
    out->velocity = pair(1 / b, -(a + b) / b);
    return ITP_OK;
}

static int score(const itp_network *model, const itp_at *at, itp_views *out)
{
    double a = at->alpha, b = at->beta;
    (void)model;
    out->data = pair(1 / b, a * a / b);
    out->noise = pair(0, -a);
    out->velocity = pair(1 / b, a * (a + b) / b);
    return ITP_OK;
}

static int salimans_v(const itp_network *model, const itp_at *at, itp_views *out)
{
    double a = at->alpha, b = at->beta, n2 = a * a + b * b, n = sqrt(n2);
    (void)model;
    out->data = pair(b / n2, -a / n);
    out->noise = pair(a / n2, b / n);
    out->velocity = pair((b - a) / n2, -(a + b) / n);
    return ITP_OK;
}

static int edm(const itp_network *model, const itp_at *at, itp_views *out)
{
    double a = at->alpha, b = at->beta, sd = model->sigma_data, N = a * a + sd * b * (sd * b), n = sqrt(N);
    out->data = pair(sd * sd * b / N, a * sd / n);
    out->noise = pair(a / N, -b * sd / n);
    out->velocity = pair((sd * sd * b - a) / N, (a + b) * sd / n);
    return ITP_OK;
}

static int affine(const itp_network *model, const itp_at *at, itp_views *out)
{
    itp_roomy_point point = itp_point_of(at);
    double a = NAN, b = NAN; /* until they are written */
    int status = itp_answer(model->of.affine(model->of.user, &point.known, &a, &b));
    *out = itp_views_of_data(at, a, b);
    return status;
}

static itp_affine write_data(const itp_at *at, const itp_views *views)
{
    (void)at;
    return views->data;
}

static itp_affine write_noise(const itp_at *at, const itp_views *views)
{
    (void)at;
    return views->noise;
}

static itp_affine write_score(const itp_at *at, const itp_views *views)
{
    return pair(-views->noise.x / at->alpha, -views->noise.f / at->alpha);
}

/* alpha' Z + beta' X = ((alpha' + beta') x + W (X - Z))/m. */
static itp_affine write_velocity(const itp_at *at, const itp_views *views)
{
    double m = at->alpha + at->beta, turn = at->W / m;
    return pair((at->dalpha + at->dbeta) / m + turn * views->velocity.x, turn * views->velocity.f);
}

static itp_affine write_negative_velocity(const itp_at *at, const itp_views *views)
{
    itp_affine of = write_velocity(at, views);
    return pair(-of.x, -of.f);
}

/* The first one is the default. */
static const itp_prediction_row ROWS[] = {
    {{ITP_WORDS("velocity", "", "dx/dt by the schedule's own t"), ITP_PREDICT_VELOCITY, 0}, velocity, write_velocity},
    {{ITP_WORDS("data", "sample,x0,x-start,denoised", "E[X | x]"), ITP_PREDICT_DATA, 0}, data, write_data},
    {{ITP_WORDS("noise", "epsilon,eps", "E[Z | x]"), ITP_PREDICT_NOISE, 0}, noise, write_noise},
    {{ITP_WORDS("score", "", "the gradient of log p(x)"), ITP_PREDICT_SCORE, 0}, score, write_score},
    {{ITP_WORDS_FLOW("salimans-v", "v-prediction,v", "(beta Z - alpha X)/sqrt(alpha^2 + beta^2)", "negative-velocity"),
      ITP_PREDICT_SALIMANS_V, 0},
     salimans_v,
     NULL},
    {{ITP_WORDS("edm", "", "F of EDM's preconditioning"), ITP_PREDICT_EDM, ITP_READS_SIGMA_DATA}, edm, NULL},
    {{ITP_WORDS("affine", "", "the caller's: data = a x + b F"), ITP_PREDICT_AFFINE,
      ITP_READS_AFFINE | ITP_ROW_NEEDS(ITP_NEEDS_FUNCTION)},
     affine,
     NULL},
    {{ITP_WORDS("negative-velocity", "flow-prediction,flow", "minus velocity: noise - data"),
      ITP_PREDICT_NEGATIVE_VELOCITY, 0},
     negative_velocity,
     write_negative_velocity},
};
#define FIELD(field, what, others, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, others), .at = offsetof(itp_model, field), .reads = what, __VA_ARGS__ \
    }
static const itp_field FIELDS[] = {
    FIELD(schedule, 0, "", .type = ITP_FIELD_SCHEDULE, .choice = &itp_kind_schedule),
    FIELD(time, 0, "", .type = ITP_FIELD_CHOICE, .choice = &itp_kind_time),
    FIELD(sigma_data, ITP_READS_SIGMA_DATA, "", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = .5),
    FIELD(affine, ITP_READS_AFFINE, "", .type = ITP_FIELD_POINTER),
    FIELD(time_fn, 0, "", .type = ITP_FIELD_POINTER),
};
const itp_kind itp_kind_prediction = {.name = "prediction",
                                      .rows = ROWS,
                                      .fields = FIELDS,
                                      .stride = sizeof ROWS[0],
                                      .count = sizeof ROWS / sizeof ROWS[0],
                                      .field_count = sizeof FIELDS / sizeof FIELDS[0],
                                      .id_at = offsetof(itp_model, prediction)};

const itp_prediction_row *itp_prediction_row_of(int32_t prediction)
{
    return (const void *)itp_kind_of(&itp_kind_prediction, prediction);
}
