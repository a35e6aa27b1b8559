/* Every public function with each argument that it cannot take: the status, and the sentence. Where a call has an
 * environment, in a description or in an object of one thread, the caller's itp_error has the sentence; where it has
 * none, for functions on objects that threads share and on plain arrays, there is the status alone (MUTE). The table at
 * the end names each function of the library's map, which is this program's argument. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../common/check.h"
#include "../common/plan.h"

enum { DIM = 2, SAMPLES = 3, TIMES = 3 };

static itp_error why;
static itp_env env;
static double x[64], given[64];

/* An own struct of each kind that is good, for a call that spoils one field of it. */
static itp_batch batch_for(void)
{
    itp_batch batch = batch_of(DIM, SAMPLES, ITP_FLOAT64);
    batch.env = &env;
    return batch;
}

static itp_start start_at(void *at)
{
    return (itp_start){ITP_SIZED(itp_start), .x = at};
}

static const itp_covariance_desc *covariance_desc(void)
{
    static const double variances[DIM] = {1, 2};
    static itp_covariance_desc desc;
    desc = (itp_covariance_desc){ITP_SIZED(itp_covariance_desc), .env = &env, .dim = DIM, .variances = variances};
    return &desc;
}

static itp_path_desc path_desc(void)
{
    static const double times[TIMES] = {0, .5, 1};
    return (itp_path_desc){ITP_SIZED(itp_path_desc), .env = &env,         .times = times,     .states = x, .dim = DIM,
                           .count = SAMPLES,         .time_count = TIMES, .type = ITP_FLOAT64};
}

static itp_fit_desc fit_desc(void)
{
    return (itp_fit_desc){ITP_SIZED(itp_fit_desc), .env = &env, .dim = DIM, .count = 4, .type = ITP_FLOAT64};
}

static itp_search_desc search_desc(void)
{
    static const char *const texts[] = {"solver=euler", "solver=ab2"};
    static const int32_t budgets[] = {2};
    return (itp_search_desc){
        ITP_SIZED(itp_search_desc), .env = &env,       .dim = DIM,     .count = 2,     .type = ITP_FLOAT64,
        .budgets = budgets,         .budget_count = 1, .texts = texts, .text_count = 2};
}

/* An object of each kind. */
typedef struct objects {
    itp_schedule *schedule;
    itp_plan *plan;
    itp_sampler *sampler, *adaptive; /* not begun */
    itp_covariance *covariance;
    itp_covariance_plan *bands;
    itp_path *path;
    itp_fit *fit;
    itp_search *search;
} objects;
static objects of;

static void make_samplers(void)
{
    const itp_adaptive_desc adaptive = {ITP_SIZED(itp_adaptive_desc)};
    const itp_batch batch = batch_for();
    check_status("sampler", itp_sampler_new(of.plan, &batch, &of.sampler), ITP_OK);
    check_status("adaptive", itp_sampler_new_adaptive(&adaptive, &batch, &of.adaptive), ITP_OK);
}

static int make_objects(void **state)
{
    const itp_path_desc path = path_desc();
    const itp_fit_desc fit = fit_desc();
    const itp_search_desc search = search_desc();
    itp_covariance_plan_desc bands = {ITP_SIZED(itp_covariance_plan_desc)};
    (void)state;
    why = (itp_error)ITP_ERROR_INIT;
    env = (itp_env){ITP_SIZED(itp_env), .error = &why};
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_VP, &of.schedule), ITP_OK);
    check_status("plan", itp_plan_parse("evaluations=3", &why, &of.plan), ITP_OK);
    check_status("covariance", itp_covariance_new(covariance_desc(), &of.covariance), ITP_OK);
    bands.covariance = of.covariance;
    check_status("bands", itp_covariance_plan_new(&bands, &of.bands), ITP_OK);
    check_status("path", itp_path_new(&path, &of.path), ITP_OK);
    check_status("fit", itp_fit_new(of.plan, &fit, &of.fit), ITP_OK);
    check_status("search", itp_search_new(&search, &of.search), ITP_OK);
    make_samplers();
    return 0;
}

static int free_objects(void **state)
{
    (void)state;
    itp_schedule_free(of.schedule);
    itp_plan_free(of.plan);
    itp_sampler_free(of.sampler);
    itp_sampler_free(of.adaptive);
    itp_covariance_free(of.covariance);
    itp_covariance_plan_free(of.bands);
    itp_path_free(of.path);
    itp_fit_free(of.fit);
    itp_search_free(of.search);
    return 0;
}

static void forget(void)
{
    why = (itp_error){ITP_SIZED(itp_error), .status = -99, .text = "of another call"};
}

/* The sentence names the field, says what is wrong and ends as sentences do. */
static void check_said(const char *call, int status, int want, const char *field, int line)
{
    size_t length = strlen(why.field), end = strlen(why.text);
    check_status_at(call, status, want, __FILE__, line);
    check_status_at(call, why.status, want, __FILE__, line);
    check_true_at(call, strstr(why.field, field) != NULL, why.text, __FILE__, line);
    check_true_at(call, length && !strncmp(why.text, why.field, length), why.text, __FILE__, line);
    check_true_at(call, end > length + 6 && strchr(".?", why.text[end - 1]), why.text, __FILE__, line);
}

/* What *out is before a call that fails; it is NULL after it. */
#define SPOILT ((void *)given)

#define SAID(want, field, call) (forget(), check_said(#call, call, want, field, __LINE__))
#define MUTE(want, call) check_status_at(#call, call, want, __FILE__, __LINE__)

/* ---- plans and their parts ---- */

static void f_schedule_new(void)
{
    itp_schedule *out = SPOILT;
    itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc), .env = &env, .kind = 99};
    MUTE(ITP_E_ARGUMENT, itp_schedule_new(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_schedule_new(&desc, NULL));
    SAID(ITP_E_UNSUPPORTED, "schedule", itp_schedule_new(&desc, &out));
    desc.size = 0;
    MUTE(ITP_E_SIZE, itp_schedule_new(&desc, &out)); /* where its env lies is not known then */
    desc.size = sizeof desc - 8;
    SAID(ITP_E_OLDER, "size", itp_schedule_new(&desc, &out));
    check_true("none", out == NULL);
}

static void f_schedule_make(void)
{
    itp_schedule *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_schedule_make(ITP_SCHEDULE_VP, NULL));
    MUTE(ITP_E_UNSUPPORTED, itp_schedule_make(99, &out));
    check_true("none", out == NULL);
}

static void f_schedule_parse(void)
{
    itp_schedule *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "text", itp_schedule_parse(NULL, &why, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_schedule_parse("vp", &why, NULL));
    SAID(ITP_E_UNSUPPORTED, "schedule", itp_schedule_parse("vpp", &why, &out));
    MUTE(ITP_E_UNSUPPORTED, itp_schedule_parse("vpp", NULL, &out));
    check_true("none", out == NULL);
}

/* Refused by the calls that take it. */
static void f_schedule_of(void)
{
    itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
    const itp_plan_desc desc = {ITP_SIZED(itp_plan_desc), .env = &env, .schedule = itp_schedule_of("vpp")};
    itp_plan *out = SPOILT;
    check_true("never NULL", itp_schedule_of(NULL) && itp_schedule_of("vpp"));
    MUTE(ITP_E_UNSUPPORTED, itp_schedule_eval(itp_schedule_of(NULL), .5, &point));
    SAID(ITP_E_UNSUPPORTED, "schedule", itp_plan_new(&desc, &out));
    check_true("none", out == NULL);
}

static void f_schedule_eval(void)
{
    itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
    MUTE(ITP_E_ARGUMENT, itp_schedule_eval(NULL, .5, &point));
    MUTE(ITP_E_ARGUMENT, itp_schedule_eval(of.schedule, .5, NULL));
    MUTE(ITP_E_RANGE, itp_schedule_eval(of.schedule, NAN, &point));
    point.size = 0;
    MUTE(ITP_E_SIZE, itp_schedule_eval(of.schedule, .5, &point));
}

static void f_schedule_time_of_r(void)
{
    double t;
    MUTE(ITP_E_ARGUMENT, itp_schedule_time_of_r(NULL, 1, &t));
    MUTE(ITP_E_ARGUMENT, itp_schedule_time_of_r(of.schedule, 1, NULL));
    MUTE(ITP_E_RANGE, itp_schedule_time_of_r(of.schedule, -1, &t));
}

static void f_schedule_time_of_u(void)
{
    double t;
    MUTE(ITP_E_ARGUMENT, itp_schedule_time_of_u(NULL, .5, &t));
    MUTE(ITP_E_ARGUMENT, itp_schedule_time_of_u(of.schedule, .5, NULL));
    MUTE(ITP_E_RANGE, itp_schedule_time_of_u(of.schedule, 2, &t));
}

static void f_schedule_variance(void)
{
    double variance;
    MUTE(ITP_E_ARGUMENT, itp_schedule_variance(NULL, .1, .2, &variance));
    MUTE(ITP_E_ARGUMENT, itp_schedule_variance(of.schedule, .1, .2, NULL));
    MUTE(ITP_E_RANGE, itp_schedule_variance(of.schedule, .2, .1, &variance));
}

static void f_schedule_convert(void)
{
    itp_conversion out = ITP_CONVERSION_INIT;
    MUTE(ITP_E_ARGUMENT, itp_schedule_convert(NULL, of.schedule, .5, &out));
    MUTE(ITP_E_ARGUMENT, itp_schedule_convert(of.schedule, NULL, .5, &out));
    MUTE(ITP_E_ARGUMENT, itp_schedule_convert(of.schedule, of.schedule, .5, NULL));
    MUTE(ITP_E_RANGE, itp_schedule_convert(of.schedule, of.schedule, 2, &out));
    out.size = 5000;
    MUTE(ITP_E_SIZE, itp_schedule_convert(of.schedule, of.schedule, .5, &out));
}

static void f_schedule_print(void)
{
    char text[4];
    MUTE(ITP_E_ARGUMENT, itp_schedule_print(NULL, text, sizeof text, NULL));
    MUTE(ITP_E_ARGUMENT, itp_schedule_print(of.schedule, NULL, 4, NULL));
    MUTE(ITP_E_UNSUPPORTED, itp_schedule_print(itp_schedule_of("vpp"), text, sizeof text, NULL));
    check_true("its sentence", !strncmp(text, "sch", 3));
}

static void f_prediction_scalars(void)
{
    itp_model model = ITP_MODEL_INIT;
    double a, b;
    MUTE(ITP_E_ARGUMENT, itp_prediction_scalars(&model, .5, ITP_PREDICT_DATA, NULL, &b));
    MUTE(ITP_E_ARGUMENT, itp_prediction_scalars(&model, .5, ITP_PREDICT_DATA, &a, NULL));
    MUTE(ITP_E_RANGE, itp_prediction_scalars(&model, 2, ITP_PREDICT_DATA, &a, &b));
    MUTE(ITP_E_UNSUPPORTED, itp_prediction_scalars(&model, .5, 99, &a, &b));
    MUTE(ITP_E_SINGULAR, itp_prediction_scalars(&model, 1, ITP_PREDICT_SCORE, &a, &b));
    model.size = 0;
    MUTE(ITP_E_SIZE, itp_prediction_scalars(&model, .5, ITP_PREDICT_DATA, &a, &b));
}

static void f_prediction_convert(void)
{
    const itp_model model = ITP_MODEL_INIT;
    const int32_t data = ITP_PREDICT_DATA;
    MUTE(ITP_E_ARGUMENT, itp_prediction_convert(&model, .5, data, ITP_FLOAT64, NULL, x, x, 1));
    MUTE(ITP_E_ARGUMENT, itp_prediction_convert(&model, .5, data, ITP_FLOAT64, x, NULL, x, 1));
    MUTE(ITP_E_ARGUMENT, itp_prediction_convert(&model, .5, data, ITP_FLOAT64, x, x, NULL, 1));
    MUTE(ITP_E_UNSUPPORTED, itp_prediction_convert(&model, .5, data, 9, x, x, x, 1));
    MUTE(ITP_E_UNSUPPORTED, itp_prediction_convert(&model, .5, 99, ITP_FLOAT64, x, x, x, 1));
    MUTE(ITP_E_RANGE, itp_prediction_convert(&model, NAN, data, ITP_FLOAT64, x, x, x, 1));
}

static void f_model_time(void)
{
    const itp_model model = {ITP_SIZED(itp_model), .time = 99}, index = {ITP_SIZED(itp_model), .time = ITP_TIME_INDEX};
    double time;
    MUTE(ITP_E_ARGUMENT, itp_model_time(NULL, .5, NULL));
    MUTE(ITP_E_UNSUPPORTED, itp_model_time(&model, .5, &time));
    MUTE(ITP_E_UNSUPPORTED, itp_model_time(&index, .5, &time));
    MUTE(ITP_E_RANGE, itp_model_time(NULL, 2, &time));
}

static void f_shift_of_tokens(void)
{
    double shift;
    MUTE(ITP_E_ARGUMENT, itp_shift_of_tokens(1024, 256, .5, 4096, 1.15, NULL));
    MUTE(ITP_E_RANGE, itp_shift_of_tokens(NAN, 256, .5, 4096, 1.15, &shift));
    MUTE(ITP_E_RANGE, itp_shift_of_tokens(1024, 256, .5, 256, 1.15, &shift));
}

static void f_shift_of_flux2(void)
{
    double shift;
    MUTE(ITP_E_ARGUMENT, itp_shift_of_flux2(1024, 20, NULL));
    MUTE(ITP_E_RANGE, itp_shift_of_flux2(1024, 0, &shift));
}

static void f_solver_parse(void)
{
    itp_solver out = ITP_SOLVER_INIT;
    SAID(ITP_E_ARGUMENT, "text", itp_solver_parse(NULL, &why, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_solver_parse("heun", &why, NULL));
    SAID(ITP_E_UNSUPPORTED, "solver", itp_solver_parse("hein", &why, &out));
    MUTE(ITP_E_UNSUPPORTED, itp_solver_parse("hein", NULL, &out));
    out.size = 0;
    MUTE(ITP_E_SIZE, itp_solver_parse("heun", &why, &out));
}

static void f_grid_parse(void)
{
    itp_grid out = ITP_GRID_INIT;
    SAID(ITP_E_ARGUMENT, "text", itp_grid_parse(NULL, &why, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_grid_parse("karras", &why, NULL));
    SAID(ITP_E_UNSUPPORTED, "grid", itp_grid_parse("karas", &why, &out));
}

static void f_diffusion_parse(void)
{
    itp_diffusion out = ITP_DIFFUSION_INIT;
    SAID(ITP_E_ARGUMENT, "text", itp_diffusion_parse(NULL, &why, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_diffusion_parse("sine", &why, NULL));
    SAID(ITP_E_UNSUPPORTED, "diffusion", itp_diffusion_parse("cosine", &why, &out));
}

static void f_plan_new(void)
{
    itp_plan_desc desc = {ITP_SIZED(itp_plan_desc), .env = &env, .evaluations = -1};
    itp_solver solver = {.size = 4};
    itp_plan *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_plan_new(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_plan_new(&desc, NULL));
    SAID(ITP_E_BUDGET, "evaluations", itp_plan_new(&desc, &out));
    desc.solver = &solver;
    SAID(ITP_E_SIZE, "solver", itp_plan_new(&desc, &out));
    check_true("none", out == NULL);
}

static void f_plan_reads(void)
{
    const itp_plan_desc desc = {ITP_SIZED(itp_plan_desc), .env = &env};
    MUTE(ITP_E_ARGUMENT, itp_plan_reads(NULL, "rho"));
    SAID(ITP_E_ARGUMENT, "field", itp_plan_reads(&desc, NULL));
    SAID(ITP_E_ARGUMENT, "rhho", itp_plan_reads(&desc, "rhho"));
    SAID(ITP_E_UNSUPPORTED, "rho", itp_plan_reads(&desc, "rho"));
}

static void f_plan_from_rows(void)
{
    const itp_plan_rows rows = {ITP_SIZED(itp_plan_rows), .env = &env, .row_count = 1};
    itp_plan *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_plan_from_rows(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_plan_from_rows(&rows, NULL));
    SAID(ITP_E_ARGUMENT, "rows", itp_plan_from_rows(&rows, &out));
    check_true("none", out == NULL);
}

static void f_plan_from_json(void)
{
    itp_plan *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "text", itp_plan_from_json(NULL, 0, &env, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_plan_from_json("{}", 2, &env, NULL));
    if (itp_build_has("json")) {
        SAID(ITP_E_UNSUPPORTED, "format", itp_plan_from_json("{}", 2, &env, &out));
        MUTE(ITP_E_UNSUPPORTED, itp_plan_from_json("{}", 2, NULL, &out));
    }
    check_true("none", out == NULL);
}

static void f_plan_to_json(void)
{
    char text[4];
    MUTE(ITP_E_ARGUMENT, itp_plan_to_json(NULL, text, sizeof text, NULL));
    MUTE(ITP_E_ARGUMENT, itp_plan_to_json(of.plan, NULL, 4, NULL));
    MUTE(itp_build_has("json") ? ITP_E_RANGE : ITP_E_UNSUPPORTED, itp_plan_to_json(of.plan, text, sizeof text, NULL));
}

static void f_plan_parse(void)
{
    itp_plan *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "text", itp_plan_parse(NULL, &why, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_plan_parse("solver=heun", &why, NULL));
    SAID(ITP_E_UNSUPPORTED, "solver", itp_plan_parse("solver=hein", &why, &out));
    MUTE(ITP_E_UNSUPPORTED, itp_plan_parse("solver=hein", NULL, &out));
    check_true("none", out == NULL);
}

static void f_plan_parse_with(void)
{
    itp_plan *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "text", itp_plan_parse_with(NULL, &env, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_plan_parse_with("solver=heun", &env, NULL));
    SAID(ITP_E_UNSUPPORTED, "solver", itp_plan_parse_with("solver=hein", &env, &out));
    MUTE(ITP_E_UNSUPPORTED, itp_plan_parse_with("solver=hein", NULL, &out));
    check_true("none", out == NULL);
}

static void f_plan_print(void)
{
    char text[4];
    MUTE(ITP_E_ARGUMENT, itp_plan_print(NULL, text, sizeof text, NULL));
    MUTE(ITP_E_ARGUMENT, itp_plan_print(of.plan, NULL, 4, NULL));
}

static void f_plan_format(void)
{
    char text[4];
    MUTE(ITP_E_ARGUMENT, itp_plan_format(NULL, text, sizeof text, NULL));
    MUTE(ITP_E_ARGUMENT, itp_plan_format(of.plan, NULL, 4, NULL));
}

static void f_plan_get_info(void)
{
    itp_plan_info info = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_plan_get_info(NULL, &info));
    MUTE(ITP_E_ARGUMENT, itp_plan_get_info(of.plan, NULL));
    MUTE(ITP_E_SIZE, itp_plan_get_info(of.plan, &info));
}

static void f_plan_get_row(void)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    MUTE(ITP_E_ARGUMENT, itp_plan_get_row(NULL, 0, &row));
    MUTE(ITP_E_ARGUMENT, itp_plan_get_row(of.plan, 0, NULL));
    MUTE(ITP_E_RANGE, itp_plan_get_row(of.plan, 3, &row));
    MUTE(ITP_E_RANGE, itp_plan_get_row(of.plan, -1, &row));
    row.size = 0;
    MUTE(ITP_E_SIZE, itp_plan_get_row(of.plan, 0, &row));
}

static void f_plan_get_origin(void)
{
    itp_plan_origin origin = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_plan_get_origin(NULL, &origin));
    MUTE(ITP_E_ARGUMENT, itp_plan_get_origin(of.plan, NULL));
    MUTE(ITP_E_SIZE, itp_plan_get_origin(of.plan, &origin));
}

static void f_plan_coordinates(void)
{
    double t, factor;
    MUTE(ITP_E_ARGUMENT, itp_plan_coordinates(NULL, 0, NULL, &t, &factor));
    MUTE(ITP_E_ARGUMENT, itp_plan_coordinates(of.plan, 0, NULL, NULL, &factor));
    MUTE(ITP_E_ARGUMENT, itp_plan_coordinates(of.plan, 0, NULL, &t, NULL));
    MUTE(ITP_E_RANGE, itp_plan_coordinates(of.plan, 4, NULL, &t, &factor));
    MUTE(ITP_E_UNSUPPORTED, itp_plan_coordinates(of.plan, 0, itp_schedule_of("vpp"), &t, &factor));
}

static void f_plan_convert(void)
{
    itp_plan *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_plan_convert(NULL, NULL, &out));
    MUTE(ITP_E_ARGUMENT, itp_plan_convert(of.plan, NULL, NULL));
    MUTE(ITP_E_UNSUPPORTED, itp_plan_convert(of.plan, itp_schedule_of("vpp"), &out));
    check_true("none", out == NULL);
}

static void f_kind_at(void)
{
    itp_entry entry = ITP_ENTRY_INIT;
    MUTE(ITP_E_ARGUMENT, itp_kind_at(NULL, 0, &entry));
    MUTE(ITP_E_ARGUMENT, itp_kind_at("solver", 0, NULL));
    MUTE(ITP_E_UNSUPPORTED, itp_kind_at("sovler", 0, &entry));
    MUTE(ITP_E_RANGE, itp_kind_at("solver", 10000, &entry));
    MUTE(ITP_E_RANGE, itp_kind_at("solver", -1, &entry));
    entry.size = 0;
    MUTE(ITP_E_SIZE, itp_kind_at("solver", 0, &entry));
}

static void f_kind_find(void)
{
    itp_entry entry = ITP_ENTRY_INIT;
    MUTE(ITP_E_ARGUMENT, itp_kind_find(NULL, "heun", &entry));
    MUTE(ITP_E_ARGUMENT, itp_kind_find("solver", NULL, &entry));
    MUTE(ITP_E_ARGUMENT, itp_kind_find("solver", "heun", NULL));
    MUTE(ITP_E_UNSUPPORTED, itp_kind_find("sovler", "heun", &entry));
    MUTE(ITP_E_UNSUPPORTED, itp_kind_find("solver", "hein", &entry));
    check_true("its sentence", strstr(entry.parameters, "heun") != NULL);
}

/* ---- running ---- */

static void f_sampler_new(void)
{
    itp_batch batch = batch_for();
    itp_sampler *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "plan", itp_sampler_new(NULL, &batch, &out));
    MUTE(ITP_E_ARGUMENT, itp_sampler_new(of.plan, NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_sampler_new(of.plan, &batch, NULL));
    batch.seed = 7;
    SAID(ITP_E_ARGUMENT, "seed", itp_sampler_new(of.plan, &batch, &out));
    batch = batch_for();
    batch.dim = 0;
    SAID(ITP_E_RANGE, "dim", itp_sampler_new(of.plan, &batch, &out));
    check_true("none", out == NULL);
}

static void f_sampler_new_covariance(void)
{
    itp_batch batch = batch_for();
    itp_sampler *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "plan", itp_sampler_new_covariance(NULL, &batch, &out));
    MUTE(ITP_E_ARGUMENT, itp_sampler_new_covariance(of.bands, NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_sampler_new_covariance(of.bands, &batch, NULL));
    batch.dim = DIM + 1;
    SAID(ITP_E_RANGE, "dim", itp_sampler_new_covariance(of.bands, &batch, &out));
    check_true("none", out == NULL);
}

static void f_sampler_new_adaptive(void)
{
    itp_adaptive_desc desc = {ITP_SIZED(itp_adaptive_desc)};
    itp_batch batch = batch_for();
    itp_env other = env;
    itp_sampler *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "desc", itp_sampler_new_adaptive(NULL, &batch, &out));
    MUTE(ITP_E_ARGUMENT, itp_sampler_new_adaptive(&desc, NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_sampler_new_adaptive(&desc, &batch, NULL));
    desc.env = &env;
    SAID(ITP_E_ARGUMENT, "batch", itp_sampler_new_adaptive(&desc, NULL, &out));
    batch.env = &other;
    SAID(ITP_E_UNSUPPORTED, "env", itp_sampler_new_adaptive(&desc, &batch, &out));
    batch.env = NULL;
    desc.safety = 2;
    SAID(ITP_E_RANGE, "safety", itp_sampler_new_adaptive(&desc, &batch, &out));
    batch.dim = 0;
    SAID(ITP_E_RANGE, "dim", itp_sampler_new_adaptive(&desc, &batch, &out));
    check_true("none", out == NULL);
}

static void f_sampler_begin(void)
{
    itp_start start = start_at(NULL);
    MUTE(ITP_E_ARGUMENT, itp_sampler_begin(NULL, &start));
    SAID(ITP_E_ARGUMENT, "start", itp_sampler_begin(of.sampler, NULL));
    SAID(ITP_E_ARGUMENT, "x", itp_sampler_begin(of.sampler, &start));
    start = start_at(x);
    start.count = SAMPLES + 1;
    SAID(ITP_E_RANGE, "count", itp_sampler_begin(of.sampler, &start));
    start = start_at(x);
    start.data = given;
    SAID(ITP_E_UNSUPPORTED, "data", itp_sampler_begin(of.sampler, &start));
    start.size = 0;
    SAID(ITP_E_SIZE, "start", itp_sampler_begin(of.sampler, &start));
}

static void f_sampler_next(void)
{
    itp_request request = ITP_REQUEST_INIT;
    const itp_start start = start_at(x);
    MUTE(ITP_E_ARGUMENT, itp_sampler_next(NULL, &request));
    SAID(ITP_E_ARGUMENT, "request", itp_sampler_next(of.sampler, NULL));
    SAID(ITP_E_STATE, "itp_sampler_next", itp_sampler_next(of.sampler, &request));
    check_status("begin", itp_sampler_begin(of.sampler, &start), ITP_OK);
    request.size = 0;
    SAID(ITP_E_SIZE, "request", itp_sampler_next(of.sampler, &request));
}

static void f_sampler_submit(void)
{
    MUTE(ITP_E_ARGUMENT, itp_sampler_submit(NULL));
    SAID(ITP_E_STATE, "itp_sampler_submit", itp_sampler_submit(of.adaptive));
}

static int ITP_CALL answer_run(void *user, const itp_request *request)
{
    (void)request;
    return *(const int *)user;
}

static void f_sampler_run(void)
{
    int stop = 7, fail = -7;
    const itp_start start = start_at(x);
    MUTE(ITP_E_ARGUMENT, itp_sampler_run(NULL, &start, answer_run, &stop));
    SAID(ITP_E_ARGUMENT, "start", itp_sampler_run(of.sampler, NULL, answer_run, &stop));
    SAID(ITP_E_ARGUMENT, "network", itp_sampler_run(of.sampler, &start, NULL, NULL));
    SAID(7, "network", itp_sampler_run(of.sampler, &start, answer_run, &stop));
    SAID(ITP_E_CALLBACK, "network", itp_sampler_run(of.sampler, &start, answer_run, &fail));
}

static void f_sample(void)
{
    int stop = 7, fail = -7;
    const itp_batch batch = batch_for();
    SAID(ITP_E_ARGUMENT, "plan", itp_sample(NULL, &batch, x, answer_run, &stop));
    MUTE(ITP_E_ARGUMENT, itp_sample(of.plan, NULL, x, answer_run, &stop));
    SAID(ITP_E_ARGUMENT, "x", itp_sample(of.plan, &batch, NULL, answer_run, &stop));
    SAID(ITP_E_ARGUMENT, "network", itp_sample(of.plan, &batch, x, NULL, &stop));
    SAID(7, "network", itp_sample(of.plan, &batch, x, answer_run, &stop));
    SAID(ITP_E_CALLBACK, "network", itp_sample(of.plan, &batch, x, answer_run, &fail));
}

static void f_sampler_save(void)
{
    unsigned char bytes[16];
    MUTE(ITP_E_ARGUMENT, itp_sampler_save(NULL, bytes, sizeof bytes, NULL));
    SAID(ITP_E_ARGUMENT, "buffer", itp_sampler_save(of.sampler, NULL, 16, NULL));
    SAID(ITP_E_STATE, "itp_sampler_save", itp_sampler_save(of.adaptive, bytes, sizeof bytes, NULL));
}

static void f_sampler_restore(void)
{
    unsigned char bytes[16] = {0};
    MUTE(ITP_E_ARGUMENT, itp_sampler_restore(NULL, bytes, sizeof bytes, x));
    SAID(ITP_E_ARGUMENT, "buffer", itp_sampler_restore(of.sampler, NULL, sizeof bytes, x));
    SAID(ITP_E_ARGUMENT, "x", itp_sampler_restore(of.sampler, bytes, sizeof bytes, NULL));
    SAID(ITP_E_RANGE, "size", itp_sampler_restore(of.sampler, bytes, sizeof bytes, x));
}

static void f_adaptive_outputs(void)
{
    const double times[2] = {.5, .25};
    MUTE(ITP_E_ARGUMENT, itp_adaptive_outputs(NULL, 2, times, x));
    SAID(ITP_E_ARGUMENT, "sampler", itp_adaptive_outputs(of.sampler, 2, times, x));
    SAID(ITP_E_ARGUMENT, "times", itp_adaptive_outputs(of.adaptive, 2, NULL, x));
    SAID(ITP_E_ARGUMENT, "states", itp_adaptive_outputs(of.adaptive, 2, times, NULL));
    SAID(ITP_E_GRID, "times", itp_adaptive_outputs(of.adaptive, 2, times, x));
}

static void f_adaptive_state_at(void)
{
    MUTE(ITP_E_ARGUMENT, itp_adaptive_state_at(NULL, 0, .5, x));
    SAID(ITP_E_ARGUMENT, "sampler", itp_adaptive_state_at(of.sampler, 0, .5, x));
    SAID(ITP_E_ARGUMENT, "out", itp_adaptive_state_at(of.adaptive, 0, .5, NULL));
    SAID(ITP_E_RANGE, "sample", itp_adaptive_state_at(of.adaptive, SAMPLES, .5, x));
    SAID(ITP_E_STATE, "itp_adaptive_state_at", itp_adaptive_state_at(of.adaptive, 0, .5, x));
}

static void f_adaptive_get_statistics(void)
{
    itp_adaptive_statistics out = ITP_ADAPTIVE_STATISTICS_INIT;
    MUTE(ITP_E_ARGUMENT, itp_adaptive_get_statistics(NULL, 0, &out));
    SAID(ITP_E_ARGUMENT, "sampler", itp_adaptive_get_statistics(of.sampler, 0, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_adaptive_get_statistics(of.adaptive, 0, NULL));
    SAID(ITP_E_RANGE, "sample", itp_adaptive_get_statistics(of.adaptive, SAMPLES, &out));
    SAID(ITP_E_STATE, "itp_adaptive_get_statistics", itp_adaptive_get_statistics(of.adaptive, 0, &out));
}

/* ---- covariances, paths, fits ---- */

static void f_covariance_new(void)
{
    itp_covariance_desc desc = *covariance_desc();
    itp_covariance *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_covariance_new(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_covariance_new(&desc, NULL));
    desc.variances = NULL;
    SAID(ITP_E_ARGUMENT, "variances", itp_covariance_new(&desc, &out));
    check_true("none", out == NULL);
}

static void f_covariance_estimate(void)
{
    itp_covariance_estimation desc = {ITP_SIZED(itp_covariance_estimation), .env = &env, .dim = DIM, .count = 3};
    itp_covariance *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_covariance_estimate(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_covariance_estimate(&desc, NULL));
    SAID(ITP_E_ARGUMENT, "samples", itp_covariance_estimate(&desc, &out));
    check_true("none", out == NULL);
}

static void f_covariance_get_info(void)
{
    itp_covariance_info out = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_covariance_get_info(NULL, &out));
    MUTE(ITP_E_ARGUMENT, itp_covariance_get_info(of.covariance, NULL));
    MUTE(ITP_E_SIZE, itp_covariance_get_info(of.covariance, &out));
}

static void f_covariance_plan_new(void)
{
    itp_env other = env;
    itp_plan_desc plan = {ITP_SIZED(itp_plan_desc), .evaluations = -1};
    itp_covariance_plan_desc desc = {ITP_SIZED(itp_covariance_plan_desc), .env = &env, .plan = &plan};
    itp_covariance_plan *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_covariance_plan_new(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_covariance_plan_new(&desc, NULL));
    SAID(ITP_E_ARGUMENT, "covariance", itp_covariance_plan_new(&desc, &out));
    desc.covariance = of.covariance;
    SAID(ITP_E_BUDGET, "evaluations", itp_covariance_plan_new(&desc, &out));
    plan.env = &other;
    SAID(ITP_E_UNSUPPORTED, "env", itp_covariance_plan_new(&desc, &out));
    desc.env = NULL;
    SAID(ITP_E_BUDGET, "evaluations", itp_covariance_plan_new(&desc, &out));
    desc.env = &env;
    plan.env = NULL;
    plan.size = 0;
    SAID(ITP_E_SIZE, "plan", itp_covariance_plan_new(&desc, &out));
    desc.size -= 8;
    SAID(ITP_E_OLDER, "size", itp_covariance_plan_new(&desc, &out));
    check_true("none", out == NULL);
}

static void f_covariance_plan_get_info(void)
{
    itp_covariance_plan_info out = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_covariance_plan_get_info(NULL, &out));
    MUTE(ITP_E_ARGUMENT, itp_covariance_plan_get_info(of.bands, NULL));
    MUTE(ITP_E_SIZE, itp_covariance_plan_get_info(of.bands, &out));
}

static void f_covariance_plan_get_band(void)
{
    itp_covariance_band out = ITP_COVARIANCE_BAND_INIT;
    MUTE(ITP_E_ARGUMENT, itp_covariance_plan_get_band(NULL, 0, &out));
    MUTE(ITP_E_ARGUMENT, itp_covariance_plan_get_band(of.bands, 0, NULL));
    MUTE(ITP_E_RANGE, itp_covariance_plan_get_band(of.bands, 99, &out));
    out.size = 0;
    MUTE(ITP_E_SIZE, itp_covariance_plan_get_band(of.bands, 0, &out));
}

static void f_path_new(void)
{
    itp_path_desc desc = path_desc();
    itp_path *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_path_new(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_path_new(&desc, NULL));
    desc.times = NULL;
    SAID(ITP_E_ARGUMENT, "times", itp_path_new(&desc, &out));
    check_true("none", out == NULL);
}

/* Threads may share a path: its log gets the sentence, no struct does. */
static void f_path_at(void)
{
    MUTE(ITP_E_ARGUMENT, itp_path_at(NULL, NULL, .5, x));
    MUTE(ITP_E_ARGUMENT, itp_path_at(of.path, NULL, .5, NULL));
    MUTE(ITP_E_RANGE, itp_path_at(of.path, NULL, 2, given));
    MUTE(ITP_E_UNSUPPORTED, itp_path_at(of.path, itp_schedule_of("vpp"), .5, given));
}

static void f_fit_new(void)
{
    itp_fit_desc desc = fit_desc();
    itp_fit *out = SPOILT;
    SAID(ITP_E_ARGUMENT, "plan", itp_fit_new(NULL, &desc, &out));
    MUTE(ITP_E_ARGUMENT, itp_fit_new(of.plan, NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_fit_new(of.plan, &desc, NULL));
    desc.dim = 0;
    SAID(ITP_E_RANGE, "dim", itp_fit_new(of.plan, &desc, &out));
    check_true("none", out == NULL);
}

static void f_fit_next(void)
{
    itp_request request = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_fit_next(NULL, &request));
    SAID(ITP_E_ARGUMENT, "request", itp_fit_next(of.fit, NULL));
    SAID(ITP_E_SIZE, "request", itp_fit_next(of.fit, &request));
}

static void f_fit_submit(void)
{
    MUTE(ITP_E_ARGUMENT, itp_fit_submit(NULL));
    SAID(ITP_E_STATE, "itp_fit_submit", itp_fit_submit(of.fit));
}

static void f_fit_get_report(void)
{
    itp_fit_report report = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_fit_get_report(NULL, &report));
    SAID(ITP_E_ARGUMENT, "report", itp_fit_get_report(of.fit, NULL));
    SAID(ITP_E_SIZE, "report", itp_fit_get_report(of.fit, &report));
}

static void f_fit_plan(void)
{
    itp_plan *better = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_fit_plan(NULL, &better));
    SAID(ITP_E_ARGUMENT, "better", itp_fit_plan(of.fit, NULL));
    SAID(ITP_E_STATE, "itp_fit_plan", itp_fit_plan(of.fit, &better));
    check_true("none", better == NULL);
}

static void f_plan_fit(void)
{
    const itp_fit_desc desc = fit_desc();
    itp_plan *better = SPOILT;
    int stop = 7, fail = -7;
    SAID(ITP_E_ARGUMENT, "plan", itp_plan_fit(NULL, &desc, answer_run, &stop, &better));
    MUTE(ITP_E_ARGUMENT, itp_plan_fit(of.plan, NULL, answer_run, &stop, &better));
    SAID(ITP_E_ARGUMENT, "network", itp_plan_fit(of.plan, &desc, NULL, NULL, &better));
    SAID(ITP_E_ARGUMENT, "better", itp_plan_fit(of.plan, &desc, answer_run, &stop, NULL));
    SAID(7, "network", itp_plan_fit(of.plan, &desc, answer_run, &stop, &better));
    SAID(ITP_E_CALLBACK, "network", itp_plan_fit(of.plan, &desc, answer_run, &fail, &better));
    check_true("none", better == NULL);
}

static void f_search_new(void)
{
    itp_search_desc desc = search_desc();
    itp_search *out = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_search_new(NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_search_new(&desc, NULL));
    desc.dim = 0;
    SAID(ITP_E_RANGE, "dim", itp_search_new(&desc, &out));
    check_true("none", out == NULL);
}

static void f_search_next(void)
{
    itp_request request = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_search_next(NULL, &request));
    SAID(ITP_E_ARGUMENT, "request", itp_search_next(of.search, NULL));
    SAID(ITP_E_SIZE, "request", itp_search_next(of.search, &request));
}

static void f_search_submit(void)
{
    MUTE(ITP_E_ARGUMENT, itp_search_submit(NULL));
    SAID(ITP_E_STATE, "itp_search_submit", itp_search_submit(of.search));
}

static void f_search_get_report(void)
{
    itp_search_report report = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_search_get_report(NULL, &report));
    SAID(ITP_E_ARGUMENT, "report", itp_search_get_report(of.search, NULL));
    SAID(ITP_E_SIZE, "report", itp_search_get_report(of.search, &report));
}

static void f_search_get_entry(void)
{
    itp_search_entry entry = ITP_SEARCH_ENTRY_INIT, spoilt = {.size = 4};
    MUTE(ITP_E_ARGUMENT, itp_search_get_entry(NULL, 2, 0, &entry));
    SAID(ITP_E_ARGUMENT, "entry", itp_search_get_entry(of.search, 2, 0, NULL));
    SAID(ITP_E_SIZE, "entry", itp_search_get_entry(of.search, 2, 0, &spoilt));
    SAID(ITP_E_RANGE, "evaluations, rank", itp_search_get_entry(of.search, 3, 0, &entry));
    SAID(ITP_E_RANGE, "evaluations, rank", itp_search_get_entry(of.search, 2, 2, &entry));
    SAID(ITP_E_RANGE, "evaluations, rank", itp_search_get_entry(of.search, 2, -1, &entry));
}

static void f_search_plan(void)
{
    itp_plan *plan = SPOILT;
    MUTE(ITP_E_ARGUMENT, itp_search_plan(NULL, 2, 0, &plan));
    SAID(ITP_E_ARGUMENT, "plan", itp_search_plan(of.search, 2, 0, NULL));
    SAID(ITP_E_RANGE, "evaluations, rank", itp_search_plan(of.search, 2, 9, &plan));
    check_true("none", plan == NULL);
}

static void f_search_print(void)
{
    MUTE(ITP_E_ARGUMENT, itp_search_print(NULL, 0, NULL, 0, NULL));
    SAID(ITP_E_ARGUMENT, "text", itp_search_print(of.search, 0, NULL, 9, NULL));
    SAID(ITP_E_RANGE, "places", itp_search_print(of.search, -1, NULL, 0, NULL));
}

static void f_search_to_json(void)
{
    MUTE(ITP_E_ARGUMENT, itp_search_to_json(NULL, 0, NULL, 0, NULL));
    SAID(ITP_E_ARGUMENT, "text", itp_search_to_json(of.search, 0, NULL, 9, NULL));
    SAID(ITP_E_RANGE, "places", itp_search_to_json(of.search, -1, NULL, 0, NULL));
}

static void f_search_run(void)
{
    const itp_search_desc desc = search_desc();
    itp_search *out = SPOILT;
    int stop = 7, fail = -7;
    MUTE(ITP_E_ARGUMENT, itp_search_run(NULL, answer_run, &stop, &out));
    SAID(ITP_E_ARGUMENT, "network", itp_search_run(&desc, NULL, NULL, &out));
    SAID(ITP_E_ARGUMENT, "out", itp_search_run(&desc, answer_run, &stop, NULL));
    SAID(7, "network", itp_search_run(&desc, answer_run, &stop, &out));
    SAID(ITP_E_CALLBACK, "network", itp_search_run(&desc, answer_run, &fail, &out));
    check_true("none", out == NULL);
}

/* ---- arrays ---- */

static void f_normals(void)
{
    MUTE(ITP_E_ARGUMENT, itp_normals(1, 2, 3, 0, ITP_FLOAT64, NULL, 1));
    MUTE(ITP_E_UNSUPPORTED, itp_normals(1, 2, 3, 0, 9, x, 1));
    MUTE(ITP_E_RANGE, itp_normals(1, 2, 3, (uint64_t)1 << 34, ITP_FLOAT64, x, 1));
}

static void f_brownian(void)
{
    MUTE(ITP_E_ARGUMENT, itp_brownian(1, 2, .25, .5, 0, ITP_FLOAT64, NULL, NULL, 1));
    MUTE(ITP_E_RANGE, itp_brownian(1, 2, .5, .25, 0, ITP_FLOAT64, x, NULL, 1));
    MUTE(ITP_E_UNSUPPORTED, itp_brownian(1, 2, .25, .5, 0, 9, x, NULL, 1));
    MUTE(ITP_E_RANGE, itp_brownian(1, 2, .25, .5, (uint64_t)1 << 34, ITP_FLOAT64, x, NULL, 1));
}

static void draws(itp_noise_fn draw, void *generator)
{
    itp_noise_request request = {ITP_SIZED(itp_noise_request), .count = 1, .dim = 2, .type = 9};
    MUTE(ITP_E_ARGUMENT, draw(NULL, &request, x));
    MUTE(ITP_E_ARGUMENT, draw(generator, NULL, x));
    MUTE(ITP_E_ARGUMENT, draw(generator, &request, NULL));
    MUTE(ITP_E_UNSUPPORTED, draw(generator, &request, x));
    request.size = offsetof(itp_noise_request, type);
    MUTE(ITP_E_ARGUMENT, draw(generator, &request, x));
}

static void f_torch_cpu_draw(void)
{
    itp_torch_cpu generator = {.seed = 1};
    draws(itp_torch_cpu_draw, &generator);
}

static void f_torch_cuda_draw(void)
{
    itp_torch_cuda generator = {.seed = 1};
    draws(itp_torch_cuda_draw, &generator);
}

static void f_guide(void)
{
    MUTE(ITP_E_ARGUMENT, itp_guide(ITP_FLOAT64, NULL, x, 2, x, 1));
    MUTE(ITP_E_ARGUMENT, itp_guide(ITP_FLOAT64, x, NULL, 2, x, 1));
    MUTE(ITP_E_ARGUMENT, itp_guide(ITP_FLOAT64, x, x, 2, NULL, 1));
    MUTE(ITP_E_UNSUPPORTED, itp_guide(9, x, x, 2, x, 1));
    MUTE(ITP_E_RANGE, itp_guide(ITP_FLOAT64, x, x, NAN, x, 1));
}

static void f_autoguide(void)
{
    MUTE(ITP_E_ARGUMENT, itp_autoguide(ITP_FLOAT64, NULL, x, 2, x, 1));
    MUTE(ITP_E_ARGUMENT, itp_autoguide(ITP_FLOAT64, x, NULL, 2, x, 1));
    MUTE(ITP_E_ARGUMENT, itp_autoguide(ITP_FLOAT64, x, x, 2, NULL, 1));
    MUTE(ITP_E_UNSUPPORTED, itp_autoguide(9, x, x, 2, x, 1));
    MUTE(ITP_E_RANGE, itp_autoguide(ITP_FLOAT64, x, x, NAN, x, 1));
}

static void f_guidance_cfgpp(void)
{
    double scale;
    MUTE(ITP_E_ARGUMENT, itp_guidance_cfgpp(.5, .25, .5, NULL));
    MUTE(ITP_E_RANGE, itp_guidance_cfgpp(.5, .5, .25, &scale));
    MUTE(ITP_E_RANGE, itp_guidance_cfgpp(NAN, .25, .5, &scale));
}

static void f_guide_rescaled(void)
{
    MUTE(ITP_E_ARGUMENT, itp_guide_rescaled(ITP_FLOAT64, NULL, x, 2, .7, x, 1, 2));
    MUTE(ITP_E_ARGUMENT, itp_guide_rescaled(ITP_FLOAT64, x, NULL, 2, .7, x, 1, 2));
    MUTE(ITP_E_ARGUMENT, itp_guide_rescaled(ITP_FLOAT64, x, x, 2, .7, NULL, 1, 2));
    MUTE(ITP_E_UNSUPPORTED, itp_guide_rescaled(9, x, x, 2, .7, x, 1, 2));
    MUTE(ITP_E_RANGE, itp_guide_rescaled(ITP_FLOAT64, x, x, 2, 2, x, 1, 2));
    MUTE(ITP_E_OVERFLOW, itp_guide_rescaled(ITP_FLOAT64, x, x, 2, .7, x, SIZE_MAX, 2));
}

static void f_guide_apg(void)
{
    itp_apg apg = {ITP_SIZED(itp_apg), .scale = 2};
    MUTE(ITP_E_ARGUMENT, itp_guide_apg(NULL, ITP_FLOAT64, x, x, x, 1, 2));
    MUTE(ITP_E_ARGUMENT, itp_guide_apg(&apg, ITP_FLOAT64, NULL, x, x, 1, 2));
    MUTE(ITP_E_ARGUMENT, itp_guide_apg(&apg, ITP_FLOAT64, x, NULL, x, 1, 2));
    MUTE(ITP_E_ARGUMENT, itp_guide_apg(&apg, ITP_FLOAT64, x, x, NULL, 1, 2));
    MUTE(ITP_E_UNSUPPORTED, itp_guide_apg(&apg, 9, x, x, x, 1, 2));
    apg.momentum = -.5;
    MUTE(ITP_E_ARGUMENT, itp_guide_apg(&apg, ITP_FLOAT64, x, x, x, 1, 2));
    apg.scale = NAN;
    MUTE(ITP_E_RANGE, itp_guide_apg(&apg, ITP_FLOAT64, x, x, x, 1, 2));
    apg.size = 0;
    MUTE(ITP_E_SIZE, itp_guide_apg(&apg, ITP_FLOAT64, x, x, x, 1, 2));
}

static void f_threshold_static(void)
{
    MUTE(ITP_E_ARGUMENT, itp_threshold_static(ITP_FLOAT64, NULL, -1, 1, 1));
    MUTE(ITP_E_UNSUPPORTED, itp_threshold_static(9, x, -1, 1, 1));
    MUTE(ITP_E_RANGE, itp_threshold_static(ITP_FLOAT64, x, 1, -1, 1));
}

static void f_threshold_dynamic(void)
{
    MUTE(ITP_E_ARGUMENT, itp_threshold_dynamic(ITP_FLOAT64, NULL, .9, 2, 1, 2));
    MUTE(ITP_E_UNSUPPORTED, itp_threshold_dynamic(9, x, .9, 2, 1, 2));
    MUTE(ITP_E_RANGE, itp_threshold_dynamic(ITP_FLOAT64, x, 2, 2, 1, 2));
    MUTE(ITP_E_RANGE, itp_threshold_dynamic(ITP_FLOAT64, x, .9, 0, 1, 2));
}

/* ---- functions that cannot fail ---- */

static void f_itself(void)
{
    itp_schedule_free(NULL);
    itp_plan_free(NULL);
    itp_sampler_free(NULL);
    itp_covariance_free(NULL);
    itp_covariance_plan_free(NULL);
    itp_path_free(NULL);
    itp_fit_free(NULL);
    itp_search_free(NULL);
    check_true("status_string", itp_status_string(-12345) && itp_status_string(12345));
    check_true("build_has", !itp_build_has(NULL) && !itp_build_has("flux"));
    check_true("version", itp_version() > 0 && itp_version_text());
    check_true("guidance_at", itp_guidance_at(3, .2, .8, .9) == 1 && itp_guidance_at(3, .2, .8, .5) == 3);
}

#define OF(name) \
    { \
        "itp_" #name, f_##name \
    }
#define SAFE(name) \
    { \
        "itp_" #name, f_itself \
    }
static const struct {
    const char *name;
    void (*refuse)(void);
} functions[] = {
    OF(adaptive_get_statistics),
    OF(adaptive_outputs),
    OF(adaptive_state_at),
    OF(autoguide),
    OF(brownian),
    SAFE(build_has),
    OF(covariance_estimate),
    SAFE(covariance_free),
    OF(covariance_get_info),
    OF(covariance_new),
    SAFE(covariance_plan_free),
    OF(covariance_plan_get_band),
    OF(covariance_plan_get_info),
    OF(covariance_plan_new),
    OF(diffusion_parse),
    SAFE(fit_free),
    OF(fit_get_report),
    OF(fit_new),
    OF(fit_next),
    OF(fit_plan),
    OF(fit_submit),
    OF(grid_parse),
    SAFE(guidance_at),
    OF(guidance_cfgpp),
    OF(guide),
    OF(guide_apg),
    OF(guide_rescaled),
    OF(kind_at),
    OF(kind_find),
    OF(model_time),
    OF(normals),
    OF(path_at),
    SAFE(path_free),
    OF(path_new),
    SAFE(philox),
    OF(plan_convert),
    OF(plan_coordinates),
    OF(plan_fit),
    OF(plan_format),
    SAFE(plan_free),
    OF(plan_from_json),
    OF(plan_from_rows),
    OF(plan_get_info),
    OF(plan_get_origin),
    OF(plan_get_row),
    OF(plan_new),
    OF(plan_parse),
    OF(plan_parse_with),
    OF(plan_print),
    OF(plan_reads),
    OF(plan_to_json),
    OF(prediction_convert),
    OF(prediction_scalars),
    OF(sample),
    OF(sampler_begin),
    SAFE(sampler_free),
    OF(sampler_new),
    OF(sampler_new_adaptive),
    OF(sampler_new_covariance),
    OF(sampler_next),
    OF(sampler_restore),
    OF(sampler_run),
    OF(sampler_save),
    OF(sampler_submit),
    OF(schedule_convert),
    OF(schedule_eval),
    SAFE(schedule_free),
    OF(schedule_make),
    OF(schedule_new),
    OF(schedule_of),
    OF(schedule_parse),
    OF(schedule_print),
    OF(schedule_time_of_r),
    OF(schedule_time_of_u),
    OF(schedule_variance),
    SAFE(search_free),
    OF(search_get_entry),
    OF(search_get_report),
    OF(search_new),
    OF(search_next),
    OF(search_plan),
    OF(search_print),
    OF(search_run),
    OF(search_submit),
    OF(search_to_json),
    OF(shift_of_flux2),
    OF(shift_of_tokens),
    OF(solver_parse),
    SAFE(status_string),
    OF(threshold_dynamic),
    OF(threshold_static),
    OF(torch_cpu_draw),
    OF(torch_cuda_draw),
    SAFE(version),
    SAFE(version_text),
};

static void every_function_refuses(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(functions); i++) {
        functions[i].refuse();
    }
}

static const char *map;

static int is_listed(const char *name)
{
    for (int i = 0; i < COUNT(functions); i++) {
        if (!strcmp(functions[i].name, name)) {
            return 1;
        }
    }
    return 0;
}

static void every_function_of_the_map_is_here(void **state)
{
    char line[128], name[128];
    int found = 0;
    (void)state;
    FILE *file = map ? fopen(map, "r") : NULL;
    check_true("the map is this program's argument", file != NULL);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, " itp_%100[a-z0-9_];", name + 4) == 1) {
            memcpy(name, "itp_", 4);
            check_true(name, is_listed(name));
            found++;
        }
    }
    (void)fclose(file);
    assert_int_equal(found, COUNT(functions));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_refuses),
        cmocka_unit_test(every_function_of_the_map_is_here),
    };
    map = argc > 1 ? argv[1] : NULL;
    return cmocka_run_group_tests_name("refusals", tests, make_objects, free_objects);
}
