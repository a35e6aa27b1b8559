/* DDPM's tables, from the names that their betas have. */
#include <math.h>

#include "base/desc.h"
#include "base/kind.h"
#include "base/log.h"
#include "schedule/table.h"

/* Betas, of `count` samples the i-th, which adds noise to what the one before has. */
typedef double (*beta_fn)(const itp_schedule_desc *desc, int32_t i);

static double between(double first, double last, const itp_schedule_desc *desc, int32_t i)
{
    double x = (double)i / (desc->beta_count - 1);
    return first + (last - first) * x;
}

static double linear(const itp_schedule_desc *desc, int32_t i)
{
    return between(desc->beta_start, desc->beta_end, desc, i);
}

static double scaled_linear(const itp_schedule_desc *desc, int32_t i)
{
    double root = between(sqrt(desc->beta_start), sqrt(desc->beta_end), desc, i);
    return root * root;
}

static double sigmoid(const itp_schedule_desc *desc, int32_t i)
{
    double share = 1 / (1 + exp(-between(-6, 6, desc, i)));
    return desc->beta_start + (desc->beta_end - desc->beta_start) * share;
}

/* 2102.09672, equation 17. */
static double cosine_product(double x)
{
    double root = cos((x + .008) / 1.008 * (3.14159265358979323846 / 2));
    return root * root;
}

/* As diffusers has it: log s falls by the quantiles of a Laplace law. */
static double laplace_product(double x)
{
    double s = x <= .5 ? 1 / sqrt(2 * x + 1e-6) : sqrt(2 - 2 * x + 1e-6);
    return sqrt(s / (1 + s));
}

static double exponential_product(double x)
{
    return exp(-12 * x);
}

/* The betas that make such products, of numbers in [0, 1], but for the last ones, which would be 1. */
static double of_products(double (*product)(double x), const itp_schedule_desc *desc, int32_t i)
{
    return fmin(1 - product((i + 1.) / desc->beta_count) / product((double)i / desc->beta_count), .999);
}

static double cosine(const itp_schedule_desc *desc, int32_t i)
{
    return of_products(cosine_product, desc, i);
}

static double laplace(const itp_schedule_desc *desc, int32_t i)
{
    return of_products(laplace_product, desc, i);
}

static double exponential(const itp_schedule_desc *desc, int32_t i)
{
    return of_products(exponential_product, desc, i);
}

typedef struct row {
    itp_named named;
    beta_fn beta;
} row;

/* Which betas run from beta_start to beta_end. */
enum { ENDS = 1 };

static const row ROWS[] = {
    {{ITP_WORDS("linear", "", "from beta_start to beta_end"), ITP_BETAS_LINEAR, ENDS}, linear},
    {{ITP_WORDS("scaled-linear", "", "the roots are linear (Stable Diffusion)"), ITP_BETAS_SCALED_LINEAR, ENDS},
     scaled_linear},
    {{ITP_WORDS("cosine", "squaredcos-cap-v2", "alpha bar is a squared cosine"), ITP_BETAS_COSINE, 0}, cosine},
    {{ITP_WORDS("sigmoid", "", "a logistic curve"), ITP_BETAS_SIGMOID, ENDS}, sigmoid},
    {{ITP_WORDS("laplace", "", "log of the ratio by a Laplace law"), ITP_BETAS_LAPLACE, 0}, laplace},
    {{ITP_WORDS("exponential", "exp", "alpha bar is exp(-12 x)"), ITP_BETAS_EXPONENTIAL, 0}, exponential},
};
const itp_kind itp_kind_betas = {
    .name = "betas", .rows = ROWS, .stride = sizeof ROWS[0], .count = sizeof ROWS / sizeof ROWS[0]};

static void fill(const itp_schedule_desc *desc, double *products)
{
    const row *of = (const void *)itp_kind_of(&itp_kind_betas, desc->betas);
    double product = 1;
    for (int32_t i = 0; i < desc->beta_count; i++) {
        product *= 1 - of->beta(desc, i);
        products[i] = product;
    }
}

/* Those that are their defaults may have been left out. */
static int check_ends(const itp_schedule_desc *desc, const itp_report *log)
{
    int reads = itp_kind_of(&itp_kind_betas, desc->betas)->reads & ENDS;
    int given = desc->beta_start != ITP_BETA_START || desc->beta_end != ITP_BETA_END;
    return itp_idle_check(log, given && !reads, "beta_start, beta_end",
                          "betas \"linear\", \"scaled-linear\" or \"sigmoid\"");
}

int itp_ddpm_new(itp_schedule *schedule, const itp_report *log)
{
    itp_schedule_desc *desc = &schedule->desc;
    int status = check_ends(desc, log);
    if (status) {
        return status;
    }
    size_t count = (size_t)desc->beta_count;
    double *products = itp_memory_array(&schedule->memory, count, sizeof *products);
    if (!products) {
        return itp_fail(log, ITP_E_MEMORY, "count: no memory for %d betas.", (int)desc->beta_count);
    }
    fill(desc, products);
    desc->alphas_cumprod = products;
    desc->count = desc->beta_count;
    status = itp_table_new(schedule, log);
    itp_memory_free(&schedule->memory, products, count * sizeof *products);
    return status;
}
