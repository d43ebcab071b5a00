# The border to ext/core/profile.h, part of engine.pyx: labels, regions that Python names, and what was recorded.

from cpython.bytes cimport PyBytes_FromStringAndSize

import threading


cdef extern from "core/profile.h" namespace "paratrain" nogil:
    enum:
        kProfilePrograms
        kProfileCalls
        kProfileMemory
        kProfileApi
        kProfileRunning
    struct ProfileEvent:
        int64_t begin
        int64_t end
        int32_t label
        int32_t thread

cdef extern from "core/profile.h" namespace "paratrain::profile" nogil:
    cbool c_wants "paratrain::profile::wants"(int bits)
    int c_bits "paratrain::profile::bits"()
    void c_set_mask "paratrain::profile::set_mask"(int bits)
    int64_t c_now "paratrain::profile::now"()
    int32_t c_this_thread "paratrain::profile::this_thread"()
    void c_record "paratrain::profile::record"(int32_t label, int64_t begin, int64_t end)
    vector[ProfileEvent] c_events "paratrain::profile::events"(int64_t first) except +
    int64_t c_count "paratrain::profile::count"()
    int64_t c_dropped "paratrain::profile::dropped"()
    void c_keep "paratrain::profile::keep"(int64_t first)
    void c_run_kernel "paratrain::profile::run_kernel"(
        int32_t label, CKernel& kernel, const string& name, const RunContext& ctx, void** ins,
        void** outs) except +pt_translate


PROFILE_PROGRAMS = kProfilePrograms
PROFILE_CALLS = kProfileCalls
PROFILE_MEMORY = kProfileMemory
PROFILE_API = kProfileApi
PROFILE_RUNNING = kProfileRunning

_profile_labels = []
_profile_numbers = {}
_profile_threads = {}
_profile_describe = None
cdef int32_t _memory_label = -1


def set_profile_mask(int bits):
    """Record what the ``PROFILE_*`` bits say from now on; 0: nothing."""
    global _memory_label
    if _memory_label < 0:
        _memory_label = profile_label("memory", "Device Storage", "Memory: cpu/0")
    c_set_mask(bits)


def profile_wants(int bits):
    """Whether any of these ``PROFILE_*`` bits is recorded."""
    return c_wants(bits)


def profile_bits():
    """What is recorded at present, as given to `set_profile_mask`."""
    return c_bits()


def set_profile_describe(describe):
    """Say how steps and kernels are described.

    Parameters
    ----------
    describe : callable
        ``(Program) -> list of labels``, one for each step, or ``(Kernel, ins, outs) -> label``. Called once for each,
        when it is first recorded.
    """
    global _profile_describe
    _profile_describe = describe


def profile_label(str kind, str category, str name):
    """Number under which events of this name are recorded; the same at each call.

    Parameters
    ----------
    kind : str
        ``'span'``, ``'task'``, ``'counter'``, ``'marker:<scope>'`` or ``'memory'``.
    category, name : str
    """
    key = (kind, category, name)
    number = _profile_numbers.get(key)
    if number is None:
        number = _profile_numbers[key] = add_labels([key])
    return number


def profile_labels():
    """What the numbers stand for: tuples (kind, category, name), and what `set_profile_describe`'s function gave."""
    return _profile_labels


def profile_threads():
    """Names of the threads in which something was recorded, by their numbers."""
    return dict(_profile_threads)


cdef int32_t add_labels(list labels) except -1:
    first = len(_profile_labels)
    _profile_labels.extend(labels)
    return first


cdef int note_thread() except -1:
    cdef int32_t thread = c_this_thread()
    if thread not in _profile_threads:
        _profile_threads[thread] = threading.current_thread().name
    return 0


cdef int32_t kernel_label(Kernel kernel, list ins, list outs) except -2:
    """The kernel's number, while operators called one by one are recorded; else -1."""
    if not c_wants(kProfileCalls) or _profile_describe is None:
        return -1
    note_thread()
    if kernel.number < 0:
        kernel.number = add_labels([_profile_describe(kernel, ins, outs)])
    return kernel.number


cdef int label_steps(Program program) except -1:
    """Give the steps their numbers, while programs are recorded."""
    if not c_wants(kProfilePrograms) or _profile_describe is None:
        return 0
    note_thread()
    if program.number < 0:
        program.number = add_labels(_profile_describe(program))
        program.program.get().set_labels(program.number)
    return 0


cdef void note_memory() noexcept nogil:
    if c_wants(kProfileMemory):
        c_record(_memory_label, c_now(), c_pool_usage().used)


def profile_now():
    """Nanoseconds since 1970, steadily."""
    return c_now()


def profile_record(int32_t label, int64_t begin, int64_t end):
    """Record an event of this thread, if the profiler runs; the value of a counter is its `end`."""
    if c_wants(kProfileRunning):
        note_thread()
        c_record(label, begin, end)


def profile_events(int64_t first=0):
    """Events from number `first` on as bytes of (int64 begin, int64 end, int32 label, int32 thread)."""
    cdef vector[ProfileEvent] found
    with nogil:
        found = c_events(first)
    return PyBytes_FromStringAndSize(<char*>found.data(), <Py_ssize_t>(found.size() * sizeof(ProfileEvent)))


def profile_count():
    """Number of events that were recorded and are kept."""
    return c_count()


def profile_dropped():
    """Number of events for which there was no room any more."""
    return c_dropped()


def profile_keep(int64_t first):
    """Forget all events but the first ones."""
    c_keep(first)


cdef class region:
    """Context manager that records what runs inside under a name; costs next to nothing while the profiler rests.

    Parameters
    ----------
    category, name : str
        The category ``'api'`` is recorded only where calls of functions are asked for.
    """
    cdef str category, name
    cdef int64_t begin

    def __cinit__(self, str category, str name):
        self.category, self.name, self.begin = category, name, 0

    def __enter__(self):
        if c_wants(kProfileRunning):
            self.begin = c_now()
        return self

    def __exit__(self, *exc):
        if self.begin and c_wants(kProfileApi if self.category == "api" else kProfileRunning):
            profile_record(profile_label("span", self.category, self.name), self.begin, c_now())
