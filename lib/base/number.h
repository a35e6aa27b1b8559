/* Decimal numbers: read to the nearest double and printed so that they read back, in whatever locale. */
#ifndef ITP_BASE_NUMBER_H
#define ITP_BASE_NUMBER_H

#include <stddef.h>

/* Room for any number, with its final 0. */
enum { ITP_NUMBER_ROOM = 32 };

/* The double nearest to the `length` characters, of two the even one: [+-] digits [. digits] [e [+-] digits], with
 * blanks nowhere and at most 64 digits that count. 0: they are no such number; it may be infinite, where it is too
 * large. */
int itp_number_read(const char *text, size_t length, double *value);

/* A finite number with as few digits as read back to it; returns its length. */
size_t itp_number_print(double value, char text[ITP_NUMBER_ROOM]);

#endif
