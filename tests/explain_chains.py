# SPDX-License-Identifier: MIT
"""Random chains of functions, by Pillow, OpenCV, torch and NumPy themselves: what explain has to name."""

import cv2
import numpy as np
import torch
from PIL import Image

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
CONSTANTS = {
    "imagenet": IMAGENET,
    "clip": ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    "half": ((0.5,) * 3, (0.5,) * 3),
    "normalize": ((0.31, 0.42, 0.53), (0.2, 0.215, 0.25)),
}
PILLOW = {"bilinear": 2, "bicubic": 3, "lanczos": 1, "hamming": 5, "box": 4, "nearest": 0}
OPENCV = {"linear": 1, "nearest": 0, "area": 3, "lanczos4": 4, "linear-exact": 5}
TORCH = {
    "torch-2.0-bilinear-antialias": {"mode": "bilinear", "antialias": True},
    "torch-2.3-bilinear": {"mode": "bilinear"},
    "torch-2.1-bicubic-antialias": {"mode": "bicubic", "antialias": True},
    "torch-2.3-bicubic": {"mode": "bicubic"},
}
TRANSPOSED = {
    "flip-horizontal": Image.Transpose.FLIP_LEFT_RIGHT,
    "flip-vertical": Image.Transpose.FLIP_TOP_BOTTOM,
    "rotate-90": Image.Transpose.ROTATE_270,
    "rotate-180": Image.Transpose.ROTATE_180,
    "rotate-270": Image.Transpose.ROTATE_90,
    "transpose": Image.Transpose.TRANSPOSE,
    "transverse": Image.Transpose.TRANSVERSE,
}


def photo(rng, height, width, channels=3):
    """An image like a photograph: coarse and fine structure, no symmetry."""
    coarse = rng.uniform(0, 255, (height // 16 + 3, width // 16 + 3, channels)).astype(np.float32)
    image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
    return (image + rng.normal(0, 8, image.shape)).clip(0, 255).astype(np.uint8)


def chosen(rng, values):
    """One of some values."""
    return list(values)[int(rng.integers(len(values)))]


def colour(rng, image):
    """Returns an image of other colours, and what was done."""
    if image.shape[2] == 4:
        which = rng.integers(3)
        if which == 0:
            return image[..., :3], [("alpha", "dropped")]
        picture = Image.fromarray(image)
        value = int(rng.choice([0, 255]))
        under = Image.new("RGBA", picture.size, (value, value, value, 255))
        return np.asarray(Image.alpha_composite(under, picture))[..., :3], [("alpha", "composited")]
    which = rng.integers(5)
    if which == 0:
        return image[..., ::-1], [("channels", "reversed")]
    if which == 1:
        return np.asarray(Image.fromarray(image).convert("L"))[..., None], [("gray", "pillow-7")]
    if which == 2:
        return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None], [("gray", "opencv-4")]
    return image, []


def turn(rng, image):
    """Returns an image turned, perhaps."""
    if rng.integers(3):
        return image, []
    name = chosen(rng, TRANSPOSED)
    planes = [Image.fromarray(np.ascontiguousarray(image[..., c])) for c in range(image.shape[2])]
    return np.stack([np.asarray(plane.transpose(TRANSPOSED[name])) for plane in planes], 2), [("turn", name)]


def by_a_library(rng, image, size):
    """Returns an image resized by one of the libraries, and the method that this is."""
    image = np.array(image, order="C")
    if image.shape[:2] == size:  # what no library resizes
        return image, None
    library = rng.integers(3)
    if library == 0:
        name = chosen(rng, PILLOW)
        picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
        made = np.asarray(picture.resize(size[::-1], PILLOW[name]))
        method = "pillow-4-nearest" if name == "nearest" else f"pillow-13-{name}"
    elif library == 1:
        name = chosen(rng, OPENCV)
        made, method = cv2.resize(image, size[::-1], interpolation=OPENCV[name]), f"opencv-3.4-{name}"
    else:
        method = chosen(rng, TORCH)
        tensor = torch.from_numpy(image).permute(2, 0, 1)[None].contiguous(memory_format=torch.channels_last)
        made = torch.nn.functional.interpolate(tensor, size, **TORCH[method])[0].permute(1, 2, 0).numpy()
    return made.reshape(*size, image.shape[2]), ("resize", method)


def place(rng, image):
    """Returns an image resized, cut out, or both."""
    height, width = image.shape[:2]
    which = rng.integers(6)
    if which == 0:
        return image, []
    if which == 1:
        h, w = int(rng.integers(height // 3, height)), int(rng.integers(width // 3, width))
        y, x = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
        return image[y : y + h, x : x + w], [("crop", "crop")]
    if which == 2:
        side = int(rng.integers(40, 80))
        short = int(side * rng.choice([1, 1.125, 1.143, 1.3]))
        size = (short, short * width // height) if height <= width else (short * height // width, short)
        made, step = by_a_library(rng, image, size)
        top, left = (size[0] - side) // 2, (size[1] - side) // 2
        crop = [("crop", "crop")] if size != (side, side) else []
        return made[top : top + side, left : left + side], [*filter(None, [step]), *crop]
    if which == 3 and height != width:
        side = int(rng.integers(40, 200))
        ratio = side / max(height, width)
        size = max(1, round(height * ratio)), max(1, round(width * ratio))
        made, step = by_a_library(rng, image, size)
        top, left = (side - size[0]) // 2, (side - size[1]) // 2
        padding = ((top, side - size[0] - top), (left, side - size[1] - left), (0, 0))
        return np.pad(made, padding, constant_values=int(rng.choice([0, 114, 255]))), [
            *filter(None, [step]),
            ("pad", "pad"),
        ]
    size = int(rng.integers(32, 160)), int(rng.integers(32, 160))
    made, step = by_a_library(rng, image, size)
    return made, [*filter(None, [step])]


def values(rng, image):
    """Returns an image of another type, or the same."""
    which = rng.integers(7)
    if which == 0:
        return torch.from_numpy(np.array(image, order="C")).float().div(255).numpy(), [("scale", "divided-by-255")]
    if which == 1:
        return image / 255.0, [("scale", "divided-by-255")]
    if which == 2:
        return image.astype(chosen(rng, [np.int32, np.float32, np.uint16, np.float64])), [("cast", None)]
    if which < 5 and image.shape[2] == 3:
        name = chosen(rng, CONSTANTS)
        mean, std = (np.array(numbers) for numbers in CONSTANTS[name])
        order = int(rng.integers(4))
        if order == 0:  # torchvision
            made = torch.from_numpy(np.array(image, order="C")).float().div(255)
            made = made.sub(torch.tensor(mean, dtype=torch.float32)).div(torch.tensor(std, dtype=torch.float32)).numpy()
        elif order == 1:  # scripts
            made = ((image / 255.0 - mean) / std).astype(np.float32)
        elif order == 2:  # albumentations
            made = image.astype(np.float32) - np.float32(mean * 255)
            made *= np.reciprocal(np.float64(std * 255)).astype(np.float32)
        else:  # transformers, slow: rescaled in float64, then float32
            made = ((image.astype(np.float64) * (1 / 255)).astype(np.float32) - np.float32(mean)) / np.float32(std)
        return made, [("normalize", name)]
    return image, []


def axes(rng, image):
    """Returns an array of other axes, and what was done to those."""
    if image.shape[2] == 1:
        return image[..., 0], []
    which = rng.integers(3)
    if which == 0:
        return np.ascontiguousarray(image.transpose(2, 0, 1)), [("axes", "HWC-to-CHW")]
    if which == 1:
        return image.transpose(2, 0, 1)[None], [("axes", "HWC-to-CHW"), ("axes", "added")]
    return image, []


def chain(seed):
    """Returns an image, what a random chain makes of it, and the kinds and names of the operations of the chain."""
    rng = np.random.default_rng(seed)
    channels = 4 if rng.integers(8) == 0 else 3
    before = photo(rng, int(rng.integers(60, 150)), int(rng.integers(60, 150)), channels)
    image, steps = before, []
    for change in (colour, turn, place, values, axes):
        image, done = change(rng, image)
        steps += done
    return before, image, steps


def names_of(explanation):
    """Returns the kinds and names of the operations of an explanation; casts of floats behind another count with it."""
    names = [(operation.kind, operation.name) for operation in explanation.operations]
    is_behind = [
        i > 0 and kind == "cast" and names[i - 1][0] in ("scale", "normalize") for i, (kind, _) in enumerate(names)
    ]
    return [name for name, is_left_out in zip(names, is_behind, strict=True) if not is_left_out]


def is_named(steps, explained):
    """Returns whether the chain is among the explanations."""

    def agrees(step, name):
        return step[0] == name[0] and step[1] in (None, name[1])

    return any(
        len(names) == len(steps) and all(map(agrees, steps, names))
        for names in (names_of(one) for one in explained if one.is_exact)
    )


def unknown(seed):
    """Returns an image and what a function that has no name makes of it."""
    rng = np.random.default_rng([seed, 1])
    image = photo(rng, int(rng.integers(60, 150)), int(rng.integers(60, 150)))
    height, width = image.shape[:2]
    size = int(rng.integers(32, 120)), int(rng.integers(32, 120))
    return image, UNKNOWN[seed % len(UNKNOWN)](rng, image, size, height, width)


def _one_off(rng, made):
    """Returns an array with one sample that is another one."""
    made = made.copy()
    place = tuple(int(rng.integers(n)) for n in made.shape)
    made[place] = made[place] ^ 1 if made.dtype == np.uint8 else made[place] + np.float32(1e-6)
    return made


UNKNOWN = (
    lambda rng, x, size, h, w: cv2.GaussianBlur(x, (5, 5), float(rng.uniform(0.6, 2))),
    lambda rng, x, size, h, w: (255 * (x / 255) ** rng.uniform(0.5, 0.95)).astype(np.uint8),
    lambda rng, x, size, h, w: (x + rng.normal(0, 3, x.shape)).clip(0, 255).astype(np.uint8),
    lambda rng, x, size, h, w: cv2.warpAffine(
        x, cv2.getRotationMatrix2D((w / 2, h / 2), rng.uniform(3, 20), 1), (w, h)
    ),
    lambda rng, x, size, h, w: cv2.resize(cv2.GaussianBlur(x, (3, 3), 0.7), size[::-1]),
    lambda rng, x, size, h, w: cv2.filter2D(x, -1, rng.uniform(0, 0.25, (3, 3))),
    lambda rng, x, size, h, w: _one_off(rng, cv2.resize(x, size[::-1], interpolation=cv2.INTER_AREA)),
    lambda rng, x, size, h, w: (x.astype(np.float32) / 255) ** np.float32(2.2),
    lambda rng, x, size, h, w: cv2.medianBlur(x, 3),
    lambda rng, x, size, h, w: (x @ rng.uniform(0.1, 0.5, 3)).clip(0, 255).astype(np.uint8),
    lambda rng, x, size, h, w: _one_off(rng, ((cv2.resize(x, size[::-1]) / 255 - 0.47) / 0.231).astype(np.float32)),
    lambda rng, x, size, h, w: cv2.resize(cv2.resize(x, (w // 2, h // 2), interpolation=cv2.INTER_AREA), size[::-1]),
)
