/* A program whose structs are longer than the library's (NEWER), as long, or shorter than any version's: what each call
 * that takes or fills a struct makes of it. callbacks.py compiles it with a field more at the end of every struct, and
 * looks whether every sized struct of the headers is named here. Structs that only callbacks get are in callbacks.c. */
#include <interp/interp.h>

#include <stdio.h>
#include <string.h>

static int failures;

static void expect(const char *what, const char *how, int got, int want)
{
    if (got != want) {
        printf("%s, %s: status %d, not %d\n", what, how, got, want);
        failures++;
    }
}

#if defined(NEWER)
#define NEWEST(type, s, call) \
    (s).newest = 1; \
    expect(#type, "a field set that the library does not know", call, ITP_E_NEWER); \
    (s).newest = 0;
#define MARK(s) (s).newest = 4.5
#define MARKED(s) ((s).newest == 4.5)
#else
#define NEWEST(type, s, call)
#define MARK(s) (void)0
#define MARKED(s) 1
#endif

/* A struct that the caller hands in. */
#define TAKES(type, s, call) \
    do { \
        expect(#type, "as it is", call, ITP_OK); \
        NEWEST(type, s, call) \
        (s).size = sizeof(size_t); \
        expect(#type, "older than any", call, ITP_E_OLDER); \
        (s).size = 0; \
        expect(#type, "without a size", call, ITP_E_SIZE); \
        (s).size = 5000; \
        expect(#type, "a size no struct has", call, ITP_E_SIZE); \
        (s).size = sizeof(s); \
    } while (0)

/* One that the library fills: never beyond what the program, or the library, knows of it. */
#define FILLS(type, call) \
    do { \
        type out = ITP_INIT(type); \
        MARK(out); \
        expect(#type, "as it is", call, ITP_OK); \
        expect(#type, "its size stays", out.size == sizeof out, 1); \
        expect(#type, "what the library does not know stays", MARKED(out), 1); \
        memset(&out, 7, sizeof out); \
        out.size = sizeof(size_t); \
        expect(#type, "shorter", call, ITP_OK); \
        expect(#type, "nothing beyond", ((const unsigned char *)&out)[sizeof(size_t)], 7); \
        out.size = 0; \
        expect(#type, "without a size", call, ITP_E_SIZE); \
        out.size = 5000; \
        expect(#type, "a size no struct has", call, ITP_E_SIZE); \
    } while (0)

static double x[64];

/* ---- what is made of a description, and given back at once ---- */

static int schedule_of(const itp_schedule_desc *desc)
{
    itp_schedule *made;
    int status = itp_schedule_new(desc, &made);
    itp_schedule_free(made);
    return status;
}

static int plan_of(const itp_plan_desc *desc)
{
    itp_plan *made;
    int status = itp_plan_new(desc, &made);
    itp_plan_free(made);
    return status;
}

static int plan_of_rows(const itp_plan_rows *rows)
{
    itp_plan *made;
    int status = itp_plan_from_rows(rows, &made);
    itp_plan_free(made);
    return status;
}

static int sampler_of(const itp_plan *plan, const itp_batch *batch)
{
    itp_sampler *made;
    int status = itp_sampler_new(plan, batch, &made);
    itp_sampler_free(made);
    return status;
}

static int adaptive_of(const itp_adaptive_desc *desc, const itp_batch *batch)
{
    itp_sampler *made;
    int status = itp_sampler_new_adaptive(desc, batch, &made);
    itp_sampler_free(made);
    return status;
}

static int covariance_of(const itp_covariance_desc *desc)
{
    itp_covariance *made;
    int status = itp_covariance_new(desc, &made);
    itp_covariance_free(made);
    return status;
}

static int estimate_of(const itp_covariance_estimation *desc)
{
    itp_covariance *made;
    int status = itp_covariance_estimate(desc, &made);
    itp_covariance_free(made);
    return status;
}

static int bands_of(const itp_covariance_plan_desc *desc)
{
    itp_covariance_plan *made;
    int status = itp_covariance_plan_new(desc, &made);
    itp_covariance_plan_free(made);
    return status;
}

static int path_of(const itp_path_desc *desc)
{
    itp_path *made;
    int status = itp_path_new(desc, &made);
    itp_path_free(made);
    return status;
}

static int fit_of(const itp_plan *plan, const itp_fit_desc *desc)
{
    itp_fit *made;
    int status = itp_fit_new(plan, desc, &made);
    itp_fit_free(made);
    return status;
}

/* ---- every struct ---- */

static void environments(void)
{
    static const itp_allocator none = ITP_ALLOCATOR_INIT;
    itp_error error = ITP_ERROR_INIT;
    itp_log log = ITP_LOG_INIT;
    itp_allocator memory = none;
    itp_env env = ITP_ENV_INIT;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.env = &env;
    TAKES(itp_env, env, schedule_of(&desc));
    env.log = &log;
    TAKES(itp_log, log, schedule_of(&desc));
    env.memory = &memory;
    TAKES(itp_allocator, memory, schedule_of(&desc));
    env.error = &error;
    MARK(error);
    desc.kind = 99;
    expect("itp_error", "filled", schedule_of(&desc) == ITP_E_UNSUPPORTED && error.status == ITP_E_UNSUPPORTED, 1);
    expect("itp_error", "what the library does not know stays", MARKED(error), 1);
    error.size = 0;
    expect("itp_error", "without a size", schedule_of(&desc), ITP_E_SIZE);
}

static void schedules(const itp_schedule *schedule)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    TAKES(itp_schedule_desc, desc, schedule_of(&desc));
    FILLS(itp_schedule_point, itp_schedule_eval(schedule, .5, &out));
    FILLS(itp_conversion, itp_schedule_convert(schedule, schedule, .5, &out));
    FILLS(itp_entry, itp_kind_at("solver", 0, &out));
}

static void descriptions(void)
{
    static const double a[1] = {0}, b[1] = {1}, c[1] = {0};
    itp_tableau tableau = ITP_TABLEAU_INIT;
    itp_model model = ITP_MODEL_INIT;
    itp_solver solver = ITP_SOLVER_INIT;
    itp_grid grid = ITP_GRID_INIT;
    itp_diffusion diffusion = ITP_DIFFUSION_INIT;
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    TAKES(itp_plan_desc, want, plan_of(&want));
    want.model = &model;
    TAKES(itp_model, model, plan_of(&want));
    want.grid = &grid;
    TAKES(itp_grid, grid, plan_of(&want));
    want.diffusion = &diffusion;
    TAKES(itp_diffusion, diffusion, plan_of(&want));
    want.solver = &solver;
    TAKES(itp_solver, solver, plan_of(&want));
    tableau.stages = tableau.order = 1;
    tableau.a = a;
    tableau.b = b;
    tableau.c = c;
    solver.family = ITP_RUNGE_KUTTA;
    solver.tableau = &tableau;
    TAKES(itp_tableau, tableau, plan_of(&want));
}

/* Rows have the size that the first one says. */
static void rows_of(void)
{
    itp_plan *plan = NULL;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    itp_plan_rows rows = ITP_PLAN_ROWS_INIT;
    expect("itp_plan", "of one row", itp_plan_parse("evaluations=1", NULL, &plan), ITP_OK);
    expect("itp_plan_row", "asked", itp_plan_get_row(plan, 0, &row), ITP_OK);
    rows.rows = &row;
    rows.row_count = rows.steps = 1;
    TAKES(itp_plan_rows, rows, plan_of_rows(&rows));
    NEWEST(itp_plan_row, row, plan_of_rows(&rows))
    row.size = 0;
    expect("itp_plan_row", "without a size", plan_of_rows(&rows), ITP_E_SIZE);
    itp_plan_free(plan);
}

static void plans(const itp_plan *plan)
{
    FILLS(itp_plan_info, itp_plan_get_info(plan, &out));
    FILLS(itp_plan_row, itp_plan_get_row(plan, 0, &out));
    FILLS(itp_plan_origin, itp_plan_get_origin(plan, &out));
}

static void samplers(const itp_plan *plan)
{
    itp_sampler *sampler = NULL;
    itp_adaptive_desc adaptive = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    itp_start start = ITP_START_INIT;
    itp_apg apg = ITP_APG_INIT;
    batch.dim = 2;
    batch.count = 3;
    batch.type = ITP_FLOAT64;
    TAKES(itp_batch, batch, sampler_of(plan, &batch));
    TAKES(itp_adaptive_desc, adaptive, adaptive_of(&adaptive, &batch));
    expect("itp_sampler", "made", itp_sampler_new_adaptive(&adaptive, &batch, &sampler), ITP_OK);
    start.x = x;
    TAKES(itp_start, start, itp_sampler_begin(sampler, &start));
    FILLS(itp_adaptive_statistics, itp_adaptive_get_statistics(sampler, 0, &out));
    itp_sampler_free(sampler);
    TAKES(itp_apg, apg, itp_guide_apg(&apg, ITP_FLOAT64, x, x, x, 1, 2));
}

/* A request is taken where it reaches to all that it needs to say. */
static void requests(const itp_plan *plan)
{
    itp_sampler *sampler = NULL;
    itp_request request = ITP_REQUEST_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    itp_start start = ITP_START_INIT;
    batch.dim = batch.count = 1;
    batch.guidance = 2;
    start.x = x;
    expect("itp_request", "sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
    expect("itp_request", "begin", itp_sampler_begin(sampler, &start), ITP_OK);
    MARK(request);
    expect("itp_request", "as it is", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    expect("itp_request", "what the library does not know stays", MARKED(request), 1);
    request.size = offsetof(itp_request, out2);
    expect("itp_request", "older than guidance", itp_sampler_next(sampler, &request), ITP_E_OLDER);
    request.size = 0;
    expect("itp_request", "without a size", itp_sampler_next(sampler, &request), ITP_E_SIZE);
    itp_sampler_free(sampler);
}

static void covariances(void)
{
    static const double variances[2] = {1, 2};
    itp_covariance *covariance = NULL;
    itp_covariance_plan *plan = NULL;
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    itp_covariance_estimation estimation = ITP_COVARIANCE_ESTIMATION_INIT;
    itp_covariance_plan_desc want = ITP_COVARIANCE_PLAN_DESC_INIT;
    desc.dim = estimation.dim = 2;
    desc.variances = variances;
    estimation.samples = x;
    estimation.count = 8;
    estimation.type = ITP_FLOAT64;
    TAKES(itp_covariance_desc, desc, covariance_of(&desc));
    TAKES(itp_covariance_estimation, estimation, estimate_of(&estimation));
    expect("itp_covariance", "made", itp_covariance_new(&desc, &covariance), ITP_OK);
    want.covariance = covariance;
    TAKES(itp_covariance_plan_desc, want, bands_of(&want));
    expect("itp_covariance_plan", "made", itp_covariance_plan_new(&want, &plan), ITP_OK);
    FILLS(itp_covariance_info, itp_covariance_get_info(covariance, &out));
    FILLS(itp_covariance_plan_info, itp_covariance_plan_get_info(plan, &out));
    FILLS(itp_covariance_band, itp_covariance_plan_get_band(plan, 0, &out));
    itp_covariance_plan_free(plan);
    itp_covariance_free(covariance);
}

static int search_of(const itp_search_desc *desc)
{
    itp_search *made;
    int status = itp_search_new(desc, &made);
    itp_search_free(made);
    return status;
}

static void searches(void)
{
    static const char *const texts[] = {"solver=euler"};
    itp_search_desc desc = ITP_SEARCH_DESC_INIT;
    itp_search *made = NULL;
    desc.dim = 2;
    desc.count = 2;
    desc.texts = texts;
    desc.text_count = 1;
    TAKES(itp_search_desc, desc, search_of(&desc));
    expect("itp_search", "made", itp_search_new(&desc, &made), ITP_OK);
    FILLS(itp_search_report, itp_search_get_report(made, &out));
    FILLS(itp_search_entry, itp_search_get_entry(made, 4, 0, &out));
    itp_search_free(made);
}

static void paths_and_fits(const itp_plan *plan)
{
    static const double times[2] = {0, 1};
    itp_path_desc path = ITP_PATH_DESC_INIT;
    itp_fit_expert expert = ITP_FIT_EXPERT_INIT;
    itp_fit_desc fit = ITP_FIT_DESC_INIT;
    itp_fit *made = NULL;
    path.times = times;
    path.states = x;
    path.time_count = 2;
    path.dim = path.count = 1;
    path.type = ITP_FLOAT64;
    TAKES(itp_path_desc, path, path_of(&path));
    fit.dim = 2;
    fit.count = 4;
    TAKES(itp_fit_desc, fit, fit_of(plan, &fit));
    fit.expert = &expert;
    TAKES(itp_fit_expert, expert, fit_of(plan, &fit));
    expect("itp_fit", "made", itp_fit_new(plan, &fit, &made), ITP_OK);
    FILLS(itp_fit_report, itp_fit_get_report(made, &out));
    itp_fit_free(made);
}

int main(void)
{
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    itp_plan *plan = NULL;
    size_t i;
    for (i = 0; i < sizeof x / sizeof *x; i++) x[i] = (double)(i * i % 7);
    expect("itp_plan", "made", itp_plan_new(&want, &plan), ITP_OK);
    environments();
    schedules(itp_schedule_of("linear"));
    descriptions();
    rows_of();
    plans(plan);
    samplers(plan);
    requests(plan);
    covariances();
    paths_and_fits(plan);
    searches();
    itp_plan_free(plan);
    return failures != 0;
}
