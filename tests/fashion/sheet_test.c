/* Pages: what is drawn is what a PNG reader finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <png.h>

#include "font.h"
#include "sheet.h"

#define PATH "sheet_test.png"
enum { WIDTH = 40, HEIGHT = 30 };

static void read_back(const sheet *page, unsigned char *pixels)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_int_equal(sheet_write(page, PATH), 0);
    assert_true(png_image_begin_read_from_file(&image, PATH));
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    image.format = PNG_FORMAT_GRAY;
    assert_true(png_image_finish_read(&image, NULL, pixels, WIDTH, NULL));
    assert_int_equal(remove(PATH), 0);
}

static void images_keep_their_pixels(void **state)
{
    const float image[9] = {0, 0, 0, 0, 0.6f, 0.6f, 0, 0.6f, 2};
    unsigned char pixels[WIDTH * HEIGHT];
    sheet *page = sheet_new(WIDTH, HEIGHT);
    (void)state;
    sheet_image(page, 4, 5, image, 3, 1);
    read_back(page, pixels);
    assert_int_equal(pixels[0], 255);
    assert_int_equal(pixels[5 * WIDTH + 4], 0);
    assert_int_equal(pixels[6 * WIDTH + 5], 153);
    assert_int_equal(pixels[7 * WIDTH + 6], 255);
    assert_int_equal(pixels[7 * WIDTH + 7], 255);
    sheet_free(page);
}

/* Constant images stay constant when enlarged, also at the border; a step keeps its sides. */
static void enlarged(void **state)
{
    const float flat[4] = {0.4f, 0.4f, 0.4f, 0.4f}, step[4] = {0, 1, 0, 1};
    unsigned char pixels[WIDTH * HEIGHT];
    sheet *page = sheet_new(WIDTH, HEIGHT);
    (void)state;
    sheet_image(page, 0, 0, flat, 2, 3);
    sheet_image(page, 10, 0, step, 2, 3);
    read_back(page, pixels);
    for (int i = 0; i < 36; i++) {
        assert_int_equal(pixels[i / 6 * WIDTH + i % 6], 102);
    }
    assert_int_equal(pixels[10], 0);
    assert_int_equal(pixels[15], 255);
    assert_in_range(pixels[12], 1, 127);
    assert_in_range(pixels[13], 128, 254);
    sheet_free(page);
}

static int ink(const unsigned char *pixels)
{
    int count = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        count += pixels[i] < 255;
    }
    return count;
}

static void text_stays_on_the_page(void **state)
{
    unsigned char pixels[WIDTH * HEIGHT];
    sheet *page = sheet_new(WIDTH, HEIGHT);
    (void)state;
    sheet_text(page, 2, 2, "i", 2);
    read_back(page, pixels);
    assert_int_equal(ink(pixels), 4 * (1 + 2 + 1 + 1 + 1 + 3));
    sheet_text(page, 30, 20, "abcdefghijklmnop", 3);
    read_back(page, pixels);
    assert_true(ink(pixels) > 36);
    sheet_free(page);
}

static void font_has_what_captions_need(void **state)
{
    (void)state;
    for (const char *c = "abcdefghijklmnopqrstuvwxyz0123456789,.-"; *c; c++) {
        int dots = 0;
        for (int i = 0; i < FONT_WIDTH * FONT_HEIGHT; i++) {
            dots += font_ink(*c, i % FONT_WIDTH, i / FONT_WIDTH);
        }
        assert_in_range(dots, 4, 20);
    }
    assert_int_equal(font_ink(' ', 2, 2), 0);
}

static void unwritable(void **state)
{
    sheet *page = sheet_new(WIDTH, HEIGHT);
    (void)state;
    assert_int_equal(sheet_write(page, "no such folder/x.png"), -1);
    sheet_free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_keep_their_pixels),
        cmocka_unit_test(enlarged),
        cmocka_unit_test(text_stays_on_the_page),
        cmocka_unit_test(font_has_what_captions_need),
        cmocka_unit_test(unwritable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
