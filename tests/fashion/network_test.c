/* The network and the classifier in C give what torch gave for the shipped weights: values recorded by
 * examples/fashion/train/export.py. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models.h"

enum { CASES = 8 };

typedef struct fixture {
    models m;
    safetensors *recorded;
} fixture;

static int open_files(void **state)
{
    static fixture f;
    *state = &f;
    const char *why = models_open(&f.m, FASHION_FILE);
    why = why ? why : safetensors_open(RECORDED_FILE, &f.recorded);
    if (why) {
        print_message("# %s\n", why);
    }
    return why ? -1 : 0;
}

static int close_files(void **state)
{
    fixture *f = *state;
    safetensors_free(f->recorded);
    models_close(&f->m);
    return 0;
}

static const float *recorded(const fixture *f, const char *name, size_t columns)
{
    const float *values = safetensors_floats(f->recorded, name, CASES, columns);
    assert_non_null(values);
    return values;
}

static double worst(const float *a, const float *b, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double off = fabs((double)a[i] - (double)b[i]);
        most = off > most || isnan(off) ? off : most;
    }
    return most;
}

static void velocity_of_torch(void **state)
{
    const fixture *f = *state;
    const float *x = recorded(f, "x", IMAGE_PIXELS), *expected = recorded(f, "velocity", IMAGE_PIXELS);
    const float *time = recorded(f, "time", 1), *label = recorded(f, "label", 1);
    float velocity[IMAGE_PIXELS];
    for (size_t i = 0; i < CASES; i++) {
        int32_t class = (int32_t)label[i];
        network_evaluate(f->m.net, x + i * IMAGE_PIXELS, (double)time[i], &class, velocity, 1);
        double off = worst(velocity, expected + i * IMAGE_PIXELS, IMAGE_PIXELS);
        print_message("# t = %g, class %d: %.1e\n", (double)time[i], (int)class, off);
        assert_true(off < 1e-4);
    }
}

/* The classes of a batch do not mix, and the place in a batch makes no difference but rounding. */
static void batch_is_its_images(void **state)
{
    const fixture *f = *state;
    const float *x = recorded(f, "x", IMAGE_PIXELS);
    const int32_t labels[CASES] = {3, 10, 0, 0, 9, 5, 1, 10};
    float together[CASES * IMAGE_PIXELS], alone[IMAGE_PIXELS];
    network_evaluate(f->m.net, x, 0.3, labels, together, CASES);
    for (size_t i = 0; i < CASES; i++) {
        network_evaluate(f->m.net, x + i * IMAGE_PIXELS, 0.3, &labels[i], alone, 1);
        assert_true(worst(together + i * IMAGE_PIXELS, alone, IMAGE_PIXELS) < 1e-4);
    }
}

static void class_and_time_matter(void **state)
{
    const fixture *f = *state;
    const float *x = recorded(f, "x", IMAGE_PIXELS);
    const int32_t trouser = 1, bag = 8;
    float a[IMAGE_PIXELS], b[IMAGE_PIXELS], c[IMAGE_PIXELS];
    network_evaluate(f->m.net, x, 0.1, &trouser, a, 1);
    network_evaluate(f->m.net, x, 0.1, &bag, b, 1);
    network_evaluate(f->m.net, x, 0.2, &trouser, c, 1);
    assert_true(worst(a, b, IMAGE_PIXELS) > 0.1);
    assert_true(worst(a, c, IMAGE_PIXELS) > 0.01);
}

static void classifier_of_torch(void **state)
{
    const fixture *f = *state;
    float features[CASES * FEATURES], logits[CASES * CLASSES];
    classifier_evaluate(f->m.judge, recorded(f, "images", IMAGE_PIXELS), CASES, features, logits);
    assert_true(worst(features, recorded(f, "features", FEATURES), CASES * FEATURES) < 1e-4);
    assert_true(worst(logits, recorded(f, "logits", CLASSES), CASES * CLASSES) < 1e-4);
}

static void sizes(void **state)
{
    const fixture *f = *state;
    assert_int_equal(network_null_class(f->m.net), CLASSES);
    assert_true(network_capacity(f->m.net) >= CASES);
    assert_true(f->m.test_count == 5000);
    assert_true(*f->m.accuracy > 0.9 && *f->m.accuracy < 1);
}

static void files_without_a_network(void **state)
{
    const fixture *f = *state;
    network *net;
    classifier *judge;
    assert_non_null(network_new(f->recorded, 1, &net));
    assert_null(net);
    assert_non_null(classifier_new(f->recorded, 1, &judge));
    assert_null(judge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(velocity_of_torch),
        cmocka_unit_test(batch_is_its_images),
        cmocka_unit_test(class_and_time_matter),
        cmocka_unit_test(classifier_of_torch),
        cmocka_unit_test(sizes),
        cmocka_unit_test(files_without_a_network),
    };
    return cmocka_run_group_tests(tests, open_files, close_files);
}
