/* The ranking as a table to read, and as JSON. */
#include <math.h>
#include <string.h>

#include "base/float_env.h"
#include "base/number.h"
#include "base/page.h"
#include "search/entries.h"

enum { TABLE_PLACES = 10 };

/* How many of a budget are shown. */
static int32_t shown(const itp_search *search, int32_t b, int32_t places)
{
    int32_t all = search->begins[b + 1] - search->begins[b];
    return places && places < all ? places : all;
}

static itp_search_entry entry_at(const itp_search *search, int32_t b, int32_t rank)
{
    return itp_entry_of(search, itp_candidate_at(search, search->ranking[search->begins[b] + rank]));
}

/* ---- the table ---- */

/* Three digits that count, in a column. */
static void put_rounded(itp_page *to, double value)
{
    char text[ITP_NUMBER_ROOM] = "-";
    if (value > 0 && isfinite(value)) {
        double unit = pow(10, floor(log10(value)) - 3);
        double rounded = unit < 1 ? nearbyint(value / unit) / nearbyint(1 / unit) : nearbyint(value / unit) * unit;
        text[itp_number_print(rounded, text)] = 0;
    }
    itp_put(to, " %-9s", text);
}

static void put_line(itp_page *to, const itp_search_entry *of, int32_t rank)
{
    itp_put(to, "%4d ", (int)rank + 1);
    put_rounded(to, of->error);
    put_rounded(to, of->standard_error);
    itp_put(to, " %4d%s %5d  %s", (int)of->seeds, of->tested ? "t" : " ", (int)of->names, of->text);
    itp_put(to, of->status ? " (status %d)\n" : "\n", (int)of->status);
}

static void put_table(itp_page *to, const itp_search *search, int32_t places)
{
    const itp_search_report *r = &search->report;
    itp_put(to,
            "%s%s%d plans of %d names; %llu evaluations, %llu of them for the converged samples; %llu were shared\n",
            search->name, search->name[0] ? ": " : "", (int)r->candidates, (int)r->names,
            (unsigned long long)r->evaluations, (unsigned long long)r->reference_evaluations,
            (unsigned long long)r->shared);
    for (int32_t b = 0; b < search->desc.budget_count; b++) {
        itp_put(to, "%s%d evaluations%s\n   #  error     +-        seeds names  plan\n", b ? "\n" : "",
                (int)search->budgets[b], r->over ? "" : ", so far");
        for (int32_t i = 0; i < shown(search, b, places); i++) {
            itp_search_entry entry = entry_at(search, b, i);
            put_line(to, &entry, i);
        }
    }
    itp_put(to, "t: of seeds that chose nothing\n");
}

/* ---- JSON ---- */

static void put_string(itp_page *to, const char *text)
{
    itp_put(to, "\"");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        int special = c == '"' || c == '\\';
        itp_put(to, c < ' ' ? "\\u%04x" : special ? "\\%c" : "%c", c);
    }
    itp_put(to, "\"");
}

static void put_real(itp_page *to, const char *name, double value)
{
    itp_put(to, ", \"%s\": ", name);
    if (isfinite(value)) {
        itp_put_number(to, "", value);
    } else {
        itp_put(to, "null");
    }
}

static void put_whole(itp_page *to, const char *name, uint64_t value)
{
    itp_put(to, ", \"%s\": %llu", name, (unsigned long long)value);
}

static void put_signed(itp_page *to, const char *name, int32_t value)
{
    itp_put(to, ", \"%s\": %d", name, (int)value);
}

static void put_report(itp_page *to, const itp_search_report *r)
{
    itp_put(to, "\"report\": {\"evaluations\": %llu", (unsigned long long)r->evaluations);
    put_whole(to, "reference_evaluations", r->reference_evaluations);
    put_whole(to, "shared", r->shared);
    put_real(to, "reference_error", r->reference_error);
    put_signed(to, "reference_rows", r->reference_rows);
    put_signed(to, "names", r->names);
    put_signed(to, "candidates", r->candidates);
    put_signed(to, "refused", r->refused);
    put_signed(to, "rounds", r->rounds);
    put_signed(to, "running", r->running);
    put_signed(to, "over", r->over);
    itp_put(to, "}");
}

static void put_entry(itp_page *to, const itp_search_entry *of)
{
    itp_put(to, "{\"text\": ");
    put_string(to, of->text);
    put_real(to, "error", of->error);
    put_real(to, "standard_error", of->standard_error);
    put_real(to, "chosen", of->chosen);
    put_real(to, "rehearsed", of->rehearsed);
    put_whole(to, "seeds", of->seeds);
    put_signed(to, "tested", of->tested);
    put_signed(to, "round", of->round);
    put_signed(to, "evaluations", of->evaluations);
    put_signed(to, "names", of->names);
    put_signed(to, "status", of->status);
    itp_put(to, "}");
}

static void put_json(itp_page *to, const itp_search *search, int32_t places)
{
    itp_put(to, "{\"name\": ");
    put_string(to, search->name);
    itp_put(to, ", \"common\": ");
    put_string(to, search->common);
    itp_put(to, ", ");
    put_report(to, &search->report);
    itp_put(to, ", \"budgets\": [");
    for (int32_t b = 0; b < search->desc.budget_count; b++) {
        itp_put(to, "%s\n{\"evaluations\": %d, \"plans\": [", b ? "," : "", (int)search->budgets[b]);
        for (int32_t i = 0; i < shown(search, b, places); i++) {
            itp_search_entry entry = entry_at(search, b, i);
            itp_put(to, i ? ",\n" : "\n");
            put_entry(to, &entry);
        }
        itp_put(to, "]}");
    }
    itp_put(to, "]}");
}

/* ---- both ---- */

typedef void put_all(itp_page *to, const itp_search *search, int32_t places);

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written through the page */
static ITP_APART int write_page(const itp_search *search, int32_t places, put_all *put, char *text, size_t capacity,
                                size_t *needed)
{
    if (!search || (!text && capacity)) {
        return search ? itp_fail(&search->log, ITP_E_ARGUMENT, "text: it is NULL, but has room.") : (int)ITP_E_ARGUMENT;
    }
    if (places < 0) {
        return itp_fail(&search->log, ITP_E_RANGE, "places: %d, it must be at least 0.", (int)places);
    }
    itp_page to = {text, capacity, 0};
    put(&to, search, places);
    if (needed) {
        *needed = to.length + 1;
    }
    return itp_report_end(&search->log, ITP_OK);
}

/* NOLINTNEXTLINE(readability-non-const-parameter) */
int itp_search_print(const itp_search *search, int32_t places, char *text, size_t capacity, size_t *needed)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int32_t some = places ? places : TABLE_PLACES;
    return itp_float_env_leave(&env, write_page(search, some, put_table, text, capacity, needed));
}

/* NOLINTNEXTLINE(readability-non-const-parameter) */
int itp_search_to_json(const itp_search *search, int32_t places, char *text, size_t capacity, size_t *needed)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, write_page(search, places, put_json, text, capacity, needed));
}
