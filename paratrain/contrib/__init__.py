"""Modules under the names they have in MXNet: `mx.contrib.amp` is `mx.amp`."""

from paratrain import amp as amp

__all__ = ["amp"]
