"""The definitions of all operators, one module a family. Importing this package fills `registry.OPS`."""

from paratrain.ops import binary as binary
from paratrain.ops import elementwise as elementwise
