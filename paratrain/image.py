"""Single images and augmenters under MXNet's name; the code is in `paratrain.io.image`."""

from paratrain.io.image import *  # noqa: F403
from paratrain.io.image import __all__ as __all__
