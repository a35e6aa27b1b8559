/* The text of plans and schedules: what it makes is what the same description makes, bit for bit, and what is printed
 * makes it again; over every solver, grid, schedule and prediction. */
#include <interp/interp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/grid/grid.h"
#include "../../lib/plan/plan.h"
#include "../../lib/prediction/prediction.h"
#include "../../lib/solver/diffusion.h"
#include "../../lib/solver/solver.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/want.h"

enum { ROOM = 2048 };

static itp_plan *parsed(const char *text)
{
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    int status = itp_plan_parse(text, &why, &plan);
    if (status) print_error("%s\n%s\n", text, why.text);
    check_status(text, status, ITP_OK);
    return plan;
}

static uint64_t made_by(const wanted *want)
{
    itp_plan *plan = NULL;
    check_status("plan", make_plan(want, &plan), ITP_OK);
    uint64_t print = itp_plan_fingerprint(plan);
    itp_plan_free(plan);
    return print;
}

static uint64_t made_by_text(const char *text)
{
    itp_plan *plan = parsed(text);
    uint64_t print = itp_plan_fingerprint(plan);
    itp_plan_free(plan);
    return print;
}

/* ---- texts and descriptions ---- */

static void texts_are_descriptions(void **state)
{
    (void)state;
    wanted want = WANTED;
    itp_schedule *lazy = NULL;
    assert_true(made_by_text("") == made_by(&want));
    itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LAZY, .k = 1, .s = .5};
    check_status("lazy", itp_schedule_new(&desc, &lazy), ITP_OK);
    want.plan.schedule = lazy;
    want.plan.evaluations = 12;
    want.solver = SOLVER("sa-2");
    want.solver.final_order = ITP_FINAL_LOWER;
    want.diffusion.k = 1;
    want.plan.noise = ITP_NOISE_STEPS;
    uint64_t plan = made_by(&want);
    assert_true(
        made_by_text("schedule=lazy(k=1, s=.5) k=1 solver=sa-2(final_order=lower) evaluations=12 noise=steps") == plan);
    assert_true(made_by_text("evaluations=12 noise=independent solver=\"SA 2\"(lower)\n\tschedule=lazy(1,.5) "
                             "diffusion=sbdm(1)") == plan);
    itp_schedule_free(lazy);
    want = (wanted)WANTED;
    static const itp_restart again[] = {{.3, 2, 3, 2}};
    static const double nodes[] = {0, .3, 1}, a[] = {0, 0, 0, .5, 0, 0, -1, 2, 0}, b[] = {1. / 6, 2. / 3, 1. / 6},
                        c[] = {0, .5, 1};
    static const itp_tableau kutta3 = {ITP_SIZED(itp_tableau), .stages = 3, .order = 3, .a = a, .b = b, .c = c};
    want.solver = (itp_solver){ITP_SIZED(itp_solver), .family = ITP_RUNGE_KUTTA, .tableau = &kutta3};
    assert_true(made_by_text("solver=runge-kutta(3, [[0,0,0], [.5,0,0], [-1,2,0]], [1/6, 2/3, 1/6], [0, .5, 1])") ==
                made_by(&want));
    want.solver = SOLVER("ab2");
    want.solver.restarts = again;
    want.solver.restart_count = 1;
    assert_true(made_by_text("solver=ab2(restarts=[restart(.3, 2, 3, 2)])") == made_by(&want));
    want = (wanted)WANTED;
    want.grid = (itp_grid){ITP_SIZED(itp_grid), .kind = ITP_GRID_USER_U, .nodes = nodes, .node_count = 3};
    assert_true(made_by_text("grid=user-u(0, .3, 1)") == made_by(&want));
}

/* ---- printed ---- */

static const struct {
    const char *text, *printed;
} PRINTED[] = {
    {"", "solver=euler evaluations=8"},
    {"k=1", "solver=euler-maruyama k=1 evaluations=8"},
    {"schedule=lazy solver=AB2", "schedule=lazy solver=ab2 evaluations=8"},
    {"schedule=lazy(k=0, s=1, clock=angle)", "schedule=lazy(clock=angle) solver=euler evaluations=8"},
    {"model=velocity", "solver=euler evaluations=8"},
    {"Sampler='DPM++ 2M' prediction=sample(schedule=vp) SCHEDULER=beta(alpha=.5, Beta=.7) nfe=9",
     "model=data(schedule=vp) solver=dpmpp-2m grid=beta(beta_a=0.5, beta_b=0.7) evaluations=9"},
    {"solver=edm-heun(S_churn=4, s_tmin=.05, s-tmax=50)",
     "solver=edm-heun(s_churn=4, s_min=0.05, s_max=50) evaluations=8"},
    {"model=noise(time=index, schedule=ddpm(scaled_linear, 0.00085, 0.012)) solver=\"DPM++ 2M\" grid=karras(rho=5) "
     "evaluations=20",
     "model=noise(schedule=ddpm(betas=scaled-linear, beta_start=0.00085, beta_end=0.012), time=index) solver=dpmpp-2m "
     "grid=karras(rho=5) evaluations=20"},
    {"grid=user_u(0,.3,1)", "solver=euler grid=user-u(nodes=[0, 0.3, 1])"},
    {"grid=shift(3)", "solver=euler grid=shift(shift=3) evaluations=8"},
    {"solver=euler_ancestral(eta=1)", "solver=euler-ancestral evaluations=8"},
    {"solver=euler_ancestral(eta=0)", "solver=euler-ancestral(eta=0) evaluations=8"},
    {"diffusion=sine(norm=2)", "solver=euler-maruyama diffusion=sine(norm=2) evaluations=8"},
    {"ends=evaluate solver=heun", "solver=heun evaluations=8 ends=evaluate"},
    {"model=velocity(time=t) grid=time(u_end=1)", "solver=euler evaluations=8"},
    {"model=negative-velocity(time=1000(1-t))", "model=negative-velocity(time=1000(1-t)) solver=euler evaluations=8"},
    {"solver=runge_kutta(3, [[0, 0, 0], [1/2, 0, 0], [-1, 2, 0]], [1/6, 2/3, 1/6], [0, .5, 1])",
     "solver=runge-kutta(order=3, a=[[0, 0, 0], [0.5, 0, 0], [-1, 2, 0]], b=[0.16666666666666666, 0.6666666666666666, "
     "0.16666666666666666], c=[0, 0.5, 1]) evaluations=8"},
    {"solver=runge-kutta(b=[.5,.5], a=[0,0,1,0], c=[0,1], order=2) grid=user-u(0, .3, 1)",
     "solver=runge-kutta(order=2, a=[[0, 0], [1, 0]], b=[0.5, 0.5], c=[0, 1]) grid=user-u(nodes=[0, 0.3, 1])"},
    {"solver=runge-kutta(1, [0], [1], [0])", "solver=runge-kutta(order=1, a=[[0]], b=[1], c=[0]) evaluations=8"},
    {"solver=heun(restarts=[restart(.3, 2, 3, 2)])",
     "solver=heun(restarts=[restart(low=0.3, high=2, steps=3, times=2)]) evaluations=8"},
    {"solver=euler-ancestral(eta=.5, restarts=[restart(.3, 2, 3, 2) , restart(times=1,steps=2,low=.05,high=.3)]) "
     "noise=steps",
     "solver=euler-ancestral(eta=0.5, restarts=[restart(low=0.3, high=2, steps=3, times=2), restart(low=0.05, "
     "high=0.3, "
     "steps=2, times=1)]) evaluations=8 noise=steps"},
    {"schedule=table([.99, .5, .01])", "schedule=table(alphas_cumprod=[0.99, 0.5, 0.01]) solver=euler evaluations=8"},
};

static void canonical_texts(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(PRINTED); i++) {
        char text[ROOM];
        size_t needed = 0;
        itp_plan *plan = parsed(PRINTED[i].text);
        check_status(PRINTED[i].text, itp_plan_print(plan, text, sizeof text, &needed), ITP_OK);
        assert_string_equal(text, PRINTED[i].printed);
        assert_int_equal(needed, strlen(text) + 1);
        itp_plan_free(plan);
    }
}

static void cut_safely(void **state)
{
    (void)state;
    char whole[ROOM], part[ROOM];
    itp_plan *plan = parsed("schedule=lazy(s=.3) evaluations=3");
    check_status("whole", itp_plan_print(plan, whole, sizeof whole, NULL), ITP_OK);
    for (size_t capacity = 1; capacity < strlen(whole); capacity++) {
        memset(part, 'x', sizeof part);
        check_status("part", itp_plan_print(plan, part, capacity, NULL), ITP_OK);
        assert_int_equal(part[capacity], 'x');
        assert_int_equal(strlen(part), capacity - 1);
        assert_memory_equal(part, whole, capacity - 1);
    }
    check_status("no text", itp_plan_print(plan, NULL, 4, NULL), ITP_E_ARGUMENT);
    check_status("no plan", itp_plan_print(NULL, whole, sizeof whole, NULL), ITP_E_ARGUMENT);
    itp_plan_free(plan);
}

/* A saved plan has its text, and what is loaded prints it. */
static void saved_and_back(const itp_plan *plan, const char *printed)
{
    static char json[1 << 20];
    char text[ROOM];
    itp_plan *loaded = NULL;
    size_t needed = 0;
    if (!itp_build_has("json")) return;
    check_status(printed, itp_plan_to_json(plan, json, sizeof json, &needed), ITP_OK);
    assert_true(needed <= sizeof json);
    check_status(printed, itp_plan_from_json(json, needed - 1, NULL, &loaded), ITP_OK);
    check_status(printed, itp_plan_print(loaded, text, sizeof text, NULL), ITP_OK);
    assert_string_equal(text, printed);
    check_true(printed, itp_plan_fingerprint(plan) == itp_plan_fingerprint(loaded));
    itp_plan_free(loaded);
}

/* 1: there is a plan of this text, and what it prints makes the same, and prints the same. */
static int comes_back(const char *text)
{
    char once[ROOM], twice[ROOM];
    itp_plan *plan = NULL, *again;
    if (itp_plan_parse(text, NULL, &plan)) return 0;
    check_status(text, itp_plan_print(plan, once, sizeof once, NULL), ITP_OK);
    again = parsed(once);
    check_status(once, itp_plan_print(again, twice, sizeof twice, NULL), ITP_OK);
    assert_string_equal(once, twice);
    check_true(text, itp_plan_fingerprint(plan) == itp_plan_fingerprint(again));
    saved_and_back(plan, once);
    itp_plan_free(plan);
    itp_plan_free(again);
    return 1;
}

static int32_t listed(const char *kind, int32_t i, itp_entry *entry)
{
    *entry = (itp_entry)ITP_ENTRY_INIT;
    return itp_kind_at(kind, i, entry) == ITP_OK;
}

/* Every solver with every grid; the network and the schedule change along. */
static void solvers_and_grids(void **state)
{
    (void)state;
    itp_entry solver, grid, schedule, prediction;
    int made = 0, tried = 0;
    for (int32_t i = 0; listed("solver", i, &solver); i++) {
        for (int32_t j = 0; listed("grid", j, &grid); j++, tried++) {
            char text[ROOM];
            if (!listed("schedule", (i + j) % 10, &schedule) || !listed("prediction", (i + 3 * j) % 7, &prediction)) {
                continue;
            }
            (void)snprintf(text, sizeof text,
                           "model=%s(schedule=ddpm(cosine, count=60), time=index) schedule=%s solver=%s grid=%s%s "
                           "evaluations=7",
                           prediction.name, schedule.name, solver.name, grid.name, j % 2 ? "(u_end=0.9)" : "");
            made += comes_back(text);
        }
    }
    print_message("# %d plans of %d\n", made, tried);
    assert_true(3 * made > tried);
}

/* ---- every field of every row ---- */

/* The i-th value to try: 1 where the field may have it, and it is not the row's own. */
static int another(const itp_field *field, const void *plain, int i, char *text, size_t size)
{
    static const double reals[] = {.37, .0005, .9995, 1.5, 3, 40}, wholes[] = {1, 2, 30, 40, 50, 60};
    double room[ITP_KIND_STRUCT / sizeof(double)] = {0}, own = itp_field_value(field, plain),
                                  value = field->type == ITP_FIELD_REAL ? reals[i] : wholes[i];
    if (field->type == ITP_FIELD_CHOICE) {
        const itp_named *row = itp_kind_row(field->choice, i + 1);
        (void)snprintf(text, size, "%s=%s", field->name, row ? row->name : "");
        return row != NULL;
    }
    itp_field_write(field, room, value);
    own = own != 0 ? own : field->otherwise;
    (void)snprintf(text, size, "%s=%.17g", field->name, value);
    return itp_field_check(field, room, NULL) == ITP_OK && (value < own || value > own);
}

/* In surroundings one of which suits. */
static int in_a_plan(const char *part, const char *name, const char *value)
{
    static const char *const around[] = {
        "",
        "model=velocity(schedule=ddpm(count=40), time=index)",
        "k=1",
        "k=1 solver=sa-2 schedule=lazy",
        "grid=time(u_start=0.1)",
        "k=1 noise=steps",
        "noise=steps",
    };
    static const char *const beside[] = {"", "s_churn=3, ", "gamma=.5, "};
    for (int i = 0; i < COUNT(around) * COUNT(beside); i++) {
        char text[ROOM];
        (void)snprintf(text, sizeof text, "evaluations=6 %s %s=%s(%s%s)", around[i / COUNT(beside)], part, name,
                       beside[i % COUNT(beside)], value);
        if (comes_back(text)) return 1;
    }
    return 0;
}

static void field_of(const char *part, const itp_kind *kind, const itp_named *row, const itp_field *field)
{
    enum { VALUES = 6 };
    char value[64];
    double plain[ITP_KIND_STRUCT / sizeof(double)] = {0};
    int found = 0;
    itp_kind_choose(kind, row, plain);
    for (int i = 0; i < VALUES && !found; i++) {
        found = another(field, plain, i, value, sizeof value) && in_a_plan(part, row->name, value);
    }
    if (!found) print_error("%s=%s(%s)\n", part, row->name, value);
    check_true(row->name, found);
}

/* `keys`: fields at the end that pick a row rather than set something in it. */
static int fields_of(const char *part, const itp_kind *kind, int32_t keys)
{
    const itp_named *row;
    int tried = 0;
    for (int32_t i = 0; (row = itp_kind_row(kind, i)) != NULL; i++) {
        int alone = !(row->reads & ITP_ROW_NEEDS(ITP_NEEDS_VALUES | ITP_NEEDS_FUNCTION));
        for (int32_t j = 0; j < kind->field_count - keys && alone; j++) {
            const itp_field *field = &kind->fields[j];
            int plain = field->type <= ITP_FIELD_CHOICE && !field->behind;
            if (plain && itp_reads(row, field)) {
                field_of(part, kind, row, field);
                tried++;
            }
        }
    }
    return tried;
}

/* Each number and each choice that a name reads, at another value than its own, is printed and read back. */
static void every_field(void **state)
{
    (void)state;
    enum { KEYS = 6 };
    int tried = fields_of("solver", &itp_kind_solver, KEYS) + fields_of("grid", &itp_kind_grid, 0) +
                fields_of("diffusion", &itp_kind_diffusion, 0) + fields_of("schedule", &itp_kind_schedule, 0) +
                fields_of("model", &itp_kind_prediction, 0);
    print_message("# %d fields of rows\n", tried);
    assert_true(tried > 300);
}

/* A solver with one setting. 1: there is a plan of it, and it comes back. */
static int solver_with(const char *name, const char *key, const char *value)
{
    char setting[256];
    (void)snprintf(setting, sizeof setting, "%s=%s", key, value);
    return in_a_plan("solver", name, setting);
}

/* What a setting picks another method with: every choice of it, and orders. */
static int solver_with_each(const char *name, const itp_field *key)
{
    char value[16];
    const itp_named *choice;
    int made = 0;
    for (int32_t i = 0; key->choice && (choice = itp_kind_row(key->choice, i)) != NULL; i++) {
        made += solver_with(name, key->name, choice->name);
    }
    for (int i = 1; !key->choice && i < 5; i++) {
        (void)snprintf(value, sizeof value, "%d", i);
        made += solver_with(name, key->name, value);
    }
    return made;
}

/* Settings that are no numbers: what picks another method, and restarts; with every solver. */
static void every_setting_of_solvers(void **state)
{
    (void)state;
    int keys = 0, restarts = 0;
    const itp_kind *kind = &itp_kind_solver;
    const itp_named *row;
    for (int32_t i = 0; (row = itp_kind_row(kind, i)) != NULL; i++) {
        if (row->reads & ITP_ROW_NEEDS(ITP_NEEDS_VALUES)) continue;
        for (int32_t j = kind->field_count - 6; j < kind->field_count; j++) {
            keys += solver_with_each(row->name, &kind->fields[j]);
        }
        restarts += solver_with(row->name, "restarts", "[restart(0.3, 4, 2, 2), restart(0.15, 1.5, 1, 1)]");
    }
    print_message("# %d other methods, %d with restarts\n", keys, restarts);
    assert_true(keys > 1000 && restarts > 100);
}

/* Lists of numbers. */
static void every_list(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "grid=user-time(0, 0.3, 1)",
        "grid=user-u(nodes=[0, 1/3, 0.9], shift=2)",
        "grid=user-sigma(14.6, 0.7, 0.1, 0)",
        "grid=user-flow(1, 0.25, 0)",
        "grid=user-u(nodes=[0, 0.5, 1], reversed=1)",
        "schedule=table([0.9, 0.5, 0.1])",
        "schedule=table(alpha=[1, 0.5, 0], beta=[0, 0.5, 1])",
        "model=noise(schedule=table([0.99, 0.5, 0.01]), time=index) solver=dpmpp-2m",
        "solver=runge-kutta(order=2, a=[0, 0, 1, 0], b=[1/2, 1/2], c=[0, 1], restarts=[restart(.3, 2, 2, 1)])",
        "schedule=vp-sde(beta_min=0, beta_max=0.7)",
    };
    for (int i = 0; i < COUNT(texts); i++) {
        check_true(texts[i], comes_back(texts[i]));
    }
}

/* ---- what has no text ---- */

static double k_of(void *user, double u)
{
    (void)user;
    return 1 - u;
}

static void functions_have_none(void **state)
{
    (void)state;
    wanted want = WANTED;
    itp_plan *plan = NULL, *converted = NULL;
    want.diffusion.k_fn = k_of;
    char text[ROOM];
    size_t needed = 0;
    check_status("plan", make_plan(&want, &plan), ITP_OK);
    check_status("print", itp_plan_print(plan, NULL, 0, &needed), ITP_E_UNSUPPORTED);
    check_status("print", itp_plan_print(plan, text, sizeof text, NULL), ITP_E_UNSUPPORTED);
    assert_string_equal(text, "k_fn: a function of the program's, which no text can name; save the plan as JSON.");
    assert_int_equal(needed, strlen(text) + 1);
    check_status("convert", itp_plan_convert(plan, NULL, &converted), ITP_OK);
    check_status("print", itp_plan_print(converted, text, sizeof text, NULL), ITP_E_UNSUPPORTED);
    assert_string_equal(text, "plan: fitted, converted or made from rows, it has no text; save it as JSON.");
    itp_plan_free(plan);
    itp_plan_free(converted);
}

/* ---- what is wrong ---- */

static const struct {
    const char *text;
    int status;
    const char *said;
} WRONG[] = {
    {"grid=karas", ITP_E_UNSUPPORTED, "grid: \"karas\" is unknown; did you mean karras, karras-flow?"},
    {"solver=dpmp-2m", ITP_E_UNSUPPORTED, NULL},
    {"schedule=lasy", ITP_E_UNSUPPORTED, "schedule: \"lasy\" is unknown; did you mean lazy?"},
    {"model=noise(time=indx)", ITP_E_UNSUPPORTED, "time: \"indx\" is unknown; did you mean index?"},
    {"grid=time(rho=3)", ITP_E_UNSUPPORTED,
     "rho: 3, but grid \"time\" does not read it; leave it out, or take one that does: karras, poly-exponential, "
     "karras-flow."},
    {"schedule=linear(s=1)", ITP_E_UNSUPPORTED,
     "s: 1, but schedule \"linear\" does not read it; leave it out, or take one that does: lazy, point-mass."},
    {"solver=euler(eta=1)", ITP_E_UNSUPPORTED, NULL},
    {"evaluations=8.5", ITP_E_ARGUMENT, "evaluations: a whole number is wanted at character 13, not \"8.5\"."},
    {"evaluations=0", ITP_E_RANGE, "evaluations: 0, it must be at least 1 and at most 100000."},
    {"evaluations=100001", ITP_E_RANGE, "evaluations: 100001, it must be at least 1 and at most 100000."},
    {"grid=shift(shift=0)", ITP_E_RANGE, "shift: 0, it must be positive and finite."},
    {"grid=time(u_start=1)", ITP_E_RANGE, NULL},
    {"k=-1", ITP_E_RANGE, "k: -1, it must be at least 0 and finite."},
    {"k=1e999", ITP_E_RANGE, "k: 1e999 is too large."},
    {"k=1 diffusion=sine", ITP_E_ARGUMENT, "k: 1, but diffusion is given too, which says it."},
    {"solver=ab2 solver=ab3", ITP_E_ARGUMENT, "plan: solver is given twice, again at character 19."},
    {"solver=ab2 evaluations", ITP_E_ARGUMENT, "plan: key=value is wanted at character 12, not \"evaluations\"."},
    {"evaluatons=8", ITP_E_UNSUPPORTED, "plan: a plan has no \"evaluatons\"; did you mean evaluations?"},
    {"steps=8", ITP_E_UNSUPPORTED, "plan: a plan has no \"steps\"; did you mean evaluations?"},
    {"num_inference_steps=8", ITP_E_UNSUPPORTED, NULL},
    {"solver=ddpm eta=1", ITP_E_UNSUPPORTED, "eta: a plan has none, but its solver may: solver=NAME(eta=...)."},
    {"shift=3", ITP_E_UNSUPPORTED, "shift: a plan has none, but its grid may: grid=NAME(shift=...)."},
    {"time=index", ITP_E_UNSUPPORTED, "time: a plan has none, but its model may: model=NAME(time=...)."},
    {"seed=1", ITP_E_UNSUPPORTED, "plan: a plan has no \"seed\"."},
    {"solver=\"DPM++ 2M Karras\"", ITP_E_UNSUPPORTED,
     "solver: \"DPM++ 2M Karras\" is two names; write solver=\"DPM++ 2M\" grid=Karras."},
    {"sampler=dpmpp_2m_sde_karras", ITP_E_UNSUPPORTED,
     "solver: \"dpmpp_2m_sde_karras\" is two names; write solver=\"dpmpp_2m_sde\" grid=karras."},
    {"solver=ipndm_v", ITP_E_UNSUPPORTED, "solver: \"ipndm_v\" is unknown; did you mean ipndm-1, ipndm-2, ipndm-3?"},
    {"schedule=lazy(1, 2, 3)", ITP_E_UNSUPPORTED, "clock: \"3\" is unknown; there are default, angle, beta, identity."},
    {"noise=fresh", ITP_E_UNSUPPORTED, "noise: \"fresh\" is unknown; there are path, steps."},
    {"solver=euler;grid=time", ITP_E_ARGUMENT, "plan: a blank is wanted at character 13, not \";grid=time\"."},
    {"solver=euler(", ITP_E_ARGUMENT, "solver: \")\" is wanted at character 14, where the text ends."},
    {"model=eps", ITP_E_SINGULAR, NULL},
    {"schedule=lazy(k=1", ITP_E_ARGUMENT, "schedule: \",\" or \")\" is wanted at character 18, where the text ends."},
    {"schedule=lazy(k=1))", ITP_E_ARGUMENT, "plan: a blank is wanted at character 19, not \")\"."},
    {"schedule=lazy(k=1)x", ITP_E_ARGUMENT, "plan: a blank is wanted at character 19, not \"x\"."},
    {"schedule=user", ITP_E_ARGUMENT, "values: NULL, but a user's schedule needs it."},
    {"schedule=table", ITP_E_ARGUMENT, NULL},
    {"grid=user-u(0, .6, .5, 1)", ITP_E_GRID, NULL},
    {"solver=ab2 k=1", ITP_E_UNSUPPORTED, NULL},
    {"solver=runge-kutta", ITP_E_RANGE, "tableau: 0 stages of order 0; both are 1 to 16, so give order, a, b and c."},
    {"solver=runge-kutta(3, [[0]], [1])", ITP_E_ARGUMENT, "tableau: a, b or c is NULL."},
    {"solver=runge-kutta(3, [0, 0])", ITP_E_ARGUMENT, "a: 2 numbers make no square."},
    {"solver=runge-kutta(3, [[0, 0], [1, 0]], [1])", ITP_E_ARGUMENT,
     "b: it is of length 1, but the list before it of 2."},
    {"solver=runge-kutta(3, [[0, 0], [1, 0])", ITP_E_ARGUMENT, "a: \"]\" is wanted at character 38, not \")\"."},
    {"solver=euler(a=[0])", ITP_E_UNSUPPORTED,
     "a: given, but solver \"euler\" does not read it; leave it out, or take one that does: runge-kutta."},
    {"solver=euler(b=[1], c=[0])", ITP_E_UNSUPPORTED, NULL},
    {"solver=heun(restarts=2)", ITP_E_ARGUMENT, "restarts: \"[\" is wanted at character 22, not \"2)\"."},
    {"solver=heun(restarts=[restart(2, 1, 3, 2)])", ITP_E_RANGE, NULL},
    {"solver=heun(restarts=[restart(.3, 2, 0, 2)])", ITP_E_RANGE, "steps: 0, it must be at least 1."},
    {"schedule=table(alpha=[1], beta=[0, .5, 1])", ITP_E_ARGUMENT,
     "beta: it is of length 3, but the list before it of 1."},
    {"k=1/0", ITP_E_RANGE, "k: 1/0 is too large."},
    {"k=1/", ITP_E_ARGUMENT, "k: a number is wanted at character 3, not \"1/\"."},
    {"schedule=ddpm(linear, 0.00085, 1.2)", ITP_E_RANGE, "beta_end: 1.2, it must be positive and below 1."},
};

static void wrong_texts(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(WRONG); i++) {
        itp_error why = ITP_ERROR_INIT;
        itp_plan *plan = NULL;
        check_status(WRONG[i].text, itp_plan_parse(WRONG[i].text, &why, &plan), WRONG[i].status);
        assert_null(plan);
        assert_int_equal(why.status, WRONG[i].status);
        if (WRONG[i].said) assert_string_equal(why.text, WRONG[i].said);
        if (!why.text[0] || !why.field[0]) print_error("%s: %s\n", WRONG[i].text, why.text);
        check_true(WRONG[i].text, why.text[0] && why.field[0]);
    }
}

static void wrong_arguments(void **state)
{
    (void)state;
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    itp_schedule *schedule = NULL;
    check_status("no text", itp_plan_parse(NULL, &why, &plan), ITP_E_ARGUMENT);
    assert_string_equal(why.text, "text: NULL.");
    check_status("no plan", itp_plan_parse("", &why, NULL), ITP_E_ARGUMENT);
    check_status("no text", itp_schedule_parse(NULL, NULL, &schedule), ITP_E_ARGUMENT);
    check_status("no schedule", itp_schedule_parse("lazy", NULL, NULL), ITP_E_ARGUMENT);
    check_status("junk", itp_schedule_parse("lazy lazy", &why, &schedule), ITP_E_ARGUMENT);
    assert_string_equal(why.text, "text: its end is wanted at character 6, not \"lazy\".");
}

/* ---- the other structs ---- */

static void structs(void **state)
{
    (void)state;
    itp_error why = ITP_ERROR_INIT;
    itp_grid grid = ITP_GRID_INIT;
    itp_solver solver = ITP_SOLVER_INIT;
    itp_diffusion diffusion = ITP_DIFFUSION_INIT;
    check_status("grid", itp_grid_parse("karras(rho=3)", &why, &grid), ITP_OK);
    assert_true(grid.kind == ITP_GRID_KARRAS && grid.rho == 3);
    check_status("nodes", itp_grid_parse("user-u(0, 1)", &why, &grid), ITP_E_UNSUPPORTED);
    assert_true(grid.kind == ITP_GRID_KARRAS && why.text[0]);
    check_status("solver", itp_solver_parse("ddpm(eta=.5)", &why, &solver), ITP_OK);
    assert_true(solver.family == ITP_DDPM_POSTERIOR && solver.eta == .5 && solver.s_noise == 1);
    check_status("solver", itp_solver_parse("ddmp", &why, &solver), ITP_E_UNSUPPORTED);
    check_status("diffusion", itp_diffusion_parse("k(2)", NULL, &diffusion), ITP_OK);
    assert_true(diffusion.k == 2);
}

static void schedules(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
    } rows[] = {{"lazy", "lazy"},
                {"Lazy( k = 1 )", "lazy(k=1)"},
                {"point_mass(k=1)", "point-mass"},
                {"ve(40)", "ve(sigma_max=40)"},
                {"vp-sde(.1, 20)", "vp-sde"},
                {"vp-sde(0)", "vp-sde(beta_min=-1)"},
                {"edm(sigma_data=1)", "edm(sigma_data=1)"},
                {"ddpm(squaredcos_cap_v2, count=50)", "ddpm(betas=cosine, count=50)"},
                {"table(alpha=[1, .5, 0], beta=[0, .5, 1])", "table(alpha=[1, 0.5, 0], beta=[0, 0.5, 1])"}};
    for (int i = 0; i < COUNT(rows); i++) {
        char text[ROOM];
        itp_error why = ITP_ERROR_INIT;
        itp_schedule *schedule = NULL;
        check_status(rows[i].text, itp_schedule_parse(rows[i].text, &why, &schedule), ITP_OK);
        check_status(rows[i].text, itp_schedule_print(schedule, text, sizeof text, NULL), ITP_OK);
        assert_string_equal(text, rows[i].printed);
        itp_schedule_free(schedule);
    }
}

/* A name of another program's, whose owners mean another row where the network is a flow, is never taken in silence. */
static void names_of_others_on_flows(void **state)
{
    static const struct {
        const char *text, *sentence;
    } rows[] = {
        {"solver=dpmpp_2m",
         "solver: \"dpmpp_2m\" elsewhere means \"dpmpp-2m-sigma\" where the network is a flow; write "
         "that, or \"dpmpp-2m\"."},
        {"model=negative-velocity solver=\"DPM++ 2M SDE\"",
         "solver: \"DPM++ 2M SDE\" elsewhere means \"sde-dpmpp-2m-sigma\" where the network is a flow; write that, or "
         "\"sde-dpmpp-2m\"."},
        {"grid=edm",
         "grid: \"edm\" elsewhere means \"karras-flow\" where the network is a flow; write that, or \"karras\"."},
    };
    capture heard;
    itp_env env = capture_env(&heard);
    itp_plan *plan = NULL;
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_error why = ITP_ERROR_INIT;
        check_status(rows[i].text, itp_plan_parse(rows[i].text, &why, &plan), ITP_E_UNSUPPORTED);
        assert_string_equal(why.text, rows[i].sentence);
        assert_null(plan);
    }
    check_status("karras", itp_plan_parse_with("grid=karras", &env, &plan), ITP_OK);
    assert_int_equal(heard.level, ITP_LOG_WARNING);
    check_true("karras", capture_has(&heard, "karras-flow"));
    itp_plan_free(plan);
    itp_plan_free(parsed("solver=dpmpp-2m"));
    itp_plan_free(parsed("model=data(schedule=vp) solver=dpmpp_2m grid=edm"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_descriptions),
        cmocka_unit_test(canonical_texts),
        cmocka_unit_test(cut_safely),
        cmocka_unit_test(solvers_and_grids),
        cmocka_unit_test(every_field),
        cmocka_unit_test(every_setting_of_solvers),
        cmocka_unit_test(every_list),
        cmocka_unit_test(functions_have_none),
        cmocka_unit_test(wrong_texts),
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(structs),
        cmocka_unit_test(schedules),
        cmocka_unit_test(names_of_others_on_flows),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
