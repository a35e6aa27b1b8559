import json

import numpy as np
import pytest

import libinterp
from libinterp import Model, Plan, Search, search

SHAPE = (12, 4)
TEXTS = ["solver=euler", "solver=ddim", "solver=ab2", "solver=heun", "solver=ipndm-3 grid=beta-flow"]


def test_a_search_finds_the_best_text(curved):
    found = search(curved, SHAPE, texts=TEXTS, budgets=(3, 5), dtype=np.float64, name="curved")
    ranking = found.ranking(5)
    assert [entry.chosen for entry in ranking] == sorted(entry.chosen for entry in ranking)
    assert ranking[0].tested and ranking[0].seeds == 12 and ranking[0].evaluations == 5
    assert {entry.text: entry.names for entry in ranking}["solver=euler evaluations=5"] == 2
    assert found.report.over and found.report.candidates == 8 and found.report.names == 10
    fine = Plan(solver="rk4", evaluations=512).sample(curved, (24, 4), dtype=np.float64)
    assert np.abs(found.ends - fine).max() < .02
    best = found.plan(5)
    assert f"{best.text}" in ranking[0].text and found.plan() == best
    error = np.sqrt(((best.sample(curved, (12, 4), first=12, dtype=np.float64) - found.ends[12:]) ** 2).mean())
    assert abs(error - ranking[0].error) < 1e-6


def test_all_plans_that_make_sense(curved):
    found = search(curved, (8, 4), budgets=[4])
    assert found.report.candidates > 3000 and len(found.ranking(4, 5)) == 5
    assert found.report.evaluations <= 2 * found.report.reference_evaluations
    assert found.ranking(4, 1)[0].error < .5 * search(curved, (8, 4), budgets=[4], texts=TEXTS[:1]).ranking(4)[0].error


def test_steps_and_loop_find_the_same(curved):
    options = {"texts": TEXTS, "budgets": (3, 4), "batch": 5, "seeds": range(24)}
    loop, steps = search(curved, SHAPE, **options), Search(SHAPE, **options)
    for step in steps:
        step.out[...] = curved(step.x, step.time)
    assert steps.report == loop.report and steps.ranking(4) == loop.ranking(4) and str(steps) == str(loop)


def test_table_and_json(curved):
    found = search(curved, SHAPE, texts=TEXTS, budgets=(3, 5), name='of "tests"')
    said = json.loads(found.to_json())
    assert said["name"] == 'of "tests"' and said["report"] == found.report._asdict()
    assert [budget["evaluations"] for budget in said["budgets"]] == [3, 5]
    assert said["budgets"][1]["plans"][0] == found.ranking(5)[0]._asdict()
    assert len(json.loads(found.to_json(2))["budgets"][0]["plans"]) == 2
    assert found.ranking(3)[0].text in str(found) and len(found.table(1)) < len(str(found))


def test_the_winner_is_fitted(curved):
    found = search(curved, SHAPE, texts=TEXTS, budgets=[4], dtype=np.float64)
    better = found.fit(4, curved, iterations=2)
    assert better.report.reference_evaluations == 0 and better.report.starts > 2
    assert better.report.after_held_out < better.report.before_held_out


def test_models_and_what_is_common(curved):
    def data(x, t):
        return x + (1 - t) * curved(x, t)

    by_model = search(data, SHAPE, texts=TEXTS, budgets=[3], model=Model(prediction="data"))
    by_text = search(data, SHAPE, texts=TEXTS, budgets=[3], common="model=data")
    assert by_model.ranking(3) == by_text.ranking(3) and by_model.plan(3) == by_text.plan(3)
    with pytest.raises(ValueError, match="model"):
        Search(SHAPE, texts=TEXTS, model=Model(), common="model=data")


def test_known_ends_cost_nothing(curved):
    first = search(curved, SHAPE, texts=TEXTS, budgets=[3], dtype=np.float64)
    second = search(curved, SHAPE, texts=TEXTS, budgets=[3], dtype=np.float64, ends=first.ends)
    assert second.report.reference_evaluations == 0 and second.ranking(3)[0].text == first.ranking(3)[0].text


def test_what_cannot_be(curved):
    with pytest.warns(libinterp.Warning, match="nonsense"):
        found = search(curved, SHAPE, texts=[*TEXTS, "solver=nonsense"], budgets=[3])
    assert found.ranking(3)[-1].status and found.ranking(3)[-1].text == "solver=nonsense evaluations=3"
    with pytest.raises(ValueError, match="place"):
        found.plan(3, 5)
    with pytest.raises(ValueError, match="evaluations"):
        found.ranking(9)
    with pytest.raises(TypeError, match="texts"):
        Search(SHAPE, texts=[3])
    with pytest.raises(ValueError, match="ends"):
        Search(SHAPE, texts=TEXTS, ends=np.zeros(SHAPE, np.float32))
    with pytest.raises(TypeError, match="pickled"):
        __import__("pickle").dumps(found)


def test_networks_and_progress_that_raise(curved):
    def fails(x, t):
        raise KeyError("network")

    def progress(report):
        raise KeyError("progress")

    with pytest.raises(KeyError, match="network"):
        search(fails, SHAPE, texts=TEXTS)
    with pytest.raises(KeyError, match="progress"):
        search(curved, SHAPE, texts=TEXTS, progress=progress)
    reports = []
    search(curved, SHAPE, texts=TEXTS, budgets=[3], progress=lambda report: reports.append(report) or len(reports) == 3)
    assert len(reports) == 3 and reports[-1].rounds == 1


def test_a_table_of_a_noise_network():
    """The rehearsal knows how a network answers to its state, whatever it predicts: the best of all is found."""
    products = np.cumprod(1 - np.linspace(1e-4, .02, 1000))

    def noise(x, t):
        product = np.exp(np.interp(t, np.arange(1000), np.log(products)))
        alpha = np.sqrt(1 - product)
        return (alpha * x / (1 - product + .3 * product) + .1 * alpha * np.tanh(x)).astype(x.dtype)

    model = Model(libinterp.Schedule("ddpm"), "noise", "index")
    found = search(noise, (16, 64), model=model, budgets=[8])
    assert found.ranking(8, 1)[0].error < .003
    assert found.report.evaluations < 2 * found.report.reference_evaluations
