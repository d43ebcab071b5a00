# Operators called one by one, part of engine.pyx: plans, new arrays, the tape, arithmetic.
#
# What happens at every call is here; what happens once for each kind of call (checks, inference, making the kernel),
# and what is rare (out=, numbers of unusual kinds, errors) is in paratrain/ndarray/invoke.py.

from cpython.dict cimport PyDict_GetItem
from cpython.list cimport PyList_GET_ITEM, PyList_GET_SIZE
from cpython.object cimport PyObject, PyTypeObject
from cpython.ref cimport Py_DECREF


cdef extern from *:
    """
    struct PtMode { bool recording, training; };
    static thread_local PtMode pt_mode = {false, false};

    // The innermost Python frame of this thread, or null; and what is known of one.
    #include <frameobject.h>
    static PyFrameObject* pt_frame(PyObject* o) { return reinterpret_cast<PyFrameObject*>(o); }
    static PyObject* pt_innermost() { return reinterpret_cast<PyObject*>(PyEval_GetFrame()); }
    static PyObject* pt_caller(PyObject* f) { return reinterpret_cast<PyObject*>(PyFrame_GetBack(pt_frame(f))); }
    static PyObject* pt_code(PyObject* frame) { return reinterpret_cast<PyObject*>(PyFrame_GetCode(pt_frame(frame))); }
    static PyObject* pt_file(PyObject* code) { return reinterpret_cast<PyCodeObject*>(code)->co_filename; }
    static int pt_line(PyObject* code, int position) {
      return PyCode_Addr2Line(reinterpret_cast<PyCodeObject*>(code), position);
    }
    static int pt_position(PyObject* frame) {
    #if PY_VERSION_HEX >= 0x030B0000
      return PyFrame_GetLasti(pt_frame(frame));
    #else
      return pt_frame(frame)->f_lasti * 2;
    #endif
    }
    """
    struct PtMode:
        cbool recording
        cbool training
    PtMode pt_mode
    PyObject* pt_innermost()
    PyObject* pt_caller(PyObject* frame)
    PyObject* pt_code(PyObject* frame)
    PyObject* pt_file(PyObject* code)
    int pt_line(PyObject* code, int position)
    int pt_position(PyObject* frame)

cdef extern from "Python.h":
    Py_ssize_t PY_SSIZE_T_MAX
    PyObject* PyDict_GetItemWithError(dict d, object key) except? NULL


cdef class Flags:
    """Whether the calling thread records, and whether operators behave as in training."""

    @property
    def recording(self):
        """Whether calls are put on the tape."""
        return pt_mode.recording

    @recording.setter
    def recording(self, bint value):
        pt_mode.recording = value

    @property
    def training(self):
        """Whether operators behave as in training."""
        return pt_mode.training

    @training.setter
    def training(self, bint value):
        pt_mode.training = value


# What paratrain.ndarray says when it is imported: the class of results, the module with everything that is rare, and
# the variables of the module that knows the precision in force.
cdef object _array_class = None
cdef object _rare = None
cdef dict _precision = None
cdef str _package = None  # folder of our own Python files


def set_imperative(array_class, rare, dict precision, str package):
    """Tell what class results have, and who answers what is not answered here.

    Parameters
    ----------
    array_class : type
        Subclass of `Array` without constructor of its own.
    rare : module
        `paratrain.ndarray.invoke`.
    precision : dict
        Variables of `paratrain._precision`.
    package : str
        Folder of the Python files that are not users'.
    """
    global _array_class, _rare, _precision, _package
    _array_class, _rare, _precision, _package = array_class, rare, precision, package


# -- arrays ---------------------------------------------------------------------------------------------------------

cdef dict _descs = {}
cdef int _blank = 0  # Array's constructor may be called without arguments
cdef tuple _no_args = ()


cdef tuple intern_desc(tuple shape, str dtype):
    """``(shape, dtype)``, the same object for the same values, so that plans are found quickly."""
    desc = (shape, dtype)
    cdef PyObject* found = PyDict_GetItem(_descs, desc)
    if found != NULL:
        return <tuple>found
    if dtype not in _FLAGS:
        raise TypeError(f"[NDArray] dtype must be one of {', '.join(_FLAGS)}; got {dtype!r}")
    desc = (tuple([int(n) for n in shape]), dtype)
    if any([n < 0 for n in <tuple>desc[0]]):
        raise ValueError(f"[NDArray] sizes must not be negative; got shape {shape}")
    if len(_descs) >= 100000:
        _descs.clear()
    _descs[desc] = desc
    return desc


cdef size_t desc_bytes(tuple desc) except? 0:
    cdef object n = _ITEM_SIZES[desc[1]]
    for d in <tuple>desc[0]:
        n *= d
    if n > PY_SSIZE_T_MAX:
        raise MemoryError(f"[NDArray] an array of shape {desc[0]} and type {desc[1]} needs {n} bytes")
    return n


cdef Array on_storage(Storage storage, int64_t offset, tuple desc):
    """An array of the class of results; `desc` is interned and fits into the storage."""
    global _blank
    cdef Array out
    cdef int before = _blank
    _blank = 1
    try:
        out = (<PyTypeObject*>_array_class).tp_new(_array_class, <PyObject*>_no_args, NULL)
    finally:
        _blank = before
    out.storage = storage
    out.offset = offset
    out.desc = desc
    out.shape = <tuple>desc[0]
    out.dtype_str = <str>desc[1]
    out.ptr = <char*>storage.ptr + offset
    return out


cdef Array new_array(tuple desc, size_t nbytes, int device_type, int device_id):
    """An uninitialised array."""
    cdef Storage storage
    if device_type == CPU_TYPE:
        storage = Storage.__new__(Storage)
        storage.device_id = device_id
        storage.take_pooled(nbytes)
    else:
        storage = Storage(device_type, device_id, nbytes)
    return on_storage(storage, 0, desc)


cdef inline Array share(Array x):
    """The same elements without history."""
    return on_storage(x.storage, x.offset, x.desc)


def empty(tuple shape, str dtype, int device_type, int device_id):
    """An uninitialised array of the class of results."""
    desc = intern_desc(shape, dtype)
    return new_array(desc, desc_bytes(desc), device_type, device_id)


def view(Array source, tuple shape, str dtype, int64_t offset=0):
    """An array of the class of results that shares the memory of another; `offset` bytes further on."""
    desc = intern_desc(shape, dtype)
    return on_storage(source.storage, check_place(source.storage, source.offset + offset, desc), desc)


cdef int64_t check_place(Storage storage, int64_t offset, tuple desc) except -1:
    """The offset, if an array has room there."""
    if offset < 0 or offset + desc_bytes(desc) > storage.nbytes:
        raise ValueError(
            f"[NDArray] an array of {desc} at byte {offset} does not fit into memory of {storage.nbytes} bytes")
    return offset


# -- plans ----------------------------------------------------------------------------------------------------------

cdef class Plan:
    """What a call with given operator, parameters, shapes, dtypes, device and mode comes to.

    Parameters
    ----------
    op : paratrain.ops.registry.Op
    attrs : dict
        Typed parameters.
    kernel : Kernel or None
        None for views.
    used : list of int
        Positions of the inputs in use among those of the definition.
    outs : list of tuple
        ``(shape, dtype)`` of all outputs.
    mutated : list of int
        Positions in `used` of the inputs that the kernel changes.
    """
    cdef readonly object op
    cdef readonly dict attrs
    cdef readonly Kernel kernel
    cdef readonly list used
    cdef readonly list outs
    cdef readonly list mutated
    cdef readonly int visible
    cdef readonly bint view
    cdef readonly bint random
    cdef bint differentiable
    cdef bint inplace
    cdef bint in_order  # all inputs are in use, as they come
    cdef vector[size_t] nbytes
    cdef dict kept  # by which inputs have a history (and device): what the gradient reads

    def __init__(self, op, dict attrs, Kernel kernel, list used, list outs, list mutated):
        self.op, self.attrs, self.kernel, self.used, self.mutated = op, attrs, kernel, used, mutated
        self.outs = [intern_desc(tuple(shape), dtype) for shape, dtype in outs]
        for desc in self.outs:
            self.nbytes.push_back(desc_bytes(desc))
        self.visible = op.num_visible(attrs)
        self.view, self.random, self.inplace = op.view, op.draws(attrs), op.inplace is True
        # a gradient that cannot be differentiated again is recorded, too: whoever needs that is told
        self.differentiable = op.gradient is not None or op.name.startswith("_backward")
        self.in_order = used == list(range(len(used)))
        self.kept = {}


cdef dict _plans = {}
# Of operations with a number: a program may use ever new ones, for each of which a plan is made after one that differs
# in the number only.
cdef dict _scalar_plans = {}
cdef dict _scalar_patterns = {}
cdef enum:
    MAX_PLANS = 20000
    MAX_SCALAR_PLANS = 1000


def plans():
    """All plans that are kept."""
    return [*_plans.values(), *_scalar_plans.values()]


def forget_plans():
    """Make every plan anew from now on."""
    _plans.clear()
    _scalar_plans.clear()
    _scalar_patterns.clear()


cdef object key_value(object value):
    """A parameter's value as part of a key: 0.0 == -0.0, but they are not the same; NaN == NaN does not hold."""
    if type(value) is float and (value == 0.0 or value != value):
        return repr(value)
    return value


cdef Plan find_plan(op, given, list inputs, int device_type):
    cdef list parts = [op, device_type * 2 + pt_mode.training]
    cdef PyObject* found
    for x in inputs:
        parts.append(None if x is None else (<Array>x).desc)
    if given:
        for name, value in given.items():
            parts.append(name)
            parts.append(tuple(value) if type(value) is list else key_value(value))
    key = tuple(parts)
    cdef bint scalar = len(parts) == 5 and type(parts[4]) is float and parts[3] == "scalar"
    cdef dict kept = _scalar_plans if scalar else _plans
    try:
        found = PyDict_GetItemWithError(kept, key)
    except TypeError:  # a parameter that cannot be looked up
        return _rare.make_plan(op, given, inputs, device_type, pt_mode.training)
    if found != NULL:
        return <Plan>found
    cdef Plan plan
    if scalar:
        plan = scalar_plan(parts, given, inputs, device_type)
    else:
        plan = <Plan?>_rare.make_plan(op, given, inputs, device_type, pt_mode.training)
    if len(kept) >= (MAX_SCALAR_PLANS if scalar else MAX_PLANS):
        kept.clear()
    kept[key] = plan
    return plan


cdef Plan scalar_plan(list parts, given, list inputs, int device_type):
    """The plan of an operation with a number, from one with another number where there is one."""
    pattern = tuple(parts[:3])
    cdef PyObject* found = PyDict_GetItem(_scalar_patterns, pattern)
    if found != NULL:
        return <Plan?>_rare.with_scalar(<object>found, parts[4], device_type, pt_mode.training)
    plan = <Plan?>_rare.make_plan(parts[0], given, inputs, device_type, pt_mode.training)
    if len(_scalar_patterns) >= MAX_PLANS:
        _scalar_patterns.clear()
    _scalar_patterns[pattern] = plan
    return plan


# -- calls ----------------------------------------------------------------------------------------------------------

def call(op, inputs, given, out=None, bint casts=True):
    """Call an operator on arrays.

    Parameters
    ----------
    op : Op
    inputs : sequence of NDArray or None
        In the order of the definition; None for inputs not in use.
    given : mapping
        Parameters as the user gave them.
    out : NDArray or list of NDArray, optional
        Arrays to write the results to.
    casts : bool
        Whether the call is a user's, to which mixed precision applies.

    Returns
    -------
    NDArray or list of NDArray
        The visible outputs; a list if there are several.

    Raises
    ------
    TypeError, ValueError, IndexError
        Before anything runs, with the operator's name, what was expected and what came.
    """
    cdef list ins = <list>inputs if type(inputs) is list else list(inputs)
    cdef int device_type = 0, device_id = 0
    cdef Storage storage
    for x in ins:
        if x is None:
            continue
        if type(x) is not _array_class and not isinstance(x, _array_class):
            _rare.context_of(op, ins, given)  # raises
        storage = (<Array>x).storage
        if device_type == 0:
            device_type, device_id = storage.device_type, storage.device_id
        elif device_type != storage.device_type or device_id != storage.device_id:
            _rare.context_of(op, ins, given)  # raises
    if device_type == 0:
        device_type, device_id = _rare.context_of(op, ins, given)
    if casts and <object>PyDict_GetItem(_precision, "active") is not None:
        ins = list(_precision["active"].arrays(op, given, ins))
    cdef Plan plan = find_plan(op, given, ins, device_type)
    if not plan.in_order or PyList_GET_SIZE(ins) != PyList_GET_SIZE(plan.used):
        ins = [ins[i] for i in plan.used]
    return run_plan(plan, ins, device_type, device_id, out)


cdef object run_plan(Plan plan, list ins, int device_type, int device_id, object out):
    """Run a plan on the inputs in use."""
    cdef list outs
    cdef Py_ssize_t i
    if out is not None and type(out) is _array_class and can_overwrite(plan, ins, <Array>out, device_type, device_id):
        outs = [out]
    elif out is not None:
        outs = _rare.outputs(plan, (device_type, device_id), out)
        if plan.view:
            _rare.copy_view(ins[0], outs[0])
        else:
            ins = _rare.safe_inputs(plan, ins, outs)
    elif plan.view:
        outs = [on_storage((<Array>ins[0]).storage, (<Array>ins[0]).offset, <tuple>plan.outs[0])]
    else:
        outs = []
        for i in range(PyList_GET_SIZE(plan.outs)):
            outs.append(new_array(<tuple>PyList_GET_ITEM(plan.outs, i), plan.nbytes[i], device_type, device_id))
    if not plan.view:
        for i in range(PyList_GET_SIZE(ins)):
            if (<Array>PyList_GET_ITEM(ins, i)).ptr == NULL:
                check_ghost(plan, i, <Array>PyList_GET_ITEM(ins, i))
        if plan.random:
            seed, step = _rare.next_key((device_type, device_id))
            invoke(plan.kernel, ins, outs, seed, step)
        else:
            invoke(plan.kernel, ins, outs)
        for position in plan.mutated:
            (<Array>ins[position]).storage.changes += 1
    if pt_mode.recording and plan.differentiable:
        record_call(plan, ins, outs)
    if plan.visible == 1:
        return <object>PyList_GET_ITEM(outs, 0)
    return outs[:plan.visible]


cdef bint can_overwrite(Plan plan, list ins, Array out, int device_type, int device_id) except -1:
    """Whether the only result may be written straight to `out`: the common ``x += y``; anything else is rare.

    It must fit, nothing may be recorded, and `out` may be the first input itself, but share no memory with others.
    """
    cdef Storage target = out.storage, source
    cdef char* begin = <char*>target.ptr
    cdef char* end = begin + target.nbytes
    cdef Py_ssize_t i
    if plan.view or pt_mode.recording or plan.mutated or len(plan.outs) != 1 or out.desc is not plan.outs[0]:
        return False
    if target.device_type != device_type or target.device_id != device_id:
        return False
    for i in range(PyList_GET_SIZE(ins)):
        if i == 0 and plan.inplace and <object>PyList_GET_ITEM(ins, i) is out:
            continue
        source = (<Array>PyList_GET_ITEM(ins, i)).storage
        if <char*>source.ptr < end and begin < <char*>source.ptr + source.nbytes:
            return False
    return True


# -- the tape -------------------------------------------------------------------------------------------------------

cdef class TapeNode:
    """One recorded call.

    Attributes
    ----------
    op : Op or None
        None for a `paratrain.autograd.Function`, which then is `backward`.
    inputs, outputs : list of NDArray
        Values as far as the gradient reads them; else arrays of the same shape that have no elements in memory.
        Outputs are views without history, so that the tape holds no cycle.
    sources : list
        For each input ``(TapeNode, output index)``, a `Leaf`, or None for constants.
    training : bool
        Whether the operator behaved as in training; its gradient does likewise.
    freed : bool
        Whether the values are gone.
    """
    cdef readonly object op
    cdef readonly dict attrs
    cdef public list inputs
    cdef public list outputs
    cdef readonly list sources
    cdef readonly object backward
    cdef public bint freed
    cdef readonly bint training
    cdef object code
    cdef int position

    def __init__(self, op, dict attrs, list inputs, list sources, list outputs, backward=None):
        self.op, self.attrs, self.backward = op, attrs, backward
        self.inputs, self.sources, self.outputs = inputs, sources, outputs
        self.training = pt_mode.training
        note_place(self)

    @property
    def name(self):
        """Name for messages."""
        return self.op.name if self.op is not None else type(self.backward).__name__

    @property
    def place(self):
        """File and line of the call in the user's program, such as ``train.py:12``; empty if it came from no file."""
        if self.code is None:
            return ""
        return f"{self.code.co_filename}:{pt_line(<PyObject*>self.code, self.position)}"


cdef dict _ours = {}  # file name: whether it is a file of this package


cdef int note_place(TapeNode node) except -1:
    """Remember where the innermost frame of the user's program stands; its line is looked up when somebody asks."""
    cdef PyObject* innermost = pt_innermost()
    cdef PyObject* ours
    cdef object frame, code, name
    if innermost == NULL:
        return 0
    frame = <object>innermost
    while frame is not None:
        code = owned(pt_code(<PyObject*>frame))
        name = <object>pt_file(<PyObject*>code)
        ours = PyDict_GetItem(_ours, name)
        if ours == NULL:
            _ours[name] = name.startswith(_package)
            ours = PyDict_GetItem(_ours, name)
        if not <bint>(<object>ours):
            node.code = code
            node.position = pt_position(<PyObject*>frame)
            return 0
        frame = owned(pt_caller(<PyObject*>frame))
    return 0


cdef inline object owned(PyObject* fresh):
    """The object of a new reference; None for a null one."""
    if fresh == NULL:
        return None
    out = <object>fresh
    Py_DECREF(out)
    return out


cdef int record_call(Plan plan, list ins, list outs) except -1:
    cdef list sources = []
    cdef uint64_t mask = 0
    cdef bint wanted = False
    cdef object source, with_history
    cdef Py_ssize_t i
    for x in ins:
        source = (<Array>x)._source
        mask <<= 1
        if source is not None:
            wanted = True
            mask |= 1
        sources.append(source)
    if not wanted:
        return 0
    cdef int device_id = (<Array>ins[0]).storage.device_id
    # what is kept of the others lies on their device; a plan serves all devices of a type
    with_history = mask if len(ins) <= 64 and device_id == 0 else (device_id, *[s is not None for s in sources])
    cdef PyObject* found = PyDict_GetItem(plan.kept, with_history)
    if found == NULL:
        plan.kept[with_history] = kept_values(plan, sources, ins, outs)
        found = PyDict_GetItem(plan.kept, with_history)
    cdef tuple kept = <tuple>found
    cdef list kept_ins = <list>kept[0], kept_outs = <list>kept[1]
    cdef TapeNode node = TapeNode.__new__(TapeNode)
    node.op, node.attrs, node.sources, node.training = plan.op, plan.attrs, sources, pt_mode.training
    # Inputs as they are: nothing can hang on them that their sources do not hold already.
    node.inputs = [x if kept_ins[i] is None else kept_ins[i] for i, x in enumerate(ins)]
    node.outputs = [share(<Array>x) if kept_outs[i] is None else kept_outs[i] for i, x in enumerate(outs)]
    note_place(node)
    for i in range(plan.visible):
        (<Array>outs[i])._source = (node, i)
    return 0


cdef tuple kept_values(Plan plan, list sources, list ins, list outs):
    """For each input and output None if the tape keeps it, else an array of its shape without elements."""
    if plan.op.gradient is None:
        needs_in, needs_out = [plan.op.composed is not None] * len(ins), [False] * len(outs)
    else:
        needs_in, needs_out = _rare.read_by_gradient(plan, [s is not None for s in sources])
    return ([None if n else ghost(<Array>x) for n, x in zip(needs_in, ins)],
            [None if n else ghost(<Array>x) for n, x in zip(needs_out, outs)])


cdef Array ghost(Array x):
    """An array of which only shape, dtype and device are there. No kernel may read it: `check_ghost` sees to that."""
    cdef Storage storage = Storage.__new__(Storage)
    storage.device_type, storage.device_id = x.storage.device_type, x.storage.device_id
    return on_storage(storage, 0, x.desc)


cdef int check_ghost(Plan plan, Py_ssize_t position, Array x) except -1:
    """Of an array without memory the kernel may read but the shape, unless there is nothing to read."""
    if desc_bytes(x.desc) and plan.op.input_names(plan.attrs)[position] not in plan.op.shape_only:
        raise RuntimeError(f"[{plan.op.name}] reads a value that autograd did not keep; this is a bug in paratrain")
    return 0


# -- arithmetic -----------------------------------------------------------------------------------------------------

cdef class Binary:
    """An operation on two arrays, or an array and a number.

    Parameters
    ----------
    same, broadcast : Op
        For arrays of equal shapes; for others.
    scalar, reverse : Op
        For a number after the array; before it.
    """
    cdef readonly object same
    cdef readonly object broadcast
    cdef readonly object scalar
    cdef readonly object reverse

    def __init__(self, same, broadcast, scalar, reverse):
        self.same, self.broadcast, self.scalar, self.reverse = same, broadcast, scalar, reverse

    def __call__(self, x, other, bint swapped=False, out=None):
        """``x op other`` for an array `x`, or, swapped, ``other op x``."""
        return combine(self, x, other, swapped, out)


cdef object combine(Binary what, Array x, object other, bint swapped, object out):
    cdef list ins
    cdef object op
    if isinstance(other, Array):
        # with equal shapes the gradient has no axis to sum over
        op = what.same if x.shape is (<Array>other).shape or x.shape == (<Array>other).shape else what.broadcast
        return call(op, [other, x] if swapped else [x, other], None, out)
    if type(other) is not float:
        if type(other) is not int:
            other = _rare.operand(x, other)
            if isinstance(other, Array):
                return combine(what, x, other, swapped, out)
        other = float(other)
    return call(what.reverse if swapped else what.scalar, [x], {"scalar": other}, out)


cdef Binary _add, _sub, _mul, _div, _mod, _power, _eq, _ne, _gt, _ge, _lt, _le


def set_arithmetic(dict table):
    """Tell what Python's operators on arrays mean: ``{'add': Binary, ...}``."""
    global _add, _sub, _mul, _div, _mod, _power, _eq, _ne, _gt, _ge, _lt, _le
    _add, _sub, _mul, _div = table["add"], table["subtract"], table["multiply"], table["divide"]
    _mod, _power, _eq, _ne = table["modulo"], table["power"], table["equal"], table["not_equal"]
    _gt, _ge, _lt, _le = table["greater"], table["greater_equal"], table["lesser"], table["lesser_equal"]


cdef object in_place(Binary what, Array x, object other):
    if x._source is not None and pt_mode.recording:
        raise ValueError("[NDArray] cannot change in place an array that autograd records; write x = x + y")
    combine(what, x, other, False, x)
    return x
