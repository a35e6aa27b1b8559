/* interp search: which plans are best for a network that a shared library has. */
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BUDGETS = 32 };

typedef struct options {
    const char *network; /* FILE:SYMBOL */
    int json;
    int32_t places;
    int32_t budgets[MOST_BUDGETS];
    itp_search_desc want;
} options;

/* ---- options ---- */

static int read_budgets(options *of, const char *list)
{
    char *end;
    of->want.budget_count = 0;
    do {
        of->budgets[of->want.budget_count++] = (int32_t)strtol(list, &end, 10);
        if (end == list || (*end && *end != ',')) {
            return complain("--budgets: whole numbers with commas between are wanted, 4,6,8");
        }
        list = end + 1;
    } while (*end && of->want.budget_count < MOST_BUDGETS);
    of->want.budgets = of->budgets;
    return 0;
}

/* A size or a seed; -1 where it is none. */
static long long whole(const char *text)
{
    char *end;
    long long value = strtoll(text, &end, 10);
    return *text && !*end && value >= 0 ? value : -1;
}

static int read_number(options *of, const char *name, const char *text)
{
    itp_search_desc *want = &of->want;
    long long value = whole(text);
    if (value < 0) {
        fprintf(stderr, "interp: %s: a whole number is wanted, not \"%s\"\n", name, text);
        return 2;
    }
    if (!strcmp(name, "--dim")) {
        want->dim = (size_t)value;
    } else if (!strcmp(name, "--count")) {
        want->count = (size_t)value;
    } else if (!strcmp(name, "--test")) {
        want->test = (size_t)value;
    } else if (!strcmp(name, "--seed")) {
        want->seed = (uint64_t)value;
    } else if (!strcmp(name, "--batch")) {
        want->batch = (size_t)value;
    } else if (!strcmp(name, "--places")) {
        of->places = (int32_t)value;
    } else {
        fprintf(stderr, "interp: search has no option \"%s\"\n", name);
        return 2;
    }
    return 0;
}

static int read_option(options *of, const char *name, const char *value)
{
    if (!value) {
        fprintf(stderr, "interp: %s: a value is wanted\n", name);
        return 2;
    }
    if (!strcmp(name, "--network")) {
        of->network = value;
        return 0;
    }
    return strcmp(name, "--budgets") ? read_number(of, name, value) : read_budgets(of, value);
}

static int read_switch(options *of, const char *word)
{
    if (!strcmp(word, "--json")) {
        of->json = 1;
    } else if (!strcmp(word, "--float64")) {
        of->want.type = ITP_FLOAT64;
    } else {
        return 0;
    }
    return 1;
}

static int read_options(options *of, int count, char **arguments)
{
    of->want.size = sizeof of->want;
    for (int i = 0; i < count; i++) {
        if (strncmp(arguments[i], "--", 2)) {
            if (of->want.common) {
                return complain("search takes one text, what all plans have in common; it stands in quotes");
            }
            of->want.common = arguments[i];
        } else if (!read_switch(of, arguments[i])) {
            const char *value = i + 1 < count ? arguments[i + 1] : NULL;
            if (read_option(of, arguments[i++], value)) {
                return 2;
            }
        }
    }
    return of->network && of->want.dim ? 0 : complain("search wants --network FILE:SYMBOL and --dim N");
}

/* ---- the network ---- */

#if defined(HAVE_DLOPEN)
#include <dlfcn.h>

/* An itp_network_fn, called with NULL for its user; NULL after a sentence. */
static itp_network_fn open_network(const char *name)
{
    const char *colon = strrchr(name, ':');
    char *path = colon ? malloc((size_t)(colon - name) + 1) : NULL;
    itp_network_fn found = NULL;
    if (!path) {
        complain("--network: FILE:SYMBOL is wanted, ./net.so:velocity");
        return NULL;
    }
    memcpy(path, name, (size_t)(colon - name));
    path[colon - name] = 0;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library ? dlsym(library, colon + 1) : NULL;
    if (symbol) {
        memcpy(&found, &symbol, sizeof found); /* as POSIX has it, a pointer to a function */
    } else {
        fprintf(stderr, "interp: %s\n", dlerror());
    }
    free(path);
    return found;
}
#else
static itp_network_fn open_network(const char *name)
{
    (void)name;
    complain("this system has no dlopen; call itp_search_run from a program (docs/search.md)");
    return NULL;
}
#endif

/* ---- what it found ---- */

static int print_search(const itp_search *search, const options *of)
{
    size_t needed = 0;
    int (*print)(const itp_search *, int32_t, char *, size_t, size_t *) =
        of->json ? itp_search_to_json : itp_search_print;
    (void)print(search, of->places, NULL, 0, &needed);
    char *text = malloc(needed);
    if (!text || print(search, of->places, text, needed, NULL) != ITP_OK) {
        free(text);
        return complain("no memory");
    }
    puts(text);
    free(text);
    return 0;
}

int command_search(int count, char **arguments)
{
    static options of;
    itp_error why = {ITP_SIZED(itp_error)};
    const itp_env env = {ITP_SIZED(itp_env), .error = &why};
    itp_search *search = NULL;
    if (read_options(&of, count, arguments)) {
        return 2;
    }
    itp_network_fn network = open_network(of.network);
    if (!network) {
        return 2;
    }
    of.want.env = &env;
    of.want.name = of.network;
    if (itp_search_run(&of.want, network, NULL, &search) != ITP_OK) {
        return complain(why.text);
    }
    int result = print_search(search, &of);
    itp_search_free(search);
    return result;
}
