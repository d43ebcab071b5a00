"""Layers of neural networks."""

from __future__ import annotations

import itertools

import numpy as np
import reference_nn as ref
from table import FLOATS, Refused, Row, Sample

from paratrain.ops.registry import get
from paratrain.ops.rnn import parameter_size

DENSE = Row(
    "FullyConnected",
    ref.fully_connected,
    (
        Sample([(3, 5), (4, 5), (4,)], {"num_hidden": 4}),
        Sample([(2, 3, 4), (5, 12), (5,)], {"num_hidden": 5}),
        Sample([(2, 3, 4), (5, 4)], {"num_hidden": 5, "flatten": False, "no_bias": True}),
        Sample([(0, 3), (4, 3), (4,)], {"num_hidden": 4}),
        Sample([(40, 70), (33, 70), (33,)], {"num_hidden": 33}),
    ),
    gradient=(0, 1, 2),
    dtypes=FLOATS,
    scale=4.0,
    refused=(
        Refused([(3, 5), (4, 6), (4,)], {"num_hidden": 4}, ValueError, r"weight and \(num_hidden, inputs\) must agree"),
        Refused([(3, 5), (4, 5), (3,)], {"num_hidden": 4}, ValueError, r"bias and \(num_hidden,\) must agree"),
        Refused([(3,), (4, 5), (4,)], {"num_hidden": 4}, ValueError, "data must have at least 2 axes"),
        Refused([(3, 5), (4, 5)], {"num_hidden": 4}, TypeError, "input 'bias' is required"),
        Refused([(3, 5), (4, 5), (4,)], {}, TypeError, "num_hidden .* is required"),
        Refused([(3, 5), (4, 5), (4,)], {"num_hidden": 0}, ValueError, "num_hidden must be int >= 1"),
    ),
)
FULLY_CONNECTED_ACT = Row(
    "_FullyConnectedAct",
    ref.fully_connected_act,
    (
        Sample([(3, 5), (4, 5), (4,)], {"num_hidden": 4, "act": "relu"}),
        Sample([(2, 3, 4), (5, 4)], {"num_hidden": 5, "flatten": False, "no_bias": True, "act": "tanh"}),
        Sample([(40, 700), (330, 700), (330,)], {"num_hidden": 330, "act": "sigmoid"}),
        Sample([(3, 5), (4, 5), (4,)], {"num_hidden": 4, "act": "clip", "a_min": -0.5, "a_max": 0.7}),
        Sample([(0, 3), (4, 3), (4,)], {"num_hidden": 4}),
    ),
    dtypes=FLOATS,
    scale=4.0,
    refused=(Refused([(3, 5), (4, 5), (4,)], {"num_hidden": 4, "act": "sine"}, ValueError, "act must be one of"),),
)


def conv_refused(inputs, attrs, match, error=ValueError):
    return Refused(inputs, {"num_filter": 4, **attrs}, error, match)


CONV_REFUSED = (
    conv_refused([(1, 2, 5, 5), (4, 3, 3, 3), (4,)], {"kernel": (3, 3)}, "must agree"),
    conv_refused([(1, 2, 5), (4, 2, 3, 3), (4,)], {"kernel": (3, 3)}, r"data must have the axes \(N, C, H, W\)"),
    conv_refused([(1, 2, 2, 2), (4, 2, 3, 3), (4,)], {"kernel": (3, 3)}, "at least as large as the kernel"),
    conv_refused([(1, 3, 5), (4, 1, 3), (4,)], {"kernel": (3,), "num_group": 2}, "multiple of num_group 2; got 3"),
    conv_refused([(1, 2, 5), (4, 2, 3), (4,)], {"kernel": (3,), "stride": (1, 1)}, "as many entries as kernel"),
    conv_refused([(1, 2, 5, 5), (4, 2, 3, 3), (4,)], {"kernel": (3, 3), "layout": "NHWC"}, "layout must be 'NCHW'"),
    conv_refused([(1, 2, 5), (4, 2, 3), (4,)], {"kernel": (3,), "stride": (0,)}, "stride must be tuple of int >= 1"),
)
CONVOLUTION = Row(
    "Convolution",
    ref.convolution,
    (
        Sample([(2, 2, 5), (4, 2, 3), (4,)], {"kernel": (3,), "num_filter": 4}),
        Sample([(2, 3, 5, 4), (4, 3, 3, 2)], {"kernel": (3, 2), "num_filter": 4, "pad": (1, 0), "no_bias": True}),
        Sample(
            [(1, 2, 7, 6), (2, 2, 3, 3), (2,)], {"kernel": (3, 3), "num_filter": 2, "stride": (2, 2), "pad": (1, 1)}
        ),
        Sample(
            [(1, 4, 6, 6), (4, 2, 2, 2), (4,)], {"kernel": (2, 2), "num_filter": 4, "num_group": 2, "dilate": (2, 3)}
        ),
        Sample([(1, 2, 3, 4, 3), (3, 2, 2, 2, 2), (3,)], {"kernel": (2, 2, 2), "num_filter": 3, "stride": (1, 2, 1)}),
        Sample([(0, 2, 5), (4, 2, 3), (4,)], {"kernel": (3,), "num_filter": 4}),
    ),
    gradient=(0, 1, 2),
    dtypes=FLOATS,
    scale=4.0,
    refused=CONV_REFUSED,
)
CONVOLUTION_ACT = Row(
    "_ConvolutionAct",
    ref.convolution_act,
    (
        Sample([(2, 2, 5), (4, 2, 3), (4,)], {"kernel": (3,), "num_filter": 4, "act": "relu"}),
        Sample(
            [(2, 3, 5, 4), (4, 3, 3, 2), (4,), (2, 4, 5, 3)],
            {"kernel": (3, 2), "num_filter": 4, "pad": (1, 0), "has_addend": True, "act": "tanh"},
        ),
        Sample([(1, 2, 4, 4), (2, 2, 1, 1), (2,)], {"kernel": (1, 1), "num_filter": 2, "act": "sigmoid"}),
        Sample(
            [(1, 2, 4, 4), (2, 2, 1, 1), (2,)],
            {"kernel": (1, 1), "num_filter": 2, "act": "clip", "a_min": -0.5, "a_max": 0.7},
        ),
        Sample(
            [(1, 2, 4, 4), (2, 2, 1, 1), (2,), (1, 2, 4, 4)], {"kernel": (1, 1), "num_filter": 2, "has_addend": True}
        ),
    ),
    dtypes=FLOATS,
    scale=4.0,
    refused=(
        Refused(
            [(1, 2, 4, 4), (2, 2, 1, 1), (2,), (1, 2, 4, 3)],
            {"kernel": (1, 1), "num_filter": 2, "has_addend": True},
            ValueError,
            "addend and result must agree",
        ),
    ),
)
DECONVOLUTION = Row(
    "Deconvolution",
    ref.deconvolution,
    (
        Sample([(2, 2, 4), (2, 3, 3)], {"kernel": (3,), "num_filter": 3, "stride": (2,)}),
        Sample([(1, 2, 3, 3), (2, 2, 3, 3)], {"kernel": (3, 3), "num_filter": 2, "stride": (2, 2), "adj": (1, 0)}),
        Sample(
            [(1, 4, 3, 3), (4, 2, 2, 2), (4,)],
            {"kernel": (2, 2), "num_filter": 4, "num_group": 2, "pad": (1, 0), "dilate": (2, 1), "no_bias": False},
        ),
        Sample([(1, 2, 2, 2, 2), (2, 1, 2, 2, 2)], {"kernel": (2, 2, 2), "num_filter": 1, "stride": (2, 1, 2)}),
    ),
    gradient=(0, 1, 2),
    dtypes=FLOATS,
    scale=4.0,
    refused=(
        conv_refused([(1, 2, 4), (2, 4, 3)], {"kernel": (3,), "adj": (1,)}, "adj must be smaller than stride"),
        conv_refused([(1, 2, 4), (2, 4, 3)], {"kernel": (3,), "target_shape": (20,)}, "target_shape must be at most 6"),
        conv_refused([(1, 2, 2), (2, 4, 3)], {"kernel": (3,), "pad": (2,)}, "pad must leave something"),
    ),
)
TARGET = Row(
    "Deconvolution",
    None,
    (
        Sample(
            [(1, 2, 3, 3), (2, 2, 3, 3)], {"kernel": (3, 3), "num_filter": 2, "stride": (2, 2), "target_shape": (6, 6)}
        ),
    ),
    gradient=(0, 1),
    covered_by="recorded case deconvolution-06",
)


def windows(**attrs):
    return Sample([(2, 3, 7, 6)], {"kernel": (3, 2), **attrs})


POOLING = Row(
    "Pooling",
    ref.pooling,
    (
        *(
            windows(pool_type=kind, stride=(2, 2), pad=(1, 1), pooling_convention=convention)
            for kind, convention in itertools.product(("max", "avg", "sum"), ("valid", "full"))
        ),
        windows(pool_type="avg", pad=(1, 1), count_include_pad=False),
        windows(pool_type="max", global_pool=True),
        windows(pool_type="avg", global_pool=True),
        windows(pool_type="max", stride=(3, 2), pooling_convention="same"),
        Sample([(2, 2, 9)], {"kernel": (3,), "pool_type": "max", "stride": (2,)}),
        Sample([(1, 2, 4, 4, 5)], {"kernel": (2, 2, 2), "pool_type": "avg", "stride": (2, 1, 2)}),
        Sample([(2, 5, 4, 3)], {"kernel": (2, 2), "pool_type": "max", "layout": "NHWC"}),
        Sample([(0, 2, 4, 4)], {"kernel": (2, 2)}),
        Sample([(1, 1, 18, 17)], {"kernel": (16, 17), "pool_type": "max"}),
    ),
    gradient=(0,),
    dtypes=FLOATS,
    distinct=True,
    refused=(
        Refused([(1, 2, 4, 4)], {"kernel": (5, 5)}, ValueError, "at least as large as the kernel"),
        Refused([(1, 2, 4)], {"kernel": (2, 2)}, ValueError, "data must have 4 axes"),
        Refused([(1, 2, 4, 4)], {"kernel": (2, 2), "pad": (2, 2)}, ValueError, "pad must be smaller than kernel"),
        Refused([(1, 2, 4, 4)], {"kernel": (2, 2), "pool_type": "lp"}, ValueError, "p_value must be 1, 2 or 3"),
        Refused([(1, 2, 4, 4)], {"kernel": (2, 2), "pool_type": "min"}, ValueError, "pool_type must be one of"),
        Refused([(1, 2, 4, 4)], {}, ValueError, "kernel must have one to three sizes"),
        Refused([(1, 2, 4, 4)], {"kernel": (2, 2), "layout": "NCW"}, ValueError, "layout must have 4 letters"),
    ),
)
LP_POOLING = Row(
    "Pooling",
    ref.pooling,
    tuple(windows(pool_type="lp", p_value=p, stride=(2, 2)) for p in (1, 2, 3)),
    gradient=(0,),
    domain=(0.2, 2.0),
)

C = [(4,)] * 4
BATCH_NORM_SAMPLES = (
    Sample([(3, 4), *C], {"fix_gamma": False}),
    Sample([(2, 4, 3), *C], {"fix_gamma": False, "eps": 1e-5}),
    Sample([(2, 4, 3, 2), *C], {}),
    Sample([(2, 3, 4), *C], {"axis": -1, "fix_gamma": False}),
    Sample([(2, 4, 3), *C], {"use_global_stats": True, "fix_gamma": False}),
)
BATCH_NORM = [
    Row(
        "BatchNorm",
        ref.batch_norm(train),
        BATCH_NORM_SAMPLES,
        gradient=(0, 1, 2),
        domain=(0.3, 2.0),
        train=train,
        scale=8.0,
        refused=()
        if train
        else (
            Refused([(3, 4), (3,), *[(4,)] * 3], {}, ValueError, "gamma, beta and statistics must agree"),
            Refused([(3, 4), *[(3,)] * 4], {}, ValueError, r"gamma, beta and \(C,\) must agree"),
            Refused([(3, 4), *C], {"axis": 2}, ValueError, "axis must be in"),
            Refused([(4,), *C], {}, ValueError, "data must have at least 2 axes"),
            Refused([(3, 4), *C], {"momentum": 1.5}, ValueError, "momentum must be float in 0"),
        ),
    )
    for train in (True, False)
]
SYNC_BATCH_NORM = [
    Row(
        "_contrib_SyncBatchNorm",
        ref.batch_norm(train),
        [sample for sample in BATCH_NORM_SAMPLES if "axis" not in sample.attrs],
        gradient=(0, 1, 2),
        domain=(0.3, 2.0),
        train=train,
        scale=8.0,
        refused=()
        if train
        else (
            Refused([(3, 4), *[(3,)] * 4], {}, ValueError, r"gamma, beta and \(C,\) must agree"),
            Refused([(4,), *C], {}, ValueError, "data must have at least 2 axes"),
            Refused([(3, 4), *C], {"ndev": 0}, ValueError, "ndev must be int >= 1"),
        ),
    )
    for train in (True, False)
]
BOUNDED = [
    Row(
        "_BatchNormBound",
        ref.batch_norm_bound(train),
        (
            Sample([(3, 4, 5), *C], {"act": "relu", "fix_gamma": False}),
            Sample([(2, 4, 3, 2), *C, (2, 4, 3, 2)], {"act": "relu", "fix_gamma": False, "has_addend": True}),
            Sample([(5, 4, 3), *C], {"act": "clip", "a_min": -0.7, "a_max": 0.9}),
        ),
        gradient=(0, 1, 2, 5),
        domain=(0.3, 2.0),
        train=train,
        scale=8.0,
        refused=(
            Refused(
                [(3, 4), *C, (4, 3)], {"act": "relu", "has_addend": True}, ValueError, "addend and data must agree"
            ),
        ),
    )
    for train in (True, False)
]
BATCH_NORM_AGAIN = Row(
    "_BatchNorm_again",
    ref.batch_norm_again,
    BATCH_NORM_SAMPLES,
    domain=(0.3, 2.0),
    scale=8.0,
    refused=(Refused([(3, 4), (3,), *[(4,)] * 3], {}, ValueError, "gamma, beta and statistics must agree"),),
)
BOUNDED_AGAIN = Row(
    "_BatchNormBound_again",
    ref.batch_norm_bound_again,
    (
        Sample([(3, 4, 5), *C], {"act": "relu", "fix_gamma": False}),
        Sample([(2, 4, 3, 2), *C, (2, 4, 3, 2)], {"act": "relu", "fix_gamma": False, "has_addend": True}),
        Sample([(5, 4, 3), *C], {"act": "clip", "a_min": -0.7, "a_max": 0.9}),
    ),
    domain=(0.3, 2.0),
    scale=8.0,
    refused=(
        Refused([(3, 4), *C, (4, 3)], {"act": "relu", "has_addend": True}, ValueError, "addend and data must agree"),
    ),
)
STATISTICS = [
    Row("BatchNorm", ref.batch_norm(True), [Sample([(3, 4, 2), *C], {"output_mean_var": True})], train=True, scale=8.0),
    Row(
        "LayerNorm",
        ref.layer_norm,
        [Sample([(2, 3, 4), (3,), (3,)], {"axis": 1, "output_mean_var": True})],
        scale=4.0,
    ),
    Row(
        "GroupNorm",
        ref.group_norm,
        [Sample([(2, 4, 3), (2,), (2,)], {"num_groups": 2, "output_mean_var": True})],
        scale=4.0,
    ),
]
ROWS_WITHIN = [
    Row(
        "LayerNorm",
        ref.layer_norm,
        (
            Sample([(3, 5), (5,), (5,)]),
            Sample([(2, 3, 4), (3,), (3,)], {"axis": 1, "eps": 1e-2}),
            Sample([(0, 4), (4,), (4,)]),
        ),
        gradient=(0, 1, 2),
        dtypes=("float32", "float64", "float16"),
        scale=8.0,
        refused=(Refused([(2, 3), (2,), (2,)], {}, ValueError, "gamma, beta and expected shape must agree"),),
    ),
    Row(
        "GroupNorm",
        ref.group_norm,
        (
            Sample([(2, 4, 3), (2,), (2,)], {"num_groups": 2}),
            Sample([(2, 6, 2, 2), (3,), (3,)], {"num_groups": 3}),
        ),
        gradient=(0, 1, 2),
        scale=8.0,
        refused=(Refused([(2, 4, 3), (3,), (3,)], {"num_groups": 3}, ValueError, "num_groups must divide the 4"),),
    ),
    Row(
        "InstanceNorm",
        ref.instance_norm,
        (Sample([(2, 3, 4), (3,), (3,)]), Sample([(2, 2, 3, 3), (2,), (2,)], {"eps": 1e-4})),
        gradient=(0, 1, 2),
        scale=8.0,
        refused=(Refused([(2, 3), (3,), (3,)], {}, ValueError, "data must have at least 3 axes"),),
    ),
    Row(
        "L2Normalization",
        ref.l2_normalization,
        tuple(Sample([(2, 3, 2, 2)], {"mode": m, "eps": 0.1}) for m in ("instance", "channel", "spatial")),
        gradient=(0,),
        refused=(Refused([(2, 3)], {"mode": "spatial"}, ValueError, "data must have at least 3 axes"),),
    ),
    Row(
        "LRN",
        ref.lrn,
        (
            Sample([(2, 5, 2, 2)], {"nsize": 3}),
            Sample([(1, 4, 3)], {"nsize": 5, "alpha": 0.5, "beta": 0.5, "knorm": 1.0}),
        ),
        gradient=(0,),
        refused=(Refused([(1, 4, 3)], {"nsize": 2}, ValueError, "nsize must be odd"),),
    ),
]
ACTIVATION = [
    Row(
        "Activation",
        ref.activation,
        tuple(Sample([shape], {"act_type": a}) for a in ref.ACTIVATIONS for shape in ((3, 4), (0, 2), (150,))),
        gradient=(0,),
        distinct=True,
        dtypes=FLOATS,
        refused=(Refused([(2,)], {"act_type": "sine"}, ValueError, "act_type must be one of"),),
    ),
    Row(
        "LeakyReLU",
        ref.leaky_relu,
        (
            *(Sample([(3, 4)], {"act_type": a, "slope": 0.1}) for a in ("leaky", "elu", "selu", "gelu")),
            Sample([(2, 3, 2), (3,)], {"act_type": "prelu"}),
            Sample([(2, 3), (1,)], {"act_type": "prelu"}),
        ),
        gradient=(0, 1),
        distinct=True,
        dtypes=FLOATS,
        refused=(
            Refused([(2, 3), (4,)], {"act_type": "prelu"}, ValueError, r"gamma and \(C,\)"),
            Refused([(2, 3), (3,)], {}, ValueError, "input 'gamma' is not used"),
        ),
    ),
    Row(
        "LeakyReLU",
        ref.leaky_relu,
        [Sample([(5,)], {"act_type": "rrelu"})],
        gradient=(0,),
        symbolic=False,  # there, gradients are computed in training only, whose slopes are random
        refused=(
            Refused([(2, 3)], {"act_type": "rrelu", "lower_bound": 0.5}, ValueError, "lower_bound must not be larger"),
        ),
    ),
]


def rnn_sample(mode, layers=1, bidirectional=False, state_outputs=False, lengths=None, **further):
    attrs = {"mode": mode, "state_size": 2, "num_layers": layers, "bidirectional": bidirectional} | further
    attrs["state_outputs"] = state_outputs
    size = parameter_size(get("RNN").parse(attrs), 3)
    passes = layers * (2 if bidirectional else 1)
    states = [(passes, 2, n) for n in (attrs.get("projection_size") or 2, 2)[: 2 if mode == "lstm" else 1]]
    if lengths is not None:
        attrs["use_sequence_length"] = True
        states.append(np.array(lengths))
    return Sample([(3, 2, 3), (size,), *states], attrs)


MODES = ("lstm", "gru", "rnn_tanh", "rnn_relu")
CLIP = {"lstm_state_clip_min": -0.2, "lstm_state_clip_max": 0.3}
_LSTM = {"mode": "lstm", "state_size": 2, "num_layers": 1}
_LSTM_INPUTS = [(3, 2, 3), (56,), (1, 2, 2), (1, 2, 2)]
RNN = Row(
    "RNN",
    ref.rnn,
    (
        *(rnn_sample(m, state_outputs=True) for m in MODES),
        *(rnn_sample(m, 2, True) for m in MODES),
        rnn_sample("lstm", 3, state_outputs=True, p=0.5),
        rnn_sample("lstm", 2, True, True, lengths=[3, 1]),
        rnn_sample("lstm", state_outputs=True, projection_size=1),
        rnn_sample("lstm", 2, True, True, projection_size=3),
        rnn_sample("lstm", 2, True, True, projection_size=3, lengths=[1, 2], **CLIP),
        rnn_sample("lstm", 2, state_outputs=True, **CLIP),
    ),
    gradient=(0, 1, 2, 3),
    distinct=True,
    scale=4.0,
    refused=(
        Refused([(3, 2, 3), (57,), *_LSTM_INPUTS[2:]], _LSTM, ValueError, r"parameters and \(56,\)"),
        Refused([*_LSTM_INPUTS[:3], (1, 3, 2)], _LSTM, ValueError, "states and .* must agree"),
        Refused(_LSTM_INPUTS[:3], _LSTM, TypeError, "input 'state_cell' is required"),
        Refused([(3, 2), *_LSTM_INPUTS[1:]], _LSTM, ValueError, r"data must have the axes \(T, N, C\)"),
        Refused(
            _LSTM_INPUTS, {**_LSTM, "projection_size": 1}, ValueError, r"\(num_layers \* directions, N, projection_"
        ),
        Refused(_LSTM_INPUTS, {**_LSTM, "projection_size": 0}, ValueError, "projection_size must be int >= 1"),
        Refused(_LSTM_INPUTS, {**_LSTM, "lstm_state_clip_min": -1.0}, ValueError, "must be given together"),
        Refused(
            _LSTM_INPUTS,
            {**_LSTM, "lstm_state_clip_min": 1.0, "lstm_state_clip_max": 0.0},
            ValueError,
            "must not exceed lstm_state_clip_max",
        ),
        Refused([(3, 2, 3), (42,), (1, 2, 2)], {**_LSTM, "mode": "gru", **CLIP}, ValueError, "is for mode='lstm' only"),
        Refused(_LSTM_INPUTS, {**_LSTM, "use_sequence_length": True}, TypeError, "'sequence_length' is required"),
        Refused(
            [*_LSTM_INPUTS, (3,)], {**_LSTM, "use_sequence_length": True}, ValueError, r"sequence_length and \(N,\)"
        ),
        Refused(_LSTM_INPUTS, {**_LSTM, "p": 1.5}, ValueError, "p must be float in 0"),
    ),
)

RNN_LENGTHS = Row(
    "RNN",
    ref.rnn,
    (
        *(rnn_sample(m, 2, True, True, lengths=[3, 1]) for m in MODES[1:]),
        rnn_sample("gru", state_outputs=True, lengths=[0.0, 2.0]),
    ),
    gradient=(0, 1, 2),
    distinct=True,
    scale=4.0,
)

ROWS = [
    DENSE,
    CONVOLUTION,
    FULLY_CONNECTED_ACT,
    CONVOLUTION_ACT,
    DECONVOLUTION,
    TARGET,
    POOLING,
    LP_POOLING,
    *BATCH_NORM,
    *SYNC_BATCH_NORM,
    *BOUNDED,
    BOUNDED_AGAIN,
    BATCH_NORM_AGAIN,
    *STATISTICS,
    *ROWS_WITHIN,
    *ACTIVATION,
    RNN,
    RNN_LENGTHS,
]
