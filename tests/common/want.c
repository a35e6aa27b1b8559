#include "want.h"
#include "../../examples/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

itp_solver SOLVER(const char *name)
{
    itp_solver solver = ITP_SOLVER_INIT;
    if (name && itp_solver_parse(name, NULL, &solver)) {
        (void)fprintf(stderr, "no method is called %s\n", name);
        abort();
    }
    return solver;
}

/* The one that was looked for last is asked for again most of the time. */
const char *called(const wanted *want)
{
    static itp_solver last;
    static const char *name;
    const itp_solver *a = &want->solver;
    if (name && !memcmp(&last, a, sizeof last)) return name;
    last = *a;
    for (int32_t i = 0; (name = kind_name_at("solver", i)) != NULL; i++) {
        itp_solver b = SOLVER(name);
        if (a->family == b.family && a->order == b.order && a->form == b.form && a->variable == b.variable &&
            a->weights == b.weights && a->corrector == b.corrector) {
            return name;
        }
    }
    return name = "the default";
}

const itp_solver *kept_solver(const char *name)
{
    enum { MOST = 400 };
    static itp_solver kept[MOST];
    for (int32_t i = 0; name && i < MOST && kind_name_at("solver", i); i++) {
        if (!strcmp(kind_name_at("solver", i), name)) {
            kept[i] = SOLVER(name);
            return &kept[i];
        }
    }
    return NULL;
}

int is_exponential(const char *name)
{
    int32_t family = SOLVER(name).family;
    return family == ITP_SA || (family >= ITP_EXPONENTIAL_MULTISTEP && family <= ITP_EXPONENTIAL_BLOCKS);
}

void want_nodes(wanted *want, const double *u, int count)
{
    want->grid.kind = ITP_GRID_USER_U;
    want->grid.nodes = u;
    want->grid.node_count = count;
}

const itp_plan_desc *description_of(wanted *want)
{
    want->plan.solver = &want->solver;
    want->plan.grid = &want->grid;
    want->plan.diffusion = &want->diffusion;
    return &want->plan;
}

int make_plan(const wanted *want, itp_plan **out)
{
    wanted copy;
    if (!want) {
        return itp_plan_new(NULL, out);
    }
    copy = *want;
    return itp_plan_new(description_of(&copy), out);
}

int plan_reads(const wanted *want, const char *field)
{
    wanted copy = *want;
    return itp_plan_reads(description_of(&copy), field);
}
