"""Writes kdiffusion_noise_rows.h: k-diffusion's samplers with torch's generator, on an exact denoiser.

usage: kdiffusion_noise.py K_DIFFUSION > kdiffusion_noise_rows.h, K_DIFFUSION being the unpacked wheel of k-diffusion
0.1.1.post1 (pip download --no-deps k-diffusion), with torch, scipy, tqdm, torchdiffeq and torchsde installed.

ddpm and lcm, which k-diffusion does not have, are loops from their formulas, drawing as ComfyUI does: once per step but
for the last. The noise is torch.randn_like of the global generator, seeded once, before the start is drawn."""
import pathlib
import sys
import types

package = types.ModuleType("k_diffusion")
package.__path__ = [str(pathlib.Path(sys.argv[1]) / "k_diffusion")]
sys.modules["k_diffusion"] = package
utils = types.ModuleType("k_diffusion.utils")  # the real one wants much that samplers do not
utils.append_dims = lambda x, dims: x[(...,) + (None,) * (dims - x.ndim)]
sys.modules["k_diffusion.utils"] = utils

import torch  # noqa: E402
from k_diffusion import sampling  # noqa: E402

MODE, DEVIATION = 1.0, 0.25
SEED, STEPS = 1234, 6
SHAPES = ((2, 24), (3, 7), (1, 5))  # whole blocks of 16; not whole ones; fewer than 16 elements


def denoise(x, sigma, **_):
    """E[X | x] of two modes, each N(+-MODE, DEVIATION^2), at x = X + sigma Z."""
    wide, sigma = x.double(), sigma.double()[:, None]
    variance = DEVIATION**2 + sigma**2
    data = (DEVIATION**2 * wide + sigma**2 * MODE * torch.tanh(MODE * wide / variance)) / variance
    return data.to(x.dtype)


def ddpm(model, x, sigmas, noise_sampler, **_):
    for a, b in zip(sigmas[:-1], sigmas[1:]):
        data = model(x, a * x.new_ones(len(x)))
        kept, next_kept = 1 / (1 + a**2), 1 / (1 + b**2)  # the cumulative products of DDPM's alphas
        alpha = kept / next_kept
        y = (x * kept.sqrt() - (1 - alpha) / (1 - kept).sqrt() * (x - data) / a) / alpha.sqrt()
        if b > 0:
            y = y + ((1 - alpha) * (1 - next_kept) / (1 - kept)).sqrt() * noise_sampler(a, b)
        x = y / next_kept.sqrt()
    return x


def lcm(model, x, sigmas, noise_sampler, **_):
    for a, b in zip(sigmas[:-1], sigmas[1:]):
        x = model(x, a * x.new_ones(len(x)))
        if b > 0:
            x = x + b * noise_sampler(a, b)
    return x


SAMPLERS = (("euler_ancestral", sampling.sample_euler_ancestral),
            ("dpmpp_2s_ancestral", sampling.sample_dpmpp_2s_ancestral),
            ("dpmpp_sde", sampling.sample_dpmpp_sde), ("dpmpp_2m_sde", sampling.sample_dpmpp_2m_sde),
            ("dpmpp_3m_sde", sampling.sample_dpmpp_3m_sde), ("ddpm", ddpm), ("lcm", lcm))


def run(sampler, shape, sigmas):
    torch.manual_seed(SEED)
    x = torch.randn(shape) * sigmas[0]
    return sampler(denoise, x, sigmas, noise_sampler=lambda a, b: torch.randn_like(x), disable=True)


def listed(values, width, indent):
    """Numbers in lines of 120 columns."""
    lines, line = [], ""
    for text in (f"{value:.9g}f" if "." in f"{value:.9g}" or "e" in f"{value:.9g}" else f"{value:.9g}.f"
                 for value in values):
        if len(line) + len(text) + 2 > width:
            lines.append(line.rstrip())
            line = ""
        line += text + ", "
    return ("\n" + indent).join(lines + [line.rstrip(", ")])


sigmas = sampling.get_sigmas_karras(STEPS, 0.03, 14.6)
print(f'''/* What k-diffusion's samplers make of torch.manual_seed({SEED}), float32, torch {torch.__version__}: written by
 * kdiffusion_noise.py. */
/* clang-format off */
enum {{ NOISE_SEED = {SEED}, NOISE_STEPS = {STEPS} }};
static const float noise_sigmas[NOISE_STEPS + 1] = {{
    {listed(sigmas.tolist(), 112, "    ")}}};
typedef struct noise_row {{
    const char *name;
    size_t count, dim;
    float x[48];
}} noise_row;
static const noise_row noise_rows[] = {{''')
for name, sampler in SAMPLERS:
    for shape in SHAPES:
        x = run(sampler, shape, sigmas).flatten().tolist()
        print(f'    {{"{name}", {shape[0]}, {shape[1]}, {{\n        {listed(x, 108, "        ")}}}}},')
print("};\n/* clang-format on */")
