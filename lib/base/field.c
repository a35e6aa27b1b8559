#include "base/field.h"

#include <math.h>
#include <string.h>

#include "base/append.h"

enum { LIST = 160, LONGEST = 48 };

/* ---- names and ids ---- */

/* Lists the names of a kind that has only a few. */
static void list_few(const itp_kind *kind, char *list, size_t size)
{
    enum { FEW = 6 };
    for (int32_t i = 0; kind->count <= FEW && i < kind->count; i++) {
        itp_append(list, size, i ? ", %s" : "%s", itp_kind_row(kind, i)->name);
    }
}

int itp_unknown(const itp_kind *kind, const itp_report *log, const char *name, size_t length)
{
    char list[LIST];
    const char *format = "%s: \"%.*s\" is unknown; did you mean %s?";
    itp_nearest(kind->rows, kind->stride, kind->count, name, length, list, sizeof list);
    if (!list[0]) {
        list_few(kind, list, sizeof list);
        format = list[0] ? "%s: \"%.*s\" is unknown; there are %s." : "%s: \"%.*s\" is unknown.%s";
    }
    return itp_fail(log, ITP_E_UNSUPPORTED, format, kind->name, (int)(length < LONGEST ? length : LONGEST), name, list);
}

int itp_choice_check(const itp_kind *kind, const char *field, int32_t id, const itp_report *log)
{
    enum { MOST = 8 };
    char list[2 * LIST] = "";
    const itp_named *row;
    if (itp_kind_of(kind, id)) {
        return ITP_OK;
    }
    for (int32_t i = 0; i <= MOST && (row = itp_kind_row(kind, i)) != NULL; i++) {
        itp_append(list, sizeof list, i == MOST ? " and others" : i ? ", %s (%d)" : "%s (%d)", row->name, (int)row->id);
    }
    return itp_fail(log, ITP_E_UNSUPPORTED, "%s: %d is unknown; there are %s.", field, (int)id, list);
}

/* ---- which field ---- */

int itp_reads(const itp_named *row, const itp_field *field)
{
    return !field->reads || (row->reads & field->reads) != 0;
}

const itp_field *itp_field_called(const itp_kind *kind, const itp_named *row, const char *name, size_t length)
{
    const itp_field *found = NULL;
    for (int32_t i = 0; i < kind->field_count; i++) {
        const itp_field *field = &kind->fields[i];
        int better = !found || (itp_reads(row, field) && !itp_reads(row, found));
        if (better &&
            (itp_same_name(field->name, name, length) || itp_is_listed(itp_word_at(field->name, 1), name, length))) {
            found = field;
        }
    }
    return found;
}

const itp_field *itp_field_near(const itp_kind *kind, const char *name, size_t length)
{
    int32_t i = 0;
    while (i < kind->field_count && !itp_is_listed(itp_word_at(kind->fields[i].name, 2), name, length)) {
        i++;
    }
    return i < kind->field_count ? &kind->fields[i] : NULL;
}

/* ---- values ---- */

static int is_number(const itp_field *field)
{
    return field->type <= ITP_FIELD_CHOICE;
}

const void *itp_field_home(const itp_field *field, const void *from)
{
    if (field->behind) {
        memcpy(&from, (const unsigned char *)from + field->behind, sizeof from);
    }
    return from;
}

/* This is asked first, as most fields of most descriptions are 0. */
static inline int is_zero(const itp_field *field, const void *from)
{
    const unsigned char *at = itp_field_home(field, from);
    uint64_t all = 0;
    uint32_t half;
    if (!at) {
        return 1;
    }
    at += field->at;
    if (field->type == ITP_FIELD_WHOLE || field->type == ITP_FIELD_CHOICE) {
        memcpy(&half, at, sizeof half);
        return half == 0;
    }
    memcpy(&all, at, field->type == ITP_FIELD_REAL ? sizeof(double) : sizeof(void *));
    return all == 0;
}

const itp_field *itp_field_set(const itp_kind *kind, const void *from, int32_t *next)
{
    while (*next < kind->field_count) {
        const itp_field *field = &kind->fields[(*next)++];
        int32_t count = 0;
        if (field->count_at && !field->behind) {
            memcpy(&count, (const unsigned char *)from + field->count_at, sizeof count);
        }
        if (count || !is_zero(field, from)) {
            return field;
        }
    }
    return NULL;
}

double itp_field_value(const itp_field *field, const void *from)
{
    const unsigned char *at = itp_field_home(field, from);
    double real;
    int32_t whole;
    const void *pointer;
    if (!at) {
        return 0;
    }
    at += field->at;
    if (field->type == ITP_FIELD_REAL) {
        memcpy(&real, at, sizeof real);
        return real;
    }
    if (is_number(field)) {
        memcpy(&whole, at, sizeof whole);
        return whole;
    }
    memcpy(&pointer, at, sizeof pointer);
    return pointer != NULL;
}

void itp_field_write(const itp_field *field, void *to, double value)
{
    unsigned char *at = (unsigned char *)to + field->at;
    if (field->type == ITP_FIELD_REAL) {
        memcpy(at, &value, sizeof value);
    } else if (is_number(field)) {
        int32_t whole = (int32_t)value;
        memcpy(at, &whole, sizeof whole);
    }
}

/* ---- as text ---- */

void itp_field_text(const itp_field *field, const void *from, char *text, size_t size)
{
    double value = itp_field_value(field, from);
    const char *name = field->type == ITP_FIELD_CHOICE ? itp_kind_name(field->choice, (int32_t)value) : NULL;
    text[0] = 0;
    if (is_number(field) && !name) {
        itp_append(text, size, "%.12g", value);
    } else {
        itp_append(text, size, "%s", name ? name : "given");
    }
}

void itp_field_range(const itp_field *field, char *text, size_t size)
{
    int range = field->range, real = field->type == ITP_FIELD_REAL;
    text[0] = 0;
    if ((range & ITP_ABOVE) && field->low == 0) {
        itp_append(text, size, "positive");
    } else if (!(range & ITP_NO_LOW)) {
        itp_append(text, size, range & ITP_ABOVE ? "above %g" : "at least %g", (double)field->low);
    }
    if (!(range & ITP_NO_HIGH)) {
        itp_append(text, size, "%s%s %g", text[0] ? " and " : "", range & ITP_BELOW ? "below" : "at most",
                   (double)field->high);
    } else if (real) {
        itp_append(text, size, "%sfinite", text[0] ? " and " : "");
    }
}

/* ---- ranges ---- */

static int in_range(const itp_field *field, double value)
{
    double low = field->low, high = field->high;
    return isfinite(value) &&
           (field->range & ITP_NO_LOW || value > low || (value == low && !(field->range & ITP_ABOVE))) &&
           (field->range & ITP_NO_HIGH || value < high || (value == high && !(field->range & ITP_BELOW)));
}

static int check_number(const itp_field *field, const void *from, const itp_report *log)
{
    char range[LIST], text[LONGEST];
    if (in_range(field, itp_field_value(field, from))) {
        return ITP_OK;
    }
    itp_field_range(field, range, sizeof range);
    itp_field_text(field, from, text, sizeof text);
    return itp_fail(log, ITP_E_RANGE, "%s: %s, it must be %s.", field->name, text, range);
}

int itp_field_check(const itp_field *field, const void *from, const itp_report *log)
{
    double value = is_number(field) ? itp_field_value(field, from) : 0;
    int fits = field->otherwise != 0 || (field->low <= 0 && !(field->range & ITP_ABOVE));
    if (!is_number(field) || (value == 0 && (fits || field->type == ITP_FIELD_CHOICE))) {
        return ITP_OK;
    }
    if (field->type != ITP_FIELD_CHOICE) {
        return check_number(field, from, log);
    }
    return itp_choice_check(field->choice, field->name, (int32_t)value, log);
}

/* 1 where a value needs no further check: 0, if it is in the range or has a default, and the default itself. */
static inline int surely_fits(const itp_field *field, const void *from)
{
    double real;
    if (is_zero(field, from)) {
        return field->otherwise != 0 || (field->low <= 0 && !(field->range & ITP_ABOVE));
    }
    if (field->type != ITP_FIELD_REAL) {
        return 0;
    }
    memcpy(&real, (const unsigned char *)from + field->at, sizeof real);
    return real == field->otherwise;
}

int itp_fields_check(const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log)
{
    int status = ITP_OK;
    for (int32_t i = 0; i < kind->field_count && !status; i++) {
        const itp_field *field = &kind->fields[i];
        if (!surely_fits(field, from) && (!row || itp_reads(row, field))) {
            status = itp_field_check(field, from, log);
        }
    }
    return status;
}

/* ---- fields that a row does not read ---- */

int itp_reads_place(const itp_kind *kind, const itp_named *row, const itp_field *field)
{
    int reads = 0;
    for (int32_t i = 0; i < kind->field_count && !reads; i++) {
        reads = kind->fields[i].at == field->at && kind->fields[i].behind == field->behind &&
                itp_reads(row, &kind->fields[i]);
    }
    return reads;
}

int itp_field_unread(const itp_kind *kind, const itp_named *row, const itp_field *field, const void *from,
                     const itp_report *log)
{
    enum { MOST = 4 };
    char list[LIST] = "", text[LONGEST];
    const itp_named *other;
    int32_t found = 0;
    for (int32_t i = 0; (other = itp_kind_row(kind, i)) != NULL; i++) {
        if (itp_reads_place(kind, other, field) && found++ <= MOST) {
            itp_append(list, sizeof list, found > MOST ? " and others" : found > 1 ? ", %s" : "%s", other->name);
        }
    }
    itp_field_text(field, from, text, sizeof text);
    return itp_fail(log, ITP_E_UNSUPPORTED,
                    "%s: %s, but %s \"%s\" does not read it; leave it out, or take one that does: %s.", field->name,
                    text, kind->name, row->name, list);
}

int itp_fields_unread(const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log)
{
    int status = ITP_OK;
    int32_t next = 0;
    const itp_field *field;
    while (!status && (field = itp_field_set(kind, from, &next)) != NULL) {
        if (!itp_reads_place(kind, row, field)) {
            status = itp_field_unread(kind, row, field, from, log);
        }
    }
    return status;
}

/* ---- all fields of a struct ---- */

void itp_fields_fill(const itp_kind *kind, const itp_named *row, void *to)
{
    for (int32_t i = 0; i < kind->field_count; i++) {
        const itp_field *field = &kind->fields[i];
        if (field->otherwise != 0 && itp_reads(row, field) && is_zero(field, to)) {
            itp_field_write(field, to, field->otherwise);
        }
    }
}

const itp_named *itp_kind_resolve(const itp_kind *kind, void *of, const itp_report *log, int *status)
{
    int32_t id;
    memcpy(&id, (const unsigned char *)of + kind->id_at, sizeof id);
    const itp_named *row = itp_kind_of(kind, id);
    *status = itp_choice_check(kind, kind->name, id, log);
    *status = *status ? *status : itp_fields_unread(kind, row, of, log);
    *status = *status ? *status : itp_fields_check(kind, row, of, log);
    if (*status) {
        return NULL;
    }
    memcpy((unsigned char *)of + kind->id_at, &row->id, sizeof id);
    itp_fields_fill(kind, row, of);
    return row;
}

/* `named`: the struct as the row's name alone fills it. */
static void describe(const itp_field *field, const void *named, char *text, size_t size)
{
    double value = itp_field_value(field, named);
    char range[LIST] = "";
    if (field->type <= ITP_FIELD_WHOLE) {
        itp_field_range(field, range, sizeof range);
    }
    itp_append(text, size, "%s%s", text[0] ? ", " : "", field->name);
    value = value != 0 ? value : field->otherwise;
    if (range[0]) {
        itp_append(text, size, in_range(field, value) ? " (%s; %.12g)" : " (%s)", range, value);
    } else if (field->type == ITP_FIELD_CHOICE) {
        itp_append(text, size, " (%s; %s)", field->choice->name,
                   itp_kind_name(field->choice, (int32_t)(value != 0 ? value : field->otherwise)));
    }
}

void itp_kind_parameters(const itp_kind *kind, const itp_named *row, char *text, size_t size)
{
    double named[ITP_KIND_STRUCT / sizeof(double)] = {0};
    text[0] = 0;
    itp_kind_choose(kind, row, named);
    for (int32_t i = 0; i < kind->field_count; i++) {
        if (itp_reads(row, &kind->fields[i])) {
            describe(&kind->fields[i], named, text, size);
        }
    }
}
