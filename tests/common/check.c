#include "check.h"

#include <math.h>
#include <stdio.h>

#include <interp/base.h>

void check_near_at(const char *label, double got, double want, double tol, const char *file, int line)
{
    double bound = tol * fmax(1.0, fabs(want));
    if (got == want || fabs(got - want) <= bound) return;
    print_error("%s: got %.17g, expected %.17g, difference %.3g over %.3g\n", label, got, want, got - want, bound);
    _fail(file, line);
}

void check_same_at(const char *label, double got, double want, const char *file, int line)
{
    if (got == want) return;
    print_error("%s: got %.17g, expected exactly %.17g\n", label, got, want);
    _fail(file, line);
}

void check_status_at(const char *label, int got, int want, const char *file, int line)
{
    if (got == want) return;
    print_error("%s: status %d (%s), expected %d (%s)\n", label, got, itp_status_string(got), want,
                itp_status_string(want));
    _fail(file, line);
}

void check_true_at(const char *label, int holds, const char *text, const char *file, int line)
{
    if (holds) return;
    print_error("%s: not so: %s\n", label, text);
    _fail(file, line);
}

const char *label_index(label *out, const char *name, int i)
{
    snprintf(out->text, sizeof out->text, "%s[%d]", name, i);
    return out->text;
}

const char *label_at(label *out, const char *name, double t)
{
    snprintf(out->text, sizeof out->text, "%s at %.6g", name, t);
    return out->text;
}
