#include "fit/best.h"

static void set_best(itp_fit_best *best, const itp_fit_start *start, const itp_fit_errors *errors)
{
    itp_fit_report *report = &best->fit->report;
    best->errors = *errors;
    best->start = start;
    itp_fit_table_copy(&start->table, &best->table);
    report->after = errors->fitted;
    report->after_held_out = errors->held_out;
    report->start = start->index;
    report->greedy = start->greedy;
}

static int all_samples_in_use(const itp_fitting *fit)
{
    return fit->use_fitted == fit->fitted && fit->use_fitted + fit->use_held_out == fit->desc.count;
}

void itp_fit_best_offer(itp_fit_best *best, const itp_fit_start *start, const itp_fit_errors *errors)
{
    const itp_fit_normal *normal = best->normal;
    double weight = best->fit->gain;
    if (all_samples_in_use(best->fit) && errors->held_out < best->floor &&
        itp_fit_held_out_score(normal, weight, &start->table, errors) <
            itp_fit_held_out_score(normal, weight, &best->table, &best->errors)) {
        set_best(best, start, errors);
    }
}

void itp_fit_best_begin(itp_fit_best *best, const itp_fit_start *start, const itp_fit_errors *errors)
{
    best->floor = errors->held_out;
    set_best(best, start, errors);
}

void itp_fit_best_give_up(itp_fit_best *best, const itp_fit_start *start, const itp_fit_table *table,
                          const itp_fit_errors *errors)
{
    set_best(best, start, errors);
    itp_fit_table_copy(table, &best->table);
}
