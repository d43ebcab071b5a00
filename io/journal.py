"""How far a pack has come: what an interrupted ``im2rec`` leaves for the next run."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from paratrain.io.errors import file_error_from
from paratrain.io.lists import Entry
from paratrain.io.output import PARTIAL, RecordOutput, remove

if TYPE_CHECKING:
    from typing_extensions import Self

INTERVAL = 10.0  # seconds between two entries: what is done again after a loss of power
FORMAT = 1


@dataclass(frozen=True)
class Progress:
    """How far a pack has come; replaced as a whole, so that Ctrl-C at any moment finds one that is consistent.

    Attributes
    ----------
    done : int
        Entries of the list that are done with.
    skipped : int
        How many of them could not be packed.
    sizes : (int, int)
        Bytes of the partial record file and index that belong to these entries.
    """

    done: int = 0
    skipped: int = 0
    sizes: tuple[int, int] = (0, 0)


class Journal:
    """The file ``prefix.state.part``; as a context it is removed at the end unless `keep` was set.

    Parameters
    ----------
    prefix : str
        Beginning of the names of the files.
    entries, root, recipe
        What is packed, and how. A journal of anything else is not taken.
    """

    def __init__(self, prefix: str, entries: Sequence[Entry], root: str, recipe: Any) -> None:
        self.path = prefix + ".state" + PARTIAL
        self.parts = (f"{prefix}.rec{PARTIAL}", f"{prefix}.idx{PARTIAL}")
        self.entries = len(entries)
        self.keep = False
        self.saved = time.monotonic()
        print_of = hashlib.sha256(repr((FORMAT, os.path.abspath(root), asdict(recipe))).encode("utf-8", "replace"))
        for entry in entries:
            print_of.update(f"{entry.index}\t{entry.labels}\t{entry.path}\n".encode("utf-8", "surrogateescape"))
        self.fingerprint = print_of.hexdigest()

    def load(self) -> tuple[Progress, list[tuple[int, str]]]:
        """Return how far an earlier run came with the same, and what it skipped: number in the list, and why.

        Nothing if there was none, or its files are not whole.
        """
        try:
            with open(self.path, encoding="utf-8") as file:
                content = json.load(file)
            skipped = [(int(number), str(why)) for number, why in content["skipped"]]
            sizes = (int(content["sizes"][0]), int(content["sizes"][1]))
            state = Progress(int(content["done"]), len(skipped), sizes)
            whole = all(os.path.getsize(part) >= size >= 0 for part, size in zip(self.parts, sizes, strict=True))
            fits = content["fingerprint"] == self.fingerprint and 0 <= state.done <= self.entries
            inside = all(0 <= number < state.done for number, _ in skipped)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return Progress(), []
        return (state, skipped) if whole and fits and inside else (Progress(), [])

    def due(self) -> bool:
        """Whether the last note is long ago."""
        return time.monotonic() - self.saved >= INTERVAL

    def save(self, state: Progress, skipped: Sequence[tuple[int, str]], output: RecordOutput) -> None:
        """Note how far it is, after the disk has everything up to there."""
        output.sync()
        content = {
            "fingerprint": self.fingerprint,
            "done": state.done,
            "sizes": state.sizes,
            "skipped": skipped[: state.skipped],
        }
        fresh = self.path + ".new"
        try:
            with open(fresh, "w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self.path)
        except OSError as err:
            remove(fresh)
            raise file_error_from(err, "cannot write", self.path) from err
        self.saved = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.keep:
            remove(self.path)
