/* From the builder's rows to the plan's. Increments of the Brownian path become the normals that they are made of. */
#include <math.h>
#include <string.h>

#include "base/float_env.h"
#include "base/sort.h"
#include "noise/brownian.h"
#include "plan/plan.h"
#include "solver/solver.h"

/* Two steps' intervals stand in a row: as many expansions are kept. */
enum { KEPT = 2 };

/* A position is resolved down to cells this part as wide as the distance to its nearest neighbour. What is below then
 * falls like the root of a step; so that it falls like a solver's error, short steps have smaller parts: this one times
 * the distance over that to the nearer end of the path. */
static const double PART = 1. / 16, PART_OF_RATIO = 1. / 2;

/* For each further evaluation that a step takes as many levels more: that is what a row's time suffices for. */
enum { FINER = 4 };

typedef struct expansion {
    int32_t number; /* of the interval; -1: none yet */
    itp_brownian_shares shares;
} expansion;

typedef struct packing {
    itp_plan *plan;
    const itp_solving *solving;
    double *positions; /* ends of all intervals of the path's clock, increasing */
    size_t position_count;
    int32_t finer;        /* by so many levels */
    expansion kept[KEPT]; /* of interval i at i % KEPT */
    int status;
} packing;

/* Apart, so that asking needs no registers. */
static ITP_APART int widen(packing *of, int32_t more)
{
    itp_plan *plan = of->plan;
    int32_t wider = 2 * plan->term_capacity + more;
    itp_term *terms =
        wider < INT32_MAX / 2 ? itp_memory_alloc(&plan->memory, (size_t)wider * sizeof *terms, sizeof(double)) : NULL;
    if (!terms) {
        return of->status = ITP_E_MEMORY;
    }
    if (plan->terms) {
        memcpy(terms, plan->terms, (size_t)plan->term_count * sizeof *terms);
    }
    itp_memory_free(&plan->memory, plan->terms, (size_t)plan->term_capacity * sizeof *terms);
    plan->terms = terms;
    plan->term_capacity = wider;
    return ITP_OK;
}

/* Asked for each term: rarely there is something to do. */
static int reserve(packing *of, int32_t more)
{
    const itp_plan *plan = of->plan;
    return of->status || plan->term_count + more <= plan->term_capacity ? of->status : widen(of, more);
}

static int before(const itp_term *a, const itp_term *b)
{
    return a->column != b->column ? a->column < b->column : a->index < b->index;
}

/* Puts a term into the row that begins at `first`: states, outputs, normals, each by age; a column that is there
 * grows. */
static void insert(itp_plan *plan, int32_t first, itp_term term)
{
    int32_t j = plan->term_count;
    while (j > first && before(&term, &plan->terms[j - 1])) {
        j--;
    }
    if (j > first && !before(&plan->terms[j - 1], &term)) {
        plan->terms[j - 1].coef += term.coef;
        return;
    }
    memmove(&plan->terms[j + 1], &plan->terms[j], (size_t)(plan->term_count - j) * sizeof term);
    plan->terms[j] = term;
    plan->term_count++;
}

/* The distance from a position to the nearest other one that the plan uses; infinite where there is none. */
static double distance(const packing *of, double position)
{
    size_t low = 0, high = of->position_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (of->positions[middle] < position) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    double before = low ? position - of->positions[low - 1] : INFINITY, after = INFINITY;
    for (; low < of->position_count && after == INFINITY; low++) {
        after = of->positions[low] > position ? of->positions[low] - position : INFINITY;
    }
    return fmin(before, after);
}

static int32_t level_at(const packing *of, double position)
{
    double nearer = fmin(position, 1 - position), step = distance(of, position);
    if (!(nearer > 0)) {
        return ITP_BROWNIAN_EXACT;
    }
    return itp_brownian_level(step * fmin(PART, PART_OF_RATIO * step / nearer)) + of->finer;
}

/* The plan's own ends inside the path are exact, so that its noise from end to end is the path's increment. */
static itp_brownian_end end_at(const packing *of, double position)
{
    const itp_plan_info *info = &of->plan->info;
    int first = info->u_start > 0 && position == of->positions[0];
    int last = info->u_end < 1 && position == of->positions[of->position_count - 1];
    return (itp_brownian_end){position, first || last ? ITP_BROWNIAN_EXACT : level_at(of, position)};
}

static void write_normal(itp_term *to, int32_t index, double coef)
{
    to->column = ITP_COLUMN_NORMAL;
    to->index = index;
    to->slot = -1;
    to->reserved = 0;
    to->coef = coef;
}

/* How many normals the row beginning at `first` ends with. */
static int32_t count_normals(const itp_plan *plan, int32_t first)
{
    int32_t start = plan->term_count;
    while (start > first && plan->terms[start - 1].column == ITP_COLUMN_NORMAL) {
        start--;
    }
    return plan->term_count - start;
}

/* Adds normals, by increasing m, to those that the row has, from the last one on. Two intervals share many; the room
 * that these leave is closed in the end. */
static void merge_normals(itp_plan *plan, int32_t first, const itp_noise_term *normals, int32_t count)
{
    int32_t left = count_normals(plan, first), end = left + count, to = end;
    itp_term *terms = plan->terms + (plan->term_count - left);
    while (count) {
        int32_t m = (int32_t)normals[count - 1].m;
        if (left && terms[left - 1].index >= m) {
            double more = terms[left - 1].index == m ? normals[--count].coef : 0;
            terms[--to] = terms[--left];
            terms[to].coef += more;
        } else {
            write_normal(&terms[--to], m, normals[--count].coef);
        }
    }
    memmove(terms + left, terms + to, (size_t)(end - to) * sizeof *terms);
    plan->term_count = (int32_t)(terms - plan->terms) + left + (end - to);
}

static const itp_brownian_shares *expanded(packing *of, int32_t number)
{
    expansion *kept = &of->kept[number % KEPT];
    if (kept->number != number) {
        const itp_interval *over = &of->solving->intervals[number];
        itp_brownian_interval at = {end_at(of, over->from), end_at(of, over->to)};
        itp_brownian_expand(&at, &kept->shares);
        kept->number = number;
    }
    return &kept->shares;
}

static void insert_interval(packing *of, int32_t first, int32_t number, double increment, double area)
{
    itp_noise_term normals[ITP_BROWNIAN_TERMS];
    itp_plan *plan = of->plan;
    int32_t count = itp_brownian_weigh(expanded(of, number), increment, area, normals);
    if (!count || reserve(of, count)) {
        return;
    }
    if (plan->term_count > first && plan->terms[plan->term_count - 1].column == ITP_COLUMN_NORMAL) {
        merge_normals(plan, first, normals, count);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        write_normal(&plan->terms[plan->term_count++], (int32_t)normals[i].m, normals[i].coef);
    }
}

/* Increment and area of an interval stand next to each other, or one of them alone. */
static int32_t insert_path(packing *of, int32_t first, const itp_form *form, int32_t i)
{
    const itp_form_term *term = &form->term[i];
    double part[2] = {0, 0};
    int32_t number = term->index / 2, used = 1;
    part[term->index % 2] = term->coef;
    if (i + 1 < form->count && form->term[i + 1].column == ITP_IS_WIENER && form->term[i + 1].index / 2 == number) {
        part[form->term[i + 1].index % 2] = form->term[i + 1].coef;
        used = 2;
    }
    insert_interval(of, first, number, part[0], part[1]);
    return used;
}

/* Appends a form's terms; returns how many there are. The columns that are left when the builder is done have the
 * public numbers, but for the path's. */
static int32_t append_form(packing *of, const itp_form *form)
{
    int32_t first = of->plan->term_count;
    for (int32_t i = 0; i < form->count && !reserve(of, 1); i++) {
        const itp_form_term *from = &form->term[i];
        if (from->column != ITP_IS_WIENER) {
            itp_term term = {from->column, from->index, 0, 0, from->coef};
            insert(of->plan, first, term);
        }
    }
    for (int32_t i = 0; i < form->count && !of->status;) {
        i += form->term[i].column == ITP_IS_WIENER ? insert_path(of, first, form, i) : 1;
    }
    if (of->plan->term_count > first) {
        const itp_term *last = &of->plan->terms[of->plan->term_count - 1];
        int more = last->column == ITP_COLUMN_NORMAL && last->index >= of->plan->info.normals;
        of->plan->info.normals = more ? last->index + 1 : of->plan->info.normals;
    }
    return of->plan->term_count - first;
}

static void pack_row(packing *of, const itp_row *from, itp_plan_row *to)
{
    *to = (itp_plan_row)ITP_PLAN_ROW_INIT;
    to->time = from->time;
    to->u = from->u;
    to->t = from->t;
    to->scale = from->scale;
    to->step = from->step;
    to->steps = of->plan->info.steps;
    to->ends_step = from->ends_step;
    to->keep = from->keeps;
    to->keep_state = from->keeps ? from->keep_state : 0;
    to->keep_output = from->keeps ? from->keep_output : 1;
    to->data_state = from->data_state;
    to->data_output = from->data_output;
    to->term_count = append_form(of, &from->next);
}

/* One multiple of xi_0 is the plain start; anything else has terms of its own. */
static void pack_start(packing *of, const itp_form *start)
{
    itp_plan_info *info = &of->plan->info;
    int32_t first = of->plan->term_count, count = append_form(of, start);
    double square = 0;
    for (int32_t i = first; i < first + count; i++) {
        square += of->plan->terms[i].coef * of->plan->terms[i].coef;
    }
    int plain = count == 0 || (count == 1 && of->plan->terms[first].index == 0);
    info->start_scale = count == 1 ? of->plan->terms[first].coef : sqrt(square);
    info->start_term_count = plain ? 0 : count;
}

void itp_plan_link(itp_plan *plan)
{
    itp_term *terms = plan->terms;
    for (int32_t i = 0; i < plan->info.rows; i++) {
        plan->rows[i].terms = terms;
        terms += plan->rows[i].term_count;
    }
    plan->info.start_terms = plan->info.start_term_count ? terms : NULL;
}

static int collect_positions(packing *of)
{
    const itp_solving *solving = of->solving;
    of->position_count = 2 * (size_t)solving->interval_count;
    if (!of->position_count) {
        return ITP_OK;
    }
    of->positions = itp_memory_array(&of->plan->memory, of->position_count, sizeof *of->positions);
    for (int32_t i = 0; of->positions && i < solving->interval_count; i++) {
        of->positions[(size_t)2 * (size_t)i] = solving->intervals[i].from;
        of->positions[(size_t)2 * (size_t)i + 1] = solving->intervals[i].to;
    }
    if (of->positions) {
        itp_sort_reals(of->positions, of->position_count);
    }
    return of->positions ? ITP_OK : ITP_E_MEMORY;
}

/* An interval of a plan with many steps has some fifty normals. */
static int32_t expected_terms(const itp_solving *solving)
{
    int32_t count = 8;
    for (int32_t i = 0; i < solving->rows.count; i++) {
        const itp_form *form = &solving->rows.row[i].next;
        for (int32_t j = 0; j < form->count; j++) {
            int area = j && form->term[j].column == ITP_IS_WIENER && form->term[j].index == form->term[j - 1].index + 1;
            count += form->term[j].column == ITP_IS_WIENER && !area ? 56 : 1;
        }
    }
    return count;
}

int itp_plan_starts_inside(double u, double w, double own_u, double own_w)
{
    return 20 * u > w && 2 * u * own_w > 3 * own_u * w;
}

int itp_plan_pack(itp_plan *plan, const itp_solving *solving, int32_t evaluations)
{
    const itp_rows *rows = &solving->rows;
    packing of;
    of.plan = plan;
    of.solving = solving;
    of.positions = NULL;
    of.position_count = 0;
    of.kept[0].number = of.kept[1].number = -1;
    of.finer = FINER * (evaluations - 1);
    plan->info.rows = rows->count;
    plan->info.normals = 1;
    plan->rows = itp_memory_alloc(&plan->memory, (size_t)rows->count * sizeof *plan->rows, sizeof(double));
    of.status = plan->rows ? collect_positions(&of) : ITP_E_MEMORY;
    reserve(&of, expected_terms(solving));
    for (int32_t i = 0; i < rows->count && !of.status; i++) {
        pack_row(&of, &rows->row[i], &plan->rows[i]);
    }
    if (!of.status) {
        pack_start(&of, &rows->start);
        itp_plan_link(plan);
    }
    itp_memory_free(&plan->memory, of.positions, of.position_count * sizeof *of.positions);
    return of.status;
}
