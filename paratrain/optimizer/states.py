"""Bytes of optimizer states: a NumPy ``.npz`` archive without pickled objects.

The archive holds one array per state, named ``0``, ``1`` ..., and the entry
``header``, JSON as bytes, with

``format``
    ``"paratrain-optimizer-states"``, version in ``version``.
``states``
    A list of ``[index, tree]``, where a tree is null, a number, ``{"array":
    [name, dtype]}``, ``{"tuple": [trees]}`` or ``{"list": [trees]}``.
``extra``
    What the caller adds, such as counters.

bfloat16 arrays are kept as the uint16 of the same bits. The zip container
checks each entry by CRC-32.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any

import numpy as np

from ..base import NUMPY_DTYPES, dtype_name

_FORMAT = "paratrain-optimizer-states"
_VERSION = 1
_BLOCK = 1 << 22


def dumps(states: dict[Any, Any], extra: dict[str, Any]) -> bytes:
    """Return states as bytes; arguments and errors as of `write`.

    Returns
    -------
    bytes
        See the module's description.

    Examples
    --------
    >>> states, extra = loads(dumps({0: (np.zeros(2, "float32"), None)}, {"num_update": 3}))
    >>> states[0][0].tolist(), states[0][1], extra
    ([0.0, 0.0], None, {'num_update': 3})
    """
    out = io.BytesIO()
    write(out, states, extra)
    return out.getvalue()


def write(file: Any, states: dict[Any, Any], extra: dict[str, Any]) -> None:
    """Write states to a file, array by array, so that no second copy of them is in memory.

    Parameters
    ----------
    file : binary file
        Needs ``write`` alone.
    states : dict of int or str to tree
        A tree is None, a number, an NDArray or NumPy array, or a tuple or list of trees.
    extra : dict
        Anything JSON can hold.

    Raises
    ------
    TypeError
        For an index or a state of another kind.
    """
    arrays: dict[str, np.ndarray] = {}

    def encode(tree: Any) -> Any:
        if isinstance(tree, (tuple, list)):
            return {type(tree).__name__: [encode(each) for each in tree]}
        if tree is None or isinstance(tree, (bool, int, float)):
            return tree
        if not (hasattr(tree, "asnumpy") or isinstance(tree, np.ndarray)):
            raise TypeError(f"[optimizer states] a state must be arrays, numbers, None or tuples of them; got {tree!r}")
        values = tree.asnumpy() if hasattr(tree, "asnumpy") else tree
        name, dtype = str(len(arrays)), dtype_name(values.dtype)
        arrays[name] = values.view(np.uint16) if dtype == "bfloat16" else values
        return {"array": [name, dtype]}

    for index in states:
        if isinstance(index, bool) or not isinstance(index, (int, str)):
            raise TypeError(f"[optimizer states] an index must be an int or a str; got {index!r}")
    listed = [[index, encode(tree)] for index, tree in states.items()]
    header = json.dumps({"format": _FORMAT, "version": _VERSION, "states": listed, "extra": extra})
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, array in {"header": np.frombuffer(header.encode(), np.uint8), **arrays}.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                _write_array(entry, np.ascontiguousarray(array))


def _write_array(file: Any, array: np.ndarray) -> None:
    """Write a ``.npy`` file; large arrays without the copies that NumPy makes for files of this kind."""
    np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
    raw = array.reshape(-1).view(np.uint8)
    for start in range(0, raw.size, _BLOCK):
        file.write(raw[start : start + _BLOCK].data)


def loads(data: bytes) -> tuple[dict[Any, Any], dict[str, Any]]:
    """Read what `dumps` wrote; nothing in the bytes is executed.

    Parameters
    ----------
    data : bytes
        The archive.

    Returns
    -------
    states : dict of int or str to tree
        With NumPy arrays.
    extra : dict
        What the caller had added.

    Raises
    ------
    TypeError
        When `data` is not bytes.
    ValueError
        For bytes that are damaged or of another format.
    """
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"[optimizer states] expected bytes; got {type(data).__name__}")
    data = bytes(data)
    if data[:1] == b"\x80" or data[:2] == b"(d":
        raise ValueError(
            "[optimizer states] these bytes are a Python pickle, as MXNet writes them; reading one can run any code, "
            "so paratrain does not. Continue from the parameters alone: the optimizer starts with fresh states"
        )
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            header = json.loads(archive["header"].tobytes())
            arrays = {name: archive[name] for name in archive.files if name != "header"}
    except (ValueError, KeyError, EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"[optimizer states] {len(data)} bytes are no archive of optimizer states, or damaged: {error}"
        ) from error
    if not isinstance(header, dict) or (header.get("format"), header.get("version")) != (_FORMAT, _VERSION):
        raise ValueError(f"[optimizer states] expected format {_FORMAT} version {_VERSION}; got {str(header)[:80]}")
    try:
        return {index: _decode(tree, arrays) for index, tree in header["states"]}, header["extra"]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"[optimizer states] the header does not describe the archive: {error!r}") from error


def _decode(tree: Any, arrays: dict[str, np.ndarray]) -> Any:
    if not isinstance(tree, dict):
        return tree
    if "array" in tree:
        name, dtype = tree["array"]
        return arrays[name].view(NUMPY_DTYPES[dtype]) if dtype == "bfloat16" else arrays[name]
    if "tuple" in tree:
        return tuple(_decode(each, arrays) for each in tree["tuple"])
    return [_decode(each, arrays) for each in tree["list"]]
