# distutils: language = c++
# cython: language_level=3, binding=True, embedsignature=True
"""The border between the record pipeline's Python and its C++: convert, release the GIL, one call."""

import threading

import numpy as np

from cpython.buffer cimport PyBUF_WRITABLE, PyBuffer_FillInfo
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.math cimport M_PI, cos, log, sqrt
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.string cimport memcpy
from libcpp cimport bool as cbool
from libcpp.memory cimport make_shared, shared_ptr, unique_ptr
from libcpp.string cimport string
from libcpp.vector cimport vector

from paratrain.io.errors import RecordError, file_error


cdef extern from "errors.h" namespace "paratrain::io" nogil:
    cdef enum class Caught:
        record
        file
        memory
        argument
        other
    Caught describe(string* message, string* path, int* code)


cdef int raise_native() except *:
    """Turn the C++ exception in flight into a Python one."""
    cdef string message, path
    cdef int code = 0
    cdef Caught kind = describe(&message, &path, &code)
    text = message.decode("utf-8", "replace")
    if kind == Caught.file:
        raise file_error(code, text, path.decode("utf-8", "surrogateescape"))
    if kind == Caught.record:
        raise RecordError(text)
    if kind == Caught.memory:
        raise MemoryError("[RecordIO] not enough memory")
    if kind == Caught.argument:
        raise ValueError(text)
    raise RuntimeError(text)


cdef extern from "record_reader.h" namespace "paratrain::io" nogil:
    cdef cppclass CRecordReader "paratrain::io::RecordReader":
        CRecordReader(const string&) except +raise_native
        int64_t begin() except +raise_native
        void finish(char*) except +raise_native
        const char* peek(int64_t*)
        void pass_ "pass"(int64_t)
        void seek(int64_t) except +raise_native
        int64_t tell()


cdef extern from "copy.h" namespace "paratrain::io" nogil:
    void c_copy "paratrain::io::copy"(const char*, int64_t, char*)


cdef extern from "record_batch.h" namespace "paratrain::io" nogil:
    cdef cppclass CRecordBatch "paratrain::io::RecordBatch":
        void add(const string&, const char*, int64_t) except +raise_native
        vector[string] add_files(const vector[string]&, const vector[string]&) except +raise_native
        void clear()
        size_t nbytes()
        const vector[int64_t]& offsets()


cdef extern from "record_writer.h" namespace "paratrain::io" nogil:
    cdef cppclass CRecordWriter "paratrain::io::RecordWriter":
        CRecordWriter(const string&, cbool) except +raise_native
        void write(const char*, int64_t) except +raise_native
        void append(const CRecordBatch&) except +raise_native
        void flush() except +raise_native
        void sync() except +raise_native
        void close() except +raise_native
        int64_t tell()


cdef extern from "record_file.h" namespace "paratrain::io" nogil:
    cdef cppclass CRecordFile "paratrain::io::RecordFile":
        CRecordFile(const string&) except +raise_native
        int64_t read(int64_t, int64_t, vector[char]*) except +raise_native
        void locate(int64_t, int64_t, int64_t*, int64_t*) except +raise_native
        vector[int64_t] scan() except +raise_native
        int64_t end_of(int64_t, int64_t) except +raise_native
        int64_t size()
    vector[int64_t] c_read_index "paratrain::io::read_index"(const string&) except +raise_native


cdef extern from "buffer_pool.h" namespace "paratrain::io" nogil:
    cdef cppclass CBufferPool "paratrain::io::BufferPool":
        CBufferPool(size_t, size_t)
        void* take() except +raise_native
        void give_back(void*)
        size_t made()


cdef extern from "random.h" namespace "paratrain::io" nogil:
    uint64_t c_mix "paratrain::io::mix"(uint64_t, uint64_t)
    void c_permutation "paratrain::io::permutation"(uint64_t, int64_t, int64_t*)
    cdef cppclass CSplitMix64 "paratrain::io::SplitMix64":
        CSplitMix64()
        CSplitMix64(uint64_t)
        uint64_t below(uint64_t)
        double uniform()


cdef string encode_path(path):
    import os
    return os.fsencode(path)


cdef to_array(const vector[int64_t]& values):
    out = np.empty(values.size(), np.int64)
    cdef int64_t[::1] view = out
    if values.size():
        memcpy(&view[0], values.data(), values.size() * sizeof(int64_t))
    return out


cdef class RecordReader:
    """Sequential reader of one file; calls from several threads take turns."""

    cdef unique_ptr[CRecordReader] reader
    cdef object lock
    cdef bint busy  # a thread reads without the GIL

    def __init__(self, path):
        self.lock = threading.Lock()
        self.reader.reset(new CRecordReader(encode_path(path)))

    def read(self):
        """Return the next record's payload as bytes, or None at the end of the file."""
        return self.next_record()

    def __iter__(self):
        return self

    def __next__(self):
        payload = self.next_record()
        if payload is None:
            raise StopIteration
        return payload

    cdef next_record(self):
        cdef CRecordReader* reader = self.reader.get()
        cdef int64_t size
        cdef const char* at
        if not self.busy:
            at = reader.peek(&size)
            if at != NULL:
                # in memory: giving the GIL away and taking a lock would cost more than the copy
                payload = PyBytes_FromStringAndSize(NULL, size)
                c_copy(at, size, PyBytes_AS_STRING(payload))
                reader.pass_(size)
                return payload
        with self.lock:
            self.busy = True
            try:
                return self.read_waiting()
            finally:
                self.busy = False

    cdef read_waiting(self):
        """Read with the GIL given away while the file is waited for; the lock is held."""
        cdef CRecordReader* reader = self.reader.get()
        cdef int64_t size
        cdef char* to
        with nogil:
            size = reader.begin()
        if size < 0:
            return None
        payload = PyBytes_FromStringAndSize(NULL, size)
        to = PyBytes_AS_STRING(payload)
        with nogil:
            reader.finish(to)
        return payload

    def seek(self, int64_t offset):
        """Go to the record that begins at byte `offset`."""
        with self.lock:
            self.reader.get().seek(offset)

    def tell(self):
        """Return the byte at which the next record begins."""
        with self.lock:
            return self.reader.get().tell()


cdef class RecordBatch:
    """Records in memory, for `RecordWriter.append`. To be filled by one thread."""

    cdef CRecordBatch batch

    def add(self, bytes head, const uint8_t[::1] body):
        """Add the record whose payload is `head` and then `body`."""
        cdef string start = head
        cdef int64_t size = body.shape[0]
        cdef const char* data = <const char*> &body[0] if size else NULL
        with nogil:
            self.batch.add(start, data, size)

    def add_files(self, heads, paths):
        """Add a record for each file: its head, then what is in it. Returns a reason or None for each."""
        cdef vector[string] starts = heads
        cdef vector[string] names = [encode_path(path) for path in paths]
        cdef vector[string] reasons
        if starts.size() != names.size():
            raise ValueError(f"[RecordBatch] a head is needed for each of {names.size()} files; got {starts.size()}")
        with nogil:
            reasons = self.batch.add_files(starts, names)
        return [reason.decode("utf-8", "replace") or None for reason in reasons]

    def clear(self):
        """Drop the records, and keep the memory for the next ones."""
        self.batch.clear()

    @property
    def offsets(self):
        """Where each record begins, as int64."""
        return to_array(self.batch.offsets())

    @property
    def nbytes(self):
        """Size of all records in a file."""
        return self.batch.nbytes()


cdef class RecordWriter:
    """Writer of one file, which is emptied first unless `append`; calls from several threads take turns."""

    cdef unique_ptr[CRecordWriter] writer
    cdef object lock

    def __init__(self, path, bint append=False):
        self.lock = threading.Lock()
        self.writer.reset(new CRecordWriter(encode_path(path), append))

    def write(self, const uint8_t[::1] payload):
        """Append one record."""
        cdef int64_t size = payload.shape[0]
        cdef const char* data = <const char*> &payload[0] if size else NULL
        with self.lock, nogil:
            self.writer.get().write(data, size)

    def append(self, RecordBatch batch not None):
        """Append the records of a batch; returns the byte at which its first begins."""
        cdef int64_t at
        with self.lock, nogil:
            at = self.writer.get().tell()
            self.writer.get().append(batch.batch)
        return at

    def tell(self):
        """Return the byte at which the next record will begin."""
        with self.lock:
            return self.writer.get().tell()

    def flush(self):
        """Hand what is buffered to the system."""
        with self.lock, nogil:
            self.writer.get().flush()

    def sync(self):
        """Flush and wait until the disk has everything."""
        with self.lock, nogil:
            self.writer.get().sync()

    def close(self):
        """Flush and close."""
        with self.lock, nogil:
            self.writer.get().close()


cdef class RecordFile:
    """Random access to the records of a file from any number of threads."""

    cdef unique_ptr[CRecordFile] file

    def __init__(self, path):
        self.file.reset(new CRecordFile(encode_path(path)))

    @property
    def size(self):
        """Size of the file in bytes when it was opened."""
        return self.file.get().size()

    def read(self, int64_t offset, int64_t number=-1):
        """Return the payload of the record at byte `offset`; `number` serves messages only."""
        cdef vector[char] payload
        with nogil:
            self.file.get().read(offset, number, &payload)
        return PyBytes_FromStringAndSize(payload.data(), payload.size())

    def read_to(self, int64_t offset, int64_t number=-1):
        """Return the payload of the record at `offset`, and the byte after it in the file."""
        cdef vector[char] payload
        cdef int64_t end
        with nogil:
            end = self.file.get().read(offset, number, &payload)
        return PyBytes_FromStringAndSize(payload.data(), payload.size()), end

    def locate(self, int64_t offset, int64_t number=-1):
        """Return (begin, size) of a record's payload in the file; size is -1 where it is in several pieces."""
        cdef int64_t begin = 0, size = 0
        with nogil:
            self.file.get().locate(offset, number, &begin, &size)
        return begin, size

    def scan(self):
        """Return the offsets of all records, found by walking over their headers."""
        cdef vector[int64_t] offsets
        with nogil:
            offsets = self.file.get().scan()
        return to_array(offsets)

    def end_of(self, int64_t offset, int64_t number=-1):
        """Return the byte after the record at `offset`."""
        return self.file.get().end_of(offset, number)


def read_index(path):
    """Return the byte offsets of an ``.idx`` file in the order of its lines."""
    return to_array(c_read_index(encode_path(path)))


cdef class Block:
    """A piece of memory of a `BufferPool`; goes back there when nothing refers to it."""

    cdef shared_ptr[CBufferPool] pool
    cdef void* data
    cdef Py_ssize_t size

    def __cinit__(self):
        self.data = NULL

    def __dealloc__(self):
        if self.data != NULL:
            self.pool.get().give_back(self.data)

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.data, self.size, 0, flags | PyBUF_WRITABLE)


cdef class BufferPool:
    """Blocks of `nbytes` bytes, aligned to 64; at most `spare` unused ones are kept."""

    cdef shared_ptr[CBufferPool] pool
    cdef Py_ssize_t nbytes

    def __init__(self, Py_ssize_t nbytes, size_t spare):
        self.nbytes = nbytes
        self.pool = make_shared[CBufferPool](<size_t> nbytes, spare)

    def take(self):
        """Return a free block, or a new one."""
        cdef Block block = Block()
        block.pool = self.pool
        block.size = self.nbytes
        block.data = self.pool.get().take()
        return block

    @property
    def made(self):
        """How many blocks were allocated so far."""
        return self.pool.get().made()


def mix(*numbers):
    """Return a 64-bit key that depends on each of the integers `numbers` and their order."""
    cdef uint64_t key = 0
    for number in numbers:
        key = c_mix(key, <uint64_t> (number & 0xFFFFFFFFFFFFFFFF))
    return key


def permutation(uint64_t key, int64_t n):
    """Return the numbers 0 to n - 1 in the order that belongs to `key`, as int64."""
    out = np.empty(n, np.int64)
    cdef int64_t[::1] view = out
    if n:
        with nogil:
            c_permutation(key, n, &view[0])
    return out


cdef class Chance:
    """Random numbers that belong to a key: the same for the same key, on every machine."""

    cdef CSplitMix64 random

    def __init__(self, uint64_t key):
        self.random = CSplitMix64(key)

    def below(self, uint64_t n):
        """Return a whole number in [0, n)."""
        if n == 0:
            raise ValueError("[Chance] n must be positive; got 0")
        return self.random.below(n)

    def uniform(self):
        """Return a number in [0, 1)."""
        return self.random.uniform()

    def between(self, double low, double high):
        """Return a number in [low, high)."""
        return low + (high - low) * self.random.uniform()

    def normal(self):
        """Return a normally distributed number, mean 0 and standard deviation 1."""
        cdef double radius = sqrt(-2 * log(1 - self.random.uniform()))  # of 1 - u > 0
        return radius * cos(2 * M_PI * self.random.uniform())

    def uniforms(self, Py_ssize_t rows, Py_ssize_t columns):
        """Return numbers in [0, 1), shape (rows, columns)."""
        out = np.empty((rows, columns))
        cdef double[:, ::1] view = out
        cdef Py_ssize_t i, j
        for i in range(rows):
            for j in range(columns):
                view[i, j] = self.random.uniform()
        return out


include "images.pxi"
include "augment.pxi"
