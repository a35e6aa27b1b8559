#ifndef ITP_SEARCH_DESCRIBE_H
#define ITP_SEARCH_DESCRIBE_H

#include "search/searching.h"

/* Reads a description, fills in its defaults, and makes what it names: the model, the plan that says where all
 * candidates begin, and a fitting, which has the seeds and the converged samples. log, memory and fit.env must be
 * there. Free it in any case. */
int itp_search_describe(itp_search *search, const itp_search_desc *desc);
void itp_search_forget(itp_search *search);

#endif
