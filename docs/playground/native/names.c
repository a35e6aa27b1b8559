/* Lists for the page's menus: everything that the library has, by its name. */
#include "../../../examples/kinds.h"
#include "api.h"
#include "settings.h"
#include "shape.h"

enum { SCHEDULES, SOLVERS, GRIDS, SHAPES };

/* The id at a place of a list; 0, or of a solver, which is its place, -1 past its end. (Shapes count from 0 and are
 * asked by name.) */
int32_t PLAYGROUND(names_id)(int32_t list, int32_t place)
{
    switch (list) {
    case SCHEDULES: return kind_at("schedule", place);
    case SOLVERS: return kind_name_at("solver", place) ? place : -1;
    case GRIDS: return kind_at("grid", place);
    default: return place;
    }
}

const char *PLAYGROUND(names_name)(int32_t list, int32_t id)
{
    switch (list) {
    case SCHEDULES: return kind_name("schedule", id);
    case SOLVERS: return kind_name_at("solver", id);
    case GRIDS: return kind_name("grid", id);
    default: return shape_name(id);
    }
}

/* Normal vectors of a plan, or -1 where there is no such plan. */
int32_t PLAYGROUND(names_normals)(int32_t schedule, int32_t solver, int32_t grid, double k)
{
    const settings s = {schedule, solver, grid, 24, k};
    itp_schedule *made = NULL;
    itp_plan *plan = NULL;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    message why;
    int status = settings_plan(&s, &why, &made, &plan);
    if (!status) {
        itp_plan_get_info(plan, &info);
    }
    itp_plan_free(plan);
    itp_schedule_free(made);
    return status ? -1 : info.normals;
}

int32_t PLAYGROUND(names_version)(void)
{
    return itp_version();
}
