#ifndef ITP_SEARCH_ROUNDS_H
#define ITP_SEARCH_ROUNDS_H

#include "search/searching.h"

/* Takes the memory of the ranking, which then is in the order of the texts. Free it in any case. */
int itp_rounds_new(itp_search *search);
void itp_rounds_free(itp_search *search);

/* Lets those go that the rehearsal leaves no hope for, or, in a search of all, none; then the first round begins. */
void itp_rounds_begin(itp_search *search);

/* The rounds, and the test of those that are left. */
int itp_rounds_advance(itp_search *search);

/* Puts the ranking in order. */
void itp_rounds_rank(itp_search *search);

#endif
