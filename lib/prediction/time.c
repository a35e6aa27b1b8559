/* How the network wants its time named. */
#include "prediction/time.h"

#include <float.h>
#include <math.h>

#include "schedule/table.h"

static int own(const itp_network *model, const itp_at *at, double *time)
{
    (void)model;
    *time = at->t;
    return ITP_OK;
}

static int reversed(const itp_network *model, const itp_at *at, double *time)
{
    (void)model;
    *time = 1 - at->t;
    return ITP_OK;
}

static int user(const itp_network *model, const itp_at *at, double *time)
{
    itp_roomy_point point = itp_point_of(at);
    *time = NAN; /* until it is written */
    return itp_answer(model->of.time_fn(model->of.user, &point.known, time));
}

/* Networks look the number up, or cut it to an integer: it is whole where t is, but for its rounding. */
static int thousand(const itp_network *model, const itp_at *at, double *time)
{
    double exact = 1000 * (1 - at->t), whole = floor(exact + .5);
    (void)model;
    *time = fabs(at->t - (1 - whole / 1000)) <= DBL_EPSILON ? whole : exact;
    return ITP_OK;
}

/* Whole at the samples. */
static int sample_index(const itp_network *model, const itp_at *at, double *time)
{
    const itp_schedule *table = model->schedule;
    double last = table->samples - 1, sample = itp_table_position(table, at->t);
    if (sample == floor(sample)) {
        *time = table->index_decreases ? last - sample : sample;
    } else {
        *time = last * (table->index_decreases ? 1 - at->t : at->t);
    }
    return ITP_OK;
}

static int quarter_log_sigma(const itp_network *model, const itp_at *at, double *time)
{
    (void)model;
    *time = (log(at->w) - log(at->u)) / 4;
    return ITP_OK;
}

static int sigma(const itp_network *model, const itp_at *at, double *time)
{
    (void)model;
    *time = at->w / at->u;
    return ITP_OK;
}

typedef struct row {
    itp_named named;
    itp_model_time_fn time;
} row;

/* The first one is the default. */
static const row ROWS[] = {
    {{ITP_WORDS("t", "", "the schedule's t"), ITP_TIME_T, 0}, own},
    {{ITP_WORDS("1-t", "reversed", "1 - t"), ITP_TIME_REVERSED, 0}, reversed},
    {{ITP_WORDS("1000(1-t)", "thousand", "1000 (1 - t)"), ITP_TIME_THOUSAND, 0}, thousand},
    {{ITP_WORDS("index", "", "position in the schedule's table"), ITP_TIME_INDEX, ITP_ROW_NEEDS(ITP_NEEDS_TABLE)},
     sample_index},
    {{ITP_WORDS("log-sigma/4", "c-noise", "log(alpha/beta)/4, EDM's"), ITP_TIME_LOG_SIGMA, 0}, quarter_log_sigma},
    {{ITP_WORDS_FLOW("sigma", "", "alpha/beta", "1-t"), ITP_TIME_SIGMA, 0}, sigma},
    {{ITP_WORDS("user", "", "the caller's function"), ITP_TIME_USER,
      ITP_READS_TIME_FN | ITP_ROW_NEEDS(ITP_NEEDS_FUNCTION)},
     user},
};
const itp_kind itp_kind_time = {
    .name = "time", .rows = ROWS, .stride = sizeof ROWS[0], .count = sizeof ROWS / sizeof ROWS[0]};

itp_model_time_fn itp_model_time_of(int32_t time)
{
    const row *of = (const void *)itp_kind_of(&itp_kind_time, time);
    return of ? of->time : NULL;
}
