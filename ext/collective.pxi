# The border to ext/core/host_comm.h, part of engine.pyx: collectives between the processes of one host.

from cpython.buffer cimport (
    PyBUF_C_CONTIGUOUS,
    PyBUF_FORMAT,
    PyBUF_WRITABLE,
    PyBuffer_Release,
    PyObject_CheckBuffer,
    PyObject_GetBuffer,
)
from cpython.exc cimport PyErr_CheckSignals


cdef extern from "core/host_comm.h" namespace "paratrain" nogil:
    struct Patience:
        int (*look)(void* self, double seconds)
        void* self
    cdef cppclass CHostComm "paratrain::HostComm":
        CHostComm(vector[void*] segments, int rank, int spin) except +
        void barrier(const Patience& patience) except +pt_translate
        void allreduce(void* data, int64_t n, DType type, const Patience& patience) except +pt_translate
        void allgather(const void* mine, void* everyone, int64_t nbytes, const Patience& patience) except +pt_translate
        void share(void* data, const vector[int64_t]& bounds, const Patience& patience) except +pt_translate
        void sum_mapped(const vector[void*]& arrays, int64_t start, int64_t stop, DType type,
                        const Patience& patience) except +pt_translate
        void scatter_mapped(const vector[void*]& arrays, int64_t start, int64_t stop, const vector[int64_t]& bounds,
                            DType type, const Patience& patience) except +pt_translate
    size_t c_segment_bytes "paratrain::HostComm::segment_bytes"()


cdef extern from "core/rank_sums.h" namespace "paratrain" nogil:
    ctypedef int (*SumOverRanks)(double* values, int64_t n)
    void c_set_sum_over_ranks "paratrain::set_sum_over_ranks"(SumOverRanks sum)


_sum_over_ranks = None


def set_sum_over_ranks(call):
    """Let kernels add values up over the ranks: ``call(memoryview of float64)`` does so in place; None ends it."""
    global _sum_over_ranks
    _sum_over_ranks = call
    if call is None:
        c_set_sum_over_ranks(NULL)
    else:
        c_set_sum_over_ranks(sum_with_python)


cdef int sum_with_python(double* values, int64_t n) noexcept with gil:
    cdef object failed
    try:
        _sum_over_ranks(<double[:n]>values)
        return 0
    except BaseException as e:
        failed = e
    PyErr_SetObject(type(failed), failed)
    return 1


# Letters of the buffer protocol; integers of one size are added up alike, signed or not.
_LETTERS = {
    "f": 0, "d": 1, "e": 2, "B": 3, "i": 4, "I": 4, "b": 5, "l": 6, "L": 6, "q": 6, "Q": 6,
}


cdef int look(void* self, double seconds) noexcept with gil:
    cdef object failed
    try:
        PyErr_CheckSignals()
        (<HostComm>self).waiting(seconds)
        return 0
    except BaseException as e:
        failed = e
    PyErr_SetObject(type(failed), failed)  # stays set while the engine unwinds; `pt_translate` finds it
    return 1


cdef class HostComm:
    """Collectives between the processes of one host, through memory that all have mapped.

    Parameters
    ----------
    segments : list of writable buffers
        One of each rank, of `segment_bytes()` zeros, the same memory in all processes.
    rank : int
    spin : int
        How often to look for the others before the core is given away; 0 where ranks outnumber cores.
    check : callable
        ``check(what, seconds)`` is called about 50 times a second while a rank waits; what it raises ends the wait.
    """
    cdef unique_ptr[CHostComm] comm
    cdef object segments
    cdef object check
    cdef object what

    def __init__(self, list segments, int rank, int spin, object check):
        cdef vector[void*] places
        for each in segments:
            if len(memoryview(each)) < c_segment_bytes():
                raise ValueError(f"[host comm] a segment must have {c_segment_bytes()} bytes")
            places.push_back(<void*>address_of(each))
        self.comm.reset(new CHostComm(places, rank, spin))
        self.segments = segments
        self.check = check
        self.what = ""

    @staticmethod
    def segment_bytes():
        """Bytes of the segment of a rank."""
        return c_segment_bytes()

    cdef int waiting(self, double seconds) except -1:
        self.check(self.what, seconds)
        return 0

    cdef Patience patience(self, object what):
        cdef Patience made
        self.what = what
        made.look = look
        made.self = <void*>self
        return made

    def barrier(self, str what):
        """Return when every rank has called it."""
        cdef Patience patience = self.patience(what)
        cdef CHostComm* comm = self.comm.get()
        with nogil:
            comm.barrier(patience)

    def allreduce(self, object array, str what):
        """Let an array become its sum over the ranks, in the order of the ranks; 16-bit floats are added up as float32.

        Returns
        -------
        bool
            False for what is no contiguous, writable array of numbers in host memory; nothing has happened then.
        """
        cdef Py_buffer buffer
        cdef object flag
        if isinstance(array, Array):
            if (<Array>array).storage.device_type == GPU_TYPE or (<Array>array).dtype_str == "bool":
                return False
            (<Array>array).storage.changes += 1
            self.add_up((<Array>array).ptr, element_count(array), dtype_flag((<Array>array).dtype_str), what)
            return True
        if not PyObject_CheckBuffer(array):
            return False
        try:
            PyObject_GetBuffer(array, &buffer, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE)
        except (BufferError, ValueError):
            return False
        try:
            flag = _LETTERS.get((<bytes>buffer.format).decode())
            if flag is None:
                return False
            self.add_up(buffer.buf, buffer.len // buffer.itemsize, flag, what)
        finally:
            PyBuffer_Release(&buffer)
        return True

    def allreduce_bits(self, object array, str dtype, str what):
        """`allreduce` of a buffer whose elements are of type `dtype`, which the buffer protocol cannot name."""
        cdef unsigned char[::1] raw = array
        if raw.shape[0]:
            self.add_up(&raw[0], raw.shape[0] // <int64_t>_ITEM_SIZES[dtype], dtype_flag(dtype), what)
        else:
            self.add_up(NULL, 0, dtype_flag(dtype), what)

    cdef int add_up(self, void* data, int64_t n, int flag, str what) except -1:
        cdef Patience patience = self.patience(what)
        cdef CHostComm* comm = self.comm.get()
        with nogil:
            comm.allreduce(data, n, <DType>flag, patience)
        return 0

    def allgather(self, object mine, object everyone, str what):
        """Copy the bytes of each rank to `everyone`, one rank's behind the other's."""
        cdef const unsigned char[::1] source = mine
        cdef unsigned char[::1] target = everyone
        cdef int64_t nbytes = source.shape[0]
        if target.shape[0] != nbytes * len(self.segments):
            raise ValueError(f"[host comm] allgather needs {nbytes * len(self.segments)} bytes; got {target.shape[0]}")
        cdef Patience patience = self.patience(what)
        cdef CHostComm* comm = self.comm.get()
        cdef const void* start = &source[0] if nbytes else NULL
        cdef void* goal = &target[0] if nbytes else NULL
        with nogil:
            comm.allgather(start, goal, nbytes, patience)

    def share(self, object array, list bounds, str what):
        """Rank r has bytes ``bounds[r]`` to ``bounds[r + 1]`` of `array` and gets all others from the other ranks."""
        cdef unsigned char[::1] raw = array
        cdef vector[int64_t] places = bounds
        check_bounds(places, len(self.segments), raw.shape[0])
        cdef Patience patience = self.patience(what)
        cdef CHostComm* comm = self.comm.get()
        cdef void* start = &raw[0] if raw.shape[0] else NULL
        with nogil:
            comm.share(start, places, patience)

    def sum_mapped(self, list arrays, int64_t start, int64_t stop, str what):
        """Let elements `start` to `stop` of float32 arrays, one of each rank and mapped by all, become their sum."""
        cdef vector[void*] places = mapped(arrays, len(self.segments), start, stop)
        cdef Patience patience = self.patience(what)
        cdef CHostComm* comm = self.comm.get()
        with nogil:
            comm.sum_mapped(places, start, stop, <DType>0, patience)

    def scatter_mapped(self, list arrays, int64_t start, int64_t stop, list bounds, str what):
        """`sum_mapped` of which each rank r gets elements ``bounds[r]`` to ``bounds[r + 1]`` only.

        Returns when this rank has its sums; a barrier is needed before anybody changes an array.
        """
        cdef vector[void*] places = mapped(arrays, len(self.segments), start, stop)
        cdef vector[int64_t] edges = bounds
        check_bounds(edges, len(self.segments), len(arrays[0]))
        cdef Patience patience = self.patience(what)
        cdef CHostComm* comm = self.comm.get()
        with nogil:
            comm.scatter_mapped(places, start, stop, edges, <DType>0, patience)


cdef size_t address_of(object buffer) except? 0:
    cdef unsigned char[::1] raw = memoryview(buffer).cast("B")
    return <size_t>&raw[0] if raw.shape[0] else 0


cdef vector[void*] mapped(list arrays, int ranks, int64_t start, int64_t stop) except *:
    cdef vector[void*] places
    if len(arrays) != ranks or not 0 <= start <= stop <= min(map(len, arrays)):
        raise ValueError(f"[host comm] elements {start} to {stop} of an array of each of {ranks} ranks are needed")
    for each in arrays:
        places.push_back(<void*>address_of(each))
    return places


cdef int check_bounds(const vector[int64_t]& bounds, size_t ranks, int64_t most) except -1:
    cdef size_t i
    cdef cbool ok = bounds.size() == ranks + 1 and bounds[0] >= 0 and bounds[ranks] <= most
    for i in range(ranks if ok else 0):
        ok = ok and bounds[i] <= bounds[i + 1]
    if not ok:
        raise ValueError(f"[host comm] {ranks + 1} rising bounds up to {most} are needed; got {list(bounds)}")
    return 0


cdef int64_t element_count(Array array):
    cdef int64_t n = 1
    for each in array.shape:
        n *= each
    return n
