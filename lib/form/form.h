/* Linear forms: sparse combinations of columns (states, outputs of the network, normals) with double coefficients.
 * Solvers are algebra on these. They are large, so what works on one changes it in place. */
#ifndef ITP_FORM_FORM_H
#define ITP_FORM_FORM_H

#include <stdint.h>

enum { ITP_FORM_TERMS = 20 };

/* What a coefficient multiplies. An evaluation has three columns: the state it was made at, the network's raw output
 * (known to its own row only), and the form of the two that the builder keeps for later rows. Column 2 i + j of WIENER
 * is the increment (j = 0) or the area (j = 1) of the Brownian path over the solver's interval i, a standard normal. */
enum { ITP_IS_STATE = 0, ITP_IS_OUTPUT = 1, ITP_IS_NORMAL = 2, ITP_IS_KEPT = 3, ITP_IS_WIENER = 4 };

typedef struct itp_form_term {
    int32_t column, index;
    double coef;
} itp_form_term;

typedef struct itp_form {
    int32_t count;
    int32_t full; /* 1: more columns than a form can hold */
    itp_form_term term[ITP_FORM_TERMS];
} itp_form;

itp_form itp_form_zero(void);
itp_form itp_form_column(int32_t column, int32_t index, double coef);

/* sum += c b and form *= c; b is not the sum itself. */
void itp_form_increase(itp_form *sum, double c, const itp_form *b);
void itp_form_scale(itp_form *form, double c);

/* form = c form + d b. */
void itp_form_combine(itp_form *form, double c, double d, const itp_form *b);

/* sum += c times a column. */
void itp_form_increase_by(itp_form *sum, double c, int32_t column, int32_t index);

/* 1: the same terms in the same order. */
int itp_form_equal(const itp_form *a, const itp_form *b);

#endif
