from __future__ import annotations

import logging
import math
from collections import namedtuple

import numpy as np
import pytest
from replay import check, load_area

import paratrain as mx
from paratrain.base import MXNetError
from paratrain.module.executor_group import split_batch
from paratrain.optimizer.flat import FlatUpdater
from paratrain.optimizer.states import dumps

AREA = load_area("module")


# To come: modules in sequence. On purpose: score leaves out rows that only fill up a batch (docs/differences.md).
OTHER = ("sequential", "python-loss", "score-predict")


@pytest.mark.parametrize("case", AREA.without(*OTHER), ids=str)
def test_recorded(case):
    check(case)


def network(hidden=4):
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=hidden, name="fc1")
    net = mx.sym.Activation(net, act_type="tanh")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=3, name="fc2"), name="softmax")


def batch(rows=4, columns=5, seed=0):
    rng = np.random.default_rng(seed)
    data, label = rng.normal(size=(rows, columns)), rng.integers(0, 3, rows)
    return mx.io.DataBatch([mx.nd.array(data)], [mx.nd.array(label)])


def bound(rows=4, for_training=True, contexts=1, grad_req="write", net=None, **kwargs):
    module = mx.mod.Module(network() if net is None else net, context=[mx.cpu(i) for i in range(contexts)], **kwargs)
    module.bind([("data", (rows, 5))], [("softmax_label", (rows,))], for_training=for_training, grad_req=grad_req)
    mx.random.seed(1)
    module.init_params(mx.init.Uniform(0.5))
    return module


def params(module):
    return {name: value.asnumpy() for name, value in module.get_params()[0].items()}


def deep(layers=20):
    net = mx.sym.Variable("data")
    for i in range(layers):
        net = mx.sym.Activation(mx.sym.FullyConnected(net, num_hidden=64, name=f"fc{i}"), act_type="tanh")
    return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=3, name="last"), name="softmax")


def arena(module):
    return sum(e.memory_plan()["arena"] for e in module._bound("test").execs)


@pytest.mark.parametrize("contexts", [1, 2])
def test_a_memory_budget_changes_no_number(contexts):
    plain = bound(256, contexts=contexts, net=deep())
    tight = bound(256, contexts=contexts, net=deep(), memory_budget="50%")
    assert arena(tight) <= 0.5 * arena(plain)
    for module in (plain, tight):
        module.init_optimizer(optimizer_params={"learning_rate": 0.1})
        for seed in range(3):
            module.forward_backward(batch(256, seed=seed))
            module.update()
    for name, value in params(plain).items():
        np.testing.assert_array_equal(value, params(tight)[name])


# -- updates --------------------------------------------------------------------------------------------------------

OPTIMIZERS = {
    "sgd": {"momentum": 0.9, "wd": 0.01},
    "adam": {},
    "rmsprop": {},
    "nag": {"momentum": 0.9},
    "adagrad": {},
}


@pytest.mark.parametrize("contexts", [1, 2, 3])
@pytest.mark.parametrize("grad_req", ["write", "add"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_contexts_give_the_same_numbers(name, grad_req, contexts):
    results = []
    for number, request in ((1, "write"), (contexts, grad_req)):
        module = bound(6, contexts=number, grad_req=request)
        module.init_optimizer("local", name, {"learning_rate": 0.05, **OPTIMIZERS[name]})
        for step in range(4):
            module.forward(batch(6, seed=step), is_train=True)
            module.backward()
            module.update()
            if request == "add":
                for arrays in module._exec_group.grad_arrays:
                    for array in arrays:
                        array[:] = 0
        results.append((params(module), module.get_outputs()[0].asnumpy()))
    for key, value in results[0][0].items():
        np.testing.assert_allclose(results[1][0][key], value, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(results[1][1], results[0][1], rtol=1e-5, atol=1e-6)


def test_one_pass_over_flat_buffers_where_the_optimizer_can():
    for name, flat in (("sgd", True), ("adam", True), ("rmsprop", False)):
        module = bound()
        module.init_optimizer(optimizer=name)
        assert isinstance(module._updating.updater, FlatUpdater) == flat


def test_gradients_add_up_over_two_batches():
    module = bound(grad_req="add")
    for seed in (1, 2):
        module.forward_backward(batch(seed=seed))
    both = {n: g[0].asnumpy() for n, g in zip(module._param_names, module._exec_group.grad_arrays, strict=True)}
    single = bound()
    total = {name: 0 for name in both}
    for seed in (1, 2):
        single.forward_backward(batch(seed=seed))
        for name, arrays in zip(single._param_names, single._exec_group.grad_arrays, strict=True):
            total[name] = total[name] + arrays[0].asnumpy()
    for name, value in both.items():
        np.testing.assert_allclose(value, total[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_other_types_train_too(dtype):
    net = network()
    module = mx.mod.Module(net)
    module.bind([mx.io.DataDesc("data", (4, 5), dtype)], [mx.io.DataDesc("softmax_label", (4,), dtype)])
    module.init_params(mx.init.Uniform(0.5))
    module.init_optimizer(optimizer="sgd", optimizer_params={"learning_rate": 0.1, "multi_precision": True})
    before = params(module)
    given = batch()
    given.data = [given.data[0].astype(dtype)]
    module.forward_backward(given)
    module.update()
    after = params(module)
    assert all(value.dtype == dtype for value in after.values())
    assert not np.array_equal(before["fc1_weight"], after["fc1_weight"])


def test_fixed_parameters_stay_and_have_no_gradient():
    module = bound(fixed_param_names=["fc1_weight"])
    module.init_optimizer(optimizer_params={"learning_rate": 0.5})
    before = params(module)
    module.forward_backward(batch())
    module.update()
    after = params(module)
    assert np.array_equal(before["fc1_weight"], after["fc1_weight"])
    assert not np.array_equal(before["fc2_weight"], after["fc2_weight"])
    assert module._exec_group.grad_arrays[0] == [None]


def test_an_optimizer_of_ones_own():
    class Minus(mx.optimizer.Optimizer):
        def update(self, index, weight, grad, state):
            weight[:] = weight - 1

    module = bound()
    with pytest.warns(UserWarning, match="rescale_grad is 1.0, not 1 / 4"):
        module.init_optimizer(optimizer=Minus())
    before = params(module)
    module.forward_backward(batch())
    module.update()
    assert all(np.allclose(value, before[name] - 1) for name, value in params(module).items())


def test_rescale_grad_is_one_over_the_rows_of_a_batch():
    module = bound(8, contexts=2)
    module.init_optimizer()
    assert module._optimizer.rescale_grad == 1 / 8


# -- shapes ---------------------------------------------------------------------------------------------------------


def test_batches_of_changing_sizes_share_parameters():
    module = bound(4)
    module.init_optimizer(optimizer_params={"learning_rate": 0.5})
    for rows in (4, 2, 7, 4):
        before = params(module)
        module.forward_backward(batch(rows))
        module.update()
        assert module.get_outputs()[0].shape == (rows, 3)
        assert not np.array_equal(before["fc1_weight"], params(module)["fc1_weight"])
    assert len(module._exec_group._bound) == 3


def test_no_labels_are_needed_to_predict():
    module = mx.mod.Module(network())
    module.bind([("data", (4, 5))], for_training=False)
    module.init_params()
    assert module.predict(np.ones((6, 5), "float32")).shape == (6, 3)
    module.forward(batch(3))  # with labels, and another size
    assert module.get_outputs()[0].shape == (3, 3)
    iterator = mx.io.NDArrayIter(np.ones((6, 5), "float32"), batch_size=4)
    assert module.predict(iterator).shape == (6, 3)
    assert [out[0].shape for out in module.predict(iterator, merge_batches=False)] == [(4, 3), (2, 3)]
    assert len(module.predict(iterator, always_output_list=True)) == 1


@pytest.mark.parametrize(
    ("rows", "workload", "expected"),
    [(4, [1, 1], [2, 2]), (5, [1, 1], [2, 3]), (10, [1, 3], [2, 8]), (3, [1, 1, 1], [1, 1, 1])],
)
def test_split_batch(rows, workload, expected):
    assert [part.stop - part.start for part in split_batch(rows, workload)] == expected


WRONG = {
    "data name": (lambda: mx.mod.Module(network(), data_names=["pixels"]), ValueError, "'pixels' is no argument"),
    "label name": (lambda: mx.mod.Module(network(), label_names=["y"]), UserWarning, "label_names: 'y' is no argument"),
    "work load": (lambda: mx.mod.Module(network(), work_load_list=[1, 2]), ValueError, "each of 1 contexts; got 2"),
    "group2ctxs": (lambda: mx.mod.Module(network(), group2ctxs={"a": 1}), NotImplementedError, "more processes"),
    "shape names": (lambda: mx.mod.Module(network()).bind([("x", (4, 5))]), ValueError, r"must name \['data'\]"),
    "too few rows": (lambda: bound(2, contexts=3), ValueError, "2 rows cannot be split over 3 contexts"),
    "grad_req": (lambda: bound(grad_req="wirte"), ValueError, "'write', 'add', 'null'; got 'wirte'"),
    "not bound": (lambda: mx.mod.Module(network()).init_params(), MXNetError, r"call bind\(\) first"),
    "no optimizer": (lambda: bound().update(), MXNetError, r"call init_optimizer\(\) first"),
    "optimizer": (lambda: bound().init_optimizer(optimizer=3), TypeError, "must be text or an Optimizer"),
    "kvstore": (lambda: bound().init_optimizer("dist_async"), NotImplementedError, "use 'dist_sync'"),
    "input grads": (lambda: bound().get_input_grads(), MXNetError, "inputs_need_grad=True first"),
    "not training": (
        lambda: bound(for_training=False).forward_backward(batch()), MXNetError, "for_training=True first",
    ),
    "other columns": (lambda: bound().forward(batch(4, 7)), ValueError, r"data=\(4, 7\) need fc1_weight"),
    "two inputs": (
        lambda: bound().forward(mx.io.DataBatch([mx.nd.ones((4, 5))] * 2)), ValueError, "1 data arrays; got 2",
    ),
    "missing": (lambda: bound().set_params({}, {}), RuntimeError, "fc1_weight.*are missing"),
    "extra": (
        lambda: bound().set_params({"zz": mx.nd.ones(1)}, {}, allow_missing=True), ValueError, "'zz'.*not parameters",
    ),
    "shape": (
        lambda: bound().set_params({"fc1_bias": mx.nd.ones((9,))}, {}, allow_missing=True), ValueError, "fc1_bias",
    ),
    "no epochs": (lambda: mx.mod.Module(network()).fit(None), ValueError, "num_epoch is required"),
    "resume what": (
        lambda: mx.mod.Module(network()).fit(None, num_epoch=1, resume=True), ValueError, "needs checkpoint=",
    ),
    "sparse": (
        lambda: bound().score(None, "acc", sparse_row_id_fn=len), NotImplementedError, "no sparse arrays",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use(name):
    call, kind, match = WRONG[name]
    context = pytest.warns if issubclass(kind, Warning) else pytest.raises
    with context(kind, match=match):
        call()


def test_bind_twice_does_nothing_unless_forced(caplog):
    module = bound(4)
    group = module._exec_group
    module.bind([("data", (8, 5))], [("softmax_label", (8,))])
    assert module._exec_group is group
    assert "Already bound" in caplog.text
    before = params(module)
    module.bind([("data", (8, 5))], [("softmax_label", (8,))], force_rebind=True)
    assert module.data_shapes[0].shape == (8, 5)
    assert all(np.array_equal(value, before[name]) for name, value in params(module).items())


def test_a_step_that_fails_can_be_followed_by_one_that_works():
    module = bound()
    module.init_optimizer()
    with pytest.raises(ValueError, match="need fc1_weight"):
        module.forward_backward(batch(4, 7))
    module.forward_backward(batch())
    module.update()
    assert np.isfinite(module.get_outputs()[0].asnumpy()).all()


# -- fit ------------------------------------------------------------------------------------------------------------


def data(rows=26, batch_size=4, **kwargs):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 5)).astype("float32")
    return mx.io.NDArrayIter(x, (x[:, 0] > 0).astype("float32"), batch_size=batch_size, **kwargs)


def test_fit_learns_and_logs(caplog):
    caplog.set_level(logging.INFO)
    module = mx.mod.Module(network())
    module.fit(
        data(64, 8), eval_data=data(64, 8), num_epoch=12, optimizer_params={"learning_rate": 0.5, "momentum": 0.9},
        initializer=mx.init.Xavier(), validation_metric=["acc", "ce"],
    )  # fmt: skip
    assert dict(module.score(data(64, 8), "acc"))["accuracy"] > 0.95
    assert "Epoch[0] Train-accuracy=" in caplog.text
    assert "Epoch[11] Validation-cross-entropy=" in caplog.text
    assert "Epoch[11] Time cost=" in caplog.text


def test_callbacks_can_be_lists_and_see_the_loop():
    seen = []
    module = mx.mod.Module(network())
    module.fit(
        data(), num_epoch=3, begin_epoch=1,
        batch_end_callback=[lambda p: seen.append(("a", p.epoch, p.nbatch)), lambda p: seen.append(("b", p.nbatch))],
        epoch_end_callback=lambda epoch, symbol, args, aux: seen.append((epoch, sorted(args))),
    )  # fmt: skip
    assert seen[:4] == [("a", 1, 0), ("b", 0), ("a", 1, 1), ("b", 1)]
    assert seen[-1] == (2, ["fc1_bias", "fc1_weight", "fc2_bias", "fc2_weight"])


def test_callbacks_find_the_module_under_self():
    module = mx.mod.Module(network())
    found = []
    module.fit(data(), num_epoch=1, batch_end_callback=lambda p: found.append(p.locals["self"] is module))
    assert found
    assert all(found)


def test_a_monitor_is_installed_and_called():
    calls = []
    Monitor = namedtuple("Monitor", "install tic toc_print")
    watcher = Monitor(
        lambda executor: calls.append("install"), lambda: calls.append("tic"), lambda: calls.append("toc")
    )
    mx.mod.Module(network()).fit(data(8, 4), num_epoch=1, monitor=watcher)
    assert calls == ["install", "tic", "toc", "tic", "toc"]


def test_initial_parameters_can_be_given_in_part():
    module = mx.mod.Module(network())
    module.bind([("data", (4, 5))], [("softmax_label", (4,))])
    given = {"fc1_weight": mx.nd.full((4, 5), 7), "of_another_network": mx.nd.ones((1,))}
    module.init_params(mx.init.One(), arg_params=given, allow_missing=True)
    assert (params(module)["fc1_weight"] == 7).all()
    assert (params(module)["fc2_weight"] == 1).all()
    module.init_params(mx.init.Zero())
    assert (params(module)["fc1_weight"] == 7).all()
    module.init_params(mx.init.Zero(), force_init=True)
    assert (params(module)["fc1_weight"] == 0).all()


def test_save_and_load(tmp_path):
    module = bound()
    module.init_optimizer(optimizer_params={"learning_rate": 0.1, "momentum": 0.9})
    module.forward_backward(batch())
    module.update()
    module.save_checkpoint(str(tmp_path / "m"), 7, save_optimizer_states=True)
    loaded = mx.mod.Module.load(str(tmp_path / "m"), 7, load_optimizer_states=True)
    assert sorted(loaded.get_params()[0]) == sorted(params(module))
    loaded.bind([("data", (4, 5))], [("softmax_label", (4,))])
    loaded.init_optimizer(optimizer_params={"learning_rate": 0.1, "momentum": 0.9})
    for each in (module, loaded):
        each.forward_backward(batch(seed=1))
        each.update()
    assert all(np.array_equal(value, params(module)[name]) for name, value in params(loaded).items())
    module.save_params(str(tmp_path / "p"))
    loaded.init_params(mx.init.Zero(), force_init=True)
    loaded.load_params(str(tmp_path / "p"))
    assert all(np.array_equal(value, params(module)[name]) for name, value in params(loaded).items())


def test_a_metric_without_data_is_nan():
    module = bound()
    empty = data()
    assert math.isnan(module.score(empty, "acc", num_batch=0)[0][1])


def test_states_are_inputs_that_stay():
    state = mx.sym.Variable("state")
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc") + state
    module = mx.mod.Module(net, label_names=[], state_names=["state"])
    module.bind([("data", (2, 5))], for_training=False)
    module.init_params(mx.init.Zero())
    module.set_states(value=2)
    module.forward(mx.io.DataBatch([mx.nd.ones((2, 5))]))
    assert (module.get_outputs()[0].asnumpy() == 2).all()
    module.set_states(states=[mx.nd.full((2, 3), 5)])
    assert (module.get_states()[0].asnumpy() == 5).all()
    with pytest.raises(ValueError, match="either states or value"):
        module.set_states()


# -- one network for each length ------------------------------------------------------------------------------------


def by_length(length):
    net = mx.sym.Embedding(mx.sym.Variable("data"), input_dim=10, output_dim=4, name="embed")
    net = mx.sym.FullyConnected(mx.sym.mean(net, axis=1), num_hidden=3, name="fc")
    return mx.sym.SoftmaxOutput(net, name="softmax"), ["data"], ["softmax_label"]


def lengths(keys, rows=4):
    rng = np.random.default_rng(0)
    for key in keys:
        data, label = mx.nd.array(rng.integers(0, 10, (rows, key))), mx.nd.array(rng.integers(0, 3, rows))
        yield mx.io.DataBatch([data], [label], 0, bucket_key=key)


@pytest.fixture
def bucketing():
    module = mx.mod.BucketingModule(by_length, default_bucket_key=8)
    module.bind([("data", (4, 8))], [("softmax_label", (4,))])
    mx.random.seed(0)
    module.init_params(mx.init.Uniform(0.5))
    return module


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_all_lengths_train_the_same_parameters(bucketing, optimizer):
    """As one module that gets every batch padded to its length's own network would."""
    bucketing.init_optimizer(optimizer=optimizer, optimizer_params={"learning_rate": 0.1})
    single = {key: mx.mod.Module(by_length(key)[0]) for key in (8, 3, 5)}
    now = bucketing.get_params()[0]
    states = None
    for each in lengths([8, 3, 5, 3, 8]):
        bucketing.forward_backward(each)
        bucketing.update()
        module = single[each.bucket_key]
        if not module.binded:
            module.bind([("data", (4, each.bucket_key))], [("softmax_label", (4,))])
        module.init_params(arg_params=now, force_init=True)
        module.init_optimizer(optimizer=optimizer, optimizer_params={"learning_rate": 0.1}, force_init=True)
        if states is not None:
            module.load_optimizer_state_bytes(states)
        module.forward_backward(each)
        module.update()
        now, states = module.get_params()[0], dumps(*module.optimizer_snapshot())
    for name, value in bucketing.get_params()[0].items():
        np.testing.assert_allclose(value.asnumpy(), now[name].asnumpy(), rtol=1e-6)


def test_a_bucketing_module_is_saved_loaded_and_fitted(bucketing, tmp_path):
    bucketing.save_checkpoint(str(tmp_path / "m"), 1)
    loaded = mx.mod.BucketingModule.load(str(tmp_path / "m"), 1, by_length, default_bucket_key=8)
    loaded.bind([("data", (4, 8))], [("softmax_label", (4,))])
    for name, value in loaded.get_params()[0].items():
        assert np.array_equal(value.asnumpy(), bucketing.get_params()[0][name].asnumpy())

    class Lengths(mx.io.DataIter):
        provide_data = (mx.io.DataDesc("data", (4, 8)),)
        provide_label = (mx.io.DataDesc("softmax_label", (4,)),)

        def reset(self):
            self.rest = lengths([3, 8, 5])

        def next(self):
            return next(self.rest)

    iterator = Lengths()
    iterator.reset()
    seen = []
    with pytest.warns(UserWarning, match="the position of Lengths cannot be saved"):
        loaded.fit(
            iterator, num_epoch=3, eval_metric="ce", batch_end_callback=lambda p: seen.append(p.eval_metric.get()[1]),
            optimizer_params={"learning_rate": 0.5}, checkpoint=mx.checkpoint.CheckpointManager(tmp_path),
        )  # fmt: skip
    assert seen[-1] < seen[2]
    assert "data" in mx.sym.load(str(tmp_path / "model-symbol.json")).list_arguments()
    assert len(loaded.predict(iterator).shape) == 2


@pytest.mark.parametrize(
    ("call", "kind", "match"),
    [
        (lambda m: mx.mod.BucketingModule(by_length), ValueError, "default_bucket_key is required"),
        (lambda m: m.update(), MXNetError, r"call init_optimizer\(\) first"),
        (lambda m: m.bind([], force_rebind=True, shared_module=m), NotImplementedError, "shared_module"),
        (
            lambda m: mx.mod.BucketingModule(by_length, 3).forward(next(lengths([3]))),
            MXNetError,
            r"call bind\(\) and init_params\(\) first",
        ),
    ],
)
def test_wrong_use_of_buckets(call, kind, match, bucketing):
    with pytest.raises(kind, match=match):
        call(bucketing)


def test_networks_with_other_parameters_are_refused():
    def grows(length):
        return mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name=f"fc{length}"), ["data"], None

    module = mx.mod.BucketingModule(grows, default_bucket_key=8)
    module.bind([("data", (4, 8))])
    module.init_params()
    with pytest.raises(NotImplementedError, match=r"key 3 must have the parameters of the default one, \['fc8_weight'"):
        module.forward(next(lengths([3])))


def test_gradients_can_move_to_other_memory():
    """As those of several ranks do, which share it; executors of all shapes follow."""
    module = bound()
    module.forward(batch(2), is_train=True)
    module.forward_backward(batch())
    before = {name: array[0].asnumpy() for name, array in zip(module._param_names, module._exec_group.grad_arrays)}
    memory = np.zeros(module._exec_group.master[0].flat_grads.size, "float32")
    module._exec_group.move_grads(mx.nd.from_numpy(memory))
    for name, arrays in zip(module._param_names, module._exec_group.grad_arrays, strict=True):
        assert np.array_equal(arrays[0].asnumpy(), before[name])
        assert np.shares_memory(arrays[0].to_numpy_view(), memory)
    for rows in (4, 2):
        memory[:] = 0
        module.forward_backward(batch(rows))
        assert np.count_nonzero(memory) > 10
    with pytest.raises(ValueError, match="must be like flat_grads"):
        module._exec_group.master[0].move_grads(mx.nd.zeros((3,)))


def test_score_counts_every_sample_once() -> None:
    values = np.arange(10, dtype="float32").reshape(10, 1)
    labels = (np.arange(10) % 2).astype("float32")
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2), name="softmax")
    for contexts in (mx.cpu(), [mx.cpu(0), mx.cpu(1)]):
        module = mx.mod.Module(net, context=contexts)
        data = mx.io.NDArrayIter(values, labels, batch_size=4)  # the last batch is filled up with two rows
        module.bind(data.provide_data, data.provide_label, for_training=False)
        module.init_params(mx.init.One())
        metric = mx.metric.Accuracy()
        module.score(data, metric)
        assert metric.num_inst == 10
        outputs = module.predict(data).asnumpy()
        assert metric.get()[1] == (outputs.argmax(1) == labels).mean()


def test_every_bucket_has_the_memory_budget():
    module = mx.mod.BucketingModule(
        lambda key: (deep(key), ["data"], ["softmax_label"]), default_bucket_key=20, memory_budget="50%"
    )
    module.bind([("data", (256, 5))], [("softmax_label", (256,))])
    assert arena(module._current) <= 0.5 * arena(bound(256, net=deep()))
