"""Record what MXNet 1.9.1 makes of a few small images: writes ``index.json``, npz files and ``files/`` beside this.

    python tests/golden/augment/record.py        # with a Python that has MXNet 1.9.1

Only settings whose outcome does not depend on random numbers are recorded. The images are drawn here, smooth and with
some edges, and stored as PNG, so that decoding is exact.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import replay  # noqa: E402

BATCHES = """
def batches(it, limit=50):
    out = []
    for b in it:
        out.append({"data": [to_numpy(d) for d in b.data], "label": [to_numpy(d) for d in b.label], "pad": b.pad})
        if len(out) >= limit:
            break
    return out

kw = {k: tuple(v) if isinstance(v, list) else v for k, v in P["kwargs"].items()}
if kw.get("mean_img"):
    kw["mean_img"] = tmp("mean.bin")
"""
PROGRAMS = {
    "image_record": BATCHES
    + """
it = mx.io.ImageRecordIter(path_imgrec=path(P["rec"] + ".rec"), preprocess_threads=1, verbose=False, **kw)
result = {"batches": batches(it)}
if kw.get("mean_img"):
    it = None
    again = mx.io.ImageRecordIter(path_imgrec=path(P["rec"] + ".rec"), preprocess_threads=1, verbose=False, **kw)
    result["again"] = batches(again)
    result["mean"] = to_numpy(mx.nd.load(kw["mean_img"])["mean_img"])
""",
    "det_record": BATCHES
    + """
it = mx.io.ImageDetRecordIter(path_imgrec=path(P["rec"] + ".rec"), preprocess_threads=1, verbose=False, **kw)
result = {"batches": batches(it), "label": list(it.provide_label[0].shape)}
""",
    "iterator": BATCHES
    + """
rec = path(kw.pop("rec"))
if kw.pop("idx", False):
    kw["path_imgidx"] = rec + ".idx"
it = getattr(mx.image, P["iterator"])(path_imgrec=rec + ".rec", **kw)
epochs = [batches(it)]
it.reset()
epochs.append(batches(it))
result = {"epochs": epochs, "data": list(it.provide_data[0][1]), "label": list(it.provide_label[0][1])}
""",
    "image": """
image = nd("image")
result = eval(P["code"], {"mx": mx, "np": np, "image": image, "A": A, "functools": __import__("functools")})
if isinstance(result, tuple):
    result = list(result)
""",
}
RESIZED = {"atol": 3.0, "fraction": 0.02, "mean": 0.6}
EXACT = {"atol": 0.002}

WHOLE = [3, 20, 24]
IMAGES: list[tuple[dict, dict]] = [
    ({"data_shape": WHOLE, "rotate": 30}, RESIZED),
    ({"data_shape": WHOLE, "rotate": 90, "fill_value": 0}, RESIZED),
    ({"data_shape": WHOLE, "rotate": 200, "fill_value": 100, "inter_method": 3}, RESIZED),
    ({"data_shape": WHOLE, "rotate": 45, "inter_method": 2}, RESIZED),
    ({"data_shape": WHOLE, "rotate": 45, "inter_method": 4}, RESIZED),
    ({"data_shape": [3, 12, 12], "max_random_scale": 0.75, "min_random_scale": 0.75}, RESIZED),
    ({"data_shape": WHOLE, "max_random_scale": 1.5, "min_random_scale": 1.5}, RESIZED),
    ({"data_shape": WHOLE, "max_aspect_ratio": 1.5, "min_aspect_ratio": 1.5}, RESIZED),
    ({"data_shape": WHOLE, "max_img_size": 16.0}, RESIZED),
    ({"data_shape": WHOLE, "min_img_size": 30.0, "fill_value": 9}, RESIZED),
    ({"data_shape": WHOLE, "rotate": 20, "resize": 26, "pad": 2}, RESIZED),
    ({"data_shape": [3, 26, 30], "pad": 3}, EXACT),
    ({"data_shape": [3, 24, 28], "pad": 3, "fill_value": 7, "mirror": True}, EXACT),
    ({"data_shape": [3, 10, 10], "max_crop_size": 16, "min_crop_size": 16}, RESIZED),
    ({"data_shape": [3, 10, 12], "max_crop_size": 8, "min_crop_size": 8, "inter_method": 2}, RESIZED),
    ({"data_shape": [3, 18, 18], "random_resized_crop": True}, EXACT),
    *[({"data_shape": [3, 12, 14], "resize": 14, "inter_method": m}, RESIZED) for m in (0, 1, 2, 3, 4, 9)],
    *[({"data_shape": [3, 30, 30], "resize": 33, "inter_method": m}, RESIZED) for m in (0, 1, 2, 3, 4, 9)],
    ({"data_shape": WHOLE, "mean_img": True}, EXACT),
    ({"data_shape": [3, 12, 14], "mean_img": True}, EXACT),
    ({"data_shape": WHOLE, "mirror": True, "mean_r": 3.0, "mean_g": 4.0, "mean_b": 5.0, "scale": 0.5}, EXACT),
    ({"data_shape": [1, 20, 24], "rotate": 30, "pad": 1}, {**RESIZED, "mean": 1.2}),
]
DETECTION: list[tuple[dict, dict]] = [
    ({"data_shape": [3, 10, 10]}, RESIZED),
    ({"data_shape": [3, 10, 10], "resize_mode": "shrink"}, RESIZED),
    ({"data_shape": [3, 30, 26], "resize_mode": "shrink"}, EXACT),
    ({"data_shape": [3, 30, 26], "resize_mode": "fit"}, RESIZED),
    ({"data_shape": [3, 30, 26], "resize_mode": "fit", "mean_r": 3.0, "mean_g": 4.0, "mean_b": 5.0}, RESIZED),
    ({"data_shape": WHOLE, "rand_mirror_prob": 1.0}, RESIZED),
    ({"data_shape": WHOLE, "rand_mirror_prob": 1.0, "label_pad_width": 25, "label_pad_value": -3.0}, RESIZED),
    ({"data_shape": WHOLE, "resize": 10}, RESIZED),
    ({"data_shape": WHOLE, "scale": 0.25, "std_r": 2.0, "std_g": 3.0, "std_b": 4.0}, RESIZED),
    ({"data_shape": [3, 14, 14], "inter_method": 3}, RESIZED),
]
CODE: list[tuple[str, dict]] = [
    ("mx.image.imresize(image, 13, 11)", RESIZED),
    *[(f"mx.image.imresize(image, 13, 11, interp={m})", RESIZED) for m in range(5)],
    *[(f"mx.image.imresize(image, 40, 33, interp={m})", RESIZED) for m in range(5)],
    ("mx.image.scale_down((640, 480), (720, 120))", {}),
    ("mx.image.scale_down((360, 1000), (480, 500))", {}),
    ("mx.image.resize_short(image, 12)", RESIZED),
    ("mx.image.resize_short(image, 33, 9)", RESIZED),
    ("mx.image.fixed_crop(image, 2, 3, 9, 8)", {}),
    ("mx.image.fixed_crop(image, 2, 3, 9, 8, (12, 10), 1)", RESIZED),
    ("mx.image.center_crop(image, (10, 8))", {}),
    ("mx.image.center_crop(image, (30, 10))", RESIZED),
    ("mx.image.color_normalize(image.astype('float32'), mx.nd.array([1., 2., 3.]), mx.nd.array([2., 3., 4.]))", {}),
    ("mx.image.copyMakeBorder(image, 1, 2, 3, 4, type=0, values=(5., 6., 7.))", {}),
    ("mx.image.copyMakeBorder(image, 1, 2, 3, 4, type=1)", {}),
    ("mx.image.copyMakeBorder(image, 1, 2, 3, 4, type=3)", {}),
    ("mx.image.imrotate(image.astype('float32').transpose((2, 0, 1)), 30)", {"atol": 0.05}),
    ("mx.image.imrotate(image.astype('float32').transpose((2, 0, 1)), 30, zoom_in=True)", {"atol": 0.05}),
    ("mx.image.imrotate(image.astype('float32').transpose((2, 0, 1)), -20, zoom_out=True)", {"atol": 0.05}),
    ("mx.image.HorizontalFlipAug(1.0)(image)", {}),
    ("mx.image.ForceResizeAug((9, 30))(image)", RESIZED),
    ("mx.image.CenterCropAug((9, 10))(image)", {}),
    ("mx.image.CastAug()(image)", {}),
    ("mx.image.RandomGrayAug(1.0)(image.astype('float32'))", {"atol": 0.01}),
    ("mx.image.ColorNormalizeAug(np.array([1., 2., 3.]), np.array([2., 3., 4.]))(image.astype('float32'))", {}),
    ("mx.image.BrightnessJitterAug(0.0)(image.astype('float32'))", {"atol": 0.01}),
    ("mx.image.HueJitterAug(0.0)(image.astype('float32'))", {"atol": 0.5}),
    ("[a.dumps() for a in mx.image.CreateAugmenter((3, 8, 9), resize=12, rand_crop=True, rand_resize=True, "
     "rand_mirror=True, mean=True, std=True, brightness=0.1, contrast=0.2, saturation=0.3, hue=0.1, pca_noise=0.1, "
     "rand_gray=0.2)]", {}),
    ("[a.dumps() for a in mx.image.CreateAugmenter((3, 8, 9))]", {}),
    ("[a.dumps() for a in mx.image.CreateDetAugmenter((3, 8, 9), resize=12, rand_crop=0.5, rand_pad=0.5, "
     "rand_mirror=True, mean=True, std=True, brightness=0.1, contrast=0.2, saturation=0.3, hue=0.1, pca_noise=0.1, "
     "rand_gray=0.2, min_object_covered=[0.1, 0.5])]", {}),
    ("mx.image.CreateMultiRandCropAugmenter([0.1, 0.3], area_range=[(0.1, 1.0), (0.2, 0.9)]).dumps()", {}),
    # random choices are those of Python and NumPy, whose seeds are 0
    ("mx.image.random_crop(image, (9, 8))", RESIZED),
    ("mx.image.random_crop(image, (30, 8), 1)", RESIZED),
    ("mx.image.random_size_crop(image, (9, 8), 0.3, (0.75, 1.33), 1)", RESIZED),
    ("mx.image.random_size_crop(image, (9, 8), (0.2, 0.4), (0.5, 2.0), 10)", RESIZED),
    *[(f"mx.image.{name}(0.4)(image.astype('float32'))", {"atol": 0.05, "rtol": 1e-3})
      for name in ("BrightnessJitterAug", "ContrastJitterAug", "SaturationJitterAug", "HueJitterAug")],
    ("mx.image.ColorJitterAug(0.3, 0.2, 0.4)(image.astype('float32'))", {"atol": 0.05, "rtol": 1e-3}),
    ("mx.image.CreateAugmenter((3, 8, 9), pca_noise=0.3)[2](image.astype('float32'))", {"atol": 0.05}),
    ("mx.image.SequentialAug(mx.image.CreateAugmenter((3, 8, 9), resize=12, rand_crop=True, rand_mirror=True, "
     "mean=True, std=True, brightness=0.1, contrast=0.2, saturation=0.3, hue=0.1, pca_noise=0.1, rand_gray=0.5, "
     "inter_method=1))(image)", {"atol": 0.1, "fraction": 0.02}),
    ("mx.image.RandomOrderAug([mx.image.HorizontalFlipAug(0.5), mx.image.RandomCropAug((9, 8))])(image)", {}),
    ("mx.image.random_rotate(image.astype('float32').transpose((2, 0, 1)), (-30, 30))", {"atol": 0.05}),
    *[(f"list(mx.image.{aug}(image, A['label'].copy()))", RESIZED) for aug in (
        "DetRandomCropAug()", "DetRandomCropAug(0.5, (0.5, 2.0), (0.2, 0.6), 0.1, 90)", "DetRandomPadAug()",
        "DetRandomPadAug((0.9, 1.1), (1.0, 5.0), 90, (1, 2, 3))",
        "CreateMultiRandCropAugmenter([0.1, 0.3], area_range=[(0.1, 1.0), (0.2, 0.9)], skip_prob=0.2)",
    )],
    ("list(functools.reduce(lambda pair, aug: aug(*pair), mx.image.CreateDetAugmenter((3, 12, 13), rand_crop=0.9, "
     "rand_pad=0.9, rand_mirror=True, mean=True, brightness=0.1, inter_method=1), (image, A['label'].copy())))",
     {"atol": 3.0, "fraction": 0.03}),
    ("list(mx.image.DetHorizontalFlipAug(1.0)(image, A['label'].copy()))", {}),
    ("list(mx.image.DetBorrowAug(mx.image.ForceResizeAug((9, 8), 1))(image, A['label']))", RESIZED),
]  # fmt: skip


ITERATORS: list[tuple[str, dict, dict]] = [
    ("ImageIter", {"rec": "same", "batch_size": 2, "data_shape": WHOLE}, EXACT),
    ("ImageIter", {"rec": "same", "batch_size": 2, "data_shape": WHOLE, "last_batch_handle": "discard"}, EXACT),
    ("ImageIter", {"rec": "same", "idx": True, "batch_size": 3, "data_shape": [3, 9, 10], "shuffle": True,
                   "rand_crop": True, "rand_mirror": True}, EXACT),
    ("ImageDetIter", {"rec": "equal", "batch_size": 2, "data_shape": WHOLE}, RESIZED),
    ("ImageDetIter", {"rec": "equal", "batch_size": 1, "data_shape": [3, 12, 13], "last_batch_handle": "discard",
                      "mean": True, "std": True, "inter_method": 1}, {"atol": 0.1, "fraction": 0.02}),
]  # fmt: skip


def picture(number: int, height: int = 20, width: int = 24) -> np.ndarray:
    """A smooth image with a bright square."""
    y, x = np.mgrid[:height, :width].astype(float)
    shift = 0.7 * number
    waves = [np.sin(x / 5 + shift), np.cos(y / 4 - shift), np.sin((x + y) / 7 + shift)]
    image = np.stack([110 + 90 * wave for wave in waves], -1)
    image[4 + number : 9 + number, 6:12] += 40
    return image.clip(0, 255).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_files(mx: object, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    boxes = [
        [2, 5, 1, 0.1, 0.2, 0.5, 0.6],
        [4, 6, 9, 8, 1, 0.1, 0.2, 0.5, 0.6, 77, 2, 0.3, 0.3, 0.9, 0.95, 78],
        [2, 5, 0, 0, 0, 1, 1, 2, 0.25, 0.25, 0.5, 0.5],
    ]
    pictures = [picture(0), picture(1), picture(2)]
    equal = [boxes[0], [4, 5, 9, 8, 1, 0.1, 0.2, 0.5, 0.6, 2, 0.3, 0.3, 0.9, 0.95], boxes[2]]
    sets = {
        "equal": (pictures, [np.array(b, np.float32) for b in equal]),
        "same": (pictures, [0.0, 1.0, 2.0]),
        "boxes": ([*pictures[:2], picture(2, 13)], [np.array(b, np.float32) for b in boxes]),
    }
    for name, (images, labels) in sets.items():
        writer = mx.recordio.MXIndexedRecordIO(str(folder / f"{name}.idx"), str(folder / f"{name}.rec"), "w")
        for i, (image, label) in enumerate(zip(images, labels)):
            writer.write_idx(i, mx.recordio.pack(mx.recordio.IRHeader(0, label, i, 0), png(image)))
        writer.close()


def cases() -> list[dict]:
    found = []
    for family, program, rec, table in (
        ("record", "image_record", "same", IMAGES), ("detection", "det_record", "boxes", DETECTION)
    ):  # fmt: skip
        for number, (kwargs, tolerance) in enumerate(table):
            found.append(
                {
                    "id": f"{family}-{number:02d}",
                    "family": family,
                    "program": program,
                    "params": {"rec": rec, "kwargs": {"batch_size": 3, **kwargs}},
                    "tolerance": tolerance,
                }
            )
    for number, (iterator, kwargs, tolerance) in enumerate(ITERATORS):
        found.append(
            {"id": f"iterator-{number:02d}", "family": "iterator", "program": "iterator",
             "params": {"iterator": iterator, "kwargs": kwargs}, "tolerance": tolerance}
        )  # fmt: skip
    for number, (code, tolerance) in enumerate(CODE):
        found.append(
            {"id": f"image-{number:02d}", "family": "image", "program": "image", "params": {"code": code},
             "tolerance": tolerance}
        )  # fmt: skip
    return found


def stored(value: object, key: str, arrays: dict[str, np.ndarray]) -> object:
    """A result as JSON; arrays are put into `arrays`."""
    if isinstance(value, np.ndarray):
        arrays[key] = value
        return {"__array__": key}
    if isinstance(value, dict):
        return {k: stored(v, f"{key}/{k}", arrays) for k, v in value.items()}
    if isinstance(value, list):
        return [stored(v, f"{key}/{i}", arrays) for i, v in enumerate(value)]
    return value


def main() -> None:
    import mxnet as mx

    write_files(mx, HERE / "files")
    programs = {name: text.strip().split("\n") for name, text in PROGRAMS.items()}
    area = replay.Area(HERE, {name: "\n".join(lines) for name, lines in programs.items()})
    families: dict[str, dict[str, np.ndarray]] = {}
    done = []
    for case in cases():
        inputs = {}
        if case["family"] == "image":
            inputs["in/image"] = picture(0)
            if "A['label']" in case["params"]["code"]:
                inputs["in/label"] = np.array([[1, 0.1, 0.2, 0.5, 0.6], [0, 0.3, 0.3, 0.9, 0.95]])
        outcome = replay.run(replay.Case(area, result=None, **case), mx, inputs)
        arrays: dict[str, np.ndarray] = {}
        case["result"] = stored(outcome, "out", arrays)
        arrays.update(inputs)
        case["arrays"] = sorted(arrays)
        families.setdefault(case["family"], {}).update({f"{case['id']}:{k}": v for k, v in arrays.items()})
        done.append(case)
    for family, arrays in families.items():
        np.savez_compressed(HERE / f"{family}.npz", **arrays)
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in done)
    head = json.dumps({"area": "augment", "format": 1, "programs": programs}, indent=1)
    (HERE / "index.json").write_text(head[: -len("\n}")] + f',\n"cases": [\n{lines}\n]}}\n')
    print(f"{len(done)} cases")


if __name__ == "__main__":
    main()
