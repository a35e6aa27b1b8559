/* Grids in a noise level: sigma = alpha/beta, as VE and EDM samplers have it, or 1 - u, a flow network's. */
#include <math.h>

#include "grid/beta.h"
#include "grid/rules.h"

/* 2206.00364, equation 5. */
static double karras(double from, double to, double rho, double x)
{
    return pow(itp_blend(pow(from, 1 / rho), pow(to, 1 / rho), x), rho);
}

int itp_rule_karras(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = itp_grid_span(grid, i, ends);
    return itp_grid_at_sigma(grid, karras(exp(-span.low), exp(-span.high), grid->options->rho, span.x), out);
}

/* AlphaFold 3's, from 160 to .0004 times the 16 of its data. The path begins where its sampler raises the first to. */
int itp_rule_alphafold_3(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double last = grid->steps - (ends[1].w == 0);
    return itp_grid_at_sigma(grid, karras(2560, .0064, 7, i / last), out);
}

int itp_rule_poly_exponential(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = itp_grid_span(grid, i, ends);
    double rest = pow(1 - span.x, grid->options->rho);
    return itp_grid_at_sigma(grid, exp(-span.high + (span.high - span.low) * rest), out);
}

int itp_rule_kl_optimal(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = itp_grid_span(grid, i, ends);
    return itp_grid_at_sigma(grid, tan(itp_blend(atan(exp(-span.low)), atan(exp(-span.high)), span.x)), out);
}

int itp_rule_beta_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = itp_grid_span(grid, i, ends);
    double share = itp_beta_quantile(grid->options->beta_a, grid->options->beta_b, 1 - span.x).x;
    return itp_grid_at_sigma(grid, itp_blend(exp(-span.high), exp(-span.low), share), out);
}

/* Optimised levels: 2404.14507, table 3; between them uniform in log sigma, as the authors' page advises. */
const double itp_levels_sd15[] = {14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029};
const double itp_levels_sdxl[] = {14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029};
const double itp_levels_deepfloyd[] = {160.41, 8.081, 3.315, 1.885, 1.207, 0.785, 0.553, 0.293, 0.186, 0.030, 0.006};
const double itp_levels_svd[] = {700.00, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002};

/* The same at more digits, and one of them another, as ComfyUI has them. */
const double itp_levels_sd15_comfyui[] = {14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520,
                                          1.8841921177,  1.3943805092, 0.9642583904, 0.6523686016,
                                          0.3977456272,  0.1515232662, 0.0291671582};
const double itp_levels_sdxl_comfyui[] = {14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769,
                                          1.3405244945,  0.8620721141, 0.5550693289, 0.3798540708,
                                          0.2332364134,  0.1114188177, 0.0291671582};

int itp_rule_levels(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    enum { STEPS = 10 };
    int32_t before = i * STEPS / grid->steps, past = i * STEPS % grid->steps;
    double from = grid->row->levels[before], to = grid->row->levels[before + 1];
    (void)ends;
    return itp_grid_at_sigma(grid, past ? from * pow(to / from, (double)past / grid->steps) : from, out);
}

/* Of a flow's own sigma, 1 - u: how far between the first, which is finite, and the last, which is not 0. */
static itp_span flow_span(const itp_gridding *grid, int32_t i, const itp_node *ends)
{
    itp_span span = {(double)i / (grid->steps - (ends[1].w == 0)), ends[0].w,
                     ends[1].w > 0 ? ends[1].w : 1 / (1 + exp(itp_grid_last_lambda(grid, &ends[1])))};
    return span;
}

int itp_rule_karras_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = flow_span(grid, i, ends);
    double sigma = karras(span.low, span.high, grid->options->rho, span.x);
    return itp_grid_position(grid, 1 - sigma, sigma, out);
}

int itp_rule_exponential_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = flow_span(grid, i, ends);
    double sigma = exp(itp_blend(log(span.low), log(span.high), span.x));
    return itp_grid_position(grid, 1 - sigma, sigma, out);
}

int itp_rule_beta_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = flow_span(grid, i, ends);
    double share = itp_beta_quantile(grid->options->beta_a, grid->options->beta_b, 1 - span.x).x;
    double sigma = itp_blend(span.high, span.low, share);
    return itp_grid_position(grid, 1 - sigma, sigma, out);
}

int itp_rule_kl_optimal_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = flow_span(grid, i, ends);
    double sigma = tan(itp_blend(atan(span.low), atan(span.high), span.x));
    return itp_grid_position(grid, 1 - sigma, sigma, out);
}

/* An arc tangent's way from `high` to `low` in `count` values, of which this is number i. */
static double tangent(double i, double count, double slope, double pivot, double high, double low)
{
    double first = atan(slope * pivot), last = atan(slope * (pivot - (count - 1)));
    return low + (high - low) * (atan(slope * (pivot - i)) - last) / (first - last);
}

/* bong_tangent of RES4LYF: two arcs that meet at half of the way, three fifths of n + 2 values, the last of which is
 * left out. */
static double bong(int32_t i, int32_t n, double high, double low)
{
    int32_t count = n + 2, first = 3 * count / 5;
    double slope = 8. / count, middle = low + (high - low) / 2;
    return i < first - 1 ? tangent(i, first, slope, first, high, middle)
                         : tangent(i - (first - 1), count - first, slope, 0, middle, low);
}

int itp_rule_bong_tangent(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = itp_grid_span(grid, i, ends);
    int32_t open = ends[0].u == 0;
    return itp_grid_at_sigma(grid, bong(i - open, grid->steps - open, exp(-span.low), exp(-span.high)), out);
}

/* Down to 0, unless sigma_min says where to stop, or a schedule does. */
int itp_rule_bong_tangent_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = flow_span(grid, i, ends);
    int all = ends[1].w + grid->w_last == 0 && grid->options->sigma_min == 0;
    double sigma = bong(i, grid->steps, span.low, all ? 0 : span.high);
    return itp_grid_position(grid, 1 - sigma, sigma, out);
}
