/* The command line. */
#ifndef FASHION_OPTIONS_H
#define FASHION_OPTIONS_H

#include "sampling.h"

typedef struct options {
    recipe what;
    itp_error why; /* what the library says of an option */
    int evaluations_given, schedule_given;
    int table, all, named, compare, same_path;
    int lines;      /* of the table: METHODS_* */
    size_t count;   /* garments on the contact sheet, or in each block of it */
    size_t samples; /* for each line of the table, or for the numbers of --same-path */
    const char *out, *weights;
    const char *plan;      /* a saved one; NULL: none */
    const itp_plan *saved; /* what is read from there, by others */
    const char *textbook;  /* an option given that says how to make a plan; NULL: none */
} options;

enum { OPTIONS_GO, OPTIONS_DONE, OPTIONS_WRONG };

/* OPTIONS_DONE after --help; OPTIONS_WRONG after one sentence on stderr. */
int options_read(int argc, char **argv, options *out);

#endif
