"""The examples of operators that have no function of their own run; those of the others are in docstrings."""

from __future__ import annotations

import doctest

import pytest

import paratrain as mx
from paratrain.ops.registry import OPS

WITH_EXAMPLE = sorted({op.name for op in OPS.values() if op.example and op.name.startswith("_")})


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_example_of(name: str) -> None:
    test = doctest.DocTestParser().get_doctest(OPS[name].example, {"mx": mx}, name, None, 0)
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0
