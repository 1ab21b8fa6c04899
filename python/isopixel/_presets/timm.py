# SPDX-License-Identifier: MIT
"""timm's transforms for inference."""

import math
from collections.abc import Mapping
from typing import Any

from isopixel._presets.words import (
    Orientation,
    crop_step,
    filter_name,
    line,
    mean_and_std,
    pillow_method,
    real_number,
    resize_step,
    wanted,
)


def timm_line(config: Any, pillow: str | None, orientation: Orientation) -> str:
    """Returns the line of `Recipe.from_timm`."""
    names = ("input_size", "interpolation", "crop_pct", "crop_mode", "crop_border_pixels", "mean", "std")
    settings = config if isinstance(config, Mapping) else {name: getattr(config, name, None) for name in names}
    channels, height, width = wanted(settings, "input_size")
    if channels != 3:
        raise ValueError(f"input_size has {channels} channels, and the recipe's images 3")
    if settings.get("crop_border_pixels"):
        raise ValueError("crop_border_pixels cuts off a border first, which no step of a recipe does")
    mode = settings.get("crop_mode") or "center"
    method = pillow_method(filter_name(wanted(settings, "interpolation")), pillow)
    share = real_number(wanted(settings, "crop_pct"), "crop_pct")
    if not share > 0:
        raise ValueError(f"crop_pct is {share}, and a picture's share of itself is above 0")
    sides = [math.floor(side / share) for side in (height, width)]
    if mode == "squash":
        resize = resize_step(method, sides)
    elif mode == "border":
        raise ValueError("crop_mode 'border' has sizes rounded in floating point, in a way that recipes do not have")
    elif mode != "center":
        raise ValueError(f"crop_mode is {mode!r}, and recipes have 'center' and 'squash'")
    elif sides[0] != sides[1]:
        raise ValueError(
            "crop_mode 'center' with unequal sides is rounded in floating point, in a way that recipes do not have"
        )
    else:
        resize = resize_step(method, sides[0])
    normalize = f"normalize {mean_and_std(wanted(settings, 'mean'), wanted(settings, 'std'))} rounding=steps"
    return line(orientation, [resize, crop_step((height, width), " round=even"), normalize])
