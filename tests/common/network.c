#include "network.h"

#include <math.h>

path_values path_linear(double t)
{
    path_values v = {1.0 - t, t, -1.0, 1.0};
    return v;
}

path_values path_trig(double t)
{
    double h = 1.57079632679489661923, a = h * t;
    path_values v = {cos(a), sin(a), -h * sin(a), h * cos(a)};
    return v;
}

network network_linear(mixture target)
{
    network net = {target, path_linear, ITP_PREDICT_VELOCITY, 0};
    return net;
}

static double value(const network *net, const path_values *v, double x)
{
    double noise, data;
    mixture_both(&net->target, v->alpha, v->beta, x, &noise, &data);
    if (net->prediction == ITP_PREDICT_DATA) return data;
    if (net->prediction == ITP_PREDICT_NOISE) return noise;
    return v->dalpha * noise + v->dbeta * data;
}

double network_value(const network *net, double t, double x)
{
    path_values v = net->path(t);
    return value(net, &v, x);
}

static void run_float(const network *net, const path_values *v, const float *x, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = (float)value(net, v, (double)x[i]);
}

int network_run(void *user, const itp_request *request)
{
    network *net = user;
    path_values v = net->path(request->time);
    size_t n = request->count * request->dim;
    net->calls++;
    if (request->type == ITP_FLOAT32) {
        run_float(net, &v, request->x, request->out, n);
        return 0;
    }
    const double *x = request->x;
    double *out = request->out;
    for (size_t i = 0; i < n; i++) out[i] = value(net, &v, x[i]);
    return 0;
}

int network_sine(void *user, const itp_request *request)
{
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) {
        if (request->type == ITP_FLOAT64)
            ((double *)request->out)[i] = sin(((const double *)request->x)[i] + request->u);
        else
            ((float *)request->out)[i] = (float)sin((double)((const float *)request->x)[i] + request->u);
    }
    return 0;
}

int network_point(void *user, const itp_request *request)
{
    double *out = request->out;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = *(const double *)user;
    return 0;
}
