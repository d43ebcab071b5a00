"""MPI between CPUs, through mpi4py: sums over host buffers.

Where all ranks are on one host, sums and barriers go through memory that they share (ext/core/host_comm.h). MPI's own
collectives are started without blocking and polled, so that Ctrl-C is heard while waiting, a rank that waits for a
slower one leaves its core to it, and missing ranks are noticed (see `watch`).
"""

from __future__ import annotations

import atexit
import itertools
import os
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from paratrain.base import ParatrainError
from paratrain.kvstore.transport import World, host_view, launched_ranks
from paratrain.kvstore.watch import Watch

__all__ = ["MPIWorld"]

#: Bytes added up in one call: parts that fit the cache are several times as fast as one large call.
CHUNK_BYTES = 1 << 20
#: Above this many bytes ranks first wait for each other, since a large sum is polled without rest.
WAIT_FIRST_BYTES = 1 << 15
#: 1: sums over hosts are made in the order of the ranks, so that they do not depend on MPI's choice of an algorithm.
ORDERED_VARIABLE = "PARATRAIN_ORDERED_SUMS"
#: How often a rank looks for the others, some microseconds altogether, before it gives its core away: the thread beside
#: the main one does so soon, since the main one may compute on the same core.
SPIN, SPIN_BACKGROUND = 4000, 200
_HALF = ("float16", "bfloat16")


class MPIWorld(World):
    """Ranks that MPI connects; see `World`.

    Parameters
    ----------
    comm : mpi4py.MPI.Comm
        Used by no one else.
    local : tuple of int
        Rank and number of ranks on this host.
    crowded : bool
        Whether the ranks of this host outnumber its cores.
    watch : Watch
        Notices missing ranks.
    other : mpi4py.MPI.Comm, optional
        For `background`.
    """

    name = "mpi"

    def __init__(self, comm: Any, local: tuple[int, int], crowded: bool, watch: Watch, other: Any = None) -> None:
        from mpi4py import MPI

        self._mpi = MPI
        self._comm = comm
        self._watch = watch
        self.rank, self.size = comm.rank, comm.size
        self.local_rank, self.local_size = local
        self.overlaps = MPI.Query_thread() == MPI.THREAD_MULTIPLE
        self._crowded = crowded
        self._ordered = os.environ.get(ORDERED_VARIABLE, "0") == "1"
        self._background = MPIWorld(other, local, crowded, watch) if other is not None else self
        self._unfinished: list[Any] = []

    @classmethod
    def join(cls) -> MPIWorld:
        """Initialise MPI, take this rank's share of the cores, and let a failure here end the job."""
        from paratrain.ext import engine
        from paratrain.launch import cores, failure

        MPI = _import_mpi()
        comm = MPI.COMM_WORLD
        failure.install(comm.rank, comm.size)
        local = comm.Split_type(MPI.COMM_TYPE_SHARED)
        masks = local.allgather(cores.allowed_cpus())
        share = cores.bind_local_rank(local.rank, local.size, masks)
        if share is not None:
            engine.set_num_threads(share.threads)
        place = (local.rank, local.size)
        crowded = local.size > len(frozenset().union(*masks))
        local.Free()
        watch = Watch(comm.Dup(), answers=MPI.Query_thread() == MPI.THREAD_MULTIPLE)
        made = cls(comm.Dup(), place, crowded, watch, comm.Dup())
        made._connect_host()
        engine.set_sum_over_ranks(lambda values: made.allreduce(np.asarray(values), "statistics of SyncBatchNorm"))
        atexit.register(watch.leave)
        return made

    def _connect_host(self) -> None:
        """Let ranks that are all on one host talk through shared memory. A collective."""
        from paratrain.ext import engine
        from paratrain.kvstore.shared import share_memory

        for world, spin in ((self, SPIN), (self._background, SPIN_BACKGROUND)):
            segments = share_memory(self, engine.HostComm.segment_bytes())
            if segments is not None:
                world.host = engine.HostComm(segments, self.rank, 0 if self._crowded else spin, self._look)

    def _look(self, what: str, waited: float) -> None:
        """Notice missing ranks while waiting in shared memory, from time to time."""
        if waited > 0.25:
            self._watch.check(what, time.monotonic() - waited)

    def background(self) -> World:
        """Return the same ranks over a communicator of their own."""
        return self._background

    def allreduce(self, array: Any, what: str = "an array") -> None:
        """Sum over the ranks in place; see `World.allreduce`."""
        if self.host is not None and self.host.allreduce(array, what):
            return
        if _on_gpu(array):
            host = array.asnumpy()
            self.allreduce(host, what)
            array[:] = host
            return
        view = host_view(array).reshape(-1)
        if self.host is not None and view.dtype.name == "bfloat16":
            self.host.allreduce_bits(view.view(np.uint8), "bfloat16", what)
            return
        if view.dtype.kind not in "fiu" and view.dtype.name not in _HALF:
            raise TypeError(f"[allreduce] the elements must be numbers; got dtype {view.dtype.name}")
        if view.dtype.name in _HALF or self._ordered:
            self._allreduce_ordered(view, what)
            return
        if view.nbytes > WAIT_FIRST_BYTES:
            self.barrier(what)
        step = max(1, CHUNK_BYTES // view.itemsize)
        for start in range(0, view.size, step):
            part = view[start : start + step]
            self._finish(self._comm.Iallreduce(self._mpi.IN_PLACE, part, self._mpi.SUM), what, busy=True)

    def _allreduce_ordered(self, view: np.ndarray, what: str) -> None:
        """Let each rank add up its part in the order of the ranks, 16-bit floats as float32, and share the sums."""
        self.barrier(what)
        step = CHUNK_BYTES // view.itemsize * self.size
        for start in range(0, view.size, step):
            chunk = view[start : start + step]
            own = -(-chunk.size // self.size)
            parts = np.zeros((self.size, own), view.dtype)
            parts.reshape(-1)[: chunk.size] = chunk
            theirs = np.empty_like(parts)
            self._finish(self._comm.Ialltoall(parts.view(np.uint8), theirs.view(np.uint8)), what, busy=True)
            total = theirs[0].astype(np.float32 if view.dtype.name in _HALF else view.dtype)
            for each in theirs[1:]:
                total += each.astype(total.dtype, copy=False)
            mine = total.astype(view.dtype, copy=False)
            self._finish(self._comm.Iallgather(mine.view(np.uint8), parts.view(np.uint8)), what, busy=True)
            chunk[...] = parts.reshape(-1)[: chunk.size]

    def broadcast(self, array: Any, root: int = 0, what: str = "an array") -> None:
        """Copy the array of rank `root` into that of every rank."""
        if not 0 <= root < self.size:
            raise ValueError(f"[broadcast] root must be a rank, 0..{self.size - 1}; got {root}")
        if _on_gpu(array):
            host = array.asnumpy()
            self.broadcast(host, root, what)
            array[:] = host
            return
        raw = host_view(array, "broadcast").reshape(-1).view(np.uint8)
        self.barrier(what)
        for start in range(0, raw.size, CHUNK_BYTES):
            self._finish(self._comm.Ibcast(raw[start : start + CHUNK_BYTES], root), what, busy=True)

    def reduce_scatter(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """See `World.reduce_scatter`."""
        counts = _counts("reduce_scatter", array, bounds, self.size)
        mine = np.empty(counts[self.rank], array.dtype)
        self.barrier(what)
        self._finish(self._comm.Ireduce_scatter(array, mine, counts, self._mpi.SUM), what, busy=True)
        array[bounds[self.rank] : bounds[self.rank + 1]] = mine

    def share(self, array: np.ndarray, bounds: Sequence[int], what: str = "an array") -> None:
        """See `World.share`."""
        counts = _counts("share", array, bounds, self.size)
        if self.host is not None:
            self.host.share(array.view(np.uint8), [edge * array.itemsize for edge in bounds], what)
            return
        self.barrier(what)
        everyone = [array, counts, list(bounds[:-1]), self._mpi._typedict[array.dtype.char]]
        self._finish(self._comm.Iallgatherv(self._mpi.IN_PLACE, everyone), what, busy=True)

    def allgather(self, array: np.ndarray, what: str = "an array") -> list[np.ndarray]:
        """Return the arrays of all ranks, in order of rank."""
        mine = np.ascontiguousarray(array)
        everyone = np.empty((self.size, *mine.shape), mine.dtype)
        if self.host is not None:
            self.host.allgather(mine.reshape(-1).view(np.uint8), everyone.reshape(-1).view(np.uint8), what)
            return list(everyone)
        self.barrier(what)
        self._finish(self._comm.Iallgather(mine.view(np.uint8), everyone.view(np.uint8)), what, busy=True)
        return list(everyone)

    def barrier(self, what: str = "a barrier") -> None:
        """Return when every rank has called it."""
        if self.host is not None:
            self.host.barrier(what)
            return
        self._finish(self._comm.Ibarrier(), what)

    def allgather_object(self, value: Any) -> list[Any]:
        """Return the values of all ranks, in order of rank; they are pickled on the way between our own processes."""
        self.barrier("allgather")
        return self._comm.allgather(value)

    def begin_maximum(self, array: np.ndarray, result: np.ndarray) -> Any:
        """Begin a maximum over the ranks; see `World.begin_maximum`."""
        return _Begun(self, self._comm.Iallreduce(array, result, self._mpi.MAX))

    def _finish(self, request: Any, what: str, busy: bool = False) -> None:
        """Poll until a collective is complete.

        First without rest, since most take microseconds; then, where all ranks are known to be there (`busy`),
        yielding the core, else sleeping, since other threads and ranks need it.
        """
        for _ in range(20 if self._crowded else 200):
            if request.Test():
                return
        began = looked = time.monotonic()
        try:
            while not request.Test():
                now = time.monotonic()
                if self._crowded or not busy or now - began > 0.05:
                    time.sleep(2e-5 if now - began < 0.01 else 2e-4)
                else:
                    os.sched_yield()
                if now - looked > 0.25:
                    looked = now
                    self._watch.check(what, began)
        except BaseException:
            self._unfinished.append(request)  # keeps the array: MPI may still write to it
            raise


def _counts(name: str, array: np.ndarray, bounds: Sequence[int], size: int) -> list[int]:
    """Elements of each rank's part."""
    counts = [stop - start for start, stop in itertools.pairwise(bounds)]
    if len(counts) != size or min(counts) < 0 or (bounds[0], bounds[-1]) != (0, array.size):
        raise ValueError(f"[{name}] bounds must rise from 0 to {array.size}, one more than {size}; got {list(bounds)}")
    host_view(array, name)
    return counts


class _Begun:
    """A collective that is under way."""

    def __init__(self, world: MPIWorld, request: Any) -> None:
        self._world = world
        self._request = request

    def wait(self) -> None:
        """Return when it is complete."""
        self._world._finish(self._request, "the agreement on when to stop")


def _import_mpi() -> Any:
    wanted = launched_ranks(os.environ)
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        raise ParatrainError(
            f"[kvstore] the launcher has started {wanted} ranks, but mpi4py cannot be used ({error}), so each "
            "would train by itself; pip install 'paratrain[mpi]', or start one process without mpirun"
        ) from error
    if MPI.COMM_WORLD.size == 1 and wanted > 1:
        library = MPI.Get_library_version().splitlines()[0]
        raise ParatrainError(
            f"[kvstore] the launcher has started {wanted} ranks, but mpi4py sees only itself: it uses "
            f"{library.strip()!r}, the launcher another MPI; use the mpirun of that "
            "library, or build mpi4py with the launcher's MPI"
        )
    return MPI


def _on_gpu(array: Any) -> bool:
    return hasattr(array, "context") and array.context.device_type == "gpu"
