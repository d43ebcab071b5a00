"""Adding gradients up over the ranks while backward still runs.

The flat gradient buffer of an executor is cut into buckets, in the order in which backward completes gradients. One
thread waits for the last gradient of a bucket, adds the bucket up over the ranks, and goes on to the next, while the
main thread computes the gradients of the layers before.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from paratrain.base import item_size
from paratrain.ext import engine
from paratrain.kvstore.bucket_size import DEFAULT_BYTES, measured
from paratrain.kvstore.compare import Entry, check_same
from paratrain.kvstore.compression import Compression
from paratrain.kvstore.shared import SharedArrays
from paratrain.kvstore.transport import World
from paratrain.kvstore.worker import Task, Worker

__all__ = ["Bucket", "ExchangeStats", "GradientExchange", "cut"]

#: From this many bytes of gradients on there are at least two buckets, so that there is something to hide.
SPLIT_BYTES = 1 << 20


@dataclass(frozen=True)
class Bucket:
    """A slice of the flat gradient buffer.

    Attributes
    ----------
    start, stop : int
        First element, and the one behind the last.
    count : int
        How many gradients of the layout must be complete before it is.
    names : str
        First and last parameter in it, for messages.
    """

    start: int
    stop: int
    count: int
    names: str


def cut(
    layout: Sequence[tuple[str, int, int]], total: int, itemsize: int = 4, bucket_bytes: int = DEFAULT_BYTES
) -> list[Bucket]:
    """Cut a flat buffer into buckets between parameters.

    Parameters
    ----------
    layout : sequence of (str, int, int)
        Name, offset and size in elements of each parameter, in order of the offsets.
    total : int
        Elements of the buffer.
    itemsize : int, default 4
        Bytes of an element.
    bucket_bytes : int
        A bucket ends with the parameter that makes it as large as this, or larger.

    Returns
    -------
    list of Bucket
        They cover the buffer without gaps.

    Raises
    ------
    ValueError
        If `bucket_bytes` is less than 1.

    Examples
    --------
    >>> cut([("b", 0, 10), ("a", 16, 500), ("c", 516, 4)], 520, 4, 1024)
    [Bucket(start=0, stop=516, count=2, names='b … a'), Bucket(start=516, stop=520, count=3, names='c')]
    """
    if bucket_bytes < 1:
        raise ValueError(f"[kvstore] a bucket must have at least 1 byte; got {bucket_bytes}")
    if total * itemsize > SPLIT_BYTES:
        bucket_bytes = min(bucket_bytes, total * itemsize // 2)
    ends = [offset for _, offset, _ in layout[1:]] + [total]
    buckets: list[Bucket] = []
    start, first = 0, 0
    for number, end in enumerate(ends):
        if (end - start) * itemsize >= bucket_bytes or end == total:
            names = layout[first][0] if first == number else f"{layout[first][0]} … {layout[number][0]}"
            buckets.append(Bucket(start, end, number + 1, names))
            start, first = end, number + 1
    return buckets


@dataclass
class ExchangeStats:
    """How long adding up over ranks took, and how much of it was hidden.

    Attributes
    ----------
    steps, buckets, nbytes : int
        Number of steps, of buckets and of bytes added up.
    communicating : float
        Seconds from a complete bucket to its sum, waiting for slower ranks included.
    waited : float
        Seconds the main thread waited for sums after its own backward had ended.
    """

    steps: int = 0
    buckets: int = 0
    nbytes: int = 0
    communicating: float = 0.0
    waited: float = 0.0

    @property
    def hidden(self) -> float:
        """Share of the communication behind which computing went on, 0 to 1."""
        return max(0.0, 1.0 - self.waited / self.communicating) if self.communicating else 0.0

    def __str__(self) -> str:
        per = 1e3 / max(1, self.steps)
        return (
            f"{self.steps} steps: {self.nbytes / max(1, self.steps) / 1e6:.2f} MB in "
            f"{self.buckets / max(1, self.steps):.1f} buckets, communicating {self.communicating * per:.3f} ms, "
            f"waited {self.waited * per:.3f} ms per step, {self.hidden:.0%} hidden"
        )


@functools.cache
def _worker() -> Worker:
    return Worker("paratrain communication")


class GradientExchange:
    """The gradients of one network, added up over the ranks.

    Making one is a collective: the ranks compare what they are about to add up.

    Parameters
    ----------
    world : World
        The ranks.
    layout : sequence of (str, int, int)
        As `Executor.layout`.
    flat : NDArray, shape (n,)
        The flat gradient buffer.
    shapes : dict of str to tuple of int
        Shapes of the parameters, for the comparison.
    others : sequence of (str, NDArray)
        Gradients that are not in the flat buffer (of other types than float32), added up after it.
    bucket_bytes : int, optional
        See `cut`; by default `bucket_size.measured`.
    compression : Compression, optional
        Send the flat gradients compressed.
    shared : SharedArrays, optional
        Of which `flat` is this rank's array.
    shards : list of int, optional
        Bounds of the elements of `flat` that each rank wants the sums of, one more than ranks; by default all want all.

    Attributes
    ----------
    buckets : list of Bucket
    stats : ExchangeStats

    Raises
    ------
    ParatrainError
        If the ranks have different networks.
    """

    def __init__(
        self,
        world: World,
        layout: Sequence[tuple[str, int, int]],
        flat: Any,
        shapes: dict[str, tuple[int, ...]],
        others: Sequence[tuple[str, Any]] = (),
        bucket_bytes: int | None = None,
        compression: Compression | None = None,
        shared: SharedArrays | None = None,
        shards: list[int] | None = None,
    ) -> None:
        entries = [Entry(name, shapes[name], flat.dtype_str) for name, _, _ in layout]
        check_same(world, "gradients", entries + [Entry(name, g.shape, g.dtype_str) for name, g in others])
        self.world = world
        self.flat = flat
        self.others = list(others)
        self.compression = compression
        self.shared = shared
        self.shards = shards
        self.before_sum: Callable[[int, int], None] = lambda start, stop: None  # of these elements, once complete
        self.stats = ExchangeStats()
        if bucket_bytes is None:
            bucket_bytes = measured(world, self._try_sum, flat.nbytes if layout and _on_host(flat) else 0)
        self.buckets = cut(layout, flat.size, item_size(flat.dtype_str), bucket_bytes) if layout else []
        self._slices = [flat[bucket.start : bucket.stop] for bucket in self.buckets]
        self._task: Task | None = None

    def _try_sum(self, nbytes: int) -> None:
        """Add up the first bytes of the flat gradients as a bucket would be; they mean nothing yet."""
        ranks, n = self.world.background(), nbytes // item_size(self.flat.dtype_str)
        if self.shared is not None:
            self.shared.add_up(ranks, 0, n, "a trial")
        else:
            ranks.allreduce(self.flat[:n], "a trial")

    @property
    def pending(self) -> bool:
        """Whether `begin` was called and `finish` was not."""
        return self._task is not None

    def begin(self, executor: Any) -> None:
        """Let the communication thread follow the backward that `executor` is about to run.

        Parameters
        ----------
        executor : Executor
            Its gradients lie in `flat`; its inputs have been given. Whatever it raises before backward runs would
            leave the thread waiting: then call `abandon`.
        """
        if self.pending:
            self.finish()
        executor.reset_marks()
        self._task = _worker().submit(lambda: self._follow(executor))

    def _follow(self, executor: Any) -> None:
        ranks = self.world.background()
        for bucket, part in zip(self.buckets, self._slices, strict=True):
            if not executor.wait_grad(bucket.count):
                return  # backward failed; the main thread has the error
            self._add_up(ranks, part, bucket)

    def _add_up(self, ranks: World, part: Any, bucket: Bucket) -> None:
        began = time.perf_counter()
        what = f"the gradients {bucket.names}"
        with engine.region("communication", f"sum {bucket.names}"):
            self.before_sum(bucket.start, bucket.stop)
            if self.shards is not None:
                self._add_up_shards(ranks, self.shards, bucket, what)
            elif self.compression is not None:
                self.compression.allreduce(ranks, bucket, part, what)
            elif self.shared is not None:
                self.shared.add_up(ranks, bucket.start, bucket.stop, what)
            else:
                ranks.allreduce(part, what)
        self.stats.communicating += time.perf_counter() - began
        self.stats.buckets += 1
        self.stats.nbytes += part.nbytes if self.compression is None else self.compression.nbytes(part.size)

    def _add_up_shards(self, ranks: World, shards: list[int], bucket: Bucket, what: str) -> None:
        if self.shared is not None:
            self.shared.scatter(ranks, bucket.start, bucket.stop, shards, what)
            return
        part = self.flat.to_numpy_view()[bucket.start : bucket.stop]
        edges = [min(max(edge, bucket.start), bucket.stop) - bucket.start for edge in shards]
        ranks.reduce_scatter(part, edges, what)

    def begin_idle(self) -> None:
        """Let the communication thread add up what the arrays hold now, for a rank that has no batch."""
        if self.pending:
            self.finish()
        self._task = _worker().submit(self._all_at_once)

    def _all_at_once(self) -> None:
        ranks = self.world.background()
        for bucket, part in zip(self.buckets, self._slices, strict=True):
            self._add_up(ranks, part, bucket)

    def finish(self) -> None:
        """Return when all gradients are added up. A collective, in the order of the steps.

        Raises
        ------
        BaseException
            What went wrong in the communication thread.
        """
        began = time.perf_counter()
        if self._task is None:
            for bucket, part in zip(self.buckets, self._slices, strict=True):
                self._add_up(self.world, part, bucket)
        else:
            task, self._task = self._task, None
            with engine.region("communication", "wait for the sums"):
                task.wait()
        for name, grad in self.others:
            self.world.allreduce(grad, f"the gradient {name}")
        self.stats.waited += time.perf_counter() - began
        self.stats.steps += 1

    def abandon(self, executor: Any) -> None:
        """Give up a step whose backward raised, so that nobody waits for its marks."""
        if self._task is not None:
            executor.fail_marks()
            self._task = None


def _on_host(array: Any) -> bool:
    return array.context.device_type != "gpu"
