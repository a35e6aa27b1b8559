/* What there is to choose from: the texts of all plans that may make sense. */
#ifndef ITP_SEARCH_MENU_H
#define ITP_SEARCH_MENU_H

#include <stddef.h>
#include <stdint.h>

enum { ITP_MENU_TEXT = 160 };

/* Number i of the schedules, of which the first is the network's own, without a text; of the grids; and of the solvers
 * without noise: " grid=beta-flow", appended to the text. 0: there is none. */
int itp_menu_schedule(int32_t i, char text[ITP_MENU_TEXT]);
int itp_menu_grid(int32_t i, char text[ITP_MENU_TEXT]);
int itp_menu_solver(int32_t i, char text[ITP_MENU_TEXT]);

#endif
