/* Plans run over the particles of a law: by their rows, with normals of their own. */
#include "law.h"
#include "want.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct run {
    const law *l;
    itp_plan_info info;
    uint32_t seed;
    size_t length;  /* n dim */
    double *memory; /* slots, then the spare array */
    double **xi;    /* [info.normals], NULL where not dealt yet */
} run;

/* A normal is dealt by the state of the row that reads it first. */
static const double *column(run *r, const itp_term *term, const double *x, int32_t *way)
{
    if (term->column != ITP_COLUMN_NORMAL) return r->memory + (size_t)term->slot * r->length;
    double **xi = &r->xi[term->index];
    if (!*xi) {
        *xi = malloc(r->length * sizeof **xi);
        if (!*xi) abort();
        law_normals(r->l, (law_deal){r->seed, term->index, *way}, x, *xi);
        ++*way;
    }
    return *xi;
}

static void step(run *r, const itp_plan_row *row)
{
    size_t dim = (size_t)r->l->target.dim;
    double *y = r->memory + (size_t)row->x_slot * r->length, *f = r->memory + (size_t)row->out_slot * r->length;
    double *spare = r->memory + (size_t)r->info.slots * r->length;
    int32_t way = 0;
    for (size_t i = 0; i < r->length; i += dim) product_velocity(&r->l->target, row->time, y + i, f + i);
    memset(spare, 0, r->length * sizeof *spare);
    for (int32_t j = 0; j < row->term_count; j++) {
        const double *from = column(r, &row->terms[j], y, &way);
        for (size_t e = 0; e < r->length; e++) spare[e] += row->terms[j].coef * from[e];
    }
    for (size_t e = 0; row->keep && e < r->length; e++) f[e] = row->keep_state * y[e] + row->keep_output * f[e];
    memcpy(r->memory + (size_t)row->next_slot * r->length, spare, r->length * sizeof *spare);
}

static int start(run *r)
{
    itp_term first = {ITP_COLUMN_NORMAL, 0, -1, 0, r->info.start_scale};
    const itp_term *terms = r->info.start_term_count ? r->info.start_terms : &first;
    int32_t count = r->info.start_term_count ? r->info.start_term_count : 1, way = 0;
    for (int32_t j = 0; j < count; j++) {
        if (terms[j].index >= r->info.normals) return ITP_E_RANGE;
        const double *xi = column(r, &terms[j], NULL, &way);
        for (size_t e = 0; e < r->length; e++) r->memory[e] += terms[j].coef * xi[e];
    }
    return ITP_OK;
}

static int rows(run *r, const itp_plan *plan)
{
    int status = start(r);
    for (int32_t i = 0; !status && i < r->info.rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        status = itp_plan_get_row(plan, i, &row);
        if (!status) step(r, &row);
    }
    return status;
}

law_error law_at_end(const law *l, const itp_plan *plan, uint32_t seed)
{
    law_error error = {NAN, NAN};
    run r = {.l = l, .info = ITP_PLAN_INFO_INIT, .seed = seed, .length = (size_t)l->n * (size_t)l->target.dim};
    if (itp_plan_get_info(plan, &r.info)) return error;
    r.memory = calloc(((size_t)r.info.slots + 1) * r.length, sizeof *r.memory);
    r.xi = calloc((size_t)r.info.normals, sizeof *r.xi);
    if (!r.memory || !r.xi) abort();
    if (!rows(&r, plan)) error = law_of(l, r.memory);
    for (int32_t m = 0; m < r.info.normals; m++) free(r.xi[m]);
    free(r.xi);
    free(r.memory);
    return error;
}

law_way law_way_of(int i)
{
    static const law_way ways[LAW_WAYS] = {
        {"linear", ITP_SCHEDULE_LINEAR, ITP_GRID_TIME},
        {"vp", ITP_SCHEDULE_VP, ITP_GRID_TIME},
        {"lazy", ITP_SCHEDULE_LAZY, ITP_GRID_TIME},
        {"lazy, nodes u", ITP_SCHEDULE_LAZY, ITP_GRID_U},
        {"point mass", ITP_SCHEDULE_POINT_MASS, ITP_GRID_TIME},
        {"point mass, nodes u", ITP_SCHEDULE_POINT_MASS, ITP_GRID_U},
    };
    return ways[i];
}

int law_new_plan(const law_choice *c, int evaluations, itp_plan **plan)
{
    itp_schedule_desc family = ITP_SCHEDULE_DESC_INIT;
    wanted desc = WANTED;
    itp_schedule *schedule = NULL;
    family.kind = c->way.kind;
    family.k = c->way.kind == ITP_SCHEDULE_LAZY ? c->k : 0; /* a point mass: its own */
    int status = itp_schedule_new(&family, &schedule);
    if (status) return status;
    desc.plan.schedule = schedule;
    desc.solver = SOLVER(c->solver);
    desc.plan.evaluations = evaluations;
    desc.grid.kind = c->way.grid;
    desc.diffusion.k = c->k;
    if (!plan_reads(&desc, "last")) desc.plan.last = c->last;
    if (!plan_reads(&desc, "noise")) desc.plan.noise = c->noise;
    status = make_plan(&desc, plan);
    itp_schedule_free(schedule);
    return status;
}

law_error law_measure(const law *l, const law_choice *c, int evaluations, uint32_t seed)
{
    law_error error = {NAN, NAN};
    itp_plan *plan = NULL;
    law_choice steps = *c;
    steps.noise = ITP_NOISE_STEPS;
    if (!law_new_plan(&steps, evaluations, &plan)) error = law_at_end(l, plan, seed);
    itp_plan_free(plan);
    return error;
}
