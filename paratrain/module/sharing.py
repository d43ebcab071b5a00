"""Parameters and states that the ranks of a job share, for training and for checkpoints."""

from __future__ import annotations

from typing import Any

import numpy as np

from paratrain import ndarray as nd

__all__ = ["ParameterSharing"]


class ParameterSharing:
    """Part of `Module`: what its ranks tell each other besides gradients.

    It works on the module's ``_group``, ``_updating`` and ``world``.
    """

    _group: Any
    _updating: Any
    world: Any

    def share_params(self, mean: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
        """Make parameters and auxiliary states the same everywhere, and return copies. A collective of the ranks.

        They become those of rank 0, of its first context; auxiliary states (such as the running statistics of batch
        normalisation, which differ after training) the mean over its contexts.

        Parameters
        ----------
        mean : bool, default False
            Auxiliary states become the mean over contexts and ranks.
        """
        group, world = self._group, self.world
        first = group.master[0]
        if world.size > 1:
            flat = first.flat_params
            if flat is not None:
                world.broadcast(flat, what="the parameters")
            inside = {name for name, _, _ in first.layout}
            for name in group.param_names:
                if name not in inside:
                    world.broadcast(first.arg_dict[name], what=f"the parameter {name}")
        args, aux = group.get_params()
        if world.size > 1:
            for name, value in aux.items():
                if mean:
                    world.allreduce(value, f"the auxiliary state {name}")
                    value /= world.size
                else:
                    world.broadcast(value, what=f"the auxiliary state {name}")
        if world.size > 1 or len(group.master) > 1:
            group.set_params(args, aux)
        return args, aux

    def rank_arrays(self) -> dict[str, Any]:
        """Return what differs from rank to rank, of all ranks: auxiliary states. A collective.

        Returns
        -------
        dict of str to NDArray
            ``'rank1:bn_moving_mean'``, ...; empty with one rank, or where all ranks have the same.
        """
        if self.world.size == 1 or not self._group.aux_names:
            return {}
        mine = {name: value.asnumpy() for name, value in self._group.get_params()[1].items()}
        everyone = self.world.allgather_object(mine)
        same = all(np.array_equal(each[name], mine[name], equal_nan=True) for each in everyone for name in mine)
        if same and all(self.world.allgather_object(same)):
            return {}
        return {
            f"rank{rank}:{name}": nd.array(value, dtype=value.dtype)
            for rank, each in enumerate(everyone)
            for name, value in each.items()
        }

    def load_rank_arrays(self, arrays: dict[str, Any]) -> None:
        """Take this rank's part of what `rank_arrays` returned; rank 0's argument counts. A collective."""
        found = self.world.broadcast_object({name: value.asnumpy() for name, value in arrays.items()})
        start = f"rank{self.world.rank}:"
        mine = {name.removeprefix(start): value for name, value in found.items() if name.startswith(start)}
        if mine:
            aux = {name: nd.array(value, dtype=value.dtype) for name, value in mine.items()}
            self._group.set_params({}, aux)

    def optimizer_states(self) -> bytes:
        """Return the optimizer's states, counters, rates and schedule as bytes."""
        return self._updating.updater.get_states(dump_optimizer=True)

    def load_optimizer_state_bytes(self, states: bytes) -> None:
        """Take over what `optimizer_states` returned."""
        self._updating.updater.set_states(states)
