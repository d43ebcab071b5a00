"""Find the first number of a step that is none: on which rank, in which operator, from which samples.

Before each update the outputs and the summed gradients are looked at: one pass over arrays that were written just
before. Only if there is an infinity or NaN is the step run again, without any pass of the
compiler, node by node and with the same random numbers, to find where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.base import ParatrainError, item_size
from paratrain.ext import engine
from paratrain.graph import passes
from paratrain.graph.compile import compile_graph
from paratrain.graph.ir import topological
from paratrain.ndarray import NDArray
from paratrain.ops.rules import product

__all__ = ["Finding", "NanCheck", "NotFiniteError", "find_first"]


class NotFiniteError(ParatrainError):
    """A step has computed infinity or NaN; the message says where."""


@dataclass(frozen=True)
class Finding:
    """Where a number that is none comes from.

    Attributes
    ----------
    what : str
        Such as ``"operator exp of node e"``, with the line that made it.
    rows : list of int or None
        Rows of the batch in which it is; None where that cannot be told.
    """

    what: str
    rows: list[int] | None


class NanCheck:
    """Looks at every step of a module.

    Parameters
    ----------
    module : Module
        With an optimizer.
    """

    def __init__(self, module: Any) -> None:
        self.module = module
        self._step = (0, 0)
        self._batch: Any = None

    def begin(self, epoch: int, nbatch: int, batch: Any) -> None:
        """Take notice of the step that begins; `batch` is None where this rank has none."""
        self._step, self._batch = (epoch, nbatch), batch

    def outputs(self) -> None:
        """Look at the outputs of the step, unless `gradients` is about to do so in one go.

        Raises
        ------
        NotFiniteError
            If one holds infinity or NaN.
        """
        if not self.module.inspects_gradients and not all_finite(self._outputs()):
            self._raise([self._find()])

    def _outputs(self) -> list[Any]:
        return [array for executor in self._executors() for array in executor.outputs]

    def gradients(self, sums: list[Any]) -> None:
        """Look at the outputs of this rank and the sums of the gradients over the ranks.

        Raises
        ------
        NotFiniteError
            On every rank if a sum holds infinity or NaN, on this one if an output does.
        """
        good, world = all_finite([*self._outputs(), *sums]), self.module.world
        if self.module.shards_optimizer:  # each rank sees its part only
            good = all(world.allgather_object(good))
        elif not good and all_finite(sums):  # no other rank knows of it
            self._raise([self._find()])
        if not good:
            self._raise(world.allgather_object(self._find()))

    def _executors(self) -> list[Any]:
        return self.module._exec_group.execs if self._batch is not None else []

    def _find(self) -> str:
        """What this rank has to say, with its number; empty if its own numbers are good."""
        for executor, part in zip(self._executors(), self.module._exec_group.slices, strict=False):
            found = find_first(executor)
            if found is not None:
                world = self.module.world
                return f"rank {world.rank} of {world.size}: {found.what}{self._samples(found.rows, part)}"
        return ""

    def _samples(self, rows: list[int] | None, part: slice) -> str:
        batch = self._batch
        index = getattr(batch, "index", None)
        size = batch.data[0].shape[0]
        ids = np.arange(size) if index is None else np.asarray(index)
        kind = "rows of the batch" if index is None else "ids of the samples"
        if rows is not None and len(ids) == size:
            return f"; {kind} with it: {_listed(ids[part][rows])}"
        return f"; {kind}: {_listed(ids)}"

    def _raise(self, findings: list[str]) -> None:
        epoch, nbatch = self._step
        said = [finding for finding in findings if finding]
        if not said:
            said = [
                "run again, the step of every rank is finite: the sum of the gradients has overflowed, or one that was "
                "kept from a batch before (accumulate)"
            ]
        raise NotFiniteError(
            f"[nan_check] epoch {epoch}, batch {nbatch}: a number is infinite or NaN. " + "; ".join(said) + ". The "
            "parameters are those before this step"
        )


def all_finite(arrays: list[Any]) -> bool:
    """Whether arrays of floats hold finite numbers only; others count as finite."""
    floats = [array for array in arrays if array.dtype_str in ("float32", "float64", "float16", "bfloat16")]
    return not floats or bool(nd.multi_all_finite(*floats, num_arrays=len(floats)).asscalar())


def find_first(executor: Any) -> Finding | None:
    """Run the last step of an executor again, node by node, up to the first result that is not finite.

    Parameters
    ----------
    executor : Executor
        Its arguments are those of the step. Nothing of it is changed.

    Returns
    -------
    Finding or None
        None if everything is finite.
    """
    for name, array in (*executor.arg_dict.items(), *executor.aux_dict.items()):
        values = array.asnumpy()
        if not _finite(values):
            where = "before the step, " + (
                "an input or parameter" if name in executor.arg_dict else "an auxiliary state"
            )
            return Finding(f"{where}, {name}, holds {_kind(values)}", _rows(values, executor, name))
    places = {node.name: node.place for node in topological(executor._symbol._entries)}
    with passes.disabled():
        compiled = compile_graph(
            executor._symbol._entries,
            executor._descs(),
            executor._ctx.device_typeid,
            True,
            {name: "null" if req == "null" else "write" for name, req in executor._grad_req.items()},
            loss_scale=executor.loss_scale is not None,
        )
    compiled.allocate(executor._device)
    device_type, device_id = executor._device
    arena = engine.Storage(device_type, device_id, compiled.lowered.arena_bytes, exact=True)
    compiled.program.bind(0, arena)
    arrays = _own_results(executor, compiled)
    compiled.bind(arrays)
    for number, step in enumerate(compiled.lowered.steps):
        compiled.program.run(number, number + 1, *executor._last_key, executor._stream())
        for value in step.outs:
            shape, dtype, layout = value.desc
            size = product(shape) if layout is None else layout.nbytes // item_size(dtype)
            slot = value.buffer.slot
            if slot:
                bound = arrays[compiled.lowered.slots[slot - 1]]
                array = NDArray(bound.storage, bound.offset + value.buffer.offset, (size,), dtype)
            else:
                array = NDArray(arena, value.buffer.offset, (size,), dtype)
            found = array.asnumpy()
            if not _finite(found):
                rows = None
                if layout is None and shape and shape[0] == _batch_rows(executor):
                    rows = _bad_rows(found.reshape(shape))
                return Finding(f"{_described(step, places)} is the first with {_kind(found)}", rows)
    return None


def _own_results(executor: Any, compiled: Any) -> dict[str, Any]:
    """Arrays for the program: the executor's own for what it reads, others for what it changes."""
    arrays = executor._arrays(())
    for name in compiled.lowered.slots:
        changed = name.startswith(("output:", "grad:")) or name in executor.aux_dict
        if changed:
            arrays[name] = arrays[name].copy()
    return arrays


def _described(step: Any, places: dict[str, str]) -> str:
    """Operator, node and line of a step; a step of backward is that of the node before ``_backward``."""
    name = step.name
    node = name if name in places else name.split("_backward")[0]
    place = f", made at {places[node]}" if places.get(node) else ""
    return f"operator {step.op} of node {name}{place},"


def _finite(values: np.ndarray) -> bool:
    return values.dtype.kind in "biu" or bool(np.isfinite(values).all())


def _kind(values: np.ndarray) -> str:
    nan = bool(np.isnan(values).any())
    return "NaN" if nan else "infinity"


def _batch_rows(executor: Any) -> int:
    return next(iter(executor.outputs)).shape[0] if executor.outputs and executor.outputs[0].shape else -1


def _rows(values: np.ndarray, executor: Any, name: str) -> list[int] | None:
    parameter = executor.grad_dict.get(name) is not None or name in executor.aux_dict
    return None if parameter or not values.ndim else _bad_rows(values)


def _bad_rows(values: np.ndarray) -> list[int]:
    return np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(axis=1)).tolist()


def _listed(ids: np.ndarray) -> str:
    shown = ", ".join(str(each) for each in ids[:16].tolist())
    return shown + (f", … ({len(ids)} in all)" if len(ids) > 16 else "")
