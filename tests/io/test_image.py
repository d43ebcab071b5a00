"""`mx.image` beyond what was recorded: reading, the iterators, errors."""

import io
import random

import numpy as np
import pytest
from PIL import Image

import paratrain as mx
from paratrain import MXNetError, nd, recordio


def encode(pixels, kind="PNG"):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def noise(height=12, width=14, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


class TestReading:
    def test_ways_to_decode(self, tmp_path):
        pixels = noise()
        data = encode(pixels)
        (tmp_path / "a.png").write_bytes(data)
        for image in (
            mx.image.imread(str(tmp_path / "a.png")),
            mx.image.imread(tmp_path / "a.png"),
            mx.img.imdecode(data),
            mx.image.imdecode(bytearray(data)),
            mx.image.imdecode(np.frombuffer(data, np.uint8)),
            mx.image.imdecode(nd.array(np.frombuffer(data, np.uint8), dtype=np.uint8)),
        ):
            assert np.array_equal(image.asnumpy(), pixels)
        assert np.array_equal(mx.image.imdecode(data, to_rgb=False).asnumpy(), pixels[:, :, ::-1])
        grey = mx.image.imdecode(data, flag=0).asnumpy()
        assert np.array_equal(grey[:, :, 0], np.asarray(Image.fromarray(pixels).convert("L")))
        assert mx.image.imdecode(encode(grey[:, :, 0]), flag=-1).shape == (12, 14, 1)
        out = nd.zeros((12, 14, 3), dtype=np.uint8)
        assert mx.image.imdecode(data, out=out) is out
        assert np.array_equal(out.asnumpy(), pixels)

    def test_errors(self, tmp_path):
        (tmp_path / "a.png").write_bytes(b"nothing")
        with pytest.raises(MXNetError, match=r"\[imread\] .*a\.png: not an image in a known format"):
            mx.image.imread(str(tmp_path / "a.png"))
        with pytest.raises(FileNotFoundError, match=r"b\.png"):
            mx.image.imread(str(tmp_path / "b.png"))
        with pytest.raises(MXNetError, match=r"\[imdecode\] the image has no bytes"):
            mx.image.imdecode(b"")
        with pytest.raises(ValueError, match="buf must be bytes, a bytearray or an array of uint8; got str"):
            mx.image.imdecode("text")
        with pytest.raises(ValueError, match="flag must be 1"):
            mx.image.imdecode(encode(noise()), flag=7)


IMAGE = nd.array(noise(), dtype=np.uint8)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: mx.image.imresize(IMAGE, 0, 4), ValueError, "w and h must be at least 1; got 0 and 4"),
        (lambda: mx.image.imresize(IMAGE, 4, 4, 5), ValueError, "interpolation must be one of"),
        (lambda: mx.image.imresize(IMAGE.astype("int32"), 4, 4), TypeError, "uint8 or float32; got int32"),
        (lambda: mx.image.imresize(IMAGE[0], 4, 4), ValueError, r"shape \(height, width, channels\)"),
        (lambda: mx.image.imresize([1], 4, 4), TypeError, "NDArray or a NumPy array; got list"),
        (lambda: mx.image.fixed_crop(IMAGE, 10, 0, 5, 5), ValueError, r"5 x 5 pixels at \(10, 0\) must lie inside"),
        (lambda: mx.image.copyMakeBorder(IMAGE, 1, 1, 1, 1, type=9), ValueError, "type must be one of 0, 1, 2, 3, 4"),
        (lambda: mx.image.copyMakeBorder(IMAGE, -1, 1, 1, 1), ValueError, "must not be negative"),
        (lambda: mx.image.copyMakeBorder(IMAGE, 1, 1, 1, 1, values=(1, 2)), ValueError, "value for each channel"),
        (lambda: mx.image.imrotate(IMAGE, 3), TypeError, "src must be of float32; got uint8"),
        (lambda: mx.image.imrotate(nd.ones((3, 4, 4)), 3, True, True), ValueError, "cannot both be True"),
        (lambda: mx.image.imrotate(nd.ones((2, 3, 4, 4)), nd.array([1])), ValueError, "each of 2 images; got 1"),
        (lambda: mx.image.imrotate(nd.ones((3, 4, 4)), nd.array([1])), TypeError, "one image has one angle"),
        (lambda: mx.image.random_size_crop(IMAGE, (3, 3), 0.5, (1, 1), foo=1), TypeError, "no parameter 'foo'"),
        (lambda: mx.image.CreateAugmenter((3, 4, 4), rand_resize=True), ValueError, "needs rand_crop=True"),
        (lambda: mx.image.CreateAugmenter((3, 4, 4), mean=3), ValueError, "mean must be True, None or an array"),
        (lambda: mx.image.BrightnessJitterAug(0.1)(IMAGE[:, :, :1]), ValueError, "must have 3 channels"),
        (lambda: mx.image.DetBorrowAug(3), TypeError, "augmenter must be an Augmenter; got int"),
        (lambda: mx.image.DetRandomSelectAug([3]), ValueError, "only DetAugmenters can be chosen; got 3"),
        (lambda: mx.image.DetRandomCropAug(area_range=(1, 2, 3)), ValueError, "must be a number or"),
        (lambda: mx.image.CreateMultiRandCropAugmenter([0.1, 0.2], max_attempts=[1, 2, 3]), ValueError, "same length"),
        (lambda: mx.image.Augmenter()(IMAGE), NotImplementedError, "must be defined"),
        (lambda: mx.image.DetAugmenter()(IMAGE, None), NotImplementedError, "must be defined"),
    ],
)
def test_wrong_arguments(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_old_name_of_area():
    with pytest.warns(DeprecationWarning, match="min_area is deprecated"):
        mx.image.random_size_crop(IMAGE, (3, 3), None, (1, 1), min_area=0.5)


@pytest.mark.parametrize("make", [mx.image.DetRandomPadAug, mx.image.DetRandomCropAug])
def test_impossible_ranges_are_said(make):
    with pytest.warns(UserWarning, match="does nothing: area_range"):
        augmenter = make(area_range=(3.0, 2.0))
    label = np.array([[0, 0.1, 0.1, 0.5, 0.5]])
    image, same = augmenter(IMAGE, label)
    assert image is IMAGE
    assert same is label


@pytest.mark.parametrize("interp", range(5))
def test_floats_are_resized_like_bytes(interp):
    bytes_ = mx.image.imresize(IMAGE, 9, 30, interp).asnumpy()
    floats = mx.image.imresize(IMAGE.astype("float32"), 9, 30, interp).asnumpy()
    assert floats.dtype == np.float32
    assert abs(floats.round().clip(0, 255) - bytes_).max() <= 1


def test_augmenters_leave_the_image_as_it_is():
    image = IMAGE.astype("float32")
    before = image.asnumpy()
    for augmenter in mx.image.CreateAugmenter(
        (3, 8, 8), brightness=0.4, contrast=0.4, saturation=0.4, hue=0.4, mean=True
    ):
        augmenter(image)
    assert np.array_equal(image.asnumpy(), before)


@pytest.fixture
def images(tmp_path):
    """Folder, list and record file of seven images with their number as label."""
    lines = []
    with recordio.MXIndexedRecordIO(str(tmp_path / "a.idx"), str(tmp_path / "a.rec"), "w") as writer:
        for number in range(7):
            data = encode(np.full((6, 7, 3), 10 * number, np.uint8))
            (tmp_path / f"{number}.png").write_bytes(data)
            lines.append(f"{number}\t{number}\t{number}.png")
            writer.write_idx(number, recordio.pack(recordio.IRHeader(0, float(number), number, 0), data))
    (tmp_path / "a.lst").write_text("\n".join(lines) + "\n")
    return tmp_path


SOURCES = {
    "record": lambda p: {"path_imgrec": str(p / "a.rec")},
    "index": lambda p: {"path_imgrec": str(p / "a.rec"), "path_imgidx": str(p / "a.idx")},
    "list": lambda p: {"path_imglist": str(p / "a.lst"), "path_root": str(p)},
    "given": lambda p: {"imglist": [[float(n), f"{n}.png"] for n in range(7)], "path_root": str(p)},
}


def labels_of(it):
    out = []
    for batch in it:
        label = batch.label[0].asnumpy()
        assert np.array_equal(batch.data[0].asnumpy()[:, 0, 0, 0], 10 * label)
        out.append((label.astype(int).tolist(), batch.pad))
    return out


class TestImageIter:
    @pytest.mark.parametrize("source", SOURCES)
    def test_sources(self, images, source):
        it = mx.image.ImageIter(3, (3, 6, 7), **SOURCES[source](images))
        for _ in range(2):
            assert labels_of(it) == [([0, 1, 2], 0), ([3, 4, 5], 0), ([6, 0, 1], 2)]
            assert labels_of(it) == []
            it.reset()

    def test_last_batch(self, images):
        it = mx.image.ImageIter(3, (3, 6, 7), path_imgrec=str(images / "a.rec"), last_batch_handle="discard")
        assert labels_of(it) == [([0, 1, 2], 0), ([3, 4, 5], 0)]
        it = mx.image.ImageIter(3, (3, 6, 7), path_imgrec=str(images / "a.rec"), last_batch_handle="roll_over")
        assert labels_of(it) == [([0, 1, 2], 0), ([3, 4, 5], 0)]
        it.reset()
        assert labels_of(it) == [([6, 0, 1], 0), ([2, 3, 4], 0)]
        it.hard_reset()
        assert labels_of(it) == [([0, 1, 2], 0), ([3, 4, 5], 0)]

    def test_shuffle_and_parts(self, images):
        """Shuffling needs no index, and no image is left out of the parts; in MXNet both are otherwise."""
        random.seed(3)
        seen = []
        for part in range(3):
            it = mx.image.ImageIter(
                1, (3, 6, 7), path_imgrec=str(images / "a.rec"), shuffle=True, num_parts=3, part_index=part
            )
            seen += [label for (label,), _ in labels_of(it)]
        assert sorted(seen) == list(range(7))

    def test_several_labels(self, images):
        given = [[1.0, 2.0, "0.png"], [[3.0, 4.0], "1.png"]]
        it = mx.image.ImageIter(2, (3, 6, 7), label_width=2, imglist=given, path_root=str(images), dtype="int32")
        (batch,) = it
        assert batch.label[0].asnumpy().tolist() == [[1, 2], [3, 4]]
        assert batch.label[0].dtype == np.int32

    def test_names_what_is_broken(self, images):
        (images / "3.png").write_bytes(b"")
        it = mx.image.ImageIter(1, (3, 6, 7), **SOURCES["list"](images))
        with pytest.raises(RuntimeError, match=r"3\.png: \[imdecode\] the image has no bytes"):
            list(it)
        (images / "4.png").unlink()
        with pytest.raises(FileNotFoundError, match=r"4\.png"):
            list(it)
        it = mx.image.ImageIter(1, (3, 6, 7), path_imgrec=str(images / "a.rec"), label_width=2)
        with pytest.raises(MXNetError, match=r"a\.rec: record 0 has 1 labels; label_width=2"):
            it.next()

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({}, "one of path_imgrec, path_imglist and imglist is needed"),
            ({"imglist": [], "path_root": "."}, "there are no images"),
            ({"imglist": [[1.0, "a"]], "dtype": "uint8"}, "dtype must be one of"),
            ({"imglist": [[1.0, "a"]], "last_batch_handle": "keep"}, "last_batch_handle must be one of"),
            ({"imglist": [[1.0, "a"]], "num_parts": 2, "part_index": 2}, "part_index must be from 0"),
        ],
    )
    def test_wrong(self, options, text):
        with pytest.raises(ValueError, match=text):
            mx.image.ImageIter(1, (3, 6, 7), **options)
        with pytest.raises(ValueError, match="3 channels"):
            mx.image.ImageIter(1, (1, 6, 7), imglist=[[1.0, "a"]])


def label_of(*boxes):
    return [2, 5, *np.ravel([[number, *box] for number, box in enumerate(boxes)])]


@pytest.fixture
def make_det(tmp_path):
    def make(*labels, name="a"):
        path = str(tmp_path / f"{name}.rec")
        with recordio.MXRecordIO(path, "w") as writer:
            for number, label in enumerate(labels):
                writer.write(
                    recordio.pack(recordio.IRHeader(0, label, number, 0), encode(np.zeros((20, 24, 3), np.uint8)))
                )
        return path

    return make


BOX, OTHER = (0.25, 0.2, 0.75, 0.6), (0.5, 0.5, 1.0, 1.0)


class TestImageDetIter:
    def test_shapes(self, make_det):
        many = mx.image.ImageDetIter(2, (3, 20, 24), path_imgrec=make_det(label_of(BOX, OTHER), label_of(BOX)))
        few = mx.image.ImageDetIter(1, (3, 20, 24), path_imgrec=make_det(label_of(BOX), name="b"))
        assert (many.label_shape, few.label_shape) == ((2, 5), (1, 5))
        assert few.sync_label_shape(many) is many
        assert few.provide_label[0].shape == (1, 2, 5)
        few.reshape((3, 30, 30), (4, 5))
        assert few.provide_data[0].shape == (1, 3, 30, 30)
        batch = many.next()
        assert (batch.label[0].asnumpy()[1, 1] == -1).all()
        with pytest.raises(ValueError, match="must have room for 4 objects; got 1"):
            few.reshape(label_shape=(1, 5))
        with pytest.raises(ValueError, match="the objects have 5 numbers; label_shape has 6"):
            few.reshape(label_shape=(4, 6))
        with pytest.raises(TypeError, match="must be an ImageDetIter; got int"):
            few.sync_label_shape(3)

    def test_images_that_lose_their_objects_are_left_out(self, make_det):
        class Lose(mx.image.DetAugmenter):
            def __call__(self, src, label):
                return src, label[label[:, 1] > 0.4]

        path = make_det(label_of(BOX), label_of(OTHER), label_of(BOX))
        it = mx.image.ImageDetIter(1, (3, 20, 24), path_imgrec=path, aug_list=[Lose()], last_batch_handle="discard")
        assert len(list(it)) == 1
        it = mx.image.ImageDetIter(1, (3, 20, 24), path_imgrec=make_det(label_of(BOX)), aug_list=[Lose()])
        with pytest.raises(StopIteration):
            it.next()

    def test_draw_next(self, make_det):
        it = mx.image.ImageDetIter(1, (3, 40, 48), path_imgrec=make_det(label_of(BOX), label_of(OTHER)))
        first, second = it.draw_next(color=(255, 10, 20), thickness=1, id2labels={0: "cell"})
        assert first.shape == (40, 48, 3)
        rows, columns = np.nonzero((first == (20, 10, 255)).all(2))
        assert (columns.min(), rows.min(), columns.max(), rows.max()) == (12, 8, 36, 24)
        assert (first > 100).all(2).any()  # the name
        assert second.dtype == np.uint8
        with pytest.raises(NotImplementedError, match="opens no windows"):
            next(it.draw_next(waitKey=1))

    def test_wrong_labels(self, make_det):
        with pytest.raises(MXNetError, match=r"a\.rec: record 1: the box of object 0 of its label must lie between"):
            mx.image.ImageDetIter(1, (3, 8, 8), path_imgrec=make_det(label_of(BOX), label_of((0, 0, 1, 2))))
        with pytest.raises(MXNetError, match="record 0 has no object with an area"):
            mx.image.ImageDetIter(1, (3, 8, 8), path_imgrec=make_det(label_of((0.1, 0.1, 0.1, 0.2))))
        with pytest.raises(MXNetError, match="record 1 has objects of 6 numbers, the first image of 5"):
            mx.image.ImageDetIter(1, (3, 8, 8), path_imgrec=make_det(label_of(BOX), [2, 6, 0, *BOX, 7]))
