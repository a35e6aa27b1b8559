/* Small dense symmetric systems and the Gram matrices they come from. Own code: a fit's systems have tens to hundreds
 * of unknowns, and the evaluations of the network cost a thousand times as much, so BLAS and LAPACK would change the
 * numbers and not the time. */
#ifndef ITP_FIT_SOLVE_H
#define ITP_FIT_SOLVE_H

#include <stddef.h>
#include <stdint.h>

/* Solves a x = b, a[n][n] symmetric and positive definite (its lower half is read, all of it is overwritten); b becomes
 * x. The system is scaled to a unit diagonal first; where the diagonal is 0, so is x. 0, or -1 when a is not positive
 * definite; b is spent then. */
int itp_solve(size_t n, double *a, double *b);

enum { ITP_GRAM_BLOCK = 256 };

/* gram[n][n] += columns columns^T in double, lower half only; columns[n] of `length` elements of `type`.
 * room: n ITP_GRAM_BLOCK doubles. */
void itp_gram_add(int32_t type, const void *const *columns, size_t n, size_t length, double *room, double *gram);
/* The lower half becomes the upper one, too, and everything is multiplied by `factor`. */
void itp_gram_finish(size_t n, double factor, double *gram);

/* Sum of (a - b)^2; b may be NULL: zeros. */
double itp_squares(int32_t type, const void *a, const void *b, size_t length);

#endif
