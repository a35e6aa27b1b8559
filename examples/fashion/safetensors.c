#include "safetensors.h"

#include "header.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT ((size_t)1 << 28)
#define TENSOR_LIMIT 1024

struct safetensors {
    size_t count;
    tensor tensors[TENSOR_LIMIT];
};

static float half_to_float(const unsigned char *bytes)
{
    uint32_t half = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
    uint32_t sign = (half & 0x8000u) << 16, exponent = half >> 10 & 31, fraction = half & 1023;
    if (exponent == 0) { /* zero and the subnormals: fraction times 2^-24 */
        float small = (float)fraction * 0x1p-24f;
        return sign ? -small : small;
    }
    uint32_t bits = sign | (exponent == 31 ? 255u : exponent + 112) << 23 | fraction << 13;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t little_endian(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static float single_to_float(const unsigned char *bytes)
{
    uint32_t bits = (uint32_t)little_endian(bytes, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double bytes_to_double(const unsigned char *bytes)
{
    uint64_t bits = little_endian(bytes, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static const char *take_floats(tensor *to, const unsigned char *data, size_t size)
{
    to->floats = malloc((to->count + 1) * sizeof *to->floats);
    if (!to->floats) {
        return "there is no memory left";
    }
    for (size_t i = 0; i < to->count; i++) {
        to->floats[i] = size == 2 ? half_to_float(data + 2 * i) : single_to_float(data + 4 * i);
    }
    return NULL;
}

static const char *take_doubles(tensor *to, const unsigned char *data)
{
    to->doubles = malloc((to->count + 1) * sizeof *to->doubles);
    if (!to->doubles) {
        return "there is no memory left";
    }
    for (size_t i = 0; i < to->count; i++) {
        to->doubles[i] = bytes_to_double(data + 8 * i);
    }
    return NULL;
}

/* `available` bytes of data follow the header; the entry says which of them are this tensor's. */
static const char *take(tensor *to, const header_entry *entry, const unsigned char *data, size_t available)
{
    to->count = 1;
    for (int i = 0; i < TENSOR_RANK; i++) {
        to->shape[i] = i < entry->rank ? entry->shape[i] : 1;
        if (to->shape[i] && to->count > FILE_LIMIT / to->shape[i]) {
            return "a tensor is too large";
        }
        to->count *= to->shape[i];
    }
    to->rank = entry->rank;
    strcpy(to->name, entry->name);
    if (entry->begin > entry->end || entry->end > available || entry->end - entry->begin != to->count * entry->size) {
        return "a tensor's place does not fit its shape or the file";
    }
    return entry->size == 8 ? take_doubles(to, data + entry->begin) : take_floats(to, data + entry->begin, entry->size);
}

static const char *take_all(safetensors *file, const unsigned char *bytes, size_t size)
{
    uint64_t length = size < 8 ? UINT64_MAX : little_endian(bytes, 8);
    if (size < 8 || length > size - 8) {
        return "it is cut short, or not a safetensors file";
    }
    header reader = {(const char *)bytes + 8, (const char *)bytes + 8 + length, 0};
    size_t available = size - 8 - (size_t)length;
    header_entry entry;
    int got = header_open(&reader);
    while (got > 0 && (got = header_next(&reader, &entry)) > 0) {
        if (file->count == TENSOR_LIMIT || safetensors_find(file, entry.name)) {
            return "it has too many tensors, or one of them twice";
        }
        const char *why = take(&file->tensors[file->count++], &entry, bytes + size - available, available);
        if (why) {
            return why;
        }
    }
    return got < 0 ? "its header is damaged, or of a kind that this program does not read" : NULL;
}

static const char *read_file(const char *path, unsigned char **bytes, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        return "it cannot be opened";
    }
    long end = fseek(stream, 0, SEEK_END) ? -1 : ftell(stream);
    const char *why = NULL;
    if (end < 0 || end == LONG_MAX || (size_t)end > FILE_LIMIT || fseek(stream, 0, SEEK_SET)) {
        why = "it is not a file of a sensible size";
    } else if (!(*bytes = malloc((size_t)end + 1))) {
        why = "there is no memory left";
    } else if (fread(*bytes, 1, (size_t)end, stream) != (size_t)end) {
        why = "it cannot be read";
    }
    *size = why ? 0 : (size_t)end;
    fclose(stream);
    return why;
}

const char *safetensors_open(const char *path, safetensors **out)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    *out = NULL;
    const char *why = read_file(path, &bytes, &size);
    safetensors *file = why ? NULL : calloc(1, sizeof *file);
    if (!why) {
        why = file ? take_all(file, bytes, size) : "there is no memory left";
    }
    free(bytes);
    if (why) {
        safetensors_free(file);
        return why;
    }
    *out = file;
    return NULL;
}

void safetensors_free(safetensors *file)
{
    for (size_t i = 0; file && i < file->count; i++) {
        free(file->tensors[i].floats);
        free(file->tensors[i].doubles);
    }
    free(file);
}

const tensor *safetensors_find(const safetensors *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++) {
        if (strcmp(file->tensors[i].name, name) == 0) {
            return &file->tensors[i];
        }
    }
    return NULL;
}

static const tensor *find_shaped(const safetensors *file, const char *name, size_t rows, size_t columns)
{
    const tensor *found = safetensors_find(file, name);
    return found && found->shape[0] == rows && found->count == rows * columns ? found : NULL;
}

const float *safetensors_floats(const safetensors *file, const char *name, size_t rows, size_t columns)
{
    const tensor *found = find_shaped(file, name, rows, columns);
    return found ? found->floats : NULL;
}

const double *safetensors_doubles(const safetensors *file, const char *name, size_t rows, size_t columns)
{
    const tensor *found = find_shaped(file, name, rows, columns);
    return found ? found->doubles : NULL;
}
