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

/* A stretch of the function: its values at the ends and at Gauss's points, and the panel that these make. */
typedef struct stretch {
    itp_panel panel;
    double f_from, f_to, f[POINTS];
} stretch;

static double point_of(const itp_panel *panel, int i)
{
    return (panel->from + panel->to) / 2 + (panel->to - panel->from) / 2 * itp_gauss_point[i];
}

static double integral_of(const itp_panel *panel)
{
    return (panel->to - panel->from) * panel->c[0];
}

static int append(itp_panels *panels, const itp_panel *panel)
{
    if (!(panel->to > panel->from)) {
        return ITP_OK;
    }
    if (panels->count == panels->capacity && grow(panels)) {
        return ITP_E_MEMORY;
    }
    panels->list[panels->count++] = *panel;
    panels->total += integral_of(panel);
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
        after += integral_of(panel);
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

/* The division of a function into panels: stretches that are not done yet lie on a stack, the first on top. */
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

/* c_n = (n + 1/2) int f P_n dy. */
static void look(filling *of, stretch *s, double from, double to)
{
    s->panel = (itp_panel){from, to, 0, {0}};
    for (int i = 0; i < POINTS; i++) {
        double P[POINTS];
        s->f[i] = call(of, point_of(&s->panel, i));
        legendre(itp_gauss_point[i], POINTS, P);
        for (int n = 0; n < POINTS; n++) {
            s->panel.c[n] += (n + .5) * itp_gauss_weight[i] * s->f[i] * P[n];
        }
    }
}

/* How much of the integral could hide between the ends and the points next to them. */
static double hidden(const stretch *s)
{
    double sum = 0;
    for (int side = 0; side < 2; side++) {
        double missed =
            fabs(itp_panel_at(&s->panel, side ? s->panel.to : s->panel.from) - (side ? s->f_to : s->f_from));
        sum += isfinite(missed) ? missed : 0;
    }
    return sum * (s->panel.to - s->panel.from) / 2 * (1 + itp_gauss_point[0]);
}

/* Between which two of the arguments evaluated the function changes most. */
typedef struct gap {
    double low, high, f_low, f_high;
} gap;

static double change(const gap *at)
{
    return fabs(at->f_high - at->f_low);
}

static gap widest(const stretch *pair)
{
    gap at = {pair->panel.from, pair->panel.from, pair->f_from, pair->f_from}, most = at;
    for (int i = 0; i < SEEN - 1; i++) {
        const stretch *s = &pair[i / (POINTS + 1)];
        int j = i % (POINTS + 1);
        double x = j < POINTS ? point_of(&s->panel, j) : s->panel.to, value = j < POINTS ? s->f[j] : s->f_to;
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

static int is_good(const filling *of, const stretch *whole, const stretch *pair)
{
    double halves = integral_of(&pair[0].panel) + integral_of(&pair[1].panel);
    double error = fabs(halves - integral_of(&whole->panel)), bound = 1e-13 * of->scale;
    int stop = *of->calls <= 0 || of->depth + 2 > DEEPEST || !isfinite(error);
    return stop || (error <= bound && hidden(&pair[0]) + hidden(&pair[1]) <= bound);
}

/* Takes a stretch, or puts what it is divided into on the stack, the first on top. */
static int divide(filling *of, itp_panels *out)
{
    stretch whole = of->stack[--of->depth], pair[2] = {whole, whole};
    double from = whole.panel.from, to = whole.panel.to, middle = from + (to - from) / 2;
    pair[0].f_to = pair[1].f_from = call(of, middle);
    look(of, &pair[0], from, middle);
    look(of, &pair[1], middle, to);
    of->scale = fmax(of->scale, fabs(out->total + integral_of(&pair[0].panel) + integral_of(&pair[1].panel)));
    if (!(middle > from) || is_good(of, &whole, pair)) {
        int status = append(out, &pair[0].panel);
        return status ? status : append(out, &pair[1].panel);
    }
    gap at = widest(pair);
    if (jumps(of, &at)) {
        pair[0].f_to = at.f_low;
        pair[1].f_from = at.f_high;
        look(of, &pair[0], from, at.low);
        look(of, &pair[1], at.high, to);
    }
    of->stack[of->depth++] = pair[1];
    of->stack[of->depth++] = pair[0];
    return ITP_OK;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the filling */
int itp_panels_add(itp_panels *panels, itp_real_fn f, void *user, double a, double b, int32_t *calls)
{
    filling of = {.f = f, .user = user, .calls = calls, .depth = 1};
    double inset = 0x1p-40 * (b - a); /* f may be infinite at the ends themselves, or jump there */
    int status = ITP_OK;
    if (!(b > a)) {
        return ITP_OK;
    }
    of.stack[0].f_from = call(&of, a + inset);
    of.stack[0].f_to = call(&of, b - inset);
    look(&of, &of.stack[0], a, b);
    of.scale = fabs(panels->total + integral_of(&of.stack[0].panel));
    while (of.depth > 0 && !status) {
        status = divide(&of, panels);
    }
    return status;
}
