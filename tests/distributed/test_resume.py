"""A run that is killed and resumed ends exactly as one that was not."""

from __future__ import annotations

import json
import re

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


def test_resume_with_another_number_of_ranks_is_refused(run_ranks, tmp_path):
    words = (tmp_path / "run", "--log", tmp_path / "log")
    run_ranks(2, "resume.py", *words)
    done = run_ranks(1, "resume.py", *words, "--resume", code=1)
    assert "was written by 2 ranks; there are 1 now" in done.err


def test_resume_without_a_checkpoint_begins(run_ranks, tmp_path):
    run_ranks(2, "resume.py", tmp_path / "run", "--log", tmp_path / "log", "--resume")
    assert "0.0" in json.loads((tmp_path / "log.0.json").read_text())


@pytest.mark.parametrize("n", [1, 2])
def test_a_full_disk_is_an_error_on_every_rank_and_harms_nothing(n, run_ranks, tmp_path):
    done = run_ranks(n, "full_disk.py", tmp_path / "run")
    assert re.search(r"rank 0: .*cannot write '.*model-0002.params'", done.out)
    assert done.out.count("File too large") == n
    assert "newest: 1" in done.out
