/* The diffusion eps of an SDE as k = eps/eps*, which no schedule changes. */
#ifndef ITP_SOLVER_DIFFUSION_H
#define ITP_SOLVER_DIFFUSION_H

#include <interp/diffusion.h>

#include "schedule/schedule.h"

/* What kinds of diffusion read. */
enum { ITP_READS_DIFFUSION_K = 1, ITP_READS_NORM = 2, ITP_READS_DIFFUSION_FN = 4 };
extern const itp_kind itp_kind_diffusion;

/* A diffusion is read as it was described, with every default filled in: among them the schedule by whose t an eps is
 * given. */

/* k at a position, and k/u, which is finite at u = 0 where eps is. */
typedef struct itp_k_at {
    double k, k_u;
} itp_k_at;

/* 0 or ITP_E_RANGE (a callback's value, a position that the schedule does not reach). k may be infinite at u = 1. */
int itp_diffusion_at(const itp_diffusion *of, double u, double w, itp_k_at *out);

/* eps, of all kinds but K, at a time of its schedule. ITP_E_RANGE. */
int itp_diffusion_eps(const itp_diffusion *of, const itp_at *at, double *eps);

/* 1 where k is the same everywhere. */
int itp_diffusion_is_constant(const itp_diffusion *diffusion);
/* 1 where there is noise at all. */
int itp_diffusion_is_noisy(const itp_diffusion *diffusion);

#endif
