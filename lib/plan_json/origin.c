#include "plan_json/origin.h"

#include <float.h>
#include <string.h>

#include "base/log.h"

typedef struct origin_fields {
    const char *network, *seed, *first, *count, *held_out, *test;
    double before, before_held_out, after, after_held_out, guidance, guidance_low, guidance_high, ridge, before_test,
        after_test, guidance_most;
} origin_fields;

#define TEXT(member) \
    { \
#member, ITP_JSON_STRING, 0, offsetof(origin_fields, member), 0, 0 \
    }
#define REAL(member, low) \
    { \
#member, ITP_JSON_REAL, 0, offsetof(origin_fields, member), low, DBL_MAX \
    }

/* Files of before have none of these. */
#define LATER(member, kind) \
    { \
#member, kind, 1, offsetof(origin_fields, member), 0, DBL_MAX \
    }

static const itp_json_field ORIGIN[] = {
    TEXT(network),
    TEXT(seed),
    TEXT(first),
    TEXT(count),
    TEXT(held_out),
    REAL(before, 0),
    REAL(before_held_out, 0),
    REAL(after, 0),
    REAL(after_held_out, 0),
    REAL(guidance, -DBL_MAX),
    REAL(guidance_low, -DBL_MAX),
    REAL(guidance_high, -DBL_MAX),
    REAL(ridge, 0),
    LATER(test, ITP_JSON_STRING),
    LATER(before_test, ITP_JSON_REAL),
    LATER(after_test, ITP_JSON_REAL),
    LATER(guidance_most, ITP_JSON_REAL),
};

/* Digits that fit 64 bits, and nothing else. */
static int whole(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    for (const char *at = text; *at; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (*at < '0' || *at > '9' || value > (UINT64_MAX - digit) / 10) {
            return 0;
        }
        value = 10 * value + digit;
    }
    *out = value;
    return *text != 0;
}

static int read_wholes(const origin_fields *from, itp_plan_origin *to)
{
    return whole(from->seed, &to->seed) && whole(from->first, &to->first) && whole(from->count, &to->count) &&
           whole(from->held_out, &to->held_out) && whole(from->test, &to->test) && to->held_out < to->count;
}

int itp_json_read_origin(const itp_report *log, const cJSON *item, itp_plan_origin *out)
{
    const itp_json_place place = {"origin"};
    const itp_plan_origin empty = ITP_PLAN_ORIGIN_INIT;
    itp_plan_origin origin = empty;
    origin_fields from = {.test = "0"};
    int status = item ? itp_json_read(log, &place, item, ORIGIN, sizeof ORIGIN / sizeof ORIGIN[0], &from) : ITP_OK;
    if (status || !item) {
        return status;
    }
    if (!read_wholes(&from, &origin)) {
        return itp_fail(log, ITP_E_RANGE,
                        "origin: seed, first, count, held_out and test must be whole numbers as strings, "
                        "held_out below count.");
    }
    strncpy(origin.network, from.network, sizeof origin.network - 1);
    origin.before = from.before;
    origin.before_held_out = from.before_held_out;
    origin.after = from.after;
    origin.after_held_out = from.after_held_out;
    origin.guidance = from.guidance;
    origin.guidance_low = from.guidance_low;
    origin.guidance_high = from.guidance_high;
    origin.ridge = from.ridge;
    origin.before_test = from.before_test;
    origin.after_test = from.after_test;
    origin.guidance_most = from.guidance_most;
    *out = origin;
    return ITP_OK;
}
