"""What a run computed, step by step, for ``paratrain compare``."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.graph.ir import topological
from paratrain.module.batches import without_padding
from paratrain.module.packing import pack

__all__ = ["VARIABLE", "Recorder"]

#: The file to write; set by ``paratrain compare``.
VARIABLE = "PARATRAIN_RECORD"


class Recorder:
    """Writes one line of JSON for each step and epoch; made on every rank, rank 0 writes. Its calls are collectives.

    Parameters
    ----------
    path : path
    module : Module
        With an optimizer.
    metric : EvalMetric
        Evaluated for each batch by itself.
    """

    def __init__(self, path: str | os.PathLike[str], module: Any, metric: Any) -> None:
        self._path, self._module = Path(path), module
        self._metric = copy.deepcopy(metric)
        if module.world.rank == 0:
            self._path.write_text("")
        self._write(kind="begin", **self._about(), **self._parameters())

    @classmethod
    def wanted(cls, module: Any, metric: Any) -> Recorder | None:
        """Make one if ``PARATRAIN_RECORD`` names a file. A collective."""
        path = os.environ.get(VARIABLE)
        return cls(path, module, metric) if path else None

    def step(self, epoch: int, nbatch: int, batch: Any) -> None:
        """Record a step that was made; `batch` is None where this rank had none."""
        module = self._module
        self._metric.reset()
        if batch is not None:
            module._score_batch(self._metric, batch)
        self._metric.reduce(module.world)
        samples = np.array(_fingerprint(batch), np.int64)
        module.world.allreduce(samples, "the record of a step")
        self._write(
            kind="step",
            epoch=epoch,
            batch=nbatch,
            rows=int(samples[0]),
            samples=int(samples[1]),
            rate=float(module._optimizer.learning_rate),
            figures=dict(self._metric.get_name_value()),
        )

    def epoch(self, epoch: int, figures: list[tuple[str, float]]) -> None:
        """Record the end of an epoch: its results, and the parameters in a file of their own."""
        self._write(kind="epoch", epoch=epoch, figures=dict(figures), **self._parameters())
        if self._module.world.rank == 0:
            nd.save(str(self._path.with_suffix(".params")), pack(*self._module.get_params()))

    def _about(self) -> dict[str, Any]:
        module = self._module
        nodes = [n for n in topological(module.symbol._entries) if n.op is not None]
        rows = module.data_shapes[0].shape[0]
        return {
            "ranks": module.world.size,
            "rows": int(module.world.size * rows),
            "random": [n.name for n in nodes if n.op is not None and n.op.draws(n.attrs)],
            "norms": [n.name for n in nodes if n.op is not None and n.op.name == "BatchNorm"],
            "compressed": getattr(getattr(module, "_kvstore", None), "compression", None) is not None,
        }

    def _parameters(self) -> dict[str, Any]:
        """Norm of each parameter on rank 0, and how many different sets of them the ranks have."""
        args, _ = self._module.get_params()
        values = {name: array.asnumpy() for name, array in args.items()}
        digest = hashlib.sha256(b"".join(value.tobytes() for value in values.values())).hexdigest()
        different = len(set(self._module.world.allgather_object(digest)))
        norms = {name: float(np.linalg.norm(value.astype(np.float64))) for name, value in values.items()}
        return {"norms of parameters": norms, "different": different}

    def _write(self, **line: Any) -> None:
        if self._module.world.rank == 0:
            with self._path.open("a") as file:
                file.write(json.dumps(line) + "\n")


def _fingerprint(batch: Any) -> tuple[int, int]:
    """Number of samples, and a sum over them that does not depend on their order or on how ranks divide them."""
    batch = batch if batch is None or not batch.pad else without_padding(batch)
    if batch is None:
        return 0, 0
    arrays = [array.asnumpy() for array in (*batch.data, *(batch.label or []))]
    size = len(arrays[0])
    arrays = [array for array in arrays if array.ndim and len(array) == size]
    return size, sum(
        zlib.crc32(b"".join(np.ascontiguousarray(a[row]).tobytes() for a in arrays)) for row in range(size)
    )
