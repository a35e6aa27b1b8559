/* What a run of a plan has beside the sampler's: slots, and what its rows are turned into. */
#ifndef ITP_SAMPLER_CARRY_H
#define ITP_SAMPLER_CARRY_H

#include "sampler/sampler.h"

typedef struct itp_plan_run {
    unsigned char *slots; /* 1 .. and then what rows carry, sampler->stride bytes apart; slot 0 is the caller's x */
    /* Of plans that carry: of the row's terms, which are in the array of what is carried, the same of the next row's,
     * and of the normals that the row draws the coefficients in the next row. */
    unsigned char *carried, *next_carried;
    double *coefs;
} itp_plan_run;

/* The array of a slot. */
void *itp_plan_run_slot(const itp_sampler *sampler, int32_t i);

/* Nothing is carried yet; the columns and normals of a row, and what it carries; the row has run; the array of
 * what is carried, made anew before sampler->row: ITP_OK, or as itp_sampler_combine. */
void itp_plan_run_carry_nothing(itp_sampler *sampler);
itp_combine itp_plan_run_list(itp_sampler *sampler, int32_t i);
void itp_plan_run_carry_on(itp_sampler *sampler);
int itp_plan_run_carry_again(itp_sampler *sampler);

#endif
