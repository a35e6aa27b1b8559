/* How far the law at the data end is from the data's, by schedule, diffusion, solver and number of evaluations: the
 * tables of docs/laws.md. Exact networks; 1000 times the Wasserstein-2 and the Kolmogorov-Smirnov distance.
 *
 * usage: laws_bench [PARTICLES [SEED]], 4096 and 1 unless told; an eighth of the particles in 8 dimensions. Another
 * seed shows what of a number is chance. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <interp/interp.h>

#include "../../examples/kinds.h"
#include "../common/law.h"

enum { LEAST_PARTICLES = 64 };
static const int budgets[] = {3, 4, 6, 8, 16, 32, 64, 256};
static const double diffusions[] = {0, .25, .5, 1, 2};

#define LENGTH(array) ((int)(sizeof(array) / sizeof((array)[0])))

static uint32_t seed = 1;

static void print_cell(law_error error)
{
    if (isfinite(error.w2))
        printf(" %.0f / %.0f |", 1000 * error.w2, 1000 * error.ks);
    else
        printf(" |");
}

static void print_head(const char *first, int columns)
{
    printf("\n| %s |", first);
    for (int i = 0; i < columns; i++) printf(" %d |", budgets[i]);
    printf("\n|:---|");
    for (int i = 0; i < columns; i++) printf("---:|");
    printf("\n");
}

static void print_row(const law *l, const law_choice *c, const char *name, int columns)
{
    printf("| %s |", name);
    for (int i = 0; i < columns; i++) print_cell(law_measure(l, c, budgets[i], seed));
    printf("\n");
    fflush(stdout);
}

/* The same plans under two names: VP is lazy for k = 0, the point mass for k = 1. */
static int repeats(const law_choice *c)
{
    if (c->way.kind == ITP_SCHEDULE_VP) return c->k == 0;
    return c->way.kind == ITP_SCHEDULE_POINT_MASS && c->k == 1;
}

static void print_schedules(const law *l, const char *name, int columns)
{
    char text[64];
    printf("\n## %s, %d dimension%s, Euler and Euler-Maruyama\n", name, l->target.dim, l->target.dim > 1 ? "s" : "");
    print_head("k, schedule", columns);
    for (int i = 0; i < LENGTH(diffusions); i++) {
        for (int j = 0; j < LAW_WAYS; j++) {
            law_choice c = {diffusions[i], law_way_of(j), NULL, ITP_LAST_DATA, 0};
            snprintf(text, sizeof text, "%g, %s", c.k, c.way.name);
            if (!repeats(&c)) print_row(l, &c, text, columns);
        }
    }
}

static const char *const flow_solvers[] = {"euler", "ab2", "ab3", "heun", "dpmpp-2m", "unipc-bh2-2"};
static const char *const sde_solvers[] = {
    "euler-maruyama", "stochastic-heun", "sea",  "shark", "sra1",   "stochastic-ab2",
    "stochastic-ab3", "exponential-sde", "sa-2", "sa-3",  "sa-1-1", "sa-2-2",
    "sa-3-3"};

static void print_solvers(const law *l, double k, law_way way, const char *const *names, int count)
{
    char text[64];
    snprintf(text, sizeof text, "k = %g, %s", k, way.name);
    print_head(text, LENGTH(budgets) - 1);
    for (int i = 0; i < count; i++) {
        law_choice c = {k, way, names[i], ITP_LAST_DATA, 0};
        if (c.solver) print_row(l, &c, names[i], LENGTH(budgets) - 1);
    }
}

static void print_all_solvers(const law *l, const char *name)
{
    static const int shown[] = {LAW_LINEAR, LAW_LAZY_U};
    printf("\n## %s, solvers\n", name);
    for (int j = 0; j < LENGTH(shown); j++)
        print_solvers(l, 0, law_way_of(shown[j]), flow_solvers, LENGTH(flow_solvers));
    for (int i = 2; i < LENGTH(diffusions); i++)
        for (int j = 0; j < LENGTH(shown); j++)
            print_solvers(l, diffusions[i], law_way_of(shown[j]), sde_solvers, LENGTH(sde_solvers));
}

/* ---- the few-step figures that the project began with ---- */

/* Euler-Maruyama as those had it, in the linear schedule with k = 1: variance 2 eps* h, eps* at the left end of the
 * step; the first and the last step without noise. */
static law_error left_point(const law *l, int steps)
{
    size_t n = (size_t)l->n;
    double *x = malloc(n * sizeof *x), *xi = malloc(n * sizeof *xi), h = 1.0 / steps;
    if (!x || !xi) abort();
    law_normals(l, (law_deal){seed, 0, 0}, NULL, x);
    for (int i = 0; i < steps; i++) {
        double t = i * h, deviation = i > 0 && i < steps - 1 ? sqrt(2 * (1 - t) / t * h) : 0, v;
        law_normals(l, (law_deal){seed, i + 1, 0}, x, xi);
        for (size_t e = 0; e < n; e++) {
            product_velocity(&l->target, t, &x[e], &v);
            x[e] += h * (i > 0 ? 2 * v - x[e] / t : v) + deviation * xi[e];
        }
    }
    law_error error = law_of(l, x);
    free(x);
    free(xi);
    return error;
}

static void print_first_figures(const law *l, const char *name)
{
    static const struct {
        const char *name;
        double k;
        int way, last;
    } rows[] = {{"Euler, linear", 0, LAW_LINEAR, ITP_LAST_DATA},
                {"Euler, lazy, nodes u", 0, LAW_LAZY_U, ITP_LAST_DATA},
                {"EM, linear", 1, LAW_LINEAR, ITP_LAST_DATA},
                {"EM, linear, noise kept", 1, LAW_LINEAR, ITP_LAST_NOISE},
                {"EM, lazy, nodes u", 1, LAW_LAZY_U, ITP_LAST_DATA},
                {"EM, lazy, nodes u, noise kept", 1, LAW_LAZY_U, ITP_LAST_NOISE}};
    printf("\n## First figures, %s\n", name);
    print_head("", 5);
    for (int i = 0; i < LENGTH(rows); i++) {
        law_choice c = {rows[i].k, law_way_of(rows[i].way), NULL, rows[i].last, 0};
        print_row(l, &c, rows[i].name, 5);
    }
    printf("| EM, linear, variance 2 eps h |");
    for (int i = 0; i < 5; i++) print_cell(left_point(l, budgets[i]));
    printf("\n");
}

/* With four decimals: a deterministic row has them. The distance is the RMS to the exact end points here, as long as
 * the flow's steps keep the order of the particles. */
static void print_flow_figures(const law *l)
{
    static const struct {
        const char *solver;
        int way;
        int32_t grid;
    } rows[] = {{"euler", LAW_LINEAR, ITP_GRID_TIME},        {"euler", LAW_LAZY, ITP_GRID_TIME},
                {"ab2", LAW_LINEAR, ITP_GRID_TIME},          {"ab3", LAW_LINEAR, ITP_GRID_TIME},
                {"dpmpp-2m", LAW_LINEAR, ITP_GRID_LAMBDA},   {"dpmpp-2m", LAW_LINEAR, ITP_GRID_TIME},
                {"unipc-bh2-2", LAW_LINEAR, ITP_GRID_TIME},  {"unipc-bh1-2", LAW_LINEAR, ITP_GRID_TIME},
                {"unipc-bh2-2", LAW_LINEAR, ITP_GRID_LAMBDA}};
    printf("\n## First figures, two modes, W2 of the flow\n\n| | 4 | 8 | 16 |\n|:---|---:|---:|---:|\n");
    for (int i = 0; i < LENGTH(rows); i++) {
        law_choice c = {0, law_way_of(rows[i].way), rows[i].solver, ITP_LAST_DATA, 0};
        c.way.grid = rows[i].grid;
        printf("| %s, %s, nodes %s |", rows[i].solver, c.way.name, kind_name("grid", rows[i].grid));
        for (int n = 4; n <= 16; n *= 2) printf(" %.4f |", law_measure(l, &c, n, seed).w2);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    int particles = argc > 1 ? atoi(argv[1]) : 4096;
    mixture all[LAW_TARGETS];
    if (argc > 2) seed = (uint32_t)atoi(argv[2]);
    if (particles < LEAST_PARTICLES) {
        fprintf(stderr, "usage: laws_bench [PARTICLES [SEED]], at least %d particles\n", LEAST_PARTICLES);
        return 2;
    }
    for (int i = 0; i < LAW_TARGETS; i++) {
        all[i] = law_target(i);
        law l = law_new(product_line(all[i]), particles);
        if (i == LAW_BIMODAL || i == LAW_NARROW) print_first_figures(&l, law_target_name(i));
        if (i == LAW_TWO_MODES) print_flow_figures(&l);
        print_schedules(&l, law_target_name(i), LENGTH(budgets));
        if (i == LAW_BIMODAL || i == LAW_TWO_MODES) print_all_solvers(&l, law_target_name(i));
        law_free(&l);
    }
    law l = law_new(product_rotated(all, LAW_TARGETS), particles / 8);
    print_schedules(&l, "rotated product of the four", LENGTH(budgets) - 1);
    law_free(&l);
    return 0;
}
