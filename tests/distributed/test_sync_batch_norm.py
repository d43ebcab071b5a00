from __future__ import annotations

import pytest


@pytest.mark.parametrize("n", [1, 2, 4])
def test_all_ranks_together_are_one_large_batch(n, run_ranks):
    assert run_ranks(n, "normalised.py").out.count("ok") == n
