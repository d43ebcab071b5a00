"""Transforms of images: one class each, composed by `Augmenter`."""

from paratrain.io.augment.crop import Crop
from paratrain.io.augment.mirror import Mirror
from paratrain.io.augment.normalise import Normalise
from paratrain.io.augment.resize import Resize
from paratrain.io.augment.transform import Augmenter, Transform, View

__all__ = ["Augmenter", "Crop", "Mirror", "Normalise", "Resize", "Transform", "View"]
