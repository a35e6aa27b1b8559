/* A fine run through a plan's own nodes. The network is asked about the state at each of them, so that the states are
 * copied out of the requests. */
#include "fit/waypoints.h"

#include <math.h>
#include <string.h>

enum { PLAIN_ROWS = 64, LEAST_ROWS = 32 };

/* The place of a sample among those in use. */
static size_t place(const itp_fitting *fit, size_t sample)
{
    return sample < fit->fitted ? sample : fit->use_fitted + (sample - fit->fitted);
}

unsigned char *itp_waypoint(const itp_waypoints *way, int32_t row, size_t sample)
{
    const itp_fitting *fit = way->fit;
    return way->states + ((size_t)row * way->samples + place(fit, sample)) * fit->desc.dim * fit->element;
}

/* Copies the states of a request that is about to be handed out, where it is at a node. */
static void copy_states(const itp_waypoints *way)
{
    const itp_fitting *fit = way->fit;
    const itp_request *request = &fit->request;
    size_t sample = (size_t)(request->first - fit->desc.first);
    for (int32_t i = 0; i + 1 < fit->rows; i++) {
        if (way->rows[i] == request->row) {
            memcpy(itp_waypoint(way, i, sample), request->x, request->count * request->dim * fit->element);
        }
    }
}

/* ---- the fine plan ---- */

/* u = sin^2 of a quarter turn times this. */
static double phase(const itp_fitting *fit, double u)
{
    double first = fit->plan->info.u_start, share = (u - first) / (fit->u_last - first);
    return asin(sqrt(fmin(fmax(share, 0), 1))) / asin(1);
}

/* A quarter as fine as the library's reference: rows are far less exact than that. */
static int32_t fine_rows(const itp_fitting *fit)
{
    int32_t known = fit->expert.reference ? 0 : fit->report.reference_rows;
    return !known ? PLAIN_ROWS : known / 4 > LEAST_ROWS ? known / 4 : LEAST_ROWS;
}

/* The most nodes that the fine plan may have, whatever the reference turns out to need. */
static size_t most_nodes(const itp_fitting *fit)
{
    int32_t quarter = fit->desc.reference_rows / 4;
    return (size_t)(quarter > PLAIN_ROWS ? quarter : PLAIN_ROWS) + (size_t)fit->rows + 2;
}

/* Nodes from `from` on, without `to`. */
static int32_t fill_gap(const itp_fitting *fit, double from, double to, double *nodes)
{
    double first = fit->plan->info.u_start, a = phase(fit, from), b = phase(fit, to);
    int32_t steps = (int32_t)ceil((b - a) * fine_rows(fit) - 1e-9);
    steps = steps > 1 ? steps : 1;
    for (int32_t k = 0; k < steps; k++) {
        double wave = sin(asin(1) * (a + (b - a) * k / steps));
        nodes[k] = k ? first + (fit->u_last - first) * wave * wave : from;
    }
    return steps;
}

/* Each gap between two of the plan's nodes gets its share of the fine steps, rounded up. */
static int32_t fill(const itp_fitting *fit, const double *u, double *nodes)
{
    double from = fit->plan->info.u_start;
    int32_t count = 0;
    for (int32_t i = 1; i <= fit->rows; i++) {
        double to = i < fit->rows ? u[i] : fit->u_last;
        count += to > from + ITP_FIT_SAME ? fill_gap(fit, from, to, nodes + count) : 0;
        from = to;
    }
    nodes[count++] = from;
    if (fit->u_last < fit->plan->info.u_end) {
        nodes[count++] = fit->plan->info.u_end;
    }
    return count;
}

/* Solvers with stages may ask about the end of a step twice: the next step's first stage comes last. */
static int find_rows(const itp_waypoints *way)
{
    const itp_plan *plan = way->plan;
    for (int32_t i = 0; i + 1 < way->fit->rows; i++) {
        way->rows[i] = -1;
        for (int32_t row = 0; row < plan->info.rows; row++) {
            if (fabs(plan->rows[row].u - way->u[i + 1]) < 1e-9) {
                way->rows[i] = row;
            }
        }
        if (way->rows[i] < 0) {
            return ITP_E_UNSUPPORTED;
        }
    }
    return ITP_OK;
}

/* ---- runs ---- */

static void begin_part(itp_waypoints *way, int held_out)
{
    itp_fit_span span = itp_fit_span_in_use(way->fit, held_out ? ITP_FIT_HELD_OUT : ITP_FIT_FITTED);
    way->held_out = held_out;
    itp_fine_begin(&way->run, way->plan, span, itp_waypoint(way, way->fit->rows - 1, span.first));
}

int itp_waypoints_begin(itp_waypoints *way, const double *u)
{
    itp_fine_end(&way->run);
    itp_plan_free(way->plan);
    way->plan = NULL;
    way->u = u;
    int status = itp_fine_plan(way->fit, way->nodes, fill(way->fit, u, way->nodes), &way->plan);
    status = status ? status : find_rows(way);
    if (status) {
        return status;
    }
    begin_part(way, 0);
    return ITP_OK;
}

int itp_waypoints_advance(itp_waypoints *way)
{
    int status = itp_fine_advance(&way->run);
    if (!status && !way->held_out) {
        begin_part(way, 1);
        status = itp_fine_advance(&way->run);
    }
    if (status == ITP_EVALUATE) {
        copy_states(way);
    }
    return status;
}

static size_t elements(const itp_waypoints *way)
{
    return (size_t)way->fit->rows * way->samples * way->fit->desc.dim;
}

int itp_waypoints_new(itp_fitting *fit, itp_waypoints *out)
{
    itp_waypoints way = {.fit = fit, .samples = fit->use_fitted + fit->use_held_out, .node_count = most_nodes(fit)};
    size_t rows = (size_t)fit->rows;
    int fits = way.samples <= SIZE_MAX / rows / fit->desc.dim;
    way.run.fit = fit;
    way.states = fits ? itp_memory_array(&fit->memory, elements(&way), fit->element) : NULL;
    way.rows = itp_memory_array(&fit->memory, rows, sizeof *way.rows);
    way.nodes = itp_memory_array(&fit->memory, way.node_count, sizeof *way.nodes);
    *out = way;
    return way.states && way.rows && way.nodes ? ITP_OK : ITP_E_MEMORY;
}

void itp_waypoints_free(itp_waypoints *way)
{
    if (!way->fit) {
        return;
    }
    const itp_memory *memory = &way->fit->memory;
    itp_fine_end(&way->run);
    itp_plan_free(way->plan);
    itp_memory_free(memory, way->nodes, way->node_count * sizeof *way->nodes);
    itp_memory_free(memory, way->rows, (size_t)way->fit->rows * sizeof *way->rows);
    itp_memory_free(memory, way->states, elements(way) * way->fit->element);
    memset(way, 0, sizeof *way);
}
