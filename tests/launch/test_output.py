"""Prefixes, colours and log files of ranks, and the GPUs each sees."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain.launch import gpus, output, rank

PRINTS = """
import os, subprocess, sys
print("one", "line")
print("begun", end=" "); print("and ended")
print("bar 1", end="\\r", file=sys.stderr, flush=True); print("bar 2", file=sys.stderr)
sys.stdout.buffer.write(b"bytes\\n"); sys.stdout.flush()
os.system("echo of a child")
print("no end", end="")
"""


def run_alone(tmp_path: Path, how: str, body: str = PRINTS) -> subprocess.CompletedProcess[str]:
    script = tmp_path / "script.py"
    script.write_text(body)
    words = [sys.executable, "-u", str(Path(rank.__file__)), rank.ALONE, str(script)]
    environment = os.environ | {output.OUTPUT: how}
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, env=environment)


def test_lines_get_the_number_of_the_rank(tmp_path: Path) -> None:
    done = run_alone(tmp_path, "prefix")
    lines = ["[0] one line", "[0] begun and ended", "bytes", "of a child", "[0] no end"]
    assert done.stdout == "\n".join(lines)
    assert done.stderr == "[0] bar 1\n[0] bar 2\n"  # text mode reads the carriage return as an end of line


def test_colours(tmp_path: Path) -> None:
    assert run_alone(tmp_path, "colour").stdout.startswith("\x1b[36m[0]\x1b[0m one line\n")


def test_a_log_file_holds_everything(tmp_path: Path) -> None:
    done = run_alone(tmp_path, f"log:{tmp_path}/deep/logs")
    assert (done.stdout, done.stderr) == ("", "")
    text = (tmp_path / "deep" / "logs" / "rank-0000.log").read_text()
    assert "one line\nbegun and ended\n" in text
    assert "of a child\n" in text
    assert text.endswith("no end")


def test_a_traceback_is_in_the_log_and_on_the_terminal(tmp_path: Path) -> None:
    done = run_alone(tmp_path, f"log:{tmp_path}", "raise ValueError('why')")
    assert done.returncode == 1
    for text in (done.stderr, (tmp_path / "rank-0000.log").read_text()):
        assert "[rank 0 of 1] Traceback" in text
        assert "ValueError: why" in text


def test_a_log_that_cannot_be_written_ends_the_rank(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_alone(tmp_path, f"log:{tmp_path}/file/logs")
    assert done.returncode == 1
    assert "Not a directory" in done.stderr or "File exists" in done.stderr


def test_another_mode_is_refused(tmp_path: Path) -> None:
    done = run_alone(tmp_path, "loud")
    assert "PARATRAIN_OUTPUT must be plain, prefix, colour or log:FOLDER; got 'loud'" in done.stderr


@given(st.lists(st.text(alphabet="ab \n", max_size=8), max_size=8))
def test_every_line_has_one_prefix_however_it_is_written(pieces: list[str]) -> None:
    under = io.StringIO()
    stream = output.Prefixed(under, "> ")
    for piece in pieces:
        assert stream.write(piece) == len(piece)
    stream.flush()
    whole = "".join(pieces)
    lines = whole.split("\n")
    expected = "".join(f"> {line}\n" for line in lines[:-1]) + (f"> {lines[-1]}" if lines[-1] else "")
    assert under.getvalue() == expected


@given(st.lists(st.text(alphabet="ab\n", min_size=1, max_size=5), max_size=6))
def test_flushing_in_the_middle_of_a_line_changes_nothing(pieces: list[str]) -> None:
    texts = []
    for flush in (False, True):
        under = io.StringIO()
        stream = output.Prefixed(under, "> ")
        for piece in pieces:
            stream.write(piece)
            if flush:
                stream.flush()
        stream.flush()
        texts.append(under.getvalue())
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("local", "each", "listed", "mine"), [(0, 1, "0,1", "0"), (1, 1, "4,5", "5"), (1, 2, "0,1,2,3", "2,3")]
)
def test_gpus_of_a_rank(local: int, each: int, listed: str, mine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gpus.VISIBLE, listed)
    monkeypatch.setenv(gpus.GPUS_PER_RANK, str(each))
    gpus.choose(local)
    assert os.environ[gpus.VISIBLE] == mine


def test_too_few_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gpus.VISIBLE, "0,1")
    monkeypatch.setenv(gpus.GPUS_PER_RANK, "2")
    with pytest.raises(ValueError, match=r"local rank 1 needs GPUs 2 to 3 of its host .* which has 2: 0,1"):
        gpus.choose(1)


def test_gpus_are_counted_where_the_driver_lists_them(tmp_path: Path) -> None:
    assert gpus.of_this_host({}, tmp_path / "nowhere") == []
    for name in ("0000:01:00.0", "0000:41:00.0"):
        (tmp_path / name).mkdir()
    assert gpus.of_this_host({}, tmp_path) == ["0", "1"]
