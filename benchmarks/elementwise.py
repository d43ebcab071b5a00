"""Four layers of scale, shift, GELU, gate and residual on 2,048 x 1,024 numbers, and one dense layer.

What a fused kernel computes in one sweep takes a dozen sweeps operator by operator.
"""

from __future__ import annotations

from typing import Any

from steps import contestants, images
from timing import run

BATCH, WIDTH, LAYERS = 2048, 1024, 4


def symbol(sym: Any) -> Any:
    net = sym.Variable("data")
    for number in range(LAYERS):
        scale, shift, gate = (
            sym.Variable(f"{name}{number}_weight", shape=(1, WIDTH)) for name in ("scale", "shift", "gate")
        )
        x = sym.broadcast_add(sym.broadcast_mul(net, scale), shift)
        gelu = 0.5 * x * (1 + sym.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
        net = net + gelu * sym.sigmoid(sym.broadcast_mul(x, gate))
    return sym.SoftmaxOutput(sym.FullyConnected(net, num_hidden=10, name="fc"), name="softmax")


def torch_network(nn: Any) -> Any:
    import torch

    class Layer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale, self.shift, self.gate = (nn.Parameter(torch.rand(1, WIDTH)) for _ in range(3))

        def forward(self, inputs: Any) -> Any:
            x = inputs * self.scale + self.shift
            return inputs + nn.functional.gelu(x, approximate="tanh") * torch.sigmoid(x * self.gate)

    return nn.Sequential(*(Layer() for _ in range(LAYERS)), nn.Linear(WIDTH, 10))


if __name__ == "__main__":
    run(contestants(symbol, torch_network, images((BATCH, WIDTH))))
