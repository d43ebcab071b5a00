"""Decoding of images and their way into a batch: part of native.pyx."""

from cpython.buffer cimport PyBUF_C_CONTIGUOUS, PyBUF_FORMAT, PyBuffer_Release, PyObject_GetBuffer


cdef extern from "jpeg/pixels.h" namespace "paratrain::io" nogil:
    cdef struct Box:
        int64_t top, left, bottom, right
    cdef cppclass CDecoder "paratrain::io::jpeg::Decoder":
        CDecoder() except +raise_native
        cbool open(const uint8_t*, int64_t) except +raise_native
        int64_t height()
        int64_t width()
        void decode(const Box&, int64_t, CRows*) except +raise_native
    cdef cppclass CRows "paratrain::io::jpeg::Rows":
        pass
    cdef cppclass CPixelRows "paratrain::io::jpeg::PixelRows"(CRows):
        CPixelRows(const Box&, int64_t, uint8_t*) except +raise_native


cdef extern from "produce.h" namespace "paratrain::io" nogil:
    cdef struct Source:
        const uint8_t* pixels
        int64_t height, width, channels, stride
    cdef struct Window:
        int64_t resized_height, resized_width, top, left, height, width
        cbool mirror
    cdef struct Affine:
        float factor[4]
        float shift[4]
    cdef enum class Element:
        float32
        float16
        int8
        uint8
    cdef struct Target:
        void* data
        Element element
        Affine affine
    void c_produce "paratrain::io::produce"(const Source&, const Window&, const Target&) except +raise_native


cdef extern from "image_record.h" namespace "paratrain::io" nogil:
    cdef cppclass CImageRecord "paratrain::io::ImageRecord":
        CImageRecord() except +raise_native
        cbool load(const CRecordFile&, int64_t, int64_t, int64_t) except +raise_native
        const vector[char]& bytes()
        int64_t labels()
        const char* label()
        uint64_t id()
        int64_t height()
        int64_t width()
        void place(const Window&, const Target&) except +raise_native


cdef class JpegDecoder:
    """Decoder of baseline JPEG files; one call at a time.

    Every pixel is the one that libjpeg-turbo gives by default, and Pillow makes grey of colours.
    """

    cdef unique_ptr[CDecoder] decoder
    cdef object lock

    def __cinit__(self):
        self.lock = threading.Lock()
        self.decoder.reset(new CDecoder())

    def decode(self, const uint8_t[::1] data, int channels, box=None):
        """Decode an image, or a part of it.

        Parameters
        ----------
        data : bytes
        channels : {1, 3, 4}
            Grey, RGB or RGBA.
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
        cdef CDecoder* decoder = self.decoder.get()
        cdef int64_t size = data.shape[0]
        cdef const uint8_t* begin = &data[0] if size else NULL
        if channels not in (1, 3, 4):
            raise ValueError(f"[JpegDecoder] channels must be 1, 3 or 4; got {channels}")
        with self.lock:
            if not size or not decoder.open(begin, size):
                return None
            part.top = part.left = 0
            part.bottom, part.right = decoder.height(), decoder.width()
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
                    decoder.decode(part, channels, rows)
            finally:
                del rows
        return pixels


cdef class _Place:
    """Images of a batch, or one, as what native code writes to: (N, channels, height, width)."""

    cdef Py_buffer buffer
    cdef Py_ssize_t rows, channels, height, width
    cdef Target target

    def __cinit__(self, array):
        PyObject_GetBuffer(array, &self.buffer, PyBUF_WRITABLE | PyBUF_C_CONTIGUOUS | PyBUF_FORMAT)
        cdef int ndim = self.buffer.ndim
        cdef bytes code = self.buffer.format
        if ndim not in (3, 4):
            raise ValueError("[produce] a place has shape (channels, H, W), a batch (N, channels, H, W); "
                             f"got {array.shape}")
        if code == b"f":
            self.target.element = Element.float32
        elif code == b"e":
            self.target.element = Element.float16
        elif code == b"b":
            self.target.element = Element.int8
        elif code == b"B":
            self.target.element = Element.uint8
        else:
            raise TypeError(f"[produce] a batch is of float32, float16, int8 or uint8; got {array.dtype}")
        self.rows = self.buffer.shape[0] if ndim == 4 else 1
        self.channels = self.buffer.shape[ndim - 3]
        self.height = self.buffer.shape[ndim - 2]
        self.width = self.buffer.shape[ndim - 1]

    def __dealloc__(self):
        PyBuffer_Release(&self.buffer)

    cdef int set(self, Py_ssize_t row, window, factor, shift, Window* part) except -1:
        """Choose the image to write and set `part`; arguments as for `produce`."""
        cdef Py_ssize_t c
        if not 0 <= row < self.rows:
            raise IndexError(f"[produce] row must be from 0 to {self.rows - 1}; got {row}")
        if self.channels > 4:
            raise ValueError(f"[produce] an image has at most 4 channels; got a place for {self.channels}")
        self.target.data = <char*> self.buffer.buf + row * (self.buffer.len // self.rows)
        for c in range(self.channels):
            self.target.affine.factor[c], self.target.affine.shift[c] = factor[c], shift[c]
        part.resized_height, part.resized_width, part.top, part.left, part.mirror = window
        part.height, part.width = self.height, self.width
        return 0


cdef Source source_of(const uint8_t[:, :, ::1] image) except *:
    """An image (height, width, channels) as C++ takes it."""
    cdef Source source
    if not image.size or image.shape[2] not in (1, 3, 4):
        raise ValueError(f"[io] an image has pixels and 1, 3 or 4 channels; got shape {tuple(image.shape)[:3]}")
    source.pixels = &image[0, 0, 0]
    source.height, source.width, source.channels = image.shape[0], image.shape[1], image.shape[2]
    source.stride = source.width * source.channels
    return source


cdef Source part_of(const uint8_t[:, :, ::1] image, part) except *:
    """The part (top, left, height, width) of an image; all of it where `part` is None."""
    cdef Source source = source_of(image)
    cdef int64_t top, left, height, width
    if part is not None:
        top, left, height, width = part
        if top < 0 or left < 0 or height < 1 or width < 1 or top + height > source.height or \
                left + width > source.width:
            raise ValueError(f"[io] the part {part} must lie inside the image of {source.height} x {source.width}")
        source.pixels += top * source.stride + left * source.channels
        source.height, source.width = height, width
    return source


def produce(const uint8_t[:, :, ::1] image, window, factor, shift, out, part=None):
    """Write the part `window` of an image into its place in a batch.

    Parameters
    ----------
    image : uint8 array, shape (height, width, channels)
    window : tuple of int
        (resized_height, resized_width, top, left, mirror).
    factor, shift : sequence of float, one for each channel
        ``out = pixel * factor + shift``; not used for uint8.
    out : float32, float16, int8 or uint8 array, shape (channels, H, W)
    part : tuple of int, optional
        (top, left, height, width) of the part of `image` to take.
    """
    cdef Source source
    cdef Window seen
    cdef _Place place = _Place(out)
    if not image.size or not out.size or place.channels != image.shape[2] or place.buffer.ndim != 3:
        raise ValueError(f"[produce] image {tuple(image.shape)[:3]} does not fit the place {out.shape} in the batch")
    source = part_of(image, part)
    place.set(0, window, factor, shift, &seen)
    with nogil:
        c_produce(source, seen, place.target)


cdef class ImageRecord:
    """A record that holds an image, from the file to its place in a batch.

    Its memory is used again for the next record; each thread has one.
    """

    cdef unique_ptr[CImageRecord] record
    cdef Py_ssize_t channels
    cdef object lock

    def __cinit__(self):
        self.lock = threading.Lock()
        self.record.reset(new CImageRecord())

    def load(self, RecordFile file, int64_t offset, int64_t number, Py_ssize_t channels):
        """Read a record and what stands before its pixels.

        Parameters
        ----------
        file : RecordFile
        offset, number : int
            As for `RecordFile.read`.
        channels : int
            Of the batch.

        Returns
        -------
        tuple of int, or None
            (height, width) of the image. None where `place` cannot be used, since the image is for another decoder
            or the record damaged; its bytes are in `payload` all the same.
        """
        cdef cbool good
        with self.lock:
            self.channels = 0
            with nogil:
                good = self.record.get().load(file.file.get()[0], offset, number, channels)
            if not good:
                return None
            self.channels = channels
            return self.record.get().height(), self.record.get().width()

    @property
    def payload(self):
        """The bytes of the record."""
        return PyBytes_FromStringAndSize(self.record.get().bytes().data(), self.record.get().bytes().size())

    @property
    def id(self):
        """The id in the record's header."""
        return self.record.get().id()

    @property
    def label(self):
        """The labels in the record's header, as float32 array."""
        cdef CImageRecord* record = self.record.get()
        return np.frombuffer(PyBytes_FromStringAndSize(record.label(), 4 * record.labels()), np.float32)

    def place(self, window, factor, shift, batch, Py_ssize_t row):
        """Decode the image, as much of it as is needed, into a row of a batch.

        Parameters
        ----------
        window, factor, shift
            As for `produce`.
        batch : array, shape (N, channels, H, W)
        row : int

        Raises
        ------
        RecordError
            If the image is damaged.
        """
        cdef Window part
        cdef _Place place = _Place(batch)
        place.set(row, window, factor, shift, &part)
        with self.lock:
            if not self.channels or place.channels != self.channels:
                raise ValueError(f"[ImageRecord] an image of {self.channels} channels does not fit a batch "
                                 f"{batch.shape}")
            with nogil:
                self.record.get().place(part, place.target)
