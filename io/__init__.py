"""Record files and iterators over batches (``mx.io``)."""

from paratrain.io.adapters import PrefetchingIter, ResizeIter
from paratrain.io.data import DataBatch, DataDesc, DataIter
from paratrain.io.errors import ParameterError, RecordError, RecordFileError
from paratrain.io.image_det_record import ImageDetRecordIter
from paratrain.io.image_record import ImageRecordInt8Iter, ImageRecordIter, ImageRecordUInt8Iter
from paratrain.io.mnist import MNISTIter
from paratrain.io.ndarray_iter import NDArrayIter
from paratrain.io.sentences import BucketSentenceIter, encode_sentences
from paratrain.io.table import CSVIter, LibSVMIter

# MXNet's earlier generations, under their names
ImageRecordIter_v1 = ImageRecordIter
ImageRecordUInt8Iter_v1 = ImageRecordUInt8Iter

__all__ = [
    "BucketSentenceIter",
    "CSVIter",
    "DataBatch",
    "DataDesc",
    "DataIter",
    "ImageDetRecordIter",
    "ImageRecordInt8Iter",
    "ImageRecordIter",
    "ImageRecordIter_v1",
    "ImageRecordUInt8Iter",
    "ImageRecordUInt8Iter_v1",
    "LibSVMIter",
    "MNISTIter",
    "NDArrayIter",
    "ParameterError",
    "PrefetchingIter",
    "RecordError",
    "RecordFileError",
    "ResizeIter",
    "encode_sentences",
]
