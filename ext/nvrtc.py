"""Compiling CUDA source at run time, by NVRTC; needs neither a driver nor a GPU. What was compiled is kept on disk."""

from __future__ import annotations

import ctypes
import functools
import hashlib
import importlib.util
from pathlib import Path
from typing import Any

from paratrain.base import ParatrainError
from paratrain.ext import cache

__all__ = ["HEADERS", "compiled", "headers", "nvrtc", "version"]

_NAME = "libnvrtc.so.13"
#: Sources of the kernels that compiled source may include, under the names that it includes them by.
HEADERS = (
    "core/dtype.h",
    "kernels/elementwise/math.h",
    "kernels/elementwise/slope.h",
    "kernels/elementwise/smooth.h",
)
_TYPES = """\
typedef signed char int8_t; typedef unsigned char uint8_t; typedef short int16_t; typedef unsigned short uint16_t;
typedef int int32_t; typedef unsigned int uint32_t; typedef long long int64_t; typedef unsigned long long uint64_t;
"""
_MATH = """\
#define NAN __int_as_float(0x7fffffff)
#define INFINITY __int_as_float(0x7f800000)
namespace std {
using ::acos; using ::acosh; using ::asin; using ::asinh; using ::atan; using ::atanh; using ::cbrt; using ::ceil;
using ::cos; using ::cosh; using ::erf; using ::exp; using ::expm1; using ::floor; using ::fmod; using ::hypot;
using ::lgamma; using ::log; using ::log10; using ::log1p; using ::log2; using ::pow; using ::round; using ::sin;
using ::sinh; using ::sqrt; using ::tan; using ::tanh; using ::tgamma; using ::trunc;
}
"""
_TRAITS = """\
namespace std {
template <class A, class B> struct is_same { static constexpr bool value = false; };
template <class A> struct is_same<A, A> { static constexpr bool value = true; };
template <class A, class B> constexpr bool is_same_v = is_same<A, B>::value;
template <class T> constexpr bool is_floating_point_v = is_same_v<T, float> || is_same_v<T, double>;
template <class T> constexpr bool is_signed_v = T(-1) < T(0);
template <bool C, class A, class B> struct conditional { using type = A; };
template <class A, class B> struct conditional<false, A, B> { using type = B; };
template <bool C, class A, class B> using conditional_t = typename conditional<C, A, B>::type;
}
"""
#: What those need of the C++ library, which NVRTC does not bring.
_STANDARD = {"cstdint": _TYPES, "cstring": "", "cmath": _MATH, "type_traits": _TRAITS, "limits": ""}
_OPTIONS = ("--std=c++17", "--extra-device-vectorization")


@functools.cache
def nvrtc() -> ctypes.CDLL:
    """The library.

    Raises
    ------
    ParatrainError
        If it is not installed.
    """
    found = importlib.util.find_spec("nvidia")
    roots = [Path(p) for p in (found.submodule_search_locations or [])] if found is not None else []
    names = [str(r / "cu13/lib" / _NAME) for r in roots if (r / "cu13/lib" / _NAME).exists()] or [_NAME]
    try:
        lib = ctypes.CDLL(names[0])
    except OSError as e:
        raise ParatrainError(
            f"[gpu] {_NAME}, which compiles chains of operators, cannot be loaded ({e}); pip install 'paratrain[gpu]'"
        ) from None
    lib.nvrtcGetErrorString.restype = ctypes.c_char_p
    return lib


@functools.cache
def version() -> str:
    """Version of NVRTC, such as ``'13.0'``."""
    major, minor = ctypes.c_int(), ctypes.c_int()
    _check(nvrtc().nvrtcVersion(ctypes.byref(major), ctypes.byref(minor)))
    return f"{major.value}.{minor.value}"


def _check(status: int) -> None:
    if status:
        raise ParatrainError(f"[gpu] NVRTC: {nvrtc().nvrtcGetErrorString(status).decode()}")


@functools.cache
def headers() -> dict[str, str]:
    """Texts of everything that compiled source may include, by name."""
    here = Path(__file__).parent
    return {**_STANDARD, **{name: (here / name).read_text() for name in HEADERS}}


@functools.cache
def compiled(source: str, arch: str) -> bytes:
    """Machine code for a GPU.

    Parameters
    ----------
    source : str
        CUDA C++, which may include `headers`.
    arch : str
        Compute capability, such as ``'90'``.

    Returns
    -------
    bytes
        A cubin.

    Raises
    ------
    ParatrainError
        If NVRTC is missing or refuses the source; with what it says.
    """
    parts = [source, arch, version(), *_OPTIONS, *(t for pair in sorted(headers().items()) for t in pair)]
    name = f"chains/{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}.cubin"
    kept = cache.read_bytes(name)
    if kept is not None and kept.startswith(b"\x7fELF"):
        return kept
    made = _compile(source, arch)
    cache.keep_bytes(name, made)
    return made


def _compile(source: str, arch: str) -> bytes:
    lib, program = nvrtc(), ctypes.c_void_p()
    texts = headers()
    count = len(texts)
    bodies = (ctypes.c_char_p * count)(*(t.encode() for t in texts.values()))
    names = (ctypes.c_char_p * count)(*(n.encode() for n in texts))
    _check(lib.nvrtcCreateProgram(ctypes.byref(program), source.encode(), b"chain.cu", count, bodies, names))
    try:
        options = [o.encode() for o in (*_OPTIONS, f"--gpu-architecture=sm_{arch}")]
        status = lib.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
        if status:
            said = _text(program, lib.nvrtcGetProgramLogSize, lib.nvrtcGetProgramLog).rstrip(b"\0").decode()
            raise ParatrainError(f"[gpu] NVRTC {version()} refuses a chain for sm_{arch}:\n{said}\n{source}")
        return _text(program, lib.nvrtcGetCUBINSize, lib.nvrtcGetCUBIN)
    finally:
        lib.nvrtcDestroyProgram(ctypes.byref(program))


def _text(program: ctypes.c_void_p, size_of: Any, get: Any) -> bytes:
    size = ctypes.c_size_t()
    _check(size_of(program, ctypes.byref(size)))
    data = ctypes.create_string_buffer(size.value)
    _check(get(program, data))
    return data.raw
