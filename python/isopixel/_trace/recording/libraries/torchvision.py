# SPDX-License-Identifier: MIT
"""What is recorded of torchvision: the functions of v1, the transforms of v2, and its pictures.

The functions of v2 are keys of torchvision's table of kernels, which does not find their wrappers; so they are not
wrapped, and what is seen of a call that is not a transform's is what it calls in turn.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from isopixel._trace.recording.libraries.library import Library
from isopixel._trace.recording.sources import encoded_facts, source_facts

if TYPE_CHECKING:
    from isopixel._trace.recording.wrapping import Wrapping

FUNCTIONS = {
    "to_tensor": "scale",
    "pil_to_tensor": "layout",
    "to_pil_image": "layout",
    "convert_image_dtype": "scale",
    "normalize": "normalize",
    "resize": "resize",
    "resized_crop": "resize",
    "rotate": "resize",
    "affine": "resize",
    "perspective": "resize",
    "elastic_transform": "resize",
    "crop": "crop",
    "center_crop": "crop",
    "five_crop": "crop",
    "ten_crop": "crop",
    "pad": "pad",
    "hflip": "turn",
    "vflip": "turn",
    "to_grayscale": "colour",
    "rgb_to_grayscale": "colour",
    "adjust_brightness": "scale",
    "adjust_contrast": "scale",
    "adjust_saturation": "colour",
    "adjust_hue": "colour",
    "adjust_gamma": "scale",
    "adjust_sharpness": "other",
    "invert": "scale",
    "posterize": "scale",
    "solarize": "scale",
    "autocontrast": "scale",
    "equalize": "scale",
    "erase": "paste",
    "gaussian_blur": "other",
}
IO = {
    "read_image": "decode",
    "decode_image": "decode",
    "decode_jpeg": "decode",
    "decode_png": "decode",
    "encode_jpeg": "encode",
    "encode_png": "encode",
    "write_jpeg": "encode",
    "write_png": "encode",
    "read_file": "bytes",
}
TRANSFORMS = {
    "ToImage": "layout",
    "PILToTensor": "layout",
    "ToPILImage": "layout",
    "ToPureTensor": "layout",
    "ToTensor": "scale",
    "ToDtype": "scale",
    "ConvertImageDtype": "scale",
    "Normalize": "normalize",
    "Resize": "resize",
    "RandomResizedCrop": "resize",
    "RandomResize": "resize",
    "RandomShortestSize": "resize",
    "ScaleJitter": "resize",
    "RandomRotation": "resize",
    "RandomAffine": "resize",
    "RandomPerspective": "resize",
    "ElasticTransform": "resize",
    "CenterCrop": "crop",
    "RandomCrop": "crop",
    "FiveCrop": "crop",
    "TenCrop": "crop",
    "Pad": "pad",
    "RandomZoomOut": "pad",
    "RandomHorizontalFlip": "turn",
    "RandomVerticalFlip": "turn",
    "Grayscale": "colour",
    "RandomGrayscale": "colour",
    "RGB": "colour",
    "ColorJitter": "colour",
    "RandomChannelPermutation": "colour",
}
CONTAINERS = ("Compose", "RandomApply", "RandomChoice", "RandomOrder", "Identity", "Lambda")  # others do their work


def facts(name: str, arguments: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Returns what is known of the file that was read or written."""
    source = next((arguments[key] for key in ("path", "input", "filename") if key in arguments), None)
    if name in IO and IO[name] != "encode":
        return source_facts(_as_array(source))
    if name in IO:
        return encoded_facts(arguments["filename"] if name.startswith("write") else _as_array(result))
    return {}


def _as_array(source: Any) -> Any:
    """Returns a tensor of bytes as an array."""
    torch = sys.modules["torch"]
    return source.numpy() if isinstance(source, torch.Tensor) else source


def hook_transforms(wrapping: Wrapping) -> None:
    """Records the calls of the transforms of v2, with their settings as arguments."""
    transform = sys.modules["torchvision.transforms.v2._transform"].Transform
    call = transform.__call__
    recorded: dict[type, Any] = {}

    @functools.wraps(call)
    def calling(self: Any, *args: Any, **kwargs: Any) -> Any:
        kind = type(self)
        if kind.__name__ in CONTAINERS:
            return call(self, *args, **kwargs)
        if kind not in recorded:
            name = kind.__name__
            recorded[kind] = wrapping.wrapped(LIBRARY, f"v2.{name}", TRANSFORMS.get(name, "other"), call, _settings)
        return recorded[kind](self, *args, **kwargs)

    wrapping.put(transform, "__call__", calling)


def _settings(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns what a transform is called with, and its settings."""
    transform, *inputs = args
    settings = {name: value for name, value in vars(transform).items() if name[0] != "_" and name != "training"}
    return {"inputs": [*inputs, *kwargs.values()], **settings}


def versions() -> dict[str, str]:
    """Returns the version of torchvision."""
    return {"torchvision": str(sys.modules["torchvision"].__version__)}


LIBRARY = Library(
    "torchvision",
    {"torchvision.transforms.functional": FUNCTIONS, "torchvision.io.image": IO},
    versions,
    facts=facts,
    hooks={"torchvision.transforms.v2._transform": hook_transforms},
)
