"""Batches for training a detector, and what is in them: a contact sheet of augmented images with their boxes.

    python detection_batches.py --data VOC --output out      # VOC/Annotations/*.xml, VOC/JPEGImages/*.jpg

packs the folder into out/train.rec, reads it in random windows, mirrored, on larger canvases and in changed colours,
and draws the first batches into out/sheet.png. A box that does not follow its object is seen at once there.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from paratrain.io import ImageDetRecordIter
from paratrain.io.image.det_iterator import draw_boxes

COLUMNS = 6
COLOURS = ((230, 25, 75), (60, 180, 75), (67, 99, 216), (245, 130, 49), (145, 30, 180))


def pack(data: Path, prefix: Path) -> None:
    """Pack a folder of Pascal VOC as it is; nothing to do where that was done before."""
    if not prefix.with_suffix(".rec").exists():
        command = [sys.executable, "-m", "paratrain", "im2rec", "--voc", "--pass-through", str(prefix), str(data)]
        subprocess.run(command, check=True)


def objects_of(label: np.ndarray) -> np.ndarray:
    """The objects in a row of a batch's label: class, left, top, right, bottom as shares of the image.

    The row holds channels, height and width of the image, how many numbers follow, and these: the width of a header,
    the width of an object, perhaps more header, the objects.
    """
    numbers = label[4 : 4 + int(label[3])]
    header, width = int(numbers[0]), int(numbers[1])
    return numbers[header:].reshape(-1, width)[:, :5]


def drawn(image: np.ndarray, objects: np.ndarray) -> np.ndarray:
    """An image (3, height, width) as (height, width, 3), its boxes in a colour for each class."""
    pixels = image.transpose(1, 2, 0)
    for found in objects:
        pixels = draw_boxes(pixels, found[np.newaxis], COLOURS[int(found[0]) % len(COLOURS)])
    return pixels


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="a folder of Pascal VOC")
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="for record file and sheet")
    parser.add_argument("--size", type=int, default=300, help="pixels of an image's edges (default: 300)")
    parser.add_argument("--batch-size", type=int, default=12, help="images of a batch (default: 12)")
    parser.add_argument("--batches", type=int, default=2, help="batches on the sheet (default: 2)")
    parser.add_argument("--seed", type=int, default=0, help="chooses order and windows (default: 0)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options.output.mkdir(parents=True, exist_ok=True)
    pack(options.data, options.output / "train")

    train = ImageDetRecordIter(
        str(options.output / "train.rec"),
        (3, options.size, options.size),
        options.batch_size,
        path_imgidx=str(options.output / "train.idx"),
        dtype="uint8",
        shuffle=True,
        seed=options.seed,
        rand_mirror_prob=0.5,
        rand_pad_prob=0.3,
        max_pad_scale=2.0,
        rand_crop_prob=0.7,
        num_crop_sampler=3,
        min_crop_scales=(0.3, 0.3, 0.5),
        max_crop_scales=1.0,
        min_crop_aspect_ratios=0.5,
        max_crop_aspect_ratios=2.0,
        min_crop_object_coverages=(0.5, 0.8, 0.95),
        max_random_hue=10,
        random_hue_prob=0.5,
        max_random_illumination=30,
        random_illumination_prob=0.5,
    )
    pictures, boxes = [], 0
    for _ in range(min(options.batches, train.num_batches)):
        batch = train.next()
        images, labels = batch.data[0].asnumpy(), batch.label[0].asnumpy()
        objects = [objects_of(label) for label in labels]
        boxes += sum(map(len, objects))
        pictures += [drawn(image, found) for image, found in zip(images, objects, strict=True)]
    train.close()
    sheet = Image.new("RGB", (COLUMNS * options.size, -(-len(pictures) // COLUMNS) * options.size), "white")
    for number, picture in enumerate(pictures):
        place = (number % COLUMNS * options.size, number // COLUMNS * options.size)
        sheet.paste(Image.fromarray(picture), place)
    sheet.save(options.output / "sheet.png")
    print(f"{options.output / 'sheet.png'}: {len(pictures)} images, {boxes} boxes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
