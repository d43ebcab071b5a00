"""`ImageDetIter`: batches of images with labelled boxes, with augmenters in Python."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from paratrain import ndarray as nd
from paratrain.io.augment.boxes import BOTTOM, LEFT, RIGHT, TOP, parse
from paratrain.io.data import DataDesc
from paratrain.io.errors import RecordError
from paratrain.io.image.augmenters import MEAN, STD
from paratrain.io.image.detection import CreateDetAugmenter
from paratrain.io.image.iterator import ImageIter

log = logging.getLogger("paratrain.io")


class ImageDetIter(ImageIter):
    """Batches of images and the boxes in them, decoded and augmented in Python; `ImageDetRecordIter` is much faster.

    The labels of a batch are (batch_size, objects, width of an object), filled up with -1. Images that lose all their
    objects in the augmentation are left out.

    Parameters
    ----------
    batch_size, data_shape, path_imgrec, path_imglist, path_root, path_imgidx, shuffle, part_index, num_parts
        As for `ImageIter`; so are `imglist`, `data_name`, `last_batch_handle`.
    aug_list : list of DetAugmenter, optional
        Default ``CreateDetAugmenter(data_shape, **kwargs)``.
    label_name : str
        Default 'label'.
    **kwargs
        For `CreateDetAugmenter`.

    Attributes
    ----------
    label_shape : tuple of int
        Greatest number of objects in an image, and their width.
    """

    def __init__(
        self,
        batch_size: int,
        data_shape: tuple[int, int, int],
        path_imgrec: str | None = None,
        path_imglist: str | None = None,
        path_root: str | None = None,
        path_imgidx: str | None = None,
        shuffle: bool = False,
        part_index: int = 0,
        num_parts: int = 1,
        aug_list: list[Any] | None = None,
        imglist: list[Any] | None = None,
        data_name: str = "data",
        label_name: str = "label",
        last_batch_handle: str = "pad",
        **kwargs: Any,
    ) -> None:
        super().__init__(
            batch_size, data_shape, path_imgrec=path_imgrec, path_imglist=path_imglist, path_root=path_root,
            path_imgidx=path_imgidx, shuffle=shuffle, part_index=part_index, num_parts=num_parts, aug_list=[],
            imglist=imglist, data_name=data_name, label_name=label_name, last_batch_handle=last_batch_handle,
        )  # fmt: skip
        self.auglist = CreateDetAugmenter(self.data_shape, **kwargs) if aug_list is None else aug_list
        self.label_shape = self._estimate_label_shape()
        self.provide_label = [DataDesc(label_name, (batch_size, *self.label_shape))]

    def _estimate_label_shape(self) -> tuple[int, int]:
        """Return the greatest number of objects, and their width, which all images must have in common."""
        shapes = [(key, self._objects(key, self._sample(key)[0]).shape) for key in self.seq]
        width = shapes[0][1][1]
        for key, shape in shapes:
            if shape[1] != width:
                raise RecordError(
                    f"[ImageDetIter] {self._where(key)} has objects of {shape[1]} numbers, the first image of {width}"
                )
        return max(shape[0] for _, shape in shapes), width

    def _objects(self, key: Any, label: Any) -> np.ndarray:
        """Return the objects of a label, (objects, width)."""
        raw = label.asnumpy() if isinstance(label, nd.NDArray) else np.asarray(label, np.float32)
        try:
            _, objects = parse(raw.reshape(-1))
        except RecordError as err:
            raise RecordError(f"[ImageDetIter] {self._where(key)}: {err}") from err
        if not len(objects):
            raise RecordError(f"[ImageDetIter] {self._where(key)} has no object with an area")
        return objects

    def _try(self, key: Any, label: Any, content: bytes, row: tuple[np.ndarray, np.ndarray]) -> bool:
        """Fill a row; False where no object is left."""
        objects = self._objects(key, label)
        try:
            image = self.imdecode(content)
        except RecordError as err:
            raise RecordError(f"[ImageDetIter] {self._where(key)}: {err}") from err
        self.check_valid_image([image])
        pixels, objects = self.augmentation_transform(image, objects)
        real = (objects[:, 0] >= 0) & (objects[:, RIGHT] > objects[:, LEFT]) & (objects[:, BOTTOM] > objects[:, TOP])
        if not real.any():
            log.debug("[ImageDetIter] %s is left out: no object is left in it", self._where(key))
            return False
        self._put(self.postprocess_data(pixels), row[0], key)
        row[1][...] = -1
        row[1][: len(objects)] = objects
        return True

    def augmentation_transform(self, data: Any, label: Any = None) -> Any:
        """Apply the augmenters to an image and its label."""
        augmenters: list[Any] = self.auglist
        for augmenter in augmenters:
            data, label = augmenter(data, label)
        return data, label

    def reshape(
        self, data_shape: tuple[int, int, int] | None = None, label_shape: tuple[int, int] | None = None
    ) -> None:
        """Change the shape of images, labels or both; the augmenters stay as they are."""
        if data_shape is not None:
            self.check_data_shape(data_shape)
            self.data_shape = (data_shape[0], data_shape[1], data_shape[2])
            self.provide_data = [DataDesc(self.provide_data[0].name, (self.batch_size, *data_shape))]
        if label_shape is not None:
            self.check_label_shape(label_shape)
            self.label_shape = (label_shape[0], label_shape[1])
            self.provide_label = [DataDesc(self.provide_label[0].name, (self.batch_size, *label_shape))]

    def check_label_shape(self, label_shape: tuple[int, int]) -> None:
        """Refuse a label shape that has no room for the labels there are."""
        if len(label_shape) != 2:
            raise ValueError(f"[ImageDetIter] label_shape must be (objects, width); got {label_shape!r}")
        if label_shape[0] < self.label_shape[0]:
            raise ValueError(
                f"[ImageDetIter] label_shape must have room for {self.label_shape[0]} objects; got {label_shape[0]}"
            )
        if label_shape[1] != self.label_shape[1]:
            raise ValueError(
                f"[ImageDetIter] the objects have {self.label_shape[1]} numbers; label_shape has {label_shape[1]}"
            )

    def sync_label_shape(self, it: ImageDetIter, verbose: bool = False) -> ImageDetIter:
        """Give this iterator and `it` the same label shape, the larger one of both; returns `it`."""
        if not isinstance(it, ImageDetIter):
            raise TypeError(f"[ImageDetIter] it must be an ImageDetIter; got {type(it).__name__}")
        if self.label_shape[1] != it.label_shape[1]:
            raise ValueError(
                f"[ImageDetIter] objects must have the same width; got {self.label_shape[1]} and {it.label_shape[1]}"
            )
        shape = (max(self.label_shape[0], it.label_shape[0]), self.label_shape[1])
        if verbose and self.label_shape != it.label_shape:
            log.info("[ImageDetIter] label_shape of both is now %s", shape)
        for one in (self, it):
            one.reshape(label_shape=shape)
        return it

    def draw_next(
        self,
        color: tuple[int, int, int] | None = None,
        thickness: int = 2,
        mean: Any = None,
        std: Any = None,
        clip: bool = True,
        waitKey: int | None = None,
        window_name: str = "draw_next",
        id2labels: dict[int, str] | None = None,
    ) -> Iterator[np.ndarray]:
        """Yield the images that follow, augmented, with their boxes drawn.

        Parameters
        ----------
        color : tuple of int, optional
            Of the boxes (red, green, blue); default a random one for each.
        thickness : int
            Of their lines in pixels.
        mean, std : True, array or None
            What was subtracted and divided by; undone. True means ImageNet's.
        clip : bool
            Limit values to 0 ... 255 first.
        waitKey : None
            Windows are not opened here, as OpenCV does: show or save what is yielded.
        window_name : str
            Not used without windows.
        id2labels : dict, optional
            Names by class, written into the boxes.

        Yields
        ------
        uint8 array (height, width, 3), channels in the order blue, green, red
        """
        if waitKey is not None:
            raise NotImplementedError(
                "[ImageDetIter] draw_next opens no windows: leave waitKey out and show its images"
            )
        while True:
            try:
                label, content = self.next_sample()
            except StopIteration:
                return
            objects = self._objects(self._keys[self.cur - 1], label)
            data, objects = self.augmentation_transform(self.imdecode(content), objects)
            pixels = data.asnumpy().astype(np.float32)
            if std is not None:
                pixels = pixels * np.array(STD if std is True else std, np.float32)
            if mean is not None:
                pixels = pixels + np.array(MEAN if mean is True else mean, np.float32)
            if clip:
                pixels = pixels.clip(0, 255)
            yield draw_boxes(pixels.astype(np.uint8), objects, color, thickness, id2labels)[:, :, ::-1]


def draw_boxes(
    pixels: np.ndarray,
    objects: np.ndarray,
    color: tuple[int, int, int] | None = None,
    thickness: int = 2,
    names: dict[int, str] | None = None,
) -> np.ndarray:
    """Return an image with the boxes of objects drawn.

    Parameters
    ----------
    pixels : uint8 array, shape (height, width, 3)
    objects : array, shape (objects, 5 or more)
        Class, left, top, right, bottom as shares of the image; those whose class is negative are left out.
    color : tuple of int, optional
        Red, green, blue; default a random one for each box.
    thickness : int
        Of the lines in pixels.
    names : dict, optional
        Text by class.
    """
    image = Image.fromarray(np.ascontiguousarray(pixels))
    draw = ImageDraw.Draw(image)
    for row in objects:
        if row[0] < 0:
            continue
        corners = (row[1:5] * [image.width, image.height, image.width, image.height]).astype(int)
        ink = tuple(map(int, np.random.randint(0, 256, 3) if color is None else color))
        left, top, right, bottom = (int(edge) for edge in corners)
        draw.rectangle((left, top, max(left, right), max(top, bottom)), outline=ink, width=thickness)
        if names is not None and int(row[0]) in names:
            draw.text((left + 5, top + 3), names[int(row[0])], fill=(255, 255, 255))
    return np.asarray(image)
