"""Parameters of the record iterators: MXNet's names and defaults, and which of them are not available."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from paratrain.io.errors import ParameterError
from paratrain.io.order import Order

# MXNet's parameters that are accepted only at their default, with it
UNAVAILABLE: dict[str, Any] = {
    "aug_seq": "aug_default",
    "device_id": 0,
    "shuffle_chunk_size": 0,
    "shuffle_chunk_seed": 0,
    "random_resized_crop": False,
    "max_rotate_angle": 0,
    "max_aspect_ratio": 0,
    "min_aspect_ratio": None,
    "max_shear_ratio": 0,
    "max_crop_size": -1,
    "min_crop_size": -1,
    "max_random_scale": 1,
    "min_random_scale": 1,
    "max_random_area": 1,
    "min_random_area": 1,
    "max_img_size": 1e10,
    "min_img_size": 0,
    "brightness": 0,
    "contrast": 0,
    "saturation": 0,
    "pca_noise": 0,
    "random_h": 0,
    "random_s": 0,
    "random_l": 0,
    "rotate": -1,
    "fill_value": 255,
    "inter_method": 1,
    "pad": 0,
    "mean_img": "",
    "max_random_contrast": 0,
    "max_random_illumination": 0,
}
ADVICE = {"shuffle_chunk_size": "shuffle=True gives a random order of the whole set", "shuffle_chunk_seed": "use seed"}


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

    def order(
        self, records: int, batch_size: Any, num_parts: Any, part_index: Any, shuffle: Any, seed: Any, round_batch: Any
    ) -> Order:
        """Return how `records` records are dealt out, from the parameters of the iterator."""
        num_parts = self.whole("num_parts", num_parts, 1)
        if num_parts > records:
            self.fail(f"num_parts={num_parts}, but there are only {records} records")
        shuffled = self.flag("shuffle", shuffle)
        return Order(
            records,
            self.whole("batch_size", batch_size, 1),
            num_parts,
            self.whole("part_index", part_index, 0, num_parts - 1),
            shuffled,
            self.whole("seed", seed),
            roll_over=self.flag("round_batch", round_batch) and not shuffled,
        )

    def unavailable(self, given: Mapping[str, Any]) -> None:
        """Refuse unknown parameters, and those of MXNet that are not available, unless at MXNet's default."""
        for name, value in given.items():
            if name not in UNAVAILABLE:
                self.fail(f"there is no parameter {name!r}")
            if value != UNAVAILABLE[name]:
                advice = f"; {ADVICE[name]}" if name in ADVICE else ""
                self.fail(f"{name}={value!r} is not available, only MXNet's default {UNAVAILABLE[name]!r}{advice}")
