# SPDX-License-Identifier: MIT
"""The frozen peers of SPEC.md (R-18 to R-28, R-37 to R-49) as a program: slow, standard library only.

The rules are beside this: of Pillow in frozen_pillow.py, of OpenCV in frozen_opencv.py and frozen_opencv_filters.py, of
torch in frozen_torch.py, and what these share in frozen_passes.py.
"""

from spec import frozen_opencv, frozen_opencv_filters, frozen_pillow, frozen_torch
from spec.frozen_passes import bicubic, box, hamming, lanczos, triangle

ANY = 2**31  # of channels: no limit of a method's own


def resize(method, samples, shape, size):
    """R-18: resizes an image by a frozen method.

    Args:
        method: a name of METHODS.
        samples: the samples of an image, in C order.
        shape: its (height, width, channels).
        size: (height, width) of the result.

    Returns:
        The samples of the result, bytes in C order.

    Raises:
        ValueError: the method does not exist, or refuses this image or size.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}")
    numbers, function, options = METHODS[method]
    height, width, channels = shape
    if channels not in numbers:
        raise ValueError(f"{method} has no images of {channels} channels (R-18)")
    if not all(1 <= n < 2**31 for n in (height, width, *size)):
        raise ValueError("a side is not in 1 ... 2^31 - 1 (R-18)")
    assert len(samples) == height * width * channels
    if (height, width) == tuple(size):
        return bytes(samples)
    planes = [
        [samples[y * width * channels + ch : (y + 1) * width * channels : channels] for y in range(height)]
        for ch in range(channels)
    ]
    planes = function(planes, size, **options)
    return bytes(p for rows in zip(*planes, strict=True) for pixel in zip(*rows, strict=True) for p in pixel)


def pillow_methods(phi, first_era="4"):
    """The rows of METHODS for one filter of Pillow (R-22, R-23, R-39), by the era in the name and in the rules."""
    eras = {first_era: "4", "12.2": "12.2", "13": "13"}
    name = "bilinear" if phi is triangle else phi.__name__
    plain = {f"pillow-{e}-{name}": ((1, 3, 4), frozen_pillow.pillow, {"phi": phi, "era": eras[e]}) for e in eras}
    alpha = {
        f"pillow-{e}-{name}-alpha": ((2, 4), frozen_pillow.pillow_alpha, {"phi": phi, "era": eras[e]}) for e in eras
    }
    return plain | alpha


# for each method its numbers of channels, and the function of planes and size with its options
METHODS = {
    **pillow_methods(triangle),
    "opencv-3.4-linear": (range(1, 513), frozen_opencv.opencv, {"exact": False}),
    "opencv-3.4-linear-exact": (range(1, 513), frozen_opencv.opencv, {"exact": True}),
    "torch-2.0-bilinear-antialias": (range(1, ANY), frozen_torch.torch, {"axis": frozen_torch.triangle_axis}),
    "torch-2.3-bilinear": (range(1, ANY), frozen_torch.torch, {"axis": frozen_torch.two_tap_axis}),
    **pillow_methods(bicubic),
    **pillow_methods(lanczos),
    **pillow_methods(hamming),
    **pillow_methods(box, "7"),
    "pillow-4-nearest": ((1, 2, 3, 4), frozen_pillow.nearest, {}),
    "opencv-3.4-nearest": (range(1, 513), frozen_opencv_filters.nearest, {}),
    "opencv-3.4-area": (range(1, 513), frozen_opencv_filters.area, {}),
    "opencv-3.4-cubic": (
        range(1, 513),
        frozen_opencv_filters.window,
        {"function": frozen_opencv_filters.cubic_weights},
    ),
    "opencv-3.4-lanczos4": (
        range(1, 513),
        frozen_opencv_filters.window,
        {"function": frozen_opencv_filters.lanczos4_weights},
    ),
    "torch-2.1-bicubic-antialias": (range(1, ANY), frozen_torch.torch, {"axis": frozen_torch.bicubic_axis}),
    "torch-2.3-bicubic": (range(1, ANY), frozen_torch.torch, {"axis": frozen_torch.four_tap_axis}),
    "torch-2.0-nearest": (range(1, ANY), frozen_torch.nearest, {}),
}
