/* interp list: everything that has a name. */
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "solvers" is the kind "solver". */
static int is_kind(const char *asked, const char *kind)
{
    size_t length = strlen(kind);
    return !strncmp(asked, kind, length) && (!asked[length] || !strcmp(asked + length, "s"));
}

static void list_kinds(void)
{
    itp_entry entry = {ITP_SIZED(itp_entry)};
    for (int32_t i = 0; itp_kind_at("kind", i, &entry) == ITP_OK; i++) {
        printf("%-12s %s\n", entry.name, entry.about);
    }
}

static int widest(const char *kind)
{
    itp_entry entry = {ITP_SIZED(itp_entry)};
    int width = 0;
    for (int32_t i = 0; itp_kind_at(kind, i, &entry) == ITP_OK; i++) {
        int length = (int)strlen(entry.name);
        width = length > width ? length : width;
    }
    return width;
}

static void list_entries(const char *kind)
{
    itp_entry entry = {ITP_SIZED(itp_entry)};
    int width = widest(kind);
    for (int32_t i = 0; itp_kind_at(kind, i, &entry) == ITP_OK; i++) {
        printf("%-*s  %s\n", width, entry.name, entry.about);
    }
}

/* ---- one entry ---- */

enum { LONGEST = sizeof((itp_entry *)0)->parameters };

/* One of "rho (positive and finite; 7), nodes, order (at least 1 and at most 16), form (form; default)": a name, its
 * range or the kind of its names, and its default. Returns what is behind it. */
static const char *take_parameter(const char *at, char *name, char *range, char *otherwise)
{
    int length = (int)strcspn(at, ",("), named = at[length] == '(';
    const char *in = at + length + named, *end = named ? strchr(in, ')') : in,
               *bar = memchr(in, ';', (size_t)(end - in));
    snprintf(name, LONGEST, "%.*s", length - named, at);
    snprintf(range, LONGEST, "%.*s", (int)((bar ? bar : end) - in), in);
    snprintf(otherwise, LONGEST, "%.*s", bar ? (int)(end - bar) - 2 : 0, bar ? bar + 2 : "");
    return end + strspn(end, "), ");
}

static int is_known_kind(const char *name)
{
    itp_entry entry = {ITP_SIZED(itp_entry)};
    return itp_kind_find("kind", name, &entry) == ITP_OK;
}

static void print_parameters(const itp_entry *entry)
{
    char name[LONGEST], range[LONGEST], otherwise[LONGEST];
    printf("%-16s %-14s may be\n", "reads", "default");
    for (const char *at = entry->parameters; *at;) {
        at = take_parameter(at, name, range, otherwise);
        printf(*range ? "  %-14s %-14s %s%s\n" : "  %s\n", name, otherwise,
               is_known_kind(range) ? "a name: interp list " : "", range);
    }
}

/* What a solver is; its needs and its noise are said where there are any. */
static void describe_solver(const itp_entry *entry)
{
    printf("order: %d\nevaluations: %d in a full step\n", (int)entry->order, (int)entry->evaluations);
    printf("diffusion: %s\n", entry->takes_k     ? "any k"
                              : entry->own_noise ? "noise of its own"
                                                 : "none: the flow, k = 0");
}

static void describe_needs(int32_t needs)
{
    static const struct {
        int32_t bit;
        const char *what;
    } all[] = {
        {ITP_NEEDS_TABLE, "a table"}, {ITP_NEEDS_VALUES, "numbers of yours"}, {ITP_NEEDS_FUNCTION, "a function"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (needs & all[i].bit) {
            printf("needs: %s\n", all[i].what);
        }
    }
}

static void describe(const itp_entry *entry)
{
    printf("%s: %s\n", entry->name, entry->about);
    if (entry->aliases) {
        printf("also: %s\n", entry->aliases);
    }
    if (entry->order) {
        describe_solver(entry);
    }
    describe_needs(entry->needs);
    if (entry->parameters[0]) {
        print_parameters(entry);
    }
}

static int list_one(const char *kind, const char *name)
{
    itp_entry entry = {ITP_SIZED(itp_entry)};
    if (itp_kind_find(kind, name, &entry) != ITP_OK) {
        fprintf(stderr,
                entry.parameters[0] ? "interp: there is no %s \"%s\"; did you mean %s?\n"
                                    : "interp: there is no %s \"%s\"; interp list %s names them all\n",
                kind, name, entry.parameters[0] ? entry.parameters : kind);
        return 2;
    }
    describe(&entry);
    return 0;
}

/* A name of whatever kind. */
static int list_named(const char *name)
{
    itp_entry kind = {ITP_SIZED(itp_entry)}, entry = {ITP_SIZED(itp_entry)};
    int found = 0;
    for (int32_t i = 0; itp_kind_at("kind", i, &kind) == ITP_OK; i++) {
        if (itp_kind_find(kind.name, name, &entry) == ITP_OK) {
            printf("%s%s ", found++ ? "\n" : "", kind.name);
            describe(&entry);
        }
    }
    if (!found) {
        itp_kind_find("kind", name, &kind);
        fprintf(stderr, "interp: nothing is called \"%s\"; %s%s%s\n", name, kind.parameters[0] ? "did you mean " : "",
                kind.parameters, kind.parameters[0] ? "?" : "interp list names the kinds, interp list KIND all of one");
    }
    return found ? 0 : 2;
}

int command_list(int count, char **arguments)
{
    itp_entry kind = {ITP_SIZED(itp_entry)};
    if (!count) {
        list_kinds();
        return 0;
    }
    for (int32_t i = 0; itp_kind_at("kind", i, &kind) == ITP_OK; i++) {
        if (is_kind(arguments[0], kind.name)) {
            return count > 1 ? list_one(kind.name, arguments[1]) : (list_entries(kind.name), 0);
        }
    }
    if (count == 1) {
        return list_named(arguments[0]);
    }
    fprintf(stderr, "interp: there is no kind \"%s\"; interp list names them all\n", arguments[0]);
    return 2;
}
