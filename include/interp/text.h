/* Text: everything that can be described can be written, and is printed back.
 *
 *     model=noise(schedule=ddpm(scaled-linear, 0.00085, 0.012), time=index) schedule=lazy(k=1, s=0.5) solver=dpmpp-2m
 *     grid=karras(rho=7) evaluations=8
 *
 * A plan is items key=value, in any order, with blanks between: model, schedule, solver, grid, diffusion, k (k=1 is
 * short for diffusion=k(1)), evaluations, noise, start, last, singular, ends, as in itp_plan_desc; what is left out has
 * its default. A value is a number, a name (<interp/kind.h>), or name(argument, ...). An argument is key=value, or a
 * value alone for the fields that this name reads, in their order. Numbers have a point in every locale. A list is
 * [1, 2, 3], or the numbers alone: grid=user-u(0, 0.3, 1); a number may be a fraction, 1/6. A tableau of one's own is
 * solver=runge-kutta(order=2, a=[[0, 0], [1, 0]], b=[1/2, 1/2], c=[0, 1]), restarts are solver=heun(restarts=
 * [restart(low=0.3, high=2, steps=3, times=2)]). A name with blanks stands in quotes: solver="DPM++ 2M".
 *
 * What is printed is canonical: parsing it gives the same plan, bit for bit, and printing that the same text. Numbers
 * are printed with as few digits as read back to the same bits.
 *
 * What is wrong in a text is named with its place:
 *     grid: "karas" is unknown; did you mean karras, karras-flow?
 * ITP_E_ARGUMENT: not of this form, or something is given twice; ITP_E_UNSUPPORTED: a name that nothing has, or a
 * parameter that its owner does not read; ITP_E_RANGE: a number outside its range; and what the function that makes the
 * object from a description returns. A NULL text is ITP_E_ARGUMENT. All these functions may be called from any thread.
 */
#ifndef INTERP_TEXT_H
#define INTERP_TEXT_H

#include <interp/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The plan that a text describes, the caller's to give back with itp_plan_free; *out is NULL on failure, and `why` (may
 * be NULL) has the sentence. */
ITP_API int itp_plan_parse(const char *text, itp_error *why, itp_plan **out);
/* The same with the program's memory, log and error; env NULL: malloc, silent. */
ITP_API int itp_plan_parse_with(const char *text, const itp_env *env, itp_plan **out);

/* A schedule, "lazy(k=1)", the caller's to give back with itp_schedule_free; *out is NULL on failure. */
ITP_API int itp_schedule_parse(const char *text, itp_error *why, itp_schedule **out);

/* Fills a struct of the caller's from the name of a solver, "dpmpp-2m" or "ddpm(eta=0.5)". out->size is the caller's to
 * set, all else is overwritten, also those fields whose 0 is a value that somebody may mean; nothing is written on
 * failure. ITP_E_SIZE: out->size is none. A text that needs memory, for nodes, a schedule, a tableau or restarts, is
 * ITP_E_UNSUPPORTED here and in the two functions that follow: only a whole plan's text has an owner for it. */
ITP_API int itp_solver_parse(const char *text, itp_error *why, itp_solver *out);

/* The same of a grid, "karras(rho=3)". */
ITP_API int itp_grid_parse(const char *text, itp_error *why, itp_grid *out);

/* The same of a diffusion, "sine(norm=2)". */
ITP_API int itp_diffusion_parse(const char *text, itp_error *why, itp_diffusion *out);

/* The text of a plan: at most `capacity` bytes with the final 0, cut to fit, into `text` (NULL where capacity is 0);
 * *needed, where not NULL, gets the bytes of all of it with the final 0. ITP_E_UNSUPPORTED: the plan was not made from
 * a description (fitted, converted, from rows), or that has functions of the program's; `text` then gets the sentence
 * that says which. ITP_E_ARGUMENT: plan is NULL, or text where capacity is not 0. */
ITP_API int itp_plan_print(const itp_plan *plan, char *text, size_t capacity, size_t *needed);

/* The text of a schedule, in the same way. ITP_E_UNSUPPORTED, with its sentence in `text`: it has callbacks of the
 * program's, or is that of a name that nothing has. */
ITP_API int itp_schedule_print(const itp_schedule *schedule, char *text, size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif
#endif
