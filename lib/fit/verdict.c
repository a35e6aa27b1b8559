#include "fit/verdict.h"

#include <string.h>

typedef itp_fit_verdict verdict;

static size_t room(const itp_fitting *fit)
{
    return fit->batch * fit->features;
}

int itp_fit_verdict_new(itp_walk *walk, itp_newton *newton, const itp_fit_start *first, verdict *out)
{
    const itp_fitting *fit = walk->fit;
    const verdict fresh = {.walk = walk, .newton = newton, .first = first};
    *out = fresh;
    if (!fit->desc.test) {
        return ITP_OK;
    }
    int status = itp_fit_table_like(&first->table, &out->table);
    out->features = status ? NULL : itp_memory_array(&fit->memory, room(fit), fit->element);
    out->trial.walk = walk;
    out->trial.features = out->features;
    return out->features ? ITP_OK : ITP_E_MEMORY;
}

void itp_fit_verdict_free(verdict *v)
{
    if (v->walk) {
        const itp_fitting *fit = v->walk->fit;
        itp_memory_free(&fit->memory, v->features, room(fit) * fit->element);
        itp_fit_table_free(&v->table);
        memset(v, 0, sizeof *v);
    }
}

void itp_fit_verdict_begin(verdict *v)
{
    if (v->table.value) {
        itp_fit_table_copy(&v->first->table, &v->table);
    }
}

static void give_up(const verdict *v)
{
    itp_fit_report *report = &v->walk->fit->report;
    const itp_fit_errors before = {report->before, report->before_held_out, report->before_test};
    itp_newton_give_up(v->newton, v->first, &v->table, &before);
    report->after_test = report->before_test;
}

/* A trial is over. 1: so are both. */
static int note(verdict *v)
{
    itp_fit_report *report = &v->walk->fit->report;
    *(v->second ? &report->after_test : &report->before_test) = v->trial.errors.test;
    v->begun = 0;
    if (!v->second) {
        v->second = 1;
        return 0;
    }
    if (!(report->after_test <= report->before_test)) {
        give_up(v);
    }
    return 1;
}

int itp_fit_verdict_advance(verdict *v)
{
    const itp_plan *like;
    const itp_fit_table *best = itp_newton_best(v->newton, &like);
    if (!v->table.value || !best) {
        return ITP_OK;
    }
    for (;;) {
        if (!v->begun) {
            itp_fit_trial_begin_test(&v->trial, v->second ? best : &v->table);
            v->begun = 1;
        }
        int status = itp_fit_trial_advance(&v->trial);
        if (status || note(v)) {
            return status;
        }
    }
}
