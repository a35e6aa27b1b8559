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

static int of_its_type(const itp_json_field *field, const cJSON *item)
{
    switch (field->kind) {
    case ITP_JSON_STRING: return cJSON_IsString(item);
    case ITP_JSON_ARRAY: return cJSON_IsArray(item);
    case ITP_JSON_OBJECT: return cJSON_IsObject(item);
    default: return cJSON_IsNumber(item);
    }
}

/* isfinite first: an open range would let infinity through. */
static int in_range(const itp_json_field *field, const cJSON *item)
{
    switch (field->kind) {
    case ITP_JSON_REAL:
        return isfinite(item->valuedouble) && item->valuedouble >= field->low && item->valuedouble <= field->high;
    case ITP_JSON_INTEGER: return itp_json_whole(item, field->low, field->high);
    default: return 1;
    }
}

static void store(const itp_json_field *field, const cJSON *item, void *out)
{
    void *to = (unsigned char *)out + field->offset;
    switch (field->kind) {
    case ITP_JSON_REAL: *(double *)to = item->valuedouble; break;
    case ITP_JSON_INTEGER: *(int32_t *)to = (int32_t)item->valuedouble; break;
    case ITP_JSON_STRING: *(const char **)to = item->valuestring; break;
    default: *(const cJSON **)to = item; break;
    }
}

static int read_field(const itp_report *log, const itp_json_place *place, const itp_json_field *field,
                      const cJSON *item, void *out)
{
    static const char *const kinds[] = {"a number", "a whole number", "a string", "an array", "an object"};
    if (!of_its_type(field, item)) {
        return itp_fail(log, ITP_E_ARGUMENT, "%s.%s: it must be %s.", place->text, field->name, kinds[field->kind]);
    }
    if (!in_range(field, item)) {
        return itp_fail(log, ITP_E_RANGE, "%s.%s: %.17g, it must be %s from %g to %g.", place->text, field->name,
                        item->valuedouble, kinds[field->kind], field->low, field->high);
    }
    store(field, item, out);
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
