"""One convolution or gradient of one, run by a kernel of choice and exactly."""

from __future__ import annotations

from typing import Any

import numpy as np

import paratrain as mx
from paratrain.ext import engine

DIRECTIONS = ("convolution", "convolution_data_grad", "convolution_weight_grad")


class Case:
    """One convolution of images: its kernel's attributes, its tensors by direction."""

    def __init__(
        self,
        direction: str,
        batch: int,
        channels: int,
        filters: int,
        size: tuple[int, int],
        pad: tuple[int, int],
        bias: bool,
        tail: dict[str, Any] | None = None,
        *,
        taps: int = 3,
        stride: int = 1,
        groups: int = 1,
    ) -> None:
        self.direction = direction
        self.attrs: dict[str, Any] = {
            "kernel": (taps, taps),
            "stride": (stride, stride),
            "dilate": (1, 1),
            "pad": pad,
            "num_group": groups,
        }
        out = tuple((s + 2 * p - taps) // stride + 1 for s, p in zip(size, pad, strict=True))
        x, w, y = (batch, channels, *size), (filters, channels // groups, taps, taps), (batch, filters, *out)
        if direction == "convolution_weight_grad":
            self.ins, self.outs = [y, x], [w, (filters,)][: 1 + bias]
            return
        self.attrs["has_bias"] = bias
        first, last = (y, x) if direction == "convolution_data_grad" else (x, y)
        self.ins, self.outs = [first, w, (last[1],)][: 2 + bias], [last]
        if tail is not None:
            self.attrs |= tail
            self.ins += [y] * tail["has_addend"]

    def __repr__(self) -> str:
        return f"Case({self.direction}, {self.attrs}, {self.ins})"

    def inputs(self, seed: int = 0) -> list[np.ndarray]:
        """Normal random numbers."""
        rng = np.random.default_rng(seed)
        return [rng.normal(size=s).astype("float32") for s in self.ins]

    def kernel(self, *, dtype: str = "float32", plain: bool = False, negotiated: bool = False, **attrs: Any) -> Any:
        """The kernel, with further attributes."""
        ins, outs = ([(s, dtype) for s in shapes] for shapes in (self.ins, self.outs))
        return engine.make_kernel(self.direction, engine.CPU, self.attrs | attrs, ins, outs, negotiated, plain=plain)

    def run(self, values: list[np.ndarray], **how: Any) -> list[np.ndarray]:
        """Results for row-major arrays; with negotiated=True the arrays are reordered outside the kernel."""
        kernel = self.kernel(**how)
        x = [mx.nd.array(v, dtype=how.get("dtype", "float32")) for v in values]
        y = [mx.nd.ones(s, dtype=how.get("dtype", "float32")) for s in self.outs]
        x = [reorder(a, None, layout) for a, layout in zip(x, kernel.in_layouts or [None] * len(x), strict=True)]
        engine.invoke(kernel, x, y)
        layouts = kernel.out_layouts or [None] * len(y)
        return [reorder(a, layout, None).asnumpy() for a, layout in zip(y, layouts, strict=True)]

    def exact(self, values: list[np.ndarray]) -> list[np.ndarray]:
        """Results of the direct sums in double precision."""
        return self.run(values, dtype="float64", plain=True)


def reorder(array: mx.nd.NDArray, source: Any, target: Any) -> mx.nd.NDArray:
    """The array in another layout."""
    if source is None and target is None:
        return array
    desc = (array.shape, array.dtype_str)
    kernel = engine.make_kernel("reorder", engine.CPU, {}, [(*desc, source)], [(*desc, target)])
    size = array.size if target is None else target.nbytes // 4
    out = mx.nd.empty(array.shape if size == array.size else (size,))  # transformed weights are larger
    engine.invoke(kernel, [array], [out])
    return out
