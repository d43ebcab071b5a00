"""Hosts: lists, host files of both MPIs, and how ranks are placed on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratrain.launch.hosts import Host, parse_hostfile, parse_hosts, place, read_hostfile


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("a", (Host("a"),)),
        ("a:2,b:3", (Host("a", 2), Host("b", 3))),
        ("a, b:1", (Host("a"), Host("b", 1))),
        ("10.0.0.1:2", (Host("10.0.0.1", 2),)),
    ],
)
def test_hosts(text: str, hosts: tuple[Host, ...]) -> None:
    assert parse_hosts(text) == hosts


@pytest.mark.parametrize("text", [",a", "a:", "a:zero", "a:0", "a:-1", ":2", "-a", "a b", "a;b", "a:²"])
def test_bad_hosts(text: str) -> None:
    with pytest.raises(ValueError, match=r"--hosts takes NAME or NAME:SLOTS"):
        parse_hosts(text)


def test_host_named_twice() -> None:
    with pytest.raises(ValueError, match=r"each host may be named once.*'a,a'"):
        parse_hosts("a,a")


@pytest.mark.parametrize(
    ("ranks", "text", "slots"), [(5, "a,b", (3, 3)), (4, "a:1,b", (1, 3)), (2, "a:2,b", (2, 1)), (1, "a:8", (8,))]
)
def test_place(ranks: int, text: str, slots: tuple[int, ...]) -> None:
    assert tuple(host.slots for host in place(ranks, parse_hosts(text))) == slots


def test_too_few_slots() -> None:
    with pytest.raises(ValueError, match=r"8 ranks need 8 slots; the hosts offer 4"):
        place(8, parse_hosts("a:2,b:2"))


FILES = {
    "mpich": ("a:4\nb:2\n", "a:4 b:2"),
    "open mpi": ("a slots=4\nb slots=2 max_slots=3\n", "a:4 b:2"),
    "neither": ("a\nb\n", "a b"),
    "mixed": ("a:4\nb slots=2", "a:4 b:2"),
    "comments": ("# ours\n\n  a:4  # fast\n#b:2\n", "a:4"),
    "again": ("a\na\nb slots=2\nb slots=1", "a:2 b:3"),
    "a limit alone": ("a max_slots=3", "a:3"),
    "older words": ("a cpu=3\nb count=2", "a:3 b:2"),
    "windows": ("a:1\r\nb:2\r\n", "a:1 b:2"),
}


@pytest.mark.parametrize("name", FILES)
def test_hostfile(name: str) -> None:
    text, expected = FILES[name]
    assert " ".join(map(str, parse_hostfile(text))) == expected


BROKEN = {
    "no number": ("a:4\nb:\n", r"hosts, line 2: NAME:SLOTS needs a whole number of at least 1; got 'b:'"),
    "zero": ("a slots=0", r"line 1: slots must be a whole number of at least 1; got '0'"),
    "a word": ("\n\na 4", r"line 3: after the host's name come slots=N or max_slots=N; got '4'"),
    "another setting": ("a:1 binding=user:0", r"line 1: 'binding=user:0' is not read from host files; use --bind"),
    "twice": ("a:2 slots=3", r"line 1: the number of slots is given twice"),
    "over the limit": ("a slots=4 max_slots=2", r"line 1: slots=4 is more than max_slots=2"),
    "no name": (":4", r"line 1: a line begins with the name of a host; got ':4'"),
    "a user": ("me@a:4", r"line 1: a line begins with the name of a host; got 'me@a:4'"),
    "empty": ("# nothing\n", r"hosts: no line names a host"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_hostfile(name: str) -> None:
    text, message = BROKEN[name]
    with pytest.raises(ValueError, match=message):
        parse_hostfile(text, "hosts")


def test_hostfile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"the host file cannot be read: No such file.*nowhere"):
        read_hostfile(tmp_path / "nowhere")


def test_hostfile_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_bytes(b"node1\xff\n")
    with pytest.raises(ValueError, match=r"hosts: a host file must be text \(UTF-8\); byte 5 is not"):
        read_hostfile(path)


@given(st.text(alphabet="ab1:=#. -_slots\n\tmax,", max_size=60))
def test_any_text_gives_hosts_or_a_line(text: str) -> None:
    try:
        hosts = parse_hostfile(text, "hosts")
    except ValueError as error:
        assert str(error).startswith("[launch] hosts")  # noqa: PT017
    else:
        assert hosts
        assert all(host.slots is None or host.slots >= 1 for host in hosts)
        assert parse_hostfile("\n".join(map(str, hosts))) == hosts
