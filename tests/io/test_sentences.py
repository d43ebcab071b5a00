"""BucketSentenceIter and encode_sentences beyond what was recorded."""

import json

import numpy as np
import pytest

from paratrain.io import BucketSentenceIter, encode_sentences

SENTENCES = [list(range(1, 1 + length)) for length in (2, 3, 2, 3, 5, 2, 2, 9)]


def rows(it):
    return [batch.data[0].asnumpy().tolist() for batch in it]


def test_unknown_words_have_one_number():
    vocab = {"a": 1, "b": 2}
    coded, after = encode_sentences([["a", "x", "y", "b", "x"]], vocab=dict(vocab), unknown_token="?")
    assert coded == [[1, 0, 0, 2, 0]]
    assert after == {**vocab, "?": 0}
    coded, _ = encode_sentences([["x", "a"]], vocab={**vocab, "?": 7}, unknown_token="?")
    assert coded == [[7, 1]]


def test_word_without_number():
    with pytest.raises(ValueError, match="'x' is not in the vocabulary; give unknown_token"):
        encode_sentences([["x"]], vocab={"a": 1})


def test_order_and_position():
    its = [BucketSentenceIter(SENTENCES, np.int64(2), np.array([2, 3, 5]), seed=seed) for seed in (1, 1, 2)]
    first = [rows(it) for it in its]
    assert first[0] == first[1]
    its[0].reset()
    its[0].next()
    other = BucketSentenceIter(SENTENCES, 2, [2, 3, 5])
    other.load_state_dict(json.loads(json.dumps(its[0].state_dict())))
    assert rows(other) == rows(its[0])


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"batch": 9}, "batch of the saved position must be from 0 to 3; got 9"),
        ({"epoch": -1}, "epoch of the saved position must be at least 0; got -1"),
        ({"seed": "x"}, "seed of the saved position must be a whole number"),
    ],
)
def test_position_that_cannot_be(change, text):
    it = BucketSentenceIter(SENTENCES, 2, [2, 3, 5])
    with pytest.raises(ValueError, match=text):
        it.load_state_dict({**it.state_dict(), **change})


def test_labels_are_the_next_words():
    for batch in BucketSentenceIter(SENTENCES, 1, [5, 9], invalid_label=0, layout="TN"):
        data, label = batch.data[0].asnumpy(), batch.label[0].asnumpy()
        assert np.array_equal(label[:-1], data[1:])
        assert (label[-1] == 0).all()
        assert batch.provide_data[0].shape == data.shape == (batch.bucket_key, 1)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"layout": "NCHW"}, "layout must be 'NT' .* got 'NCHW'"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"batch_size": 50}, "no length occurs in at least batch_size=50 sentences; give buckets"),
        ({"batch_size": 50, "buckets": [9]}, r"no bucket has batch_size=50 sentences; \[9\] have"),
        ({"buckets": [1]}, r"no sentence fits into one of the buckets \[1\]"),
    ],
)
def test_wrong_arguments(options, text):
    with pytest.raises(ValueError, match=text):
        BucketSentenceIter(SENTENCES, **{"batch_size": 2, **options})
