#ifndef ITP_SEARCH_REHEARSAL_H
#define ITP_SEARCH_REHEARSAL_H

#include "search/searching.h"

/* Makes the fine plan and takes the memory. Free it in any case. */
int itp_rehearsal_new(itp_search *search);
void itp_rehearsal_free(itp_search *search);

/* Runs the fine plan, then fills the candidates' `rehearsed`. */
int itp_rehearsal_advance(itp_search *search);

/* Keeps the outputs of a request of the fine plan; to be called before it is submitted. Where there is none under way,
 * it does nothing. */
int itp_rehearsal_record(itp_search *search);

#endif
