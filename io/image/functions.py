"""Functions on single images: reading, resizing, cutting, borders, rotation.

Images are NDArrays (height, width, channels); sizes are (width, height), as in MXNet. Random choices are taken from
Python's ``random``.
"""

from __future__ import annotations

import math
import os
import random
import warnings
from numbers import Number
from typing import Any

import numpy as np

from paratrain import ndarray as nd
from paratrain.io import native
from paratrain.io.augment.interpolation import AUTO, CUBIC, METHODS, RANDOM, chosen
from paratrain.io.decode import ImageError, open_image, own_channels, swap_red_blue, to_channels
from paratrain.io.errors import RecordError, file_error_from

# by OpenCV's numbers, which are what MXNet takes, whatever its documentation says
BORDERS = {0: "constant", 1: "edge", 2: "symmetric", 3: "wrap", 4: "reflect"}
ISOLATED = 16  # OpenCV's flag that a border does not look outside of a part; there is no outside here


def pixels_of(image: Any, owner: str) -> np.ndarray:
    """Return the elements of an image given as NDArray or NumPy array.

    Raises
    ------
    TypeError, ValueError
        If it is none of them, or not (height, width, channels).
    """
    array = image.asnumpy() if isinstance(image, nd.NDArray) else image
    if not isinstance(array, np.ndarray):
        raise TypeError(f"[{owner}] an image must be an NDArray or a NumPy array; got {type(image).__name__}")
    if array.ndim != 3 or not array.size:
        raise ValueError(f"[{owner}] an image must have shape (height, width, channels); got {array.shape}")
    return array


def imread(filename: str | os.PathLike[str], flag: int = 1, to_rgb: bool = True, out: Any = None) -> nd.NDArray:
    """Read and decode an image file.

    Parameters
    ----------
    filename : str
    flag : {1, 0, -1}
        Three channels, grey, or as it is; default 1.
    to_rgb : bool
        Channels in the order red, green, blue; otherwise blue first. Default True.
    out : NDArray, optional
        Where to put it.

    Returns
    -------
    NDArray, uint8 (height, width, channels)

    Raises
    ------
    RecordFileError
        If the file cannot be read.
    RecordError
        If it is no image; the text names the file.
    """
    try:
        with open(filename, "rb") as file:
            data = file.read()
    except OSError as err:
        raise file_error_from(err, "cannot read the image") from err
    try:
        return _given(_decoded(data, flag, to_rgb), out)
    except ImageError as err:
        raise RecordError(f"[imread] {os.fspath(filename)}: {err}") from err


def imdecode(buf: Any, flag: int = 1, to_rgb: bool = True, out: Any = None) -> nd.NDArray:
    """Decode an image.

    Parameters
    ----------
    buf : bytes, bytearray, NumPy array or NDArray of uint8
        An image file's content.
    flag, to_rgb, out
        As for `imread`.

    Returns
    -------
    NDArray, uint8 (height, width, channels)

    Raises
    ------
    RecordError
        If it is no image.
    ValueError
        If `buf` is of another type.
    """
    if isinstance(buf, nd.NDArray):
        buf = buf.asnumpy()
    if not isinstance(buf, bytes | bytearray | memoryview | np.ndarray):
        raise ValueError(f"[imdecode] buf must be bytes, a bytearray or an array of uint8; got {type(buf).__name__}")
    try:
        return _given(_decoded(bytes(buf), flag, to_rgb), out)
    except ImageError as err:
        raise RecordError(f"[imdecode] {err}") from err


def _decoded(data: bytes, flag: int, to_rgb: bool) -> np.ndarray:
    if flag not in (-1, 0, 1):
        raise ValueError(f"[imdecode] flag must be 1 (colour), 0 (grey) or -1 (as it is); got {flag!r}")
    image = open_image(data)
    channels = own_channels(image) if flag < 0 else 3 if flag else 1
    pixels = np.asarray(to_channels(image, channels))
    if channels == 1:
        return np.ascontiguousarray(pixels[:, :, np.newaxis])
    return np.ascontiguousarray(pixels) if to_rgb else swap_red_blue(pixels)


def _given(pixels: np.ndarray, out: Any) -> nd.NDArray:
    if out is None:
        return nd.from_numpy(np.array(pixels))
    out[:] = nd.from_numpy(np.array(pixels))
    return out


def imresize(src: Any, w: int, h: int, interp: int = 1, out: Any = None) -> nd.NDArray:
    """Resize an image.

    Parameters
    ----------
    src : NDArray, uint8 or float32
    w, h : int
        Pixels of the result.
    interp : int
        0 nearest, 1 bilinear, 2 cubic, 3 area, 4 Lanczos, 9 cubic to enlarge and area to shrink, 10 at random; default
        1.
    out : NDArray, optional
        Where to put it.

    Returns
    -------
    NDArray, shape (h, w, channels)
    """
    pixels = np.ascontiguousarray(pixels_of(src, "imresize"))
    if min(w, h) < 1:
        raise ValueError(f"[imresize] w and h must be at least 1; got {w} and {h}")
    method = interp_method(interp, (*pixels.shape[:2], h, w))
    if pixels.dtype == np.uint8 and pixels.shape[2] in (1, 3, 4):
        resized: np.ndarray = native.resample(pixels, int(h), int(w), method)
    elif pixels.dtype in (np.uint8, np.float32):
        floats = native.resample_floats(pixels.astype(np.float32, copy=False), int(h), int(w), method)
        resized = floats.round().clip(0, 255).astype(np.uint8) if pixels.dtype == np.uint8 else floats
    else:
        raise TypeError(f"[imresize] an image must be of uint8 or float32; got {pixels.dtype}")
    return _given(resized, out)


def interp_method(interp: int, sizes: tuple[int, ...] = ()) -> int:
    """Return one of the five methods of interpolation.

    Parameters
    ----------
    interp : int
        As for `imresize`.
    sizes : tuple of int
        (old height, old width, new height, new width), for 9; without it that means cubic.
    """
    if interp not in METHODS:
        raise ValueError(f"[image] the method of interpolation must be one of {METHODS}; got {interp!r}")
    if interp == RANDOM:
        return random.randint(0, 4)
    if interp == AUTO:
        return chosen(AUTO, (sizes[0], sizes[1]), (sizes[2], sizes[3])) if sizes else CUBIC
    return interp


def scale_down(src_size: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Return `size`, made smaller with its proportions kept so that it fits into `src_size`; both (width, height).

    Examples
    --------
    >>> from paratrain.image import scale_down
    >>> scale_down((640, 480), (720, 120))
    (640, 106)
    """
    width, height = map(float, size)
    if height > src_size[1]:
        width, height = width * src_size[1] / height, src_size[1]
    if width > src_size[0]:
        width, height = src_size[0], height * src_size[0] / width
    return int(width), int(height)


def resize_short(src: Any, size: int, interp: int = 2) -> nd.NDArray:
    """Resize an image so that its shorter edge has `size` pixels; `interp` as for `imresize`."""
    height, width = src.shape[:2]
    new_width, new_height = (size, size * height // width) if height > width else (size * width // height, size)
    return imresize(src, new_width, new_height, interp_method(interp, (height, width, new_height, new_width)))


def fixed_crop(
    src: Any, x0: int, y0: int, w: int, h: int, size: tuple[int, int] | None = None, interp: int = 2
) -> nd.NDArray:
    """Cut out the window (w, h) at (x0, y0), and resize it to `size` (width, height) if given."""
    height, width = src.shape[:2]
    if not (x0 >= 0 and y0 >= 0 and 0 < w <= width - x0 and 0 < h <= height - y0):
        raise ValueError(
            f"[fixed_crop] a window of {w} x {h} pixels at ({x0}, {y0}) must lie inside the image of {width} x {height}"
        )
    out = nd.from_numpy(np.array(pixels_of(src, "fixed_crop")[y0 : y0 + h, x0 : x0 + w]))
    if size is not None and (w, h) != tuple(size):
        out = imresize(out, *size, interp=interp_method(interp, (h, w, size[1], size[0])))
    return out


Window = tuple[int, int, int, int]


def random_crop(src: Any, size: tuple[int, int], interp: int = 2) -> tuple[nd.NDArray, Window]:
    """Cut out a window of `size` (width, height) at a random place.

    Of an image that is smaller as much as there is is taken, and enlarged to `size`.

    Returns
    -------
    image : NDArray
    window : tuple of int
        (x, y, width, height) in `src`.
    """
    height, width = src.shape[:2]
    w, h = scale_down((width, height), size)
    x, y = random.randint(0, width - w), random.randint(0, height - h)
    return fixed_crop(src, x, y, w, h, size, interp), (x, y, w, h)


def center_crop(src: Any, size: tuple[int, int], interp: int = 2) -> tuple[nd.NDArray, Window]:
    """Cut out a window of `size` (width, height) in the centre; otherwise as `random_crop`."""
    height, width = src.shape[:2]
    w, h = scale_down((width, height), size)
    x, y = (width - w) // 2, (height - h) // 2
    return fixed_crop(src, x, y, w, h, size, interp), (x, y, w, h)


def random_size_crop(
    src: Any, size: tuple[int, int], area: Any, ratio: tuple[float, float], interp: int = 2, **kwargs: Any
) -> tuple[nd.NDArray, Window]:
    """Cut out a window of random area and proportions at a random place, and resize it to `size` (width, height).

    Parameters
    ----------
    src : NDArray
    size : tuple of int
    area : float or tuple of float
        Least (and greatest; default 1) share of the image.
    ratio : tuple of float
        Least and greatest width relative to the height.
    interp : int
        As for `imresize`.

    Returns
    -------
    image : NDArray
    window : tuple of int
        (x, y, width, height) in `src`. If no window was found in ten trials: that of `center_crop`.
    """
    area = _area(area, kwargs, "random_size_crop")
    height, width = src.shape[:2]
    for _ in range(10):
        wanted = random.uniform(*area) * height * width
        proportion = math.exp(random.uniform(math.log(ratio[0]), math.log(ratio[1])))
        w, h = round(math.sqrt(wanted * proportion)), round(math.sqrt(wanted / proportion))
        if 1 <= w <= width and 1 <= h <= height:
            x, y = random.randint(0, width - w), random.randint(0, height - h)
            return fixed_crop(src, x, y, w, h, size, interp), (x, y, w, h)
    return center_crop(src, size, interp)


def _area(area: Any, kwargs: dict[str, Any], owner: str) -> tuple[float, float]:
    """Return least and greatest area; `min_area` is its old name."""
    if "min_area" in kwargs:
        warnings.warn(f"[{owner}] min_area is deprecated; use area", DeprecationWarning, stacklevel=3)
        area = kwargs.pop("min_area")
    if kwargs:
        raise TypeError(f"[{owner}] there is no parameter {next(iter(kwargs))!r}")
    return (float(area), 1.0) if isinstance(area, Number) else (float(area[0]), float(area[1]))  # type: ignore[arg-type]


def color_normalize(src: Any, mean: Any, std: Any = None) -> nd.NDArray:
    """Return ``(src - mean) / std``; `mean` or `std` None leaves that out."""
    if mean is not None:
        src = src - mean
    return src if std is None else src / std


def copyMakeBorder(
    src: Any,
    top: int,
    bot: int,
    left: int,
    right: int,
    type: int = 0,
    value: float = 0.0,
    values: tuple[float, ...] = (),
    out: Any = None,
) -> nd.NDArray:
    """Put a border around an image.

    Parameters
    ----------
    src : NDArray
    top, bot, left, right : int
        Its width in pixels.
    type : int
        0 one value, 1 the pixel at the edge, 2 mirrored with the edge (cba|abcdef), 3 from the other side,
        4 mirrored without the edge (dcb|abcdef).
    value : float
        For type 0.
    values : tuple of float
        For type 0, a value for each channel.
    out : NDArray, optional
        Where to put it.
    """
    pixels = pixels_of(src, "copyMakeBorder")
    mode = BORDERS.get(type & ~ISOLATED)
    if mode is None:
        raise ValueError(f"[copyMakeBorder] type must be one of {', '.join(map(str, BORDERS))}; got {type}")
    widths = ((top, bot), (left, right), (0, 0))
    if min(top, bot, left, right) < 0:
        raise ValueError(f"[copyMakeBorder] a border must not be negative; got {(top, bot, left, right)}")
    if mode != "constant":
        return _given(np.pad(pixels, widths, mode=mode), out)  # type: ignore[call-overload] # one of its modes
    fill = tuple(values) or (value,)
    if len(fill) not in (1, pixels.shape[2]):
        raise ValueError(f"[copyMakeBorder] values must have one value for each channel; got {values}")
    height, width, channels = pixels.shape
    bordered = np.empty((top + height + bot, left + width + right, channels), pixels.dtype)
    bordered[:] = fill
    bordered[top : top + height, left : left + width] = pixels
    return _given(bordered, out)


def imrotate(src: Any, rotation_degrees: Any, zoom_in: bool = False, zoom_out: bool = False) -> nd.NDArray:
    """Rotate one or several images about their centres.

    Parameters
    ----------
    src : NDArray, float32
        (channels, height, width), or several (N, channels, height, width).
    rotation_degrees : float, or NDArray with an angle for each image
    zoom_in : bool
        Enlarge so that nothing of the outside is seen.
    zoom_out : bool
        Make smaller so that all of the image is seen.

    Returns
    -------
    NDArray of the shape of `src`; what lies outside of the image is 0.
    """
    if zoom_in and zoom_out:
        raise ValueError("[imrotate] zoom_in and zoom_out cannot both be True")
    if np.dtype(src.dtype) != np.float32:
        raise TypeError(f"[imrotate] src must be of float32; got {np.dtype(src.dtype)}")
    if src.ndim not in (3, 4):
        raise ValueError(f"[imrotate] src must have 3 or 4 axes; got {src.ndim}")
    if src.ndim == 3:
        if not isinstance(rotation_degrees, Number):
            raise TypeError("[imrotate] one image has one angle: rotation_degrees must be a number")
        return imrotate(src.expand_dims(axis=0), rotation_degrees, zoom_in, zoom_out)[0]
    count, _, height, width = src.shape
    if isinstance(rotation_degrees, Number):
        angles = np.full(count, float(rotation_degrees))  # type: ignore[arg-type]
    else:
        angles = np.asarray(rotation_degrees.asnumpy(), float).reshape(-1)
    if len(angles) != count:
        raise ValueError(
            f"[imrotate] rotation_degrees must have an angle for each of {count} images; got {len(angles)}"
        )
    grid = np.stack([_rotated_grid(math.radians(angle), height, width, zoom_in, zoom_out) for angle in angles])
    return nd.BilinearSampler(src, nd.array(grid, ctx=src.context, dtype=np.float32))


def _rotated_grid(angle: float, height: int, width: int, zoom_in: bool, zoom_out: bool) -> np.ndarray:
    """Return where each pixel of a rotated image comes from, (2, height, width): x and y from -1 to 1."""
    y, x = np.mgrid[:height, :width].astype(float)
    y_centre, x_centre = (height - 1) / 2, (width - 1) / 2
    y, x = y - y_centre, x - x_centre
    cos, sin = math.cos(angle), math.sin(angle)
    grid = np.stack([(x * cos - y * sin) / max(x_centre, 0.5), (x * sin + y * cos) / max(y_centre, 0.5)])
    if zoom_in or zoom_out:
        # the smallest upright rectangle around the rotated image, relative to the image
        wide = (abs(cos) * width + abs(sin) * height) / width
        tall = (abs(sin) * width + abs(cos) * height) / height
        grid *= max(wide, tall) if zoom_out else min(1 / wide, 1 / tall)
    return grid


def random_rotate(
    src: Any, angle_limits: tuple[float, float], zoom_in: bool = False, zoom_out: bool = False
) -> nd.NDArray:
    """Rotate one or several images by random angles within `angle_limits`, in degrees; otherwise as `imrotate`."""
    if src.ndim == 3:
        return imrotate(src, float(np.random.uniform(*angle_limits)), zoom_in, zoom_out)
    angles = nd.array(np.random.uniform(*angle_limits, size=src.shape[0]))
    return imrotate(src, angles, zoom_in, zoom_out)
