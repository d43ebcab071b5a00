from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import paratrain as mx
from paratrain import optimizer
from paratrain.optimizer import FlatUpdater

SHAPES = {"fc_weight": (3, 4), "fc_bias": (3,), "bn_gamma": (5,), "out_weight": (2, 3)}
NAMES = dict(enumerate(SHAPES))
ORDER = [3, 2, 0, 1]  # as a backward pass might produce the gradients


def layout(shapes=True, padding=0):
    """Where each parameter lies, in `ORDER`; and the size of all."""
    made, at = [], 0
    for index in ORDER:
        shape = SHAPES[NAMES[index]]
        size = int(np.prod(shape))
        made.append((index, NAMES[index], at, size, shape) if shapes else (index, NAMES[index], at, size))
        at += size + padding
    return made, at


class Net:
    """Parameters and gradients in flat buffers, with views weight by weight."""

    def __init__(self, padding=0):
        self.layout, size = layout(padding=padding)
        start = np.random.default_rng(0).normal(size=size)
        self.params, self.grads = mx.nd.array(start), mx.nd.zeros((size,))
        self.weights = self.views(self.params)

    def views(self, flat):
        return {i: flat[at : at + size].reshape(shape) for i, _, at, size, shape in self.layout}

    def backward(self, step):
        self.grads[:] = np.random.default_rng(step + 1).normal(size=self.grads.shape).astype("float32")


KINDS = {
    "sgd": {"name": "sgd"},
    "sgd momentum": {"name": "sgd", "momentum": 0.9},
    "adam": {"name": "adam", "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-5},
}
COMMON = {"learning_rate": 0.1, "param_idx2name": NAMES}


def made(kind, **settings):
    new = optimizer.create(**KINDS[kind], **COMMON, **settings)
    new.set_lr_mult({"fc_bias": 2.0, "bn_gamma": 0.0})
    new.set_wd_mult({"fc_weight": 0.5})
    return new


def one_by_one(kind, steps, settings, net=None, updater=None):
    """Train weight by weight."""
    net, updater = net or Net(), updater or optimizer.get_updater(made(kind, **settings))
    for step in steps:
        net.backward(step)
        for index, grad in net.views(net.grads).items():
            updater(index, grad, net.weights[index])
    return net, updater


def at_once(kind, steps, settings, net=None, updater=None):
    """Train through the flat buffers."""
    net = net or Net()
    updater = updater or FlatUpdater(made(kind, **settings), net.layout, net.params, net.grads)
    for step in steps:
        net.backward(step)
        updater.step()
    return net, updater


SETTINGS = st.fixed_dictionaries(
    {
        "wd": st.sampled_from([0.0, 0.05]),
        "clip_gradient": st.sampled_from([None, 0.5]),
        "rescale_grad": st.sampled_from([1.0, 0.25]),
        "begin_num_update": st.sampled_from([0, 7]),
    }
)


@pytest.mark.parametrize("kind", KINDS)
@given(settings=SETTINGS)
def test_same_as_weight_by_weight(kind, settings):
    (single, _), (flat, _) = one_by_one(kind, range(4), settings), at_once(kind, range(4), settings)
    assert np.allclose(flat.params.asnumpy(), single.params.asnumpy(), rtol=2e-6, atol=1e-7)
    start = Net()
    assert np.array_equal(flat.weights[2].asnumpy(), start.weights[2].asnumpy())  # lr_mult is 0
    assert not np.array_equal(flat.weights[3].asnumpy(), start.weights[3].asnumpy())


@pytest.mark.parametrize("kind", KINDS)
def test_same_along_a_schedule(kind):
    def settings():
        return {"lr_scheduler": mx.lr_scheduler.FactorScheduler(step=2, factor=0.3, warmup_steps=3)}

    (single, one), (flat, two) = one_by_one(kind, range(9), settings()), at_once(kind, range(9), settings())
    assert np.allclose(flat.params.asnumpy(), single.params.asnumpy(), rtol=2e-6, atol=1e-7)
    assert one.optimizer.learning_rate == two.optimizer.learning_rate
    assert one.optimizer.counters() == two.optimizer.counters()


def test_settings_may_change_between_steps():
    net, updater = at_once("sgd", range(1), {})
    before = net.params.asnumpy()
    updater.optimizer.rescale_grad = 0.0
    updater.step()
    assert np.array_equal(net.params.asnumpy(), before)
    updater.optimizer.rescale_grad = 1.0
    updater.optimizer.set_learning_rate(0.0)
    updater.step()
    assert np.array_equal(net.params.asnumpy(), before)
    updater.optimizer.set_learning_rate(0.5)
    updater.step()
    assert not np.array_equal(net.params.asnumpy(), before)


def test_padding_stays_as_it_is():
    net = Net(padding=3)
    net.params[:] = 0.0
    net.grads[:] = 0.0
    for each in net.views(net.grads).values():
        each[:] = 1.0
    FlatUpdater(optimizer.create("adam", **COMMON), net.layout, net.params, net.grads).step()
    used = np.zeros(net.params.size, bool)
    for _, _, at, size, _ in net.layout:
        used[at : at + size] = True
    assert (net.params.asnumpy()[~used] == 0).all()
    assert (net.params.asnumpy()[used] != 0).all()


TRAINERS = {"flat": at_once, "single": one_by_one}


@pytest.mark.parametrize("second", TRAINERS)
@pytest.mark.parametrize("first", TRAINERS)
@pytest.mark.parametrize("kind", KINDS)
def test_states_go_from_one_to_the_other(kind, first, second):
    settings = {"wd": 0.05}
    straight, _ = one_by_one(kind, range(6), settings)
    net, before = TRAINERS[first](kind, range(3), settings)
    blob = before.get_states(dump_optimizer=True)
    fresh = made(kind)
    after = FlatUpdater(fresh, net.layout, net.params, net.grads) if second == "flat" else optimizer.get_updater(fresh)
    after.set_states(blob)
    assert after.optimizer.num_update == 3
    TRAINERS[second](kind, range(3, 6), settings, net, after)
    assert np.allclose(net.params.asnumpy(), straight.params.asnumpy(), rtol=2e-6, atol=1e-7)


def test_states_saved_without_shapes_fit_weights_too():
    net = Net()
    plain, _ = layout(shapes=False)
    updater = FlatUpdater(made("adam"), plain, net.params, net.grads)
    at_once("adam", range(2), {}, net, updater)
    single = optimizer.get_updater(made("adam"))
    single.set_states(updater.get_states())
    one_by_one("adam", range(2, 4), {}, net, single)
    straight, _ = one_by_one("adam", range(4), {})
    assert np.allclose(net.params.asnumpy(), straight.params.asnumpy(), rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize(("kind", "names"), [("sgd", []), ("sgd momentum", ["momentum"]), ("adam", ["mean", "var"])])
def test_state_arrays_are_the_states_themselves(kind, names):
    net, updater = at_once(kind, range(2), {})
    kept = updater.state_arrays()
    assert list(kept) == names
    assert all(each.shape == net.params.shape for each in kept.values())
    copies = {name: each.copy() for name, each in kept.items()}
    params, counters = net.params.copy(), updater.optimizer.counters()
    at_once(kind, range(2, 4), {}, net, updater)
    end = net.params.asnumpy()
    net.params[:] = params
    updater.optimizer.load_counters(counters)
    for name, each in kept.items():
        each[:] = copies[name]
    at_once(kind, range(2, 4), {}, net, updater)
    assert np.array_equal(net.params.asnumpy(), end)


class Mine(optimizer.SGD):
    pass


def build(kind="sgd", **change):
    net = Net()
    given = {"optimizer": made(kind), "layout": net.layout, "flat_params": net.params, "flat_grads": net.grads}
    return FlatUpdater(**(given | change))


def moved(at, **change):
    places, _ = layout()
    fields = dict(zip(("index", "name", "offset", "size", "shape"), places[at], strict=True)) | change
    places[at] = tuple(fields.values())
    return places


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: build(optimizer=Mine()), NotImplementedError, r"Mine cannot update a flat buffer"),
        (lambda: build(optimizer=optimizer.create("nag")), NotImplementedError, r"NAG cannot update a flat buffer"),
        (
            lambda: build(flat_grads=mx.nd.zeros((3,))),
            ValueError,
            r"length and type; got \(26,\) float32 and \(3,\)",
        ),
        (lambda: build(layout=[]), ValueError, r"must begin at offset 0; got \[\]"),
        (lambda: build(layout=moved(1, offset=3)), ValueError, r"out_weight covers 0 to 6, beyond 3"),
        (lambda: build(layout=moved(3, size=4)), ValueError, r"fc_bias covers 23 to 27, beyond 26"),
        (lambda: build(layout=moved(2, shape=(5, 5))), ValueError, r"fc_weight has 12 elements, not those of \(5, 5\)"),
        (lambda: build(layout=moved(2, index=1)), ValueError, r"must differ"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_only_exact_classes_support_flat():
    assert optimizer.create("sgd").supports_flat
    assert not Mine().supports_flat
    assert not optimizer.create("nag").supports_flat


def test_states_of_others_are_refused_and_change_nothing():
    net, updater = at_once("adam", range(2), {})
    before = updater.get_states()
    _, other = at_once("sgd momentum", range(1), {})
    with pytest.raises(ValueError, match=r"out_weight needs 2 state arrays of 6 elements; got arrays of \[6\]"):
        updater.set_states(other.get_states())
    alone = optimizer.get_updater(made("adam"))
    alone(0, net.weights[0], net.weights[0].copy())
    with pytest.raises(ValueError, match=r"the states are of 1 parameters"):
        updater.set_states(alone.get_states())
    assert updater.get_states() == before
