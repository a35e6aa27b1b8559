#include "view.h"

#include "api.h"

#include <math.h>
#include <stdlib.h>

typedef struct view {
    const itp_schedule *schedule; /* NULL: linear */
    double t;
    itp_schedule_point point;
} view;

static double within(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* The schedule's time of a position, or its own end where it does not reach that far, as tables do not. */
static int time_of(const itp_schedule *schedule, double u, double *t)
{
    itp_schedule_point first = ITP_SCHEDULE_POINT_INIT, last = first;
    int status = itp_schedule_eval(schedule, 0, &first);
    status = status ? status : itp_schedule_eval(schedule, 1, &last);
    return status ? status : itp_schedule_time_of_u(schedule, within(u, first.u, last.u), t);
}

static int find(const run *r, int32_t kind, double moment, view *v)
{
    double low = r->u ? r->u[0] : 0, high = r->u ? r->u[r->times - 1] : 1;
    v->schedule = kind == OWN_VIEW ? r->schedule : NULL;
    v->point = (itp_schedule_point)ITP_SCHEDULE_POINT_INIT;
    int status = ITP_OK;
    if (v->schedule) {
        status = time_of(v->schedule, low, &low);
        status = status ? status : time_of(v->schedule, high, &high);
    }
    v->t = within(moment, low, high);
    if (status || !v->schedule) {
        v->point.u = v->t;
        v->point.alpha = 1 - v->t;
        v->point.beta = v->t;
        return status;
    }
    return itp_schedule_eval(v->schedule, v->t, &v->point);
}

const float *PLAYGROUND(view_particles)(run *r, int32_t kind, double moment)
{
    view v;
    if (!r->path || find(r, kind, moment, &v) || itp_path_at(r->path, v.schedule, v.t, r->shown)) {
        return NULL;
    }
    return r->shown;
}

int PLAYGROUND(view_moment)(const run *r, int32_t kind, double moment, double *out)
{
    view v;
    int status = find(r, kind, moment, &v);
    out[0] = v.t;
    out[1] = v.point.u;
    out[2] = v.point.alpha;
    out[3] = v.point.beta;
    return status;
}

void PLAYGROUND(view_plan)(const run *r, int32_t *out)
{
    out[0] = r->info.rows;
    out[1] = r->info.steps;
    out[2] = r->info.slots;
    out[3] = r->info.normals;
    out[4] = r->times;
}

enum { ROW_HEAD = 8 };

int32_t PLAYGROUND(view_row)(const run *r, int32_t i, double *out, int32_t capacity)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    if (capacity < ROW_HEAD || itp_plan_get_row(r->plan, i, &row)) {
        return 0;
    }
    double normals = 0, square = 0;
    int32_t used = ROW_HEAD;
    for (int32_t j = 0; j < row.term_count; j++) {
        const itp_term *term = &row.terms[j];
        if (term->column == ITP_COLUMN_NORMAL) {
            normals++;
            square += term->coef * term->coef;
        } else if (used + 3 <= capacity) {
            out[used++] = term->column;
            out[used++] = term->index;
            out[used++] = term->coef;
        }
    }
    const double head[ROW_HEAD] = {row.u,          row.t,           row.time, row.keep,
                                   row.keep_state, row.keep_output, normals,  sqrt(square)};
    for (int j = 0; j < ROW_HEAD; j++) {
        out[j] = head[j];
    }
    return used;
}

char *PLAYGROUND(view_text)(const run *r)
{
    size_t needed = 0;
    itp_plan_format(r->plan, NULL, 0, &needed);
    char *text = malloc(needed + 1);
    if (text) {
        text[0] = 0;
        itp_plan_format(r->plan, text, needed, &needed);
    }
    return text;
}

float *PLAYGROUND(view_data)(int32_t kind, double seed, int32_t count)
{
    shape s;
    float *x = malloc((size_t)count * 2 * sizeof *x);
    shape_make(kind, &s);
    if (x) {
        shape_sample(&s, (uint64_t)seed, x, count);
    }
    return x;
}
