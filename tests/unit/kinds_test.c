/* Whatever there is, found by all of its names: those of the library, those of other programs, and any way of writing
 * them; a struct itp_solver by its parts finds the row that the name does. */
#include <interp/interp.h>

#include <stdio.h>
#include <string.h>

#include "../common/check.h"

static itp_entry at(const char *kind, int32_t i)
{
    itp_entry entry = ITP_ENTRY_INIT;
    check_status(kind, itp_kind_at(kind, i, &entry), ITP_OK);
    return entry;
}

static int32_t count_of(const char *kind)
{
    int32_t count = 0;
    itp_entry entry = ITP_ENTRY_INIT;
    while (itp_kind_at(kind, count, &entry) == ITP_OK) count++;
    check_status(kind, itp_kind_at(kind, count, &entry), ITP_E_RANGE);
    check_status(kind, itp_kind_at(kind, -1, &entry), ITP_E_RANGE);
    return count;
}

static int is_normal(const char *name)
{
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-()/,") == strlen(name) && name[0] != 0;
}

/* It is the row, and no other before it. */
static void check_found(const char *kind, const char *name, const itp_entry *row, int32_t others)
{
    itp_entry found = ITP_ENTRY_INIT;
    check_status(name, itp_kind_find(kind, name, &found), ITP_OK);
    check_true(name, !strcmp(found.name, row->name) && found.id == row->id && found.others == others);
}

static void check_aliases(const char *kind, const itp_entry *row)
{
    char all[256];
    check_true(row->name, is_normal(row->aliases) && strlen(row->aliases) < sizeof all);
    strcpy(all, row->aliases);
    for (char *name = strtok(all, ","); name; name = strtok(NULL, ",")) check_found(kind, name, row, 1);
}

static void check_row(const char *kind, const itp_entry *row)
{
    itp_entry sibling = ITP_ENTRY_INIT;
    check_true(row->name, is_normal(row->name) && !strchr(row->name, ','));
    int sentence = !strcmp(kind, "status"); /* those of itp_status_string */
    check_true(row->name, strlen(row->about) > 2 && strlen(row->about) <= (sentence ? 100 : 60));
    check_true(row->name, !sentence || !strcmp(row->about, itp_status_string(row->id)));
    check_true(row->name, strlen(row->parameters) < sizeof row->parameters - 1);
    check_found(kind, row->name, row, 0);
    if (row->aliases) check_aliases(kind, row);
    if (row->flow[0]) check_status(row->flow, itp_kind_find(kind, row->flow, &sibling), ITP_OK);
}

static void every_row(void **state)
{
    (void)state;
    assert_string_equal(at("kind", 0).name, "kind");
    for (int32_t k = 0; k < count_of("kind"); k++) {
        itp_entry kind = at("kind", k);
        check_row("kind", &kind);
        check_true(kind.name, count_of(kind.name) >= 2 || !strcmp(kind.name, "restart"));
        for (int32_t i = 0; i < count_of(kind.name); i++) {
            itp_entry row = at(kind.name, i);
            check_row(kind.name, &row);
        }
    }
}

static void other_names(void **state)
{
    static const struct {
        const char *kind, *name, *ours, *flow;
    } CASES[] = {
        {"prediction", "epsilon", "noise", ""},
        {"prediction", "V_Prediction", "salimans-v", "negative-velocity"},
        {"prediction", "flow_prediction", "negative-velocity", ""},
        {"prediction", "sample", "data", ""},
        {"grid", "Karras", "karras", "karras-flow"},
        {"grid", "exponential", "lambda", "exponential-flow"},
        {"grid", "sgm_uniform", "sgm-uniform", ""},
        {"grid", "SGM Uniform", "sgm-uniform", ""},
        {"scheduler", "KL Optimal", "kl-optimal", "kl-optimal-flow"},
        {"schedule", "CondOT", "linear", ""},
        {"time", "1000(1-t)", "1000(1-t)", ""},
        {"diffusion", "SBDM", "k", ""},
    };
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        itp_entry found = ITP_ENTRY_INIT;
        check_status(CASES[i].name, itp_kind_find(CASES[i].kind, CASES[i].name, &found), ITP_OK);
        assert_string_equal(found.name, CASES[i].ours);
        assert_string_equal(found.flow, CASES[i].flow);
    }
}

static void unknown(void **state)
{
    itp_entry entry = ITP_ENTRY_INIT;
    (void)state;
    check_status("name", itp_kind_find("grid", "karas", &entry), ITP_E_UNSUPPORTED);
    assert_string_equal(entry.parameters, "karras, karras-flow");
    check_status("far", itp_kind_find("grid", "qqq", &entry), ITP_E_UNSUPPORTED);
    assert_string_equal(entry.parameters, "");
    check_status("kind", itp_kind_find("gird", "karras", &entry), ITP_E_UNSUPPORTED);
    check_status("kind", itp_kind_at("gird", 0, &entry), ITP_E_UNSUPPORTED);
    check_status("NULL", itp_kind_find("grid", NULL, &entry), ITP_E_ARGUMENT);
    check_status("NULL", itp_kind_find(NULL, "karras", &entry), ITP_E_ARGUMENT);
    check_status("NULL", itp_kind_at("grid", 0, NULL), ITP_E_ARGUMENT);
    entry.size = 0;
    check_status("size", itp_kind_at("grid", 0, &entry), ITP_E_SIZE);
}

static void needs(void **state)
{
    static const struct {
        const char *kind, *name;
        int32_t needs;
    } CASES[] = {{"grid", "trailing", ITP_NEEDS_TABLE},
                 {"grid", "user-u", ITP_NEEDS_VALUES},
                 {"grid", "karras", 0},
                 {"time", "index", ITP_NEEDS_TABLE},
                 {"time", "user", ITP_NEEDS_FUNCTION},
                 {"prediction", "affine", ITP_NEEDS_FUNCTION},
                 {"schedule", "table", ITP_NEEDS_VALUES},
                 {"diffusion", "user", ITP_NEEDS_FUNCTION}};
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        itp_entry found = ITP_ENTRY_INIT;
        check_status(CASES[i].name, itp_kind_find(CASES[i].kind, CASES[i].name, &found), ITP_OK);
        assert_int_equal(found.needs, CASES[i].needs);
    }
}

/* The numbers of a struct itp_solver by name: beside a name they pick another method, which is printed by its own. */
static void solvers_by_their_parts(void **state)
{
    static const struct {
        const char *text, *method;
    } CASES[] = {{"dpmpp-2m(form=noise)", "dpm-2m"},
                 {"dpmpp-2m(variable=sigma, weights=heun)", "dpmpp-2m-heun-sigma"},
                 {"heun(order=3)", "heun3"},
                 {"midpoint(weights=ralston)", "ralston"},
                 {"sa-2(corrector=end)", "sa-2-2"},
                 {"euler(order=0, weights=classic)", "rk4"},
                 {"ab2(family=sde-adams-bashforth)", "stochastic-ab2"},
                 {"dpmpp-2m(order=3, final_order=lower)", "dpmpp-3m(final_order=lower)"}};
    char text[64], printed[256], want[256];
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        itp_plan *plan = NULL;
        snprintf(text, sizeof text, "solver=%s", CASES[i].text);
        check_status(text, itp_plan_parse(text, NULL, &plan), ITP_OK);
        check_status(text, itp_plan_print(plan, printed, sizeof printed, NULL), ITP_OK);
        snprintf(want, sizeof want, "solver=%s evaluations=8", CASES[i].method);
        assert_string_equal(printed, want);
        itp_plan_free(plan);
    }
}

static void wrong_parts(void **state)
{
    static const struct {
        const char *text, *says;
    } CASES[] = {{"solver=heun(order=4)", "solver: no method has family runge-kutta, order 4, form default, variable "
                                          "default, weights heun, corrector none; leave out"},
                 {"solver=dpmpp-2m(form=nose)", "form: \"nose\" is unknown; did you mean noise?"}};
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    itp_solver solver = {ITP_SIZED(itp_solver), .family = ITP_EXPONENTIAL_MULTISTEP, .form = 9};
    itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .solver = &solver,
                          .env = &(const itp_env){ITP_SIZED(itp_env), .error = &why}};
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        check_status(CASES[i].text, itp_plan_parse(CASES[i].text, &why, &plan), ITP_E_UNSUPPORTED);
        if (strncmp(why.text, CASES[i].says, strlen(CASES[i].says)) != 0) fail_msg("%s", why.text);
    }
    check_status("form", itp_plan_new(&want, &plan), ITP_E_UNSUPPORTED);
    assert_string_equal(why.text, "form: 9 is unknown; there are default (0), data (1), noise (2), velocity (3).");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row),
                                       cmocka_unit_test(other_names),
                                       cmocka_unit_test(unknown),
                                       cmocka_unit_test(needs),
                                       cmocka_unit_test(solvers_by_their_parts),
                                       cmocka_unit_test(wrong_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
