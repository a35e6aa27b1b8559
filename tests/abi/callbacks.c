/* A program whose headers are newer or older than the library: callbacks.py compiles it with a field more at the end of
 * each struct that callbacks are handed (NEWER), with the headers as they are, and with a field less (OLDER). */
#include <interp/interp.h>

#include <stdio.h>
#include <string.h>

static int failures;
static long asked[8];

static void check(const char *what, int holds)
{
    if (!holds) {
        printf("%s\n", what);
        failures++;
    }
}

#if defined(NEWER)
#define UNKNOWN(from) check(#from, !ITP_HAS(from, newest) && (from)->newest == 0)
#else
#define UNKNOWN(from) check(#from, (from)->size != 0)
#endif

static int careless; /* sets a field without asking whether it is there */

static int ITP_CALL values(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    UNKNOWN(out);
    asked[0]++;
    out->alpha = 1 - t;
    out->beta = t;
#if !defined(OLDER)
    if (ITP_HAS(out, dbeta)) out->dalpha = -1, out->dbeta = 1;
#endif
#if defined(NEWER)
    if (careless || ITP_HAS(out, newest)) out->newest = 1e99;
#endif
    return 0;
}

static int ITP_CALL affine(void *user, const itp_schedule_point *at, double *a, double *b)
{
    (void)user;
    UNKNOWN(at);
    asked[1]++;
    *a = at->beta;
    *b = 1;
    return 0;
}

static int ITP_CALL time_of(void *user, const itp_schedule_point *at, double *time)
{
    (void)user;
    UNKNOWN(at);
    *time = at->t;
    return 0;
}

static int ITP_CALL network(void *user, const itp_request *rq)
{
    (void)user;
    UNKNOWN(rq);
    asked[2]++;
    memcpy(rq->out, rq->x, rq->count * rq->dim * sizeof(double));
    return 0;
}

static int ITP_CALL on_data(void *user, const itp_request *rq, void *data)
{
    (void)user;
    (void)data;
    UNKNOWN(rq);
    asked[3]++;
    return 0;
}

static int ITP_CALL on_row(void *user, const itp_request *rq, const void *state, const void *data)
{
    (void)user;
    (void)state;
    (void)data;
    UNKNOWN(rq);
    return 0;
}

static int ITP_CALL adaptive(void *user, const itp_request *rq)
{
    (void)user;
    UNKNOWN(rq);
    asked[4]++;
    memcpy(rq->out, rq->x, rq->count * rq->dim * sizeof(double));
    return 0;
}

static int ITP_CALL progress(void *user, const itp_fit_report *report)
{
    (void)user;
    UNKNOWN(report);
    asked[5]++;
    return 0;
}

static int ITP_CALL progress_of_search(void *user, const itp_search_report *report)
{
    (void)user;
    UNKNOWN(report);
    asked[7]++;
    return 0;
}

static int ITP_CALL noise(void *user, const itp_noise_request *rq, void *out)
{
    (void)user;
    UNKNOWN(rq);
    asked[6]++;
    memset(out, 0, rq->count * rq->dim * sizeof(double));
    return 0;
}

/* A field that the library is too old to know may be there, but not be set. */
static void descriptions(const itp_plan *plan, itp_batch batch)
{
    itp_error why = ITP_ERROR_INIT;
    itp_env env = {ITP_SIZED(itp_env), .error = &why};
    itp_sampler *sampler = NULL;
    batch.env = &env;
    check("a field that is 0", itp_sampler_new(plan, &batch, &sampler) == ITP_OK && !why.status);
    itp_sampler_free(sampler);
#if defined(NEWER)
    batch.newest = 1;
    check("a newer program", itp_sampler_new(plan, &batch, &sampler) == ITP_E_NEWER && why.status == ITP_E_NEWER);
    check("its sentence", strstr(why.text, "this library knows") && !sampler);
    batch.newest = 0;
#endif
    batch.size = offsetof(itp_batch, workspace);
    check("an older program", itp_sampler_new(plan, &batch, &sampler) == ITP_E_OLDER && why.status == ITP_E_OLDER);
    batch.size = 0;
    check("no size", itp_sampler_new(plan, &batch, &sampler) == ITP_E_SIZE);
}

static void search(void)
{
    static const char *const texts[] = {"solver=euler"};
    itp_search_desc want = ITP_SEARCH_DESC_INIT;
    itp_search *found = NULL;
    want.dim = 2;
    want.count = 2;
    want.type = ITP_FLOAT64;
    want.texts = texts;
    want.text_count = 1;
    want.progress = progress_of_search;
    check("search", itp_search_run(&want, network, NULL, &found) == ITP_OK);
    itp_search_free(found);
}

static void fit_and_adapt(const itp_plan *plan)
{
    double x[8];
    itp_plan *better = NULL;
    itp_sampler *run = NULL;
    itp_start start = ITP_START_INIT;
    itp_fit_desc fit = ITP_FIT_DESC_INIT;
    itp_adaptive_desc want = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    fit.dim = 2;
    fit.count = 8;
    fit.type = ITP_FLOAT64;
    fit.iterations = 1;
    fit.progress = progress;
    check("fit", itp_plan_fit(plan, &fit, network, NULL, &better) == ITP_OK);
    itp_plan_free(better);
    batch.dim = 2;
    batch.count = 4;
    batch.type = ITP_FLOAT64;
    start.x = x;
    check("adaptive", itp_sampler_new_adaptive(&want, &batch, &run) == ITP_OK);
    check("run", itp_sampler_run(run, &start, adaptive, NULL) == ITP_OK);
    itp_sampler_free(run);
}

static void sample(const itp_schedule *schedule)
{
    double x[8];
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    itp_model model = ITP_MODEL_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL, *plain = NULL;
    check("plain", itp_plan_new(&want, &plain) == ITP_OK);
    fit_and_adapt(plain);
    search();
    itp_plan_free(plain);
    model.schedule = schedule;
    model.prediction = ITP_PREDICT_AFFINE;
    model.affine = affine;
    model.time = ITP_TIME_USER;
    model.time_fn = time_of;
    want.model = &model;
    check("plan", itp_plan_new(&want, &plan) == ITP_OK);
    batch.dim = 2;
    batch.count = 4;
    batch.type = ITP_FLOAT64;
    batch.on_data = on_data;
    batch.on_row = on_row;
    batch.noise = noise;
    check("sample", itp_sample(plan, &batch, x, network, NULL) == ITP_OK);
    batch.noise = noise;
    check("noise", itp_sample(plan, &batch, x, network, NULL) == ITP_OK);
    descriptions(plan, batch);
    itp_plan_free(plan);
}

int main(void)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL, *refused = NULL;
    desc.kind = ITP_SCHEDULE_USER;
    desc.values = values;
#if !defined(OLDER)
    desc.user_parts = ITP_USER_DERIVATIVES;
#endif
    check("schedule", itp_schedule_new(&desc, &schedule) == ITP_OK);
    sample(schedule);
    itp_schedule_free(schedule);
    for (int i = 0; i < 7; i++) check("every callback is asked", asked[i] > 0);
    careless = 1;
#if defined(NEWER)
    check("an unknown field that is set", itp_schedule_new(&desc, &refused) == ITP_E_NEWER);
#else
    check("nothing unknown", itp_schedule_new(&desc, &refused) == ITP_OK);
#endif
    itp_schedule_free(refused);
    return failures != 0;
}
