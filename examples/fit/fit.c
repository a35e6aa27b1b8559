/* Fitted plans beside the best textbook plan of as many evaluations: see docs/fit.md. */
#define _POSIX_C_SOURCE 200809L

#include "../kinds.h"
#include "contest.h"
#include "early.h"
#include "saved.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "usage: fit [OPTION VALUE]...\n"
                            "  --network   fashion, images, mixture or all (all)\n"
                            "  --images    an unpacked idx3 file for `images`; without one, drawn ellipses\n"
                            "  --evals     budgets, such as 4,6,8 (2,3,4,5,6,8,10)\n"
                            "  --guidance  scale, fashion only (1)\n"
                            "  --seeds     seeds in all that a fit sees (512)\n"
                            "  --held-out  how many of them only choose (128)\n"
                            "  --unseen    samples for the RMS (400)\n"
                            "  --many      samples for the Frechet distance (1000)\n"
                            "  --iterations  Gauss-Newton steps at most (10)\n"
                            "  --outputs   of a row, 0: all (0)\n"
                            "  --gain      what large coefficients count (0: the library's)\n"
                            "  --nodes     0: they stay (1)\n"
                            "  --quick     1: a few textbook solvers only (0)\n"
                            "  --opponents   a text file that keeps the best textbook plans found\n"
                            "  --starts    how many of the best textbook plans a fit starts from (6)\n"
                            "  --start     the only one to start from, SOLVER:GRID, such as ab2:beta\n"
                            "  --greedy    -1: without greedy rows (0)\n"
                            "  --finalists how many starts go the whole way (2)\n"
                            "  --grow      0: no start from the plan fitted for the budget before (1)\n"
                            "  --early     a start is first fitted to end there, one evaluation fewer; 0: none (0.3)\n"
                            "  --save      a folder for the plans\n"
                            "  --load      a folder with plans that were saved: judges them and fits nothing\n"
                            "  --verbose   1: every iteration\n";

enum { MOST_EVALUATIONS = 256 };

typedef struct options {
    const char *network, *images, *evals, *save, *load, *opponents;
    double guidance;
    contest c;
    int32_t verbose, grow, grown_evaluations;
    itp_plan *grown; /* what was fitted last, for a smaller budget */
} options;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ITP_CALL show(void *user, const itp_fit_report *r)
{
    if (*(const int *)user) {
        fprintf(
            stderr,
            "  step %2d: before %.4f, %.4f, fitted on %.4f, held out %.4f (best, from start %d%s), damping %.1e, %llu "
            "evaluations\n",
            (int)r->iterations, r->before, r->before_held_out, r->after, r->after_held_out, (int)r->start,
            r->greedy ? ", greedy" : "", r->ridge, (unsigned long long)r->evaluations);
    }
    return 0;
}

static void ITP_CALL complain(void *user, int32_t level, const char *message)
{
    (void)user;
    (void)level;
    fprintf(stderr, "  %s\n", message);
}

static void path_of(const options *o, const char *folder, int32_t evaluations, char *path, size_t size)
{
    snprintf(path, size, "%s/%s-%g-%d.json", folder, o->c.net.name, o->c.guidance, (int)evaluations);
}

static void save(const options *o, const itp_plan *plan, int32_t evaluations)
{
    char path[512];
    size_t needed = 0;
    if (!o->save || itp_plan_to_json(plan, NULL, 0, &needed)) {
        return;
    }
    char *text = malloc(needed);
    path_of(o, o->save, evaluations, path, sizeof path);
    FILE *file = text && !itp_plan_to_json(plan, text, needed, NULL) ? fopen(path, "w") : NULL;
    if (!file || fputs(text, file) < 0) {
        fprintf(stderr, "%s could not be written\n", path);
    }
    if (file) {
        fclose(file);
    }
    free(text);
}

/* What was saved. */
static int load(const options *o, int32_t evaluations, itp_plan **plan)
{
    char path[512];
    saved_plan saved;
    path_of(o, o->load, evaluations, path, sizeof path);
    int status = saved_open(&saved, path, "");
    if (status) {
        fprintf(stderr, "%s: %s\n", path, saved.why);
    }
    *plan = saved.plan;
    return status;
}

/* The textbook plans of a budget, and what came of them. */
typedef struct entry {
    int32_t evaluations;
    opponent best[FINALISTS];
    itp_plan *plans[FINALISTS], *fitted;
    int count; /* of plans; the best textbook plan first */
    int early; /* which start was fitted to an earlier end; -1: none */
    itp_fit_report report;
    double seconds;
} entry;

static int may_grow(const options *o, const entry *e)
{
    return o->grow && o->grown && o->grown_evaluations < e->evaluations;
}

/* The reference is made once per network: the first fit's end points serve the others. */
static int fit(options *o, entry *e, itp_plan *start)
{
    const itp_plan *starts[FINALISTS + 1];
    itp_fit_desc want = ITP_FIT_DESC_INIT;
    itp_fit_expert expert = ITP_FIT_EXPERT_INIT;
    itp_log log = ITP_LOG_INIT;
    itp_env env = {ITP_SIZED(itp_env), .log = &log};
    double began = now();
    log.write = complain;
    contest_describe(&o->c, &want, &expert);
    want.env = &env;
    want.report = &e->report;
    expert.ends = o->c.ends_rows ? o->c.ends : NULL;
    expert.ends_out = o->c.ends;
    itp_plan *early = early_plan(&o->c, e->evaluations - 1);
    want.progress = show;
    want.progress_user = &o->verbose;
    want.starts = starts;
    for (int i = 1; i < e->count && !start; i++) starts[want.start_count++] = e->plans[i];
    if (may_grow(o, e)) {
        starts[want.start_count++] = o->grown;
    }
    if (early) {
        starts[want.start_count++] = early;
    }
    e->early = early ? (int)want.start_count : -1;
    int status = itp_plan_fit(start ? start : e->plans[0], &want, o->c.net.velocity, o->c.net.user, &e->fitted);
    e->seconds = now() - began;
    itp_plan_free(early);
    o->c.ends_rows = e->report.reference_rows ? e->report.reference_rows : o->c.ends_rows;
    return status;
}

static const char *lazy(const opponent *of)
{
    return of->schedule == ITP_SCHEDULE_LAZY ? ", lazy" : "";
}

static void print_errors(const contest *c, const entry *e, double error)
{
    const opponent *best = &e->best[0];
    printf("| %2d | %s, %s%s | %.4f | %.4f | %.2f |", (int)e->evaluations, best->solver, kind_name("grid", best->grid),
           lazy(best), best->error, error, error / best->error);
    printf(" %.2f | %.2f |", contest_distance(c, e->plans[0]), contest_distance(c, e->fitted));
}

/* What the nodes alone win: the best textbook plan's solver on them. */
static double on_fitted_nodes(const contest *c, const entry *e)
{
    double nodes[MOST_EVALUATIONS + 1], error = NAN;
    itp_plan *plan = NULL;
    for (int32_t i = 1; i < e->evaluations; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        itp_plan_get_row(e->fitted, i, &row);
        nodes[i] = row.u;
    }
    nodes[0] = 0;
    nodes[e->evaluations] = 1;
    if (!contest_plan_on(&e->best[0], e->evaluations, nodes, 1, &plan)) {
        error = contest_error(c, plan, 0, c->unseen, UNSEEN_SEED, c->converged);
    }
    itp_plan_free(plan);
    return error;
}

/* Where the fit that won began. */
static void print_start(const options *o, const entry *e)
{
    const contest *c = &o->c;
    if (e->report.start == e->early) {
        printf(" %d evaluations to u = %g", (int)e->evaluations - 1, c->early);
    } else if (may_grow(o, e) && e->report.start == (c->start_solver ? 1 : e->count)) {
        printf(" fitted, %d evaluations", (int)o->grown_evaluations);
    } else if (o->load) {
        printf(" saved");
    } else if (c->start_solver) {
        printf(" given%s", e->report.greedy ? ", greedy" : "");
    } else {
        const opponent *from = &e->best[e->report.start];
        printf(" %s, %s%s%s", from->solver, kind_name("grid", from->grid), lazy(from),
               e->report.greedy ? ", greedy" : "");
    }
}

static void print_line(const options *o, const entry *e)
{
    const contest *c = &o->c;
    print_errors(c, e, contest_error(c, e->fitted, 0, c->unseen, UNSEEN_SEED, c->converged));
    printf(" %.4f |", on_fitted_nodes(c, e));
    print_start(o, e);
    printf(" | %.0f |\n", e->seconds);
    fflush(stdout);
}

static int find_opponents(const options *o, entry *e)
{
    int found = opponents_read(&o->c, o->opponents, e->evaluations, e->best);
    if (!found) {
        found = contest_textbook(&o->c, e->evaluations, e->best);
        opponents_add(&o->c, o->opponents, e->evaluations, e->best, found);
    }
    int most = o->c.starts < FINALISTS ? (int)o->c.starts : FINALISTS;
    for (int i = 0; i < found && i < (most > 1 ? most : 1); i++) {
        if (contest_plan(&e->best[i], e->evaluations, &e->plans[i])) {
            return -1;
        }
        e->count++;
    }
    return e->count ? 0 : -1;
}

static int budget(options *o, int32_t evaluations)
{
    const itp_fit_report empty = ITP_FIT_REPORT_INIT;
    entry e = {.evaluations = evaluations, .report = empty, .early = -1};
    opponent given = {o->c.start_solver, o->c.start_grid, ITP_SCHEDULE_LINEAR, 0};
    itp_plan *start = NULL;
    int status = evaluations >= 1 && evaluations <= MOST_EVALUATIONS ? find_opponents(o, &e) : -1;
    if (!status && o->c.start_solver) {
        status = contest_plan(&given, evaluations, &start);
    }
    if (!status) {
        status = o->load ? load(o, evaluations, &e.fitted) : fit(o, &e, start);
    }
    if (status) {
        fprintf(stderr, "%d evaluations: %s\n", (int)evaluations, itp_status_string(status));
    } else {
        print_line(o, &e);
        save(o, e.fitted, evaluations);
        itp_plan_free(o->grown);
        o->grown = e.fitted;
        o->grown_evaluations = evaluations;
        e.fitted = NULL;
    }
    for (int i = 0; i < FINALISTS; i++) itp_plan_free(e.plans[i]);
    itp_plan_free(start);
    itp_plan_free(e.fitted);
    return status ? -1 : 0;
}

static void print_head(const contest *c)
{
    printf("\n%s, guidance %g: fitted on %zu seeds (%zu of them held out), RMS on %zu unseen ones, "
           "Frechet distance on %zu (converged: %.2f)\n\n",
           c->net.name, c->guidance, c->seeds, c->held_out, c->unseen, c->many, contest_converged_distance(c));
    printf("|  N | best textbook plan | RMS | fitted | ratio | Frechet | fitted | on these nodes | start | seconds |\n"
           "|--:|:--|--:|--:|--:|--:|--:|--:|:--|--:|\n");
    fflush(stdout);
}

static int table(options *o)
{
    int bad = 0;
    print_head(&o->c);
    for (const char *at = o->evals; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ',')) {
        bad |= budget(o, (int32_t)atoi(at));
    }
    itp_plan_free(o->grown);
    o->grown = NULL;
    if (!bad && !o->load) {
        printf("\nThe reference, %d evaluations per sample, is in the first line's seconds.\n", (int)o->c.ends_rows);
    }
    return bad;
}

static int network(options *o, const char *name)
{
    int status = -1;
    o->c.guidance = 1;
    if (!strcmp(name, "mixture")) {
        status = field_mixture(&o->c.net);
    } else if (!strcmp(name, "images")) {
        status = field_images(o->images, 2000, FASHION_FOLDER "/fashion.safetensors", &o->c.net);
    } else if (!strcmp(name, "fashion")) {
        o->c.guidance = o->guidance;
        status = field_fashion(FASHION_FOLDER "/fashion.safetensors", &o->c.net);
    }
    if (status) {
        return -1;
    }
    status = contest_new(&o->c);
    if (!status) {
        status = table(o);
        contest_free(&o->c);
    }
    o->c.net.free(o->c.net.user);
    return status;
}

static void read_start(options *o, const char *value)
{
    char solver[64];
    const char *colon = strchr(value, ':');
    snprintf(solver, sizeof solver, "%.*s", colon ? (int)(colon - value) : 0, value);
    o->c.start_solver = contest_solver(solver);
    o->c.start_grid = colon ? kind_id("grid", colon + 1) : -1;
}

static int read_other(options *o, const char *name, const char *value)
{
    if (!strcmp(name, "--nodes")) {
        o->c.fixed_nodes = !strtol(value, NULL, 10);
        return 0;
    }
    if (!strcmp(name, "--start")) {
        read_start(o, value);
        return o->c.start_solver && o->c.start_grid > 0 ? 0 : -1;
    }
    return -1;
}

static int read_option(options *o, const char *name, const char *value)
{
    struct {
        const char *name;
        const char **text;
        size_t *size;
        int32_t *integer;
        double *real;
    } all[] = {
        {"--network", &o->network, 0, 0, 0},
        {"--images", &o->images, 0, 0, 0},
        {"--evals", &o->evals, 0, 0, 0},
        {"--opponents", &o->opponents, 0, 0, 0},
        {"--save", &o->save, 0, 0, 0},
        {"--load", &o->load, 0, 0, 0},
        {"--seeds", 0, &o->c.seeds, 0, 0},
        {"--held-out", 0, &o->c.held_out, 0, 0},
        {"--unseen", 0, &o->c.unseen, 0, 0},
        {"--many", 0, &o->c.many, 0, 0},
        {"--iterations", 0, 0, &o->c.iterations, 0},
        {"--outputs", 0, 0, &o->c.outputs, 0},
        {"--quick", 0, 0, &o->c.quick, 0},
        {"--verbose", 0, 0, &o->verbose, 0},
        {"--guidance", 0, 0, 0, &o->guidance},
        {"--gain", 0, 0, 0, &o->c.gain},
        {"--starts", 0, 0, &o->c.starts, 0},
        {"--greedy", 0, 0, &o->c.greedy, 0},
        {"--finalists", 0, 0, &o->c.finalists, 0},
        {"--grow", 0, 0, &o->grow, 0},
        {"--early", 0, 0, 0, &o->c.early},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!strcmp(name, all[i].name)) {
            if (all[i].text) *all[i].text = value;
            if (all[i].size) *all[i].size = strtoul(value, NULL, 10);
            if (all[i].integer) *all[i].integer = (int32_t)strtol(value, NULL, 10);
            if (all[i].real) *all[i].real = strtod(value, NULL);
            return 0;
        }
    }
    return read_other(o, name, value);
}

int main(int argc, char **argv)
{
    options o = {.network = "all", .evals = "2,3,4,5,6,8,10", .guidance = 1, .grow = 1};
    o.c.unseen = 400;
    o.c.many = 1000;
    o.c.seeds = 512;
    o.c.held_out = 128;
    o.c.iterations = 10;
    o.c.starts = 6;
    o.c.finalists = 2;
    o.c.early = 0.3;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc || read_option(&o, argv[i], argv[i + 1])) {
            fputs(usage, stderr);
            return 2;
        }
    }
    static const char *const names[] = {"fashion", "images", "mixture"};
    int bad = 0, known = 0;
    for (int i = 0; i < 3; i++) {
        if (!strcmp(o.network, "all") || !strcmp(o.network, names[i])) {
            bad |= network(&o, names[i]);
            known = 1;
        }
    }
    if (!known) {
        fputs(usage, stderr);
    }
    return !known ? 2 : bad ? 1 : 0;
}
