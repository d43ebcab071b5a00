"""Iterators around other iterators: another length (`ResizeIter`), or one batch ahead (`PrefetchingIter`)."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, cast

from paratrain.io.data import BatchIter, DataBatch, DataDesc, DataIter
from paratrain.io.parameters import Checker

THREADS = "paratrain-prefetch"  # beginning of the threads' names


class ResizeIter(BatchIter):
    """An iterator with another number of batches per epoch; the other one is begun again when it ends.

    Parameters
    ----------
    data_iter : DataIter
    size : int
        Batches of an epoch.
    reset_internal : bool
        Whether `reset` resets `data_iter` as well; default True.
    """

    def __init__(self, data_iter: DataIter, size: int, reset_internal: bool = True) -> None:
        super().__init__(data_iter.batch_size)
        if not isinstance(size, int) or size < 1:
            raise ValueError(f"[ResizeIter] size must be a whole number of at least 1; got {size}")
        self.data_iter = cast("Any", data_iter)
        self.size, self.reset_internal = size, reset_internal
        self.cur = 0
        self.provide_data: list[DataDesc] = self.data_iter.provide_data
        self.provide_label: list[DataDesc] = self.data_iter.provide_label
        if hasattr(self.data_iter, "default_bucket_key"):
            self.default_bucket_key = self.data_iter.default_bucket_key

    def reset(self) -> None:
        """Begin the next epoch."""
        self.cur = 0
        if self.reset_internal:
            self.data_iter.reset()

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch."""
        if self.cur == self.size:
            return False
        try:
            self.current_batch = self.data_iter.next()
        except StopIteration:
            self.data_iter.reset()
            self.current_batch = self.data_iter.next()
        self.cur += 1
        return True

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`."""
        return {"batch": self.cur, "inner": self.data_iter.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved."""
        batch = Checker("ResizeIter").whole("batch of the saved position", state.get("batch"), 0, self.size)
        self.data_iter.load_state_dict(state["inner"])
        self.cur, self.current_batch = batch, None


class PrefetchingIter(BatchIter):
    """Takes the next batch of one or several iterators while the current one is used.

    Parameters
    ----------
    iters : DataIter or list of DataIter
        Of several, the data and labels are put together into one batch.
    rename_data, rename_label : list of dict, optional
        For each iterator, new names by old name.

    Notes
    -----
    Each iterator is used from a thread of its own. `close` (or the end of a ``with`` block, or dropping this object)
    ends the threads. An error in one of the iterators is raised when its batch is asked for; the call after that gives
    the batch behind it. A forked process has no such threads and cannot use the iterator.
    """

    def __init__(
        self,
        iters: DataIter | Sequence[DataIter],
        rename_data: Sequence[dict[str, str]] | None = None,
        rename_label: Sequence[dict[str, str]] | None = None,
    ) -> None:
        self.iters: list[Any] = list(iters) if isinstance(iters, list | tuple) else [iters]
        self.n_iter = len(self.iters)
        if not self.iters:
            raise ValueError("[PrefetchingIter] iters must hold at least one iterator; got none")
        for name, given in (("rename_data", rename_data), ("rename_label", rename_label)):
            if given is not None and len(given) != self.n_iter:
                raise ValueError(
                    f"[PrefetchingIter] {name} must have an entry for each of {self.n_iter} iterators; got {len(given)}"
                )
        self.rename_data, self.rename_label = rename_data, rename_label
        super().__init__(self.provide_data[0].shape[0])
        self._pool = ThreadPoolExecutor(self.n_iter, thread_name_prefix=THREADS)
        self._process = os.getpid()
        self._states = [state_of(it) for it in self.iters]  # behind the current batch
        self._pending: list[Future] = []
        self._ask()

    @property
    def provide_data(self) -> list[DataDesc]:
        """Descriptions of all data, renamed."""
        return [d for i, it in enumerate(self.iters) for d in renamed(it.provide_data, self.rename_data, i)]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Descriptions of all labels, renamed."""
        return [d for i, it in enumerate(self.iters) for d in renamed(it.provide_label, self.rename_label, i)]

    def _ask(self) -> None:
        self._pending = [self._pool.submit(take, it) for it in self.iters]

    def _wait(self) -> None:
        """Wait until the iterators have given, or failed to give, what was asked for."""
        if not self._pending:
            raise ValueError("[PrefetchingIter] the iterator is closed")
        if self._process != os.getpid():
            raise RuntimeError(
                "[PrefetchingIter] its threads stayed behind in the process that was forked; make a new one"
            )
        wait(self._pending)

    def _taken(self) -> list[tuple[DataBatch | None, Any]]:
        """Return what was asked for; an error in one of the iterators is raised, and the next batches asked for."""
        self._wait()
        try:
            return [future.result() for future in self._pending]
        except Exception:
            self._ask()
            raise

    def reset(self) -> None:
        """Begin the next epoch."""
        self._wait()
        for it in self.iters:
            it.reset()
        self._states = [state_of(it) for it in self.iters]
        self._ask()

    def iter_next(self) -> bool:
        """Go to the next batch; False at the end of the epoch."""
        taken = self._taken()
        ended = [batch is None for batch, _ in taken]
        if any(ended):
            if not all(ended):
                raise ValueError("[PrefetchingIter] all iterators must have the same number of batches")
            return False
        self._states = [state for _, state in taken]
        batches = [batch for batch, _ in taken if batch is not None]
        if len({batch.pad for batch in batches}) > 1:
            raise ValueError(f"[PrefetchingIter] all batches must have the same pad; got {[b.pad for b in batches]}")
        self.current_batch = DataBatch(
            [a for batch in batches for a in batch.data],
            [a for batch in batches for a in batch.label or []],
            batches[0].pad,
            batches[0].index,
            batches[0].bucket_key,
            self.provide_data,
            self.provide_label,
        )
        self._ask()
        return True

    def state_dict(self) -> dict[str, Any]:
        """Return the position behind the current batch, for `load_state_dict`."""
        if any(state is None for state in self._states):
            raise NotImplementedError("[PrefetchingIter] the position of one of the iterators cannot be saved")
        return {"inner": self._states}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved."""
        self._wait()
        for it, inner in zip(self.iters, state["inner"], strict=True):
            it.load_state_dict(inner)
        self._states = list(state["inner"])
        self._ask()

    def close(self) -> None:
        """End the threads."""
        self._pending = []
        self._pool.shutdown()

    def __enter__(self) -> PrefetchingIter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_pool"):
            # collected by one of its own threads, it cannot wait for that one
            own = threading.current_thread().name.startswith(THREADS)
            self._pool.shutdown(wait=not own, cancel_futures=True)


def take(it: DataIter) -> tuple[DataBatch | None, Any]:
    """Return the next batch and the position behind it; no batch at the end of the epoch."""
    try:
        batch = it.next()
    except StopIteration:
        return None, None
    return batch, state_of(it)


def state_of(it: DataIter) -> Any:
    """Return the position of an iterator, None if it cannot be saved."""
    try:
        return it.state_dict()
    except NotImplementedError:
        return None


def renamed(descs: list[DataDesc], rename: Sequence[dict[str, str]] | None, which: int) -> list[DataDesc]:
    """Return descriptions under their new names."""
    if rename is None:
        return descs
    pairs = [(d if isinstance(d, DataDesc) else DataDesc(*d)) for d in descs]
    return [DataDesc(rename[which].get(d.name, d.name), d.shape, d.dtype, d.layout) for d in pairs]
