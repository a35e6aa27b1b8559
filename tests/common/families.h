/* One schedule of every family, for the tests that go through all of them. */
#ifndef TEST_FAMILIES_H
#define TEST_FAMILIES_H

#include <interp/schedule.h>

typedef struct family {
    const char *name;
    int32_t kind, clock;
    double k, s;          /* lazy families */
    double first, second; /* vp-sde: beta_min, beta_max; ve: sigma_max; edm: sigma_data */
    int table;            /* 1: a DDPM table, 2: samples of the vp schedule, with exact zeros at the ends */
} family;

int family_count(void);
const family *family_at(int i);
itp_schedule *family_new(int i); /* fails the test when it cannot be made */

/* The schedule of a family written in place: family_make(&(family){...}). */
itp_schedule *family_make(const family *f);

/* alpha-bar of the DDPM betas linspace(1e-4, .02, n): index 0 is the cleanest. */
void ddpm_alphas_cumprod(double *out, int n);
enum { DDPM_COUNT = 1000, FAMILY_VP_POINTS = 33 };

#endif
