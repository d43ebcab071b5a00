"""The examples in the docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest


def modules() -> list[str]:
    found = []
    for room in ("paratrain", "paratrain.ext", "paratrain.io", "paratrain.launch"):
        package = importlib.import_module(room)
        found += [room, *(module.name for module in pkgutil.walk_packages(package.__path__, room + "."))]
    return sorted(set(found))


@pytest.mark.parametrize("name", modules())
def test_examples_of(name: str) -> None:
    results = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert results.failed == 0
