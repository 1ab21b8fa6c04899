# SPDX-License-Identifier: MIT
"""Recipes of images against the reference (R-16, R-50 to R-56), and what they refuse."""

import io
import re
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from spec import recipe_images, recipes

import isopixel
from isopixel import Recipe, _core
from tests.support import assert_same, random_image
from tests.test_hostile_files import chunk, png

CHANNELS = {"rgb": 3, "bgr": 3, "gray": 1, "rgba": 4}
SOURCES = st.sampled_from(["rgb", "bgr alpha=drop", "gray luma=pillow-7 alpha=drop", "gray luma=opencv-4", "rgba"]).map(
    lambda mode: f"image {mode} orientation=apply"
)
METHODS = ["bilinear", "bicubic", "area", "nearest", "pillow-13-box-alpha", "opencv-3.4-linear", "pillow-4-bicubic"]
STEPS = st.one_of(
    st.builds("{} {},{}".format, st.sampled_from(METHODS), st.integers(1, 9), st.integers(1, 9)),
    st.builds("{} short={}".format, st.sampled_from(METHODS), st.integers(1, 9)),
    st.builds(
        "{} fit={},{} round={}".format,
        st.sampled_from(METHODS),
        st.integers(1, 9),
        st.integers(1, 9),
        st.sampled_from(["even", "down", "half-up"]),
    ),
    st.builds("crop {} round={}".format, st.sampled_from(["square", "3,4", "1,1"]), st.sampled_from(["down", "even"])),
    st.builds(
        "pad {} value={} at={}".format,
        st.sampled_from(["square", "12,11"]),
        st.integers(0, 255),
        st.sampled_from(["center", "corner"]),
    ),
)
LAST = st.sampled_from(
    [
        "",
        " | normalize mean=0.485 std=0.229",
        " | normalize mean=0.485 std=0.229 rounding=steps",
        " | normalize mean=0.5 std=0.3 rounding=fused",
        " | normalize mean=0.485 std=0.229 rounding=reciprocal",
        " | normalize mean=103.939 std=1 range=255",
    ]
)


@pytest.mark.parametrize(("rounding", "half"), [("down", lambda d: d // 2), ("even", lambda d: round(d / 2))])
def test_where_crops_begin(rounding, half):
    """R-53, with each remainder by 4."""
    for d in range(9):
        image = np.arange((3 + d) * 20, dtype=np.uint8).reshape(3 + d, 20)
        made = Recipe.parse(f"isopixel 1: image gray | crop 3,{20 - d} round={rounding}")(image)
        assert np.array_equal(made, image[half(d) : half(d) + 3, half(d) : half(d) + 20 - d])


def expected_array(line, samples, orientation, is_picture):
    """What the reference makes of an image or picture; None if it refuses."""
    shape, data = samples.shape, samples.tobytes()
    try:
        if is_picture:
            shape, data = recipe_images.picture_image(recipes.parse(line).source, shape, data, orientation)
            line, orientation = line.replace(" orientation=apply", ""), 1
        dtype, array, numbers = recipe_images.run(line, shape, data, orientation)
    except ValueError:
        return None
    return np.array(list(numbers), np.uint8 if dtype == "uint8" else np.uint32).reshape(array)


@given(
    source=SOURCES,
    steps=st.lists(STEPS, max_size=4),
    last=LAST,
    shape=st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4)),
    orientation=st.integers(1, 8),
    is_picture=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_against_the_reference(source, steps, last, shape, orientation, is_picture, seed):
    line = f"isopixel 1: {' | '.join([source, *steps])}{last}"
    samples = random_image(np.random.default_rng(seed), shape)
    try:
        line = recipes.parse(line).text
    except ValueError:
        with pytest.raises(ValueError, match=r"alpha|option"):
            Recipe.parse(line)
        return
    expected = expected_array(line, samples, orientation, is_picture)
    if expected is None:
        with pytest.raises(ValueError, match=r"channels|crop|pad|alpha|colours|sides"):
            _core.OpenRecipe(line).run(samples, orientation, is_picture, 1)
        return
    for laid in (samples, samples.transpose(1, 0, 2).copy().transpose(1, 0, 2), samples[::-1].copy()[::-1]):
        made = Recipe.parse(line)._run(laid, orientation, is_picture=is_picture)
        assert_same(made.view(np.uint32) if made.dtype == np.float32 else made, expected, line)


@pytest.mark.parametrize("suffix", ["PNG", "BMP"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_files(mode, suffix, tmp_path):
    """R-51: the colours of the file, as Pillow converts it."""
    pixels = random_image(np.random.default_rng(3), (7, 9, 3))
    picture = Image.fromarray(pixels).convert(mode)
    path = tmp_path / f"a.{suffix.lower()}"
    picture.save(path)
    if suffix == "BMP" and mode == "1":
        with pytest.raises(ValueError, match=r"a\.bmp': it is not a BMP of 24 bits, or of 8 with a palette"):
            Recipe.parse("isopixel 1: image rgb")(path)
        return
    expected = np.asarray(picture.convert("RGB"))
    for source in (path, str(path), path.read_bytes(), bytearray(path.read_bytes())):
        assert_same(Recipe.parse("isopixel 1: image rgb")(source), expected, mode)
        assert_same(Recipe.parse("isopixel 1: image bgr")(source), expected[..., ::-1], mode)
    image, source = Recipe.parse("isopixel 1: image rgb").read(path)
    assert_same(image, expected, mode)
    assert source.bytes == path.stat().st_size


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_gray_of_few_bits(bits):
    """R-51: 255·v / (2^d − 1)."""
    values = np.arange(2**bits, dtype=np.uint8)[None]
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG", bits=bits)
    content = file.getvalue()
    assert content[24] == bits or bits == 8
    made = Recipe.parse("isopixel 1: image gray")(content) if content[25] == 0 else None
    if made is not None:
        assert_same(made, (255 * values.astype(int) // (2**bits - 1)).astype(np.uint8), bits)


@pytest.mark.parametrize("beyond", [0, 0x4100])
@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_gray_that_is_transparent(bits, beyond):
    """The chunk tRNS has a sample of the file's depth, in its lowest bits; others of the same picture stay opaque."""
    values = np.arange(8) % 2**bits
    packed = np.packbits(np.unpackbits(values.astype(np.uint8)[:, None], axis=1)[:, 8 - bits :]).tobytes()
    samples = chunk(b"IDAT", zlib.compress(b"\0" + packed))
    for transparent in {1, 2**bits - 1}:
        told = chunk(b"tRNS", struct.pack(">H", transparent + beyond))
        made = Recipe.parse("isopixel 1: image rgba")(png(8, 1, told, samples, depth=bits))
        gray, alpha = 255 * values // (2**bits - 1), np.where(values == transparent, 0, 255)
        assert_same(made, np.stack([gray, gray, gray, alpha], -1).astype(np.uint8)[None], transparent)


def picture_bytes(mode="RGB", suffix="PNG", size=(5, 4), **options):
    file = io.BytesIO()
    Image.fromarray(random_image(np.random.default_rng(1), (*size, 3))).convert(mode).save(file, suffix, **options)
    return file.getvalue()


def bmp(rows, *, colours=(), used=None, height=None, header=40):
    """A BMP of 8 bits with these colours as its palette, from indices; or one of 24 bits."""
    lines = [bytes(row) + bytes(-len(row) % 4) for row in rows]
    palette = b"".join(bytes([b, g, r, 0]) for r, g, b in colours)
    begin = 14 + header + len(palette)
    width, bits = (len(rows[0]), 8) if colours else (len(rows[0]) // 3, 24)
    sizes = struct.pack(
        "<IiiHHIIiiII", header, width, height or len(rows), 1, bits, 0, 0, 0, 0, used or len(colours), 0
    )
    start = b"BM" + struct.pack("<IHHI", begin + sum(map(len, lines)), 0, 0, begin)
    return start + sizes + bytes(header - 40) + palette + b"".join(lines)


@pytest.mark.parametrize("colours", [((0, 0, 0), (255, 255, 255)), ((9, 8, 7), (1, 2, 3)), ((0, 0, 0), (1, 1, 1))])
@pytest.mark.parametrize("header", [40, 64, 124])
@pytest.mark.parametrize("is_top_down", [False, True])
def test_palettes_of_bmp(colours, header, is_top_down):
    """A palette of black and white alone too, of which some libraries take the samples for bits."""
    indices = random_image(np.random.default_rng(5), (3, 9)) % 2
    rows = indices if is_top_down else indices[::-1]
    content = bmp(rows.tolist(), colours=colours, height=-3 if is_top_down else 3, header=header)
    expected = np.array(colours, np.uint8)[indices]
    assert_same(Recipe.parse("isopixel 1: image rgb")(content), expected, "rgb")
    assert_same(Recipe.parse("isopixel 1: image bgr")(content), expected[..., ::-1], "bgr")


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def test_a_tensor():
    """What is advised works, and is the recipe, not a resize alone."""
    torch = pytest.importorskip("torch")
    recipe, tensor = Recipe.parse("isopixel 1: image rgb | crop 2,2"), torch.zeros((4, 4, 3), dtype=torch.uint8)
    with pytest.raises(TypeError, match=r"got Tensor: pass tensor\.cpu\(\)\.numpy\(\), with the axes \(H, W, C\)"):
        recipe(tensor)
    assert recipe(tensor.cpu().numpy()).shape == (2, 2, 3)


INDICES = chunk(b"IDAT", zlib.compress(b"\0\x1b"))  # 0, 1, 2, 3, of two bits each
PALETTE = chunk(b"PLTE", bytes(range(9)))

REFUSALS = [
    ("image rgb", picture_bytes("RGBA"), "it has transparency: alpha=drop takes the colours as they are"),
    ("image gray", picture_bytes("RGB"), "it has colours, of which libraries make gray in different ways: luma="),
    ("image rgb", picture_bytes(exif=turned(6)), "its EXIF orientation is 6: say whether pictures are turned upright"),
    ("image rgb", picture_bytes(suffix="JPEG", exif=turned(3)), "its EXIF orientation is 3: say"),
    ("image rgb", picture_bytes("I;16"), "it has 16 bits a sample; libraries make 8 of them in different ways"),
    ("image rgb", picture_bytes(suffix="GIF"), "it is a GIF picture, and a recipe of images reads JPEG, PNG and BMP"),
    ("image rgb", picture_bytes("CMYK", "JPEG"), "CMYK"),
    ("image rgb", b"MZ\x90\0", "it begins with 4d 5a 90 00, and a recipe of images reads JPEG, PNG and BMP"),
    ("image rgb", b"", "it is empty"),
    ("image rgb", picture_bytes()[:60], "it is cut short"),
    ("image rgb", picture_bytes(suffix="BMP")[:60], "it is cut short"),
    ("image rgb", bmp([[0, 2]], colours=[(0, 0, 0), (1, 1, 1)]), "its palette does not have all of its colours"),
    ("image rgb", bmp([[0, 1]], colours=[(0, 0, 0), (1, 1, 1)], used=256), "its palette reaches into its samples"),
    ("image rgb", bmp([[0, 1]], colours=[(0, 0, 0)] * 300), "its palette reaches into its samples"),
    ("image rgb", bmp([[0] * 12], height=2), "it is cut short"),
    ("image rgb", png(4, 1, INDICES, depth=2, colour=3), "it is broken: it has no palette"),
    ("image rgb", png(4, 1, PALETTE, INDICES, depth=2, colour=3), "its palette does not have all of its colours"),
    ("image rgb", png(4, 1, INDICES, PALETTE, depth=2, colour=3), "its chunk PLTE stands behind its samples"),
    ("image rgba", png(4, 1, INDICES, chunk(b"tRNS", b"\0\1"), depth=2), "its chunk tRNS stands behind its samples"),
    (
        "image rgb | crop 6,2",
        picture_bytes(),
        "5 × 4 pixels (height × width), and the crop 6 × 2 does not lie in it",
    ),
    ("image rgb | pad 4,9", picture_bytes(), "the image has 5 × 4 pixels (height × width), more than the 4 × 9 that"),
    ("image rgb | bilinear short=2147483647", picture_bytes(), "and a side is 2147483647 at most"),
]


@pytest.mark.parametrize(("source", "content", "message"), REFUSALS)
def test_refusals(source, content, message, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(content)
    recipe = Recipe.parse(f"isopixel 1: {source}")
    for given_as, name in ((content, "the picture"), (path, f"{str(path)!r}")):
        with pytest.raises(ValueError, match=re.escape(f"{name}: ")) as error:
            recipe(given_as)
        assert message in str(error.value)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["PNG", "JPEG"])
def test_orientations_of_files(orientation, suffix):
    """As ImageOps.exif_transpose turns them; ignored, they lie as they are."""
    content = picture_bytes(suffix=suffix, exif=turned(orientation))
    with Image.open(io.BytesIO(content)) as picture:
        lying = np.asarray(picture)
        upright = np.asarray(ImageOps.exif_transpose(picture))
    assert_same(Recipe.parse("isopixel 1: image rgb orientation=apply")(content), upright, suffix)
    assert_same(Recipe.parse("isopixel 1: image rgb orientation=ignore")(content), lying, suffix)


@pytest.mark.parametrize(
    ("image", "error", "message"),
    [
        ([[1]], TypeError, "image must be a NumPy array, got list"),
        (np.zeros((3, 3, 3)), TypeError, "uint8"),
        (np.zeros((3, 3), np.uint8), ValueError, "an image of the mode rgb has 3 channels, not 1"),
        (np.zeros((3, 3, 4), np.uint8), ValueError, "an image of the mode rgb has 3 channels, not 4"),
        (np.zeros((2, 3, 3, 3), np.uint8), ValueError, "a recipe makes the array of one image"),
        (np.zeros((0, 3, 3), np.uint8), ValueError, "the sides of an image are from 1 to 2147483647"),
    ],
)
def test_wrong_images(image, error, message):
    with pytest.raises(error, match=message):
        Recipe.parse("isopixel 1: image rgb")(image)


def test_limits(monkeypatch):
    """Each image on the way has at most ISOPIXEL_MAX_PIXELS, before memory is taken."""
    row = np.zeros((1, 65535, 3), np.uint8)
    with pytest.raises(
        ValueError, match=r"224 × 14679840 .* beyond the limit of 268435456, .* set ISOPIXEL_MAX_PIXELS"
    ):
        Recipe.parse("isopixel 1: image rgb | bilinear short=224")(row)
    recipe = Recipe.parse("isopixel 1: image rgb | pad 10,20 | crop 1,1")
    image = np.zeros((2, 2, 3), np.uint8)
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "199")
    with pytest.raises(ValueError, match="10 × 20 pixels"):
        recipe(image)
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "200")
    assert recipe(image).shape == (1, 1, 3)
    with pytest.raises(ValueError, match="201 × 1 pixels"):
        Recipe.parse("isopixel 1: image rgb | crop 1,1")(np.zeros((201, 1, 3), np.uint8))
    for text in ("0", "x", "-1", "9223372036854775808"):
        monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", text)
        with pytest.raises(ValueError, match="ISOPIXEL_MAX_PIXELS must be a number from 1"):
            recipe(image)
    monkeypatch.setenv("ISOPIXEL_MAX_PIXELS", "19")
    with pytest.raises(ValueError, match="it has 20 pixels, more than 19"):
        recipe(picture_bytes())


def test_threads(monkeypatch):
    image = random_image(np.random.default_rng(5), (1200, 1600, 3))
    recipe = Recipe.parse("isopixel 1: image rgb | bilinear short=900 | crop 896,896 | normalize mean=0.5 std=0.25")
    made = recipe(image)
    monkeypatch.setattr(isopixel._settings, "num_threads", 3)
    assert_same(recipe(image), made, "threads")


def test_steps():
    recipe = Recipe.parse(
        "isopixel 1: image bgr | area fit=8,9 round=half-up | pad square value=1,2,3 at=corner | crop 7,7"
        " | normalize mean=103.939,116.779,123.68 std=1 range=255"
    )
    assert recipe.mode == "bgr" and recipe.layout is recipe.method is recipe.size is None
    assert [str(step) for step in recipe.steps] == [
        "Resize(method='area', size=None, short=None, fit=(8, 9), round='half-up')",
        "Pad(size=None, value=(1, 2, 3), at='corner')",
        "Crop(size=(7, 7), round='down')",
        "Normalize(mean=('103.939', '116.779', '123.68'), std=('1',), range=255, rounding='exact')",
    ]
    assert recipe.without_normalization().line == recipe.line.rpartition(" | ")[0]
    assert [step.size for step in recipe.geometry(20, 10)] == [(8, 4), (8, 8), (7, 7)]
    with pytest.raises(ValueError, match="has no geometry"):
        Recipe("nataraj").geometry(2, 2)


@pytest.mark.parametrize("round_", ["down", "even"])
def test_geometry_is_where_points_are(round_):
    """A marked pixel lies where the geometry says."""
    image = np.zeros((40, 80, 1), np.uint8)
    image[10:12, 30:32] = 255
    recipe = Recipe.parse(f"isopixel 1: image gray | nearest fit=20,99 | pad 27,50 | crop 25,44 round={round_}")
    place = recipe.geometry(40, 80)[-1]
    made = recipe(image)
    rows, columns = np.nonzero(made)
    assert {(int(y), int(x)) for y, x in zip(rows, columns, strict=True)} == {
        (int(10 * place.scale[0] + place.offset[0]), int(30 * place.scale[1] + place.offset[1]))
    }
