/* Plans kept as JSON (interp/plan_json.h), such as the fitted ones in plans/, and those of a text. */
#ifndef FASHION_SAVED_H
#define FASHION_SAVED_H

#include <interp/interp.h>

typedef struct saved_plan {
    itp_plan *plan; /* free it with itp_plan_free */
    char why[256];  /* after a failure: what is wrong, a fragment */
} saved_plan;

/* Makes the plan of the text `name`, "solver=ab2 evaluations=8", if there is a = in it (interp/text.h). Else reads the
 * file `name` or, where there is none and `name` has no folder in it, plans/NAME.json in the folder of the
 * file `weights`. The plan must be one for the example's network, from noise to data. A status of libinterp. */
int saved_open(saved_plan *s, const char *name, const char *weights);

#endif
