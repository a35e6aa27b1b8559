/* The user's schedule: what it does not give is found from what it gives. */
#include <math.h>

#include "base/root.h"
#include "base/sized.h"
#include "schedule/schedule.h"

typedef struct roomy_values {
    itp_schedule_values known;
    unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_schedule_values)];
} roomy_values;

static int call(const itp_schedule *schedule, double t, itp_schedule_values *out)
{
    roomy_values room = {.known = {sizeof room.known, 0, 0, NAN, NAN}};
    itp_schedule_values values = {0};
    int answer = schedule->values(schedule->user, t, &room.known);
    if (answer) {
        return itp_answer(answer);
    }
    if (itp_struct_untouched(&room, sizeof room.known)) {
        return ITP_E_NEWER;
    }
    *out = values = room.known;
    return values.alpha >= 0 && values.beta >= 0 && isfinite(values.alpha) && isfinite(values.beta) ? ITP_OK
                                                                                                    : ITP_E_SCHEDULE;
}

enum { LEVELS = 9 };

/* One row of differences: central inside, one-sided (into the path) near an end. */
static int difference(const itp_schedule *schedule, double t, double h, int side, double *dalpha, double *dbeta)
{
    itp_schedule_values left = {0}, right = {0};
    int status = call(schedule, side > 0 ? t : t - h, &left);
    status = status ? status : call(schedule, side < 0 ? t : t + h, &right);
    if (!status) {
        double width = side ? h : 2 * h;
        *dalpha = (right.alpha - left.alpha) / width;
        *dbeta = (right.beta - left.beta) / width;
    }
    return status;
}

typedef struct tableau {
    double row[LEVELS], best, error;
} tableau;

/* Neville's extrapolation to h = 0 for steps halved each time; keeps the value whose neighbours agree best
 * (Ridders). */
static void extrapolate(tableau *table, int level, double value, double base)
{
    double factor = base, above = table->row[0];
    table->row[0] = value;
    for (int j = 1; j <= level; j++) {
        double left = table->row[j - 1], next = left + (left - above) / (factor - 1);
        double error = fmax(fabs(next - left), fabs(next - above));
        if (error < table->error) {
            table->error = error;
            table->best = next;
        }
        above = table->row[j];
        table->row[j] = next;
        factor *= base;
    }
}

/* Only where the callback gives no derivatives: there is no formula to use then. Schedules whose derivatives are
 * infinite at an end must give them. */
static int derivatives(const itp_schedule *schedule, double t, itp_at *out)
{
    double room = fmin(t, 1 - t);
    int side = room >= 1e-3 ? 0 : t < 0.5 ? 1 : -1;
    double widest = side ? 0.03125 : fmin(room, 0.03125);
    tableau alpha = {{0}, NAN, INFINITY}, beta = {{0}, NAN, INFINITY};
    for (int level = 0; level < LEVELS; level++) {
        double dalpha = 0, dbeta = 0, h = ldexp(widest, -level);
        int status = difference(schedule, t, h, side, &dalpha, &dbeta);
        if (status) {
            return status;
        }
        extrapolate(&alpha, level, dalpha, side ? 2 : 4);
        extrapolate(&beta, level, dbeta, side ? 2 : 4);
    }
    out->dalpha = alpha.best;
    out->dbeta = beta.best;
    return ITP_OK;
}

static int at(const itp_schedule *schedule, double t, itp_at *out)
{
    itp_schedule_values values = {0};
    int status = call(schedule, t, &values);
    if (status) {
        return status;
    }
    out->alpha = values.alpha;
    out->beta = values.beta;
    out->dalpha = values.dalpha;
    out->dbeta = values.dbeta;
    if (!(schedule->user_parts & ITP_USER_DERIVATIVES)) {
        status = derivatives(schedule, t, out);
    }
    itp_at_complete(out);
    return status;
}

typedef struct target {
    const itp_schedule *schedule;
    double u, w;
    int status;
} target;

/* The distance of the position from the one sought: increases through 0. A point mass (alpha = beta = 0) is at 0. */
static double beyond(void *user, double t)
{
    target *to = user;
    itp_schedule_values values = {0};
    int status = call(to->schedule, t, &values);
    to->status = to->status ? to->status : status;
    if (status) {
        return 0;
    }
    double sum = values.alpha + values.beta;
    return sum > 0 ? (values.beta * to->w - values.alpha * to->u) / sum : -to->u;
}

static int time_at(const itp_schedule *schedule, double u, double w, double *t)
{
    if (schedule->inverse) {
        *t = NAN; /* until it is written */
        int answer = schedule->inverse(schedule->user, w > 0 ? u / w : INFINITY, t);
        return answer ? itp_answer(answer) : *t >= 0 && *t <= 1 ? ITP_OK : ITP_E_SCHEDULE;
    }
    target to = {schedule, u, w, ITP_OK};
    *t = itp_root(beyond, &to, 0, 1);
    return to.status;
}

const itp_family itp_family_user = {at, time_at, NULL, NULL};
