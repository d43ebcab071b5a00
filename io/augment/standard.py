"""The transforms that `ImageRecordIter`'s parameters ask for, in MXNet's order."""

from __future__ import annotations

from typing import Any

import numpy as np

from paratrain.io.augment.crop import Crop
from paratrain.io.augment.mirror import Mirror
from paratrain.io.augment.normalise import Normalise
from paratrain.io.augment.resize import Resize
from paratrain.io.augment.transform import Transform
from paratrain.io.parameters import Checker


def geometry(
    check: Checker, shape: tuple[int, int, int], resize: Any, rand_crop: Any, mirror: Any, rand_mirror: Any
) -> list[Transform]:
    """Transforms that say which pixels are seen where.

    Parameters
    ----------
    check : Checker
        Of the iterator.
    shape : tuple of int
        (channels, height, width) of the result.
    resize, rand_crop, mirror, rand_mirror
        Parameters of the iterator.
    """
    transforms: list[Transform] = []
    if check.whole("resize", resize, -1) > 0:
        transforms.append(Resize(resize))
    transforms.append(Crop(shape[1], shape[2], random=check.flag("rand_crop", rand_crop)))
    if check.flag("mirror", mirror):
        transforms.append(Mirror())
    if check.flag("rand_mirror", rand_mirror):
        transforms.append(Mirror(random=True))
    return transforms


def values(check: Checker, dtype: type, mean: dict[str, Any], std: dict[str, Any], scale: Any) -> list[Transform]:
    """Transforms that say which number a pixel becomes; none where pixels stay as they are.

    Parameters
    ----------
    check : Checker
        Of the iterator.
    dtype : type
        Of the batch.
    mean, std : dict
        Parameters of the iterator for red, green, blue and alpha.
    scale
        Parameter of the iterator.
    """
    means = [check.number(name, value) for name, value in mean.items()]
    stds = [check.number(name, value) for name, value in std.items()]
    factor = check.number("scale", scale)
    for name, value in std.items():
        if value == 0:
            check.fail(f"{name} must not be 0")
    if not any(means) and all(s == 1 for s in stds) and factor == 1:
        return []
    if dtype is np.uint8:
        check.fail("mean, std and scale need dtype='float32', 'float16' or 'int8'; got dtype='uint8'")
    return [Normalise(means, stds, factor)]
