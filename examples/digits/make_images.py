"""Write scikit-learn's 1,797 scanned digits as image files: DIR/train/<digit>/*.png and DIR/test/<digit>/*.png.

Every fifth image of a digit is for testing. The scans are 8 x 8 pixels; they are enlarged to 28 x 28, the size of
MNIST, in the middle of 32 x 32, which leaves room for training on crops of 28 x 28 at random places.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

SIZE, CANVAS = 28, 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--format", choices=("png", "jpg"), default="png")
    options = parser.parse_args()

    digits = load_digits()
    seen: Counter[int] = Counter()
    for scan, digit in zip(digits.images, digits.target, strict=True):
        part = "test" if seen[digit] % 5 == 4 else "train"
        folder = options.directory / part / str(digit)
        folder.mkdir(parents=True, exist_ok=True)
        pixels = np.clip(scan * 255 / digits.images.max(), 0, 255).astype(np.uint8)
        digit_image = Image.fromarray(pixels).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
        image = Image.new("L", (CANVAS, CANVAS))
        image.paste(digit_image, ((CANVAS - SIZE) // 2,) * 2)
        image.save(folder / f"{seen[digit]:04d}.{options.format}")
        seen[digit] += 1
    print(f"{seen.total()} images of {len(seen)} digits in {options.directory}")


if __name__ == "__main__":
    main()
