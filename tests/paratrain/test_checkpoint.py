from __future__ import annotations

import copy
import errno
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import paratrain as mx
from paratrain.checkpoint import CheckpointManager, files, manifest, moved, state
from paratrain.checkpoint.manifest import read


def module(hidden=4, optimizer="sgd"):
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=hidden, name="fc")
    made = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    made.bind([("data", (2, 3))], [("softmax_label", (2,))])
    made.init_params(mx.init.Uniform(1))
    made.init_optimizer(optimizer=optimizer, optimizer_params={"learning_rate": 0.1})
    return made


def saved(folder, count, **kwargs):
    """A manager with `count` checkpoints, one of each epoch."""
    made, manager = module(), CheckpointManager(folder, **kwargs)
    for epoch in range(1, count + 1):
        manager.save(made, epoch)
    return made, manager


def names(folder):
    return sorted(path.name for path in folder.iterdir())


# -- files ----------------------------------------------------------------------------------------------------------


def test_files_of_a_checkpoint(tmp_path):
    made, manager = saved(tmp_path / "new" / "run", 1)
    assert names(tmp_path / "new" / "run") == [
        "model-0001.json",
        "model-0001.params",
        "model-0001.states",
        "model-symbol.json",
    ]
    found = manager.latest()
    assert (found.number, found.epoch, found.batch) == (1, 1, 0)
    assert found.state["versions"]["paratrain"] == mx.__version__
    symbol, args, _ = mx.model.load_checkpoint(str(tmp_path / "new" / "run" / "model"), 1)
    assert symbol.list_arguments() == made.symbol.list_arguments()
    assert np.array_equal(args["fc_weight"].asnumpy(), made.get_params()[0]["fc_weight"].asnumpy())


def test_only_the_newest_are_kept(tmp_path):
    _, manager = saved(tmp_path, 5, keep=2)
    assert [n for n in names(tmp_path) if n.endswith(".params")] == ["model-0004.params", "model-0005.params"]
    assert manager.latest().epoch == 5


def test_files_of_others_are_left_alone(tmp_path):
    for name in ("model-0009.params", "model-abc.json", "other-0001.json", "notes"):
        (tmp_path / name).write_text("mine")
    _, manager = saved(tmp_path, 4, keep=1)
    assert manager.latest().epoch == 4
    assert {"model-0009.params", "model-abc.json", "other-0001.json", "notes"} <= set(names(tmp_path))


def test_a_new_run_in_the_same_folder_counts_on(tmp_path):
    saved(tmp_path, 5)
    _, manager = saved(tmp_path, 1)
    assert (manager.latest().epoch, manager.latest().number) == (1, 6)


def test_batches_come_after_the_epoch_in_the_name(tmp_path):
    manager = CheckpointManager(tmp_path, prefix="net", every_n_batches=10)
    train, metric = mx.io.NDArrayIter(np.ones((4, 3)), np.ones(4), batch_size=2), mx.metric.Accuracy()
    for batch in range(20):
        manager.after_batch(module(), 3, batch, train, metric)
    manager.finish(module())
    assert [n for n in names(tmp_path) if n.endswith(".json")] == [
        "net-0003-000010.json", "net-0003-000020.json", "net-symbol.json",
    ]  # fmt: skip
    assert (manager.latest().epoch, manager.latest().batch) == (3, 20)


def test_every_epoch_can_be_switched_off(tmp_path):
    CheckpointManager(tmp_path, every_n_batches=5, every_epoch=False).after_epoch(module(), 0, None)
    assert names(tmp_path) == []


WRONG = {
    "keep": ({"keep": 0}, "keep must be 1 or more; got 0"),
    "every_n_batches": ({"every_n_batches": -1}, "every_n_batches must be 1 or more; got -1"),
    "prefix": ({"prefix": "a/b"}, "beginning of a file name; got 'a/b'"),
    "keep_best": ({"keep_best": -1}, "keep_best must be 0 or more; got -1"),
    "keep_best alone": ({"keep_best": 1}, "need each other; got 1 and None"),
    "best_metric alone": ({"best_metric": "accuracy"}, "need each other; got 0 and 'accuracy'"),
    "best_mode": ({"best_mode": "most"}, "best_mode must be 'max' or 'min'; got 'most'"),
    "never": ({"every_epoch": False}, "nothing is ever written"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arguments(name, tmp_path):
    arguments, match = WRONG[name]
    with pytest.raises(ValueError, match=match):
        CheckpointManager(tmp_path, **arguments)


# -- the best -------------------------------------------------------------------------------------------------------

FIGURES = [0.5, 0.9, float("nan"), 0.7, 0.9, 0.1]


@pytest.mark.parametrize(("mode", "best", "kept"), [("max", 2, {2, 5, 6}), ("min", 6, {1, 5, 6})])
def test_the_best_are_kept_too(mode, best, kept, tmp_path):
    manager = CheckpointManager(tmp_path, keep=2, keep_best=2, best_metric="accuracy", best_mode=mode)
    made = module()
    for epoch, value in enumerate(FIGURES):
        manager.after_epoch(made, epoch, None, {"accuracy": value, "loss": 0.0})
    assert manager.latest().epoch == 6
    assert manager.best().epoch == best
    assert {int(name[6:10]) for name in names(tmp_path) if name.endswith(".params")} == kept
    flip(tmp_path / f"model-{best:04d}.params")
    with pytest.warns(UserWarning, match="is damaged"):
        assert manager.best().epoch != best


def test_the_metric_of_the_best_must_be_there(tmp_path):
    manager = CheckpointManager(tmp_path, keep_best=1, best_metric="f1")
    with pytest.raises(ValueError, match=r"best_metric='f1' is none of the metrics \['accuracy'\]"):
        manager.after_epoch(module(), 0, None, {"accuracy": 1.0})
    with pytest.raises(ValueError, match="make the manager with best_metric"):
        CheckpointManager(tmp_path).best()


def test_fit_gives_the_figures_of_the_validation_data(tmp_path):
    manager = CheckpointManager(tmp_path, keep_best=1, best_metric="accuracy")
    data = mx.io.NDArrayIter(np.ones((4, 3), "float32"), np.zeros(4, "float32"), batch_size=2)
    module().fit(data, eval_data=data, num_epoch=2, checkpoint=manager)
    assert manager.latest().figures == {"accuracy": 1.0}
    assert manager.best().figures == {"accuracy": 1.0}


# -- in the background ----------------------------------------------------------------------------------------------


class Slow:
    """Holds the thread that writes until `go` is set."""

    def __init__(self, monkeypatch, error=None):
        self.go, real = threading.Event(), manifest.write

        def write(checkpoint):
            assert self.go.wait(30)
            if error is not None:
                raise error
            real(checkpoint)

        monkeypatch.setattr(manifest, "write", write)


def test_training_goes_on_while_a_copy_is_written(tmp_path, monkeypatch):
    made, manager, slow = module(), CheckpointManager(tmp_path), Slow(monkeypatch)
    before = made.get_params()[0]["fc_weight"].asnumpy()
    assert manager.save(made, 1, wait=False) is None
    made.set_params({name: value * 2 + 1 for name, value in made.get_params()[0].items()}, {})
    assert not (tmp_path / "model-0001.json").exists()
    slow.go.set()
    assert manager.latest().epoch == 1
    _, args, _ = mx.model.load_checkpoint(str(tmp_path / "model"), 1)
    assert np.array_equal(args["fc_weight"].asnumpy(), before)


@pytest.mark.parametrize("when", ["next save", "finish", "settle"])
def test_what_goes_wrong_in_the_thread_is_said(when, tmp_path, monkeypatch, caplog):
    made, manager = module(), CheckpointManager(tmp_path)
    slow = Slow(monkeypatch, OSError(errno.ENOSPC, "cannot write 'model-0001.json': No space left on device"))
    manager.save(made, 1, wait=False)
    slow.go.set()
    if when == "settle":
        manager.settle()
        assert "cannot write 'model-0001.json': No space left" in caplog.text
    else:
        with pytest.raises(OSError, match=r"cannot write 'model-0001.json': No space left") as caught:
            manager.save(made, 2) if when == "next save" else manager.finish(made)
        assert caught.value.errno == errno.ENOSPC
    assert names(tmp_path) == ["model-symbol.json"]
    manager.finish(made)  # said once


def test_gradients_that_wait_for_an_update(tmp_path):
    data = mx.io.NDArrayIter(np.ones((12, 3), "float32"), np.zeros(12, "float32"), batch_size=2)
    with pytest.raises(ValueError, match=r"every_n_batches=3 .* must be a multiple of accumulate=2"):
        module().fit(data, num_epoch=1, accumulate=2, checkpoint=CheckpointManager(tmp_path, every_n_batches=3))
    made, manager = module(), CheckpointManager(tmp_path)
    made.init_optimizer(accumulate=2, force_init=True)
    made.forward_backward(data.next())
    made.update()
    assert made._updating.accumulation.kept
    manager.save(made, 0, 1)
    assert not made._updating.accumulation.kept
    assert made._optimizer.num_update == 1


def test_an_exception_in_training_leaves_a_complete_checkpoint(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, Loss((0, 2)), seed=1, every=2)
    assert CheckpointManager(tmp_path).latest().batch == 2


# -- damage ---------------------------------------------------------------------------------------------------------


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGE = {
    "params cut short": ("params", cut_short, r"model-0002.params has \d+ bytes, not"),
    "params flipped": ("params", flip, "model-0002.params do not match their checksum"),
    "params missing": ("params", os.unlink, "model-0002.params is missing"),
    "states flipped": ("states", flip, "model-0002.states do not match"),
    "manifest cut short": ("json", lambda p: p.write_bytes(p.read_bytes()[:50]), "no manifest, or damaged"),
    "manifest empty": ("json", lambda p: p.write_bytes(b""), "no manifest, or damaged"),
    "manifest changed": ("json", lambda p: p.write_text(p.read_text().replace('"epoch": 2', '"epoch": 7')), "checksum"),
    "manifest of another kind": ("json", lambda p: p.write_text("[1]"), "no manifest, or damaged"),
    "manifest from the future": (
        "json", lambda p: p.write_text(p.read_text().replace('"version": 1', '"version": 9')), "version 9, not",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_checkpoint_is_passed_over_with_a_warning(name, tmp_path):
    kind, damage, match = DAMAGE[name]
    _, manager = saved(tmp_path, 2)
    damage(tmp_path / f"model-0002.{kind}")
    with pytest.warns(UserWarning, match=f"model-0002.json is damaged and is passed over: .*{match}"):
        assert manager.latest().epoch == 1


def test_without_any_checkpoint(tmp_path):
    assert CheckpointManager(tmp_path / "none").latest() is None
    assert CheckpointManager(tmp_path / "none").restore(module()) is None


# -- a full disk, and other ends ------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_last_one_intact(tmp_path, monkeypatch):
    made, manager = saved(tmp_path, 1)
    before = names(tmp_path)
    real = os.fsync
    for writes in range(4):  # the disk gets full while the first, second, ... file is written
        calls = []

        def full(handle, calls=calls, writes=writes):
            calls.append(handle)
            if len(calls) > writes:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(handle)

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left on device") as caught:
            manager.save(made, 2)
        assert caught.value.errno == errno.ENOSPC
        monkeypatch.setattr(os, "fsync", real)
        assert names(tmp_path) == before
        assert manager.latest().epoch == 1
    manager.save(made, 2)
    assert manager.latest().epoch == 2


def test_a_file_that_may_not_grow(tmp_path):
    """The system itself refuses to write on."""
    made, manager = saved(tmp_path, 1)
    large = module(hidden=50_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with pytest.raises(OSError, match=r"cannot write .*model-0002.params"):
            manager.save(large, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert not (tmp_path / "model-0002.params").exists()
    (tmp_path / "model-symbol.json").write_text(made.symbol.tojson())  # the other network's came first
    assert manager.latest().epoch == 1


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        CheckpointManager(tmp_path / "file" / "run").save(module(), 1)


WRITER = """
import sys
import paratrain as mx
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2000, name="fc"), name="softmax")
module = mx.mod.Module(net)
module.bind([("data", (2, 100))], [("softmax_label", (2,))])
module.init_params(mx.init.Uniform(1))
module.init_optimizer(optimizer_params={"momentum": 0.9})
manager = mx.checkpoint.CheckpointManager(sys.argv[1], keep=2)
print("ready", flush=True)
for epoch in range(1, 100000):
    manager.save(module, epoch, wait=False)
    manager.finish(module)
    print(epoch, flush=True)
"""


def test_killed_while_writing(tmp_path):
    """SIGKILL at any moment: the newest complete checkpoint is intact, and at most one is lost."""
    rng = random.Random(1)
    manager = CheckpointManager(tmp_path, keep=2)
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.1 + 0.3 * rng.random())
        process.kill()
        done = [int(line) for line in process.communicate(timeout=60)[0].split()]
        found = manager.latest()
        assert found is not None
        assert found.epoch in (max(done, default=0), max(done, default=0) + 1) or not done
        found.verify()
    saved(tmp_path, 1)  # what was left half written is tidied up
    assert not [name for name in names(tmp_path) if name.endswith(files.TEMPORARY)]


# -- going on -------------------------------------------------------------------------------------------------------


class Loss:
    """Collects the loss of each batch as bits."""

    def __init__(self, stop=None):
        self.seen, self.stop = {}, stop

    def __call__(self, param):
        self.seen[param.epoch, param.nbatch] = param.eval_metric.get()[1]
        if (param.epoch, param.nbatch) == self.stop:
            raise KeyboardInterrupt


def run(folder, loss, seed, resume=False, every=2, data=None, metric="ce"):
    mx.random.seed(seed)
    np.random.seed(0)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(24, 5)).astype("float32"), rng.integers(0, 3, 24).astype("float32")
    net = mx.sym.Dropout(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=8, name="fc1"), p=0.5)
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=3, name="fc2"), name="softmax")
    made = mx.mod.Module(net)
    made.fit(
        data or mx.io.NDArrayIter(x, y, batch_size=4, shuffle=True), eval_metric=metric, num_epoch=3,
        optimizer="adam", batch_end_callback=loss,
        checkpoint=CheckpointManager(folder, every_n_batches=every), resume=resume,
    )  # fmt: skip
    return made


@pytest.mark.parametrize("stop", [(0, 2), (1, 0), (1, 5), (2, 3)])
def test_resumed_losses_are_bit_identical(stop, tmp_path):
    whole, first, rest = Loss(), Loss(stop), Loss()
    run(tmp_path / "whole", whole, seed=1)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "parts", first, seed=1)
    run(tmp_path / "parts", rest, seed=99, resume=True)
    assert {**first.seen, **rest.seen} == whole.seen
    assert rest.seen.items() <= whole.seen.items()
    assert len(rest.seen) < len(whole.seen)


def test_resume_after_damage_goes_on_from_the_one_before(tmp_path):
    whole, rest = Loss(), Loss()
    run(tmp_path, whole, seed=1, every=4)
    flip(tmp_path / "model-0003.params")
    with pytest.warns(UserWarning, match=r"model-0003.json is damaged"):
        run(tmp_path, rest, seed=99, resume=True, every=4)
    assert rest.seen == {place: whole.seen[place] for place in ((2, 4), (2, 5))}


def test_resume_of_a_finished_run_trains_no_more(tmp_path):
    first = run(tmp_path, Loss(), seed=1)
    rest = Loss()
    again = run(tmp_path, rest, seed=99, resume=True)
    assert rest.seen == {}
    assert np.array_equal(again.get_params()[0]["fc1_weight"].asnumpy(), first.get_params()[0]["fc1_weight"].asnumpy())


def test_another_network_is_refused(tmp_path):
    _, manager = saved(tmp_path, 1)
    with pytest.raises(ValueError, match="fc_"):
        manager.restore(module(hidden=9))


def test_another_optimizer_is_refused(tmp_path):
    _, manager = saved(tmp_path, 1)
    with pytest.raises(ValueError, match="needs 2 state arrays"):
        manager.restore(module(optimizer="adam"))


def test_another_metric_is_refused(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, Loss((1, 2)), seed=1)
    with pytest.raises(ValueError, match="the metric was a CrossEntropy"):
        run(tmp_path, Loss(), seed=1, resume=True, metric="acc")


class Plain(mx.io.DataIter):
    """An iterator that cannot save its position."""

    def __init__(self):
        super().__init__(2)
        self.provide_data = [mx.io.DataDesc("data", (2, 5))]
        self.provide_label = [mx.io.DataDesc("softmax_label", (2,))]
        self.at = 0

    def reset(self):
        self.at = 0

    def next(self):
        self.at += 1
        if self.at > 3:
            raise StopIteration
        return mx.io.DataBatch([mx.nd.ones((2, 5))], [mx.nd.ones((2,))], 0)


def test_an_iterator_without_a_position_is_refused_within_epochs_and_warned_of_else(tmp_path):
    with pytest.raises(NotImplementedError, match="its position cannot be saved"):
        run(tmp_path, Loss(), seed=1, data=Plain())
    with pytest.warns(UserWarning, match="the position of Plain cannot be saved"):
        run(tmp_path, Loss(), seed=1, data=Plain(), every=None)
    assert CheckpointManager(tmp_path).latest().epoch == 3


METRICS = ["acc", "f1", "pearsonr", ["acc", "ce"], mx.metric.TopKAccuracy(2), "mcc"]


@pytest.mark.parametrize("kind", METRICS, ids=str)
def test_metric_figures_survive(kind):
    rng = np.random.default_rng(0)
    one, two = mx.metric.create(kind), mx.metric.create(kind)
    two.reset()
    label, pred = [rng.integers(0, 2, 8)], [rng.dirichlet([1, 1], 8)]
    if kind == "pearsonr":
        label, pred = [rng.normal(size=8)], [rng.normal(size=8)]
    one.update(label, pred)
    state.load_metric(two, json.loads(json.dumps(state.metric_state(one))))
    assert two.get() == one.get()
    for each in (one, two):
        each.update(label, [p[::-1] for p in pred])
    assert two.get() == one.get()


@pytest.mark.parametrize(
    "kind", [*METRICS, mx.metric.PearsonCorrelation(average="micro"), mx.metric.F1(average="micro")], ids=str
)
def test_figures_of_several_ranks_are_added_up(kind):
    rng = np.random.default_rng(0)
    whole, ranks = mx.metric.create(kind), []
    parts = [([rng.integers(0, 2, n)], [rng.dirichlet([1, 1], n)]) for n in (8, 3, 5)]
    if "earson" in str(kind):
        parts = [([rng.normal(size=n)], [rng.normal(size=n)]) for n in (8, 3, 5)]
    for each in parts:
        part = copy.deepcopy(whole)
        part.reset()
        part.update(*each)
        ranks.append(json.loads(json.dumps(state.metric_state(part))))
    whole.reset()
    for each in parts:
        whole.update(*each)
    together = copy.deepcopy(whole)
    together.reset()
    moved.load_metrics(together, ranks)
    np.testing.assert_allclose(together.get()[1], whole.get()[1], rtol=1e-12)


def test_random_numbers_go_on():
    mx.random.seed(3)
    held = json.loads(json.dumps(state.rank_state(None, None)))

    def draw():
        device = mx.nd.Dropout(mx.nd.ones((20,)), p=0.5, mode="always").asnumpy().tolist()
        return device, mx.random.host_rng().random(), np.random.rand(), random.random()

    first = draw()
    state.load_rank(held, None, None)
    assert draw() == first


def test_a_manifest_can_be_read_by_itself(tmp_path):
    saved(tmp_path, 1)
    found = read(tmp_path / "model-0001.json")
    assert set(found.files) == {"symbol", "params", "states"}
    found.verify()
