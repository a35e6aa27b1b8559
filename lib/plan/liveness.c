/* Which arrays a run needs. A state is alive from the row that evaluates it, an output from its own row, both to the
 * last row that reads them. A row writes its next state when it has read everything, so that state may take the place
 * of a column that dies there. Lifetimes are intervals: taking the first free slot is optimal. */
#include <string.h>

#include "plan/plan.h"

typedef struct lives {
    itp_memory memory;
    size_t rows;
    int32_t *state_end, *output_end; /* last row that reads Y_i, F_i */
    int32_t *state_slot, *output_slot;
    int32_t *busy; /* last row for which the slot is taken */
    int32_t slots;
} lives;

static void extend(int32_t *end, int32_t row)
{
    *end = *end > row ? *end : row;
}

static void find_ends(const itp_plan *plan, lives *of)
{
    for (int32_t i = 0; i < plan->info.rows; i++) {
        extend(&of->state_end[i], i);
        extend(&of->output_end[i], i);
        for (int32_t j = 0; j < plan->rows[i].term_count; j++) {
            const itp_term *term = &plan->rows[i].terms[j];
            if (term->column != ITP_COLUMN_NORMAL) {
                extend(term->column == ITP_COLUMN_STATE ? &of->state_end[term->index] : &of->output_end[term->index],
                       i);
            }
        }
    }
}

/* The first slot that is free from row `from` on, now taken until `until`. */
static int32_t take(lives *of, int32_t from, int32_t until)
{
    int32_t slot = 0;
    while (slot < of->slots && of->busy[slot] >= from) {
        slot++;
    }
    of->slots += slot == of->slots;
    of->busy[slot] = until;
    return slot;
}

static void place(const itp_plan *plan, lives *of)
{
    int32_t last = plan->info.rows - 1;
    of->state_slot[0] = take(of, 0, of->state_end[0]);
    for (int32_t i = 0; i <= last; i++) {
        of->output_slot[i] = take(of, i, of->output_end[i]);
        if (i < last) {
            of->state_slot[i + 1] = take(of, i + 1, of->state_end[i + 1]);
        }
    }
}

static void write_slots(itp_plan *plan, const lives *of)
{
    for (int32_t i = 0; i < plan->info.rows; i++) {
        itp_plan_row *row = &plan->rows[i];
        row->x_slot = of->state_slot[i];
        row->out_slot = of->output_slot[i];
        row->next_slot = i + 1 < plan->info.rows ? of->state_slot[i + 1] : 0;
    }
    for (int32_t i = 0; i < plan->term_count; i++) {
        itp_term *term = &plan->terms[i];
        term->slot = term->column == ITP_COLUMN_NORMAL  ? -1
                     : term->column == ITP_COLUMN_STATE ? of->state_slot[term->index]
                                                        : of->output_slot[term->index];
    }
    plan->info.slots = of->slots;
}

int itp_plan_assign_slots(itp_plan *plan)
{
    size_t rows = (size_t)plan->info.rows, each = 6 * rows; /* at worst every column has a slot of its own */
    int32_t *block = itp_memory_array(&plan->memory, each, sizeof *block);
    if (!block) {
        return ITP_E_MEMORY;
    }
    lives of = {plan->memory, rows, block, block + rows, block + 2 * rows, block + 3 * rows, block + 4 * rows, 0};
    find_ends(plan, &of);
    place(plan, &of);
    write_slots(plan, &of);
    itp_memory_free(&plan->memory, block, each * sizeof *block);
    return ITP_OK;
}
