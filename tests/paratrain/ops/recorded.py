"""Replay recorded calls of operators; `tests/golden/ops/README.md` describes the cases."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "ops"


def value(v: Any) -> Any:
    """Python value of a parameter in the index."""
    if isinstance(v, list):
        return tuple(value(x) for x in v)
    return float(v["__float__"]) if isinstance(v, dict) else v


@cache
def load(folder: Path = FOLDER) -> tuple[dict[str, Any], ...]:
    """All cases of a folder."""
    return tuple({**c, "folder": folder} for c in json.loads((folder / "index.json").read_text())["cases"])


@cache
def arrays(folder: Path, family: str) -> dict[str, np.ndarray]:
    """All arrays of a family by key."""
    with np.load(folder / f"{family}.npz") as stored:
        return {k: stored[k] for k in stored.files}


def parameters(v: Any) -> Any:
    """What a snippet reads as `P`."""
    if isinstance(v, dict) and "__float__" not in v:
        return {k: value(x) if not isinstance(x, list) else [value(y) for y in x] for k, x in v.items()}
    return value(v)


def class_of_error(call: Any) -> dict[str, str | None]:
    """Name of the class of what a call raises."""
    try:
        call()
    except Exception as e:
        return {"error": type(e).__name__}
    return {"error": None}


_TOLERANCE = {"float64": (1e-6, 1e-8), "float32": (1e-4, 1e-5), "float16": (1e-2, 5e-3)}


class Replay:
    """One case against a package."""

    def __init__(self, case: dict[str, Any], package: Any) -> None:
        self.case, self.mx = case, package
        # a family of calls that are refused has no arrays
        self.data = arrays(case["folder"], case["family"]) if case["inputs"] or case.get("outputs") else {}

    def find(self, name: str) -> Any:
        """The function a case names."""
        place = self.mx.nd
        for part in name.split("."):
            place = getattr(place, part)
        return place

    def call(self, x: dict[str, Any], outs: list[Any] | None) -> Any:
        case = self.case
        attrs = {k: value(v) for k, v in case.get("attrs", {}).items()}
        form, inputs = case["form"], list(x.values())
        if outs is not None:
            attrs["out"] = outs[0] if len(outs) == 1 else outs
        if form == "method":
            return getattr(inputs[0], case["op"])(*inputs[1:], *[value(v) for v in case.get("positional", [])], **attrs)
        if form == "operator":
            import operator

            return getattr(operator, case["op"])(*[x.get(v, v) if isinstance(v, str) else v for v in case["operands"]])
        call = self.find(case["op"])
        if form == "list":
            return call(inputs, **attrs)
        if "operands" in case:
            given = [x[v] if isinstance(v, str) and v in x else value(v) for v in case["operands"]]
            return call(*given, **attrs)
        return call(**x, **attrs) if form == "keyword" else call(*inputs, **attrs)

    def run(self) -> None:
        """Do what the case describes and compare all it recorded."""
        if self.case["kind"] == "snippet":
            self.run_snippet()
        else:
            self.run_call()

    def run_call(self) -> None:
        """Call an operator as the case says."""
        mx, case = self.mx, self.case
        x = {n: mx.nd.array(self.data[k], dtype=self.data[k].dtype) for n, k in case["inputs"].items()}
        wanted = case.get("input_grads", {})
        for name in wanted:
            x[name].attach_grad(grad_req=case.get("grad_req", "write"))
        outs = [x[n] for n in case["out"]] if case.get("out") else None
        train = case["mode"] == "train"
        for _ in range(case.get("repeats", 1)):
            if train or wanted:
                with mx.autograd.record(train_mode=train):
                    y = self.call(x, outs)
            else:
                y = self.call(x, outs)
            y = list(y) if isinstance(y, (list, tuple)) else [y]
            heads = {
                int(i): mx.nd.array(self.data[k], dtype=self.data[k].dtype)
                for i, k in case.get("head_grads", {}).items()
            }
            if wanted:
                used = sorted(heads) or range(len(y))
                mx.autograd.backward(
                    [y[i] for i in used], [heads[i] for i in used] if heads else None, train_mode=train
                )
        self.compare(x, y)

    def run_snippet(self) -> None:
        """Run a case's lines and compare what they leave in `result`."""
        case = self.case
        place = {
            "mx": self.mx,
            "np": np,
            "P": parameters(case.get("params", {})),
            "arr": lambda name: self.data[case["inputs"][name]],
            "nd": self.given,
            "error": class_of_error,
        }
        exec("\n".join(case["code"]), place)
        self.same_tree("result", place["result"], case["result"])

    def given(self, name: str) -> Any:
        """An input as NDArray."""
        values = self.data[self.case["inputs"][name]]
        return self.mx.nd.array(values, dtype=values.dtype)

    def same_tree(self, where: str, got: Any, want: Any) -> None:
        if isinstance(want, dict) and "__array__" in want:
            self.same(where, got, self.case["arrays"][want["__array__"]])
        elif isinstance(want, dict):
            assert set(got) == set(want), f"{where}: keys {sorted(got)}, recorded {sorted(want)}"
            for key in want:
                self.same_tree(f"{where}[{key!r}]", got[key], want[key])
        elif isinstance(want, list):
            assert len(got) == len(want), f"{where}: {len(got)} values, recorded {len(want)}"
            for i, (g, w) in enumerate(zip(got, want)):
                self.same_tree(f"{where}[{i}]", g, w)
        else:
            assert got == want, f"{where}: {got!r}, recorded {want!r}"

    def compare(self, x: dict[str, Any], y: list[Any]) -> None:
        case = self.case
        assert len(y) == len(case["outputs"])
        for i, key in enumerate(case["outputs"]):
            if key is not None:
                self.same(f"output {i}", y[i], key)
        for name, key in case.get("input_grads", {}).items():
            self.same(f"gradient of {name}", x[name].grad, key)
        for name, key in case.get("after", {}).items():
            self.same(f"{name} after the call", x[name], key)

    def same(self, what: str, got: Any, key: str) -> None:
        want, have = self.data[key], np.asarray(got)
        assert have.shape == want.shape, f"{what}: shape {have.shape}, recorded {want.shape}"
        assert have.dtype == want.dtype, f"{what}: dtype {have.dtype}, recorded {want.dtype}"
        if want.dtype.kind in "iub":
            np.testing.assert_array_equal(have, want, err_msg=what)
        else:
            # snippets have the tolerance of their dtype
            rtol, atol = self.case.get("rtol"), self.case.get("atol")
            rtol, atol = _TOLERANCE[want.dtype.name] if rtol is None else (rtol, atol)
            np.testing.assert_allclose(have, want, rtol, atol, err_msg=what)
