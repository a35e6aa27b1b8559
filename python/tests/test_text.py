"""Text: a plan or a schedule is made from it and printed as it; the keyword forms make the same."""
import copy

import pytest

import libinterp


def test_a_plan_of_a_text():
    plan = libinterp.Plan("schedule=lazy(k=1) k=1 solver=sa-2 evaluations=8")
    assert plan == libinterp.Plan(libinterp.Schedule("lazy", k=1), "sa-2", 8, k=1)
    assert plan.text == "schedule=lazy(k=1) solver=sa-2 k=1 evaluations=8"
    assert libinterp.Plan(plan.text) == plan and copy.copy(plan).text == plan.text


@pytest.mark.parametrize("text, keywords", [
    ("solver=ab2", dict(solver="ab2")),
    ("solver=ddpm(eta=0.5) evaluations=5", dict(solver="ddpm", eta=.5, evaluations=5)),
    ("solver=ddpm(eta=0.5) evaluations=5", dict(solver="ddpm(eta=0.5)", evaluations=5)),
    ("schedule=lazy grid=shift(shift=3)", dict(schedule="lazy", grid="shift", shift=3)),
    ("schedule=lazy(s=0.5) grid=shift(3)", dict(schedule="lazy(s=0.5)", grid="shift(3)")),
    ("grid=user-u(0, .3, 1)", dict(nodes=[0, .3, 1])),
    ("diffusion=sine(norm=2)", dict(diffusion="sine(2)")),
    ("grid=time(reversed=1)", dict(reversed=True)),
])
def test_keywords_and_texts_make_the_same(text, keywords):
    plan = libinterp.Plan(**keywords)
    assert libinterp.Plan(text) == plan == libinterp.Plan(plan.text)


def test_the_text_is_saved():
    plan = libinterp.Plan("schedule=lazy solver=ab2 evaluations=4")
    try:
        text = plan.to_json()
    except libinterp.InvalidError:
        pytest.skip("no JSON in this library")
    assert libinterp.Plan.from_json(text).text == plan.text


def test_some_plans_have_none():
    assert libinterp.Plan(k=lambda u: 1 - u).text is None
    assert libinterp.Plan("solver=ab2").convert("lazy").text is None


@pytest.mark.parametrize("text, said", [
    ("grid=karas", 'grid: "karas" is unknown; did you mean karras, karras-flow?'),
    ("evaluations=8.5", 'evaluations: a whole number is wanted at character 13, not "8.5".'),
    ("solver=ab2 solver=ab3", "plan: solver is given twice, again at character 19."),
])
def test_what_is_wrong(text, said):
    with pytest.raises(libinterp.InvalidError) as error:
        libinterp.Plan(text)
    assert str(error.value) == said


def test_a_text_describes_all_of_it():
    with pytest.raises(TypeError, match="a text describes all of it"):
        libinterp.Plan("solver=ab2", evaluations=4)
    with pytest.raises(TypeError, match="a text describes all of it"):
        libinterp.Schedule("lazy(k=1)", s=2)


def test_schedules():
    ddpm = libinterp.Schedule("ddpm(scaled-linear, 0.00085, 0.012)")
    assert ddpm.kind == "ddpm(betas=scaled-linear, beta_start=0.00085, beta_end=0.012)"
    assert ddpm.eval(0).r == pytest.approx(1 / 14.6146, rel=1e-5)
    assert libinterp.Schedule("vp-sde(beta_min=0)").eval(.3) == libinterp.Schedule("vp-sde", beta_min=0).eval(.3)
    assert libinterp.Schedule("ddpm", betas="cosine", count=50).eval(.3) == libinterp.Schedule(
        "ddpm(cosine, count=50)").eval(.3)
    assert libinterp.Schedule("lazy(k=1)").eval(.3) == libinterp.Schedule("lazy", k=1).eval(.3)
    for kind, parameters, said in (
            ("lasy(k=1)", {}, 'schedule: "lasy" is unknown; did you mean lazy?'),
            ("lasy", {}, 'schedule: "lasy" is unknown; did you mean lazy?'),
            ("linear", {"k": 0}, 'k: 0, but schedule "linear" does not read it; leave it out, or take one that does: '
                                 "lazy, point-mass."),
            ("lazy", {"k": 1, "values": lambda t: (1 - t, t)},
             'values: given, but schedule "lazy" does not read it; leave it out, or take one that does: user.')):
        with pytest.raises(libinterp.InvalidError) as error:
            libinterp.Schedule(kind, **parameters)
        assert str(error.value) == said
