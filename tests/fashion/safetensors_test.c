/* Files in the safetensors format: values that were written by hand are read back, and a file that is cut, or whose
 * header says what cannot be, is refused without a read outside it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "safetensors.h"

#define PATH "safetensors_test.tmp"

static const char header[] = "{\"__metadata__\":{\"about\":\"a test\"},"
                             "\"half\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12]},"
                             "\"single\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]},"
                             "\"double\":{\"data_offsets\":[16,24],\"shape\":[],\"dtype\":\"F64\"} }  ";
static const unsigned char data[24] = {
    0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00, 0x00, 0x7c, 0x00, 0x80, /* 1, -2, 65504, 2^-24, infinity, -0 */
    0x00, 0x00, 0xc0, 0x3f, 0x18, 0x2d, 0x44, 0x54, 0xfb, 0x21, 0x09, 0x40, /* 1.5, pi */
};

static const char *open_bytes(const unsigned char *bytes, size_t size, safetensors **out)
{
    FILE *stream = fopen(PATH, "wb");
    assert_non_null(stream);
    assert_true(fwrite(bytes, 1, size, stream) == size);
    assert_int_equal(fclose(stream), 0);
    return safetensors_open(PATH, out);
}

static size_t compose(const char *text, unsigned char *bytes)
{
    size_t length = strlen(text);
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(length >> (8 * i));
    }
    memcpy(bytes + 8, text, length);
    memcpy(bytes + 8 + length, data, sizeof data);
    return 8 + length + sizeof data;
}

static int refused(const char *text)
{
    unsigned char bytes[2048];
    safetensors *file;
    const char *why = open_bytes(bytes, compose(text, bytes), &file);
    assert_true(why ? file == NULL && *why : file != NULL);
    safetensors_free(file);
    return why != NULL;
}

static void values(void **state)
{
    const float expected[6] = {1, -2, 65504, 0x1p-24f, INFINITY, -0.0f};
    unsigned char bytes[2048];
    safetensors *file;
    (void)state;
    assert_null(open_bytes(bytes, compose(header, bytes), &file));
    assert_memory_equal(safetensors_floats(file, "half", 2, 3), expected, sizeof expected);
    assert_true(*safetensors_floats(file, "single", 1, 1) == 1.5f);
    assert_true(fabs(*safetensors_doubles(file, "double", 1, 1) - 3.14159265358979) < 1e-14);
    assert_null(safetensors_floats(file, "half", 3, 2));
    assert_null(safetensors_floats(file, "double", 1, 1));
    assert_null(safetensors_doubles(file, "half", 2, 3));
    assert_null(safetensors_find(file, "__metadata__"));
    assert_null(safetensors_find(file, "hal"));
    assert_int_equal(safetensors_find(file, "half")->rank, 2);
    safetensors_free(file);
}

static void cut_short(void **state)
{
    unsigned char bytes[2048];
    size_t size = compose(header, bytes);
    (void)state;
    for (size_t kept = 0; kept < size; kept++) {
        safetensors *file;
        assert_non_null(open_bytes(bytes, kept, &file));
        assert_null(file);
    }
}

/* Any byte may be anything: refused or not, nothing outside the file is read (the sanitizers look on). */
static void any_byte_changed(void **state)
{
    unsigned char bytes[2048];
    size_t size = compose(header, bytes), bad = 0;
    (void)state;
    for (size_t i = 0; i < size - sizeof data; i++) {
        unsigned char was = bytes[i];
        safetensors *file;
        bytes[i] ^= (unsigned char)(1u << i % 8);
        bad += open_bytes(bytes, size, &file) != NULL;
        safetensors_free(file);
        bytes[i] = was;
    }
    assert_true(bad > (size - sizeof data) / 2);
}

static void damaged_headers(void **state)
{
    static const char *const texts[] = {
        "",
        "[]",
        "{",
        "{} x",
        "{\"a\"}",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[7],\"data_offsets\":[0,28]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[24,28]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},}",
        "{\"a\\u0062\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
        "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"a name that is longer than any name of a tensor in a file of this program, and then some\":"
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
    };
    (void)state;
    assert_false(refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"));
    assert_false(refused("{}"));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!refused(texts[i])) {
            print_message("# accepted: %s\n", texts[i]);
            fail();
        }
    }
}

static void header_longer_than_the_file(void **state)
{
    unsigned char bytes[2048];
    size_t size = compose(header, bytes);
    safetensors *file;
    (void)state;
    memset(bytes, 0xff, 8);
    assert_non_null(open_bytes(bytes, size, &file));
    assert_null(file);
    assert_non_null(safetensors_open("no such file", &file));
    assert_null(file);
}

static int remove_file(void **state)
{
    (void)state;
    return remove(PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(cut_short),
        cmocka_unit_test(any_byte_changed),
        cmocka_unit_test(damaged_headers),
        cmocka_unit_test(header_longer_than_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, remove_file);
}
