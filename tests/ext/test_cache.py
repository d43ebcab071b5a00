"""Files kept between processes: where they lie, what happens to damaged ones, and several processes at once."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import warnings

import pytest

from paratrain.ext import cache, plans


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for kept files."""
    monkeypatch.setenv("PARATRAIN_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(cache, "_warned", set())
    return tmp_path / "kept"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PARATRAIN_CACHE": "/a/b"}, "/a/b"),
        ({"PARATRAIN_CACHE": "0"}, None),
        ({"XDG_CACHE_HOME": "/x"}, "/x/paratrain"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/paratrain"),
        ({"PARATRAIN_CACHE": "", "HOME": "/h"}, "/h/.cache/paratrain"),
    ],
)
def test_the_folder(monkeypatch, environment, expected):
    for name in ("PARATRAIN_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = cache.folder()
    assert (None if found is None else str(found)) == expected


def test_values_are_found_by_the_next_process(folder):
    assert cache.Table("t.json").find("a") is None
    assert cache.Table("t.json").keep("a", "1") == "1"
    assert cache.Table("t.json").find("a") == "1"
    assert json.loads((folder / "t.json").read_text()) == {"format": 1, "values": {"a": "1"}}


def test_the_first_one_decides(folder):
    late = cache.Table("t.json")
    assert late.find("a") is None
    cache.Table("t.json").keep("a", "first")
    assert late.keep("a", "second") == "first"
    assert late.find("a") == "first"


def test_nothing_is_kept_where_that_is_not_wanted(folder, monkeypatch):
    monkeypatch.setenv("PARATRAIN_CACHE", "0")
    table = cache.Table("t.json")
    assert table.keep("a", "1") == "1"
    assert table.find("a") == "1"
    assert not folder.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"values": 5}', '{"values": {"a": 1}}', '{"format": 1}', "\x00\xff"])
def test_a_damaged_file_is_replaced_after_one_warning(folder, text):
    folder.mkdir()
    (folder / "t.json").write_bytes(text.encode("latin-1"))
    with pytest.warns(RuntimeWarning, match=r"\[cache\] .*t\.json is damaged; what it held is measured again"):
        assert cache.Table("t.json").find("a") is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cache.Table("t.json").keep("a", "1") == "1"
    assert json.loads((folder / "t.json").read_text())["values"] == {"a": "1"}


def test_a_folder_that_cannot_be_written_to(folder, tmp_path):
    folder.write_text("a file")
    table = cache.Table("t.json")
    with pytest.warns(RuntimeWarning, match=r"\[cache\] .*; PARATRAIN_CACHE chooses another folder, or 0 for none"):
        assert table.keep("a", "1") == "1"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert table.keep("b", "2") == "2"
    assert (table.find("a"), table.find("b")) == ("1", "2")


def test_processes_keep_at_the_same_time(folder):
    program = (
        "import sys; from paratrain.ext.cache import Table; t = Table('t.json'); "
        "[t.keep(f'{sys.argv[1]} {i}', 'x') for i in range(25)]; print(t.keep('shared', sys.argv[1]))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(i)], stdout=subprocess.PIPE, text=True) for i in range(3)
    ]
    said = [p.communicate(timeout=120)[0].strip() for p in started]
    assert [p.returncode for p in started] == [0, 0, 0]
    values = json.loads((folder / "t.json").read_text())["values"]
    assert len(values) == 76
    assert said == [values["shared"]] * 3
    assert sorted(p for p in os.listdir(folder) if p.endswith(".part")) == []


def test_what_cpp_is_told(folder, monkeypatch):
    monkeypatch.setattr(plans, "TABLE", cache.Table("p.json"))
    find, keep = plans._calls
    text = ctypes.create_string_buffer(b"algorithm 1 math 0", 32)
    assert find(b"k", ctypes.addressof(text), 32) == plans.MEASURE
    keep(b"k", ctypes.addressof(text), 32)
    other = ctypes.create_string_buffer(32)
    assert find(b"k", ctypes.addressof(other), 32) == plans.KNOWN
    assert other.value == b"algorithm 1 math 0"
    assert find(b"k", ctypes.addressof(other), 4) == plans.MEASURE  # there is no room for it
    monkeypatch.setenv("PARATRAIN_CACHE", "0")
    assert find(b"other", ctypes.addressof(other), 32) == plans.GUESS


def test_an_error_does_not_go_through_cpp(monkeypatch, capsys):
    class Broken:
        def find(self, key):
            raise RuntimeError("no table")

    monkeypatch.setattr(plans, "TABLE", Broken())
    assert plans._calls[0](b"k", 0, 0) == plans.GUESS
    assert "no table" in capsys.readouterr().err
