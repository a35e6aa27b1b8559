#include "grid/node.h"

#include <math.h>

double itp_near_end(double x, int32_t roundings)
{
    double rounding = roundings * 0x1p-52;
    return fabs(x) <= rounding ? 0 : fabs(x - 1) <= rounding ? 1 : x;
}

int itp_node_at(const itp_schedule *schedule, double t, itp_node *out)
{
    itp_at at;
    int status = itp_schedule_at(schedule, t, &at);
    out->u = at.u;
    out->w = at.w;
    out->t = t;
    out->beyond = 0;
    return status;
}
