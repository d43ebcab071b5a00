"""Checking the parameters of iterators."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Sequence
from typing import Any, NoReturn

import numpy as np

from paratrain.io.errors import ParameterError
from paratrain.io.order import Order
from paratrain.io.records import RecordSet

DTYPES = {"float32": np.float32, "float16": np.float16, "uint8": np.uint8, "int8": np.int8}  # of images


class Checker:
    """Checks parameters of one iterator and names the one that is wrong.

    Parameters
    ----------
    owner : str
        Name of the iterator, for messages.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def fail(self, text: str) -> NoReturn:
        """Raise a `ParameterError`."""
        raise ParameterError(f"[{self.owner}] {text}")

    def required(self, name: str, value: Any) -> None:
        """Refuse a missing value."""
        if value is None or value == "":
            self.fail(f"{name} is required")

    def whole(self, name: str, value: Any, low: int | None = None, high: int | None = None) -> int:
        """Return a whole number between `low` and `high`."""
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            self.fail(f"{name} must be a whole number; got {value!r}")
        if (low is not None and value < low) or (high is not None and value > high):
            limits = f"at least {low}" if high is None else f"from {low} to {high}"
            self.fail(f"{name} must be {limits}; got {value}")
        return int(value)

    def number(self, name: str, value: Any) -> float:
        """Return a finite number."""
        if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not np.isfinite(value):
            self.fail(f"{name} must be a number; got {value!r}")
        return float(value)

    def flag(self, name: str, value: Any) -> bool:
        """Return a truth value; 0 and 1 serve as well."""
        if not isinstance(value, bool | np.bool_) and value not in (0, 1):
            self.fail(f"{name} must be True or False; got {value!r}")
        return bool(value)

    def one_of(self, name: str, value: Any, choices: Sequence[Any]) -> Any:
        """Return `value`, which must be one of `choices`."""
        if value not in choices:
            self.fail(f"{name} must be one of {', '.join(map(repr, choices))}; got {value!r}")
        return value

    def dtype(self, value: Any, default: str) -> Any:
        """Return the type of a batch of images, given as a type or by its name."""
        name = default if value is None else value if isinstance(value, str) else np.dtype(value).name
        return DTYPES[self.one_of("dtype", name, list(DTYPES))]

    def path(self, name: str, value: Any) -> str:
        """Return a path as text."""
        if not isinstance(value, str | os.PathLike):
            self.fail(f"{name} must be the name of a file; got {value!r}")
        return os.fspath(value)

    def image_shape(self, value: Any) -> tuple[int, int, int]:
        """Return (channels, height, width)."""
        self.required("data_shape", value)
        if not isinstance(value, Sequence) or len(value) != 3:
            self.fail(f"data_shape must be (channels, height, width); got {value!r}")
        channels, height, width = (self.whole("data_shape", v, 1) for v in value)
        if channels not in (1, 3, 4):
            self.fail(f"data_shape must have 1, 3 or 4 channels; got {tuple(value)}")
        return channels, height, width

    def records(self, path_imgrec: Any, path_imgidx: Any) -> RecordSet:
        """Return the records of a file, found by its index if there is one."""
        path = self.path("path_imgrec", path_imgrec)
        return RecordSet(path, self.path("path_imgidx", path_imgidx) if path_imgidx else None)

    def order(
        self,
        records: RecordSet,
        batch_size: Any,
        num_parts: Any,
        part_index: Any,
        shuffle: Any,
        seed: int,
        round_batch: Any,
        shuffle_chunk_size: Any,
        shuffle_chunk_seed: Any,
    ) -> Order:
        """Return how the records are dealt out, from the parameters of the iterator."""
        num_parts = self.whole("num_parts", num_parts, 1)
        if num_parts > len(records):
            self.fail(f"num_parts={num_parts}, but there are only {len(records)} records")
        shuffled = self.flag("shuffle", shuffle)
        chunk_size = self.whole("shuffle_chunk_size", shuffle_chunk_size, 0)
        if chunk_size and not shuffled:
            self.fail("shuffle_chunk_size needs shuffle=True")
        return Order(
            len(records),
            self.whole("batch_size", batch_size, 1),
            num_parts,
            self.whole("part_index", part_index, 0, num_parts - 1),
            shuffled,
            seed,
            roll_over=self.flag("round_batch", round_batch) and not shuffled,
            chunks=records.chunks(chunk_size) if chunk_size else (),
            chunk_seed=self.whole("shuffle_chunk_seed", shuffle_chunk_seed),
        )

    def seeds(self, seed: Any, seed_aug: Any, num_parts: Any) -> tuple[int, int]:
        """Return the seeds of the order and of the augmentation.

        Where they are not given, `mx.random.seed` decides, if it was called; else they are 0. The order of several
        parts must be the same everywhere, and programs seed their ranks differently: there it decides on the
        augmentation only.
        """
        from paratrain import random

        general = random.given_seed() or 0
        order = (general if num_parts == 1 else 0) if seed is None else self.whole("seed", seed)
        if seed_aug is not None:
            return order, self.whole("seed_aug", seed_aug)
        return order, general if seed is None else order

    def known(self, given: Iterable[str], names: Container[str]) -> None:
        """Refuse parameters that are not among `names`."""
        for name in given:
            if name not in names:
                self.fail(f"there is no parameter {name!r}")
