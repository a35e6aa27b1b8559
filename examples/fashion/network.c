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
    net->scores = part(from, (w->tokens + 2) * w->heads * w->tokens);
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

/* Scales are 1 + s: the part `which` of each class's row of `parts`. */
static void add_one(float *rows, size_t classes, size_t parts, size_t which, size_t width)
{
    for (size_t c = 0; c < classes; c++) {
        for (size_t i = 0; i < width; i++) {
            rows[(c * parts + which) * width + i] += 1.0f;
        }
    }
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
    add_one(net->conditions, w->classes, MODULATIONS, ATTENTION_SCALE, w->width);
    add_one(net->conditions, w->classes, MODULATIONS, HIDDEN_SCALE, w->width);
    add_one(net->ends, w->classes, 2, 0, w->width);
}

/* What a block does to each class: the shared condition plus the block's own table. */
static void modulate(network *net, const block *b)
{
    size_t row = MODULATIONS * net->w.width;
    for (size_t c = 0; c < net->w.classes; c++) {
        for (size_t i = 0; i < row; i++) {
            net->modulation[c * row + i] = net->conditions[c * row + i] + b->table[i];
        }
    }
}

static const float *modulation(const network *net, int32_t label, int which)
{
    return net->modulation + ((size_t)label * MODULATIONS + (size_t)which) * net->w.width;
}

static void norm_image(network *net, size_t image, const float *scale, const float *shift)
{
    size_t first = image * net->w.tokens * net->w.width;
    layer_norm(net->state + first, scale, shift, net->normed + first, net->w.tokens, net->w.width);
}

static void norm_all(network *net, const int32_t *labels, size_t count, int scale, int shift)
{
    for (size_t i = 0; i < count; i++) {
        norm_image(net, i, modulation(net, labels[i], scale), modulation(net, labels[i], shift));
    }
}

static void add_all(network *net, const int32_t *labels, size_t count, int gate, const float *from)
{
    size_t image = net->w.tokens * net->w.width;
    for (size_t i = 0; i < count; i++) {
        layer_add_gated(net->state + i * image, modulation(net, labels[i], gate), from + i * image, net->w.tokens,
                        net->w.width);
    }
}

/* One image: queries, keys and values lie side by side in rows of 3 width, heads side by side in each. The scores have
 * a row per key and a column per head and query, so that all their softmaxes go down side by side. */
static void attend(network *net, const float *qkv, float *out)
{
    const weights *w = &net->w;
    int tokens = (int)w->tokens, width = (int)w->width, heads = (int)w->heads, head = width / heads;
    const float *keys = qkv + width, *values = keys + width;
    float scale = 1.0f / sqrtf((float)head);
    for (int i = 0; i < heads; i++) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, tokens, tokens, head, scale, keys + i * head, 3 * width,
                    qkv + i * head, 3 * width, 0.0f, net->scores + i * tokens, heads * tokens);
    }
    size_t columns = w->heads * w->tokens;
    layer_softmax(net->scores, net->scores + w->tokens * columns, w->tokens, columns);
    for (int i = 0; i < heads; i++) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, tokens, head, tokens, 1.0f, net->scores + i * tokens,
                    heads * tokens, values + i * head, 3 * width, 0.0f, out + i * head, width);
    }
}

static void attention(network *net, const block *b, const int32_t *labels, size_t count)
{
    const weights *w = &net->w;
    size_t image = w->tokens * w->width;
    norm_all(net, labels, count, ATTENTION_SCALE, ATTENTION_SHIFT);
    layer_linear(&b->qkv, net->normed, count * w->tokens, net->wide);
    for (size_t i = 0; i < count; i++) {
        attend(net, net->wide + i * 3 * image, net->mixed + i * image);
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
