#include "plan/steps.h"

#include <string.h>

#include "plan/restart.h"
#include "plan/spend.h"

static int make_room(itp_steps *steps, const itp_report *log, int32_t capacity)
{
    int32_t *numbers = itp_memory_array(&steps->memory, 2 * (size_t)capacity, sizeof *numbers);
    steps->stations =
        itp_memory_alloc(&steps->memory, ((size_t)capacity + 1) * sizeof *steps->stations, sizeof(double));
    steps->evaluations = numbers;
    steps->kinds = numbers ? numbers + capacity : NULL;
    steps->capacity = capacity;
    return steps->stations && numbers ? ITP_OK
                                      : itp_fail(log, ITP_E_MEMORY, "no memory for %d nodes.", (int)capacity + 1);
}

void itp_steps_free(itp_steps *steps)
{
    itp_memory_free(&steps->memory, steps->stations, ((size_t)steps->capacity + 1) * sizeof *steps->stations);
    itp_memory_free(&steps->memory, steps->evaluations, 2 * (size_t)steps->capacity * sizeof *steps->evaluations);
}

/* Nothing is known of the first `count` steps yet. */
static void begin_steps(itp_steps *steps, int32_t count)
{
    steps->count = count;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): there is room */
    memset(steps->kinds, 0, (size_t)count * sizeof *steps->kinds); /* ITP_STEP_UNKNOWN */
}

/* Steps in the making. */
typedef struct laying {
    itp_steps *steps;
    const itp_chosen *chosen;
    itp_solving *solving;
    itp_gridding grid; /* the one that was chosen, with as many steps as there are now */
    itp_node *nodes;   /* room for the grid's, as many as the steps have */
    int32_t unmade;    /* steps at the start that the solver does not make */
} laying;

/* Makes the grid's nodes and the stations of them, in the order in which the path is walked. */
static int make_stations(laying *of, int32_t count, const itp_report *log)
{
    int reversed = of->chosen->of.grid.reversed;
    begin_steps(of->steps, count);
    of->grid.steps = count;
    int status = itp_grid_nodes(&of->grid, log, of->nodes);
    for (int32_t i = 0; i <= count && !status; i++) {
        itp_station_begin(&of->steps->stations[i], &of->nodes[reversed ? count - i : i]);
    }
    return status;
}

/* ---- how many evaluations each step makes ---- */

static int is_centred(const itp_chosen *chosen)
{
    return chosen->of.plan.start == ITP_START_CENTRED;
}

/* How many evaluations step i makes of `most`. */
static int32_t stages_of(void *user, int32_t i, int32_t most)
{
    const laying *of = user;
    itp_station *a = &of->steps->stations[i];
    if (i == 0 && is_centred(of->chosen)) {
        return 0;
    }
    of->solving->step = i;
    of->solving->made = i - of->unmade;
    return itp_step_stages(of->chosen, of->solving, a, a + 1, &of->steps->kinds[i], most);
}

/* DPM-Solver's authors shorten the last steps of exponential methods. Any other method keeps more of its accuracy when
 * it is the first ones: near the noise what the network predicts hardly changes in a step, and a step of low order near
 * the data, where it changes most, costs long runs their order. The drift of an SDE can be almost singular in the very
 * first step, which is taken last. */
static itp_spending begin_spending(laying *of)
{
    const itp_method *solver = of->chosen->solver;
    int32_t most = solver->evaluations;
    int lower =
        of->chosen->of.solver.final_order == ITP_FINAL_LOWER && (itp_method_reads(solver) & ITP_READS_FINAL) != 0;
    of->unmade = 0;
    of->unmade = is_centred(of->chosen) || ((solver->exponential || solver->stochastic) && stages_of(of, 0, most) < 2);
    itp_spending spending = {.stages = of->steps->evaluations,
                             .steps = of->steps->count,
                             .most = most,
                             .last = most - lower,
                             .level = !solver->exponential,
                             .begin = of->chosen->noisy,
                             .stages_of = stages_of,
                             .user = of};
    return spending;
}

/* `more` steps, or as many more as the grid can have; 0: none. */
static int32_t add_steps(laying *of, int32_t more)
{
    itp_steps *steps = of->steps;
    int32_t before = steps->count;
    more = more < steps->capacity - before ? more : steps->capacity - before;
    while (more > 0 && make_stations(of, before + more, NULL)) {
        more /= 2;
    }
    steps->count = before + more;
    return more;
}

/* In the steps that there are. */
static void spend_here(const itp_spending *spending, int32_t budget)
{
    int32_t surplus = itp_spend_all(spending, 0) - budget;
    if (budget > 0 && surplus > 0) {
        itp_spend_less(spending, surplus);
    }
}

/* What the budget lacks for these steps, or they for the budget. */
static int32_t left_of(const itp_spending *spending, int32_t budget)
{
    int32_t surplus = itp_spend_all(spending, budget) - budget;
    if (budget == 0) {
        return 0;
    }
    return surplus < 0 ? -surplus : itp_spend_less(spending, surplus);
}

/* The fewest steps that can spend the budget, and what each of them spends. A grid that cannot have more nodes leaves
 * some of it. */
static int spend_on_stages(laying *of)
{
    int32_t budget = of->chosen->of.plan.evaluations;
    for (;;) {
        itp_spending spending = begin_spending(of);
        int32_t left = left_of(&spending, budget);
        if (!left) {
            return of->solving->status;
        }
        if (!add_steps(of, left > spending.most ? left / spending.most : 1)) {
            int status = make_stations(of, of->steps->count, &of->chosen->log);
            spend_here(&spending, budget);
            return status ? status : of->solving->status;
        }
    }
}

static int lay_steps(laying *of)
{
    itp_steps *steps = of->steps;
    int status = make_stations(of, of->grid.steps, &of->chosen->log);
    if (status) {
        return status;
    }
    for (int32_t i = 0; i < steps->count; i++) {
        steps->evaluations[i] = i > 0 || !is_centred(of->chosen);
    }
    if (of->chosen->solver->evaluations > 1) {
        status = spend_on_stages(of);
    }
    of->solving->steps = steps->count;
    return status;
}

int itp_steps_new(itp_steps *steps, const itp_chosen *chosen, itp_solving *solving, const itp_memory *memory)
{
    size_t nodes = (size_t)chosen->capacity + 1;
    laying of = {steps, chosen, solving, chosen->grid, NULL, 0};
    *steps = (itp_steps){.memory = *memory};
    int status = make_room(steps, &chosen->log, chosen->capacity);
    if (status) {
        return status;
    }
    of.nodes = itp_memory_array(memory, nodes, sizeof *of.nodes);
    status = of.nodes ? lay_steps(&of) : itp_fail(&chosen->log, ITP_E_MEMORY, "no memory for %zu nodes.", nodes);
    itp_memory_free(memory, of.nodes, nodes * sizeof *of.nodes);
    return status;
}

/* ---- restarts ---- */

static int check_restarts(const itp_chosen *chosen)
{
    int same_path = chosen->of.plan.noise == ITP_NOISE_PATH && chosen->solver->stochastic;
    if (!chosen->of.solver.restarts || chosen->of.grid.reversed || is_centred(chosen)) {
        return itp_fail(&chosen->log, ITP_E_UNSUPPORTED,
                        "restarts: %d, but they are NULL, or the plan is reversed or centred, which has none.",
                        (int)chosen->of.solver.restart_count);
    }
    return same_path ? itp_fail(&chosen->log, ITP_E_UNSUPPORTED,
                                "restarts: they go over a part of the path again, where noise \"path\" is the same; "
                                "take noise \"steps\".")
                     : ITP_OK;
}

/* The evaluations of each step of the longer list. */
static void spend_on_restarts(laying *of, const itp_steps *before, const int32_t *what)
{
    itp_steps *steps = of->steps;
    for (int32_t i = 0; i < steps->count; i++) {
        if (what[i] >= 0) {
            steps->evaluations[i] = before->evaluations[what[i]];
        } else {
            steps->evaluations[i] = what[i] == ITP_RESTART_UP ? 0 : stages_of(of, i, of->chosen->solver->evaluations);
            steps->beyond_budget += steps->evaluations[i];
        }
    }
}

/* The steps of the longer list, and what each of them spends. */
static int lay_restarts(laying *of, const itp_restarting *list, const itp_steps *before)
{
    itp_steps *steps = of->steps;
    /* What each step is, for as long as its evaluations are not there. */
    int32_t *what = steps->evaluations;
    int status = itp_restart_stations(list, before->stations, before->count, steps->stations, what);
    if (status) {
        return status;
    }
    begin_steps(steps, steps->capacity);
    of->solving->steps = steps->count;
    spend_on_restarts(of, before, what);
    return ITP_OK;
}

int itp_steps_restart(itp_steps *steps, const itp_chosen *chosen, itp_solving *solving)
{
    const itp_restarting list = {chosen->of.solver.restarts, chosen->of.solver.restart_count, chosen->sampling,
                                 &chosen->log};
    laying of = {.steps = steps, .chosen = chosen, .solving = solving};
    itp_steps before = *steps;
    int status = list.count ? check_restarts(chosen) : ITP_OK;
    if (status || !list.count) {
        return status;
    }
    int32_t more = itp_restart_steps(&list);
    if (more <= 0) {
        return more;
    }
    status = make_room(steps, &chosen->log, before.count + more);
    status = status ? status : lay_restarts(&of, &list, &before);
    itp_steps_free(&before);
    return status;
}
