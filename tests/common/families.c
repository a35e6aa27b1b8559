#include "families.h"

#include <math.h>

#include "check.h"

enum { NO_TABLE = 0, DDPM_TABLE = 1, VP_TABLE = 2 };

static const family families[] = {
    {"linear", ITP_SCHEDULE_LINEAR, 0, 0, 1, 0, 0, NO_TABLE},
    {"vp", ITP_SCHEDULE_VP, 0, 0, 1, 0, 0, NO_TABLE},
    {"vp-sde", ITP_SCHEDULE_VP_SDE, 0, 0, 1, 0.1, 20, NO_TABLE},
    {"vp-sde beta_min 0", ITP_SCHEDULE_VP_SDE, 0, 0, 1, 0, 12, NO_TABLE},
    {"sqrt", ITP_SCHEDULE_SQRT, 0, 0, 1, 0, 0, NO_TABLE},
    {"sphere", ITP_SCHEDULE_SPHERE, 0, 0, 1, 0, 0, NO_TABLE},
    {"ve", ITP_SCHEDULE_VE, 0, 0, 1, 80, 0, NO_TABLE},
    {"edm .7", ITP_SCHEDULE_EDM, 0, 0, 1, 0.7, 0, NO_TABLE},
    {"lazy", ITP_SCHEDULE_LAZY, ITP_CLOCK_DEFAULT, 0, 1, 0, 0, NO_TABLE},
    {"lazy beta s .6", ITP_SCHEDULE_LAZY, ITP_CLOCK_BETA, 0, 0.6, 0, 0, NO_TABLE},
    {"lazy identity s .6", ITP_SCHEDULE_LAZY, ITP_CLOCK_IDENTITY, 0, 0.6, 0, 0, NO_TABLE},
    {"lazy k .5 s .8", ITP_SCHEDULE_LAZY, ITP_CLOCK_DEFAULT, 0.5, 0.8, 0, 0, NO_TABLE},
    {"lazy k 2 s 1.5", ITP_SCHEDULE_LAZY, ITP_CLOCK_DEFAULT, 2, 1.5, 0, 0, NO_TABLE},
    {"point-mass", ITP_SCHEDULE_POINT_MASS, ITP_CLOCK_DEFAULT, 0, 1, 0, 0, NO_TABLE},
    {"point-mass angle s .5", ITP_SCHEDULE_POINT_MASS, ITP_CLOCK_ANGLE, 1, 0.5, 0, 0, NO_TABLE},
    {"point-mass identity s .6", ITP_SCHEDULE_POINT_MASS, ITP_CLOCK_IDENTITY, 1, 0.6, 0, 0, NO_TABLE},
    {"table ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, DDPM_TABLE},
    {"table vp", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, VP_TABLE},
};

int family_count(void)
{
    return COUNT(families);
}

const family *family_at(int i)
{
    return &families[i];
}

void ddpm_alphas_cumprod(double *out, int n)
{
    double product = 1.0;
    for (int i = 0; i < n; i++) {
        product *= 1.0 - (1e-4 + (0.02 - 1e-4) * i / (n - 1));
        out[i] = product;
    }
}

static void vp_samples(double *alpha, double *beta)
{
    for (int i = 0; i < FAMILY_VP_POINTS; i++) {
        double angle = 1.57079632679489661923 * i / (FAMILY_VP_POINTS - 1);
        alpha[i] = i == FAMILY_VP_POINTS - 1 ? 0.0 : cos(angle);
        beta[i] = i == 0 ? 0.0 : sin(angle);
    }
}

static itp_schedule *create(const family *f, const itp_schedule_desc *desc)
{
    itp_schedule *schedule = NULL;
    check_status(f->name, itp_schedule_new(desc, &schedule), ITP_OK);
    check_true(f->name, schedule != NULL);
    return schedule;
}

static void fill(const family *f, itp_schedule_desc *desc)
{
    desc->kind = f->kind;
    if (f->kind == ITP_SCHEDULE_LAZY || f->kind == ITP_SCHEDULE_POINT_MASS) {
        desc->clock = f->clock;
        desc->k = f->k;
        desc->s = f->s;
    }
    if (f->kind == ITP_SCHEDULE_VP_SDE) {
        desc->beta_min = f->first > 0 ? f->first : -1; /* none */
        desc->beta_max = f->second;
    }
    if (f->kind == ITP_SCHEDULE_VE) desc->sigma_max = f->first;
    if (f->kind == ITP_SCHEDULE_EDM) desc->sigma_data = f->first;
}

itp_schedule *family_make(const family *f)
{
    double cumprod[DDPM_COUNT], alpha[FAMILY_VP_POINTS], beta[FAMILY_VP_POINTS];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    fill(f, &desc);
    if (f->kind != ITP_SCHEDULE_TABLE) {
        return create(f, &desc);
    }
    if (f->table == DDPM_TABLE) {
        ddpm_alphas_cumprod(cumprod, DDPM_COUNT);
        desc.alphas_cumprod = cumprod;
        desc.count = DDPM_COUNT;
    } else if (f->table == VP_TABLE) {
        vp_samples(alpha, beta);
        desc.alpha = alpha;
        desc.beta = beta;
        desc.count = FAMILY_VP_POINTS;
    }
    return create(f, &desc);
}

itp_schedule *family_new(int i)
{
    return family_make(&families[i]);
}
