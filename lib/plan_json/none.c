/* The build without cJSON. */
#include <interp/plan_json.h>

#include "base/desc.h"

/* NOLINTNEXTLINE(readability-non-const-parameter): the other build writes it */
int itp_plan_to_json(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    return plan && (text || !capacity) ? (void)needed, ITP_E_UNSUPPORTED : ITP_E_ARGUMENT;
}

int itp_plan_from_json(const char *text, size_t length, const itp_env *env, itp_plan **out)
{
    itp_report known;
    (void)length;
    if (!out) {
        return itp_env_refuse(env, "out");
    }
    *out = NULL;
    if (!text) {
        return itp_env_refuse(env, "text");
    }
    int status = itp_report_from(env, &known);
    return status ? status : itp_fail(&known, ITP_E_UNSUPPORTED, "this build of the library has no cJSON.");
}
