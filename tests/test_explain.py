# SPDX-License-Identifier: MIT
"""Which functions turn one array into another: named if they are known, by whoever computed them; and never others."""

import io
import warnings

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
from isopixel._explain import search
from isopixel._explain.blocks import Source
from isopixel._explain.colours import colours
from isopixel._explain.filters import FILTERS, filter_of
from isopixel._explain.float_resizes import PRECISION
from isopixel._explain.images import Reading
from isopixel._explain.operation import KINDS
from isopixel._explain.places import NEAR
from isopixel._explain.resizes import TOLERANCE, stages
from isopixel._explain.screen import Geometry, Linear, _fits, _resized, _sides, numbers_of, points_of, survivors
from isopixel._explain.sizes import whole_resizes
from isopixel._explain.turns import EXCHANGED, TURNS, places_in, turned
from isopixel._explain.ways import float_ways, other_ways, reducing_ways
from isopixel._recipe import opened
from tests.explain_chains import chain, is_named, names_of, photo, unknown
from tests.support import cmyk, random_image

PLAIN = [name for name, filter in FILTERS.items() if not filter.before]  # that make no means first


def first(before, after):
    """The text of the first explanation."""
    return str(isopixel.explain(before, after)[0])


@pytest.fixture(scope="module")
def image():
    made = photo(np.random.default_rng(5), 75, 100)
    made.flags.writeable = False
    return made


@pytest.mark.parametrize("seed", range(12))
def test_random_chains(seed):
    """Of up to six functions, by Pillow, OpenCV, torch and NumPy: the names are among those that are told."""
    before, after, steps = chain(seed)
    explained = isopixel.explain(before, after)
    assert is_named(steps, explained), (steps, str(explained))
    assert all(one.is_exact for one in explained)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(1, 11))
def test_a_thousand_random_chains(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        before, after, steps = chain(seed)
        explained = isopixel.explain(before, after)
        assert is_named(steps, explained), (seed, steps, str(explained))


@pytest.mark.parametrize("seed", range(12))
def test_unknown_functions(seed):
    """Blurs, gammas, noise, warps, other kernels, one sample that is off: no name is exact."""
    explained = isopixel.explain(*unknown(seed))
    assert not explained.is_exact, str(explained)
    assert all(0 < one.share <= 1 and one.maximum > 0 for one in explained)


@pytest.mark.slow
@pytest.mark.parametrize("twenty", range(1, 11))
def test_two_hundred_unknown_functions(twenty):
    for seed in range(20 * twenty, 20 * twenty + 20):
        explained = isopixel.explain(*unknown(seed))
        assert not explained.is_exact, (seed, str(explained))


@pytest.mark.parametrize("channels", [3, 4, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2))])
def test_every_method(channels):
    """Each is named, at a size that shrinks, grows, or does both; with alpha those that multiply by it."""
    before = photo(np.random.default_rng(channels), 40, 50, channels)
    sizes = [(17, 21), (60, 71), (21, 80), (20, 25)]
    for number, method in enumerate(isopixel.methods()):
        if not method.covers(channels) or (channels in (2, 4) and not method.name.endswith("-alpha")):
            continue
        cmyk_or_none = cmyk(method.name, channels)
        size = sizes[number % len(sizes)]
        after = isopixel.resize(before, size, method=method.name, channels=cmyk_or_none, axes="HWC")
        explained = isopixel.explain(before, after)
        assert [("resize", method.name)] in list(map(names_of, explained)), (method.name, size, str(explained))


def test_the_look_at_some_points_excludes_nothing_true():
    """No method's result is far from the real value of its filter, of hard images of any size."""
    rng = np.random.default_rng(3)
    for _ in range(6):
        height, width, *size = map(int, rng.integers(1, 60, 4))
        before = random_image(rng, (height, width, 3))
        for method in isopixel.methods():
            if method.covers(3):
                after = isopixel.resize(before, size, method=method.name)
                numbers = numbers_of([Geometry(0, (0, 0, height, width), tuple(size))], Source(before))
                points = points_of(after, (0, 0, *size))
                name = filter_of(method.name, tuple(size), (height, width))
                left = survivors(Source(before), numbers, points, name, [Linear(np.eye(3), 3.0)])
                assert left == [(0, 0)], (method.name, before.shape, size)


@pytest.mark.slow
def test_the_look_at_some_points_excludes_nothing_that_libraries_compute():
    """As they are installed, in floats too, and after means; of images of the least sizes also."""
    rng = np.random.default_rng(4)
    seen = set()
    for _ in range(60):
        *before, height, width = (int(rng.choice([1, 2, 3, 16, 17, 40, 64])) for _ in range(4))
        image = rng.choice(np.uint8([0, 255]), (*before, 3)) if rng.integers(2) else random_image(rng, (*before, 3))
        scaled = image.astype(np.float32) / 255
        numbers = numbers_of([Geometry(0, (0, 0, *before), (height, width))], Source(image))
        for source, linear, ways in (
            (image, Linear(np.eye(3), TOLERANCE), (*other_ways(), *reducing_ways())),
            (scaled, Linear(np.eye(3), PRECISION, clips=False), float_ways("float32")),
        ):
            for way in ways:
                name, after = way.filter((height, width), tuple(before)), way.run(source, (height, width))
                if name is not None and after is not None:
                    points = points_of(after, (0, 0, height, width))
                    assert survivors(Source(source), numbers, points, name, [linear]) == [(0, 0)], (
                        way,
                        image.shape,
                        after.shape,
                    )
                    seen.add(name)
    assert {"lanczos-reduced-2", "box-reduced-3", "bilinear-narrow", "bilinear-align-corners", "lanczos4"} <= seen


@pytest.mark.parametrize(("channels", "wanted"), [(4, 3), (4, 4), (2, 1), (2, 2), (3, 1), (4, 1), (1, 3), (3, 3)])
def test_colours_are_near_their_real_values(channels, wanted):
    """By which their places and resizes are looked for."""
    image = random_image(np.random.default_rng(0), (256, 256, channels))
    image[0, :, :] = np.arange(256)[:, None]
    image[1, :, -1], image[2, :, -1] = 0, 255
    for colour in colours(image.dtype, channels, wanted):
        distance = np.abs(colour.real(image) - colour.run(image)).max()
        assert distance <= (NEAR if colour.selects is None else 0), colour.operations


@pytest.mark.parametrize("box", [(0, 0, 2, 2), (1, 2, 3, 2), (0, 0, 1, 1)])
def test_each_pixel_of_a_small_image_is_looked_at_once(box):
    image = random_image(np.random.default_rng(0), (5, 4, 3))
    points = points_of(image, box)
    top, left, height, width = box
    seen = sorted(zip(points.rows.tolist(), points.columns.tolist(), strict=True))
    assert seen == [(top + y, left + x) for y in range(height) for x in range(width)]
    assert np.array_equal(points.samples, image[points.rows, points.columns])


def test_the_look_at_some_points_excludes_others():
    """Of noise, the filter and the turn that were used alone are left."""
    image = np.random.default_rng(0).integers(0, 256, (75, 100, 3), np.uint8)
    numbers = numbers_of([Geometry(turn, (0, 0, 75, 100), (50, 40)) for turn in range(4)], Source(image))
    points = points_of(isopixel.resize(image, (50, 40), method="pillow-13-lanczos"), (0, 0, 50, 40))
    left = {name: survivors(Source(image), numbers, points, name, [Linear(np.eye(3), 3.0)]) for name in PLAIN}
    assert {name: pairs for name, pairs in left.items() if pairs} == {"lanczos": [(0, 0)]}


@pytest.mark.parametrize("name", PLAIN)
def test_the_look_at_some_points_excludes_noise(name):
    """Of extreme noise, whose sums overshoot everywhere, no filter is left for other noise: nothing is computed."""
    rng = np.random.default_rng(0)
    image, other = (rng.choice(np.uint8([0, 255]), size) for size in ((75, 100, 3), (50, 40, 3)))
    numbers = numbers_of([Geometry(0, (0, 0, 75, 100), (50, 40))], Source(image))
    points = points_of(other, (0, 0, 50, 40))
    assert survivors(Source(image), numbers, points, name, [Linear(np.eye(3), 3.0)]) == []


@pytest.mark.parametrize("side", [1, 2, 8])
def test_sums_by_blocks_are_within_their_bounds(side):
    """Those of the samples themselves are the reference; of single pixels they are the same but for roundings."""
    rng = np.random.default_rng(side)
    photo = np.add.outer(np.arange(45) * 3, np.arange(70) * 2)[..., None] + rng.normal(0, 20, (45, 70, 2))
    for image in (photo.clip(0, 255).astype(np.uint8), rng.choice(np.uint8([0, 255]), (45, 70, 2)), photo / 99 - 1):
        source, linear = Source(image), Linear(np.eye(2), 3.0)
        boxes = [(turn, ((0, 0, 45, 45), (3, 1, 30, 41))[turn % 3 % 2]) for turn in range(8)]
        numbers = numbers_of([Geometry(turn, box, (4, 5), (1, 0)) for turn, box in boxes], source)
        swaps = np.array([turn >= EXCHANGED for turn, _ in boxes])[:, None, None]  # the other axis is first
        points = points_of(rng.integers(0, 256, (3, 4, 2), np.uint8), (0, 0, 3, 4))
        for name, filter in FILTERS.items():
            real, made = (_resized(source, numbers, points, filter, (0, 0), [linear], n)[None] for n in (0, side))
            peak = np.abs(image).max()
            off = np.abs(made.values[0] - real.values[0])
            assert (off <= made.near).all(), name
            assert side > 1 or (made.values.shape == real.values.shape and made.near.max() <= 1e-4 * peak), name
            for way in range(1, len(real.values) if image.dtype == np.uint8 else 1):
                value = np.where(swaps, made.values[3 - way], made.values[way]) if side == 1 else made.values[0]
                assert (np.abs(value - real.values[way]) <= made.near + made.clipped).all(), name
            assert not name.startswith("bi") or side == 1 or (off > 0.01).any(), "the bound is of nothing"


def test_blocks_are_of_what_becomes_of_pixels():
    """As of colours over a background, which have a channel less."""
    image = random_image(np.random.default_rng(0), (70, 37, 4))
    for colour in colours(image.dtype, 4, 3):
        made = image.astype(np.float32) if colour.pixels is None else colour.pixels(image)
        blocks = Source(image).blocks(colour.pixels, 4)
        padded = np.pad(made, ((0, 2), (0, 3), (0, 0)), mode="edge").reshape(18, 4, 10, 4, -1)
        means = padded.mean((1, 3))
        spread = np.abs(padded - means[:, None, :, None]).max((1, 3))
        np.testing.assert_allclose(blocks.means.transpose(1, 2, 0), means, atol=1e-3)
        np.testing.assert_allclose(blocks.spread.transpose(1, 2, 0), spread, atol=1e-3)


def test_blocks_exclude_what_is_far():
    """Of a smooth image resized to few pixels, all but what lies near the true part."""
    image = np.sin(np.add.outer(np.arange(500) / 40, np.arange(600) / 25) ** 1.2) * 100 + 128
    source = Source(np.repeat(image.astype(np.uint8)[..., None], 3, axis=2))
    geometries = [Geometry(0, (y, y, 450, 520), (8, 9)) for y in range(50)]
    numbers = numbers_of(geometries, source)
    filter = FILTERS["bilinear"]
    part = np.ascontiguousarray(source.pixels[20:470, 20:540])
    points = points_of(isopixel.resize(part, (8, 9)), (0, 0, 8, 9))
    assert _sides(source, numbers, filter)[0].tolist() == [4, 1]
    left = np.flatnonzero(_fits(source, numbers, points, filter, [Linear(np.eye(3), 3.0)], 4))
    assert 20 in left and len(left) < 8
    assert (20, 0) in survivors(source, numbers, points, "bilinear", [Linear(np.eye(3), 3.0)])


@pytest.mark.parametrize("near", [0, 1.01])
def test_of_many_places_the_first_are_told(near):
    image = np.random.default_rng(0).integers(0, 9, (30, 40, 1), np.uint8)
    found = list(places_in(image, image[3:4, 5:6], lambda x: x, near))
    for turn in range(len(TURNS)):
        places = np.argwhere(np.abs(turned(image, turn)[..., 0].astype(int) - int(image[3, 5, 0])) <= near)
        assert [tuple(place) for one, *place in found if one == turn] == [tuple(place) for place in places[:8].tolist()]


def test_turns():
    """They are those of recipes, by the orientations of Exif."""
    image = random_image(np.random.default_rng(0), (5, 7, 3))
    orientations = {2: 1, 3: 3, 4: 2, 5: 6, 6: 4, 7: 7, 8: 5}
    for orientation, turn in orientations.items():
        expected = opened("isopixel 1: image rgb orientation=apply").run(image, orientation, False, 1)
        np.testing.assert_array_equal(turned(image, turn), expected)
    assert sorted(orientations.values()) == list(range(1, len(TURNS)))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda x: x, "the same samples"),
        (lambda x: x[..., 1], "channels second"),
        (lambda x: x[3:53, 5:65], "crop size=50,60 at=3,5"),
        (lambda x: np.pad(x, ((1, 2), (3, 4), (0, 0)), mode="edge"), "pad pad-edge size=78,107 at=1,3"),
        (lambda x: np.pad(x, ((9, 2), (3, 4), (0, 0)), mode="reflect"), "pad pad-reflect size=86,107 at=9,3"),
        (lambda x: x[None], "axes added at=0"),
        (lambda x: x.reshape(100, 75, 3), "reshape shape=100,75,3"),
        (lambda x: x.reshape(3, 75, 100), "reshape shape=3,75,100"),
        (lambda x: x.ravel(), "reshape shape=22500"),
        (lambda x: 255 - x, "levels inverted"),
        (lambda x: (x * 1.2).clip(0, 255).astype(np.uint8), "levels times factor=1.2 rounding=down overflow=clip"),
        (
            lambda x: (x.astype(int) * 3 % 256).astype(np.uint8),
            "levels times factor=3.0 rounding=nearest overflow=wrap",
        ),
        (lambda x: x + np.uint8(90), "levels plus value=90 overflow=wrap"),
        (lambda x: cv2.subtract(x, (20, 20, 20, 0)), "levels plus value=-20 overflow=clip"),
        (lambda x: x.astype(np.int8), "cast int8 overflow=wrap"),
        (lambda x: (x - 128.0).astype(np.int8), "scale minus-128 | cast int8"),
        (lambda x: x.astype(np.uint16) * 257, "scale times-257 | cast uint16"),
        (lambda x: (x / 255).astype(np.float16), "scale divided-by-255 arithmetic=float32 | cast float16"),
        (lambda x: x.astype(np.float32) / 127.5 - 1, "scale divided-by-127.5-minus-1 arithmetic=float32"),
        (lambda x: (x.sum(2) // 3).astype(np.uint8), "gray mean"),
        (lambda x: np.asarray(Image.fromarray(x[..., ::-1]).convert("L")), "gray pillow-7 order=bgr"),
    ],
)
def test_single_functions(image, change, text):
    explained = isopixel.explain(image, change(np.array(image)))
    assert (str(explained[0]) if explained.is_exact else None) == text


def test_a_gray_before_and_after(image):
    """The order of a gray and a resize is told."""
    picture = Image.fromarray(image)
    size = (30, 40)
    assert first(image, picture.convert("L").resize(size)) == "gray pillow-7 | resize pillow-4-bicubic size=40,30"
    assert first(image, picture.resize(size).convert("L")) == "resize pillow-4-bicubic size=40,30 | gray pillow-7"


def test_floats(image):
    scaled = image.astype(np.float32) / 255
    assert first(scaled, (scaled * 255).astype(np.uint8)) == "scale times-255 arithmetic=float32 | cast uint8"
    dark = scaled * np.float32(0.9)
    assert (
        isopixel.Operation("cast", "uint8", (("rounding", "nearest"),))
        in isopixel.explain(dark, np.rint(dark * 255).astype(np.uint8))[0].operations
    )
    bright = scaled * np.float32(1.5)
    assert first(bright, (bright * 255).astype(np.int64).astype(np.uint8)).endswith("rounding=down overflow=wrap")
    assert first(bright, (bright * 255).clip(0, 255).astype(np.uint8)).endswith("rounding=down overflow=clip")
    resized = isopixel.resize((scaled * 255).astype(np.uint8), (40, 30), method="opencv-3.4-linear")
    assert first(scaled, resized).endswith("cast uint8 | resize opencv-3.4-linear size=40,30")
    deep = image.astype(np.uint16) * 256 + 77
    assert first(deep, (deep >> 8).astype(np.uint8)) == "scale divided-by-256 | cast uint8 rounding=down"
    assert first(deep, deep.clip(0, 255).astype(np.uint8)) == "cast uint8 overflow=clip"
    assert not isopixel.explain(scaled, np.sqrt(scaled)).is_exact


def test_resizes_of_floats(image):
    """By torch, OpenCV and Pillow as they are installed, whose names say so."""
    tensor = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float()
    made = torch.nn.functional.interpolate(tensor, (40, 30), mode="bilinear", antialias=True)
    assert first(image, made).startswith("resize torch-float32-bilinear-antialias size=40,30 | axes HWC-to-CHW")
    whole = made.clamp(0, 255).byte()[0].permute(1, 2, 0)
    assert first(image, whole) == "resize torch-float32-bilinear-antialias size=40,30 | cast uint8 rounding=down"
    rounded = isopixel.explain(image, made.round().clamp(0, 255).byte()[0].permute(1, 2, 0))
    assert "resize torch-float32-bilinear-antialias size=40,30 | cast uint8 rounding=nearest" in map(str, rounded)
    made = torch.nn.functional.interpolate(tensor / 255, (50, 50), mode="bilinear", align_corners=True)
    mean, std = (torch.tensor(numbers)[:, None, None] for numbers in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    assert first(image, (made - mean) / std).startswith(
        "scale divided-by-255 arithmetic=float32 | resize torch-float32-bilinear-align-corners size=50,50 | "
        "normalize imagenet mean=0.485,0.456,0.406 std=0.229,0.224,0.225 order=rgb rounding=steps"
    )
    scaled = image.astype(np.float32) / 255
    assert first(scaled, cv2.resize(scaled, (30, 40))) == "resize opencv-float32-linear size=40,30"
    planes = [Image.fromarray(plane).resize((30, 40), Image.Resampling.LANCZOS) for plane in scaled.transpose(2, 0, 1)]
    assert first(scaled, np.stack(planes, axis=2)) == "resize pillow-float32-lanczos size=40,30"


def test_a_width_of_1(image):
    """Whose rows torch makes the first one, antialiased in floats."""
    tensor = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float()
    made = torch.nn.functional.interpolate(tensor, (40, 1), mode="bicubic", antialias=True)
    assert first(image, made[0]).startswith("resize torch-float32-bicubic-antialias size=40,1")


def test_transposed_into_a_longer_and_a_shorter_side(image):
    """The ways' filters depend on which side grows: on the turn."""
    scaled = image.astype(np.float32) / 255
    after = cv2.resize(scaled.transpose(1, 0, 2), (90, 60), interpolation=cv2.INTER_AREA)
    assert first(scaled, after) == "turn transpose | resize opencv-float32-area size=60,90"


def test_reducing_gap():
    image = photo(np.random.default_rng(0), 300, 400)
    after = np.asarray(Image.fromarray(image).resize((50, 40), Image.Resampling.BICUBIC, reducing_gap=2.0))
    assert first(image, after) == "resize pillow-reducing-gap-2-bicubic size=40,50"


@pytest.mark.parametrize("options", [{"quality": 83}, {"quality": 95, "subsampling": 0}, {"quality": 40}])
def test_jpeg(image, options):
    file = io.BytesIO()
    Image.fromarray(image[..., ::-1].copy()).save(file, "JPEG", **options)
    subsampling = "4:4:4" if "subsampling" in options else "4:2:0"
    text = f"channels reversed | jpeg pillow quality={options['quality']} subsampling={subsampling}"
    assert first(image, np.asarray(Image.open(file))) == text


def test_alpha():
    image = photo(np.random.default_rng(1), 60, 80, 4)
    small = Image.fromarray(image).resize((30, 40), Image.Resampling.BICUBIC)
    assert first(image, small).startswith("resize pillow-") and "-bicubic-alpha" in first(image, small)
    names = list(map(names_of, isopixel.explain(image, np.asarray(small)[..., :3])))
    assert [("resize", "pillow-13-bicubic-alpha"), ("alpha", "dropped")] in names
    premultiplied = np.asarray(Image.fromarray(image).convert("RGBa"))
    assert first(image, premultiplied) == "alpha premultiplied"
    white = Image.alpha_composite(Image.new("RGBA", (80, 60), (255,) * 4), Image.fromarray(image)).convert("RGB")
    assert first(image, white) == "alpha composited value=255 rule=rounded"
    text = "alpha composited value=255 rule=rounded | "
    assert first(image, white.rotate(90, expand=True).crop((3, 5, 43, 45))) == (
        text + "turn rotate-270 | crop size=40,40 at=5,3"
    )
    assert first(image, np.pad(np.asarray(white)[:, ::-1], ((1, 2), (3, 4), (0, 0)), mode="edge")) == (
        text + "turn flip-horizontal | pad pad-edge size=63,87 at=1,3"
    )


DATA = np.random.default_rng(0).integers(0, 9, 5_000, np.uint8).tobytes()


@pytest.mark.parametrize(
    "line", ["nataraj", "wide,rows=floor", "square,channels=3", "pow2", "hilbert", "bigram", "line"]
)
def test_bytes(line):
    explained = isopixel.explain(DATA, isopixel.from_bytes(DATA, line))
    layout = isopixel.Operation("layout", line)
    assert any(one.operations[0] == layout for one in explained), str(explained)


@pytest.mark.parametrize("line", ["pow2", "line"])
@pytest.mark.slow
def test_resized_bytes(line):
    resized = isopixel.from_bytes(DATA, line, (20, 30), method="pillow-13-bicubic")
    text = f"layout {line} | resize pillow-13-bicubic size=20,30"
    explained = isopixel.explain(np.frombuffer(DATA, np.uint8), isopixel.normalize(resized, 0.5, 0.5))
    assert any(str(one).startswith(text) for one in explained), str(explained)


def test_an_image_of_other_bytes():
    assert not isopixel.explain(DATA, random_image(np.random.default_rng(1), (33, 44))).is_exact


def test_parts_of_bytes():
    data = np.random.default_rng(0).integers(0, 256, 9_000, np.uint8).tobytes()
    explained = isopixel.explain(data, isopixel.from_bytes(data, "square,offset=44,length=4096"))
    assert "layout square,offset=44,length=4096" in list(map(str, explained))


def test_every_rounding_of_recipes(image):
    for rounding in ("exact", "steps", "fused", "reciprocal"):
        line = f"isopixel 1: image rgb | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225 rounding={rounding}"
        found = [
            one.operations[0].get("rounding") for one in isopixel.explain(image, isopixel.Recipe.parse(line)(image))
        ]
        assert set(found) == {rounding}


def test_flat_images_decide_nothing():
    explained = isopixel.explain(np.full((40, 50, 3), 7, np.uint8), np.full((20, 30, 3), 7, np.uint8))
    assert explained.is_exact and len(explained) > 10
    assert explained.note.startswith("all samples are the same")
    assert "\nnote: " in str(explained)


def test_few_levels_decide_little():
    image = np.zeros((40, 40), np.uint8)
    image[20:] = 255
    explained = isopixel.explain(image, isopixel.resize(image, (20, 20), method="area"))
    assert "different functions" in explained.note


def test_a_table_has_no_name(image):
    after = (255 * (image / 255) ** 0.8).astype(np.uint8)
    explained = isopixel.explain(image, after)
    assert not explained.is_exact
    assert explained.note.endswith("a table of 256 values")
    assert 0.5 < explained[0].share <= 1 and explained[0].maximum == np.abs(after.astype(int) - image).max()


def test_nearest(image):
    """One sample that is off: the share is that of one."""
    after = isopixel.resize(image, (40, 30), method="pillow-13-bicubic").copy()
    after[3, 4, 1] ^= 2
    explained = isopixel.explain(image, after)
    assert not explained.is_exact
    shares = {one.operations[0].name: (one.share, one.maximum) for one in explained}
    assert shares["pillow-13-bicubic"] == (1 / after.size, 2.0)
    assert [one.share for one in explained] == sorted(one.share for one in explained)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x[10:70, 20:90],
        lambda x: x[:, ::-1],
        lambda x: 255 - x,
        lambda x: np.pad(x, ((3, 4), (5, 6), (0, 0))),
        lambda x: x / 255,
        lambda x: x.astype(np.int32),
    ],
)
def test_one_sample_that_is_off(image, change):
    """No look at some samples proves anything."""
    after = np.array(change(image))
    after[47, 31, 1] += 1
    assert not isopixel.explain(image, after).is_exact


def test_one_float_that_is_off(image):
    scaled = image.astype(np.float32) / 255
    after = (scaled - np.float32(0.5)) / np.float32(0.25)
    assert isopixel.explain(scaled, after).is_exact
    after[47, 31, 1] = np.nextafter(after[47, 31, 1], np.float32(9))
    assert not isopixel.explain(scaled, after).is_exact


def test_growing_by_installed_area():
    """It is found by its own look at some points, also if no method agrees with it."""
    (area,) = (way for way in other_ways() if way.name == "opencv-installed-area")
    for size in ((60, 71), (21, 80)):
        before = photo(np.random.default_rng(3), 40, 50)
        after = cv2.resize(before, size[::-1], interpolation=cv2.INTER_AREA)
        numbers = numbers_of([Geometry(0, (0, 0, 40, 50), size)], Source(before))
        points = points_of(after, (0, 0, *size))
        assert survivors(Source(before), numbers, points, area.filter(size, (40, 50)), [Linear(np.eye(3), 3.0)]) == [
            (0, 0)
        ]


def test_floats_that_may_not_be_written_to(image):
    """torch, which warns of them, is given copies."""
    scaled = np.ascontiguousarray(image[..., 0] / np.float32(255))
    scaled.flags.writeable = False
    with warnings.catch_warnings(action="error"):
        resized = torch.nn.functional.interpolate(torch.tensor(scaled)[None, None], (40, 30), mode="bilinear")
        assert first(scaled, resized[0, 0]).startswith("resize torch-float32-bilinear size=40,30")


def test_batches(image):
    pair = np.stack([image, image[::-1]])
    assert first(pair, isopixel.normalize(pair, 0.5, 0.25, axes="NHWC")).endswith("rounding=exact | axes HWC-to-CHW")
    assert not isopixel.explain(pair, np.stack([image[:, ::-1], image[::-1]])).is_exact


def test_operations_come_in_order(image):
    """A shorter side is resized before it is cut; all else is in the order of KINDS."""
    after = isopixel.Recipe.parse(
        "isopixel 1: image bgr | pillow-13-bilinear short=48 | crop 40,40 | normalize mean=0.5 std=0.25"
    )(image[..., ::-1])
    kinds = [operation.kind for operation in isopixel.explain(image, after)[0].operations]
    assert kinds == ["channels", "resize", "crop", "normalize", "axes"]
    assert set(kinds) <= set(KINDS)


def test_libraries_are_not_imported():
    """Explaining needs NumPy alone."""
    import subprocess
    import sys

    code = (
        "import sys, numpy as np, isopixel; sys.modules['PIL'] = None;"
        "x = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8);"
        "print(isopixel.explain(x, isopixel.resize(x, (9, 9)))[0]); isopixel.explain(x, x // 2);"
        "assert not {'cv2', 'torch', 'PIL.Image'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("resize bilinear size=9,9\n", "")


@pytest.mark.parametrize(
    ("before", "error", "text"),
    [
        ([[1, 2]], TypeError, "before must be a NumPy array.*got list: convert it with np.asarray"),
        ("photo.png", TypeError, "got str"),
        (np.zeros((2, 2), complex), TypeError, "must be of numbers.*got dtype complex128"),
        (np.zeros((2, 2), object), TypeError, "got dtype object"),
        (np.zeros((2, 2), "U1"), TypeError, "got dtype <U1"),
        (np.zeros((0, 2)), ValueError, r"before is empty: its shape is \(0, 2\)"),
        (np.float32(3), TypeError, "got float32"),
        (np.zeros((1, 1, 1, 1, 1)), ValueError, "must have rank 1 to 4"),
        (np.ma.masked_array([[1]], [[True]]), TypeError, "masked array"),
        (torch.zeros(2, 2, dtype=torch.bfloat16), TypeError, r"pass before.cpu\(\) or before.float\(\)"),
        (b"", ValueError, "before is empty"),
    ],
    ids=str,
)
def test_refusals(before, error, text):
    with pytest.raises(error, match=text):
        isopixel.explain(before, np.zeros((2, 2), np.uint8))
    if not isinstance(before, bytes):
        with pytest.raises(error, match=text.replace("before", "after")):
            isopixel.explain(np.zeros((2, 2), np.uint8), before)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, 1e-45])
def test_floats_that_are_no_images(image, value):
    """They are explained without an error or a warning."""
    image = image[:24, :30]
    odd = np.array(image, np.float32)
    odd[3, 4] = value
    for before, after in ((image, odd), (odd, image), (odd, odd / 2), (odd, odd[:14, :15])):
        isopixel.explain(before, after)


@pytest.mark.parametrize("shape", [(1, 1), (9, 1, 3), (5, 6, 7)])
def test_small_and_odd_shapes(shape):
    rng = np.random.default_rng(0)
    before = rng.integers(0, 256, shape, np.uint8)
    assert isopixel.explain(before, before).is_exact
    for other in ((1, 1), (3, 5, 3), (9,)):
        isopixel.explain(before, rng.integers(0, 256, other, np.uint8))
        isopixel.explain(before, rng.random(other))


WEIGHTS = {"rec601": (0.299, 0.587, 0.114), "rec709": (0.2126, 0.7152, 0.0722), "skimage": (0.2125, 0.7154, 0.0721)}


@pytest.mark.slow
@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_written_grays(image, name, dtype):
    """Sums that code writes out: how they are added and made whole is told, and which channel was taken for red."""
    red, green, blue = (dtype(weight) for weight in WEIGHTS[name])
    x = image.astype(dtype)
    row = red * x[..., 0] + green * x[..., 1] + blue * x[..., 2]
    backwards = blue * x[..., 0] + green * x[..., 1] + red * x[..., 2]
    for made, words in ((row, "sum=row"), (x @ np.array([red, green, blue]), "sum=product"), (backwards, "order=bgr")):
        for rounding, whole in (("nearest", np.rint), ("down", np.trunc)):
            told = list(map(str, isopixel.explain(image, whole(made).astype(np.uint8)[:, ::-1])))
            gray = f"gray {name} rounding={rounding} arithmetic={dtype.__name__}"
            assert any(text.startswith(gray) and words in text and "flip-horizontal" in text for text in told), told
        (text, *_) = map(str, isopixel.explain(image, made / dtype(255)))
        assert text.startswith(f"gray {name} arithmetic={dtype.__name__}") and "scale divided-by-255" in text
    assert not isopixel.explain(image, np.rint(x @ np.array([0.3, 0.5, 0.2], dtype)).astype(np.uint8)).is_exact


def test_means_as_numpy_makes_them(image):
    """Also of 0 to 1."""
    words = "gray mean arithmetic=float64 sum=divided"
    assert first(image, image.mean(axis=2)) == words
    assert words in first(image, (image / 255).mean(axis=2)[:, ::-1])


def test_turned_after_a_resize(image):
    """Not all methods round alike from both sides."""
    for size, axis, turn in (((84, 70), 0, "flip-vertical"), ((75, 130), 1, "flip-horizontal")):
        made = np.flip(isopixel.resize(image, size, method="opencv-3.4-lanczos4"), axis)
        assert first(image, made) == f"resize opencv-3.4-lanczos4 size={size[0]},{size[1]} | turn {turn}"


def test_borders_behind_what_is_known(image):
    """A border may be one of floats, or around a resize to any size."""
    made = isopixel.resize(image, (31, 47), method="bicubic")
    scaled = made.astype(np.float32) / np.float32(255)
    widths = ((2, 5), (7, 0), (0, 0))
    for inner, value, words in ((made, 114, ""), (scaled, 0.5, " | scale divided-by-255 arithmetic=float32")):
        told = str(isopixel.explain(image, np.pad(inner, widths, constant_values=value))[0])
        assert told == f"resize bicubic size=31,47{words} | pad size=38,54 at=2,7 value={value}"


def test_what_lies_within_a_border_is_looked_at_once(image, monkeypatch):
    looked = []
    monkeypatch.setattr(search, "resizes", lambda old, new, *rest, whole: looked.append((new.shape[0], whole)) or [])
    noise = np.random.default_rng(0).integers(1, 256, (20, 30, 3), np.uint8)
    after = np.pad(noise, ((2, 3), (1, 1), (0, 0)))
    assert not list(search._of_images(Reading(image, "HWC"), Reading(after, "HWC"), search._of_types))
    assert looked == [(25, True), (25, False), (20, True)]


def test_small_results():
    """Of results as of CIFAR and MNIST turns, crops and borders are looked at, also of a video's frame."""
    for size in ((28, 28), (32, 32)):
        assert len(list(whole_resizes((1080, 1920), size))) == len(TURNS)
        kinds = list(stages(np.empty((1080, 1920, 3), np.uint8), np.zeros((*size, 3), np.uint8), whole=False))
        assert len(kinds) == 4


@pytest.mark.slow
@pytest.mark.parametrize("size", [28, 32])
def test_names_of_small_results(image, size):
    large = np.tile(image, (8, 10, 1))  # 600 × 1000

    def resized(part, height, width):
        return isopixel.resize(np.ascontiguousarray(part), (height, width), method="area")

    flipped, square, short = large[:, ::-1], large[:, 200:800], size * 1000 // 600
    assert first(large, resized(flipped, size, size)) == f"turn flip-horizontal | resize area size={size},{size}"
    assert first(large, resized(square, size, size)) == f"crop size=600,600 at=0,200 | resize area size={size},{size}"
    cut = resized(large, size, short)[:, (short - size) // 2 :][:, :size]
    assert f"resize area size={size},{short} short={size} | crop" in first(large, cut)
    inner = int(size * 0.6)
    fitted = np.pad(resized(large, inner, size), ((4, size - inner - 4), (0, 0), (0, 0)))
    assert first(large, fitted).startswith(f"resize area size={inner},{size}")


def test_tiny_results(image):
    """Of few pixels, each of very many, the whole source alone is looked at, as it stands."""
    large, sizes = (1080, 1920), [(1, 1), (4, 4), (8, 8)]
    assert all(len(list(whole_resizes(large, size))) == 1 for size in sizes)
    assert not any(list(stages(np.empty((*large, 3)), np.empty((*size, 3)), whole=False)) for size in sizes)
    source = np.tile(image, (7, 8, 1))
    assert isopixel.explain(source, isopixel.resize(source, (8, 8), method="area")).is_exact


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_a_matrix_is_an_array(image):
    plane = image[..., 0]
    assert first(np.asmatrix(plane), np.asmatrix(plane[::-1])) == "turn flip-vertical"


def test_sixteen_bits_to_the_nearest(image):
    """Halves go up, or to the even level."""
    deep = image.astype(np.uint16) * 256 + np.uint16(128)
    assert "half-even" in first(deep, np.rint(deep / 256).clip(0, 255).astype(np.uint8))
    assert "half-even" not in first(deep, ((deep.astype(np.int64) + 128) // 256).clip(0, 255).astype(np.uint8))
