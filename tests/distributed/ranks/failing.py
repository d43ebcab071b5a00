"""Train a small network; the last rank does something bad in step 3."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from pathlib import Path

import numpy as np

import paratrain as mx
from paratrain.module import optimizing

what = sys.argv[1]
kv = mx.kv.create("dist_sync")
odd = kv.rank == kv.num_workers - 1
hidden = 9 if what == "model" and odd else 8
rows = 6 if what == "batch" and odd else 4
if what == "version" and odd:
    optimizing.__version__ = "0.0.1"
if what == "no data" and odd:
    rows = 0
net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=hidden, name="fc1")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=3, name="fc2"), name="softmax")
module = mx.mod.Module(net)
data = mx.io.NDArrayIter(np.ones((40 * rows, 5), "float32"), np.zeros(40 * rows, "float32"), batch_size=rows or 4)


def batch_end(param):
    if param.nbatch == 3:
        sys.stdout.write(f"rank {kv.rank} is in step 3\n")  # in one piece, whatever the other ranks print
        sys.stdout.flush()
        if what == "interrupt":
            time.sleep(30)
        if odd:
            misbehave()


def sleep_in_a_function():
    time.sleep(50)


def misbehave():
    if what == "raise":
        raise ValueError("the third step went wrong")
    if what == "exit":
        sys.exit(0)
    if what == "exit code":
        sys.exit(7)
    if what == "memory":
        np.ones(1 << 60, np.uint8)
    if what == "address space":
        now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + (256 << 20),) * 2)
        mx.nd.ones((1 << 28,))
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    if what == "sleep":
        sleep_in_a_function()
    if what == "parameter":
        arguments, others = module.get_params()
        changed = {"fc2_bias": arguments["fc2_bias"] + 1}
        module.set_params({**arguments, **changed}, others)
    if what == "short":
        raise StopIteration
    if what == "forward":
        module.forward_backward(mx.io.DataBatch([mx.nd.ones((4, 7))], [mx.nd.ones((4,))]))


module.fit(data, kvstore=kv, num_epoch=1, batch_end_callback=[batch_end, mx.callback.compare_parameters(5)])
print("done", flush=True)
