/* A fine run through a plan's own nodes. The network is asked for the state at each of them, so a look at the requests
 * is all that it takes. */
#include "fit/waypoints.h"

#include <math.h>
#include <string.h>

enum { PLAIN_ROWS = 64, LEAST_ROWS = 32 };

/* A sample in use as its place among them. */
static size_t place(const itp_fitting *fit, size_t sample)
{
    return sample < fit->fitted ? sample : fit->use_fitted + (sample - fit->fitted);
}

unsigned char *itp_waypoint(const itp_waypoints *way, int32_t row, size_t sample)
{
    const itp_fitting *fit = way->fit;
    return way->states + ((size_t)row * way->samples + place(fit, sample)) * fit->desc.dim * fit->element;
}

static int ITP_CALL watch(void *waypoints, const itp_request *request)
{
    const itp_waypoints *way = waypoints;
    itp_fitting *fit = way->fit;
    size_t sample = (size_t)(request->first - fit->desc.first);
    for (int32_t i = 0; i + 1 < fit->rows; i++) {
        if (way->rows[i] == request->row) {
            memcpy(itp_waypoint(way, i, sample), request->x, request->count * request->dim * fit->element);
        }
    }
    return itp_fitting_count(fit, request);
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
    int32_t known = fit->desc.reference ? 0 : fit->report.reference_rows;
    return !known ? PLAIN_ROWS : known / 4 > LEAST_ROWS ? known / 4 : LEAST_ROWS;
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

/* Between two of the plan's nodes its share of the steps, rounded up. */
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
static int find_rows(const itp_waypoints *way, const itp_plan *plan)
{
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

static int make(const itp_waypoints *way, itp_plan **plan)
{
    const itp_fitting *fit = way->fit;
    size_t room = (size_t)fine_rows(fit) + (size_t)fit->rows + 2;
    double *nodes = itp_memory_array(&fit->memory, room, sizeof *nodes);
    int status = nodes ? itp_fitting_fine_plan(fit, nodes, fill(fit, way->u, nodes), plan) : ITP_E_MEMORY;
    status = status ? status : find_rows(way, *plan);
    itp_memory_free(&fit->memory, nodes, room * sizeof *nodes);
    return status;
}

/* ---- runs ---- */

static int run_range(itp_waypoints *way, const itp_plan *plan, size_t first, size_t end)
{
    itp_fitting *fit = way->fit;
    int status = ITP_OK;
    for (size_t i = first; i < end && !status; i += fit->batch) {
        size_t count = end - i < fit->batch ? end - i : fit->batch;
        status = itp_fitting_sample(fit, plan, i, count, watch, way, itp_waypoint(way, fit->rows - 1, i));
    }
    return status;
}

static size_t elements(const itp_waypoints *way)
{
    return (size_t)way->fit->rows * way->samples * way->fit->desc.dim;
}

int itp_waypoints_new(itp_fitting *fit, const double *u, itp_waypoints *out)
{
    itp_waypoints way = {.fit = fit, .u = u, .samples = fit->use_fitted + fit->use_held_out};
    itp_plan *plan = NULL;
    size_t rows = (size_t)fit->rows;
    int fits = way.samples <= SIZE_MAX / rows / fit->desc.dim;
    way.states = fits ? itp_memory_array(&fit->memory, elements(&way), fit->element) : NULL;
    way.rows = itp_memory_array(&fit->memory, rows, sizeof *way.rows);
    int status = way.states && way.rows ? make(&way, &plan) : ITP_E_MEMORY;
    status = status ? status : run_range(&way, plan, 0, fit->use_fitted);
    status = status ? status : run_range(&way, plan, fit->fitted, fit->fitted + fit->use_held_out);
    itp_plan_free(plan);
    *out = way;
    if (status) {
        itp_waypoints_free(out);
    }
    return status;
}

void itp_waypoints_free(itp_waypoints *way)
{
    const itp_memory *memory = &way->fit->memory;
    itp_memory_free(memory, way->states, elements(way) * way->fit->element);
    itp_memory_free(memory, way->rows, (size_t)way->fit->rows * sizeof *way->rows);
    way->states = NULL;
    way->rows = NULL;
}
