/* The program as a user starts it: pictures, one sentence for bad options, and nothing else on stderr.
 * usage: program_test PATH_OF_FASHION */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include <interp/interp.h>

#define PICTURE "program_test.png"

typedef struct run {
    int status;
    char text[16384]; /* of the stream that was asked for */
} run;

static run start(const char *program, const char *arguments, const char *streams)
{
    char command[4096];
    run result = {0};
    snprintf(command, sizeof command, "'%s' %s %s", program, arguments, streams);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    result.text[fread(result.text, 1, sizeof result.text - 1, pipe)] = 0;
    result.status = pclose(pipe);
    return result;
}

static run errors_of(const char *program, const char *arguments)
{
    return start(program, arguments, "2>&1 >program_test.out");
}

/* The picture's size, and that it shows something: white paper and black cloth. */
static void check_picture(unsigned width, unsigned height)
{
    int seen[256] = {0};
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(&image, PICTURE));
    assert_int_equal(image.width, width);
    assert_int_equal(image.height, height);
    image.format = PNG_FORMAT_GRAY;
    unsigned char *pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_non_null(pixels);
    assert_true(png_image_finish_read(&image, NULL, pixels, (png_int_32)width, NULL));
    for (size_t i = 0; i < PNG_IMAGE_SIZE(image); i++) {
        seen[pixels[i]]++;
    }
    free(pixels);
    int white = seen[255], dark = 0;
    for (int i = 0; i < 100; i++) {
        dark += seen[i];
    }
    assert_true(white > (int)(width * height) / 5);
    assert_true(dark > (int)(width * height) / 50);
    assert_int_equal(remove(PICTURE), 0);
}

static void draws_a_contact_sheet(void **state)
{
    run r = errors_of(*state, "--evals 2 --count 20 --out " PICTURE);
    assert_string_equal(r.text, "");
    assert_int_equal(r.status, 0);
    check_picture(24 + (10 * 88 - 4 + 24), 24 + (30 + 2 * 88 - 4 + 24));
}

static void compares_schedules(void **state)
{
    run r = errors_of(*state, "--compare --schedule point-mass --count 10 --out " PICTURE);
    assert_string_equal(r.text, "");
    assert_int_equal(r.status, 0);
    check_picture(24 + 2 * (10 * 60 - 4 + 24), 24 + 2 * (30 + 60 - 4 + 24));
}

static void shows_the_same_path(void **state)
{
    run r = start(*state, "--same-path --evals 2 --count 4 --out " PICTURE, "2>program_test.out");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.text, "| linear     | euler-maruyama     | path  |    2,   16  |"));
    assert_non_null(strstr(r.text, "| point-mass | euler-maruyama     | fresh |    2,   16  |"));
    assert_non_null(strstr(r.text, "| linear     | sa-2               | path  |    2,   16  |"));
    check_picture(24 + 2 * (400 + 24), 24 + 5 * (30 + 60 - 4 + 24));
}

static void draws_with_noise(void **state)
{
    run r = errors_of(*state, "--solver edm-heun --churn 40 --k 0 --evals 4 --count 10 --out " PICTURE);
    assert_string_equal(r.text, "");
    check_picture(24 + (10 * 88 - 4 + 24), 24 + (30 + 88 - 4 + 24));
    r = errors_of(*state, "--schedule linear --solver euler-maruyama --diffusion sigma --norm 0.5 --last-step 0.04 "
                          "--noise steps --evals 8 --count 10 --out " PICTURE);
    assert_string_equal(r.text, "");
    check_picture(24 + (10 * 88 - 4 + 24), 24 + (30 + 88 - 4 + 24));
}

static void prints_a_table_with_noise(void **state)
{
    run r = start(*state, "--table --k 0.5 --evals 4 --samples 2", "2>program_test.out");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.text, "; k = 0.5: sa-2, 256)"));
    assert_non_null(strstr(r.text, "|  4 | linear        | unipc-bh2-2-sigma  | 0            |"));
    assert_non_null(strstr(r.text, "|  4 | point-mass    | euler-maruyama     | 0.5          |"));
    assert_non_null(strstr(r.text, "|  4 | linear        | stochastic-heun    | 0.5 SiT      |"));
    assert_non_null(strstr(r.text, "|  4 | linear        | edm-heun           | churn 40     |"));
    assert_null(strstr(r.text, "|  6 |"));
}

static void prints_a_table_of_one(void **state)
{
    run r = start(*state, "--table --solver ddpm --schedule linear --samples 2 --eta 0", "2>program_test.out");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.text, "|  4 | linear        | ddpm               | eta 0        |"));
    assert_non_null(strstr(r.text, "| 64 | linear        | ddpm               | eta 0        |"));
    assert_null(strstr(r.text, "euler"));
}

static void prints_a_table(void **state)
{
    run r = start(*state, "--table --samples 2", "2>program_test.out");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.text, "Real test images: Frechet distance"));
    assert_non_null(strstr(r.text, "|  2 | linear        | euler              | 0            |"));
    assert_non_null(strstr(r.text, "|  2 | linear        | rk4")); /* in shorter steps */
}

static void need_json(void)
{
    itp_plan *plan;
    if (itp_plan_from_json("", 0, NULL, &plan) == ITP_E_UNSUPPORTED) {
        print_message("# the library has no JSON\n");
        skip();
    }
}

static void draws_by_a_saved_plan(void **state)
{
    need_json();
    run r = errors_of(*state, "--plan fitted-2 --guidance 1.5 --class 3 --count 10 --out " PICTURE);
    assert_string_equal(r.text, "");
    assert_int_equal(r.status, 0);
    check_picture(24 + (10 * 88 - 4 + 24), 24 + (30 + 88 - 4 + 24));
    r = errors_of(*state,
                  "--compare --plan fitted-3 --schedule linear --solver ab2 --grid beta --count 10 --out " PICTURE);
    assert_string_equal(r.text, "");
    assert_int_equal(r.status, 0);
    check_picture(24 + 2 * (10 * 60 - 4 + 24), 24 + (30 + 60 - 4 + 24));
}

static void prints_a_table_with_a_saved_plan(void **state)
{
    need_json();
    run r = start(*state, "--table --plan fitted-5 --samples 2", "2>program_test.out");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.text, "The plan fitted-5 was fitted on 448 samples of seed 1, guidance 1."));
    assert_non_null(strstr(r.text, "|  5 | linear, beta    | ab2                | 0            |"));
    assert_non_null(strstr(r.text, "|  5 | saved plan      | fitted             | 0            |"));
    assert_non_null(strstr(r.text, "The converged samples themselves: Frechet distance "));
    assert_non_null(strstr(r.text, "|  5 | linear          | midpoint           | 0            |"));
    r = start(*state, "--table --plan fitted-2 --solver euler --schedule linear --samples 2", "2>program_test.out");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.text, "|  2 | linear        | euler              | 0            |"));
    assert_non_null(strstr(r.text, "|  2 | saved plan    | fitted             | 0            |"));
    assert_null(strstr(r.text, "ab2"));
}

/* One sentence: one line that names the program and ends with a full stop, or asks what was meant. */
static void one_sentence(run r)
{
    size_t length = strlen(r.text);
    print_message("# %s", r.text);
    assert_int_not_equal(r.status, 0);
    assert_true(length > 20);
    assert_memory_equal(r.text, "fashion: ", 9);
    assert_true(strchr(".?", r.text[length - 2]) && r.text[length - 1] == '\n');
    assert_ptr_equal(strchr(r.text, '\n'), r.text + length - 1);
}

static const char *const bad_options[] = {
    "--evals 0",
    "--evals 2x",
    "--evals",
    "--evals ''",
    "--nosuch",
    "-x",
    "word",
    "--schedule circle",
    "--solver guess",
    "--grid square",
    "--class 10",
    "--count 0",
    "--seed -1",
    "--s 0",
    "--k -1",
    "--guidance many",
    "--out ''",
    "--table --compare",
    "--table --same-path",
    "--same-path --compare",
    "--diffusion round",
    "--norm -1",
    "--eta much",
    "--churn -1",
    "--noise loud",
    "--ends open",
    "--last-step 0.9",
    "--k 1 --solver euler-ancestral",
    "--table --k 1 --solver euler-ancestral",
    "--table=1",
    "--weights ./nosuch",
    "--schedule point-mass --solver euler",
    "--schedule user",
    "--out nosuch/a.png --count 1 --evals 1",
    "--solver ddim --churn 1",
};

static const char *const bad_plans[] = {
    "--plan ''",
    "--plan",
    "--plan nosuch",
    "--plan nosuch/fitted-6",
    "--plan .",
    "--plan program_test.out",
    "--plan fitted-6 --evals 6",
    "--plan fitted-6 --same-path",
    "--plan fitted-6 --solver ab2",
    "--plan fitted-6 --k 1",
    "--s 1 --plan fitted-6",
    "--plan fitted-6 --weights ./nosuch",
    "--table --plan fitted-6 --evals 6",
};

static void refuses_with_one_sentence(void **state)
{
    for (size_t i = 0; i < sizeof bad_options / sizeof *bad_options; i++) {
        one_sentence(errors_of(*state, bad_options[i]));
    }
}

/* With JSON in the library and without. */
static void refuses_plans_with_one_sentence(void **state)
{
    for (size_t i = 0; i < sizeof bad_plans / sizeof *bad_plans; i++) {
        one_sentence(errors_of(*state, bad_plans[i]));
    }
}

static void helps(void **state)
{
    run r = start(*state, "--help", "2>&1");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.text, "--schedule NAME"));
    assert_non_null(strstr(r.text, "--weights FILE"));
    assert_non_null(strstr(r.text, "--plan FILE"));
}

static int clean(void **state)
{
    (void)state;
    remove(PICTURE);
    return remove("program_test.out");
}

int main(int argc, char **argv)
{
    void *program = argc == 2 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(draws_a_contact_sheet, program),
        cmocka_unit_test_prestate(compares_schedules, program),
        cmocka_unit_test_prestate(shows_the_same_path, program),
        cmocka_unit_test_prestate(draws_with_noise, program),
        cmocka_unit_test_prestate(prints_a_table, program),
        cmocka_unit_test_prestate(prints_a_table_with_noise, program),
        cmocka_unit_test_prestate(prints_a_table_of_one, program),
        cmocka_unit_test_prestate(draws_by_a_saved_plan, program),
        cmocka_unit_test_prestate(prints_a_table_with_a_saved_plan, program),
        cmocka_unit_test_prestate(refuses_with_one_sentence, program),
        cmocka_unit_test_prestate(refuses_plans_with_one_sentence, program),
        cmocka_unit_test_prestate(helps, program),
    };
    return program ? cmocka_run_group_tests(tests, NULL, clean) : EXIT_FAILURE;
}
