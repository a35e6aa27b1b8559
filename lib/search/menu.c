#include "search/menu.h"

#include <string.h>

#include "base/append.h"
#include "grid/registry.h"
#include "schedule/schedule.h"
#include "solver/solver.h"

/* Of names that have numbers worth more than one try: these numbers, beside the defaults. */
typedef struct variant {
    const char *name, *numbers;
} variant;
static const variant GRIDS[] = {{"time", "shift=0.3333333333333333"},
                                {"time", "shift=0.5"},
                                {"time", "shift=2"},
                                {"time", "shift=3"},
                                {"time", "shift=5"},
                                {"u", "shift=0.3333333333333333"},
                                {"u", "shift=0.5"},
                                {"u", "shift=2"},
                                {"u", "shift=3"},
                                {"u", "shift=5"},
                                {"karras-flow", "rho=3"}};
static const variant SCHEDULES[] = {{"lazy", "s=0.25"}, {"lazy", "s=0.5"}, {"lazy", "k=1"}, {"lazy", "k=1, s=0.5"}};

/* The rows of a kind, and what numbers they are tried with. */
typedef struct list {
    const itp_kind *kind;
    const variant *variants;
    size_t count;
} list;
static const list ALL_GRIDS = {&itp_kind_grid, GRIDS, sizeof GRIDS / sizeof GRIDS[0]};
static const list ALL_SCHEDULES = {&itp_kind_schedule, SCHEDULES, sizeof SCHEDULES / sizeof SCHEDULES[0]};

/* 1 where a text alone makes it. */
static int is_complete(const itp_named *row)
{
    return !((row->reads >> ITP_NEEDS_SHIFT) & (ITP_NEEDS_VALUES | ITP_NEEDS_FUNCTION));
}

/* The numbers of a row's variant number `*i`; *i less those that the row has, where there are not so many. */
static const char *numbers_of(const list *of, const itp_named *row, int32_t *i)
{
    for (size_t k = 0; k < of->count; k++) {
        if (!strcmp(of->variants[k].name, row->name) && --*i < 0) {
            return of->variants[k].numbers;
        }
    }
    return NULL;
}

/* Appends " key=name" or " key=name(numbers)", number i of the list; 0: there is none. */
static int append_item(const list *of, const char *key, int32_t i, char text[ITP_MENU_TEXT])
{
    const itp_named *row;
    for (int32_t k = 0; (row = itp_kind_row(of->kind, k)) != NULL; k++) {
        int plain = is_complete(row) && i-- == 0;
        const char *numbers = plain || !is_complete(row) ? NULL : numbers_of(of, row, &i);
        if (plain || numbers) {
            itp_append(text, ITP_MENU_TEXT, numbers ? " %s=%s(%s)" : " %s=%s", key, row->name, numbers);
            return 1;
        }
    }
    return 0;
}

int itp_menu_schedule(int32_t i, char text[ITP_MENU_TEXT])
{
    return i == 0 || append_item(&ALL_SCHEDULES, "schedule", i - 1, text);
}

int itp_menu_grid(int32_t i, char text[ITP_MENU_TEXT])
{
    return append_item(&ALL_GRIDS, "grid", i, text);
}

int itp_menu_solver(int32_t i, char text[ITP_MENU_TEXT])
{
    const itp_method *method;
    for (int32_t k = 0; (method = (const void *)itp_kind_row(&itp_kind_solver, k)) != NULL; k++) {
        if (!method->stochastic && is_complete(&method->named) && i-- == 0) {
            itp_append(text, ITP_MENU_TEXT, " solver=%s", method->named.name);
            return 1;
        }
    }
    return 0;
}
