/* The grids that there are. */
#include "grid/registry.h"

#include <interp/grid.h>

#include "base/field.h"
#include "grid/rules.h"

/* What a grid reads beside the steps: the part of the path, the levels beside its infinite ends. */
enum {
    SPAN = ITP_READS_BUDGET | ITP_READS_START | ITP_READS_END,
    LEVELS = SPAN | ITP_READS_LOW | ITP_READS_HIGH,
    FLOW = SPAN | ITP_READS_HIGH,
    SAMPLES = ITP_READS_BUDGET | ITP_READS_END,
    OFFSET = SAMPLES | ITP_READS_OFFSET
};
#define NODES (ITP_READS_NODES | ITP_ROW_NEEDS(ITP_NEEDS_VALUES))

/* A rule; one that counts samples; one that goes between published levels. */
#define RULE(id, reads, rule, words) \
    { \
        {words, id, reads}, itp_rule_##rule, NULL, NULL \
    }
#define SAMPLE(id, reads, rule, words) \
    { \
        {words, id, (reads) | ITP_ROW_NEEDS(ITP_NEEDS_TABLE)}, itp_rule_sample, itp_sample_##rule, NULL \
    }
#define PUBLISHED(id, levels, words) \
    { \
        {words, id, SPAN}, itp_rule_levels, NULL, itp_levels_##levels \
    }

/* The first one is the default. */
static const itp_grid_row ROWS[] = {
    RULE(ITP_GRID_TIME, SPAN, time, ITP_WORDS("time", "time-uniform", "uniform in the sampling schedule's t")),
    RULE(ITP_GRID_U, SPAN, u, ITP_WORDS("u", "", "uniform in u = beta/(alpha + beta)")),
    RULE(ITP_GRID_LAMBDA, LEVELS, lambda,
         ITP_WORDS_FLOW("lambda", "exponential,logsnr", "uniform in log sigma", "exponential-flow")),
    RULE(ITP_GRID_SHIFT, SPAN, u, ITP_WORDS("shift", "", "u, by another name")),
    RULE(ITP_GRID_QUADRATIC, SPAN, quadratic,
         ITP_WORDS("quadratic", "quad,time-quadratic", "uniform in the root of 1 - t")),
    RULE(ITP_GRID_BETA, SPAN | ITP_READS_BETA, beta,
         ITP_WORDS_FLOW("beta", "", "1 - t at quantiles of a Beta law", "beta-flow")),
    RULE(ITP_GRID_KARRAS, LEVELS | ITP_READS_RHO, karras,
         ITP_WORDS_FLOW("karras", "edm", "uniform in sigma^(1/rho)", "karras-flow")),
    RULE(ITP_GRID_POLY_EXPONENTIAL, LEVELS | ITP_READS_POWER, poly_exponential,
         ITP_WORDS("poly-exponential", "polyexponential", "log sigma falls as a power")),
    RULE(ITP_GRID_KL_OPTIMAL, LEVELS, kl_optimal,
         ITP_WORDS_FLOW("kl-optimal", "", "uniform in arctan sigma", "kl-optimal-flow")),
    RULE(ITP_GRID_BONG_TANGENT, LEVELS, bong_tangent,
         ITP_WORDS_FLOW("bong-tangent", "", "two arc tangents in sigma", "bong-tangent-flow")),
    RULE(ITP_GRID_BETA_SIGMA, LEVELS | ITP_READS_BETA, beta_sigma,
         ITP_WORDS_FLOW("beta-sigma", "", "sigma at quantiles of a Beta law", "beta-flow")),
    RULE(ITP_GRID_KARRAS_FLOW, FLOW | ITP_READS_RHO, karras_flow,
         ITP_WORDS("karras-flow", "", "karras for sigma = 1 - u")),
    RULE(ITP_GRID_EXPONENTIAL_FLOW, FLOW, exponential_flow,
         ITP_WORDS("exponential-flow", "", "uniform in the log of 1 - u")),
    RULE(ITP_GRID_BETA_FLOW, FLOW | ITP_READS_BETA, beta_flow,
         ITP_WORDS("beta-flow", "", "1 - u at quantiles of a Beta law")),
    RULE(ITP_GRID_KL_OPTIMAL_FLOW, FLOW, kl_optimal_flow, ITP_WORDS("kl-optimal-flow", "", "uniform in arctan(1 - u)")),
    RULE(ITP_GRID_BONG_TANGENT_FLOW, FLOW, bong_tangent_flow,
         ITP_WORDS("bong-tangent-flow", "", "two arc tangents in 1 - u")),
    RULE(ITP_GRID_LINEAR_QUADRATIC, SPAN, linear_quadratic,
         ITP_WORDS("linear-quadratic", "", "1 - u falls evenly, then as a parabola")),
    RULE(ITP_GRID_LOGIT_NORMAL, SPAN | ITP_READS_DEVIATION, logit_normal,
         ITP_WORDS("logit-normal", "", "log(u/(1 - u)) at quantiles of a normal law")),
    SAMPLE(ITP_GRID_LINSPACE, SAMPLES, linspace, ITP_WORDS("linspace", "", "samples, from the first to the last")),
    SAMPLE(ITP_GRID_LINSPACE_OPEN, SAMPLES, linspace_open, ITP_WORDS("linspace-open", "", "linspace without the last")),
    SAMPLE(ITP_GRID_LEADING, OFFSET, leading, ITP_WORDS("leading", "", "samples at even distances from the last")),
    SAMPLE(ITP_GRID_LEADING_OPEN, OFFSET, leading_open, ITP_WORDS("leading-open", "", "leading without the last")),
    SAMPLE(ITP_GRID_TRAILING, SAMPLES, trailing, ITP_WORDS("trailing", "", "samples at even distances from the first")),
    SAMPLE(ITP_GRID_SIMPLE, SAMPLES, simple, ITP_WORDS("simple", "", "trailing, rounded down")),
    SAMPLE(ITP_GRID_SGM_UNIFORM, SAMPLES, sgm_uniform, ITP_WORDS("sgm-uniform", "", "linspace-open, not rounded")),
    SAMPLE(ITP_GRID_NORMAL, SAMPLES, normal, ITP_WORDS("normal", "discrete", "linspace, not rounded")),
    SAMPLE(ITP_GRID_BETA_SAMPLES, SAMPLES | ITP_READS_BETA, beta,
           ITP_WORDS("beta-samples", "", "samples at quantiles of a Beta law")),
    SAMPLE(ITP_GRID_SMOOTHSTEP, SAMPLES, smoothstep, ITP_WORDS("smoothstep", "", "samples, closer at both ends")),
    SAMPLE(ITP_GRID_LCM, SAMPLES, lcm, ITP_WORDS("lcm", "", "of 50 samples, every so many")),
    PUBLISHED(ITP_GRID_AYS_SD15, sd15, ITP_WORDS("ays-sd15", "ays-sd1", "Align Your Steps, Stable Diffusion 1.5")),
    PUBLISHED(ITP_GRID_AYS_SDXL, sdxl, ITP_WORDS("ays-sdxl", "", "Align Your Steps, SDXL")),
    PUBLISHED(ITP_GRID_AYS_DEEPFLOYD, deepfloyd, ITP_WORDS("ays-deepfloyd", "", "Align Your Steps, DeepFloyd-IF")),
    PUBLISHED(ITP_GRID_AYS_SVD, svd, ITP_WORDS("ays-svd", "", "Align Your Steps, Stable Video Diffusion")),
    PUBLISHED(ITP_GRID_AYS_SD15_COMFYUI, sd15_comfyui,
              ITP_WORDS("ays-sd15-comfyui", "", "the same in ComfyUI's digits")),
    PUBLISHED(ITP_GRID_AYS_SDXL_COMFYUI, sdxl_comfyui,
              ITP_WORDS("ays-sdxl-comfyui", "", "the same in ComfyUI's digits")),
    RULE(ITP_GRID_GITS, SPAN, gits, ITP_WORDS("gits", "gits-sd15", "published levels, Stable Diffusion 1.5")),
    RULE(ITP_GRID_ALPHAFOLD_3, SPAN, alphafold_3, ITP_WORDS("alphafold-3", "alphafold3,af3", "AlphaFold 3's levels")),
    RULE(ITP_GRID_USER_TIME, NODES, user_time, ITP_WORDS("user-time", "", "nodes: times of the schedule")),
    RULE(ITP_GRID_USER_U, NODES, user_u, ITP_WORDS("user-u", "", "nodes: positions u")),
    RULE(ITP_GRID_USER_SIGMA, NODES, user_sigma, ITP_WORDS("user-sigma", "", "nodes: alpha/beta, decreasing")),
    RULE(ITP_GRID_USER_FLOW, NODES, user_flow, ITP_WORDS("user-flow", "", "nodes: 1 - u, decreasing")),
};

/* In the order in which a text gives those that it gives without a name. */
#define FIELD(field, what, others, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, others), .at = offsetof(itp_grid, field), .reads = what, __VA_ARGS__ \
    }
/* NOLINTNEXTLINE(bugprone-macro-parentheses): an initializer */
#define POSITIVE .range = ITP_ABOVE | ITP_NO_HIGH
static const itp_field FIELDS[] = {
    FIELD(nodes, ITP_READS_NODES, "", .type = ITP_FIELD_REALS, .count_at = offsetof(itp_grid, node_count)),
    FIELD(rho, ITP_READS_RHO, "", POSITIVE, .otherwise = 7),
    FIELD(rho, ITP_READS_POWER, "", POSITIVE, .otherwise = 1),
    FIELD(deviation, ITP_READS_DEVIATION, "", POSITIVE, .otherwise = 1.75),
    FIELD(beta_a, ITP_READS_BETA, "alpha", .range = ITP_ABOVE, .high = 1000, .otherwise = .6),
    FIELD(beta_b, ITP_READS_BETA, "beta", .range = ITP_ABOVE, .high = 1000, .otherwise = .6),
    FIELD(sigma_max, ITP_READS_LOW, "", .range = ITP_NO_HIGH),
    FIELD(sigma_min, ITP_READS_HIGH, "", .range = ITP_NO_HIGH),
    FIELD(steps_offset, ITP_READS_OFFSET, "", .type = ITP_FIELD_WHOLE, .range = ITP_NO_HIGH),
    FIELD(shift, 0, "", POSITIVE, .otherwise = 1),
    FIELD(terminal, 0, "shift-terminal", .range = ITP_BELOW, .high = 1),
    FIELD(u_start, ITP_READS_START, "", .range = ITP_BELOW, .high = 1),
    FIELD(u_end, ITP_READS_END, "", .range = ITP_ABOVE, .high = 1, .otherwise = 1),
    FIELD(reversed, 0, "", .type = ITP_FIELD_WHOLE, .high = 1),
};
const itp_kind itp_kind_grid = {.name = "grid",
                                .rows = ROWS,
                                .fields = FIELDS,
                                .stride = sizeof ROWS[0],
                                .count = sizeof ROWS / sizeof ROWS[0],
                                .field_count = sizeof FIELDS / sizeof FIELDS[0],
                                .id_at = offsetof(itp_grid, kind)};

const itp_grid_row *itp_grid_row_of(int32_t kind)
{
    return (const void *)itp_kind_of(&itp_kind_grid, kind);
}

int32_t itp_grid_reads(int32_t kind)
{
    const itp_named *row = itp_kind_of(&itp_kind_grid, kind);
    return row ? (int32_t)row->reads : 0;
}

int itp_grid_is_flow(int32_t kind)
{
    return (itp_grid_reads(kind) & (ITP_READS_LOW | ITP_READS_HIGH)) == ITP_READS_HIGH;
}
