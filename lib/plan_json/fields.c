#include "plan_json/fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

itp_json_place itp_json_row_place(int32_t row)
{
    itp_json_place place;
    (void)snprintf(place.text, sizeof place.text, "rows[%d]", (int)row);
    return place;
}

int itp_json_whole(const cJSON *item, double low, double high)
{
    return cJSON_IsNumber(item) && item->valuedouble >= low && item->valuedouble <= high &&
           floor(item->valuedouble) == item->valuedouble;
}

static void store_real(const cJSON *item, void *to)
{
    *(double *)to = item->valuedouble;
}

static void store_whole(const cJSON *item, void *to)
{
    *(int32_t *)to = (int32_t)item->valuedouble;
}

static void store_string(const cJSON *item, void *to)
{
    *(const char **)to = item->valuestring;
}

static void store_item(const cJSON *item, void *to)
{
    *(const cJSON **)to = item;
}

/* isfinite first: an open range would let infinity through. */
static int real_in(const cJSON *item, double low, double high)
{
    return isfinite(item->valuedouble) && item->valuedouble >= low && item->valuedouble <= high;
}

static int any(const cJSON *item, double low, double high)
{
    (void)item;
    (void)low;
    (void)high;
    return 1;
}

/* What a field of a kind is. */
typedef struct json_kind {
    const char *name;
    cJSON_bool (*is)(const cJSON *item);
    int (*in)(const cJSON *item, double low, double high);
    void (*store)(const cJSON *item, void *to);
} json_kind;

static const json_kind KINDS[] = {
    [ITP_JSON_REAL] = {"a number", cJSON_IsNumber, real_in, store_real},
    [ITP_JSON_INTEGER] = {"a whole number", cJSON_IsNumber, itp_json_whole, store_whole},
    [ITP_JSON_STRING] = {"a string", cJSON_IsString, any, store_string},
    [ITP_JSON_ARRAY] = {"an array", cJSON_IsArray, any, store_item},
    [ITP_JSON_OBJECT] = {"an object", cJSON_IsObject, any, store_item},
};

static int read_field(const itp_report *log, const itp_json_place *place, const itp_json_field *field,
                      const cJSON *item, void *out)
{
    const char *kind = KINDS[field->kind].name;
    if (!KINDS[field->kind].is(item)) {
        return itp_fail(log, ITP_E_ARGUMENT, "%s.%s: it must be %s.", place->text, field->name, kind);
    }
    if (!KINDS[field->kind].in(item, field->low, field->high)) {
        return itp_fail(log, ITP_E_RANGE, "%s.%s: %.17g, it must be %s from %g to %g.", place->text, field->name,
                        item->valuedouble, kind, field->low, field->high);
    }
    KINDS[field->kind].store(item, (unsigned char *)out + field->offset);
    return ITP_OK;
}

static int32_t find(const itp_json_field *fields, int32_t count, const char *name)
{
    int32_t i = 0;
    while (i < count && strcmp(fields[i].name, name) != 0) {
        i++;
    }
    return i;
}

int itp_json_read(const itp_report *log, const itp_json_place *place, const cJSON *object, const itp_json_field *fields,
                  int32_t count, void *out)
{
    uint32_t seen = 0;
    if (!cJSON_IsObject(object)) {
        return itp_fail(log, ITP_E_ARGUMENT, "%s: it must be an object.", place->text);
    }
    for (const cJSON *item = object->child; item; item = item->next) {
        int32_t i = find(fields, count, item->string);
        if (i == count || seen >> i & 1) {
            return itp_fail(log, ITP_E_ARGUMENT, "%s: the field \"%.40s\" %s.", place->text, item->string,
                            i == count ? "is unknown" : "is there twice");
        }
        int status = read_field(log, place, &fields[i], item, out);
        if (status) {
            return status;
        }
        seen |= (uint32_t)1 << i;
    }
    for (int32_t i = 0; i < count; i++) {
        if (!fields[i].optional && !(seen >> i & 1)) {
            return itp_fail(log, ITP_E_ARGUMENT, "%s.%s: it is missing.", place->text, fields[i].name);
        }
    }
    return ITP_OK;
}
