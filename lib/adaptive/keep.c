/* Saved states of adaptive runs: every walker's numbers and arrays. */
#include "adaptive/adaptive.h"
#include "base/hash.h"

enum { FINGERPRINTS = 16 };

/* ---- of what numbers ---- */

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

/* Numbers that lie side by side in a walker, from one field to before another. */
static void keep_fields(itp_store *store, itp_walker *walker, size_t from, size_t to)
{
    itp_store_bytes(store, (unsigned char *)walker + from, to - from);
}

/* What its pointers point to. */
typedef struct places {
    int32_t landing, end_slope;
} places;

static places places_of(const itp_adaptive *run, const itp_walker *walker)
{
    places at = {walker->tableau == &itp_tableau_landing, 0};
    for (int32_t i = 0; i < (int32_t)run->slopes; i++) {
        at.end_slope = walker->end_slope == walker->slope[i] ? i : at.end_slope;
    }
    return at;
}

static int is_possible(const itp_adaptive *run, const itp_walker *walker, const places *at)
{
    return walker->status <= ITP_EVALUATE && walker->phase >= ITP_WALK_SLOPE && walker->phase <= ITP_WALK_STAGE &&
           walker->stage >= 0 && walker->stage <= run->pair.stages + 1 && walker->output >= 0 && at->end_slope >= 0 &&
           at->end_slope < (int32_t)run->slopes;
}

static void put_places(const itp_adaptive *run, itp_walker *walker, const places *at, itp_store *store)
{
    if (!is_possible(run, walker, at)) {
        store->wrong = 1;
        return;
    }
    walker->tableau = at->landing ? &itp_tableau_landing : &run->pair;
    walker->along = at->landing ? itp_schedule_linear() : run->sampling;
    walker->end_slope = walker->slope[at->end_slope];
    walker->why = NULL;
    walker->scratch = run->scratch;
}

static void keep_arrays(itp_store *store, const itp_adaptive *run, const itp_walker *walker)
{
    size_t bytes = run->sampler->batch.dim * sizeof(double);
    double *const arrays[] = {walker->x, walker->next, walker->before, walker->before_slope, walker->bend};
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
    itp_node *const nodes[NODES] = {&walker->at, &walker->to, &walker->here, &walker->before_at};
    places at = places_of(run, walker);
    keep_fields(store, walker, offsetof(itp_walker, status), offsetof(itp_walker, output) + sizeof walker->output);
    keep_fields(store, walker, offsetof(itp_walker, t), offsetof(itp_walker, drift) + sizeof walker->drift);
    itp_store_bytes(store, &at.landing, sizeof at.landing);
    itp_store_bytes(store, &at.end_slope, sizeof at.end_slope);
    for (int i = 0; i < NODES; i++) {
        keep_node(store, nodes[i]);
    }
    keep_arrays(store, run, walker);
    if (store->mode == ITP_STORE_READ) {
        put_places(run, walker, &at, store);
    }
}

/* And the starts and results. */
void itp_adaptive_keep(itp_sampler *sampler, itp_store *store)
{
    const itp_adaptive *run = sampler->own;
    itp_store_bytes(store, sampler->x, itp_sampler_bytes(sampler));
    for (size_t i = 0; i < sampler->batch.count; i++) {
        keep_walker(store, run, &run->walkers[i]);
    }
}
