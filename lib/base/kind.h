/* Kinds: everything that is chosen by a name is a row of a table, and the numbers that a choice reads are a table of
 * fields (field.h). Rows are found by number, id and name here, once for all kinds. */
#ifndef ITP_BASE_KIND_H
#define ITP_BASE_KIND_H

#include <interp/kind.h>

/* The words of a row, one string: the name, its aliases ("a,b,c"), one line about it, and the row that is meant by the
 * aliases' owners where the network is a flow (its velocity on the linear schedule). Names are in normal form: lower
 * case, "-" for "_" and blanks, "p" for "+"; an alias that the normal form already finds is not written down. */
#define ITP_WORDS(name, aliases, about) name "\0" aliases "\0" about "\0"
#define ITP_WORDS_FLOW(name, aliases, about, flow) name "\0" aliases "\0" about "\0" flow

/* The head of every row of every kind. */
typedef struct itp_named {
    const char *name; /* ITP_WORDS */
    int32_t id;
    uint32_t reads; /* bits of the fields that it reads, besides those that every row reads, and of what it needs */
} itp_named;

/* The last three bits are the same in all kinds: ITP_NEEDS_* of <interp/kind.h>. */
enum { ITP_NEEDS_SHIFT = 29 };
#define ITP_ROW_NEEDS(what) ((uint32_t)(what) << ITP_NEEDS_SHIFT)

enum { ITP_WORD_NAME = 0, ITP_WORD_ALIASES = 1, ITP_WORD_ABOUT = 2, ITP_WORD_FLOW = 3 };
/* "" where there is none. */
const char *itp_word(const itp_named *row, int32_t which);

typedef struct itp_kind itp_kind;
typedef struct itp_field itp_field; /* field.h */

/* A field may be listed twice, for rows with other defaults or ranges: with different bits, at the same place. */
struct itp_kind {
    const char *name;
    const void *rows; /* each begins with its itp_named */
    const itp_field *fields;
    uint16_t stride, count, field_count;
    uint16_t id_at; /* where the struct that has the fields holds the row's id, an int32_t; 0: nowhere */
    uint16_t size;  /* of that struct, where it stands in lists */
    /* How a row's name fills the struct, and which row a struct is; NULL: by the id. */
    void (*fill)(const itp_named *row, void *to);
    const itp_named *(*chosen)(const itp_kind *kind, const void *from);
};

/* A kind of rows that are words and ids and no more: itp_kind_<kind>. */
#define ITP_CHOICES(kind, title, ...) \
    static const itp_named kind##_rows[] = {__VA_ARGS__}; \
    const itp_kind itp_kind_##kind = {.name = title, \
                                      .rows = kind##_rows, \
                                      .stride = sizeof kind##_rows[0], \
                                      .count = sizeof kind##_rows / sizeof kind##_rows[0]}

/* The numbers of base.h that have names: statuses, levels of a log's sentences, types of elements; and kind.h's needs.
 */
extern const itp_kind itp_kind_status, itp_kind_level, itp_kind_type, itp_kind_needs;

/* Row i, or the row with an id; NULL: there is none. */
const itp_named *itp_kind_row(const itp_kind *kind, int32_t i);
const itp_named *itp_kind_of(const itp_kind *kind, int32_t id);
/* The most bytes that the struct of a kind has. */
enum { ITP_KIND_STRUCT = 512 };

/* Fills a struct as the name of a row does. */
void itp_kind_choose(const itp_kind *kind, const itp_named *row, void *to);
/* The row that a struct is; NULL: none. */
const itp_named *itp_kind_chosen(const itp_kind *kind, const void *from);
/* The name of an id; NULL: unknown. */
const char *itp_kind_name(const itp_kind *kind, int32_t id);

/* The row that is called by the first `length` bytes of `name`, by normal form, then by its aliases; NULL: none.
 * *others (may be NULL): 1 where it was not our own spelling. */
const itp_named *itp_kind_called(const itp_kind *kind, const char *name, size_t length, int32_t *others);

/* Word number `which` of a row's or a field's words, "" beyond the last. */
const char *itp_word_at(const char *words, int32_t which);
/* 1 where the first `length` bytes of `name` are in the list "a,b", all in normal form. */
int itp_is_listed(const char *list, const char *name, size_t length);
/* Whether the first `length` bytes of `name` are `own`, both in normal form. */
int itp_same_name(const char *own, const char *name, size_t length);

/* Writes up to three names that are nearest to the first `length` bytes of `name`, "karras, karras-flow", or nothing
 * where none is near. `first` is the first of `count` rows or fields, `stride` bytes apart. */
void itp_nearest(const void *first, size_t stride, int32_t count, const char *name, size_t length, char *list,
                 size_t size);

#endif
