"""Forward pass of ResNet-50 (version 1) on 224 x 224 colour images, batch 1 and 16, each in a process of its own."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from residual import imagenet
from steps import Work, idle_module, idle_torch, images, torch_model
from timing import apart, rate, run

BATCHES = (1, 16)
NETWORK = imagenet(50)


def module_inference(mx: Any, batch: int) -> Work:
    values, _ = images((batch, 3, 224, 224))()
    module = mx.mod.Module(NETWORK.symbol(mx.sym), context=mx.cpu())
    module.bind(data_shapes=[("data", values.shape)], for_training=False)
    module.init_params(mx.init.Xavier())
    samples = mx.io.DataBatch([mx.nd.array(values)])
    return Work(lambda: module.forward(samples, is_train=False), mx.nd.waitall)


def torch_inference(torch: Any, batch: int, variant: str) -> Work:
    values, _ = images((batch, 3, 224, 224))()
    model, inputs = torch_model(torch, NETWORK.torch_network, values, variant)
    model.eval()
    if "compile" in variant:
        model = torch.compile(model)

    def step() -> None:
        with torch.inference_mode():
            model(inputs)

    return Work(step, lambda: None)


def measure(options: Namespace) -> dict[str, float]:
    """All batches, or the one that ``--part`` names."""
    if not options.part:
        return {name: value for batch in BATCHES for name, value in apart(options, part=batch).items()}
    batch = int(options.part)
    if options.contestant == "torch":
        torch, peak = idle_torch(options.variant)
        work = torch_inference(torch, batch, options.variant)
    else:
        mx, peak = idle_module(options.contestant)
        work = module_inference(mx, batch)
    speed = rate(*work, batch, options.seconds)
    return {f"batch {batch} samples/s": speed, **peak.measures(f"batch {batch} ")}


def arithmetic(options: Namespace) -> dict[str, float]:
    import flops

    import paratrain

    operations = flops.forward(NETWORK.symbol(paratrain.sym), data=(1, 3, 224, 224), softmax_label=(1,))
    return {f"batch {batch} samples/s": operations / 1e9 for batch in BATCHES}


if __name__ == "__main__":
    run({**dict.fromkeys(("paratrain", "mxnet", "torch"), measure), "arithmetic": arithmetic})
