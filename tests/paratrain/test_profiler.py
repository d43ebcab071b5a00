"""The profiler: tables, traces, objects of the user, refusals; and nothing recorded while it rests."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import paratrain as mx
from paratrain import profiler
from paratrain.ext import engine
from paratrain.ops.registry import OPS
from paratrain.profiler.machine import MachineLimits
from paratrain.profiler.rows import Row


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path) -> Iterator[Path]:
    """A profiler in its first state, whose trace goes to a folder of the test."""
    profiler.set_config(filename=tmp_path / "profile.json", profile_memory=False)
    profiler.stop()
    profiler.dumps(reset=True)
    yield tmp_path / "profile.json"
    profiler.stop()
    profiler.set_config(filename=tmp_path / "profile.json")
    profiler.dump()
    profiler.dumps(reset=True)
    profiler.set_config()


def network() -> Any:
    net = mx.sym.Convolution(mx.sym.Variable("data"), kernel=(3, 3), num_filter=4, name="conv")
    net = mx.sym.Pooling(net, kernel=(2, 2), stride=(2, 2), name="pool")  # keeps its neighbours from being fused
    net = mx.sym.Activation(net, act_type="tanh", name="act")
    return mx.sym.FullyConnected(net, num_hidden=3, name="fc")


def bound() -> Any:
    return network().simple_bind(mx.cpu(), data=(2, 3, 8, 8))


def figures(**arguments: Any) -> dict[str, Any]:
    return json.loads(profiler.dumps(format="json", **arguments))


def trace(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text())["traceEvents"]


# tables


def test_a_step_has_a_row_for_each_node_and_its_operator() -> None:
    ex = bound()
    profiler.start()
    for _ in range(3):
        ex.forward_backward()
    profiler.stop()
    found = figures()
    steps = {row["Name"]: row for row in found["Node"]}
    assert {"conv", "act", "fc"} <= steps.keys()
    conv = steps["conv"]
    assert (conv["Operator"], conv["Count"], conv["FLOPs"]) == ("Convolution", 3, 3 * 2 * (2 * 4 * 6 * 6) * 27)
    assert "dnnl" in conv["Kernel"]
    assert conv["Bytes"] >= 3 * 4 * (2 * 3 * 64 + 4 * 27 + 4 + 2 * 4 * 36)
    assert found["Time"]["operator"]["Convolution"]["Count"] == 3
    assert found["Time"]["api"]["Executor.forward_backward"]["Count"] == 3


def test_totals_agree() -> None:
    ex = bound()
    profiler.start()
    ex.forward_backward()
    profiler.stop()
    found = figures()
    nodes, operators = found["Node"], found["Time"]["operator"].values()
    whole = sum(row["Total"] for row in nodes)
    assert whole == pytest.approx(sum(row["Total"] for row in operators))
    assert whole <= found["Time"]["api"]["Executor.forward_backward"]["Total"]
    assert sum(row["Share"] for row in nodes) == pytest.approx(1)
    assert sum(row["FLOPs"] for row in nodes) == sum(row["FLOPs"] for row in operators)
    for row in nodes:
        assert row["Min"] <= row["Avg"] <= row["Max"]
        assert row["Avg"] * row["Count"] == pytest.approx(row["Total"])


def test_operators_called_one_by_one_are_counted() -> None:
    a = mx.nd.ones((16, 8))
    profiler.start()
    for _ in range(4):
        mx.nd.dot(a, a, transpose_b=True)
    profiler.stop()
    row = figures()["Time"]["operator"]["dot"]
    assert (row["Count"], row["FLOPs"], row["Bytes"]) == (4, 4 * 2 * 16 * 16 * 8, 4 * 4 * (16 * 8 * 2 + 16 * 16))
    assert figures()["Node"] == []


def test_table_shows_names_columns_and_limits() -> None:
    ex = bound()
    profiler.start()
    ex.forward()
    mx.nd.ones((2,)) + 1
    profiler.stop()
    table = profiler.dumps()
    assert re.search(r"^conv +Convolution +dnnl\S+ +1 ", table, re.MULTILINE)
    assert re.search(r"^_plus_scalar +1 ", table, re.MULTILINE)
    for title in ("Total Count", "Time (ms)", "MB", "MFLOP", "GB/s", "GFLOP/s", "Roofline (%)"):
        assert title in table
    assert re.search(r"Limits measured on the CPU: [\d.]+ GFLOP/s, [\d.]+ GB/s", table)


@pytest.mark.parametrize("key", ["total", "avg", "min", "max", "count"])
@pytest.mark.parametrize("ascending", [False, True])
def test_order_of_rows(key: str, ascending: bool) -> None:
    ex = bound()
    profiler.start()
    ex.forward_backward()
    ex.forward()
    profiler.stop()
    values = [row[key.capitalize()] for row in figures(sort_by=key, ascending=ascending)["Node"]]
    assert values == sorted(values, reverse=not ascending)


def test_reset_begins_afresh() -> None:
    x = mx.nd.ones((2, 2))
    profiler.start()
    mx.nd.exp(x)
    assert "exp" in profiler.dumps(reset=True)
    mx.nd.log(x)
    table = profiler.dumps()
    assert "log" in table
    assert "exp" not in table


def test_memory_is_a_row_of_its_own() -> None:
    profiler.set_config(profile_memory=True)
    profiler.start()
    kept = mx.nd.zeros((1 << 18,))
    profiler.stop()
    row = figures()["Memory"]["Device Storage"]["Memory: cpu/0"]
    assert row["Max"] >= kept.size * 4 / 1e3


def test_program_of_an_executor() -> None:
    net = mx.sym.BatchNorm(network(), name="bn", fix_gamma=False)
    ex = net.simple_bind(mx.cpu(), data=(2, 3, 8, 8), grad_req="add")
    ex.arg_dict["data"][:] = np.random.default_rng(0).normal(size=(2, 3, 8, 8))
    before = {n: a.asnumpy().copy() for n, a in (*ex.aux_dict.items(), *ex.grad_dict.items())}
    found = ex.profile(steps=4)
    rows = {row.name: row for row in found.rows}
    assert [row.name for row in found.rows if row.operator in OPS][:4] == ["conv", "pool", "act", "fc"]
    assert rows["fc"].count == 4
    assert rows["fc"].flops == 4 * 2 * 2 * 3 * 36
    assert re.search(r"^conv +Convolution ", str(found), re.MULTILINE)
    assert all(row.roofline >= 0 for row in found.rows)
    assert found.total.total == pytest.approx(sum(row.total for row in found.rows))
    assert re.search(r"One run: [\d.]+ ms, .* of the limits \([\d.]+ GFLOP/s", str(found))
    for name, value in before.items():
        np.testing.assert_array_equal({**ex.aux_dict, **ex.grad_dict}[name].asnumpy(), value)
    assert engine.profile_count() == 0
    with pytest.raises(ValueError, match="steps must be at least 1"):
        ex.profile(0)


def test_roofline_is_the_nearer_of_two_limits() -> None:
    limits = MachineLimits(flops=100.0, bandwidth=10.0)
    assert limits.seconds(50, 1) == 0.5
    assert limits.seconds(5, 20) == 2
    row = Row("x", count=1, total=4000.0, ideal=limits.seconds(5, 20) * 1e3)
    assert row.roofline == 0.5


def test_limits_are_measured_once() -> None:
    first = profiler.machine_limits()
    began = time.perf_counter()
    assert profiler.machine_limits(mx.cpu()) is first
    assert time.perf_counter() - began < 0.1
    assert first.flops > 1e9
    assert first.bandwidth > 1e8


# operators


HEAVY = re.compile(
    r"Convolution|Deconvolution|FullyConnected|dot$|gemm|RNN|Pooling|Norm|[sS]oftmax|LRN|attention", re.ASCII
)


def test_heavy_operators_say_how_much_they_compute() -> None:
    heavy = {op.name for op in OPS.values() if HEAVY.search(op.name)}
    assert len(heavy) > 30
    assert sorted(name for name in heavy if OPS[name].flops is None) == []


DENSE = {"num_hidden": 3}
CONV = {"kernel": (3, 3), "num_filter": 4, "stride": (2, 2), "num_group": 2}
ARITHMETIC: list[tuple[str, dict[str, Any], list[tuple], int]] = [
    ("FullyConnected", DENSE, [(2, 5), (3, 5), (3,)], 2 * 2 * 3 * 5),
    ("Convolution", CONV, [(1, 6, 7, 7), (4, 3, 3, 3), (4,)], 2 * 4 * 9 * 27),
    ("Deconvolution", {"kernel": (2, 2), "num_filter": 4}, [(1, 6, 3, 3), (6, 4, 2, 2)], 2 * 6 * 9 * 16),
    ("dot", {}, [(4, 5), (5, 6)], 2 * 4 * 5 * 6),
    ("batch_dot", {"transpose_a": True}, [(7, 5, 4), (7, 5, 6)], 2 * 7 * 4 * 5 * 6),
    ("Pooling", {"kernel": (2, 2), "stride": (2, 2), "pool_type": "avg"}, [(1, 2, 4, 4)], 2 * 4 * 4),
    ("Pooling", {"global_pool": True, "pool_type": "max"}, [(1, 2, 4, 4)], 2 * 16),
    ("BatchNorm", {}, [(2, 3, 4)] + [(3,)] * 4, 5 * 24),
    ("softmax", {}, [(2, 3)], 4 * 6),
    ("sum", {}, [(2, 3)], 6),
    ("exp", {}, [(2, 3)], 6),
    ("Flatten", {}, [(2, 3, 4)], 0),
    (
        "RNN",
        {"mode": "lstm", "state_size": 4, "num_layers": 1},
        [(5, 2, 3), (4 * 4 * (3 + 4 + 2),), (1, 2, 4), (1, 2, 4)],
        2 * 5 * 2 * 4 * 4 * 7,
    ),
]


@pytest.mark.parametrize(("name", "params", "shapes", "expected"), ARITHMETIC)
def test_arithmetic_of(name: str, params: dict[str, Any], shapes: list[tuple], expected: int) -> None:
    arrays = [mx.nd.ones(s) for s in shapes]
    profiler.start()
    getattr(mx.nd, name)(*arrays, **params)
    profiler.stop()
    if OPS[name].view:
        assert OPS[name].count_flops({}, [(s, "float32") for s in shapes], []) == expected
    else:
        assert figures()["Time"]["operator"][name]["FLOPs"] == expected


@pytest.mark.parametrize(
    ("name", "factor"), [("FullyConnected", 1), ("Convolution", 1), ("Deconvolution", 1), ("RNN", 2), ("dot", 1)]
)
def test_each_gradient_does_the_work_of_forward(name: str, factor: int) -> None:
    _, params, shapes, expected = next(row for row in ARITHMETIC if row[0] == name)
    variables = [mx.sym.Variable(f"v{i}") for i in range(len(shapes))]
    net = getattr(mx.sym, name)(*variables, name="it", **params)
    ex = net.simple_bind(mx.cpu(), **{f"v{i}": s for i, s in enumerate(shapes)})
    back = [row.flops for row in ex.profile(1).rows if row.operator.startswith(f"_backward_{name}")]
    assert back
    assert all(flops == factor * expected for flops in back)


# traces


def test_trace_is_json_with_a_lane_for_each_thread(fresh: Path) -> None:
    ex = bound()
    task = profiler.Domain("mine").new_task("other thread")

    def work() -> None:
        with task:
            mx.nd.ones((2,)) * 2

    profiler.start()
    before = time.time_ns()
    ex.forward_backward()
    thread = threading.Thread(target=work, name="helper")
    thread.start()
    thread.join()
    profiler.dump()
    whole = json.loads(fresh.read_text())
    events = whole["traceEvents"]
    lanes = {e["args"]["name"]: e["tid"] for e in events if e["name"] == "thread_name"}
    assert set(lanes) == {"compute", "helper"}
    assert {e["pid"] for e in events} == {0}
    conv = next(e for e in events if e["name"] == "conv")
    assert (conv["ph"], conv["tid"], conv["args"]["operator"]) == ("X", lanes["compute"], "Convolution")
    assert next(e for e in events if e["name"] == "_mul_scalar")["tid"] == lanes["helper"]
    kinds = [e["ph"] for e in events if e["name"] == "other thread"]
    assert kinds == ["b", "e"]
    assert abs(whole["otherData"]["base_time_ns"] + conv["ts"] * 1e3 - before) < 1e9
    inside = [e for e in events if e["ph"] == "X" and e["tid"] == lanes["compute"] and e["cat"] == "operator"]
    step = next(e for e in events if e["name"] == "Executor.forward_backward")
    assert all(step["ts"] <= e["ts"] and e["ts"] + e["dur"] <= step["ts"] + step["dur"] + 1e-3 for e in inside)


def test_a_finished_trace_ends_and_the_next_one_begins(fresh: Path) -> None:
    x = mx.nd.ones((2,))
    profiler.start()
    mx.nd.exp(x)
    profiler.dump(finished=False)
    assert "exp" in {e["name"] for e in trace(fresh)}
    mx.nd.log(x)
    profiler.dump()
    assert {"exp", "log"} <= {e["name"] for e in trace(fresh)}
    mx.nd.sin(x)  # the finished dump has stopped the profiler
    profiler.dump()
    assert {"exp", "log"} <= {e["name"] for e in trace(fresh)}
    profiler.start()
    mx.nd.cos(x)
    profiler.dump()
    assert {e["name"] for e in trace(fresh)} & {"exp", "log", "sin", "cos"} == {"cos"}
    assert "exp" in profiler.dumps()  # tables last until they are reset


def test_continuous_dump_keeps_the_file_complete(fresh: Path) -> None:
    profiler.set_config(filename=fresh, continuous_dump=True, dump_period=0.02)
    profiler.start()
    x = mx.nd.ones((2,))
    deadline = time.monotonic() + 20
    while not (fresh.exists() and "exp" in fresh.read_text()) and time.monotonic() < deadline:
        mx.nd.exp(x)
        time.sleep(0.01)
    mx.nd.log(x)
    profiler.stop()
    assert {"exp", "log"} <= {e["name"] for e in trace(fresh)}
    assert "paratrain profiler" not in {t.name for t in threading.enumerate()}


# objects of the user


def test_tasks_frames_events_are_timed() -> None:
    domain = profiler.Domain("mine")
    profiler.start()
    for made in (domain.new_task("task"), domain.new_frame("frame"), profiler.Event("event")):
        for _ in range(2):
            made.start()
            made.stop()
    profiler.stop()
    times = figures()["Time"]
    assert {n: r["Count"] for n, r in times["mine"].items()} == {"task": 2, "frame": 2}
    assert times["event"]["event"]["Count"] == 2
    assert [str(domain), str(domain.new_task("x"))] == ["mine", "x"]


def test_counters_and_markers(fresh: Path) -> None:
    domain = profiler.Domain("mine")
    profiler.start()
    counter = domain.new_counter("queue", 5)
    counter += 3
    counter.decrement(2)
    counter -= 1
    counter.set_value(4)
    counter.increment()
    marker = domain.new_marker("here")
    marker.mark()
    marker.mark("global")
    profiler.dump()
    events = trace(fresh)
    assert [e["args"]["queue"] for e in events if e["name"] == "queue"] == [5, 8, 6, 5, 4, 5]
    assert [e["s"] for e in events if e["name"] == "here"] == ["p", "g"]
    assert figures()["Counter"]["mine"]["queue"] == {"Count": 6, "Min": 4, "Max": 8, "Avg": 5.5}
    assert (str(counter), str(marker), counter.value) == ("queue", "here", 5)
    with pytest.raises(ValueError, match="scope must be one of global, process"):
        marker.mark("world")


def test_stop_needs_start() -> None:
    with pytest.raises(RuntimeError, match="Task 'late' was not started"):
        profiler.Domain("mine").new_task("late").stop()


# states and settings


def test_nothing_is_recorded_while_it_rests() -> None:
    ex = bound()
    ex.forward_backward()
    mx.nd.ones((2,)) * 2
    with profiler.Domain("mine").new_task("x"):
        profiler.Domain("mine").new_counter("c", 1)
    profiler.start()
    profiler.pause()
    ex.forward()
    assert engine.profile_count() == 0
    profiler.resume()
    ex.forward()
    profiler.stop()
    ex.forward()
    assert figures()["Time"]["operator"]["Convolution"]["Count"] == 1


@pytest.mark.parametrize(
    ("setting", "kept"),
    [
        ("profile_symbolic", {"exp", "api"}),
        ("profile_imperative", {"conv", "api"}),
        ("profile_api", {"conv", "exp"}),
    ],
)
def test_what_is_recorded(setting: str, kept: set[str]) -> None:
    profiler.set_config(**{setting: False, "profile_memory": False})
    ex, x = bound(), mx.nd.ones((2,))
    profiler.start()
    ex.forward()
    mx.nd.exp(x)
    profiler.stop()
    found = figures()
    names = {row["Name"] for row in found["Node"]} | found["Time"].keys() | found["Time"]["operator"].keys()
    assert names & {"exp", "conv", "api"} == kept
    profiler.set_config(**{setting: False, "profile_all": True})
    profiler.start()
    assert engine.profile_bits() & 15 == 15


REFUSED: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: profiler.set_config(profile_al=True), TypeError, "no setting 'profile_al'; settings are filename, "),
    (lambda: profiler.set_config(profile_all=1), TypeError, "profile_all must be True or False; got 1"),
    (lambda: profiler.set_config(filename=3), TypeError, "filename must be a path; got 3"),
    (lambda: profiler.set_config(filename="/no/such/p.json"), ValueError, "folder of '/no/such/p.json' does not exist"),
    (lambda: profiler.set_config(dump_period="1"), TypeError, "dump_period must be a number of seconds"),
    (lambda: profiler.set_config(dump_period=0), ValueError, "dump_period must be more than 0"),
    (lambda: profiler.set_config(profile_process="server"), ValueError, "there is no server"),
    (lambda: profiler.set_state("on"), ValueError, "state must be 'run' or 'stop'; got 'on'"),
    (lambda: profiler.set_state("run", "server"), ValueError, "there is no server"),
    (lambda: profiler.pause("me"), ValueError, "profile_process must be 'worker'; got 'me'"),
    (lambda: profiler.dump(True, "server"), ValueError, "there is no server"),
    (lambda: profiler.dumps(format="html"), ValueError, "format must be 'table' or 'json'; got 'html'"),
    (lambda: profiler.dumps(sort_by="name"), ValueError, "sort_by must be one of total, avg, min, max, count"),
    (lambda: profiler.dumps(reset=1), TypeError, "reset must be True or False; got 1"),
]


@pytest.mark.parametrize(("call", "error", "text"), REFUSED)
def test_refusals(call: Callable[[], Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)):
        call()


def test_tables_can_be_given_up() -> None:
    profiler.set_config(aggregate_stats=False)
    with pytest.raises(RuntimeError, match="needs aggregate_stats=True"):
        profiler.dumps()


def test_deprecated_names(fresh: Path) -> None:
    with pytest.warns(DeprecationWarning, match="use set_config"):
        profiler.profiler_set_config("all", fresh)
    with pytest.warns(DeprecationWarning, match="use set_state"):
        profiler.profiler_set_state("run")
    mx.nd.ones((2,)) * 2
    with pytest.warns(DeprecationWarning, match="use dump"):
        profiler.dump_profile()
    assert "_mul_scalar" in {e["name"] for e in trace(fresh)}
    with pytest.raises(ValueError, match="mode must be 'symbolic' or 'all'"), pytest.warns(match="use set_config"):
        profiler.profiler_set_config("imperative")
