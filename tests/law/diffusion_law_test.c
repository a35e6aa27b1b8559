/* Whatever the diffusion of an SDE is named by, and under whichever schedule it is sampled, the data come out: the law
 * at the data end of the exact network's SDE does not depend on the diffusion. */
#include <interp/interp.h>

#include <math.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/network.h"
#include "../common/stats.h"
#include "../common/want.h"

enum { FORMS = 6, SAMPLES = 20000 };

static double users(void *user, double t)
{
    return *(const double *)user * t * (1 - t) + .1;
}

static const int32_t forms[FORMS] = {ITP_DIFFUSION_CONSTANT,   ITP_DIFFUSION_SIGMA, ITP_DIFFUSION_LINEAR,
                                     ITP_DIFFUSION_DECREASING, ITP_DIFFUSION_SINE,  ITP_DIFFUSION_USER};
static double weight = 3;

static double target_cdf(const void *user, double x)
{
    return mixture_cdf(user, 0, 1, x);
}

static void check_form(int32_t form, const itp_schedule *schedule)
{
    static double x[SAMPLES];
    network net = network_linear(mixture_two_modes());
    wanted desc = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    const char *name = kind_name("diffusion", form);
    desc.diffusion.kind = form;
    desc.diffusion.fn = form == ITP_DIFFUSION_USER ? users : NULL;
    desc.diffusion.user = desc.diffusion.fn ? &weight : NULL;
    desc.solver = SOLVER("euler-maruyama");
    desc.plan.singular = ITP_SINGULAR_ERROR;
    desc.plan.schedule = schedule;
    desc.plan.evaluations = 150;
    check_status(name, make_plan(&desc, &plan), ITP_OK);
    batch.dim = SAMPLES;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.seed = 9;
    check_status(name, itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    double distance = stats_ks(x, SAMPLES, target_cdf, &net.target);
    print_message("# %s, %s: distance %.4f\n", name, schedule ? "vp" : "linear", distance);
    check_true(name, distance < 1.63 / sqrt(SAMPLES) + .01);
    itp_plan_free(plan);
}

static void every_form(void **state)
{
    (void)state;
    itp_schedule *vp = NULL;
    itp_schedule_make(ITP_SCHEDULE_VP, &vp);
    for (int f = 0; f < FORMS; f++) {
        check_form(forms[f], NULL);
        check_form(forms[f], vp);
    }
    itp_schedule_free(vp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_form)};
    return cmocka_run_group_tests_name("diffusion law", tests, NULL, NULL);
}
