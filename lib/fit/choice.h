/* The choice of a step: steps of several dampings are tried, and the one of the least score is taken. */
#ifndef ITP_FIT_CHOICE_H
#define ITP_FIT_CHOICE_H

#include "fit/step.h"

typedef struct itp_fit_choice {
    itp_fit_step step;
    itp_fit_table trial;        /* the table after the step that is being tried */
    itp_fit_trial *run;         /* finds its errors */
    const itp_fit_start *start; /* from whose table the steps are made */
    double error;               /* of that table, on the samples fitted on */
    int32_t tries;
    int running;         /* 1: the errors of the trial are being found */
    double damping;      /* of the trial */
    double found;        /* the damping of the best trial; 0: none is better than the start's table */
    double least;        /* its score, or that of the start's table */
    itp_fit_table table; /* the best trial */
    itp_fit_errors errors;
} itp_fit_choice;

/* Takes the tables. Must be freed also after an error; itp_fit_step_place takes the arrays of the step. */
int itp_fit_choice_new(itp_fit_choice *choice, const itp_fit_table *form, itp_fit_trial *run);
void itp_fit_choice_free(itp_fit_choice *choice);

/* Tries steps from the start's table, which has these errors. */
void itp_fit_choice_begin(itp_fit_choice *choice, const itp_fit_start *start, const itp_fit_errors *errors);
int itp_fit_choice_advance(itp_fit_choice *choice);

#endif
