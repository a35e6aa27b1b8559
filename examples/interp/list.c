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
        printf("reads: %s\n", entry->parameters);
    }
}

static int list_one(const char *kind, const char *name)
{
    itp_entry entry = {ITP_SIZED(itp_entry)};
    if (itp_kind_find(kind, name, &entry) != ITP_OK) {
        fprintf(stderr,
                entry.parameters[0] ? "interp: there is no %s \"%s\"; did you mean %s?\n"
                                    : "interp: there is no %s \"%s\"; interp list names them all%s\n",
                kind, name, entry.parameters);
        return 2;
    }
    describe(&entry);
    return 0;
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
    fprintf(stderr, "interp: there is no kind \"%s\"; interp list names them all\n", arguments[0]);
    return 2;
}
