#include "likeness.h"

#include "score.h"

#include <stdio.h>

#define FINER 8

typedef struct pair {
    const char *schedule, *solver;
    int32_t noise;
} pair;

static const char *noise_name(const recipe *r)
{
    return r->noise == ITP_NOISE_PATH ? "path" : "fresh";
}

void likeness_choose(picture *p, const recipe *base)
{
    const char *solver = base->solver ? base->solver : "euler-maruyama";
    const pair pairs[] = {{"linear", solver, ITP_NOISE_PATH},
                          {base->schedule, solver, ITP_NOISE_PATH},
                          {base->schedule, solver, ITP_NOISE_STEPS},
                          {"linear", "sa-2", ITP_NOISE_PATH},
                          {"linear", "sa-2", ITP_NOISE_STEPS}};
    p->count = 2 * sizeof pairs / sizeof *pairs;
    p->across = 2;
    for (size_t i = 0; i < p->count; i++) {
        const pair *how = &pairs[i / 2];
        recipe *r = &p->recipes[i];
        *r = *base;
        r->schedule = how->schedule;
        r->solver = how->solver;
        r->noise = how->noise;
        r->evaluations *= i % 2 ? FINER : 1;
        snprintf(p->blocks[i].caption, sizeof p->blocks[i].caption, "%s, %s, k %g, %d evals, %s", r->schedule,
                 r->solver, r->k, (int)r->evaluations, noise_name(r));
    }
}

int likeness_print(const picture *p, const models *m, size_t samples)
{
    printf("%zu samples; agreement: the classifier sees the same class; recognised: of all samples of its class, its "
           "own at\n"
           "more evaluations is the nearest.\n\n"
           "| schedule   | solver             | noise | evaluations | agreement %% | recognised %% | correlation |    "
           "RMS |\n"
           "|:-----------|:-------------------|:------|:------------|------------:|-------------:|------------:|-------"
           ":|\n",
           samples);
    for (size_t i = 0; i < p->count; i += 2) {
        const recipe *few = &p->recipes[i], *many = &p->recipes[i + 1];
        likeness alike;
        int status = score_likeness(m, few, p->blocks[i].images, p->blocks[i + 1].images, samples, &alike);
        if (status) {
            return status;
        }
        printf("| %-10s | %-18s | %-5s | %4d, %4d  | %11.1f | %12.1f | %11.3f | %6.4f |\n", few->schedule, few->solver,
               noise_name(few), (int)few->evaluations, (int)many->evaluations, 100 * alike.agreement,
               100 * alike.recognised, alike.correlation, alike.rms);
    }
    printf("\n");
    return ITP_OK;
}
