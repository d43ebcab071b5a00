"""Packing images into a record file: as they are, and resized to a shorter edge of 256 and encoded again.

MXNet's tool is the script that its package brings, with as many worker processes; it is run as its users run it, with
the time it takes to start left out (that of packing one image). It needs OpenCV, which `make bench-peers` installs.
The images are those of the folder that IMAGES names; otherwise JPEG files of 640 x 480 are made up in .bench/images.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path

import numpy as np

IMAGES = 2_000
MADE_UP = Path(__file__).resolve().parent.parent / ".bench" / "images"
WAYS = {"pass-through images/s": ["--pass-through"], "resize images/s": ["--resize", "256"]}


def packing_rate(library: str, options: Namespace) -> dict[str, float]:
    tool = [sys.executable, "-m", "paratrain", "im2rec"] if library == "paratrain" else _mxnet_tool()
    tool += ["--num-thread", os.environ.get("OMP_NUM_THREADS", str(os.cpu_count() or 1))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images = _images()
        _write_list(folder / "all.lst", images, IMAGES)
        _write_list(folder / "one.lst", images, 1)
        root = str(images[0].parent)
        found = {}
        for measure, way in WAYS.items():
            start = _best([*tool, *way, str(folder / "one"), root])
            found[measure] = IMAGES / (_best([*tool, *way, str(folder / "all"), root]) - start)
        return found


def _best(command: list[str], times: int = 2) -> float:
    """Seconds that a command takes, the least of some runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stderr[-1000:]}")
        taken.append(time.perf_counter() - began)
    return min(taken)


def _mxnet_tool() -> list[str]:
    package = importlib.util.find_spec("mxnet")
    if package is None or package.origin is None:
        raise RuntimeError("mxnet is not installed in this Python")
    return [sys.executable, str(Path(package.origin).parent / "tools" / "im2rec.py")]


def _images() -> list[Path]:
    """Paths of the images, all in one folder."""
    folder = Path(os.environ.get("IMAGES", MADE_UP))
    if folder == MADE_UP and not folder.exists():
        _make_up(folder)
    found = sorted(folder.glob("*.jpg"))
    if not found:
        raise FileNotFoundError(f"[im2rec] IMAGES must be a folder with .jpg files; got {folder}")
    return found


def _make_up(folder: Path) -> None:
    """Images with smooth areas and some grain, about 25 kB each. Needs Pillow: paratrain's turn is the first."""
    from PIL import Image

    random = np.random.RandomState(0)
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        for number in range(100):
            coarse = random.randint(0, 256, (12, 16, 3)).astype(np.uint8)
            smooth = np.asarray(Image.fromarray(coarse).resize((640, 480), Image.BICUBIC), int)
            pixels = (smooth + random.randint(-6, 7, (480, 640, 1))).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(Path(name) / f"{number:02d}.jpg", quality=70)
        os.rename(name, folder)
        os.mkdir(name)  # for the context to remove


def _write_list(path: Path, images: list[Path], count: int) -> None:
    lines = (f"{number}\t{number % 10}\t{images[number % len(images)].name}\n" for number in range(count))
    path.write_text("".join(lines))


if __name__ == "__main__":
    from timing import run

    run({name: lambda o, name=name: packing_rate(name, o) for name in ("paratrain", "mxnet")})
