/* The public functions, and what the text of a plan consists of. */
#include "text/text.h"

#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/float_env.h"
#include "base/sized.h"
#include "grid/grid.h"
#include "plan/kinds.h"
#include "plan/plan.h"
#include "prediction/prediction.h"
#include "solver/diffusion.h"
#include "solver/solver.h"
#include "text/printing.h"
#include "text/reading.h"

/* A plan's description with its parts by value. */
typedef struct written {
    itp_plan_desc plan;
    itp_model model;
    itp_solver solver;
    itp_grid grid;
    itp_diffusion diffusion;
    double k; /* short for the diffusion k(k) */
} written;

static const itp_named ROWS[] = {{ITP_WORDS("a plan", "", ""), 0, 0}};

#define PART(part, of, others) \
    { \
        .name = ITP_FIELD_WORDS(#part, others), .at = offsetof(written, part), .type = ITP_FIELD_PART, .choice = &(of) \
    }
#define CHOICE(field) \
    { \
        .name = ITP_FIELD_WORDS(#field, ""), .at = offsetof(written, plan.field), .type = ITP_FIELD_CHOICE, \
        .choice = &itp_kind_##field \
    }
/* As it is printed. */
static const itp_field FIELDS[] = {
    PART(model, itp_kind_prediction, "prediction,prediction-type,parameterization"),
    {.name = ITP_FIELD_WORDS("schedule", ""),
     .at = offsetof(written, plan.schedule),
     .type = ITP_FIELD_SCHEDULE,
     .choice = &itp_kind_schedule},
    PART(solver, itp_kind_solver, "sampler,sampler-name,method"),
    PART(grid, itp_kind_grid, "scheduler,timestep-spacing"),
    {.name = ITP_FIELD_WORDS("k", ""), .at = offsetof(written, k), .range = ITP_NO_HIGH},
    PART(diffusion, itp_kind_diffusion, "diffusion-form"),
    {.name = ITP_FIELD_WORDS_NEAR("evaluations", "nfe,evals", "steps,num-inference-steps,num-steps"),
     .at = offsetof(written, plan.evaluations),
     .type = ITP_FIELD_WHOLE,
     .low = 1,
     .high = 100000,
     .otherwise = 8},
    CHOICE(noise),
    CHOICE(start),
    CHOICE(last),
    CHOICE(singular),
    CHOICE(ends),
};
static const itp_kind PLANS = {.name = "plan",
                               .rows = ROWS,
                               .fields = FIELDS,
                               .stride = sizeof ROWS[0],
                               .count = 1,
                               .field_count = sizeof FIELDS / sizeof FIELDS[0]};

/* ---- reading ---- */

typedef struct parsing {
    itp_reading reading;
    itp_report log;
    itp_memory memory;
    itp_env env; /* of the caller, but that it is not told twice */
} parsing;

static int begin(parsing *p, const char *text, const itp_env *env)
{
    memset(p, 0, sizeof *p);
    int status = itp_report_from(env, &p->log);
    status = status ? status : itp_desc_memory(env, &p->log, &p->memory);
    p->env = itp_env_of(env);
    itp_reading reading = {.text = text, .at = text, .log = &p->log, .memory = &p->memory, .env = &p->env};
    p->reading = reading;
    return status || text ? status : itp_fail(&p->log, ITP_E_ARGUMENT, "text: NULL.");
}

static int end(parsing *p, int status)
{
    itp_reading_free(&p->reading);
    return itp_report_end(&p->log, status);
}

/* k beside the diffusion that it is short for. */
static int take_k(const parsing *p, written *of)
{
    if (of->k > 0 && of->diffusion.kind) {
        return itp_fail(&p->log, ITP_E_ARGUMENT, "k: %g, but diffusion is given too, which says it.", of->k);
    }
    of->diffusion.k = of->diffusion.kind ? of->diffusion.k : of->k;
    return ITP_OK;
}

static int is_flow(const itp_model *model)
{
    int32_t prediction = model->prediction ? model->prediction : ITP_PREDICT_VELOCITY;
    int linear = !model->schedule || model->schedule->kind == ITP_SCHEDULE_LINEAR;
    return linear && (prediction == ITP_PREDICT_VELOCITY || prediction == ITP_PREDICT_NEGATIVE_VELOCITY);
}

/* Names of other programs mean another row where the network is a flow. Our own spelling says which one is meant, but
 * of a grid it is theirs, too. */
static int check_names(const parsing *p, const written *of)
{
    for (int32_t i = 0; is_flow(&of->model) && i < p->reading.name_count; i++) {
        const itp_kind *kind = p->reading.names[i].kind;
        const char *own = p->reading.names[i].row->name, *flow = itp_word(p->reading.names[i].row, ITP_WORD_FLOW);
        if (p->reading.names[i].others) {
            return itp_fail(&p->log, ITP_E_UNSUPPORTED,
                            "%s: \"%.*s\" elsewhere means \"%s\" where the network is a flow; write that, or \"%s\".",
                            kind->name, (int)p->reading.names[i].length, p->reading.names[i].text, flow, own);
        }
        if (kind == &itp_kind_grid) {
            itp_warn(&p->log, "grid: \"%s\" is what others call so for diffusion networks; for flows they mean \"%s\".",
                     own, flow);
        }
    }
    return ITP_OK;
}

static int read_plan_for(parsing *p, const char *text, const itp_model *model, const itp_env *env, written *of)
{
    const written nothing = {.plan = ITP_PLAN_DESC_INIT,
                             .model = ITP_MODEL_INIT,
                             .solver = ITP_SOLVER_INIT,
                             .grid = ITP_GRID_INIT,
                             .diffusion = ITP_DIFFUSION_INIT};
    uint64_t given = 0;
    *of = nothing;
    int status = begin(p, text, env);
    status = status ? status : itp_read_items(&p->reading, &PLANS, of, &given);
    if (!status && model) {
        status = given & 1 ? itp_fail(&p->log, ITP_E_UNSUPPORTED, "model: the text names one, beside the one given.")
                           : ITP_OK;
        of->model = *model;
    }
    status = status ? status : check_names(p, of);
    return status ? status : take_k(p, of);
}

static int read_plan(parsing *p, const char *text, const itp_env *env, written *of)
{
    return read_plan_for(p, text, NULL, env, of);
}

int itp_text_model(const char *text, const itp_env *env, itp_model *out)
{
    parsing p;
    written of;
    int status = read_plan(&p, text, env, &of);
    if (!status) {
        *out = of.model;
        (void)itp_schedule_keep(out->schedule);
    }
    return end(&p, status);
}

static ITP_APART int plan_parse(const char *text, const itp_model *model, const itp_env *env, itp_plan **out)
{
    parsing p;
    written of;
    if (!out) {
        return itp_env_refuse(env, "out");
    }
    *out = NULL;
    int status = read_plan_for(&p, text, model, env, &of);
    if (!status) {
        of.plan.env = env;
        of.plan.model = &of.model;
        of.plan.solver = &of.solver;
        of.plan.grid = &of.grid;
        of.plan.diffusion = &of.diffusion;
        status = itp_plan_new(&of.plan, out);
    }
    return end(&p, status);
}

int itp_text_keep(const char *text, const itp_memory *memory, itp_kept **out)
{
    parsing p;
    written of;
    const itp_allocator own = {ITP_SIZED(itp_allocator), memory->alloc, memory->free, memory->user};
    const itp_env env = {ITP_SIZED(itp_env), .memory = &own};
    *out = NULL;
    int status = read_plan(&p, text, &env, &of);
    if (!status) {
        itp_described described = {.plan = of.plan, .solver = of.solver, .grid = of.grid, .diffusion = of.diffusion};
        *out = itp_kept_new(&described, &of.model, memory);
    }
    return end(&p, status || *out ? status : ITP_E_MEMORY);
}

int itp_text_plan(const char *text, const itp_model *model, const itp_env *env, itp_plan **out)
{
    return plan_parse(text, model, env, out);
}

int itp_plan_parse_with(const char *text, const itp_env *env, itp_plan **out)
{
    itp_float_env modes;
    itp_float_env_enter(&modes);
    return itp_float_env_leave(&modes, plan_parse(text, NULL, env, out));
}

int itp_plan_parse(const char *text, itp_error *why, itp_plan **out)
{
    const itp_env env = {ITP_SIZED(itp_env), .error = why};
    return itp_plan_parse_with(text, &env, out);
}

/* One named thing and no more, for the caller's `out`. */
static int read_one(parsing *p, const char *text, itp_error *why, const void *out, const itp_kind *kind, void *into)
{
    const itp_env env = {ITP_SIZED(itp_env), .error = why};
    int status = begin(p, text, &env);
    status = status || out ? status : itp_fail(&p->log, ITP_E_ARGUMENT, "out: it is NULL.");
    status = status ? status : itp_read_named(&p->reading, kind, into);
    return status ? status : itp_read_end(&p->reading);
}

static ITP_APART int schedule_parse(const char *text, itp_error *why, itp_schedule **out)
{
    parsing p;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    int status = read_one(&p, text, why, out, &itp_kind_schedule, &desc);
    if (out) {
        *out = NULL;
    }
    if (!status) {
        desc.env = &p.env;
        status = itp_schedule_new(&desc, out);
    }
    return end(&p, status);
}

int itp_schedule_parse(const char *text, itp_error *why, itp_schedule **out)
{
    itp_float_env modes;
    itp_float_env_enter(&modes);
    return itp_float_env_leave(&modes, schedule_parse(text, why, out));
}

/* A struct of `size` bytes, which lies in `known`, for the caller's `out`. */
static ITP_APART int parse_struct(const char *text, itp_error *why, const itp_kind *kind, void *known, size_t size,
                                  void *out)
{
    parsing p;
    int status = read_one(&p, text, why, out, kind, known);
    if (!status && p.reading.part_count) {
        status = itp_fail(&p.log, ITP_E_UNSUPPORTED,
                          "%s: a list or a schedule in it needs an owner; parse a whole plan, or set it in the struct.",
                          kind->name);
    }
    status = status ? status : itp_struct_write(out, known, size);
    return end(&p, status);
}

static int struct_of(const char *text, itp_error *why, const itp_kind *kind, void *known, size_t size, void *out)
{
    itp_float_env modes;
    itp_float_env_enter(&modes);
    return itp_float_env_leave(&modes, parse_struct(text, why, kind, known, size, out));
}

int itp_solver_parse(const char *text, itp_error *why, itp_solver *out)
{
    itp_solver known = ITP_SOLVER_INIT;
    return struct_of(text, why, &itp_kind_solver, &known, sizeof known, out);
}

int itp_grid_parse(const char *text, itp_error *why, itp_grid *out)
{
    itp_grid known = ITP_GRID_INIT;
    return struct_of(text, why, &itp_kind_grid, &known, sizeof known, out);
}

int itp_diffusion_parse(const char *text, itp_error *why, itp_diffusion *out)
{
    itp_diffusion known = ITP_DIFFUSION_INIT;
    return struct_of(text, why, &itp_kind_diffusion, &known, sizeof known, out);
}

/* ---- printing ---- */

/* A multiple of the optimal diffusion is printed as its k alone. */
static written written_of(const itp_kept *kept)
{
    written of = {.plan = kept->of.plan,
                  .model = kept->model,
                  .solver = kept->of.solver,
                  .grid = kept->of.grid,
                  .diffusion = kept->of.diffusion};
    if (of.diffusion.kind <= ITP_DIFFUSION_K && !of.diffusion.k_fn) {
        of.k = of.diffusion.k;
        memset(&of.diffusion, 0, sizeof of.diffusion);
    }
    return of;
}

/* Where there is no text, its room gets the sentence that says why. */
typedef struct showing {
    itp_page page;
    itp_error why;
    itp_report log;
} showing;

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the page */
static void show(showing *of, char *text, size_t capacity)
{
    const showing nothing = {{text, capacity, 0}, ITP_ERROR_INIT, {ITP_LOG_INIT, NULL}};
    *of = nothing;
    of->log.error = &of->why;
}

static int finish(showing *of, int status, size_t *needed)
{
    if (status) {
        of->page.length = 0;
        itp_put(&of->page, "%s", of->why.text);
    }
    if (needed) {
        *needed = of->page.length + 1;
    }
    return status;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the page */
static ITP_APART int plan_print(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    showing to;
    if (!plan || (!text && capacity)) {
        return ITP_E_ARGUMENT;
    }
    show(&to, text, capacity);
    if (!plan->kept) {
        return finish(&to,
                      itp_fail(&to.log, ITP_E_UNSUPPORTED,
                               "plan: fitted, converted or made from rows, it has no text; save it as JSON."),
                      needed);
    }
    written of = written_of(plan->kept);
    return finish(&to, itp_print_items(&to.page, &PLANS, &of, &to.log), needed);
}

/* NOLINTNEXTLINE(readability-non-const-parameter) */
int itp_plan_print(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    itp_float_env modes;
    itp_float_env_enter(&modes);
    return itp_float_env_leave(&modes, plan_print(plan, text, capacity, needed));
}

/* NOLINTNEXTLINE(readability-non-const-parameter) */
static ITP_APART int schedule_print(const itp_schedule *schedule, char *text, size_t capacity, size_t *needed)
{
    showing to;
    if (!schedule || (!text && capacity)) {
        return ITP_E_ARGUMENT;
    }
    show(&to, text, capacity);
    const itp_named *row = itp_kind_of(&itp_kind_schedule, schedule->desc.kind);
    int status = itp_schedule_check(schedule, &to.log, "schedule");
    status = status ? status : itp_print_named(&to.page, &itp_kind_schedule, row, &schedule->desc, &to.log);
    return finish(&to, status, needed);
}

/* NOLINTNEXTLINE(readability-non-const-parameter) */
int itp_schedule_print(const itp_schedule *schedule, char *text, size_t capacity, size_t *needed)
{
    itp_float_env modes;
    itp_float_env_enter(&modes);
    return itp_float_env_leave(&modes, schedule_print(schedule, text, capacity, needed));
}
