# SPDX-License-Identifier: MIT
"""The reference of recipes of images (R-16, R-50 to R-56, R-90) against Pillow, OpenCV, torch, NumPy, and itself."""

import json
import re
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from spec import make_vectors, recipe_images, recipes, reference

from tests.support import assert_same

SPEC = (Path(reference.__file__).parent / "SPEC.md").read_text(encoding="utf-8")
MODE_OF = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
SIDES = st.integers(1, 5000)
DECIMALS = st.builds(lambda digits, power: f"{digits}e{power}", st.integers(1, 10**9 - 1), st.integers(-9, 0))


def picture(seed, shape):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def array(shape, samples):
    return np.frombuffer(samples, np.uint8).reshape(shape)


def made_of_picture(source, image, orientation=1):
    """R-51 on an array (H, W, C)."""
    source = recipes.parse(f"isopixel 1: {source}").source
    return array(*recipe_images.picture_image(source, image.shape, image.tobytes(), orientation))


def run(rest, image, orientation=1):
    """A recipe on an array (H, W, C), as a NumPy array."""
    dtype, shape, numbers = recipe_images.run(f"isopixel 1: {rest}", image.shape, image.tobytes(), orientation)
    if dtype == "uint8":
        return array(shape, numbers)
    return np.array(numbers, np.uint32).view(np.float32).reshape(shape)


#


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("shape", [(2, 3, 3), (3, 1, 3), (1, 4, 1), (5, 5, 4), (7, 4, 3)])
def test_orientations_are_those_of_pillow(orientation, shape):
    image = picture(orientation, shape)
    plain = image[..., 0] if shape[2] == 1 else image
    tagged = Image.fromarray(plain)
    tagged.getexif()[0x0112] = orientation
    mode = {1: "gray", 3: "rgb", 4: "rgba"}[shape[2]]
    turned = np.asarray(ImageOps.exif_transpose(tagged))
    assert_same(run(f"image {mode} orientation=apply", image, orientation), turned, orientation)
    assert_same(run(f"image {mode} orientation=ignore", image, orientation), plain, orientation)


def test_the_table_of_orientations_is_that_of_the_specification():
    orders = re.search(r"^\| o \|(.*)\|$", SPEC, re.MULTILINE)[1].split("|")
    places = re.search(r"^\| out\(y, x\) \|(.*)\|$", SPEC, re.MULTILINE)[1].split("|")
    assert [int(o) for o in orders] == list(recipe_images.PLACES)
    for o, place in zip(orders, places, strict=True):
        text = place.strip().removeprefix("p").replace("−", "-")
        for y, x, h, w in [(0, 1, 5, 7), (2, 3, 5, 7), (4, 0, 5, 7)]:
            assert eval(text, {"y": y, "x": x, "h": h, "w": w}) == recipe_images.PLACES[int(o)](y, x, h, w)


def test_the_numbers_of_luma_are_those_of_the_specification():
    found = re.findall(r"`([a-z0-9.-]+)` \((\d+), (\d+), (\d+), (\d+)\)", SPEC)
    assert {name: tuple(map(int, numbers)) for name, *numbers in found} == recipe_images.LUMA
    assert all(r + g + b == 2**s for r, g, b, s in recipe_images.LUMA.values())


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("mode", ["rgb", "bgr", "rgba", "gray"])
def test_pictures_become_the_mode_as_in_pillow(channels, mode):
    image = picture(channels, (60, 50, channels))
    drops = "" if mode == "rgba" else " alpha=drop"
    luma = " luma=pillow-7" if mode == "gray" else ""
    pillow = Image.frombytes(MODE_OF[channels], (50, 60), image.tobytes())
    wanted = np.asarray(pillow.convert({"rgb": "RGB", "bgr": "RGB", "rgba": "RGBA", "gray": "L"}[mode]))
    expected = wanted[..., ::-1] if mode == "bgr" else wanted.reshape(60, 50, -1)
    assert_same(made_of_picture(f"image {mode}{drops}{luma}", image), expected, mode)


def test_luma_of_opencv():
    image = picture(5, (200, 300, 3))
    assert_same(
        made_of_picture("image gray luma=opencv-4", image)[..., 0], cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), "cvtColor"
    )


def test_the_vectors_tell_luma_apart():
    made = [vector for vector in make_vectors.picture_vectors() if vector["shape"] == (64, 64, 3)]
    assert len(made) == len(recipe_images.LUMA) == 3
    for vector in made:
        image = array((64, 64, 3), reference.vector_input(vector["input"], 64 * 64 * 3))
        grays = {made_of_picture(f"image gray luma={luma}", image).tobytes() for luma in recipe_images.LUMA}
        assert len(grays) == 3


#


@given(h=SIDES, w=SIDES, short=SIDES)
def test_short_is_that_of_torchvision(h, w, short):
    """R-52; torchvision has int(size * long / short)."""
    made = recipe_images.sizes(f"isopixel 1: image rgb | bilinear short={short}", (h, w))[-1]
    long = int(short * max(h, w) / min(h, w))
    assert made == ((short, long) if h <= w else (long, short))


@given(h=SIDES, w=SIDES, height=SIDES, width=SIDES)
def test_fit_is_that_of_letterboxes(h, w, height, width):
    """R-52 in NumPy's binary64."""
    r = np.minimum(np.float64(height) / h, np.float64(width) / w)
    for name, function in {
        "even": np.rint,
        "down": np.floor,
        "half-up": lambda x: np.floor(x + np.float64(0.5)),
    }.items():
        made = recipe_images.sizes(f"isopixel 1: image rgb | area fit={height},{width} round={name}", (h, w))[-1]
        assert made == tuple(max(1, int(function(np.float64(n) * r))) for n in (h, w))


def test_fit_is_binary64():
    """R-52: where exact halves would give others; and its ties."""

    def sides(size, wanted, name):
        return recipe_images.sizes(f"isopixel 1: image rgb | area fit={wanted},{wanted} round={name}", size)[-1]

    assert [sides((704, 55), 96, name) for name in ("even", "down", "half-up")] == [(96, 7)] * 3  # of exactly 7.5
    assert sides((192, 105), 224, "even") == (224, 123)  # of exactly 122.5
    assert sides((1, 47), 96, "down") == (2, 95)  # of exactly 96
    assert [sides((16, 5), 8, name) for name in ("even", "down", "half-up")] == [(8, 2), (8, 2), (8, 3)]  # 2.5


@given(height=st.integers(1, 9), width=st.integers(1, 9), more=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_crops(height, width, more):
    """R-53: floor as in transformers, and Python's round as in torchvision."""
    image = picture(height, (height + more[0], width + more[1], 3))
    for name, half in {"down": lambda d: int(d / 2), "even": lambda d: round(d / 2)}.items():
        top, left = map(half, more)
        expected = image[top : top + height, left : left + width]
        assert_same(run(f"image rgb | crop {height},{width} round={name}", image), expected, name)


@given(size=st.tuples(st.integers(1, 9), st.integers(1, 9)), more=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_pads_are_those_of_letterboxes(size, more):
    """R-54: ultralytics has round(p / 2 - 0.1) and round(p / 2 + 0.1) in OpenCV's copyMakeBorder."""
    image = picture(size[0], (*size, 3))
    (top, bottom), (left, right) = ((round(p / 2 - 0.1), round(p / 2 + 0.1)) for p in more)
    sides = f"{size[0] + more[0]},{size[1] + more[1]}"
    expected = cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(1, 2, 255))
    assert_same(run(f"image rgb | pad {sides} value=1,2,255", image), expected, "center")
    expected = cv2.copyMakeBorder(image, 0, more[0], 0, more[1], cv2.BORDER_CONSTANT, value=(7, 7, 7))
    assert_same(run(f"image rgb | pad {sides} value=7 at=corner", image), expected, "corner")


@pytest.mark.parametrize("shape", [(2, 5, 1), (6, 1, 1), (3, 3, 1)])
def test_squares(shape):
    image = picture(1, shape)
    short, long = min(shape[:2]), max(shape[:2])
    assert_same(run("image gray | crop square", image), run(f"image gray | crop {short},{short}", image), "crop")
    assert_same(run("image gray | pad square", image), run(f"image gray | pad {long},{long}", image), "pad")


#

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)


@given(mean=DECIMALS, std=DECIMALS, sign=st.sampled_from(["", "-"]))
@pytest.mark.slow
def test_rounding_is_that_of_torch(mean, std, sign):
    """Means and deviations of any size are for range=255 alone (R-90)."""
    x = torch.from_numpy(RAMP.reshape(1, 16, 16))
    m, s = torch.tensor(float(sign + mean)), torch.tensor(float(std))
    step = f"normalize mean={sign}{mean} std={std}"
    assert_same(run(f"image gray | {step} range=255 rounding=steps", RAMP), ((x.float() - m) / s).numpy(), step)
    if float(mean) <= 4 and float(std) <= 4:
        steps, fused = (x.float().div(255) - m) / s, (x.float() - m * 255) / (s * 255)
        assert_same(run(f"image gray | {step} rounding=steps", RAMP), steps.numpy(), step)
        assert_same(run(f"image gray | {step} rounding=fused", RAMP), fused.numpy(), step)
        v = RAMP.reshape(1, 16, 16).astype(np.float32)
        in_numpy = (v / np.float32(255) - np.float32(float(sign + mean))) / np.float32(float(std))
        assert_same(run(f"image gray | {step} rounding=steps", RAMP), in_numpy, step)


def test_a_range_of_255_is_the_same_rational():
    """R-55: 123.675 / 58.395 are 255 times 0.485 / 0.229."""
    assert_same(
        run("image gray | normalize mean=123.675 std=58.395 range=255", RAMP),
        run("image gray | normalize mean=0.485 std=0.229", RAMP),
        "range",
    )
    for v, number in enumerate(run("image gray | normalize mean=127.6 std=0.3 range=255", RAMP).ravel()):
        exact = (v - Fraction("127.6")) / Fraction("0.3")
        around = [np.nextafter(number, np.float32(side)) for side in (-np.inf, np.inf)]
        assert all(abs(Fraction(float(number)) - exact) < abs(Fraction(float(n)) - exact) for n in around)


def test_roundings_differ():
    step = "image gray | normalize mean=0.485 std=0.229 rounding="
    made = [run(step + rounding, RAMP).tobytes() for rounding in ("exact", "steps", "fused")]
    assert len(set(made)) == 3


# Whole recipes


@pytest.mark.parametrize("size", [(19, 31), (31, 20), (17, 17), (9, 40), (12, 12)])
def test_the_preset_of_torchvision(size):
    image = picture(size[0], (*size, 3))
    h, w = size
    new = (12, int(12 * w / h)) if h <= w else (int(12 * h / w), 12)
    resized = Image.fromarray(image).resize(new[::-1], Image.Resampling.BILINEAR)
    top, left = (round((n - 11) / 2.0) for n in new)
    x = torch.from_numpy(np.array(resized.crop((left, top, left + 11, top + 11)))).permute(2, 0, 1).float().div(255)
    mean, std = (torch.tensor(t).view(3, 1, 1) for t in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    line = "image rgb | pillow-13-bilinear short=12 | crop 11,11 round=even | normalize mean=0.485,0.456,0.406"
    assert_same(run(f"{line} std=0.229,0.224,0.225 rounding=steps", image), x.sub(mean).div(std).numpy(), size)


@pytest.mark.parametrize("size", [(19, 31), (31, 20), (10, 10), (1, 50), (40, 40)])
def test_a_letterbox(size):
    image = picture(size[1], (*size, 3))
    r = min(20 / size[0], 20 / size[1])
    height, width = (max(1, round(n * r)) for n in size)
    resized = cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR) if (height, width) != size else image
    dh, dw = (20 - height) / 2, (20 - width) / 2
    borders = (round(dh - 0.1), round(dh + 0.1), round(dw - 0.1), round(dw + 0.1))
    boxed = cv2.copyMakeBorder(resized, *borders, cv2.BORDER_CONSTANT, value=(114, 114, 114))
    expected = boxed.transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    line = "image bgr | opencv-3.4-linear fit=20,20 | pad 20,20 value=114 | normalize mean=0 std=1"
    assert_same(run(line, image), expected, size)


# Lines

SIZE = st.builds("{},{}".format, st.integers(1, 2**31 - 1), st.integers(1, 300))
FIT = SIZE.map("fit={}".format)
METHOD = st.sampled_from(["bilinear", "opencv-3.4-area", "pillow-4-bilinear-alpha"])


def with_options(words, more="", **options):
    """A strategy of texts: words and some of the options in any order, and what the canonical line has of them.

    The canonical line has `more`, which is always given, before the others; an option's first value is its default.
    """

    def texts(chosen, order, blanks):
        given = {name: f"{name}={chosen[name]}" for name in options if chosen[name] is not None}
        kept = [given[name] for name in given if chosen[name] != options[name][0]]
        written = [given[name] for name in order if name in given]
        return (" " * blanks).join([*words, *written, *more.split()]), " ".join([*words, *more.split(), *kept])

    chosen = st.fixed_dictionaries({name: st.sampled_from([None, *values]) for name, values in options.items()})
    return st.builds(texts, chosen, st.permutations(list(options)), st.integers(1, 3))


SOURCE = st.one_of(
    with_options(["image", "rgb"], orientation=["refuse", "apply", "ignore"], alpha=["refuse", "drop"]),
    with_options(["image", "rgb"], alpha=["refuse", "drop"]),
    with_options(["image", "bgr"], orientation=["refuse", "apply", "ignore"]),
)
STEP = st.one_of(
    st.builds(lambda method, size: (f"{method} {size}",) * 2, METHOD, SIZE | st.just("short=7")),
    st.tuples(METHOD, FIT).flatmap(lambda words: with_options(words, round=["even", "down", "half-up"])),
    (SIZE | st.just("square")).flatmap(lambda size: with_options(["crop", size], round=["down", "even"])),
    (SIZE | st.just("square")).flatmap(
        lambda size: with_options(["pad", size], value=["0", "7", "1,2,255"], at=["center", "corner"])
    ),
)
NORMALIZE = st.one_of(
    with_options(["normalize"], "mean=0.5 std=1,2,3", range=["1"], rounding=["exact", "steps", "fused"]),
    with_options(["normalize"], "mean=-123.675 std=255 range=255", rounding=["exact", "steps"]),
)
BAR = st.sampled_from(["|", " |", "  | "])


@given(source=SOURCE, steps=st.lists(STEP, max_size=5), last=st.lists(NORMALIZE, max_size=1), bar=BAR)
def test_canonical_lines(source, steps, last, bar):
    written, kept = zip(source, *steps, *last, strict=True)
    line, canonical = "isopixel 1:" + bar.join(written), "isopixel 1: " + " | ".join(kept)
    assert recipes.parse(line).text == canonical
    assert recipes.parse(canonical).text == canonical
    assert recipes.digest(line) == recipes.digest(canonical)


def test_values_that_are_alike_are_written_once():
    """R-54; of means and deviations they are not."""
    for values, written in {"7,7,7": " value=7", "0,0,0": "", "7,7,8": " value=7,7,8"}.items():
        assert recipes.parse(f"isopixel 1: image rgb | pad square value={values}").text.endswith(f"square{written}")
    line = "isopixel 1: image rgb | normalize mean=0.5,0.5,0.5 std=1"
    assert recipes.parse(line).text == line


WORDS = [
    "image",
    "rgb",
    "gray",
    "rgba",
    "nataraj",
    "|",
    "crop",
    "pad",
    "square",
    "bilinear",
    "3,4",
    "short=3",
    "fit=3,4",
]
WORDS += ["round=even", "round=down", "value=3", "value=1,2", "at=corner", "normalize", "mean=0", "std=1", "range=255"]
WORDS += [
    "rounding=steps",
    "rounding=fused",
    "orientation=apply",
    "alpha=drop",
    "luma=opencv-4",
    "pillow-4-bilinear",
    "=",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_words(rest):
    """A line is a recipe, whose canonical line is its own, or a ValueError that names a rule."""
    try:
        text = recipes.parse(f"isopixel 1: image rgb {rest}").text
    except ValueError as error:
        assert re.search(r"\(R-\d+\)$", str(error))
    else:
        assert recipes.parse(text).text == text


def test_at_most_sixteen_steps():
    for count, is_recipe in [(16, True), (17, False)]:
        line = "isopixel 1: image rgb" + " | crop 9,9" * count + " | normalize mean=0 std=1"
        if is_recipe:
            assert len(recipes.parse(line).steps) == count
        else:
            with pytest.raises(ValueError, match="too many steps"):
                recipes.parse(line)


# Planted mistakes

PLACES, LUMA, ROUND = recipe_images.PLACES, recipe_images.LUMA, recipe_images.ROUND
TABLES = {
    "orientations 5 and 7 swapped": ("picture", PLACES, {5: PLACES[7], 7: PLACES[5]}),
    "orientations 6 and 8 swapped": ("image", PLACES, {6: PLACES[8], 8: PLACES[6]}),
    "the luma of another OpenCV": ("picture", LUMA, {"opencv-3.4": LUMA["opencv-4"]}),
    "fit half up for even": ("sizes", ROUND, {"even": ROUND["half-up"]}),
    "fit down for half up": ("sizes", ROUND, {"half-up": ROUND["down"]}),
}
size_after = recipe_images.size_after


def size_after_in_rationals(step, size):
    if not step.words[1].startswith("fit="):
        return size_after(step, size)
    height, width = recipes.sides(step.words[1][4:], 2, "R-52")
    r = min(Fraction(height, size[0]), Fraction(width, size[1]))
    return tuple(max(1, ROUND[step.options["round"]](n * r)) for n in size)


FUNCTIONS = {
    "crops down for even": ("image", recipe_images, "crop_start", lambda d, rounding: d // 2),
    "crops up for even": ("image", recipe_images, "crop_start", lambda d, rounding: (d + (rounding == "even")) // 2),
    "fit in rationals": ("sizes", recipe_images, "size_after", size_after_in_rationals),
    "roundings not rounded": ("image", reference, "nearest_binary32", lambda x: x),
}


@pytest.mark.parametrize("name", [*TABLES, *FUNCTIONS])
@pytest.mark.slow
def test_the_vectors_find_a_mistake(name, monkeypatch):
    monkeypatch.setattr(reference, "normalization_table", reference.normalization_table.__wrapped__)  # without a cache
    if name in TABLES:
        section, table, wrong = TABLES[name]
        for key, value in wrong.items():
            monkeypatch.setitem(table, key, value)
    else:
        section, *where = FUNCTIONS[name]
        monkeypatch.setattr(*where)
    published = json.loads(make_vectors.PATH.read_text(encoding="ascii"))[section]
    assert json.loads("{" + make_vectors.section(section) + "}")[section] != published
