/* A plan of rows that the caller has. */
#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/log.h"
#include "base/sized.h"
#include "plan/plan.h"

typedef struct taking {
    itp_plan_rows from;
    itp_report log;
    itp_plan *plan;
} taking;

/* Rows are as far apart as the caller's struct is long. */
static const itp_plan_row *row_at(const itp_plan_rows *from, int32_t i)
{
    return (const itp_plan_row *)(const void *)((const unsigned char *)from->rows + (size_t)i * from->rows->size);
}

static int read_row(const taking *of, int32_t i, itp_plan_row *out)
{
    const itp_plan_row *row = row_at(&of->from, i);
    size_t least = offsetof(itp_plan_row, step); /* without `steps` a program knows no more */
    int status =
        row->size == of->from.rows->size ? itp_struct_read_since(out, sizeof *out, least, row) : (int)ITP_E_SIZE;
    if (status) {
        return itp_fail(&of->log, status, "rows[%d]: its size field is wrong, or not that of rows[0].", (int)i);
    }
    return out->term_count > 0 && !out->terms
               ? itp_fail(&of->log, ITP_E_ARGUMENT, "rows[%d].terms: NULL, but term_count is %d.", (int)i,
                          (int)out->term_count)
               : ITP_OK;
}

static int check_arrays(const taking *of)
{
    const itp_plan_rows *from = &of->from;
    if (!from->rows || from->row_count < 1 || from->row_count > ITP_PLAN_MOST_ROWS) {
        return itp_fail(&of->log, from->rows ? ITP_E_RANGE : ITP_E_ARGUMENT,
                        "rows: %s, row_count: %d; there must be 1 to %d rows.", from->rows ? "given" : "NULL",
                        (int)from->row_count, ITP_PLAN_MOST_ROWS);
    }
    if (from->start_term_count > 0 && !from->start_terms) {
        return itp_fail(&of->log, ITP_E_ARGUMENT, "start_terms: NULL, but start_term_count is %d.",
                        (int)from->start_term_count);
    }
    return from->steps >= 0 && from->steps <= ITP_PLAN_MOST_ROWS
               ? ITP_OK
               : itp_fail(&of->log, ITP_E_RANGE, "steps: %d, it must be 1 to %d, or 0 where every row is a step.",
                          (int)from->steps, ITP_PLAN_MOST_ROWS);
}

/* Of the start and all rows. A count below 0 is none. */
static int count_terms(const taking *of, int64_t *count)
{
    itp_plan_row row = {0};
    int status = ITP_OK;
    *count = of->from.start_term_count > 0 ? of->from.start_term_count : 0;
    for (int32_t i = 0; i < of->from.row_count && !status; i++) {
        status = read_row(of, i, &row);
        *count += !status && row.term_count > 0 ? row.term_count : 0;
    }
    return status;
}

static int make_room(taking *of)
{
    int64_t terms = 0;
    int status = count_terms(of, &terms);
    return status ? status : itp_plan_make_room(of->plan, &of->log, (size_t)of->from.row_count, (size_t)terms);
}

/* Without steps every row is one, and says nothing of its own. */
static int number(const taking *of, itp_plan_row *row, int32_t i)
{
    int32_t steps = of->plan->info.steps;
    int silent = row->step == 0 && row->ends_step == 0;
    if ((of->from.steps == 0 && !silent) || (row->steps != 0 && row->steps != steps)) {
        return itp_fail(&of->log, ITP_E_RANGE,
                        "rows[%d].step, steps, ends_step: %d, %d, %d, but steps is %d, that of all rows.", (int)i,
                        (int)row->step, (int)row->steps, (int)row->ends_step, (int)of->from.steps);
    }
    if (of->from.steps == 0) {
        row->step = i;
        row->ends_step = 1;
    }
    row->steps = steps;
    return ITP_OK;
}

static int32_t copy_terms(itp_plan *plan, int32_t at, const itp_term *terms, int32_t count)
{
    if (count > 0) {
        memcpy(plan->terms + at, terms, (size_t)count * sizeof *terms);
    }
    return count > 0 ? count : 0;
}

static int copy_rows(taking *of)
{
    itp_plan *plan = of->plan;
    int32_t at = 0;
    for (int32_t i = 0; i < plan->info.rows; i++) {
        itp_plan_row *row = &plan->rows[i];
        int status = read_row(of, i, row);
        status = status ? status : number(of, row, i);
        if (status) {
            return status;
        }
        row->scale = row->scale == 0 ? 1 : row->scale;
        row->keep_output = row->keep == 0 && row->keep_output == 0 ? 1 : row->keep_output;
        row->term_count = copy_terms(plan, at, row->terms, row->term_count);
        at += row->term_count;
    }
    plan->info.start_term_count = copy_terms(plan, at, of->from.start_terms, of->from.start_term_count);
    plan->term_count = at + plan->info.start_term_count;
    itp_plan_link(plan);
    return ITP_OK;
}

static void fill_info(taking *of)
{
    const itp_plan_rows *from = &of->from;
    itp_plan_info *info = &of->plan->info;
    int plain = from->start_scale == 0 && from->start_data == 0 && from->start_term_count <= 0;
    int whole = from->u_start == 0 && from->u_end == 0;
    info->size = sizeof *info;
    info->steps = from->steps ? from->steps : from->row_count;
    info->start_scale = plain ? 1 : from->start_scale;
    info->start_data = from->start_data;
    info->u_start = from->u_start;
    info->u_end = whole ? 1 : from->u_end;
    info->end_scale = from->end_scale == 0 ? 1 : from->end_scale;
    info->starts_inside = from->starts_inside != 0;
    itp_plan_set_solver(of->plan, from->solver ? from->solver : "rows");
}

static int take(taking *of, const itp_memory *memory)
{
    of->plan = itp_memory_array(memory, 1, sizeof *of->plan);
    if (!of->plan) {
        return itp_fail(&of->log, ITP_E_MEMORY, "no memory for a plan.");
    }
    of->plan->memory = *memory;
    fill_info(of);
    int status = make_room(of);
    status = status ? status : copy_rows(of);
    status = status ? status : itp_plan_adopt(of->plan, &of->log);
    if (!status) {
        itp_plan_warn(of->plan, &of->log);
    }
    return status;
}

static ITP_APART int plan_from_rows(const itp_plan_rows *rows, itp_plan **out)
{
    taking of;
    itp_memory memory;
    if (!out) {
        return itp_desc_refuse(rows, offsetof(itp_plan_rows, env), "out");
    }
    *out = NULL;
    memset(&of, 0, sizeof of);
    int status = itp_desc_read(&of.from, sizeof of.from, rows, offsetof(itp_plan_rows, env), &of.log);
    status = status ? status : itp_desc_memory(of.from.env, &of.log, &memory);
    status = status ? status : check_arrays(&of);
    status = status ? status : take(&of, &memory);
    if (status) {
        itp_plan_free(of.plan);
    } else {
        *out = of.plan;
    }
    return itp_report_end(&of.log, status);
}

int itp_plan_from_rows(const itp_plan_rows *rows, itp_plan **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_from_rows(rows, out));
}
