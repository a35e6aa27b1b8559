/* Damped Gauss-Newton steps on all numbers of a table. The damping is measured by how far a step moves the states: the
 * network bends with these, not with coefficients, of which many combinations (outputs are nearly collinear) move
 * hardly anything. */
#include <math.h>
#include <string.h>

#include "fit/newton.h"
#include "fit/solve.h"

enum { PATIENCE = 2, DAMPINGS = 3, ATTEMPTS = 3 };
static const double FIRST_DAMPING = 1e-2;

typedef struct itp_newton {
    itp_walk *walk;
    itp_fit_start *start;
    itp_fit_table *table;       /* the start's */
    size_t parameters, columns; /* columns: those of the metric */
    double *room, *reals;
    size_t real_count;
    double *gram;                  /* of the parameters' columns and, last, the residual */
    double *metric, *spread;       /* of Y_0 .. Y_{rows-1}, F_0 .. F_{rows-1}; per node, of dY_{i+1}/du_i */
    double end_square;             /* of Y_rows */
    double *system, *step, *fixed; /* fixed: steps of nodes at a limit, else NAN */
    unsigned char *arrays; /* columns [parameters + 1], features of the run, features of a branch: [batch][features] */
    const void **list;
    itp_fit_table trial, kept, best; /* kept: the best trial of a step; best: of all starts and steps, on all samples */
    itp_fit_errors errors, kept_errors, best_errors;
    double floor; /* the least error on the samples held out that a start has */
    const itp_fit_start *best_start;
    size_t stride;
    const itp_fit_phase *next;
    itp_fit_trial judged;
    /* The run under way while derivatives are taken. */
    itp_fit_span span;
    size_t moved;   /* the number that has been moved; `parameters`: none, it is the table's own */
    int32_t row, c; /* the row that it belongs to, and its column there */
    double h;       /* how far */
    int alone;      /* 1: only the evaluation at a node that has been moved */
    /* The choice of a step. */
    int32_t tries;
    int running;                  /* the trial's errors are being found */
    double damping, found, least; /* of the trial; of the best one, 0: none is better than what was; its score */
} newton;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static int newton_new(itp_walk *walk, const itp_fit_table *table, newton *n)
{
    itp_fitting *fit = walk->fit;
    size_t p = (size_t)table->parameters, rows = (size_t)table->rows, m = 2 * rows, q = larger(p + 1, m);
    newton made = {.walk = walk, .parameters = p, .columns = m, .floor = INFINITY};
    made.stride = fit->batch * fit->features * fit->element;
    made.real_count = q * ITP_GRAM_BLOCK + (p + 1) * (p + 1) + m * m + 2 * rows + p * p + p;
    made.reals = itp_memory_array(&fit->memory, made.real_count, sizeof *made.reals);
    made.arrays = itp_memory_array(&fit->memory, p + 3, made.stride);
    made.list = itp_memory_array(&fit->memory, q, sizeof *made.list);
    int status = made.reals && made.arrays && made.list ? ITP_OK : ITP_E_MEMORY;
    int moving = table->parameters > table->coefs;
    status = status ? status : itp_fit_table_new(&fit->memory, table->rows, table->most_outputs, moving, &made.trial);
    status = status ? status : itp_fit_table_new(&fit->memory, table->rows, table->most_outputs, moving, &made.kept);
    status = status ? status : itp_fit_table_new(&fit->memory, table->rows, table->most_outputs, moving, &made.best);
    if (!status) {
        made.room = made.reals;
        made.gram = made.room + q * ITP_GRAM_BLOCK;
        made.metric = made.gram + (p + 1) * (p + 1);
        made.spread = made.metric + m * m;
        made.system = made.spread + rows;
        made.step = made.system + p * p;
        made.fixed = made.step + p;
    }
    made.judged.walk = walk;
    made.judged.features = made.arrays;
    *n = made;
    return status;
}

static void newton_free(newton *n)
{
    const itp_memory *memory = &n->walk->fit->memory;
    itp_fit_table_free(&n->trial);
    itp_fit_table_free(&n->kept);
    itp_fit_table_free(&n->best);
    itp_memory_free(memory, (void *)n->list, larger(n->parameters + 1, n->columns) * sizeof *n->list);
    itp_memory_free(memory, n->arrays, (n->parameters + 3) * n->stride);
    itp_memory_free(memory, n->reals, n->real_count * sizeof *n->reals);
}

/* ---- columns ---- */

static unsigned char *column(const newton *n, size_t i)
{
    return n->arrays + i * n->stride;
}

static double root_mean_square(const newton *n, const void *x)
{
    const itp_walk *walk = n->walk;
    size_t elements = walk->count * walk->fit->desc.dim;
    return sqrt(itp_squares(walk->fit->desc.type, x, NULL, elements) / (double)elements);
}

/* Relative to the state that is moved: a compromise between curvature and the rounding of the network's arithmetic. */
static double increment(const newton *n)
{
    return n->walk->fit->desc.type == ITP_FLOAT64 ? 1e-5 : 3e-3;
}

/* Column `moved` := (features of the branch's end - features of the run's end)/h. */
static int differentiate(newton *n)
{
    itp_walk *walk = n->walk;
    itp_fitting *fit = walk->fit;
    unsigned char *base = column(n, n->parameters + 1), *branch = column(n, n->parameters + 2);
    int status = itp_fitting_map(fit, walk->y[fit->rows], walk->first, walk->count, branch);
    if (!status) {
        itp_walk_add(walk, fit->features, 1 / n->h, branch, -1 / n->h, base, column(n, n->moved));
    }
    return status;
}

/* The state after `row` of the table's own run; what is run from now on is a branch, with outputs from F_output on. */
static const unsigned char *branch_after(newton *n, int32_t row, int32_t output)
{
    itp_walk *walk = n->walk;
    itp_walk_branch(walk, INT32_MAX, INT32_MAX);
    const unsigned char *state = walk->y[row + 1];
    itp_walk_branch(walk, row + 1, output);
    return state;
}

static void move_coefficient(newton *n)
{
    itp_walk *walk = n->walk;
    int32_t row = n->row;
    itp_fit_column from = itp_fit_column_of(n->table, row, n->c);
    const unsigned char *state = branch_after(n, row, row + 1);
    const unsigned char *x = from.output ? walk->f[from.index] : walk->y[from.index];
    double size = root_mean_square(n, x), scale = root_mean_square(n, state);
    n->h = size > 0 ? increment(n) * (scale > 0 ? scale : 1) / size : 1;
    itp_walk_add(walk, walk->fit->desc.dim, 1, state, n->h, x, walk->y[row + 1]);
    itp_walk_from(walk, row + 1);
}

/* Toward the end by a thousandth, or by a quarter of the way to the next node; back where that is hardly anything. */
static double node_increment(const newton *n, int32_t row)
{
    const itp_fit_table *table = n->table;
    const itp_fitting *fit = n->walk->fit;
    double next = row + 1 < table->rows ? table->u[row + 1] : fit->u_last;
    double before = row ? table->u[row - 1] : fit->plan->info.u_start;
    double h = fit->desc.type == ITP_FLOAT64 ? 1e-5 : 1e-3;
    double room = (next - table->u[row]) / 4, back = (table->u[row] - before) / 4;
    return 16 * room >= h || back <= room ? fmin(h, room) : -fmin(h, back);
}

static void move_node(newton *n)
{
    n->h = node_increment(n, n->row);
    (void)branch_after(n, n->row, n->row);
    n->alone = 1;
    itp_walk_alone(n->walk, n->row, n->h);
}

/* The node's own row has run: the others follow. */
static void spread_node(newton *n)
{
    itp_walk *walk = n->walk;
    const itp_fit_desc *desc = &walk->fit->desc;
    const unsigned char *state = branch_after(n, n->row, n->row);
    n->spread[n->row] += itp_squares(desc->type, walk->y[n->row + 1], state, walk->count * desc->dim) / (n->h * n->h);
    n->alone = 0;
    itp_walk_from(walk, n->row + 1);
}

/* The next number: coefficients of row after row, then nodes. */
static void move(newton *n)
{
    size_t coefs = (size_t)n->table->coefs;
    if (n->moved < coefs) {
        move_coefficient(n);
    } else {
        n->row = (int32_t)(n->moved - coefs);
        move_node(n);
    }
}

static void count_on(newton *n)
{
    n->moved++;
    if (++n->c == itp_fit_columns(n->table, n->row)) {
        n->row++;
        n->c = 0;
    }
}

/* ---- normal equations ---- */

static void add_metric(newton *n)
{
    itp_walk *walk = n->walk;
    size_t rows = (size_t)n->table->rows;
    itp_walk_branch(walk, INT32_MAX, INT32_MAX);
    for (size_t i = 0; i < rows; i++) {
        n->list[i] = walk->y[i];
        n->list[rows + i] = walk->f[i];
    }
    itp_gram_add(walk->fit->desc.type, n->list, n->columns, walk->count * walk->fit->desc.dim, n->room, n->metric);
    n->end_square += itp_squares(walk->fit->desc.type, walk->y[rows], NULL, walk->count * walk->fit->desc.dim);
}

static void begin_batch(newton *n)
{
    n->moved = n->parameters;
    itp_walk_begin(n->walk, n->table, n->span.first, n->span.count);
}

/* The table's own run is through. */
static int take_base(newton *n)
{
    itp_walk *walk = n->walk;
    itp_fitting *fit = walk->fit;
    unsigned char *base = column(n, n->parameters + 1);
    int status = itp_fitting_map(fit, walk->y[fit->rows], walk->first, walk->count, base);
    if (!status) {
        add_metric(n);
        itp_walk_add(walk, fit->features, 1, fit->target + walk->first * fit->features * fit->element, -1, base,
                     column(n, n->parameters));
        n->moved = 0;
        n->row = n->c = 0;
    }
    return status;
}

/* A run is through: what it was for, and the next one. *over: there is none in this batch. */
static int take(newton *n, int *over)
{
    int status;
    if (n->alone) {
        spread_node(n);
        return ITP_OK;
    }
    if (n->moved == n->parameters) {
        status = take_base(n);
    } else {
        status = differentiate(n);
        count_on(n);
    }
    *over = n->moved == n->parameters;
    if (!status && !*over) {
        move(n);
    }
    return status;
}

static void add_batch(newton *n)
{
    const itp_walk *walk = n->walk;
    const itp_fitting *fit = walk->fit;
    for (size_t i = 0; i <= n->parameters; i++) n->list[i] = column(n, i);
    itp_gram_add(fit->desc.type, n->list, n->parameters + 1, walk->count * fit->features, n->room, n->gram);
}

static void clear(newton *n)
{
    memset(n->reals, 0, n->real_count * sizeof *n->reals);
    n->end_square = 0;
}

/* All batches have been added. */
static void finish_sums(newton *n)
{
    const itp_fitting *fit = n->walk->fit;
    double samples = (double)fit->use_fitted;
    itp_gram_finish(n->parameters + 1, 1 / (samples * (double)fit->features), n->gram);
    itp_gram_finish(n->columns, 1 / (samples * (double)fit->desc.dim), n->metric);
    for (int32_t i = 0; i < n->table->rows; i++) n->spread[i] /= samples * (double)fit->desc.dim;
    n->end_square /= samples * (double)fit->desc.dim;
}

static int linearise(void *work)
{
    newton *n = work;
    int status = ITP_OK, over = 0;
    while (!status && !(status = itp_walk_go(n->walk))) {
        status = take(n, &over);
        if (!status && over) {
            add_batch(n);
            if (!itp_fit_span_next(n->walk->fit, &n->span)) {
                finish_sums(n);
                return ITP_OK;
            }
            begin_batch(n);
            over = 0;
        }
    }
    return status;
}

/* ---- steps ---- */

static size_t metric_index(const newton *n, int32_t row, int32_t c)
{
    itp_fit_column from = itp_fit_column_of(n->table, row, c);
    return (size_t)from.index + (from.output ? (size_t)n->table->rows : 0);
}

/* How large a coefficient's part of the next state is, squared, for the coefficient 1. */
static double share(const newton *n, int32_t row, int32_t c)
{
    size_t from = metric_index(n, row, c), next = (size_t)row + 1;
    double square = row + 1 < n->table->rows ? n->metric[next * n->columns + next] : n->end_square;
    return square > 0 ? n->metric[from * n->columns + from] / square : 0;
}

/* Sum of the squares of these parts over all rows, 1 or a little more per row for textbook plans. Outputs are nearly
 * equal on most samples, so differences of them, magnified, may be what fits best. But a sample that is decided late,
 * of a kind too rare to be among the seeds, is then thrown far off: errors on unseen seeds are taken to grow as
 * sqrt(1 + GAIN^2 of this). */
static double gain(const newton *n, const itp_fit_table *table)
{
    double total = 0;
    for (int32_t row = 0; row < table->rows; row++) {
        const double *coef = itp_fit_coefs(table, row);
        for (int32_t c = 0; c < itp_fit_columns(table, row); c++) total += coef[c] * coef[c] * share(n, row, c);
    }
    return total;
}

static double gain_weight(const newton *n)
{
    return n->walk->fit->gain;
}

/* The derivatives of the error's square times the gain's weight and the gain. */
static void add_gain(newton *n)
{
    size_t p = 0, size = n->parameters;
    double weight = gain_weight(n) * n->errors.fitted * n->errors.fitted;
    for (int32_t row = 0; row < n->table->rows; row++) {
        const double *coef = itp_fit_coefs(n->table, row);
        for (int32_t c = 0; c < itp_fit_columns(n->table, row); c++, p++) {
            n->system[p * size + p] += weight * share(n, row, c);
            n->step[p] -= weight * share(n, row, c) * coef[c];
        }
    }
}

/* The last row moves no state that the network sees. */
static void add_damping(newton *n, double damping)
{
    size_t p = 0, size = n->parameters;
    for (int32_t row = 0; row + 1 < n->table->rows; row++) {
        int32_t count = itp_fit_columns(n->table, row);
        for (int32_t a = 0; a < count; a++) {
            for (int32_t b = 0; b < count; b++) {
                n->system[(p + (size_t)a) * size + p + (size_t)b] +=
                    damping * n->metric[metric_index(n, row, a) * n->columns + metric_index(n, row, b)];
            }
        }
        p += (size_t)count;
    }
    for (size_t i = (size_t)n->table->coefs; i < size; i++) {
        n->system[i * size + i] += damping * n->spread[i - (size_t)n->table->coefs];
    }
}

/* How far a node may go in a step: half the way to its neighbours, and not before the start. */
static double limited(const newton *n, int32_t i, double step)
{
    const itp_fitting *fit = n->walk->fit;
    const itp_fit_table *table = n->table;
    double low = i ? (table->u[i - 1] - table->u[i]) / 2 : fit->plan->info.u_start - table->u[0];
    double high = ((i + 1 < table->rows ? table->u[i + 1] : fit->u_last) - table->u[i]) / 2;
    return step < low ? low : step > high ? high : step;
}

/* Unknown i is no longer one: it is `value`. */
static void fix(newton *n, size_t i, double value)
{
    size_t size = n->parameters;
    for (size_t j = 0; j < size; j++) {
        n->step[j] -= n->system[j * size + i] * value;
        n->system[j * size + i] = n->system[i * size + j] = 0;
    }
    n->system[i * size + i] = 1;
    n->step[i] = value;
}

static void make_system(newton *n, double damping)
{
    size_t size = n->parameters, wide = size + 1, coefs = (size_t)n->table->coefs;
    for (size_t i = 0; i < size; i++) {
        memcpy(n->system + i * size, n->gram + i * wide, size * sizeof *n->system);
        n->step[i] = n->gram[size * wide + i];
    }
    add_damping(n, damping);
    add_gain(n);
    for (size_t i = 0; i < size; i++) n->system[i * size + i] *= 1 + 1e-6;
    for (size_t i = coefs; i < size; i++) {
        if (isfinite(n->fixed[i - coefs])) {
            fix(n, i, n->fixed[i - coefs]);
        }
    }
}

/* Nodes that would go too far go as far as they may, and the rest is solved again. */
static int solve_step(newton *n, double damping)
{
    size_t coefs = (size_t)n->table->coefs, nodes = n->parameters - coefs;
    for (size_t i = 0; i < nodes; i++) n->fixed[i] = i == 0 && !n->start->freed ? 0 : NAN;
    for (int again = 1; again;) {
        again = 0;
        make_system(n, damping);
        if (itp_solve(n->parameters, n->system, n->step)) {
            return -1;
        }
        for (size_t i = 0; i < nodes; i++) {
            double step = n->step[coefs + i], least = limited(n, (int32_t)i, step);
            if (least != step && !isfinite(n->fixed[i])) {
                n->fixed[i] = least;
                again = 1;
            }
        }
    }
    return 0;
}

/* The trial is the table with a step so damped. -1: there is none. */
static int take_step(newton *n, double damping)
{
    const itp_fitting *fit = n->walk->fit;
    const itp_fit_range range = {fit->plan->info.u_start, fit->u_last, fit->plan->info.u_end};
    if (solve_step(n, damping)) {
        return -1;
    }
    itp_fit_table_copy(n->table, &n->trial);
    itp_fit_table_move(&n->trial, n->step, &range);
    return 0;
}

/* Samples fitted on and samples held out count alike: progress, without leaving the latter behind. */
static double score(const newton *n, const itp_fit_table *table, const itp_fit_errors *of)
{
    return (of->fitted * of->fitted + of->held_out * of->held_out) * (1 + gain_weight(n) * gain(n, table));
}

static double held_out_score(const newton *n, const itp_fit_table *table, const itp_fit_errors *of)
{
    return of->held_out * of->held_out * (1 + gain_weight(n) * gain(n, table));
}

static int is_whole(const newton *n)
{
    const itp_fitting *fit = n->walk->fit;
    return fit->use_fitted == fit->fitted && fit->use_fitted + fit->use_held_out == fit->desc.count;
}

/* Better than the best on all held-out seeds, and than every start even if its gain does not count. */
static int is_best(const newton *n)
{
    return is_whole(n) && n->errors.held_out < n->floor &&
           held_out_score(n, n->table, &n->errors) < held_out_score(n, &n->best, &n->best_errors);
}

static void remember(newton *n)
{
    itp_fit_report *report = &n->walk->fit->report;
    n->best_errors = n->errors;
    n->best_start = n->start;
    itp_fit_table_copy(n->table, &n->best);
    report->after = n->errors.fitted;
    report->after_held_out = n->errors.held_out;
    report->start = n->start->index;
    report->greedy = n->start->greedy;
}

/* The errors of the step so damped are to be found. 0: it cannot be made. */
static int begin_trial(newton *n, double damping)
{
    if (take_step(n, damping)) {
        return 0;
    }
    itp_fit_trial_begin(&n->judged, &n->trial);
    return 1;
}

/* Dampings around the last one, then larger ones until a step is better than none. */
static int is_choice_over(const newton *n)
{
    int32_t least = n->walk->fit->expert.ridge > 0 ? 1 : DAMPINGS;
    return n->tries >= least && (n->found != 0 || least == 1 || n->tries >= DAMPINGS + ATTEMPTS);
}

static int begin_choice(void *work)
{
    newton *n = work;
    const double given = n->walk->fit->expert.ridge;
    n->damping = given > 0 ? given : n->start->damping / 10;
    n->least = score(n, n->table, &n->errors);
    n->found = 0;
    n->tries = n->running = 0;
    return ITP_OK;
}

static void keep_trial(newton *n)
{
    n->found = n->damping;
    n->kept_errors = n->judged.errors;
    itp_fit_table_copy(&n->trial, &n->kept);
}

static int choose(void *work)
{
    newton *n = work;
    for (; !is_choice_over(n); n->tries++, n->damping *= 10) {
        n->running = n->running || begin_trial(n, n->damping);
        int status = n->running ? itp_fit_trial_go(&n->judged) : ITP_E_SINGULAR;
        if (status && status != ITP_E_SINGULAR) {
            return status;
        }
        n->running = 0;
        double now = status ? INFINITY : score(n, &n->trial, &n->judged.errors);
        if (now < n->least) {
            n->least = now;
            keep_trial(n);
        }
    }
    return ITP_OK;
}

static void rate(const newton *n)
{
    n->start->score = score(n, n->table, &n->errors);
    n->start->held_out = held_out_score(n, n->table, &n->errors);
}

/* When little is won, the first node is freed; when next to nothing is, several times over, it is enough. */
static void judge(itp_fit_start *start, int found)
{
    double before = start->least;
    start->least = fmin(before, start->held_out);
    start->stale = start->least < 0.999 * before ? 0 : start->stale + 1;
    start->ended = start->stale >= PATIENCE || (!found && start->freed);
    if (!start->freed && start->least > 0.96 * before) {
        start->freed = 1;
        start->damping = FIRST_DAMPING;
        start->stale = 0;
    }
}

static void take_kept(newton *n)
{
    itp_fit_start *start = n->start;
    n->errors = n->kept_errors;
    itp_fit_table_copy(&n->kept, n->table);
    start->damping = n->found > 1e-8 ? n->found : 1e-8;
    start->steps++;
    rate(n);
    n->walk->fit->report.ridge = n->found;
    itp_newton_offer(n);
}

static int accept(void *work)
{
    newton *n = work;
    if (n->found != 0) {
        take_kept(n);
    }
    judge(n->start, n->found != 0);
    return ITP_OK;
}

void itp_newton_step(newton *n)
{
    static const itp_fit_phase phases[] = {linearise, begin_choice, choose, accept, NULL};
    n->next = phases;
    clear(n);
    n->span = itp_fit_span_in_use(n->walk->fit, 0);
    begin_batch(n);
}

/* ---- loading ---- */

static int find_errors(void *work)
{
    newton *n = work;
    int status = itp_fit_trial_go(&n->judged);
    if (!status) {
        itp_fit_span span = itp_fit_span_in_use(n->walk->fit, 0);
        n->errors = n->judged.errors;
        itp_walk_begin(n->walk, n->table, span.first, span.count);
    }
    return status;
}

/* The metric alone, of the first batch: enough to weigh coefficients. */
static void find_metric(newton *n)
{
    const itp_walk *walk = n->walk;
    double factor = 1 / ((double)walk->count * (double)walk->fit->desc.dim);
    clear(n);
    add_metric(n);
    itp_gram_finish(n->columns, factor, n->metric);
    n->end_square *= factor;
}

static int measure(void *work)
{
    newton *n = work;
    itp_fit_start *start = n->start;
    int status = itp_walk_go(n->walk);
    if (status) {
        return status;
    }
    find_metric(n);
    start->errors = n->errors;
    rate(n);
    start->least = start->held_out;
    start->stale = start->ended = 0;
    if (start->steps) {
        itp_newton_offer(n);
    }
    return ITP_OK;
}

void itp_newton_load(newton *n, itp_fit_start *start)
{
    static const itp_fit_phase phases[] = {find_errors, measure, NULL};
    n->next = phases;
    n->start = start;
    n->table = &start->table;
    start->damping = start->damping > 0 ? start->damping : FIRST_DAMPING;
    itp_fit_trial_begin(&n->judged, n->table);
}

int itp_newton_go(newton *n)
{
    return itp_fit_phases_go(&n->next, n);
}

/* ---- the best ---- */

void itp_newton_offer(itp_newton *n)
{
    if (is_best(n)) {
        remember(n);
    }
}

void itp_newton_floor(itp_newton *n)
{
    n->floor = n->errors.held_out;
    remember(n);
}

const itp_fit_table *itp_newton_best(const itp_newton *n, const itp_plan **like)
{
    *like = n->best_start ? n->best_start->plan : NULL;
    return n->best_start ? &n->best : NULL;
}

int itp_newton_new(itp_walk *walk, const itp_fit_table *like, itp_newton **out)
{
    const itp_memory *memory = &walk->fit->memory;
    newton *n = itp_memory_array(memory, 1, sizeof *n);
    *out = n;
    return n ? newton_new(walk, like, n) : ITP_E_MEMORY;
}

void itp_newton_free(itp_newton *n)
{
    if (n) {
        const itp_memory memory = n->walk->fit->memory;
        newton_free(n);
        itp_memory_free(&memory, n, sizeof *n);
    }
}
