"""Two hosts on one machine: namespaces of their own for network, names and processes, a cable, and an sshd in each."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

SSHD = """
ListenAddress {address}
Port 2222
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin yes
"""
SSH = """#!/bin/sh
exec ssh -F none -p 2222 -i {folder}/user_key -o BatchMode=yes -o ConnectTimeout=5 -o StrictHostKeyChecking=no \
 -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ServerAliveInterval=2 -o ServerAliveCountMax=2 "$@"
"""


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def why_not() -> str:
    """Reason why hosts cannot be made here; empty if they can."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    missing = [name for name in ("ip", "ssh", "ssh-keygen", "unshare", "sshd") if not find(name)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    name = f"pt{os.getpid()}t"
    try:
        run("ip", "netns", "add", name)
        run("ip", "netns", "del", name)
    except OSError as error:
        return f"network namespaces are not allowed here: {error}"
    return ""


def find(name: str) -> str | None:
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


class TwoHosts:
    """Hosts 10.77.0.1 and 10.77.0.2; a context manager. Nothing of them can reach any other network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = [f"pt{os.getpid()}h{number}" for number in (1, 2)]
        self.cable = "cable0"  # its name on both hosts
        self.addresses = ["10.77.0.1", "10.77.0.2"]
        self.ssh = folder / "ssh"
        self._started: list[subprocess.Popen] = []

    def __enter__(self) -> TwoHosts:
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _make(self) -> None:
        for name in self.names:
            run("ip", "netns", "add", name)
        peer = ["peer", "name", self.cable, "netns", self.names[1]]
        run("ip", "link", "add", self.cable, "netns", self.names[0], "type", "veth", *peer)
        for key in ("host_key", "user_key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / key))
        self.ssh.write_text(SSH.format(folder=self.folder))
        self.ssh.chmod(0o700)
        Path("/run/sshd").mkdir(exist_ok=True)
        for name, address in zip(self.names, self.addresses, strict=True):
            run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", self.cable)
            run("ip", "-n", name, "link", "set", self.cable, "up")
            config = self.folder / f"sshd_{name}"
            config.write_text(SSHD.format(address=address, folder=self.folder))
            body = f"mount -t proc proc /proc; hostname {name}; exec {find('sshd')} -D -e -f {config}"
            apart = ["unshare", "--uts", "--ipc", "--pid", "--mount", "--fork", "--kill-child", "sh", "-c", body]
            log = (self.folder / f"log_{name}").open("w")
            self._started.append(
                subprocess.Popen(
                    ["ip", "netns", "exec", name, *apart], stdout=log, stderr=log, stdin=subprocess.DEVNULL
                )
            )
            log.close()
        for address in self.addresses:
            self._wait_for(address)

    def _wait_for(self, address: str) -> None:
        until = time.monotonic() + 20
        while subprocess.run(self.on_first("true", address=address), capture_output=True, check=False).returncode:
            if time.monotonic() > until:
                raise OSError(f"sshd on {address} does not answer")
            time.sleep(0.1)

    def on_first(self, *words: str, address: str = "10.77.0.1") -> list[str]:
        """Words that run a command on a host, the first by default."""
        return ["ip", "netns", "exec", self.names[0], str(self.ssh), address, *words]

    def paratrain(self, name: str, *words: object, **environment: str) -> list[str]:
        """Words that run ``paratrain launch`` or ``doctor`` on the first host, over both."""
        settings = [f"{name}={value}" for name, value in environment.items()]
        where = ["--hosts", "10.77.0.1:1,10.77.0.2:1", "--ssh", str(self.ssh), "--interface", self.cable]
        command = [sys.executable, "-m", "paratrain.launch.cli", name, *where, *map(str, words)]
        return self.on_first("cd", os.getcwd(), "&&", "env", *settings, *command)

    def cut(self) -> None:
        """Pull the cable."""
        run("ip", "-n", self.names[0], "link", "set", self.cable, "down")

    def kill_second(self) -> None:
        """Let the second host die: its first process, and with it all others."""
        outer = self._started[1].pid
        for child in Path(f"/proc/{outer}/task/{outer}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)

    def __exit__(self, *error: object) -> None:
        for process in self._started:
            process.kill()
            process.wait()
        for name in self.names:
            with contextlib.suppress(OSError):  # it was not made
                run("ip", "netns", "del", name)
