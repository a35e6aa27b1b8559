/* The text of a plan's description, for files that hold it. */
#ifndef ITP_TEXT_TEXT_H
#define ITP_TEXT_TEXT_H

#include <interp/text.h>

#include "plan/kept.h"

/* What the text describes, without the plan; *out is NULL where the status is not ITP_OK. `env` is not told. */
int itp_text_keep(const char *text, const itp_memory *memory, itp_kept **out);

#endif
