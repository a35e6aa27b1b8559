/* Text read into structs and printed again, by the tables of toy kinds: every rule of the grammar, and what every
 * mistake is called. */
#include <stdlib.h>
#include <string.h>

#include "../../lib/base/field.h"
#include "../../lib/text/printing.h"
#include "../../lib/text/reading.h"
#include "../common/capture.h"
#include "../common/check.h"

/* ---- a kitchen ---- */

enum { READS_OIL = 1, READS_HEAT = 2, READS_TIMES = 4 };

typedef struct dish {
    size_t size;
    int32_t kind, salt, side, time_count;
    double oil, heat;
    const double *times;
    const itp_schedule *schedule;
    void *taste;
} dish;

/* A drink has no id: its name fills it. */
typedef struct drink {
    size_t size;
    double sugar, ice;
} drink;

typedef struct meal {
    size_t size;
    int32_t guests, side;
    double tip;
    const itp_schedule *schedule;
    dish first, second;
    drink drink;
} meal;

static const itp_named SIDE_ROWS[] = {
    {ITP_WORDS("none", "", ""), 0, 0}, {ITP_WORDS("rice", "", ""), 1, 0}, {ITP_WORDS("1000(1-t)", "", ""), 2, 0}};
static const itp_kind SIDES = {
    .name = "side", .rows = SIDE_ROWS, .stride = sizeof SIDE_ROWS[0], .count = COUNT(SIDE_ROWS)};

static const itp_named CLOCK_ROWS[] = {{ITP_WORDS("default", "", ""), 0, 0}, {ITP_WORDS("angle", "", ""), 1, 0}};
static const itp_kind CLOCKS = {
    .name = "clock", .rows = CLOCK_ROWS, .stride = sizeof CLOCK_ROWS[0], .count = COUNT(CLOCK_ROWS)};
static const itp_named SCHEDULE_ROWS[] = {{ITP_WORDS("linear", "", ""), ITP_SCHEDULE_LINEAR, 0},
                                          {ITP_WORDS("lazy", "", ""), ITP_SCHEDULE_LAZY, READS_OIL},
                                          {ITP_WORDS("table", "", ""), ITP_SCHEDULE_TABLE, READS_TIMES}};
static const itp_field SCHEDULE_FIELDS[] = {
    {.name = ITP_FIELD_WORDS("s", ""),
     .at = offsetof(itp_schedule_desc, s),
     .range = ITP_ABOVE | ITP_NO_HIGH,
     .reads = READS_OIL,
     .otherwise = 1},
    {.name = ITP_FIELD_WORDS("clock", ""),
     .at = offsetof(itp_schedule_desc, clock),
     .type = ITP_FIELD_CHOICE,
     .reads = READS_OIL,
     .choice = &CLOCKS},
    {.name = ITP_FIELD_WORDS("alphas_cumprod", ""),
     .at = offsetof(itp_schedule_desc, alphas_cumprod),
     .count_at = offsetof(itp_schedule_desc, count),
     .type = ITP_FIELD_REALS,
     .reads = READS_TIMES},
};
static const itp_kind SCHEDULES = {.name = "schedule",
                                   .rows = SCHEDULE_ROWS,
                                   .fields = SCHEDULE_FIELDS,
                                   .stride = sizeof SCHEDULE_ROWS[0],
                                   .count = COUNT(SCHEDULE_ROWS),
                                   .field_count = COUNT(SCHEDULE_FIELDS),
                                   .id_at = offsetof(itp_schedule_desc, kind)};

static const itp_named DISH_ROWS[] = {
    {ITP_WORDS("boiled", "poached,in-water", "in water"), 1, 0},
    {ITP_WORDS("fried", "saute", "in a pan"), 2, READS_OIL | READS_HEAT},
    {ITP_WORDS("dumplings-pp", "", "in steam"), 3, READS_HEAT | READS_TIMES},
};
static const itp_field DISH_FIELDS[] = {
    {.name = ITP_FIELD_WORDS("times", ""),
     .at = offsetof(dish, times),
     .count_at = offsetof(dish, time_count),
     .type = ITP_FIELD_REALS,
     .reads = READS_TIMES},
    {.name = ITP_FIELD_WORDS("salt", "grains"), .at = offsetof(dish, salt), .type = ITP_FIELD_WHOLE, .high = 9},
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
    {.name = ITP_FIELD_WORDS("side", ""), .at = offsetof(dish, side), .type = ITP_FIELD_CHOICE, .choice = &SIDES},
    {.name = ITP_FIELD_WORDS("schedule", ""),
     .at = offsetof(dish, schedule),
     .type = ITP_FIELD_SCHEDULE,
     .choice = &SCHEDULES},
    {.name = ITP_FIELD_WORDS("taste", ""), .at = offsetof(dish, taste), .type = ITP_FIELD_POINTER},
};
static const itp_kind DISHES = {.name = "dish",
                                .rows = DISH_ROWS,
                                .fields = DISH_FIELDS,
                                .stride = sizeof DISH_ROWS[0],
                                .count = COUNT(DISH_ROWS),
                                .field_count = COUNT(DISH_FIELDS),
                                .id_at = offsetof(dish, kind)};

static const itp_named DRINK_ROWS[] = {{ITP_WORDS("water", "", ""), 1, READS_HEAT},
                                       {ITP_WORDS("cola", "coke", ""), 2, READS_HEAT | READS_OIL}};
static const itp_field DRINK_FIELDS[] = {
    {.name = ITP_FIELD_WORDS("sugar", ""), .at = offsetof(drink, sugar), .range = ITP_NO_HIGH, .reads = READS_OIL},
    {.name = ITP_FIELD_WORDS("ice", ""), .at = offsetof(drink, ice), .range = ITP_NO_HIGH, .reads = READS_HEAT},
};

static void fill_drink(const itp_named *row, void *to)
{
    drink *of = to;
    of->sugar = row->id == 2 ? 1 : 0;
    of->ice = row->id - 1;
}

static const itp_named *chosen_drink(const itp_kind *drinks, const void *from)
{
    const drink *of = from;
    (void)drinks;
    return of->sugar > 0 ? &DRINK_ROWS[1] : &DRINK_ROWS[0];
}

static const itp_kind DRINKS = {.name = "drink",
                                .rows = DRINK_ROWS,
                                .fields = DRINK_FIELDS,
                                .stride = sizeof DRINK_ROWS[0],
                                .count = COUNT(DRINK_ROWS),
                                .field_count = COUNT(DRINK_FIELDS),
                                .fill = fill_drink,
                                .chosen = chosen_drink};

static const itp_named MEAL_ROWS[] = {{ITP_WORDS("a meal", "", ""), 0, 0}};
static const itp_field MEAL_FIELDS[] = {
    {.name = ITP_FIELD_WORDS("schedule", ""),
     .at = offsetof(meal, schedule),
     .type = ITP_FIELD_SCHEDULE,
     .choice = &SCHEDULES},
    {.name = ITP_FIELD_WORDS("first", ""), .at = offsetof(meal, first), .type = ITP_FIELD_PART, .choice = &DISHES},
    {.name = ITP_FIELD_WORDS("second", ""), .at = offsetof(meal, second), .type = ITP_FIELD_PART, .choice = &DISHES},
    {.name = ITP_FIELD_WORDS("drink", ""), .at = offsetof(meal, drink), .type = ITP_FIELD_PART, .choice = &DRINKS},
    {.name = ITP_FIELD_WORDS("guests", ""),
     .at = offsetof(meal, guests),
     .type = ITP_FIELD_WHOLE,
     .low = 1,
     .high = 100,
     .otherwise = 2},
    {.name = ITP_FIELD_WORDS("tip", ""), .at = offsetof(meal, tip), .range = ITP_NO_HIGH},
    {.name = ITP_FIELD_WORDS("side", ""), .at = offsetof(meal, side), .type = ITP_FIELD_CHOICE, .choice = &SIDES},
};
static const itp_kind MEALS = {.name = "meal",
                               .rows = MEAL_ROWS,
                               .fields = MEAL_FIELDS,
                               .stride = sizeof MEAL_ROWS[0],
                               .count = COUNT(MEAL_ROWS),
                               .field_count = COUNT(MEAL_FIELDS)};

/* ---- read and printed ---- */

typedef struct eaten {
    int status;
    char said[512], printed[512];
} eaten;

/* What a text comes to when it is read and printed again. */
static eaten eat(const char *text)
{
    eaten out = {0, "", ""};
    capture c;
    meal of;
    uint64_t given;
    itp_env env = capture_env(&c);
    const itp_report log = {.hook = c.log};
    itp_memory memory;
    itp_page page = {out.printed, sizeof out.printed, 0};
    memset(&of, 0, sizeof of);
    assert_int_equal(itp_memory_from(NULL, &memory), ITP_OK);
    itp_reading reading = {.text = text, .at = text, .log = &log, .memory = &memory, .env = &env};
    out.status = itp_read_items(&reading, &MEALS, &of, &given);
    if (!out.status) {
        check_status(text, itp_print_items(&page, &MEALS, &of, &log), ITP_OK);
    }
    itp_reading_free(&reading);
    memcpy(out.said, c.text, sizeof out.said);
    return out;
}

static const struct {
    const char *text, *printed;
} GOOD[] = {
    {"", "drink=water"},
    {"drink=water", "drink=water"},
    {"  guests=8\t", "drink=water guests=8"},
    {"guests = 8", "drink=water guests=8"},
    {"guests=8.0 tip=.5", "drink=water guests=8 tip=0.5"},
    {"first=fried", "first=fried drink=water"},
    {"first=fried()", "first=fried drink=water"},
    {"first=Saute(oil=.1)", "first=fried(oil=0.1) drink=water"},
    {"first=fried(oil=.5,heat=180)", "first=fried drink=water"},
    {"first=fried(3, .1, 200)", "first=fried(salt=3, oil=0.1, heat=200) drink=water"},
    {"first=fried( 3 ,heat = 200 )", "first=fried(salt=3, heat=200) drink=water"},
    {"first=boiled(3, rice)", "first=boiled(salt=3, side=rice) drink=water"},
    {"first=\"In Water\"(side=\"rice\")", "first=boiled(side=rice) drink=water"},
    {"side=1000(1-t)", "drink=water side=1000(1-t)"},
    {"first=boiled(side=1000(1-t), salt=1)", "first=boiled(salt=1, side=1000(1-t)) drink=water"},
    {"first=boiled(1, 1000(1-t))", "first=boiled(salt=1, side=1000(1-t)) drink=water"},
    {"first=\"Dumplings ++\"(0, .3, 1)", "first=dumplings-pp(times=[0, 0.3, 1]) drink=water"},
    {"first=dumplings_pp([0, .3, 1], 4)", "first=dumplings-pp(times=[0, 0.3, 1], salt=4) drink=water"},
    {"first=dumplings-pp(0,.3,1,salt=4)", "first=dumplings-pp(times=[0, 0.3, 1], salt=4) drink=water"},
    {"first=dumplings-pp(salt=4, times=[ 1 ])", "first=dumplings-pp(times=[1], salt=4) drink=water"},
    {"schedule=lazy(s=.5) first=boiled(schedule=linear)",
     "schedule=lazy(s=0.5) first=boiled(schedule=linear) drink=water"},
    {"schedule=lazy(s=1, clock=angle)", "schedule=lazy(clock=angle) drink=water"},
    {"schedule=table(.9, .5, .1)", "schedule=table(alphas_cumprod=[0.9, 0.5, 0.1]) drink=water"},
    {"drink=cola", "drink=cola"},
    {"drink=coke(ice=0)", "drink=cola(ice=0)"},
    {"drink=cola(sugar=2)", "drink=cola(sugar=2)"},
    {"first=boiled second=boiled(1)", "second=boiled(salt=1) drink=water"},
};

static void good_texts(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(GOOD); i++) {
        eaten once = eat(GOOD[i].text), again = eat(once.printed);
        check_status(once.said, once.status, ITP_OK);
        assert_string_equal(once.printed, GOOD[i].printed);
        check_status(again.said, again.status, ITP_OK);
        assert_string_equal(again.printed, GOOD[i].printed);
    }
}

static const struct {
    const char *text;
    int status;
    const char *said;
} BAD[] = {
    {"fried", ITP_E_ARGUMENT, "meal: key=value is wanted at character 1, not \"fried\"."},
    {"first", ITP_E_ARGUMENT, "meal: key=value is wanted at character 1, not \"first\"."},
    {"=fried", ITP_E_ARGUMENT, "meal: key=value is wanted at character 1, not \"=fried\"."},
    {"first=", ITP_E_ARGUMENT, "dish: a name is wanted at character 7, where the text ends."},
    {"first=(1)", ITP_E_ARGUMENT, "dish: a name is wanted at character 7, not \"(1)\"."},
    {"first=\"fried", ITP_E_ARGUMENT, "dish: a name is wanted at character 7, not \"\"fried\"."},
    {"firt=fried", ITP_E_UNSUPPORTED, "meal: a meal has no \"firt\"; did you mean first?"},
    {"x=1", ITP_E_UNSUPPORTED, "meal: a meal has no \"x\"."},
    {"first=frid", ITP_E_UNSUPPORTED, "dish: \"frid\" is unknown; did you mean fried?"},
    {"first=fryed(oil=1)", ITP_E_UNSUPPORTED, "dish: \"fryed\" is unknown; did you mean fried?"},
    {"first=boiled first=fried", ITP_E_ARGUMENT, "meal: first is given twice, again at character 20."},
    {"first=fried(3, salt=4)", ITP_E_ARGUMENT, "dish: salt is given twice, again at character 21."},
    {"first=fried(oi=1)", ITP_E_UNSUPPORTED, "dish: fried has no \"oi\"; did you mean oil?"},
    {"first=boiled(oil=1)", ITP_E_UNSUPPORTED,
     "oil: 1, but dish \"boiled\" does not read it; leave it out, or take one that does: fried."},
    {"first=boiled(oil=.5)", ITP_E_UNSUPPORTED,
     "oil: 0.5, but dish \"boiled\" does not read it; leave it out, or take one that does: fried."},
    {"first=fried(oil=0)", ITP_E_RANGE, "oil: 0, it must be positive and finite."},
    {"first=fried(oil=-1)", ITP_E_RANGE, "oil: -1, it must be positive and finite."},
    {"first=fried(heat=250)", ITP_E_RANGE, "heat: 250, it must be at least 40 and below 250."},
    {"guests=0", ITP_E_RANGE, "guests: 0, it must be at least 1 and at most 100."},
    {"guests=8.5", ITP_E_ARGUMENT, "guests: a whole number is wanted at character 8, not \"8.5\"."},
    {"guests=99999999999", ITP_E_RANGE, "guests: 99999999999 is too large."},
    {"guests=eight", ITP_E_ARGUMENT, "guests: a whole number is wanted at character 8, not \"eight\"."},
    {"guests=\"8\"", ITP_E_ARGUMENT, "guests: a whole number is wanted at character 8, not \"\"8\"\"."},
    {"tip=1e999", ITP_E_RANGE, "tip: 1e999 is too large."},
    {"tip=nan", ITP_E_ARGUMENT, "tip: a number is wanted at character 5, not \"nan\"."},
    {"tip=0,5", ITP_E_ARGUMENT, "meal: a blank is wanted at character 6, not \",5\"."},
    {"tip=1)", ITP_E_ARGUMENT, "meal: a blank is wanted at character 6, not \")\"."},
    {"first=fried(oil=1", ITP_E_ARGUMENT, "dish: \",\" or \")\" is wanted at character 18, where the text ends."},
    {"first=fried(oil=1 heat=200)", ITP_E_ARGUMENT,
     "dish: \",\" or \")\" is wanted at character 19, not \"heat=200)\"."},
    {"first=fried(oil=1))", ITP_E_ARGUMENT, "meal: a blank is wanted at character 19, not \")\"."},
    {"first=fried(oil=1)heat", ITP_E_ARGUMENT, "meal: a blank is wanted at character 19, not \"heat\"."},
    {"first=fried(1, 2, 100, rice, linear, 5)", ITP_E_ARGUMENT,
     "dish: key=value is wanted at character 38, not \"5)\"."},
    {"first=boiled(,)", ITP_E_ARGUMENT, "salt: a whole number is wanted at character 14, not \",)\"."},
    {"first=dumplings-pp([1, 2)", ITP_E_ARGUMENT, "times: \"]\" is wanted at character 25, not \")\"."},
    {"first=dumplings-pp([])", ITP_E_ARGUMENT, "times: a number is wanted at character 21, not \"])\"."},
    {"first=dumplings-pp(1, rice)", ITP_E_ARGUMENT, "times: a number is wanted at character 23, not \"rice)\"."},
    {"first=boiled(taste=1)", ITP_E_UNSUPPORTED,
     "taste: a function of the program's, which no text can name; set it in the struct."},
    {"schedule=lazi", ITP_E_UNSUPPORTED, "schedule: \"lazi\" is unknown; did you mean lazy?"},
    {"schedule=table([.9])", ITP_E_RANGE, "table: count is 1, it must be 2 to 2^24."},
};

static void bad_texts(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(BAD); i++) {
        eaten of = eat(BAD[i].text);
        assert_string_equal(of.said, BAD[i].said);
        check_status(BAD[i].text, of.status, BAD[i].status);
    }
}

/* A program's own pointer is not printed. */
static void what_no_text_says(void **state)
{
    (void)state;
    char text[64];
    capture c;
    (void)capture_env(&c);
    const itp_report log = {.hook = c.log};
    itp_page page = {text, sizeof text, 0};
    dish of = {.kind = 1, .taste = text};
    check_status("taste", itp_print_named(&page, &DISHES, &DISH_ROWS[0], &of, &log), ITP_E_UNSUPPORTED);
    assert_string_equal(c.text, "taste: a function of the program's, which no text can name; save the plan as JSON.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_texts), cmocka_unit_test(bad_texts),
                                       cmocka_unit_test(what_no_text_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
