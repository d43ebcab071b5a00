"""The examples in the docstrings run."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import paratrain as mx
from paratrain.ops.registry import OPS


def modules() -> list[str]:
    found = []
    for room in ("paratrain", "paratrain.ext", "paratrain.io", "paratrain.launch"):
        package = importlib.import_module(room)
        found += [room, *(module.name for module in pkgutil.walk_packages(package.__path__, room + "."))]
    return sorted(set(found) - {"paratrain.ext.libparatrain_cuda"})  # a library, not a module


@pytest.mark.parametrize("name", modules())
def test_examples_of(name: str) -> None:
    results = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert results.failed == 0


@pytest.mark.parametrize(
    "name", [op.name for op in dict.fromkeys(OPS.values()) if op.example and op.name.startswith("_")]
)
def test_example_of_operator(name: str) -> None:
    """Operators below `contrib` and its like have no function in a module that could be searched."""
    example = doctest.DocTestParser().get_doctest(inspect.cleandoc(OPS[name].example), {"mx": mx}, name, None, None)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert example.examples
    assert runner.run(example).failed == 0
