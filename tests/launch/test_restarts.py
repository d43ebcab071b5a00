"""Which hosts answer, and what is left of a job when some do not."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from paratrain.launch import cli, reach, restarts
from paratrain.launch.hosts import parse_hosts
from paratrain.launch.mpirun import Job


def fake_ssh(folder: Path, body: str) -> str:
    path = folder / "ssh"
    path.write_text("#!/bin/sh\n" + body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("exit 0", None),
        ("echo 'banner\nssh: connect: No route to host' >&2; exit 255", "ssh: connect: No route to host"),
        ("exit 255", "ended with code 255"),
        ("exec sleep 30", "no answer in 0.3 s"),
    ],
    ids=["answers", "no-route", "silent", "hangs"],
)
def test_probe(body: str, reason: str | None, tmp_path: Path) -> None:
    found = reach.probe("node1.invalid", fake_ssh(tmp_path, body), seconds=0.3 if "sleep" in body else 8)
    assert found is None if reason is None else reason in str(found)


def test_a_program_that_is_not_there() -> None:
    assert reach.probe("node1.invalid", "/no/such/ssh") == "/no/such/ssh cannot be run: No such file or directory"


def test_unreachable_hosts_are_named_before_anything_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agent = fake_ssh(tmp_path, 'test "$1" = a || { echo lost >&2; exit 255; }')
    code = cli.main(["launch", "-n", "3", "--hosts", "a,b,c", "--ssh", agent, __file__])
    assert code == 2
    assert "2 of 3 hosts cannot be reached by ssh: b: lost; c: lost" in capsys.readouterr().err


JOB = Job(4, ("python",), parse_hosts("a:2,b:2"))


@pytest.mark.parametrize(
    ("kept", "least", "ranks", "said"),
    [
        ("a:2,b:2", None, 4, ""),
        ("a:2", 2, 2, "going on with 2 ranks instead of 4"),
        ("a:2", None, None, "2 of 4 ranks are left; give --min-ranks to go on with fewer"),
        ("a:2", 3, None, "2 of 4 ranks are left; --min-ranks asks for 3"),
    ],
)
def test_fewer(kept: str, least: int | None, ranks: int | None, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = restarts.fewer(JOB, parse_hosts(kept), least)
    assert (None if made is None else made.ranks) == ranks
    assert said in capsys.readouterr().err


def test_no_hosts_at_all_is_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert restarts.fewer(JOB, (), 1) is None
    assert "0 of 4 ranks are left" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--max-restarts", "-1"], "--max-restarts must be 0 or more; got -1"),
        (["--grace", "0"], "--grace must be more than 0 seconds; got 0"),
        (["--min-ranks", "3"], "--min-ranks must be at most -n 1; got 3"),
    ],
)
def test_numbers_out_of_range(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["launch", "-n", "1", *words, __file__]) == 2
    assert message in capsys.readouterr().err
