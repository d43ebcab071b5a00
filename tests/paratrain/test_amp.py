"""Mixed precision: where casts go, types that follow, training that reaches the same loss, loss scaling, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain.amp.policy import make_policy
from paratrain.graph.ir import topological
from paratrain.ops.registry import OPS
from paratrain.optimizer.states import dumps

Symbol = mx.sym.Symbol


@pytest.fixture(autouse=True)
def _float32_afterwards() -> Iterator[None]:
    yield
    mx.amp.reset()


def convnet() -> Symbol:
    x = mx.sym.Convolution(mx.sym.Variable("data"), num_filter=8, kernel=(3, 3), pad=(1, 1), name="c1")
    x = mx.sym.Activation(mx.sym.BatchNorm(x, fix_gamma=False, name="bn"), act_type="relu", name="r1")
    y = mx.sym.Convolution(x, num_filter=8, kernel=(3, 3), pad=(1, 1), no_bias=True, name="c2")
    x = mx.sym.Pooling(x + y, kernel=(2, 2), stride=(2, 2), pool_type="max", name="p")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(x, num_hidden=3, name="fc"), name="softmax")


def mlp() -> Symbol:
    x = mx.sym.Activation(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=32, name="f1"), act_type="tanh")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(x, num_hidden=3, name="f2"), name="softmax")


def casts(symbol: Symbol) -> list[str]:
    """``name of the input -> type`` of every cast."""
    nodes = [n for n in topological(symbol._entries) if n.op is not None]
    singles = [f"{n.inputs[0].node.name} -> {n.attrs['dtype']}" for n in nodes if n.op.name == "amp_cast"]
    several = [
        f"{', '.join(e.node.name for e in n.inputs)} -> widest" for n in nodes if n.op.name == "amp_multicast"
    ]  # fmt: skip
    return singles + several


# -- where casts go ---------------------------------------------------------------------------------------------------


def test_casts_of_a_network() -> None:
    low = mx.amp.convert_symbol(convnet(), "bfloat16")
    weights = [f"{n} -> bfloat16" for n in ("data", "c1_weight", "c1_bias", "c2_weight", "fc_weight", "fc_bias")]
    assert casts(low) == [*weights, "fc -> float32"]
    assert low.list_arguments() == convnet().list_arguments()
    assert low.list_outputs() == convnet().list_outputs()
    args, outs, aux = low.infer_type(data="float32")
    assert set(args + outs + aux) == {np.float32}


V = mx.sym.Variable
ROWS: list[tuple[str, Any, list[str]]] = [
    ("float32", lambda x: mx.sym.exp(mx.sym.dot(x, V("w"), name="d")), ["x -> b", "w -> b", "d -> float32"]),
    ("any", lambda x: mx.sym.relu(mx.sym.dot(x, V("w"))), ["x -> b", "w -> b"]),
    ("widest of two", lambda x: mx.sym.dot(x, V("w"), name="d") + V("c"), ["x -> b", "w -> b", "d, c -> widest"]),
    ("both low", lambda x: mx.sym.dot(x, V("w")) + mx.sym.dot(x, V("v")), ["x -> b", "w -> b", "v -> b"]),
    ("one cast for two", lambda x: mx.sym.dot(x, x), ["x -> b"]),
    ("nothing low", lambda x: mx.sym.softmax(x + 1), []),
    ("only with a parameter", lambda x: mx.sym.Activation(mx.sym.dot(x, V("w"), name="d"), act_type="softrelu"),
        ["x -> b", "w -> b", "d -> float32"]),
    ("slope stays float32", lambda x: mx.sym.LeakyReLU(mx.sym.dot(x, V("w"), name="d"), V("g"), act_type="prelu"),
        ["x -> b", "w -> b", "d -> float32"]),
    ("integers", lambda x: mx.sym.FullyConnected(mx.sym.Embedding(x, input_dim=5, output_dim=4, name="e"),
        num_hidden=2, no_bias=True, name="f"), ["e -> b", "f_weight -> b"]),
    ("low to low", lambda x: mx.sym.dot(mx.sym.relu(mx.sym.dot(x, V("w"))), V("v")), ["x -> b", "w -> b", "v -> b"]),
]  # fmt: skip


@pytest.mark.parametrize(("build", "want"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_casts(build: Any, want: list[str]) -> None:
    assert casts(mx.amp.convert_symbol(build(V("x")), "bfloat16")) == [w.replace("-> b", "-> bfloat16") for w in want]


def test_lists_of_ones_own() -> None:
    net = mx.sym.exp(mx.sym.dot(V("x"), V("w"), name="d"), name="e")
    assert casts(mx.amp.convert_symbol(net, "float16", target_dtype_ops=["exp"])) == ["d -> float16"]
    assert casts(mx.amp.convert_symbol(net, "float16", fp32_ops=["dot"])) == []
    assert casts(mx.amp.convert_symbol(net, "float16", excluded_sym_names=["d"])) == []
    low = mx.amp.convert_symbol(net, "float16", fp32_ops=[], conditional_fp32_ops=[("dot", "transpose_a", ["True"])],
        target_dtype_ops=["FullyConnected"])  # fmt: skip
    assert casts(low) == []


def test_every_operator_has_one_kind() -> None:
    for dtype in ("bfloat16", "float16"):
        policy = make_policy("test", dtype)
        assert not policy.low & policy.float32
        named = set().union(
            mx.amp.list_lp16_ops(dtype),
            mx.amp.list_fp32_ops(dtype),
            mx.amp.list_lp16_fp32_ops(dtype),
            mx.amp.list_widest_type_cast(dtype),
        )
        assert {o.name for o in OPS.values() if not o.name.startswith("_backward")} == named
    assert ("Activation", "act_type", ["softrelu"]) in mx.amp.list_conditional_fp32_ops("float16")


# -- models -----------------------------------------------------------------------------------------------------------


def bound(symbol: Symbol, seed: int = 0, **shapes: tuple[int, ...]) -> Any:
    executor = symbol.simple_bind(mx.cpu(), **shapes)
    rng = np.random.default_rng(seed)
    for name, array in executor.arg_dict.items():
        label = name == "softmax_label"
        array[:] = rng.integers(0, 3, array.shape) if label else rng.standard_normal(array.shape) * 0.3
    return executor


def test_convert_model_for_inference() -> None:
    executor = bound(convnet(), data=(2, 3, 8, 8))
    args = {n: a for n, a in executor.arg_dict.items() if n not in ("data", "softmax_label")}
    net, low_args, low_aux = mx.amp.convert_model(
        convnet(), args, executor.aux_dict, "bfloat16", cast_optional_params=True
    )
    low = {n for n, a in low_args.items() if a.dtype_str == "bfloat16"}
    assert low == {"c1_weight", "c1_bias", "c2_weight", "fc_weight", "fc_bias"}
    assert all(a.dtype_str == "float32" for a in (*args.values(), *low_aux.values()))
    values = {**low_args, "data": executor.arg_dict["data"], "softmax_label": executor.arg_dict["softmax_label"]}
    got = net.bind(mx.cpu(), values, grad_req="null", aux_states=low_aux).forward()[0].asnumpy()
    np.testing.assert_allclose(got, executor.forward()[0].asnumpy(), atol=0.03)


def test_a_saved_network_is_the_one_that_was_converted() -> None:
    low = mx.amp.convert_symbol(mlp(), "bfloat16")
    assert casts(mx.sym.load_json(low.tojson())) == []
    assert casts(mx.sym.load_json(low.tojson(remove_amp_cast=False))) == casts(low)


def test_gradients_are_float32_and_near() -> None:
    results = []
    for symbol in (convnet(), mx.amp.convert_symbol(convnet(), "bfloat16")):
        executor = bound(symbol, data=(16, 3, 8, 8))
        executor.forward_backward()
        assert {g.dtype_str for g in executor.grad_dict.values()} == {"float32"}
        assert executor.flat_grads is not None  # parameters lie in one array: one pass of the optimizer
        results.append({n: g.asnumpy() for n, g in executor.grad_dict.items()})
    for name, want in results[0].items():
        if name != "c1_bias":  # zero but for rounding: batch normalisation follows
            error = np.linalg.norm(results[1][name] - want) / (np.linalg.norm(want) + 1e-6)
            assert error < 0.12, name


# -- training ---------------------------------------------------------------------------------------------------------


def problem(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Three classes that differ by a pattern."""
    rng = np.random.default_rng(5)
    patterns = rng.standard_normal((3, *shape)).astype("float32")
    labels = rng.integers(0, 3, 240)
    return (patterns[labels] + rng.standard_normal((240, *shape)) * 1.5).astype("float32"), labels.astype("float32")


def train(symbol: Symbol, shape: tuple[int, ...], epochs: int = 6) -> tuple[float, Any]:
    mx.random.seed(1)
    np.random.seed(1)
    data, labels = problem(shape)
    batches = mx.io.NDArrayIter(data, labels, batch_size=40)
    module = mx.mod.Module(symbol)
    module.fit(
        batches,
        num_epoch=epochs,
        optimizer_params={"learning_rate": 0.1, "momentum": 0.9},
        initializer=mx.init.Xavier(),
    )
    return float(module.score(batches, mx.metric.CrossEntropy())[0][1]), module


NETS = pytest.mark.parametrize(("net", "shape"), [(mlp, (20,)), (convnet, (3, 8, 8))], ids=["mlp", "convnet"])


@NETS
def test_bfloat16_reaches_the_same_loss(net: Any, shape: tuple[int, ...]) -> None:
    want, _ = train(net(), shape)
    converted, _ = train(mx.amp.convert_symbol(net(), "bfloat16"), shape)
    mx.amp.init("bfloat16")
    built, module = train(net(), shape)
    assert want < 0.5
    assert abs(converted - want) < 0.03
    assert abs(built - want) < 0.03
    assert module._optimizer.loss_scaler is None
    assert {a.dtype_str for a in module.get_params()[0].values()} == {"float32"}


@NETS
@pytest.mark.filterwarnings("ignore:.amp.init. there is no GPU")
def test_float16_with_loss_scaling_reaches_the_same_loss(net: Any, shape: tuple[int, ...]) -> None:
    want, _ = train(net(), shape)
    mx.amp.init("float16")
    got, module = train(net(), shape)
    scaler = module._optimizer.loss_scaler
    assert abs(got - want) < 0.03
    assert scaler.loss_scale >= 2**6
    assert scaler.steps > scaler.skipped  # of 36 steps a few, in which it finds the scale


@pytest.mark.filterwarnings("ignore:.amp.init. there is no GPU")
class TestScaling:
    """What a module does with its loss scaler."""

    def module(self, scaler: mx.amp.LossScaler, symbol: Symbol | None = None) -> Any:
        mx.amp.init("float16")
        module = mx.mod.Module(mlp() if symbol is None else symbol)
        module.bind([("data", (4, 20))], [("softmax_label", (4,))])
        mx.random.seed(2)
        module.init_params(mx.init.Xavier())
        optimizer = mx.optimizer.create("sgd", learning_rate=0.5, rescale_grad=0.25)
        optimizer.loss_scaler = scaler
        module.init_optimizer(optimizer=optimizer)
        return module

    def batch(self, factor: float = 1.0) -> mx.io.DataBatch:
        data, labels = problem((20,))
        return mx.io.DataBatch([mx.nd.array(data[:4] * factor)], [mx.nd.array(labels[:4])])

    def weights(self, module: Any) -> dict[str, np.ndarray]:
        return {n: a.asnumpy() for n, a in module.get_params()[0].items()}

    def step(self, module: Any, factor: float = 1.0) -> dict[str, np.ndarray]:
        module.forward_backward(self.batch(factor))
        module.update()
        return self.weights(module)

    def test_gradients_are_scaled_and_updates_are_not(self) -> None:
        updated = []
        for scale in (1.0, 256.0):
            module = self.module(mx.amp.LossScaler(init_scale=scale))
            module.forward_backward(self.batch())
            grad = module._exec_group.execs[0].grad_dict["f2_bias"].asnumpy()
            module.update()
            updated.append((grad / scale, self.weights(module)))
        np.testing.assert_allclose(updated[0][0], updated[1][0], 1e-3, 1e-5)
        for name, value in updated[0][1].items():
            np.testing.assert_allclose(updated[1][1][name], value, 5e-3, 1e-3)

    def test_a_step_that_overflows_is_left_out(self) -> None:
        scaler = mx.amp.LossScaler(init_scale=2.0**16, window=2)
        module = self.module(scaler)
        before = self.weights(module)
        after = self.step(module, factor=1e30)  # not a number of float16
        assert all(np.array_equal(after[n], before[n]) for n in before)
        assert (scaler.loss_scale, scaler.skipped) == (2.0**15, 1)
        moved = self.step(module)
        if scaler.skipped == 1:
            assert any(not np.array_equal(moved[n], before[n]) for n in before)
        assert module._optimizer.rescale_grad == 0.25

    def test_the_scale_is_part_of_the_optimizers_state(self) -> None:
        module = self.module(mx.amp.LossScaler(init_scale=512.0))
        self.step(module)
        saved = dumps(*module.optimizer_snapshot())
        other = self.module(mx.amp.LossScaler())
        other.load_optimizer_state_bytes(saved)
        assert other._optimizer.loss_scaler.state() == module._optimizer.loss_scaler.state()

    def test_heads_of_other_outputs_are_scaled(self) -> None:
        mx.amp.init("float16")
        executor = mx.sym.square(mx.sym.Variable("x")).simple_bind(mx.cpu(), x=(2,))
        executor.loss_scale[:] = 8
        executor.forward(is_train=True, x=[1.0, 2.0])
        executor.backward([mx.nd.array([1.0, 10.0])])
        np.testing.assert_array_equal(executor.grad_dict["x"].asnumpy(), [16, 320])


# -- arrays -----------------------------------------------------------------------------------------------------------


def test_arrays_are_cast_and_autograd_casts_back() -> None:
    mx.amp.init("bfloat16")
    x, w = mx.nd.array(np.ones((2, 3))), mx.nd.array(np.full((4, 3), 0.5))
    w.attach_grad()
    with mx.autograd.record():
        y = mx.nd.FullyConnected(x, w, num_hidden=4, no_bias=True)
        z = mx.nd.softmax(y)
        total = y + mx.nd.ones((2, 4))
        loss = (z * z).sum()
    assert [a.dtype_str for a in (y, z, total)] == ["bfloat16", "float32", "float32"]
    loss.backward()
    assert w.grad.dtype_str == "float32"
    double = mx.nd.ones((2, 3), dtype="float64")
    assert mx.nd.dot(double, double.T).dtype_str == "float64"
    mx.amp.reset()
    assert mx.nd.dot(x, w.T).dtype_str == "float32"


def test_networks_that_exist_stay_as_they_are() -> None:
    before = mlp()
    mx.amp.init("bfloat16")
    assert casts(before) == []
    assert len(casts(mlp())) == 6
    assert mx.contrib.amp.active_dtype() == "bfloat16"


# -- the scaler -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kwargs", "overflows", "scales"),
    [
        ({}, "x", [2.0**15]),
        ({"window": 2}, "....", [2.0**16, 2.0**17, 2.0**17, 2.0**18]),
        ({"window": 2}, ".x..", [2.0**16, 2.0**15, 2.0**15, 2.0**16]),
        ({"window": 1, "max_scale": 2.0**17}, "..", [2.0**17, 2.0**17]),
        ({"init_scale": 4.0, "factor": 4.0}, "x", [1.0]),
    ],
)
def test_scales(kwargs: dict[str, Any], overflows: str, scales: list[float]) -> None:
    scaler = mx.amp.LossScaler(**kwargs)
    got = []
    for overflow in overflows:
        scaler.update(overflow == "x")
        got.append(scaler.loss_scale)
    assert got == scales
    assert scaler.skipped == overflows.count("x")


def test_overflow_without_scaling_is_told() -> None:
    with pytest.warns(UserWarning, match="although the loss is not scaled: training diverges"):
        mx.amp.LossScaler(init_scale=1.0).update(True)


def test_overflow() -> None:
    scaler = mx.amp.LossScaler()
    fine, bad = mx.nd.ones((3,)), mx.nd.array([1, np.inf])
    assert not scaler.has_overflow([])
    assert not scaler.has_overflow([fine, fine])
    assert scaler.has_overflow([fine, bad])


def test_finite_goes_on_from_what_the_output_holds() -> None:
    total = mx.nd.zeros((1,))
    mx.nd.multi_all_finite(mx.nd.ones((2,)), num_arrays=1, init_output=False, out=total)
    assert total.asscalar() == 0
    mx.nd.all_finite(mx.nd.ones((2,)), out=total)
    assert total.asscalar() == 1


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kwargs", "error", "match"),
    [
        ({"target_dtype": "int8"}, ValueError, r"target_dtype must be one of \('bfloat16', 'float16'\); got 'int8'"),
        ({"target_dtype_ops": ["Convolutoin"]}, ValueError, "no operator 'Convolutoin'; did you mean Convolution"),
        ({"target_dtype_ops": "dot"}, TypeError, "target_dtype_ops must be a list of str; got 'dot'"),
        (
            {"target_dtype_ops": ["dot"], "fp32_ops": ["dot"]},
            ValueError,
            r"\['dot'\] are in target_dtype_ops and fp32_ops",
        ),
        ({"conditional_fp32_ops": [("Activation", "kind", ["relu"])]}, ValueError, "has no parameter 'kind'"),
        ({"excluded_sym_names": ["f9"]}, ValueError, "excluded_sym_names: nothing in the network is called 'f9'"),
        ({"data_names": ["x"]}, ValueError, "data_names: nothing in the network is called 'x'"),
    ],
)
def test_refused(kwargs: dict[str, Any], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        mx.amp.convert_symbol(mlp(), **kwargs)


def test_refused_models_and_scalers() -> None:
    with pytest.raises(TypeError, match="sym must be Symbol; got str"):
        mx.amp.convert_symbol("net")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="arg_params must be a dict; got list"):
        mx.amp.convert_model(mlp(), [], {})  # type: ignore[arg-type]
    for kwargs, match in (
        ({"init_scale": 0.5}, "init_scale must be in 1"),
        ({"factor": 1.0}, "factor must be above 1"),
        ({"window": 0}, "window must be at least 1 step"),
    ):
        with pytest.raises(ValueError, match=match):
            mx.amp.LossScaler(**kwargs)


def test_init_again() -> None:
    mx.amp.init("bfloat16")
    mx.amp.init("bfloat16")
    with pytest.raises(RuntimeError, match=r"chosen before, with other arguments; call amp.reset\(\) first"):
        mx.amp.init("bfloat16", fp32_ops=["dot"])


@pytest.mark.skipif(mx.num_gpus() > 0, reason="a GPU is at hand")
def test_float16_on_a_cpu_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="no GPU, and float16 is slow on a CPU"):
        mx.amp.init("float16")
