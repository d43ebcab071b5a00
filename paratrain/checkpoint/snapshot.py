"""A copy of everything that a checkpoint holds, which training no longer changes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paratrain.checkpoint import state
from paratrain.checkpoint.files import new_file

__all__ = ["Snapshot"]


@dataclass(frozen=True)
class Snapshot:
    """What is to be written.

    Attributes
    ----------
    epoch, batch : int
        Training goes on with this batch of this epoch, both from 0.
    symbol : bytes
        The network as JSON.
    params : dict of str to NDArray
        By MXNet's names, ``arg:NAME`` and ``aux:NAME``.
    optimizer : tuple or None
        What `optimizer.states.write` takes.
    rank_arrays : dict of str to NDArray
        What differs from rank to rank.
    state : dict
        For the manifest.
    """

    epoch: int
    batch: int
    symbol: bytes
    params: dict[str, Any]
    optimizer: tuple[dict[Any, Any], dict[str, Any]] | None
    rank_arrays: dict[str, Any]
    state: dict[str, Any]

    @classmethod
    def take(
        cls, module: Any, epoch: int, batch: int, ranks: list[Any], figures: Mapping[str, float] | None
    ) -> Snapshot | None:
        """Copy the state of a module. A collective; None on ranks other than 0.

        Parameters
        ----------
        module : Module
        epoch, batch : int
        ranks : list
            `state.rank_state` of each rank.
        figures : dict of str to float, optional
            Results of the epoch that has ended.
        """
        from paratrain.module.packing import pack

        rank_arrays = module.rank_arrays()
        optimizer = module.optimizer_snapshot() if module.optimizer_initialized else None
        if module.world.rank != 0:
            return None
        finite = {name: float(value) for name, value in (figures or {}).items() if math.isfinite(value)}
        kept = {"ranks": ranks, "versions": state.versions(), "figures": finite}
        symbol = module.checkpoint_symbol.tojson().encode()
        return cls(epoch, batch, symbol, pack(*module.get_params()), optimizer, rank_arrays, kept)

    def write_arrays(self, stem: Path) -> dict[str, dict[str, Any]]:
        """Write the files with arrays, ``stem.params`` and so on.

        Returns
        -------
        dict
            For `Checkpoint.files`.

        Raises
        ------
        OSError
            If one cannot be written; those before it are left.
        """
        from paratrain.ndarray import serialization
        from paratrain.optimizer import states

        entries: dict[str, dict[str, Any]] = {}
        with new_file(stem.with_name(stem.name + ".params"), entries, "params") as file:
            serialization.write(file, self.params)
        if self.optimizer is not None:
            with new_file(stem.with_name(stem.name + ".states"), entries, "states") as file:
                states.write(file, *self.optimizer)
        if self.rank_arrays:
            with new_file(stem.with_name(stem.name + ".ranks"), entries, "ranks") as file:
                serialization.write(file, self.rank_arrays)
        return entries
