/* What every function that takes a description begins and ends with. */
#ifndef ITP_BASE_DESC_H
#define ITP_BASE_DESC_H

#include "base/log.h"
#include "base/memory.h"

/* Reads the caller's `desc` (NULL: ITP_E_ARGUMENT) into `known` of `size` bytes, as itp_struct_read does, and of the
 * environment whose pointer stands there, at the offset env_at, who is told of failures; the call has begun. */
int itp_desc_read(void *known, size_t size, const void *desc, size_t env_at, itp_report *log);

/* The same for an environment alone; NULL: nobody is told. */
int itp_report_from(const itp_env *env, itp_report *log);

/* A pointer beside a description, or beside an environment alone, that is NULL: its sentence for that environment;
 * ITP_E_ARGUMENT. Any of them may be NULL itself: then nobody is told. */
int itp_desc_refuse(const void *desc, size_t env_at, const char *name);
int itp_env_refuse(const itp_env *env, const char *name);

/* The environment of a call that could have it from two descriptions: *own, which `log` tells already, or, where that
 * is NULL, `other`, which it tells from now on. Two that differ are an error. */
int itp_env_join(const itp_env **own, const itp_env *other, itp_report *log);

/* The caller's environment, where their description reaches so far and says a size that one can have. */
const itp_env *itp_desc_env(const void *desc, size_t env_at);

/* The sentence that goes with a status of itp_struct_read, of a struct of `size` bytes; returns the status. */
int itp_fail_of_size(const itp_report *log, int status, const char *name, const void *from, size_t size);

/* ITP_E_NEWER, with its sentence, where one of the fields for later versions is set. */
int itp_reserved_check(const itp_report *log, int set);

/* ITP_E_UNSUPPORTED, with its sentence, for a field that is set where what would read it is not. */
int itp_idle_check(const itp_report *log, int set, const char *field, const char *reader);

/* itp_memory_from, with its sentence. */
int itp_desc_memory(const itp_env *env, const itp_report *log, itp_memory *out);

/* A copy of an environment that has been read before; NULL: one without anything. */
itp_env itp_env_of(const itp_env *env);

/* A field's default. */
static inline double itp_real_or(double value, double otherwise)
{
    return value != 0 ? value : otherwise;
}

#endif
