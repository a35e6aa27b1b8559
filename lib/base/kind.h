/* Kinds: everything that is chosen by a name is a row of a table, and the numbers that a choice reads are a table of
 * fields. Lookup, listing, range check, defaults and the refusal of what nothing reads are written once, over these. */
#ifndef ITP_BASE_KIND_H
#define ITP_BASE_KIND_H

#include <interp/kind.h>

#include "base/log.h"

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

/* What a field holds: a double, an int32_t, the id of a row of another kind, a pointer to doubles whose count is the
 * int32_t at `count_at`, a pointer to a schedule, a struct of another kind, a pointer to anything else that is there or
 * not (a callback), to as many rows of as many doubles as the int32_t at `count_at` says, or to as many structs of
 * another kind, which has one row. */
enum {
    ITP_FIELD_REAL = 0,
    ITP_FIELD_WHOLE = 1,
    ITP_FIELD_CHOICE = 2,
    ITP_FIELD_REALS = 3,
    ITP_FIELD_SCHEDULE = 4,
    ITP_FIELD_PART = 5,
    ITP_FIELD_POINTER = 6,
    ITP_FIELD_SQUARE = 7,
    ITP_FIELD_PARTS = 8
};

/* The range of a number: low <= value <= high without these; a number is finite in any case. */
enum {
    ITP_ABOVE = 1, /* low itself is outside */
    ITP_BELOW = 2, /* high itself is outside */
    ITP_NO_LOW = 4,
    ITP_NO_HIGH = 8
};

typedef struct itp_field {
    const char *name; /* ITP_FIELD_WORDS */
    uint16_t at, count_at;
    uint8_t type, range;
    uint16_t behind;  /* where the struct points to the one in which the field is; 0: it is in the struct itself */
    uint32_t reads;   /* the bits of rows that read it; 0: all do */
    float low, high;  /* the range */
    double otherwise; /* what 0 stands for */
    const itp_kind *choice; /* CHOICE, PART, PARTS */
} itp_field;

/* The name, and those that the same thing has elsewhere, "a,b", in normal form. ITP_FIELD_WORDS_NEAR: then names of
 * other things for which it may be taken. */
#define ITP_FIELD_WORDS(name, others) name "\0" others "\0"
#define ITP_FIELD_WORDS_NEAR(name, others, near) name "\0" others "\0" near

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

/* Whether the first `length` bytes of `name` are `own`, both in normal form. */
int itp_same_name(const char *own, const char *name, size_t length);

/* Writes up to three names that are nearest to the first `length` bytes of `name`, "karras, karras-flow", or nothing
 * where none is near. `first` is the first of `count` rows or fields, `stride` bytes apart. */
void itp_nearest(const void *first, size_t stride, int32_t count, const char *name, size_t length, char *list,
                 size_t size);

/* ITP_E_UNSUPPORTED, with the sentence that lists names and ids, for an id that no row has:
 * `clock: 9 is unknown; there are default (0), angle (1), beta (2), identity (3).` */
int itp_choice_check(const itp_kind *kind, const char *field, int32_t id, const itp_report *log);

/* The field that has a name among those for which it may be taken; NULL: none. */
const itp_field *itp_field_near(const itp_kind *kind, const char *name, size_t length);

/* What to say of a name that a kind does not know: writes `grid: "karas" is unknown; did you mean karras?` to the log
 * and returns ITP_E_UNSUPPORTED. */
int itp_unknown(const itp_kind *kind, const itp_report *log, const char *name, size_t length);

/* 1 where a row reads a field. */
int itp_reads(const itp_named *row, const itp_field *field);
/* The same of what lies in the field's place in the struct, under whichever default. */
int itp_reads_place(const itp_kind *kind, const itp_named *row, const itp_field *field);
/* The first field of a name, as itp_kind_called finds it, that the row reads, or, where it reads none, that any row
 * does; NULL: there is none. */
const itp_field *itp_field_called(const itp_kind *kind, const itp_named *row, const char *name, size_t length);

/* The next field that is set in a struct: not 0, or a list that has a length; *next begins as 0. NULL: no more. */
const itp_field *itp_field_set(const itp_kind *kind, const void *from, int32_t *next);

/* The struct that a field is in: `from`, or what that points to; NULL: nothing. */
const void *itp_field_home(const itp_field *field, const void *from);
/* A field's value in a struct: a number, an id, and of pointers 1 where they are there. Writes numbers and ids only. */
double itp_field_value(const itp_field *field, const void *from);
void itp_field_write(const itp_field *field, void *to, double value);
/* The value as text: a number, a row's name, "given". */
void itp_field_text(const itp_field *field, const void *from, char *text, size_t size);
/* A number's range as text: "positive and finite", "at least 0 and below 1". */
void itp_field_range(const itp_field *field, char *text, size_t size);

/* ITP_E_RANGE, or of choices ITP_E_UNSUPPORTED, with the sentence, for a value that a field may not have. 0 passes
 * where it stands for another. */
int itp_field_check(const itp_field *field, const void *from, const itp_report *log);

/* ITP_E_UNSUPPORTED, with the sentence for a field that `row` does not read. */
int itp_field_unread(const itp_kind *kind, const itp_named *row, const itp_field *field, const void *from,
                     const itp_report *log);

/* The same for each field of a struct that `row` reads; NULL: for each field. */
int itp_fields_check(const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log);

/* ITP_E_UNSUPPORTED, with the sentence, for the first field that is set, not 0, and that `row` does not read. */
int itp_fields_unread(const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log);

/* Puts into the fields that are 0, and that the row reads, what 0 stands for. */
void itp_fields_fill(const itp_kind *kind, const itp_named *row, void *to);

/* The row whose id a struct holds, after its unread and range checks, with its defaults filled in; NULL after a
 * sentence, *status is then ITP_E_UNSUPPORTED or ITP_E_RANGE. */
const itp_named *itp_kind_resolve(const itp_kind *kind, void *of, const itp_report *log, int *status);

/* The fields that a row reads, with range and default: "rho (positive; 7), ...". */
void itp_kind_parameters(const itp_kind *kind, const itp_named *row, char *text, size_t size);

#endif
