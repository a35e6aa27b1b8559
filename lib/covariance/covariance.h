/* A covariance inside the library. */
#ifndef ITP_COVARIANCE_COVARIANCE_H
#define ITP_COVARIANCE_COVARIANCE_H

#include <interp/covariance.h>

#include "base/count.h"
#include "base/kind.h"
#include "base/log.h"
#include "base/memory.h"

extern const itp_kind itp_kind_covariance;

struct itp_covariance {
    itp_count count;
    itp_memory memory;
    size_t bytes; /* of the one block that holds everything */
    itp_covariance_info info;
    double *mean, *variances, *basis; /* the arrays of info */
};

/* The default of `floor`. */
static const double ITP_COVARIANCE_FLOOR = 1e-6;

/* A covariance with room for a mean and a basis (of "diagonal": none), all 0. NULL, with a sentence: no memory. */
itp_covariance *itp_covariance_blank(const itp_memory *memory, const itp_report *log, const itp_covariance_info *sizes);

/* ITP_OK, or ITP_E_OVERFLOW, ITP_E_RANGE: dim, rank. */
int itp_covariance_check_sizes(const itp_report *log, size_t dim, size_t rank);
int itp_covariance_check_floor(const itp_report *log, double floor);

/* Raises what is too small. ITP_E_RANGE: none is above 0. */
int itp_covariance_raise(itp_covariance *covariance, const itp_report *log, double floor);

#endif
