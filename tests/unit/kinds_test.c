/* Whatever there is, found by all of its names. */
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
    check_true(row->name, strlen(row->about) > 2 && strlen(row->about) <= 60);
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
        check_true(kind.name, count_of(kind.name) >= 2);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row), cmocka_unit_test(other_names),
                                       cmocka_unit_test(unknown), cmocka_unit_test(needs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
