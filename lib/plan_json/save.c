/* From a plan to JSON. */
#include <interp/plan_json.h>

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/float_env.h"
#include "plan_json/check.h"
#include "text/text.h"

/* The tree under construction: an item that could not be made or added leaves a status, and the rest goes on. */
typedef struct saving {
    int status;
} saving;

static void put_item(saving *s, cJSON *parent, const char *name, cJSON *item)
{
    if (!(name ? cJSON_AddItemToObjectCS(parent, name, item) : cJSON_AddItemToArray(parent, item))) {
        cJSON_Delete(item);
        s->status = ITP_E_MEMORY;
    }
}

/* cJSON's own printing takes 15 digits where they come within one part in 2^52, which need not be the same number. The
 * only characters that a locale can change are those of the decimal point. */
static void put_number(saving *s, cJSON *parent, const char *name, double value)
{
    char printed[64], text[64];
    size_t length = 0;
    if (!isfinite(value)) {
        s->status = ITP_E_RANGE;
        return;
    }
    (void)snprintf(printed, sizeof printed, "%.17g", value);
    for (size_t i = 0; printed[i]; i++) {
        if (strchr("0123456789+-e", printed[i])) {
            text[length++] = printed[i];
        } else if (length && text[length - 1] != '.') {
            text[length++] = '.';
        }
    }
    text[length] = 0;
    put_item(s, parent, name, cJSON_CreateRaw(text));
}

static void put_string(saving *s, cJSON *parent, const char *name, const char *text)
{
    put_item(s, parent, name, cJSON_CreateStringReference(text));
}

/* A container that is in its parent; NULL, with a status, when there is no memory. */
static cJSON *put_container(saving *s, cJSON *parent, const char *name, cJSON *item)
{
    int before = s->status;
    s->status = ITP_OK;
    put_item(s, parent, name, item);
    int added = !s->status;
    s->status = before ? before : s->status;
    return added ? item : NULL;
}

static void put_term(saving *s, cJSON *terms, const itp_term *term)
{
    static const char *const columns[] = {"Y", "F", "xi"};
    cJSON *item = put_container(s, terms, NULL, cJSON_CreateArray());
    put_string(s, item, NULL, columns[term->column]);
    put_number(s, item, NULL, term->index);
    put_number(s, item, NULL, term->coef);
}

static void put_terms(saving *s, cJSON *parent, const char *name, const itp_term *terms, int32_t count)
{
    cJSON *array = put_container(s, parent, name, cJSON_CreateArray());
    for (int32_t i = 0; i < count && !s->status; i++) {
        put_term(s, array, &terms[i]);
    }
}

static void put_row(saving *s, cJSON *rows, const itp_plan_row *row)
{
    cJSON *item = put_container(s, rows, NULL, cJSON_CreateObject());
    put_number(s, item, "time", row->time);
    put_number(s, item, "u", row->u);
    put_number(s, item, "t", row->t);
    put_number(s, item, "scale", row->scale);
    put_number(s, item, "keep", row->keep);
    put_number(s, item, "keep_state", row->keep_state);
    put_number(s, item, "keep_output", row->keep_output);
    put_number(s, item, "data_state", row->data_state);
    put_number(s, item, "data_output", row->data_output);
    put_number(s, item, "step", row->step);
    put_number(s, item, "ends_step", row->ends_step);
    put_terms(s, item, "terms", row->terms, row->term_count);
}

/* 64 bits are more than a number in JSON holds everywhere. */
static void put_whole(saving *s, cJSON *parent, const char *name, uint64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    put_item(s, parent, name, cJSON_CreateString(text));
}

static void put_origin(saving *s, cJSON *top, const itp_plan_origin *origin)
{
    cJSON *item = put_container(s, top, "origin", cJSON_CreateObject());
    put_string(s, item, "network", origin->network);
    put_whole(s, item, "seed", origin->seed);
    put_whole(s, item, "first", origin->first);
    put_whole(s, item, "count", origin->count);
    put_whole(s, item, "held_out", origin->held_out);
    put_number(s, item, "before", origin->before);
    put_number(s, item, "before_held_out", origin->before_held_out);
    put_number(s, item, "after", origin->after);
    put_number(s, item, "after_held_out", origin->after_held_out);
    put_number(s, item, "guidance", origin->guidance);
    put_number(s, item, "guidance_low", origin->guidance_low);
    put_number(s, item, "guidance_high", origin->guidance_high);
    put_number(s, item, "ridge", origin->ridge);
    put_whole(s, item, "test", origin->test);
    put_number(s, item, "before_test", origin->before_test);
    put_number(s, item, "after_test", origin->after_test);
    put_number(s, item, "guidance_most", origin->guidance_most);
}

/* Plans that have a text. */
static void put_description(saving *s, cJSON *top, const itp_plan *plan)
{
    size_t needed = 0;
    char *text = NULL;
    if (itp_plan_print(plan, NULL, 0, &needed)) {
        return;
    }
    text = itp_memory_alloc(&plan->memory, needed, 1);
    if (!text || itp_plan_print(plan, text, needed, NULL)) {
        s->status = ITP_E_MEMORY;
    } else {
        put_item(s, top, "description", cJSON_CreateString(text));
    }
    itp_memory_free(&plan->memory, text, needed);
}

static void put_plan(saving *s, cJSON *top, const itp_plan *plan)
{
    put_string(s, top, "format", "libinterp plan");
    put_number(s, top, "version", ITP_PLAN_JSON_VERSION);
    put_description(s, top, plan);
    put_string(s, top, "solver", plan->info.solver);
    put_number(s, top, "steps", plan->info.steps);
    put_number(s, top, "slots", plan->info.slots);
    put_number(s, top, "normals", plan->info.normals);
    put_number(s, top, "start_scale", plan->info.start_scale);
    put_number(s, top, "start_data", plan->info.start_data);
    put_number(s, top, "u_start", plan->info.u_start);
    put_number(s, top, "u_end", plan->info.u_end);
    put_number(s, top, "end_scale", plan->info.end_scale);
    if (plan->info.starts_inside) {
        put_number(s, top, "starts_inside", 1);
    }
    if (plan->info.start_term_count) {
        put_terms(s, top, "start_terms", plan->info.start_terms, plan->info.start_term_count);
    }
    itp_json_check check = itp_json_check_of(plan);
    put_item(s, top, "check", cJSON_CreateString(check.text));
    if (plan->origin.count) {
        put_origin(s, top, &plan->origin);
    }
    cJSON *rows = put_container(s, top, "rows", cJSON_CreateArray());
    for (int32_t i = 0; i < plan->info.rows && !s->status; i++) {
        put_row(s, rows, &plan->rows[i]);
    }
}

static int deliver_text(const char *printed, char *text, size_t capacity, size_t *needed)
{
    size_t bytes = strlen(printed) + 1;
    if (needed) {
        *needed = bytes;
    }
    if (capacity && capacity < bytes) {
        text[0] = 0;
        return ITP_E_RANGE;
    }
    if (capacity) {
        memcpy(text, printed, bytes);
    }
    return ITP_OK;
}

static ITP_APART int plan_to_json(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    if (!plan || (!text && capacity)) {
        return ITP_E_ARGUMENT;
    }
    saving s = {ITP_OK};
    cJSON *top = cJSON_CreateObject();
    put_plan(&s, top, plan);
    char *printed = s.status ? NULL : cJSON_Print(top);
    cJSON_Delete(top);
    if (!printed) {
        return s.status ? s.status : ITP_E_MEMORY;
    }
    int status = deliver_text(printed, text, capacity, needed);
    cJSON_free(printed);
    return status;
}

int itp_plan_to_json(const itp_plan *plan, char *text, size_t capacity, size_t *needed)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_to_json(plan, text, capacity, needed));
}
