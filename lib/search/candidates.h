/* Candidates: plans made of texts, each kept once. */
#ifndef ITP_SEARCH_CANDIDATES_H
#define ITP_SEARCH_CANDIDATES_H

#include "search/searching.h"

/* Makes search->base, which says where all of them begin and end: the plan of the first text that makes one, or, of a
 * search without texts, the one that has nothing but a budget. ITP_E_UNSUPPORTED, and others, with a sentence. */
int itp_candidates_base(itp_search *search);

/* Makes those of all budgets. */
int itp_candidates_make(itp_search *search);

/* The plan of a candidate's text. */
int itp_candidate_plan(const itp_search *search, const itp_candidate *of, const itp_env *env, itp_plan **out);

/* The numbers of a candidate: those of a row, beginning with its time, of which the coefficients follow; how many there
 * are of all rows; the rows' positions. */
const double *itp_candidate_numbers(const itp_search *search, const itp_candidate *of, int32_t row);
size_t itp_candidate_count(int32_t rows);
const double *itp_candidate_positions(const itp_search *search, const itp_candidate *of);

/* Below 0, 0, above 0, by the numbers but for rounding. *shared: how many evaluations both begin with. */
int itp_candidates_compare(const itp_search *search, const itp_candidate *a, const itp_candidate *b, int32_t *shared);

#endif
