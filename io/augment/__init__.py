"""Transforms of images: one class each, composed by `Augmenter`."""

from paratrain.io.augment.crop import AreaCrop, Crop, SquareCrop
from paratrain.io.augment.mirror import Mirror
from paratrain.io.augment.normalise import Normalise
from paratrain.io.augment.pad import Pad
from paratrain.io.augment.resize import Fit, Resize
from paratrain.io.augment.tinting import Contrast, Jitter, Lighting, ShiftHLS
from paratrain.io.augment.transform import Augmenter, Transform, View
from paratrain.io.augment.warp import Warp

__all__ = [
    "AreaCrop",
    "Augmenter",
    "Contrast",
    "Crop",
    "Fit",
    "Jitter",
    "Lighting",
    "Mirror",
    "Normalise",
    "Pad",
    "Resize",
    "ShiftHLS",
    "SquareCrop",
    "Transform",
    "View",
    "Warp",
]
