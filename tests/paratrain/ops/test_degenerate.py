"""Arrays without axes or without elements: every operator computes, or says in its own name that it cannot."""

from __future__ import annotations

import pytest

import paratrain as mx
from paratrain.ops.registry import OPS

OPERATORS = sorted({op.name for op in OPS.values() if not op.name.startswith("_backward")})


@pytest.mark.parametrize("shape", [(), (0, 3), (2, 0)], ids=str)
@pytest.mark.parametrize("name", OPERATORS)
def test_no_axes_or_no_elements(name: str, shape: tuple[int, ...]) -> None:
    inputs = [mx.nd.full(shape, 3.0)] * len(OPS[name].inputs)
    try:
        getattr(mx.nd, name)(*inputs)
    except (ValueError, TypeError, IndexError, NotImplementedError) as e:
        assert str(e).startswith("["), e  # noqa: PT017 - either outcome is right
