#include "text/printing.h"

#include <string.h>

#include "base/field.h"
#include "schedule/schedule.h"

static const void *pointer_at(const void *from, size_t at)
{
    const void *pointer;
    memcpy(&pointer, (const unsigned char *)from + at, sizeof pointer);
    return pointer;
}

typedef struct printing {
    itp_page *to;
    const itp_report *log;
} printing;

/* A default has two numbers, 0 and its own. */
static double effective(const itp_field *field, const void *from)
{
    double value = itp_field_value(field, from);
    if (field->type == ITP_FIELD_CHOICE) {
        const itp_named *row = itp_kind_of(field->choice, (int32_t)value);
        return row ? row->id : value;
    }
    return value != 0 ? value : field->otherwise;
}

static int print_number(const printing *p, const itp_field *field, const void *from)
{
    itp_put_number(p->to, "", effective(field, from));
    return ITP_OK;
}

static int print_choice(const printing *p, const itp_field *field, const void *from)
{
    itp_put(p->to, "%s", itp_kind_name(field->choice, (int32_t)itp_field_value(field, from)));
    return ITP_OK;
}

static int32_t count_of(const itp_field *field, const void *from)
{
    int32_t count;
    memcpy(&count, (const unsigned char *)from + field->count_at, sizeof count);
    return count;
}

/* `[1, 2, 3]`, `[[1, 2], [3, 4]]`. */
static int print_reals(const printing *p, const itp_field *field, const void *from)
{
    const double *list = pointer_at(from, field->at);
    int32_t count = count_of(field, from), square = field->type == ITP_FIELD_SQUARE, width = square ? count : 1;
    for (int32_t i = 0; i < count * width; i++) {
        int first = square && i % width == 0;
        itp_put(p->to, "%s%s", i == 0 ? "[" : first ? "], " : ", ", first ? "[" : "");
        itp_put_number(p->to, "", list[i]);
    }
    itp_put(p->to, square ? "]]" : "]");
    return ITP_OK;
}

static int print_parts(const printing *p, const itp_field *field, const void *from)
{
    const itp_kind *kind = field->choice;
    const unsigned char *list = pointer_at(from, field->at);
    int status = ITP_OK;
    for (int32_t i = 0; i < count_of(field, from) && !status; i++) {
        itp_put(p->to, i ? ", " : "[");
        status = itp_print_named(p->to, kind, itp_kind_row(kind, 0), list + (size_t)i * kind->size, p->log);
    }
    itp_put(p->to, "]");
    return status;
}

static int print_schedule(const printing *p, const itp_field *field, const void *from)
{
    const itp_schedule *schedule = pointer_at(from, field->at);
    return itp_print_named(p->to, field->choice, itp_kind_of(field->choice, schedule->desc.kind), &schedule->desc,
                           p->log);
}

static int print_part(const printing *p, const itp_field *field, const void *from)
{
    const itp_kind *kind = field->choice;
    const void *part = (const unsigned char *)from + field->at;
    return itp_print_named(p->to, kind, itp_kind_chosen(kind, part), part, p->log);
}

static int print_pointer(const printing *p, const itp_field *field, const void *from)
{
    (void)from;
    return itp_fail(p->log, ITP_E_UNSUPPORTED,
                    "%s: a function of the program's, which no text can name; save the plan as JSON.", field->name);
}

static int print_value(const printing *p, const itp_field *field, const void *from)
{
    static int (*const PRINT[])(const printing *, const itp_field *, const void *) = {
        [ITP_FIELD_REAL] = print_number,       [ITP_FIELD_WHOLE] = print_number, [ITP_FIELD_CHOICE] = print_choice,
        [ITP_FIELD_REALS] = print_reals,       [ITP_FIELD_PART] = print_part,    [ITP_FIELD_POINTER] = print_pointer,
        [ITP_FIELD_SCHEDULE] = print_schedule, [ITP_FIELD_SQUARE] = print_reals, [ITP_FIELD_PARTS] = print_parts};
    return PRINT[field->type](p, field, from);
}

/* Not what the name alone stands for. */
static int differs(const itp_field *field, const void *from, const void *plain)
{
    double value = effective(field, from), without = effective(field, plain);
    return value < without || value > without;
}

int itp_print_named(itp_page *to, const itp_kind *kind, const itp_named *row, const void *from, const itp_report *log)
{
    double plain[ITP_KIND_STRUCT / sizeof(double)] = {0};
    printing p = {to, log};
    int status = ITP_OK;
    itp_kind_choose(kind, row, plain);
    itp_put(to, "%s", row->name);
    const char *before = "(";
    for (int32_t i = 0; i < kind->field_count && !status; i++) {
        const itp_field *field = &kind->fields[i];
        if (itp_reads(row, field) && differs(field, from, plain)) {
            itp_field here = *field;
            here.behind = 0;
            itp_put(to, "%s%s=", before, field->name);
            status = print_value(&p, &here, itp_field_home(field, from));
            before = ", ";
        }
    }
    itp_put(to, "%s", *before == ',' ? ")" : "");
    return status;
}

/* A part is left out where it is the first of its kind without any field; one that has no id never is. */
static int is_set(const itp_field *field, const void *from)
{
    static const double nothing[ITP_KIND_STRUCT / sizeof(double)];
    const itp_kind *kind = field->choice;
    if (field->type != ITP_FIELD_PART) {
        return itp_field_value(field, from) != 0;
    }
    const unsigned char *part = (const unsigned char *)from + field->at;
    int set = kind->chosen || itp_kind_chosen(kind, part) != itp_kind_row(kind, 0);
    for (int32_t i = 0; i < kind->field_count; i++) {
        set |= differs(&kind->fields[i], part, nothing);
    }
    return set;
}

int itp_print_items(itp_page *to, const itp_kind *kind, const void *from, const itp_report *log)
{
    printing p = {to, log};
    int status = ITP_OK;
    const char *before = "";
    for (int32_t i = 0; i < kind->field_count && !status; i++) {
        if (is_set(&kind->fields[i], from)) {
            itp_put(to, "%s%s=", before, kind->fields[i].name);
            status = print_value(&p, &kind->fields[i], from);
            before = " ";
        }
    }
    return status;
}
