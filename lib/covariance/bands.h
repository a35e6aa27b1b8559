/* Bands: components of similar variance. */
#ifndef ITP_COVARIANCE_BANDS_H
#define ITP_COVARIANCE_BANDS_H

#include "covariance/covariance.h"

enum { ITP_BANDS_MOST = 4096 };

typedef struct itp_bands {
    int32_t count;   /* the rest's, which is the last, included */
    int32_t rest;    /* 1: there is one */
    double *s;       /* [count]: geometric mean of the members' deviations */
    int32_t *member; /* [rank]: the band of each component */
} itp_bands;

/* At most `most` bands and that of the rest; 0: one for each component. */
int itp_bands_make(const itp_memory *memory, const itp_report *log, const itp_covariance *covariance, int32_t most,
                   itp_bands *out);
void itp_bands_free(const itp_memory *memory, itp_bands *bands, size_t rank);

#endif
