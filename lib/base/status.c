/* The version, and names of numbers of base.h and kind.h: statuses, levels of sentences, types of elements, needs. */
#include "base/kind.h"

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

ITP_CHOICES(
    status, "status", {ITP_WORDS("done", "", "Done."), ITP_OK, 0},
    {ITP_WORDS("evaluate", "", "The network is to be evaluated, then submit; or a callback stopped the call with 1."),
     ITP_EVALUATE, 0},
    {ITP_WORDS("argument", "", "An argument is NULL or has a value that it cannot have."), ITP_E_ARGUMENT, 0},
    {ITP_WORDS("size", "", "The size field of a struct was not set, or is larger than any."), ITP_E_SIZE, 0},
    {ITP_WORDS("memory", "", "The allocator gave no memory."), ITP_E_MEMORY, 0},
    {ITP_WORDS("unsupported", "", "Unknown id or name, or a combination that does not exist."), ITP_E_UNSUPPORTED, 0},
    {ITP_WORDS("range", "", "A number is not finite or outside its range."), ITP_E_RANGE, 0},
    {ITP_WORDS("overflow", "", "The product of the sizes does not fit."), ITP_E_OVERFLOW, 0},
    {ITP_WORDS("newer", "", "A field of a struct is set that this library is too old to know."), ITP_E_NEWER, 0},
    {ITP_WORDS("older", "", "A struct is shorter than its first version: the program is too old for this library."),
     ITP_E_OLDER, 0},
    {ITP_WORDS("schedule", "", "The schedule's ratio of data to noise does not increase with time."), ITP_E_SCHEDULE,
     0},
    {ITP_WORDS("grid", "", "The nodes do not increase strictly or leave the range of a schedule."), ITP_E_GRID, 0},
    {ITP_WORDS("singular", "", "A coefficient has no finite limit at a node."), ITP_E_SINGULAR, 0},
    {ITP_WORDS("budget", "", "The evaluations do not suffice for one step of the solver, or for the run."),
     ITP_E_BUDGET, 0},
    {ITP_WORDS("step", "", "The error asks for a step below the smallest one."), ITP_E_STEP, 0},
    {ITP_WORDS("tolerance", "", "No two refinements of the fit's reference agree."), ITP_E_TOLERANCE, 0},
    {ITP_WORDS("state", "", "The call is out of order."), ITP_E_STATE, 0},
    {ITP_WORDS("callback", "", "A callback reported an error."), ITP_E_CALLBACK, 0},
    {ITP_WORDS("nonfinite", "", "The network returned a value that is not finite."), ITP_E_NONFINITE, 0},
    {ITP_WORDS("internal", "", "A defect of the library; please report it."), ITP_E_INTERNAL, 0});
ITP_CHOICES(level, "level", {ITP_WORDS("error", "", "a call fails"), ITP_LOG_ERROR, 0},
            {ITP_WORDS("warning", "", "it does what is hardly meant"), ITP_LOG_WARNING, 0},
            {ITP_WORDS("info", "", "all is well"), ITP_LOG_INFO, 0});
ITP_CHOICES(type, "type", {ITP_WORDS("float32", "float,single,f32", "4 bytes"), ITP_FLOAT32, 0},
            {ITP_WORDS("float64", "double,f64", "8 bytes"), ITP_FLOAT64, 0});
ITP_CHOICES(needs, "needs", {ITP_WORDS("table", "", "a schedule that is a table"), ITP_NEEDS_TABLE, 0},
            {ITP_WORDS("values", "", "numbers of the caller's"), ITP_NEEDS_VALUES, 0},
            {ITP_WORDS("function", "callback", "a function of the caller's"), ITP_NEEDS_FUNCTION, 0});

const char *itp_status_string(int status)
{
    const itp_named *row = itp_kind_of(&itp_kind_status, status);
    return row          ? itp_word(row, ITP_WORD_ABOUT)
           : status > 0 ? "A callback stopped the call with this number."
                        : "Unknown status.";
}
