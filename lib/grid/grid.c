#include "grid/grid.h"

#include <math.h>
#include <string.h>

#include "base/float_env.h"
#include "base/named.h"
#include "grid/rules.h"

/* What a grid reads beside the steps: the part of the path, the levels beside its infinite ends. */
enum {
    SPAN = ITP_READS_BUDGET | ITP_READS_START | ITP_READS_END,
    LEVELS = ITP_READS_LOW | ITP_READS_HIGH,
    SAMPLES = ITP_READS_BUDGET | ITP_READS_END
};

typedef struct grid_row {
    int32_t id;
    const char *name;
    int32_t reads; /* ITP_READS_* */
} grid_row;

static const grid_row GRIDS[] = {
    {ITP_GRID_TIME, "time", SPAN},
    {ITP_GRID_U, "u", SPAN},
    {ITP_GRID_LAMBDA, "lambda", SPAN | LEVELS},
    {ITP_GRID_SHIFT, "shift", SPAN | ITP_READS_SHIFT},
    {ITP_GRID_QUADRATIC, "quadratic", SPAN},
    {ITP_GRID_BETA, "beta", SPAN | ITP_READS_BETA},
    {ITP_GRID_KARRAS, "karras", SPAN | LEVELS | ITP_READS_RHO},
    {ITP_GRID_POLY_EXPONENTIAL, "poly-exponential", SPAN | LEVELS | ITP_READS_RHO},
    {ITP_GRID_KL_OPTIMAL, "kl-optimal", SPAN | LEVELS},
    {ITP_GRID_KARRAS_FLOW, "karras-flow", SPAN | ITP_READS_HIGH | ITP_READS_RHO},
    {ITP_GRID_EXPONENTIAL_FLOW, "exponential-flow", SPAN | ITP_READS_HIGH},
    {ITP_GRID_BETA_FLOW, "beta-flow", SPAN | ITP_READS_HIGH | ITP_READS_BETA},
    {ITP_GRID_LINSPACE, "linspace", SAMPLES},
    {ITP_GRID_LINSPACE_OPEN, "linspace-open", SAMPLES},
    {ITP_GRID_LEADING, "leading", SAMPLES | ITP_READS_OFFSET},
    {ITP_GRID_LEADING_OPEN, "leading-open", SAMPLES | ITP_READS_OFFSET},
    {ITP_GRID_TRAILING, "trailing", SAMPLES},
    {ITP_GRID_SIMPLE, "simple", SAMPLES},
    {ITP_GRID_SGM_UNIFORM, "sgm-uniform", SAMPLES},
    {ITP_GRID_NORMAL, "normal", SAMPLES},
    {ITP_GRID_AYS_SD15, "ays-sd15", SPAN},
    {ITP_GRID_AYS_SDXL, "ays-sdxl", SPAN},
    {ITP_GRID_AYS_DEEPFLOYD, "ays-deepfloyd", SPAN},
    {ITP_GRID_AYS_SVD, "ays-svd", SPAN},
    {ITP_GRID_USER_TIME, "user-time", ITP_READS_NODES},
    {ITP_GRID_USER_U, "user-u", ITP_READS_NODES},
    {ITP_GRID_USER_SIGMA, "user-sigma", ITP_READS_NODES},
};
enum { COUNT = sizeof GRIDS / sizeof GRIDS[0] };

/* Second names: found, but not listed. */
static const itp_label ALIASES[] = {{ITP_GRID_LAMBDA, "exponential"}};
enum { ALIAS_COUNT = sizeof ALIASES / sizeof ALIASES[0] };

int32_t itp_grid_find(const char *name)
{
    for (int32_t i = 0; name && i < COUNT; i++) {
        if (!strcmp(GRIDS[i].name, name)) {
            return GRIDS[i].id;
        }
    }
    return itp_named_find(ALIASES, ALIAS_COUNT, name);
}

static const grid_row *row_of(int32_t id)
{
    for (int32_t i = 0; i < COUNT; i++) {
        if (GRIDS[i].id == id) {
            return &GRIDS[i];
        }
    }
    return NULL;
}

const char *itp_grid_name(int32_t id)
{
    const grid_row *row = row_of(id);
    return row ? row->name : NULL;
}

int32_t itp_grid_reads(int32_t kind)
{
    const grid_row *row = row_of(kind);
    return row ? row->reads : 0;
}

int32_t itp_grid_id(int32_t i)
{
    return i >= 0 && i < COUNT ? GRIDS[i].id : 0;
}

static ITP_APART int shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high,
                                     double mu_high, double *shift)
{
    if (!shift) {
        return ITP_E_ARGUMENT;
    }
    double value = exp(mu_low + (mu_high - mu_low) * ((tokens - tokens_low) / (tokens_high - tokens_low)));
    if (tokens_low == tokens_high || !isfinite(tokens) || !(value > 0 && isfinite(value))) {
        return ITP_E_RANGE;
    }
    *shift = value;
    return ITP_OK;
}

int itp_shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high, double mu_high,
                        double *shift)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, shift_of_tokens(tokens, tokens_low, mu_low, tokens_high, mu_high, shift));
}

int itp_node_at(const itp_schedule *schedule, double t, itp_node *out)
{
    itp_at at;
    int status = itp_schedule_at(schedule, t, &at);
    out->u = at.u;
    out->w = at.w;
    out->t = t;
    out->beyond = 0;
    return status;
}

/* A schedule that ends before u = 1 is left by one last step to the data; its t then counts as 1. */
static int at_position(const itp_gridding *grid, double u, double w, itp_node *out)
{
    out->u = u;
    out->w = w;
    out->t = 1;
    out->beyond = w == 0 && grid->schedule->w_last > 0;
    if (!(u >= 0 && w >= 0)) {
        return ITP_E_GRID;
    }
    return out->beyond ? ITP_OK : itp_schedule_locate(grid->schedule, u, w, &out->t);
}

static int uniform_time(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    return itp_node_at(grid->schedule, itp_blend(ends[0].t, ends[1].t, (double)i / grid->steps), out);
}

static int uniform_u(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = (double)i / grid->steps;
    return at_position(grid, itp_blend(ends[0].u, ends[1].u, x), itp_blend(ends[0].w, ends[1].w, x), out);
}

/* sigma = 1 - u becomes S sigma/(1 + (S - 1) sigma): r becomes r/S (SD3, 2403.03206). */
static int shifted(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = (double)i / grid->steps, S = grid->shift;
    double u = itp_blend(ends[0].u, ends[1].u, x), w = itp_blend(ends[0].w, ends[1].w, x), norm = u + S * w;
    return at_position(grid, u / norm, S * w / norm, out);
}

static int uniform_lambda(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = itp_grid_span(grid, i, ends);
    double lambda = itp_blend(span.low, span.high, span.x);
    return at_position(grid, 1 / (1 + exp(-lambda)), 1 / (1 + exp(lambda)), out);
}

static int at_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double sigma = itp_grid_sigma(grid, i, ends);
    return at_position(grid, 1 / (1 + sigma), 1 / (1 + 1 / sigma), out);
}

static int at_flow_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double sigma = itp_grid_flow_sigma(grid, i, ends);
    return at_position(grid, 1 - sigma, sigma, out);
}

static int at_time(const itp_gridding *grid, double t, itp_node *out)
{
    return t >= 0 && t <= 1 ? itp_node_at(grid->schedule, t, out) : ITP_E_GRID;
}

static int quadratic(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double root = itp_blend(sqrt(1 - ends[0].t), sqrt(1 - ends[1].t), (double)i / grid->steps);
    return at_time(grid, 1 - root * root, out);
}

static int beta_quantile(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_share share = itp_beta_quantile(grid->beta_a, grid->beta_b, (double)(grid->steps - i) / grid->steps);
    return at_time(grid, ends[0].t + (ends[1].t - ends[0].t) * share.rest, out);
}

static int at_sample(const itp_gridding *grid, int32_t i, itp_node *out)
{
    double last = grid->table->samples - 1, sample = itp_grid_sample(grid, i);
    int status = sample >= 0 && sample <= last ? itp_node_at(grid->table, (last - sample) / last, out) : ITP_E_GRID;
    return status || grid->table == grid->schedule ? status : at_position(grid, out->u, out->w, out);
}

double itp_near_end(double x, int32_t roundings)
{
    double rounding = roundings * 0x1p-52;
    return fabs(x) <= rounding ? 0 : fabs(x - 1) <= rounding ? 1 : x;
}

/* A grid that was computed, by a formula or by adding up, misses the ends by as many roundings as it has nodes: its
 * first and last node are then the ends. (A sigma has only the one at 0.) */
static double user_value(const itp_gridding *grid, int32_t i)
{
    double x = grid->nodes[i], end = itp_near_end(x, grid->steps + 1);
    int outer = i == 0 || i == grid->steps;
    return outer && (end == 0 || grid->kind != ITP_GRID_USER_SIGMA) ? end : x;
}

static int user_node(const itp_gridding *grid, int32_t i, itp_node *out)
{
    double x = user_value(grid, i);
    if (grid->kind == ITP_GRID_USER_SIGMA) {
        return x >= 0 && isfinite(x) ? at_position(grid, 1 / (1 + x), x / (1 + x), out) : ITP_E_GRID;
    }
    if (!(x >= 0 && x <= 1)) {
        return ITP_E_GRID;
    }
    return grid->kind == ITP_GRID_USER_TIME ? itp_node_at(grid->schedule, x, out) : at_position(grid, x, 1 - x, out);
}

static int inner_node(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    switch (grid->kind) {
    case ITP_GRID_TIME: return uniform_time(grid, i, ends, out);
    case ITP_GRID_U: return uniform_u(grid, i, ends, out);
    case ITP_GRID_LAMBDA: return uniform_lambda(grid, i, ends, out);
    case ITP_GRID_SHIFT: return shifted(grid, i, ends, out);
    case ITP_GRID_QUADRATIC: return quadratic(grid, i, ends, out);
    case ITP_GRID_BETA: return beta_quantile(grid, i, ends, out);
    case ITP_GRID_KARRAS_FLOW:
    case ITP_GRID_EXPONENTIAL_FLOW:
    case ITP_GRID_BETA_FLOW: return at_flow_sigma(grid, i, ends, out);
    default: return at_sigma(grid, i, ends, out);
    }
}

static int find_ends(const itp_gridding *grid, itp_node *ends)
{
    int status = at_position(grid, grid->u_start, grid->w_start, &ends[0]);
    return status ? status : at_position(grid, grid->u_end, grid->w_end, &ends[1]);
}

static int is_user(const itp_gridding *grid)
{
    return grid->kind >= ITP_GRID_USER_TIME && grid->kind <= ITP_GRID_USER_SIGMA;
}

/* The ends are the path's own, also where the rule of the grid would miss them by rounding. */
static int node(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    if (is_user(grid)) {
        return user_node(grid, i, out);
    }
    if (itp_grid_counts_samples(grid->kind) && i < grid->steps) {
        return at_sample(grid, i, out);
    }
    if (i == 0 || i == grid->steps) {
        *out = ends[i != 0];
        return ITP_OK;
    }
    return inner_node(grid, i, ends, out);
}

static int increases(const itp_node *a, const itp_node *b)
{
    return b->u * a->w > a->u * b->w && (b->t > a->t || b->beyond);
}

/* One factor for all distances from the first node, in w = 1 - u. */
static int stretch(const itp_gridding *grid, itp_node *nodes)
{
    const itp_node first = nodes[0], last = nodes[grid->steps - 1];
    double factor = (first.w - grid->terminal) / (first.w - last.w);
    int status = ITP_OK;
    for (int32_t i = 1; i < grid->steps && !status; i++) {
        double w = i == grid->steps - 1 ? grid->terminal : first.w - (first.w - nodes[i].w) * factor;
        status = at_position(grid, 1 - w, w, &nodes[i]);
    }
    return status;
}

/* Rules that count samples fail where there are more steps than samples, or where the last sample is the end. */
static int not_later(const itp_gridding *grid, const itp_log *log, int32_t i)
{
    const char *name = itp_grid_name(grid->kind);
    if (!itp_grid_counts_samples(grid->kind) || grid->terminal > 0) {
        return itp_fail(log, ITP_E_GRID, "nodes: number %d is not later than the one before it.", (int)i);
    }
    if (i == grid->steps) {
        return itp_fail(
            log, ITP_E_GRID,
            "grid: \"%s\" ends its steps at the table's sample %g, which is not before the end of the path; "
            "take another grid, or a table without that sample.",
            name, itp_grid_sample(grid, i - 1));
    }
    return itp_fail(
        log, ITP_E_GRID,
        "evaluations: for %d steps grid \"%s\" takes sample %g of the table's %d twice; take fewer steps, or "
        "\"normal\" or \"sgm-uniform\", which go between samples.",
        (int)grid->steps, name, itp_grid_sample(grid, i), (int)grid->table->samples);
}

static int check_order(const itp_gridding *grid, const itp_log *log, const itp_node *nodes)
{
    for (int32_t i = 1; i <= grid->steps; i++) {
        if (!increases(&nodes[i - 1], &nodes[i])) {
            return not_later(grid, log, i);
        }
    }
    return ITP_OK;
}

static int outside(const itp_gridding *grid, const itp_log *log, int32_t i, int status)
{
    int counts = itp_grid_counts_samples(grid->kind) && i < grid->steps;
    double sample = counts ? itp_grid_sample(grid, i) : 0;
    if (counts && !(sample >= 0 && sample < grid->table->samples)) {
        return itp_fail(
            log, ITP_E_GRID,
            "grid: for %d steps and steps_offset %d, \"%s\" asks for sample %g of a table of %d; take fewer "
            "steps or another offset.",
            (int)grid->steps, (int)grid->steps_offset, itp_grid_name(grid->kind), sample, (int)grid->table->samples);
    }
    return itp_fail(log, status == ITP_E_CALLBACK ? status : ITP_E_GRID,
                    "nodes: number %d lies outside [0, 1] or the range of the schedule sampled under.", (int)i);
}

static int fill(const itp_gridding *grid, const itp_log *log, const itp_node *ends, itp_node *nodes)
{
    for (int32_t i = 0; i <= grid->steps; i++) {
        int status = node(grid, i, ends, &nodes[i]);
        if (status) {
            return outside(grid, log, i, status);
        }
    }
    return check_order(grid, log, nodes);
}

int itp_grid_nodes(const itp_gridding *grid, const itp_log *log, itp_node *nodes)
{
    itp_node ends[2] = {{0, 1, 0, 0}, {1, 0, 1, 0}};
    int status = is_user(grid) ? ITP_OK : find_ends(grid, ends);
    if (status) {
        return itp_fail(log, ITP_E_GRID, "u_start, u_end: the schedule sampled under does not reach %g to %g.",
                        grid->u_start, grid->u_end);
    }
    status = fill(grid, log, ends, nodes);
    if (status || !(grid->terminal > 0) || grid->steps < 2) {
        return status;
    }
    status = stretch(grid, nodes);
    if (status) {
        return itp_fail(log, status == ITP_E_CALLBACK ? status : ITP_E_GRID,
                        "terminal: stretched to %g, the nodes leave the schedule sampled under.", grid->terminal);
    }
    return check_order(grid, log, nodes);
}
