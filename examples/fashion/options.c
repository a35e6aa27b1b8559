#define _GNU_SOURCE

#include "options.h"
#include "methods.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOT_GIVEN (-1.0)

static const char help[] =
    "Samples Fashion-MNIST garments with a small pretrained flow, by libinterp.\n"
    "\n"
    "  fashion [options]             a contact sheet, fashion.png\n"
    "  fashion --compare [options]   linear beside --schedule, at 4 and 8 evaluations (or at --evals)\n"
    "  fashion --table [options]     distances to real garments, errors and times of many solvers\n"
    "  fashion --table --k K         the same for sampling with noise, K > 0\n"
    "  fashion --table --solver NAME [options]  the same for one solver\n"
    "  fashion --plan FILE [options] a contact sheet by a saved plan, such as fitted-6; with --compare beside the one\n"
    "                                that the options name, with --table below others of as many evaluations\n"
    "  fashion --all-solvers [options]  the same with every solver there is, under --schedule\n"
    "  fashion --named [options]     the same with solvers and grids that other programs' users know by name\n"
    "  fashion --same-path [options] the same seeds with noise at --evals and at eight times that, and how alike they "
    "are\n"
    "\n"
    "  --evals N        network evaluations per sample (8)\n"
    "  --schedule NAME  linear, vp, lazy, point-mass, or another of libinterp's, or a text, \"lazy(k=1)\" (lazy)\n"
    "  --solver NAME    (or a text, \"ddpm(eta=0.5)\") euler, midpoint, heun, rk4, ab2, ab3, ab4, euler-maruyama, "
    "sa-2, shark, or another of "
    "libinterp's\n"
    "                   (euler, or euler-maruyama with noise)\n"
    "  --grid NAME      (or a text, \"karras-flow(rho=5)\") time, u, lambda, shift, or another of libinterp's (time)\n"
    "  --shift X        of the shift grid\n"
    "  --ends NAME      inside: heun, rk4 and the like do not evaluate at the data; evaluate: they do (inside)\n"
    "  --k K            diffusion k eps*: 0 is the flow, 1 the optimal SDE (0; point-mass, --same-path: 1)\n"
    "  --diffusion NAME k, or one of SiT's: constant, sigma, linear, decreasing, sine (k)\n"
    "  --norm X         what SiT's are multiplied with (1)\n"
    "  --eta X          noise of the ancestral solvers and the like (1)\n"
    "  --churn X        edm-heun's S_churn; its other numbers are those of ImageNet (0)\n"
    "  --noise NAME     path: of the sample's Brownian path, whatever the steps; steps: fresh in every step (path)\n"
    "  --last-step X    even steps to u = 1 - X, then SiT's last step, one of the drift (0: to the data prediction)\n"
    "  --s S            standard deviation of the data for the lazy schedules (1)\n"
    "  --plan FILE      a plan saved as JSON, or the name of one in plans/ beside the weights, which are fitted for "
    "this\n"
    "                   network: fitted-2, -3, -4, -5, -6, -8, -10 (none: one is made from the options above); or the\n"
    "                   text of a plan, \"schedule=lazy(k=1) k=1 solver=sa-2 evaluations=6\": see interp --help\n"
    "  --guidance W     1: the class as trained, 0: no class, above 1: guided (1)\n"
    "  --class C        0..9 or all: T-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, boot (all)\n"
    "  --seed S         same seed, same garments, whatever the schedule (0)\n"
    "  --count N        garments (100)\n"
    "  --samples N      garments for each line of the table (1000), or for --same-path's numbers (as many as drawn)\n"
    "  --out FILE       the picture (fashion.png)\n"
    "  --weights FILE   the network (found beside the sources, or named by FASHION_WEIGHTS)\n";

enum {
    EVALS = 1,
    SCHEDULE,
    SOLVER,
    GRID,
    SHIFT,
    ENDS,
    COEFFICIENT,
    DIFFUSION,
    NORM,
    ETA,
    CHURN,
    NOISE,
    LAST_STEP,
    DEVIATION, /* so far: how a plan is made */
    PLAN,
    GUIDANCE,
    CLASS,
    SEED,
    COUNT,
    SAMPLES,
    OUT,
    WEIGHTS,
    TABLE,
    ALL_SOLVERS,
    NAMED,
    COMPARE,
    SAME_PATH,
    HELP
};

static const struct option names[] = {
    {"evals", 1, NULL, EVALS},
    {"schedule", 1, NULL, SCHEDULE},
    {"solver", 1, NULL, SOLVER},
    {"grid", 1, NULL, GRID},
    {"shift", 1, NULL, SHIFT},
    {"ends", 1, NULL, ENDS},
    {"k", 1, NULL, COEFFICIENT},
    {"diffusion", 1, NULL, DIFFUSION},
    {"norm", 1, NULL, NORM},
    {"eta", 1, NULL, ETA},
    {"churn", 1, NULL, CHURN},
    {"noise", 1, NULL, NOISE},
    {"last-step", 1, NULL, LAST_STEP},
    {"s", 1, NULL, DEVIATION},
    {"plan", 1, NULL, PLAN},
    {"guidance", 1, NULL, GUIDANCE},
    {"class", 1, NULL, CLASS},
    {"seed", 1, NULL, SEED},
    {"count", 1, NULL, COUNT},
    {"samples", 1, NULL, SAMPLES},
    {"out", 1, NULL, OUT},
    {"weights", 1, NULL, WEIGHTS},
    {"table", 0, NULL, TABLE},
    {"all-solvers", 0, NULL, ALL_SOLVERS},
    {"named", 0, NULL, NAMED},
    {"compare", 0, NULL, COMPARE},
    {"same-path", 0, NULL, SAME_PATH},
    {"help", 0, NULL, HELP},
    {NULL, 0, NULL, 0},
};

static int read_integer(const char *text, unsigned long long lowest, unsigned long long highest, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < lowest || value > highest) {
        return 0;
    }
    *out = value;
    return 1;
}

static int read_size(const char *text, size_t lowest, size_t highest, size_t *out)
{
    uint64_t value;
    int good = read_integer(text, lowest, highest, &value);
    *out = good ? (size_t)value : *out;
    return good;
}

static int read_number(const char *text, double lowest, double highest, double *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= lowest && value <= highest)) {
        return 0;
    }
    *out = value;
    return 1;
}

/* ---- libinterp's texts: what it says of a wrong one is what the user is told ---- */

static int read_solver(const char *text, itp_error *why, const char **out)
{
    itp_solver solver = ITP_SOLVER_INIT;
    *out = text;
    return itp_solver_parse(text, why, &solver) == ITP_OK;
}

static int read_grid(const char *text, itp_error *why, const char **out)
{
    itp_grid grid = ITP_GRID_INIT;
    *out = text;
    return itp_grid_parse(text, why, &grid) == ITP_OK;
}

static int read_diffusion(const char *text, itp_error *why, const char **out)
{
    itp_diffusion diffusion = ITP_DIFFUSION_INIT;
    *out = text;
    return itp_diffusion_parse(text, why, &diffusion) == ITP_OK;
}

static int read_schedule(const char *text, options *o)
{
    itp_schedule *schedule = NULL;
    int status = itp_schedule_parse(text, &o->why, &schedule);
    itp_schedule_free(schedule);
    o->what.schedule = text;
    o->schedule_given = 1;
    return status == ITP_OK;
}

static int read_choice(const char *kind, const char *text, int32_t *out)
{
    itp_entry entry = ITP_ENTRY_INIT;
    int status = itp_kind_find(kind, text, &entry);
    *out = entry.id;
    return status == ITP_OK;
}

static int read_class(const char *text, int32_t *out)
{
    uint64_t value = 0;
    if (strcmp(text, "all") == 0) {
        *out = ALL_CLASSES;
        return 1;
    }
    int good = read_integer(text, 0, REAL_CLASSES - 1, &value);
    *out = (int32_t)value;
    return good;
}

static int read_text(const char *text, const char **out)
{
    *out = text;
    return *text != 0;
}

static int read_evaluations(const char *text, options *o)
{
    size_t value = 1;
    int good = read_size(text, 1, 10000, &value);
    o->what.evaluations = (int32_t)value;
    o->evaluations_given = 1;
    return good;
}

static int set_noise(int which, const char *text, itp_error *why, recipe *r)
{
    switch (which) {
    case DIFFUSION: return read_diffusion(text, why, &r->diffusion);
    case NORM: return read_number(text, 0, 1e6, &r->norm);
    case ETA: return read_number(text, 0, 1e6, &r->eta);
    case CHURN: return read_number(text, 0, 1e6, &r->churn);
    case NOISE: return read_choice("noise", text, &r->noise);
    case LAST_STEP: return read_number(text, 0, 0.5, &r->last_step);
    default: /* COEFFICIENT */ return read_number(text, 0, 64, &r->k);
    }
}

static int set_recipe(int which, const char *text, itp_error *why, recipe *r)
{
    switch (which) {
    case SOLVER: return read_solver(text, why, &r->solver);
    case GRID: return read_grid(text, why, &r->grid);
    case CLASS: return read_class(text, &r->label);
    case SEED: return read_integer(text, 0, UINT64_MAX, &r->seed);
    case GUIDANCE: return read_number(text, -100, 100, &r->guidance);
    case DEVIATION: return read_number(text, 1e-6, 1e6, &r->s);
    case SHIFT: return read_number(text, 1e-6, 1e6, &r->shift);
    case ENDS: return read_choice("ends", text, &r->ends);
    default: return set_noise(which, text, why, r);
    }
}

/* 1: the option and its value are understood. */
static int set(int which, const char *text, options *o)
{
    switch (which) {
    case EVALS: return read_evaluations(text, o);
    case SCHEDULE: return read_schedule(text, o);
    case COUNT: return read_size(text, 1, 10000, &o->count);
    case SAMPLES: return read_size(text, 2, 100000, &o->samples);
    case OUT: return read_text(text, &o->out);
    case WEIGHTS: return read_text(text, &o->weights);
    case PLAN: return read_text(text, &o->plan);
    case TABLE: return o->table = 1;
    case ALL_SOLVERS: return o->table = o->all = 1;
    case NAMED: return o->table = o->named = 1;
    case COMPARE: return o->compare = 1;
    case SAME_PATH: return o->same_path = 1;
    default: return set_recipe(which, text, &o->why, &o->what);
    }
}

static int wrong(const char *format, const char *name, const char *value)
{
    fprintf(stderr, format, name, value);
    return OPTIONS_WRONG;
}

static int unknown(char **argv)
{
    char letter[] = {'-', (char)optopt, 0}; /* of a short option; those below ' ' are our own long ones */
    const char *name = optopt > ' ' ? letter : argv[optind - 1];
    return wrong("fashion: '%s' is not an option%s; see fashion --help.\n", name, "");
}

static int lines_of(const options *o)
{
    if (o->all) {
        return METHODS_ALL;
    }
    if (o->named) {
        return METHODS_NAMED;
    }
    if (o->what.solver) {
        return METHODS_ONE;
    }
    return o->what.k > 0 ? METHODS_SDE : o->plan ? METHODS_RIVALS : METHODS_CHOSEN;
}

/* Point mass schedules are for k > 0. */
static void fill_in(options *o)
{
    recipe *r = &o->what;
    if (o->same_path && !o->schedule_given) {
        r->schedule = "point-mass";
    }
    o->lines = lines_of(o);
    if (r->k == NOT_GIVEN) {
        r->k = o->same_path || sampling_schedule(r) == ITP_SCHEDULE_POINT_MASS;
    }
    if (o->samples == 0) {
        o->samples = o->same_path ? o->count : 1000;
    }
}

/* A saved plan leaves nothing to choose; beside it there may be another. */
static int check_plan(const options *o)
{
    const char *other = o->evaluations_given ? "evals" : o->same_path ? "same-path" : NULL;
    if (o->plan && other) {
        return wrong("fashion: --plan and --%s exclude each other%s.\n", other, "");
    }
    if (o->plan && o->textbook && !o->table && !o->compare) {
        return wrong("fashion: --plan and --%s exclude each other%s.\n", o->textbook, " without --compare or --table");
    }
    return OPTIONS_GO;
}

static int finish(int argc, char **argv, options *o)
{
    if (optind < argc) {
        return wrong("fashion: '%s' is not an option%s; see fashion --help.\n", argv[optind], "");
    }
    if (o->table + o->compare + o->same_path > 1) {
        return wrong("fashion: %s and %s exclude each other.\n", o->table ? "--table" : "--compare",
                     o->table && o->compare ? "--compare" : "--same-path");
    }
    fill_in(o);
    return check_plan(o);
}

static void defaults(options *o)
{
    *o = (options){.count = 100, .out = "fashion.png", .what = sampling_default(), .why = ITP_ERROR_INIT};
    o->what.k = NOT_GIVEN;
}

int options_read(int argc, char **argv, options *o)
{
    int which, at = 0;
    defaults(o);
    opterr = 0;
    while ((which = getopt_long(argc, argv, ":", names, &at)) != -1) {
        if (which == '?') {
            return unknown(argv);
        }
        if (which == ':') {
            return wrong("fashion: %s needs a value%s; see fashion --help.\n", argv[optind - 1], "");
        }
        if (which == HELP) {
            fputs(help, stdout);
            return OPTIONS_DONE;
        }
        if (!set(which, optarg, o)) {
            return o->why.text[0]
                       ? wrong("fashion: %s%s\n", o->why.text, "")
                       : wrong("fashion: --%s cannot be '%s'; see fashion --help.\n", names[at].name, optarg);
        }
        if (which > EVALS && which <= DEVIATION) {
            o->textbook = names[at].name;
        }
    }
    return finish(argc, argv, o);
}
