/* The row builder: turns "evaluate the network at this form" into rows, and decides what each row keeps. */
#ifndef ITP_FORM_ROWS_H
#define ITP_FORM_ROWS_H

#include "base/memory.h"
#include "form/form.h"

typedef struct itp_row {
    double time, u, t;
    double scale;                   /* alpha + beta of the network's schedule */
    itp_form next;                  /* Y_{i+1} */
    double keep_state, keep_output; /* the kept form of this evaluation */
    double data_state, data_output; /* its data prediction; both 0: none */
    int32_t keeps;                  /* 1: a later row reads it */
    int32_t step, ends_step;        /* the solver's step that it is of; 1: the row's result is where that step ends */
    int32_t reserved;
} itp_row;

typedef struct itp_rows {
    itp_memory memory;
    itp_row *row;
    int32_t count, capacity, expected;
    itp_form start; /* Y_0: of normals alone */
} itp_rows;

/* Room for `expected` rows is taken at once, with the first. */
void itp_rows_begin(itp_rows *rows, const itp_memory *memory, int32_t expected);
void itp_rows_free(itp_rows *rows);

/* A row that evaluates the network at `state`. The first state must be made of normals alone. Its index is
 * rows->count - 1; until the next row it may be changed through rows->row. ITP_E_MEMORY, ITP_E_INTERNAL. */
int itp_rows_evaluate(itp_rows *rows, const itp_form *state, double time, double u, double t);

/* The last row's result; then rewrites every row in states, outputs and normals alone. */
int itp_rows_finish(itp_rows *rows, const itp_form *state);

#endif
