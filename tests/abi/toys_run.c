/* Of a library with toys: every plan with a toy in it, with whatever else there is, is made or refused as that of the
 * toy's like, and samples N(.3, .64) data from an exact network to the like's samples. Prints what is not so. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLES = 3, KINDS = 4, TEXT = 256 };
static const char *const KIND[KINDS] = {"prediction", "schedule", "solver", "grid"};
static const char *const KEY[KINDS] = {"model", "schedule", "solver", "grid"};
/* What does the same as the toy; the grid has no like, and is compared with itself. */
static const char *const LIKE[KINDS] = {"data", "lazy(0, 2)", "euler", "toy"};

static int problems, made;

static void complain(const char *text, const char *what)
{
    if (problems++ < 20) printf("%s: %s\n", text, what);
}

/* E[X | x] of the data, said as the plan's prediction. */
static int network(void *user, const itp_request *request)
{
    const itp_model data = {ITP_SIZED(itp_model), .prediction = ITP_PREDICT_DATA};
    const double *x = request->x;
    double t = request->time, s = .8, v = (1 - t) * (1 - t) + t * t * s * s, a = 0, b = 0;
    if (itp_prediction_scalars(&data, t, *(const int32_t *)user, &a, &b)) return 7;
    for (size_t i = 0; i < request->count; i++)
        ((double *)request->out)[i] = a * x[i] + b * (.3 + t * s * s * (x[i] - t * .3) / v);
    return 0;
}

static void write_text(const char *const *names, char *text)
{
    text[0] = 0;
    for (int k = 0; k < KINDS; k++) snprintf(text + strlen(text), TEXT - strlen(text), "%s=%s ", KEY[k], names[k]);
    snprintf(text + strlen(text), TEXT - strlen(text), "evaluations=12");
}

static int32_t id_of(const char *prediction)
{
    itp_entry entry = ITP_ENTRY_INIT;
    return itp_kind_find("prediction", prediction, &entry) ? 0 : entry.id;
}

static int sample(const char *const *names, char *text, double *x)
{
    const itp_batch batch = {ITP_SIZED(itp_batch), .dim = 1, .count = SAMPLES, .seed = 5, .type = ITP_FLOAT64};
    int32_t prediction = id_of(names[0]);
    itp_plan *plan = NULL;
    write_text(names, text);
    int status = itp_plan_parse(text, NULL, &plan);
    status = status ? status : itp_sample(plan, &batch, x, network, &prediction);
    itp_plan_free(plan);
    return status;
}

/* `names` has a toy. */
static void compare(const char *const *names)
{
    const char *like[KINDS];
    char text[TEXT], other[TEXT];
    double x[SAMPLES] = {0}, y[SAMPLES] = {0};
    for (int k = 0; k < KINDS; k++) like[k] = strcmp(names[k], "toy") ? names[k] : LIKE[k];
    int status = sample(names, text, x), theirs = sample(like, other, y);
    if (status != theirs) complain(text, "another status than its like");
    for (int i = 0; i < SAMPLES && !status; i++)
        if (!(fabs(x[i] - y[i]) <= 1e-8 * (1 + fabs(y[i])))) complain(text, "other samples than its like");
    made += !status;
}

int main(void)
{
    itp_entry b = ITP_ENTRY_INIT;
    static const char *const PLAIN[KINDS] = {"velocity", "linear", "euler", "time"};
    for (int k = 0; k < KINDS; k++) {
        for (int other = 0; other < KINDS; other++) {
            for (int32_t i = 0; other != k && !itp_kind_at(KIND[other], i, &b); i++) {
                const char *alone[KINDS], *all[KINDS] = {"toy", "toy", "toy", "toy"};
                memcpy(alone, PLAIN, sizeof alone);
                alone[k] = "toy";
                alone[other] = all[other] = b.name;
                compare(alone);
                compare(all);
            }
        }
    }
    if (made < 300) complain("all", "too few plans were made");
    printf("%d plans\n", made);
    return problems != 0;
}
