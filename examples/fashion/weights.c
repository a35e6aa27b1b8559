#include "weights.h"

#include "network.h"

#include <stdio.h>
#include <string.h>

#define WIDTH_LIMIT 4096

int weights_linear(const safetensors *file, const char *name, size_t inputs, size_t outputs, linear *out)
{
    char full[TENSOR_NAME];
    out->inputs = inputs;
    out->outputs = outputs;
    snprintf(full, sizeof full, "%s.weight", name);
    out->weight = safetensors_floats(file, full, outputs, inputs);
    snprintf(full, sizeof full, "%s.bias", name);
    out->bias = safetensors_floats(file, full, outputs, 1);
    return out->weight && out->bias;
}

/* One side of a matrix's shape, 0 when the tensor is missing or larger than any that makes sense. */
static size_t side(const safetensors *file, const char *name, int which)
{
    const tensor *found = safetensors_find(file, name);
    return found && found->shape[which] <= WIDTH_LIMIT ? found->shape[which] : 0;
}

static size_t integer_root(size_t square)
{
    size_t root = 0;
    while ((root + 1) * (root + 1) <= square) {
        root++;
    }
    return root;
}

static void read_sizes(weights *w, const safetensors *file)
{
    const double *heads = safetensors_doubles(file, "flow.heads", 1, 1);
    w->width = side(file, "flow.embed.weight", 0);
    w->patch_pixels = side(file, "flow.embed.weight", 1);
    w->patch = integer_root(w->patch_pixels);
    w->tokens = side(file, "flow.position", 0);
    w->classes = side(file, "flow.label.weight", 0);
    w->frequencies = side(file, "flow.time1.weight", 1) / 2;
    w->hidden = side(file, "flow.blocks.0.up.weight", 0);
    w->heads = heads && *heads >= 1 && *heads <= WIDTH_LIMIT ? (size_t)*heads : 0;
}

static int sizes_agree(const weights *w)
{
    return w->heads && w->width % w->heads == 0 && w->classes >= 2 && w->frequencies >= 2 &&
           w->hidden >= w->patch_pixels;
}

static int covers_image(const weights *w)
{
    return w->patch && w->patch * w->patch == w->patch_pixels && IMAGE_SIDE % w->patch == 0 &&
           w->tokens * w->patch_pixels == IMAGE_PIXELS;
}

static int load_ends(weights *w, const safetensors *file)
{
    size_t width = w->width;
    w->position = safetensors_floats(file, "flow.position", w->tokens, width);
    w->label = safetensors_floats(file, "flow.label.weight", w->classes, width);
    return w->position && w->label && weights_linear(file, "flow.embed", w->patch_pixels, width, &w->embed) &&
           weights_linear(file, "flow.time1", 2 * w->frequencies, width, &w->time1) &&
           weights_linear(file, "flow.time2", width, width, &w->time2) &&
           weights_linear(file, "flow.condition", width, 6 * width, &w->condition) &&
           weights_linear(file, "flow.final", width, 2 * width, &w->final) &&
           weights_linear(file, "flow.head", width, w->patch_pixels, &w->head);
}

static int load_part(const safetensors *file, size_t i, const char *name, size_t inputs, size_t outputs, linear *out)
{
    char full[TENSOR_NAME];
    snprintf(full, sizeof full, "flow.blocks.%zu.%s", i, name);
    return weights_linear(file, full, inputs, outputs, out);
}

static int load_block(weights *w, const safetensors *file, size_t i)
{
    block *b = &w->blocks[i];
    char table[TENSOR_NAME];
    snprintf(table, sizeof table, "flow.blocks.%zu.table", i);
    b->table = safetensors_floats(file, table, 6, w->width);
    return b->table && load_part(file, i, "qkv", w->width, 3 * w->width, &b->qkv) &&
           load_part(file, i, "out", w->width, w->width, &b->out) &&
           load_part(file, i, "up", w->width, w->hidden, &b->up) &&
           load_part(file, i, "down", w->hidden, w->width, &b->down);
}

static int has_block(const safetensors *file, size_t i)
{
    char name[TENSOR_NAME];
    snprintf(name, sizeof name, "flow.blocks.%zu.table", i);
    return safetensors_find(file, name) != NULL;
}

const char *weights_load(weights *w, const safetensors *file)
{
    memset(w, 0, sizeof *w);
    read_sizes(w, file);
    if (!sizes_agree(w) || !covers_image(w)) {
        return "the shapes of its tensors are not those of a flow for images of 28 x 28";
    }
    int good = load_ends(w, file);
    while (good && w->depth < DEPTH_LIMIT && has_block(file, w->depth)) {
        good = load_block(w, file, w->depth++);
    }
    return good && w->depth ? NULL : "a tensor of its flow is missing, or has another shape";
}
