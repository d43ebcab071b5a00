"""What ``paratrain inspect`` says about each kind of file, and about damaged ones."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import paratrain as mx
from paratrain.launch import cli


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "two.rec"
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((6, 9, 3), np.uint8)).save(buffer, format="JPEG")
    with mx.recordio.MXRecordIO(str(path), "w") as writer:
        writer.write(mx.recordio.pack(mx.recordio.IRHeader(0, 3.0, 1, 0), buffer.getvalue()))
        writer.write(mx.recordio.pack(mx.recordio.IRHeader(2, np.array([1.0, 2.0]), 2, 0), b"not an image"))
    return path


def test_records(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["inspect", str(records)]) == 0
    text = capsys.readouterr().out
    assert "2 records" in text
    assert "1  JPEG RGB" in text
    assert "1  9 x 6" in text
    assert "1  not an image Pillow knows" in text
    assert "1  2 numbers" in text
    assert "1  3\n" in text


def test_parameters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net-0001.params"
    mx.nd.save(str(path), {"arg:weight": mx.nd.ones((2, 3)), "aux:mean": mx.nd.zeros((4,), dtype="float64")})
    assert cli.main(["inspect", str(path)]) == 0
    text = capsys.readouterr().out
    assert "2 arrays, 56 bytes" in text
    assert "arg:weight  (2, 3)  float32" in text
    assert "aux:mean    (4,)    float64" in text


def test_symbol(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net-symbol.json"
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    net.save(str(path))
    assert cli.main(["inspect", str(path)]) == 0
    text = capsys.readouterr().out
    assert "4 nodes, 1 of them operators" in text
    assert "outputs: fc" in text
    assert "inputs (3): data, fc_weight, fc_bias" in text
    assert "1  FullyConnected" in text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.rec", b"\0" * 40, "x.rec"),
        ("x.params", b"short", "x.params"),
        ("x.json", b"{", "must be a symbol in JSON"),
        ("x.json", json.dumps({"nodes": []}).encode(), "must be a symbol in JSON"),
        ("x.txt", b"", "must end with one of"),
    ],
)
def test_damaged_files_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert cli.main(["inspect", str(tmp_path / name)]) == 2
    assert message in capsys.readouterr().err


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["inspect", "nowhere.rec"]) == 2
    assert "there is no 'nowhere.rec'" in capsys.readouterr().err
