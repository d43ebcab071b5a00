"""Which machines a job runs on: lists, host files, and how many ranks each takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
#: Words behind a host's name in an Open MPI host file that bound its ranks; MPICH writes NAME:SLOTS.
_SLOT_WORDS = ("slots", "cpu", "count")
_LIMIT_WORDS = ("max_slots", "max-slots", "maxslots", "cpu_max", "count_max")
#: Settings of MPICH's host files that are about binding and interfaces, for which there are options.
_OTHER_WORDS = {"ifname": "--interface", "binding": "--bind", "user": "User in ~/.ssh/config"}


@dataclass(frozen=True)
class Host:
    """A machine and the number of ranks it takes (None: an equal part)."""

    name: str
    slots: int | None = None

    def __str__(self) -> str:
        return self.name if self.slots is None else f"{self.name}:{self.slots}"


def parse_hosts(text: str) -> tuple[Host, ...]:
    """Hosts of a list such as ``node1:4,node2:4`` or ``node1,node2``.

    Raises
    ------
    ValueError
        If a name is not one of a host, a number of slots is not a whole number of at least 1, or a host comes twice.

    Examples
    --------
    >>> parse_hosts("node1:4,node2")
    (Host(name='node1', slots=4), Host(name='node2', slots=None))
    """
    hosts = []
    for part in text.split(","):
        name, colon, slots = part.strip().partition(":")
        if not _NAME.fullmatch(name) or (colon and not _is_count(slots)):
            raise ValueError(
                f"[launch] --hosts takes NAME or NAME:SLOTS, separated by commas; got {part!r} in {text!r}"
            )
        hosts.append(Host(name, int(slots) if colon else None))
    names = [host.name for host in hosts]
    if len(set(names)) != len(names):
        raise ValueError(f"[launch] each host may be named once in --hosts; got {text!r}; write NAME:SLOTS instead")
    return tuple(hosts)


def read_hostfile(path: str | Path) -> tuple[Host, ...]:
    """Hosts of a file; see `parse_hostfile`.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not a host file; the message has file and line.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"[launch] {path}: a host file must be text (UTF-8); byte {error.start} is not") from error
    except OSError as error:
        raise type(error)(error.errno, f"[launch] the host file cannot be read: {error.strerror}", str(path)) from error
    return parse_hostfile(text, str(path))


def parse_hostfile(text: str, source: str = "hostfile") -> tuple[Host, ...]:
    r"""Hosts of a host file, one a line, as MPICH (``node1:4``) or Open MPI (``node1 slots=4``) writes it.

    What follows a ``#`` is a comment. A host that comes again gets the slots of both lines; a line without a number is
    one slot then, as with both MPIs.

    Parameters
    ----------
    text : str
        Contents of the file.
    source : str
        Its name, for messages.

    Raises
    ------
    ValueError
        If a line is of neither form, or no line names a host; the message has file and line.

    Examples
    --------
    >>> parse_hostfile("node1:4   # MPICH\nnode2 slots=2 max_slots=4\nnode3")
    (Host(name='node1', slots=4), Host(name='node2', slots=2), Host(name='node3', slots=None))
    """
    found: dict[str, Host] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#", 1)[0].split()
        if words:
            host = _host_of(words, f"[launch] {source}, line {number}")
            before = found.get(host.name)
            together = host.slots if before is None else (before.slots or 1) + (host.slots or 1)
            found[host.name] = Host(host.name, together)
    if not found:
        raise ValueError(f"[launch] {source}: no line names a host; write one a line: NAME, NAME:SLOTS or NAME slots=N")
    return tuple(found.values())


def _host_of(words: list[str], where: str) -> Host:
    name, colon, count = words[0].partition(":")
    if not _NAME.fullmatch(name):
        raise ValueError(f"{where}: a line begins with the name of a host; got {words[0]!r}")
    if colon and not _is_count(count):
        raise ValueError(f"{where}: NAME:SLOTS needs a whole number of at least 1; got {words[0]!r}")
    slots, limit = int(count) if colon else None, None
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if key in _OTHER_WORDS and equals:
            raise ValueError(f"{where}: {word!r} is not read from host files; use {_OTHER_WORDS[key]}")
        if key not in _SLOT_WORDS + _LIMIT_WORDS or not equals:
            raise ValueError(f"{where}: after the host's name come slots=N or max_slots=N; got {word!r}")
        if not _is_count(value):
            raise ValueError(f"{where}: {key} must be a whole number of at least 1; got {value!r}")
        if key in _LIMIT_WORDS:
            limit = int(value)
        elif slots is not None:
            raise ValueError(f"{where}: the number of slots is given twice")
        else:
            slots = int(value)
    if limit is not None and slots is not None and slots > limit:
        raise ValueError(f"{where}: slots={slots} is more than max_slots={limit}")
    return Host(name, slots if slots is not None else limit)


def _is_count(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,6}", text) is not None and int(text) >= 1


def place(ranks: int, hosts: tuple[Host, ...]) -> tuple[Host, ...]:
    """Give every host without a number of slots its equal part of the ranks.

    Raises
    ------
    ValueError
        If the slots are fewer than the ranks.

    Examples
    --------
    >>> place(3, parse_hosts("a,b"))
    (Host(name='a', slots=2), Host(name='b', slots=2))
    """
    if not hosts:
        return ()
    known = sum(host.slots or 0 for host in hosts)
    open_hosts = sum(host.slots is None for host in hosts)
    equal = -(-max(0, ranks - known) // open_hosts) if open_hosts else 0
    placed = tuple(Host(host.name, host.slots if host.slots is not None else max(1, equal)) for host in hosts)
    slots = slots_of(placed)
    if slots < ranks:
        raise ValueError(f"[launch] {ranks} ranks need {ranks} slots; the hosts offer {slots}; add slots or lower -n")
    return placed


def slots_of(hosts: Iterable[Host]) -> int:
    """Sum of the slots that are given."""
    return sum(host.slots or 0 for host in hosts)


def ranks_on_fullest_host(ranks: int, hosts: tuple[Host, ...]) -> int:
    """The most ranks that share one machine, which decides how its cores are divided."""
    return max((min(ranks, host.slots or 0) for host in place(ranks, hosts)), default=ranks)
