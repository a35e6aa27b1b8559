"""Inside diffusers' own pipelines, with tiny random networks: our scheduler in place of theirs, the same pictures.

Skipped where diffusers (and, for Stable Diffusion and FLUX, transformers) cannot be imported. Differences are those of
float32, relative to the largest value.
"""
import numpy as np
import pytest

from rows import add_row, peer

torch, diffusers = peer("torch"), peer("diffusers")

from libinterp.diffusers import Scheduler  # noqa: E402

STABLE = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1)


def compare(name, theirs, ours, tolerance=1e-5):
    worst = ((theirs - ours).abs().max() / theirs.abs().max()).item()
    add_row("diffusers", name.split(", ")[0].strip(), ", ".join(name.split(", ")[1:]), worst,
            "same" if worst < tolerance else "DIFFERS")
    assert worst < tolerance, name


@pytest.fixture(scope="module")
def unet():
    torch.manual_seed(0)
    return diffusers.UNet2DModel(
        sample_size=8, layers_per_block=1, block_out_channels=(32, 32), norm_num_groups=8,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"), up_block_types=("AttnUpBlock2D", "UpBlock2D")).eval()


def pictures(pipe, **options):
    pipe.set_progress_bar_config(disable=True)
    made = pipe(batch_size=2, generator=torch.Generator().manual_seed(1), output_type="np", **options)
    return torch.from_numpy(np.asarray(made.images))


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_ddim_and_ddpm_pipelines(unet, prediction):
    for betas in ("linear", "scaled_linear", "squaredcos_cap_v2"):
        theirs = diffusers.DDIMScheduler(prediction_type=prediction, beta_schedule=betas)
        options = {"num_inference_steps": 7, "use_clipped_model_output": True}
        pipe = diffusers.DDIMPipeline(unet, theirs)
        want = pictures(pipe, **options)
        pipe.scheduler = Scheduler.from_config(theirs.config, solver="ddim")
        compare(f"DDIMPipeline, {prediction}, {betas}", want, pictures(pipe, **options))
    for clip in (True, False):
        theirs = diffusers.DDPMScheduler(prediction_type=prediction, clip_sample=clip)
        want = pictures(diffusers.DDPMPipeline(unet, theirs), num_inference_steps=10)
        ours = Scheduler.from_config(theirs.config, solver="ddpm")
        compare(f"DDPMPipeline, {prediction}, clip {clip}", want,
                pictures(diffusers.DDPMPipeline(unet, ours), num_inference_steps=10))


@torch.no_grad()
def loop(unet, scheduler, x, n=9, **options):
    scheduler.set_timesteps(n, **options)
    for t in scheduler.timesteps:
        seen = scheduler.scale_model_input(x, t) if hasattr(scheduler, "scale_model_input") else x
        x = scheduler.step(unet(seen, t).sample, t, x, return_dict=False)[0]
    return x


@pytest.fixture
def noise():
    return torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
def test_multistep_loops(unet, noise, prediction):
    for order, solver in ((1, "ddim"), (2, "dpmpp-2m"), (3, "dpmpp-3m")):
        theirs = diffusers.DPMSolverMultistepScheduler(prediction_type=prediction, solver_order=order)
        lower = "lower" if order > 1 else "full"
        ours = Scheduler.from_config(theirs.config, solver=solver, final_order=lower)
        compare(f"DPM-Solver++, order {order}, {prediction}", loop(unet, theirs, noise), loop(unet, ours, noise))
        theirs = diffusers.UniPCMultistepScheduler(prediction_type=prediction, solver_order=order,
                                                   final_sigmas_type="sigma_min")
        ours = Scheduler.from_config(theirs.config, solver=f"unipc-bh2-{order}", final_order=lower)
        compare(f"UniPC, order {order}, {prediction}", loop(unet, theirs, noise), loop(unet, ours, noise))


@pytest.mark.parametrize("spacing", ["linspace", "leading", "trailing"])
def test_euler_loops(unet, noise, spacing):
    """Their state is sigma-scaled: x sqrt(sigma^2 + 1)."""
    theirs = diffusers.EulerDiscreteScheduler(prediction_type="v_prediction", timestep_spacing=spacing)
    theirs.set_timesteps(9)
    ours = Scheduler.from_config(theirs.config, solver="ddim")
    scale = float((theirs.sigmas[0] ** 2 + 1) ** 0.5)
    compare(f"Euler, {spacing}", loop(unet, theirs, noise * scale), loop(unet, ours, noise))


@pytest.mark.parametrize("options", [{}, {"shift": 3.0}, {"use_karras_sigmas": True}, {"use_exponential_sigmas": True},
                                     {"shift_terminal": 0.1}], ids=str)
def test_flow_loops(unet, noise, options):
    theirs = diffusers.FlowMatchEulerDiscreteScheduler(**options)
    compare(f"FlowMatchEuler, {options}", loop(unet, theirs, noise), loop(
        unet, Scheduler.from_config(theirs.config, solver="euler", shift_twice=True), noise))
    given = {"n": None, "sigmas": np.linspace(1, 1 / 9, 9)}
    compare("  with sigmas", loop(unet, theirs, noise, **given),
            loop(unet, Scheduler.from_config(theirs.config, solver="euler"), noise, **given))


@pytest.mark.parametrize("kind", ["exponential", "linear"])
def test_dynamic_shift(unet, noise, kind):
    theirs = diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, time_shift_type=kind)
    given = {"n": None, "sigmas": np.linspace(1, 1 / 9, 9), "mu": 1.15}
    compare(f"FlowMatchEuler, mu, {kind}", loop(unet, theirs, noise, **given),
            loop(unet, Scheduler.from_config(theirs.config, solver="euler"), noise, **given))


def autoencoder(**more):
    return diffusers.AutoencoderKL(block_out_channels=(32,), latent_channels=4, norm_num_groups=8, sample_size=8,
                                   **more).eval()


@pytest.fixture(scope="module")
def stable():
    """A function that makes a pipeline with a scheduler, and one that runs it."""
    try:
        from diffusers.pipelines.stable_diffusion import pipeline_stable_diffusion as text
        from diffusers.pipelines.stable_diffusion import pipeline_stable_diffusion_img2img as image
    except Exception as error:
        pytest.skip(f"no Stable Diffusion pipeline: {error}")
    torch.manual_seed(0)
    unet = diffusers.UNet2DConditionModel(
        sample_size=8, layers_per_block=1, block_out_channels=(32, 64), cross_attention_dim=16, attention_head_dim=8,
        norm_num_groups=8, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D")).eval()
    parts = dict(unet=unet, vae=autoencoder(), text_encoder=None, tokenizer=None, safety_checker=None,
                 feature_extractor=None, requires_safety_checker=False)
    prompts = dict(prompt_embeds=torch.randn(1, 7, 16), negative_prompt_embeds=torch.randn(1, 7, 16))
    picture = torch.rand(1, 3, 8, 8)

    def run(scheduler, from_picture):
        of = image.StableDiffusionImg2ImgPipeline if from_picture else text.StableDiffusionPipeline
        pipe = of(scheduler=scheduler, **parts)
        pipe.set_progress_bar_config(disable=True)
        size = {"image": picture, "strength": 0.6} if from_picture else {"height": 8, "width": 8}
        return pipe(num_inference_steps=8, guidance_scale=5.0, generator=torch.Generator().manual_seed(1),
                    output_type="latent", **prompts, **size).images

    return run


CASES = [("DDIMScheduler", {"clip_sample": False, "set_alpha_to_one": False}, {"solver": "ddim"}),
         ("DDIMScheduler", {"clip_sample": False, "set_alpha_to_one": False, "prediction_type": "v_prediction"},
          {"solver": "ddim"}),
         ("DPMSolverMultistepScheduler", {"prediction_type": "v_prediction"},
          {"solver": "dpmpp-2m", "final_order": "lower"}),
         ("EulerDiscreteScheduler", {"timestep_spacing": "leading"}, {"solver": "ddim"})]


@pytest.mark.parametrize("name, options, ours", CASES, ids=lambda value: str(value))
def test_stable_diffusion(stable, name, options, ours):
    theirs = getattr(diffusers, name)(**options, **STABLE)
    for from_picture in (False, True):
        compare(f"Stable Diffusion{' from a picture' * from_picture}, {name}", stable(theirs, from_picture),
                stable(Scheduler.from_config(theirs.config, **ours), from_picture))


@pytest.mark.parametrize("ours", [{"schedule": "lazy", "solver": "ab2"}, {"schedule": "lazy", "solver": "heun"},
                                  {"solver": "sde-dpmpp-2m"}, {"solver": "euler-maruyama", "k": 1.0, "noise_seed": 3}],
                         ids=str)
def test_stable_diffusion_with_what_theirs_have_not(stable, ours):
    theirs = diffusers.DDIMScheduler(clip_sample=False, prediction_type="v_prediction", **STABLE)
    for from_picture in (False, True):
        made = stable(Scheduler.from_config(theirs.config, **ours), from_picture)
        assert torch.isfinite(made).all() and made.std() > 0.1


@pytest.mark.parametrize("options", [{"use_dynamic_shifting": True}, {"shift": 3.0}], ids=str)
def test_flux(options):
    try:
        from diffusers.pipelines.flux.pipeline_flux import FluxPipeline
    except Exception as error:
        pytest.skip(f"no FLUX pipeline: {error}")
    torch.manual_seed(0)
    transformer = diffusers.FluxTransformer2DModel(
        patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=8, num_attention_heads=2,
        joint_attention_dim=16, pooled_projection_dim=16, axes_dims_rope=(4, 2, 2)).eval()
    prompt, vae = torch.randn(1, 7, 16), autoencoder(shift_factor=0.1)

    def run(scheduler):
        pipe = FluxPipeline(scheduler=scheduler, vae=vae, text_encoder=None, tokenizer=None, text_encoder_2=None,
                            tokenizer_2=None, transformer=transformer)
        pipe.set_progress_bar_config(disable=True)
        return pipe(prompt_embeds=prompt, pooled_prompt_embeds=prompt[:, 0], height=16, width=16, num_inference_steps=6,
                    generator=torch.Generator().manual_seed(2), output_type="latent").images

    theirs = diffusers.FlowMatchEulerDiscreteScheduler(**options)
    want = run(theirs)
    compare(f"FLUX, {options}", want, run(Scheduler.from_config(theirs.config, solver="euler")))
    lazy = run(Scheduler.from_config(theirs.config, solver="dpmpp-2m", schedule="lazy"))
    assert torch.isfinite(lazy).all() and not torch.equal(lazy, want)
