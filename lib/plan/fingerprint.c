#include "base/hash.h"
#include "plan/plan.h"

static uint64_t terms_hash(uint64_t hash, const itp_term *terms, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        hash = itp_hash_real(itp_hash_two(hash, terms[i].column, terms[i].index), terms[i].coef);
    }
    return hash;
}

static uint64_t row_hash(uint64_t hash, const itp_plan_row *row)
{
    hash = itp_hash_real(itp_hash_real(itp_hash_real(hash, row->time), row->u), row->t);
    hash = itp_hash_real(hash, row->scale);
    hash = itp_hash_real(itp_hash_real(hash, row->keep_state), row->keep_output);
    hash = itp_hash_real(itp_hash_real(hash, row->data_state), row->data_output);
    hash = itp_hash_two(itp_hash_two(hash, row->term_count, row->keep), row->step, row->ends_step);
    return terms_hash(hash, row->terms, row->term_count);
}

uint64_t itp_plan_fingerprint(const itp_plan *plan)
{
    const itp_plan_info *info = &plan->info;
    uint64_t hash = itp_hash_two(ITP_HASH_EMPTY, info->rows, info->steps);
    hash = itp_hash_two(hash, info->normals, 0);
    for (const char *letter = info->solver; *letter; letter++) {
        hash = itp_hash_two(hash, *letter, 0);
    }
    hash = itp_hash_real(itp_hash_real(hash, info->start_scale), info->start_data);
    hash = itp_hash_real(itp_hash_real(itp_hash_real(hash, info->u_start), info->u_end), info->end_scale);
    hash = terms_hash(hash, info->start_terms, info->start_term_count);
    for (int32_t i = 0; i < info->rows; i++) {
        hash = row_hash(hash, &plan->rows[i]);
    }
    return hash;
}
