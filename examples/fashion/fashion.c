/* Samples Fashion-MNIST garments in few steps: fashion --help. */
#define _POSIX_C_SOURCE 200809L

#include "contact.h"
#include "models.h"
#include "options.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#define BLOCKS 4

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

static void caption(const recipe *r, const itp_plan *plan, char *text, size_t size)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_get_info(plan, &info);
    int used = snprintf(text, size, "%s, %s, %d evaluation%s", itp_schedule_name(r->schedule),
                        itp_solver_name(info.solver), (int)info.rows, info.rows == 1 ? "" : "s");
    if (r->guidance != 1 && used > 0 && (size_t)used < size) {
        snprintf(text + used, size - (size_t)used, ", guidance %g", r->guidance);
    }
}

typedef struct picture {
    recipe recipes[BLOCKS];
    contact_block blocks[BLOCKS];
    itp_plan *plans[BLOCKS];
    size_t count, across;
} picture;

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

static int plan_all(picture *p, double *work, size_t count)
{
    for (size_t i = 0; i < p->count; i++) {
        int status = sampling_plan(&p->recipes[i], &p->plans[i]);
        if (status) {
            return status;
        }
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        itp_plan_get_info(p->plans[i], &info);
        caption(&p->recipes[i], p->plans[i], p->blocks[i].caption, sizeof p->blocks[i].caption);
        *work += (double)info.rows * (double)count;
    }
    return ITP_OK;
}

static int sample_all(picture *p, network *net, float *x, size_t count)
{
    progress bar;
    double work = 0;
    int status = plan_all(p, &work, count);
    progress_start(&bar, work);
    for (size_t i = 0; !status && i < p->count; i++) {
        float *images = x + i * count * IMAGE_PIXELS;
        p->blocks[i].images = images;
        status = sampling_run(&p->recipes[i], p->plans[i], net, &bar, images, count);
    }
    progress_hide(&bar);
    for (size_t i = 0; i < p->count; i++) {
        itp_plan_free(p->plans[i]);
    }
    return status;
}

static int write_sheet(const picture *p, const options *o)
{
    int status = contact_write(o->out, p->blocks, p->count, p->across, o->count);
    if (status == -2) {
        fprintf(stderr, "fashion: cannot write the picture %s.\n", o->out);
    } else if (status) {
        fprintf(stderr, "fashion: there is no memory left for the picture.\n");
    } else {
        printf("%s: %zu garments\n", o->out, p->count * o->count);
    }
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int draw(const options *o, network *net, const int *told)
{
    picture p = {0};
    choose(&p, o);
    float *x = malloc(p.count * o->count * IMAGE_PIXELS * sizeof *x);
    int status = x ? sample_all(&p, net, x, o->count) : ITP_E_MEMORY;
    if (status && !*told) {
        fprintf(stderr, "fashion: %s\n", itp_status_string(status));
    }
    int result = status ? EXIT_FAILURE : write_sheet(&p, o);
    free(x);
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
        result = o->table ? table_print(&m, &o->what, o->samples, o->all) : draw(o, m.net, &told);
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
