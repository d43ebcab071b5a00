"""The order of backward."""

from __future__ import annotations

import pytest

from paratrain.graph.compile import build
from paratrain.graph.ir import Entry, F, Node
from paratrain.graph.lower import lower


def arena(layers: int) -> int:
    """Bytes for a chain of sines, whose gradient multiplies a cosine from the left."""
    x = Entry(Node(None, "x"))
    net = x
    for _ in range(layers):
        net = F.sin(net)
    return lower(build([net], {"x": ((64, 64), "float32")}, 1, True, {"x": "write"})).arena_bytes


def test_what_needs_no_gradient_is_not_computed_early() -> None:
    size = 4 * 64 * 64
    assert arena(20) - arena(10) == 10 * size  # the results; not their cosines too


@pytest.mark.parametrize("layers", [1, 3])
def test_gradients_of_late_layers_come_first(layers: int) -> None:
    x = Entry(Node(None, "x"))
    net = x
    for i in range(layers):
        net = F.tanh(F.elemwise_mul(net, Entry(Node(None, f"w{i}"))))
    variables = {n: ((4,), "float32") for n in ("x", *(f"w{i}" for i in range(layers)))}
    graph = build([net], variables, 1, True, dict.fromkeys(variables, "write"))
    position = {id(n): i for i, n in enumerate(graph.backward)}
    assert [name for name, _ in graph.grads] == [*(f"w{i}" for i in reversed(range(1, layers))), "x", "w0"]
    places = [position[id(e.node)] for _, e in graph.grads]
    assert places == sorted(places)
