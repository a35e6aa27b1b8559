#include "schedule/table.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/root.h"

/* log r and log norm, norm = sqrt(alpha^2 + beta^2), with their slopes per interval. A first sample with beta = 0 or a
 * last one with alpha = 0 has no log r: next to it r, or 1/r, runs linearly to zero. */
struct itp_table {
    int32_t count;     /* samples, in order of increasing t */
    int32_t low, high; /* first and last sample with a finite log r */
    int32_t flat;      /* 1: every norm is 1 (variance preserving) */
    double *log_r, *slope_r, *log_n, *slope_n;
    double *alpha, *beta; /* as given: at a sample they are the values */
    double *given;        /* the description's own list, or two */
};

static size_t bytes_of(int32_t count)
{
    return sizeof(itp_table) + 8 * (size_t)count * sizeof(double);
}

typedef struct cubic {
    double value, rate; /* rate: per interval */
} cubic;

static cubic hermite(const double *value, const double *slope, int32_t i, double x)
{
    double rise = value[i + 1] - value[i], d0 = slope[i], d1 = slope[i + 1];
    double b = 3 * rise - 2 * d0 - d1, c = d0 + d1 - 2 * rise;
    cubic out = {value[i] + x * (d0 + x * (b + x * c)), d0 + x * (2 * b + 3 * x * c)};
    if (x == 1) {
        out.value = value[i + 1];
    }
    return out;
}

double itp_table_position(const itp_schedule *schedule, double t)
{
    double intervals = schedule->samples - 1, position = t * intervals, sample = floor(position + .5);
    return fabs(t - sample / intervals) <= DBL_EPSILON ? sample : position;
}

static int32_t interval(const itp_schedule *schedule, double t, double *x)
{
    const itp_table *table = schedule->table;
    double position = itp_table_position(schedule, t);
    int32_t i = (int32_t)position;
    i = i < table->count - 1 ? i : table->count - 2;
    *x = position - i;
    return i;
}

/* r = e^log_r on the cubics, linear to 0 before them, infinite at the last sample behind them. small is the smaller of
 * r and 1/r; rate is d log r per interval. */
static cubic log_ratio(const itp_table *table, int32_t i, double x)
{
    if (i < table->low) {
        cubic start = {table->log_r[table->low] + log(x), 1 / x};
        return start;
    }
    if (i >= table->high) {
        cubic end = {table->log_r[table->high] - log1p(-x), 1 / (1 - x)};
        return end;
    }
    return hermite(table->log_r, table->slope_r, i, x);
}

static cubic log_norm(const itp_table *table, int32_t i, double x)
{
    cubic one = {0, 0};
    return table->flat ? one : hermite(table->log_n, table->slope_n, i, x);
}

/* At an open end d(angle) is finite although d(log r) is not: r' = r_low at r = 0, (1/r)' = -1/r_high at 1/r = 0. */
static double angle_rate(const itp_table *table, int32_t i, double r, double rate)
{
    if (i < table->low) {
        return exp(table->log_r[table->low]) / (1 + r * r);
    }
    if (i >= table->high) {
        double inverse = isinf(r) ? 0 : 1 / r;
        return exp(-table->log_r[table->high]) / (1 + inverse * inverse);
    }
    return r < 1 ? rate * r / (1 + r * r) : rate / (r + 1 / r);
}

static int at(const itp_schedule *schedule, double t, itp_at *out)
{
    const itp_table *table = schedule->table;
    double x, intervals = table->count - 1;
    int32_t i = interval(schedule, t, &x);
    cubic ratio = log_ratio(table, i, x), norm = log_norm(table, i, x);
    double r = exp(ratio.value), n = exp(norm.value), inverse = exp(-ratio.value);
    double turn = intervals * angle_rate(table, i, r, ratio.rate), grow = intervals * norm.rate;
    out->alpha = r < 1 ? n / hypot(1, r) : n * inverse / hypot(1, inverse);
    out->beta = r < 1 ? n * r / hypot(1, r) : n / hypot(1, inverse);
    if (x == 0 || x == 1) {
        out->alpha = table->alpha[i + (int32_t)x];
        out->beta = table->beta[i + (int32_t)x];
    }
    out->dalpha = grow * out->alpha - turn * out->beta;
    out->dbeta = grow * out->beta + turn * out->alpha;
    itp_at_complete(out);
    out->W = n * n * turn;
    out->du = out->W / (out->alpha + out->beta) / (out->alpha + out->beta);
    out->eps = out->alpha == 0 ? 0 : out->alpha * out->W / out->beta;
    return ITP_OK;
}

static double twice_eps(void *user, double t)
{
    itp_at here;
    at(*(const itp_schedule **)user, t, &here);
    return 2 * here.eps;
}

/* eps* has corners at the samples. */
static double by_intervals(const itp_schedule *schedule, double t0, double t1)
{
    double sum = 0, x, intervals = schedule->table->count - 1;
    for (int32_t i = interval(schedule, t0, &x); i < intervals; i++) {
        double end = fmin((i + 1) / intervals, t1);
        if (end > t0) {
            sum += itp_integral(twice_eps, &schedule, t0, end);
            t0 = end;
        }
    }
    return sum;
}

typedef struct target {
    const itp_table *table;
    int32_t i;
    double log_r;
} target;

static double log_r_minus(void *user, double x)
{
    const target *to = user;
    return log_ratio(to->table, to->i, x).value - to->log_r;
}

/* A position has come by way of quotients, or of another schedule: within their rounding of a sample's it is that. */
static int is_sample(const itp_table *table, int32_t i, double u, double w)
{
    double by_u = u * table->alpha[i], by_w = w * table->beta[i];
    return fabs(by_u - by_w) <= 8 * DBL_EPSILON * by_w;
}

/* Finds the interval to->i, and where in it. */
static double place(const itp_table *table, target *to)
{
    int32_t low = table->low, high = table->high, open = high < table->count - 1;
    if (to->log_r <= table->log_r[low]) {
        to->i = low > 0 ? 0 : low;
        return low > 0 ? exp(to->log_r - table->log_r[low]) : 0;
    }
    if (to->log_r >= table->log_r[high]) {
        to->i = open ? high : high - 1;
        return open ? 1 - exp(table->log_r[high] - to->log_r) : 1;
    }
    for (to->i = low; high - to->i > 1;) {
        int32_t middle = to->i + (high - to->i) / 2;
        *(table->log_r[middle] <= to->log_r ? &to->i : &high) = middle;
    }
    return itp_root(log_r_minus, to, 0, 1);
}

static int time_at(const itp_schedule *schedule, double u, double w, double *t)
{
    const itp_table *table = schedule->table;
    target to = {table, 0, log(u) - log(w)};
    double x = place(table, &to);
    x = is_sample(table, to.i, u, w) ? 0 : is_sample(table, to.i + 1, u, w) ? 1 : x;
    *t = (to.i + x) / (table->count - 1);
    return ITP_OK;
}

/* A variance preserving table has int 2 eps* dt = log of the growth of beta^2; others have a quadrature an interval. */
static double variance(const itp_schedule *schedule, double t0, double t1)
{
    itp_at from, to;
    at(schedule, t0, &from);
    at(schedule, t1, &to);
    if (from.beta == 0) {
        return INFINITY;
    }
    return schedule->table->flat ? 2 * log(to.beta / from.beta) : by_intervals(schedule, t0, t1);
}

const itp_family itp_family_table = {at, time_at, variance, NULL};

/* Fritsch and Butland's slopes: monotone where the values are. At an end the parabola's, kept within the rule. */
static void slopes(const double *value, double *slope, int32_t low, int32_t high)
{
    for (int32_t i = low + 1; i < high; i++) {
        double a = value[i] - value[i - 1], b = value[i + 1] - value[i];
        slope[i] = a * b > 0 ? 2 * a * b / (a + b) : 0;
    }
    for (int32_t side = 0; side < 2 && high > low; side++) {
        int32_t end = side ? high : low, in = side ? -1 : 1;
        double a = (value[end + in] - value[end]) * in;
        double b = high - low > 1 ? (value[end + 2 * in] - value[end + in]) * in : a;
        double parabola = (3 * a - b) / 2;
        slope[end] = parabola * a > 0 ? copysign(fmin(fmax(fabs(parabola), fabs(a) / 8), 3 * fabs(a)), a) : a / 8;
    }
}

/* Beside an interval in which r or 1/r runs to zero log r has the slope 1 there, and the cubic goes on with it. */
static void join_ends(itp_table *table)
{
    if (table->low > 0 && table->low < table->high) {
        table->slope_r[table->low] = fmin(1, 3 * (table->log_r[table->low + 1] - table->log_r[table->low]));
    }
    if (table->high < table->count - 1 && table->low < table->high) {
        table->slope_r[table->high] = fmin(1, 3 * (table->log_r[table->high] - table->log_r[table->high - 1]));
    }
}

static int sample(const itp_schedule_desc *desc, int32_t i, double *alpha, double *beta)
{
    if (desc->alphas_cumprod) {
        double a = desc->alphas_cumprod[i];
        *alpha = sqrt(1 - a);
        *beta = sqrt(a);
        return a >= 0 && a <= 1;
    }
    *alpha = desc->alpha[i];
    *beta = desc->beta[i];
    return *alpha >= 0 && *beta >= 0 && isfinite(*alpha) && isfinite(*beta) && *alpha + *beta > 0;
}

static double log_r_of(const itp_schedule_desc *desc, int32_t i, double alpha, double beta)
{
    if (desc->alphas_cumprod) {
        return (log(desc->alphas_cumprod[i]) - log1p(-desc->alphas_cumprod[i])) / 2;
    }
    return log(beta) - log(alpha);
}

static int fill(itp_table *table, const itp_schedule_desc *desc, int32_t reversed, const itp_report *sink)
{
    table->flat = desc->alphas_cumprod != NULL;
    for (int32_t i = 0; i < table->count; i++) {
        int32_t from = reversed ? table->count - 1 - i : i;
        double *alpha = &table->alpha[i], *beta = &table->beta[i];
        if (!sample(desc, from, alpha, beta)) {
            return itp_fail(sink, ITP_E_SCHEDULE, "table: sample %d has values that no schedule can have.", (int)from);
        }
        table->log_r[i] = log_r_of(desc, from, *alpha, *beta);
        table->log_n[i] = table->flat ? 0 : log(hypot(*alpha, *beta));
        if (i > 0 && !(table->log_r[i] > table->log_r[i - 1])) {
            return itp_fail(sink, ITP_E_SCHEDULE, "table: beta/alpha does not change strictly at sample %d.",
                            (int)from);
        }
    }
    table->low = isinf(table->log_r[0]) ? 1 : 0;
    table->high = table->count - 1 - (isinf(table->log_r[table->count - 1]) ? 1 : 0);
    return table->low <= table->high
               ? ITP_OK
               : itp_fail(sink, ITP_E_SCHEDULE, "table: no sample lies inside the path; give at least one.");
}

/* A DDPM table starts at its clean end. */
static int decreases(const itp_schedule_desc *desc)
{
    double a0, b0, a1, b1;
    sample(desc, 0, &a0, &b0);
    sample(desc, desc->count - 1, &a1, &b1);
    return b0 * a1 > b1 * a0;
}

typedef struct spread {
    double least, most, mean;
    int32_t grows;
} spread;

static spread spread_of(const double *values, int32_t count)
{
    spread of = {values[0], values[0], 0, values[0] < values[count - 1]};
    for (int32_t i = 0; i < count; i++) {
        of.least = fmin(of.least, values[i]);
        of.most = fmax(of.most, values[i]);
        of.mean += values[i] / count;
    }
    return of;
}

/* Betas, and alphas that are 1 - beta each, are mistaken for their running product. A product has a clean end, near 1,
 * and spends a good part of its length there; betas are small but for, at most, the last ones. */
static int check_products(const itp_schedule_desc *desc, const itp_report *log)
{
    spread of = spread_of(desc->alphas_cumprod, desc->count);
    if (of.most > 0 && (of.most < .5 || (of.grows && desc->count >= 10 && of.mean < .1))) {
        return itp_fail(
            log, ITP_E_SCHEDULE,
            "alphas_cumprod: %g to %g with the mean %g, as betas are; give the running product of 1 - beta.", of.least,
            of.most, of.mean);
    }
    if (of.least > .5) {
        itp_warn(log,
                 "alphas_cumprod: its noisiest sample is %g, more data than noise; it is to be the running product of "
                 "the alphas.",
                 of.least);
    }
    return ITP_OK;
}

static int check(const itp_schedule_desc *desc, const itp_report *log)
{
    int pair = desc->alpha && desc->beta;
    if (!desc->alphas_cumprod == !pair || (desc->alphas_cumprod && (desc->alpha || desc->beta))) {
        return itp_fail(log, ITP_E_ARGUMENT, "table: give either alphas_cumprod or both alpha and beta.");
    }
    if (desc->count < 2 || desc->count > 1 << 24) {
        return itp_fail(log, ITP_E_RANGE, "table: count is %d, it must be 2 to 2^24.", (int)desc->count);
    }
    return itp_idle_check(log, pair && (desc->zero_snr || desc->snr_shift != 1), "zero_snr, snr_shift",
                          "alphas_cumprod");
}

static const double *copied(double *to, const double *from, int32_t count)
{
    return from ? memcpy(to, from, (size_t)count * sizeof *to) : NULL;
}

/* 2305.08891, algorithm 1. */
static void end_at_noise(double *products, int32_t count, int32_t noisiest)
{
    double first = sqrt(products[count - 1 - noisiest]), last = sqrt(products[noisiest]);
    for (int32_t i = 0; i < count; i++) {
        double root = (sqrt(products[i]) - last) * (first / (first - last));
        products[i] = root * root;
    }
}

/* What zero_snr and snr_shift make of the products in `own`. A table is then described by them, as it became. */
static void adjust(itp_schedule *schedule, double *own)
{
    itp_schedule_desc *desc = &schedule->desc;
    int32_t noisiest = schedule->index_decreases ? desc->count - 1 : 0;
    for (int32_t i = 0; i < desc->count && desc->snr_shift != 1; i++) {
        own[i] /= desc->snr_shift + (1 - desc->snr_shift) * own[i];
    }
    if (desc->zero_snr) {
        end_at_noise(own, desc->count, noisiest);
    }
    if (schedule->kind == ITP_SCHEDULE_TABLE) {
        desc->zero_snr = 0;
        desc->snr_shift = 1;
    }
}

/* So that the schedule can be described again. */
static void keep_lists(itp_schedule_desc *desc, double *room)
{
    desc->alphas_cumprod = copied(room, desc->alphas_cumprod, desc->count);
    desc->alpha = copied(room, desc->alpha, desc->count);
    desc->beta = copied(room + desc->count, desc->beta, desc->count);
}

int itp_table_new(itp_schedule *schedule, const itp_report *log)
{
    const itp_schedule_desc *desc = &schedule->desc;
    int status = check(desc, log);
    if (!status && desc->alphas_cumprod) {
        status = check_products(desc, log);
    }
    if (status) {
        return status;
    }
    itp_table *table = itp_memory_array(&schedule->memory, 1, bytes_of(desc->count));
    if (!table) {
        return itp_fail(log, ITP_E_MEMORY, "table: no memory for %d samples.", (int)desc->count);
    }
    schedule->table = table;
    table->count = desc->count;
    table->log_r = (double *)(table + 1);
    table->slope_r = table->log_r + table->count;
    table->log_n = table->slope_r + table->count;
    table->slope_n = table->log_n + table->count;
    table->alpha = table->slope_n + table->count;
    table->beta = table->alpha + table->count;
    table->given = table->beta + table->count;
    keep_lists(&schedule->desc, table->given);
    schedule->samples = table->count;
    schedule->index_decreases = decreases(desc);
    if (desc->alphas_cumprod) {
        adjust(schedule, table->given);
    }
    status = fill(table, desc, schedule->index_decreases, log);
    if (!status) {
        slopes(table->log_r, table->slope_r, table->low, table->high);
        join_ends(table);
        slopes(table->log_n, table->slope_n, 0, table->count - 1);
    }
    return status;
}

void itp_table_free(itp_schedule *schedule)
{
    if (schedule->table) {
        itp_memory_free(&schedule->memory, schedule->table, bytes_of(schedule->table->count));
    }
}
