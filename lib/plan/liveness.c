/* Which arrays a run needs. A state is alive from the row that evaluates it, an output from its own row, both to the
 * last row that reads them. A row writes its next state when it has read everything, so that state may take the place
 * of a column that dies there. Lifetimes are intervals: taking the first free slot is optimal. Slots that are free
 * stand in a heap with the first on top, so that many of them, as a text may ask for, do not make the work grow like
 * their square. */
#include <string.h>

#include "plan/plan.h"

typedef struct lives {
    itp_memory memory;
    size_t rows;
    int32_t *state_end, *output_end; /* last row that reads Y_i, F_i */
    int32_t *state_slot, *output_slot;
    int32_t *expiring; /* of a row: one more than a slot that is free after it; 0: there is none */
    int32_t *next;     /* of a slot: one more than another that is free after the same row */
    int32_t *vacant;   /* a heap of the slots that are free */
    int32_t vacancies, slots;
} lives;

/* Arrays of one entry a row in a block; what has one for each slot takes two: at worst every column has a slot. */
enum { ARRAYS = 4 + 1 + 2 + 2 };

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

static void exchange(int32_t *a, int32_t *b)
{
    int32_t kept = *a;
    *a = *b;
    *b = kept;
}

static void free_slot(lives *of, int32_t slot)
{
    int32_t at = of->vacancies++;
    of->vacant[at] = slot;
    for (; at && of->vacant[at] < of->vacant[(at - 1) / 2]; at = (at - 1) / 2) {
        exchange(&of->vacant[at], &of->vacant[(at - 1) / 2]);
    }
}

static int32_t first_vacant(lives *of)
{
    int32_t slot = of->vacant[0], last = --of->vacancies;
    of->vacant[0] = of->vacant[last];
    for (int32_t at = 0, child = 1; child < last; child = 2 * at + 1) {
        child += child + 1 < last && of->vacant[child + 1] < of->vacant[child];
        if (of->vacant[at] <= of->vacant[child]) {
            break;
        }
        exchange(&of->vacant[at], &of->vacant[child]);
        at = child;
    }
    return slot;
}

/* The slots whose columns row `row` was the last to read. */
static void end_row(lives *of, int32_t row)
{
    for (int32_t link = of->expiring[row]; link; link = of->next[link - 1]) {
        free_slot(of, link - 1);
    }
}

/* The first slot that is free, now taken until row `until` is done. */
static int32_t take_slot(lives *of, int32_t until)
{
    int32_t slot = of->vacancies ? first_vacant(of) : of->slots++;
    of->next[slot] = of->expiring[until];
    of->expiring[until] = slot + 1;
    return slot;
}

static void place(const itp_plan *plan, lives *of)
{
    int32_t last = plan->info.rows - 1;
    of->state_slot[0] = take_slot(of, of->state_end[0]);
    for (int32_t i = 0; i <= last; i++) {
        of->output_slot[i] = take_slot(of, of->output_end[i]);
        end_row(of, i);
        if (i < last) {
            of->state_slot[i + 1] = take_slot(of, of->state_end[i + 1]);
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
    plan->info.carries = itp_plan_carries(plan);
}

int itp_plan_assign_slots(itp_plan *plan)
{
    size_t rows = (size_t)plan->info.rows, each = ARRAYS * rows;
    int32_t *block = itp_memory_array(&plan->memory, each, sizeof *block);
    if (!block) {
        return ITP_E_MEMORY;
    }
    lives of = {.memory = plan->memory,
                .rows = rows,
                .state_end = block,
                .output_end = block + rows,
                .state_slot = block + 2 * rows,
                .output_slot = block + 3 * rows,
                .expiring = block + 4 * rows,
                .next = block + 5 * rows,
                .vacant = block + 7 * rows};
    find_ends(plan, &of);
    place(plan, &of);
    write_slots(plan, &of);
    itp_memory_free(&plan->memory, block, each * sizeof *block);
    return ITP_OK;
}
