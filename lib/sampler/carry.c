/* Two steps of a plan along a Brownian path share most of their normals. What a row draws and the next one reads, too,
 * is summed up for it on the way, in an array of its own. What the row read from there itself it draws anew for the
 * next but one, so that one array is enough. The sums are rounded as the row's own are, whoever makes them. */
#include "sampler/carry.h"

#include <string.h>

#include "plan/plan.h"

void *itp_plan_run_slot(const itp_sampler *sampler, int32_t i)
{
    const itp_plan_run *run = sampler->own;
    return i ? run->slots + (size_t)(i - 1) * sampler->stride : sampler->x;
}

static void *carry_of(const itp_sampler *sampler)
{
    return itp_plan_run_slot(sampler, sampler->info->slots);
}

void itp_plan_run_carry_nothing(itp_sampler *sampler)
{
    const itp_plan_run *run = sampler->own;
    memset(run->carried, 0, (size_t)sampler->plan->rows[0].term_count);
}

void itp_plan_run_carry_on(itp_sampler *sampler)
{
    itp_plan_run *run = sampler->own;
    unsigned char *done = run->carried;
    run->carried = run->next_carried;
    run->next_carried = done;
}

/* Terms that are drawn close ranks, and their coefficients in the next row with them. */
itp_combine itp_plan_run_list(itp_sampler *sampler, int32_t i)
{
    const itp_plan *plan = sampler->plan;
    const itp_plan_run *run = sampler->own;
    const itp_plan_row *row = &plan->rows[i];
    itp_combine op = itp_sampler_operation(sampler);
    int carries = plan->info.carries, reads = 0;
    int writes = carries && itp_plan_carry(plan, i, run->carried, run->coefs, run->next_carried) > 0;
    for (int32_t j = 0; j < row->term_count; j++) {
        const itp_term *term = &row->terms[j];
        if (carries && run->carried[j]) {
            reads = 1;
        } else if (term->column == ITP_COLUMN_NORMAL) {
            run->coefs[op.normal_count] = writes ? run->coefs[j] : 0;
            sampler->normals[op.normal_count++] = (itp_noise_term){(uint32_t)term->index, term->coef};
        } else {
            sampler->columns[op.column_count++] = (itp_column){itp_plan_run_slot(sampler, term->slot), term->coef};
        }
    }
    if (reads) {
        sampler->columns[op.column_count++] = (itp_column){carry_of(sampler), 1};
    }
    op.carry = writes ? carry_of(sampler) : NULL;
    op.carried = run->coefs;
    return op;
}

int itp_plan_run_carry_again(itp_sampler *sampler)
{
    const itp_plan_run *run = sampler->own;
    itp_combine op = itp_sampler_operation(sampler);
    int32_t count = 0;
    itp_plan_run_carry_nothing(sampler);
    for (int32_t i = 0; i < sampler->row && sampler->info->carries; i++) {
        op = itp_plan_run_list(sampler, i);
        itp_plan_run_carry_on(sampler);
    }
    if (!op.carry) {
        return ITP_OK;
    }
    for (int32_t j = 0; j < op.normal_count; j++) {
        sampler->normals[count] = (itp_noise_term){sampler->normals[j].m, run->coefs[j]};
        count += run->coefs[j] != 0;
    }
    op.next = op.carry;
    op.carry = NULL;
    op.column_count = 0;
    op.normal_count = count;
    return itp_sampler_combine(sampler, &op);
}
