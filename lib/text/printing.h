/* Structs printed as text, by the tables of their kinds; the counterpart of reading.h. */
#ifndef ITP_TEXT_PRINTING_H
#define ITP_TEXT_PRINTING_H

#include "base/kind.h"
#include "base/log.h"
#include "base/page.h"

/* "name" or "name(key=value, ...)": what differs from what the name alone stands for. ITP_E_UNSUPPORTED, with the
 * sentence: a program's own functions, which no text names. */
int itp_print_named(itp_page *to, const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log);

/* "key=value key=value ...", of the kind's one row. */
int itp_print_items(itp_page *to, const itp_kind *kind, const void *from, const itp_report *log);

#endif
