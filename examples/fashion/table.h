/* What each schedule and solver makes of a budget of evaluations, printed as a Markdown table. */
#ifndef FASHION_TABLE_H
#define FASHION_TABLE_H

#include "models.h"
#include "options.h"

/* Of o->lines, at every budget or at the one that was given. EXIT_SUCCESS, or EXIT_FAILURE after one sentence on
 * stderr. */
int table_print(const models *m, const options *o);

#endif
