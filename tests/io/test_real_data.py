"""Whole uses of the pipeline on real data, which lie beside the project: photographs with boxes, sentences, classes."""

import runpy
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from replay import read_records, split_record

import paratrain as mx
from paratrain.io import BucketSentenceIter, ImageDetRecordIter, ImageRecordIter, encode_sentences
from paratrain.launch import im2rec

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "detection_batches.py"


def packed(prefix, *arguments):
    """Pack what the arguments name; returns the path of the record file."""
    assert im2rec.main([*map(str, arguments[:-1]), str(prefix), str(arguments[-1])]) == 0
    return f"{prefix}.rec"


def test_boxes_of_bccd_follow_their_cells(shared, tmp_path):
    """White blood cells are stained purple; so are their boxes in every batch, however the image was changed."""
    rec = packed(tmp_path / "train", "--voc", "--pass-through", shared("bccd"))
    objects_of = runpy.run_path(str(EXAMPLE))["objects_of"]
    it = ImageDetRecordIter(
        rec, (3, 120, 120), 28, dtype="uint8", shuffle=True, seed=3, preprocess_threads=2,
        rand_mirror_prob=0.5, rand_pad_prob=0.5, max_pad_scale=2, rand_crop_prob=0.7, min_crop_scales=0.4,
        min_crop_object_coverages=0.8,
    )  # fmt: skip
    inside, outside, seen = [], [], Counter()
    for batch in it:
        for image, label in zip(batch.data[0].asnumpy(), batch.label[0].asnumpy(), strict=True):
            red, green, blue = image.astype(int)
            purple = (red + blue) / 2 - green
            mask = np.zeros(purple.shape, bool)
            for kind, *edges in objects_of(label):
                seen[int(kind)] += 1
                left, top, right, bottom = np.round(np.array(edges) * 120).astype(int)
                if kind == 2 and right - left > 10 and bottom - top > 10:
                    mask[top:bottom, left:right] = True
            if mask.any() and not mask.all():
                inside.append(purple[mask].mean())
                outside.append(purple[~mask].mean())
    assert it.num_batches == 13  # 364 images
    assert set(seen) == {0, 1, 2}
    assert len(inside) > 150
    assert np.mean(np.array(inside) > np.array(outside) + 5) > 0.97


def test_sheet_of_bccd(shared, tmp_path):
    command = [sys.executable, str(EXAMPLE), "--data", str(shared("bccd")), "--output", str(tmp_path)]
    for _ in range(2):  # the second run finds the record file
        done = subprocess.run([*command, "--size", "90", "--batch-size", "4"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "sheet.png: 8 images, " in done.stdout
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (6 * 90, 2 * 90)


def test_sentences_of_sherlockholmes(shared):
    folder = shared("sherlockholmes")
    text = {name: (folder / f"sherlockholmes.{name}.txt").read_text().splitlines() for name in ("train", "valid")}
    words = {name: [line.split() for line in lines if line.strip()] for name, lines in text.items()}
    train, vocab = encode_sentences(words["train"], invalid_label=0, start_label=1)
    valid, after = encode_sentences(words["valid"], vocab=vocab, invalid_label=0, unknown_token="<unk>")
    assert after == vocab
    assert 0 not in {number for sentence in valid for number in sentence}
    back = {number: word for word, number in vocab.items()}
    buckets, size = [10, 20, 30, 40, 50, 60], 32
    it = BucketSentenceIter(train, size, buckets, invalid_label=0, seed=1)
    wanted = Counter(tuple(s) for s in train if len(s) <= buckets[-1])
    whole = Counter(next(b for b in buckets if len(s) <= b) for s in train if len(s) <= buckets[-1])
    orders = []
    for _ in range(2):
        found, batches, order = Counter(), Counter(), []
        for batch in it:
            data, label = batch.data[0].asnumpy().astype(int), batch.label[0].asnumpy().astype(int)
            assert data.shape == label.shape == (size, batch.bucket_key)
            assert np.array_equal(label[:, :-1], data[:, 1:])
            batches[batch.bucket_key] += 1
            rows = [tuple(row[row != 0].tolist()) for row in data]
            found.update(rows)
            order += rows
        assert batches == {key: count // size for key, count in whole.items() if count >= size}
        assert found <= wanted
        assert sum(found.values()) == sum(count // size * size for count in whole.values())
        orders.append(order)
        it.reset()
    assert orders[0] != orders[1]
    assert " ".join(back[n] for n in train[0]) == " ".join(words["train"][0])


def small_network():
    net = mx.sym.var("data")
    for number, filters in enumerate((16, 32)):
        net = mx.sym.Convolution(net, kernel=(3, 3), pad=(1, 1), num_filter=filters, name=f"conv{number}")
        net = mx.sym.Activation(net, act_type="relu")
        net = mx.sym.Pooling(net, pool_type="max", kernel=(2, 2), stride=(2, 2))
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Flatten(net), num_hidden=10, name="fc"), name="softmax")


def test_training_on_cifar10(shared, tmp_path):
    """Ten classes by folder, 12,000 JPEG files: packed, and a small network learns from them."""
    with tarfile.open(shared("cifar10-small.tar")) as tar:
        tar.extractall(tmp_path, filter="data")
    recs = {
        name: packed(tmp_path / name, "--recursive", "--pass-through", tmp_path / "cifar10-small" / name)
        for name in ("train", "test")
    }
    labels = [split_record(record)[3][0] for record in read_records(recs["train"])]
    assert np.bincount(np.array(labels, int)).tolist() == [1000] * 10
    options = {
        "data_shape": (3, 32, 32), "batch_size": 100, "preprocess_threads": 2,
        **{f"mean_{c}": 120 for c in "rgb"}, **{f"std_{c}": 64 for c in "rgb"},
    }  # fmt: skip
    mx.random.seed(0)
    with (
        ImageRecordIter(recs["train"], shuffle=True, seed=0, rand_mirror=True, **options) as train,
        ImageRecordIter(recs["test"], round_batch=False, **options) as test,
    ):
        module = mx.mod.Module(small_network())
        module.fit(train, num_epoch=2, initializer=mx.init.Xavier(), optimizer_params={"learning_rate": 0.1})
        ((_, accuracy),) = module.score(test, "acc")
    assert accuracy > 0.4  # guessing gives 0.1


@pytest.mark.parametrize("name", ["BloodImage_00338", "BloodImage_00343"])
def test_boxes_without_area_do_not_reach_a_batch(shared, tmp_path, name):
    for kind, ending in (("Annotations", "xml"), ("JPEGImages", "jpg")):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / f"{name}.{ending}").symlink_to(shared("bccd") / kind / f"{name}.{ending}")
    batch = ImageDetRecordIter(packed(tmp_path / "one", "--voc", "--pass-through", tmp_path), (3, 50, 50), 1).next()
    row = batch.label[0].asnumpy()[0]
    objects = row[6 : 4 + int(row[3])].reshape(-1, 5)
    assert len(objects) > 3
    assert (objects[:, 3:] > objects[:, 1:3]).all()
