#include "base/kind.h"

#include <string.h>

#include "base/append.h"

enum { LONGEST = 48 };

/* ---- rows ---- */

const char *itp_word_at(const char *words, int32_t which)
{
    for (int32_t i = 0; i < which; i++) {
        words += strlen(words) + 1;
    }
    return words;
}

const char *itp_word(const itp_named *row, int32_t which)
{
    return itp_word_at(row->name, which);
}

const itp_named *itp_kind_row(const itp_kind *kind, int32_t i)
{
    const unsigned char *rows = kind->rows;
    return i >= 0 && i < kind->count ? (const void *)(rows + (size_t)i * kind->stride) : NULL;
}

const itp_named *itp_kind_of(const itp_kind *kind, int32_t id)
{
    const unsigned char *at = kind->rows, *end = at + (size_t)kind->count * kind->stride;
    while (at < end && ((const itp_named *)(const void *)at)->id != id) {
        at += kind->stride;
    }
    return at < end ? (const void *)at : id ? NULL : kind->rows;
}

void itp_kind_choose(const itp_kind *kind, const itp_named *row, void *to)
{
    if (kind->fill) {
        kind->fill(row, to);
    } else {
        memcpy((unsigned char *)to + kind->id_at, &row->id, sizeof row->id);
    }
}

const itp_named *itp_kind_chosen(const itp_kind *kind, const void *from)
{
    int32_t id;
    memcpy(&id, (const unsigned char *)from + kind->id_at, sizeof id);
    return kind->chosen ? kind->chosen(kind, from) : itp_kind_of(kind, id);
}

const char *itp_kind_name(const itp_kind *kind, int32_t id)
{
    const itp_named *row = itp_kind_of(kind, id);
    return row ? row->name : NULL;
}

/* ---- names ---- */

static char normal(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c == '_' || c == ' ' ? '-' : c == '+' ? 'p' : c;
}

static int same(const char *own, size_t own_length, const char *name, size_t length)
{
    size_t i = 0;
    while (i < length && i < own_length && normal(own[i]) == normal(name[i])) {
        i++;
    }
    return i == length && i == own_length;
}

int itp_same_name(const char *own, const char *name, size_t length)
{
    return length && normal(own[0]) == normal(name[0]) && same(own, strlen(own), name, length);
}

int itp_is_listed(const char *list, const char *name, size_t length)
{
    const char *at = list;
    while (*at) {
        const char *end = strchr(at, ',');
        size_t own = end ? (size_t)(end - at) : strlen(at);
        if (same(at, own, name, length)) {
            return 1;
        }
        at += own + (end != NULL);
    }
    return 0;
}

const itp_named *itp_kind_called(const itp_kind *kind, const char *name, size_t length, int32_t *others)
{
    const itp_named *row;
    for (int32_t i = 0; (row = itp_kind_row(kind, i)) != NULL && !itp_same_name(row->name, name, length); i++) {}
    if (others) {
        *others = !row || memcmp(row->name, name, length) != 0;
    }
    for (int32_t i = 0, found = row != NULL; !found && (row = itp_kind_row(kind, i)) != NULL; i++) {
        found = itp_is_listed(itp_word(row, ITP_WORD_ALIASES), name, length);
    }
    return row;
}

/* Levenshtein's distance, in which what follows in `own` counts as half an edit, however long it is; twice of it. */
static int32_t distance(const char *own, const char *name, size_t length)
{
    int32_t row[LONGEST + 1], best = 2 * (int32_t)length + 1;
    for (size_t j = 0; j <= length; j++) {
        row[j] = (int32_t)j;
    }
    for (size_t i = 0; own[i]; i++) {
        int32_t diagonal = row[0]++;
        for (size_t j = 1; j <= length; j++) {
            int32_t edited = diagonal + (normal(own[i]) != normal(name[j - 1]));
            int32_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = edited < other ? edited : other;
        }
        int32_t now = 2 * row[length] + (own[i + 1] != 0);
        best = now < best ? now : best;
    }
    return best;
}

void itp_nearest(const void *first, size_t stride, int32_t count, const char *name, size_t length, char *list,
                 size_t size)
{
    enum { MOST = 3, ROWS = 4096 };
    int32_t far = 2 * ((int32_t)length / 3) + 1, last = -1;
    list[0] = 0;
    for (int32_t found = 0; found < MOST && length <= LONGEST; found++) {
        int32_t best = (far + 1) * ROWS;
        const char *nearest = NULL;
        for (int32_t i = 0; i < count; i++) {
            const char *own = *(const char *const *)(const void *)((const unsigned char *)first + (size_t)i * stride);
            int32_t rank = distance(own, name, length) * ROWS + i;
            if (rank > last && rank < best) {
                best = rank;
                nearest = own;
            }
        }
        last = best;
        if (nearest) {
            itp_append(list, size, found ? ", %s" : "%s", nearest);
        }
    }
}
