/* From JSON to a plan. Nothing that the text says is believed: whatever a run relies on is looked at or made anew. */
#include <interp/plan_json.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/log.h"
#include "plan_json/check.h"
#include "plan_json/fields.h"
#include "plan_json/origin.h"
#include "text/text.h"

enum { PADDING = 8 };

typedef struct head {
    const char *format, *solver, *check, *description;
    const cJSON *rows, *start_terms, *origin;
    double start_scale, start_data, u_start, u_end, end_scale;
    int32_t version, steps, slots, normals, starts_inside;
} head;

typedef struct row_fields {
    const cJSON *terms;
    double time, u, t, scale, keep_state, keep_output, data_state, data_output;
    int32_t keep, step, ends_step, reserved;
} row_fields;

#define REAL(type, member) \
    { \
#member, ITP_JSON_REAL, 0, offsetof(type, member), -DBL_MAX, DBL_MAX \
    }
#define INTEGER(type, member, low, high) \
    { \
#member, ITP_JSON_INTEGER, 0, offsetof(type, member), low, high \
    }
#define OTHER(type, member, kind) \
    { \
#member, kind, 0, offsetof(type, member), 0, 0 \
    }

static const itp_json_field HEAD[] = {
    OTHER(head, format, ITP_JSON_STRING),
    OTHER(head, solver, ITP_JSON_STRING),
    OTHER(head, rows, ITP_JSON_ARRAY),
    {"check", ITP_JSON_STRING, 1, offsetof(head, check), 0, 0},
    {"description", ITP_JSON_STRING, 1, offsetof(head, description), 0, 0},
    {"origin", ITP_JSON_OBJECT, 1, offsetof(head, origin), 0, 0},
    {"start_terms", ITP_JSON_ARRAY, 1, offsetof(head, start_terms), 0, 0},
    {"starts_inside", ITP_JSON_INTEGER, 1, offsetof(head, starts_inside), 0, 1},
    REAL(head, start_scale),
    REAL(head, start_data),
    REAL(head, u_start),
    REAL(head, u_end),
    REAL(head, end_scale),
    INTEGER(head, version, ITP_PLAN_JSON_VERSION, ITP_PLAN_JSON_VERSION),
    INTEGER(head, steps, 1, ITP_PLAN_MOST_ROWS),
    INTEGER(head, slots, 1, 2 * ITP_PLAN_MOST_ROWS),
    INTEGER(head, normals, 1, INT32_MAX),
};
static const itp_json_field ROW[] = {
    OTHER(row_fields, terms, ITP_JSON_ARRAY),
    REAL(row_fields, time),
    REAL(row_fields, u),
    REAL(row_fields, t),
    REAL(row_fields, scale),
    REAL(row_fields, keep_state),
    REAL(row_fields, keep_output),
    REAL(row_fields, data_state),
    REAL(row_fields, data_output),
    INTEGER(row_fields, keep, 0, 1),
    INTEGER(row_fields, step, 0, ITP_PLAN_MOST_ROWS),
    INTEGER(row_fields, ends_step, 0, 1),
};
enum { HEAD_FIELDS = sizeof HEAD / sizeof HEAD[0], ROW_FIELDS = sizeof ROW / sizeof ROW[0] };

typedef struct loading {
    const itp_report *log;
    head head;
    itp_plan *plan;
} loading;

static const cJSON *first(const cJSON *array)
{
    return array ? array->child : NULL;
}

/* ---- terms ---- */

static int32_t column_of(const cJSON *name)
{
    const char *text = name && cJSON_IsString(name) ? name->valuestring : "";
    return !strcmp(text, "Y")    ? ITP_COLUMN_STATE
           : !strcmp(text, "F")  ? ITP_COLUMN_OUTPUT
           : !strcmp(text, "xi") ? ITP_COLUMN_NORMAL
                                 : -1;
}

/* The three parts; the last is NULL when they are not these. */
typedef struct parts {
    const cJSON *column, *index, *coef;
} parts;

static parts parts_of(const cJSON *item)
{
    parts p = {NULL, NULL, NULL};
    if (cJSON_GetArraySize(item) == 3 && cJSON_IsArray(item)) {
        p.column = item->child;
        p.index = p.column->next;
        p.coef = p.index->next;
    }
    if (!cJSON_IsString(p.column) || !cJSON_IsNumber(p.index) || !cJSON_IsNumber(p.coef)) {
        p.coef = NULL;
    }
    return p;
}

/* "rows[3].terms[1]" or "start_terms[1]", for sentences. */
static itp_json_place place_of(int32_t i, int32_t j)
{
    itp_json_place place;
    if (i < 0) {
        (void)snprintf(place.text, sizeof place.text, "start_terms[%d]", (int)j);
    } else {
        (void)snprintf(place.text, sizeof place.text, "rows[%d].terms[%d]", (int)i, (int)j);
    }
    return place;
}

static int read_term(const loading *l, const cJSON *item, int32_t i, int32_t j, itp_term *out)
{
    parts p = parts_of(item);
    itp_json_place at = place_of(i, j);
    int32_t kind = column_of(p.column);
    if (!p.coef) {
        return itp_fail(l->log, ITP_E_ARGUMENT, "%s: it must be a column, an index and a coefficient.", at.text);
    }
    if (kind < 0) {
        return itp_fail(l->log, ITP_E_UNSUPPORTED, "%s: \"%.40s\" is none of the columns Y, F and xi.", at.text,
                        p.column->valuestring);
    }
    if (!itp_json_whole(p.index, 0, INT32_MAX - 1)) {
        return itp_fail(l->log, ITP_E_RANGE, "%s: the index %.17g is no whole number below 2^31.", at.text,
                        p.index->valuedouble);
    }
    itp_term term = {kind, (int32_t)p.index->valuedouble, 0, 0, p.coef->valuedouble};
    *out = term;
    return ITP_OK;
}

/* `terms` has room for all that the array has. Of row i, or of the start: -1. */
static int read_terms(const loading *l, const cJSON *array, int32_t i, itp_term *terms, int32_t *count)
{
    int32_t j = 0;
    int status = ITP_OK;
    for (const cJSON *item = first(array); item && !status; item = item->next, j++) {
        status = read_term(l, item, i, j, &terms[j]);
    }
    *count = j;
    return status;
}

/* ---- rows ---- */

static int read_row(const loading *l, const cJSON *item, int32_t i, itp_term *terms)
{
    const itp_plan_row empty = ITP_PLAN_ROW_INIT;
    itp_plan_row *row = &l->plan->rows[i];
    itp_json_place place = itp_json_row_place(i);
    row_fields from;
    int status = itp_json_read(l->log, &place, item, ROW, ROW_FIELDS, &from);
    if (status) {
        return status;
    }
    *row = empty;
    row->time = from.time;
    row->u = from.u;
    row->t = from.t;
    row->scale = from.scale;
    row->keep = from.keep;
    row->keep_state = from.keep_state;
    row->keep_output = from.keep_output;
    row->data_state = from.data_state;
    row->data_output = from.data_output;
    row->step = from.step;
    row->steps = l->head.steps;
    row->ends_step = from.ends_step;
    row->terms = terms;
    return read_terms(l, from.terms, i, terms, &row->term_count);
}

static size_t length_of(const cJSON *array)
{
    size_t count = 0;
    for (const cJSON *item = first(array); item; item = item->next) {
        count++;
    }
    return count;
}

/* Of the start and all rows; each counts what read_row will read, or more. */
static size_t count_terms(const head *of)
{
    size_t count = length_of(of->start_terms);
    for (const cJSON *row = first(of->rows); row; row = row->next) {
        count += length_of(cJSON_GetObjectItemCaseSensitive(row, "terms"));
    }
    return count;
}

static int make_room(const loading *l)
{
    return itp_plan_make_room(l->plan, l->log, length_of(l->head.rows), count_terms(&l->head));
}

/* Normals alone; without any, start_scale xi_0. */
static int read_start(const loading *l, itp_term *terms)
{
    itp_plan_info *info = &l->plan->info;
    int status = read_terms(l, l->head.start_terms, -1, terms, &info->start_term_count);
    info->start_terms = info->start_term_count ? terms : NULL;
    return status;
}

static int read_rows(const loading *l)
{
    itp_term *terms = l->plan->terms;
    int32_t i = 0;
    for (const cJSON *item = first(l->head.rows); item; item = item->next, i++) {
        int status = read_row(l, item, i, terms);
        if (status) {
            return status;
        }
        terms += l->plan->rows[i].term_count;
    }
    return read_start(l, terms);
}

/* ---- the plan ---- */

/* The version first: another one may have other fields. */
static int read_head(loading *l, const cJSON *top)
{
    const itp_json_place place = {"plan"};
    const cJSON *format = cJSON_GetObjectItemCaseSensitive(top, "format");
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(top, "version");
    if (!cJSON_IsString(format) || strcmp(format->valuestring, "libinterp plan") != 0) {
        return itp_fail(l->log, ITP_E_UNSUPPORTED, "format: the text is not a \"libinterp plan\".");
    }
    if (cJSON_IsNumber(version) && !itp_json_whole(version, ITP_PLAN_JSON_VERSION, ITP_PLAN_JSON_VERSION)) {
        return itp_fail(l->log, ITP_E_UNSUPPORTED, "version: %.17g, but this library reads %d.", version->valuedouble,
                        ITP_PLAN_JSON_VERSION);
    }
    int status = itp_json_read(l->log, &place, top, HEAD, HEAD_FIELDS, &l->head);
    size_t length = status ? 1 : strlen(l->head.solver);
    return length == 0 || length >= ITP_SOLVER_NAME
               ? itp_fail(l->log, ITP_E_RANGE, "solver: \"%.80s\", a name has 1 to %d bytes.", l->head.solver,
                          ITP_SOLVER_NAME - 1)
               : status;
}

static void fill_info(const loading *l)
{
    itp_plan_info *info = &l->plan->info;
    info->size = sizeof *info;
    itp_plan_set_solver(l->plan, l->head.solver);
    info->steps = l->head.steps;
    info->normals = l->head.normals;
    info->start_scale = l->head.start_scale;
    info->start_data = l->head.start_data;
    info->u_start = l->head.u_start;
    info->u_end = l->head.u_end;
    info->end_scale = l->head.end_scale;
    info->starts_inside = l->head.starts_inside;
}

/* What the text says that follows from the rows. */
static int check_counts(const loading *l)
{
    const itp_plan_info *info = &l->plan->info;
    if (info->normals != l->head.normals) {
        return itp_fail(l->log, ITP_E_RANGE, "normals: %d, but the rows use %d.", (int)l->head.normals,
                        (int)info->normals);
    }
    return info->slots == l->head.slots ? ITP_OK
                                        : itp_fail(l->log, ITP_E_RANGE, "slots: %d, but the rows need %d.",
                                                   (int)l->head.slots, (int)info->slots);
}

static int check_all(const loading *l)
{
    itp_json_check check = itp_json_check_of(l->plan);
    return !l->head.check || !strcmp(l->head.check, check.text)
               ? ITP_OK
               : itp_fail(l->log, ITP_E_RANGE, "check: \"%.40s\", but the numbers give \"%s\": one of them is damaged.",
                          l->head.check, check.text);
}

/* A newer library's text is no reason to refuse the rows. */
static int read_description(const loading *l)
{
    const char *text = l->head.description;
    int status = text ? itp_text_keep(text, &l->plan->memory, &l->plan->kept) : ITP_OK;
    if (status && status != ITP_E_MEMORY) {
        itp_warn(l->log, "description: \"%.80s\" is none that this library can read; the plan is loaded without it.",
                 text);
        return ITP_OK;
    }
    return status;
}

static int build(loading *l, const cJSON *top, const itp_memory *memory)
{
    int status = read_head(l, top);
    if (status) {
        return status;
    }
    l->plan = itp_memory_array(memory, 1, sizeof *l->plan);
    if (!l->plan) {
        return itp_fail(l->log, ITP_E_MEMORY, "no memory for a plan.");
    }
    l->plan->memory = *memory;
    fill_info(l);
    status = make_room(l);
    status = status ? status : read_rows(l);
    status = status ? status : itp_plan_adopt(l->plan, l->log);
    status = status ? status : check_counts(l);
    status = status ? status : itp_json_read_origin(l->log, l->head.origin, &l->plan->origin);
    status = status ? status : check_all(l);
    return status ? status : read_description(l);
}

/* A copy that ends in zeros: cJSON before 1.7.18 may look at the byte after the last, and a 0 in the middle would end
 * the text. */
static int parse(const itp_report *log, const char *text, size_t length, const itp_memory *memory, cJSON **out)
{
    const char *end = NULL;
    char *copy = length < SIZE_MAX / 4 ? itp_memory_array(memory, length + PADDING, 1) : NULL;
    if (!copy) {
        return itp_fail(log, ITP_E_MEMORY, "no memory for %zu bytes of text.", length);
    }
    memcpy(copy, text, length);
    const char *zero = memchr(copy, 0, length);
    *out = zero ? NULL : cJSON_ParseWithLengthOpts(copy, length + 1, &end, 1);
    end = zero ? zero : end;
    size_t place = end ? (size_t)(end - copy) : 0;
    itp_memory_free(memory, copy, length + PADDING);
    return *out ? ITP_OK : itp_fail(log, ITP_E_ARGUMENT, "text: it is not JSON; the first %zu bytes might be.", place);
}

static int load(const char *text, size_t length, const itp_memory *memory, const itp_report *log, itp_plan **out)
{
    loading l;
    cJSON *top = NULL;
    memset(&l, 0, sizeof l);
    l.log = log;
    int status = parse(log, text, length, memory, &top);
    status = status ? status : build(&l, top, memory);
    cJSON_Delete(top);
    if (status) {
        itp_plan_free(l.plan);
        return status;
    }
    *out = l.plan;
    return ITP_OK;
}

static ITP_APART int plan_from_json(const char *text, size_t length, const itp_env *env, itp_plan **out)
{
    itp_memory memory;
    itp_report known;
    if (!out) {
        return itp_env_refuse(env, "out");
    }
    *out = NULL;
    if (!text) {
        return itp_env_refuse(env, "text");
    }
    int status = itp_report_from(env, &known);
    status = status ? status : itp_desc_memory(env, &known, &memory);
    status = status ? status : load(text, length, &memory, &known, out);
    return itp_report_end(&known, status);
}

int itp_plan_from_json(const char *text, size_t length, const itp_env *env, itp_plan **out)
{
    itp_float_env host;
    itp_float_env_enter(&host);
    return itp_float_env_leave(&host, plan_from_json(text, length, env, out));
}
