#define _GNU_SOURCE

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <interp/interp.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "Samples a Gaussian mixture in shards, over the ranks of MPI. The same bytes for any number of ranks.\n"
    "\n"
    "  mpirun -n RANKS shards --out FOLDER [options]\n"
    "\n"
    "  --out FOLDER       one file per shard; those that are there already are kept\n"
    "  --samples N        in all (1000000)\n"
    "  --shard N          samples per shard (65536)\n"
    "  --seed S           sample i draws from (S, i), whoever makes it (0)\n"
    "  --evals N          network evaluations per sample (24)\n"
    "  --schedule TEXT    to sample under, a name or \"lazy(k=1)\" (lazy)\n"
    "  --solver TEXT      a name or \"ddpm(eta=0.5)\" (euler, or euler-maruyama for K > 0)\n"
    "  --k K              diffusion k eps*: 0 is the flow, 1 the optimal SDE (0)\n"
    "  --progress SECONDS between lines of progress on stderr, 0: none (5)\n"
    "  --timings          what the time was spent on\n";

enum { OUT = 1, SAMPLES, SHARD, SEED, EVALS, SCHEDULE, SOLVER, DIFFUSION, PROGRESS, TIMINGS, HELP };

static const struct option names[] = {
    {"out", 1, NULL, OUT},         {"samples", 1, NULL, SAMPLES}, {"shard", 1, NULL, SHARD},
    {"seed", 1, NULL, SEED},       {"evals", 1, NULL, EVALS},     {"schedule", 1, NULL, SCHEDULE},
    {"solver", 1, NULL, SOLVER},   {"k", 1, NULL, DIFFUSION},     {"progress", 1, NULL, PROGRESS},
    {"timings", 0, NULL, TIMINGS}, {"help", 0, NULL, HELP},       {NULL, 0, NULL, 0},
};

static int read_integer(const char *text, uint64_t lowest, uint64_t highest, uint64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *out >= lowest && *out <= highest;
}

static int read_evaluations(const char *text, int32_t *out)
{
    uint64_t value;
    int good = read_integer(text, 1, 10000, &value);
    *out = (int32_t)value;
    return good;
}

static int read_number(const char *text, double highest, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && *out >= 0 && *out <= highest;
}

static int read_text(const char *text, const char **out)
{
    *out = text;
    return *text != 0;
}

static int read_solver(const char *text, options *o)
{
    itp_solver solver = ITP_SOLVER_INIT;
    o->solver = text;
    return itp_solver_parse(text, &o->why, &solver) == ITP_OK;
}

static int read_schedule(const char *text, options *o)
{
    itp_schedule *schedule = NULL;
    int status = itp_schedule_parse(text, &o->why, &schedule);
    itp_schedule_free(schedule);
    o->schedule = text;
    return status == ITP_OK;
}

/* 1: the option and its value are understood. */
static int set(int which, const char *text, options *o)
{
    switch (which) {
    case OUT: return read_text(text, &o->out);
    case SAMPLES: return read_integer(text, 1, UINT64_C(1) << 32, &o->samples);
    case SHARD: return read_integer(text, 1, UINT64_C(1) << 26, &o->shard);
    case SEED: return read_integer(text, 0, UINT64_MAX, &o->seed);
    case EVALS: return read_evaluations(text, &o->evaluations);
    case SCHEDULE: return read_schedule(text, o);
    case SOLVER: return read_solver(text, o);
    case DIFFUSION: return read_number(text, 64, &o->k);
    case PROGRESS: return read_number(text, 1e6, &o->progress);
    default: /* TIMINGS */ return o->timings = 1;
    }
}

static int wrong(int speak, const char *format, const char *name, const char *value)
{
    if (speak) {
        fprintf(stderr, format, name, value);
    }
    return OPTIONS_WRONG;
}

static int finish(int argc, char **argv, int speak, const options *o)
{
    if (optind < argc) {
        return wrong(speak, "shards: '%s' is not an option%s; see shards --help.\n", argv[optind], "");
    }
    if (!o->out) {
        return wrong(speak, "shards: %s FOLDER is missing%s; see shards --help.\n", "--out", "");
    }
    /* An MPI count is an int, and a name has six digits. */
    if ((o->samples - 1) / o->shard >= 1000000) {
        return wrong(speak, "shards: these are more than %s shards%s; choose a larger --shard.\n", "1000000", "");
    }
    return OPTIONS_GO;
}

static int print_help(int speak)
{
    if (speak) {
        fputs(help, stdout);
    }
    return OPTIONS_DONE;
}

int options_read(int argc, char **argv, int speak, options *o)
{
    int which, at = 0;
    *o = (options){.samples = 1000000,
                   .shard = 65536,
                   .evaluations = 24,
                   .schedule = "lazy",
                   .progress = 5,
                   .why = ITP_ERROR_INIT};
    opterr = 0;
    while ((which = getopt_long(argc, argv, ":", names, &at)) != -1) {
        if (which == '?') {
            return wrong(speak, "shards: '%s' is not an option%s; see shards --help.\n", argv[optind - 1], "");
        }
        if (which == ':') {
            return wrong(speak, "shards: %s needs a value%s; see shards --help.\n", argv[optind - 1], "");
        }
        if (which == HELP) {
            return print_help(speak);
        }
        if (!set(which, optarg, o)) {
            return o->why.text[0]
                       ? wrong(speak, "shards: %s%s\n", o->why.text, "")
                       : wrong(speak, "shards: --%s cannot be '%s'; see shards --help.\n", names[at].name, optarg);
        }
    }
    return finish(argc, argv, speak, o);
}
