"""The definitions of all operators, one module a family. Importing this package fills `registry.OPS`."""

from paratrain.ops import binary as binary
from paratrain.ops import elementwise as elementwise
from paratrain.ops import nn as nn
from paratrain.ops import nn_conv as nn_conv
from paratrain.ops import nn_norm as nn_norm
from paratrain.ops import nn_pool as nn_pool
