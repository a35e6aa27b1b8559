/* The race between the starts of a fit, and the steps of those that win it. */
#ifndef ITP_FIT_RACE_H
#define ITP_FIT_RACE_H

#include "fit/starts.h"

typedef struct itp_fit_race {
    itp_walk *walk;
    itp_fit_starts *starts;
    itp_newton *newton;
    const itp_fit_phase *next;
    size_t at;           /* the start at work, */
    int begun, in_round; /* and whether it, and the round, has begun */
    int stepping;        /* it is loaded and steps are made; `before` and `end`: its steps so far, and at most */
    int32_t before, end;
    size_t stay;  /* how many starts are left after the round */
    double least; /* the least error on the samples held out, of the starts admitted */
    int32_t free; /* steps that do not count among the iterations */
    int narrow;   /* the race is held on fewer samples than there are */
    int enough;   /* the caller has stopped the fit */
} itp_fit_race;

/* Races the starts against each other and improves the winners; `enough`: only finds the starts' errors. Fills the
 * report. */
void itp_fit_race_begin(itp_fit_race *race, itp_walk *walk, itp_fit_starts *starts, itp_newton *newton, int enough);
int itp_fit_race_advance(itp_fit_race *race);

#endif
