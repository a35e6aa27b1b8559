#include "saved.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH 4096
#define FIRST_BYTES 16384
#define MOST_BYTES ((size_t)64 << 20)
#define CLOSE 1e-6 /* of numbers that should be equal */
#define ENDS 0.02  /* schedules other than ours may start a little after the noise, or end a little before the data */

static int fail(saved_plan *s, int status, const char *why)
{
    snprintf(s->why, sizeof s->why, "%s", why);
    return status;
}

static FILE *find(const char *name, const char *weights)
{
    char path[PATH];
    const char *slash = strrchr(weights, '/');
    int folder = slash ? (int)(slash - weights) + 1 : 0;
    FILE *file = fopen(name, "rb");
    if (file || strchr(name, '/')) {
        return file;
    }
    int length = snprintf(path, sizeof path, "%.*splans/%s.json", folder, weights, name);
    return length > 0 && length < PATH ? fopen(path, "rb") : NULL;
}

/* The file may be a pipe, so its length is known at its end. */
static char *read_all(FILE *file, size_t *length)
{
    size_t capacity = FIRST_BYTES;
    char *text = malloc(capacity);
    *length = 0;
    while (text) {
        *length += fread(text + *length, 1, capacity - *length, file);
        if (*length < capacity) {
            break;
        }
        capacity *= 2;
        char *more = capacity > MOST_BYTES ? NULL : realloc(text, capacity);
        if (!more) {
            free(text);
        }
        text = more;
    }
    if (text && ferror(file)) {
        free(text);
        text = NULL;
    }
    return text;
}

static int near(double a, double b)
{
    return fabs(a - b) <= CLOSE;
}

/* The velocity of the linear schedule, given its time: there t = u, and the data prediction is x + (1 - t) v. */
static int is_ours(const itp_plan_row *row)
{
    return row->u >= 0 && row->u <= 1 && near(row->time, row->u) && near(row->scale, 1) && near(row->data_state, 1) &&
           near(row->data_output, 1 - row->u);
}

static int check(saved_plan *s)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_get_info(s->plan, &info);
    if (!(fabs(info.start_data) <= ENDS)) {
        return fail(s, ITP_E_UNSUPPORTED, "it does not start from noise");
    }
    if (!(info.u_end >= 1 - ENDS)) {
        return fail(s, ITP_E_UNSUPPORTED, "it ends before the data");
    }
    for (int32_t i = 0; i < info.rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        itp_plan_get_row(s->plan, i, &row);
        if (!is_ours(&row)) {
            return fail(s, ITP_E_UNSUPPORTED,
                        "it is for another network than one of velocities under the linear schedule");
        }
    }
    return ITP_OK;
}

/* libinterp says in a sentence what is wrong with the text; ours goes on after it. */
static void ITP_CALL note(void *user, int32_t level, const char *message)
{
    saved_plan *s = user;
    size_t length = strlen(message);
    if (level == ITP_LOG_ERROR && !*s->why) {
        size_t ends = length && strchr(".?", message[length - 1]);
        snprintf(s->why, sizeof s->why, "%.*s", (int)(length - ends), message);
    }
}

/* `json`: of this length; NULL: the text of a plan. */
static int make(saved_plan *s, const char *json, size_t length, const char *text)
{
    itp_log log = {ITP_SIZED(itp_log), .write = note, .user = s};
    itp_env env = {ITP_SIZED(itp_env), .log = &log};
    int status = json ? itp_plan_from_json(json, length, &env, &s->plan) : itp_plan_parse_with(text, &env, &s->plan);
    if (status && !*s->why) {
        fail(s, status, itp_status_string(status));
    }
    return status ? status : check(s);
}

static int load(saved_plan *s, FILE *file)
{
    size_t length;
    char *text = read_all(file, &length);
    if (!text) {
        return fail(s, ITP_E_ARGUMENT, "it cannot be read, or is too long");
    }
    int status = make(s, text, length, NULL);
    free(text);
    return status;
}

static int read_file(saved_plan *s, const char *name, const char *weights)
{
    FILE *file = find(name, weights);
    if (!file) {
        return fail(s, ITP_E_ARGUMENT,
                    strchr(name, '/') ? "there is no such file"
                                      : "there is no such file, and no such plan beside the weights");
    }
    int status = load(s, file);
    fclose(file);
    return status;
}

int saved_open(saved_plan *s, const char *name, const char *weights)
{
    *s = (saved_plan){.plan = NULL};
    int status = strchr(name, '=') ? make(s, NULL, 0, name) : read_file(s, name, weights);
    if (status) {
        itp_plan_free(s->plan);
        s->plan = NULL;
    }
    return status;
}
