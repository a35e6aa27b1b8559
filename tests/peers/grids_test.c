/* Grids of other programs: the levels that they print, and this library's nodes. From stable-diffusion.cpp 97d2990
 * (src/runtime/denoiser.hpp, the schedulers' own code compiled, in float32) for Stable Diffusion 1.5's levels and for
 * flow networks with a shift; AYS, beta, simple, normal and kl_optimal are ComfyUI's there. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/want.h"

enum { MOST = 32, SAMPLES = 1000 };

typedef struct levels {
    const char *grid;
    int flow;     /* 1: a flow network's 1 - u; 0: alpha/beta of Stable Diffusion's table */
    double shift; /* below 0: FLUX.2's, of so many tokens */
    double sigma_min;
    int32_t steps;
    double want[MOST]; /* the end, 0, is left out */
} levels;

static const levels LEVELS[] = {
    {"normal", 1, 1, 0, 4, {1, 0.667, 0.334, 0.001}},
    {"normal", 1, 1, 0, 8, {1, 0.8572857, 0.7145714, 0.5718572, 0.4291429, 0.2864286, 0.1437144, 0.001000061}},
    {"simple", 1, 1, 0, 4, {1, 0.75, 0.5, 0.25}},
    {"simple", 1, 1, 0, 8, {1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125}},
    {"sgm-uniform", 1, 1, 0, 4, {1, 0.75025, 0.5005, 0.25075}},
    {"sgm-uniform", 1, 1, 0, 8, {1, 0.875125, 0.75025, 0.625375, 0.5005, 0.375625, 0.25075, 0.125875}},
    {"beta-samples", 1, 1, 0, 2, {1, 0.501}},
    {"beta-samples", 1, 1, 0, 4, {1, 0.824, 0.501, 0.177}},
    {"beta-samples", 1, 1, 0, 8, {1, 0.943, 0.824, 0.671, 0.501, 0.33, 0.177, 0.058}},
    {"smoothstep", 1, 1, 0, 2, {1, 0.501}},
    {"smoothstep", 1, 1, 0, 4, {1, 0.844, 0.501, 0.157}},
    {"smoothstep", 1, 1, 0, 8, {1, 0.957, 0.844, 0.684, 0.501, 0.317, 0.157, 0.044}},
    {"lcm", 1, 1, 0, 4, {1, 0.76, 0.5, 0.26}},
    {"lcm", 1, 1, 0, 8, {1, 0.88, 0.76, 0.64, 0.5, 0.38, 0.26, 0.14}},
    {"kl-optimal-flow", 1, 1, 0.001, 2, {1, 0.001}},
    {"kl-optimal-flow", 1, 1, 0.001, 4, {1, 0.5777947, 0.2686639, 0.001}},
    {"kl-optimal-flow", 1, 1, 0.001, 8, {1, 0.7977072, 0.6287403, 0.4821026, 0.3505566, 0.2289951, 0.113541, 0.001}},
    {"bong-tangent-flow", 1, 1, 0.001, 2, {1, 0.5005}},
    {"bong-tangent-flow", 1, 1, 0.001, 4, {1, 0.8573757, 0.5005, 0.1183431}},
    {"bong-tangent-flow",
     1,
     1,
     0.001,
     8,
     {1, 0.9713725, 0.9294936, 0.8630251, 0.7445555, 0.5005, 0.2139085, 0.07057638}},
    {"bong-tangent-flow",
     1,
     1,
     0.001,
     13,
     {1, 0.9858361, 0.9678668, 0.9443756, 0.912489, 0.8670913, 0.7984731, 0.6874681, 0.5005, 0.2985788, 0.1635322,
      0.08335338, 0.0337907}},
    /* RES4LYF 0750079, sigmas.py, bong_tangent_scheduler(None, n) */
    {"bong-tangent-flow", 1, 1, 0, 2, {1, 0.5}},
    {"bong-tangent-flow", 1, 1, 0, 4, {1, 0.8572326, 0.5, 0.1174606}},
    {"bong-tangent-flow", 1, 1, 0, 8, {1, 0.9713439, 0.929423, 0.8628879, 0.7442997, 0.5, 0.2131216, 0.06964603}},
    {"karras-flow", 1, 1, 0.001, 2, {1, 0.0009999995}},
    {"karras-flow", 1, 1, 0.001, 4, {1, 0.1936097, 0.02257474, 0.0009999995}},
    {"karras-flow",
     1,
     1,
     0.001,
     8,
     {1, 0.51833, 0.250968, 0.1117328, 0.04474458, 0.01561038, 0.004517474, 0.0009999995}},
    {"normal", 1, 3, 0, 4, {1, 0.8573264, 0.6007194, 0.002994012}},
    {"normal", 1, 3, 0, 8, {1, 0.9474265, 0.8824981, 0.8002798, 0.6928045, 0.5463216, 0.3348869, 0.002994194}},
    {"simple", 1, 3, 0, 4, {1, 0.9, 0.75, 0.5}},
    {"simple", 1, 3, 0, 8, {1, 0.9545454, 0.9, 0.8333333, 0.75, 0.6428571, 0.5, 0.3}},
    {"sgm-uniform", 1, 3, 0, 4, {1, 0.90012, 0.7503749, 0.500999}},
    {"sgm-uniform", 1, 3, 0, 8, {1, 0.9545951, 0.90012, 0.8335554, 0.7503749, 0.643469, 0.500999, 0.3016776}},
    {"beta-samples", 1, 3, 0, 2, {1, 0.7507493}},
    {"beta-samples", 1, 3, 0, 4, {1, 0.9335348, 0.7507493, 0.3921714}},
    {"beta-samples", 1, 3, 0, 8, {1, 0.9802494, 0.9335348, 0.8595218, 0.7507493, 0.5963855, 0.3921714, 0.155914}},
    {"smoothstep", 1, 3, 0, 2, {1, 0.7507493}},
    {"smoothstep", 1, 3, 0, 4, {1, 0.9419643, 0.7507493, 0.3584475}},
    {"smoothstep", 1, 3, 0, 8, {1, 0.9852437, 0.9419643, 0.8665541, 0.7507493, 0.5820073, 0.3584475, 0.1213235}},
    {"lcm", 1, 3, 0, 4, {1, 0.9047619, 0.75, 0.5131579}},
    {"lcm", 1, 3, 0, 8, {1, 0.9565217, 0.9047619, 0.8421053, 0.75, 0.6477273, 0.5131579, 0.328125}},
    {"kl-optimal-flow", 1, 1, 0.002994011976047904, 2, {1, 0.002994012}},
    {"kl-optimal-flow", 1, 1, 0.002994011976047904, 4, {1, 0.5786816, 0.2700896, 0.002994012}},
    {"kl-optimal-flow",
     1,
     1,
     0.002994011976047904,
     8,
     {1, 0.7981734, 0.6295356, 0.4831563, 0.3518366, 0.2304945, 0.1152726, 0.002994012}},
    {"bong-tangent-flow", 1, 1, 0.002994011976047904, 2, {1, 0.501497}},
    {"bong-tangent-flow", 1, 1, 0.002994011976047904, 4, {1, 0.8576604, 0.501497, 0.1201029}},
    {"bong-tangent-flow",
     1,
     1,
     0.002994011976047904,
     8,
     {1, 0.9714296, 0.9296343, 0.8632984, 0.7450653, 0.501497, 0.2154776, 0.0724315}},
    {"bong-tangent-flow",
     1,
     1,
     0.002994011976047904,
     13,
     {1, 0.9858644, 0.9679309, 0.9444867, 0.9126637, 0.8673565, 0.7988754, 0.6880919, 0.501497, 0.2999788, 0.1652018,
      0.08518301, 0.03571926}},
    {"karras-flow", 1, 1, 0.002994011976047904, 2, {1, 0.00299401}},
    {"karras-flow", 1, 1, 0.002994011976047904, 4, {1, 0.2327367, 0.03683164, 0.00299401}},
    {"karras-flow",
     1,
     1,
     0.002994011976047904,
     8,
     {1, 0.5554124, 0.2922762, 0.1441427, 0.06565543, 0.02706875, 0.009813013, 0.00299401}},
    {"beta-samples", 0, 1, 0, 2, {14.61464, 1.618279}},
    {"beta-samples", 0, 1, 0, 4, {14.61464, 5.686592, 1.618279, 0.5153906}},
    {"beta-samples", 0, 1, 0, 8, {14.61464, 10.48347, 5.686592, 2.963613, 1.618279, 0.9198333, 0.5153906, 0.2432698}},
    {"smoothstep", 0, 1, 0, 2, {14.61464, 1.618279}},
    {"smoothstep", 0, 1, 0, 4, {14.61464, 6.257361, 1.618279, 0.4696458}},
    {"smoothstep", 0, 1, 0, 8, {14.61464, 11.34641, 6.257361, 3.117321, 1.618279, 0.880013, 0.4696458, 0.207202}},
    {"lcm", 0, 1, 0, 4, {14.61464, 4.260557, 1.612886, 0.7193796}},
    {"lcm", 0, 1, 0, 8, {14.61464, 7.485422, 4.260557, 2.634796, 1.612886, 1.086729, 0.7193796, 0.4313263}},
    {"bong-tangent", 0, 1, 0, 2, {14.61464, 7.321904}},
    {"bong-tangent", 0, 1, 0, 4, {14.61464, 12.53232, 7.321904, 1.742386}},
    {"bong-tangent", 0, 1, 0, 8, {14.61464, 14.19668, 13.58524, 12.6148, 10.88513, 7.321904, 3.137647, 1.044987}},
    {"bong-tangent",
     0,
     1,
     0,
     13,
     {14.61464, 14.40785, 14.14549, 13.80252, 13.33697, 12.67416, 11.67233, 10.05165, 7.321904, 4.373839, 2.402148,
      1.231533, 0.5079137}},
    {"kl-optimal", 0, 1, 0, 2, {14.61463, 0.02916716}},
    {"kl-optimal", 0, 1, 0, 4, {14.61463, 1.597066, 0.5729142, 0.02916716}},
    {"kl-optimal", 0, 1, 0, 8, {14.61463, 3.493483, 1.878124, 1.187867, 0.777037, 0.4831873, 0.2443278, 0.02916716}},
    {"gits", 0, 1, 0, 2, {14.61464, 0.803307}},
    {"gits", 0, 1, 0, 5, {14.61464, 2.84485, 1.241532, 0.5951632, 0.2505337}},
    {"gits", 0, 1, 0, 8, {14.61464, 5.855201, 2.450703, 1.369645, 0.803307, 0.4557369, 0.2505337, 0.09824532}},
    {"gits", 0, 1, 0, 20, {14.61464,  7.490016,  4.654728,  3.07278,   2.199885,  1.615582,  1.241532,
                           0.9535092, 0.7480705, 0.5951632, 0.5011838, 0.4108745, 0.343706,  0.2980783,
                           0.2505337, 0.2254539, 0.1989492, 0.1702608, 0.1379212, 0.09824532}},
    {"gits", 0, 1, 0, 25, {14.61464,  8.561381, 5.630275,  3.942294,  2.874121,  2.199884,  1.718474,
                           1.379451,  1.117132, 0.9083395, 0.7480701, 0.623013,  0.5368494, 0.4628941,
                           0.3964647, 0.343706, 0.3066914, 0.2685664, 0.2401832, 0.2198845, 0.1989492,
                           0.1756468, 0.150046, 0.1204213, 0.07706007}},
    {"ays-sd15-comfyui", 0, 1, 0, 4, {14.61463, 3.226625, 1.39438, 0.5093886}},
    {"ays-sd15-comfyui",
     0,
     1,
     0,
     10,
     {14.61464, 6.474576, 3.863675, 2.694615, 1.884192, 1.39438, 0.9642584, 0.6523686, 0.3977456, 0.1515233}},
    {"ays-sd15-comfyui",
     0,
     1,
     0,
     13,
     {14.61463, 7.81278, 4.90323, 3.458163, 2.621471, 1.990804, 1.565552, 1.209959, 0.9079996, 0.6722749, 0.4631532,
      0.2547784, 0.1035963}},
    {"ays-sdxl-comfyui", 0, 1, 0, 4, {14.61462, 2.866871, 0.8620721, 0.2976505}},
    {"ays-sdxl-comfyui",
     0,
     1,
     0,
     10,
     {14.61464, 6.318449, 3.768179, 2.181148, 1.340524, 0.8620721, 0.5550693, 0.3798541, 0.2332364, 0.1114188}},
    {"ays-sdxl-comfyui",
     0,
     1,
     0,
     13,
     {14.61462, 7.667452, 4.783403, 3.184718, 2.100984, 1.444772, 1.021613, 0.7277908, 0.5236053, 0.3911005, 0.2710016,
      0.1658507, 0.08177792}},
    {"logit-normal", 1, 1, 0, 2, {0.9998766, 0.5}},
    {"logit-normal", 1, 1, 0, 4, {0.9998766, 0.765012, 0.5, 0.234988}},
    {"logit-normal", 1, 1, 0, 8, {0.9998766, 0.8821668, 0.765012, 0.6359014, 0.5, 0.3640985, 0.234988, 0.1178332}},
    {"logit-normal", 1, 2, 0, 2, {0.9998766, 0.6666667}},
    {"logit-normal", 1, 2, 0, 4, {0.9998766, 0.8668633, 0.6666667, 0.3805511}},
    {"logit-normal",
     1,
     2,
     0,
     8,
     {0.9998766, 0.937395, 0.8668633, 0.7774324, 0.6666667, 0.5338303, 0.3805511, 0.2108243}},
    {"u", 1, -4096, 0, 4, {1, 0.967384, 0.9081439, 0.7671999}},
    {"u", 1, -4096, 0, 8, {1, 0.9854255, 0.9666411, 0.9415147, 0.9061826, 0.8528417, 0.7630145, 0.5798067}},
    {"u", 1, -1024, 0, 8, {1, 0.9810722, 0.9569223, 0.9250432, 0.8810178, 0.8162701, 0.7116665, 0.5140448}},
    {"u", 1, -8192, 0, 8, {1, 0.9778872, 0.9498811, 0.9132637, 0.8633417, 0.791254, 0.6780259, 0.4743766}},
    /* diffusers 0.42.1, FlowMatchEulerDiscreteScheduler(shift=3).set_timesteps(sigmas=...) */
    {"user-flow", 1, 3, 0, 4, {1, 0.9230769872665405, 0.7105262875556946, 0.25}},
    /* diffusers 0.42.1, linear_quadratic_schedule(n, .025) of pipeline_mochi.py */
    {"linear-quadratic", 1, 1, 0, 2, {1, 0.975}},
    {"linear-quadratic", 1, 1, 0, 4, {1, 0.9875, 0.975, 0.725}},
    {"linear-quadratic", 1, 1, 0, 5, {1, 0.9875, 0.975, 0.8583333333333332, 0.5333333333333332}},
    {"linear-quadratic", 1, 1, 0, 8, {1, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875}},
};

static const double USER[] = {1, .8, .45, .1, 0};

/* alpha-bar of the scaled linear betas, .00085 to .012. */
static itp_schedule *stable_diffusion(void)
{
    static double bar[SAMPLES];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *out = NULL;
    double product = 1;
    for (int i = 0; i < SAMPLES; i++) {
        double root = sqrt(.00085) + (sqrt(.012) - sqrt(.00085)) * i / (SAMPLES - 1);
        bar[i] = product *= 1 - root * root;
    }
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = SAMPLES;
    check_status("table", itp_schedule_new(&desc, &out), ITP_OK);
    return out;
}

static double shift_of(const levels *of)
{
    double shift = of->shift;
    if (shift < 0) check_status(of->grid, itp_shift_of_flux2(-of->shift, of->steps, &shift), ITP_OK);
    return shift;
}

static void want_grid(const levels *of, const itp_model *model, wanted *want)
{
    want->grid.kind = kind_id("grid", of->grid);
    check_true(of->grid, want->grid.kind > 0);
    want->grid.shift = shift_of(of);
    want->grid.sigma_min = of->sigma_min;
    want->solver = SOLVER("euler");
    want->plan.model = of->flow ? NULL : model;
    want->plan.evaluations = of->steps;
    if (want->grid.kind == ITP_GRID_USER_FLOW) {
        want->grid.nodes = USER;
        want->grid.node_count = COUNT(USER);
    }
}

static void check_levels(const levels *of, const itp_model *model)
{
    wanted want = WANTED;
    itp_plan *plan = NULL;
    label name;
    (void)snprintf(name.text, sizeof name.text, "%s, shift %g, %d steps", of->grid, of->shift, (int)of->steps);
    want_grid(of, model, &want);
    check_status(name.text, make_plan(&want, &plan), ITP_OK);
    int cut = !strcmp(of->grid, "logit-normal"); /* their first level is cut off at .99988 */
    for (int32_t i = cut; i < of->steps; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status(name.text, itp_plan_get_row(plan, i, &row), ITP_OK);
        double level = of->flow ? 1 - row.u : (1 - row.u) / row.u;
        check_near(name.text, level / of->want[i], 1, 1e-4 * (of->want[i] < .01) + 5e-6);
    }
    itp_plan_free(plan);
}

static void levels_of_others(void **state)
{
    (void)state;
    itp_schedule *schedule = stable_diffusion();
    itp_model model = ITP_MODEL_INIT;
    model.schedule = schedule;
    for (int i = 0; i < COUNT(LEVELS); i++) check_levels(&LEVELS[i], &model);
    itp_schedule_free(schedule);
}

/* What they do in a step from a level to itself is refused. */
static void repeated_levels_are_refused(void **state)
{
    static const levels many[] = {
        {"smoothstep", 0, 1, 0, 78, {0}}, {"lcm", 0, 1, 0, 51, {0}}, {"lcm", 1, 3, 0, 51, {0}}};
    (void)state;
    itp_schedule *schedule = stable_diffusion();
    itp_model model = ITP_MODEL_INIT;
    model.schedule = schedule;
    for (int i = 0; i < COUNT(many); i++) {
        wanted want = WANTED;
        capture said;
        itp_env env = capture_env(&said);
        itp_plan *plan = NULL;
        want_grid(&many[i], &model, &want);
        want.plan.env = &env;
        check_status(many[i].grid, make_plan(&want, &plan), ITP_E_GRID);
        check_true(many[i].grid, capture_has(&said, "twice"));
        want.plan.evaluations = many[i].steps - 1;
        check_status(many[i].grid, make_plan(&want, &plan), ITP_OK);
        itp_plan_free(plan);
    }
    itp_schedule_free(schedule);
}

/* RES4LYF's beta57, which is ComfyUI's beta_scheduler with alpha .5 and beta .7: quantiles by
 * scipy 1.10.1, of 999, rounded. */
static void beta57(void **state)
{
    static const double want[] = {1.000, 0.890, 0.720, 0.536, 0.362, 0.212, 0.097, 0.025};
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    (void)state;
    check_status("beta57", itp_plan_parse("grid=beta-samples(beta_a=0.5, beta_b=0.7) evaluations=8", &why, &plan),
                 ITP_OK);
    for (int32_t i = 0; i < COUNT(want); i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status("beta57", itp_plan_get_row(plan, i, &row), ITP_OK);
        check_near("beta57", 1 - row.u, want[i], 1e-15);
    }
    itp_plan_free(plan);
}

/* FLUX.2's shift at its bend and beyond, where steps no longer count: exp of mu by hand. */
static void shifts_of_flux2(void **state)
{
    double few = 0, many = 0;
    (void)state;
    check_status("10", itp_shift_of_flux2(1024, 10, &few), ITP_OK);
    check_near("10", log(few), 8.73809524e-05 * 1024 + 1.89833333, 1e-15);
    check_status("200", itp_shift_of_flux2(1024, 200, &many), ITP_OK);
    check_near("200", log(many), .00016927 * 1024 + .45666666, 1e-15);
    check_status("beyond", itp_shift_of_flux2(8192, 10, &few), ITP_OK);
    check_status("beyond", itp_shift_of_flux2(8192, 50, &many), ITP_OK);
    check_same("beyond", few, many);
    check_status("tokens", itp_shift_of_flux2(0, 10, &few), ITP_E_RANGE);
    check_status("steps", itp_shift_of_flux2(10, 0, &few), ITP_E_RANGE);
    check_status("finite", itp_shift_of_flux2(INFINITY, 10, &few), ITP_E_RANGE);
    check_status("nowhere", itp_shift_of_flux2(10, 10, NULL), ITP_E_ARGUMENT);
    check_same("kept", few, many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_of_others),
        cmocka_unit_test(repeated_levels_are_refused),
        cmocka_unit_test(beta57),
        cmocka_unit_test(shifts_of_flux2),
    };
    return cmocka_run_group_tests_name("grids", tests, NULL, NULL);
}
