"""A run that is killed and resumed ends exactly as one that was not."""

from __future__ import annotations

import functools
import json
import re

import numpy as np
import pytest

CASES = {
    "end of an epoch": (["--stop", 1, 0], "1.0"),
    "within an epoch": (["--stop", 1, 4, "--every", 2], "1.4"),
    "last batch of an epoch": (["--stop", 2, 1, "--every", 6], "2.0"),
    "adam": (["--stop", 1, 4, "--every", 2, "--optimizer", "adam"], "1.4"),
    "weight by weight": (["--stop", 1, 4, "--every", 2, "--optimizer", "rmsprop"], "1.4"),
    "batch normalisation": (["--stop", 1, 4, "--every", 2, "--norm"], "1.4"),
}


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("name", CASES)
def test_resume_is_exact(name, n, run_ranks, tmp_path):
    words, first = CASES[name]
    kept = [w for i, w in enumerate(words) if "--stop" not in words[max(0, i - 2) : i + 1]]

    def logs(folder):
        files = [tmp_path / f"{folder}.{rank}.json" for rank in range(n)]
        return [json.loads(file.read_text()) for file in files]

    run_ranks(n, "resume.py", tmp_path / "whole", "--log", tmp_path / "whole", *kept)
    stopped = run_ranks(n, "resume.py", tmp_path / "parts", "--log", tmp_path / "stopped", *words, code=None)
    assert stopped.code != 0
    run_ranks(n, "resume.py", tmp_path / "parts", "--log", tmp_path / "resumed", *kept, "--resume")
    for whole, resumed in zip(logs("whole"), logs("resumed"), strict=True):
        assert next(iter(resumed)) == first
        assert len(resumed) < len(whole)
        assert {key: whole[key] for key in resumed} == resumed


MOVES = [(1, 2, ()), (2, 1, ()), (2, 4, ()), (4, 2, ()), (4, 1, ("--no-shuffle",)), (1, 2, ("--no-shuffle",))]


@pytest.fixture
def move(run_ranks, tmp_path):
    def logs(name, n):
        return [json.loads((tmp_path / f"{name}.{rank}.json").read_text()) for rank in range(n)]

    def run(folder, n, name, *words, code=0):
        done = run_ranks(n, "moved.py", tmp_path / folder, "--log", tmp_path / name, *words, code=code)
        return [] if code else logs(name, n), done

    return run


@functools.cache
def never_stopped() -> dict:
    """Logs of a run on one rank, by its options."""
    return {}


def rows_of(*runs, epoch):
    return sorted(row for run in runs for log in run for row in log["seen"].get(str(epoch), ()))


@pytest.mark.parametrize(("before", "after", "words"), MOVES)
def test_another_number_of_ranks_goes_on_with_the_same_epoch(before, after, words, move):
    """Every row once in every epoch, the same steps of the schedule, the same network to rounding."""
    first, _ = move("run", before, "first", "--stop", 1, 2, *words, code=None)
    rest, _ = move("run", after, "rest", *words)
    for epoch in range(3):
        assert rows_of(first, rest, epoch=epoch) == list(range(96))
    assert next(iter(rest[0]["lr"])) == "1.2"  # the checkpoint behind batch 1; batch 2 was not completed
    if words not in never_stopped():
        never_stopped()[words] = move("whole", 1, "whole", *words)[0]
    whole = never_stopped()[words]
    assert {key: whole[0]["lr"][key] for key in rest[0]["lr"]} == rest[0]["lr"]
    if not words:  # the same batches, however many ranks divide them
        assert rest[0]["metric"]["1"] == whole[0]["metric"]["1"]
        for name, values in whole[0]["params"].items():
            np.testing.assert_allclose(rest[0]["params"][name], values, rtol=2e-4, atol=2e-5)
    assert len({log["digest"] for log in rest}) == 1


def test_ranks_that_change_twice_and_rows_that_do_not_divide(move):
    runs = [move("run", 2, "a", "--rows", 89, "--stop", 1, 1, code=None)[0]]
    runs += [move("run", 4, "b", "--rows", 89, "--stop", 1, 3, code=None)[0], move("run", 1, "c", "--rows", 89)[0]]
    for epoch in range(3):
        assert rows_of(*runs, epoch=epoch) == list(range(89))


def test_rows_divided_by_the_script_cannot_be_divided_anew_within_an_epoch(move):
    move("run", 2, "first", "--apart", "--stop", 1, 2, code=None)
    _, done = move("run", 1, "rest", "--apart", code=1)
    assert "give NDArrayIter all data with num_parts=kv.num_workers" in done.err


def test_resume_without_a_checkpoint_begins(run_ranks, tmp_path):
    run_ranks(2, "resume.py", tmp_path / "run", "--log", tmp_path / "log", "--resume")
    assert "0.0" in json.loads((tmp_path / "log.0.json").read_text())


@pytest.mark.parametrize(("n", "when"), [(1, "save"), (2, "save"), (2, "fit"), (4, "fit")])
def test_a_full_disk_is_an_error_on_every_rank_and_harms_nothing(n, when, run_ranks, tmp_path):
    done = run_ranks(n, "full_disk.py", tmp_path / "run", when)
    assert re.search(r"rank 0: .*cannot write '.*model-0002.params'", done.out)
    assert done.out.count("File too large") == n
    assert "newest: 1" in done.out
