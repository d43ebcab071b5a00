from __future__ import annotations

import contextlib
import json
import pickle
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay import check, load_area

import paratrain as mx
from paratrain import optimizer
from paratrain.optimizer import states

SCHEDULES = ("factor", "multifactor", "poly", "cosine", "schedule")  # in test_lr_scheduler.py
DIFFERENT = (
    "state-lamb-07",  # MXNet starts each step from the first float32 copy, which it never updates
    "steps-adam-08",  # MXNet rounds what lies between to float16; here only the results are
    "state-adam-08",  # the same
)


@pytest.mark.parametrize("case", load_area("optimizer").without(*SCHEDULES, *DIFFERENT), ids=str)
def test_recorded(case):
    check(case)


def arrays(seed, *shapes, dtype="float32"):
    rng = np.random.default_rng(seed)
    return [mx.nd.array(rng.normal(size=shape), dtype=dtype) for shape in shapes]


def clipped_sum(grad, weight, wd, rescale, clip, inside=False):
    """Gradient as the optimizers see it, in float64."""
    scaled = rescale * grad + (wd * weight if inside else 0)
    if clip is not None:
        scaled = np.clip(scaled, -clip, clip)
    return scaled if inside else scaled + wd * weight


SETTINGS = st.fixed_dictionaries(
    {
        "learning_rate": st.floats(0.001, 0.5),
        "wd": st.sampled_from([0.0, 0.05]),
        "rescale_grad": st.sampled_from([1.0, 0.25]),
        "clip_gradient": st.sampled_from([None, 0.3]),
    }
)


@given(settings=SETTINGS, momentum=st.sampled_from([0.0, 0.9]), seed=st.integers(0, 100))
def test_sgd_follows_its_formula(settings, momentum, seed):
    made = optimizer.create("sgd", momentum=momentum, **settings)
    (weight,) = arrays(seed, (3, 4))
    state = made.create_state(0, weight)
    want, kept = weight.asnumpy().astype("float64"), np.zeros((3, 4))
    for step in range(4):
        (grad,) = arrays(seed + step + 1, (3, 4))
        made.update(0, weight, grad, state)
        seen = clipped_sum(grad.asnumpy(), want, settings["wd"], settings["rescale_grad"], settings["clip_gradient"])
        kept = momentum * kept - settings["learning_rate"] * seen
        want = want + kept
    assert np.allclose(weight.asnumpy(), want, atol=1e-5)


@given(settings=SETTINGS, seed=st.integers(0, 100))
def test_adam_follows_its_formula(settings, seed):
    made = optimizer.create("adam", beta1=0.8, beta2=0.95, epsilon=1e-4, **settings)
    (weight,) = arrays(seed, (3, 4))
    state = made.create_state(0, weight)
    want, mean, var = weight.asnumpy().astype("float64"), 0.0, 0.0
    for step in range(1, 5):
        (grad,) = arrays(seed + step, (3, 4))
        made.update(0, weight, grad, state)
        seen = clipped_sum(
            grad.asnumpy(), want, settings["wd"], settings["rescale_grad"], settings["clip_gradient"], inside=True
        )
        mean, var = 0.8 * mean + 0.2 * seen, 0.95 * var + 0.05 * seen**2
        rate = settings["learning_rate"] * np.sqrt(1 - 0.95**step) / (1 - 0.8**step)
        want = want - rate * mean / (np.sqrt(var) + 1e-4)
    assert np.allclose(weight.asnumpy(), want, atol=1e-4)


NAMES = {0: "a_weight", 1: "a_bias", 2: "bn_gamma", 3: "bn_beta"}


@pytest.mark.parametrize(
    ("lr_mult", "wd_mult", "lrs", "wds"),
    [
        ({}, {}, [0.5] * 4, [0.1, 0.0, 0.1, 0.0]),
        ({"a_bias": 2.0}, {"a_bias": 3.0, "a_weight": 0.5}, [0.5, 1.0, 0.5, 0.5], [0.05, 0.3, 0.1, 0.0]),
        ({1: 2.0}, {3: 1.0}, [0.5, 1.0, 0.5, 0.5], [0.1, 0.0, 0.1, 0.1]),
    ],
)
def test_multipliers(lr_mult, wd_mult, lrs, wds):
    made = optimizer.create("sgd", learning_rate=0.5, wd=0.1, param_idx2name=NAMES)
    made.set_lr_mult(lr_mult)
    made.set_wd_mult(wd_mult)
    assert made._get_lrs(list(NAMES)) == pytest.approx(lrs)
    assert made._get_wds(list(NAMES)) == pytest.approx(wds)


def test_multipliers_of_the_symbol_and_of_parameters():
    weight = mx.sym.Variable("a_weight", lr_mult=0.5, wd_mult=0.0)
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), weight=weight, num_hidden=2, name="a")
    made = optimizer.create("sgd", learning_rate=1.0, wd=1.0, sym=net, param_idx2name=NAMES)
    assert made._get_lrs([0, 1]) == [0.5, 1.0]
    assert made._get_wds([0, 1, 2]) == [0.0, 0.0, 1.0]
    made.set_lr_mult({"a_weight": 0.25})
    assert made._get_lr(0) == 0.25
    held = types.SimpleNamespace(lr_mult=3.0, wd_mult=2.0)
    made = optimizer.create("sgd", learning_rate=1.0, wd=1.0, param_dict={0: held})
    assert (made._get_lr(0), made._get_wd(0)) == (3.0, 2.0)


def test_each_device_counts_its_own_updates():
    made = optimizer.create("sgd", begin_num_update=5)
    for device in (0, 1):
        made._set_current_context(device)
        made._update_count([0, 1])
    assert made.num_update == 6
    made._update_count(0)
    assert made.num_update == 7


def test_a_schedule_decides_the_rate():
    schedule = mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=9.0)
    made = optimizer.create("sgd", learning_rate=1.0, lr_scheduler=schedule)
    updater = optimizer.get_updater(made)
    (weight,), rates = arrays(0, (2,)), []
    for _ in range(5):
        updater(0, mx.nd.ones((2,)), weight)
        rates.append(made.learning_rate)
    assert rates == [1.0, 1.0, 0.5, 0.5, 0.25]
    with pytest.raises(UserWarning, match="the rate follows FactorScheduler"):
        made.set_learning_rate(0.1)


def test_a_rate_without_effect_is_told():
    schedule = mx.lr_scheduler.PolyScheduler(max_update=10, base_lr=0.2)
    with pytest.warns(UserWarning, match=r"learning_rate=0\.1 has no effect: .* base_lr=0\.2"):
        made = optimizer.create("sgd", learning_rate=0.1, lr_scheduler=schedule)
    assert made.learning_rate == 0.2


def test_a_user_may_set_the_rate():
    made = optimizer.create("adam")
    assert made.learning_rate == 0.001
    made.set_learning_rate(0.5)
    assert (made.lr, made.learning_rate) == (0.5, 0.5)


@pytest.mark.parametrize("name", ["sgd", "nag", "adam"])
def test_half_precision_keeps_small_steps_in_a_copy(name):
    made = optimizer.create(name, learning_rate=1e-4, multi_precision=True)
    weight = mx.nd.ones((4,), dtype="float16")
    updater = optimizer.get_updater(made)
    for _ in range(20):
        updater(0, mx.nd.ones((4,), dtype="float16"), weight)
    assert weight.dtype == np.float16
    assert np.allclose(weight.asnumpy().astype("float64"), 1 - 20e-4, atol=6e-4)


def test_half_precision_without_a_copy_warns():
    updater = optimizer.get_updater(optimizer.create("sgd"))
    with pytest.warns(UserWarning, match="SGD updates a float16 weight in its own precision"):
        updater(0, mx.nd.ones((2,), dtype="float16"), mx.nd.ones((2,), dtype="float16"))


@pytest.mark.parametrize("aggregate", [0, 1, 3])
def test_lists_of_weights(aggregate):
    shapes = [(3,), (2, 2), (4,), (1,)]
    single, several = (optimizer.get_updater(optimizer.create("sgd", momentum=0.9)) for _ in range(2))
    several.optimizer.aggregate_num = aggregate
    one, two = arrays(1, *shapes), arrays(1, *shapes)
    for step in range(3):
        grads = arrays(step, *shapes)
        for index, (weight, grad) in enumerate(zip(one, grads, strict=True)):
            single(index, grad, weight)
        several([0, 1, 2, 3], grads, two)
    assert all(np.array_equal(a.asnumpy(), b.asnumpy()) for a, b in zip(one, two, strict=True))


class Same(optimizer.Optimizer):
    def update(self, index, weight, grad, state):
        weight[:] = weight - grad


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: optimizer.create("nothing"), ValueError, r"unknown optimizer 'nothing'; known: adadelta"),
        (lambda: optimizer.create("sgd", momentun=0.9), TypeError, "momentun"),
        (lambda: optimizer.create("sgd", param_idx2name=["a"]), TypeError, r"must be a dict of index to name"),
        (lambda: optimizer.create("sgd", clip_gradient=0), ValueError, r"\[SGD\] clip_gradient must be above 0"),
        (lambda: optimizer.create("ftml", clip_gradient=-1), ValueError, r"\[FTML\] clip_gradient .* got -1"),
        (lambda: optimizer.register(dict), TypeError, r"subclass of Optimizer; got <class 'dict'>"),
        (lambda: optimizer.Optimizer().update(0, None, None, None), NotImplementedError, r"must define update"),
        (lambda: optimizer.get_updater(Same())([0, 1], [1], [2]), ValueError, r"got 2, 1 and 1"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


def trained(name, steps, updater=None, weight=None, **settings):
    updater = updater or optimizer.get_updater(optimizer.create(name, **settings))
    weight = weight if weight is not None else arrays(0, (3, 2))[0]
    for step in steps:
        updater(0, arrays(step, (3, 2))[0], weight)
    return updater, weight


@pytest.mark.parametrize("dump", [False, True])
@pytest.mark.parametrize(
    "settings", [{"name": "sgd", "momentum": 0.9}, {"name": "nag", "momentum": 0.9}, {"name": "adam"}]
)
def test_states_go_on_exactly(settings, dump):
    _, straight = trained(steps=range(1, 9), **settings)
    first, weight = trained(steps=range(1, 5), **settings)
    second = optimizer.get_updater(optimizer.create(**settings))
    second.set_states(first.get_states(dump_optimizer=dump))
    assert second.optimizer.num_update == 4
    trained(None, range(5, 9), second, weight)
    assert np.array_equal(weight.asnumpy(), straight.asnumpy())


def test_hyperparameters_come_back_when_dumped():
    schedule = mx.lr_scheduler.FactorScheduler(step=3, factor=0.5)
    one = optimizer.create("sgd", learning_rate=0.5, momentum=0.9, lr_scheduler=schedule, rescale_grad=np.float32(0.5))
    one.set_lr_mult({"a": 2.0, 3: 0.5})
    two = optimizer.create("sgd", lr_scheduler=mx.lr_scheduler.FactorScheduler(step=100))
    blob = optimizer.get_updater(one).get_states(dump_optimizer=True)
    optimizer.get_updater(two).set_states(blob)
    assert (two.momentum, two.rescale_grad, two.lr_mult) == (0.9, 0.5, {"a": 2.0, 3: 0.5})
    assert (two.lr_scheduler.step, two.lr_scheduler.base_lr) == (3, 0.5)
    three = optimizer.create("adam")
    with pytest.raises(ValueError, match="the saved optimizer is a SGD with schedule FactorScheduler; this is a Adam"):
        optimizer.get_updater(three).set_states(blob)


def test_a_schedule_may_be_a_function():
    one = optimizer.create("sgd", lr_scheduler=lambda done: 0.1 * done)
    one._update_count(0)
    two = optimizer.create("sgd", lr_scheduler=lambda done: 0.1 * done)
    optimizer.get_updater(two).set_states(optimizer.get_updater(one).get_states(dump_optimizer=True))
    assert two.learning_rate == 0.1


@pytest.mark.parametrize("kind", ["sgd", "nadam", "lars"])
def test_states_of_another_optimizer_are_refused(kind):
    updater, _ = trained("adam", range(1))
    with pytest.raises(ValueError, match=r"the saved optimizer is a Adam; this is a \w+; create it as when"):
        optimizer.get_updater(optimizer.create(kind)).set_states(updater.get_states())


def test_states_of_other_settings_are_refused():
    """Instead of going on without momentum, because the states have none."""
    plain, weight = trained("sgd", range(1))
    updater = optimizer.get_updater(optimizer.create("sgd", momentum=0.9))
    updater.set_states(plain.get_states())
    with pytest.raises(ValueError, match=r"state of weight 0 has arrays of None elements; SGD as it is now needs 6"):
        updater(0, weight, weight)


TREES = st.recursive(
    st.none()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False)
    | st.builds(lambda n: np.arange(n, dtype="float32"), st.integers(0, 3)),
    lambda inner: st.tuples(inner, inner) | st.lists(inner, max_size=2),
    max_leaves=6,
)


def same(a, b):
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    return a == b


@given(st.dictionaries(st.integers(0, 5) | st.text(max_size=3), TREES, max_size=4))
def test_bytes_hold_any_tree(trees):
    loaded, extra = states.loads(states.dumps(trees, {"a": [1, None]}))
    assert extra == {"a": [1, None]}
    assert list(loaded) == list(trees)
    assert all(same(trees[key], loaded[key]) for key in trees)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64", "int64"])
def test_bytes_hold_any_type(dtype):
    value = mx.nd.array([1.0, 2.0, 3.0], dtype=dtype)
    loaded, _ = states.loads(states.dumps({"w": value}, {}))
    assert str(loaded["w"].dtype) == dtype
    assert loaded["w"].astype("float64").tolist() == [1, 2, 3]


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was executed",))


def npz(header):
    import io

    out = io.BytesIO()
    np.savez(out, header=np.frombuffer(json.dumps(header).encode(), np.uint8))
    return out.getvalue()


GOOD = states.dumps({0: np.zeros(3, "float32")}, {"counters": {}})
METHOD = GOOD.index(b"PK\1\2") + 10  # in the archive's directory


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (pickle.dumps(Trap()), ValueError, "Python pickle, as MXNet writes them"),
        (pickle.dumps({0: None}, protocol=0), ValueError, "Python pickle"),
        ("text", TypeError, "expected bytes; got str"),
        (b"", ValueError, "0 bytes are no archive"),
        (GOOD[: len(GOOD) // 2], ValueError, "or damaged"),
        (GOOD[:METHOD] + b"\xff" + GOOD[METHOD + 1 :], ValueError, "or damaged: .*compression"),
        (GOOD[:60] + bytes([GOOD[60] ^ 255]) + GOOD[61:], ValueError, "or damaged"),
        (npz({"format": "other"}), ValueError, "expected format paratrain-optimizer-states"),
        (npz([]), ValueError, "expected format paratrain-optimizer-states"),
        (
            npz({"format": "paratrain-optimizer-states", "version": 1, "states": [[0, {"array": ["7", "float32"]}]]}),
            ValueError,
            "does not describe the archive",
        ),
    ],
)
def test_bytes_that_are_no_states(data, error, message):
    with pytest.raises(error, match=message):
        optimizer.get_updater(optimizer.create("sgd")).set_states(data)


@given(changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_changed_bytes_are_states_or_an_error(changes):
    data = bytearray(GOOD)
    for at, value in changes:
        data[at] = value
    with contextlib.suppress(ValueError):
        states.loads(bytes(data))


@pytest.mark.parametrize("bad", [{0: object()}, {(1, 2): None}, {True: None}])
def test_states_of_another_kind_are_refused(bad):
    with pytest.raises(TypeError, match=r"\[optimizer states\]"):
        states.dumps(bad, {})
