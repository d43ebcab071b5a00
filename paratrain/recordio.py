"""Record files under MXNet's name; the code is in `paratrain.io`."""

from paratrain.io.header import IRHeader, pack, unpack
from paratrain.io.recordio import MXIndexedRecordIO, MXRecordIO, pack_img, unpack_img

__all__ = ["IRHeader", "MXIndexedRecordIO", "MXRecordIO", "pack", "pack_img", "unpack", "unpack_img"]
