/* JSON objects with a fixed set of fields, read into structs. */
#ifndef ITP_PLAN_JSON_FIELDS_H
#define ITP_PLAN_JSON_FIELDS_H

#include <cjson/cJSON.h>

#include "base/log.h"

/* What a field is, and the member of the struct that gets it: double, int32_t, const char *, const cJSON *, const
 * cJSON *. The last three point into the tree. */
enum { ITP_JSON_REAL = 0, ITP_JSON_INTEGER = 1, ITP_JSON_STRING = 2, ITP_JSON_ARRAY = 3, ITP_JSON_OBJECT = 4 };

typedef struct itp_json_field {
    const char *name;
    int32_t kind;
    int32_t optional; /* 1: it may be missing, and leaves the member as it was */
    size_t offset;
    double low, high; /* of a number, both allowed */
} itp_json_field;

/* The object's place in the text, for sentences. */
typedef struct itp_json_place {
    char text[40];
} itp_json_place;
itp_json_place itp_json_row_place(int32_t row);

/* All `count` fields, each once (but for optional ones) and no other: ITP_E_ARGUMENT, ITP_E_RANGE. At most 32. */
int itp_json_read(const itp_report *log, const itp_json_place *place, const cJSON *object, const itp_json_field *fields,
                  int32_t count, void *out);

/* A number within low .. high that is whole. */
int itp_json_whole(const cJSON *item, double low, double high);

#endif
