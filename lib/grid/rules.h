/* The rules of the single grids: where their inner nodes lie. */
#ifndef ITP_GRID_RULES_H
#define ITP_GRID_RULES_H

#include "grid/gridding.h"

int itp_rule_time(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_u(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_lambda(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_quadratic(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_beta(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_user_time(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_user_u(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_user_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_sample(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_karras(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_poly_exponential(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_kl_optimal(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_beta_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_levels(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_karras_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_exponential_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_beta_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_user_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_kl_optimal_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_alphafold_3(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_bong_tangent(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_bong_tangent_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_linear_quadratic(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_logit_normal(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out),
    itp_rule_gits(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out);

/* What itp_rule_sample counts, and between what levels itp_rule_levels goes. */
double itp_sample_linspace(const itp_gridding *grid, int32_t i),
    itp_sample_linspace_open(const itp_gridding *grid, int32_t i),
    itp_sample_leading(const itp_gridding *grid, int32_t i),
    itp_sample_leading_open(const itp_gridding *grid, int32_t i),
    itp_sample_trailing(const itp_gridding *grid, int32_t i), itp_sample_simple(const itp_gridding *grid, int32_t i),
    itp_sample_sgm_uniform(const itp_gridding *grid, int32_t i), itp_sample_normal(const itp_gridding *grid, int32_t i),
    itp_sample_beta(const itp_gridding *grid, int32_t i), itp_sample_smoothstep(const itp_gridding *grid, int32_t i),
    itp_sample_lcm(const itp_gridding *grid, int32_t i);
extern const double itp_levels_sd15[], itp_levels_sdxl[], itp_levels_deepfloyd[], itp_levels_svd[],
    itp_levels_sd15_comfyui[], itp_levels_sdxl_comfyui[];

#endif
