/* Drift methods that start near the noise end instead of at it. Near u = 0 the drift of k eps* has the slope -k/u, so
 * a step of length h multiplies the state by 1 - k h/u and adds noise of the variance 2 k log(1 + h/u): 7.7 times the
 * right deviation came out for k = 1 and the habitual u = 1e-3. The right law for N(m, 1) data is N(m, 1); what a
 * method makes of it from u = 0 is what it has to make of it from near there. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/gaussian_law.h"
#include "../common/want.h"

static const char *const stochastic[] = {"euler-maruyama", "stochastic-heun", "sea",           "shark",
                                         "sra1",           "stochastic-ab2",  "stochastic-ab3"};
static const char *const flows[] = {"euler", "heun", "midpoint", "rk4", "ab2", "ab4", "ipndm-3"};

static const itp_schedule *point_mass; /* no network is trained under it */

static int make(const wanted *desc, itp_plan **plan)
{
    itp_model model = ITP_MODEL_INIT;
    wanted want = *desc;
    model.schedule = desc->plan.schedule == point_mass ? NULL : desc->plan.schedule;
    model.prediction = ITP_PREDICT_DATA;
    want.plan.model = &model;
    if (!plan_reads(&want, "noise")) want.plan.noise = ITP_NOISE_STEPS;
    return make_plan(&want, plan);
}

static gaussian_law law_of(const wanted *desc, double mean)
{
    itp_plan *plan = NULL;
    check_status(called(desc), make(desc, &plan), ITP_OK);
    gaussian_law law = gaussian_law_of(plan, mean, 1);
    itp_plan_free(plan);
    return law;
}

/* A DDPM table, the cosine one of squaredcos_cap_v2 (u of its noisiest sample is 4.9e-5), or the schedule of a kind. */
static itp_schedule *cosine_table(void)
{
    static double bar[1000];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *table = NULL;
    double product = 1;
    for (int i = 0; i < 1000; i++) {
        double f0 = pow(cos((i / 1000. + .008) / 1.008 * acos(0)), 2);
        double f1 = pow(cos(((i + 1) / 1000. + .008) / 1.008 * acos(0)), 2);
        product *= 1 - fmin(1 - f1 / f0, .999);
        bar[i] = product;
    }
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = COUNT(bar);
    check_status("table", itp_schedule_new(&desc, &table), ITP_OK);
    return table;
}

/* With 20 evaluations the deviation is near 1 for all (the second order methods make 10 steps of them). The Heun method
 * of SiT is 12 % off, as it is from u = 0. */
static void cosine_tables(void **state)
{
    wanted desc = WANTED;
    itp_schedule *table = cosine_table();
    (void)state;
    desc.plan.schedule = table;
    desc.plan.evaluations = 20;
    desc.diffusion.k = 1;
    for (int i = 0; i < COUNT(stochastic); i++) {
        desc.solver = SOLVER(stochastic[i]);
        check_near(stochastic[i], law_of(&desc, 0).deviation, 1, !strcmp(called(&desc), "stochastic-heun") ? .13 : .1);
    }
    itp_schedule_free(table);
}

static const double starts[] = {1e-300, 1e-15, 1e-9, 1e-6, 1e-4, 1e-3, .003, .01, .03, .1};

/* From anywhere hardly less noise than from u = 0, and none too much; towards u = 0 the very law from there. */
static void check_starts(const char *name, wanted desc)
{
    label at;
    gaussian_law zero = law_of(&desc, .7);
    for (int i = 0; i < COUNT(starts); i++) {
        desc.grid.u_start = starts[i];
        gaussian_law law = law_of(&desc, .7);
        label_at(&at, name, starts[i]);
        if (starts[i] < 1e-6) check_near(at.text, law.deviation, zero.deviation, 1e-3);
        if (starts[i] < 1e-6) check_near(at.text, law.mean, zero.mean, 1e-3);
        check_true(at.text, law.deviation < 1.02 && law.deviation > zero.deviation - .05);
    }
}

static void every_start_of(int32_t kind, const double *ks, int k_count, const char *const *solvers, int solver_count)
{
    itp_schedule *schedule = family_make(&(family){"", kind, 0, 0, 1, 0, 0, 0});
    point_mass = kind == ITP_SCHEDULE_POINT_MASS ? schedule : NULL;
    for (int i = 0; i < k_count * solver_count; i++) {
        wanted desc = WANTED;
        desc.plan.schedule = schedule;
        desc.plan.evaluations = 40;
        desc.diffusion.k = ks[i % k_count];
        desc.solver = SOLVER(solvers[i / k_count]);
        check_starts(called(&desc), desc);
    }
    itp_schedule_free(schedule);
}

static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_SQRT, ITP_SCHEDULE_SPHERE};

static void every_start(void **state)
{
    static const double ks[] = {0, .05, .3, 1, 2, 5};
    (void)state;
    for (int s = 0; s < COUNT(kinds); s++) every_start_of(kinds[s], ks, COUNT(ks), stochastic, COUNT(stochastic));
}

/* beta' of "sqrt" is infinite at t = 0, so near there Euler's step would go 1/(2 sqrt t) of itself. */
static void every_start_of_a_flow(void **state)
{
    static const double none = 0;
    (void)state;
    for (int s = 0; s < COUNT(kinds); s++) every_start_of(kinds[s], &none, 1, flows, COUNT(flows));
}

/* A point mass has no state at t = 0; the drift of its own k is regular there, and so it stays: one more evaluation,
 * the same rows, in the limit. */
static void every_start_at_a_point_mass(void **state)
{
    static const double ks[] = {1, 2, 5};
    (void)state;
    every_start_of(ITP_SCHEDULE_POINT_MASS, ks, COUNT(ks), stochastic, COUNT(stochastic));
}

/* alpha' of "sphere" and "sqrt" is infinite at t = 1, where a Runge-Kutta step has no stage; a stage shortly before is
 * worth as little: the plan is no worse than the one that ends at 1. */
static void ends_of_flows(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(kinds) * COUNT(flows); i++) {
        wanted desc = WANTED;
        itp_schedule *schedule = family_make(&(family){"", kinds[i % COUNT(kinds)], 0, 0, 1, 0, 0, 0});
        label at;
        desc.plan.schedule = schedule;
        desc.plan.evaluations = 40;
        desc.solver = SOLVER(flows[i / COUNT(kinds)]);
        gaussian_law end = law_of(&desc, .7);
        desc.grid.u_end = 1 - 0x1p-30;
        gaussian_law law = law_of(&desc, .7);
        label_at(&at, called(&desc), desc.grid.u_end);
        check_true(at.text, fabs(law.mean - .7) < fabs(end.mean - .7) + 1e-4);
        check_true(at.text, fabs(law.deviation - 1) < fabs(end.deviation - 1) + 1e-4);
        itp_schedule_free(schedule);
    }
}

/* Any k: what is too stiff for the method is made with the exact law of the frozen prediction. */
static void every_k(void **state)
{
    static const double ks[] = {8, 16, 64, 1000, 1e6, 1e9};
    (void)state;
    for (int i = 0; i < COUNT(ks) * COUNT(stochastic); i++) {
        wanted desc = WANTED;
        desc.plan.evaluations = 40;
        desc.diffusion.k = ks[i % COUNT(ks)];
        desc.solver = SOLVER(stochastic[i / COUNT(ks)]);
        gaussian_law law = law_of(&desc, 0);
        label at;
        label_at(&at, called(&desc), desc.diffusion.k);
        check_true(at.text, law.deviation < 1.5 && law.deviation > .6);
    }
}

/* SiT's forms, of any size. "decreasing" passes through 0 near t = .5 and is large on both sides: there the drift at
 * the beginning of a step knows nothing of the noise that follows. */
static void every_norm(void **state)
{
    static const int32_t forms[] = {ITP_DIFFUSION_CONSTANT, ITP_DIFFUSION_SIGMA, ITP_DIFFUSION_LINEAR,
                                    ITP_DIFFUSION_DECREASING, ITP_DIFFUSION_SINE};
    static const double norms[] = {0, .01, 1, 10, 100, 1e4, 1e8};
    (void)state;
    for (int i = 0; i < COUNT(forms) * COUNT(norms) * COUNT(stochastic); i++) {
        wanted desc = WANTED;
        desc.plan.evaluations = 20;
        desc.diffusion.kind = forms[i % COUNT(forms)];
        desc.diffusion.norm = norms[i / COUNT(forms) % COUNT(norms)];
        desc.solver = SOLVER(stochastic[i / COUNT(forms) / COUNT(norms)]);
        gaussian_law law = law_of(&desc, 0);
        label at;
        label_at(&at, called(&desc), desc.diffusion.norm);
        check_true(at.text, law.deviation < 3 && law.deviation > .4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cosine_tables),
        cmocka_unit_test(every_start),
        cmocka_unit_test(every_start_of_a_flow),
        cmocka_unit_test(every_start_at_a_point_mass),
        cmocka_unit_test(ends_of_flows),
        cmocka_unit_test(every_k),
        cmocka_unit_test(every_norm),
    };
    return cmocka_run_group_tests_name("sde_near_ends", tests, NULL, NULL);
}
