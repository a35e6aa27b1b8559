#include "base/desc.h"

#include <string.h>

#include "base/sized.h"

itp_env itp_env_of(const itp_env *env)
{
    itp_env known = ITP_ENV_INIT;
    if (env) {
        (void)itp_struct_read(&known, sizeof known, env);
    }
    return known;
}

int itp_report_from(const itp_env *env, itp_report *log)
{
    itp_env known = ITP_ENV_INIT;
    *log = (itp_report){.hook = ITP_LOG_INIT};
    int status = env ? itp_struct_read(&known, sizeof known, env) : ITP_OK;
    if (!status && known.error) {
        status = itp_struct_check(known.error);
        log->error = status ? NULL : known.error;
    }
    itp_report_begin(log);
    if (!status && known.log) {
        status = itp_struct_read(&log->hook, sizeof log->hook, known.log);
    }
    return status ? itp_fail(log, status, "env: the size of it, or of its log or error, is wrong.") : ITP_OK;
}

int itp_desc_read(void *known, size_t size, const void *desc, size_t env_at, itp_report *log)
{
    *log = (itp_report){.hook = ITP_LOG_INIT};
    int status = desc ? itp_struct_read(known, size, desc) : ITP_E_ARGUMENT;
    if (status) {
        return status;
    }
    const itp_env *env;
    memcpy(&env, (const unsigned char *)known + env_at, sizeof env);
    return itp_report_from(env, log);
}

int itp_desc_memory(const itp_env *env, const itp_report *log, itp_memory *out)
{
    itp_env known = itp_env_of(env);
    int status = itp_memory_from(known.memory, out);
    return status ? itp_fail(log, status, "memory: give both functions, and the right size.") : ITP_OK;
}
