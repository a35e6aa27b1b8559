/* Any text gives a sentence, or a plan whose own text makes the same plan, bit for bit, and is its own. Texts are made
 * by the grammar from the names that the library lists, then every second one is damaged. The entry is libFuzzer's, for
 * which the text is the input itself; without it a main of our own feeds a fixed number of texts.
 *   clang -fsanitize=fuzzer,address,undefined -DTEXT_FUZZ_LIBFUZZER -Iinclude tests/fuzz/text_fuzz.c libinterp.a ... */
#include <interp/interp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 2048, MOST_EVALUATIONS = 60 };

static void demand(int holds, const char *what, const char *text)
{
    if (!holds) {
        fprintf(stderr, "%s: %s\n", what, text);
        abort();
    }
}

/* ---- a text's plan ---- */

static int same_terms(const itp_term *a, const itp_term *b, int32_t count)
{
    return !count || !memcmp(a, b, (size_t)count * sizeof *a);
}

static int same_rows(const itp_plan *a, const itp_plan *b, int32_t i)
{
    itp_plan_row of_a = {ITP_SIZED(itp_plan_row)}, of_b = of_a;
    int got = !itp_plan_get_row(a, i, &of_a) && !itp_plan_get_row(b, i, &of_b);
    int same = got && of_a.term_count == of_b.term_count && same_terms(of_a.terms, of_b.terms, of_a.term_count);
    of_a.terms = of_b.terms = NULL;
    return same && !memcmp(&of_a, &of_b, sizeof of_a);
}

static int same_plans(const itp_plan *a, const itp_plan *b)
{
    itp_plan_info of_a = {ITP_SIZED(itp_plan_info)}, of_b = of_a;
    int same = !itp_plan_get_info(a, &of_a) && !itp_plan_get_info(b, &of_b) && of_a.rows == of_b.rows &&
               of_a.start_term_count == of_b.start_term_count &&
               same_terms(of_a.start_terms, of_b.start_terms, of_a.start_term_count);
    for (int32_t i = 0; same && i < of_a.rows; i++) same = same_rows(a, b, i);
    of_a.start_terms = of_b.start_terms = NULL;
    return same && of_a.start_scale == of_b.start_scale && of_a.u_end == of_b.u_end && of_a.steps == of_b.steps;
}

static char *printed(const itp_plan *plan, const char *from)
{
    size_t needed = 0, again = 0;
    demand(itp_plan_print(plan, NULL, 0, &needed) == ITP_OK && needed > 1, "not printed", from);
    char *text = malloc(needed);
    demand(text && itp_plan_print(plan, text, needed, &again) == ITP_OK && again == needed, "not printed", from);
    demand(strlen(text) + 1 == needed, "another length", from);
    return text;
}

static void check_plan(const itp_plan *plan, const char *from)
{
    itp_error why = {ITP_SIZED(itp_error)};
    itp_plan *again = NULL;
    char *text = printed(plan, from);
    int status = itp_plan_parse(text, &why, &again);
    if (status) fprintf(stderr, "%s\n%s\n", text, why.text);
    demand(status == ITP_OK && again, "its own text is refused", from);
    demand(same_plans(plan, again), "its own text makes another plan", from);
    char *twice = printed(again, from);
    demand(!strcmp(text, twice), "its text is not its own", from);
    free(text);
    free(twice);
    itp_plan_free(again);
}

static int plan_of(const char *text)
{
    itp_error why = {ITP_SIZED(itp_error)};
    itp_plan *plan = NULL;
    int status = itp_plan_parse(text, &why, &plan), made = plan != NULL;
    demand((status == ITP_OK) == made && status <= 0 && why.status == status, "a plan with an error, or none", text);
    demand(made || (why.text[0] && !strchr(why.text, '\n')), "no sentence", text);
    demand(!made || !why.text[0], "a sentence with a plan", text);
    if (plan) check_plan(plan, text);
    itp_plan_free(plan);
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[LONGEST + 1];
    size_t length = size < LONGEST ? size : LONGEST;
    memcpy(text, data, length);
    text[length] = 0;
    plan_of(text);
    return 0;
}

#ifndef TEXT_FUZZ_LIBFUZZER
/* ---- texts ---- */

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t state = 2026;
static unsigned any(unsigned below)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (unsigned)((z ^ (z >> 31)) >> 33) % below;
}

typedef struct text {
    char bytes[LONGEST + 1];
    size_t length;
} text;

static void add(text *to, const char *more)
{
    size_t length = strlen(more);
    if (to->length + length <= LONGEST) {
        memcpy(to->bytes + to->length, more, length + 1);
        to->length += length;
    }
}

static void add_number(text *to)
{
    static const char *const all[] = {"0",    "1",   "2",    "3",    ".5",    "0.25", "7",    "1e-3",
                                      "1.25", "0.1", "1e30", "-1",   "1e999", "80",   ".002", "0.30000000000000004",
                                      "20",   "5",   "nan",  "1e-9", "8.5",   "0.6",  "14.6", "1e308"};
    add(to, all[any(sizeof all / sizeof all[0])]);
}

/* One of "a,b,c", in quotes. */
static void add_other_name(text *to, const char *names)
{
    char name[80];
    const char *at = names;
    while (strchr(at, ',') && any(2)) at = strchr(at, ',') + 1;
    (void)snprintf(name, sizeof name, any(2) ? "\"%.*s\"" : "'%.*s'", (int)strcspn(at, ","), at);
    add(to, name);
}

/* A name of the kind, now and then one of its other names, or of another kind. */
static void add_name(text *to, const char *kind)
{
    static const char *const kinds[] = {"solver", "grid", "schedule", "prediction", "time", "diffusion"};
    itp_entry entry = {ITP_SIZED(itp_entry)};
    int32_t count = 0;
    if (!any(40)) kind = kinds[any(6)];
    while (itp_kind_at(kind, count, &entry) == ITP_OK) count++;
    demand(count > 0 && itp_kind_at(kind, (int32_t)any((unsigned)count), &entry) == ITP_OK, "no such kind", kind);
    if (entry.aliases && !any(4)) {
        add_other_name(to, entry.aliases);
    } else {
        add(to, entry.name);
    }
}

static void add_choice(text *to, const char *key, const char *kind)
{
    add(to, key);
    add(to, "=");
    add_name(to, kind);
}

static void add_numbers(text *to, const char *const *keys, unsigned count, unsigned most)
{
    const char *before = "(";
    for (unsigned i = any(most + 1); i > 0; i--) {
        add(to, before);
        add(to, keys[any(count)]);
        add(to, "=");
        add_number(to);
        before = ", ";
    }
    if (*before == ',') add(to, ")");
}

static void add_schedule(text *to)
{
    static const char *const keys[] = {"k", "s", "beta_max", "sigma_max", "sigma_data", "count"};
    static const char *const whole[] = {"lazy(k=1)",
                                        "lazy(s=.5)",
                                        "ddpm(scaled-linear, 0.00085, 0.012)",
                                        "ddpm(cosine, count=50)",
                                        "lazy(k=1, clock=angle)",
                                        "table([.99, .9, .5, .1, .01])",
                                        "ve(sigma_max=40)",
                                        "point-mass"};
    if (any(2)) {
        add(to, whole[any(sizeof whole / sizeof whole[0])]);
        return;
    }
    add_name(to, "schedule");
    if (!any(4)) add_numbers(to, keys, 6, 2);
}

static void add_model(text *to)
{
    add_choice(to, "model", "prediction");
    if (!any(3)) {
        add(to, "(schedule=");
        add_schedule(to);
        add(to, any(2) ? "" : ", time=t");
        add(to, ")");
    } else if (!any(4)) {
        add(to, "(");
        add_choice(to, "time", "time");
        add(to, ")");
    }
}

static void add_grid(text *to)
{
    static const char *const keys[] = {"shift",     "terminal",  "rho",     "beta_a", "beta_b",
                                       "sigma_max", "sigma_min", "u_start", "u_end",  "steps_offset"};
    add_choice(to, "grid", "grid");
    if (!any(4)) {
        add(to, "(0, .3, .7, 1)");
    } else if (!any(3)) {
        add_numbers(to, keys, 10, 2);
    }
}

static void add_solver(text *to)
{
    static const char *const keys[] = {"eta",   "s_noise",    "s_churn",       "s_tmin", "s_max",
                                       "gamma", "step_scale", "corrector_snr", "order"};
    static const char *const whole[] = {
        "runge-kutta(3, [[0, 0, 0], [1/2, 0, 0], [-1, 2, 0]], [1/6, 2/3, 1/6], [0, 1/2, 1])",
        "runge-kutta(order=2, a=[0, 0, 1, 0], b=[.5, .5], c=[0, 1], restarts=[restart(.3, 2, 2, 1)])",
        "runge-kutta(c=[0], b=[1], a=[[0]], order=1)",
        "euler(restarts=[restart(.3, 2, 2, 1), restart(low=.05, high=.3, steps=1, times=2)])"};
    add(to, any(4) ? "solver=" : "Sampler=");
    if (!any(8)) {
        add(to, whole[any(sizeof whole / sizeof whole[0])]);
        return;
    }
    add_name(to, "solver");
    if (!any(6)) add_numbers(to, keys, 9, 2);
}

static void add_evaluations(text *to)
{
    char item[32];
    (void)snprintf(item, sizeof item, "evaluations=%u", any(MOST_EVALUATIONS));
    add(to, item);
}

static void add_diffusion(text *to)
{
    static const char *const keys[] = {"k", "norm"};
    if (any(2)) {
        add(to, "k=");
        add_number(to);
        return;
    }
    add_choice(to, "diffusion", "diffusion");
    add_numbers(to, keys, 2, 1);
}

static void add_small(text *to)
{
    static const char *const all[] = {"noise=steps",   "start=centred", "last=noise",    "singular=error",
                                      "ends=evaluate", "noise=path",    "evaluations=8", "last=data"};
    add(to, all[any(sizeof all / sizeof all[0])]);
}

static void add_schedule_item(text *to)
{
    add(to, "schedule=");
    add_schedule(to);
}

static text written(void)
{
    static void (*const items[])(text *) = {add_schedule_item, add_solver,    add_grid, add_evaluations,
                                            add_model,         add_diffusion, add_small};
    static const unsigned often[] = {2, 1, 2, 1, 3, 3, 4};
    text made = {"", 0};
    for (unsigned i = 0; i < 7; i++) {
        if (!any(often[i])) {
            add(&made, made.length ? " " : "");
            items[i](&made);
        }
    }
    return made;
}

static void damage(text *of)
{
    static const char odd[] = "()[]=,;/\"' \t+-_.0129eEaz\xff\x01";
    for (unsigned i = 1 + any(3); i > 0 && of->length > 1; i--) {
        size_t at = any((unsigned)of->length), length = 1 + any(4);
        if (any(2)) {
            of->bytes[at] = odd[any(sizeof odd - 1)];
        } else if (any(2)) {
            of->length = at;
            of->bytes[at] = 0;
        } else if (at + length < of->length) {
            memmove(of->bytes + at, of->bytes + at + length, of->length - at - length + 1);
            of->length -= length;
        }
    }
}

int main(int argc, char **argv)
{
    long inputs = argc > 1 ? atol(argv[1]) : 6000, made = 0;
    for (long i = 0; i < inputs; i++) {
        text input = written();
        if (i % 2) damage(&input);
        made += plan_of(input.bytes);
    }
    printf("# %ld plans from %ld texts\n", made, inputs);
    return made * 10 < inputs; /* a fuzzer that is turned away at the door shows nothing */
}
#endif
