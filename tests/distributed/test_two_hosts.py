"""Training over two hosts that ssh connects; one is lost on the way."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from .conftest import SCRIPTS, mpirun
from .hosts import TwoHosts, why_not

WHY_NOT = why_not() or ("" if mpirun() else "mpirun is not installed")
pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "two hosts can be made")
SCRIPT = SCRIPTS / "interrupted.py"


@pytest.fixture
def two_hosts(tmp_path):
    folder = tmp_path / "hosts"
    folder.mkdir()
    with TwoHosts(folder) as made:
        yield made


def finish(command, when=None, then=None, timeout=60):
    """Run; after a line that holds `when` call `then`; returns exit code, output and the seconds from then on."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watchdog = threading.Timer(timeout, process.kill)
    watchdog.start()
    lines, began = [], time.monotonic()
    try:
        for line in process.stdout:
            lines.append(line)
            if when is not None and when in line:
                when, began = None, time.monotonic()
                then()
        return process.wait(), "".join(lines), time.monotonic() - began
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def processes_with(word):
    """Command lines of the ranks that still run, on either host."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if word in line and SCRIPT.name in line:
                found.append(line)
    return found


def ends(text):
    return re.findall(r"end: ([0-9a-f]{64})", text)


@pytest.fixture(params=["mpich", "open mpi"])
def starter(request):
    """Arguments that choose a family of MPI."""
    if request.param == "mpich":
        return ()
    path = shutil.which("mpirun.openmpi")
    if path is None:
        pytest.skip("there is no mpirun.openmpi: apt install openmpi-bin")
    return ("--mpirun", path)


def test_training_over_two_hosts_is_training_on_one(starter, two_hosts, run_ranks, tmp_path):
    code, text, _ = finish(two_hosts.paratrain("launch", *starter, SCRIPT, tmp_path / "over"))
    assert code == 0, text
    here = ends(run_ranks(2, SCRIPT.name, tmp_path / "here").out)
    assert ends(text) == here
    assert len(set(here)) == 1


def test_the_doctor_measures_over_two_hosts(two_hosts, tmp_path):
    code, text, _ = finish(two_hosts.paratrain("doctor", "--folder", tmp_path))
    assert code == 0, text
    assert f"2 ranks: 1 on {two_hosts.names[0]}, 1 on {two_hosts.names[1]}" in text
    assert "allreduce 8 B in" in text


def test_a_cut_link_ends_the_job(two_hosts, tmp_path):
    command = two_hosts.paratrain("launch", SCRIPT, tmp_path, "--pause", 0.1, PARATRAIN_STALL_SECONDS="3")
    code, text, seconds = finish(command, "in epoch 1", two_hosts.cut)
    assert code == 1, text
    assert "rank 1 did not come" in text
    assert re.search(rf"--- rank 1 \(process \d+ on {two_hosts.names[1]}\) does not answer", text)
    assert "host 10.77.0.2 does not answer" in text
    assert seconds < 40
    until = time.monotonic() + 15
    while left := processes_with(str(tmp_path)):
        assert time.monotonic() < until, left
        time.sleep(0.2)


def test_a_host_that_dies_is_named_and_the_job_goes_on_without_it(two_hosts, tmp_path):
    words = ["--max-restarts", 1, "--min-ranks", 1, SCRIPT, tmp_path, "--pause", 0.1]
    code, text, _ = finish(
        two_hosts.paratrain("launch", *words, PARATRAIN_STALL_SECONDS="5"), "in epoch 1", two_hosts.kill_second
    )
    assert "host 10.77.0.2 does not answer" in text
    assert "going on with 1 ranks instead of 2" in text
    assert code == 0, text
    assert len(ends(text)) == 1, text


def test_a_host_that_is_not_there_is_named_before_anything_starts(two_hosts, tmp_path):
    command = two_hosts.paratrain("launch", SCRIPT, tmp_path)
    command = [word.replace("10.77.0.2:1", "10.77.0.9:1") for word in command]
    code, text, seconds = finish(command)
    assert code == 2, text
    assert "1 of 2 hosts cannot be reached by ssh: 10.77.0.9: " in text
    assert seconds < 20
