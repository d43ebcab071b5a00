"""ImageRecordIter: what the batches hold, order, position, damage, threads."""

import gc
import json
import os
import subprocess
import sys
import threading
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import paratrain as mx
from paratrain import MXNetError, io, profiler, recordio
from paratrain.io import ImageRecordIter, native
from paratrain.io.image_filler import ImageFiller

SHAPE = (3, 6, 7)


def numbers(batch, real=True):
    """Numbers of the images of a batch, told by their pixels; checks that the labels and ids agree."""
    red = batch.data[0].asnumpy()[:, 0]
    assert (red == red[:, :1, :1]).all()
    got = red[:, 0, 0].astype(int).tolist()
    assert got == batch.label[0].asnumpy().astype(int).tolist() == batch.index.tolist()
    return got[: len(got) - batch.pad] if real else got


def epoch(it, real=True):
    return [numbers(batch, real) for batch in it]


def epoch_of(it):
    """Numbers of the records of the epoch, in their order."""
    return flat(it._order.epoch(it._epoch).rows.tolist())


def flat(batches):
    return [n for batch in batches for n in batch]


class TestOrder:
    @pytest.mark.parametrize("shuffle", [False, True])
    @pytest.mark.parametrize(("n", "batch_size", "parts"), [(10, 4, 1), (10, 2, 3), (11, 2, 4), (7, 5, 2), (5, 1, 5)])
    def test_every_record_once_over_the_parts(self, make_rec, n, batch_size, parts, shuffle):
        path = make_rec(n)
        its = [
            ImageRecordIter(path, SHAPE, batch_size, num_parts=parts, part_index=i, shuffle=shuffle, round_batch=False)
            for i in range(parts)
        ]
        for _ in range(3):
            epochs = [epoch(it) for it in its]
            assert sorted(n for e in epochs for n in flat(e)) == list(range(n))
            assert len({len(e) for e in epochs}) == 1  # no rank waits for another
            assert {len(e) for e in epochs} == {its[0].num_batches} == {-(-n // (batch_size * parts))}
            for it in its:
                it.reset()

    def test_threads_do_not_change_the_order(self, make_rec):
        def run(threads, ahead):
            it = ImageRecordIter(
                path, (3, 4, 5), 4, shuffle=True, seed=3, rand_crop=True, rand_mirror=True,
                preprocess_threads=threads, prefetch_buffer=ahead,
            )  # fmt: skip
            out = []
            for _ in range(2):
                out += [batch.data[0].asnumpy() for batch in it]
                it.reset()
            return np.stack(out)

        path = make_rec(30)
        once = run(1, 1)
        assert np.array_equal(once, run(4, 2))
        assert np.array_equal(once, run(7, 5))

    def test_seeds_and_epochs(self, make_rec):
        path = make_rec(20)
        its = [ImageRecordIter(path, SHAPE, 5, shuffle=True, seed=seed) for seed in (0, 0, 1)]
        first = [flat(epoch(it)) for it in its]
        assert first[0] == first[1] != first[2]
        its[0].reset()
        assert flat(epoch(its[0])) != first[0]

    def test_one_rank_or_four_see_the_same_in_a_step(self, make_rec):
        path = make_rec(37)
        one = epoch(ImageRecordIter(path, SHAPE, 8, shuffle=True, seed=0), real=False)
        four = [
            epoch(ImageRecordIter(path, SHAPE, 2, shuffle=True, seed=0, num_parts=4, part_index=i), real=False)
            for i in range(4)
        ]
        assert [sorted(b) for b in one] == [sorted(flat(b)) for b in zip(*four, strict=True)]

    def test_augmentation_belongs_to_record_and_epoch(self, make_rec):
        """Not to the place in a batch or the part: so a run on more ranks sees the same pictures."""
        path = make_rec(6, height=20, width=20)
        options = {"shuffle": True, "rand_crop": True, "rand_mirror": True}

        def pictures(**more):
            it = ImageRecordIter(path, (3, 4, 4), **options, **more)
            return {int(i): d for b in it for i, d in zip(b.index, b.data[0].asnumpy(), strict=True)}

        whole = pictures(batch_size=6)
        for part in range(2):
            for number, picture in pictures(batch_size=1, num_parts=2, part_index=part).items():
                assert np.array_equal(picture, whole[number])


class TestPosition:
    @pytest.mark.parametrize("stop", range(8))
    @pytest.mark.parametrize("shuffle", [False, True])
    def test_go_on_where_it_stopped(self, make_rec, stop, shuffle):
        path = make_rec(11)

        def make():
            return ImageRecordIter(path, SHAPE, 4, shuffle=shuffle, rand_mirror=True)

        def steps(it, count):
            out = []
            while len(out) < count:
                try:
                    out.append(it.next().data[0].asnumpy())
                except StopIteration:
                    it.reset()
            return out

        whole = steps(make(), 10)
        it = make()
        begin = steps(it, stop)
        state = it.state_dict()
        other = make()
        other.next()  # has already worked ahead
        other.load_state_dict(state)
        assert other.state_dict() == state
        assert np.array_equal(begin + steps(other, 10 - stop), whole)

    def test_state_is_plain(self, make_rec):
        it = ImageRecordIter(make_rec(4), SHAPE, np.int64(2), num_parts=np.int64(1), shuffle=True, seed=np.int64(9))
        it.next()
        assert json.loads(json.dumps(it.state_dict())) == {
            "epoch": 0, "batch": 1, "records": 4, "batch_size": 2, "num_parts": 1, "shuffle": True, "seed": 9,
            "roll_over": False,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            ({"seed": 1}, "saved with seed=1; this iterator has seed=0"),
            ({"batch_size": 3}, "batch_size=3; this iterator has batch_size=2"),
            ({"batch": 3}, "batch of the saved position must be from 0 to 2; got 3"),
            ({"epoch": "x"}, "epoch of the saved position must be a whole number"),
        ],
    )
    def test_state_of_another_iterator(self, make_rec, change, text):
        it = ImageRecordIter(make_rec(4), SHAPE, 2, seed=0)
        with pytest.raises(ValueError, match=text):
            it.load_state_dict({**it.state_dict(), **change})
        with pytest.raises(ValueError, match="has no 'records'"):
            it.load_state_dict({"epoch": 0, "batch": 0})

    def test_reset_in_the_middle(self, make_rec):
        it = ImageRecordIter(make_rec(9), SHAPE, 2, round_batch=False)
        it.reset()
        it.reset()  # nothing was taken: still the first epoch
        it.next()
        it.reset()
        assert flat(epoch(it)) == list(range(9))


class TestContent:
    @pytest.mark.parametrize(
        ("options", "low", "high"),
        [({}, 0, 0), ({"mirror": True}, 40, 40), ({"rand_mirror": True}, 10, 30),
         ({"mirror": True, "rand_mirror": True}, 10, 30)],
    )  # fmt: skip
    def test_mirrored(self, make_rec, options, low, high):
        """Blue tells the column: of 40 images, about half are mirrored at random."""
        blue = ImageRecordIter(make_rec(40), SHAPE, 40, **options).next().data[0].asnumpy()[:, 2, 0]
        mirrored = (blue == np.arange(7)[::-1]).all(axis=1)
        assert (mirrored | (blue == np.arange(7)).all(axis=1)).all()
        assert low <= mirrored.sum() <= high

    def test_labels(self, tmp_path, make_rec):
        (tmp_path / "set.lst").write_text("".join(f"{i}\t{i * 2}\t{i * 3}\tx.png\n" for i in range(4)))
        it = ImageRecordIter(make_rec(4), SHAPE, 2, path_imglist=str(tmp_path / "set.lst"), label_width=2)
        assert it.provide_label[0].shape == (2, 2)
        assert [b.label[0].asnumpy().tolist() for b in it] == [[[0, 0], [2, 3]], [[4, 6], [6, 9]]]

    def test_record_missing_in_the_list(self, tmp_path, make_rec):
        (tmp_path / "set.lst").write_text("0\t1\tx.png\n")
        it = ImageRecordIter(make_rec(4), SHAPE, 2, path_imglist=str(tmp_path / "set.lst"))
        with pytest.raises(MXNetError, match=r"record 1 at byte .*: its id 1 is not in the list"):
            it.next()

    @pytest.mark.parametrize("line", ["1\t2", "x\t1\ta.png", "1\ty\ta.png"])
    def test_damaged_list(self, tmp_path, make_rec, line):
        (tmp_path / "set.lst").write_text(f"0\t1\tx.png\n\n{line}\n")
        with pytest.raises(MXNetError, match=r"set\.lst: line 3 must hold index, labels and path"):
            ImageRecordIter(make_rec(4), SHAPE, 2, path_imglist=str(tmp_path / "set.lst"))

    def test_wrong_label_width(self, make_rec):
        with pytest.raises(MXNetError, match="it has 1 labels; label_width=3 was given"):
            ImageRecordIter(make_rec(2), SHAPE, 2, label_width=3).next()

    def test_index_is_not_needed(self, make_rec):
        path = make_rec(7)
        with_index = ImageRecordIter(path, SHAPE, 3, path_imgidx=path[:-3] + "idx", shuffle=True)
        assert epoch(with_index) == epoch(ImageRecordIter(path, SHAPE, 3, shuffle=True))

    def test_batches_stay_as_they_are(self, make_rec):
        """A batch is the user's; its memory is used again only when it is dropped."""
        it = ImageRecordIter(make_rec(40), SHAPE, 2, prefetch_buffer=2)
        kept = list(it)
        assert flat(numbers(b) for b in kept) == list(range(40))

    def test_memory_is_used_again(self, make_rec):
        it = ImageRecordIter(make_rec(40), SHAPE, 2, prefetch_buffer=2, round_batch=False)
        ring = it._loader._work.data
        for _ in range(3):
            epoch(it)
            it.reset()
        assert ring.pool.made <= 5


class TestDamage:
    @pytest.fixture
    def damaged(self, make_rec):
        """12 records of which 3 holds no image, 4 a cut one, 5 nothing."""
        return make_rec(12, payloads={3: b"no image", 4: make_rec.image(4)[:50], 5: b""})

    def test_error(self, damaged):
        it = ImageRecordIter(damaged, SHAPE, 4)
        text = r"set\.rec: record 3 at byte \d+: not an image in a known format"
        with pytest.raises(MXNetError, match=text):
            it.next()
        with pytest.raises(MXNetError, match="record 4 at byte"):
            it.next()
        assert numbers(it.next()) == [8, 9, 10, 11]

    @pytest.mark.parametrize("threads", [1, 4])
    def test_skip(self, damaged, threads, caplog):
        it = ImageRecordIter(damaged, SHAPE, 4, on_error="skip", preprocess_threads=threads, verbose=False)
        batches = list(it)
        assert [numbers(b) for b in batches] == [[0, 1, 2], [6, 7], [8, 9, 10, 11]]
        assert [b.pad for b in batches] == [1, 2, 0]
        assert numbers(batches[1], real=False) == [6, 7, 6, 7]
        assert "epoch 0, part 0: 3 records were skipped" in caplog.text
        assert "record 5 at byte" in caplog.text
        assert len(it.skipped) == 3
        it.reset()
        assert it.skipped == []

    @pytest.mark.parametrize(("shuffle", "threads"), [(False, 1), (False, 3), (True, 2)])
    def test_skip_a_whole_batch(self, make_rec, shuffle, threads):
        """A batch without a good record stays one, so that no rank waits for another: all of it is padding."""
        path = make_rec(5, payloads={0: b"x", 1: b"y", 4: b""})
        it = ImageRecordIter(path, SHAPE, 1, shuffle=shuffle, on_error="skip", preprocess_threads=threads)
        for _ in range(3):
            batches = list(it)
            assert [b.pad for b in batches] == [
                int(b.index[0] != n) for n, b in zip(epoch_of(it), batches, strict=True)
            ]
            assert sorted(flat(map(numbers, batches))) == [2, 3]
            assert {n for b in batches for n in numbers(b, real=False)} == {2, 3}  # what fills up are good records
            assert len(it.skipped) == 3
            it.reset()

    def test_a_batch_of_padding_does_not_depend_on_where_it_began(self, make_rec):
        path = make_rec(9, payloads={3: b"x", 4: b"y", 5: b"z"})

        def make():
            return ImageRecordIter(path, SHAPE, 3, on_error="skip")

        it = make()
        it.next()
        state = it.state_dict()
        other = make()
        other.load_state_dict(state)
        batches = [it.next(), other.next()]
        assert [b.pad for b in batches] == [3, 3]
        assert np.array_equal(*(b.data[0].asnumpy() for b in batches))
        assert [numbers(b, real=False) for b in batches] == [[6, 6, 6]] * 2

    def test_score_leaves_a_batch_of_padding_out(self, make_rec):
        it = ImageRecordIter(make_rec(6, payloads={2: b"x", 3: b"y"}), SHAPE, 2, on_error="skip", round_batch=False)
        module = mx.mod.Module(mx.sym.SoftmaxOutput(mx.sym.Flatten(mx.sym.var("data")), name="softmax"))
        module.bind(it.provide_data, it.provide_label, for_training=False)
        module.init_params()
        metric = mx.metric.Accuracy()
        module.score(it, metric)
        assert metric.num_inst == 4
        assert module.predict(it).shape[0] == 4

    @pytest.mark.parametrize("leave", ["reset", "close", "load_state_dict"])
    def test_what_was_skipped_is_named_where_an_epoch_ends_early(self, damaged, caplog, leave):
        it = ImageRecordIter(damaged, SHAPE, 4, on_error="skip", verbose=False)
        it.next()
        getattr(it, leave)(*[it.state_dict()] * (leave == "load_state_dict"))
        assert "epoch 0, part 0: 1 records were skipped" in caplog.text
        assert "record 3 at byte" in caplog.text

    def test_no_record_can_be_used(self, make_rec):
        it = ImageRecordIter(make_rec(3, payloads=dict.fromkeys(range(3), b"x")), SHAPE, 1, on_error="skip")
        with pytest.raises(MXNetError, match=r"none of the 3 records of part 0 can be used; .*record 0 at byte"):
            it.next()

    def test_what_is_no_damage_is_not_skipped(self, damaged, monkeypatch):
        """Not even behind a damaged record of the same batch."""
        plain = ImageFiller.put

        def put(self, picture, *rest):
            if picture.id == 6:
                raise MemoryError("no room for record 6")
            plain(self, picture, *rest)

        monkeypatch.setattr(ImageFiller, "put", put)
        it = ImageRecordIter(damaged, SHAPE, 4, on_error="skip")
        it.next()
        with pytest.raises(MemoryError, match="no room for record 6"):
            it.next()

    def test_too_many_in_a_whole_batch(self, make_rec):
        path = make_rec(4, payloads={0: b"x", 1: b"y"})
        it = ImageRecordIter(path, SHAPE, 2, on_error="skip", max_skipped=1)
        with pytest.raises(MXNetError, match=r"2 records of epoch 0 were skipped, more than max_skipped=1"):
            it.next()

    def test_cut_record_file(self, make_rec):
        path = make_rec(5)
        os.truncate(path, os.path.getsize(path) - 5)
        with pytest.raises(MXNetError, match=r"set\.rec: record 4 at byte \d+ is cut off"):
            ImageRecordIter(path, SHAPE, 2)
        it = ImageRecordIter(path, SHAPE, 1, path_imgidx=make_idx_of_first(path, 4))
        assert flat(epoch(it)) == [0, 1, 2, 3]

    def test_file_that_becomes_shorter(self, make_rec):
        """A file that changes below the iterator is an error, not the end of the process."""
        path = make_rec(64)
        it = ImageRecordIter(path, SHAPE, 1, prefetch_buffer=1, preprocess_threads=1)
        it.next()
        os.truncate(path, 200)
        with pytest.raises(MXNetError, match="cut off"):
            list(it)

    def test_empty_file(self, tmp_path):
        (tmp_path / "empty.rec").write_bytes(b"")
        with pytest.raises(MXNetError, match=r"empty\.rec holds no records"):
            ImageRecordIter(str(tmp_path / "empty.rec"), SHAPE, 2)

    def test_not_a_record_file(self, tmp_path):
        (tmp_path / "a.rec").write_bytes(b"something else altogether")
        with pytest.raises(MXNetError, match=r"a\.rec: record 0 at byte 0"):
            ImageRecordIter(str(tmp_path / "a.rec"), SHAPE, 2)


def photo(number, grey=False):
    """Smooth pixels with some noise, of a size of their own."""
    rng = np.random.default_rng(number)
    y, x = np.mgrid[0 : 90 + 7 * number % 50, 0 : 100 + 11 * number % 60]
    pixels = 128 + 90 * np.sin(y / 9 + number)[..., None] * np.cos(x / np.array([7, 9, 13])[:, None, None]).transpose(
        1, 2, 0
    )
    pixels = (pixels + rng.normal(0, 9, pixels.shape)).clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels[:, :, 0] if grey else pixels)


def saved(image, kind, **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


class TestJpeg:
    """JPEG records are decoded natively, as far as the crop needs: the batches are those of the same pixels as PNG."""

    KINDS = (
        {"subsampling": "4:2:0"},
        {"subsampling": "4:2:2"},
        {"subsampling": "4:4:4"},
        {"progressive": True},
        {"restart_marker_rows": 1},
    )
    OPTIONS = (
        {"data_shape": (3, 48, 56), "resize": 64, "rand_crop": True, "rand_mirror": True},
        {"data_shape": (3, 48, 56), "rand_crop": True, "rand_mirror": True},
        {"data_shape": (3, 8, 9), "resize": 11, "mirror": True},  # pixels far apart
        {"data_shape": (3, 150, 170), "resize": 200, "rand_crop": True},  # enlarged
    )

    def twins(self, make_rec, grey=False):
        """A file of JPEG images, and one of the same pixels as PNG images."""
        jpegs = {i: saved(photo(i, grey), "JPEG", quality=85, **self.KINDS[i % len(self.KINDS)]) for i in range(10)}
        pngs = {i: saved(Image.open(BytesIO(jpeg)), "PNG") for i, jpeg in jpegs.items()}
        return make_rec(10, "jpeg", jpegs), make_rec(10, "png", pngs)

    def batch(self, path, **options):
        with ImageRecordIter(path, batch_size=10, shuffle=True, **options) as it:
            return it.next().data[0].asnumpy()

    @pytest.mark.parametrize("options", OPTIONS)
    @pytest.mark.parametrize("dtype", ["float32", "float16", "uint8", "int8"])
    def test_same_pixels(self, make_rec, options, dtype):
        norm = (
            {} if dtype == "uint8" else {"mean_r": 100.0, "mean_g": 110.0, "mean_b": 90.0, "std_g": 1.5, "scale": 0.7}
        )
        jpeg, png = self.twins(make_rec)
        got = self.batch(jpeg, dtype=dtype, **options, **norm)
        assert got.dtype == dtype
        assert np.array_equal(got, self.batch(png, dtype=dtype, **options, **norm))
        assert np.ptp(got[0].astype(int)) > 30

    @pytest.mark.parametrize("channels", [1, 3])
    def test_grey(self, make_rec, channels):
        jpeg, png = self.twins(make_rec, grey=True)
        options = {"data_shape": (channels, 48, 56), "resize": 64, "rand_crop": True}
        assert np.array_equal(self.batch(jpeg, **options), self.batch(png, **options))

    @pytest.mark.parametrize("channels", [1, 4])
    def test_colour_to_other_channels(self, make_rec, channels):
        jpeg, png = self.twins(make_rec)
        options = {"data_shape": (channels, 48, 56), "resize": 64}
        assert np.array_equal(self.batch(jpeg, **options), self.batch(png, **options))

    def test_half_is_float_rounded(self, make_rec):
        jpeg, _ = self.twins(make_rec)
        options = {**self.OPTIONS[0], "mean_r": 100.0, "std_r": 3.0, "scale": 1e-4, "std_g": 1e-7}  # tiny to infinite
        with np.errstate(over="ignore"):
            want = self.batch(jpeg, **options).astype(np.float16)
        assert np.isinf(want).any()
        assert np.array_equal(self.batch(jpeg, dtype="float16", **options), want)

    @pytest.mark.parametrize("cut", [0.2, 0.6, 0.999])
    def test_truncated(self, make_rec, cut):
        data = saved(photo(0), "JPEG")
        path = make_rec(2, payloads={1: data[: int(len(data) * cut)]})
        with pytest.raises(MXNetError, match=r"set\.rec: record 1 at byte \d+: .*(?i:truncated)"):
            ImageRecordIter(path, SHAPE, 2).next()

    def test_labels_and_ids(self, make_rec, tmp_path):
        path = str(tmp_path / "several.rec")
        with recordio.MXRecordIO(path, "w") as writer:
            for i in range(3):
                header = recordio.IRHeader(0, [i, i + 0.5, -i], 2**64 - 1 - i, 0)
                writer.write(recordio.pack(header, saved(photo(i), "JPEG")))
        batch = ImageRecordIter(path, (3, 20, 20), 3, label_width=3).next()
        assert batch.label[0].asnumpy().tolist() == [[i, i + 0.5, -i] for i in range(3)]
        assert batch.index.tolist() == [2**64 - 1 - i for i in range(3)]
        with pytest.raises(MXNetError, match="it has 3 labels; label_width=1 was given"):
            ImageRecordIter(path, (3, 20, 20), 3).next()

    @pytest.mark.skipif("libasan" in os.environ.get("LD_PRELOAD", ""), reason="AddressSanitizer keeps freed memory")
    def test_memory_is_flat(self, make_rec):
        """20 epochs need no more memory than the first ones."""
        jpeg, _ = self.twins(make_rec)
        options = {**self.OPTIONS[0], "batch_size": 2, "preprocess_threads": 2}

        def resident():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        with ImageRecordIter(jpeg, **options) as it:
            for number in range(23):
                for _ in it:
                    pass
                it.reset()
                if number == 2:
                    before = resident()
            assert resident() - before < 1 << 20


class TestNativeRecord:
    """What native code refuses."""

    @pytest.fixture
    def loaded(self, make_rec):
        path = make_rec(1, payloads={0: saved(photo(0), "JPEG")})
        record = native.ImageRecord()
        assert record.load(native.RecordFile(path), 0, 0, 3) == photo(0).size[::-1]
        return record

    def place(self, record, shape=(2, 3, 4, 5), dtype=np.float32, row=0, window=(8, 9, 0, 0, False)):
        record.place(window, [1.0] * 4, [0.0] * 4, np.empty(shape, dtype), row)

    def test_fits(self, loaded):
        self.place(loaded, row=1)

    @pytest.mark.parametrize(
        ("change", "error", "text"),
        [
            ({"row": 2}, IndexError, "row must be from 0 to 1; got 2"),
            ({"row": -1}, IndexError, "row must be from 0 to 1; got -1"),
            ({"shape": (2, 1, 4, 5)}, ValueError, "an image of 3 channels does not fit a batch"),
            ({"shape": (3, 4)}, ValueError, "a batch [(]N, channels, H, W[)]; got"),
            ({"shape": (0, 3, 4, 5)}, IndexError, "row must be from 0 to -1"),
            ({"shape": (2, 3, 0, 5)}, ValueError, "window must lie inside"),
            ({"window": (8, 9, 5, 0, False)}, ValueError, "window must lie inside"),
            ({"window": (8, 9, 0, -1, False)}, ValueError, "window must lie inside"),
            ({"window": (3, 9, 0, 0, False)}, ValueError, "window must lie inside"),
            ({"dtype": np.float64}, TypeError, "got float64"),
        ],
    )
    def test_refused(self, loaded, change, error, text):
        with pytest.raises(error, match=text):
            self.place(loaded, **change)

    def test_nothing_loaded(self):
        with pytest.raises(ValueError, match="does not fit a batch"):
            self.place(native.ImageRecord())

    def test_not_for_this_decoder(self, make_rec):
        path = make_rec(1)
        record = native.ImageRecord()
        assert record.load(native.RecordFile(path), 0, 0, 3) is None
        assert record.payload.endswith(make_rec.image(0))
        with pytest.raises(ValueError, match="does not fit a batch"):
            self.place(record)


def make_idx_of_first(path, n):
    with open(path[:-3] + "idx") as file:
        lines = file.readlines()[:n]
    with open(path[:-4] + "-some.idx", "w") as file:
        file.writelines(lines)
    return path[:-4] + "-some.idx"


class TestParameters:
    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"path_imgrec": None}, "path_imgrec is required"),
            ({"data_shape": None}, "data_shape is required"),
            ({"batch_size": None}, "batch_size is required"),
            ({"data_shape": (3, 4)}, r"data_shape must be \(channels, height, width\)"),
            ({"data_shape": (2, 4, 4)}, "1, 3 or 4 channels"),
            ({"batch_size": 0}, "batch_size must be at least 1; got 0"),
            ({"scale": "x"}, "scale must be a number; got 'x'"),
            ({"std_g": 0}, "std_g must not be 0"),
            ({"shuffle": "yes"}, "shuffle must be True or False"),
            ({"num_parts": 2, "part_index": 2}, "part_index must be from 0 to 1; got 2"),
            ({"num_parts": 5}, "num_parts=5, but there are only 4 records"),
            ({"dtype": "float64"}, "dtype must be one of 'float32', 'float16', 'uint8', 'int8'; got 'float64'"),
            ({"dtype": "uint8", "mean_r": 1}, "need dtype='float32'"),
            ({"on_error": "ignore"}, "on_error must be one of 'raise', 'skip'"),
            ({"preprocess_threads": 0}, "preprocess_threads must be at least 1"),
            ({"aug_seq": "aug_own"}, "aug_seq must be one of 'aug_default'; got 'aug_own'"),
            ({"mean_img": "mean.bin", "mean_r": 3}, "mean_img cannot be given together with mean_r"),
            ({"shuffle_chunk_size": 4}, "shuffle_chunk_size needs shuffle=True"),
            ({"max_rotate_angle": -3}, "max_rotate_angle must be from 0 to 180; got -3"),
            ({"fill_value": 300}, "fill_value must be from 0 to 255; got 300"),
            ({"inter_method": 7}, "inter_method must be one of 0, 1, 2, 3, 4, 9, 10; got 7"),
            ({"brightness": -1}, "brightness must not be negative; got -1"),
            ({"min_random_scale": 0}, "min_random_scale must be positive; got 0"),
            ({"min_random_scale": 2}, "min_random_scale must be at most max_random_scale; got 2 and 1"),
            ({"max_aspect_ratio": 1.5}, "max_aspect_ratio must be below 1 where min_aspect_ratio is not given"),
            ({"min_aspect_ratio": 1.5}, "min_aspect_ratio must be at most max_aspect_ratio; got 1.5 and 0"),
            ({"min_random_area": 0.5}, "need random_resized_crop=True"),
            ({"random_resized_crop": True, "rand_crop": True}, "rand_crop has no meaning together with"),
            ({"max_crop_size": 5}, "must be given together; got -1, 5"),
            ({"data_shape": (1, 6, 7), "pca_noise": 0.1}, "pca_noise needs a data_shape with 3 or 4 channels"),
            ({"max_skipped": -1}, "max_skipped must be at least 0"),
            ({"suffle": True}, "there is no parameter 'suffle'"),
        ],
    )
    def test_wrong(self, make_rec, options, text):
        given = {"path_imgrec": make_rec(4), "data_shape": SHAPE, "batch_size": 2, **options}
        with pytest.raises(ValueError, match=text) as caught:
            ImageRecordIter(**given)
        assert isinstance(caught.value, MXNetError)

    def test_defaults_of_mxnet_are_accepted(self, make_rec):
        from paratrain.io.augment.standard import DEFAULTS

        assert ImageRecordIter(make_rec(4), SHAPE, 2, **DEFAULTS, aug_seq="aug_default").next().pad == 0

    def test_other_types(self, make_rec):
        path = make_rec(4)
        assert io.ImageRecordUInt8Iter(path, SHAPE, 2).provide_data[0].dtype == np.uint8
        assert io.ImageRecordInt8Iter(path, SHAPE, 2).next().data[0].dtype == np.int8


class TestThreads:
    def running(self):
        return [t for t in threading.enumerate() if t.name.startswith("paratrain-io")]

    def test_close(self, make_rec):
        before = len(self.running())
        with ImageRecordIter(make_rec(20), SHAPE, 2, preprocess_threads=3) as it:
            batch = it.next()
            assert len(self.running()) == before + 3
        assert len(self.running()) == before
        assert numbers(batch) == [0, 1]
        it.close()
        with pytest.raises(ValueError, match="the iterator is closed"):
            it.next()

    def test_dropping_ends_the_threads(self, make_rec):
        before = len(self.running())
        it = ImageRecordIter(make_rec(20), SHAPE, 2)
        it.next()
        del it
        gc.collect()
        assert len(self.running()) == before

    def test_interrupt(self, make_rec):
        """Ctrl-C while waiting for a batch; the iterator works on afterwards."""
        code = f"""
import os, signal, threading, time
from paratrain.io import ImageRecordIter, loader
it = ImageRecordIter({make_rec(8)!r}, {SHAPE}, 2, preprocess_threads=2)
fill = it._loader._work.fill
gate = threading.Event()
it._loader._work.fill = lambda slot, row: (gate.wait(), fill(slot, row))
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    it.next()
except KeyboardInterrupt:
    gate.set()
    assert len(list(it)) == 4
    it.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("paratrain")]
    print("fine")
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert done.stdout == "fine\n", done.stderr

    def test_end_of_the_program(self, make_rec):
        """A program may end in the middle of an epoch."""
        code = (
            f"from paratrain.io import ImageRecordIter\nit = ImageRecordIter({make_rec(50)!r}, {SHAPE}, 2)\nit.next()"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
    def test_fork(self, make_rec):
        it = ImageRecordIter(make_rec(20), SHAPE, 2)
        numbers(it.next())
        pid = os.fork()
        if not pid:
            try:
                os._exit(0 if numbers(it.next()) == [2, 3] else 1)
            finally:
                os._exit(2)
        deadline = time.monotonic() + 20
        status = 0, 0
        while status[0] == 0 and time.monotonic() < deadline:
            status = os.waitpid(pid, os.WNOHANG)
            time.sleep(0.01)
        assert status == (pid, 0)
        assert numbers(it.next()) == [2, 3]


def test_profiler_shows_what_each_thread_decodes(make_rec, tmp_path):
    path = make_rec(8)
    profiler.set_config(filename=tmp_path / "profile.json")
    profiler.start()
    try:
        with ImageRecordIter(path, SHAPE, 4, preprocess_threads=2) as it:
            list(it)
    finally:
        profiler.dump()
        profiler.set_config()
        profiler.dumps(reset=True)
    events = json.loads((tmp_path / "profile.json").read_text())["traceEvents"]
    lanes = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    rows = [lanes[e["tid"]] for e in events if e["name"] == "fill a row"]
    assert len(rows) >= 8
    assert set(rows) <= {"data 0", "data 1"}
    assert {lanes[e["tid"]] for e in events if e["name"] == "wait for a batch"} == {"compute"}


MILLION = """
import re, sys
from paratrain.io import ImageRecordIter
it = ImageRecordIter(sys.argv[1], (3, 4, 4), 8, path_imgidx=sys.argv[2], shuffle=True, seed=1, preprocess_threads=2)
batch = it.next()
print(batch.label[0].asnumpy().astype(int).tolist() == batch.index.tolist())
print(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read()).group(1))  # most that was resident
"""


def test_a_million_records_need_little_memory(tmp_path):
    """The first batch of 1,000,000 records is there with less than 200 MB, the program and its libraries among them."""
    image = BytesIO()
    Image.new("P", (4, 4)).save(image, "GIF")
    size = len(image.getvalue()) // 4 * 4 + 4
    fields = {"magic": "<u4", "word": "<u4", "flag": "<u4", "label": "<f4", "id": "<u8", "id2": "<u8"}
    layout = [*fields.items(), ("image", f"S{size}")]
    records = np.zeros(1_000_000, layout)
    numbers = np.arange(len(records))
    records["magic"], records["word"], records["image"] = 0xCED7230A, size + 24, image.getvalue()
    records["label"], records["id"] = numbers, numbers
    records.tofile(tmp_path / "a.rec")
    lines = (f"{number}\t{at}\n" for number, at in enumerate(range(0, records.nbytes, records.itemsize)))
    (tmp_path / "a.idx").write_text("".join(lines))
    command = [sys.executable, "-c", MILLION, tmp_path / "a.rec", tmp_path / "a.idx"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    right, kilobytes = done.stdout.split()
    assert right == "True"
    assert int(kilobytes) < 200_000
