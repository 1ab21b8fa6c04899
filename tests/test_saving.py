# SPDX-License-Identifier: MIT
"""Saving, loading, and each way in which a saved picture can become another one."""

import hashlib
import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

import isopixel
from isopixel import Recipe, Source
from tests.support import assert_same

RECIPE = Recipe("nataraj", (20, 30))
IMAGE = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.mark.parametrize("suffix", [".png", ".npy"])
@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 2), (20, 30, 3), (20, 30, 4)])
def test_round_trip(shape, suffix, tmp_path):
    image = np.random.default_rng(2).integers(0, 256, shape, np.uint8)
    source = Source("naïve\udcff\n.exe", 5, "ab" * 32)
    recipe = Recipe(f"fixed,width=9,channels={shape[2] if shape[2:] == (3,) else 1}", (20, 30))
    recipe = recipe if shape[2:] in ((), (3,)) else None
    manifest = isopixel.save(tmp_path / f"a{suffix}", image, recipe=recipe, source=source)
    assert manifest == isopixel.Manifest(
        isopixel.__version__, 1, isopixel.fingerprint(image), shape, recipe and recipe.line, source
    )
    assert_same(isopixel.load(tmp_path / f"a{suffix}"), image, suffix)
    assert isopixel.read_manifest(str(tmp_path / f"a{suffix}")) == manifest


def test_arrays_for_npy_alone(tmp_path):
    for array in (np.zeros((2, 3, 4, 5), np.uint8), np.ones((3, 4), np.float32), np.zeros((4, 4, 1), np.uint8)):
        isopixel.save(tmp_path / "a.npy", array)
        assert_same(isopixel.load(tmp_path / "a.npy"), array, "npy")
        with pytest.raises(ValueError, match=r"PNG holds uint8 .* use .npy"):
            isopixel.save(tmp_path / "a.png", array)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npy", "a.npy.json"]


def test_source_from_a_path(tmp_path):
    data = b"some bytes" * 300_000
    (tmp_path / "a.exe").write_bytes(data)
    manifest = isopixel.save(tmp_path / "a.png", IMAGE[..., 0], recipe=RECIPE.line, source=tmp_path / "a.exe")
    assert manifest.source == Source("a.exe", len(data), hashlib.sha256(data).hexdigest())


def test_refused(tmp_path):
    for suffix in (".jpg", ".webp", ".gif", ""):
        with pytest.raises(ValueError, match=r"\.png or \.npy"):
            isopixel.save(tmp_path / f"a{suffix}", IMAGE)
        with pytest.raises(ValueError, match=r"\.png or \.npy"):
            isopixel.load(tmp_path / f"a{suffix}")
    with pytest.raises(TypeError, match="uint8 or float32"):
        isopixel.save(tmp_path / "a.npy", np.zeros(3))
    with pytest.raises(ValueError, match="unknown layout"):
        isopixel.save(tmp_path / "a.png", IMAGE, recipe="isopixel 1: round")
    with pytest.raises(TypeError, match="recipe must be a Recipe or its line, got 5"):
        isopixel.save(tmp_path / "a.png", IMAGE, recipe=5)
    with pytest.raises(FileNotFoundError, match=r"nowhere/a\.png"):
        isopixel.save(tmp_path / "nowhere" / "a.png", IMAGE)
    with pytest.raises(ValueError, match=r"a\.png': the recipe makes blue, green, red"):
        isopixel.save(tmp_path / "a.png", np.zeros((4, 5, 3), np.uint8), recipe="isopixel 1: image bgr")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        isopixel.load(tmp_path / "missing.png")


def test_the_recipe_makes_the_dtype(tmp_path):
    """A manifest does not say what cannot be."""
    recipe = Recipe("nataraj", (20, 30), mean=0.5, std=0.5)
    array = recipe(bytes(1000))
    manifest = isopixel.save(tmp_path / "a.npy", array, recipe=recipe)
    assert isopixel.read_manifest(tmp_path / "a.npy") == manifest
    assert (manifest.recipe, manifest.shape) == (recipe.line, (1, 20, 30))
    assert_same(isopixel.load(tmp_path / "a.npy").view(np.uint32), array.view(np.uint32), "float32")
    with pytest.raises(ValueError, match="the recipe normalises, to float32, which PNG cannot hold"):
        isopixel.save(tmp_path / "a.png", array, recipe=recipe)
    with pytest.raises(ValueError, match="makes float32, and the array is uint8: give its own"):
        isopixel.save(tmp_path / "b.npy", IMAGE, recipe=recipe)
    with pytest.raises(ValueError, match="makes uint8, and the array is float32"):
        isopixel.save(tmp_path / "b.npy", array, recipe=RECIPE)
    assert {path.name for path in tmp_path.iterdir()} == {"a.npy", "a.npy.json"}


SIZED, COLOUR = "isopixel 1: nataraj | bilinear 20,30", "isopixel 1: fixed,width=30,channels=3"
FLOATS = "| normalize mean=0.5 std=0.5"


@pytest.mark.parametrize(
    ("recipe", "shape", "length", "makes"),
    [
        (SIZED, (20, 31), None, "(20, 30)"),
        (SIZED, (30, 20), None, "(20, 30)"),
        (SIZED, (20, 30, 3), None, "(20, 30)"),
        (SIZED, (1, 20, 30), None, "(20, 30)"),
        (f"{SIZED} {FLOATS}", (20, 30), None, "(1, 20, 30)"),
        (f"{SIZED} {FLOATS}", (1, 30, 20), None, "(1, 20, 30)"),
        (f"{COLOUR} | bilinear 20,30", (20, 30), None, "(20, 30, 3)"),
        (f"{COLOUR} | bilinear 20,30 {FLOATS}", (20, 30, 3), None, "(3, 20, 30)"),
        (COLOUR, (20, 30), None, "(…, …, 3)"),
        (f"{COLOUR} {FLOATS}", (20, 30, 3), None, "(3, …, …)"),
        ("isopixel 1: square", (20, 30, 3), None, "(…, …)"),
        ("isopixel 1: square", (20, 30), 600, "(24, 25)"),
        (COLOUR, (20, 30, 3), 1801, "(21, 30, 3)"),
        ("isopixel 1: fixed,width=30,rows=floor", (1, 30), 29, "makes no image of the source"),
        ("isopixel 1: image rgb | bilinear short=20", (20, 30), None, "(…, …, 3)"),
        ("isopixel 1: image gray | bilinear 20,30 | crop square", (20, 30), 99, "(20, 20)"),
        (f"isopixel 1: image rgba | bilinear short=9 | pad 20,30 {FLOATS}", (4, 30, 20), None, "(4, 20, 30)"),
        ("isopixel 1: image gray | crop 20,30 | crop 40,40", (40, 40), None, "the crop 40 × 40 does not lie in it"),
    ],
)
def test_the_recipe_makes_the_shape(recipe, shape, length, makes, tmp_path):
    """A manifest that names a recipe does not have an array that the recipe cannot make."""
    array = np.zeros(shape, np.float32 if FLOATS in recipe else np.uint8)
    source = None if length is None else Source("a", length, "0" * 64)
    with pytest.raises(ValueError, match=re.escape(makes)):
        isopixel.save(tmp_path / "a.npy", array, recipe=recipe, source=source)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", ["", ",channels=3", ",rows=floor", ",rows=extra"])
@pytest.mark.parametrize("layout", ["nataraj", "wide", "fixed,width=2147483647", "square", "hilbert", "bigram", "line"])
@pytest.mark.parametrize("steps", ["", "| bilinear 2,3", FLOATS])
def test_what_a_recipe_makes_can_be_saved_with_it(layout, options, steps, tmp_path):
    if options and layout in ("hilbert", "bigram", "line"):
        return
    recipe = Recipe.parse(f"isopixel 1: {layout.replace('2147483647', '7')}{options} {steps}")
    array = recipe(bytes(range(200)))
    for source in (None, Source("a", 200, "0" * 64)):
        isopixel.save(tmp_path / "a.npy", array, recipe=recipe, source=source)
    assert Recipe.parse(f"isopixel 1: {layout}{options} {steps}")._shape(None)[2:] == recipe._shape(None)[2:]


@pytest.mark.parametrize("last", ["", FLOATS])
@pytest.mark.parametrize(
    "steps",
    [
        "",
        "| bilinear 7,9",
        "| bilinear short=7",
        "| area fit=12,12",
        "| crop 5,4",
        "| crop square",
        "| pad 40,50",
        "| pad square",
        "| bilinear 7,9 | bilinear short=14 | crop square",
        "| crop square | bilinear fit=8,9",
        "| pad square | crop 8,7 | bilinear fit=16,99 | pad square",
    ],
)
@pytest.mark.parametrize("mode", ["rgb", "gray", "rgba"])
def test_what_a_recipe_of_images_makes_can_be_saved_with_it(mode, steps, last, tmp_path):
    recipe = Recipe.parse(f"isopixel 1: image {mode} {steps} {last}")
    for size in ((20, 31), (25, 17)):
        array = recipe(np.zeros(size if mode == "gray" else (*size, 3 if mode == "rgb" else 4), np.uint8))
        isopixel.save(tmp_path / "a.npy", array, recipe=recipe, source=Source("a.jpg", 999, "0" * 64))
    made = recipe._shape(None)
    has_one_size = "square" not in steps.split("|")[-1] and any(word in steps for word in ("7,9", "5,4", "40,50"))
    assert not has_one_size or None not in made


def save_again(path, change):
    """Opens a saved picture, changes it, and saves it as another program would that keeps the texts in it."""
    with Image.open(path) as picture:
        notes = PngImagePlugin.PngInfo()
        notes.add_text("isopixel", picture.text["isopixel"])
        changed = change(picture)
    changed.save(path, pnginfo=notes)


def one_level(picture):
    pixels = np.array(picture)
    pixels[7, 8, 1] ^= 1
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.convert("P"), "it has a palette"),
        (lambda p: Image.fromarray(np.asarray(p.convert("L")).astype(np.uint16) * 257), "it has 16 bits a sample"),
        (lambda p: p.convert("1"), "it has 1 bits a sample"),
        (lambda p: p.crop((0, 0, 29, 20)), "its shape is (20, 29, 3), not (20, 30, 3)"),
        (lambda p: p.convert("L"), "its shape is (20, 30), not (20, 30, 3)"),
        (lambda p: p.convert("RGBA"), "its shape is (20, 30, 4), not (20, 30, 3)"),
        (lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "its pixels have the fingerprint"),
        (one_level, "its pixels have the fingerprint"),
    ],
)
def test_tampering_is_named(change, message, tmp_path):
    path = tmp_path / "a.png"
    isopixel.save(path, IMAGE)
    save_again(path, lambda picture: picture.copy())
    assert_same(isopixel.load(path), IMAGE, "saved again, unchanged")
    save_again(path, change)
    for read in (isopixel.load, isopixel.read_manifest):
        with pytest.raises(ValueError, match=re.escape(message)):
            read(path)


def test_a_lossy_copy(tmp_path):
    isopixel.save(tmp_path / "a.png", IMAGE)
    Image.open(tmp_path / "a.png").save(tmp_path / "a.jpg")
    with pytest.raises(ValueError, match="make an array of it by a recipe of images"):
        isopixel.load(tmp_path / "a.jpg")
    Image.open(tmp_path / "a.jpg").save(tmp_path / "b.png")
    with pytest.raises(ValueError, match="has no manifest"):
        isopixel.load(tmp_path / "b.png")


@pytest.mark.parametrize("keep", [0, 10, 26, 60, 500, -200])
def test_a_truncated_png(keep, tmp_path):
    isopixel.save(tmp_path / "a.png", IMAGE)
    content = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(content[:keep])
    with pytest.raises(ValueError, match=r"cannot be read|no manifest"):
        isopixel.load(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m | {"spec": 2}, "follows specification 2, and this isopixel knows 1"),
        (lambda m: m | {"fingerprint": f"sha256:{'0' * 64}"}, "its pixels have the fingerprint"),
        (lambda m: m | {"fingerprint": "sha256:0"}, "its manifest is broken"),
        (lambda m: m | {"shape": [1] * 65}, "its manifest is broken"),
        (lambda m: m | {"shape": [2**32, 2**32]}, "its manifest is broken"),
        (lambda m: m | {"shape": [3]}, "its shape is"),
        (lambda m: m | {"shape": 3}, "its manifest is broken"),
        (lambda m: m | {"extra": 3}, "its manifest is broken"),
        (lambda m: m | {"spec": 2, "new": 3}, "follows specification 2, and this isopixel knows 1"),
        (lambda m: m | {"spec": True}, "does not name the version"),
        (lambda m: m | {"recipe": 5}, "its manifest is broken"),
        (lambda m: m | {"resize": 5}, "its manifest is broken"),
        (lambda m: m | {"source": {"name": 5, "bytes": 1, "sha256": ""}}, "its manifest is broken"),
        (lambda m: m | {"shape": [20.0, 30, 3]}, "its manifest is broken"),
        (lambda m: {}, "is broken: it does not name the version"),
        (lambda m: [], "its manifest is broken"),
        (lambda m: m | {"source": {"name": "a"}}, "its manifest is broken"),
    ],
)
def test_a_manifest_that_was_changed(change, message, tmp_path):
    isopixel.save(tmp_path / "a.npy", IMAGE)
    beside = tmp_path / "a.npy.json"
    beside.write_text(json.dumps(change(json.loads(beside.read_text()))))
    with pytest.raises(ValueError, match=message):
        isopixel.load(tmp_path / "a.npy")
    for text in ("no JSON", "[" * 100_000):
        beside.write_text(text)
        with pytest.raises(ValueError, match="its manifest is broken"):
            isopixel.load(tmp_path / "a.npy")
    beside.unlink()
    with pytest.raises(ValueError, match="has no manifest"):
        isopixel.load(tmp_path / "a.npy")


def test_a_pair_is_replaced_whole_or_not_at_all(tmp_path):
    isopixel.save(tmp_path / "a.npy", IMAGE)
    old = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy.json").unlink()
    (tmp_path / "a.npy.json").mkdir()
    with pytest.raises(IsADirectoryError):
        isopixel.save(tmp_path / "a.npy", IMAGE[:3])
    assert (tmp_path / "a.npy").read_bytes() == old


def test_a_link_that_leads_to_itself(tmp_path):
    (tmp_path / "loop.png").symlink_to("loop.png")
    isopixel.save(tmp_path / "loop.png", IMAGE)
    assert_same(isopixel.load(tmp_path / "loop.png"), IMAGE, "loop")


def test_npy_needs_no_pillow(tmp_path):
    script = """
import sys
sys.modules["PIL"] = None
import numpy as np
import isopixel
isopixel.save(sys.argv[1] + "/a.npy", np.ones((3, 3), np.uint8))
isopixel.load(sys.argv[1] + "/a.npy")
image = np.ones((3, 3), np.uint8)
for call in (isopixel.load, lambda path: isopixel.save(path, image)):
    try:
        call(sys.argv[1] + "/a.png")
    except ModuleNotFoundError as error:
        print(error)
"""
    run = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert run.stdout == "PNG needs Pillow: pip install 'isopixel[cli]', or use .npy\n" * 2


@pytest.mark.parametrize("suffix", [".png", ".npy"])
def test_a_full_disk_leaves_what_was_there(suffix, tmp_path, monkeypatch):
    path = tmp_path / f"a{suffix}"
    isopixel.save(path, IMAGE)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        isopixel.save(path, IMAGE[:5])
    with pytest.raises(OSError, match="No space left"):
        isopixel.save(tmp_path / f"b{suffix}", IMAGE)
    assert_same(isopixel.load(path), IMAGE, "the old one")
    assert {p.name for p in tmp_path.iterdir()} <= {"a.png", "a.npy", "a.npy.json"}
