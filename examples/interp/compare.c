/* interp compare: two plans side by side. */
#include "commands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct side {
    itp_plan *plan;
    itp_plan_info info;
} side;

static void print_counts(const char *name, int32_t a, int32_t b)
{
    printf("%-14s %12d %12d\n", name, (int)a, (int)b);
}

static void print_numbers(const char *name, double a, double b)
{
    printf("%-14s %12.6g %12.6g\n", name, a, b);
}

static void print_texts(const side *a, const side *b)
{
    char *first = text_of_plan(a->plan), *second = text_of_plan(b->plan);
    printf("a: %s\nb: %s\n%-14s %12s %12s\n", first ? first : "", second ? second : "", "", "a", "b");
    free(first);
    free(second);
}

static void print_info(const itp_plan_info *a, const itp_plan_info *b)
{
    print_counts("evaluations", a->rows, b->rows);
    print_counts("steps", a->steps, b->steps);
    print_counts("arrays", a->slots, b->slots);
    print_numbers("amplification", a->amplification, b->amplification);
    print_numbers("start", a->start_scale, b->start_scale);
}

static void print_position(const itp_plan *plan, int32_t i)
{
    itp_plan_row row = {ITP_SIZED(itp_plan_row)};
    if (itp_plan_get_row(plan, i, &row) == ITP_OK) {
        printf(" %12.6g", row.u);
    } else {
        printf(" %12s", "");
    }
}

/* Where the evaluations are. */
static void print_nodes(const side *a, const side *b)
{
    int32_t most = a->info.rows > b->info.rows ? a->info.rows : b->info.rows;
    for (int32_t i = 0; i < most; i++) {
        printf("u of row %-5d", (int)i);
        print_position(a->plan, i);
        print_position(b->plan, i);
        printf("\n");
    }
}

/* The coefficient of a column in a row, 0 where it is not there. */
static double coefficient(const itp_plan_row *row, const itp_term *like)
{
    for (int32_t j = 0; j < row->term_count; j++) {
        if (row->terms[j].column == like->column && row->terms[j].index == like->index) {
            return row->terms[j].coef;
        }
    }
    return 0;
}

/* The largest difference of a coefficient of `a` from that of `b`. */
static double farthest(const itp_plan_row *a, const itp_plan_row *b)
{
    double most = 0;
    for (int32_t j = 0; j < a->term_count; j++) {
        most = fmax(most, fabs(a->terms[j].coef - coefficient(b, &a->terms[j])));
    }
    return most;
}

static double difference(const itp_plan_row *a, const itp_plan_row *b)
{
    double most = fmax(farthest(a, b), farthest(b, a));
    most = fmax(most, fmax(fabs(a->keep_state - b->keep_state), fabs(a->keep_output - b->keep_output)));
    return fmax(most, fmax(fabs(a->time - b->time), fabs(a->u - b->u)));
}

/* 1: they differ. */
static int print_difference(const side *a, const side *b)
{
    itp_plan_row of_a = {ITP_SIZED(itp_plan_row)}, of_b = {ITP_SIZED(itp_plan_row)};
    double most = fabs(a->info.start_scale - b->info.start_scale);
    int32_t where = -1;
    if (a->info.rows != b->info.rows) {
        printf("the rows are not as many: no difference of their numbers\n");
        return 1;
    }
    for (int32_t i = 0; i < a->info.rows; i++) {
        itp_plan_get_row(a->plan, i, &of_a);
        itp_plan_get_row(b->plan, i, &of_b);
        double here = difference(&of_a, &of_b);
        where = here > most ? i : where;
        most = fmax(most, here);
    }
    if (most == 0) {
        printf("the same rows, bit for bit\n");
    } else {
        printf("largest difference of a number: %.3g, in %s %d\n", most, where < 0 ? "the start, row" : "row",
               where < 0 ? 0 : (int)where);
    }
    return most > 0;
}

int command_compare(int count, char **arguments)
{
    (void)count;
    side sides[2];
    int result = 2;
    for (int i = 0; i < 2; i++) {
        sides[i].plan = plan_of_text(arguments[i]);
        sides[i].info = (itp_plan_info){ITP_SIZED(itp_plan_info)};
        if (sides[i].plan) {
            itp_plan_get_info(sides[i].plan, &sides[i].info);
        }
    }
    if (sides[0].plan && sides[1].plan) {
        print_texts(&sides[0], &sides[1]);
        print_info(&sides[0].info, &sides[1].info);
        print_nodes(&sides[0], &sides[1]);
        result = print_difference(&sides[0], &sides[1]);
    }
    itp_plan_free(sides[0].plan);
    itp_plan_free(sides[1].plan);
    return result;
}
