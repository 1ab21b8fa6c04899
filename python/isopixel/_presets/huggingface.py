# SPDX-License-Identifier: MIT
"""transformers' image processors."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from isopixel._presets.words import (
    FROM_0_TO_1,
    FROM_0_TO_255,
    TIMES_A_255TH,
    Orientation,
    crop_step,
    filter_name,
    height_and_width,
    line,
    mean_and_std,
    pillow_method,
    real_number,
    resize_step,
    torch_method,
    wanted,
    whole_number,
)

Backend = Literal["pil", "torchvision"]

# transformers' processors that resize, crop and normalise as the base classes of its backends do, by the beginnings of
# their names: those that take a size of one number for the shorter side, and those that crop if nothing is said.
SHORTER = {"Bit", "CLIP", "ChineseCLIP", "ConvNext", "MobileNetV1", "Siglip"}
CROPPING = {"Bit", "CLIP", "ChineseCLIP", "DeiT", "MobileNetV1"}
PROCESSORS = sorted(SHORTER | CROPPING | {"Blip", "OwlViT", "Pvt", "ViT"})
NOT_IN_RECIPES = {
    "do_pad": "fills pictures up to the largest of a batch",
    "size_divisor": "rounds sides to multiples of a number",
}


def huggingface_line(config: Any, backend: Backend, pillow: str | None, orientation: Orientation) -> str:
    """Returns the line of `Recipe.from_huggingface`."""
    if backend not in ("pil", "torchvision"):
        raise ValueError(
            f"backend is 'pil' or 'torchvision' (that of the fast processors), not {backend!r}: they make other pixels "
            "of the same picture"
        )
    if getattr(config, "backend", backend) != backend:
        raise ValueError(f"backend is {backend!r}, and the processor's own is {config.backend!r}")
    if backend != "pil" and pillow is not None:
        raise ValueError("pillow= is the release that resizes PIL images, and the torchvision backend resizes tensors")
    settings = _settings(config)
    name = _processor(settings)
    for key, what in NOT_IN_RECIPES.items():
        if settings.get(key):
            raise ValueError(f"{key} {what}, which no step of a recipe does")
    steps = []
    if settings.get("do_resize", True):
        steps += _huggingface_resize(name, settings, backend, pillow)
    if settings.get("do_center_crop", name in CROPPING):
        steps.append(crop_step(wanted(settings, "crop_size")))
    return line(orientation, steps + _huggingface_normalize(settings, backend))


def _settings(config: Any) -> dict[str, Any]:
    """Returns what a preprocessor_config.json, its dictionary or a processor say, without what is None."""
    if isinstance(config, (str, os.PathLike)):
        text = Path(config).read_bytes()
        try:
            config = json.loads(text)
        except ValueError as error:
            raise ValueError(f"{os.fspath(config)!r} is not JSON: {error}") from error
    elif hasattr(config, "to_dict"):
        config = config.to_dict()
    if not isinstance(config, Mapping):
        raise TypeError(
            "config must be the path of a preprocessor_config.json, a dictionary as in it, or a processor, "
            f"got {type(config).__name__}"
        )
    inner = config.get("image_processor", config)  # of a processor_config.json
    return {key: value for key, value in inner.items() if value is not None}


def _processor(settings: Mapping[str, Any]) -> str:
    """Returns the beginning of the name of the processor."""
    full = settings.get("image_processor_type", settings.get("feature_extractor_type"))
    if full is None:
        raise ValueError("the config has no image_processor_type, without which it does not say what its numbers mean")
    name = re.sub(r"(ImageProcessor|FeatureExtractor)(Fast|Pil)?$", "", full)
    if name not in PROCESSORS:
        raise ValueError(
            f"{full} is not one of the processors that only resize, crop and normalise, as recipes do: isopixel knows "
            f"those of {', '.join(PROCESSORS)}"
        )
    return name


def _huggingface_resize(name: str, settings: Mapping[str, Any], backend: Backend, pillow: str | None) -> list[str]:
    filter = filter_name(wanted(settings, "resample"))
    if backend == "pil":
        method = pillow_method(filter, pillow)
    else:
        method = torch_method("nearest-exact" if filter == "nearest" else filter, antialias=True)
    size = wanted(settings, "size")
    if isinstance(size, int) and name in SHORTER:
        size = {"shortest_edge": size}
    if isinstance(size, Mapping) and {key for key in size if size[key] is not None} == {"shortest_edge"}:
        short = whole_number(size["shortest_edge"], "shortest_edge")
        if name != "ConvNext":
            return [resize_step(method, short)]
        if short < 384:  # as transformers has it
            return [resize_step(method, int(short / settings.get("crop_pct", 224 / 256))), crop_step(short)]
        size = short
    return [resize_step(method, height_and_width(size, "size"))]


def _huggingface_normalize(settings: Mapping[str, Any], backend: Backend) -> list[str]:
    configured = real_number(settings.get("rescale_factor", 1 / 255), "rescale_factor")
    factor = configured if settings.get("do_rescale", True) else None
    if factor not in (None, 1) and not _is_255th(factor):
        raise ValueError(f"rescale_factor is {factor}, and recipes have samples from 0 to 1 (1/255), or to 255 (1)")
    is_to_255 = factor in (None, 1)
    if settings.get("do_normalize", True):
        numbers = mean_and_std(wanted(settings, "image_mean"), wanted(settings, "image_std"))
        if is_to_255:
            return [f"normalize {numbers} range=255 rounding=steps"]
        return [f"normalize {numbers} rounding={'steps' if backend == 'pil' else 'fused'}"]
    if factor is None or (backend != "pil" and isinstance(factor, int)):  # in torch uint8 times 1 is uint8
        return []
    if is_to_255:
        return [FROM_0_TO_255]
    return [FROM_0_TO_1 if backend == "pil" else TIMES_A_255TH]


def _is_255th(factor: float) -> bool:
    """Is multiplying by it, or its inverse, in every bit the same as by 1/255, or 255, for both backends?"""
    values = np.arange(256)
    products, quotients = (values * factor).astype(np.float32), values.astype(np.float32) / np.float32(255)
    return (
        bool(np.array_equal(products, quotients))
        and np.float32(factor) == np.float32(1 / 255)
        and np.float32(1 / factor) == 255
    )
