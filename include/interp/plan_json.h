/* Plans as JSON, to keep them or to run them in another program. Needs cJSON when the library is built; without it both
 * functions return ITP_E_UNSUPPORTED.
 *
 *     {"format": "libinterp plan", "version": 2, "solver": "heun", "steps": 1, "slots": 4, "normals": 1,
 *      "start_scale": 1, "start_data": 0, "u_start": 0, "u_end": 1, "end_scale": 1,
 *      "rows": [{"time": 0, "u": 0, "t": 0, "scale": 1, "keep": 0, "keep_state": 0, "keep_output": 1,
 *                "data_state": 1, "data_output": 1, "step": 0, "ends_step": 0,
 *                "terms": [["Y", 0, 1], ["F", 0, 1]]},
 *               {"time": 1, "u": 1, "t": 1, "scale": 1, "keep": 0, "keep_state": 0, "keep_output": 1,
 *                "data_state": 1, "data_output": 0, "step": 0, "ends_step": 1,
 *                "terms": [["Y", 0, 1], ["F", 0, 0.5], ["F", 1, 0.5]]}]}
 *
 * Of the plan:
 *   format, version   these two
 *   solver            a name of itp_kind_find("solver", ...), or "rows": of no solver of the library's
 *   steps             of the solver
 *   slots             arrays of dim elements that a run needs, the fewest; they are assigned when the text is loaded
 *   normals           one more than the largest index of an xi; at least 1
 *   start_scale, start_data, start_terms
 *                     Y_0 = start_data X + start_scale xi_0, X the data that a run starts from, if it does. start_terms
 *                     is there where Y_0 is a sum of several normals: terms as those of a row, instead of start_scale
 *                     xi_0; start_scale is then their deviation
 *   u_start, u_end    positions on the path, 0 the noise, 1 the data
 *   end_scale         alpha + beta of the network's schedule at the last state; 1 at u = 1
 *   starts_inside     1, where the first state holds data beside the noise; not there otherwise
 *   check             a fingerprint of the numbers, so that a digit that changed by accident is found; a text made
 *                     elsewhere leaves it out
 *   description       the text that makes the plan (text.h), for those who read; not there where a plan has none. A
 *                     loaded plan prints it; the rows are what is run
 *   origin            only of a fitted plan (fit.h): the fields of itp_plan_origin, whole numbers as strings of digits
 * Of row i, which evaluates the network at the state Y_i and gives F_i:
 *   time              what the network is given
 *   u, t              the position on the path; the time of the schedule sampled under
 *   scale             alpha + beta of the network's schedule: Y_i = scale ((1 - u) Z + u X) on the path
 *   terms             of Y_{i+1}: ["Y", j, coefficient] a state, ["F", j, c] an output as kept, ["xi", m, c] a normal;
 *                     in this order and by index, j at most i
 *   keep, keep_state, keep_output
 *                     1: after the row F_i becomes keep_state Y_i + keep_output F_i; else they are 0, 0 and 1
 *   data_state, data_output
 *                     the data prediction is data_state Y_i + data_output F_i; both 0 where it has no finite limit
 *   step, ends_step   the solver's step that the row is part of, from 0 on; 1 where Y_{i+1} ends it, as in the last row
 *
 * Every field is there, but for the five of which it is said, and no other. Numbers have up to 17 significant digits
 * and a point whatever the locale: a plan that is saved and loaded has the same bits. What is read is looked at as
 * itp_plan_from_rows does.
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
enum { ITP_PLAN_JSON_VERSION = 2 };

/* Writes the plan with its final 0; *needed, where not NULL, gets the bytes of that. `text` may be NULL when capacity
 * is 0, which only asks for the size. ITP_E_RANGE: capacity is not 0 and too small (text becomes ""), or a number is
 * not finite; ITP_E_ARGUMENT: plan is NULL, or text where capacity is not 0; ITP_E_MEMORY: cJSON had none, or the text
 * has more than 2^31 bytes; ITP_E_UNSUPPORTED: a build without cJSON (itp_build_has). */
ITP_API int itp_plan_to_json(const itp_plan *plan, char *text, size_t capacity, size_t *needed);

/* Makes the plan that `length` bytes of text say (without a final 0; none is looked for). *out is NULL on failure, and
 * the sentence names the place. ITP_E_ARGUMENT: no JSON, a field that is missing, unknown, there twice or of another
 * type (or cJSON had no memory); ITP_E_UNSUPPORTED: another format or version, an unknown solver or column;
 * ITP_E_RANGE: a number outside its range, a column that does not exist yet or stands out of order, slots, normals or a
 * check that are not those of the rows; ITP_E_MEMORY; ITP_E_UNSUPPORTED is also a build without cJSON. env NULL:
 * malloc, silent. The plan is the caller's to give back with itp_plan_free. */
ITP_API int itp_plan_from_json(const char *text, size_t length, const itp_env *env, itp_plan **out);

#ifdef __cplusplus
}
#endif
#endif
