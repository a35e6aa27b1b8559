/* The commands of interp: each returns the exit status: 0, 1 for plans that differ, 2 after a sentence on
 * stderr. */
#ifndef INTERP_COMMANDS_H
#define INTERP_COMMANDS_H

#include <interp/interp.h>

int command_list(int count, char **arguments);
int command_plan(int count, char **arguments);
int command_show(int count, char **arguments);
int command_compare(int count, char **arguments);
int command_search(int count, char **arguments);

/* The plan that a text describes; NULL after a sentence. */
itp_plan *plan_of_text(const char *text);

/* "schedule=lazy solver=ab2 ...", or "(saved)" for a plan that has no text; to be freed. */
char *text_of_plan(const itp_plan *plan);

/* What a plan is, and its rows, on stdout. */
void print_plan(const itp_plan *plan);

int complain(const char *sentence);

#endif
