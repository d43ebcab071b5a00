"""The operator that stands for those written in Python; `tests/paratrain/test_operator.py` has the rest."""

from __future__ import annotations

from table import Refused, Row, Sample

import paratrain as mx


class _Product(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], in_data[0] * in_data[1])

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0] * in_data[1])
        self.assign(in_grad[1], req[1], out_grad[0] * in_data[0])


@mx.operator.register("row_product")
class _ProductProp(mx.operator.CustomOpProp):
    def list_arguments(self):
        return ["a", "b"]

    def create_operator(self, ctx, in_shapes, in_dtypes):
        return _Product()


ATTRS = {"op_type": "row_product"}
ROWS = [
    Row(
        "Custom",
        lambda a, b, **_: a * b,
        (Sample([(2, 3), (2, 3)], ATTRS), Sample([(0, 3), (0, 3)], ATTRS)),
        gradient=(0, 1),
        symbolic=False,
        refused=(
            Refused([(2,), (2,)], {"op_type": "nobody"}, ValueError, "no operator is registered as 'nobody'"),
            Refused([(2,)], ATTRS, ValueError, "but 1 arrays were given"),
        ),
    ),
]
