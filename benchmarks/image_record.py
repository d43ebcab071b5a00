"""ImageRecordIter: photos resized to 256 pixels, cropped to 224, mirrored and normalised, in batches of 64.

The photos of the folder ``BENCHMARK_PHOTOS`` (JPEG files, such as those of BCCD) are packed as they are and once more
as copies of 500 x 375 pixels, each repeated to at least 2,000 records. Contestants: paratrain, MXNet, PyTorch's
DataLoader, as many bare threads (``simplejpeg``), and how fast simplejpeg decodes the photos and nothing else
(``decode``). The last three use libjpeg-turbo by way of simplejpeg, and OpenCV.
"""

from __future__ import annotations

import importlib
import io
import os
import struct
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from timing import apart, rate, threads

BATCH, EDGE, CROP = 64, 256, 224
RECORDS = 2_000  # at least
SMALL = 1_000_000  # records of the file whose first batch is timed
MEAN, STD = (123.7, 116.3, 103.5), (58.4, 57.1, 57.4)
FOLDER = Path(__file__).resolve().parent.parent / "build" / "benchmarks"
SIZES = ("as they are", "500 x 375")
HEADER = struct.calcsize("<IfQQ")


def record_file(name: str) -> Path:
    path = FOLDER / f"photos {name}.rec"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; the contestant paratrain writes it")
    return path


def write_records() -> None:
    """Pack the photos, and a file of many small records."""
    from PIL import Image

    from paratrain import recordio

    def write(name: str, images: list[bytes], count: int) -> None:
        path = FOLDER / f"photos {name}.rec"
        if path.exists():
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with recordio.MXIndexedRecordIO(str(path.with_suffix(".idx")), str(part), "w") as writer:
            for i in range(count):
                header = recordio.IRHeader(0, float(i % 10), i, 0)
                writer.write_idx(i, recordio.pack(header, images[i % len(images)]))
        part.rename(path)

    def resized(photo: bytes) -> bytes:
        out = io.BytesIO()
        Image.open(io.BytesIO(photo)).convert("RGB").resize((500, 375)).save(out, "JPEG", quality=90)
        return out.getvalue()

    photos = [path.read_bytes() for path in sorted(Path(os.environ["BENCHMARK_PHOTOS"]).glob("*.jpg"))]
    if not photos:
        raise FileNotFoundError(
            f"BENCHMARK_PHOTOS must be a folder of .jpg files; got {os.environ['BENCHMARK_PHOTOS']}"
        )
    count = -(-RECORDS // len(photos)) * len(photos)
    write(SIZES[0], photos, count)
    write(SIZES[1], [resized(photo) for photo in photos], count)
    small = io.BytesIO()
    Image.new("RGB", (16, 16)).save(small, "JPEG")
    write("small", [small.getvalue()], SMALL)


def each_size(
    batches: Callable[[Path], tuple[Callable[[], object], Callable[[], object]]], seconds: float
) -> dict[str, float]:
    """Images a second of what `batches` makes of a record file: a step, and how to wait for its end."""
    return {f"{size}: images/s": rate(*batches(record_file(size)), BATCH, seconds / len(SIZES)) for size in SIZES}


def forever(make: Callable[[], Iterator[Any]]) -> Callable[[], Any]:
    """A function that takes the next batch, epoch after epoch."""
    running = iter(())

    def step() -> Any:
        nonlocal running
        try:
            return next(running)
        except StopIteration:
            running = make()
            return next(running)

    return step


def iterator(mx: Any, path: Path, **options: Any) -> Any:
    channels = dict(zip(("mean_r", "mean_g", "mean_b", "std_r", "std_g", "std_b"), MEAN + STD, strict=True))
    return mx.io.ImageRecordIter(
        path_imgrec=str(path),
        path_imgidx=str(path.with_suffix(".idx")),
        batch_size=BATCH,
        shuffle=True,
        preprocess_threads=threads(),
        **{
            "data_shape": (3, CROP, CROP),
            "resize": EDGE,
            "rand_crop": True,
            "rand_mirror": True,
            **channels,
            **options,
        },
    )


def module_rates(library: str, options: Namespace) -> dict[str, float]:
    if options.part == "start":
        return first_batch(library)
    if library == "paratrain":
        write_records()
    mx = importlib.import_module(library)

    def batches(path: Path) -> tuple[Callable[[], object], Callable[[], object]]:
        it = iterator(mx, path)

        def epoch() -> Iterator[Any]:
            it.reset()
            return it

        step = forever(epoch)
        return lambda: step().data[0].wait_to_read(), lambda: None

    return each_size(batches, options.seconds) | apart(options, part="start")


def first_batch(library: str) -> dict[str, float]:
    """From making the iterator over a million small records to its first batch."""
    mx = importlib.import_module(library)
    mx.nd.zeros(1).wait_to_read()
    start = time.perf_counter()
    it = iterator(mx, record_file("small"), data_shape=(3, 8, 8), resize=8)
    it.next().data[0].wait_to_read()
    elapsed = time.perf_counter() - start
    status = Path("/proc/self/status").read_text().splitlines()
    resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return {"first of a million records: ms": elapsed * 1e3, "first of a million records: MB": resident / 1e3}


class Photos:
    """The records of a file, read by number, as a data set of PyTorch's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.with_suffix(".idx").read_text().splitlines()
        self.offsets = np.array([int(line.split("\t")[1]) for line in lines])
        self.file: Any = None

    def __len__(self) -> int:
        return len(self.offsets)

    def jpeg(self, number: int) -> bytes:
        """The encoded photo of a record."""
        if self.file is None:
            self.file = os.open(self.path, os.O_RDONLY)
        offset = int(self.offsets[number])
        size = struct.unpack("<I", os.pread(self.file, 4, offset + 4))[0] & 0x1FFFFFFF
        return os.pread(self.file, size - HEADER, offset + 8 + HEADER)

    def __getitem__(self, number: int) -> np.ndarray:
        return augmented(self.jpeg(number), np.empty((3, CROP, CROP), np.float32), np.random)


def augmented(jpeg: bytes, out: np.ndarray, random: Any) -> np.ndarray:
    """Write the photo's crop to `out`; the crop is cut out before it is resized."""
    import cv2
    import simplejpeg

    pixels = simplejpeg.decode_jpeg(jpeg)
    height, width = pixels.shape[:2]
    scale = min(height, width) / EDGE
    edge = int(CROP * scale)
    top, left = random.randint(height - edge + 1), random.randint(width - edge + 1)
    crop = cv2.resize(pixels[top : top + edge, left : left + edge], (CROP, CROP), interpolation=cv2.INTER_LINEAR)
    if random.randint(2):
        crop = cv2.flip(crop, 1)
    factor = 1 / np.array(STD, np.float32)[:, None, None]
    np.multiply(crop.transpose(2, 0, 1), factor, out=out)
    out -= np.array(MEAN, np.float32)[:, None, None] * factor
    return out


def torch_rates(options: Namespace) -> dict[str, float]:
    import cv2
    import torch

    cv2.setNumThreads(1)

    def batches(path: Path) -> tuple[Callable[[], object], Callable[[], object]]:
        data = torch.utils.data.DataLoader(
            Photos(path), BATCH, shuffle=True, num_workers=threads(), drop_last=True, persistent_workers=True
        )
        return forever(lambda: iter(data)), lambda: None

    return each_size(batches, options.seconds)


def thread_rates(options: Namespace) -> dict[str, float]:
    """The same by bare threads, which share the rows of a batch out among them."""
    import cv2

    cv2.setNumThreads(1)
    pool = ThreadPoolExecutor(threads())

    def batches(path: Path) -> tuple[Callable[[], object], Callable[[], object]]:
        photos, out = Photos(path), np.empty((BATCH, 3, CROP, CROP), np.float32)
        rngs = [np.random.RandomState(i) for i in range(threads())]

        def work(worker: int) -> None:
            for row in range(worker, BATCH, threads()):
                augmented(photos.jpeg(rngs[worker].randint(len(photos))), out[row], rngs[worker])

        return lambda: list(pool.map(work, range(threads()))), lambda: None

    return each_size(batches, options.seconds)


def decode_rates(options: Namespace) -> dict[str, float]:
    """simplejpeg decodes whole photos and drops them."""
    import simplejpeg

    pool = ThreadPoolExecutor(threads())

    def batches(path: Path) -> tuple[Callable[[], object], Callable[[], object]]:
        photos = Photos(path)
        jpegs = [photos.jpeg(number) for number in range(BATCH * 5)]
        numbers = np.random.RandomState(0)

        def work(chosen: np.ndarray) -> None:
            for number in chosen:
                simplejpeg.decode_jpeg(jpegs[number])

        def step() -> None:
            list(pool.map(work, np.array_split(numbers.randint(len(jpegs), size=BATCH), threads())))

        return step, lambda: None

    return each_size(batches, options.seconds)


if __name__ == "__main__":
    from timing import run

    run(
        {
            "paratrain": lambda o: module_rates("paratrain", o),
            "mxnet": lambda o: module_rates("mxnet", o),
            "torch": torch_rates,
            "simplejpeg": thread_rates,
            "decode": decode_rates,
        }
    )
