# SPDX-License-Identifier: MIT
"""A data set of patches of the photographs that scikit-image brings, as a camera stores them, in folders of classes."""

from importlib import resources

import numpy as np
from PIL import Image

TRAIN, TEST = 200, 100  # patches of each class
PHOTOGRAPHS = (
    "astronaut.png",
    "brick.png",
    "chelsea.png",
    "coffee.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "motorcycle_left.png",
    "retina.jpg",
    "rocket.jpg",
)
SHORTER, LONGER = (90, 120), (120, 150)  # pixels of a patch's sides; half of the smallest photograph has 150
GAINS = (0.8, 1.25)  # of each colour: other light
QUALITY = 85
# Of each EXIF orientation how the picture is stored, which viewers undo.
STORED = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def collect(folder):
    """Writes the patches to folder/train/CLASS and folder/test/CLASS; the class is the photograph.

    Those of the test are of its lower right quarter, the others of the three other quarters.
    """
    for index, name in enumerate(PHOTOGRAPHS):
        photograph = np.asarray(opened(name))
        for side, count in (("train", TRAIN), ("test", TEST)):
            target = folder / side / name.partition(".")[0]
            target.mkdir(parents=True)
            for number in range(count):
                rng = np.random.default_rng((index, side == "test", number))
                quarter = 3 if side == "test" else rng.integers(3)
                store(target / f"{number:03}.jpg", patch(rng, photograph, quarter), rng)


def opened(name):
    """Returns one of the photographs."""
    with resources.as_file(resources.files("skimage") / "data" / name) as path:
        return Image.open(path).convert("RGB")


def patch(rng, photograph, quarter):
    """Returns a random part of a quarter of a photograph, in other light, and mirrored or not."""
    middle = np.array(photograph.shape[:2]) // 2
    size = np.array([rng.integers(*SHORTER, endpoint=True), rng.integers(*LONGER, endpoint=True)])
    if rng.integers(2):
        size = size[::-1]
    top, left = middle * divmod(quarter, 2) + rng.integers(0, middle - size, endpoint=True)
    pixels = photograph[top : top + size[0], left : left + size[1]] * rng.uniform(*GAINS, 3)
    return np.rint(pixels.clip(0, 255)).astype(np.uint8)[:, :: rng.choice([1, -1])]


def store(path, pixels, rng):
    """Saves a picture as JPEG with half the resolution of colours; every second one turned, with its orientation."""
    orientation = int(rng.choice([1, 1, 1, 3, 6, 8]))
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if STORED[orientation] is not None:
        image = image.transpose(STORED[orientation])
    exif = Image.Exif()
    exif[0x112] = orientation
    image.save(path, quality=QUALITY, subsampling="4:2:0", exif=exif)
