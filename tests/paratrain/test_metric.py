from __future__ import annotations

import importlib.util
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay import check, load_area

from paratrain import metric
from paratrain.launch.mpirun import find_mpirun
from paratrain.metric import base


@pytest.mark.parametrize("case", load_area("metric").cases, ids=str)
def test_recorded(case):
    check(case)


class Ranks:
    """World of several ranks in one process: what each gives is known before."""

    def __init__(self, given):
        self.given = given
        self.size = len(given)
        self.at = 0

    def allreduce(self, array, what):
        array[...] = np.sum([each[self.at] for each in self.given], axis=0)
        self.at += 1

    def allgather_object(self, _):
        self.at += 1
        return [each[self.at - 1] for each in self.given]


class Recorder(Ranks):
    """World that notes what one rank gives."""

    def __init__(self, size):
        self.size = size
        self.notes = []

    def allreduce(self, array, what):
        self.notes.append(array.copy())

    def allgather_object(self, value):
        self.notes.append(value)
        return [value]


def reduced(make, shards):
    """Metrics of all ranks after `reduce`, each having seen its shard."""
    ranks = [make() for _ in shards]
    notes = []
    for each, batches in zip(ranks, shards, strict=True):
        for label, pred in batches:
            each.update([label], [pred])
        copy = make()
        for label, pred in batches:
            copy.update([label], [pred])
        recorder = Recorder(len(shards))
        copy.reduce(recorder)
        notes.append(recorder.notes)
    for each in ranks:
        each.reduce(Ranks(notes))
    return ranks


def batches(seed, count, classes=3, rows=5):
    rng = np.random.default_rng(seed)
    return [(rng.integers(0, classes, rows).astype("float32"), rng.random((rows, classes))) for _ in range(count)]


def numbers(seed, count, rows=5):
    rng = np.random.default_rng(seed)
    return [(rng.normal(1, 2, rows), rng.normal(3, 1, rows)) for _ in range(count)]


REDUCED = {
    "accuracy": (metric.Accuracy, batches),
    "top_k": (lambda: metric.TopKAccuracy(2), batches),
    "cross-entropy": (metric.CrossEntropy, batches),
    "perplexity": (lambda: metric.Perplexity(1), batches),
    "f1-macro": (metric.F1, lambda seed, count: batches(seed, count, 2)),
    "f1-micro": (lambda: metric.F1(average="micro"), lambda seed, count: batches(seed, count, 2)),
    "mcc-micro": (lambda: metric.MCC(average="micro"), lambda seed, count: batches(seed, count, 2)),
    "pcc": (metric.PCC, batches),
    "mse": (metric.MSE, numbers),
    "pearson-macro": (metric.PearsonCorrelation, numbers),
    "pearson-micro": (lambda: metric.PearsonCorrelation(average="micro"), numbers),
    "composite": (lambda: metric.create(["acc", "ce"]), batches),
}


@pytest.mark.parametrize("name", REDUCED)
def test_ranks_together_count_every_sample_once(name):
    make, data = REDUCED[name]
    shards = [data(0, 2), data(1, 3), data(2, 1)]
    alone = make()
    for label, pred in [pair for shard in shards for pair in shard]:
        alone.update([label], [pred])
    for each in reduced(make, shards):
        assert each.get()[0] == alone.get()[0]
        assert each.get()[1] == pytest.approx(alone.get()[1])
        assert each.get_global()[1] == pytest.approx(alone.get_global()[1])


def test_a_rank_without_samples_gets_the_figure_of_the_others():
    ranks = reduced(lambda: metric.PearsonCorrelation(average="micro"), [numbers(0, 2), []])
    assert ranks[0].get() == ranks[1].get()
    assert not math.isnan(ranks[1].get()[1])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30), st.integers(0, 30))
def test_accuracy_does_not_depend_on_how_samples_are_batched(samples, cut):
    want = np.array([a for a, _ in samples])
    scores = np.eye(4)[[b for _, b in samples]]
    whole, parts = metric.Accuracy(), metric.Accuracy()
    whole.update([want], [scores])
    for part in (slice(None, cut), slice(cut, None)):
        parts.update([want[part]], [scores[part]])
    assert whole.get() == parts.get()
    assert whole.get()[1] == np.mean([a == b for a, b in samples])


@given(st.integers(2, 6), st.integers(0, 1000))
def test_top_k_of_all_classes_is_always_right(classes, seed):
    top = metric.TopKAccuracy(top_k=classes)
    ((label, pred),) = batches(seed, 1, classes)
    top.update([label], [pred])
    assert top.get()[1] == 1.0


def test_speed_of_an_update_is_that_of_numpy_arrays():
    shown = metric.Accuracy()
    shown.update(np.zeros(2), np.eye(2))
    assert shown.get() == ("accuracy", 0.5)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: metric.create("nothing"), ValueError, r"unknown metric 'nothing'; known: acc, accuracy"),
        (lambda: metric.create("acc", axi=1), TypeError, "axi"),
        (lambda: metric.create(3), TypeError, r"expected a name"),
        (lambda: metric.create('["acc"'), ValueError, r"expected JSON text"),
        (lambda: metric.create(metric.Accuracy(), axis=2), ValueError, r"arguments may follow a name only"),
        (lambda: metric.register(int), TypeError, r"subclass of EvalMetric; got <class 'int'>"),
        (lambda: metric.TopKAccuracy(1), ValueError, r"top_k must be 2 or more .*got 1"),
        (lambda: metric.F1(average="mean"), ValueError, r"'macro' or 'micro'; got 'mean'"),
        (lambda: metric.PearsonCorrelation(average="mean"), ValueError, r"'macro' or 'micro'; got 'mean'"),
        (lambda: metric.CustomMetric(3), TypeError, r"must be a function"),
        (lambda: metric.CustomMetric(min).get_config(), NotImplementedError, r"no configuration"),
        (lambda: metric.CompositeEvalMetric(["acc"]).get_metric(1), IndexError, r"there are 1 metrics; got index 1"),
        (lambda: metric.EvalMetric("m").update([], []), NotImplementedError, r"must define update"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


ROWS = np.full((2, 3), 1 / 3)


@pytest.mark.parametrize(
    ("made", "label", "pred", "message"),
    [
        (metric.Accuracy(), np.zeros(3), ROWS, r"one label per prediction; got labels of shape \(3,\)"),
        (metric.Accuracy(axis=2), np.zeros(2), ROWS, r"must have axis 2, that of the classes; got shape \(2, 3\)"),
        (metric.TopKAccuracy(2), np.zeros(2), np.zeros(2), r"must have shape \(N, classes\)"),
        (metric.CrossEntropy(), np.array([0, 3]), ROWS, r"labels must lie in 0 to 2.*got 3"),
        (metric.CrossEntropy(), np.array([0, -1]), ROWS, r"labels must lie in 0 to 2.*got -1"),
        (metric.CrossEntropy(), np.zeros(3), ROWS, r"one label per row of predictions; got 3 and 2"),
        (metric.CrossEntropy(), np.zeros(2), np.zeros(2), r"must have shape \(N, classes\); got \(2,\)"),
        (metric.Perplexity(-1), np.array([-1, 5]), ROWS, r"labels must lie in 0 to 2.*got 5"),
        (metric.F1(), np.array([0, 1, 2]), np.zeros((3, 2)), r"labels must be 0 or 1; got \[0, 1, 2\]"),
        (metric.PCC(), np.array([-1.0]), np.zeros((1, 2)), r"classes must be 0 or more; got -1"),
        (metric.MSE(), np.zeros(3), np.zeros((2, 1)), r"same first axis; got shapes \(3,\) and \(2, 1\)"),
        (metric.PearsonCorrelation(), np.zeros(3), np.zeros(2), r"shape of labels must equal .*\(3,\) and \(2,\)"),
    ],
)
def test_bad_batches(made, label, pred, message):
    with pytest.raises(ValueError, match=message):
        made.update([label], [pred])
    assert math.isnan(made.get()[1])


def test_missing_output_is_named():
    with pytest.raises(ValueError, match=r"no output is called \['b'\]; there are \['a'\]"):
        metric.Accuracy(output_names=["b"]).update_dict({"l": np.zeros(2)}, {"a": ROWS})


def test_nan_predictions_show_in_the_figure():
    made = metric.Perplexity(0)
    made.update([np.array([1, 0])], [np.array([[0.5, np.nan], [0.5, 0.5]])])
    assert math.isnan(made.get()[1])


def test_local_figures_start_anew_and_global_ones_go_on():
    made = metric.create(["acc", "mse"])
    made.metrics[0].update([np.zeros(2)], [np.eye(2)])
    made.reset_local()
    assert math.isnan(made.get()[1][0])
    assert made.get_global()[1][0] == 0.5
    made.reset()
    assert math.isnan(made.get_global()[1][0])


@pytest.mark.parametrize("name", ["acc", "ce", "f1", "mse", "pcc", "loss"])
def test_configuration_makes_the_metric_again(name):
    made = metric.create(name, name="mine")
    again = metric.create(made.get_config())
    assert again.get_config() == made.get_config()


def test_replacing_a_name_warns():
    class Accuracy(metric.EvalMetric):
        pass

    kept = base.registry.classes["accuracy"]
    try:
        with pytest.warns(
            UserWarning, match="replaces paratrain.metric.classification.Accuracy under the name 'accuracy'"
        ):
            metric.register(Accuracy)
    finally:
        base.registry.classes["accuracy"] = kept


REDUCE_UNDER_MPI = """
import numpy as np
from paratrain import metric
from paratrain.kvstore.transport import world

job = world()
rng = np.random.default_rng(0)
labels, scores = rng.integers(0, 3, 12), rng.random((12, 3))
mine = slice(0, 5) if job.rank == 0 else slice(5, 12)
made, whole = (metric.create(["acc", "ce", "pcc"]) for _ in range(2))
made.update([labels[mine]], [scores[mine]])
whole.update([labels], [scores])
made.reduce(job)
assert np.allclose(made.get()[1], whole.get()[1]), (made.get(), whole.get())
if job.rank == 0:
    print("ranks:", job.size)
"""


@pytest.mark.skipif(importlib.util.find_spec("mpi4py") is None or not find_mpirun(), reason="needs mpi4py and mpirun")
def test_two_ranks_under_mpirun(tmp_path):
    program = tmp_path / "reduce.py"
    program.write_text(REDUCE_UNDER_MPI)
    command = [find_mpirun(), "-n", "2", sys.executable, str(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ranks: 2\n"


def test_as_many_or_more_than_there_are_classes():
    top = metric.create("top_k_accuracy", top_k=5)
    top.update([np.array([0, 2])], [np.eye(3)[:2]])
    assert top.get() == ("top_k_accuracy_5", 1.0)
