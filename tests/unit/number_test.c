/* Decimal numbers: read, printed, in the locales that this machine has. A number is read as the compiler reads the
 * same digits, halfway cases and the ends of the range among them; none is printed with a digit more than it needs
 * to be read back. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"

#include "base/number.h"

typedef struct read_row {
    const char *text;
    int good;
    double value;
} read_row;

static const read_row READS[] = {
    {"0", 1, 0},
    {"-0", 1, -0.0},
    {".5", 1, .5},
    {"+5.", 1, 5},
    {"8.5", 1, 8.5},
    {"1e3", 1, 1000},
    {"1E-3", 1, .001},
    {"0.1000000000000000055511151231257827", 1, .1},
    {"9007199254740993", 1, 9007199254740992.0},
    {"5e-324", 1, 5e-324},
    {"2.4703282292062327e-324", 1, 0},
    {"1.7976931348623158e308", 1, DBL_MAX},
    {"1e-999", 1, 0},
    {"1e999", 1, INFINITY},
    {"", 0, 0},
    {".", 0, 0},
    {"-", 0, 0},
    {"e5", 0, 0},
    {"1e", 0, 0},
    {"1e+", 0, 0},
    {" 1", 0, 0},
    {"1 ", 0, 0},
    {"1,5", 0, 0},
    {"--1", 0, 0},
    {"1.2.3", 0, 0},
    {"0x10", 0, 0},
    {"inf", 0, 0},
    {"nan", 0, 0},
    {"00000000000000000000000000000000000000000000000000000000000000000000000000000000001", 0, 0},
};

static const struct {
    double value;
    const char *text;
} PRINTS[] = {
    {0, "0"},
    {-0.0, "-0"},
    {.5, "0.5"},
    {-7.25, "-7.25"},
    {1000, "1000"},
    {123456789, "123456789"},
    {.00085, "0.00085"},
    {1. / 3, "0.3333333333333333"},
    {.1 + .2, "0.30000000000000004"},
    {5e-324, "5e-324"},
    {1e30, "1e+30"},
    {DBL_MAX, "1.7976931348623157e+308"},
};

static int same_bits(double a, double b)
{
    return !memcmp(&a, &b, sizeof a);
}

static void check_reads(void)
{
    for (int i = 0; i < COUNT(READS); i++) {
        double value = 0;
        check_status(READS[i].text, itp_number_read(READS[i].text, strlen(READS[i].text), &value), READS[i].good);
        check_true(READS[i].text, !READS[i].good || same_bits(value, READS[i].value));
    }
}

static void check_prints(void)
{
    for (int i = 0; i < COUNT(PRINTS); i++) {
        char text[ITP_NUMBER_ROOM];
        size_t length = itp_number_print(PRINTS[i].value, text);
        assert_int_equal(length, strlen(text));
        assert_string_equal(text, PRINTS[i].text);
    }
}

/* Random bits, and a few digits: what is printed has no digit too many, and reads back. */
static void check_round_trips(int count)
{
    uint64_t bits = 88172645463325252U;
    for (int i = 0; i < count; i++) {
        char text[ITP_NUMBER_ROOM];
        double value, back = 0;
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        value = i % 2 ? (double)(bits % 100000) / 1000 : value;
        if (!isfinite(value)) continue;
        size_t length = itp_number_print(value, text);
        check_true(text, length < ITP_NUMBER_ROOM && itp_number_read(text, length, &back) && same_bits(back, value));
        check_true(text, i % 2 == 0 || length <= 6);
    }
}

static void in_this_locale(void **state)
{
    (void)state;
    check_reads();
    check_prints();
    check_round_trips(20000);
}

/* de: a comma. ps, fa: a point of two bytes. Results are looked at after the locale is the old one again. */
static void in_other_locales(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "nl_NL.UTF-8", "ru_RU.UTF-8",
                                        "pl_PL.UTF-8", "es_ES.UTF-8", "ps_AF.UTF-8", "fa_IR.UTF-8"};
    int seen = 0;
    for (int i = 0; i < COUNT(names); i++) {
        if (setlocale(LC_NUMERIC, names[i])) {
            check_reads();
            check_prints();
            check_round_trips(2000);
            setlocale(LC_NUMERIC, "C");
            seen++;
        }
    }
    print_message("# %d other locales on this machine\n", seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_this_locale), cmocka_unit_test(in_other_locales)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
