#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAFE_DIGITS = 15, MOST_DIGITS = 17, LONGEST = 80 };

/* Finds the locale's decimal point, in a printed 0.5: a point, a comma, or a character of several bytes. */
static size_t point_of_locale(char point[8])
{
    char half[8];
    size_t length = (size_t)snprintf(half, sizeof half, "%.1f", .5) - 2;
    memcpy(point, half + 1, length);
    return length;
}

int itp_number_read(const char *text, size_t length, double *value)
{
    char copy[LONGEST + 8], point[8], *end;
    size_t wide = point_of_locale(point), to = 0;
    for (size_t i = 0; i < length; i++) {
        if (!text[i] || !strchr("0123456789.+-eE", text[i]) || to >= LONGEST) {
            return 0;
        }
        int is_point = text[i] == '.';
        memcpy(copy + to, is_point ? point : text + i, is_point ? wide : 1);
        to += is_point ? wide : 1;
    }
    copy[to] = 0;
    *value = strtod(copy, &end);
    return to > 0 && end == copy + to;
}

/* Prints with so many digits, and with a point in every locale. */
static size_t print(double value, int digits, char text[ITP_NUMBER_ROOM])
{
    char point[8];
    size_t wide = point_of_locale(point), length = (size_t)snprintf(text, ITP_NUMBER_ROOM, "%.*g", digits, value);
    char *found = strstr(text, (point[wide] = 0, point));
    if (found) {
        *found = '.';
        memmove(found + 1, found + wide, strlen(found + wide) + 1);
        length -= wide - 1;
    }
    return length;
}

size_t itp_number_print(double value, char text[ITP_NUMBER_ROOM])
{
    int low = 1, high = MOST_DIGITS;
    double back = 0;
    while (low < high) { /* what reads back with some digits does with more; computed numbers take 15 or more */
        int middle = high == MOST_DIGITS && low < SAFE_DIGITS ? SAFE_DIGITS : (low + high) / 2;
        int same = itp_number_read(text, print(value, middle, text), &back) && back == value;
        low = same ? low : middle + 1;
        high = same ? middle : high;
    }
    int plain = fabs(value) < 1e15 ? (int)log10(fmax(fabs(value), 1)) + 1 : 0; /* 1000, not 1e+03 */
    return print(value, low > plain ? low : plain, text);
}
