"""CTCLoss, and the regularisation of activations."""

from __future__ import annotations

import itertools

import numpy as np
from table import FLOATS, Refused, Row, Sample


def spelled(path, blank):
    """What a path of classes spells: repetitions, then blanks left out."""
    return tuple(c for c, before in zip(path, (None, *path)) if c not in (before, blank))


def ctc(x, label, *lengths, use_data_lengths=False, use_label_lengths=False, blank_label="first"):
    """By the sum over all paths."""
    lengths = list(lengths)
    steps = lengths.pop(0) if use_data_lengths else [len(x)] * x.shape[1]
    sizes = lengths.pop(0) if use_label_lengths else [label.shape[1]] * len(label)
    blank, end = (0, 0) if blank_label == "first" else (x.shape[2] - 1, -1)
    share = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
    out = []
    for n, row in enumerate(label.astype(int)):
        wanted = tuple(row[: int(sizes[n])])
        if not use_label_lengths:
            wanted = tuple(itertools.takewhile(lambda c: c != end, wanted))
        paths = itertools.product(range(x.shape[2]), repeat=int(steps[n]))
        total = sum(
            np.prod([share[t, n, c] for t, c in enumerate(path)]) for path in paths if spelled(path, blank) == wanted
        )
        out.append(-np.log(total) if total > 0 else 0.0)
    return np.array(out)


LABELS = np.array([[1, 2, 0], [2, 2, 1]], np.float32)
SPARSE = {"sparseness_target": 0.2, "penalty": 0.5}
ROWS = [
    Row(
        "CTCLoss",
        ctc,
        (
            Sample([(5, 2, 3), LABELS]),
            Sample([(4, 2, 3), np.array([[1, -1], [0, 0]], np.int32)], {"blank_label": "last"}),
            Sample(
                [(5, 2, 3), LABELS, np.array([4, 2], np.float32), np.array([2, 1], np.float32)],
                {"use_data_lengths": True, "use_label_lengths": True},
            ),
            Sample([(2, 2, 3), np.array([[1, 1], [0, 0]], np.float32)]),
        ),
        gradient=(0,),
        dtypes=("float32", "float64"),
        refused=(
            Refused([(5, 2), (2, 3)], {}, ValueError, "data must have the axes"),
            Refused([(5, 2, 3), (3, 3)], {}, ValueError, "label and"),
            Refused([(2, 2, 3), (2, 3)], {}, ValueError, "label must not be longer than data: 3 labels for 2 steps"),
            Refused([(5, 2, 0), (2, 3)], {}, ValueError, "at least one class"),
            Refused([(5, 2, 3), (2, 3)], {"use_data_lengths": True}, TypeError, "input 'data_lengths' is required"),
            Refused([(5, 2, 3), (2, 3), (3,)], {"use_data_lengths": True}, ValueError, "lengths and"),
        ),
    ),
    Row(
        "IdentityAttachKLSparseReg",
        lambda x, mean, **_: x,
        (Sample([(3, 2), np.array([0.3, 0.6])], SPARSE), Sample([(0, 2), (2,)])),
        dtypes=("float64",),
        refused=(
            Refused([(3, 2), (3,)], {}, ValueError, "moving_avg and"),
            Refused([(3, 2, 2), (2,)], {}, ValueError, "data and"),
            Refused([(3, 2), (2,)], {"momentum": 2.0}, ValueError, "momentum must be"),
        ),
    ),
    Row(
        "_IdentityAttachKLSparseReg_again",
        lambda x, mean, **_: x,
        (Sample([(3, 2), (2,)]),),
        dtypes=FLOATS,
    ),
]
