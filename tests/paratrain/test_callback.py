from __future__ import annotations

import logging
import re
from collections import namedtuple

import numpy as np
import pytest

from paratrain import callback, metric

Param = namedtuple("Param", "epoch nbatch eval_metric locals")
World = namedtuple("World", "rank size")
ALONE, FIRST, SECOND = World(0, 1), World(0, 4), World(1, 4)


@pytest.fixture
def clock(monkeypatch):
    """Clock that a test sets: seconds."""

    class Clock:
        now = 100.0

        def perf_counter(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(callback, "time", made)
    return made


@pytest.fixture
def lines(caplog):
    """Lines logged so far."""
    caplog.set_level(logging.INFO)
    return lambda: [record.getMessage() for record in caplog.records]


def half_right():
    made = metric.Accuracy()
    made.update([np.zeros(2)], [np.eye(2)])
    return made


def run(speedometer, clock, batches, epoch=0, seconds=0.5, eval_metric=None):
    for batch in range(batches):
        clock.now += seconds
        speedometer(Param(epoch, batch, eval_metric, None))


@pytest.mark.parametrize(
    ("auto_reset", "first"), [(True, ["0-2", "2-4"]), (False, ["0-2", "0-4"])], ids=["latest batches", "epoch so far"]
)
def test_speedometer_line(auto_reset, first, clock, lines):
    made = half_right()
    run(callback.Speedometer(8, 2, auto_reset, world=ALONE), clock, 6, eval_metric=made)
    values = ["0.500000", "nan" if auto_reset else "0.500000"]
    assert lines() == [
        f"Epoch[0] Batch [{batches}]\tSpeed: 16.00 samples/sec\taccuracy={value}"
        for batches, value in zip(first, values, strict=True)
    ]
    assert made.get_global()[1] == 0.5


def test_speedometer_without_metric(clock, lines):
    run(callback.Speedometer(8, 2, world=ALONE), clock, 4)
    assert lines() == ["Iter[0] Batch [2]\tSpeed: 16.00 samples/sec"]


def test_speedometer_starts_anew_with_each_epoch(clock, lines):
    speedometer = callback.Speedometer(8, 3, world=ALONE)
    run(speedometer, clock, 5)
    clock.now += 1000.0
    run(speedometer, clock, 5, epoch=1)
    assert lines() == [f"Iter[{epoch}] Batch [3]\tSpeed: 16.00 samples/sec" for epoch in (0, 1)]


def test_speedometer_over_ranks_with_time_left(clock, lines):
    run(callback.Speedometer(8, 4, batches=10, epochs=3, world=FIRST), clock, 5, epoch=1, eval_metric=half_right())
    assert lines() == [
        "Epoch[1] Batch [0-4]\tSpeed: 16.00 samples/sec\taccuracy=0.500000"
        "\tTotal: 64.00 samples/sec (4 ranks)\tETA: 0:00:08"
    ]


def test_time_left_is_never_below_nothing(clock, lines):
    run(callback.Speedometer(8, 4, batches=3, world=ALONE), clock, 5)
    assert lines() == ["Iter[0] Batch [4]\tSpeed: 16.00 samples/sec\tETA: 0:00:00"]


def test_the_line_is_one_that_mxnet_log_readers_understand(clock, lines):
    run(callback.Speedometer(8, 2, batches=9, world=FIRST), clock, 3, eval_metric=half_right())
    found = re.match(
        r"Epoch\[(\d+)\] Batch \[(\d+)-(\d+)\]\tSpeed: ([\d.]+) samples/sec\taccuracy=([\d.]+)", lines()[0]
    )
    assert found.groups() == ("0", "0", "2", "16.00", "0.500000")


EVERY_CALLBACK = {
    "Speedometer": lambda world: callback.Speedometer(8, 1, world=world),
    "ProgressBar": lambda world: callback.ProgressBar(4, world=world),
    "log_train_metric": lambda world: callback.log_train_metric(1, world=world),
    "LogValidationMetricsCallback": lambda world: callback.LogValidationMetricsCallback(world),
}


@pytest.mark.parametrize("name", EVERY_CALLBACK)
def test_only_the_first_rank_logs(name, lines):
    for world in (SECOND, FIRST):
        made = EVERY_CALLBACK[name](world)
        for batch in range(2):
            made(Param(0, batch, half_right(), None))
        assert bool(lines()) == (world is FIRST)


def test_other_ranks_reset_their_metric_too(clock):
    made = half_right()
    run(callback.Speedometer(8, 1, world=SECOND), clock, 2, eval_metric=made)
    assert made.num_inst == 0


def test_progress_bar(lines):
    bar = callback.ProgressBar(total=4, length=8, world=ALONE)
    for batch in range(5):
        bar(Param(0, batch, None, None))
    assert lines() == [
        "[--------] 0%\r",
        "[==------] 25%\r",
        "[====----] 50%\r",
        "[======--] 75%\r",
        "[========] 100%\r",
    ]


def test_log_train_metric(lines):
    made = half_right()
    every_second = callback.log_train_metric(2, auto_reset=True, world=ALONE)
    for batch in range(3):
        every_second(Param(1, batch, made, None))
    assert lines() == ["Iter[1] Batch[0] Train-accuracy=0.500000", "Iter[1] Batch[2] Train-accuracy=nan"]


def test_validation_metrics(lines):
    log = callback.LogValidationMetricsCallback(world=ALONE)
    log(Param(2, 0, None, None))
    log(Param(2, 0, half_right(), None))
    assert lines() == ["Epoch[2] Validation-accuracy=0.500000"]


class FakeModule:
    shards_optimizer = False

    def __init__(self):
        self.written = []

    def save_checkpoint(self, *args):
        self.written.append(args)


@pytest.mark.parametrize(("world", "epochs"), [(ALONE, [2, 4]), (FIRST, [2, 4]), (SECOND, [])])
def test_module_checkpoint_every_second_epoch(world, epochs):
    module = FakeModule()
    write = callback.module_checkpoint(module, "net", period=2, save_optimizer_states=True, world=world)
    for epoch in range(5):
        write(epoch, None, None, None)
    assert module.written == [("net", epoch, True) for epoch in epochs]


@pytest.mark.parametrize(("world", "written"), [(ALONE, True), (SECOND, False)])
def test_do_checkpoint_writes_files(world, written, tmp_path):
    import paratrain as mx

    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    params = {"fc_weight": mx.nd.ones((2, 3)), "fc_bias": mx.nd.zeros((2,))}
    write = callback.do_checkpoint(str(tmp_path / "net"), world=world)
    write(0, net, params, {})
    write(1, net, params, {})
    wanted = ["net-0001.params", "net-0002.params", "net-symbol.json"] if written else []
    assert sorted(path.name for path in tmp_path.iterdir()) == wanted


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: callback.Speedometer(0), r"\[Speedometer\] batch_size must be 1 or more; got 0"),
        (lambda: callback.Speedometer(1, 0), r"frequent must be 1 or more; got 0"),
        (lambda: callback.Speedometer(1, epochs=3), r"epochs needs batches"),
        (lambda: callback.ProgressBar(0), r"\[ProgressBar\] total and length must be 1 or more; got 0"),
        (lambda: callback.do_checkpoint("x", 0), r"\[do_checkpoint\] period must be 1 or more; got 0"),
        (lambda: callback.module_checkpoint(None, "x", -1), r"\[module_checkpoint\] period .*got -1"),
        (lambda: callback.log_train_metric(0), r"\[log_train_metric\] period .*got 0"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(("rank", "states", "gathered"), [(0, True, 0), (1, True, 1), (1, False, 0)])
def test_ranks_with_parts_of_the_states_help_rank_0_to_write_them(rank, states, gathered):
    class Sharded(FakeModule):
        shards_optimizer, calls = True, 0

        def optimizer_snapshot(self):
            Sharded.calls += 1

    module = Sharded()
    world = type("World", (), {"rank": rank, "size": 2})()
    callback.module_checkpoint(module, "p", save_optimizer_states=states, world=world)(0)
    assert (len(module.written), Sharded.calls) == (rank == 0, gathered)
