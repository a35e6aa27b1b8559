"""What a network and hooks are given and give: states are theirs to keep and not to change, outputs are to be written,
in any real type and of the right shape. One rule for arrays, tensors over the library's memory, and rows of torch."""
import contextlib

import numpy as np
import pytest

import libinterp
from libinterp import Adaptive, Covariance, Path, Plan

ENGINES = ["numpy", "torch over C", "torch rows"]


def of(engine):
    """The options of an engine, and its functions for networks: (options, as array, from array)."""
    if engine == "numpy":
        return {}, np.asarray, np.asarray
    torch = pytest.importorskip("torch")
    options = {"dtype": torch.float32, **({"engine": "torch"} if engine == "torch rows" else {})}
    return options, lambda x: x.detach().numpy(), torch.from_numpy


def half(x, t):
    """Euler with F = x/2 is Y_i = (1 + 1/(2 n))^i Y_0."""
    return .5 * x


# ---- what is given to read is not changed ----

def _in_place(x):
    x *= 2


CHANGES = {"*=": _in_place, "assignment": lambda x: x.__setitem__(0, 0), "view": lambda x: _in_place(x.reshape(-1)),
           "part": lambda x: _in_place(x[:1])}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_network_that_changes_x_is_told(engine, how):
    options, _, _ = of(engine)

    def network(x, t):
        CHANGES[how](x)
        return .25 * x

    for solver in ("euler", "dpmpp-2m", "heun"):
        with pytest.raises(ValueError, match="network changes x in place.*copy"):
            Plan(None, solver, 4).sample(network, (2, 3), seed=1, **options)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_on_row_that_changes_its_state_is_told(engine):
    options, _, _ = of(engine)
    with pytest.raises(ValueError, match="on_row changes the state in place"):
        Plan(evaluations=3).sample(half, (2, 3), on_row=lambda state, step: _in_place(state), **options)


def test_every_run_has_the_rule():
    def network(x, t):
        x += 1
        return x

    plan, covariance = Plan(evaluations=2), Covariance(np.ones(3))
    step = plan.steps((2, 3)).next()
    with pytest.raises(ValueError, match="read-only"):
        step.x[0] = 0
    for run in (lambda: Path.record(plan, network, (2, 3)), lambda: covariance.plan("ab2", 2).sample(network, 2),
                lambda: plan.sample(network, (2, 3), guidance=2.0), lambda: plan.fit(network, (8, 3)),
                lambda: Adaptive().sample(network, (2, 3))):
        with pytest.raises(ValueError, match="in place"):
            run()


def test_tensors_that_do_not_count_their_changes_are_copies():
    """In inference mode torch has no version counter, and .data goes past it: no run comes to harm."""
    torch = pytest.importorskip("torch")

    def in_place(x, t):
        x *= 2
        return .25 * x

    def past_the_counter(x, t):
        x.data.mul_(2)
        return .25 * x

    for options in ({"dtype": torch.float32}, {"engine": "torch"}):
        for solver in ("euler", "dpmpp-2m"):
            plan = Plan(None, solver, 4)
            want = plan.sample(half, (1, 3), seed=1, **options)
            assert torch.equal(plan.sample(past_the_counter, (1, 3), seed=1, **options), want)
            with torch.inference_mode():
                assert torch.allclose(plan.sample(in_place, (1, 3), seed=1, **options), want, atol=1e-6)


def test_an_error_of_the_networks_own_stays_its_own():
    error = ValueError("assignment to something else")

    def network(x, t):
        raise error

    with pytest.raises(ValueError) as caught:
        Plan().sample(network, (1, 2))
    assert caught.value is error


# ---- what is given may be kept ----

@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_kept_stays_what_it_was(engine):
    options, array, _ = of(engine)
    start = np.array([[1.0], [2.0]], np.float32)
    for solver, n in (("euler", 4), ("dpmpp-2m", 4)):
        plan, inputs, states, data, steps = Plan(None, solver, n), [], [], [], []

        def network(x, t):
            inputs.append(x)
            return half(x, t)

        def on_data(found, step):
            data.append(found)

        def on_row(state, step):
            states.append(state)
            steps.append(step)

        result = plan.sample(network, start=start if engine == "numpy" else of(engine)[2](start), on_row=on_row,
                             on_data=on_data, **options)
        if solver == "euler":
            want = [(1 + .5 / n) ** i * start for i in range(n + 1)]
            assert np.allclose([array(x) for x in inputs], want[:-1])
            assert np.allclose([array(x) for x in states], want[1:])
            # data prediction x + (1 - t) F of a velocity, and the same out of the step that on_row was given
            assert np.allclose([array(x) for x in data], [(1 + .5 * (1 - i / n)) * y for i, y in enumerate(want[:-1])])
        assert np.allclose([array(x) for x in inputs[1:]], [array(x) for x in states[:-1]])
        assert np.allclose([array(step.x) for step in steps], [array(x) for x in inputs])
        assert np.allclose([array(step.out) for step in steps], [.5 * array(x) for x in inputs])
        assert np.allclose([array(step.data()) for step in steps], [array(x) for x in data])
        assert np.array_equal(array(states[-1]), array(result))
        kept = array(states[-1]).copy()
        result *= 0
        assert np.array_equal(array(states[-1]), kept)


def test_steps_hand_out_what_may_be_kept():
    run, seen = Plan(None, "ab3", 6).steps((2, 3), seed=4), []
    for rq in run:
        seen.append((rq.x, rq.x.copy()))
        assert run.next() is rq
        rq.out[...] = .5 * rq.x
    assert all(np.array_equal(x, then) for x, then in seen)
    assert len({x.ctypes.data for x, _ in seen}) == 6


@pytest.mark.parametrize("engine", ENGINES)
def test_a_network_may_return_the_same_memory_each_time(engine):
    """Of CUDA graphs and exported networks the output is one buffer, or x itself: past outputs are the solver's own."""
    options, array, from_array = of(engine)
    buffer = from_array(np.empty((2, 3), np.float32))

    def reused(x, t):
        buffer[...] = x * (.3 - t)
        return buffer

    for solver in ("ab3", "dpmpp-2m", "rk4", "unipc-bh2-3"):
        plan = Plan(None, solver, 8)
        want = array(plan.sample(lambda x, t: x * (.3 - t), (2, 3), seed=2, **options))
        assert np.array_equal(array(plan.sample(reused, (2, 3), seed=2, **options)), want)
        want = array(plan.sample(lambda x, t: x + 0, (2, 3), seed=2, **options))
        assert np.array_equal(array(plan.sample(lambda x, t: x, (2, 3), seed=2, **options)), want)


# ---- outputs are written ----

def _rebinds(x, t, out):
    out = half(x, t)  # noqa: F841


def _partly(x, t, out):
    out[0] = half(x[0], t)


def _early(x, t, row, out):
    if row != 2:
        out[...] = half(x, t)


def _adds(x, t, out):
    out += half(x, t)


def _ignores_out2(x, t, out, out2):
    out[...] = half(x, t)


def _request_ignored(x, t, request):
    pass


@pytest.mark.parametrize("engine", ENGINES)
def test_an_unwritten_output_is_noticed(engine):
    options, _, _ = of(engine)
    for network, said, more in ((_rebinds, "out: .*unwritten.*row 0, sample 0", {}),
                                (_partly, "out: .*unwritten.*row 0, sample 1", {}),
                                (_early, "out: .*unwritten.*row 2, sample 0", {}),
                                (_adds, "out: .*row 0, sample 0", {}),
                                (_request_ignored, "out: .*unwritten.*row 0", {}),
                                (_ignores_out2, "out2: .*unwritten.*row 0", {"guidance": 2.0})):
        for solver in ("euler", "dpmpp-2m", "rk4"):
            with pytest.raises(libinterp.NonFiniteError, match=said):
                Plan(None, solver, 8).sample(network, (2, 3), **options, **more)


def test_in_every_run():
    plan = Plan(evaluations=2)
    for run in (lambda: Path.record(plan, _partly, (2, 3)), lambda: plan.fit(_partly, (8, 3)),
                lambda: Covariance(np.ones(3)).plan("ab2", 2).sample(_partly, 2),
                lambda: Adaptive().sample(_partly, (2, 3))):
        with pytest.raises(libinterp.NonFiniteError, match="unwritten"):
            run()
    with pytest.raises(libinterp.NonFiniteError, match="unwritten in row 0, sample 0"):
        for step in plan.steps((2, 3)):
            step.out = .5 * step.x
    run = plan.steps((2, 3))
    for step in run:
        step.out[...] = 0
        assert run.next() is step and not step.out.any()  # asking again erases nothing


def test_fits_on_a_device():
    torch = pytest.importorskip("torch")
    for network, said in ((_partly, "out: .*unwritten"), (lambda x, t: x.mul_(2), "changes x in place"),
                          (lambda x, t: x[0], r"shape \(3,\)")):
        with pytest.raises(ValueError if "unw" not in said else libinterp.NonFiniteError, match=said):
            Plan(evaluations=2).fit(network, (8, 3), device="cpu")

    def halves(x, t):
        assert isinstance(x, torch.Tensor)
        return (.5 * x).bfloat16()

    assert Plan(evaluations=2).fit(halves, (8, 3), device="cpu", iterations=1, tolerance=.1).report.after > 0


def test_halves_are_noticed():
    torch = pytest.importorskip("torch")
    for dtype in (torch.bfloat16, torch.float16, torch.float64):
        for network in (_rebinds, _partly):
            with pytest.raises(libinterp.NonFiniteError, match="unwritten"):
                Plan().sample(network, (2, 3), dtype=dtype, engine="torch")


@pytest.mark.parametrize("engine", ENGINES)
def test_values_that_are_not_finite(engine):
    options, _, _ = of(engine)

    def network(x, t, row, guidance=1):
        y = half(x, t) + 0
        if row == 1:
            y[1] = float("inf")
        return (half(x, t), y) if guidance != 1 else y

    for more, name in (({}, "out"), ({"guidance": 2.0}, "out2")):
        with pytest.raises(libinterp.NonFiniteError, match=f"{name}: .*not finite in row 1, sample 1"):
            Plan(evaluations=3).sample(network, (2, 3), **options, **more)
    # a number that the run's type cannot hold
    with pytest.raises(libinterp.NonFiniteError, match="row 0, sample 0"):
        Plan(evaluations=3).sample(lambda x, t: np.full((2, 3), 1e300), (2, 3), **options)
    Plan(evaluations=3).sample(network, (2, 3), check_finite=False, **options)


# ---- of which shape and type ----

WRONG = [(lambda x: x[:1], ValueError, r"\(1, 3\).*\(2, 3\)"), (lambda x: x[0], ValueError, r"\(3,\).*\(2, 3\)"),
         (lambda x: x.T, ValueError, r"\(3, 2\).*\(2, 3\)"), (lambda x: x[..., None], ValueError, r"\(2, 3, 1\)"),
         (lambda x: 0.0, ValueError, r"shape \(\)"), (lambda x: [1.0, 2.0], ValueError, r"shape \(2,\)"),
         (lambda x: x > 0, TypeError, "bool"), (lambda x: x * 1j, TypeError, "complex"),
         (lambda x: "text", TypeError, "real number"), (lambda x: {"sample": x}, TypeError, "dict"),
         (lambda x: np.ma.masked_array(np.ones((2, 3)), mask=np.eye(2, 3)), TypeError, "masked"),
         (lambda x: object(), TypeError, "object"), (lambda x: [[1.0], [2.0, 3.0]], TypeError, "array")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("wrong", range(len(WRONG)))
@pytest.mark.filterwarnings("ignore::numpy.VisibleDeprecationWarning")
def test_wrong_outputs_are_named(engine, wrong):
    options, _, _ = of(engine)
    output, error, said = WRONG[wrong]
    with pytest.raises(error, match=said):
        Plan().sample(lambda x, t: output(x), (2, 3), **options)
    if error is ValueError:
        with pytest.raises(error, match=said):
            Plan().sample(half, (2, 3), on_data=lambda data, step: output(data), **options)


@pytest.mark.parametrize("engine", ENGINES)
def test_other_real_outputs_are_taken(engine):
    options, array, from_array = of(engine)
    plan = Plan(None, "dpmpp-2m", 4)
    want = array(plan.sample(half, (2, 3), seed=3, **options))
    ones = array(plan.sample(lambda x, t: x * 0 + 1, (2, 3), seed=3, **options))
    for same in (lambda x: .5 * array(x), lambda x: (.5 * array(x)).tolist(), lambda x: (.5 * array(x)).T.copy().T,
                 lambda x: np.asfortranarray(.5 * array(x)), lambda x: (.5 * array(x)).astype(np.float64),
                 lambda x: np.repeat(.5 * array(x), 2, 1)[:, ::2]):
        assert np.allclose(array(plan.sample(lambda x, t: same(x), (2, 3), seed=3, **options)), want, atol=1e-6)
    for kind in (np.int64, np.int8, np.uint8, np.float16, np.longdouble):
        got = plan.sample(lambda x, t: np.ones((2, 3), kind), (2, 3), seed=3, **options)
        assert np.allclose(array(got), ones, atol=1e-6)


def test_tensors_of_any_kind_from_any_run():
    torch = pytest.importorskip("torch")
    weight = torch.nn.Parameter(torch.tensor(.5))
    want = Plan().sample(half, (2, 3), seed=3)
    for options in ({}, {"dtype": torch.float32}, {"dtype": torch.float32, "engine": "torch"}):
        for kind, near in ((torch.bfloat16, .05), (torch.float16, .01), (torch.float32, 1e-6), (torch.float64, 1e-6)):
            def network(x, t):
                x = torch.tensor(x) if isinstance(x, np.ndarray) else x
                return (x * weight).to(kind)  # requires gradients, too

            got = Plan().sample(network, (2, 3), seed=3, **options)
            assert np.abs(np.asarray(got.detach() if options else got) - want).max() < near
        for bad in (torch.zeros(2, 3, dtype=torch.bool), torch.zeros(2, 3, dtype=torch.complex64)):
            with pytest.raises(TypeError, match="real number"):
                Plan().sample(lambda x, t: bad, (2, 3), **options)
        with pytest.raises(ValueError, match=r"\(6,\).*\(2, 3\)"):
            Plan().sample(lambda x, t: torch.zeros(6), (2, 3), **options)


def test_starts_and_data_of_any_type():
    torch = pytest.importorskip("torch")
    start, part = torch.arange(6.0).reshape(2, 3), Plan(u_start=.5, evaluations=2)
    want = Plan().sample(half, start=start)
    for kind in (torch.bfloat16, torch.float16):
        got = Plan().sample(half, start=start.to(kind))
        assert got.dtype == kind and torch.allclose(got.float(), want, rtol=.02)
        got = Plan().sample(half, start=start.to(kind), dtype=torch.float32)  # whole numbers are exact in all types
        assert got.dtype == torch.float32 and torch.equal(got, want)
    for kind in (torch.uint8, torch.int64):  # an image as it lies on the disk
        got = part.sample(half, data=start.to(kind), seed=1)
        assert got.dtype == torch.float32 and torch.equal(got, part.sample(half, data=start, seed=1))
    for kind in (torch.int64, torch.complex64, np.float16):
        with pytest.raises(TypeError, match="dtype|float"):
            Plan().sample(half, start=start, dtype=kind)
    for out in (torch.empty(2, 3, dtype=torch.bfloat16), torch.empty(2, 3, dtype=torch.float64)):
        for engine in (None, "torch"):
            with pytest.raises(ValueError, match="out: type torch.float32 on cpu is wanted"):
                Plan().sample(half, start=start, out=out, dtype=torch.float32, engine=engine)
    leaf = start.clone().requires_grad_()
    assert torch.equal(Plan().sample(half, start=leaf, engine="c").detach(), want)


def test_gradients_pass_and_past_states_may_be_kept():
    torch = pytest.importorskip("torch")
    start, kept = torch.ones(1, 2, requires_grad=True), []

    def network(x, t):
        kept.append(x)
        return .5 * x

    x = Plan(None, "euler", 4).sample(network, start=start, engine="torch",
                                      on_row=lambda state, step: kept.append(state))
    x.sum().backward()
    assert torch.allclose(start.grad, torch.full((1, 2), (1 + .5 / 4) ** 4))  # Euler's own factor
    assert all(torch.isfinite(state).all() for state in kept)


# ---- callbacks that do something else ----

@pytest.mark.parametrize("engine", ENGINES)
def test_exceptions_come_out_as_themselves(engine):
    options, _, _ = of(engine)

    class Mine(BaseException):
        pass

    for kind in (Mine, KeyboardInterrupt, SystemExit, RuntimeError, StopIteration, MemoryError):
        error = kind()

        def fails(*arguments):
            raise error

        for network, hooks in ((lambda x, t: fails(), {}), (half, {"on_data": fails}), (half, {"on_row": fails})):
            with pytest.raises(kind) as caught:
                Plan(evaluations=2).sample(network, (1, 2), **options, **hooks)
            assert caught.value is error
    assert Plan(evaluations=2).sample(half, (1, 2), **options) is not None


@pytest.mark.parametrize("engine", ENGINES)
def test_a_network_that_samples_itself(engine):
    options, array, _ = of(engine)
    plan, depth = Plan("lazy", "ab2", 3, k=0), []

    def network(x, t):
        if len(depth) < 2:
            depth.append(1)
            inner = plan.sample(network, start=x + 0, **options)
            depth.pop()
            return .1 * inner
        return .5 * x

    def flat(level):
        def call(x, t):
            return .1 * plan.sample(flat(level + 1), start=x + 0, **options) if level < 2 else .5 * x
        return call

    got, want = (array(plan.sample(f, (2, 3), seed=6, **options)) for f in (network, flat(0)))
    assert np.array_equal(got, want)


def test_a_fit_whose_network_samples():
    plan, inner = Plan(evaluations=2), Plan("lazy", "rk4", 4)

    def network(x, t):
        return inner.sample(half, start=x + 0) - x

    assert plan.fit(network, (8, 3), iterations=1, seed=2) == plan.fit(network, (8, 3), iterations=1, seed=2)
    with pytest.raises(KeyboardInterrupt), contextlib.suppress(ZeroDivisionError):
        plan.fit(lambda x, t: (_ for _ in ()).throw(KeyboardInterrupt()), (8, 3))
