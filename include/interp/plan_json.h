/* Plans as JSON, to keep them or to run them in another program. Needs cJSON when the library is built; without it both
 * functions return ITP_E_UNSUPPORTED.
 *
 *     {"format": "libinterp plan", "version": 1, "solver": "heun", "steps": 1, "slots": 4, "normals": 1,
 *      "start_scale": 1, "start_data": 0, "u_start": 0, "u_end": 1, "check": "0123456789abcdef",
 *      "rows": [{"time": 0, "u": 0, "t": 0, "keep": 0, "keep_state": 0, "keep_output": 1,
 *                "data_state": 1, "data_output": 1, "terms": [["Y", 0, 1], ["F", 0, 1]]}, ...]}
 *
 * A fitted plan (fit.h) has "origin" before its rows: the fields of itp_plan_origin, whole numbers as strings of
 * digits; "starts_inside" is there where it is 1. The other fields are those of itp_plan_info and
 * itp_plan_row (plan.h), every one there and no other; a term is its column
 * (Y a state, F an output, xi a normal), index and coefficient, in this order of columns and by index. Numbers have up
 * to 17 significant digits and a point whatever the locale: a plan that is saved and loaded has the same bits. Where
 * columns lie is not in the text: slots are assigned when it is loaded, and `slots` must be their number. `check` is a
 * fingerprint of the numbers, so that a digit that changed by accident is found; a text made elsewhere may leave it
 * out.
 *
 * cJSON takes its memory from malloc, or from its own hooks where the program has set them, for as long as a call
 * lasts; the plan itself comes from the allocator. cJSON notes the place of an error in a global: threads that load at
 * the same time need a lock around the calls. A build of cJSON without ENABLE_LOCALES reads numbers in the program's
 * locale: where its decimal point is no point, such a build takes a fraction for damage. */
#ifndef INTERP_PLAN_JSON_H
#define INTERP_PLAN_JSON_H

#include <interp/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version that is written, and the only one that is read. */
enum { ITP_PLAN_JSON_VERSION = 1 };

/* Writes the plan with its final 0; *needed, where not NULL, gets the bytes of that. `text` may be NULL when capacity
 * is 0, which only asks for the size. ITP_E_RANGE: capacity is not 0 and too small (text becomes ""), or a number is
 * not finite; ITP_E_MEMORY: cJSON had none, or the text has more than 2^31 bytes. */
ITP_API int itp_plan_to_json(const itp_plan *plan, char *text, size_t capacity, size_t *needed);

/* Makes the plan that `length` bytes of text say (without a final 0; none is looked for). *out is NULL on failure, and
 * the sentence names the place. ITP_E_ARGUMENT: no JSON, a field that is missing, unknown, there twice or of another
 * type (or cJSON had no memory); ITP_E_UNSUPPORTED: another format or version, an unknown solver or column;
 * ITP_E_RANGE: a number outside its range, a column that does not exist yet or stands out of order, slots, normals
 * or a check that are not those of the rows. */
ITP_API int itp_plan_from_json(const char *text, size_t length, const itp_env *env, itp_plan **out);

#ifdef __cplusplus
}
#endif
#endif
