"""autograd: scopes, gradients, grad_req, retained and freed tapes, higher orders, Function."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain import autograd


def leaf(values: Any, req: str = "write") -> mx.nd.NDArray:
    x = mx.nd.array(values)
    x.attach_grad(req)
    return x


def test_scopes() -> None:
    assert not autograd.is_recording()
    with autograd.record():
        assert (autograd.is_recording(), autograd.is_training()) == (True, True)
        with autograd.pause():
            assert (autograd.is_recording(), autograd.is_training()) == (False, False)
        with autograd.predict_mode():
            assert (autograd.is_recording(), autograd.is_training()) == (True, False)
    with autograd.record(train_mode=False), autograd.train_mode():
        assert autograd.is_training()
    assert (autograd.is_recording(), autograd.is_training()) == (False, False)


def test_scope_ends_when_its_body_raises() -> None:
    with pytest.raises(KeyError), autograd.record():
        raise KeyError
    assert not autograd.is_recording()


def test_gradient_of_a_composition() -> None:
    x = leaf([0.5, 1.0, 2.0])
    with autograd.record():
        y = mx.nd.exp(x * 2) / x
    y.backward()
    v = np.array([0.5, 1.0, 2.0])
    np.testing.assert_allclose(x.grad.asnumpy(), np.exp(2 * v) * (2 * v - 1) / v**2, 1e-5)


def test_write_add_null() -> None:
    write, add, null = leaf([1.0]), leaf([1.0], "add"), leaf([1.0], "null")
    for _ in range(3):
        with autograd.record():
            y = write * 2 + add * 3 + null * 4
        y.backward()
    assert (write.grad.asscalar(), add.grad.asscalar(), null.grad) == (2.0, 9.0, None)


def test_array_used_twice_and_head_gradient() -> None:
    x = leaf([1.0, 2.0])
    with autograd.record():
        y = x * x + x
    y.backward(mx.nd.array([10.0, 100.0]))
    np.testing.assert_allclose(x.grad.asnumpy(), [30.0, 500.0])


def test_several_heads() -> None:
    x = leaf([3.0])
    with autograd.record():
        a, b = x * 2, x * x
    autograd.backward([a, b], [None, mx.nd.array([0.5])])
    assert x.grad.asscalar() == 2 + 3


def test_pause_and_detach_cut_the_tape() -> None:
    x = leaf([2.0])
    with autograd.record():
        y = x * 3
        with autograd.pause():
            z = y * y
        out = y * z + y.detach() * x
    out.backward()
    assert x.grad.asscalar() == 3 * 36 + 6


def test_backward_frees_the_tape_unless_retained() -> None:
    x = leaf([2.0])
    with autograd.record():
        y = x * x
    y.backward(retain_graph=True)
    y.backward()
    with pytest.raises(ValueError, match="freed by an earlier backward; pass retain_graph=True"):
        y.backward()


def test_grad_returns_new_arrays_and_leaves_buffers() -> None:
    x, w = leaf([2.0]), leaf([5.0])
    with autograd.record():
        y = x * x * w
    dx, dw = autograd.grad(y, [x, w])
    assert (dx.asscalar(), dw.asscalar(), x.grad.asscalar()) == (20.0, 4.0, 0.0)


@pytest.mark.parametrize(
    ("f", "second"),
    [
        (lambda x: x * x * x, lambda v: 6 * v),
        (mx.nd.exp, np.exp),
        (mx.nd.log, lambda v: -1 / v**2),
        (mx.nd.tanh, lambda v: -2 * np.tanh(v) * (1 - np.tanh(v) ** 2)),
        (mx.nd.sigmoid, lambda v: np.exp(-v) * (np.exp(-v) - 1) / (1 + np.exp(-v)) ** 3),
        (mx.nd.sin, lambda v: -np.sin(v)),
        (lambda x: 1 / x, lambda v: 2 / v**3),
    ],
)
def test_second_derivative(f: Any, second: Any) -> None:
    v = np.array([0.3, 1.1, 2.2])
    x = leaf(v)
    with autograd.record():
        dx = autograd.grad(f(x), x, create_graph=True)
    dx.backward()
    np.testing.assert_allclose(x.grad.asnumpy(), second(v), 1e-4, 1e-5)


def test_mark_variables() -> None:
    x, g = mx.nd.array([4.0]), mx.nd.zeros((1,))
    autograd.mark_variables(x, g)
    with autograd.record():
        y = x * x
    y.backward()
    assert g.asscalar() == 8.0


def test_function_with_its_own_gradient() -> None:
    class Clamp(autograd.Function):
        def forward(self, x: Any, y: Any) -> Any:
            self.save_for_backward(x)
            return mx.nd.clip(x, 0, 1), y * 2

        def backward(self, da: Any, db: Any) -> Any:
            (x,) = self.saved_tensors
            return da * 10 + x * 0, db * 100

    x, y = leaf([0.5, 3.0]), leaf([1.0, 1.0])
    with autograd.record():
        a, b = Clamp()(x, y)
        out = a * 2 + b
    out.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), [20.0, 20.0])
    np.testing.assert_array_equal(y.grad.asnumpy(), [100.0, 100.0])
    with autograd.record():
        a, _ = Clamp()(x, y)
    a.backward()  # no gradient arrives at the second output: it is zero
    np.testing.assert_array_equal(y.grad.asnumpy(), [0.0, 0.0])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: x.backward(), "needs|computed inside"),
        (lambda x: mx.nd.ones((2,)).backward(), "not computed inside autograd.record"),
        (lambda x: autograd.grad(x, mx.nd.ones((1,))), "attach_grad"),
        (lambda x: autograd.mark_variables([x], []), "one gradient and grad_req for each"),
        (lambda x: autograd.backward([x], [None, None]), "1 heads and 2 head gradients"),
    ],
)
def test_bad_calls(call: Any, text: str) -> None:
    x = leaf([1.0])
    if "needs" in text:
        x.backward()  # a variable is its own head: allowed, gradient one
        assert x.grad.asscalar() == 1.0
        return
    with pytest.raises(ValueError, match=text):
        call(x)


def test_recorded_arrays_cannot_be_changed_in_place() -> None:
    x = leaf([1.0, 2.0])
    with autograd.record():
        y = x * 2
        with pytest.raises(ValueError, match="in place"):
            y += 1
        with pytest.raises(ValueError, match="assign"):
            y[:] = 0
        with pytest.raises(ValueError, match="recorded"):
            mx.nd.exp(x, out=y)


def test_the_tape_is_freed_without_the_garbage_collector() -> None:
    import gc

    gc.collect()
    gc.disable()
    try:
        before = mx.cpu().memory_usage()["used"]
        x = leaf(np.ones((1000, 100)))
        for _ in range(3):
            with autograd.record():
                y = mx.nd.tanh(x * 2).sum()
            del y
        del x
        assert mx.cpu().memory_usage()["used"] == before
    finally:
        gc.enable()


def test_constant_changed_in_place_is_recorded_with_its_old_values() -> None:
    a, b = mx.nd.array([2.0]), leaf([3.0])
    with autograd.record():
        a *= b
    a.backward()
    assert (a.asscalar(), b.grad.asscalar()) == (6.0, 2.0)


def test_gradients_returned_share_no_memory() -> None:
    x, y, head = leaf([1.0]), leaf([5.0]), mx.nd.ones((1,))
    with autograd.record():
        z = x + y.reshape((1,))
    dx, dy = autograd.grad(z, [x, y], head)
    dx[:] = 7
    assert (dy.asscalar(), head.asscalar()) == (1.0, 1.0)


class Product(autograd.Function):
    def forward(self, x: Any, y: Any) -> Any:
        self.save_for_backward(x, y)
        return x * y

    def backward(self, dz: Any) -> Any:
        x, y = self.saved_tensors
        return dz * y, dz * x


def test_function_object_is_recorded_once() -> None:
    x, product = leaf([2.0]), Product()
    product(x, x)  # not recorded, so nothing has to be kept
    with autograd.record():
        z = product(x, x)
        with pytest.raises(RuntimeError, match=r"\[Product\] a call of this object was recorded already"):
            product(x, x)
    z.backward()
    assert x.grad.asscalar() == 4.0


def test_function_must_return_a_gradient_for_each_input() -> None:
    class OnlyOne(Product):
        def backward(self, dz: Any) -> Any:
            return dz

    x = leaf([2.0])
    with autograd.record():
        z = OnlyOne()(x, x)
    with pytest.raises(ValueError, match=r"\[OnlyOne\] backward must return a gradient for each of 2 inputs; got 1"):
        z.backward()


def test_gradients_belong_to_the_mode_of_the_call() -> None:
    x = leaf([[1.0], [2.0], [4.0]])
    state = {"gamma": 3.0, "beta": 0.0, "moving_mean": 0.0, "moving_var": 4.0}
    arrays = [mx.nd.array([v]) for v in state.values()]
    with autograd.record(train_mode=False):
        y = mx.nd.BatchNorm(x, *arrays, fix_gamma=False, eps=0.0)
    y.backward()
    np.testing.assert_allclose(x.grad.asnumpy(), np.full((3, 1), 1.5), 1e-5)  # gamma / sqrt(moving_var)


def test_gradient_buffer_outlives_its_variable() -> None:
    x, grad = mx.nd.array([3.0]), mx.nd.zeros((1,))
    autograd.mark_variables(x, grad)
    with autograd.record():
        y = x * x
    del x
    y.backward()
    assert grad.asscalar() == 6.0


def test_attach_grad_again_forgets_what_was_recorded() -> None:
    x = leaf([3.0])
    with autograd.record():
        y = x * x
    x.attach_grad()
    y.backward(retain_graph=True)
    assert x.grad.asscalar() == 0.0
    assert autograd.grad(y, x).asscalar() == 0.0


def test_add_sums_over_several_backward_calls_and_write_does_not() -> None:
    x, y = leaf([1.0, 2.0], "add"), leaf([3.0, 4.0])
    for _ in range(3):
        with autograd.record():
            z = x * y
        z.backward()
    assert x.grad.asnumpy().tolist() == [9, 12]
    assert y.grad.asnumpy().tolist() == [1, 2]
    x.grad[:] = 0
    with autograd.record():
        z = x * x
    z.backward(retain_graph=True)
    z.backward(mx.nd.array([1.0, 10.0]))
    assert x.grad.asnumpy().tolist() == [4, 44]


def test_third_derivative() -> None:
    x = leaf([0.5, 2.0])
    with autograd.record():
        y = x * x * x * x
        for _ in range(2):
            (y,) = autograd.grad(y, [x], create_graph=True)
    y.backward()
    np.testing.assert_allclose(x.grad.asnumpy(), 24 * np.array([0.5, 2.0]))


def test_errors_name_the_operator_and_the_line_that_recorded_it() -> None:
    x = leaf([[1.0, 2.0], [3.0, 5.0]])
    with autograd.record():
        y = mx.nd.BilinearSampler(x.reshape((1, 1, 2, 2)), mx.nd.zeros((1, 2, 2, 2)))
        (first,) = autograd.grad(y, [x], create_graph=True)
    line = autograd.grad.__code__.co_firstlineno  # of a file of ours: must not be the one that is named
    with pytest.raises(NotImplementedError, match=r"_backward_BilinearSampler.*test_autograd.py:\d+") as caught:
        first.backward()
    assert f"autograd.py:{line}" not in str(caught.value).replace("test_autograd.py", "")
    with autograd.record():
        z = mx.nd.exp(x)
    z.backward()
    with pytest.raises(ValueError, match=r"record of exp \(.*test_autograd.py:\d+\) was freed"):
        z.backward()


def test_errors_of_a_function_name_the_line_of_its_call() -> None:
    class Wrong(autograd.Function):
        def forward(self, x: Any) -> Any:
            return x * 1

        def backward(self, dy: Any) -> Any:
            raise ValueError("no way back")

    x = leaf([1.0])
    with autograd.record():
        y = Wrong()(x)
    with pytest.raises(ValueError, match=r"no way back \(gradient of Wrong, recorded at .*test_autograd.py:\d+\)"):
        y.backward()


def test_get_symbol() -> None:
    x, w = leaf([[1.0, 2.0]]), leaf([[3.0, 4.0], [5.0, 6.0]])
    shift = mx.nd.array([10.0, 20.0])
    with autograd.record():
        h = mx.nd.FullyConnected(x, w, no_bias=True, num_hidden=2)
        parts = mx.nd.split(mx.nd.tanh(h / 50) + x + shift, num_outputs=2)
        y = parts[1] * 2
    network = autograd.get_symbol(y)
    names = network.list_arguments()
    assert names == ["var0", "var1", "var2"]
    bound = network.bind(mx.cpu(), dict(zip(names, (x, w, shift))))
    np.testing.assert_allclose(bound.forward()[0].asnumpy(), y.asnumpy(), rtol=1e-6)
    with pytest.raises(ValueError, match=r"\[autograd.get_symbol\] the array was not computed"):
        autograd.get_symbol(x)
    with autograd.record():
        z = Product()(x, x)
    with pytest.raises(ValueError, match=r"Product \(.*\) is no operator"):
        autograd.get_symbol(z)


def test_scopes_may_be_entered_again() -> None:
    scope = autograd.record(train_mode=False)
    with scope, autograd.train_mode(), scope:
        assert autograd.is_recording()
        assert not autograd.is_training()
    assert not autograd.is_recording()
    assert not autograd.set_recording(True)
    assert autograd.set_recording(False)
    assert not autograd.set_training(True)
    assert autograd.set_training(False)


def test_what_a_gradient_does_not_read_is_not_kept() -> None:
    from paratrain.ext import engine

    x = leaf(np.zeros((256, 1024)))
    size = 4 * x.size
    with autograd.record():
        y = x + 1
        before = engine.pool_usage()["used"]
        for _ in range(20):
            y = (y + 1) - x
        assert engine.pool_usage()["used"] - before <= size
        for _ in range(5):
            y = mx.nd.sin(y)
        assert engine.pool_usage()["used"] - before >= 5 * size
    y.backward()


def test_long_chains_are_freed_without_recursion() -> None:
    x = leaf([1.0])
    with autograd.record():
        y = x
        for _ in range(100000):
            y = y + 1
    del y
    with autograd.record():
        y = x
        for _ in range(20000):
            y = y + 1
    y.backward()
    assert x.grad.asscalar() == 1


def test_modes_belong_to_their_thread() -> None:
    seen: list[bool] = []
    with autograd.record():
        worker = threading.Thread(target=lambda: seen.extend([autograd.is_recording(), autograd.is_training()]))
        worker.start()
        worker.join()
    assert seen == [False, False]


@pytest.mark.parametrize("count", [2, 70])
def test_gradients_on_several_contexts(count: int) -> None:
    for ctx in (mx.cpu(0), mx.cpu(1), mx.cpu(0)):
        xs = [mx.nd.ones((2, 1), ctx=ctx) for _ in range(count)]
        for x in xs:
            x.attach_grad()
        with autograd.record():
            y = mx.nd.concat(*xs, dim=1) * mx.nd.ones((1, count), ctx=ctx)
            z = y + mx.nd.ones((1, count), ctx=ctx)
        z.backward()
        assert all(x.grad.context == ctx and x.grad.asnumpy().tolist() == [[1], [1]] for x in xs)
