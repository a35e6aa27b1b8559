#include "network.h"

#include "layers.h"
#include "weights.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ATTENTION_SCALE, ATTENTION_SHIFT, ATTENTION_GATE, HIDDEN_SCALE, HIDDEN_SHIFT, HIDDEN_GATE, MODULATIONS };

struct network {
    weights w;
    size_t capacity;
    /* Workspace. Per class: the condition vector and what comes of it; per token: the rest. */
    float *angles, *time_hidden, *vectors, *conditions, *modulation, *ends;
    float *state, *normed, *wide, *mixed, *scores;
    float *memory;
};

/* Hands out parts of one allocation, each a multiple of 64 bytes. With base NULL it only counts. */
typedef struct arena {
    float *base;
    size_t used;
} arena;

static float *part(arena *from, size_t count)
{
    float *at = from->base ? from->base + from->used : NULL;
    from->used += (count + 15) / 16 * 16;
    return at;
}

static void lay_out(network *net, arena *from)
{
    const weights *w = &net->w;
    size_t tokens = net->capacity * w->tokens, wide = 3 * w->width > w->hidden ? 3 * w->width : w->hidden;
    net->angles = part(from, 2 * w->frequencies);
    net->time_hidden = part(from, 2 * w->width);
    net->vectors = part(from, w->classes * w->width);
    net->conditions = part(from, w->classes * MODULATIONS * w->width);
    net->modulation = part(from, w->classes * MODULATIONS * w->width);
    net->ends = part(from, w->classes * 2 * w->width);
    net->state = part(from, tokens * w->width);
    net->normed = part(from, tokens * (w->width > w->patch_pixels ? w->width : w->patch_pixels));
    net->wide = part(from, tokens * wide);
    net->mixed = part(from, tokens * w->width);
    net->scores = part(from, w->tokens * w->tokens);
}

const char *network_new(const safetensors *file, size_t capacity, network **out)
{
    *out = NULL;
    network *net = calloc(1, sizeof *net);
    if (!net) {
        return "there is no memory left";
    }
    net->capacity = capacity;
    const char *why = weights_load(&net->w, file);
    arena count = {0}, real = {0};
    if (!why) {
        lay_out(net, &count);
        real.base = net->memory = aligned_alloc(64, count.used * sizeof(float));
        why = net->memory ? NULL : "there is no memory left";
    }
    if (why) {
        network_free(net);
        return why;
    }
    lay_out(net, &real);
    *out = net;
    return NULL;
}

void network_free(network *net)
{
    if (net) {
        free(net->memory);
        free(net);
    }
}

size_t network_capacity(const network *net)
{
    return net->capacity;
}

int32_t network_null_class(const network *net)
{
    return (int32_t)net->w.classes - 1;
}

/* Sinusoids of the time at geometric frequencies from 1 to 1000, through two layers. Float, as torch computed it. */
static const float *embed_time(network *net, double time)
{
    const weights *w = &net->w;
    size_t n = w->frequencies;
    float step = (float)(log(1000.0) / (double)(n - 1));
    for (size_t i = 0; i < n; i++) {
        float angle = (float)time * expf((float)i * step);
        net->angles[i] = cosf(angle);
        net->angles[n + i] = sinf(angle);
    }
    layer_linear(&w->time1, net->angles, 1, net->time_hidden);
    layer_silu(net->time_hidden, w->width);
    layer_linear(&w->time2, net->time_hidden, 1, net->time_hidden + w->width);
    return net->time_hidden + w->width;
}

/* The time is the same for the whole batch, so that a condition belongs to a class, not to an image. */
static void condition(network *net, double time)
{
    const weights *w = &net->w;
    const float *embedded = embed_time(net, time);
    for (size_t c = 0; c < w->classes; c++) {
        for (size_t i = 0; i < w->width; i++) {
            net->vectors[c * w->width + i] = embedded[i] + w->label[c * w->width + i];
        }
    }
    layer_silu(net->vectors, w->classes * w->width);
    layer_linear(&w->condition, net->vectors, w->classes, net->conditions);
    layer_linear(&w->final, net->vectors, w->classes, net->ends);
    for (size_t c = 0; c < w->classes; c++) {
        for (size_t i = 0; i < w->width; i++) {
            net->ends[2 * c * w->width + i] += 1.0f;
        }
    }
}

/* What a block does to each class: the shared condition plus the block's own table; scales as 1 + s. */
static void modulate(network *net, const block *b)
{
    size_t row = MODULATIONS * net->w.width;
    for (size_t i = 0; i < net->w.classes * row; i++) {
        size_t which = i % row / net->w.width;
        float one = which == ATTENTION_SCALE || which == HIDDEN_SCALE ? 1.0f : 0.0f;
        net->modulation[i] = net->conditions[i] + b->table[i % row] + one;
    }
}

static const float *modulation(const network *net, int32_t label, int which)
{
    return net->modulation + ((size_t)label * MODULATIONS + (size_t)which) * net->w.width;
}

static void norm_image(network *net, size_t image, const float *scale, const float *shift)
{
    size_t width = net->w.width, first = image * net->w.tokens;
    for (size_t t = first; t < first + net->w.tokens; t++) {
        layer_norm(net->state + t * width, scale, shift, net->normed + t * width, width);
    }
}

static void norm_all(network *net, const int32_t *labels, size_t count, int scale, int shift)
{
    for (size_t i = 0; i < count; i++) {
        norm_image(net, i, modulation(net, labels[i], scale), modulation(net, labels[i], shift));
    }
}

static void add_all(network *net, const int32_t *labels, size_t count, int gate, const float *from)
{
    size_t width = net->w.width;
    for (size_t t = 0; t < count * net->w.tokens; t++) {
        const float *factor = modulation(net, labels[t / net->w.tokens], gate);
        layer_add_gated(net->state + t * width, factor, from + t * width, width);
    }
}

/* One head of one image: queries, keys and values lie side by side in rows of 3 width. */
static void attend(network *net, const float *qkv, float *out)
{
    const weights *w = &net->w;
    int tokens = (int)w->tokens, head = (int)(w->width / w->heads), row = (int)(3 * w->width), width = (int)w->width;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, tokens, tokens, head, 1.0f, qkv, row, qkv + w->width, row,
                0.0f, net->scores, tokens);
    for (size_t i = 0; i < w->tokens; i++) {
        layer_softmax(net->scores + i * w->tokens, 1.0f / sqrtf((float)head), w->tokens);
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, tokens, head, tokens, 1.0f, net->scores, tokens,
                qkv + 2 * w->width, row, 0.0f, out, width);
}

static void attention(network *net, const block *b, const int32_t *labels, size_t count)
{
    const weights *w = &net->w;
    size_t head = w->width / w->heads;
    norm_all(net, labels, count, ATTENTION_SCALE, ATTENTION_SHIFT);
    layer_linear(&b->qkv, net->normed, count * w->tokens, net->wide);
    for (size_t i = 0; i < count * w->heads; i++) {
        size_t token = i / w->heads * w->tokens, column = i % w->heads * head;
        attend(net, net->wide + token * 3 * w->width + column, net->mixed + token * w->width + column);
    }
    layer_linear(&b->out, net->mixed, count * w->tokens, net->normed);
    add_all(net, labels, count, ATTENTION_GATE, net->normed);
}

static void feed_forward(network *net, const block *b, const int32_t *labels, size_t count)
{
    size_t tokens = count * net->w.tokens;
    norm_all(net, labels, count, HIDDEN_SCALE, HIDDEN_SHIFT);
    layer_linear(&b->up, net->normed, tokens, net->wide);
    layer_relu_squared(net->wide, tokens * net->w.hidden);
    layer_linear(&b->down, net->wide, tokens, net->mixed);
    add_all(net, labels, count, HIDDEN_GATE, net->mixed);
}

/* Row `line` of patch `token`, as an offset into an image. */
static size_t patch_row(const weights *w, size_t token, size_t line)
{
    size_t grid = IMAGE_SIDE / w->patch;
    return (token / grid * w->patch + line) * IMAGE_SIDE + token % grid * w->patch;
}

static void cut(const network *net, const float *x, float *patches, size_t count)
{
    const weights *w = &net->w;
    for (size_t i = 0; i < count * w->tokens; i++) {
        const float *image = x + i / w->tokens * IMAGE_PIXELS;
        for (size_t line = 0; line < w->patch; line++) {
            memcpy(patches + i * w->patch_pixels + line * w->patch, image + patch_row(w, i % w->tokens, line),
                   w->patch * sizeof *x);
        }
    }
}

static void paste(const network *net, const float *patches, float *x, size_t count)
{
    const weights *w = &net->w;
    for (size_t i = 0; i < count * w->tokens; i++) {
        float *image = x + i / w->tokens * IMAGE_PIXELS;
        for (size_t line = 0; line < w->patch; line++) {
            memcpy(image + patch_row(w, i % w->tokens, line), patches + i * w->patch_pixels + line * w->patch,
                   w->patch * sizeof *x);
        }
    }
}

static void embed(network *net, const float *x, size_t count)
{
    const weights *w = &net->w;
    cut(net, x, net->normed, count);
    layer_linear(&w->embed, net->normed, count * w->tokens, net->state);
    for (size_t i = 0; i < count; i++) {
        cblas_saxpy((int)(w->tokens * w->width), 1.0f, w->position, 1, net->state + i * w->tokens * w->width, 1);
    }
}

static void finish(network *net, const int32_t *labels, float *velocity, size_t count)
{
    const weights *w = &net->w;
    for (size_t i = 0; i < count; i++) {
        const float *end = net->ends + 2 * (size_t)labels[i] * w->width;
        norm_image(net, i, end, end + w->width);
    }
    layer_linear(&w->head, net->normed, count * w->tokens, net->wide);
    paste(net, net->wide, velocity, count);
}

void network_evaluate(network *net, const float *x, double time, const int32_t *labels, float *velocity, size_t count)
{
    condition(net, time);
    embed(net, x, count);
    for (size_t i = 0; i < net->w.depth; i++) {
        modulate(net, &net->w.blocks[i]);
        attention(net, &net->w.blocks[i], labels, count);
        feed_forward(net, &net->w.blocks[i], labels, count);
    }
    finish(net, labels, velocity, count);
}
