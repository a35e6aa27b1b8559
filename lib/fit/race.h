/* Which start to go on from, and going on from it. */
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
    size_t stay;  /* how many are left after the round */
    double least; /* error held out, of the starts judged */
    int32_t free; /* steps that do not count among the iterations */
    int narrow;   /* the race is held on fewer samples than there are */
    int enough;   /* the caller says so */
} itp_fit_race;

/* Races the starts against each other and improves the winner; `enough`: only judges them. Fills the report. */
void itp_fit_race_begin(itp_fit_race *race, itp_walk *walk, itp_fit_starts *starts, itp_newton *newton, int enough);
int itp_fit_race_go(itp_fit_race *race);

#endif
