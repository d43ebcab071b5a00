from __future__ import annotations

import os

import numpy as np
import pytest
from replay import check, load_area

import paratrain as mx
from paratrain.base import MXNetError


@pytest.mark.parametrize("case", load_area("serialization").only("checkpoint-", "resave-", "json-"), ids=str)
def test_recorded(case):
    check(case)


@pytest.fixture
def prefix(tmp_path):
    return str(tmp_path / "net")


def params():
    return {"f_weight": mx.nd.ones((2, 3)), "f_bias": mx.nd.zeros((2,))}, {"state": mx.nd.array([7])}


def test_a_checkpoint_comes_back(prefix):
    net = mx.sym.FullyConnected(mx.sym.var("x"), num_hidden=2, name="f")
    args, states = params()
    mx.model.save_checkpoint(prefix, 7, net, args, states)
    assert sorted(os.listdir(os.path.dirname(prefix))) == ["net-0007.params", "net-symbol.json"]
    symbol, args2, states2 = mx.model.load_checkpoint(prefix, 7)
    assert symbol.tojson() == net.tojson()
    assert list(args2) == list(args)
    assert list(states2) == ["state"]
    np.testing.assert_array_equal(args2["f_weight"].asnumpy(), 1)


def test_parameters_alone(prefix):
    args, _ = params()
    mx.model.save_checkpoint(prefix, 12345, None, args, {})
    assert os.listdir(os.path.dirname(prefix)) == ["net-12345.params"]
    assert list(mx.model.load_params(prefix, 12345)[0]) == list(args)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([mx.nd.ones((1,))], "must have names"),
        ({"w": mx.nd.ones((1,))}, "'arg:' or 'aux:'; got 'w'"),
        ({"opt:w": mx.nd.ones((1,))}, "got 'opt:w'"),
    ],
)
def test_other_files_are_refused(prefix, data, words):
    mx.nd.save(prefix + "-0001.params", data)
    with pytest.raises(MXNetError, match=words):
        mx.model.load_params(prefix, 1)


def test_missing_files_are_named(prefix):
    with pytest.raises(MXNetError, match=r"net-symbol\.json"):
        mx.model.load_checkpoint(prefix, 1)
    with pytest.raises(MXNetError, match=r"net-0001\.params"):
        mx.model.load_params(prefix, 1)
    with pytest.raises(OSError, match=r"cannot write .*net-symbol\.json"):
        mx.model.save_checkpoint(prefix + "/no/net", 1, mx.sym.var("x"), {}, {})


def test_batch_end_param():
    p = mx.model.BatchEndParam(epoch=1, nbatch=2, eval_metric=None, locals={})
    assert (p.epoch, p.nbatch) == (1, 2)
