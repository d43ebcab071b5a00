"""Whether the hosts of a job can be reached, asked before the job is started."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

SECONDS = 10


def is_this_host(name: str) -> bool:
    """Whether a host's name is this machine's, so that it is not reached through ssh.

    Examples
    --------
    >>> is_this_host("localhost"), is_this_host("no-such-host.invalid")
    (True, False)
    """
    own = {"localhost", "127.0.0.1", socket.gethostname(), socket.gethostname().split(".")[0]}
    return name in own


def probe(name: str, agent: str | None = None, seconds: float = SECONDS) -> str | None:
    """Why a host cannot be reached; None if it can.

    Parameters
    ----------
    name : str
    agent : str, optional
        Program instead of ``ssh``.
    seconds : float
        How long it may take.
    """
    if is_this_host(name):
        return None
    words = [agent or "ssh"]
    if agent is None:
        words += ["-o", "BatchMode=yes", "-o", f"ConnectTimeout={max(1, int(seconds) - 1)}"]
    try:
        done = subprocess.run(
            [*words, name, "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {seconds:g} s"
    except OSError as error:
        return f"{words[0]} cannot be run: {error.strerror}"
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"{words[0]} ended with code {done.returncode}"


def unreachable(names: Iterable[str], agent: str | None = None, seconds: float = SECONDS) -> dict[str, str]:
    """Those of several hosts that cannot be reached, each with the reason; all are asked at once.

    Examples
    --------
    >>> unreachable(["localhost"])
    {}
    """
    wanted = list(names)
    with ThreadPoolExecutor(max_workers=max(1, min(64, len(wanted)))) as pool:
        reasons = list(pool.map(lambda name: probe(name, agent, seconds), wanted))
    return {name: reason for name, reason in zip(wanted, reasons, strict=True) if reason is not None}
