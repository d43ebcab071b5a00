"""Evaluation metrics: running figures over labels and predictions.

Metrics compute in NumPy: an `update` waits for the arrays it is given.

Examples
--------
>>> import numpy
>>> metric = create("acc")
>>> metric.update([numpy.array([0, 1])], [numpy.array([[.9, .1], [.8, .2]])])
>>> metric.get()
('accuracy', 0.5)
"""

from .agreement import F1, MCC, PCC
from .base import EvalMetric, alias, check_label_shapes, register
from .classification import Accuracy, CrossEntropy, NegativeLogLikelihood, Perplexity, TopKAccuracy
from .combined import CompositeEvalMetric, CustomMetric, create
from .combined import numpy_metric as np
from .regression import MAE, MSE, RMSE, Caffe, Loss, PearsonCorrelation, Torch

__all__ = [
    "F1",
    "MAE",
    "MCC",
    "MSE",
    "PCC",
    "RMSE",
    "Accuracy",
    "Caffe",
    "CompositeEvalMetric",
    "CrossEntropy",
    "CustomMetric",
    "EvalMetric",
    "Loss",
    "NegativeLogLikelihood",
    "PearsonCorrelation",
    "Perplexity",
    "TopKAccuracy",
    "Torch",
    "alias",
    "check_label_shapes",
    "create",
    "np",
    "register",
]
