/* torch's generators against torch: digests of its float32 draws on the CPU, bit for bit; its float64 ones and a GPU's
 * to the last places. */
#include <interp/interp.h>

#include <fenv.h>
#include <math.h>
#include <string.h>

#include "../common/check.h"

enum { SIZES = 13, MOST = 16384 + 5 };

/* FNV-1a of the bytes of successive torch.randn(n), after torch.manual_seed(seed); torch 1.13, AVX2. */
static const size_t sizes[SIZES] = {1, 2, 7, 15, 16, 17, 31, 32, 33, 1000, 16384, 3, MOST};
static const struct {
    uint64_t seed, digest[SIZES];
} known[] = {{0U,
              {0x1877733c12d64cbcU, 0x0047eb1067c8ea68U, 0x702ae764bd3a6f97U, 0x608c8012d93c07a8U, 0x4a50468706b51ccaU,
               0xce20d78946b8984cU, 0x8acb6c81904bff1bU, 0xcf9a609def1e7568U, 0x8de0124974ecc6a6U, 0x40bd6afc5fed887cU,
               0x8cc3e7ec866e70edU, 0xe9c7bde0f9ab1d1fU, 0xa102f97a51c30758U}},
             {1U,
              {0xfe198a8b5a4603d3U, 0xdc28def93945c15dU, 0x5e7560db019049faU, 0x5f8f34c19462901bU, 0x4bf4e1bbfa956e4eU,
               0xf1cbd245f861796fU, 0x5f9a4f068fd2e20eU, 0x266716cc416804e5U, 0x9a482cd5fd38c79bU, 0x1f7ac881c6d64050U,
               0x1162e08454393f3bU, 0x4589b57d2d7f69c4U, 0x89a96d385cde83c5U}},
             {42U,
              {0x339a81d29fc978d3U, 0x925ab76e12d6c3b0U, 0x35956b33320a4c1bU, 0xdc52f42a343ceb60U, 0xfa26eca6ba8525a5U,
               0x40a8e5b9a4cb6f50U, 0x499e2ea5e5cbd75eU, 0x45b95feb2a3d8de0U, 0xae1a42a24182f1d9U, 0x8f81983782416c1eU,
               0xd39b1f411eb3be94U, 0xf360aa25980d2c22U, 0xf4c40759f95c6f40U}},
             {4294967301U,
              {0x98e5cffa3bb28dc7U, 0x5f0d5b29ca637538U, 0x950350a83d1d9e39U, 0xcc1f8025866d5d4eU, 0x104b3792ebb1298cU,
               0xfd3641231152ce47U, 0x526ed33c3668f4fbU, 0x8597270b7ef2f756U, 0xbe5e3544699ac452U, 0x791f03a285139089U,
               0x18706fc2ccd05fd6U, 0x9692fe3362d1eb8eU, 0xb3beb8f6c631235cU}},
             {9223372036854775807U,
              {0x9b4a0a0b8016c1cdU, 0xa071eb247a04eee2U, 0x3e7cee88ccf7947dU, 0x02938342b89b4c2eU, 0x7c7cb23e4e1c09deU,
               0x41627236d7ac9754U, 0x36af806b18cadce0U, 0x987f6b209b208c82U, 0x169e070ecfe502b8U, 0x0948a4561ed8c4d3U,
               0xa478a669eedefb27U, 0xf767c0d151aa5d39U, 0xd24091a20114941bU}}};

static uint64_t digest(const float *x, size_t count)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < count; i++) {
        uint32_t word;
        memcpy(&word, &x[i], sizeof word);
        for (int j = 0; j < 4; j++) hash = (hash ^ (word >> (8 * j) & 0xff)) * 0x100000001b3U;
    }
    return hash;
}

static itp_noise_request request_of(int32_t type, size_t count)
{
    itp_noise_request request = {.size = sizeof request, .count = 1, .dim = count, .type = type};
    return request;
}

static void draw_cpu(itp_torch_cpu *generator, int32_t type, void *out, size_t count)
{
    itp_noise_request request = request_of(type, count);
    check_status("draw", itp_torch_cpu_draw(generator, &request, out), ITP_OK);
}

static float x[MOST];

static void the_cpu_bit_for_bit(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(known); i++) {
        itp_torch_cpu generator = {.seed = known[i].seed};
        for (int j = 0; j < SIZES; j++) {
            label name;
            draw_cpu(&generator, ITP_FLOAT32, x, sizes[j]);
            check_true(label_index(&name, "draw", j), digest(x, sizes[j]) == known[i].digest[j]);
        }
    }
}

static void as_published(void **state)
{
    static const float want[] = {1.5409961f, -.2934289f, -2.1787894f, .56843126f, -1.0845224f}; /* torch's pages */
    itp_torch_cpu generator = {.seed = 0};
    (void)state;
    draw_cpu(&generator, ITP_FLOAT32, x, 5);
    for (int i = 0; i < 5; i++) check_near("randn(5)", (double)x[i], (double)want[i], 1e-7);
}

/* torch.manual_seed(3), torch.randn(n, dtype=torch.float64): the first and the last three. */
static void the_cpu_in_double_precision(void **state)
{
    static const struct {
        size_t count;
        double first[3], last[3];
    } want[] = {{5,
                 {0.8032760780963506, 0.17483339327910355, 0.088978095025878931},
                 {0.088978095025878931, -0.61371800772935781, 0.04618245168476013}},
                {16,
                 {0.65390573922706097, 0.9104898970780404, 0.76461273966993004},
                 {0.96332785074723404, -0.91677025953461544, -0.26328380497653453}},
                {17,
                 {0.16794475101412973, -1.9090114820140698, -0.37637552132958513},
                 {-0.91381052679075769, -0.76683375374784779, 0.96532713997040276}},
                {40,
                 {1.4228148314560078, -0.017630035798806558, -0.49914258635065972},
                 {0.49129840327112051, 0.16022442465917136, 0.21370236104816404}},
                {3,
                 {-1.3682591776659838, -0.90959063373433369, 0.56035110753926765},
                 {-1.3682591776659838, -0.90959063373433369, 0.56035110753926765}}};
    double wide[40];
    itp_torch_cpu generator = {.seed = 3};
    (void)state;
    for (int i = 0; i < COUNT(want); i++) {
        draw_cpu(&generator, ITP_FLOAT64, wide, want[i].count);
        for (int j = 0; j < 3; j++) check_near("first", wide[j], want[i].first[j], 4e-16);
        for (int j = 0; j < 3; j++) check_near("last", wide[want[i].count - 3 + (size_t)j], want[i].last[j], 4e-16);
    }
}

/* The host's rounding has no say, and a copy goes on as the original does. */
static void whatever_the_mode(void **state)
{
    static float again[33];
    itp_torch_cpu generator = {.seed = 42}, copy;
    (void)state;
    draw_cpu(&generator, ITP_FLOAT32, x, 5);
    copy = generator;
    draw_cpu(&generator, ITP_FLOAT32, x, 33);
    fesetround(FE_UPWARD);
    draw_cpu(&copy, ITP_FLOAT32, again, 33);
    fesetround(FE_TONEAREST);
    check_true("bits", !memcmp(x, again, sizeof again));
    generator.seeded = 0;
    copy = (itp_torch_cpu){.seed = 42};
    draw_cpu(&generator, ITP_FLOAT32, x, 33);
    draw_cpu(&copy, ITP_FLOAT32, again, 33);
    check_true("seeded anew", !memcmp(x, again, sizeof again));
}

/* ---- CUDA ---- */

static void draw_cuda(itp_torch_cuda *generator, int32_t type, void *out, size_t count)
{
    itp_noise_request request = request_of(type, count);
    check_status("draw", itp_torch_cuda_draw(generator, &request, out), ITP_OK);
}

/* torch.randn(8, 8, device="cuda") after torch.manual_seed(0), as a GPU printed it; and AUTOMATIC1111's rng_philox.py,
 * which imitates it, in its own words. */
static void a_gpu_as_published(void **state)
{
    static const double gpu[64] = {
        -.9247, -.4253,  -2.6438, .1452,  -.1209, -.5797, -.6229, -.3284,  -1.0745, -.3631, -1.6711, 2.2655, .3117,
        -.1842, 1.2866,  1.1820,  -.1271, 1.2169, 1.4353, 1.0605, -.4941,  -1.4244, -.7244, -1.2973, .0697,  -.0074,
        1.8969, .6878,   -.0779,  -.8373, 1.3506, -.2879, -.5965, -.3283,  -.9086,  -.8059, -.7407,  -.0504, .5435,
        1.5150, .0141,   .4532,   1.6349, .7124,  -.1806, 1.0252, -1.4622, -.7554,  -.1836, .3824,   .3918,  -.0830,
        .8971,  -1.1123, .1116,   .4863,  -.5499, -.3231, -.5469, .9049,   .2837,   .1210,  .4730,   -1.0823};
    static const double web_ui[12] = {-.92466259, -.42534415, -2.6438457,  .14518388,  -.12086647,  -.57972564,
                                      -.62285122, -.32838709, -1.07454231, -.36314407, -1.67105067, 2.26550497};
    static const double of_42[5] = {.19401902, 2.16137385, -.172050655, .849060297, -1.92439914};
    itp_torch_cuda generator = {.seed = 0}, other = {.seed = 42};
    (void)state;
    draw_cuda(&generator, ITP_FLOAT32, x, 64);
    for (int i = 0; i < 64; i++) check_true("GPU", fabs((double)x[i] - gpu[i]) < 5.1e-5);
    for (int i = 0; i < 12; i++) check_true("web UI", fabs((double)x[i] - web_ui[i]) < 2e-6);
    check_true("offset", generator.offset == 1);
    draw_cuda(&other, ITP_FLOAT32, x, 16 * 32 * 32);
    for (int i = 0; i < 5; i++) check_true("seed 42", fabs((double)x[i] - of_42[i]) < 5e-7);
}

/* The successive draws of AUTOMATIC1111's generator for a seed above 2^32, which has all its elements from one block of
 * numbers each. */
static void as_the_web_ui_goes_on(void **state)
{
    static const struct {
        size_t count;
        double last[3];
    } want[] = {{16384, {-0.345151812, 0.61790216, 1.41066325}},
                {3, {0.187679067, 0.676163912, -0.0682492033}},
                {1000, {0.752764344, 0.832663774, 0.170220852}}};
    itp_torch_cuda generator = {.seed = 8589934599U};
    (void)state;
    for (int i = 0; i < COUNT(want); i++) {
        draw_cuda(&generator, ITP_FLOAT32, x, want[i].count);
        for (int j = 0; j < 3; j++)
            check_true("web UI", fabs((double)x[want[i].count - 3 + (size_t)j] - want[i].last[j]) < 2e-6);
    }
}

/* A GPU of 512 threads: element t + 512 j of the first 2048 is the j-th number of thread t's first block, whose first
 * is what a GPU with a thread for each would have there; then come the second blocks. */
static void on_a_small_gpu(void **state)
{
    enum { THREADS = 512, SIZE = 5 * THREADS + 7 };
    static float all[SIZE];
    itp_torch_cuda small = {.seed = 5, .threads = THREADS + 100}, large = {.seed = 5};
    (void)state;
    draw_cuda(&small, ITP_FLOAT32, all, SIZE);
    check_true("offset", small.offset == 2);
    draw_cuda(&large, ITP_FLOAT32, x, THREADS);
    check_true("first block", !memcmp(all, x, THREADS * sizeof *x));
    check_true("others", memcmp(all + THREADS, x, THREADS * sizeof *x));
    draw_cuda(&large, ITP_FLOAT32, x, THREADS);
    check_true("second block", !memcmp(all + 4 * THREADS, x, THREADS * sizeof *x));
}

/* The mean and the variance of many, in double precision, too. */
static void normals_by_their_moments(void **state)
{
    static double wide[MOST];
    double sum[3] = {0}, square[3] = {0};
    itp_torch_cuda generator = {.seed = 9};
    itp_torch_cpu cpu = {.seed = 9};
    (void)state;
    draw_cuda(&generator, ITP_FLOAT64, wide, MOST);
    draw_cuda(&generator, ITP_FLOAT32, x, MOST);
    for (int i = 0; i < MOST; i++) {
        sum[0] += wide[i], square[0] += wide[i] * wide[i];
        sum[1] += (double)x[i], square[1] += (double)(x[i] * x[i]);
    }
    draw_cpu(&cpu, ITP_FLOAT64, wide, MOST);
    for (int i = 0; i < MOST; i++) sum[2] += wide[i], square[2] += wide[i] * wide[i];
    for (int i = 0; i < 3; i++) {
        check_true("mean", fabs(sum[i] / MOST) < 4 / sqrt(MOST));
        check_true("variance", fabs(square[i] / MOST - 1) < 4 * sqrt(2. / MOST));
    }
}

static void what_is_refused(void **state)
{
    itp_torch_cpu cpu = {.seed = 1};
    itp_torch_cuda cuda = {.seed = 1};
    itp_noise_request request = request_of(ITP_FLOAT32, 4);
    (void)state;
    check_status("generator", itp_torch_cpu_draw(NULL, &request, x), ITP_E_ARGUMENT);
    check_status("request", itp_torch_cuda_draw(&cuda, NULL, x), ITP_E_ARGUMENT);
    check_status("out", itp_torch_cpu_draw(&cpu, &request, NULL), ITP_E_ARGUMENT);
    request.type = 3;
    check_status("type", itp_torch_cuda_draw(&cuda, &request, x), ITP_E_UNSUPPORTED);
    request.size = sizeof request.size;
    check_status("size", itp_torch_cpu_draw(&cpu, &request, x), ITP_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cpu_bit_for_bit),
        cmocka_unit_test(as_published),
        cmocka_unit_test(the_cpu_in_double_precision),
        cmocka_unit_test(whatever_the_mode),
        cmocka_unit_test(a_gpu_as_published),
        cmocka_unit_test(as_the_web_ui_goes_on),
        cmocka_unit_test(on_a_small_gpu),
        cmocka_unit_test(normals_by_their_moments),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
