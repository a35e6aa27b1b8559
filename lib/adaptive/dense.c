/* States between the ends of a step: the cubic that has the states and the slopes of the last accepted step at its
 * ends, and for the pairs of order 5 their own interpolant of order 4, which is that cubic
 * + a^2 (1 - a)^2 h sum d slope, 0 <= a <= 1. */
#include "adaptive/adaptive.h"

void itp_walker_bend(const itp_adaptive *run, itp_walker *walker)
{
    const itp_rk_tableau *pair = itp_walker_pair(run, walker);
    itp_column columns[ITP_WALKER_SLOPES];
    int32_t count = 0;
    for (; pair->bend && count <= pair->stages; count++) {
        columns[count] = (itp_column){walker->slope[count], pair->bend[count]};
    }
    itp_adaptive_sum(run, columns, count, walker->completed.bend);
}

int itp_walker_outside(const itp_adaptive *run, const itp_walker *walker, double t)
{
    return !(run->direction * (t - walker->completed.t) >= 0 && run->direction * (walker->t - t) >= 0);
}

/* The node at t, with its time by the schedule that the step went along. */
static int locate(const itp_adaptive *run, const itp_walker *walker, double t, itp_node *out)
{
    if (t == walker->t || t == walker->completed.t) {
        *out = t == walker->t ? walker->at : walker->completed.from;
        return ITP_OK;
    }
    int status = itp_node_at(run->sampling, t, out);
    out->t = walker->landing.begun ? out->u : t;
    return status;
}

int itp_walker_interpolate(const itp_adaptive *run, const itp_walker *walker, double t, void *out)
{
    itp_node node;
    double factor = 0;
    int status = locate(run, walker, t, &node);
    status = status ? status : itp_adaptive_to_network(run, itp_walker_along(run, walker), &node, &factor);
    if (status) {
        return status;
    }
    double h = walker->at.t - walker->completed.from.t, a = (node.t - walker->completed.from.t) / h, b = 1 - a;
    itp_column columns[5] = {{walker->completed.x, b * b * (1 + 2 * a)},
                             {walker->x, a * a * (3 - 2 * a)},
                             {walker->completed.slope, h * a * b * b},
                             {walker->slope[walker->completed.end_slope], -h * a * a * b},
                             {walker->completed.bend, h * a * a * b * b}};
    itp_adaptive_sum(run, columns, 5, walker->scratch);
    itp_adaptive_store(run, factor, walker->scratch, out);
    return ITP_OK;
}

void itp_walker_outputs(const itp_adaptive *run, itp_walker *walker)
{
    size_t sample = itp_adaptive_number(run, walker), bytes = itp_adaptive_bytes(run);
    for (; walker->output < run->output_count && !itp_walker_outside(run, walker, run->output_times[walker->output]);
         walker->output++) {
        size_t place = (size_t)walker->output * run->sampler->batch.count + sample;
        unsigned char *to = run->output_states + place * bytes;
        if (itp_walker_interpolate(run, walker, run->output_times[walker->output], to)) {
            itp_adaptive_fail(walker, ITP_E_SINGULAR, "an output time has no state");
            return;
        }
    }
}
