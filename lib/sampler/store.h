/* A saved state as a row of stretches. One function of an engine names them: it is called to count them, to write them
 * and to read them. */
#ifndef ITP_SAMPLER_STORE_H
#define ITP_SAMPLER_STORE_H

#include <stddef.h>

enum { ITP_STORE_COUNT = 0, ITP_STORE_WRITE = 1, ITP_STORE_READ = 2 };

typedef struct itp_store {
    int mode;
    unsigned char *at;         /* ITP_STORE_WRITE */
    const unsigned char *from; /* ITP_STORE_READ */
    size_t bytes;              /* so far */
    int wrong;                 /* set by who reads what cannot be */
} itp_store;

/* These bytes, and no address of the machine's among them, are part of the state. */
void itp_store_bytes(itp_store *store, void *data, size_t size);

#endif
