/* What there is, for those who ask. */
#include <string.h>

#include "base/field.h"
#include "base/sized.h"
#include "grid/grid.h"
#include "kernels/kernels.h"
#include "plan/kinds.h"
#include "prediction/prediction.h"
#include "sampler/sampler.h"
#include "schedule/schedule.h"
#include "solver/diffusion.h"
#include "solver/solver.h"
#if !defined(ITP_NO_COVARIANCE)
#include "covariance/covariance.h"
#endif

typedef struct row {
    itp_named named;
    const itp_kind *kind;
} row;

static const itp_kind KINDS;
static const row ROWS[] = {
    {{ITP_WORDS("kind", "", "what can be asked for"), 0, 0}, &KINDS},
    {{ITP_WORDS("schedule", "", "noise and data over time"), 0, 0}, &itp_kind_schedule},
    {{ITP_WORDS("prediction", "", "what a network returns"), 0, 0}, &itp_kind_prediction},
    {{ITP_WORDS("time", "", "what a network is given as time"), 0, 0}, &itp_kind_time},
    {{ITP_WORDS("solver", "sampler", "how steps are made"), 0, 0}, &itp_kind_solver},
    {{ITP_WORDS("grid", "scheduler", "where steps begin and end"), 0, 0}, &itp_kind_grid},
    {{ITP_WORDS("diffusion", "", "how much noise an SDE has"), 0, 0}, &itp_kind_diffusion},
    {{ITP_WORDS("family", "", "which solvers a struct picks from"), 0, 0}, &itp_kind_family},
    {{ITP_WORDS("form", "", "what exponential solvers hold constant"), 0, 0}, &itp_kind_form},
    {{ITP_WORDS("variable", "", "in what exponential solvers do that"), 0, 0}, &itp_kind_variable},
    {{ITP_WORDS("weights", "", "which of several solvers of one order"), 0, 0}, &itp_kind_weights},
    {{ITP_WORDS("corrector", "", "whether a step's end corrects it"), 0, 0}, &itp_kind_corrector},
    {{ITP_WORDS("restart", "", "part of the path again"), 0, 0}, &itp_kind_restart},
    {{ITP_WORDS("final-order", "", "of the last steps"), 0, 0}, &itp_kind_final_order},
    {{ITP_WORDS("clock", "", "the time of lazy schedules"), 0, 0}, &itp_kind_clock},
    {{ITP_WORDS("betas", "", "how the betas of DDPM run"), 0, 0}, &itp_kind_betas},
    {{ITP_WORDS("noise", "", "where normals come from"), 0, 0}, &itp_kind_noise},
    {{ITP_WORDS("start", "", "first steps from a point mass"), 0, 0}, &itp_kind_start},
    {{ITP_WORDS("last", "", "last steps of SDEs"), 0, 0}, &itp_kind_last},
    {{ITP_WORDS("singular", "", "steps without a finite drift"), 0, 0}, &itp_kind_singular},
    {{ITP_WORDS("ends", "", "evaluations at the data end"), 0, 0}, &itp_kind_ends},
    {{ITP_WORDS("column", "", "what a plan's row adds up"), 0, 0}, &itp_kind_column},
    {{ITP_WORDS("x", "", "what a batch's x holds at first"), 0, 0}, &itp_kind_x},
    {{ITP_WORDS("kernel", "", "whose code adds up arrays"), 0, 0}, &itp_kind_kernel},
#if !defined(ITP_NO_COVARIANCE)
    {{ITP_WORDS("covariance", "", "how a covariance is given"), 0, 0}, &itp_kind_covariance},
#endif
    {{ITP_WORDS("type", "", "what arrays have for elements"), 0, 0}, &itp_kind_type},
    {{ITP_WORDS("needs", "", "what else something needs"), 0, 0}, &itp_kind_needs},
    {{ITP_WORDS("level", "", "how grave a log's sentence is"), 0, 0}, &itp_kind_level},
    {{ITP_WORDS("status", "", "how a call ended"), 0, 0}, &itp_kind_status},
};
static const itp_kind KINDS = {
    .name = "kind", .rows = ROWS, .stride = sizeof ROWS[0], .count = sizeof ROWS / sizeof ROWS[0]};

/* In normal form; NULL: there is none. */
static const itp_kind *called(const char *name, size_t length)
{
    const row *found = (const void *)itp_kind_called(&KINDS, name, length, NULL);
    return found ? found->kind : NULL;
}

static void describe_solver(const itp_method *of, itp_entry *out)
{
    out->order = of->order;
    out->evaluations = of->evaluations;
    out->takes_k = of->stochastic == ITP_TAKES_K;
    out->own_noise = of->stochastic == ITP_OWN_NOISE;
}

/* Texts are made for those alone who have room for them. */
static void describe(const itp_kind *kind, const itp_named *of, size_t room, itp_entry *out)
{
    const char *aliases = itp_word(of, ITP_WORD_ALIASES);
    out->name = of->name;
    out->aliases = aliases[0] ? aliases : NULL;
    out->about = itp_word(of, ITP_WORD_ABOUT);
    out->flow = itp_word(of, ITP_WORD_FLOW);
    out->id = of->id;
    out->needs = (int32_t)(of->reads >> ITP_NEEDS_SHIFT);
    if (room > offsetof(itp_entry, parameters)) {
        itp_kind_parameters(kind, of, out->parameters, sizeof out->parameters);
    }
    if (kind == &itp_kind_solver) {
        describe_solver((const void *)of, out);
    }
}

static int find_kind(const char *name, itp_entry *out, const itp_kind **kind)
{
    if (!name || !out) {
        return ITP_E_ARGUMENT;
    }
    *kind = called(name, strlen(name));
    int status = itp_struct_check(out);
    return status || *kind ? status : ITP_E_UNSUPPORTED;
}

int itp_kind_at(const char *kind, int32_t i, itp_entry *out)
{
    const itp_kind *of;
    itp_entry entry = ITP_ENTRY_INIT;
    int status = find_kind(kind, out, &of);
    const itp_named *found = status ? NULL : itp_kind_row(of, i);
    if (!found) {
        return status ? status : ITP_E_RANGE;
    }
    describe(of, found, out->size, &entry);
    return itp_struct_write(out, &entry, sizeof entry);
}

int itp_kind_find(const char *kind, const char *name, itp_entry *out)
{
    const itp_kind *of;
    itp_entry entry = ITP_ENTRY_INIT;
    int status = name ? find_kind(kind, out, &of) : ITP_E_ARGUMENT;
    if (status) {
        return status;
    }
    const itp_named *found = itp_kind_called(of, name, strlen(name), &entry.others);
    if (found) {
        describe(of, found, out->size, &entry);
    } else {
        entry.others = 0;
        itp_nearest(of->rows, of->stride, of->count, name, strlen(name), entry.parameters, sizeof entry.parameters);
    }
    status = itp_struct_write(out, &entry, sizeof entry);
    return found ? status : ITP_E_UNSUPPORTED;
}
