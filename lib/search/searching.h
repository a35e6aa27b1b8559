/* A search inside the library: what its parts share. */
#ifndef ITP_SEARCH_SEARCHING_H
#define ITP_SEARCH_SEARCHING_H

#include <interp/search.h>

#include "fit/reference.h"
#include "search/pool.h"

enum { ITP_SEARCH_BUDGETS = 32, ITP_SEARCH_ROWS = 100 };

/* A plan that is to be compared with others, by its numbers: for each row the time of its evaluation and the
 * coefficients of Y_0, F_0, F_1, ... in the state after it, then the positions of all rows. Outputs are meant as the
 * network returned them, so that plans that do the same have the same numbers. */
typedef struct itp_candidate {
    size_t numbers, text; /* where they begin in the search's pools */
    uint64_t hash;        /* of the numbers but for rounding */
    double sum, squares;  /* over the seeds that choose: of a sample's mean square, and of that squared */
    double test_sum, test_squares;
    double rehearsed; /* error in the rehearsal */
    int32_t rows, budget, names, status;
    int32_t seeds, tested; /* so many of the seeds that choose, of the test, are in the sums */
    int32_t round;         /* the one after which it left; -1: it is there */
} itp_candidate;

/* Runs candidates one after another over a range of seeds, and adds up their errors. */
typedef struct itp_tour {
    int32_t *order;            /* those to run, so that what begins alike stands together */
    int32_t count, at, before; /* `before`: the one whose outputs are there; -1: none */
    int32_t row;               /* the next evaluation of the one at work */
    int asked;
    itp_fit_span span;
    unsigned char *block, *start, *state, *features; /* [batch][dim], but the last */
    size_t bytes, stride;
    unsigned char **outputs; /* of every row, [batch][dim]; then the unconditional one */
    itp_column *columns;
    int32_t most_rows; /* of a candidate */
} itp_tour;

/* What the network says along the converged paths of a few seeds. */
typedef struct itp_rehearsal {
    itp_plan *plan;
    itp_fine_run run;
    size_t seeds, bytes;
    unsigned char *columns;      /* Y_0, G_0, G_1, ..., the samples, each [seeds][dim] */
    double *gram, *room, *forms; /* forms: of a candidate's outputs */
    double first, last;          /* positions between which they lie */
    int32_t even;                /* so many steps between these two */
} itp_rehearsal;

/* OPEN: there is a request for the caller; ASKED: the caller has it; OVER: the search has ended with `status`. */
enum { ITP_SEARCH_OPEN = 0, ITP_SEARCH_ASKED = 1, ITP_SEARCH_OVER = 2 };

struct itp_search {
    itp_search_desc desc; /* resolved */
    itp_memory memory;
    itp_report log;
    itp_model model; /* of the candidates; its schedule is held */
    int32_t given;   /* 1: it is the caller's, no text names it */
    char *common;    /* what comes before each text */
    size_t common_bytes;
    char name[ITP_ORIGIN_NAME];
    int32_t budgets[ITP_SEARCH_BUDGETS];
    int32_t begins[ITP_SEARCH_BUDGETS + 1]; /* the first candidate of each budget, and how many there are */
    itp_pool candidates, numbers, texts;
    int32_t *slots; /* where candidates are found by their hash, 1 + number; 0: nowhere */
    size_t slot_count;
    int32_t *ranking; /* candidates of every budget, the best first */
    double *errors;   /* room for those of one budget */
    itp_plan *base;   /* whose beginning and end are those of all */
    itp_fitting fit;  /* seeds, reference, features */
    int fitting;      /* 1: it is there */
    itp_reference reference;
    itp_rehearsal rehearsal;
    itp_tour tour;
    int32_t seen, target, round; /* seeds that all have seen, that they see in this round, and which one it is */
    int testing, enough;         /* enough: the caller wants no more */
    itp_search_report report;
    const itp_fit_phase *next;
    int state, status;
};

static inline itp_candidate *itp_candidate_at(const itp_search *search, int32_t i)
{
    return (itp_candidate *)(void *)search->candidates.data + i;
}

/* The error over the seeds that choose; infinite where it is no number or none was seen. */
double itp_candidate_error(const itp_candidate *of);

/* How many of the network's evaluations a request stands for. */
uint64_t itp_search_weight(const itp_search *search);

/* Tells the caller how far the search is. 1: it is enough; or a status. */
int itp_search_tell(itp_search *search);

#endif
