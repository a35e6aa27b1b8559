#include "base/panels.h"

#include <math.h>
#include <string.h>

enum { POINTS = ITP_PANEL_POINTS, DEEPEST = 80, SEEN = 2 * POINTS + 3 };

const double itp_gauss_point[POINTS] = {-.9602898564975363, -.7966664774136267, -.5255324099163290, -.1834346424956498,
                                        .1834346424956498,  .5255324099163290,  .7966664774136267,  .9602898564975363};
const double itp_gauss_weight[POINTS] = {.1012285362903763, .2223810344533745, .3137066458778873, .3626837833783620,
                                         .3626837833783620, .3137066458778873, .2223810344533745, .1012285362903763};

void itp_panels_begin(itp_panels *panels, const itp_memory *memory)
{
    panels->memory = *memory;
    panels->count = 0;
    panels->total = 0;
}

void itp_panels_free(itp_panels *panels)
{
    if (panels->list) {
        itp_memory_free(&panels->memory, panels->list, (size_t)panels->capacity * sizeof *panels->list);
    }
    panels->list = NULL;
    panels->capacity = 0;
}

static int grow(itp_panels *panels)
{
    int32_t wider = panels->capacity ? 2 * panels->capacity : 32;
    itp_panel *list = itp_memory_array(&panels->memory, (size_t)wider, sizeof *list);
    if (!list) {
        return ITP_E_MEMORY;
    }
    if (panels->count) {
        memcpy(list, panels->list, (size_t)panels->count * sizeof *list);
    }
    itp_panels_free(panels);
    panels->list = list;
    panels->capacity = wider;
    return ITP_OK;
}

/* P_0 .. P_count-1 at y. */
static void legendre(double y, int count, double *P)
{
    P[0] = 1;
    P[1] = y;
    for (int n = 1; n + 1 < count; n++) {
        P[n + 1] = ((2 * n + 1) * y * P[n] - n * P[n - 1]) / (n + 1);
    }
}

/* A stretch of the function, and its values at the ends and at Gauss's points. */
typedef struct stretch {
    double from, to, f_from, f_to, f[POINTS];
} stretch;

static double point_of(const stretch *s, int i)
{
    return (s->from + s->to) / 2 + (s->to - s->from) / 2 * itp_gauss_point[i];
}

static double integral_of(const stretch *s)
{
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
        sum += itp_gauss_weight[i] * s->f[i];
    }
    return (s->to - s->from) / 2 * sum;
}

/* c_n = (n + 1/2) int f P_n dy. */
static itp_panel panel_of(const stretch *s)
{
    itp_panel out = {s->from, s->to, 0, {0}};
    for (int i = 0; i < POINTS; i++) {
        double P[POINTS];
        legendre(itp_gauss_point[i], POINTS, P);
        for (int n = 0; n < POINTS; n++) {
            out.c[n] += (n + .5) * itp_gauss_weight[i] * s->f[i] * P[n];
        }
    }
    return out;
}

static int append(itp_panels *panels, const stretch *s)
{
    if (!(s->to > s->from)) {
        return ITP_OK;
    }
    if (panels->count == panels->capacity && grow(panels)) {
        return ITP_E_MEMORY;
    }
    itp_panel *last = &panels->list[panels->count++];
    *last = panel_of(s);
    panels->total += integral_of(s);
    return ITP_OK;
}

static double y_of(const itp_panel *panel, double x)
{
    double y = (2 * x - panel->from - panel->to) / (panel->to - panel->from);
    return y > -1 ? fmin(y, 1) : -1;
}

double itp_panel_at(const itp_panel *panel, double x)
{
    double P[POINTS], sum = 0;
    legendre(y_of(panel, x), POINTS, P);
    for (int n = 0; n < POINTS; n++) {
        sum += panel->c[n] * P[n];
    }
    return sum;
}

/* The integral of P_n from y to 1 is (P_n-1 - P_n+1)/(2 n + 1), that of P_0 is 1 - y. */
double itp_panel_from(const itp_panel *panel, double x)
{
    double left = fmin(fmax((panel->to - x) / (panel->to - panel->from), 0), 1), P[POINTS + 1];
    double sum = panel->c[0] * (2 * left);
    legendre(1 - 2 * left, POINTS + 1, P);
    for (int n = 1; n < POINTS; n++) {
        sum += panel->c[n] * (P[n - 1] - P[n + 1]) / (2 * n + 1);
    }
    return panel->after + (panel->to - panel->from) / 2 * sum;
}

void itp_panels_finish(itp_panels *panels)
{
    double after = 0;
    for (int32_t i = panels->count - 1; i >= 0; i--) {
        itp_panel *panel = &panels->list[i];
        panel->after = after;
        after += (panel->to - panel->from) * panel->c[0];
    }
    panels->total = after;
}

double itp_panels_from(const itp_panels *panels, double x)
{
    int32_t low = 0, high = panels->count;
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        *(panels->list[middle].from <= x ? &low : &high) = middle;
    }
    return panels->count ? itp_panel_from(&panels->list[low], x) : 0;
}

/* What is being made panels of: the stretches still to be looked at lie on a stack, the first on top. */
typedef struct filling {
    itp_real_fn f;
    void *user;
    int32_t *calls;
    double scale; /* of the whole integral */
    int depth;
    stretch stack[DEEPEST + 2];
} filling;

static double call(filling *of, double x)
{
    --*of->calls;
    return of->f(of->user, x);
}

static stretch stretch_between(filling *of, double from, double to, double f_from, double f_to)
{
    stretch s = {from, to, f_from, f_to, {0}};
    for (int i = 0; i < POINTS; i++) {
        s.f[i] = call(of, point_of(&s, i));
    }
    return s;
}

/* How much of the integral could hide between the ends and the points next to them. */
static double hidden(const stretch *s)
{
    itp_panel panel = panel_of(s);
    double left = fabs(itp_panel_at(&panel, s->from) - s->f_from), right = fabs(itp_panel_at(&panel, s->to) - s->f_to);
    double all = (isfinite(left) ? left : 0) + (isfinite(right) ? right : 0);
    return all * (s->to - s->from) / 2 * (1 + itp_gauss_point[0]);
}

/* Where a function changes most between two arguments that have been looked at. */
typedef struct gap {
    double low, high, f_low, f_high;
} gap;

static double change(const gap *at)
{
    return fabs(at->f_high - at->f_low);
}

static gap widest(const stretch *left, const stretch *right)
{
    gap at = {left->from, left->from, left->f_from, left->f_from}, most = at;
    for (int i = 0; i < SEEN - 1; i++) {
        const stretch *s = i <= POINTS ? left : right;
        int j = i <= POINTS ? i : i - POINTS - 1;
        double x = j < POINTS ? point_of(s, j) : s->to, value = j < POINTS ? s->f[j] : s->f_to;
        at = (gap){at.high, x, at.f_high, value};
        most = change(&at) > change(&most) ? at : most;
    }
    return most;
}

/* Bisects while the change does not shrink as one of a continuous function would; 1 where there is a jump, whose two
 * sides are then the gap. */
static int jumps(filling *of, gap *at)
{
    double first = change(at);
    while (first > 0 && change(at) > first / 4) {
        double middle = at->low + (at->high - at->low) / 2;
        if (!(middle > at->low && middle < at->high)) {
            return 1;
        }
        double value = call(of, middle);
        int upper = fabs(at->f_high - value) > fabs(value - at->f_low);
        *(upper ? &at->low : &at->high) = middle;
        *(upper ? &at->f_low : &at->f_high) = value;
    }
    return 0;
}

static void push(filling *of, const stretch *s)
{
    of->stack[of->depth++] = *s;
}

static int is_good(const filling *of, const stretch *whole, const stretch *left, const stretch *right)
{
    double error = fabs(integral_of(left) + integral_of(right) - integral_of(whole));
    double bound = 1e-13 * of->scale;
    int stop = *of->calls <= 0 || of->depth + 2 > DEEPEST || !isfinite(error);
    return stop || (error <= bound && hidden(left) + hidden(right) <= bound);
}

/* Takes a stretch, or puts what it is divided into on the stack. */
static int divide(filling *of, itp_panels *out)
{
    stretch whole = of->stack[--of->depth];
    double middle = whole.from + (whole.to - whole.from) / 2, f_middle = call(of, middle);
    stretch left = stretch_between(of, whole.from, middle, whole.f_from, f_middle);
    stretch right = stretch_between(of, middle, whole.to, f_middle, whole.f_to);
    of->scale = fmax(of->scale, fabs(out->total + integral_of(&left) + integral_of(&right)));
    if (!(middle > whole.from) || is_good(of, &whole, &left, &right)) {
        int status = append(out, &left);
        return status ? status : append(out, &right);
    }
    gap at = widest(&left, &right);
    if (jumps(of, &at)) {
        left = stretch_between(of, whole.from, at.low, whole.f_from, at.f_low);
        right = stretch_between(of, at.high, whole.to, at.f_high, whole.f_to);
    }
    push(of, &right);
    push(of, &left);
    return ITP_OK;
}

int itp_panels_add(itp_panels *panels, itp_real_fn f, void *user, double a, double b, int32_t *calls)
{
    filling of = {.f = f, .user = user, .calls = calls};
    int status = ITP_OK;
    if (!(b > a)) {
        return ITP_OK;
    }
    double inset = 0x1p-40 * (b - a); /* f may be infinite at the ends themselves, or jump there */
    stretch whole = stretch_between(&of, a, b, call(&of, a + inset), call(&of, b - inset));
    of.scale = fabs(panels->total + integral_of(&whole));
    push(&of, &whole);
    while (of.depth > 0 && !status) {
        status = divide(&of, panels);
    }
    return status;
}
