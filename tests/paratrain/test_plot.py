from __future__ import annotations

import builtins
import json
import os
from collections import namedtuple

import numpy as np
import pytest

import paratrain as mx
from paratrain import metric, plot

Param = namedtuple("Param", "epoch nbatch eval_metric locals")
World = namedtuple("World", "rank size")
ALONE, FIRST, SECOND = World(0, 1), World(0, 2), World(1, 2)


class Rate:
    def __init__(self, rate):
        self.learning_rate = rate


class FakeModule:
    _optimizer = Rate(0.25)


def accuracy(right):
    made = metric.Accuracy()
    made.update([np.zeros(4)], [np.eye(2)[[0] * right + [1] * (4 - right)]])
    return made


def train(curves, epochs, batches=3, locals_=None):
    """Call a recorder as `Module.fit` does."""
    calls = curves.callbacks()
    for epoch in epochs:
        made = accuracy(min(4, epoch + 1))
        for batch in range(batches):
            calls["batch_end_callback"](Param(epoch, batch, made, locals_))
        made.reset_local()
        calls["epoch_end_callback"](epoch, None, {}, {})
        made.reset()
        calls["eval_end_callback"](Param(epoch, 5, accuracy(min(4, epoch + 2)), locals_))


@pytest.fixture
def seconds(monkeypatch):
    """Clock that goes on half a second with each look."""

    class Clock:
        now = 0.0

        def perf_counter(self):
            self.now += 0.5
            return self.now

    monkeypatch.setattr(plot, "time", Clock())


@pytest.mark.parametrize("name", ["module", "self"])
def test_rows(name, seconds):
    curves = plot.CurveRecorder(batch_size=10, world=FIRST)
    train(curves, range(2), locals_={name: FakeModule()})
    assert curves.rows == [
        {
            "epoch": epoch,
            "train": {"accuracy": (epoch + 1) / 4},
            "validation": {"accuracy": (epoch + 2) / 4},
            "lr": 0.25,
            "samples_per_second": 2 * 10 * 2 / 1.0,
            "seconds": 1.0,
        }
        for epoch in range(2)
    ]


def test_a_given_optimizer_tells_the_rate():
    curves = plot.CurveRecorder(optimizer=Rate(0.125), world=ALONE)
    train(curves, [0])
    assert curves.rows[0]["lr"] == 0.125


def test_what_is_not_known_is_none():
    curves = plot.CurveRecorder(world=ALONE)
    train(curves, [0], batches=1)
    curves.eval_end(Param(1, 0, metric.Accuracy(), None))
    assert curves.rows[0]["lr"] is None
    assert curves.rows[0]["samples_per_second"] is None
    assert curves.rows[1]["validation"] == {"accuracy": None}


def test_other_ranks_neither_record_nor_write(tmp_path):
    curves = plot.CurveRecorder(tmp_path / "curves.json", world=SECOND)
    train(curves, [0, 1])
    curves.save(tmp_path / "curves.png")
    assert curves.rows == []
    assert list(tmp_path.iterdir()) == []


def test_a_resumed_run_replaces_what_it_trains_again(tmp_path):
    path = tmp_path / "deep" / "curves.json"
    train(plot.CurveRecorder(path, world=ALONE), range(4))
    resumed = plot.CurveRecorder.load(path, world=ALONE)
    assert [row["epoch"] for row in resumed.rows] == [0, 1, 2, 3]
    train(resumed, range(2, 6))
    content = json.loads(path.read_text())
    assert [row["epoch"] for row in content["epochs"]] == [0, 1, 2, 3, 4, 5]
    assert content["epochs"] == resumed.rows
    assert sorted(each.name for each in path.parent.iterdir()) == ["curves.json"]


def test_a_failed_write_leaves_the_last_file(tmp_path, monkeypatch):
    path = tmp_path / "curves.json"
    curves = plot.CurveRecorder(path, world=ALONE)
    train(curves, [0])
    before = path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"\[CurveRecorder\] cannot write .*No space left"):
        train(curves, [1])
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["curves.json"]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_picture(kind, tmp_path):
    pytest.importorskip("matplotlib")
    curves = plot.CurveRecorder(batch_size=8, optimizer=Rate(0.1), world=ALONE)
    train(curves, range(5))
    path = tmp_path / f"curves.{kind}"
    curves.save(path)
    assert path.read_bytes()[:8].startswith({"png": b"\x89PNG", "svg": b"<?xml"}[kind])
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_picture_has_a_panel_for_each_thing():
    pytest.importorskip("matplotlib")
    curves = plot.CurveRecorder(batch_size=8, optimizer=Rate(0.1), world=ALONE)
    train(curves, range(3))
    axes = plot._figure(curves.rows).axes
    assert [each.get_title() for each in axes] == ["accuracy", "learning rate", "samples per second"]
    assert [line.get_label() for line in axes[0].lines] == ["training", "validation"]
    assert axes[0].lines[1].get_ydata().tolist() == [0.5, 0.75, 1.0]
    assert axes[0].lines[1].get_xdata().tolist() == [1, 2, 3]


def test_without_matplotlib_the_message_tells_what_to_install(monkeypatch):
    real = builtins.__import__

    def absent(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    curves = plot.CurveRecorder(world=ALONE)
    train(curves, [0])
    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(ImportError, match=r"pip install 'paratrain\[plot\]'"):
        curves.save("never.png")


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "is not JSON"), ("[]", "must hold paratrain-curves"), ('{"format": "other"}', "must hold paratrain-curves")],
)
def test_other_files_are_refused(text, message, tmp_path):
    path = tmp_path / "curves.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        plot.CurveRecorder.load(path)


def test_nothing_to_draw(tmp_path):
    with pytest.raises(ValueError, match="no epoch has ended"):
        plot.CurveRecorder(world=ALONE).save(tmp_path / "curves.png")
    with pytest.raises(ValueError, match="batch_size must be 1 or more"):
        plot.CurveRecorder(batch_size=0)


def test_fit_calls_the_recorder(tmp_path):
    data, label = np.random.default_rng(0).normal(size=(32, 4)).astype("float32"), np.arange(32) % 2
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc"), name="softmax")
    batches = mx.io.NDArrayIter(data, label, batch_size=8)
    curves = plot.CurveRecorder(tmp_path / "curves.json", batch_size=8)
    schedule = mx.lr_scheduler.FactorScheduler(step=4, factor=0.5, base_lr=0.5)
    settings = {"learning_rate": 0.5, "lr_scheduler": schedule}
    mx.mod.Module(net).fit(
        batches,
        eval_data=batches,
        num_epoch=3,
        optimizer_params=settings,
        eval_metric=["acc", "ce"],
        **curves.callbacks(),
    )
    assert [row["lr"] for row in curves.rows] == [0.5, 0.25, 0.125]
    for row in curves.rows:
        assert set(row["train"]) == set(row["validation"]) == {"accuracy", "cross-entropy"}
        assert row["samples_per_second"] > 0
    assert json.loads((tmp_path / "curves.json").read_text())["epochs"] == curves.rows
