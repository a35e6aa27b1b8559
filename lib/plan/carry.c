/* Normals that two rows read, one after the other: the first draws them, and adds them up for the second. */
#include <string.h>

#include "noise/brownian.h"
#include "plan/plan.h"

/* The first term from j on that is a normal of the path; they are the last ones of a row, by their numbers. */
static int32_t next_normal(const itp_plan_row *row, int32_t j)
{
    while (j < row->term_count && (row->terms[j].column != ITP_COLUMN_NORMAL || row->terms[j].index < ITP_BROWNIAN_M)) {
        j++;
    }
    return j;
}

int32_t itp_plan_carry(const itp_plan *plan, int32_t i, const unsigned char *carried, double *coefs,
                       unsigned char *next_carried)
{
    const itp_plan_row *row = &plan->rows[i], *next = row + 1;
    int32_t count = 0;
    memset(coefs, 0, (size_t)row->term_count * sizeof *coefs);
    if (i + 1 >= plan->info.rows) {
        return 0;
    }
    memset(next_carried, 0, (size_t)next->term_count);
    for (int32_t j = next_normal(row, 0), k = next_normal(next, 0); j < row->term_count && k < next->term_count;) {
        int32_t m = row->terms[j].index, other = next->terms[k].index;
        if (m == other && !carried[j]) {
            coefs[j] = next->terms[k].coef;
            next_carried[k] = 1;
            count++;
        }
        j += m <= other;
        k += other <= m;
    }
    return count;
}

static int is_shared(const itp_plan_row *row, const itp_plan_row *next)
{
    for (int32_t j = next_normal(row, 0), k = next_normal(next, 0); j < row->term_count && k < next->term_count;) {
        int32_t m = row->terms[j].index, other = next->terms[k].index;
        if (m == other) {
            return 1;
        }
        j += m < other;
        k += other < m;
    }
    return 0;
}

int itp_plan_carries(const itp_plan *plan)
{
    if (plan->info.normals <= ITP_BROWNIAN_M) { /* none is the path's */
        return 0;
    }
    for (int32_t i = 0; i + 1 < plan->info.rows; i++) {
        if (is_shared(&plan->rows[i], &plan->rows[i + 1])) {
            return 1;
        }
    }
    return 0;
}
