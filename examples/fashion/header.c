#include "header.h"

#include <string.h>

#define NUMBER_LIMIT ((size_t)1 << 28)

static void blanks(header *h)
{
    while (h->at < h->end && strchr(" \t\r\n", *h->at) && *h->at) {
        h->at++;
    }
}

/* Passes over `mark` and the blanks before it, if it comes next. */
static int accept(header *h, char mark)
{
    blanks(h);
    if (h->at == h->end || *h->at != mark) {
        return 0;
    }
    h->at++;
    return 1;
}

/* A string without escapes. With `out` NULL it is passed over, whatever its length. */
static int string(header *h, char *out, size_t capacity)
{
    size_t length = 0;
    if (!accept(h, '"')) {
        return 0;
    }
    while (h->at + length < h->end && h->at[length] != '"') {
        if (h->at[length] == '\\' || (unsigned char)h->at[length] < ' ') {
            return 0;
        }
        length++;
    }
    if (h->at + length == h->end || (out && length >= capacity)) {
        return 0;
    }
    if (out) {
        memcpy(out, h->at, length);
        out[length] = 0;
    }
    h->at += length + 1;
    return 1;
}

static int number(header *h, size_t *out)
{
    blanks(h);
    const char *first = h->at;
    size_t value = 0;
    while (h->at < h->end && *h->at >= '0' && *h->at <= '9') {
        value = value * 10 + (size_t)(*h->at++ - '0');
        if (value > NUMBER_LIMIT) {
            return 0;
        }
    }
    *out = value;
    return h->at > first;
}

/* "[1, 2]": how many numbers, or -1. */
static int numbers(header *h, size_t *out, int capacity)
{
    int count = 0;
    if (!accept(h, '[')) {
        return -1;
    }
    if (accept(h, ']')) {
        return 0;
    }
    do {
        if (count == capacity || !number(h, &out[count++])) {
            return -1;
        }
    } while (accept(h, ','));
    return accept(h, ']') ? count : -1;
}

static size_t element_size(const char *kind)
{
    return strcmp(kind, "F16") == 0 ? 2 : strcmp(kind, "F32") == 0 ? 4 : strcmp(kind, "F64") == 0 ? 8 : 0;
}

static int element(header *h, header_entry *out)
{
    char kind[8];
    out->size = string(h, kind, sizeof kind) ? element_size(kind) : 0;
    return out->size > 0;
}

static int shape(header *h, header_entry *out)
{
    out->rank = numbers(h, out->shape, TENSOR_RANK);
    return out->rank >= 0;
}

static int place(header *h, header_entry *out)
{
    size_t offsets[2];
    int good = numbers(h, offsets, 2) == 2;
    out->begin = good ? offsets[0] : 0;
    out->end = good ? offsets[1] : 0;
    return good;
}

/* One "key": value of an entry; sets its bit in `seen`, where it must be new. */
static int field(header *h, header_entry *out, unsigned *seen)
{
    static const struct {
        const char *key;
        int (*read)(header *h, header_entry *out);
    } known[] = {{"dtype", element}, {"shape", shape}, {"data_offsets", place}};
    char key[16];
    if (!string(h, key, sizeof key) || !accept(h, ':')) {
        return 0;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(key, known[i].key) == 0) {
            int fresh = !(*seen & 1u << i);
            *seen |= 1u << i;
            return fresh && known[i].read(h, out);
        }
    }
    return 0;
}

static int fields(header *h, header_entry *out)
{
    unsigned seen = 0;
    if (!accept(h, '{')) {
        return 0;
    }
    do {
        if (!field(h, out, &seen)) {
            return 0;
        }
    } while (accept(h, ','));
    return accept(h, '}') && seen == 7;
}

static int metadata(header *h)
{
    if (!accept(h, '{')) {
        return 0;
    }
    if (accept(h, '}')) {
        return 1;
    }
    do {
        if (!string(h, NULL, 0) || !accept(h, ':') || !string(h, NULL, 0)) {
            return 0;
        }
    } while (accept(h, ','));
    return accept(h, '}');
}

int header_open(header *h)
{
    h->entries = 0;
    return accept(h, '{') ? 1 : -1;
}

static int finish(header *h)
{
    blanks(h);
    return h->at == h->end ? 0 : -1;
}

int header_next(header *h, header_entry *out)
{
    if (accept(h, '}')) {
        return finish(h);
    }
    memset(out, 0, sizeof *out);
    if ((h->entries++ && !accept(h, ',')) || !string(h, out->name, sizeof out->name) || !accept(h, ':')) {
        return -1;
    }
    if (strcmp(out->name, "__metadata__") == 0) {
        return h->entries == 1 && metadata(h) ? header_next(h, out) : -1;
    }
    return fields(h, out) ? 1 : -1;
}
