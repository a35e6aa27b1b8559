/* What a row does to arrays: sums by elements with a coefficient for each, and products with a basis. */
#ifndef ITP_COVARIANCE_BASIS_H
#define ITP_COVARIANCE_BASIS_H

#include <interp/sampler.h>

/* next[s][e] = sum coef[c][e] column[c][s][e] + constant[e], in double, in the order of the columns. next may be a
 * column. */
typedef struct itp_advance {
    size_t count, width; /* of samples, elements */
    size_t from;         /* the first sample: of `count` from there on */
    int32_t columns;
    const void *const *column;
    const double *coef, *constant; /* [columns][width], [width] */
    void *next;
} itp_advance;

/* Between x [count][dim] and its components c [count][rank] along basis [rank][dim]. */
typedef struct itp_turn {
    size_t count, dim, rank;
    const void *basis;
    void *x, *c;
} itp_turn;

typedef struct itp_basis_kernel {
    void (*advance)(const itp_advance *op);
    void (*project)(const itp_turn *op);             /* c = x basis' */
    void (*expand)(const itp_turn *op, int32_t add); /* x = c basis, or x += c basis */
    int32_t splits;                                  /* 1: whose bits do not depend on how samples are split */
} itp_basis_kernel;

/* ITP_KERNEL_*, ITP_FLOAT*: ITP_OK or ITP_E_UNSUPPORTED. */
int itp_basis_choose(int32_t kernel, int32_t type, itp_basis_kernel *out);

#endif
