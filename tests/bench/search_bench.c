/* What a search finds, what it costs, and what a run of every candidate on all seeds finds: for the exact mixture in 64
 * dimensions, the closed form of 500 drawn images, and the example network.
 *
 * usage: search_bench [quick | all [SEEDS]]: every candidate is run of none of them; of the last two, too, which takes
 * hours with 32 seeds.
 */
#include <interp/interp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "field.h"

static const int32_t BUDGETS[] = {4, 6, 8};
enum { COUNT = sizeof BUDGETS / sizeof BUDGETS[0] };

static itp_search *run(const field *of, size_t seeds, int32_t exhaustive)
{
    itp_search_desc want = ITP_SEARCH_DESC_INIT;
    static itp_error why = ITP_ERROR_INIT; /* the search writes to it as long as it lives */
    const itp_env env = {ITP_SIZED(itp_env), .error = &why};
    itp_search *search = NULL;
    want.env = &env;
    want.dim = of->dim;
    want.count = seeds;
    want.budgets = BUDGETS;
    want.budget_count = COUNT;
    want.exhaustive = exhaustive;
    if (itp_search_run(&want, of->velocity, of->user, &search)) {
        fprintf(stderr, "%s: %s\n", of->name, why.text);
    }
    return search;
}

static itp_search_report report_of(const itp_search *search)
{
    itp_search_report report = ITP_SEARCH_REPORT_INIT;
    (void)itp_search_get_report(search, &report);
    return report;
}

static itp_search_entry entry_of(const itp_search *search, int32_t budget, int32_t rank)
{
    itp_search_entry entry = ITP_SEARCH_ENTRY_INIT;
    (void)itp_search_get_entry(search, budget, rank, &entry);
    return entry;
}

/* The least error on the test seeds, which did not choose, and so could not have chosen it. */
static double least(const itp_search *all, int32_t budget)
{
    double error = entry_of(all, budget, 0).error;
    itp_search_entry entry = ITP_SEARCH_ENTRY_INIT;
    for (int32_t i = 0; itp_search_get_entry(all, budget, i, &entry) == ITP_OK; i++) {
        error = entry.tested && entry.error < error ? entry.error : error;
    }
    return error;
}

static void print_budget(const itp_search *few, const itp_search *all, int32_t budget)
{
    itp_search_entry won = entry_of(few, budget, 0);
    printf("%4d  %.5f +- %.5f  ", (int)budget, won.error, won.standard_error);
    if (all) {
        printf("%.5f  %.5f  ", entry_of(all, budget, 0).error, least(all, budget));
    } else {
        printf("%7s  %7s  ", "-", "-");
    }
    printf("%s\n", won.text);
}

static void compare(const field *of, size_t seeds, int exhaustively)
{
    clock_t begun = clock();
    itp_search *few = run(of, seeds, 0);
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    itp_search *all = exhaustively ? run(of, seeds, 1) : NULL;
    if (few) {
        itp_search_report r = report_of(few);
        printf("%s: %d plans of %d names; %llu evaluations, %.2f times the reference's %llu; %.1f s\n", of->name,
               (int)r.candidates, (int)r.names, (unsigned long long)r.evaluations,
               (double)r.evaluations / (double)r.reference_evaluations, (unsigned long long)r.reference_evaluations,
               seconds);
        printf("      found               of all   least    plan\n");
        for (int i = 0; i < COUNT; i++) {
            print_budget(few, all, BUDGETS[i]);
        }
    }
    itp_search_free(few);
    itp_search_free(all);
}

int main(int count, char **arguments)
{
    int all = count > 1 && !strcmp(arguments[1], "all");
    size_t seeds = count > 2 ? (size_t)strtoul(arguments[2], NULL, 10) : 0;
    field of;
    if (!field_mixture(&of)) {
        compare(&of, seeds, count < 2 || strcmp(arguments[1], "quick"));
        of.free(of.user);
    }
    if (!field_images(NULL, 500, FASHION_FILE, &of)) {
        compare(&of, seeds, all);
        of.free(of.user);
    }
    if (!field_fashion(FASHION_FILE, &of)) {
        compare(&of, seeds, all);
        of.free(of.user);
    }
    return 0;
}
