"""Checkpoints that training can go on from, bit for bit; see ``docs/checkpoints.md`` for the files."""

from __future__ import annotations

from paratrain.checkpoint.manager import CheckpointManager as CheckpointManager
from paratrain.checkpoint.manifest import Checkpoint as Checkpoint
from paratrain.checkpoint.manifest import DamagedError as DamagedError

__all__ = ["Checkpoint", "CheckpointManager", "DamagedError"]
