/* A covariance plan inside the library: ordinary plans, and their rows as tables that all components can be run by. */
#ifndef ITP_COVARIANCE_BAND_PLAN_H
#define ITP_COVARIANCE_BAND_PLAN_H

#include "covariance/bands.h"
#include "covariance/covariance.h"
#include "plan/plan.h"

/* Row i of band b: Y_{i+1} = sum over columns c of coef[(i * columns + c) * bands + b] column_c + constants[b * rows +
 * i] mean. Column c is Y_{i-c} for c < states, and F_{i-(c-states)}, as the network returned it, from there on: kept
 * outputs are written out, because every band keeps something else. */
struct itp_covariance_plan {
    itp_count count;
    itp_memory memory;
    const itp_covariance *covariance;
    itp_covariance_plan_info info;
    itp_bands bands;
    itp_plan **plan; /* [bands] */
    int32_t states, outputs;
    double *coef, *constants; /* [rows][states + outputs][bands]; [bands][rows] */
    size_t coef_count;
};

/* coefficients.c: finds states and outputs, and makes the table. ITP_E_MEMORY. */
int itp_covariance_tabulate(itp_covariance_plan *plan);

/* mean_terms.c: fills the constants, by the network's output for data that are the mean. ITP_E_SINGULAR. */
int itp_covariance_find_constants(itp_covariance_plan *plan, const itp_model *model, const itp_report *log);

#endif
