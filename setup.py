"""Build paratrain: two Cython borders over C++17, and (on request) the CUDA library.

    python setup.py build_ext --inplace -j2          # both extensions, beside their sources
    python setup.py build_ext --inplace --only NAME  # one of them, e.g. paratrain.io.native
    python setup.py build_cuda                       # libparatrain_cuda.so; see --help

Objects are compiled in parallel and only when a source or a header they include has changed.

Environment
-----------
ONEDNN_ROOT : prefix of an installed oneDNN >= 3 to use instead of the PyPI package.
PARATRAIN_MARCH : value for ``-march`` (default ``x86-64-v3`` on x86-64: AVX2 and FMA).
PARATRAIN_WERROR : ``1`` turns warnings of our own C++ into errors (as CI does).
CUDA_HOME : CUDA toolkit that build_cuda uses (default: PyPI's nvcc if installed, else that of nvcc on PATH).
PARATRAIN_OBJECTS : folder of compiled objects (default ``build``); trees that share one compile the same source once.
PARATRAIN_SANITIZE : value for ``-fsanitize``, e.g. ``address``; see ``make asan``.
"""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

from setuptools import Command, Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent
ROOMS = {"paratrain": "paratrain", "paratrain.ext": "ext", "paratrain.io": "io", "paratrain.launch": "launch"}


def packages() -> dict[str, str]:
    """All packages with their folders: the rooms and the folders with an __init__.py below them."""
    found = {}
    for room, folder in ROOMS.items():
        for init in sorted((ROOT / folder).rglob("__init__.py")):
            path = init.parent.relative_to(ROOT)
            inner = path.relative_to(folder)
            found[".".join([room, *inner.parts])] = str(path)
    return found


def onednn() -> tuple[Path, Path]:
    """Include and library folder of oneDNN: ONEDNN_ROOT, else the PyPI package."""
    root = os.environ.get("ONEDNN_ROOT")
    if root:
        return Path(root) / "include", Path(root) / "lib"
    try:
        dist = importlib.metadata.distribution("onednn-devel-cpu-gomp")
    except importlib.metadata.PackageNotFoundError:
        sys.exit(
            "paratrain: oneDNN was not found. pip install onednn-devel-cpu-gomp==2023.2.0 (x86-64), "
            "or set ONEDNN_ROOT to the prefix of an installed oneDNN >= 3."
        )
    header = next(f for f in dist.files or [] if f.name == "dnnl.hpp" and f.parent.name == "include")
    include = Path(str(dist.locate_file(header))).resolve().parent
    return include, include.parent / "lib"


def march() -> list[str]:
    chosen = os.environ.get("PARATRAIN_MARCH")
    if chosen:
        return [f"-march={chosen}"]
    return ["-march=x86-64-v3"] if platform.machine() == "x86_64" else []


def cxx_flags() -> list[str]:
    sanitize = os.environ.get("PARATRAIN_SANITIZE")
    flags = [
        "-O1" if sanitize else "-O3",
        "-std=c++17",
        "-fopenmp",
        "-fPIC",
        "-fvisibility=hidden",
        "-fno-math-errno",
        "-fno-trapping-math",
    ]
    flags += ["-Wall", "-Wextra", *march()]
    if os.environ.get("PARATRAIN_WERROR") == "1":
        flags.append("-Werror")
    if sanitize:
        flags += [f"-fsanitize={sanitize}", "-g1", "-fno-omit-frame-pointer"]
    return flags


def sources(folder: str) -> list[str]:
    return sorted(str(p.relative_to(ROOT)) for p in (ROOT / folder).rglob("*.cc"))


def extensions() -> list[Extension]:
    include, lib = onednn()
    # Installed: site-packages/paratrain/ext/ is four folders below prefix/lib, where PyPI's oneDNN puts its library.
    rpath = ["$ORIGIN/../../../..", str(Path(sys.prefix) / "lib")]
    if os.environ.get("ONEDNN_ROOT"):
        rpath.insert(0, str(lib))
    engine = Extension(
        "paratrain.ext.engine",
        ["ext/engine.pyx", *sources("ext/core"), *sources("ext/kernels")],
        include_dirs=["ext", str(include)],
        library_dirs=[str(lib)],
        libraries=["dnnl", "gomp", "dl"],
        extra_link_args=[f"-Wl,-rpath,{p}" for p in rpath],
        language="c++",
    )
    native = Extension(
        "paratrain.io.native", ["io/native.pyx", *sources("io/src")], include_dirs=["io/src"], language="c++"
    )
    return [e for e in (engine, native) if (ROOT / e.sources[0]).exists()]


class BuildExt(build_ext):
    """Compile objects in parallel, each only when something it was made from is newer."""

    user_options: ClassVar = [*build_ext.user_options, ("only=", None, "build just this extension")]

    def initialize_options(self) -> None:
        super().initialize_options()
        self.only: str | None = None

    def finalize_options(self) -> None:
        from Cython.Build import cythonize

        wanted = [e for e in self.distribution.ext_modules if self.only in (None, e.name)]
        # Before setuptools looks at the extensions: it marks those it has seen.
        self.distribution.ext_modules = cythonize(
            wanted, compiler_directives={"language_level": 3}, build_dir="build/cython"
        )
        super().finalize_options()
        self.jobs = int(self.parallel) if self.parallel and self.parallel is not True else os.cpu_count() or 1
        self.parallel = None

    def run(self) -> None:
        Path("build").mkdir(exist_ok=True)
        with open("build/lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two builds at once would mix their objects
            super().run()

    def build_extensions(self) -> None:
        # not build_temp: an editable install would give a new one each time and compile everything again
        kind = "-".join(filter(None, ["objects", sys.implementation.cache_tag, os.environ.get("PARATRAIN_SANITIZE")]))
        folder = Path(os.environ.get("PARATRAIN_OBJECTS", "build")) / kind
        compiler = os.environ.get("CXX", "g++")
        of = {source: ext for ext in self.extensions for source in ext.sources}
        objects: dict[str, list[str]] = {ext.name: [] for ext in self.extensions}
        with ThreadPoolExecutor(self.jobs) as pool:  # one for all extensions: no core waits for the end of the first
            jobs = {}
            for source in longest_first(list(of)):
                ext = of[source]
                includes = [f"-I{d}" for d in [*ext.include_dirs, *self.include_dirs]]
                command = [compiler, *flags_for(source), *includes]
                jobs[source] = pool.submit(compile_object, command, source, folder / ext.name)
            for source, job in jobs.items():
                objects[of[source].name].append(job.result())
        for ext in self.extensions:
            self.link(ext, compiler, sorted(objects[ext.name]))

    def link(self, ext: Extension, compiler: str, objects: list[str]) -> None:
        target = Path(self.get_ext_fullpath(ext.name))
        if not is_newer(target, objects):
            target.parent.mkdir(parents=True, exist_ok=True)
            # A running process may have the old library mapped: write beside it, then rename.
            fresh = target.with_suffix(".new")
            libs = [f"-L{d}" for d in ext.library_dirs] + [f"-l{n}" for n in ext.libraries]
            sanitize = [f for f in cxx_flags() if f.startswith("-fsanitize")]
            run([compiler, "-shared", "-pthread", *sanitize, *objects, *libs, *ext.extra_link_args, "-o", str(fresh)])
            fresh.replace(target)


def longest_first(files: list[str]) -> list[str]:
    """In the order to compile them, so that no job is left over at the end: kernels for many types take longest."""
    first = ("binary", "unary", "reduce", "update", "nn", "rnn", "contrib", "loss", "vision", "native", "engine")
    rank = {name: i for i, name in enumerate(first)}

    def place(file: str) -> tuple[int, bool, str]:
        name = Path(file).stem.removesuffix("_cpu")
        slow = file.endswith(("_cpu.cc", ".cu", ".cpp"))
        return rank.get(name, len(rank)) if slow else len(rank), not slow, file

    return sorted(files, key=place)


def flags_for(source: str) -> list[str]:
    if "build/cython" not in source:
        return cxx_flags()
    # Generated code: its warnings are not ours to mend, and there are no loops in it that -O3 would help.
    flags = [f for f in cxx_flags() if f not in ("-Wall", "-Wextra", "-Werror")]
    return ["-O2" if f == "-O3" else f for f in flags] + ["-w"]


def is_newer(target: Path, parts: list[str]) -> bool:
    return target.exists() and all(target.stat().st_mtime >= Path(p).stat().st_mtime for p in parts if Path(p).exists())


def compile_object(command: list[str], source: str, folder: Path) -> str:
    """Compile one source unless its object is newer than it, its headers and its command line."""
    obj = folder / (source.replace("/", "_") + ".o")
    deps, line = obj.with_suffix(".d"), obj.with_suffix(".cmd")
    full = [*command, "-MMD", "-MF", str(deps), "-c", source, "-o", str(obj)]
    made_by = " ".join([*command, source])
    if obj.exists() and deps.exists() and line.exists() and line.read_text() == made_by:
        made_from = deps.read_text().replace("\\\n", " ").split(":", 1)[1].split()
        if all(Path(p).exists() for p in made_from) and is_newer(obj, made_from):
            return str(obj)
    obj.parent.mkdir(parents=True, exist_ok=True)
    began = time.time()
    run(full)
    # As old as what it was made from: a header saved while the compiler ran must count as newer.
    os.utime(obj, (began, began))
    line.write_text(made_by)
    return str(obj)


def run(command: list[str]) -> None:
    print(" ".join(command), flush=True)
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise SystemExit(f"paratrain: the command above failed with exit status {done.returncode}")


class BuildCuda(Command):
    """Compile ext/**/*.cu with nvcc into libparatrain_cuda.so and link it (no GPU is needed for that)."""

    description = "build libparatrain_cuda.so"
    user_options: ClassVar = [
        ("arch=", None, "comma-separated compute capabilities (default 80,90; the last also as PTX)"),
        ("output=", None, "folder of the library (default ext/)"),
        ("jobs=", "j", "parallel compilations"),
    ]

    def initialize_options(self) -> None:
        self.arch, self.output, self.jobs = "80,90", "ext", str(os.cpu_count() or 1)

    def finalize_options(self) -> None:
        self.archs = [a.strip() for a in self.arch.split(",")]
        if not all(re.fullmatch(r"\d+[af]?", a) for a in self.archs):
            raise SystemExit(f"paratrain: --arch must be compute capabilities such as 80,90; got {self.arch!r}")
        if not self.jobs.isdigit() or int(self.jobs) < 1:
            raise SystemExit(f"paratrain: --jobs must be a whole number from 1 on; got {self.jobs!r}")

    def run(self) -> None:
        cuda = cuda_toolkit()
        codes = [f"-gencode=arch=compute_{a},code=sm_{a}" for a in self.archs]
        codes.append(f"-gencode=arch=compute_{self.archs[-1]},code=compute_{self.archs[-1]}")
        includes = ["-Iext", *[f"-I{d}" for d in cuda["include"]]]
        nvcc = [cuda["nvcc"], *nvcc_flags(), *codes, f'-DPT_CUDA_ARCHS="{"+".join(self.archs)}"', *includes]
        host = [os.environ.get("CXX", "g++"), *cxx_flags(), "-Iext"]
        folder = Path("build/cuda") / "-".join(self.archs)
        files = longest_first([str(p.relative_to(ROOT)) for p in (ROOT / "ext").rglob("*.cu")])
        with ThreadPoolExecutor(int(self.jobs)) as pool:
            jobs = [pool.submit(compile_object, nvcc, s, folder) for s in files]
            jobs += [pool.submit(compile_object, host, s, folder) for s in shared_sources()]
            objects = [job.result() for job in jobs]
        out = Path(self.output) / "libparatrain_cuda.so"
        out.parent.mkdir(parents=True, exist_ok=True)
        libs = [f"-L{d}" for d in cuda["lib"]] + ["-l:" + so for so in cuda["link"]]
        # Installed, the library lies in site-packages/paratrain/ext/, NVIDIA's in site-packages/nvidia/*/lib.
        rpath = [f"-Xlinker=-rpath,$ORIGIN/../../nvidia/{d}/lib" for d in ("cu13", "cudnn")]
        rpath += [f"-Xlinker=-rpath,{d},-rpath-link,{d}" for d in cuda["lib"]]
        fresh = out.with_suffix(".new")
        # no libcuda: the driver is found by the runtime when a GPU is used, so this links on any machine
        link = [cuda["nvcc"], "-shared", "-cudart=static", *codes, *objects, *libs, *rpath]
        run([*link, "-Xlinker=--no-undefined", "-o", str(fresh)])
        fresh.replace(out)


def nvcc_flags() -> list[str]:
    # 186: comparisons of unsigned types with zero, which are pointless only for some types of a template
    flags = ["-std=c++17", "-O3", "--extended-lambda", "--expt-relaxed-constexpr", "--diag-suppress=186"]
    host = "-fPIC,-Wall,-Wextra,-fvisibility=hidden"
    if os.environ.get("PARATRAIN_WERROR") == "1":
        host += ",-Werror"
        flags += ["--Werror", "all-warnings"]
    return [*flags, f"-Xcompiler={host}"]


def shared_sources() -> list[str]:
    """Sources without device code that the kernels of both devices use: the CUDA library gets its own copy."""
    plans = [s for s in sources("ext/kernels") if "/dnnl/" not in s and not s.endswith("_cpu.cc")]
    return ["ext/core/kernel.cc", *plans]


# nvcc, its headers and the static CUDA runtime are one thing and come from one place.
NVCC_WHEELS = ("nvidia-cuda-nvcc", "nvidia-cuda-runtime", "nvidia-cuda-crt", "nvidia-cuda-cccl", "nvidia-nvvm")
LIBRARY_WHEELS = ("nvidia-cublas", "nvidia-cudnn-cu13")


def wheel(name: str) -> importlib.metadata.Distribution | None:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def wheel_folders(name: str) -> list[Path]:
    """Folders site-packages/nvidia/* into which a wheel put headers."""
    dist = wheel(name)
    if dist is None:
        return []
    tops = {f.parts[1] for f in dist.files or [] if f.parts[0] == "nvidia" and len(f.parts) > 2}
    return [d for d in (Path(str(dist.locate_file("nvidia"))) / t for t in sorted(tops)) if (d / "include").is_dir()]


def nvcc_from_wheels() -> Path | None:
    """Home of PyPI's nvcc; stops where its parts are missing or of different versions."""
    if wheel(NVCC_WHEELS[0]) is None:
        return None
    missing = [n for n in NVCC_WHEELS if wheel(n) is None]
    if missing:
        sys.exit(f"paratrain: nvidia-cuda-nvcc is installed without its parts; pip install {' '.join(missing)}")
    # cccl is numbered by itself
    versions = {n: wheel(n).version.split(".")[:2] for n in NVCC_WHEELS if n != "nvidia-cuda-cccl"}
    if len({tuple(v) for v in versions.values()}) > 1:
        shown = ", ".join(f"{n} {'.'.join(v)}" for n, v in versions.items())
        sys.exit(f"paratrain: the parts of nvcc must have one version; installed are {shown}")
    home = next((d for d in wheel_folders("nvidia-cuda-nvcc") if (d / "bin/nvcc").exists()), None)
    if home is None:
        sys.exit("paratrain: nvidia-cuda-nvcc has no bin/nvcc; a CUDA 13 package is needed")
    return home


def nvcc_from_system() -> Path:
    """Home of the toolkit in CUDA_HOME, else of the nvcc on PATH (which may be a script that calls another one)."""
    root = os.environ.get("CUDA_HOME")
    nvcc = str(Path(root) / "bin/nvcc") if root else shutil.which("nvcc")
    if nvcc is None or not Path(nvcc).exists():
        sys.exit(f"paratrain: nvcc was not found; install CUDA >= 13, or pip install {' '.join(NVCC_WHEELS)}")
    shown = subprocess.run(
        [nvcc, "--dryrun", "-x", "cu", "-c", os.devnull, "-o", os.devnull], capture_output=True, text=True, check=False
    )
    tops = re.findall(r"^#\$ TOP=(.+)$", shown.stderr, re.MULTILINE)
    if not tops:
        sys.exit(f"paratrain: {nvcc} does not tell where its toolkit is:\n{shown.stderr}")
    return Path(os.path.realpath(tops[-1]))


def cuda_toolkit() -> dict:
    """nvcc, headers and libraries: PyPI's nvcc where it is installed, else a toolkit; cuBLAS and cuDNN from PyPI."""
    home = (None if os.environ.get("CUDA_HOME") else nvcc_from_wheels()) or nvcc_from_system()
    release = subprocess.run([str(home / "bin/nvcc"), "--version"], capture_output=True, text=True, check=True).stdout
    major = int(re.search(r"release (\d+)", release).group(1))
    if major < 13:
        sys.exit(f"paratrain: CUDA >= 13 is needed; {home} is CUDA {major}")
    folders = [d for n in LIBRARY_WHEELS for d in wheel_folders(n)]
    # the toolkit's own headers first: a folder of wheels may hold others
    include = [home / "include", *[d / "include" for d in dict.fromkeys(folders) if d != home]]
    lib = [d / "lib" for d in folders] + [home / "lib64", home / "lib"]
    lib = [d for d in dict.fromkeys(lib) if d.is_dir()]
    link = []
    for stem in (f"libcublas.so.{major}", "libcudnn.so.9"):
        if not any((d / stem).exists() for d in lib):
            sys.exit(f"paratrain: {stem} was not found; pip install {' '.join(LIBRARY_WHEELS)}")
        link.append(stem)
    return {"nvcc": str(home / "bin/nvcc"), "include": include, "lib": lib, "link": link}


PACKAGES = packages()
if __name__ == "__main__":
    os.chdir(ROOT)
    setup(
        packages=list(PACKAGES),
        package_dir=PACKAGES,
        include_package_data=False,  # sources of the engine belong to the sdist, not to the wheel
        package_data={
            "paratrain": ["py.typed"],
            # the headers: what chains are compiled with at run time (ext/nvrtc.py)
            "paratrain.ext": [
                "*.pyi",
                "*.pxd",
                "libparatrain_cuda.so",
                "core/dtype.h",
                "kernels/elementwise/math.h",
                "kernels/elementwise/slope.h",
                "kernels/elementwise/smooth.h",
            ],
            "paratrain.io": ["*.pyi"],
        },
        ext_modules=extensions() if not {"build_cuda", "egg_info", "clean"} & set(sys.argv) else [],
        cmdclass={"build_ext": BuildExt, "build_cuda": BuildCuda},
        zip_safe=False,
    )
