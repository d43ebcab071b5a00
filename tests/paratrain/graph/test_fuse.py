"""Joined groups: which operators become one, and that results stay the same."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.graph import passes

SHAPE = (2, 4, 6, 5)


def conv(net: Any, name: str, **attrs: Any) -> Any:
    return mx.sym.Convolution(net, kernel=(3, 3), pad=(1, 1), num_filter=4, name=name, **attrs)


def norm(net: Any, name: str, **attrs: Any) -> Any:
    return mx.sym.BatchNorm(net, name=name, eps=1e-3, **attrs)


def relu(net: Any) -> Any:
    return mx.sym.Activation(net, act_type="relu")


DATA = mx.sym.Variable("data")


def residual() -> Any:
    first = relu(norm(conv(DATA, "a"), "an", fix_gamma=False))
    return relu(norm(conv(first, "b", no_bias=True), "bn") + DATA)


def shortcut_with_norm() -> Any:
    return relu(norm(conv(DATA, "a"), "an", fix_gamma=False) + norm(conv(DATA, "b"), "bn", fix_gamma=False))


def pooled_and_read() -> Any:
    """Max pooling of an activation that is a result, too."""
    act = mx.sym.Activation(conv(DATA, "a"), act_type="tanh")
    return mx.sym.Group([mx.sym.Pooling(act, kernel=(2, 2), pool_type="max"), act])


#: name: network, operators of the program for training (forward and backward) and without.
CASES: dict[str, tuple[Any, list[str], list[str]]] = {
    "norm relu": (
        relu(norm(conv(DATA, "a"), "an")),
        ["_BatchNormBound", "_backward_BatchNormBound"],
        ["_ConvolutionAct"],
    ),
    "norm clip": (
        mx.sym.clip(norm(conv(DATA, "a"), "an", fix_gamma=False), a_min=0, a_max=0.5),
        ["_BatchNormBound", "_backward_BatchNormBound"],
        ["_ConvolutionAct"],
    ),
    "residual": (residual(), ["_BatchNormBound", "_backward_BatchNormBound"], ["_ConvolutionAct"]),
    "two norms": (
        shortcut_with_norm(),
        ["BatchNorm", "_BatchNormBound", "_backward_BatchNorm", "_backward_BatchNormBound"],
        ["Convolution", "_ConvolutionAct"],
    ),
    "conv tanh": (
        mx.sym.Activation(conv(DATA, "a"), act_type="tanh"),
        ["_ConvolutionAct", "_backward_tanh"],
        ["_ConvolutionAct"],
    ),
    "pooled tanh": (
        mx.sym.Pooling(mx.sym.Activation(conv(DATA, "a"), act_type="tanh"), kernel=(2, 2), pool_type="max"),
        ["Activation", "_backward_tanh"],
        ["Activation"],
    ),
    "pooled tanh that is read": (
        pooled_and_read(),
        ["_ConvolutionAct", "_backward_tanh"],
        ["_ConvolutionAct"],
    ),
    "pooled norm": (
        mx.sym.Pooling(relu(norm(conv(DATA, "a"), "an")), kernel=(2, 2), pool_type="max"),
        ["_BatchNormBound", "_backward_BatchNormBound"],
        ["_ConvolutionAct"],
    ),
    "statistics are read": (
        mx.sym.Group([relu(norm(conv(DATA, "a"), "an", output_mean_var=True)[0]), DATA]),
        ["_BatchNormBound", "_backward_BatchNormBound"],
        ["_ConvolutionAct"],
    ),
    "dense relu": (
        relu(mx.sym.FullyConnected(DATA, num_hidden=3, name="a")),
        ["_FullyConnectedAct", "_backward_relu"],
        ["_FullyConnectedAct"],
    ),
    "dense sigmoid": (
        mx.sym.sigmoid(mx.sym.FullyConnected(DATA, num_hidden=3, no_bias=True, name="a")),
        ["_FullyConnectedAct", "_backward_sigmoid"],
        ["_FullyConnectedAct"],
    ),
    "norm of a dense layer": (
        norm(mx.sym.FullyConnected(DATA, num_hidden=3, name="a"), "an", fix_gamma=False),
        ["BatchNorm", "FullyConnected", "_backward_BatchNorm"],
        ["FullyConnected"],
    ),
    "somebody else reads the norm": (
        mx.sym.Group([(lambda n: relu(n) * n)(norm(conv(DATA, "a"), "an"))]),
        ["Activation", "BatchNorm", "_backward_BatchNorm", "_backward_relu"],
        ["Activation", "Convolution"],
    ),
    "the norm is a result": (
        (lambda n: mx.sym.Group([relu(n), n]))(norm(conv(DATA, "a"), "an")),
        ["Activation", "BatchNorm", "_backward_BatchNorm", "_backward_relu"],
        ["Activation", "Convolution"],
    ),
}
INTERESTING = (
    "Norm",
    "_ConvolutionAct",
    "Activation",
    "relu",
    "tanh",
    "sigmoid",
    "clip",
    "FullyConnected",
    "elemwise_add",
)


def bound(net: Any) -> Any:
    executor = net.simple_bind(mx.cpu(), grad_req="write", data=SHAPE)
    rng = np.random.default_rng(0)
    for table in (executor.arg_dict, executor.aux_dict):
        for name, array in table.items():
            array[:] = (
                rng.uniform(0.5, 1.5, array.shape) if name.endswith(("var", "gamma")) else rng.normal(size=array.shape)
            )
    return executor


def results(net: Any, off: list[str]) -> list[np.ndarray]:
    """Outputs without and with training, gradients and moving statistics after two steps, without the passes `off`."""
    with passes.disabled(*off) if off else nullcontext():
        executor = bound(net)
        heads = [mx.nd.array(np.random.default_rng(1).normal(size=o.shape)) for o in executor.outputs]
        out = [o.asnumpy() for o in executor.forward(False)]
        for _ in range(2):
            out += [o.asnumpy() for o in executor.forward(True)]
            executor.backward(heads)
    grads = [g.asnumpy() for g in executor.grad_dict.values() if g is not None]
    return out + grads + [a.asnumpy() for a in executor.aux_dict.values()]


@pytest.mark.parametrize("case", CASES)
@passes.disabled("chains")  # whose members are no steps of their own
def test_joined_operators(case: str) -> None:
    net, training, inference = CASES[case]
    executor = bound(net)
    for train, wanted in ((True, training), (False, inference)):
        steps = executor._program(train).lowered.steps
        ops = {s.op for s in steps if not s.constant and any(word in s.op for word in INTERESTING)}
        ops -= {"_backward_FullyConnected_data", "_backward_FullyConnected_weight"}
        assert ops - {"Convolution", "elemwise_add"} == set(wanted) - {"Convolution", "elemwise_add"}


@pytest.mark.parametrize("case", CASES)
def test_results_stay(case: str) -> None:
    net = CASES[case][0]
    for a, b in zip(results(net, []), results(net, list(passes.ORDER)), strict=True):
        np.testing.assert_allclose(a, b, 2e-4, 2e-5)


def test_a_pooled_activation_and_its_gradient_are_small() -> None:
    steps = bound(CASES["pooled tanh"][0])._program(True).lowered.steps
    shapes = {s.op: s.outs[0].desc[0] for s in steps}
    assert shapes["Activation"] == shapes["_backward_tanh"] == shapes["Pooling"] != shapes["Convolution"]


class _Watched:
    """A program that notes where its runs begin, and fails when told."""

    def __init__(self, program: Any) -> None:
        self.program, self.begins, self.fails = program, [], False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.program, name)

    def run(self, first: int, *others: Any) -> None:
        self.begins.append(first)
        if self.fails:
            raise RuntimeError("a kernel failed")
        self.program.run(first, *others)


def watched_program() -> tuple[Any, _Watched, int]:
    """An executor that has run once without training, its program, and the number of steps of the prologue."""
    executor = bound(residual())
    executor.forward(False)
    compiled = executor._program(False)
    compiled.program = watched = _Watched(compiled.program)
    return executor, watched, compiled.num_prologue


def test_the_prologue_runs_again_after_a_run_that_failed() -> None:
    executor, watched, behind = watched_program()
    executor.forward(False)
    executor.arg_dict["a_weight"][:] = 0.3
    watched.fails = True
    with pytest.raises(RuntimeError, match="a kernel failed"):
        executor.forward(False)
    watched.fails = False
    executor.forward(False)
    executor.forward(False)
    assert watched.begins == [behind, 0, 0, behind]


def test_changed_parameters_are_seen() -> None:
    """The part of a program that follows from parameters only runs again when one has changed, however that came."""
    net = residual()
    executor = bound(net)
    executor.forward(False)
    assert executor._program(False).num_prologue > 0

    def fresh() -> np.ndarray:
        with passes.disabled():
            other = bound(net)
        other.copy_params_from({n: a for n, a in executor.arg_dict.items()}, executor.aux_dict)
        return other.forward(False)[0].asnumpy()

    changes = {
        "assignment": lambda: executor.arg_dict["a_weight"].__setitem__(slice(None), 0.3),
        "operator": lambda: mx.nd.sgd_update(
            executor.arg_dict["bn_beta"], mx.nd.ones((4,)), out=executor.arg_dict["bn_beta"], lr=0.5
        ),
        "in place": lambda: executor.aux_dict["an_moving_var"].__iadd__(1.0),
        "copy": lambda: mx.nd.ones((4,)).copyto(executor.aux_dict["bn_moving_mean"]),
        "training": lambda: executor.forward(True),
        "slice": lambda: executor.arg_dict["an_gamma"][1:3].__setitem__(slice(None), 2.0),
        "memory": lambda: np.frombuffer(memoryview(executor.arg_dict["a_bias"].storage), np.float32).fill(0.7),
    }
    for how, change in changes.items():
        before = executor.forward(False)[0].asnumpy()
        change()
        after = executor.forward(False)[0].asnumpy()
        assert not np.array_equal(before, after), how
        np.testing.assert_allclose(after, fresh(), 2e-4, 2e-5)


def test_what_is_lent_counts_as_changed() -> None:
    executor, watched, behind = watched_program()
    lent = np.frombuffer(memoryview(executor.arg_dict["a_bias"].storage), np.float32)
    executor.forward(False)
    executor.forward(False)
    del lent
    executor.forward(False)
    executor.forward(False)
    assert watched.begins == [0, 0, 0, behind]
