"""ImageRecordIter: mean image, chunks, seeds, quota of skipped records, unusual images."""

import io
import os

import numpy as np
import pytest
from PIL import Image

from paratrain import MXNetError, nd, random, recordio
from paratrain.io import ImageRecordIter
from paratrain.io.order import Order

SHAPE = (3, 6, 7)


def labels_of(it):
    return [int(n) for batch in it for n in batch.label[0].asnumpy()[: it.batch_size - batch.pad]]


class TestMeanImage:
    def test_made_once_and_used(self, make_rec, tmp_path):
        path, mean = make_rec(5), str(tmp_path / "mean.bin")
        plain = ImageRecordIter(path, SHAPE, 5).next().data[0].asnumpy()
        it = ImageRecordIter(path, SHAPE, 5, mean_img=mean, mirror=True, scale=0.5)
        want = (plain - plain.mean(0))[..., ::-1] * 0.5
        np.testing.assert_allclose(it.next().data[0].asnumpy(), want, atol=1e-4)
        np.testing.assert_allclose(nd.load(mean)["mean_img"].asnumpy(), plain.mean(0), atol=1e-4)
        before = os.stat(mean)
        again = ImageRecordIter(path, SHAPE, 5, mean_img=mean)
        np.testing.assert_allclose(again.next().data[0].asnumpy(), plain - plain.mean(0), atol=1e-4)
        assert os.stat(mean).st_mtime_ns == before.st_mtime_ns
        assert (
            os.listdir(tmp_path / ".") == sorted(["mean.bin", "set.idx", "set.rec"]) or len(os.listdir(tmp_path)) == 3
        )

    def test_other_shape(self, make_rec, tmp_path):
        mean = str(tmp_path / "mean.bin")
        nd.save(mean, {"mean_img": nd.zeros((3, 4, 4))})
        with pytest.raises(MXNetError, match=r"mean\.bin must hold an array 'mean_img' of shape \(3, 6, 7\)"):
            ImageRecordIter(make_rec(3), SHAPE, 3, mean_img=mean)

    def test_damaged_record(self, make_rec, tmp_path):
        path = make_rec(4, payloads={2: b"no image"})
        with pytest.raises(MXNetError, match="record 2 at byte"):
            ImageRecordIter(path, SHAPE, 2, mean_img=str(tmp_path / "mean.bin"))
        assert not os.path.exists(tmp_path / "mean.bin")


class TestChunks:
    def test_every_record_once_and_neighbours_together(self):
        order = Order(100, 10, shuffle=True, seed=3, chunks=(0, 40, 70))
        rows = order.epoch(0).rows.reshape(-1)
        assert sorted(rows) == list(range(100))
        chunk = np.digitize(rows, [40, 70])
        assert (np.diff(chunk) != 0).sum() == 2  # each chunk is read at once
        assert not np.array_equal(rows, order.epoch(1).rows.reshape(-1))
        turns = {tuple(dict.fromkeys(np.digitize(order.epoch(n).rows.reshape(-1), [40, 70]))) for n in range(60)}
        assert len(turns) == 6

    def test_chunk_seed(self):
        def turns(seed):
            order = Order(100, 10, shuffle=True, chunks=(0, 40, 70), chunk_seed=seed)
            return [tuple(dict.fromkeys(np.digitize(order.epoch(n).rows.reshape(-1), [40, 70]))) for n in range(9)]

        assert turns(0) == turns(0) != turns(1)

    def test_iterator(self, make_rec):
        noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
        out = io.BytesIO()
        Image.fromarray(noise).save(out, "PNG")
        path = make_rec(12, payloads=dict.fromkeys(range(12), out.getvalue()))
        it = ImageRecordIter(path, SHAPE, 4, shuffle=True, shuffle_chunk_size=1)
        assert 3 <= len(it._order.chunks) <= 6
        assert sorted(labels_of(it)) == list(range(12))
        state = it.state_dict()
        other = ImageRecordIter(path, SHAPE, 4, shuffle=True)
        with pytest.raises(ValueError, match="chunks"):
            it.load_state_dict(other.state_dict())
        it.load_state_dict(state)


class TestSeeds:
    @pytest.fixture(autouse=True)
    def _own_state(self):
        state, given = random.get_state(), random._state.given
        yield
        random.set_state(state)
        random._state.given = given

    def test_the_general_seed_reaches_the_iterator(self, make_rec):
        """In MXNet it does not."""
        path = make_rec(20)

        def order(**options):
            return labels_of(ImageRecordIter(path, SHAPE, 5, shuffle=True, **options))

        random._state.given = None
        assert order() == order(seed=0)
        random.seed(7)
        assert order() == order(seed=7) != order(seed=0)
        random.seed(8)
        assert order() == order(seed=8) != order(seed=7)

    def test_parts_agree_whatever_their_ranks_are_seeded_with(self, make_rec):
        path, seen = make_rec(20), []
        for part in range(2):
            random.seed(part + 5)
            seen += labels_of(ImageRecordIter(path, SHAPE, 5, shuffle=True, num_parts=2, part_index=part))
        assert sorted(seen) == list(range(20))

    def test_augmentation(self, make_rec):
        path = make_rec(8)

        def pictures(seed, **options):
            random.seed(seed)
            it = ImageRecordIter(path, SHAPE, 8, brightness=0.5, **options)
            return it.next().data[0].asnumpy()

        assert np.array_equal(pictures(1), pictures(1))
        assert not np.array_equal(pictures(1), pictures(2))
        assert np.array_equal(pictures(1, seed_aug=4), pictures(2, seed_aug=4))


class TestQuota:
    def test_more_than_allowed(self, make_rec):
        path = make_rec(9, payloads={1: b"x", 4: b"y", 7: b"z"})
        it = ImageRecordIter(path, SHAPE, 3, on_error="skip", max_skipped=2)
        it.next()
        it.next()
        with pytest.raises(MXNetError, match=r"3 records of epoch 0 were skipped, more than max_skipped=2; .*record 7"):
            it.next()

    def test_it_counts_an_epoch(self, make_rec):
        path = make_rec(6, payloads={1: b"x", 4: b"y"})
        it = ImageRecordIter(path, SHAPE, 3, on_error="skip", max_skipped=2)
        for _ in range(3):
            assert len(list(it)) == 2
            it.reset()
            assert [len(skipped) for skipped in it.skipped_before] == [2]


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def smooth():
    y, x = np.mgrid[:16, :24]
    return np.stack([x * 10, y * 12, (x + y) * 5], -1).astype(np.uint8)


def unusual():
    """Name, bytes, and the pixels that they stand for (red, green, blue)."""
    pixels = smooth()
    image = Image.fromarray(pixels)
    turned = Image.Exif()
    turned[0x112] = 6
    grey = np.asarray(image.convert("L"))
    as_grey = np.stack([grey] * 3, -1)
    deep = (grey.astype(np.uint16) << 8) + 77
    alpha = np.dstack([pixels, pixels[:, :, 0]])
    return [
        ("exif", encoded(image, "JPEG", quality=95, exif=turned.tobytes()), np.rot90(pixels, -1)),
        ("cmyk", encoded(image.convert("CMYK"), "JPEG", quality=95), pixels),
        ("grey", encoded(image.convert("L"), "JPEG", quality=95), as_grey),
        ("progressive", encoded(image, "JPEG", quality=95, progressive=True), pixels),
        ("alpha", encoded(Image.fromarray(alpha), "PNG"), pixels),
        ("16-bit", encoded(Image.fromarray(deep), "PNG"), as_grey),
        ("animated", encoded(image, "GIF", save_all=True, append_images=[image.rotate(180)]), pixels),
        ("palette", encoded(image.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"), pixels),
        ("bitmap", encoded(image, "BMP"), pixels),
    ]


@pytest.mark.parametrize(("name", "data", "want"), unusual(), ids=lambda v: v if isinstance(v, str) else "")
@pytest.mark.parametrize("options", [{}, {"brightness": 1e-9}, {"rotate": 360}], ids=str)
def test_unusual_images(make_rec, name, data, want, options):
    """As MXNet 1.9.1 reads them (turned by EXIF data, CMYK converted, 16 bits cut to 8, alpha dropped), through every
    way from a record to the batch; it cannot read animations."""
    path = make_rec(1, payloads={0: data})
    it = ImageRecordIter(path, (3, *want.shape[:2]), 1, **options)
    got = it.next().data[0].asnumpy()[0].transpose(1, 2, 0)
    lossy = {"animated": 40, "palette": 40}.get(name, 14)
    assert abs(got - want).mean() < lossy / 4
    assert abs(got - want).max() < 3 * lossy


def test_no_bytes_and_wrong_labels(tmp_path):
    path = str(tmp_path / "a.rec")
    pixels = np.zeros((6, 7, 3), np.uint8)
    with recordio.MXRecordIO(path, "w") as writer:
        writer.write(recordio.pack(recordio.IRHeader(0, 1.0, 0, 0), b""))
        writer.write(recordio.pack_img(recordio.IRHeader(0, [1.0, 2.0], 1, 0), pixels, img_fmt=".png", quality=1))
    it = ImageRecordIter(path, SHAPE, 1)
    with pytest.raises(MXNetError, match=r"a\.rec: record 0 at byte 0: the image has no bytes"):
        it.next()
    with pytest.raises(MXNetError, match=r"a\.rec: record 1 at byte \d+: it has 2 labels; label_width=1 was given"):
        it.next()
    with pytest.raises(MXNetError, match="num_parts=3, but there are only 2 records"):
        ImageRecordIter(path, SHAPE, 1, num_parts=3)


def test_an_image_smaller_than_the_crop_asked_for(make_rec):
    it = ImageRecordIter(make_rec(2), SHAPE, 1, max_crop_size=7, min_crop_size=7)
    with pytest.raises(MXNetError, match="record 0 at byte 0: max_crop_size=7 is more than its 6 x 7 pixels"):
        it.next()


@pytest.mark.parametrize(
    "options",
    [
        {"rotate": 30},
        {"max_rotate_angle": 20, "max_shear_ratio": 0.2, "max_aspect_ratio": 0.2},
        {"random_resized_crop": True, "min_random_area": 0.3, "inter_method": 10},
        {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "pca_noise": 0.1, "random_h": 20, "random_l": 9},
        {"pad": 3, "rand_crop": True, "rand_mirror": True, "max_random_contrast": 0.3},
    ],
    ids=lambda options: next(iter(options)),
)
@pytest.mark.parametrize("dtype", ["float32", "float16", "int8", "uint8"])
def test_threads_do_not_change_augmentation(make_rec, options, dtype):
    if dtype == "uint8":
        options = {k: v for k, v in options.items() if k != "max_random_contrast"}
    jpeg = encoded(Image.fromarray(smooth()), "JPEG", quality=95)
    path = make_rec(12, payloads=dict.fromkeys(range(0, 12, 2), jpeg), height=16, width=24)

    def run(threads):
        it = ImageRecordIter(path, (3, 12, 13), 6, dtype=dtype, shuffle=True, preprocess_threads=threads, **options)
        out = []
        for _ in range(2):
            out += [batch.data[0].asnumpy() for batch in it]
            it.reset()
        return np.stack(out)

    once = run(1)
    assert once.dtype == dtype
    assert np.array_equal(once, run(5))
