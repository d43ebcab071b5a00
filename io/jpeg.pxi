"""Decoding of JPEG files: part of native.pyx."""


cdef extern from "jpeg/pixels.h" namespace "paratrain::io::jpeg" nogil:
    cdef struct Box:
        int64_t top, left, bottom, right
    cdef cppclass CDecoder "paratrain::io::jpeg::Decoder":
        cbool open(const uint8_t*, int64_t) except +raise_native
        int64_t height()
        int64_t width()
        cbool grey()
        void decode(const Box&, CRows*) except +raise_native
    cdef cppclass CRows "paratrain::io::jpeg::Rows":
        pass
    cdef cppclass CPixelRows "paratrain::io::jpeg::PixelRows"(CRows):
        CPixelRows(const Box&, int64_t, uint8_t*)


cdef class JpegDecoder:
    """Decoder of baseline JPEG files; one call at a time.

    Every pixel is the one that libjpeg-turbo gives by default.
    """

    cdef CDecoder decoder
    cdef object lock

    def __init__(self):
        self.lock = threading.Lock()

    def decode(self, const uint8_t[::1] data, int channels, box=None):
        """Decode an image, or a part of it.

        Parameters
        ----------
        data : bytes
        channels : {1, 3}
            1 only for grey images.
        box : tuple of int, optional
            (top, left, bottom, right) of the part; default the whole image.

        Returns
        -------
        uint8 array, shape (height, width, channels), or None
            None where the file is one for another decoder: progressive, CMYK, turned by EXIF data, no JPEG file ...

        Raises
        ------
        RecordError
            If the data are damaged.
        """
        cdef Box part
        cdef uint8_t[:, :, ::1] view
        cdef CPixelRows* rows
        cdef int64_t size = data.shape[0]
        cdef const uint8_t* begin = &data[0] if size else NULL
        with self.lock:
            if not size or not self.decoder.open(begin, size) or (channels != 3 and not self.decoder.grey()):
                return None
            part.top = part.left = 0
            part.bottom, part.right = self.decoder.height(), self.decoder.width()
            if box is not None:
                inside = 0 <= box[0] < box[2] <= part.bottom and 0 <= box[1] < box[3] <= part.right
                if not inside:
                    raise ValueError(f"[JpegDecoder] box must lie inside the image of {part.bottom} x {part.right} "
                                     f"pixels; got {box}")
                part.top, part.left, part.bottom, part.right = box
            pixels = np.empty((part.bottom - part.top, part.right - part.left, channels), np.uint8)
            view = pixels
            rows = new CPixelRows(part, channels, &view[0, 0, 0])
            try:
                with nogil:
                    self.decoder.decode(part, rows)
            finally:
                del rows
        return pixels
