"""Nothing is missing: each operator has an example that runs, a place in the reference, kernels for both devices."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import paratrain as mx
from paratrain.ext import engine
from paratrain.ops import generate, reference
from paratrain.ops.examples import EXAMPLES
from paratrain.ops.registry import OPS, Op

ROOT = Path(__file__).resolve().parents[3]
CALLED = [op for op in dict.fromkeys(OPS.values()) if reference.public_name(op.name)]
#: Kernels that there are for the CPU only, and why.
CPU_ONLY = {
    "reorder": "only oneDNN has layouts to convert between",
    "sync_batch_norm": "its sums over the ranks are made in host memory",
    "sync_batch_norm_grad": "its sums over the ranks are made in host memory",
}
#: Families of kernels, each of which is instantiated for both devices.
FAMILIES = [
    line.strip().removeprefix("X(").partition(")")[0]
    for line in (ROOT / "ext/kernels/families.h").read_text().splitlines()
    if line.strip().startswith("X(")
]


@pytest.mark.parametrize("op", CALLED, ids=lambda op: op.name)
def test_its_example_runs(op: Op) -> None:
    assert op.example, f"{op.name} has no example: give its definition one, or add it to paratrain/ops/examples.py"
    test = doctest.DocTestParser().get_doctest(op.example + "\n", {"mx": mx}, op.name, None, 0)
    assert test.examples
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test)
    assert result.failed == 0


@pytest.mark.parametrize("op", CALLED, ids=lambda op: op.name)
def test_everything_is_said_of_it(op: Op) -> None:
    assert op.doc
    assert all(sentence for sentence in op.inputs.values())
    assert all(param.doc for param in op.params.values()), [n for n, p in op.params.items() if not p.doc]


def test_examples_are_of_operators() -> None:
    assert {name for name in EXAMPLES if name not in OPS or OPS[name].name != name} == set()


def test_functions_and_reference_are_as_the_definitions_say() -> None:
    assert generate.main(["--check"]) == 0
    assert reference.main(["--check"]) == 0


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_instantiated_for_both_devices(family: str) -> None:
    for suffix, device in ((".cu", "Cuda"), (".cc", "Cpu")):
        wanted = f"template void register_{family}<{device}>("
        assert any(wanted in path.read_text() for path in (ROOT / "ext/kernels").rglob(f"*{suffix}")), wanted


def test_every_kernel_is_there_for_both_devices() -> None:
    """Without the CUDA library: names stand in sources that both devices are compiled from."""
    shared = [p for p in (ROOT / "ext/kernels").rglob("*") if p.suffix in (".h", ".cu") and not p.stem.endswith("_cpu")]
    text = "\n".join(p.read_text() for p in shared)

    def is_shared(name: str) -> bool:
        # with a number and of a gradient: registered beside the operator's own
        plain = (name, name.removesuffix("_scalar"), name.removesuffix("_grad"))
        return any(f'"{n}"' in text or f"X({n}, " in text for n in plain)

    assert {n for n in engine.kernel_names() if not is_shared(n)} == set(CPU_ONLY)
