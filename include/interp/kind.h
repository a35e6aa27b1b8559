/* Kinds: everything that is chosen by a name can be listed, and found by any of its names.
 *
 * The kinds are "schedule", "prediction", "time", "solver", "grid", "diffusion" and the small choices, such as "clock"
 * or "ends"; "kind" is the kind of these names themselves:
 *     itp_entry entry = ITP_ENTRY_INIT;
 *     for (int32_t i = 0; itp_kind_at("solver", i, &entry) == ITP_OK; i++) puts(entry.name);
 * Names are compared in normal form: small letters for capital ones, '-' for '_' and for a blank, 'p' for '+', so that
 * "DPM++ 2M", "dpm++_2m" and "dpmpp_2m" are the same name, "dpmpp-2m"; then with the names that the same thing, with
 * the same numbers, has in diffusers, k-diffusion, ComfyUI, stable-diffusion.cpp, diffrax and flow_matching.
 */
#ifndef INTERP_KIND_H
#define INTERP_KIND_H

#include <interp/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What something needs that a description does not have by itself. */
enum {
    ITP_NEEDS_TABLE = 1,   /* a table as the schedule sampled under, or the network's; grids: or a flow network */
    ITP_NEEDS_VALUES = 2,  /* numbers of the caller's: nodes, samples */
    ITP_NEEDS_FUNCTION = 4 /* a callback */
};

/* One of a kind. The texts are static and never NULL, but for aliases. */
typedef struct itp_entry {
    size_t size;
    const char *name;    /* ours */
    const char *aliases; /* others, "a,b"; NULL: none. What differs in normal form alone is not listed */
    const char *about;   /* one line */
    const char *flow;    /* what the owners of the names mean by them where the network is a flow, its velocity on the
                            linear schedule: "karras" in diffusers is then "karras-flow". "": the same */
    int32_t id;          /* the number that stands for it in descriptions; 0 for kinds without one */
    int32_t others;      /* itp_kind_find: 1 where the name was not our own spelling */
    int32_t needs;       /* ITP_NEEDS_* */
    int32_t order;       /* solvers: the order; else 0 */
    int32_t evaluations; /* solvers: of a full step */
    int32_t takes_k;     /* solvers: 1 where they are for any diffusion eps = k eps* */
    int32_t own_noise;   /* solvers: 1 where they bring noise of their own (eta, s_noise, ...) */
    int32_t reserved;
    char parameters[456]; /* the fields that it reads, with range and default: "rho (positive and finite; 7), ..." */
} itp_entry;
#define ITP_ENTRY_INIT ITP_INIT(itp_entry)

/* The i-th of a kind, i = 0, 1, ..., the default first. Writes at most out->size bytes; texts in it are static.
 * ITP_E_RANGE: i is below 0 or past the end; ITP_E_UNSUPPORTED: there is no such kind; ITP_E_ARGUMENT: a NULL pointer;
 * ITP_E_SIZE: out->size is none. Any thread. */
ITP_API int itp_kind_at(const char *kind, int32_t i, itp_entry *out);

/* The one of a kind that has this name, ours or another program's. Errors as itp_kind_at, and ITP_E_UNSUPPORTED where
 * none has it: out->parameters then holds the names that are nearest to it, "karras, karras-flow", or nothing. */
ITP_API int itp_kind_find(const char *kind, const char *name, itp_entry *out);

#ifdef __cplusplus
}
#endif
#endif
