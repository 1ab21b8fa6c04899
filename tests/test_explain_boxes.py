# SPDX-License-Identifier: MIT
"""Crops from anywhere before a resize, and grays that code writes out before other functions."""

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
from isopixel._explain.boxes import FEWEST, NEAR
from isopixel._explain.registration import LEAST, _Means, _planes, _Samples, parts
from isopixel._explain.turns import TURNS, turned, turned_edges
from tests.explain_chains import OPENCV, PILLOW, TORCH, TRANSPOSED, chosen, photo

BOX = 9, 31, 51, 58  # top, left, height, width


def cut(image, box=BOX):
    """A part of an image, in memory of its own."""
    top, left, height, width = box
    return np.ascontiguousarray(image[top : top + height, left : left + width])


def texts(before, after):
    """The texts of all explanations that are exact."""
    return [str(one) for one in isopixel.explain(before, after) if one.is_exact]


@pytest.fixture(scope="module")
def image():
    made = photo(np.random.default_rng(8), 75, 100)
    made.flags.writeable = False
    return made


def by_pillow(image, size, method):
    return np.asarray(Image.fromarray(image).resize(size[::-1], PILLOW[method]))


def by_opencv(image, size, method):
    return cv2.resize(image, size[::-1], interpolation=OPENCV[method])


def by_torch(image, size, method):
    tensor = torch.from_numpy(image).permute(2, 0, 1)[None].contiguous(memory_format=torch.channels_last)
    return torch.nn.functional.interpolate(tensor, size, **TORCH[method])[0].permute(1, 2, 0).numpy()


@pytest.mark.parametrize(
    ("resized", "method", "size", "name"),
    [
        (by_pillow, "lanczos", (24, 40), "pillow-13-lanczos"),
        pytest.param(by_opencv, "nearest", (70, 41), "opencv-3.4-nearest", marks=pytest.mark.slow),
        pytest.param(by_torch, "torch-2.3-bilinear", (30, 90), "torch-2.3-bilinear", marks=pytest.mark.slow),
    ],
)
def test_a_crop_from_anywhere(image, resized, method, size, name):
    """By the libraries themselves, made smaller and larger."""
    expected = f"crop size=51,58 at=9,31 | resize {name} size={size[0]},{size[1]}"
    assert expected in texts(image, resized(cut(image), size, method))


@pytest.mark.slow
def test_with_what_is_around_it(image):
    """A gray before, a turn, a border and a normalisation behind."""
    gray = np.asarray(Image.fromarray(image).convert("L"))
    made = by_pillow(cut(gray), (30, 44), "bilinear")[:, ::-1]
    mean, std = np.float32(0.5), np.float32(0.5)
    after = (np.pad(made, ((2, 3), (4, 1)), constant_values=114).astype(np.float32) / np.float32(255) - mean) / std
    told = texts(image, after)
    start = "gray pillow-7 | turn flip-horizontal | crop size=51,58 at=9,11 | resize pillow-4-bilinear size=30,44 | "
    assert any(text.startswith(start + "pad size=35,49 at=2,4 value=114 | normalize half") for text in told), told


@pytest.mark.slow
def test_a_turn_behind_nearest_samples(image):
    """Which of its samples are the nearest is another matter if it is turned first."""
    after = by_opencv(cut(image), (30, 44), "nearest")[::-1]
    methods = "opencv-3.4-nearest", "torch-2.0-nearest"
    assert texts(image, after) == [
        f"crop size=51,58 at=9,31 | resize {method} size=30,44 | turn flip-vertical" for method in methods
    ]


@pytest.mark.slow
def test_alpha():
    """Methods that multiply by alpha are found by alpha itself; of opaque images they are those that do not."""
    image = photo(np.random.default_rng(3), 75, 100, 4)
    picture = Image.fromarray(cut(image)).resize((40, 30), Image.Resampling.BILINEAR)
    assert any("pillow-4-bilinear-alpha" in text for text in texts(image, np.asarray(picture)))
    under = Image.new("RGBA", (100, 75), (255,) * 4)
    white = np.asarray(Image.alpha_composite(under, Image.fromarray(image)).convert("RGB"))
    end = "crop size=51,58 at=9,31 | resize pillow-4-lanczos size=40,30"
    assert f"alpha composited value=255 rule=rounded | {end}" in texts(
        image, by_pillow(cut(white), (40, 30), "lanczos")
    )
    opaque = image.copy()
    opaque[..., 3] = 255
    told = texts(opaque, np.asarray(Image.fromarray(cut(opaque)).resize((40, 30), Image.Resampling.BILINEAR)))
    assert {name for text in told for name in text.split() if name.startswith("pillow-4")} == {
        "pillow-4-bilinear",
        "pillow-4-bilinear-alpha",
    }


@pytest.mark.slow
def test_all_places_are_told():
    """Of a part that is there twice."""
    image = photo(np.random.default_rng(4), 90, 160)
    image[10:80, 85:155] = image[10:80, 5:75]
    told = texts(image, isopixel.resize(cut(image, (20, 11, 50, 60)), (31, 28), method="bilinear"))
    assert {f"crop size=50,60 at=20,{left} | resize bilinear size=31,28" for left in (11, 91)} <= set(told)


@pytest.mark.slow
def test_what_is_none(image):
    """One sample that is off, a blur behind it, every n-th sample of a crop, and a crop of too few samples to tell."""
    made = by_pillow(cut(image), (30, 44), "bilinear")
    off = made.copy()
    off[17, 5, 1] ^= 1
    for after in (off, cv2.blur(made, (3, 3)), image[::3, 1::2], made[:, : FEWEST - 1]):
        assert not isopixel.explain(image, after).is_exact


@pytest.mark.parametrize("turn", [5, *(pytest.param(n, marks=pytest.mark.slow) for n in (0, 1, 2, 3, 4, 6, 7))])
def test_where_a_part_is(image, turn):
    """In any turn: well within a pixel, by means, and as well by samples if some are left out."""
    edges = np.array([BOX[0], BOX[0] + BOX[2], BOX[1], BOX[1] + BOX[3]])
    source = image.mean(2, keepdims=True)
    for method in ("pillow-13-bilinear", "torch-2.3-bilinear"):
        made = isopixel.resize(cut(image), (26, 35), method=method)
        (part,) = parts(source, turned(made.mean(2, keepdims=True), turn))
        assert part.turn == turn
        assert np.abs(np.array(part.edges) - edges).max() < NEAR / 2


def test_edges_after_a_turn(image):
    """They are those of the part in the turned image."""
    top, left, height, width = BOX
    for turn in range(len(TURNS)):
        edges = turned_edges((top, top + height, left, left + width), image.shape[:2], turn)
        y, below, x, behind = map(int, edges)
        assert np.array_equal(turned(image, turn)[y:below, x:behind], turned(cut(image), turn))


def test_means_and_samples(image):
    """The means of shares that begin and end within pixels, and the samples between pixels, by their definitions."""
    planes = _planes(image)
    fine = np.repeat(np.repeat(image.astype(np.float64), 4, 0), 4, 1)  # quarters of pixels
    box = np.array([[2.25, 2.25 + 7 * 1.25, 3.5, 3.5 + 5 * 2.75]])
    shares = fine[9 : 9 + 35, 14 : 14 + 55].reshape(7, 5, 5, 11, 3).mean((1, 3))
    assert np.allclose(_Means(planes, (7, 5)).of(box)[0], shares)
    corners = image[10:12, 20:22].astype(np.float64)
    between = (corners * np.array([0.75, 0.25])[:, None, None] * np.array([0.5, 0.5])[:, None]).sum((0, 1))
    box = np.array([[10.25, 11.25, 20.5, 21.5]])
    made = _Samples(planes, np.array([0]), np.array([0]), (1, 1)).of(box)
    assert np.allclose(made[0, 0, 0], between)


@pytest.mark.slow
def test_written_grays(image):
    """Behind them whatever is known behind the grays of libraries: a crop, a resize, a border, and a crop anywhere."""
    gray = np.rint(image @ np.array([0.2126, 0.7152, 0.0722])).astype(np.uint8)
    for after, end in (
        (gray[9:60, 31:89], "crop size=51,58 at=9,31"),
        (np.pad(gray, ((1, 2), (3, 0)))[:, ::-1], "turn flip-horizontal | pad size=78,103 at=1,0 value=0"),
        (by_pillow(gray, (40, 50), "bicubic"), "resize pillow-4-bicubic size=40,50"),
        (by_pillow(cut(gray), (26, 35), "box"), "crop size=51,58 at=9,31 | resize pillow-7-box size=26,35"),
    ):
        told = texts(image, after)
        assert any(text.startswith("gray rec709 rounding=nearest") and text.endswith(f" | {end}") for text in told), end
    red = image.astype(np.float32) @ np.float32([0.9, 0.05, 0.05])
    assert not texts(image, by_pillow(red.astype(np.uint8), (40, 50), "bicubic"))  # of other weights


def random_crop(seed):
    """Returns an image, what a crop from anywhere, a resize and a turn make of it, and what was done."""
    rng = np.random.default_rng([11, seed])
    image = photo(rng, int(rng.integers(60, 200)), int(rng.integers(60, 200)))
    height, width = image.shape[:2]
    h, w = (int(n * rng.uniform(2 * LEAST, 0.95)) for n in (height, width))
    y, x = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
    size = tuple(max(12, int(n * rng.uniform(0.4, 1.5))) for n in (h, w))
    resized, methods = ((by_pillow, PILLOW), (by_opencv, OPENCV), (by_torch, TORCH))[int(rng.integers(3))]
    method = chosen(rng, methods)
    made = resized(cut(image, (y, x, h, w)), size, method)
    if rng.integers(2):
        made = np.asarray(Image.fromarray(made).transpose(TRANSPOSED[chosen(rng, TRANSPOSED)]))
    return image, made, (method, y, x, h, w, size)


@pytest.mark.slow
@pytest.mark.parametrize("forty", range(5))
def test_two_hundred_random_crops(forty):
    missed = []
    for seed in range(40 * forty, 40 * forty + 40):
        before, after, done = random_crop(seed)
        if not texts(before, after):
            missed.append((seed, done))
    assert not missed
