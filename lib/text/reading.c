#include "text/reading.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/field.h"
#include "base/number.h"

enum { SHOWN = 24 };

/* A piece of the text. */
typedef struct word {
    const char *text;
    size_t length;
} word;

/* ---- what is wrong ---- */

/* `shift: a number is wanted at character 8, not "x".` */
static int wanted(const itp_reading *from, const char *key, const char *what)
{
    int place = (int)(from->at - from->text) + 1;
    if (!*from->at) {
        return itp_fail(from->log, ITP_E_ARGUMENT, "%s: %s is wanted at character %d, where the text ends.", key, what,
                        place);
    }
    return itp_fail(from->log, ITP_E_ARGUMENT, "%s: %s is wanted at character %d, not \"%.*s\".", key, what, place,
                    SHOWN, from->at);
}

/* ---- words ---- */

static int is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_blanks(itp_reading *from)
{
    while (is_blank(*from->at)) {
        from->at++;
    }
}

static int is_quote(char c)
{
    return c == '"' || c == '\'';
}

static int ends_word(char c)
{
    return !c || is_blank(c) || is_quote(c) || strchr(",;()[]=", c);
}

/* `karras`, or `"DPM++ 2M"`; of length 0 where there is none. It is not passed over. */
static word word_at(const char *at)
{
    word found = {at, 0};
    if (is_quote(*at)) {
        const char *end = strchr(at + 1, *at);
        found.text = at + 1;
        found.length = end ? (size_t)(end - at) - 1 : 0;
        return found;
    }
    while (!ends_word(at[found.length])) {
        found.length++;
    }
    return found;
}

static void pass(itp_reading *from, word over)
{
    from->at = over.text + over.length + is_quote(*from->at);
}

/* As a name may hold parentheses: `1000(1-t)`. */
static word balanced_at(const char *at)
{
    word found = word_at(at);
    int depth = 0;
    for (found.length = 0; !is_quote(*at) && at[found.length]; found.length++) {
        char c = at[found.length];
        depth += (c == '(') - (c == ')');
        if (depth < 0 || (depth == 0 && c != ')' && ends_word(c))) {
            break;
        }
    }
    return found;
}

/* The key of `key = value`, which is passed over; of length 0 where no key comes next. */
static word take_key(itp_reading *from)
{
    word key = word_at(from->at);
    const char *at = key.text + key.length;
    while (key.length && is_blank(*at)) {
        at++;
    }
    if (is_quote(*from->at) || *at != '=') {
        key.length = 0;
    }
    from->at = key.length ? at + 1 : from->at;
    return key;
}

static int takes(itp_reading *from, char c)
{
    skip_blanks(from);
    int there = *from->at == c;
    from->at += there;
    return there;
}

static void note_name(itp_reading *from, const itp_kind *kind, const itp_named *row, word name, int32_t others)
{
    if (*itp_word(row, ITP_WORD_FLOW) && from->name_count < ITP_READING_PARTS) {
        int32_t i = from->name_count++;
        from->names[i].kind = kind;
        from->names[i].row = row;
        from->names[i].text = name.text;
        from->names[i].length = (int32_t)name.length;
        from->names[i].others = others;
    }
}

/* `DPM++ 2M Karras`: the name of a row, and behind it that of a row of another part, of more than a letter: ipndm_v is
 * no ipndm for the prediction v. */
static int two_names(const itp_reading *from, const itp_kind *kind, word name, word *own, const itp_field **other)
{
    own->text = name.text;
    for (own->length = name.length - 1; own->length > 0; own->length--) {
        const char *rest = name.text + own->length + 1;
        size_t length = name.length - own->length - 1;
        int parts = strchr(" _-", own->text[own->length]) && itp_kind_called(kind, own->text, own->length, NULL);
        for (int32_t i = 0; from->whole && parts && i < from->whole->field_count; i++) {
            *other = &from->whole->fields[i];
            if ((*other)->type == ITP_FIELD_PART && length > 1 &&
                itp_kind_called((*other)->choice, rest, length, NULL)) {
                return 1;
            }
        }
    }
    return 0;
}

static int unknown_name(const itp_reading *from, const itp_kind *kind, word name)
{
    word own;
    const itp_field *other;
    if (two_names(from, kind, name, &own, &other)) {
        return itp_fail(from->log, ITP_E_UNSUPPORTED, "%s: \"%.*s\" is two names; write %s=\"%.*s\" %s=%.*s.",
                        kind->name, (int)name.length, name.text, kind->name, (int)own.length, own.text, other->name,
                        (int)(name.length - own.length - 1), own.text + own.length + 1);
    }
    return itp_unknown(kind, from->log, name.text, name.length);
}

/* The row that is named next; the name is passed over. */
static int take_row(itp_reading *from, const itp_kind *kind, const char *key, const itp_named **row)
{
    int32_t others = 0;
    word name = balanced_at(from->at);
    *row = itp_kind_called(kind, name.text, name.length, &others);
    if (!*row) {
        name = word_at(from->at);
        *row = itp_kind_called(kind, name.text, name.length, &others);
    }
    if (!name.length) {
        return wanted(from, key, "a name");
    }
    if (!*row) {
        return unknown_name(from, kind, name);
    }
    note_name(from, kind, *row, name, others);
    pass(from, name);
    return ITP_OK;
}

/* ---- values ---- */

/* `0.5`, or `1/6`. */
static int is_number(word digits, double *value)
{
    const char *bar = memchr(digits.text, '/', digits.length);
    size_t above = bar ? (size_t)(bar - digits.text) : digits.length;
    double below = 1;
    int known = itp_number_read(digits.text, above, value);
    known = known && (!bar || itp_number_read(bar + 1, digits.length - above - 1, &below));
    *value /= below;
    return known;
}

static int read_number(itp_reading *from, const itp_field *field, double *value)
{
    word digits = word_at(from->at);
    int whole = field->type == ITP_FIELD_WHOLE;
    int known = !is_quote(*from->at) && is_number(digits, value);
    if (!known || (whole && *value != floor(*value))) {
        return wanted(from, field->name, whole ? "a whole number" : "a number");
    }
    if (!(fabs(*value) <= (whole ? INT32_MAX : DBL_MAX))) {
        return itp_fail(from->log, ITP_E_RANGE, "%s: %.*s is too large.", field->name, (int)digits.length, digits.text);
    }
    pass(from, digits);
    return ITP_OK;
}

static int read_plain(itp_reading *from, const itp_field *field, void *into)
{
    char range[96];
    double value = 0;
    int status = read_number(from, field, &value);
    if (status) {
        return status;
    }
    int zero = value == 0 && field->otherwise != 0; /* which a struct has for the default, and below 0 for 0 itself */
    itp_field_write(field, into, zero && field->range & ITP_NO_LOW ? -1 : value);
    if (zero && !(field->range & ITP_NO_LOW)) {
        itp_field_range(field, range, sizeof range);
        return itp_fail(from->log, ITP_E_RANGE, "%s: 0, it must be %s.", field->name, range);
    }
    return itp_field_check(field, into, from->log);
}

static int read_choice(itp_reading *from, const itp_field *field, void *into)
{
    const itp_named *row;
    int status = take_row(from, field->choice, field->name, &row);
    if (!status) {
        itp_field_write(field, into, row->id);
    }
    return status;
}

static int no_memory(const itp_reading *from)
{
    return itp_fail(from->log, ITP_E_MEMORY, "text: no memory for what it describes.");
}

/* Room that is freed with the reading; NULL after the sentence. */
static void *make_part(itp_reading *from, size_t count, size_t size)
{
    void *list = from->part_count < ITP_READING_PARTS ? itp_memory_array(from->memory, count, size) : NULL;
    if (!list) {
        (void)no_memory(from);
        return NULL;
    }
    from->parts[from->part_count].list = list;
    from->parts[from->part_count++].bytes = count * size;
    return list;
}

/* A list has at most one element more than there are commas. */
static void *make_list(itp_reading *from, size_t size)
{
    size_t count = 1;
    for (const char *at = from->at; *at; at++) {
        count += *at == ',';
    }
    return make_part(from, count, size);
}

/* Puts a list into the struct. Those that have one count there are of one length. */
static int put_list(const itp_reading *from, const itp_field *field, void *into, const void *list, int32_t count)
{
    int32_t width = field->type == ITP_FIELD_SQUARE ? (int32_t)(sqrt(count) + .5) : count, other;
    memcpy(&other, (unsigned char *)into + field->count_at, sizeof other);
    if (width != count && width * width != count) {
        return itp_fail(from->log, ITP_E_ARGUMENT, "%s: %d numbers make no square.", field->name, (int)count);
    }
    if (other && other != width) {
        return itp_fail(from->log, ITP_E_ARGUMENT, "%s: it is of length %d, but the list before it of %d.", field->name,
                        (int)width, (int)other);
    }
    memcpy((unsigned char *)into + field->at, &list, sizeof list);
    memcpy((unsigned char *)into + field->count_at, &width, sizeof width);
    return ITP_OK;
}

/* A number of a list; *row: in a row with brackets of its own, as those of a square may have. */
static int read_element(itp_reading *from, const itp_field *field, int *row, double *value)
{
    *row |= field->type == ITP_FIELD_SQUARE && takes(from, '[');
    skip_blanks(from);
    int status = read_number(from, field, value);
    *row = *row && !takes(from, ']');
    return status;
}

/* Whether a comma comes next that an argument with a key follows. */
static int is_key_next(itp_reading *from)
{
    const char *start = from->at;
    int is = takes(from, ',');
    skip_blanks(from);
    is = is && take_key(from).length > 0;
    from->at = start;
    return is;
}

/* Up to where no comma follows, or without brackets one with a key behind it. */
static int read_elements(itp_reading *from, const itp_field *field, int brackets, double *list, int32_t *count)
{
    int row = 0, status = ITP_OK;
    for (int more = 1; more && !status;) {
        status = read_element(from, field, &row, &list[*count]);
        *count += !status;
        more = (brackets || !is_key_next(from)) && takes(from, ',');
    }
    return !status && (row || (brackets && !takes(from, ']'))) ? wanted(from, field->name, "\"]\"") : status;
}

/* `[1, 2, 3]`, or without brackets all values up to one with a key. */
static int read_reals(itp_reading *from, const itp_field *field, void *into)
{
    int brackets = takes(from, '[');
    int32_t count = 0;
    double *list = make_list(from, sizeof *list);
    int status = list ? read_elements(from, field, brackets, list, &count) : ITP_E_MEMORY;
    return status ? status : put_list(from, field, into, list, count);
}

/* `[name(...), name(...)]`. */
static int read_parts(itp_reading *from, const itp_field *field, void *into)
{
    int32_t count = 0;
    size_t size = field->choice->size;
    unsigned char *list = make_list(from, size);
    int status = !list ? ITP_E_MEMORY : takes(from, '[') ? ITP_OK : wanted(from, field->name, "\"[\"");
    for (int more = !status; more && !status;) {
        skip_blanks(from);
        status = itp_read_named(from, field->choice, list + (size_t)count++ * size);
        more = !status && takes(from, ',');
    }
    status = !status && !takes(from, ']') ? wanted(from, field->name, "\"]\"") : status;
    return status ? status : put_list(from, field, into, list, count);
}

static int read_schedule(itp_reading *from, const itp_field *field, void *into)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    desc.env = from->env;
    int status = itp_read_named(from, field->choice, &desc);
    status = status ? status : itp_schedule_new(&desc, &schedule);
    if (status || from->part_count == ITP_READING_PARTS) {
        itp_schedule_free(schedule);
        return status ? status : no_memory(from);
    }
    from->parts[from->part_count++].schedule = schedule;
    memcpy((unsigned char *)into + field->at, &schedule, sizeof(void *));
    return ITP_OK;
}

static int read_part(itp_reading *from, const itp_field *field, void *into)
{
    return itp_read_named(from, field->choice, (unsigned char *)into + field->at);
}

static int read_pointer(itp_reading *from, const itp_field *field, void *into)
{
    (void)into;
    return itp_fail(from->log, ITP_E_UNSUPPORTED,
                    "%s: a function of the program's, which no text can name; set it in the struct.", field->name);
}

static int read_value(itp_reading *from, const itp_field *field, void *into)
{
    static int (*const READ[])(itp_reading *, const itp_field *, void *) = {
        [ITP_FIELD_REAL] = read_plain,        [ITP_FIELD_WHOLE] = read_plain,  [ITP_FIELD_CHOICE] = read_choice,
        [ITP_FIELD_REALS] = read_reals,       [ITP_FIELD_PART] = read_part,    [ITP_FIELD_POINTER] = read_pointer,
        [ITP_FIELD_SCHEDULE] = read_schedule, [ITP_FIELD_SQUARE] = read_reals, [ITP_FIELD_PARTS] = read_parts};
    skip_blanks(from);
    return READ[field->type](from, field, into);
}

/* ---- names with arguments ---- */

typedef struct arguments {
    const itp_kind *kind;
    const itp_named *row;
    void *into;
    uint64_t given; /* a bit for each field */
    int32_t position;
} arguments;

/* The last part that has a field of this name; NULL: none. */
static const itp_field *part_with(const itp_kind *kind, word key)
{
    for (int32_t i = kind->field_count - 1; i >= 0; i--) {
        const itp_field *field = &kind->fields[i];
        int part = field->type == ITP_FIELD_PART || field->type == ITP_FIELD_SCHEDULE;
        if (part && itp_field_called(field->choice, itp_kind_row(field->choice, 0), key.text, key.length)) {
            return field;
        }
    }
    return NULL;
}

static int unknown_key(const itp_reading *from, const arguments *of, word key)
{
    char list[96];
    int length = (int)key.length;
    const itp_field *part = part_with(of->kind, key), *near = itp_field_near(of->kind, key.text, key.length);
    if (part) {
        return itp_fail(from->log, ITP_E_UNSUPPORTED, "%.*s: %s has none, but its %s may: %s=NAME(%.*s=...).", length,
                        key.text, of->row->name, part->name, part->name, length, key.text);
    }
    itp_nearest(of->kind->fields, sizeof *of->kind->fields, of->kind->field_count, key.text, key.length, list,
                sizeof list);
    const char *meant = near ? near->name : list;
    return itp_fail(from->log, ITP_E_UNSUPPORTED,
                    meant[0] ? "%s: %s has no \"%.*s\"; did you mean %s?" : "%s: %s has no \"%.*s\".%s", of->kind->name,
                    of->row->name, length, key.text, meant);
}

/* The next field that the row reads; NULL past the last. */
static const itp_field *next_field(arguments *of)
{
    const itp_field *field = NULL;
    while (!field && of->position < of->kind->field_count) {
        field = &of->kind->fields[of->position++];
        field = itp_reads(of->row, field) && field->type != ITP_FIELD_POINTER ? field : NULL;
    }
    return field;
}

/* A field may stand in several rows of the table, for one place in the struct. */
static uint64_t bit_of(const itp_kind *kind, const itp_field *field)
{
    int32_t i = 0;
    while (kind->fields[i].at != field->at || kind->fields[i].behind != field->behind) {
        i++;
    }
    return (uint64_t)1 << i;
}

/* The struct into which a field is read. What a pointer leads to, the row's, or nothing where the row does not read
 * the field, is copied before. */
static void *home_of(itp_reading *from, const itp_field *field, void *into)
{
    enum { LEAST = 64 };
    const void *home = itp_field_home(field, into);
    size_t size = LEAST;
    for (int32_t i = 0; i < from->part_count && field->behind; i++) {
        if (from->parts[i].list == home) {
            return from->parts[i].list;
        }
    }
    if (!field->behind) {
        return into;
    }
    if (home) {
        memcpy(&size, home, sizeof size); /* of a sized struct */
    }
    void *own = make_part(from, 1, size);
    if (own && home) {
        memcpy(own, home, size);
    }
    memcpy((unsigned char *)into + field->behind, &own, sizeof own);
    return own;
}

static int read_field(itp_reading *from, arguments *of, const itp_field *field)
{
    uint64_t bit = bit_of(of->kind, field);
    if (of->given & bit) {
        return itp_fail(from->log, ITP_E_ARGUMENT, "%s: %s is given twice, again at character %d.", of->kind->name,
                        field->name, (int)(from->at - from->text) + 1);
    }
    of->given |= bit;
    itp_field here = *field;
    void *home = home_of(from, field, of->into);
    here.behind = 0;
    int status = home ? read_value(from, &here, home) : ITP_E_MEMORY;
    return status || itp_reads(of->row, field) ? status
                                               : itp_field_unread(of->kind, of->row, field, of->into, from->log);
}

/* One `value` or `key=value`. */
static int read_argument(itp_reading *from, arguments *of)
{
    skip_blanks(from);
    if (!*from->at) {
        return wanted(from, of->kind->name, "\")\"");
    }
    word key = take_key(from);
    const itp_field *field = key.length ? itp_field_called(of->kind, of->row, key.text, key.length) : next_field(of);
    if (field) {
        return read_field(from, of, field);
    }
    return key.length ? unknown_key(from, of, key) : wanted(from, of->kind->name, "key=value");
}

static int read_arguments(itp_reading *from, arguments *of)
{
    int status = ITP_OK;
    if (takes(from, ')')) {
        return ITP_OK;
    }
    do {
        status = read_argument(from, of);
    } while (!status && takes(from, ','));
    return !status && !takes(from, ')') ? wanted(from, of->kind->name, "\",\" or \")\"") : status;
}

int itp_read_named(itp_reading *from, const itp_kind *kind, void *into)
{
    arguments of = {kind, NULL, into, 0, 0};
    int status = take_row(from, kind, kind->name, &of.row);
    if (status) {
        return status;
    }
    itp_kind_choose(kind, of.row, into);
    if (*from->at != '(') {
        return ITP_OK;
    }
    from->at++;
    return read_arguments(from, &of);
}

int itp_read_items(itp_reading *from, const itp_kind *kind, void *into, uint64_t *given)
{
    arguments of = {kind, itp_kind_row(kind, 0), into, 0, kind->field_count};
    int status = ITP_OK;
    from->whole = kind;
    for (skip_blanks(from); *from->at && !status; skip_blanks(from)) {
        status = read_argument(from, &of);
        if (!status && *from->at && !is_blank(*from->at)) {
            status = wanted(from, kind->name, "a blank");
        }
    }
    *given = of.given;
    return status;
}

int itp_read_end(itp_reading *from)
{
    skip_blanks(from);
    return *from->at ? wanted(from, "text", "its end") : ITP_OK;
}

void itp_reading_free(itp_reading *from)
{
    for (int32_t i = 0; i < from->part_count; i++) {
        itp_schedule_free(from->parts[i].schedule);
        itp_memory_free(from->memory, from->parts[i].list, from->parts[i].bytes);
    }
    from->part_count = 0;
}
