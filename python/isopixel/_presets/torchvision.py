# SPDX-License-Identifier: MIT
"""torchvision's transforms."""

from collections.abc import Iterator, Sequence
from typing import Any

from isopixel._presets.words import (
    FROM_0_TO_1,
    FROM_0_TO_255,
    TIMES_A_255TH,
    Orientation,
    crop_step,
    filter_name,
    line,
    mean_and_std,
    pillow_method,
    resize_step,
    torch_method,
)

# torchvision's transforms that make tensors, and what comes to them, where they tell.
CONVERSIONS = {
    "ToTensor": "pil",
    "PILToTensor": "pil",
    "ToImage": None,
    "ConvertImageDtype": "tensor",
    "ToDtype": "tensor",
}
TRANSFORMS = ("Resize", "CenterCrop", *CONVERSIONS, "Normalize")


def torchvision_line(transforms: Any, pillow: str | None, orientation: Orientation) -> str:
    """Returns the line of `Recipe.from_torchvision`."""
    if hasattr(transforms, "resize_size"):
        steps = _classification(transforms, pillow)
    else:
        steps = _Chain(list(_flat(transforms)), pillow).steps()
    return line(orientation, steps)


def _classification(preset: Any, pillow: str | None) -> list[str]:
    sizes = [getattr(preset, name, None) for name in ("resize_size", "crop_size")]
    if not all(isinstance(size, Sequence) and len(size) == 1 for size in sizes):
        raise ValueError(f"{type(preset).__name__} is not a preset of torchvision's for classifying images, {sizes}")
    if pillow is None:
        raise ValueError(
            "these transforms take PIL images and tensors, and resize them in two ways: give pillow=, the release of "
            "Pillow of the model's training (tensors they resize in float32, which isopixel does not)"
        )
    method = pillow_method(filter_name(preset.interpolation), pillow)
    return [
        resize_step(method, preset.resize_size),
        crop_step(preset.crop_size, " round=even"),
        f"normalize {mean_and_std(preset.mean, preset.std)} rounding=steps",
    ]


class _Chain:
    """The transforms of a Compose, which are gone through once, with what the image is before each of them."""

    def __init__(self, transforms: list[Any], pillow: str | None) -> None:
        self.transforms = transforms
        self.pillow = pillow
        self.image = "pil or tensor"  # then "uint8", a tensor; "float", one in which Normalize is done; "normalised"
        self.range = ""
        self.rounding = "steps"

    def steps(self) -> list[str]:
        """Returns the steps of the recipe."""
        steps, last = [], []
        for transform in self.transforms:
            name = type(transform).__name__
            if name not in TRANSFORMS:
                raise ValueError(f"{name} is not one of the transforms that recipes have: {', '.join(TRANSFORMS)}")
            if name == "CenterCrop":  # which is the same before and after what is done to each sample
                steps.append(crop_step(transform.size, " round=even"))
            elif self.image == "normalised":
                raise ValueError(f"{name} comes after Normalize, which is the last step of a recipe")
            elif name == "Resize":
                steps.append(self._resize(transform))
            elif name == "Normalize":
                if self.image != "float":
                    raise ValueError("Normalize is of floats: ToTensor, or another conversion to them, comes before it")
                last = [f"normalize {mean_and_std(transform.mean, transform.std)}{self.range} rounding={self.rounding}"]
                self.image = "normalised"
            else:
                self._convert(name, transform)
        if self.pillow is not None and not any("pillow-" in step for step in steps):
            raise ValueError("pillow= is the release that resizes PIL images, and these transforms resize none")
        if self.image == "float":
            last = [FROM_0_TO_255 if self.range else TIMES_A_255TH if self.rounding == "reciprocal" else FROM_0_TO_1]
        return steps + last

    def _resize(self, resize: Any) -> str:
        if getattr(resize, "max_size", None) is not None:
            raise ValueError("max_size of Resize rounds the shorter side twice, which no step of a recipe does")
        filter = filter_name(resize.interpolation)
        if self.image == "float":
            raise ValueError("Resize comes after the conversion to floats, and is done in float32: isopixel does not")
        if self.image != "uint8" and self._taken() == "pil":
            return resize_step(pillow_method(filter, self.pillow), resize.size)
        if not _is_v2(resize):
            raise ValueError(
                "transforms.Resize of tensors is done in float32, which isopixel does not; v2.Resize is not"
            )
        return resize_step(torch_method(filter, resize.antialias), resize.size)

    def _taken(self) -> str:
        """Returns "pil" or "tensor", what the first of the transforms takes."""
        names = [type(transform).__name__ for transform in self.transforms if not _is_to_uint8(transform)]
        told = next((CONVERSIONS[name] for name in names if name in CONVERSIONS), None)
        if told is None and self.pillow is None:
            raise ValueError(
                "these transforms take PIL images and tensors, and resize them in two ways: give pillow=, the release "
                "of Pillow of the model's training, for PIL images; for tensors, put v2.ToImage() first"
            )
        return told or "pil"

    def _convert(self, name: str, conversion: Any) -> None:
        if CONVERSIONS[name] == "pil" and self.image != "pil or tensor":
            raise ValueError(f"{name} takes a PIL image, and a tensor comes to it")
        if name == "ToTensor":
            self.image = "float"
        elif name in ("PILToTensor", "ToImage"):
            self.image = "float" if self.image == "float" else "uint8"
        elif str(conversion.dtype) != "torch.float32" and not (_is_to_uint8(conversion) and self.image != "float"):
            raise ValueError(f"{name} converts to {conversion.dtype}, and the floats of a recipe are float32")
        elif self.image == "float" or _is_to_uint8(conversion):
            return
        elif name == "ToDtype" and not conversion.scale:
            self.image, self.range = "float", " range=255"
        elif _is_v2(conversion):
            self.image, self.rounding = "float", "reciprocal"
        else:
            self.image = "float"


def _flat(transforms: Any) -> Iterator[Any]:
    """Yields the transforms of a Compose, of those in it, and of lists."""
    inner = transforms.transforms if type(transforms).__name__ == "Compose" else transforms
    if isinstance(inner, (list, tuple)):
        for transform in inner:
            yield from _flat(transform)
    else:
        yield inner


def _is_to_uint8(transform: Any) -> bool:
    """Is it a conversion that leaves uint8, and in v2 a PIL image, as it is?"""
    return str(getattr(transform, "dtype", None)) == "torch.uint8"


def _is_v2(transform: Any) -> bool:
    return "torchvision.transforms.v2" in type(transform).__module__
