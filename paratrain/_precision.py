"""The mixed precision in force, where calls of operators look for it; set by `paratrain.amp.init`."""

from __future__ import annotations

from typing import Any

#: A `paratrain.amp.session.Session`, or None: every call runs in the precision of its inputs.
active: Any = None
