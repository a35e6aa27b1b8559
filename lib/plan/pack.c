/* From the builder's rows to the plan's. */
#include "plan/plan.h"

static int32_t count_terms(const itp_rows *rows)
{
    int32_t count = 0;
    for (int32_t i = 0; i < rows->count; i++) {
        count += rows->row[i].next.count;
    }
    return count;
}

/* The three columns that are left when the builder is done have the public numbers. */
static itp_term public_term(const itp_form_term *from)
{
    itp_term term = {from->column, from->index, 0, 0, from->coef};
    return term;
}

/* States, outputs, normals, each by age. */
static void sort_terms(itp_term *terms, int32_t count)
{
    for (int32_t i = 1; i < count; i++) {
        itp_term term = terms[i];
        int32_t j = i;
        for (; j > 0 && (terms[j - 1].column > term.column ||
                         (terms[j - 1].column == term.column && terms[j - 1].index > term.index));
             j--) {
            terms[j] = terms[j - 1];
        }
        terms[j] = term;
    }
}

static void pack_row(itp_plan *plan, const itp_row *from, itp_plan_row *to, itp_term *terms)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    row.time = from->time;
    row.u = from->u;
    row.t = from->t;
    row.terms = terms;
    row.term_count = from->next.count;
    row.keep = from->keeps;
    row.keep_state = from->keeps ? from->keep_state : 0;
    row.keep_output = from->keeps ? from->keep_output : 1;
    row.data_state = from->data_state;
    row.data_output = from->data_output;
    *to = row;
    for (int32_t i = 0; i < from->next.count; i++) {
        terms[i] = public_term(&from->next.term[i]);
        int normal = terms[i].column == ITP_COLUMN_NORMAL;
        if (normal && terms[i].index >= plan->info.normals) {
            plan->info.normals = terms[i].index + 1;
        }
    }
    sort_terms(terms, from->next.count);
}

int itp_plan_pack(itp_plan *plan, const itp_rows *rows)
{
    plan->info.rows = rows->count;
    plan->info.normals = 1;
    plan->rows = itp_memory_array(&plan->memory, (size_t)rows->count, sizeof *plan->rows);
    plan->term_count = count_terms(rows);
    plan->term_count += plan->term_count == 0; /* a plan of zeros is a plan, an array of nothing is no array */
    plan->terms = itp_memory_array(&plan->memory, (size_t)plan->term_count, sizeof *plan->terms);
    if (!plan->rows || !plan->terms) {
        return ITP_E_MEMORY;
    }
    itp_term *terms = plan->terms;
    for (int32_t i = 0; i < rows->count; i++) {
        pack_row(plan, &rows->row[i], &plan->rows[i], terms);
        terms += rows->row[i].next.count;
    }
    return ITP_OK;
}
