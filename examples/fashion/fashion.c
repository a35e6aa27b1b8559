/* Samples Fashion-MNIST garments in few steps: fashion --help. */
#define _POSIX_C_SOURCE 200809L

#include "likeness.h"
#include "models.h"
#include "options.h"
#include "pictures.h"
#include "saved.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

/* Numbers below 1e-38 say nothing here and are slow on many processors: a program may decide so, a library may not. */
static void flush_denormals(void)
{
#if defined(__SSE__)
    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);
#endif
}

/* libinterp says in one sentence what is wrong. */
static void ITP_CALL tell(void *user, int32_t level, const char *message)
{
    int *told = user;
    if (level == ITP_LOG_ERROR && !*told) {
        fprintf(stderr, "fashion: %s\n", message);
        *told = 1;
    }
}

/* One block, or four: a line for each budget, linear on the left. */
static void choose(picture *p, const options *o)
{
    static const int32_t budgets[] = {4, 8};
    p->count = o->compare ? (o->evaluations_given ? 2 : 4) : 1;
    p->across = o->compare ? 2 : 1;
    for (size_t i = 0; i < p->count; i++) {
        p->recipes[i] = o->what;
        if (o->compare && i % 2 == 0) {
            p->recipes[i].schedule = "linear";
        }
        if (o->compare && !o->evaluations_given) {
            p->recipes[i].evaluations = budgets[i / 2];
        }
    }
}

/* The saved plan, or on its left the one that the options name. */
static void choose_saved(picture *p, const options *o)
{
    p->count = p->across = o->compare ? 2 : 1;
    p->recipes[0] = o->what;
    p->recipes[p->count - 1] = sampling_saved(&o->what, o->saved);
}

static int sample_and_tell(picture *p, const options *o, const models *m)
{
    size_t samples = o->same_path && o->samples > o->count ? o->samples : o->count;
    if (o->same_path) {
        likeness_choose(p, &o->what);
    } else if (o->saved) {
        choose_saved(p, o);
    } else {
        choose(p, o);
    }
    int status = picture_sample(p, m->net, samples);
    return status || !o->same_path ? status : likeness_print(p, m, samples);
}

static int draw(const options *o, const models *m, const int *told)
{
    picture p = {.count = 0};
    int status = sample_and_tell(&p, o, m);
    if (status && !*told) {
        fprintf(stderr, "fashion: %s\n", itp_status_string(status));
    }
    int result = status ? EXIT_FAILURE : picture_write(&p, o->out, o->count);
    picture_free(&p);
    return result;
}

static const char *weights_path(const options *o)
{
    const char *named = o->weights ? o->weights : getenv("FASHION_WEIGHTS");
    return named ? named : FASHION_FOLDER "/fashion.safetensors";
}

/* The budget is that of the plan. 0 after one sentence on stderr. */
static int open_plan(options *o, saved_plan *s)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    if (o->plan && saved_open(s, o->plan, weights_path(o))) {
        fprintf(stderr, "fashion: the plan %s cannot be used: %s.\n", o->plan, s->why);
        return 0;
    }
    if (s->plan && !itp_plan_get_info(s->plan, &info)) {
        o->what.evaluations = info.rows;
        o->evaluations_given = 1;
        o->saved = s->plan;
    }
    return 1;
}

static int work(options *o)
{
    models m;
    saved_plan s = {.plan = NULL};
    int told = 0, result = EXIT_FAILURE;
    itp_log log = ITP_LOG_INIT;
    itp_env env = ITP_ENV_INIT;
    log.write = tell;
    log.user = &told;
    env.log = &log;
    o->what.env = &env;
    const char *why = models_open(&m, weights_path(o));
    if (why) {
        fprintf(stderr, "fashion: the file %s cannot be used: %s.\n", weights_path(o), why);
    } else if (open_plan(o, &s)) {
        result = o->table ? table_print(&m, o) : draw(o, &m, &told);
    }
    itp_plan_free(s.plan);
    models_close(&m);
    return result;
}

int main(int argc, char **argv)
{
    options o;
    flush_denormals();
    int read = options_read(argc, argv, &o);
    if (read != OPTIONS_GO) {
        return read == OPTIONS_DONE ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    return work(&o);
}
