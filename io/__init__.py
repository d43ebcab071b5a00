"""Record files and iterators over batches (``mx.io``)."""

from paratrain.io.data import DataBatch, DataDesc, DataIter
from paratrain.io.errors import ParameterError, RecordError, RecordFileError
from paratrain.io.image_record import ImageRecordIter

__all__ = [
    "DataBatch",
    "DataDesc",
    "DataIter",
    "ImageRecordIter",
    "ParameterError",
    "RecordError",
    "RecordFileError",
]
