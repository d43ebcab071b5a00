"""ImageRecordIter with all colour or all geometric augmentations, ImageDetRecordIter with samplers of windows.

The photos of the folder ``BENCHMARK_PHOTOS`` are those of `image_record`: there the copies of 500 x 375 pixels, resized
to 256, cropped to 224, mirrored and normalised. For detection they are packed as they are with the boxes of
``../Annotations`` (Pascal VOC), and resized to 300 x 300.
"""

from __future__ import annotations

import importlib
import os
from argparse import Namespace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from image_record import FOLDER, MEAN, SIZES, forever, iterator, record_file, write_records
from timing import rate, threads

DETECTION_BATCH, DETECTION_EDGE = 32, 300
DETECTION_RECORDS = 1_000  # at least
COLOURS = {
    "brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "random_h": 18, "random_s": 30, "random_l": 30,
    "pca_noise": 0.1,
}  # fmt: skip
GEOMETRY = {
    "max_rotate_angle": 15, "max_shear_ratio": 0.1, "min_random_scale": 0.9, "max_random_scale": 1.2,
    "max_aspect_ratio": 0.2, "pad": 4,
}  # fmt: skip
WINDOWS = {
    "rand_crop_prob": 0.8, "num_crop_sampler": 5, "min_crop_scales": 0.3, "max_crop_scales": 1.0,
    "min_crop_aspect_ratios": 0.5, "max_crop_aspect_ratios": 2.0, "min_crop_overlaps": (0.1, 0.3, 0.5, 0.7, 0.9),
    "max_crop_trials": 25, "rand_mirror_prob": 0.5,
}  # fmt: skip
CANVAS = {"rand_pad_prob": 0.5, "max_pad_scale": 2.0}
DETECTION_COLOURS = {
    "max_random_hue": 18, "random_hue_prob": 0.5, "max_random_saturation": 32, "random_saturation_prob": 0.5,
    "max_random_illumination": 32, "random_illumination_prob": 0.5, "max_random_contrast": 0.5,
    "random_contrast_prob": 0.5,
}  # fmt: skip


def boxes_of(path: Path, classes: dict[str, int]) -> list[float]:
    """A label of the objects in a file of Pascal VOC."""
    top = ElementTree.parse(path).getroot()
    size = [float(top.findtext(f"size/{edge}", "1")) for edge in ("width", "height")] * 2
    label: list[float] = [2, 5]
    for found in top.iter("object"):
        places = [float(found.findtext(f"bndbox/{edge}", "0")) for edge in ("xmin", "ymin", "xmax", "ymax")]
        number = classes.setdefault(found.findtext("name", ""), len(classes))
        label += [number, *(min(place / of, 1.0) for place, of in zip(places, size, strict=True))]
    return label


def write_boxes() -> None:
    """Pack the photos with their boxes."""
    from paratrain import recordio

    path = FOLDER / "photos boxes.rec"
    if path.exists():
        return
    photos = Path(os.environ["BENCHMARK_PHOTOS"])
    notes = sorted((photos.parent / "Annotations").glob("*.xml"))
    if not notes:
        raise FileNotFoundError(f"the boxes of {photos} must be in {photos.parent / 'Annotations'}; there are none")
    classes: dict[str, int] = {}
    labelled = [(boxes_of(note, classes), (photos / f"{note.stem}.jpg").read_bytes()) for note in notes]
    labelled = [(label, photo) for label, photo in labelled if len(label) > 2]
    part = path.with_suffix(".part")
    with recordio.MXIndexedRecordIO(str(path.with_suffix(".idx")), str(part), "w") as writer:
        for i in range(-(-DETECTION_RECORDS // len(labelled)) * len(labelled)):
            label, photo = labelled[i % len(labelled)]
            writer.write_idx(i, recordio.pack(recordio.IRHeader(0, np.array(label, np.float32), i, 0), photo))
    part.rename(path)


def detection(mx: Any, **options: Any) -> Any:
    means = dict(zip(("mean_r", "mean_g", "mean_b"), MEAN, strict=True))
    return mx.io.ImageDetRecordIter(
        path_imgrec=str(record_file("boxes")),
        data_shape=(3, DETECTION_EDGE, DETECTION_EDGE),
        batch_size=DETECTION_BATCH,
        shuffle=True,
        preprocess_threads=threads(),
        verbose=False,
        **means,
        **options,
    )


def module_rates(library: str, options: Namespace) -> dict[str, float]:
    if library == "paratrain":
        write_records()
        write_boxes()
    mx = importlib.import_module(library)
    photos = record_file(SIZES[1])
    iterators = {
        "colours": lambda: iterator(mx, photos, **COLOURS),
        "geometry": lambda: iterator(mx, photos, **GEOMETRY),
        "detection": lambda: detection(mx, **WINDOWS),
        "detection, padded": lambda: detection(mx, **WINDOWS, **CANVAS),
        "detection, colours": lambda: detection(mx, **WINDOWS, **DETECTION_COLOURS),
    }
    return {f"{name}: images/s": measured(make(), options.seconds) for name, make in iterators.items()}


def measured(it: Any, seconds: float) -> float:
    """Images a second of an iterator, epoch after epoch."""

    def epoch() -> Any:
        it.reset()
        return it

    step = forever(epoch)
    return rate(lambda: step().data[0].wait_to_read(), lambda: None, it.batch_size, seconds)


if __name__ == "__main__":
    from timing import run

    run({library: lambda o, library=library: module_rates(library, o) for library in ("paratrain", "mxnet")})
