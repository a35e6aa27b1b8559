#include "plan/settings.h"

#include <string.h>

#include "base/field.h"
#include "grid/grid.h"
#include "plan/kinds.h"
#include "solver/diffusion.h"

#define CHOICE(field, bits) \
    { \
        .name = ITP_FIELD_WORDS(#field, ""), .at = offsetof(itp_plan_desc, field), .type = ITP_FIELD_CHOICE, \
        .reads = (bits), .choice = &itp_kind_##field \
    }
/* What a plan's own description says beside its parts. Solvers read it. */
static const itp_field FIELDS[] = {
    {.name = ITP_FIELD_WORDS("evaluations", ""),
     .at = offsetof(itp_plan_desc, evaluations),
     .type = ITP_FIELD_WHOLE,
     .range = ITP_NO_LOW | ITP_NO_HIGH},
    CHOICE(last, ITP_READS_K),
    CHOICE(noise, ITP_READS_NOISE),
    CHOICE(start, 0),
    CHOICE(singular, 0),
    CHOICE(ends, ITP_READS_ENDS),
};

itp_kind itp_settings_of_plan(void)
{
    itp_kind kind = itp_kind_solver;
    kind.fields = FIELDS;
    kind.field_count = sizeof FIELDS / sizeof FIELDS[0];
    return kind;
}

/* One part of a description: its fields, the row that reads them, and the struct. */
typedef struct part {
    const itp_kind *kind;
    const itp_named *row;
    const void *given, *of; /* as the caller wrote it, with every default */
    const void *named;      /* as the row's name fills it; NULL: with zeros */
    int blank;              /* 1: nothing in it is set */
} part;

enum { PARTS = 4 };

/* Grids are, most of the time. */
static int is_blank(const itp_grid *given)
{
    static const itp_grid NOTHING = ITP_GRID_INIT;
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): -0 is looked at, too */
    return !memcmp(given, &NOTHING, sizeof NOTHING);
}

/* `named` gets the solver as its name alone fills it. */
static void find_parts(const itp_settings *of, const itp_kind *of_plan, itp_solver *named, part *parts)
{
    const itp_described *given = of->given;
    *named = itp_method_description(of->solver);
    const part all[PARTS] = {
        {&itp_kind_grid, itp_kind_of(&itp_kind_grid, of->of->grid.kind), &given->grid, &of->of->grid, NULL,
         is_blank(&given->grid)},
        {&itp_kind_diffusion, itp_kind_of(&itp_kind_diffusion, of->of->diffusion.kind), &given->diffusion,
         &of->of->diffusion, NULL, 0},
        {&itp_kind_solver, &of->solver->named, &given->solver, &of->of->solver, named, 0},
        {of_plan, &of->solver->named, &given->plan, &of->of->plan, NULL, 0},
    };
    memcpy(parts, all, sizeof all);
}

static int open_start(const itp_settings *of)
{
    return of->open_start;
}

static int open_end(const itp_settings *of)
{
    return of->open_end;
}

static int whole_path(const itp_settings *of)
{
    return of->of->grid.u_end == 1;
}

static int no_gamma(const itp_settings *of)
{
    return of->of->solver.gamma == 0;
}

static int some_restarts(const itp_settings *of)
{
    return of->of->solver.restart_count > 0;
}

static int churns(const itp_settings *of)
{
    return of->of->solver.s_churn != 0 || of->of->solver.gamma != 0;
}

static int has_diffusion(const itp_settings *of)
{
    const itp_diffusion *d = &of->of->diffusion;
    return d->kind != ITP_DIFFUSION_K || d->k_fn || d->k != 0;
}

/* Whether a step draws noise at all. */
static int draws(const itp_settings *of)
{
    uint32_t reads = of->solver->named.reads;
    int by_eta = reads & ITP_READS_ETA && !(reads & ITP_READS_SNR), by_churn = reads & ITP_READS_BOUNDS;
    int idle = reads & ITP_READS_K ? !has_diffusion(of) : by_eta ? of->of->solver.eta == 0 : by_churn && !churns(of);
    return !idle || some_restarts(of);
}

static int has_callback(const itp_settings *of)
{
    return of->of->diffusion.k_fn || of->of->diffusion.fn;
}

static int constant_k(const itp_settings *of)
{
    return !of->of->diffusion.k_fn;
}

#define NO_DRAW "but no step draws noise, as the diffusion, eta or s_churn is 0; leave it out"
#define NO_CHURN "but s_churn and gamma are 0, so that no step is churned; leave it out"
/* What else it depends on whether a field is read. */
static const struct {
    const char *name;
    int (*read)(const itp_settings *of);
    const char *otherwise;
} CONDITIONS[] = {
    {"sigma_max", open_start,
     "but the path begins at a finite level, from which the grid goes; set u_start for another"},
    {"sigma_min", open_end, "but the path is to end before, at u_end"},
    {"last", whole_path, "but u_end is not 1, so that no step lands on the data; leave it out"},
    {"s_churn", no_gamma, "but gamma is given, which takes its place"},
    {"ends", whole_path, "but u_end is not 1, so that no step lands on the data; leave it out"},
    {"last", has_diffusion, "but without a diffusion no step has noise; leave it out"},
    {"noise", draws, NO_DRAW},
    {"s_noise", draws, NO_DRAW},
    {"s_min", churns, NO_CHURN},
    {"s_max", churns, NO_CHURN},
    {"user", has_callback, "but no callback gets it; leave it out"},
    {"restarts", some_restarts, "but restart_count is 0"},
    {"k", constant_k, "but k_fn is given too; leave one of them out"},
};
enum { CONDITION_COUNT = sizeof CONDITIONS / sizeof CONDITIONS[0] };

static int check(const itp_settings *of, const part *in, const itp_field *field)
{
    char text[32];
    if (!itp_reads_place(in->kind, in->row, field)) {
        return itp_field_unread(in->kind, in->row, field, in->given, of->log);
    }
    for (int32_t i = 0; i < CONDITION_COUNT; i++) {
        if (!strcmp(CONDITIONS[i].name, field->name) && !CONDITIONS[i].read(of)) {
            itp_field_text(field, in->given, text, sizeof text);
            return itp_fail(of->log, ITP_E_UNSUPPORTED, "%s: %s, %s.", field->name, text, CONDITIONS[i].otherwise);
        }
    }
    return ITP_OK;
}

static int check_part(const itp_settings *of, const part *in)
{
    int status = ITP_OK;
    int32_t next = in->blank ? in->kind->field_count : 0;
    const itp_field *field;
    while (!status && (field = itp_field_set(in->kind, in->given, &next)) != NULL) {
        int own = in->named && itp_field_value(field, in->of) == itp_field_value(field, in->named);
        status = itp_field_check(field, in->of, of->log);
        status = status || own ? status : check(of, in, field);
    }
    return status;
}

/* A list of 1 - u, as flow networks have it, read as alpha/beta would begin half way. */
static void warn_of_flow_levels(const itp_settings *settings)
{
    const itp_grid *d = &settings->of->grid;
    int suspicious = d->kind == ITP_GRID_USER_SIGMA && d->nodes[0] > .9 && d->nodes[0] <= 1;
    if (suspicious && !d->reversed) {
        itp_warn(settings->log,
                 "nodes: the first level is %g = alpha/beta, half way to the data. Levels 1 - u of a flow network are "
                 "given as positions u to grid \"user-u\", or as s/(1 - s) from one below 1.",
                 d->nodes[0]);
    }
}

int itp_settings_check(const itp_settings *settings)
{
    part parts[PARTS];
    itp_solver named;
    int status = ITP_OK;
    const itp_kind of_plan = itp_settings_of_plan();
    find_parts(settings, &of_plan, &named, parts);
    for (int32_t i = 0; i < PARTS && !status; i++) {
        status = check_part(settings, &parts[i]);
    }
    if (!status) {
        warn_of_flow_levels(settings);
    }
    if (!status && settings->of->grid.terminal > 0 && settings->steps < 2) {
        itp_warn(settings->log, "terminal: %g, but a single step has no node before the end that could lie there.",
                 settings->of->grid.terminal);
    }
    return status;
}

int itp_setting_check(const itp_settings *settings, const char *field)
{
    const itp_kind of_plan = itp_settings_of_plan();
    part parts[PARTS];
    itp_solver named;
    find_parts(settings, &of_plan, &named, parts);
    for (int32_t i = 0; i < PARTS; i++) {
        const itp_field *found = itp_field_called(parts[i].kind, parts[i].row, field, strlen(field));
        if (found) {
            return check(settings, &parts[i], found);
        }
    }
    return itp_fail(settings->log, ITP_E_ARGUMENT, "%s: a plan has no such setting.", field);
}
