/* A plan inside the library: the public rows themselves, and where their terms lie. */
#ifndef ITP_PLAN_PLAN_H
#define ITP_PLAN_PLAN_H

#include <interp/plan.h>

#include "base/memory.h"
#include "form/rows.h"

struct itp_plan {
    itp_memory memory;
    itp_plan_info info;
    itp_plan_row *rows;
    itp_term *terms;
    int32_t term_count;
};

/* Copies built rows into the plan (rows, terms, info.rows, info.normals). ITP_E_MEMORY. */
int itp_plan_pack(itp_plan *plan, const itp_rows *rows);

/* Gives every column a slot: the fewest that hold all columns alive at once. Fills the slots and info.slots. */
int itp_plan_assign_slots(itp_plan *plan);

/* Of all numbers but the slots, which follow from the others; the same on every machine. */
uint64_t itp_plan_fingerprint(const itp_plan *plan);

#endif
