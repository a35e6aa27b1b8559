/* Samples Fashion-MNIST garments in few steps: fashion --help. */
#define _POSIX_C_SOURCE 200809L

#include "likeness.h"
#include "models.h"
#include "options.h"
#include "pictures.h"
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
            p->recipes[i].schedule = ITP_SCHEDULE_LINEAR;
        }
        if (o->compare && !o->evaluations_given) {
            p->recipes[i].evaluations = budgets[i / 2];
        }
    }
}

static int sample_and_tell(picture *p, const options *o, const models *m)
{
    size_t samples = o->same_path && o->samples > o->count ? o->samples : o->count;
    if (o->same_path) {
        likeness_choose(p, &o->what);
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

static int work(options *o)
{
    models m;
    int told = 0, result = EXIT_FAILURE;
    itp_log log = ITP_LOG_INIT;
    log.write = tell;
    log.user = &told;
    o->what.log = &log;
    const char *why = models_open(&m, weights_path(o));
    if (why) {
        fprintf(stderr, "fashion: the file %s cannot be used: %s.\n", weights_path(o), why);
    } else {
        result = o->table ? table_print(&m, o) : draw(o, &m, &told);
    }
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
