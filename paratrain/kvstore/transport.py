"""How ranks talk: one interface, one file per transport, chosen once per process.

`world` tells which ranks there are. `alone` is the process itself, `mpi` sums host buffers through mpi4py,
`nccl` sums buffers of GPUs. Nothing here imports mpi4py unless an MPI launcher has started this process.
"""

from __future__ import annotations

import abc
import os
import sys
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["World", "for_context", "host_view", "joined", "launched_ranks", "world"]

#: Variables by which launchers tell a process how many ranks they have started.
SIZE_VARIABLES = (
    "PMI_SIZE",  # MPICH's Hydra, Intel MPI, Slurm with PMI-1 or PMI-2
    "OMPI_COMM_WORLD_SIZE",  # Open MPI
    "MV2_COMM_WORLD_SIZE",  # MVAPICH
    "PALS_NRANKS",  # HPE Cray
    "SLURM_STEP_NUM_TASKS",  # srun (not set in a batch script itself)
)


class World(abc.ABC):
    """The ranks of the job and the collectives among them.

    A collective must be called by every rank, in the same order, and blocks until every rank has called it; its
    result is then on every rank.

    Attributes
    ----------
    rank, size : int
        Place among all ranks, and their number.
    local_rank, local_size : int
        The same among the ranks of this host.
    name : str
        ``'alone'`` or ``'mpi'``.
    overlaps : bool
        Whether `background` can work while the calling thread does something else.
    host : engine.HostComm or None
        Collectives through shared memory, where all ranks are on this host.
    """

    name: str = ""
    rank: int = 0
    size: int = 1
    local_rank: int = 0
    local_size: int = 1
    overlaps: bool = False
    host: Any = None

    @abc.abstractmethod
    def allreduce(self, array: Any, what: str = "an array") -> None:
        """Replace `array` by its sum over the ranks, in place.

        Parameters
        ----------
        array : numpy.ndarray or NDArray
            Of one shape and type on all ranks. 16-bit floats are added up as float32.
        what : str
            Name for the message when ranks are missing.
        """

    @abc.abstractmethod
    def broadcast(self, array: Any, root: int = 0, what: str = "an array") -> None:
        """Replace `array`, in place, by that of rank `root`."""

    @abc.abstractmethod
    def reduce_scatter(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """Replace elements ``bounds[r]`` to ``bounds[r + 1]`` of the array of each rank r by their sum over the ranks.

        Parameters
        ----------
        array : numpy.ndarray, shape (n,)
            What is outside of the rank's own part may be changed, too.
        bounds : sequence of int
            From 0 to n, one more than ranks.
        what : str
            Name for the message when ranks are missing.
        """

    @abc.abstractmethod
    def share(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """Replace elements ``bounds[r]`` to ``bounds[r + 1]`` on every rank by those of rank r.

        Parameters
        ----------
        array : numpy.ndarray, shape (n,)
        bounds : sequence of int
            From 0 to n, one more than ranks.
        what : str
            Name for the message when ranks are missing.
        """

    @abc.abstractmethod
    def allgather(self, array: np.ndarray, what: str = "an array") -> list[np.ndarray]:
        """Return the arrays of all ranks, of one shape and type, in order of rank."""

    @abc.abstractmethod
    def barrier(self, what: str = "a barrier") -> None:
        """Return when every rank has called it."""

    @abc.abstractmethod
    def allgather_object(self, value: Any) -> list[Any]:
        """Return the values of all ranks, in order of rank."""

    @abc.abstractmethod
    def background(self) -> World:
        """Return the same ranks over channels of their own, for the thread that communicates beside the main one."""

    def begin_maximum(self, array: np.ndarray, result: np.ndarray) -> Any:
        """Begin to take the maximum over the ranks, element by element, and go on; a collective in its order only.

        Parameters
        ----------
        array, result : numpy.ndarray
            Of one shape and type; both are left alone until the end.

        Returns
        -------
        object
            Its ``wait()`` returns when `result` is there.
        """
        raise NotImplementedError(f"[kvstore] {type(self).__name__} has no other ranks to take a maximum over")

    def broadcast_object(self, value: Any, root: int = 0) -> Any:
        """Return the `value` of rank `root`."""
        return self.allgather_object(value if self.rank == root else None)[root]

    def __repr__(self) -> str:
        return (
            f"<World {self.name}: rank {self.rank} of {self.size}, local rank {self.local_rank} of {self.local_size}>"
        )


def launched_ranks(environment: Mapping[str, str]) -> int:
    """Return how many ranks an MPI launcher says it has started; 1 where there was none.

    Examples
    --------
    >>> launched_ranks({"PMI_SIZE": "4"}), launched_ranks({})
    (4, 1)
    """
    for name in SIZE_VARIABLES:
        text = environment.get(name, "")
        if text.isdigit() and int(text) > 1:
            return int(text)
    return 1


def host_view(array: Any, name: str = "allreduce") -> np.ndarray:
    """Return the elements of an array in host memory as a NumPy array that shares them.

    Raises
    ------
    TypeError
        If it is neither a NumPy array nor an NDArray.
    ValueError
        If it is not contiguous, or cannot be written.
    """
    view = array.to_numpy_view() if hasattr(array, "to_numpy_view") else array
    if not isinstance(view, np.ndarray):
        raise TypeError(f"[{name}] the array must be a numpy.ndarray or an NDArray; got {type(array).__name__}")
    if not (view.flags.c_contiguous and view.flags.writeable):
        raise ValueError(f"[{name}] the array is changed in place and must be C-contiguous and writable; copy it first")
    return view


_lock = threading.Lock()
_world: World | None = None


def world() -> World:
    """Return the ranks of this job; made at the first call.

    Under ``mpirun`` or ``srun`` with more than one rank this initialises MPI, gives this rank its share of the host's
    cores, and lets an exception on any rank end the job. Otherwise the process is alone.

    Returns
    -------
    World

    Raises
    ------
    ParatrainError
        If a launcher has started several ranks that cannot reach each other, since mpi4py is not installed or uses
        another MPI than the launcher's.

    Examples
    --------
    >>> world().size
    1
    """
    global _world
    if _world is None:
        with _lock:
            if _world is None:
                _world = _choose()()
    return _world


def joined() -> World | None:
    """Return the ranks of this job if `world` was called before; does not begin to communicate by itself."""
    return _world


def _choose() -> Callable[[], World]:
    from paratrain.kvstore import alone

    mpi = sys.modules.get("mpi4py.MPI")
    if launched_ranks(os.environ) > 1 or (mpi is not None and mpi.Is_initialized() and mpi.COMM_WORLD.size > 1):
        from paratrain.kvstore.mpi import MPIWorld

        return MPIWorld.join
    return alone.Alone


def for_context(ranks: World, context: Any) -> World:
    """Return the ranks with the transport that fits a device. A collective.

    Parameters
    ----------
    ranks : World
    context : Context
        Where the arrays live that are to be added up.

    Returns
    -------
    World
        By NCCL between GPUs where it is installed on every rank; else `ranks` itself, which sends arrays of GPUs
        through host memory and says so once.
    """
    if ranks.size == 1 or context.device_type != "gpu":
        return ranks
    from paratrain.kvstore import nccl

    reasons = [reason for reason in ranks.allgather_object(nccl.why_not()) if reason]
    if not reasons:
        return nccl.NCCLWorld(ranks, context.device_id)
    if ranks.rank == 0:
        warnings.warn(f"sums between GPUs go through host memory, which is slow: {reasons[0]}", stacklevel=2)
    return ranks
