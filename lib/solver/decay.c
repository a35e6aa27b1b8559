#include "solver/decay.h"

#include <math.h>

#include "base/panels.h"
#include "solver/along.h"

/* From here on a step from u = 0 is not to be told from one that begins there. */
static const double FAR = 690;

typedef struct rate {
    itp_solving *solving;
    int32_t by;
} rate;

static double rate_at(void *user, double x)
{
    const rate *of = user;
    return itp_decay_rate(of->solving, of->by, x);
}

static int fill(itp_solving *solving, int32_t by, double from, double to)
{
    rate of = {solving, by};
    int status = ITP_OK;
    itp_panels_begin(&solving->panels, &solving->rows.memory);
    itp_allow_calls(solving);
    while (from < to && !status) {
        double end = by == ITP_BY_TIME ? itp_next_knot(solving->diffusion->schedule, from, to) : to;
        status = itp_panels_add(&solving->panels, rate_at, &of, from, end, &solving->calls);
        from = end;
    }
    itp_panels_finish(&solving->panels);
    return status;
}

static int same(const itp_node *a, const itp_station *b)
{
    return a->u == b->u && a->w == b->w;
}

/* From where a step is integrated, and along what. */
static double beginning(itp_solving *solving, itp_station *a, itp_station *b)
{
    int from_zero = a->u == 0, endless = from_zero && isinf(itp_k_of(solving, a).k_u);
    int32_t by = itp_goes_by_time(solving->diffusion) ? ITP_BY_TIME : from_zero ? ITP_BY_LOG_W : ITP_BY_LAMBDA;
    solving->panels_by = endless ? ITP_BY_LAMBDA : by;
    itp_node from = itp_station_node(a);
    return endless ? itp_station_lambda(b) - FAR : itp_argument(solving, by, &from);
}

static int is_tabulated(const itp_solving *solving, const itp_station *a, const itp_station *b)
{
    return solving->tabulated && solving->panels_share == solving->k_left_out && same(&solving->panels_from, a) &&
           same(&solving->panels_to, b);
}

/* Tabulates the step, unless it is the one that was tabulated last. 0 where there is nothing to tabulate. */
static int tabulate(itp_solving *solving, itp_station *a, itp_station *b)
{
    if (solving->status || b->w == 0) {
        return 0;
    }
    if (!is_tabulated(solving, a, b)) {
        solving->panels_from = itp_station_node(a);
        solving->panels_to = itp_station_node(b);
        solving->panels_share = solving->k_left_out;
        double from = beginning(solving, a, b), to = itp_argument(solving, solving->panels_by, &solving->panels_to);
        itp_keep_status(solving, solving->status ? solving->status : fill(solving, solving->panels_by, from, to));
        solving->tabulated = !solving->status;
    }
    return solving->tabulated;
}

/* 1 where the decay from u = 0 is infinite: k does not go to 0 there, as sqrt(u) does with its infinite slope. */
static int never_ends(itp_solving *solving, itp_station *a, itp_station *b)
{
    itp_k_at k = itp_k_of(solving, a), near = k, nearer = k;
    if (!isinf(k.k_u) || k.k > 0) {
        return isinf(k.k_u);
    }
    itp_node half = itp_node_at_lambda(itp_station_lambda(b) - FAR / 2),
             far = itp_node_at_lambda(itp_station_lambda(b) - FAR);
    int known = !itp_diffusion_at(solving->diffusion, half.u, half.w, &near) &&
                !itp_diffusion_at(solving->diffusion, far.u, far.w, &nearer);
    return !known || (nearer.k > 0 && nearer.k > near.k / 2);
}

static double constant_decay(const itp_solving *solving, double u, double w, const itp_station *b)
{
    double k = itp_constant_k(solving);
    return k > 0 ? k * (log(b->u / u) + log(w / b->w)) : 0;
}

double itp_decay(itp_solving *solving, itp_station *a, itp_station *b)
{
    if (itp_diffusion_is_constant(solving->diffusion)) {
        return constant_decay(solving, a->u, a->w, b);
    }
    if (b->w == 0 || (a->u == 0 && never_ends(solving, a, b))) {
        return INFINITY;
    }
    return tabulate(solving, a, b) ? solving->panels.total : 0;
}

double itp_decay_from(itp_solving *solving, itp_station *a, itp_station *b, const itp_node *at)
{
    if (itp_diffusion_is_constant(solving->diffusion)) {
        return constant_decay(solving, at->u, at->w, b);
    }
    int known = tabulate(solving, a, b);
    return known ? itp_panels_from(&solving->panels, itp_argument(solving, solving->panels_by, at)) : 0;
}

/* The last argument from which the integral to the end has a value that is less than the whole. */
static double argument_from(const itp_panels *panels, double value)
{
    double low = panels->list[0].from, high = panels->list[panels->count - 1].to, middle = low + (high - low) / 2;
    while (middle > low && middle < high) {
        *(itp_panels_from(panels, middle) >= value ? &low : &high) = middle;
        middle = low + (high - low) / 2;
    }
    return low;
}

itp_node itp_decay_begin(itp_solving *solving, itp_station *a, itp_station *b, double most)
{
    if (itp_diffusion_is_constant(solving->diffusion)) {
        double lambda = itp_station_lambda(b) - most / itp_constant_k(solving);
        return lambda > itp_station_lambda(a) ? itp_node_at_lambda(lambda) : itp_station_node(a);
    }
    const itp_panels *panels = &solving->panels;
    if (!tabulate(solving, a, b) || !(panels->total > most)) {
        return itp_station_node(a);
    }
    return itp_passing_at(solving, solving->panels_by, argument_from(panels, most)).node;
}

/* A part of a panel, with lambda and K to the end of the step at both ends. */
typedef struct part {
    double from, to, lambda_from, lambda_to, K_from, K_to;
} part;

typedef struct visiting {
    itp_solving *solving;
    const itp_panel *panel;
    itp_visit_fn visit;
    void *user;
    double end; /* lambda of b */
} visiting;

/* (1 + k) dlambda = dlambda + dK. */
static void visit_part(const visiting *of, const part *p)
{
    double middle = (p->from + p->to) / 2, half = (p->to - p->from) / 2;
    for (int i = 0; i < ITP_PANEL_POINTS; i++) {
        double x = middle + half * itp_gauss_point[i];
        itp_passing at = itp_passing_at(of->solving, of->solving->panels_by, x);
        double change = at.slope + itp_panel_at(of->panel, x);
        of->visit(of->user, at.lambda,
                  itp_gauss_weight[i] * half * change * exp(at.lambda - of->end - itp_panel_from(of->panel, x)));
    }
}

/* Halves a part until its weight changes by no more than e^2, leaving out what is nothing against the whole. */
static void halve(const visiting *of, part p)
{
    part stack[64];
    int depth = 0;
    stack[depth++] = p;
    while (depth > 0) {
        p = stack[--depth];
        if (p.lambda_to - of->end - p.K_to < -50) {
            continue;
        }
        double x = p.from + (p.to - p.from) / 2;
        if (p.lambda_to - p.lambda_from + p.K_from - p.K_to <= 2 || depth > 60 || !(x > p.from && x < p.to)) {
            visit_part(of, &p);
            continue;
        }
        double lambda = itp_passing_at(of->solving, of->solving->panels_by, x).lambda, K = itp_panel_from(of->panel, x);
        stack[depth++] = (part){p.from, x, p.lambda_from, lambda, p.K_from, K};
        stack[depth++] = (part){x, p.to, lambda, p.lambda_to, K, p.K_to};
    }
}

void itp_decay_visit(itp_solving *solving, itp_station *a, itp_station *b, itp_visit_fn visit, void *user)
{
    if (!tabulate(solving, a, b)) {
        return;
    }
    visiting of = {solving, NULL, visit, user, itp_station_lambda(b)};
    for (int32_t i = solving->panels.count - 1; i >= 0; i--) {
        const itp_panel *panel = of.panel = &solving->panels.list[i];
        part p = {panel->from,
                  panel->to,
                  itp_passing_at(solving, solving->panels_by, panel->from).lambda,
                  itp_passing_at(solving, solving->panels_by, panel->to).lambda,
                  itp_panel_from(panel, panel->from),
                  panel->after};
        halve(&of, p);
    }
}
