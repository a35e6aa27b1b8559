/* interp: what libinterp can do, and what a plan is, from a shell. */
#include "commands.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: interp list                    the kinds of things that have names\n"
    "       interp list KIND               all of a kind: solvers, grids, schedules, ...\n"
    "       interp list [KIND] NAME        one of them, with the parameters that it reads\n"
    "       interp plan \"TEXT\" [--json]    a plan: what it is, and its rows\n"
    "       interp show FILE               a plan that was saved as JSON; -: standard input\n"
    "       interp compare TEXT TEXT       two plans side by side; exit status 1 where they differ\n"
    "       interp search [TEXT] --network FILE:SYMBOL --dim N [--budgets 4,6,8] [--count N] [--test N]\n"
    "              [--seed N] [--batch N] [--places N] [--float64] [--json]\n"
    "                                      the best plans for a network in a shared library\n"
    "       interp --version\n"
    "\n"
    "A plan is described by items, key=value, each of which has a default:\n"
    "  interp plan \"schedule=lazy solver=ab2 evaluations=8\"\n"
    "  interp plan \"model=noise(schedule=ddpm(scaled-linear, 0.00085, 0.012), time=index) solver=dpmpp-2m\"\n";

static const struct {
    const char *name;
    int (*run)(int count, char **arguments);
    int least, most; /* arguments */
} commands[] = {
    {"list", command_list, 0, 2},       {"plan", command_plan, 1, 2},      {"show", command_show, 1, 1},
    {"compare", command_compare, 2, 2}, {"search", command_search, 1, 32},
};

static int misused(const char *what, const char *name)
{
    fprintf(stderr, "interp: %s \"%s\"; interp --help says more\n", what, name);
    return 2;
}

static int asks_help(const char *word)
{
    return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

static int said(const char *text)
{
    fputs(text, stdout);
    return 0;
}

/* The program's library: its version, and what it was built with and runs with. */
static int version(void)
{
    static const char *const parts[] = {"json", "openblas", "lapack", "avx2", "avx512", "neon"};
    printf("interp %s", itp_version_text());
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        printf("%s%s", itp_build_has(parts[i]) ? " " : "", itp_build_has(parts[i]) ? parts[i] : "");
    }
    return said("\n");
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "--help";
    if (asks_help(name) || (count > 2 && asks_help(arguments[2]))) {
        return said(help);
    }
    if (!strcmp(name, "--version")) {
        return version();
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (!strcmp(name, commands[i].name)) {
            int given = count - 2;
            return given < commands[i].least || given > commands[i].most ? misused("wrong number of arguments of", name)
                                                                         : commands[i].run(given, arguments + 2);
        }
    }
    return misused("there is no command", name);
}
