/* The fields of a kind: the numbers that its rows read. Range checks, defaults, sentences and the refusal of what
 * nothing reads are written once, over tables of these. */
#ifndef ITP_BASE_FIELD_H
#define ITP_BASE_FIELD_H

#include "base/kind.h"
#include "base/log.h"

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

struct itp_field {
    const char *name; /* ITP_FIELD_WORDS */
    uint16_t at, count_at;
    uint8_t type, range;
    uint16_t behind;  /* where the struct points to the one in which the field is; 0: it is in the struct itself */
    uint32_t reads;   /* the bits of rows that read it; 0: all do */
    float low, high;  /* the range */
    double otherwise; /* the default, for which 0 stands */
    const itp_kind *choice; /* CHOICE, PART, PARTS */
};

/* The name, and those that the same thing has elsewhere, "a,b", in normal form. ITP_FIELD_WORDS_NEAR: then names of
 * other things for which it may be taken. */
#define ITP_FIELD_WORDS(name, others) name "\0" others "\0"
#define ITP_FIELD_WORDS_NEAR(name, others, near) name "\0" others "\0" near

/* ITP_E_UNSUPPORTED, with the sentence that lists names and ids, for an id that no row has:
 * `clock: 9 is unknown; there are default (0), angle (1), beta (2), identity (3).` */
int itp_choice_check(const itp_kind *kind, const char *field, int32_t id, const itp_report *log);

/* The field that lists a name among those of other things for which it may be taken; NULL: none. */
const itp_field *itp_field_near(const itp_kind *kind, const char *name, size_t length);

/* Writes the sentence of a name that a kind does not have, `grid: "karas" is unknown; did you mean karras?`, and
 * returns ITP_E_UNSUPPORTED. */
int itp_unknown(const itp_kind *kind, const itp_report *log, const char *name, size_t length);

/* 1 where a row reads a field. */
int itp_reads(const itp_named *row, const itp_field *field);
/* 1 where a row reads any field at this field's place in the struct. */
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
 * where the field has a default. */
int itp_field_check(const itp_field *field, const void *from, const itp_report *log);

/* ITP_E_UNSUPPORTED, with the sentence for a field that `row` does not read. */
int itp_field_unread(const itp_kind *kind, const itp_named *row, const itp_field *field, const void *from,
                     const itp_report *log);

/* itp_field_check for each field of a struct that `row` reads; NULL: for each field. */
int itp_fields_check(const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log);

/* ITP_E_UNSUPPORTED, with the sentence, for the first field that is set, not 0, and that `row` does not read. */
int itp_fields_unread(const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log);

/* Puts the defaults into the fields that are 0 and that the row reads. */
void itp_fields_fill(const itp_kind *kind, const itp_named *row, void *to);

/* The row whose id a struct holds, after its unread and range checks, with its defaults filled in; NULL after a
 * sentence, *status is then ITP_E_UNSUPPORTED or ITP_E_RANGE. */
const itp_named *itp_kind_resolve(const itp_kind *kind, void *of, const itp_report *log, int *status);

/* The fields that a row reads, with range and default: "rho (positive; 7), ...". */
void itp_kind_parameters(const itp_kind *kind, const itp_named *row, char *text, size_t size);

#endif
