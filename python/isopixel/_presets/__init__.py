# SPDX-License-Identifier: MIT
"""The lines of recipes that are what torchvision, Hugging Face transformers and timm make of pictures.

None of the three is imported: their objects are read by the names of their classes and attributes. What a recipe cannot
make bit for bit is refused, with the reason. `make test-presets` compares the rest with the libraries.
"""

from isopixel._presets.huggingface import Backend, huggingface_line
from isopixel._presets.timm import timm_line
from isopixel._presets.torchvision import torchvision_line
from isopixel._presets.words import Orientation

__all__ = ["Backend", "Orientation", "huggingface_line", "timm_line", "torchvision_line"]
