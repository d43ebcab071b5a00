"""Augmentation, detection and `mx.image` give what MXNet 1.9.1 gave, where that does not depend on random numbers."""

import pytest
from replay import check, load_area


@pytest.mark.parametrize("case", load_area("augment").cases, ids=str)
def test_recorded(case):
    check(case)
