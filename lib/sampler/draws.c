/* Normals that a callback of the batch's draws. A row's normals are drawn just before the row runs, those of an earlier
 * step first; one that later rows read, too, stays in an array of its own until the last of them. Which array that is
 * follows from the number of its step alone: with a lag of so many steps between the newest normal and the oldest one
 * that rows still read, that many and one more arrays, used in turn, hold all that are alive. */
#include "base/log.h"
#include "noise/brownian.h"
#include "plan/plan.h"
#include "sampler/sampler.h"

/* A callback's request, with room behind it. */
typedef struct roomy_noise {
    itp_noise_request known;
    unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_noise_request)];
} roomy_noise;

/* xi_m is draw number `which` of a step, counted from 1; xi_0 is the start, step 0. */
typedef struct draw_place {
    int32_t step, which;
} draw_place;

static draw_place place_of(const itp_plan *plan, uint32_t m)
{
    uint32_t steps = plan && plan->info.steps > 1 ? (uint32_t)plan->info.steps : 1;
    draw_place at = {m ? (int32_t)((m - 1) % steps) + 1 : 0, m ? (int32_t)((m - 1) / steps) : 0};
    return at;
}

static int32_t array_of(const itp_plan *plan, const itp_drawing *drawing, uint32_t m)
{
    draw_place at = place_of(plan, m);
    return at.which * drawing->turns + at.step % drawing->turns;
}

/* ---- how many arrays ---- */

/* The latest step of the terms, and the largest distance from it, or from the latest one so far, of any. */
static void stretch(const itp_plan *plan, const itp_term *terms, int32_t count, int32_t *latest, itp_drawing *out)
{
    for (int32_t i = 0; i < count; i++) {
        int32_t step = terms[i].column == ITP_COLUMN_NORMAL ? place_of(plan, (uint32_t)terms[i].index).step : 0;
        *latest = *latest > step ? *latest : step;
    }
    for (int32_t i = 0; i < count; i++) {
        if (terms[i].column == ITP_COLUMN_NORMAL) {
            draw_place at = place_of(plan, (uint32_t)terms[i].index);
            out->turns = out->turns > *latest - at.step + 1 ? out->turns : *latest - at.step + 1;
            out->each = out->each > at.which + 1 ? out->each : at.which + 1;
        }
    }
}

itp_drawing itp_drawing_of(const itp_sampler *sampler)
{
    itp_drawing out = {0, 0, 0, NULL, NULL};
    const itp_plan *plan = sampler->plan;
    int32_t latest = 0;
    if (!sampler->batch.noise) {
        return out;
    }
    out.turns = out.each = 1;
    stretch(plan, sampler->info->start_terms, sampler->info->start_term_count, &latest, &out);
    for (int32_t i = 0; plan && i < plan->info.rows; i++) {
        stretch(plan, plan->rows[i].terms, plan->rows[i].term_count, &latest, &out);
    }
    return out;
}

size_t itp_drawing_arrays(const itp_drawing *drawing)
{
    return (size_t)drawing->turns * (size_t)drawing->each;
}

/* ---- what a batch may ask ---- */

static int takes_path(const itp_term *terms, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (terms[i].column == ITP_COLUMN_NORMAL && terms[i].index >= ITP_BROWNIAN_M) {
            return 1;
        }
    }
    return 0;
}

int itp_sampler_check_noise(const itp_sampler *sampler)
{
    const itp_plan *plan = sampler->batch.noise ? sampler->plan : NULL;
    int path = plan && takes_path(plan->info.start_terms, plan->info.start_term_count);
    for (int32_t i = 0; plan && i < plan->info.rows && !path; i++) {
        path = takes_path(plan->rows[i].terms, plan->rows[i].term_count);
    }
    return path ? itp_fail(&sampler->log, ITP_E_UNSUPPORTED,
                           "noise: a callback, but the plan takes its noise from a Brownian path, which "
                           "no callback draws; make the plan with noise=steps.")
                : ITP_OK;
}

/* ---- drawing ---- */

static void *array_at(const itp_sampler *sampler, int32_t i)
{
    return sampler->drawing.arrays + (size_t)i * sampler->stride;
}

static int is_drawn(const itp_sampler *sampler, uint32_t m)
{
    return sampler->drawing.held[array_of(sampler->plan, &sampler->drawing, m)] == m + 1;
}

static void mark(itp_sampler *sampler, uint32_t m)
{
    sampler->drawing.held[array_of(sampler->plan, &sampler->drawing, m)] = m + 1;
    sampler->drawing.draws += m != 0;
}

static int draw(itp_sampler *sampler, uint32_t m)
{
    const itp_batch *batch = &sampler->batch;
    draw_place at = place_of(sampler->plan, m);
    roomy_noise request = {.known = {.size = sizeof request.known,
                                     .first = batch->first,
                                     .count = batch->count,
                                     .dim = batch->dim,
                                     .type = batch->type,
                                     .row = sampler->row,
                                     .step = m ? at.step - 1 : 0,
                                     .draw = m ? sampler->drawing.draws + 1 : 0,
                                     .m = m}};
    int32_t array = array_of(sampler->plan, &sampler->drawing, m);
    sampler->drawing.held[array] = 0;
    itp_float_env_leave(sampler->host, 0);
    int answer = batch->noise(batch->noise_user, &request.known, array_at(sampler, array));
    itp_float_env_enter(sampler->host);
    if (answer) {
        return itp_stopped(&sampler->log, "noise", answer, m ? sampler->row : -1);
    }
    mark(sampler, m);
    return ITP_OK;
}

static int comes_before(const itp_plan *plan, uint32_t a, uint32_t b)
{
    draw_place first = place_of(plan, a), second = place_of(plan, b);
    return first.step != second.step ? first.step < second.step : first.which < second.which;
}

/* Of those that are not drawn yet the one that comes first; NULL: all are. */
static const itp_noise_term *next_to_draw(const itp_sampler *sampler, const itp_combine *op)
{
    const itp_noise_term *next = NULL;
    for (int32_t i = 0; i < op->normal_count; i++) {
        const itp_noise_term *term = &op->normals[i];
        if (!is_drawn(sampler, term->m) && (!next || comes_before(sampler->plan, term->m, next->m))) {
            next = term;
        }
    }
    return next;
}

int itp_sampler_draw(itp_sampler *sampler, itp_combine *op)
{
    if (!sampler->batch.noise) {
        return ITP_OK;
    }
    for (const itp_noise_term *next; (next = next_to_draw(sampler, op));) {
        int status = draw(sampler, next->m);
        if (status) {
            return status;
        }
    }
    for (int32_t i = 0; i < op->normal_count; i++) {
        const itp_noise_term *term = &op->normals[i];
        int32_t array = array_of(sampler->plan, &sampler->drawing, term->m);
        sampler->columns[op->column_count++] = (itp_column){array_at(sampler, array), term->coef};
    }
    op->normal_count = 0;
    return ITP_OK;
}

/* ---- where a run is ---- */

static int reads(const itp_plan_row *row, uint32_t m)
{
    for (int32_t i = 0; i < row->term_count; i++) {
        if (row->terms[i].column == ITP_COLUMN_NORMAL && (uint32_t)row->terms[i].index == m) {
            return 1;
        }
    }
    return 0;
}

/* The start is one normal, xi_0, or a sum of several. */
static int is_of_start(const itp_plan *plan, uint32_t m)
{
    int found = 0;
    for (int32_t i = 0; i < plan->info.start_term_count; i++) {
        found |= (uint32_t)plan->info.start_terms[i].index == m;
    }
    return plan->info.start_term_count ? found : m == 0;
}

int itp_plan_reads_start(const itp_plan *plan)
{
    for (int32_t i = 0; i < plan->info.rows; i++) {
        const itp_plan_row *row = &plan->rows[i];
        for (int32_t j = 0; j < row->term_count; j++) {
            if (row->terms[j].column == ITP_COLUMN_NORMAL && is_of_start(plan, (uint32_t)row->terms[j].index)) {
                return 1;
            }
        }
    }
    return 0;
}

static int is_drawn_before(const itp_plan *plan, int32_t row, uint32_t m)
{
    int drawn = is_of_start(plan, m);
    for (int32_t i = row - 1; i >= 0 && !drawn; i--) {
        drawn = reads(&plan->rows[i], m);
    }
    return drawn;
}

/* The next row that reads the array tells, as no two that are alive share one. */
static int alive(const itp_plan *plan, const itp_drawing *drawing, int32_t from, int32_t array)
{
    for (int32_t i = from; plan && i < plan->info.rows; i++) {
        const itp_plan_row *row = &plan->rows[i];
        for (int32_t j = 0; j < row->term_count; j++) {
            uint32_t m = (uint32_t)row->terms[j].index;
            if (row->terms[j].column == ITP_COLUMN_NORMAL && array_of(plan, drawing, m) == array) {
                return is_drawn_before(plan, from, m);
            }
        }
    }
    return 0;
}

void itp_sampler_keep_drawn(itp_sampler *sampler, itp_store *store)
{
    int32_t arrays = (int32_t)itp_drawing_arrays(&sampler->drawing);
    for (int32_t i = 0; i < arrays; i++) {
        if (alive(sampler->plan, &sampler->drawing, sampler->row, i)) {
            itp_store_bytes(store, array_at(sampler, i), itp_sampler_bytes(sampler));
        }
    }
}

void itp_sampler_draw_nothing(itp_sampler *sampler)
{
    sampler->drawing.draws = 0;
    for (size_t i = 0; i < itp_drawing_arrays(&sampler->drawing); i++) {
        sampler->drawing.held[i] = 0;
    }
}

static void mark_all(itp_sampler *sampler, const itp_term *terms, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (terms[i].column == ITP_COLUMN_NORMAL && !is_drawn(sampler, (uint32_t)terms[i].index)) {
            mark(sampler, (uint32_t)terms[i].index);
        }
    }
}

void itp_sampler_draw_again(itp_sampler *sampler)
{
    const itp_plan *plan = sampler->plan;
    const itp_plan_info *info = sampler->info;
    itp_sampler_draw_nothing(sampler);
    if (!sampler->batch.noise) {
        return;
    }
    if (!info->start_term_count) {
        mark(sampler, 0);
    }
    mark_all(sampler, info->start_terms, info->start_term_count);
    for (int32_t i = 0; plan && i < sampler->row; i++) {
        mark_all(sampler, plan->rows[i].terms, plan->rows[i].term_count);
    }
}
