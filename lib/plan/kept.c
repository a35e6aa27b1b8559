#include "plan/kept.h"

#include <string.h>

#include "base/sized.h"

/* The three that a description may have. */
static void find_schedules(itp_kept *kept, const itp_schedule ***found)
{
    found[0] = &kept->model.schedule;
    found[1] = &kept->of.plan.schedule;
    found[2] = &kept->of.diffusion.schedule;
}

/* Lists of a schedule's description, all of one length. */
static void find_lists(itp_schedule_desc *desc, const double ***found)
{
    found[0] = &desc->alphas_cumprod;
    found[1] = &desc->alpha;
    found[2] = &desc->beta;
}

/* Copies a list to the end of `numbers`, or, where there is no room yet, only counts it. */
static void keep_list(itp_kept *kept, const double **list, int32_t count)
{
    if (*list && kept->numbers) {
        memcpy(kept->numbers + kept->count, *list, (size_t)count * sizeof **list);
        *list = kept->numbers + kept->count;
    }
    kept->count += *list ? (size_t)count : 0;
}

/* The tableau and the restarts, which are as long as three doubles. */
static void keep_solver(itp_kept *kept)
{
    int32_t n = kept->tableau.stages, more = (int32_t)(sizeof(itp_restart) / sizeof(double));
    const double *restarts = (const void *)kept->of.solver.restarts;
    keep_list(kept, &kept->tableau.a, n * n);
    keep_list(kept, &kept->tableau.b, n);
    keep_list(kept, &kept->tableau.c, n);
    keep_list(kept, &kept->tableau.embedded, kept->tableau.embedded_count);
    keep_list(kept, &restarts, kept->of.solver.restart_count * more);
    kept->of.solver.restarts = (const void *)restarts;
}

static void keep_lists(itp_kept *kept)
{
    const double **lists[3];
    kept->count = 0;
    for (int i = 0; i < ITP_KEPT_SCHEDULES; i++) {
        itp_schedule_desc *desc = &kept->schedules[i].desc;
        find_lists(desc, lists);
        for (int j = 0; j < 3 && desc->kind == ITP_SCHEDULE_TABLE; j++) {
            keep_list(kept, lists[j], desc->count);
        }
    }
    keep_list(kept, &kept->of.grid.nodes, kept->of.grid.node_count);
    keep_solver(kept);
}

static void keep_schedules(itp_kept *kept)
{
    const itp_schedule **schedules[ITP_KEPT_SCHEDULES];
    find_schedules(kept, schedules);
    for (int i = 0; i < ITP_KEPT_SCHEDULES; i++) {
        if (*schedules[i]) {
            kept->schedules[i] = **schedules[i];
            *schedules[i] = &kept->schedules[i];
        }
    }
}

itp_kept *itp_kept_new(const itp_described *of, const itp_model *model, const itp_memory *memory)
{
    itp_kept *kept = itp_memory_array(memory, 1, sizeof *kept);
    if (!kept) {
        return NULL;
    }
    kept->of = *of;
    kept->model = *model;
    keep_schedules(kept);
    if (of->solver.tableau) {
        (void)itp_struct_read(&kept->tableau, sizeof kept->tableau, of->solver.tableau);
        kept->of.solver.tableau = &kept->tableau;
    }
    keep_lists(kept);
    size_t count = kept->count;
    kept->numbers = itp_memory_array(memory, count, sizeof *kept->numbers);
    if (count && !kept->numbers) {
        itp_memory_free(memory, kept, sizeof *kept);
        return NULL;
    }
    keep_lists(kept);
    return kept;
}

void itp_kept_free(itp_kept *kept, const itp_memory *memory)
{
    if (kept) {
        itp_memory_free(memory, kept->numbers, kept->count * sizeof *kept->numbers);
        itp_memory_free(memory, kept, sizeof *kept);
    }
}
