/* How every function that takes a description reads it and refuses it. */
#ifndef ITP_BASE_DESC_H
#define ITP_BASE_DESC_H

#include "base/log.h"
#include "base/memory.h"

/* Begins a call: reads the caller's `desc` (NULL: ITP_E_ARGUMENT) into `known` of `size` bytes, as itp_struct_read
 * does, and fills `log` from the environment whose pointer is at the offset env_at of the description. */
int itp_desc_read(void *known, size_t size, const void *desc, size_t env_at, itp_report *log);

/* The same for an environment alone; NULL: there is neither a log nor an error. */
int itp_report_from(const itp_env *env, itp_report *log);

/* Refuse a pointer beside a description, or beside an environment alone, that is NULL: write its sentence to that
 * environment, if there is one, and return ITP_E_ARGUMENT. */
int itp_desc_refuse(const void *desc, size_t env_at, const char *name);
int itp_env_refuse(const itp_env *env, const char *name);

/* The environment of a call that could have it from two descriptions: *own, which `log` is made of already, or, where
 * that is NULL, `other`, of which `log` is then made. Two that differ are an error. */
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

/* A copy of an environment that has been read before; NULL: an empty one. */
itp_env itp_env_of(const itp_env *env);

/* A field's default. */
static inline double itp_real_or(double value, double otherwise)
{
    return value != 0 ? value : otherwise;
}

#endif
