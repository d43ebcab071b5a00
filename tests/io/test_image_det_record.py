"""ImageDetRecordIter: labels, boxes that follow the image, random windows, errors."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from paratrain import MXNetError, recordio
from paratrain.io import ImageDetRecordIter, native
from paratrain.io.augment import Fit, Mirror, Resize, ShiftHLS
from paratrain.io.augment.boxes import CropBoxes, MirrorBoxes, PadBoxes, Sampler, moved, parse, view_with_boxes
from paratrain.io.augment.transform import produce
from paratrain.io.errors import RecordError

SHAPE = (3, 20, 24)


def picture(boxes, height=40, width=48):
    """A black image with a white rectangle for each box."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for left, top, right, bottom in boxes:
        pixels[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = 255
    return pixels


def encode(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


BOXES = [(0.25, 0.25, 0.5, 0.75), (0.625, 0.125, 0.875, 0.25)]


@pytest.fixture
def make_det(tmp_path):
    def make(labels, image=None, name="det"):
        path = str(tmp_path / f"{name}.rec")
        data = encode(picture(BOXES) if image is None else image)
        with recordio.MXIndexedRecordIO(str(tmp_path / f"{name}.idx"), path, "w") as writer:
            for i, label in enumerate(labels):
                writer.write_idx(i, recordio.pack(recordio.IRHeader(0, label, i, 0), data))
        return path

    return make


def label_of(boxes, width=5, header=2):
    rows = [[number, *box, *range(width - 5)] for number, box in enumerate(boxes)]
    return [header, width, *range(header - 2), *np.ravel(rows)]


class TestLabels:
    def test_layout(self, make_det):
        it = ImageDetRecordIter(make_det([label_of(BOXES), label_of(BOXES[:1], 6, 4)]), SHAPE, 2)
        assert it.provide_label[0].shape == (2, 4 + 12)
        rows = it.next().label[0].asnumpy()
        assert rows[0, :6].tolist() == [3, 20, 24, 12, 2, 5]
        np.testing.assert_allclose(rows[0, 6:16].reshape(2, 5)[:, 1:], BOXES)
        assert rows[1, :8].tolist() == [3, 20, 24, 10, 4, 6, 0, 1]
        assert (rows[1, 14:] == -1).all()

    def test_pad(self, make_det):
        path = make_det([label_of(BOXES[:1])])
        it = ImageDetRecordIter(path, SHAPE, 1, label_pad_width=10, label_pad_value=-7)
        assert it.next().label[0].asnumpy()[0, 11:].tolist() == [-7, -7, -7]
        with pytest.raises(ValueError, match="label_pad_width must be at least 7, the width of the longest"):
            ImageDetRecordIter(path, SHAPE, 1, label_pad_width=6)

    def test_boxes_without_area_are_left_out(self, make_det):
        """As in MXNet; real sets have such boxes."""
        it = ImageDetRecordIter(make_det([label_of([BOXES[0], (0.5, 0.5, 0.5, 0.7)])]), SHAPE, 1)
        assert it.next().label[0].asnumpy()[0, 3:6].tolist() == [7, 2, 5]

    def test_width(self, make_det):
        path = make_det([label_of(BOXES), label_of(BOXES[:1])])
        with pytest.raises(ValueError, match=r"label_width=12, but the label of .*record 1 at byte \d+ has 7 numbers"):
            ImageDetRecordIter(path, SHAPE, 1, label_width=12)

    def test_list(self, make_det, tmp_path):
        path = make_det([label_of(BOXES), label_of(BOXES)])
        lines = ["\t".join(map(str, [number, *label_of(BOXES[:1]), "x.png"])) for number in (0, 3)]
        (tmp_path / "labels.lst").write_text("\n".join(lines) + "\n")
        it = ImageDetRecordIter(path, SHAPE, 1, path_imglist=str(tmp_path / "labels.lst"))
        assert it.next().label[0].asnumpy()[0, 3] == 7
        with pytest.raises(MXNetError, match=r"record 1 at byte \d+: its id 1 is not in the list"):
            it.next()

    @pytest.mark.parametrize(
        ("label", "text"),
        [
            ([2, 5], "a header of 2 numbers or more and an object of 5 or more; got 2 numbers"),
            ([1, 5, 1, 0.1, 0.2, 0.5, 0.6], "its header has 1 numbers and an object 5"),
            ([2, 4, 1, 0.1, 0.2, 0.5, 0.6, 0.7], "an object 4, at least 2 and 5"),
            ([2, 5, 1, 0.1, 0.2, 0.5, 0.6, 9], "does not fit its 8 numbers"),
            ([2, np.nan, 1, 0.1, 0.2, 0.5, 0.6], "an object nan"),
            ([2, 5, 1, -0.1, 0.2, 0.5, 0.6], r"the box of object 0 of its label must lie between 0 and 1; got \[-0.1"),
            ([2, 5, 1, 0.1, 0.2, 0.5, 1.6], "must lie between 0 and 1"),
            ([2, 5, 1, 0.1, np.nan, 0.5, 0.6], "must lie between 0 and 1"),
        ],
    )
    def test_wrong(self, make_det, label, text):
        it = ImageDetRecordIter(make_det([label_of(BOXES), label]), SHAPE, 1)
        it.next()
        with pytest.raises(MXNetError, match=rf"det\.rec: record 1 at byte \d+: .*{text}"):
            it.next()
        it = ImageDetRecordIter(make_det([label_of(BOXES), label]), SHAPE, 2, on_error="skip")
        assert it.next().pad == 1
        assert len(it.skipped) == 1

    @given(st.lists(st.floats(-3, 9, width=32) | st.sampled_from([2.0, 5.0, 6.0]), max_size=20))
    def test_any_numbers_are_a_label_or_an_error(self, numbers):
        try:
            head, objects = parse(np.array(numbers, np.float32))
        except RecordError:
            return
        assert len(head) >= 2
        assert objects.shape[1] >= 5


def seen(pixels, boxes, transforms, key=0):
    """Image and boxes after transforms."""
    objects = np.array([[number, *box] for number, box in enumerate(boxes)], np.float32).reshape(-1, 5)
    view, objects = view_with_boxes(pixels.shape[:2], objects, transforms, native.Chance(native.mix(key)))
    out = np.empty((3, view.rows, view.columns), np.uint8)
    produce(pixels, view, out)
    return out.transpose(1, 2, 0), objects


CROP = CropBoxes(1.0, [Sampler((0.4, 0.9), (0.5, 2.0))])


class TestBoxesFollow:
    @settings(max_examples=60)
    @given(key=st.integers(0, 2**32), data=st.data())
    def test_the_white_rectangle_stays_in_its_box(self, key, data):
        steps = data.draw(
            st.lists(
                st.sampled_from([CROP, MirrorBoxes(0.5), PadBoxes(1.0, 2.0, 0), Resize(70), Fit(90, 80)]), max_size=4
            )
        )
        box = (0.25, 0.25, 0.5, 0.75)
        image, objects = seen(picture([box], 80, 96), [box], steps, key)
        assert len(objects) == 1
        rows, columns = np.nonzero(image[:, :, 0] > 127)
        height, width = image.shape[:2]
        found = (columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)
        np.testing.assert_allclose(objects[0, 1:], found, atol=0.06)

    def test_mirror(self):
        image, objects = seen(picture(BOXES), BOXES, [MirrorBoxes(1.0)])
        assert np.array_equal(image, Mirror()(picture(BOXES)))
        np.testing.assert_allclose(objects[:, 1:], [[0.5, 0.25, 0.75, 0.75], [0.125, 0.125, 0.375, 0.25]])

    def test_padding_keeps_its_value_where_colours_change(self):
        image, _ = seen(np.full((30, 30, 3), 100, np.uint8), [], [ShiftHLS(lightness=50), PadBoxes(1.0, 3.0, 127)], 3)
        values = set(np.unique(image))
        assert 127 in values
        assert len(values) == 2

    def test_which_objects_are_dropped(self):
        boxes = [(0.0, 0.0, 0.3, 0.3), (0.5, 0.5, 0.9, 0.9)]
        objects = np.array([[n, *b] for n, b in enumerate(boxes)], np.float32)
        centre = CropBoxes(1.0, [Sampler((0.7, 0.71))])
        overlap = CropBoxes(1.0, [Sampler((0.7, 0.71))], least=0.6)
        from paratrain.io.augment import View

        for crop in (centre, overlap):
            for key in range(60):
                view = View(100, 100, rows=100, columns=100)
                kept = crop.change_both(view, objects, native.Chance(native.mix(key)))
                x, y, w, h = (value / 100 for value in (view.left, view.top, view.columns, view.rows))
                for number, (left, top, right, bottom) in enumerate(boxes):
                    shared = max(0, min(right, x + w) - max(left, x)) * max(0, min(bottom, y + h) - max(top, y))
                    share = shared / ((right - left) * (bottom - top))
                    inside = x < (left + right) / 2 < x + w and y < (top + bottom) / 2 < y + h
                    near = abs(share - 0.6) < 0.08 if crop is overlap else min(
                        abs((left + right) / 2 - e) for e in (x, x + w)) < 0.03 or min(
                        abs((top + bottom) / 2 - e) for e in (y, y + h)) < 0.03  # fmt: skip
                    if not near:
                        assert (number in kept[:, 0]) == (share >= 0.6 if crop is overlap else inside)

    def test_moved_is_limited(self):
        objects = np.array([[3, 0.2, 0.2, 0.9, 0.9, 42]], np.float32)
        np.testing.assert_allclose(moved(objects, (0.5, 0.0, 0.25, 1.0)), [[3, 0, 0.2, 1, 0.9, 42]])


class TestSampler:
    @settings(max_examples=80)
    @given(
        low=st.floats(0.05, 0.9), more=st.floats(0, 0.5), aspect=st.floats(0.3, 1), proportion=st.floats(0.3, 3),
        key=st.integers(0, 2**32),
    )  # fmt: skip
    def test_windows(self, low, more, aspect, proportion, key):
        high = min(low + more, 1.0)
        sampler = Sampler((low, high), (aspect, 1 / aspect), trials=40)
        x, y, width, height = sampler.windows(proportion, native.Chance(key)).T
        assert ((x >= 0) & (y >= 0) & (x + width <= 1 + 1e-9) & (y + height <= 1 + 1e-9)).all()
        area = np.sqrt(width * height)
        assert ((area >= low - 1e-9) & (area <= high + 1e-9)).all()
        ratios = width / height * proportion
        assert ((ratios >= aspect - 1e-6) & (ratios <= 1 / aspect + 1e-6)).all()

    @pytest.mark.parametrize("name", ["overlap", "sample", "object"])
    def test_conditions(self, name):
        """What is taken meets the condition."""
        sampler = Sampler((0.3, 1.0), (0.5, 2.0), **{name: (0.3, 0.6)})
        box = np.array([[0, 0.2, 0.2, 0.7, 0.7]], np.float32)
        taken = 0
        for key in range(80):
            found = CropBoxes(1.0, [sampler])._found(
                sampler, _whole_view(), box, native.Chance(native.mix(key))
            )  # fmt: skip
            if found is None:
                continue
            taken += 1
            x, y, width, height = found[0]
            shared = max(0, min(0.7, x + width) - max(0.2, x)) * max(0, min(0.7, y + height) - max(0.2, y))
            of = {"overlap": width * height + 0.25 - shared, "sample": width * height, "object": 0.25}[name]
            assert 0.3 - 1e-6 <= shared / of <= 0.6 + 1e-6
        assert taken > 40

    def test_no_window_leaves_the_image(self):
        image, objects = seen(picture(BOXES), BOXES, [CropBoxes(1.0, [Sampler(overlap=(0.99, 1.0), scale=(0.1, 0.2))])])
        assert np.array_equal(image, picture(BOXES))
        assert len(objects) == 2

    def test_an_image_without_objects_is_cropped(self):
        image, objects = seen(picture([]), [], [CROP])
        assert image.shape[0] < 40
        assert len(objects) == 0


def _whole_view():
    from paratrain.io.augment import View

    return View(100, 100, rows=100, columns=100)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"rand_crop_prob": 1.5}, "rand_crop_prob must be from 0 to 1; got 1.5"),
        ({"max_pad_scale": 0.5}, "max_pad_scale must be at least 1"),
        ({"min_crop_scales": 0.9, "max_crop_scales": 0.5}, "must be from 0 to 1, min first; got 0.9, 0.5"),
        ({"num_crop_sampler": 3, "min_crop_overlaps": (0.1, 0.2)}, "one number, or one for each of 3 samplers"),
        ({"max_crop_trials": 0}, "max_crop_trials must be at least 1"),
        ({"crop_emit_mode": "edge"}, "crop_emit_mode must be one of 'center', 'overlap'"),
        ({"resize_mode": "fill"}, "resize_mode must be one of 'force', 'shrink', 'fit'"),
        ({"fill_value": -1}, "fill_value must be from 0 to 255"),
        ({"random_hue_prob": 2}, "random_hue_prob must be from 0 to 1"),
        (
            {"max_random_hue": 5, "random_hue_prob": 1, "data_shape": (1, 8, 8)},
            "need a data_shape with 3 or 4 channels",
        ),
        ({"mean_img": "x"}, "mean_img is not available here"),
        ({"aug_seq": "aug_default"}, "aug_seq must be one of 'det_aug_default'"),
        ({"dtype": "uint8", "scale": 0.5}, "need dtype='float32'"),
        ({"rand_mirror": True}, "there is no parameter 'rand_mirror'"),
    ],
)
def test_wrong_parameters(make_det, options, text):
    given = {"path_imgrec": make_det([label_of(BOXES)]), "data_shape": SHAPE, "batch_size": 1, **options}
    with pytest.raises(ValueError, match=text) as caught:
        ImageDetRecordIter(**given)
    assert isinstance(caught.value, MXNetError)


ALL = {
    "rand_crop_prob": 0.7, "num_crop_sampler": 2, "min_crop_scales": (0.3, 0.5), "max_crop_scales": 1.0,
    "rand_pad_prob": 0.5, "max_pad_scale": 2.0, "rand_mirror_prob": 0.5, "max_random_hue": 9, "random_hue_prob": 0.5,
    "max_random_contrast": 0.4, "random_contrast_prob": 0.5,
}  # fmt: skip


@pytest.mark.parametrize("mode", ["force", "shrink", "fit"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "uint8"])
def test_threads_do_not_change_the_batches(make_det, mode, dtype):
    path = make_det([label_of(BOXES)] * 9)

    def run(threads):
        it = ImageDetRecordIter(
            path, SHAPE, 3, shuffle=True, preprocess_threads=threads, resize_mode=mode, dtype=dtype, **ALL
        )
        batches = list(it)
        return [np.stack([b.data[0].asnumpy() for b in batches]), np.stack([b.label[0].asnumpy() for b in batches])]

    for once, many in zip(run(1), run(4), strict=True):
        assert np.array_equal(once, many)


def test_position(make_det):
    path = make_det([label_of(BOXES)] * 7)
    it = ImageDetRecordIter(path, SHAPE, 2, shuffle=True, **ALL)
    it.next()
    state = it.state_dict()
    rest = [b.data[0].asnumpy() for b in it]
    other = ImageDetRecordIter(path, SHAPE, 2, shuffle=True, **ALL)
    other.load_state_dict(state)
    assert np.array_equal(rest, [b.data[0].asnumpy() for b in other])
