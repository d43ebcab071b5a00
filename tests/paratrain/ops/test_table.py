"""What follows from each row of the table of operators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from table import TOLERANCE, Refused, Row, Sample, arrays, collect, numpy_dtype, shape_of

import paratrain as mx
from paratrain.ext import engine
from paratrain.ndarray.invoke import F
from paratrain.ops.registry import OPS

ROWS = collect()
SAMPLES = [(r, s) for r in ROWS for s in r.samples]
REFUSED = [(r, e) for r in ROWS for e in r.refused]
#: Kernels that only compiled graphs use; each has a test of its own there.
GRAPH_KERNELS = {"chain", "reorder"}


def ids(pairs: list[tuple[Row, Any]]) -> list[str]:
    return [f"{r.op}-{getattr(s, 'match', s)}" for r, s in pairs]


def call(row: Row, values: list[np.ndarray], attrs: dict[str, Any], grads: tuple[int, ...] = ()) -> tuple[Any, Any]:
    """Visible outputs as a list, and the inputs as NDArrays."""
    ins = [mx.nd.array(v, dtype=v.dtype) for v in values]
    for i in grads:
        ins[i].attach_grad()
    with mx.autograd.record(train_mode=row.train) if grads or row.train else mx.autograd.pause():
        out = getattr(F, row.op)(*ins, **attrs)
    return list(out) if isinstance(out, (list, tuple)) else [out], ins


def expected(row: Row, values: list[np.ndarray], attrs: dict[str, Any]) -> list[np.ndarray]:
    assert row.reference is not None
    wide = [v.astype(np.float64) if v.dtype.kind not in "iub" else v for v in values]
    out = row.reference(*wide, **attrs)
    return [np.asarray(o) for o in (out if isinstance(out, tuple) else (out,))]


def check(row: Row, got: list[Any], want: list[np.ndarray], dtype: str) -> None:
    assert len(got) == len(want)
    for have, value in zip(got, want, strict=True):
        array = have.asnumpy()
        assert array.shape == value.shape
        if row.exact or array.dtype.kind in "iub":
            np.testing.assert_array_equal(array.astype(np.float64), value.astype(array.dtype).astype(np.float64))
        else:
            rtol, atol = TOLERANCE.get(dtype, TOLERANCE["float32"])
            np.testing.assert_allclose(array.astype(np.float64), value, rtol * row.scale, atol * row.scale)


@pytest.mark.parametrize(("row", "sample"), SAMPLES, ids=ids(SAMPLES))
def test_forward(row: Row, sample: Sample) -> None:
    for dtype in row.dtypes:
        values = arrays(row, sample, dtype)
        outs, _ = call(row, values, sample.attrs)
        if row.reference is not None:
            check(row, outs, expected(row, values, sample.attrs), dtype)
        else:
            assert row.covered_by
            for out in outs:
                assert np.isfinite(out.asnumpy().astype(np.float64)).all()


GRADIENTS = [(r, s) for r, s in SAMPLES if r.gradient and all(0 not in shape_of(i) for i in s.inputs)]


def heads_for(outs: list[Any]) -> list[np.ndarray]:
    rng = np.random.default_rng(11)
    return [rng.uniform(0.5, 1.5, o.shape) for o in outs]


@pytest.mark.parametrize(("row", "sample"), GRADIENTS, ids=ids(GRADIENTS))
def test_gradient_against_finite_differences(row: Row, sample: Sample) -> None:
    values = arrays(row, sample, "float64")
    wrt = tuple(i for i in row.gradient if i < len(values))
    outs, ins = call(row, values, sample.attrs, wrt)
    heads = heads_for(outs)
    mx.autograd.backward(outs, [mx.nd.array(h, dtype="float64") for h in heads], train_mode=row.train)

    def loss(moved: list[np.ndarray]) -> float:
        return float(
            sum((o.asnumpy() * h).sum() for o, h in zip(call(row, moved, sample.attrs)[0], heads, strict=True))
        )

    step = 1e-5
    for i in wrt:
        numeric = np.zeros(values[i].size)
        for k in range(values[i].size):
            for sign in (1, -1):
                moved = [v.copy() for v in values]
                moved[i].reshape(-1)[k] += sign * step
                numeric[k] += sign * loss(moved) / (2 * step)
        np.testing.assert_allclose(ins[i].grad.asnumpy().reshape(-1), numeric, 1e-5, 1e-7, err_msg=f"input {i}")


@pytest.mark.parametrize(("row", "sample"), GRADIENTS, ids=ids(GRADIENTS))
def test_gradients_add(row: Row, sample: Sample) -> None:
    values = arrays(row, sample, "float64")
    i = row.gradient[0]
    outs, ins = call(row, values, sample.attrs, (i,))
    heads = [mx.nd.array(h, dtype="float64") for h in heads_for(outs)]
    mx.autograd.backward(outs, heads, train_mode=row.train)
    once = ins[i].grad.asnumpy()
    ins[i].attach_grad(grad_req="add")
    for _ in range(2):
        with mx.autograd.record(train_mode=row.train):
            again = getattr(F, row.op)(*ins, **sample.attrs)
        again = list(again) if isinstance(again, (list, tuple)) else [again]
        mx.autograd.backward(again, heads, train_mode=row.train)
    np.testing.assert_allclose(ins[i].grad.asnumpy(), 2 * once, 1e-12, 1e-12)


SYMBOLIC = [
    (r, s)
    for r, s in SAMPLES
    if r.symbolic and not r.train and OPS[r.op].random is not True and not OPS[r.op].mutates and s.inputs
]


@pytest.mark.parametrize(("row", "sample"), SYMBOLIC, ids=ids(SYMBOLIC))
def test_symbol_agrees_with_nd(row: Row, sample: Sample) -> None:
    values = arrays(row, sample, row.dtypes[0])
    outs, ins = call(row, values, sample.attrs, tuple(i for i in row.gradient if i < len(values)))
    symbol = compose(row, len(values), sample.attrs)
    args = {f"in{i}": mx.nd.array(v, dtype=v.dtype) for i, v in enumerate(values)}
    req = {f"in{i}": "write" if i in row.gradient else "null" for i in range(len(values))}
    grads = {n: mx.nd.zeros(args[n].shape, dtype=args[n].dtype) for n, r in req.items() if r == "write"}
    executor = symbol.bind(mx.cpu(), args, args_grad=grads, grad_req=req)
    executor.forward(is_train=bool(grads))
    rtol, atol = TOLERANCE.get(row.dtypes[0], TOLERANCE["float32"])
    for have, want in zip(executor.outputs, outs, strict=True):
        np.testing.assert_allclose(have.asnumpy(), want.asnumpy(), rtol, atol)
    if not grads:
        return
    heads = [mx.nd.array(h, dtype=o.dtype) for h, o in zip(heads_for(outs), outs, strict=True)]
    mx.autograd.backward(outs, heads, train_mode=False)
    executor.backward(heads)
    for name, grad in grads.items():
        np.testing.assert_allclose(grad.asnumpy(), ins[int(name[2:])].grad.asnumpy(), rtol, atol, err_msg=name)


def compose(row: Row, count: int, attrs: dict[str, Any]) -> Any:
    from paratrain.symbol.compose import compose as make

    return make(OPS[row.op], [mx.sym.Variable(f"in{i}") for i in range(count)], dict(attrs), None)


@pytest.mark.parametrize(("row", "refused"), REFUSED, ids=ids(REFUSED))
def test_refused(row: Row, refused: Refused) -> None:
    values = arrays(row, Sample(refused.inputs), row.dtypes[0])
    with pytest.raises(refused.error, match=refused.match):
        call(row, values, refused.attrs)


EMPTY = [(r, s) for r, s in SAMPLES if r.reference is not None and any(0 in shape_of(i) for i in s.inputs)]


def test_some_samples_are_empty() -> None:
    assert len(EMPTY) > 10


def test_every_operator_has_a_row() -> None:
    with_row = {OPS[r.op].name for r in ROWS}
    missing = sorted({op.name for op in OPS.values()} - with_row - exercised_backward_operators())
    assert not missing


def exercised_backward_operators() -> set[str]:
    return {name for name in _used(True)[0] if name.startswith("_backward")}


def test_operators_and_kernels_name_each_other() -> None:
    _, kernels = _used(True)
    known = set(engine.kernel_names())
    named = {op.kernel for op in OPS.values() if isinstance(op.kernel, str) and op.kernel}
    assert named <= known
    assert known - kernels - GRAPH_KERNELS == set()


_seen: list[tuple[set[str], set[str]]] = []


def _used(run: bool) -> tuple[set[str], set[str]]:
    """Names of all operators and kernels that the table's samples use, backward included."""
    if not _seen:
        operators: set[str] = set()
        kernels: set[str] = set()
        with recording(operators, kernels):
            for row, sample in SAMPLES:
                for dtype in row.dtypes:
                    use(row, sample, dtype)
        _seen.append((operators, kernels))
    return _seen[0]


def use(row: Row, sample: Sample, dtype: str) -> None:
    values = arrays(row, sample, dtype)
    wrt = tuple(i for i in row.gradient if i < len(values)) if numpy_dtype(dtype).kind not in "iub" else ()
    if OPS[row.op].gradient is not None and not wrt and values and values[0].dtype.kind not in "iub":
        wrt = (0,)
    outs, ins = call(row, values, sample.attrs, wrt)
    if wrt:
        mx.autograd.backward(outs, train_mode=row.train)
        assert all(ins[i].grad.shape == ins[i].shape for i in wrt)


class recording:
    """Note the names of operators that are called and of kernels that are made."""

    def __init__(self, operators: set[str], kernels: set[str]) -> None:
        self.operators, self.kernels = operators, kernels

    def __enter__(self) -> None:
        engine.forget_plans()

    def __exit__(self, *exc: object) -> None:
        for plan in engine.plans():
            self.operators.add(plan.op.name)
            if plan.kernel is not None:
                self.kernels.add(plan.kernel.name)


@pytest.fixture(scope="module", autouse=True)
def _clear() -> Iterator[None]:
    yield
    _seen.clear()
