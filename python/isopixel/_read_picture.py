# SPDX-License-Identifier: MIT
"""Pictures as uint8 arrays, without a recipe's steps."""

import os
import re
from typing import TYPE_CHECKING, Literal

from isopixel._images import UInt8Array
from isopixel._recipe import Recipe

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def read_picture(
    source: "str | os.PathLike[str] | ReadableBuffer",
    mode: Literal["rgb", "bgr", "gray", "rgba"] = "rgb",
    *,
    orientation: Literal["refuse", "apply", "ignore"] = "refuse",
    alpha: Literal["refuse", "drop"] = "refuse",
    luma: Literal["refuse", "pillow-7", "opencv-3.4", "opencv-4"] = "refuse",
) -> UInt8Array:
    """Reads a picture (SPEC R-50, R-51): JPEG, PNG of at most 8 bits a sample, or BMP without compression.

    It is what a recipe of images makes of a picture before its steps: the same samples on every machine. PNG
    needs Pillow, as in `isopixel[cli]`. Profiles and gamma of the file change nothing.

    Args:
        source: the path of a file, or its bytes.
        mode: the channels of the array, in their order.
        orientation: what to do with a picture whose EXIF orientation turns or mirrors it. "apply" does that, as
            cv2.imread and browsers do; "ignore" leaves the samples as they are stored, as PIL.Image.open does.
        alpha: what to do with one that has transparency. "drop" takes the colours as they are; the mode rgba keeps it.
        luma: how colours become gray: by the formula of Pillow's convert("L"), or that of OpenCV's cvtColor.

    Returns:
        uint8, (height, width, channels), or (height, width) with the mode gray.

    Raises:
        OSError: the file cannot be read.
        TypeError: source is neither a path nor bytes.
        ValueError: it is not such a picture, is broken, or means different images to different programs; it has an
            orientation, transparency or colours that are refused; it has more pixels than the environment variable
            ISOPIXEL_MAX_PIXELS allows; or the mode, or an option of it, does not exist.

    Example:
        >>> from PIL import Image
        >>> import isopixel
        >>> Image.new("RGB", (640, 480), "orange").save("photo.png")
        >>> image = isopixel.read_picture("photo.png", "bgr")
        >>> image.shape, image[0, 0].tolist()
        ((480, 640, 3), [0, 165, 255])
    """
    if not isinstance(source, (str, os.PathLike, bytes, bytearray, memoryview)):
        raise TypeError(f"source is the path of a picture file, or its bytes, not {type(source).__name__}")
    options = {"orientation": orientation, "alpha": alpha, "luma": luma}
    for name, value in {"mode": mode, **options}.items():
        if not isinstance(value, str) or not re.fullmatch(r"[\w.-]+", value, re.ASCII):
            raise ValueError(f"{name} is one word of a recipe of images, such as 'rgb' or 'refuse', not {value!r}")
    chosen = [f"{name}={value}" for name, value in options.items() if value != "refuse"]
    return Recipe.parse(" ".join(["isopixel 1: image", mode, *chosen]))(source)
