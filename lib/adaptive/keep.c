/* Saved states of adaptive runs: every walker's numbers and arrays. */
#include "adaptive/adaptive.h"
#include "base/hash.h"

enum { FINGERPRINTS = 16 };

/* ---- the fingerprint ---- */

static uint64_t hash_node(uint64_t hash, const itp_node *at)
{
    return itp_hash_real(itp_hash_real(itp_hash_real(hash, at->u), at->w), at->t);
}

/* The flow itself, at some places. */
static uint64_t hash_flow(uint64_t hash, const itp_adaptive *run)
{
    for (int i = 0; i <= FINGERPRINTS; i++) {
        itp_node at;
        itp_drift_at drift = {0};
        double t = run->start.t + (run->end.t - run->start.t) * i / FINGERPRINTS;
        if (!itp_node_at(run->sampling, t, &at) &&
            !itp_drift_scalars(run->sampling, &run->model, &at, itp_no_noise, &drift)) {
            hash = itp_hash_real(itp_hash_real(hash, drift.state), drift.output);
            hash = itp_hash_real(itp_hash_real(hash, drift.to_network), drift.time);
        }
    }
    return hash;
}

uint64_t itp_adaptive_fingerprint(const itp_sampler *sampler)
{
    const itp_adaptive *run = sampler->own;
    const itp_adaptive_desc *d = &run->desc;
    const double *c = d->controller;
    const double numbers[] = {d->rtol, d->atol, d->first_step, d->min_step, d->max_step, c[0],
                              c[1],    c[2],    d->safety,     d->shrink,   d->grow};
    const itp_rk_tableau *pair = &run->pair;
    uint64_t hash = itp_hash_two(ITP_HASH_EMPTY, pair->stages, d->max_evaluations);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        hash = itp_hash_real(hash, numbers[i]);
    }
    for (int32_t i = 0; i < pair->stages; i++) {
        hash = itp_hash_real(itp_hash_real(hash, pair->b[i]), pair->embedded[i]);
    }
    for (int32_t i = 0; i < pair->stages * pair->stages; i++) {
        hash = itp_hash_real(hash, pair->a[i]);
    }
    return hash_flow(hash_node(hash_node(hash, &run->start), &run->end), run);
}

/* ---- the state ---- */

static void keep_node(itp_store *store, itp_node *at)
{
    itp_store_bytes(store, &at->u, sizeof at->u);
    itp_store_bytes(store, &at->w, sizeof at->w);
    itp_store_bytes(store, &at->t, sizeof at->t);
    itp_store_bytes(store, &at->beyond, sizeof at->beyond);
}

static void keep_counts(itp_store *store, itp_walker *walker)
{
    int32_t *const counts[] = {&walker->status,
                               &walker->phase,
                               &walker->step.stage,
                               &walker->counts.accepted,
                               &walker->counts.rejected,
                               &walker->counts.evaluations,
                               &walker->control.was_rejected,
                               &walker->step.last,
                               &walker->stepped,
                               &walker->output};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        itp_store_bytes(store, counts[i], sizeof *counts[i]);
    }
}

static void keep_numbers(itp_store *store, itp_walker *walker)
{
    itp_walker_control *control = &walker->control;
    itp_walker_step *step = &walker->step;
    itp_walker_landing *landing = &walker->landing;
    double *const numbers[] = {&walker->t,          &control->h,        &step->length,     &landing->reach,
                               &landing->length,    &landing->error,    &step->scale,      &step->to_scale,
                               &control->error[0],  &control->error[1], &control->norm[0], &control->norm[1],
                               &walker->completed.t};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        itp_store_bytes(store, numbers[i], sizeof *numbers[i]);
    }
    itp_store_bytes(store, &walker->evaluation.drift, sizeof walker->evaluation.drift);
}

static int is_possible(const itp_adaptive *run, const itp_walker *walker)
{
    int32_t end_slope = walker->completed.end_slope, stage = walker->step.stage;
    return walker->status <= ITP_EVALUATE && walker->phase >= ITP_WALK_SLOPE && walker->phase <= ITP_WALK_STAGE &&
           stage >= 0 && stage <= run->pair.stages + 1 && walker->output >= 0 && end_slope >= 0 &&
           end_slope < (int32_t)run->slopes;
}

/* The numbers of a state that was read may be any. */
static void check_walker(const itp_adaptive *run, itp_walker *walker, itp_store *store)
{
    if (!is_possible(run, walker)) {
        store->wrong = 1;
        walker->completed.end_slope = 0;
        return;
    }
    walker->landing.begun = walker->landing.begun != 0;
    walker->why = NULL;
    walker->scratch = run->scratch;
}

static void keep_arrays(itp_store *store, const itp_adaptive *run, const itp_walker *walker)
{
    size_t bytes = run->sampler->batch.dim * sizeof(double);
    double *const arrays[] = {walker->x, walker->next, walker->completed.x, walker->completed.slope,
                              walker->completed.bend};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        itp_store_bytes(store, arrays[i], bytes);
    }
    for (size_t i = 0; i < run->slopes; i++) {
        itp_store_bytes(store, walker->slope[i], bytes);
    }
}

static void keep_walker(itp_store *store, const itp_adaptive *run, itp_walker *walker)
{
    enum { NODES = 4 };
    itp_node *const nodes[NODES] = {&walker->at, &walker->step.to, &walker->evaluation.at, &walker->completed.from};
    keep_counts(store, walker);
    keep_numbers(store, walker);
    itp_store_bytes(store, &walker->landing.begun, sizeof walker->landing.begun);
    itp_store_bytes(store, &walker->completed.end_slope, sizeof walker->completed.end_slope);
    for (int i = 0; i < NODES; i++) {
        keep_node(store, nodes[i]);
    }
    keep_arrays(store, run, walker);
    if (store->mode == ITP_STORE_READ) {
        check_walker(run, walker, store);
    }
}

/* The starts and results, and all walkers. */
void itp_adaptive_keep(itp_sampler *sampler, itp_store *store)
{
    const itp_adaptive *run = sampler->own;
    itp_store_bytes(store, sampler->x, itp_sampler_bytes(sampler));
    for (size_t i = 0; i < sampler->batch.count; i++) {
        keep_walker(store, run, &run->walkers[i]);
    }
}
