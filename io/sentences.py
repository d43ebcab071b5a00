"""Sentences of different lengths: `encode_sentences` and `BucketSentenceIter`."""

from __future__ import annotations

import logging
import operator
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from paratrain.io import native
from paratrain.io.data import DataBatch, DataDesc, DataIter, check_state
from paratrain.io.parameters import Checker

if TYPE_CHECKING:
    from paratrain.ndarray import NDArray

log = logging.getLogger("paratrain.io")


def encode_sentences(
    sentences: Sequence[Sequence[Hashable]],
    vocab: dict[Any, int] | None = None,
    invalid_label: int = -1,
    invalid_key: Hashable = "\n",
    start_label: int = 0,
    unknown_token: Hashable | None = None,
) -> tuple[list[list[int]], dict[Any, int]]:
    r"""Turn words into numbers.

    Parameters
    ----------
    sentences : list of list of str
    vocab : dict, optional
        Number by word. Without it one is made, in the order of first occurrence.
    invalid_label : int
        Number that stands for no word; default -1.
    invalid_key : str
        Its entry in a new vocabulary; default a line break.
    start_label : int
        First number of a new vocabulary; default 0.
    unknown_token : str, optional
        The word that a word missing in `vocab` is taken for. It is added if `vocab` does not have it.

    Returns
    -------
    sentences : list of list of int
    vocab : dict

    Raises
    ------
    ValueError
        At a word that is not in the given `vocab`, without `unknown_token`.

    Examples
    --------
    >>> from paratrain.io import encode_sentences
    >>> encode_sentences([["a", "b"], ["b", "c"]])
    ([[0, 1], [1, 2]], {'\n': -1, 'a': 0, 'b': 1, 'c': 2})
    """
    growing = vocab is None
    if vocab is None:
        vocab = {invalid_key: invalid_label}
    number = start_label

    def add(word: Hashable) -> None:
        nonlocal number
        while number == invalid_label or (not growing and number in vocab.values()):
            number += 1
        vocab[word] = number
        number += 1

    coded = []
    for sentence in sentences:
        numbers = []
        for word in sentence:
            if word not in vocab:
                if growing:
                    add(word)
                elif unknown_token is None:
                    raise ValueError(
                        f"[encode_sentences] {word!r} is not in the vocabulary; give unknown_token to allow that"
                    )
                else:
                    word = unknown_token
                    if word not in vocab:
                        add(word)
            numbers.append(vocab[word])
        coded.append(numbers)
    return coded, vocab


class BucketSentenceIter(DataIter):
    """Batches of sentences for language models, each batch of one of a few lengths.

    A sentence goes into the shortest bucket that holds it and is filled up with `invalid_label`. The label of a word is
    the word after it. Sentences longer than all buckets, and those that do not fill a batch of their bucket, are left
    out.

    Parameters
    ----------
    sentences : list of list of int
        See `encode_sentences`.
    batch_size : int
    buckets : list of int, optional
        Lengths; default every length that at least `batch_size` sentences have.
    invalid_label : int
        Fills up; default -1.
    data_name, label_name : str
        Default 'data' and 'softmax_label'.
    dtype : str
        Default 'float32'.
    layout : {'NT', 'TN'}
        (batch_size, length) or (length, batch_size); default 'NT'.
    seed : int, optional
        Chooses the random orders; default a number drawn from ``numpy.random``.

    Attributes
    ----------
    buckets : list of int
    default_bucket_key : int
        The longest bucket.
    major_axis : int
        Axis of the batch.
    """

    def __init__(
        self,
        sentences: Sequence[Sequence[int]],
        batch_size: int,
        buckets: Sequence[int] | None = None,
        invalid_label: int = -1,
        data_name: str = "data",
        label_name: str = "softmax_label",
        dtype: Any = "float32",
        layout: str = "NT",
        seed: int | None = None,
    ) -> None:
        super().__init__(operator.index(batch_size))
        if layout not in ("NT", "TN"):
            raise ValueError(
                f"[BucketSentenceIter] layout must be 'NT' (batch first) or 'TN' (time first); got {layout!r}"
            )
        if batch_size < 1:
            raise ValueError(f"[BucketSentenceIter] batch_size must be at least 1; got {batch_size}")
        if buckets is None or not len(buckets):
            lengths = Counter(map(len, sentences))
            buckets = [length for length, count in lengths.items() if count >= batch_size and length > 0]
        if not len(buckets):
            raise ValueError(
                f"[BucketSentenceIter] no length occurs in at least batch_size={batch_size} sentences; give buckets"
            )
        self.buckets = sorted(set(map(operator.index, buckets)))
        self.invalid_label, self.data_name, self.label_name = invalid_label, data_name, label_name
        self.dtype, self.layout = dtype, layout
        self.major_axis = layout.find("N")
        filled = {
            length: rows for length, rows in zip(self.buckets, self._sort_in(sentences), strict=True) if len(rows)
        }
        if not filled:
            raise ValueError(f"[BucketSentenceIter] no sentence fits into one of the buckets {self.buckets}")
        self.buckets, self.data = list(filled), list(filled.values())
        self.default_bucket_key = max(self.buckets)
        self.seed = int(np.random.randint(2**31)) if seed is None else int(seed)
        self._seed_given = seed is not None
        self._epoch = 0
        self._begin()
        if not self.idx:
            raise ValueError(
                f"[BucketSentenceIter] no bucket has batch_size={batch_size} sentences; {self.buckets} have "
                f"{[len(rows) for rows in self.data]}"
            )

    def _sort_in(self, sentences: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """Return the sentences of each bucket, filled up: (count, length)."""
        rows: list[list[np.ndarray]] = [[] for _ in self.buckets]
        too_long = 0
        for sentence in sentences:
            bucket = int(np.searchsorted(self.buckets, len(sentence)))
            if bucket == len(self.buckets):
                too_long += 1
                continue
            row = np.full(self.buckets[bucket], self.invalid_label, self.dtype)
            row[: len(sentence)] = sentence
            rows[bucket].append(row)
        if too_long:
            log.warning("[BucketSentenceIter] %d sentences are longer than the longest bucket and left out", too_long)
        return [
            np.stack(r) if r else np.empty((0, length), self.dtype)
            for r, length in zip(rows, self.buckets, strict=True)
        ]

    @property
    def provide_data(self) -> list[DataDesc]:
        """Name and shape of the data of the longest bucket."""
        return [self._description(self.data_name, self.default_bucket_key)]

    @property
    def provide_label(self) -> list[DataDesc]:
        """Name and shape of the labels of the longest bucket."""
        return [self._description(self.label_name, self.default_bucket_key)]

    def _description(self, name: str, length: int) -> DataDesc:
        shape = (self.batch_size, length) if self.major_axis == 0 else (length, self.batch_size)
        return DataDesc(name, shape, self.dtype, self.layout)

    def _begin(self) -> None:
        """Lay out an epoch: the order of sentences in each bucket, and of the batches."""
        self._orders = [
            native.permutation(native.mix(self.seed, self._epoch, i), len(d)) for i, d in enumerate(self.data)
        ]
        starts = [
            (bucket, at)
            for bucket, order in enumerate(self._orders)
            for at in range(0, len(order) - self.batch_size + 1, self.batch_size)
        ]
        turn = native.permutation(native.mix(self.seed, self._epoch, len(self.data)), len(starts))
        self.idx = [starts[i] for i in turn]
        self.curr_idx = 0

    def reset(self) -> None:
        """Begin the next epoch, in a new order. Before the first batch of an epoch this does nothing."""
        if self.curr_idx:
            self._epoch += 1
            self._begin()

    def next(self) -> DataBatch:
        """Return the next batch; its ``bucket_key`` is the length of its sentences."""
        if self.curr_idx == len(self.idx):
            raise StopIteration
        bucket, at = self.idx[self.curr_idx]
        self.curr_idx += 1
        rows = self._orders[bucket][at : at + self.batch_size]
        data = self.data[bucket][rows]
        label = np.full_like(data, self.invalid_label)
        label[:, :-1] = data[:, 1:]
        length = self.buckets[bucket]
        return DataBatch(
            [self._array(data)],
            [self._array(label)],
            pad=0,
            index=rows,
            bucket_key=length,
            provide_data=[self._description(self.data_name, length)],
            provide_label=[self._description(self.label_name, length)],
        )

    def _array(self, rows: np.ndarray) -> NDArray:
        from paratrain import ndarray as nd

        return nd.from_numpy(np.ascontiguousarray(rows if self.major_axis == 0 else rows.T))

    def state_dict(self) -> dict[str, Any]:
        """Return the position as plain numbers, for `load_state_dict`."""
        return {"epoch": self._epoch, "batch": self.curr_idx, "seed": self.seed, **self._identity()}

    def _identity(self) -> dict[str, Any]:
        return {"sentences": sum(map(len, self.data)), "batch_size": self.batch_size, "buckets": list(self.buckets)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on behind the batch that was the last one when `state` was saved; its seed is taken over.

        Raises
        ------
        ValueError
            If `state` belongs to other sentences, buckets or batch size, or another `seed` was given.
        """
        check_state(
            "BucketSentenceIter", state, {**self._identity(), **({"seed": self.seed} if self._seed_given else {})}
        )
        check = Checker("BucketSentenceIter")
        batch = check.whole("batch of the saved position", state.get("batch"), 0, len(self.idx))  # in every epoch
        epoch = check.whole("epoch of the saved position", state.get("epoch"), 0)
        self.seed, self._epoch = check.whole("seed of the saved position", state.get("seed")), epoch
        self._begin()
        self.curr_idx = batch
