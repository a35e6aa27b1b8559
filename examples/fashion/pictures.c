#include "pictures.h"

#include "methods.h"

#include <stdio.h>
#include <stdlib.h>

static void put_caption(const recipe *r, const itp_plan *plan, char *text, size_t size)
{
    char where[32];
    recipe made = *r;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    int32_t spent = sampling_cost(r, plan);
    itp_plan_get_info(plan, &info);
    made.solver = info.solver; /* which may have been left to the library */
    methods_where(&made, where, sizeof where);
    int used = snprintf(text, size, "%s, %s, %d evaluation%s", where, methods_solver(&made), (int)spent,
                        spent == 1 ? "" : "s");
    if (r->guidance != 1 && used > 0 && (size_t)used < size) {
        snprintf(text + used, size - (size_t)used, ", guidance %g", r->guidance);
    }
}

static int plan_all(picture *p, itp_plan **plans, double *work, size_t samples)
{
    for (size_t i = 0; i < p->count; i++) {
        int status = sampling_plan(&p->recipes[i], &plans[i]);
        if (status) {
            return status;
        }
        if (!*p->blocks[i].caption) {
            put_caption(&p->recipes[i], plans[i], p->blocks[i].caption, sizeof p->blocks[i].caption);
        }
        *work += (double)sampling_cost(&p->recipes[i], plans[i]) * (double)samples;
    }
    return ITP_OK;
}

int picture_sample(picture *p, network *net, size_t samples)
{
    progress bar;
    itp_plan *plans[PICTURE_BLOCKS] = {NULL};
    double work = 0;
    p->x = malloc(p->count * samples * IMAGE_PIXELS * sizeof *p->x);
    int status = p->x ? plan_all(p, plans, &work, samples) : ITP_E_MEMORY;
    progress_start(&bar, work);
    for (size_t i = 0; !status && i < p->count; i++) {
        float *images = p->x + i * samples * IMAGE_PIXELS;
        p->blocks[i].images = images;
        status = sampling_run(&p->recipes[i], plans[i], net, &bar, images, samples);
    }
    progress_hide(&bar);
    for (size_t i = 0; i < p->count; i++) {
        itp_plan_free(plans[i]);
    }
    return status;
}

void picture_free(picture *p)
{
    free(p->x);
}

int picture_write(const picture *p, const char *path, size_t garments)
{
    int status = contact_write(path, p->blocks, p->count, p->across, garments);
    if (status == -2) {
        fprintf(stderr, "fashion: cannot write the picture %s.\n", path);
    } else if (status) {
        fprintf(stderr, "fashion: there is no memory left for the picture.\n");
    } else {
        printf("%s: %zu garments\n", path, p->count * garments);
    }
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
