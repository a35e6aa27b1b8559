/* Samples in shards over the ranks of MPI: shards --help, docs/mpi.md.
 *
 * A rank looks whether its shards are on the disk already, shares out those that are missing, makes its part of them,
 * and adds its statistics to the others'. Any rank may die at any time: start the program again. */
#define _POSIX_C_SOURCE 200809L

#include "job.h"
#include "progress.h"

#include <errno.h>
#include <inttypes.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

typedef struct crew {
    int rank, ranks;
    int told;       /* libinterp has said what is wrong */
    double startup; /* seconds in MPI_Init */
} crew;

/* What one rank did, in the order in which it is reduced. */
enum { FOUND, DAMAGED, MADE, COUNTS };
enum { LOOKING = JOB_PARTS, MAKING, REDUCING, PARTS };
typedef struct ledger {
    tally t;
    uint64_t counts[COUNTS];
    double looking, making, reducing;
} ledger;

static void ITP_CALL tell(void *user, int32_t level, const char *message)
{
    crew *c = user;
    if (level == ITP_LOG_ERROR) {
        fprintf(stderr, "shards: rank %d: %s\n", c->rank, message);
        c->told = 1;
    }
}

/* The largest of all ranks' problems: all go on, or none. */
static int agree(int problem)
{
    int worst;
    MPI_Allreduce(&problem, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return worst;
}

static int make_folder(const crew *c, const char *folder)
{
    if (c->rank || mkdir(folder, 0777) == 0 || errno == EEXIST) {
        return 0;
    }
    fprintf(stderr, "shards: the folder %s cannot be made: %s.\n", folder, strerror(errno));
    return 1;
}

/* All ranks meet the same wrong option; one of them says so. */
static int open_job(const crew *c, job *j, const options *o, const itp_env *env)
{
    int status = job_open(j, o, c->rank == 0 ? env : NULL);
    j->env = env;
    if (status && !c->told && (c->rank == 0 || status == ITP_E_MEMORY)) {
        fprintf(stderr, "shards: %s\n", itp_status_string(status));
    }
    return status != 0;
}

/* A plan is made with the machine's sin and log. Where machines differ in those, ranks would mix two plans. */
static int same_key(const crew *c, uint64_t key)
{
    uint64_t low, high;
    MPI_Allreduce(&key, &low, 1, MPI_UINT64_T, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(&key, &high, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD);
    if (low != high && c->rank == 0) {
        fprintf(stderr, "shards: the ranks' plans differ in their last digits; use machines of one kind.\n");
    }
    return low == high;
}

/* 1: it is there, 0: it has to be made, -1: this run must not go on. */
static int look(job *j, uint64_t index, ledger *l)
{
    int verdict = job_find(j, index, &l->t);
    const char *file = j->name.path;
    switch (verdict) {
    case SHARD_READ: l->counts[FOUND]++; return 1;
    case SHARD_ABSENT: return 0;
    case SHARD_DAMAGED:
        fprintf(stderr, "shards: %s is damaged and will be made again.\n", file);
        l->counts[DAMAGED]++;
        return 0;
    case SHARD_FOREIGN:
        fprintf(stderr, "shards: %s was made with other options; choose another folder, or those options.\n", file);
        return -1;
    default: fprintf(stderr, "shards: %s cannot be read: %s.\n", file, strerror(errno)); return -1;
    }
}

/* present[i] for all shards, on every rank. 0, or 1: do not go on. */
static int survey(const crew *c, job *j, ledger *l, uint8_t *present)
{
    double since = MPI_Wtime();
    int problem = 0;
    for (uint64_t i = (uint64_t)c->rank; i < j->shards && !problem; i += (uint64_t)c->ranks) {
        int there = look(j, i, l);
        problem = there < 0;
        present[i] = there > 0;
    }
    if (agree(problem)) {
        return 1;
    }
    MPI_Allreduce(MPI_IN_PLACE, present, (int)j->shards, MPI_UINT8_T, MPI_MAX, MPI_COMM_WORLD);
    l->looking = MPI_Wtime() - since;
    return 0;
}

static uint64_t missing_of(const uint8_t *present, uint64_t shards)
{
    uint64_t missing = 0;
    for (uint64_t i = 0; i < shards; i++) {
        missing += !present[i];
    }
    return missing;
}

/* A rank that cannot go on ends the run: the finished shards stay, and the rest is made once the reason is gone. */
static void make(const crew *c, job *j, uint64_t index, ledger *l)
{
    const char *why = job_make(j, index, &l->t);
    if (why) {
        fprintf(stderr, "shards: rank %d: %s cannot be made: %s\n", c->rank, j->name.path, why);
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
    }
    l->counts[MADE]++;
}

/* The missing shards are dealt out in turn. Who makes which makes no difference to the bytes. */
static void make_missing(const crew *c, job *j, ledger *l, const uint8_t *present)
{
    double since = MPI_Wtime();
    uint64_t turn = 0;
    progress p;
    progress_start(&p, c->rank, j->o->progress, missing_of(present, j->shards), (double)j->o->shard);
    for (uint64_t i = 0; i < j->shards; i++) {
        if (!present[i] && turn++ % (uint64_t)c->ranks == (uint64_t)c->rank) {
            make(c, j, i, l);
            progress_shard(&p);
        }
    }
    l->making = MPI_Wtime() - since;
    progress_wait(&p);
}

/* On rank 0, of all ranks. Integers: see tally.h. */
static void reduce(ledger *mine, ledger *all)
{
    MPI_Barrier(MPI_COMM_WORLD); /* so that waiting for others is not timed as reducing */
    double since = MPI_Wtime();
    MPI_Reduce(mine->t.field, all->t.field, TALLY_FIELDS, MPI_UINT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
    MPI_Reduce(mine->counts, all->counts, COUNTS, MPI_UINT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
    mine->reducing = MPI_Wtime() - since;
}

static void report_law(const tally *t)
{
    double mean[2], covariance[3], exact_mean[2], exact[3], samples = (double)t->field[TALLY_SAMPLES];
    tally_moments(t, mean, covariance);
    mixture_moments(exact_mean, exact);
    printf("samples     %" PRIu64 ", %" PRIu64 " outside\n", t->field[TALLY_SAMPLES], t->field[TALLY_OUTSIDE]);
    printf("digest      %016" PRIx64 "\n", t->field[TALLY_DIGEST]);
    printf("mean        %.17g %.17g\n", mean[0], mean[1]);
    printf("  exact     %.17g %.17g\n", exact_mean[0], exact_mean[1]);
    printf("covariance  %.17g %.17g %.17g\n", covariance[0], covariance[1], covariance[2]);
    printf("  exact     %.17g %.17g %.17g\n", exact[0], exact[1], exact[2]);
    for (int i = 0; i < MIXTURE_SPOTS; i++) {
        printf("spot %d      %.17g, weight %g\n", i, (double)t->field[TALLY_SPOTS + i] / samples, mixture[i].weight);
    }
    printf("no spot     %.17g\n", (double)t->field[TALLY_SPOTS + MIXTURE_SPOTS] / samples);
}

static int report(const crew *c, const job *j, const ledger *all)
{
    printf("shards      %" PRIu64 ": %" PRIu64 " found, %" PRIu64 " made, %" PRIu64
           " of these damaged before; ranks: %d\n",
           j->shards, all->counts[FOUND], all->counts[MADE], all->counts[DAMAGED], c->ranks);
    report_law(&all->t);
    if (all->t.field[TALLY_SAMPLES] == j->o->samples) {
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "shards: the ranks' samples do not add up to %" PRIu64 ".\n", j->o->samples);
    return EXIT_FAILURE;
}

/* Seconds per rank: the mean, and the slowest rank's. */
static void report_timings(const crew *c, const job *j, const ledger *l)
{
    static const char *const names[PARTS + 1] = {"network", "sampler", "statistics", "files",
                                                 "looking", "making",  "reduction",  "startup"};
    double mine[PARTS + 1], sum[PARTS + 1], most[PARTS + 1];
    memcpy(mine, j->seconds, sizeof j->seconds);
    mine[LOOKING] = l->looking;
    mine[MAKING] = l->making;
    mine[REDUCING] = l->reducing;
    mine[PARTS] = c->startup;
    MPI_Reduce(mine, sum, PARTS + 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    MPI_Reduce(mine, most, PARTS + 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
    for (int i = 0; c->rank == 0 && i <= PARTS; i++) {
        printf("seconds     %-10s  mean %.6f, most %.6f\n", names[i], sum[i] / c->ranks, most[i]);
    }
}

static int sample_all(const crew *c, job *j, uint8_t *present)
{
    ledger mine = {.looking = 0}, all = {.looking = 0};
    if (survey(c, j, &mine, present)) {
        return EXIT_FAILURE;
    }
    make_missing(c, j, &mine, present);
    reduce(&mine, &all);
    int result = c->rank == 0 ? report(c, j, &all) : EXIT_SUCCESS;
    if (j->o->timings) {
        report_timings(c, j, &mine);
    }
    return result;
}

static int work(crew *c, const options *o)
{
    job j;
    itp_log log = {ITP_SIZED(itp_log), tell, c};
    itp_env env = {ITP_SIZED(itp_env), .log = &log};
    int problem = open_job(c, &j, o, &env) || make_folder(c, o->out), result = EXIT_FAILURE;
    if (!agree(problem) && same_key(c, j.key)) {
        uint8_t *present = calloc(j.shards, 1);
        if (!agree(!present)) {
            result = sample_all(c, &j, present);
        } else if (!present) {
            fprintf(stderr, "shards: %s\n", itp_status_string(ITP_E_MEMORY));
        }
        free(present);
    }
    job_close(&j);
    return result;
}

int main(int argc, char **argv)
{
    crew c = {0};
    options o;
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    MPI_Init(&argc, &argv);
    clock_gettime(CLOCK_MONOTONIC, &after);
    c.startup = (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
    MPI_Comm_rank(MPI_COMM_WORLD, &c.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &c.ranks);
    int read = options_read(argc, argv, c.rank == 0, &o), result = EXIT_SUCCESS;
    if (read != OPTIONS_DONE) {
        result = read == OPTIONS_GO ? work(&c, &o) : EXIT_FAILURE;
    }
    MPI_Finalize();
    return result;
}
