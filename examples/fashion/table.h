/* What each schedule and solver makes of a budget of evaluations, printed as a Markdown table. */
#ifndef FASHION_TABLE_H
#define FASHION_TABLE_H

#include "models.h"
#include "sampling.h"

/* Seed, class, guidance and s are those of `base`. EXIT_SUCCESS, or EXIT_FAILURE after one sentence on stderr. */
int table_print(const models *m, const recipe *base, size_t samples, int all);

#endif
