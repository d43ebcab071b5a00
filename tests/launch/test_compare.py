"""`paratrain compare`: what counts as the same, where runs part, and why."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from paratrain.launch import cli
from paratrain.launch.compare import Run, Tolerance, causes, first_difference, numbers, table

SCRIPTS = Path(__file__).parent.parent / "distributed" / "ranks"
BEGIN = {"kind": "begin", "ranks": 1, "rows": 16, "random": [], "norms": [], "compressed": False, "different": 1}
BEGIN["norms of parameters"] = {"w": 1.0}


def run(ranks, begin=None, **step):
    line = {"rows": 16, "samples": 5, "rate": 0.1, "figures": {"loss": 1.0}, **step}
    made = Run(ranks, {**BEGIN, **(begin or {})}, {(0, 0): line})
    made.epochs[0] = {"figures": {"loss": 1.0}, "norms of parameters": {"w": 2.0}, "different": 1}
    return made


TOLERANCE = Tolerance(1e-3, 1e-6)
CAUSES = {
    "rows": (run(2, {"rows": 32}), "the batch of all ranks has 16 rows with 1 and 32 with 2: divide it"),
    "first values": (run(2, {"norms of parameters": {"w": 1.5}}), "the first values of the parameters differ"),
    "diverged": (run(2, {"different": 2}), "with 2 the ranks have different parameters"),
    "samples": (run(2, samples=6), "the samples are not the same: 16 rows with 1 and 16 with 2"),
    "rate": (run(2, rate=0.2), "the learning rate differs from epoch 0, batch 0 on"),
    "random": (run(2, {"random": ["drop"]}), None),
    "compressed": (run(2, {"compressed": True}), "gradients are compressed"),
}


@pytest.mark.parametrize("name", CAUSES)
def test_causes(name):
    other, want = CAUSES[name]
    found = list(causes(run(1), other, TOLERANCE))
    assert (found == []) if want is None else any(want in cause for cause in found)


def test_causes_in_the_network():
    one = run(1, {"random": ["dropout0"], "norms": ["bn"]})
    found = list(causes(one, run(2), TOLERANCE))
    assert "dropout0 draw random numbers" in found[0]
    assert "bn normalise by the statistics of each rank's own part" in found[1]


def test_a_run_without_steps():
    other = run(2)
    other.steps.clear()
    assert "has the script resumed from a run that was complete?" in next(causes(run(1), other, TOLERANCE))


def test_samples_in_another_order():
    one, two = run(1), run(2)
    for each, (first, second) in ((one, (5, 7)), (two, (7, 5))):
        each.steps = {(0, b): {**each.steps[0, 0], "samples": s} for b, s in enumerate((first, second))}
    assert "though those of the epoch are the same: let the iterator divide them" in next(causes(one, two, TOLERANCE))


def test_where_runs_part():
    assert first_difference(run(1), run(2), TOLERANCE) == ""
    found = first_difference(run(1), run(2, figures={"loss": 1.1}), TOLERANCE)
    assert found == "epoch 0, batch 0: loss is 1 with 1 and 1.1 with 2"
    other = run(2)
    other.epochs[0]["norms of parameters"] = {"w": 2.5}
    assert first_difference(run(1), other, TOLERANCE) == "end of epoch 0: norm of w is 2 with 1 and 2.5 with 2"
    other.steps[0, 1] = other.steps[0, 0]
    assert first_difference(run(1), other, TOLERANCE) == "epoch 0, batch 1: there is no such step with 1"
    del other.epochs[0], other.steps[0, 1]
    assert first_difference(run(1), other, TOLERANCE) == "epoch 0 does not end with 2"


NUMBERS = [(1.0, 1.0, True), (1.0, 1.0005, True), (1.0, 1.1, False), (float("nan"), float("nan"), True)]
NUMBERS += [(float("nan"), 1.0, False), (float("inf"), float("inf"), True), (float("inf"), 1.0, False)]


@pytest.mark.parametrize(("one", "other", "same"), NUMBERS)
def test_tolerance(one, other, same):
    assert TOLERANCE.holds(one, other) is same


def test_the_table_marks_what_differs():
    lines = table([run(1), run(2, figures={"loss": 1.1})], TOLERANCE)
    assert [line.split() for line in lines[1:]] == [["0.0", "1", "1.1*"], ["epoch", "0", "1", "1"]]


@pytest.mark.parametrize("text", ["2", "0,1", "1,x", "1,1", ""])
def test_wrong_numbers(text):
    with pytest.raises(ValueError, match="-n must be different numbers of ranks, at least two"):
        numbers(text)


RECORDS = {
    "nothing": ("", "recorded nothing with 2 ranks"),
    "text": ("{", "line 1 is damaged"),
    "kind": ("{}", "line 1 is"),
}
RECORDS["no beginning"] = (json.dumps({"kind": "step"}), "does not say what was trained")


@pytest.mark.parametrize("name", RECORDS)
def test_damaged_records(name, tmp_path):
    text, match = RECORDS[name]
    (tmp_path / "r").write_text(text)
    with pytest.raises(ValueError, match=match):
        Run.read(tmp_path / "r", 2)


def test_wrong_usage(tmp_path, capfd):
    assert cli.main(["compare", "-n", "1,2", str(tmp_path / "none.py")]) == 2
    assert "there is no" in capfd.readouterr().err
    (tmp_path / "a.py").write_text("")
    assert cli.main(["compare", "-n", "1,2", "--rtol", "-1", str(tmp_path / "a.py")]) == 2
    assert cli.main(["compare", "-n", "1,2", str(tmp_path / "a.py")]) == 2
    assert "the script recorded nothing with 1 ranks" in capfd.readouterr().err
    (tmp_path / "b.py").write_text("raise SystemExit(7)")
    assert cli.main(["compare", "-n", "1,2", str(tmp_path / "b.py")]) == 7


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 0, "4 ranks: the same as 1"),
        (("--undivided",), 1, "the batch of all ranks has 16 rows with 1 and 32 with 2"),
    ],
    ids=["same", "batch not divided"],
)
def test_a_script(words, code, said, capfd, tmp_path):
    pytest.importorskip("mpi4py")
    if not Path(sys.executable).with_name("mpirun").exists():
        pytest.skip("mpirun is not beside this Python")
    sizes = "1,2" if code else "1,2,4"
    script = [str(SCRIPTS / "compared.py"), *words]
    assert cli.main(["compare", "-n", sizes, "--timeout", "60", "--keep", str(tmp_path / "kept"), *script]) == code
    assert said in capfd.readouterr().out
    assert (tmp_path / "kept" / "ranks2.params").exists()
