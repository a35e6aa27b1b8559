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

const itp_env *itp_desc_env(const void *desc, size_t env_at)
{
    const itp_env *env = NULL;
    size_t theirs;
    memcpy(&theirs, desc, sizeof theirs);
    if (theirs >= env_at + sizeof(void *) && theirs <= ITP_STRUCT_LARGEST) {
        memcpy(&env, (const unsigned char *)desc + env_at, sizeof(void *));
    }
    return env;
}

int itp_fail_of_size(const itp_report *log, int status, const char *name, const void *from, size_t size)
{
    size_t theirs;
    memcpy(&theirs, from, sizeof theirs);
    if (status == ITP_E_NEWER) {
        return itp_fail(log, status, "%s: a field beyond the %zu bytes that this library knows of it is set.", name,
                        size);
    }
    return status == ITP_E_OLDER
               ? itp_fail(log, status, "%s: %zu bytes, but its first version has %zu.", name, theirs, size)
               : itp_fail(log, status, "%s: its size field is %zu; begin with ITP_SIZED.", name, theirs);
}

int itp_desc_read(void *known, size_t size, const void *desc, size_t env_at, itp_report *log)
{
    *log = (itp_report){.hook = ITP_LOG_INIT};
    if (!desc) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_report_from(itp_desc_env(desc, env_at), log);
    if (status) {
        return status;
    }
    status = itp_struct_read(known, size, desc);
    return status ? itp_fail_of_size(log, status, "size", desc, size) : ITP_OK;
}

int itp_env_refuse(const itp_env *env, const char *name)
{
    itp_report log;
    int status = itp_report_from(env, &log);
    return status ? status : itp_fail(&log, ITP_E_ARGUMENT, "%s: it is NULL.", name);
}

int itp_desc_refuse(const void *desc, size_t env_at, const char *name)
{
    return desc ? itp_env_refuse(itp_desc_env(desc, env_at), name) : (int)ITP_E_ARGUMENT;
}

int itp_env_join(const itp_env **own, const itp_env *other, itp_report *log)
{
    if (*own && other && *own != other) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "env: two descriptions of the call bring one each; give one of them.");
    }
    if (*own) {
        return ITP_OK;
    }
    *own = other;
    return itp_report_from(other, log);
}

int itp_reserved_check(const itp_report *log, int set)
{
    return set ? itp_fail(log, ITP_E_NEWER, "reserved: not 0: a later version's field.") : ITP_OK;
}

int itp_idle_check(const itp_report *log, int set, const char *field, const char *reader)
{
    return set ? itp_fail(log, ITP_E_UNSUPPORTED, "%s: given, but nothing reads it without %s; leave it out.", field,
                          reader)
               : ITP_OK;
}

int itp_desc_memory(const itp_env *env, const itp_report *log, itp_memory *out)
{
    itp_env known = itp_env_of(env);
    int status = itp_memory_from(known.memory, out);
    return status ? itp_fail(log, status, "memory: give both functions, and the right size.") : ITP_OK;
}
