# Kernels that run programs (loops and branches) or Python code; part of engine.pyx.

from cpython.exc cimport PyErr_SetObject
from cpython.ref cimport Py_DECREF, Py_INCREF, PyObject


cdef extern from "core/control.h" namespace "paratrain" nogil:
    cdef cppclass TurnPlace:
        int32_t slot
        int32_t base
        int32_t index
        int64_t offset
        int64_t stride
        int64_t shift
        int64_t modulus
    cdef cppclass ControlPart:
        shared_ptr[CProgram] program
        vector[TurnPlace] places
    cdef cppclass ControlSpec:
        int32_t kind
        cbool backward
        int64_t turns
        int32_t trace
        cbool reads_trace
        int64_t flag
        int64_t arena
        int64_t scratch
        uint64_t op_id
        ControlPart before
        ControlPart condition
        ControlPart body
        ControlPart other
        ControlPart after
    cdef cppclass ControlKernel(CKernel):
        ControlKernel(ControlSpec spec) except +

cdef extern from "core/foreign.h" namespace "paratrain" nogil:
    ctypedef int (*ForeignCall "paratrain::ForeignKernel::Call")(
        void* self, const RunContext* ctx, void** ins, void** outs) noexcept
    ctypedef void (*ForeignDrop "paratrain::ForeignKernel::Drop")(void* self) noexcept
    cdef cppclass ForeignKernel(CKernel):
        ForeignKernel(void* self, ForeignCall call, ForeignDrop drop) except +

cdef extern from *:
    """
    static inline std::shared_ptr<paratrain::Kernel> pt_control(const paratrain::ControlSpec& spec) {
      return std::make_shared<paratrain::ControlKernel>(spec);
    }
    static inline std::shared_ptr<paratrain::Kernel> pt_foreign(
        void* self, int (*call)(void*, const paratrain::RunContext*, void**, void**), void (*drop)(void*)) {
      return std::make_shared<paratrain::ForeignKernel>(
          self, reinterpret_cast<paratrain::ForeignKernel::Call>(call), drop);
    }
    """
    shared_ptr[CKernel] pt_control(const ControlSpec& spec) except +
    shared_ptr[CKernel] pt_foreign(
        void* self, int (*call)(void*, const RunContext*, void**, void**) noexcept, void (*drop)(void*) noexcept
    ) except +


CONTROL_REPEAT, CONTROL_LOOP, CONTROL_BRANCH = 0, 1, 2
#: Where a slot lies: in an input, an output, or the kernel's scratch memory.
PLACE_INPUT, PLACE_OUTPUT, PLACE_SCRATCH = 0, 1, 2


cdef ControlPart control_part(object part) except *:
    cdef ControlPart out
    cdef TurnPlace place
    if part is None:
        return out
    program, places = part
    out.program = (<Program?>program).program
    for place.slot, place.base, place.index, place.offset, place.stride, place.shift, place.modulus in places:
        out.places.push_back(place)
    return out


def make_control(int device_type, int kind, dict parts, int64_t turns, int trace, int64_t scratch, str label,
                 int64_t flag=0, int64_t op_id=0, cbool backward=False, cbool reads_trace=False):
    """Make the kernel of a loop or a branch; see `ext/core/control.h`.

    Parameters
    ----------
    device_type : int
    kind : int
        `CONTROL_REPEAT`, `CONTROL_LOOP` or `CONTROL_BRANCH`.
    parts : dict
        ``before``, ``condition``, ``body``, ``other``, ``after`` (those in use): ``(Program, places)`` with a place
        ``(slot, base, index, offset, stride, shift, modulus)`` for each slot but the arena's.
    turns : int
        Number of turns of a repeat, most turns of a loop.
    trace : int
        Output (forward) or input (backward) with the trace, int64 (3,).
    scratch : int
        Bytes of scratch memory, which begins with the arena of all programs.
    label : str
        The operator's name.
    flag : int
        Where in the scratch memory the condition's int32 is.
    op_id : int
        Tells the random numbers from those of other nodes.
    backward, reads_trace : bool
    """
    cdef ControlSpec spec
    cdef Kernel out = Kernel.__new__(Kernel)
    if device_type == GPU:
        gpu()
    spec.kind = kind
    spec.backward = backward
    spec.turns = turns
    spec.trace = trace
    spec.reads_trace = reads_trace
    spec.flag = flag
    spec.scratch = scratch
    spec.op_id = <uint64_t>op_id
    spec.before = control_part(parts.get("before"))
    spec.condition = control_part(parts.get("condition"))
    spec.body = control_part(parts.get("body"))
    spec.other = control_part(parts.get("other"))
    spec.after = control_part(parts.get("after"))
    out.kernel = pt_control(spec)
    out.name = "control"
    out.device_type = device_type
    out.label = label.encode()
    out.workspace_bytes = out.kernel.get().workspace_bytes()
    return out


cdef class PythonCall:
    """What a kernel that is Python code needs: the function, and what its arrays look like."""
    cdef object function
    cdef object make  # (Storage, offset, shape, dtype) -> array
    cdef list ins
    cdef list outs
    cdef int device_type
    cdef int device_id

    cdef list arrays(self, list descs, void** places, bint read):
        """Arrays of the function's own, with what lies at the places if they are to be read.

        They are copies, since the function may keep them, and the memory of a program is used again.
        """
        cdef Array own, lent
        found = []
        for i, (shape, dtype, nbytes) in enumerate(descs):
            own = self.make(Storage(self.device_type, self.device_id, nbytes), 0, shape, dtype)
            if read:
                lent = lend(self.device_type, self.device_id, <size_t>places[i], shape, dtype, nbytes)
                copy_bytes(lent, own, nbytes)
            found.append(own)
        return found

    cdef int run(self, const RunContext* ctx, void** ins, void** outs) except -1:
        cdef Array array
        if self.device_type == GPU:
            self.device_id = gpu().device_of(<size_t>ctx.stream)
        inputs = self.arrays(self.ins, ins, True)
        outputs = self.arrays(self.outs, outs, False)
        changed = self.function(inputs, outputs)
        for i, (shape, dtype, nbytes) in enumerate(self.outs):
            array = lend(self.device_type, self.device_id, <size_t>outs[i], shape, dtype, nbytes)
            copy_bytes(outputs[i], array, nbytes)
        for i in changed:
            shape, dtype, nbytes = self.ins[i]
            array = lend(self.device_type, self.device_id, <size_t>ins[i], shape, dtype, nbytes)
            copy_bytes(inputs[i], array, nbytes)
        return 0


cdef Array lend(int device_type, int device_id, size_t address, tuple shape, str dtype, size_t nbytes):
    """Memory of a running program as an array, which must not outlive the run."""
    cdef Storage storage = Storage.__new__(Storage, device_type, device_id, nbytes, None, False, address)
    return Array(storage, 0, shape, dtype)


cdef int run_python(void* self, const RunContext* ctx, void** ins, void** outs) noexcept with gil:
    cdef object failed
    try:
        (<PythonCall>self).run(ctx, ins, outs)
        return 0
    except BaseException as e:
        failed = e
    # Stays set while the engine unwinds; `pt_translate` finds it.
    PyErr_SetObject(type(failed), failed)
    return 1


cdef void drop_python(void* self) noexcept with gil:
    Py_DECREF(<object>self)


def make_python_kernel(int device_type, object function, object make, list ins, list outs, str label):
    """Make a kernel of a Python function.

    Parameters
    ----------
    device_type : int
    function : callable
        ``(inputs, outputs) -> positions of inputs that were changed``, called with arrays of its own. What it raises
        arrives where the program was run.
    make : callable
        ``(Storage, offset, shape, dtype) -> array``.
    ins, outs : list of (shape, dtype, bytes)
    label : str
    """
    cdef PythonCall call = PythonCall.__new__(PythonCall)
    cdef Kernel out = Kernel.__new__(Kernel)
    call.function, call.make, call.ins, call.outs = function, make, ins, outs
    call.device_type, call.device_id = device_type, 0
    Py_INCREF(call)
    out.kernel = pt_foreign(<void*>call, run_python, drop_python)
    out.name = "python"
    out.device_type = device_type
    out.label = label.encode()
    out.workspace_bytes = 0
    return out
