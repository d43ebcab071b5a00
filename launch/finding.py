"""What a check of ``paratrain doctor`` says."""

from __future__ import annotations

from dataclasses import dataclass

OK, ABSENT, SLOW, FAILED = "ok", "absent", "slow", "FAILED"


@dataclass(frozen=True)
class Finding:
    """Result of a check: ``ok``, ``absent``, ``slow`` or ``FAILED``, what was found, and what to do about it."""

    status: str
    text: str
    advice: str = ""
