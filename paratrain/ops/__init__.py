"""The definitions of all operators, one module a family. Importing this package fills `registry.OPS`."""

from paratrain.ops import amp as amp
from paratrain.ops import binary as binary
from paratrain.ops import create as create
from paratrain.ops import elementwise as elementwise
from paratrain.ops import indexing as indexing
from paratrain.ops import linalg as linalg
from paratrain.ops import loss as loss
from paratrain.ops import nn as nn
from paratrain.ops import nn_activation as nn_activation
from paratrain.ops import nn_conv as nn_conv
from paratrain.ops import nn_norm as nn_norm
from paratrain.ops import nn_pool as nn_pool
from paratrain.ops import nn_rows as nn_rows
from paratrain.ops import order as order
from paratrain.ops import random as random
from paratrain.ops import reduce as reduce
from paratrain.ops import rnn as rnn
from paratrain.ops import shape as shape
from paratrain.ops import shape_join as shape_join
from paratrain.ops import shape_move as shape_move
from paratrain.ops import shape_pad as shape_pad
from paratrain.ops import shape_repeat as shape_repeat
from paratrain.ops import shape_slice as shape_slice
from paratrain.ops import update as update
from paratrain.ops import update_lamb as update_lamb
from paratrain.ops import update_multi as update_multi
