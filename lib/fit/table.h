/* A plan as the numbers that a fit moves. Row i has the columns of <interp/fit.h>: one state, then outputs. */
#ifndef ITP_FIT_TABLE_H
#define ITP_FIT_TABLE_H

#include "plan/plan.h"
#include "prediction/prediction.h"

typedef struct itp_fit_table {
    itp_memory memory;
    int32_t rows, coefs, parameters, most_outputs;
    double *value; /* the coefficients of row 0, of row 1, ..., then u of every row */
    double *u;     /* value + coefs */
} itp_fit_table;

/* A column of a row: Y_index or F_index. */
typedef struct itp_fit_column {
    int32_t output, index;
} itp_fit_column;

/* Cleared. `outputs` 0: all; `moving`: whether nodes are parameters. ITP_E_MEMORY, with nothing to free. */
int itp_fit_table_new(const itp_memory *memory, int32_t rows, int32_t outputs, int moving, itp_fit_table *out);
/* The same of the form and the memory of another one. */
int itp_fit_table_like(const itp_fit_table *form, itp_fit_table *out);
void itp_fit_table_free(itp_fit_table *table);

int32_t itp_fit_columns(const itp_fit_table *table, int32_t row);
itp_fit_column itp_fit_column_of(const itp_fit_table *table, int32_t row, int32_t c);
double *itp_fit_coefs(const itp_fit_table *table, int32_t row);

/* Numbers in `value`, nodes that do not move included. */
size_t itp_fit_values(const itp_fit_table *table);
void itp_fit_table_copy(const itp_fit_table *from, itp_fit_table *to);
/* Where nodes may be: from `start` to `last`, and before `end`. */
typedef struct itp_fit_range {
    double start, last, end;
} itp_fit_range;
/* value += step[parameters]; then nodes that would meet or leave the range are held apart. */
void itp_fit_table_move(itp_fit_table *table, const double *step, const itp_fit_range *range);
/* Holds nodes that would meet or leave the range apart. */
void itp_fit_table_separate(itp_fit_table *table, const itp_fit_range *range);

/* Fills a table of all outputs with a plan without noise; what the plan keeps is resolved. ITP_E_UNSUPPORTED,
 * ITP_E_MEMORY. */
int itp_fit_table_read(itp_fit_table *table, const itp_plan *plan);

/* Fills `to` with the rows nearest to those of `from`, a table of all outputs, where nearness is measured by
 * gram[rows+1][rows+1] of Y_0, F_0, ... F_{rows-1}. `room`: so many doubles.
 * ITP_E_SINGULAR: the Gram matrix is none. */
size_t itp_fit_project_room(int32_t rows);
int itp_fit_table_project(const itp_fit_table *from, const double *gram, double *room, itp_fit_table *to);

/* Writes what the model says of a row at the position u: its time, t, scale and data prediction, which is 0 where it
 * has no finite limit. ITP_E_SINGULAR: its time has no limit. */
int itp_fit_ask_model(const itp_network *model, double u, itp_plan_row *row);

/* A row at the position u: `like` itself, without terms and keeping nothing, where u is its own; else what the model
 * says there. ITP_E_SINGULAR: its time has no limit. */
int itp_fit_place(const itp_network *model, const itp_plan_row *like, double u, itp_plan_row *out);

/* As a plan; what is not in the table comes from `like`. */
int itp_fit_table_write(const itp_fit_table *table, const itp_network *model, const itp_plan *like, itp_plan **out);

#endif
