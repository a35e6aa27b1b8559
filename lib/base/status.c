#include <interp/base.h>

int32_t itp_version(void)
{
    return ITP_VERSION_MAJOR * 1000000 + ITP_VERSION_MINOR * 1000 + ITP_VERSION_PATCH;
}

#define NUMBER(n) DIGITS(n)
#define DIGITS(n) #n

const char *itp_version_text(void)
{
    return NUMBER(ITP_VERSION_MAJOR) "." NUMBER(ITP_VERSION_MINOR) "." NUMBER(ITP_VERSION_PATCH);
}

const char *itp_status_string(int status)
{
    switch (status) {
    case ITP_OK: return "Done.";
    case ITP_EVALUATE: return "The network is to be evaluated, then submit; or a callback stopped the call with 1.";
    case ITP_E_ARGUMENT: return "An argument is NULL or has a value that it cannot have.";
    case ITP_E_SIZE: return "The size field of a struct was not set, or is larger than any.";
    case ITP_E_MEMORY: return "The allocator gave no memory.";
    case ITP_E_UNSUPPORTED: return "Unknown id or name, or a combination that does not exist.";
    case ITP_E_RANGE: return "A number is not finite or outside its range.";
    case ITP_E_OVERFLOW: return "The product of the sizes does not fit.";
    case ITP_E_NEWER: return "A field of a struct is set that this library is too old to know.";
    case ITP_E_OLDER: return "A struct is shorter than its first version: the program is too old for this library.";
    case ITP_E_SCHEDULE: return "The schedule's ratio of data to noise does not increase with time.";
    case ITP_E_GRID: return "The nodes do not increase strictly or leave the range of a schedule.";
    case ITP_E_SINGULAR: return "A coefficient has no finite limit at a node.";
    case ITP_E_BUDGET: return "The evaluations do not suffice for one step of the solver, or for the run.";
    case ITP_E_STEP: return "The error asks for a step below the smallest one.";
    case ITP_E_TOLERANCE: return "No two refinements of the fit's reference agree.";
    case ITP_E_STATE: return "The call is out of order.";
    case ITP_E_CALLBACK: return "A callback reported an error.";
    case ITP_E_NONFINITE: return "The network returned a value that is not finite.";
    case ITP_E_INTERNAL: return "A defect of the library; please report it.";
    default: return status > 0 ? "A callback stopped the call with this number." : "Unknown status.";
    }
}
