# SPDX-License-Identifier: MIT
"""Functions that have no name: `explain` has to give none to what they make."""

import io
import random

import cv2
import numpy as np
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from tests.trace_cases import pictures


def _warped(a, rng):
    height, width = a.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(2, 40), rng.uniform(0.9, 1.1))
    return cv2.warpAffine(a, matrix, (width, height))


def _shifted(a, rng):
    return cv2.warpAffine(a, np.float32([[1, 0, rng.uniform(0.2, 0.8)], [0, 1, rng.uniform(0.2, 0.8)]]), a.shape[1::-1])


def _perspective(a, rng):
    height, width = a.shape[:2]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = corners + np.float32([[rng.uniform(-9, 9) for _ in range(2)] for _ in range(4)])
    return cv2.warpPerspective(a, cv2.getPerspectiveTransform(corners, moved), (width, height))


def _resized_at(a, rng):
    """A resize whose samples lie elsewhere than those of any known one."""
    height, width = rng.randrange(60, 200), rng.randrange(60, 200)
    y = ((np.arange(height) + 0.3) * a.shape[0] / height - 0.3).astype(np.float32)
    x = ((np.arange(width) + 0.3) * a.shape[1] / width - 0.3).astype(np.float32)
    return cv2.remap(a, *np.meshgrid(x, y), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _of_box(a, rng):
    """Pillow's resize of a part with a fraction."""
    box = (rng.uniform(0.3, 4), rng.uniform(0.3, 4), a.shape[1] - rng.uniform(0.3, 4), a.shape[0] - rng.uniform(0.3, 4))
    return np.asarray(Image.fromarray(a).resize((97, 83), Image.BILINEAR, box=box))


def _twice(a, rng):
    """By way of a size that nothing tells."""
    middle = rng.randrange(130, 190), rng.randrange(130, 190)
    return np.asarray(Image.fromarray(a).resize(middle, Image.BICUBIC).resize((96, 104), Image.BILINEAR))


def _noisy(a, rng):
    noise = np.random.default_rng(rng.randrange(10**6)).normal(0, 3, a.shape)
    return np.clip(np.rint(a + noise), 0, 255).astype(np.uint8)


def _vignette(a, rng):
    y, x = np.mgrid[-1 : 1 : a.shape[0] * 1j, -1 : 1 : a.shape[1] * 1j]
    return (a * (1 - rng.uniform(0.2, 0.5) * (x**2 + y**2) / 2)[..., None]).astype(np.uint8)


def _saved(a, rng, kind, **options):
    file = io.BytesIO()
    Image.fromarray(a).save(file, kind, **options)
    return np.asarray(Image.open(file).convert("RGB"))


def _hue(a, rng):
    made = cv2.cvtColor(a, cv2.COLOR_RGB2HSV)
    made[..., 0] = (made[..., 0] + rng.randrange(5, 90)) % 180
    return cv2.cvtColor(made, cv2.COLOR_HSV2RGB)


def _mixed(a, rng):
    matrix = np.eye(3) + np.array([[rng.uniform(-0.2, 0.2) for _ in range(3)] for _ in range(3)])
    return np.clip(np.rint(a @ matrix.T), 0, 255).astype(np.uint8)


def _shuffled(a, rng):
    order = list(range(a.shape[0]))
    rng.shuffle(order)
    return a[order]


def _blended(a, rng):
    return cv2.addWeighted(a, 0.7, np.ascontiguousarray(a[::-1]), 0.3, 0)


def _painted(a, rng):
    made = a.copy()
    top, left = rng.randrange(20, 60), rng.randrange(20, 60)
    made[top : top + 40, left : left + 30] = 128
    return made


def _one_sample(a, rng):
    made = a.copy()
    made[rng.randrange(20, 80), rng.randrange(20, 80), rng.randrange(3)] ^= 1 << rng.randrange(8)
    return made


def _local(a, rng):
    return cv2.createCLAHE(rng.uniform(1.5, 4), (8, 8)).apply(np.ascontiguousarray(a[..., 1]))


def _pillow(method, *arguments):
    return lambda a, rng: np.asarray(Image.fromarray(a).filter(method(*arguments)))


FUNCTIONS = {
    "gaussian": lambda a, rng: cv2.GaussianBlur(a, (0, 0), rng.uniform(0.6, 3)),
    "median": lambda a, rng: cv2.medianBlur(a, rng.choice((3, 5, 7))),
    "bilateral": lambda a, rng: cv2.bilateralFilter(a, 5, rng.uniform(20, 60), 5),
    "mean": lambda a, rng: cv2.blur(a, (rng.choice((3, 5)),) * 2),
    "sharpen": _pillow(ImageFilter.UnsharpMask),
    "emboss": lambda a, rng: np.asarray(Image.fromarray(a).filter(ImageFilter.EMBOSS)),
    "edges": lambda a, rng: cv2.Canny(a, rng.uniform(50, 90), rng.uniform(120, 200)),
    "rotated": _warped,
    "shifted": _shifted,
    "perspective": _perspective,
    "placed": _resized_at,
    "box": _of_box,
    "twice": _twice,
    "noise": _noisy,
    "vignette": _vignette,
    "webp": lambda a, rng: _saved(a, rng, "WEBP", quality=rng.choice((50, 75, 90))),
    "jpeg2000": lambda a, rng: _saved(a, rng, "JPEG2000", quality_layers=[rng.choice((20, 40))]),
    "gif": lambda a, rng: _saved(a, rng, "GIF"),
    "hue": _hue,
    "mixed": _mixed,
    "rows": _shuffled,
    "blended": _blended,
    "painted": _painted,
    "sample": _one_sample,
    "local contrast": _local,
    "saturation": lambda a, rng: np.asarray(ImageEnhance.Color(Image.fromarray(a)).enhance(rng.uniform(0.3, 1.8))),
    "offset": lambda a, rng: np.asarray(ImageChops.offset(Image.fromarray(a), rng.randrange(3, 30), 5)),
    "root": lambda a, rng: np.sqrt(a.astype(np.float32) + np.float32(rng.uniform(0.1, 2))),
    "logarithm": lambda a, rng: np.log1p(a.astype(np.float32) / np.float32(rng.uniform(10, 90))),
    "standardised rows": lambda a, rng: (a - a.mean(1, keepdims=True)) / (a.std(1, keepdims=True) + 1),
    "fourier": lambda a, rng: np.abs(np.fft.fft2(a[..., rng.randrange(3)])).astype(np.float32),
    "luminance": lambda a, rng: cv2.cvtColor(a, cv2.COLOR_RGB2LAB),
    "weighted gray": lambda a, rng: (a @ np.array([0.31, 0.52, 0.17])).astype(np.uint8),
    "equalised": lambda a, rng: np.asarray(ImageOps.equalize(Image.fromarray(a))),
    "morphology": lambda a, rng: cv2.dilate(a, np.ones((3, 3), np.uint8), iterations=rng.choice((1, 2))),
    "floats resized and noise": lambda a, rng: cv2.resize(_noisy(a, rng).astype(np.float32), (80, 90)) / 255,
    "two images": lambda a, rng: cv2.max(a, np.ascontiguousarray(a[:, ::-1])),
    "pyramid": lambda a, rng: cv2.pyrDown(a),
    "reduced": lambda a, rng: np.asarray(Image.fromarray(a).reduce(rng.choice((3, 5)))),
    "area of a part": lambda a, rng: cv2.resize(cv2.GaussianBlur(a, (3, 3), 0), (77, 66), interpolation=cv2.INTER_AREA),
}


def unknown(count):
    """Yields names, arrays, and what the functions make of these."""
    names = list(FUNCTIONS)
    for number in range(count):
        rng = random.Random(f"unknown {number}")
        name = names[number % len(names)]
        image = pictures.photograph(rng.randrange(12))
        height, width = rng.randrange(150, 240), rng.randrange(150, 250)
        image = np.ascontiguousarray(image[:height, :width])
        yield f"#{number} {name}", image, FUNCTIONS[name](image, rng)


def names_of(explained):
    """The exact explanations that give names: all operations but tables of single samples."""
    return [
        str(one)
        for one in explained
        if one.is_exact and not any((each.kind, each.name) == ("levels", "table") for each in one.operations)
    ]
