#include "plan/described.h"

#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/sized.h"
#include "grid/grid.h"
#include "solver/diffusion.h"

/* NULL leaves all defaults. */
static int read_part(void *known, size_t size, const void *part, const itp_report *log, const char *name)
{
    if (!part) {
        memset(known, 0, size);
        memcpy(known, &size, sizeof size);
        return ITP_OK;
    }
    int status = itp_struct_read(known, size, part);
    return status ? itp_fail(log, status, "%s: its size is %zu, which is none that this struct can have here.", name,
                             *(const size_t *)part)
                  : ITP_OK;
}

static int read_parts(itp_described *out, const itp_report *log)
{
    int status = read_part(&out->solver, sizeof out->solver, out->plan.solver, log, "solver");
    status = status ? status : read_part(&out->grid, sizeof out->grid, out->plan.grid, log, "grid");
    status = status ? status : read_part(&out->diffusion, sizeof out->diffusion, out->plan.diffusion, log, "diffusion");
    return status ? status : itp_reserved_check(log, out->diffusion.reserved);
}

int itp_described_within(const itp_plan_desc *desc, itp_described *out, const itp_report *log)
{
    int status = read_part(&out->plan, sizeof out->plan, desc, log, "plan");
    return status ? status : read_parts(out, log);
}

int itp_described_from(const itp_plan_desc *desc, itp_described *out, itp_report *log)
{
    int status = itp_desc_read(&out->plan, sizeof out->plan, desc, offsetof(itp_plan_desc, env), log);
    return status ? status : read_parts(out, log);
}

int itp_described_has_nodes(const itp_described *of)
{
    return (itp_grid_reads(of->grid.kind) & ITP_READS_NODES) != 0;
}

static void fill(const itp_kind *kind, int32_t id, void *of)
{
    const itp_named *row = itp_kind_of(kind, id);
    if (row) {
        itp_fields_fill(kind, row, of);
    }
}

void itp_described_fill(itp_described *of)
{
    of->grid.kind = of->grid.kind ? of->grid.kind : ITP_GRID_TIME;
    of->diffusion.kind = of->diffusion.kind ? of->diffusion.kind : ITP_DIFFUSION_K;
    fill(&itp_kind_grid, of->grid.kind, &of->grid);
    fill(&itp_kind_diffusion, of->diffusion.kind, &of->diffusion);
    if (of->grid.u_end == 0) {
        of->grid.u_end = 1; /* for the caller's nodes, too */
    }
    if (of->plan.evaluations == 0 && !itp_described_has_nodes(of)) {
        of->plan.evaluations = 8;
    }
}
