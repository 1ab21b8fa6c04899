# SPDX-License-Identifier: MIT
"""Files of many kinds, the same ones in every run: pictures much like photographs, and bytes much like programs."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

SIDES = ((240, 320), (333, 250), (376, 500), (251, 383), (300, 300), (281, 401))  # (height, width) of the photographs
ORIENTATION = 0x112  # of Exif


def seed(text):
    """A number that depends on a text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def photograph(number):
    """Surfaces under light, textures, edges like those of letters, grain; (H, W, 3)."""
    rng = np.random.default_rng(seed(f"photograph {number}"))
    height, width = SIDES[number % len(SIDES)]
    y, x = np.mgrid[:height, :width] / 100
    light = 110 + 60 * np.sin(x * rng.uniform(0.5, 1.5) + rng.uniform(0, 6)) * np.cos(y * rng.uniform(0.5, 1.5))
    image = np.repeat(light[..., None], 3, 2) * rng.uniform(0.6, 1.2, 3)
    for _ in range(12):  # bodies with textures of their own
        cy, cx, radius = rng.uniform(0, height / 100), rng.uniform(0, width / 100), rng.uniform(0.2, 0.9)
        inside = (y - cy) ** 2 + (x - cx) ** 2 * rng.uniform(0.5, 2) < radius**2
        waves = 40 * np.sin(rng.uniform(3, 60) * x + rng.uniform(3, 60) * y)
        image[inside] = rng.uniform(20, 235, 3) + waves[inside, None] * rng.uniform(0.2, 1, 3)
    for _ in range(40):  # strokes
        top, left = rng.integers(0, height - 24), rng.integers(0, width - 24)
        tall, wide = (rng.integers(8, 24), 2) if rng.integers(2) else (2, rng.integers(8, 24))
        image[top : top + tall, left : left + wide] = rng.choice([8.0, 247.0])
    image += rng.normal(0, 5, image.shape)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def program(number):
    """Bytes like those of an executable: code, texts, tables, zeros; 20 kB to 150 kB."""
    rng = np.random.default_rng(seed(f"program {number}"))
    parts = [b"MZ\x90\x00" + bytes(60)]
    for _ in range(rng.integers(8, 16)):
        length = int(rng.integers(1500, 9000))
        parts += [
            rng.choice([0x48, 0x8B, 0x89, 0xC3, 0xE8, 0xFF, 0x00, 0x0F], length).astype(np.uint8).tobytes(),
            bytes(rng.choice(np.frombuffer(b"abcdefghijklmnop_.\x00", np.uint8), length // 2)),
            np.arange(length // 4, dtype="<u4").tobytes(),
            bytes(int(rng.integers(0, 3000))),
            rng.integers(0, 256, length // 2, np.uint8).tobytes(),
        ]
    return b"".join(parts)


KINDS = ("png", "jpeg", *(f"exif-{n}" for n in (2, 3, 6, 8)), "palette", "alpha", "deep", "cmyk", "gray", "program")
JPEGS = (  # quality and subsampling, by the number of the photograph
    {"quality": 92},
    {"quality": 75, "subsampling": 0},
    {"quality": 85, "subsampling": 1},
    {"quality": 60, "subsampling": 2},
    {"quality": 95, "subsampling": 0, "progressive": True},
)


def name(kind, number):
    """The name of the file of a kind."""
    suffix = {"jpeg": "jpg", "cmyk": "jpg", "program": "exe"}.get(kind, "jpg" if kind.startswith("exif") else "png")
    return f"{kind}-{number}.{suffix}"


def write(folder, kind, number):
    """Writes a file of a kind, unless it is there; returns its path as a text."""
    path = Path(folder) / name(kind, number)
    if not path.exists():
        _write(path, kind, number)
    return str(path)


def _write(path, kind, number):
    if kind == "program":
        path.write_bytes(program(number))
        return
    pixels = photograph(number)
    picture = Image.fromarray(pixels)
    options = JPEGS[number % len(JPEGS)]
    if kind == "png":
        picture.save(path)
    elif kind == "jpeg":
        picture.save(path, **options)
    elif kind.startswith("exif"):
        exif = Image.Exif()
        exif[ORIENTATION] = int(kind[-1])
        picture.save(path, exif=exif, **options)
    elif kind == "palette":
        picture.quantize(64).save(path)
    elif kind == "alpha":
        y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
        alpha = np.clip(180 + 140 * np.sin(x / 23) * np.cos(y / 31), 0, 255).astype(np.uint8)
        Image.fromarray(np.dstack([pixels, alpha])).save(path)
    elif kind == "deep":
        rng = np.random.default_rng(number)
        samples = pixels[..., 1].astype(np.uint16) * 257 // 2 + rng.integers(0, 90, pixels.shape[:2]).astype(np.uint16)
        cv2.imwrite(str(path), samples)
    elif kind == "cmyk":
        picture.convert("CMYK").save(path, quality=92)
    elif kind == "gray":
        picture.convert("L").save(path)
    else:
        raise ValueError(kind)
