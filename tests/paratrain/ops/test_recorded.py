"""Recorded calls of operators against MXNet 1.9.1."""

from __future__ import annotations

from typing import Any

import pytest
from recorded import Replay, load

import paratrain as mx

CASES = load()


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_as_recorded(case: dict[str, Any]) -> None:
    Replay(case, mx).run()
