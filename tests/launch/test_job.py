"""Jobs that end well, fail, die or are interrupted, started as a user starts them."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from paratrain.launch import cli, failure, job, mpirun

needs_mpi = pytest.mark.skipif(
    importlib.util.find_spec("mpi4py") is None or mpirun.find_mpirun() is None,
    reason="needs mpi4py and mpirun: pip install 'paratrain[mpi]'",
)
LIMIT = 60  # seconds; a job that hangs fails its test instead of the suite

SCRIPT = """
import os, sys, time
from mpi4py import MPI
world = MPI.COMM_WORLD
what = sys.argv[1]
print(f"rank {world.rank} of {world.size} runs", flush=True)
if world.rank == world.size - 1:
    if what == "raise":
        raise ValueError("the loss went away")
    if what == "exit":
        sys.exit(4)
    if what == "kill":
        os.kill(os.getpid(), 9)
    if what == "thread":
        import threading
        threading.Thread(target=lambda: 1 / 0).start()
        time.sleep(60)
if what == "sleep":
    open(sys.argv[2] + str(world.rank), "w").close()
    time.sleep(60)
world.Barrier()
"""


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return str(path)


def paratrain(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "paratrain.launch.cli", *words],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


@needs_mpi
@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_every_rank_runs(script: str, ranks: int) -> None:
    done = paratrain("launch", "-n", str(ranks), script, "finish")
    assert done.returncode == 0, done.stderr
    # found, not split: lines of two ranks may arrive joined
    assert sorted(re.findall(r"rank \d of \d runs", done.stdout)) == [f"rank {r} of {ranks} runs" for r in range(ranks)]


@needs_mpi
@pytest.mark.parametrize(
    ("what", "code", "text"),
    [
        ("raise", 1, "[rank 1 of 2] Traceback"),
        ("raise", 1, "ValueError: the loss went away"),
        ("exit", 4, "[rank 1 of 2] exit with code 4"),
        ("thread", 1, "ZeroDivisionError"),
    ],
)
def test_a_failing_rank_ends_the_job_and_is_named(script: str, what: str, code: int, text: str) -> None:
    done = paratrain("launch", "-n", "2", script, what)
    assert done.returncode == code
    assert text in done.stderr


@needs_mpi
def test_traceback_begins_in_the_script(script: str) -> None:
    done = paratrain("launch", "-n", "2", script, "raise")
    first = done.stderr.split("Traceback (most recent call last):\n", 1)[1].splitlines()[0]
    assert first.startswith("[1]   File")
    assert script in first


@needs_mpi
def test_a_killed_rank_ends_the_job(script: str) -> None:
    assert paratrain("launch", "-n", "2", script, "kill").returncode == 137


@needs_mpi
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "term"])
def test_a_signal_ends_every_rank(script: str, tmp_path: Path, number: int, code: int) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "paratrain.launch.cli", "launch", "-n", "2", script, "sleep", str(tmp_path / "up")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(tmp_path / "up0", tmp_path / "up1")
    running.send_signal(number)
    assert running.wait(timeout=LIMIT) == code
    time.sleep(0.2)
    assert not processes_with(script)


def wait_for(*paths: Path) -> None:
    deadline = time.monotonic() + LIMIT
    while not all(path.exists() for path in paths):
        if time.monotonic() > deadline:
            pytest.fail("the ranks did not start")
        time.sleep(0.05)


def processes_with(word: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
            if word in line:
                found.append(line)
    return found


@needs_mpi
def test_dry_run_prints_the_command_and_runs_nothing(script: str) -> None:
    done = paratrain("launch", "-n", "2", "--dry-run", script, "raise")
    assert done.returncode == 0
    assert " -n 2 " in done.stdout
    assert done.stdout.rstrip().endswith(f"rank.py {script} raise")
    assert len(done.stdout.splitlines()) == 1


def test_a_child_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    stubborn = f"import signal, time; signal.signal(2, signal.SIG_IGN); open({str(ready)!r}, 'w'); time.sleep(60)"
    inner = f"job.run([sys.executable, '-c', {stubborn!r}], 0.3).code"
    outer = f"import sys; from paratrain.launch import job; sys.exit({inner})"
    running = subprocess.Popen([sys.executable, "-c", outer])
    wait_for(ready)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=LIMIT) == 130


@pytest.mark.parametrize("code", [0, 3])
def test_exit_code_is_the_commands(code: int) -> None:
    assert job.run([sys.executable, "-c", f"raise SystemExit({code})"]).code == code


@pytest.mark.parametrize(("report", "code"), [("Traceback", 1), ("exit with code 7", 7), ("interrupted", 130)])
def test_a_starter_that_does_not_end_after_a_failure_is_killed(
    report: str, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    stuck = f"import sys, time; print('[rank 1 of 2] {report}', file=sys.stderr, flush=True); time.sleep(60)"
    began = time.monotonic()
    assert job.run([sys.executable, "-c", stuck], failed_grace=0.3).code == code
    assert time.monotonic() - began < 20
    assert "a host may not answer any more" in capfd.readouterr().err


def test_a_second_signal_ends_the_job_at_once(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    saving = (
        f"import signal, time; signal.signal(10, lambda *_: open({str(ready)!r}, 'w'));"
        f"open({str(ready)!r} + '0', 'w'); time.sleep(60)"
    )
    outer = f"import sys; from paratrain.launch import job; sys.exit(job.run([sys.executable, '-c', {saving!r}]).code)"
    running = subprocess.Popen([sys.executable, "-c", outer])
    wait_for(tmp_path / "ready0")
    running.send_signal(signal.SIGTERM)
    wait_for(ready)
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=20) == 143


def test_a_command_that_a_signal_ends() -> None:
    assert job.run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]).code == 137


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["launch", "-n", "2", "nowhere.py"], r"there is no 'nowhere.py'"),
        (["launch", "-n", "0", __file__], r"-n must be at least 1; got 0"),
        (["launch", "-n", "2", "--hosts", "a:x", __file__], r"--hosts takes NAME or NAME:SLOTS"),
        (["launch", "-n", "2", "--hostfile", "/no/such/hosts", __file__], "the host file cannot be read: No such file"),
        (
            ["launch", "-n", "2", "--hostfile", __file__, __file__],
            "test_job.py, line 1: a line begins with the name of",
        ),
    ],
)
def test_usage_errors_are_one_line(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    text = capsys.readouterr().err
    assert message in text
    assert len(text.splitlines()) == 1


def test_without_mpirun_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mpirun, "find_mpirun", lambda: None)
    assert cli.main(["launch", "-n", "2", __file__]) == 2
    assert "pip install 'paratrain[mpi]'" in capsys.readouterr().err


def test_report_names_the_rank_and_shows_the_traceback() -> None:
    try:
        raise KeyError("weight")
    except KeyError as error:
        text = failure.report(error, error.__traceback__, rank=1, size=4)
    assert text.startswith("[rank 1 of 4] Traceback")
    assert text.endswith("KeyError: 'weight'")


@pytest.mark.parametrize("seconds_until_read", [0.2, None], ids=["read late", "never read"])
def test_a_rank_waits_until_its_last_words_were_read(seconds_until_read: float | None) -> None:
    """``mpirun`` loses what it has not read when the job is aborted."""
    reader, writer = os.pipe()
    os.write(writer, b"a traceback")
    if seconds_until_read is not None:
        threading.Timer(seconds_until_read, os.read, (reader, 100)).start()
    began = time.monotonic()
    failure._wait_until_read(writer, seconds=0.5)
    waited = time.monotonic() - began
    os.close(writer)
    os.close(reader)
    assert 0.15 < waited < 0.45 if seconds_until_read else waited >= 0.5


def test_a_file_is_not_waited_for(tmp_path: Path) -> None:
    with open(tmp_path / "log", "w+") as log:
        log.write("words")
        log.flush()
        log.seek(0)
        began = time.monotonic()
        failure._wait_until_read(log.fileno())
        assert time.monotonic() - began < 1


@pytest.mark.parametrize("words", [["--help"], ["launch", "--help"], ["doctor", "--help"], ["inspect", "--help"]])
def test_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 0
    assert "usage: paratrain" in capsys.readouterr().out
