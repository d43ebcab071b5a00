"""Errors of the record pipeline. All are `MXNetError`, so that code written for MXNet catches them."""

from __future__ import annotations

import errno
import os

from paratrain.base import MXNetError


class RecordError(MXNetError, ValueError):
    """A record file, index, list or image is not what its format asks for; the text names file, byte and record."""


class RecordFileError(MXNetError, OSError):
    """The system refused an operation on a file; has ``errno`` and ``filename``."""

    def __init__(self, code: int, text: str, filename: str) -> None:
        OSError.__init__(self, code, text, filename)

    def __str__(self) -> str:
        return f"[RecordIO] {self.strerror}"


class MissingFileError(RecordFileError, FileNotFoundError):
    """A file that is to be read does not exist."""


class ParameterError(MXNetError, ValueError):
    """An iterator was given a parameter it cannot work with; the text names it."""


def file_error(code: int, text: str, filename: str) -> RecordFileError:
    """Return the error that belongs to a system error code."""
    kind = MissingFileError if code == errno.ENOENT else RecordFileError
    return kind(code, text, filename)


def file_error_from(err: OSError, doing: str, path: str = "") -> RecordFileError:
    """Return the error for what the system said while `doing` something with a file, `path` if it names none."""
    name = os.fsdecode(err.filename) if err.filename is not None else path
    return file_error(err.errno or 0, f"{doing} {name}: {err.strerror or err}", name)
