#include "plan.h"

#include <stdarg.h>
#include <stdio.h>

#include "check.h"

itp_plan *plan_of(const char *format, ...)
{
    char text[512];
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    check_true(text, length >= 0 && (size_t)length < sizeof text);
    int status = itp_plan_parse(text, &why, &plan);
    if (status) print_error("%s\n", why.text);
    check_status(text, status, ITP_OK);
    return plan;
}

itp_plan *plan_wanted(const char *name, const wanted *want)
{
    itp_plan *plan = NULL;
    check_status(name, make_plan(want, &plan), ITP_OK);
    return plan;
}

itp_plan *plan_at_k(const char *solver, int32_t evaluations, double k)
{
    wanted want = WANTED;
    itp_plan *plan = NULL;
    want.solver = SOLVER(solver);
    want.plan.evaluations = evaluations;
    want.diffusion.k = k;
    if (!make_plan(&want, &plan)) return plan;
    want.diffusion.k = 1 - k;
    return plan_wanted(solver, &want);
}

itp_batch batch_of(size_t dim, size_t count, int32_t type)
{
    return (itp_batch){ITP_SIZED(itp_batch), .dim = dim, .count = count, .type = type};
}
