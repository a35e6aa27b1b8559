/* Tables of rows and fields, on a toy kind: names, near names, ranges, defaults and sentences are written once for all
 * kinds, and so tested once; what must come out stands beside each case. */
#include <math.h>
#include <string.h>

#include "../../lib/base/field.h"
#include "../common/capture.h"
#include "../common/check.h"

enum { BOILED = 1, FRIED = 2, BAKED = 7, DUMPLINGS = 20 };
enum { READS_OIL = 1, READS_HEAT = 2, READS_OVEN = 4 };

typedef struct dish {
    size_t size;
    int32_t kind, salt, side, reserved;
    double oil, heat;
    void *taste;
} dish;

typedef struct row {
    itp_named named;
    double (*minutes)(const dish *of);
} row;

static double minutes(const dish *of)
{
    return of->heat > 0 ? 900 / of->heat : 20;
}

static const row ROWS[] = {
    {{ITP_WORDS("boiled", "poached,in-water", "in water"), BOILED, 0}, minutes},
    {{ITP_WORDS_FLOW("fried", "saute,pan", "in a pan", "baked"), FRIED, READS_OIL | READS_HEAT}, minutes},
    {{ITP_WORDS("baked", "", "in an oven"), BAKED, READS_OVEN}, minutes},
    {{ITP_WORDS("dumplings-pp", "", "in steam"), DUMPLINGS, READS_HEAT}, minutes},
};
static const itp_named SIDE_ROWS[] = {{ITP_WORDS("none", "", "nothing"), 0, 0}, {ITP_WORDS("rice", "", ""), 1, 0}};
static const itp_kind SIDES = {
    .name = "side", .rows = SIDE_ROWS, .stride = sizeof SIDE_ROWS[0], .count = COUNT(SIDE_ROWS)};
static const itp_field FIELDS[] = {
    {.name = ITP_FIELD_WORDS("salt", "grains"), .at = offsetof(dish, salt), .type = ITP_FIELD_WHOLE, .high = 9},
    {.name = ITP_FIELD_WORDS("side", ""), .at = offsetof(dish, side), .type = ITP_FIELD_CHOICE, .choice = &SIDES},
    {.name = ITP_FIELD_WORDS("oil", ""),
     .at = offsetof(dish, oil),
     .range = ITP_ABOVE | ITP_NO_HIGH,
     .reads = READS_OIL,
     .otherwise = .5},
    {.name = ITP_FIELD_WORDS("heat", ""),
     .at = offsetof(dish, heat),
     .range = ITP_BELOW,
     .reads = READS_HEAT,
     .low = 40,
     .high = 250,
     .otherwise = 180},
    {.name = ITP_FIELD_WORDS("heat", ""),
     .at = offsetof(dish, heat),
     .reads = READS_OVEN,
     .low = 100,
     .high = 300,
     .otherwise = 220},
    {.name = ITP_FIELD_WORDS("taste", ""), .at = offsetof(dish, taste), .type = ITP_FIELD_POINTER, .reads = READS_OIL},
};
static const itp_kind DISHES = {.name = "dish",
                                .rows = ROWS,
                                .fields = FIELDS,
                                .stride = sizeof ROWS[0],
                                .count = COUNT(ROWS),
                                .field_count = COUNT(FIELDS),
                                .id_at = offsetof(dish, kind)};

static int32_t id_called(const char *name, int32_t *others)
{
    const itp_named *found = itp_kind_called(&DISHES, name, strlen(name), others);
    return found ? found->id : -1;
}

static void test_names(void **state)
{
    static const struct {
        const char *name;
        int32_t id, others;
    } CASES[] = {{"boiled", BOILED, 0},          {"Boiled", BOILED, 1},          {"in_water", BOILED, 1},
                 {"In Water", BOILED, 1},        {"poached", BOILED, 1},         {"pan", FRIED, 1},
                 {"Dumplings ++", DUMPLINGS, 1}, {"DUMPLINGS_pp", DUMPLINGS, 1}, {"dumplings-pp", DUMPLINGS, 0}};
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        int32_t others = -1, id = id_called(CASES[i].name, &others);
        check_true(CASES[i].name, id == CASES[i].id && others == CASES[i].others);
    }
    static const char *const UNKNOWN[] = {"", "boil", "boiledd", "in", "water", "poached,in-water", "saute,", "pa"};
    for (int i = 0; i < COUNT(UNKNOWN); i++) {
        check_true(UNKNOWN[i], id_called(UNKNOWN[i], NULL) == -1);
    }
    assert_int_equal(itp_kind_called(&DISHES, "friedrich", 5, NULL)->id, FRIED);
}

static void test_rows(void **state)
{
    (void)state;
    assert_ptr_equal(itp_kind_row(&DISHES, 2), &ROWS[2]);
    assert_null(itp_kind_row(&DISHES, 4));
    assert_null(itp_kind_row(&DISHES, -1));
    assert_ptr_equal(itp_kind_of(&DISHES, BAKED), &ROWS[2]);
    assert_ptr_equal(itp_kind_of(&DISHES, 0), &ROWS[0]); /* 0 is the first row, where none has that id */
    assert_null(itp_kind_of(&DISHES, 3));
    assert_string_equal(itp_kind_name(&DISHES, FRIED), "fried");
    assert_null(itp_kind_name(&DISHES, -7));
    assert_string_equal(itp_word(&ROWS[1].named, ITP_WORD_ALIASES), "saute,pan");
    assert_string_equal(itp_word(&ROWS[1].named, ITP_WORD_ABOUT), "in a pan");
    assert_string_equal(itp_word(&ROWS[1].named, ITP_WORD_FLOW), "baked");
    assert_string_equal(itp_word(&ROWS[2].named, ITP_WORD_FLOW), "");
}

static void test_unknown_names(void **state)
{
    static const struct {
        const char *name, *sentence;
    } CASES[] = {{"Fryed", "dish: \"Fryed\" is unknown; did you mean fried?"},
                 {"backed", "dish: \"backed\" is unknown; did you mean baked?"},
                 {"dumpling", "dish: \"dumpling\" is unknown; did you mean dumplings-pp?"},
                 {"xyz", "dish: \"xyz\" is unknown; there are boiled, fried, baked, dumplings-pp."}};
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        capture c;
        (void)capture_env(&c);
        const itp_report log = {.hook = c.log};
        check_status(CASES[i].name, itp_unknown(&DISHES, &log, CASES[i].name, strlen(CASES[i].name)),
                     ITP_E_UNSUPPORTED);
        assert_string_equal(c.text, CASES[i].sentence);
    }
}

/* The nearest first, and of equally near ones that of the table; of one that goes on it is one edit the less. */
static void test_nearest(void **state)
{
    char list[64];
    static const char *const NAMES[] = {"karras-flow", "karras", "kutta", "carrots"};
    (void)state;
    itp_nearest(NAMES, sizeof NAMES[0], COUNT(NAMES), "karas", 5, list, sizeof list);
    assert_string_equal(list, "karras, karras-flow");
    itp_nearest(NAMES, sizeof NAMES[0], COUNT(NAMES), "k", 1, list, sizeof list);
    assert_string_equal(list, "karras-flow, karras, kutta");
    itp_nearest(NAMES, sizeof NAMES[0], COUNT(NAMES), "karras-flow", 11, list, 4);
    assert_string_equal(list, "kar");
}

static void test_ranges(void **state)
{
    static const struct {
        dish of;
        int status;
        const char *sentence;
    } CASES[] = {
        {{.kind = FRIED}, ITP_OK, ""},
        {{.kind = FRIED, .oil = -1}, ITP_E_RANGE, "oil: -1, it must be positive and finite."},
        {{.kind = FRIED, .oil = INFINITY}, ITP_E_RANGE, "oil: inf, it must be positive and finite."},
        {{.kind = FRIED, .heat = 250}, ITP_E_RANGE, "heat: 250, it must be at least 40 and below 250."},
        {{.kind = FRIED, .heat = 40}, ITP_OK, ""},
        {{.kind = FRIED, .heat = NAN}, ITP_E_RANGE, "heat: nan, it must be at least 40 and below 250."},
        {{.kind = BAKED, .heat = 250}, ITP_OK, ""},
        {{.kind = BAKED, .heat = 301}, ITP_E_RANGE, "heat: 301, it must be at least 100 and at most 300."},
        {{.salt = 10}, ITP_E_RANGE, "salt: 10, it must be at least 0 and at most 9."},
        {{.side = 1}, ITP_OK, ""},
        {{.side = 2}, ITP_E_UNSUPPORTED, "side: 2 is unknown; there are none (0), rice (1)."},
        {{.kind = 5},
         ITP_E_UNSUPPORTED,
         "dish: 5 is unknown; there are boiled (1), fried (2), baked (7), dumplings-pp (20)."},
        {{.kind = BAKED, .oil = .25},
         ITP_E_UNSUPPORTED,
         "oil: 0.25, but dish \"baked\" does not read it; leave it out, or take one that does: fried."},
        {{.heat = 100},
         ITP_E_UNSUPPORTED,
         "heat: 100, but dish \"boiled\" does not read it; leave it out, or take one that does: fried, baked, "
         "dumplings-pp."},
        {{.taste = (void *)&SIDES},
         ITP_E_UNSUPPORTED,
         "taste: given, but dish \"boiled\" does not read it; leave it out, or take one that does: fried."},
    };
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        capture c;
        (void)capture_env(&c);
        const itp_report log = {.hook = c.log};
        dish of = CASES[i].of;
        int status = 1;
        const itp_named *found = itp_kind_resolve(&DISHES, &of, &log, &status);
        check_status(CASES[i].sentence, status, CASES[i].status);
        assert_string_equal(c.text, CASES[i].sentence);
        check_true("a row where it is right", (found != NULL) == (status == ITP_OK));
    }
}

static void test_defaults(void **state)
{
    dish fried = {.kind = FRIED}, baked = {.kind = BAKED}, boiled = {.salt = 3};
    int status;
    (void)state;
    assert_ptr_equal(itp_kind_resolve(&DISHES, &fried, NULL, &status), &ROWS[1]);
    assert_true(fried.oil == .5 && fried.heat == 180 && fried.salt == 0);
    assert_ptr_equal(itp_kind_resolve(&DISHES, &baked, NULL, &status), &ROWS[2]);
    assert_true(baked.oil == 0 && baked.heat == 220);
    assert_ptr_equal(itp_kind_resolve(&DISHES, &boiled, NULL, &status), &ROWS[0]);
    assert_true(boiled.kind == BOILED && boiled.heat == 0 && boiled.salt == 3);
}

static void test_values_as_text(void **state)
{
    dish of = {.salt = 3, .side = 1, .oil = .1, .taste = &of};
    static const char *const TEXTS[] = {"3", "rice", "0.1", "0", "0", "given"};
    char text[32];
    (void)state;
    for (int i = 0; i < COUNT(FIELDS); i++) {
        itp_field_text(&FIELDS[i], &of, text, sizeof text);
        assert_string_equal(text, TEXTS[i]);
    }
    itp_field_write(&FIELDS[0], &of, 7);
    itp_field_write(&FIELDS[3], &of, 99.5);
    assert_true(of.salt == 7 && of.heat == 99.5 && itp_field_value(&FIELDS[3], &of) == 99.5);
}

static void test_fields_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(itp_field_called(&DISHES, &ROWS[1].named, "heat", 4), &FIELDS[3]);
    assert_ptr_equal(itp_field_called(&DISHES, &ROWS[2].named, "heat", 4), &FIELDS[4]);
    assert_ptr_equal(itp_field_called(&DISHES, &ROWS[0].named, "oil", 3), &FIELDS[2]);
    assert_false(itp_reads(&ROWS[0].named, &FIELDS[2]));
    assert_null(itp_field_called(&DISHES, &ROWS[0].named, "oi", 2));
}

static void test_parameters(void **state)
{
    char text[160];
    (void)state;
    itp_kind_parameters(&DISHES, &ROWS[1].named, text, sizeof text);
    assert_string_equal(text, "salt (at least 0 and at most 9; 0), side (side; none), oil (positive and finite; 0.5), "
                              "heat (at least 40 and below 250; 180), taste");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),          cmocka_unit_test(test_rows),
        cmocka_unit_test(test_unknown_names),  cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_ranges),         cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_values_as_text), cmocka_unit_test(test_fields_by_name),
        cmocka_unit_test(test_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
