/* Text written into the caller's room, of which there may be too little. */
#ifndef ITP_BASE_PAGE_H
#define ITP_BASE_PAGE_H

#include "base/log.h"

typedef struct itp_page {
    char *text;
    size_t capacity, length; /* length: of the whole text, written or not */
} itp_page;

void itp_put(itp_page *to, const char *format, ...) ITP_PRINTF(2, 3);

/* `before`, then the shortest number that reads back to the same bits, with a point in every locale. */
void itp_put_number(itp_page *to, const char *before, double value);

#endif
