/* A function as polynomials on panels, for integrals that need other integrals of it. The panels are found by
 * bisection, and end where the function jumps: to the last bit of its argument. */
#ifndef ITP_BASE_PANELS_H
#define ITP_BASE_PANELS_H

#include <stdint.h>

#include "base/memory.h"
#include "base/root.h"

enum { ITP_PANEL_POINTS = 8 };

/* sum c_n P_n(y), P_n Legendre's polynomials, y = -1 .. 1 over the panel. */
typedef struct itp_panel {
    double from, to, after; /* after: the integral over all later panels */
    double c[ITP_PANEL_POINTS];
} itp_panel;

typedef struct itp_panels {
    itp_memory memory;
    itp_panel *list;
    int32_t count, capacity;
    double total;
} itp_panels;

/* Gauss's points and weights on [-1, 1]. */
extern const double itp_gauss_point[ITP_PANEL_POINTS], itp_gauss_weight[ITP_PANEL_POINTS];

void itp_panels_begin(itp_panels *panels, const itp_memory *memory); /* keeps the memory of earlier ones */
void itp_panels_free(itp_panels *panels);

/* Appends f from a to b, b >= a where the panels end, and takes what that cost from *calls: with none left panels are
 * taken as they are. The ends themselves are not evaluated. ITP_E_MEMORY. */
int itp_panels_add(itp_panels *panels, itp_real_fn f, void *user, double a, double b, int32_t *calls);

/* When all are there, and before the integrals below are asked for. */
void itp_panels_finish(itp_panels *panels);

/* The function, and its integral from x to the end of all panels, whose error is small against itself. */
double itp_panel_at(const itp_panel *panel, double x);
double itp_panel_from(const itp_panel *panel, double x); /* x in the panel */
double itp_panels_from(const itp_panels *panels, double x);

#endif
