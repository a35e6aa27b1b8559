#include "product.h"

product product_line(mixture m)
{
    product p = {.dim = 1, .axis = {m}, .rotation = {{1.0}}};
    return p;
}

/* rotation <- rotation (1 - 2 v v'/|v|^2), v = (1, step + 1, 2 step + 1, ...). */
static void reflect(product *p, double step)
{
    double square = 0.0;
    for (int j = 0; j < p->dim; j++) square += (1 + j * step) * (1 + j * step);
    for (int i = 0; i < p->dim; i++) {
        double dot = 0.0;
        for (int j = 0; j < p->dim; j++) dot += p->rotation[i][j] * (1 + j * step);
        for (int j = 0; j < p->dim; j++) p->rotation[i][j] -= 2 * dot * (1 + j * step) / square;
    }
}

/* Two reflections make a rotation. */
product product_rotated(const mixture *axes, int count)
{
    product p = {.dim = PRODUCT_MOST};
    for (int j = 0; j < PRODUCT_MOST; j++) {
        p.axis[j] = axes[j % count];
        p.rotation[j][j] = 1.0;
    }
    reflect(&p, 0.3);
    reflect(&p, -0.4);
    return p;
}

void product_to_axes(const product *p, const double *x, double *y)
{
    for (int j = 0; j < p->dim; j++) {
        y[j] = 0.0;
        for (int i = 0; i < p->dim; i++) y[j] += p->rotation[i][j] * x[i];
    }
}

void product_from_axes(const product *p, const double *y, double *x)
{
    for (int i = 0; i < p->dim; i++) {
        x[i] = 0.0;
        for (int j = 0; j < p->dim; j++) x[i] += p->rotation[i][j] * y[j];
    }
}

void product_both(const product *p, mixture_point at, const double *x, double *noise, double *data)
{
    double y[PRODUCT_MOST], z[PRODUCT_MOST], d[PRODUCT_MOST];
    product_to_axes(p, x, y);
    for (int j = 0; j < p->dim; j++) mixture_both(&p->axis[j], at.alpha, at.beta, y[j], &z[j], &d[j]);
    product_from_axes(p, z, noise);
    product_from_axes(p, d, data);
}

void product_velocity(const product *p, double t, const double *x, double *velocity)
{
    double noise[PRODUCT_MOST], data[PRODUCT_MOST];
    product_both(p, (mixture_point){1 - t, t}, x, noise, data);
    for (int i = 0; i < p->dim; i++) velocity[i] = data[i] - noise[i];
}

void product_flow(const product *p, mixture_point from, const double *x, mixture_point to, double *out)
{
    double y[PRODUCT_MOST];
    product_to_axes(p, x, y);
    for (int j = 0; j < p->dim; j++) y[j] = mixture_flow(&p->axis[j], from, y[j], to);
    product_from_axes(p, y, out);
}

double product_cdf(const product *p, int j, double y)
{
    return mixture_cdf(&p->axis[j], 0, 1, y);
}

static void run_float(const product *p, const itp_request *request, size_t sample)
{
    double x[PRODUCT_MOST], v[PRODUCT_MOST];
    const float *from = (const float *)request->x + sample * request->dim;
    float *to = (float *)request->out + sample * request->dim;
    for (int i = 0; i < p->dim; i++) x[i] = (double)from[i];
    product_velocity(p, request->time, x, v);
    for (int i = 0; i < p->dim; i++) to[i] = (float)v[i];
}

int product_run(void *user, const itp_request *request)
{
    const product *p = user;
    const double *x = request->x;
    double *out = request->out;
    if (request->dim != (size_t)p->dim) return 1;
    for (size_t i = 0; i < request->count; i++) {
        if (request->type == ITP_FLOAT32)
            run_float(p, request, i);
        else
            product_velocity(p, request->time, x + i * request->dim, out + i * request->dim);
    }
    return 0;
}
