"""Iterators over sentences under MXNet's name; the code is in `paratrain.io`."""

from paratrain.io.sentences import BucketSentenceIter, encode_sentences

__all__ = ["BucketSentenceIter", "encode_sentences"]
