/* The text of a plan's description, for files that hold it. */
#ifndef ITP_TEXT_TEXT_H
#define ITP_TEXT_TEXT_H

#include <interp/text.h>

#include "plan/kept.h"

/* What the text describes, without the plan; *out is NULL where the status is not ITP_OK. `env` is not told. */
int itp_text_keep(const char *text, const itp_memory *memory, itp_kept **out);

/* The plan that the text makes for a network that is described elsewhere, and which it must not describe; NULL: as
 * itp_plan_parse_with. */
int itp_text_plan(const char *text, const itp_model *model, const itp_env *env, itp_plan **out);

/* The network that the text describes. Its schedule, where it has one, is held for the caller, who drops it. */
int itp_text_model(const char *text, const itp_env *env, itp_model *out);

#endif
