"""A pretrained network that its package carries: adaptive-terrain-diffusion (MIT), a consistency model of heightfields in
EDM's coordinates, sigma .002 to 80, distilled for one evaluation. Its own sampler beside plans of one and more."""
import numpy as np
import pytest

import libinterp
from rows import add_row, compare, peer

terrain = peer("adaptive-terrain-diffusion", "terrain_diffusion")
DIFFICULTIES = (10, 60)


@pytest.fixture(scope="module")
def generator():
    return terrain.TerrainGenerator(device="cpu")


def labels():
    return np.array([(each - 1) / 99 for each in DIFFICULTIES], np.float32)


def noise():
    """As `generate(seed=7)` draws it."""
    return np.random.default_rng(7).standard_normal((len(DIFFICULTIES), 1, 128, 128), dtype=np.float32)


def sampled(generator, solver, sigmas, start):
    model = libinterp.Model(libinterp.Schedule("ve", sigma_max=80), "data", "sigma")
    plan = libinterp.Plan(solver=solver, model=model, grid="user-sigma", nodes=sigmas)
    return plan.sample(lambda x, sigma: generator._denoise(x, np.full(len(x), sigma, np.float32), labels()), start=start, seed=3)


def test_its_own_sampler(generator):
    theirs = generator.generate(len(DIFFICULTIES), difficulty=DIFFICULTIES, seed=7)
    made = sampled(generator, "euler", [80, 0], 80 * noise())
    compare("adaptive-terrain-diffusion", "generate", "euler, 1 evaluation, their noise",
            generator._from_model_space(made, zero_floor=True), theirs, 1e-5)


def test_a_variation_of_a_terrain(generator):
    """generate_from at strength .5: sigma .4."""
    source = generator._to_model_space(generator.generate(len(DIFFICULTIES), difficulty=DIFFICULTIES, seed=7))
    sigma = generator._strength_sigma(0.5)
    theirs = generator._sample_native(labels(), generator=np.random.default_rng(7), sources=source, strength=0.5)
    made = sampled(generator, "euler", [sigma, 0], source + np.float32(sigma) * noise())
    compare("adaptive-terrain-diffusion", "generate_from", "euler, 1 evaluation, strength .5", made, theirs, 1e-5)


@pytest.mark.parametrize("solver", ["lcm", "dpmpp-2m"])
def test_more_evaluations(generator, solver):
    """Distilled for one: what a second and more change, and that the heights stay in their range."""
    one = sampled(generator, "euler", [80, 0], 80 * noise())
    for count in (2, 4):
        made = sampled(generator, solver, [*np.geomspace(80, 0.3, count), 0], 80 * noise())
        rough = [float(np.abs(np.diff(each, axis=-1)).mean()) for each in (one, made)]
        change = float(np.sqrt(((made - one)**2).mean() / one.var()))
        add_row("adaptive-terrain-diffusion", "generate", f"{solver}, {count} evaluations", f"{change:.2f}",
                f"rms from one evaluation; slope {rough[1]:.3f} beside {rough[0]:.3f}")
        assert np.isfinite(made).all()
