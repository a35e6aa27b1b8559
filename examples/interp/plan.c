/* interp plan, interp show: a plan and its rows. */
#include "commands.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int complain(const char *sentence)
{
    fprintf(stderr, "interp: %s\n", sentence);
    return 2;
}

/* What works but is hardly meant. */
static void ITP_CALL warned(void *user, int32_t level, const char *message)
{
    (void)user;
    if (level == ITP_LOG_WARNING) {
        fprintf(stderr, "interp: warning: %s\n", message);
    }
}

itp_plan *plan_of_text(const char *text)
{
    itp_plan *plan = NULL;
    itp_error why = {ITP_SIZED(itp_error)};
    itp_log log = {ITP_SIZED(itp_log), .write = warned};
    itp_env env = {ITP_SIZED(itp_env), .log = &log, .error = &why};
    if (itp_plan_parse_with(text, &env, &plan) != ITP_OK) {
        complain(why.text);
    }
    return plan;
}

/* Text that is written in two calls, as the library does it: how long it is, then it. */
static char *whole_text(int (*print)(const itp_plan *, char *, size_t, size_t *), const itp_plan *plan)
{
    size_t needed = 0;
    char *text = NULL;
    if (print(plan, NULL, 0, &needed) == ITP_OK) {
        text = malloc(needed);
    }
    if (text && print(plan, text, needed, NULL) != ITP_OK) {
        free(text);
        text = NULL;
    }
    return text;
}

char *text_of_plan(const itp_plan *plan)
{
    static const char none[] = "(a plan without a description: fitted, converted or made from rows)";
    char *text = whole_text(itp_plan_print, plan);
    if (!text) {
        text = malloc(sizeof none);
        if (text) {
            memcpy(text, none, sizeof none);
        }
    }
    return text;
}

static const char *plural(int32_t count)
{
    return count == 1 ? "" : "s";
}

/* What a fitted plan says of its fit: errors on seeds that chose nothing, or else on those held out. */
static void print_origin(const itp_plan *plan)
{
    itp_plan_origin of = {ITP_SIZED(itp_plan_origin)};
    itp_plan_get_origin(plan, &of);
    if (of.count > 0) {
        int judged = of.before_test > 0;
        printf("fitted for \"%s\" on %llu seeds, guidance %g: error %.4g, before the fit %.4g, on seeds that %s\n",
               of.network, (unsigned long long)of.count, of.guidance == 0 ? 1 : of.guidance,
               judged ? of.after_test : of.after_held_out, judged ? of.before_test : of.before_held_out,
               judged ? "chose nothing" : "only chose");
    }
}

static void print_head(const itp_plan *plan)
{
    itp_plan_info info = {ITP_SIZED(itp_plan_info)};
    char *text = text_of_plan(plan);
    itp_plan_get_info(plan, &info);
    printf("%s\n", text ? text : "");
    printf("%d evaluation%s in %d step%s, u %.6g to %.6g, %d array%s, amplification %.3g\n", (int)info.rows,
           plural(info.rows), (int)info.steps, plural(info.steps), info.u_start, info.u_end, (int)info.slots,
           plural(info.slots), info.amplification);
    print_origin(plan);
    if (info.unspent > 0) {
        printf("%d evaluations of the budget cannot be spent\n", (int)info.unspent);
    }
    free(text);
}

static const char *column_name(int32_t column)
{
    return column == ITP_COLUMN_STATE ? "Y" : column == ITP_COLUMN_OUTPUT ? "F" : "xi";
}

static void print_term(const itp_term *term, int first)
{
    const char *sign = term->coef < 0 ? "-" : first ? "" : "+";
    printf("%s%s%s%.6g %s%d", first ? "" : " ", sign, first ? "" : " ", fabs(term->coef), column_name(term->column),
           (int)term->index);
}

/* A Brownian path's dozens of normals are one number. */
static void print_terms(const itp_plan_row *row)
{
    enum { FEW = 3 };
    int32_t normals = 0;
    double square = 0;
    for (int32_t j = 0; j < row->term_count; j++) {
        normals += row->terms[j].column == ITP_COLUMN_NORMAL;
        square += row->terms[j].column == ITP_COLUMN_NORMAL ? row->terms[j].coef * row->terms[j].coef : 0;
    }
    for (int32_t j = 0; j < row->term_count; j++) {
        if (normals <= FEW || row->terms[j].column != ITP_COLUMN_NORMAL) {
            print_term(&row->terms[j], j == 0);
        }
    }
    if (normals > FEW) {
        printf(" + noise %.6g (%d normals)", sqrt(square), (int)normals);
    }
}

static void print_row(const itp_plan_row *row, int32_t i)
{
    printf("%3d  %-10.6g %-10.6g %-10.6g Y%d = ", (int)i, row->time, row->u, row->t, (int)i + 1);
    print_terms(row);
    if (row->keep) {
        printf("; then F%d = %.6g Y%d %s %.6g F%d", (int)i, row->keep_state, (int)i, row->keep_output < 0 ? "-" : "+",
               fabs(row->keep_output), (int)i);
    }
    printf("\n");
}

void print_plan(const itp_plan *plan)
{
    itp_plan_row row = {ITP_SIZED(itp_plan_row)};
    print_head(plan);
    printf("row  %-10s %-10s %-10s next state\n", "time", "u", "t");
    for (int32_t i = 0; itp_plan_get_row(plan, i, &row) == ITP_OK; i++) {
        print_row(&row, i);
    }
}

static int print_json(const itp_plan *plan)
{
    char *text = whole_text(itp_plan_to_json, plan);
    if (!text) {
        return complain("this library was built without JSON, or there is no memory");
    }
    puts(text);
    free(text);
    return 0;
}

int command_plan(int count, char **arguments)
{
    int first = !strcmp(arguments[0], "--json"), json = first || (count > 1 && !strcmp(arguments[1], "--json"));
    int result = 0;
    if (count != 1 + json) {
        return complain("plan takes one text and perhaps --json; a text with blanks stands in quotes");
    }
    itp_plan *plan = plan_of_text(arguments[first]);
    if (!plan) {
        return 2;
    }
    if (json) {
        result = print_json(plan);
    } else {
        print_plan(plan);
    }
    itp_plan_free(plan);
    return result;
}

static char *read_file(const char *path, size_t *length)
{
    enum { MOST = 1 << 26 };
    FILE *file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    char *text = file ? malloc(MOST) : NULL;
    *length = text ? fread(text, 1, MOST, file) : 0;
    if (!file || ferror(file)) {
        fprintf(stderr, "interp: %s cannot be read: %s\n", path, strerror(errno));
        free(text);
        text = NULL;
    }
    if (file && file != stdin) {
        fclose(file);
    }
    return text;
}

int command_show(int count, char **arguments)
{
    (void)count;
    size_t length;
    itp_plan *plan = NULL;
    itp_error why = {ITP_SIZED(itp_error)};
    itp_env env = {ITP_SIZED(itp_env), .error = &why};
    char *text = read_file(arguments[0], &length);
    if (!text) {
        return 2;
    }
    int status = itp_plan_from_json(text, length, &env, &plan);
    free(text);
    if (status) {
        return complain(why.text);
    }
    print_plan(plan);
    itp_plan_free(plan);
    return 0;
}
