/* An environment whose allocator keeps books: what is live, whether free gets the size that was asked for, and, on
 * demand, a failure of the k-th allocation. */
#ifndef TEST_LEDGER_H
#define TEST_LEDGER_H

#include <interp/base.h>

enum { LEDGER_SLOTS = 256 };

typedef struct ledger {
    void *block[LEDGER_SLOTS];
    size_t bytes[LEDGER_SLOTS];
    int calls;   /* allocations asked for */
    int fail_at; /* the call with this number (from 1) returns NULL; 0: none */
    int live;    /* blocks not freed */
    size_t live_bytes;
    int defects; /* wrong size or unknown block at free, odd alignment, too many blocks */
    itp_allocator memory;
} ledger;

itp_env ledger_env(ledger *l); /* l is cleared */
void ledger_clear(ledger *l);  /* its memory stays */

#endif
