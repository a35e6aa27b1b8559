#ifndef ITP_SEARCH_TOUR_H
#define ITP_SEARCH_TOUR_H

#include "search/searching.h"

/* Takes the memory. Free it in any case. */
int itp_tour_new(itp_search *search);
void itp_tour_free(itp_search *search);

/* Begins one of all candidates that are left, over the samples first .. end - 1. */
void itp_tour_begin(itp_search *search, size_t first, size_t end);
int itp_tour_advance(itp_search *search);

#endif
