"""Encoded images to arrays and back: JPEG by the pipeline's own decoder where it can, all else by Pillow."""

from __future__ import annotations

import io
import threading
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from paratrain.io import native
from paratrain.io.errors import RecordError

# EXIF tag of the orientation, for which most files have 1: as it is
ORIENTATION = 0x0112
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class ImageError(ValueError):
    """Bytes that cannot be decoded as an image; the text gives the reason."""


def open_image(data: bytes | memoryview) -> Image.Image:
    """Decode an image completely, turned the way its EXIF data ask for.

    Raises
    ------
    ImageError
        If the bytes are no image or a damaged one.
    """
    if not data:
        raise ImageError("the image has no bytes")
    try:
        image: Image.Image = Image.open(io.BytesIO(data))
        image.load()
        if "exif" in image.info and image.getexif().get(ORIENTATION, 1) != 1:
            image = ImageOps.exif_transpose(image)
    except Image.UnidentifiedImageError:
        raise ImageError(f"not an image in a known format (begins with {bytes(data[:8]).hex(' ')})") from None
    except Exception as err:  # Pillow raises many kinds for damaged data (OSError, SyntaxError, struct.error ...)
        raise ImageError(f"{type(err).__name__}: {err}") from err
    return image


def to_channels(image: Image.Image, channels: int) -> Image.Image:
    """Convert to 1 (grey), 3 (RGB) or 4 (RGBA) channels of 8 bits; transparency is dropped, not blended.

    Raises
    ------
    ImageError
        If there is no way from the image's colours to these, such as from Lab.
    """
    mode = MODES[channels]
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif image.mode in ("I", "F"):
        image = Image.fromarray((np.asarray(image) / 256).clip(0, 255).astype(np.uint8))
    try:
        return image if image.mode == mode else image.convert(mode)
    except ValueError as err:
        raise ImageError(str(err)) from err


def own_channels(image: Image.Image) -> int:
    """Return how many channels an image has as it is: 1 grey, 4 where colours have transparency, else 3."""
    if image.mode in ("1", "L", "LA", "I", "F") or image.mode.startswith("I;16"):
        return 1
    return 4 if image.mode in ("RGBA", "PA") or "transparency" in image.info else 3


def decode(data: bytes | memoryview, channels: int, part: tuple[int, int, int, int] | None = None) -> np.ndarray:
    """Decode to an array of 8 bits.

    Parameters
    ----------
    data : bytes
        An image file in any format Pillow reads.
    channels : {1, 3, 4}
        Grey, RGB or RGBA.
    part : tuple of int, optional
        (top, left, height, width) of the part of the image to decode; default all of it.

    Returns
    -------
    uint8 array, shape (height, width, channels)
    """
    box = None if part is None else (part[0], part[1], part[0] + part[2], part[1] + part[3])
    decoded = _decode_jpeg(data, channels, box)
    if decoded is not None:
        return decoded
    pixels = np.asarray(to_channels(open_image(data), channels))
    pixels = pixels[:, :, np.newaxis] if channels == 1 else pixels
    return pixels if box is None else np.ascontiguousarray(pixels[box[0] : box[2], box[1] : box[3]])


_thread = threading.local()


def _decode_jpeg(data: bytes | memoryview, channels: int, box: tuple[int, int, int, int] | None) -> np.ndarray | None:
    """Decode a usual JPEG file, to the same pixels as Pillow; None where Pillow has to."""
    decoder: native.JpegDecoder | None = getattr(_thread, "decoder", None)
    if decoder is None:
        decoder = _thread.decoder = native.JpegDecoder()
    try:
        return decoder.decode(data, channels, box)
    except RecordError as err:
        raise ImageError(str(err)) from err


def imdecode(data: bytes, iscolor: int = -1) -> np.ndarray:
    """Decode as OpenCV does: channels in the order blue, green, red.

    Parameters
    ----------
    iscolor : {-1, 0, 1}
        As it is, grey, or colour.

    Returns
    -------
    uint8 array, shape (height, width) for grey images, else (height, width, 3 or 4)
    """
    image = open_image(data)
    channels = own_channels(image) if iscolor < 0 else 3 if iscolor else 1
    pixels = np.asarray(to_channels(image, channels))
    return pixels if channels == 1 else swap_red_blue(pixels)


def swap_red_blue(pixels: np.ndarray) -> np.ndarray:
    """Reverse the order of the first three channels; (height, width, 3 or 4)."""
    order = [2, 1, 0, 3][: pixels.shape[2]]
    return np.ascontiguousarray(pixels[:, :, order])


def imencode(pixels: np.ndarray, quality: int = 95, img_fmt: str = ".jpg") -> bytes:
    """Encode an array whose channels are in the order blue, green, red.

    Parameters
    ----------
    pixels : uint8 array, shape (height, width) or (height, width, 1, 3 or 4)
    quality : int
        JPEG: 1 to 100. PNG: strength of the compression, 0 to 9.
    img_fmt : {'.jpg', '.jpeg', '.png'}

    Raises
    ------
    ValueError
        If one of the arguments is not as above.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or not pixels.size:
        raise ValueError(f"[imencode] an image is a uint8 array (H, W) or (H, W, C); got {pixels.dtype} {pixels.shape}")
    if pixels.ndim == 3 and pixels.shape[2] not in MODES:
        raise ValueError(f"[imencode] an image has 1, 3 or 4 channels; got shape {pixels.shape}")
    if pixels.ndim == 3:
        pixels = pixels[:, :, 0] if pixels.shape[2] == 1 else swap_red_blue(pixels)
    return encode_image(Image.fromarray(pixels), quality, img_fmt)


def encode_image(image: Image.Image, quality: int, img_fmt: str) -> bytes:
    """Encode a Pillow image; arguments as for `imencode`."""
    kind = img_fmt.lower()
    options: dict[str, Any]
    if kind in (".jpg", ".jpeg"):
        name, options, low, high = "JPEG", {"quality": quality}, 1, 100
        if image.mode not in ("L", "RGB"):
            image = image.convert("RGB")
    elif kind == ".png":
        name, options, low, high = "PNG", {"compress_level": quality}, 0, 9
    else:
        raise ValueError(f"[imencode] img_fmt must be one of '.jpg', '.jpeg', '.png'; got {img_fmt!r}")
    if not low <= quality <= high:
        raise ValueError(f"[imencode] quality of {name} must be from {low} to {high}; got {quality}")
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()
