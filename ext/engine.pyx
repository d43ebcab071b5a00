# distutils: language = c++
# cython: language_level=3, boundscheck=True, wraparound=False
"""The border between Python and the native engine: storage, arrays, kernels, programs.

Everything here converts, releases the GIL, makes one native call and lets C++ exceptions become Python's
(`invalid_argument` a ValueError, `out_of_range` an IndexError, `bad_alloc` a MemoryError).
"""
from cpython.buffer cimport PyBuffer_FillInfo
from libc.stdint cimport int32_t, int64_t, uint64_t
from libc.string cimport memmove
from libcpp cimport bool as cbool
from libcpp.memory cimport shared_ptr, unique_ptr
from libcpp.string cimport string
from libcpp.utility cimport move
from libcpp.vector cimport vector


cdef extern from "omp.h" nogil:
    void omp_set_num_threads(int n)
    int omp_get_max_threads()


cdef extern from "dnnl.h" nogil:
    ctypedef struct dnnl_version_t:
        int major
        int minor
        int patch
    const dnnl_version_t* dnnl_version()


cdef extern from "core/pool.h" namespace "paratrain" nogil:
    struct PoolUsage:
        int64_t used
        int64_t pooled
        int64_t peak
    void* pool_alloc(size_t n, cbool exact) except +
    void pool_free(void* block, size_t n, cbool exact)
    PoolUsage c_pool_usage "paratrain::pool_usage"()
    void pool_reset_peak()
    void pool_release()


cdef extern from "core/team.h" namespace "paratrain" nogil:
    cdef cppclass Team:
        pass
    Team& team "paratrain::Team::instance"()


cdef extern from "core/kernel.h" namespace "paratrain" nogil:
    cdef enum class DType(int):
        pass
    cdef enum class DeviceType(int):
        pass
    cdef cppclass Layout:
        int64_t bytes() const
        string name() const
        cbool equals(const Layout& other) const
        vector[int64_t] order() const
        shared_ptr[const Layout] with_dtype(DType dtype) except +
    cdef cppclass TensorDesc:
        DType dtype
        vector[int64_t] shape
        shared_ptr[const Layout] layout
        int64_t bytes() const
    cdef cppclass Attr:
        pass
    cdef cppclass Attrs:
        pass
    cdef cppclass KernelSpec:
        string name
        Attrs attrs
        vector[TensorDesc] ins "in"
        vector[TensorDesc] outs "out"
        cbool any_layout
        cbool plain
    cdef cppclass RunContext:
        void* stream
        char* workspace
        uint64_t seed
        uint64_t step
        Team* team
    cdef cppclass CKernel "paratrain::Kernel":
        size_t workspace_bytes() const
        vector[shared_ptr[const Layout]] in_layouts() const
        vector[shared_ptr[const Layout]] out_layouts() const
        string implementation() const
    cdef cppclass Registry:
        cbool has(const string& name) const
        vector[string] names() const
        unique_ptr[CKernel] make(const KernelSpec& spec) except +
    Registry& registry(DeviceType device)
    int kAbi


cdef extern from "kernels/elementwise/chain.h" namespace "paratrain" nogil:
    cdef cppclass ChainPlan:
        ChainPlan(const KernelSpec& spec) except +
    string c_chain_source "paratrain::chain_source"(const ChainPlan& plan) except +
    vector[int64_t] c_chain_arguments "paratrain::chain_arguments"(const ChainPlan& plan) except +
    vector[string] c_chain_members "paratrain::chain_members"()


cdef extern from *:
    """
    #include <new>
    #include "core/kernel.h"
    // As Cython translates exceptions; but where Python code failed inside a kernel its error is set already.
    static void pt_translate() {
      try {
        throw;
      } catch (const paratrain::ForeignError& e) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, e.what());
      } catch (const std::bad_alloc& e) {
        PyErr_SetString(PyExc_MemoryError, e.what());
      } catch (const std::invalid_argument& e) {
        PyErr_SetString(PyExc_ValueError, e.what());
      } catch (const std::out_of_range& e) {
        PyErr_SetString(PyExc_IndexError, e.what());
      } catch (const std::exception& e) {
        PyErr_SetString(PyExc_RuntimeError, e.what());
      } catch (...) {
        PyErr_SetString(PyExc_RuntimeError, "unknown error");
      }
    }
    """
    void pt_translate()


cdef extern from "core/program.h" namespace "paratrain" nogil:
    cdef cppclass Place:
        int32_t slot
        int64_t offset
    cdef cppclass CProgram "paratrain::Program":
        CProgram(int slots) except +
        int add(shared_ptr[CKernel] kernel, string name, vector[Place] ins, vector[Place] outs, int mark,
                int64_t workspace) except +
        void bind(int slot, void* base) except +
        cbool uses_openmp() const
        int size() const
        void run(int begin, int end, uint64_t seed, uint64_t step, void* stream) except +pt_translate
        void set_labels(int32_t first)
        void replay_after(int plain_runs)
        const string& obstacle() const
        int replays() const
        void reset_marks()
        cbool wait_mark(int wanted) except +
        void fail_marks()


cdef extern from *:
    """
    #include "core/kernel.h"
    static inline void pt_set_flag(paratrain::Attrs& a, const std::string& k, bool v) { a.set(k, v); }
    static inline void pt_set_int(paratrain::Attrs& a, const std::string& k, int64_t v) { a.set(k, v); }
    static inline void pt_set_real(paratrain::Attrs& a, const std::string& k, double v) { a.set(k, v); }
    static inline void pt_set_text(paratrain::Attrs& a, const std::string& k, const std::string& v) { a.set(k, v); }
    static inline void pt_set_ints(paratrain::Attrs& a, const std::string& k, const std::vector<int64_t>& v) {
      a.set(k, v);
    }
    static inline void pt_set_reals(paratrain::Attrs& a, const std::string& k, const std::vector<double>& v) {
      a.set(k, v);
    }
    """
    void pt_set_flag(Attrs& a, const string& k, cbool v)
    void pt_set_int(Attrs& a, const string& k, int64_t v)
    void pt_set_real(Attrs& a, const string& k, double v)
    void pt_set_text(Attrs& a, const string& k, const string& v)
    void pt_set_ints(Attrs& a, const string& k, const vector[int64_t]& v)
    void pt_set_reals(Attrs& a, const string& k, const vector[double]& v)


include "profile.pxi"
include "control.pxi"

cdef enum:
    CPU_TYPE = 1
    GPU_TYPE = 2

CPU = CPU_TYPE
GPU = GPU_TYPE
CPU_PINNED = 3

# Filled in by paratrain.ext.cuda when a gpu context is first used: (device id, bytes) -> (address, owner)
_gpu = None


def set_gpu_backend(backend):
    """Install the object that owns GPU memory and streams (`paratrain.ext.cuda.Backend`)."""
    global _gpu
    _gpu = backend


cdef object gpu():
    """What owns GPU memory, made when first needed; its error says why no GPU can be used."""
    if _gpu is None:
        from paratrain.ext import cuda
        cuda.backend()
    return _gpu


def abi():
    """Number that libparatrain_cuda.so must have been built with; see `kAbi` in ``ext/core/kernel.h``."""
    return kAbi


def registry_address(int device_type):
    """Address of a device's native table of kernels. libparatrain_cuda.so fills that of `GPU`."""
    return <size_t>&registry(<DeviceType>device_type)


cdef class Storage:
    """A block of memory of one device; given back when the last array that uses it is gone.

    Parameters
    ----------
    device_type : int
        `CPU`, `GPU` or `CPU_PINNED`.
    device_id : int
    nbytes : int
    exact : bool
        Host memory of just this size; else it is rounded up so that it can be given out again for other arrays.
    lent : int
        Address of memory that belongs to somebody else and lives as long as the array; for the engine's own use.
    """
    cdef void* ptr
    cdef readonly size_t nbytes
    cdef readonly int device_type
    cdef readonly int device_id
    cdef object owner
    cdef uint64_t changes
    cdef int exports
    cdef bint exact
    cdef bint pooled  # from the pool; `owner` cannot tell, for the garbage collector sets it to None in cycles

    def __cinit__(self, int device_type=CPU_TYPE, int device_id=0, size_t nbytes=0, object foreign=None,
                  bint exact=False, size_t lent=0):
        cdef const unsigned char[::1] view
        self.device_type = device_type
        self.device_id = device_id
        if foreign is None and nbytes == 0 and not exact and not lent:
            return  # no memory (yet)
        self.exact = exact
        self.nbytes = nbytes
        if lent:
            self.ptr = <void*>lent
            self.owner = False  # somebody else, who is not known here
        elif foreign is not None:
            self.owner = memoryview(foreign)  # keeps a bytearray from changing its size
            if nbytes:
                view = foreign
                if <size_t>view.shape[0] != nbytes:
                    raise ValueError(f"[Storage] the buffer has {view.shape[0]} bytes, expected {nbytes}")
                self.ptr = <void*>&view[0]
        elif device_type == CPU_TYPE:
            self.take_pooled(nbytes)
        else:
            address, self.owner = gpu().allocate(device_type, device_id, nbytes)
            self.ptr = <void*><size_t>address

    cdef int take_pooled(self, size_t nbytes) except -1:
        """Let a storage without memory have some from the host's pool."""
        self.ptr = pool_alloc(nbytes, self.exact)
        self.nbytes = nbytes
        self.pooled = True
        note_memory()
        return 0

    def __dealloc__(self):
        if self.pooled:
            pool_free(self.ptr, self.nbytes, self.exact)
            note_memory()

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        if self.device_type == GPU_TYPE:
            raise BufferError("[Storage] memory of a GPU cannot be read by the host; copy it first")
        PyBuffer_FillInfo(buffer, self, self.ptr, <Py_ssize_t>self.nbytes, 0, flags)
        self.exports += 1

    def __releasebuffer__(self, Py_buffer* buffer):
        self.exports -= 1
        self.changes += 1

    @property
    def version(self):
        """Number that changes when the memory may have been written to; None while nobody can tell.

        Kernels, copies and programs count what they write. Memory of others, and memory that is lent as a buffer, may
        change at any time.
        """
        return None if self.exports or self.owner is not None else self.changes

    def touch(self):
        """Say that the memory has been written to."""
        self.changes += 1

    @property
    def address(self):
        """Address of the first byte."""
        return <size_t>self.ptr


cdef class Array:
    """A row-major array in a `Storage`: what kernels read and write. `NDArray` is built on it."""
    cdef readonly Storage storage
    cdef readonly int64_t offset
    cdef readonly tuple shape
    cdef readonly str dtype_str
    cdef readonly tuple desc
    cdef char* ptr
    # What autograd knows of the array: where it comes from, and its gradient.
    cdef public object _source
    cdef public object _grad

    def __cinit__(self, Storage storage=None, int64_t offset=0, tuple shape=None, str dtype_str=None):
        if storage is None or shape is None or dtype_str is None:
            if not _blank:
                raise TypeError("[NDArray] arrays are made by nd.array, nd.zeros, ..., not by their constructor")
            return
        self.storage = storage
        self.desc = intern_desc(shape, dtype_str)
        self.shape = <tuple>self.desc[0]
        self.dtype_str = <str>self.desc[1]
        self.offset = check_place(storage, offset, self.desc)
        self.ptr = <char*>storage.ptr + offset

    def detach(self):
        """The same elements (shared) without autograd's history."""
        return share(self)

    def __add__(self, other):
        return combine(_add, self, other, False, None)

    def __radd__(self, other):
        return combine(_add, self, other, True, None)

    def __sub__(self, other):
        return combine(_sub, self, other, False, None)

    def __rsub__(self, other):
        return combine(_sub, self, other, True, None)

    def __mul__(self, other):
        return combine(_mul, self, other, False, None)

    def __rmul__(self, other):
        return combine(_mul, self, other, True, None)

    def __truediv__(self, other):
        return combine(_div, self, other, False, None)

    def __rtruediv__(self, other):
        return combine(_div, self, other, True, None)

    def __mod__(self, other):
        return combine(_mod, self, other, False, None)

    def __rmod__(self, other):
        return combine(_mod, self, other, True, None)

    def __pow__(self, other, modulo):
        return NotImplemented if modulo is not None else combine(_power, self, other, False, None)

    def __rpow__(self, other, modulo):
        return NotImplemented if modulo is not None else combine(_power, self, other, True, None)

    def __iadd__(self, other):
        return in_place(_add, self, other)

    def __isub__(self, other):
        return in_place(_sub, self, other)

    def __imul__(self, other):
        return in_place(_mul, self, other)

    def __itruediv__(self, other):
        return in_place(_div, self, other)

    def __imod__(self, other):
        return in_place(_mod, self, other)

    def __eq__(self, other):
        return NotImplemented if other is None else combine(_eq, self, other, False, None)

    def __ne__(self, other):
        return NotImplemented if other is None else combine(_ne, self, other, False, None)

    def __gt__(self, other):
        return combine(_gt, self, other, False, None)

    def __ge__(self, other):
        return combine(_ge, self, other, False, None)

    def __lt__(self, other):
        return combine(_lt, self, other, False, None)

    def __le__(self, other):
        return combine(_le, self, other, False, None)

    __hash__ = object.__hash__

    @property
    def address(self):
        """Address of the first element."""
        return <size_t>self.ptr


cdef int dtype_flag(str name) except -1:
    return _FLAGS[name]


_FLAGS = {
    "float32": 0, "float64": 1, "float16": 2, "uint8": 3, "int32": 4, "int8": 5, "int64": 6, "bool": 7,
    "bfloat16": 12,
}
_ITEM_SIZES = {
    "float32": 4, "float64": 8, "float16": 2, "uint8": 1, "int32": 4, "int8": 1, "int64": 8, "bool": 1, "bfloat16": 2,
}


cdef int fill_attrs(Attrs& out, dict attrs) except -1:
    cdef string key
    for name, value in attrs.items():
        if value is None:
            continue
        key = name.encode()
        if isinstance(value, bool):
            pt_set_flag(out, key, value)
        elif isinstance(value, int):
            pt_set_int(out, key, value)
        elif isinstance(value, float):
            pt_set_real(out, key, value)
        elif isinstance(value, str):
            pt_set_text(out, key, value.encode())
        elif isinstance(value, (tuple, list)):
            if any(isinstance(v, float) for v in value):
                pt_set_reals(out, key, value)
            else:
                pt_set_ints(out, key, value)
        else:
            raise TypeError(f"kernel attribute {name} has the type {type(value).__name__}")
    return 0


cdef class LayoutRef:
    """A library's memory layout of one tensor; compare with ``==``."""
    cdef shared_ptr[const Layout] layout

    @property
    def nbytes(self):
        """Bytes of a tensor in this layout (padding included)."""
        return self.layout.get().bytes()

    @property
    def name(self):
        """Short description, e.g. ``aBcd16b``."""
        return self.layout.get().name().decode()

    @property
    def order(self):
        """Axes from the outermost to the innermost, if elements lie one by one without gaps; else None."""
        return tuple(self.layout.get().order()) or None

    def with_dtype(self, str dtype):
        """The same order for elements of another type; None where the library does not know that."""
        cdef LayoutRef made = LayoutRef.__new__(LayoutRef)
        made.layout = self.layout.get().with_dtype(<DType>dtype_flag(dtype))
        return made if made.layout.get() != NULL else None

    def __eq__(self, other):
        return isinstance(other, LayoutRef) and self.layout.get().equals((<LayoutRef>other).layout.get()[0])

    __hash__ = None


cdef TensorDesc tensor_desc(tuple desc) except *:
    """(shape, dtype) or (shape, dtype, LayoutRef)."""
    cdef TensorDesc out
    out.dtype = <DType>dtype_flag(desc[1])
    out.shape = desc[0]
    if len(desc) > 2 and desc[2] is not None:
        out.layout = (<LayoutRef?>desc[2]).layout
    return out


cdef class Kernel:
    """A kernel made for given shapes, dtypes and attributes."""
    cdef shared_ptr[CKernel] kernel
    cdef readonly str name
    cdef readonly int device_type
    cdef readonly size_t workspace_bytes
    cdef string label
    cdef int32_t number  # of the profiler; -1: none yet
    cdef public object about  # what the profiler's description is made of

    def __cinit__(self):
        self.number = -1

    @property
    def implementation(self):
        """Which implementation was chosen, e.g. ``plain`` or oneDNN's name."""
        return self.kernel.get().implementation().decode()

    @property
    def in_layouts(self):
        """List of LayoutRef or None for each input."""
        return layout_list(self.kernel.get().in_layouts())

    @property
    def out_layouts(self):
        """List of LayoutRef or None for each output."""
        return layout_list(self.kernel.get().out_layouts())


cdef list layout_list(vector[shared_ptr[const Layout]] layouts):
    cdef LayoutRef ref
    out = []
    for i in range(layouts.size()):
        if layouts[i].get() == NULL:
            out.append(None)
        else:
            ref = LayoutRef.__new__(LayoutRef)
            ref.layout = layouts[i]
            out.append(ref)
    return out


def make_kernel(str name, int device_type, dict attrs, list ins, list outs, cbool any_layout=False, str label=None,
                cbool plain=False):
    """Make a kernel.

    Parameters
    ----------
    name : str
        Name in the native table.
    device_type : int
    attrs : dict
        Typed attributes (bool, int, float, str, tuple of int or float; None is left out).
    ins, outs : list of tuple
        ``(shape, dtype)`` or ``(shape, dtype, LayoutRef or None)``.
    any_layout : bool
        Let the kernel choose layouts; see `Kernel.in_layouts`.
    label : str, optional
        The operator's name for error messages (default `name`).
    plain : bool
        Take the plain kernel even where a library has one (to compare them).

    Raises
    ------
    ValueError
        If no implementation supports these inputs.
    """
    cdef KernelSpec spec
    cdef unique_ptr[CKernel] made
    cdef Kernel out = Kernel.__new__(Kernel)
    if device_type == GPU_TYPE:
        gpu()
    spec.name = name.encode()
    spec.any_layout = any_layout
    spec.plain = plain
    fill_attrs(spec.attrs, attrs)
    for desc in ins:
        spec.ins.push_back(tensor_desc(desc))
    for desc in outs:
        spec.outs.push_back(tensor_desc(desc))
    cdef Registry* table = &registry(<DeviceType>device_type)
    try:
        with nogil:
            made = table.make(spec)
    except (ValueError, IndexError) as e:
        if str(e).startswith("["):
            raise
        raise ValueError(f"[{label or name}] {e}") from None
    out.kernel = shared_ptr[CKernel](move(made))
    out.name = name
    out.device_type = device_type
    out.label = (label or name).encode()
    out.workspace_bytes = out.kernel.get().workspace_bytes()
    return out


def chain_members():
    """Set of the names of kernels that a chain on a GPU may contain."""
    return frozenset(n.decode() for n in c_chain_members())


def chain_source(dict attrs, list ins, list outs):
    """CUDA source of a chain, and its arguments without addresses.

    Parameters
    ----------
    attrs, ins, outs
        As for `make_kernel`.

    Returns
    -------
    source : str
    words : list of int
        The arguments as words of 64 bits; the addresses of inputs and outputs follow them.
    """
    cdef KernelSpec spec
    fill_attrs(spec.attrs, attrs)
    for desc in ins:
        spec.ins.push_back(tensor_desc(desc))
    for desc in outs:
        spec.outs.push_back(tensor_desc(desc))
    cdef unique_ptr[ChainPlan] plan = unique_ptr[ChainPlan](new ChainPlan(spec))
    return c_chain_source(plan.get()[0]).decode(), list(c_chain_arguments(plan.get()[0]))


def kernel_names(int device_type=1):
    """Names of all kernels of a device, sorted."""
    return [n.decode() for n in registry(<DeviceType>device_type).names()]


# Whether the last program ran on the team: then so do single calls, for its threads are at hand and OpenMP's are not.
cdef bint on_team = False


cpdef invoke(Kernel kernel, list ins, list outs, uint64_t seed=0, uint64_t step=0):
    """Run a kernel on arrays. Shapes and dtypes must be those it was made for (the caller's duty)."""
    cdef void* few[64]
    cdef vector[void*] many
    cdef void** places = few
    cdef RunContext ctx
    cdef Array array
    cdef int i, n = len(ins), m = len(outs)
    cdef int device_type
    if n + m > 64:
        many.resize(n + m)
        places = many.data()
    for i in range(n):
        array = <Array?>ins[i]
        places[i] = array.ptr
    for i in range(m):
        array = <Array?>outs[i]
        array.storage.changes += 1
        places[n + i] = array.ptr
    ctx.stream = NULL
    ctx.workspace = NULL
    ctx.seed = seed
    ctx.step = step
    ctx.team = &team() if on_team else NULL
    if n + m:
        array = <Array>(outs[0] if m else ins[0])
        device_type = array.storage.device_type
        if device_type == GPU_TYPE:
            ctx.stream = <void*><size_t>gpu().stream(array.storage.device_id)
    scratch = None
    if kernel.workspace_bytes:
        scratch = Storage(array.storage.device_type, array.storage.device_id, kernel.workspace_bytes)
        ctx.workspace = <char*>(<Storage>scratch).ptr
    cdef int32_t number = kernel_label(kernel, ins, outs)
    with nogil:
        c_run_kernel(number, kernel.kernel.get()[0], kernel.label, ctx, places, places + n)


include "calls.pxi"
include "collective.pxi"


cdef class Program:
    """A list of kernels that runs in one native call; see `ext/core/program.h`.

    Parameters
    ----------
    slots : int
        Number of arrays bound from outside; slot 0 is the arena.
    """
    cdef shared_ptr[CProgram] program
    cdef dict bound
    cdef list names
    cdef set written  # slots
    cdef list changed  # their memory; None: to be looked up
    cdef int32_t number  # of the profiler, of the first step; -1: none yet
    cdef public object about  # what the profiler's descriptions are made of

    def __cinit__(self, int slots):
        self.number = -1
        self.program.reset(new CProgram(slots))
        self.bound = {}
        self.names = []
        self.written = set()
        self.changed = None

    def add(self, Kernel kernel, str name, list ins, list outs, int mark=-1, tuple mutates=(), int64_t workspace=-1):
        """Append a kernel whose arguments are places ``(slot, byte offset)``; returns its position.

        `mutates` are positions of inputs that the kernel changes; its scratch memory lies at `workspace` in the arena.
        """
        cdef vector[Place] c_ins, c_outs
        cdef Place place
        for slot, offset in ins:
            place.slot = slot
            place.offset = offset
            c_ins.push_back(place)
        for slot, offset in outs:
            place.slot = slot
            place.offset = offset
            c_outs.push_back(place)
        if kernel.workspace_bytes and workspace < 0:
            raise ValueError(f"[Program] {name} needs a place for {kernel.workspace_bytes} bytes of scratch memory")
        self.names.append(name)
        self.written.update([slot for slot, _ in outs], [ins[i][0] for i in mutates])
        self.changed = None
        return self.program.get().add(kernel.kernel, name.encode(), c_ins, c_outs, mark, workspace)

    def bind(self, int slot, Storage storage, int64_t offset=0):
        """Let a slot mean this memory; the storage is kept alive."""
        self.bound[slot] = storage
        self.changed = None
        self.program.get().bind(slot, <char*>storage.ptr + offset)

    @property
    def uses_openmp(self):
        """Whether loops run on OpenMP's threads, since one of a library's kernels does; else on the engine's own."""
        return self.program.get().uses_openmp()

    @property
    def kernel_names(self):
        """Names of the steps in order."""
        return list(self.names)

    def __len__(self):
        return self.program.get().size()

    def run(self, int begin, int end, uint64_t seed=0, uint64_t step=0, size_t stream=0):
        """Run steps ``begin .. end - 1`` with the GIL released; on a GPU they are queued in its stream."""
        cdef CProgram* program = self.program.get()
        global on_team
        if not 0 <= begin <= end <= program.size():
            raise IndexError(f"[Program] steps must be in 0..{program.size()}; got {begin}..{end}")
        label_steps(self)
        self.count_changes()
        on_team = not stream and not program.uses_openmp()
        with nogil:
            program.run(begin, end, seed, step, <void*>stream)

    cdef int count_changes(self) except -1:
        """Count the memory bound from outside that a run writes to as changed."""
        cdef Storage storage
        if self.changed is None:
            found = {id(self.bound[slot]): self.bound[slot] for slot in self.written if slot in self.bound}
            self.changed = list(found.values())
        for storage in self.changed:
            storage.changes += 1
        return 0

    def replay_after(self, int plain_runs):
        """Record ranges of steps on a GPU after so many plain runs, and queue them as a whole from then on.

        What is recorded is left aside while addresses change or the profiler records programs. A negative number
        switches it off.
        """
        self.program.get().replay_after(plain_runs)

    @property
    def obstacle(self):
        """Name of the first step that cannot be recorded, so that every run is plain; None if there is none."""
        return self.program.get().obstacle().decode() or None

    @property
    def replays(self):
        """How many runs were queued as a whole."""
        return self.program.get().replays()

    def reset_marks(self):
        """Forget which gradients are complete."""
        self.program.get().reset_marks()

    def wait_mark(self, int wanted):
        """Block (GIL released) until `wanted` gradients are complete; False if the run failed instead."""
        cdef CProgram* program = self.program.get()
        cdef cbool ok
        with nogil:
            ok = program.wait_mark(wanted)
        return ok

    def fail_marks(self):
        """Wake everyone who waits for a mark that will not come."""
        self.program.get().fail_marks()


def copy_bytes(Array source, Array target, size_t nbytes):
    """Copy memory between two arrays (which may overlap on the host)."""
    if nbytes > source.storage.nbytes - source.offset or nbytes > target.storage.nbytes - target.offset:
        raise IndexError("[copy] more bytes than the arrays have")
    target.storage.changes += 1
    if source.storage.device_type == GPU_TYPE or target.storage.device_type == GPU_TYPE:
        gpu().copy(source, target, nbytes)
        return
    with nogil:
        memmove(target.ptr, source.ptr, nbytes)


def pool_usage():
    """Bytes of host memory ``{'used', 'pooled', 'peak'}``: in arrays, kept for reuse, and the most ever used."""
    cdef PoolUsage usage = c_pool_usage()
    return {"used": usage.used, "pooled": usage.pooled, "peak": usage.peak}


def reset_peak():
    """Start the `peak` of `pool_usage` afresh."""
    pool_reset_peak()


def release_pool():
    """Give memory kept for reuse back to the system."""
    pool_release()


def set_num_threads(int n):
    """Number of OpenMP threads that kernels started from this Python thread use."""
    if n < 1:
        raise ValueError(f"[threads] must be at least 1; got {n}")
    omp_set_num_threads(n)


def get_num_threads():
    """Number of OpenMP threads of this Python thread."""
    return omp_get_max_threads()


def onednn_version():
    """Version of the oneDNN library in use, as text."""
    cdef const dnnl_version_t* v = dnnl_version()
    return f"{v.major}.{v.minor}.{v.patch}"
