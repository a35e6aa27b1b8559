#ifndef ITP_SEARCH_ENTRIES_H
#define ITP_SEARCH_ENTRIES_H

#include "search/candidates.h"

/* What there is to say of a candidate. */
itp_search_entry itp_entry_of(const itp_search *search, const itp_candidate *of);

#endif
