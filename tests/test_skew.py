# SPDX-License-Identifier: MIT
"""What a mismatch costs, on models whose scores are whole numbers that can be computed by hand."""

import io
import json
import sys
from collections import Counter

import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
import isopixel.torch
from isopixel._methods import METHODS, kind_of_filter
from isopixel._skew import find_files, load_model, measure, ways_of
from isopixel._skew.floats import FLOATS, MODES
from tests.html_page import Page
from tests.skew_models import (
    HALF,
    RECIPE,
    SIDE,
    SIZE,
    TWO_TAPS,
    expected_costs,
    expected_image,
    run,
    saved,
    working_folder,
    write_files,
)

PEERS = [
    method.name
    for method in isopixel.methods()
    if method.covers_layouts and method.is_frozen and kind_of_filter(method) == "bilinear"
]
BY_DEFAULT = [TWO_TAPS, *PEERS, *FLOATS, "jpeg-75"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    yield from working_folder(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "kind", ["script", pytest.param("exported", marks=pytest.mark.slow), "exported with any batch", "model", "function"]
)
def test_all_ways(kind, folder):
    paths = write_files(folder / "files", 12)
    model = saved(kind)
    code, out, err = run(model, folder / "files", "--recipe", RECIPE, "--json", "--trust")
    assert (code, err) == (1, "")
    record = json.loads(out)
    assert [way["name"] for way in record["against"]] == BY_DEFAULT
    assert (record["model"], record["recipe"], record["files"]) == (model, RECIPE, 12)
    assert (record["failed"], record["classes"], record["accuracy"]) == ([], None, None)
    sums = np.array([int(expected_image(path, "bilinear").sum(dtype=np.int64)) for path in paths])
    classes = np.where(sums > HALF, "1", "0")
    some_flip = 0
    for way in record["against"]:
        flips, changes, pixels = expected_costs(paths, way["name"])
        some_flip += flips.any()
        assert way["files"] == 12 and way["flips"] == flips.sum() and way["flip_share"] == flips.mean()
        assert way["top_score_change"] == {"mean": changes.mean(), "maximum": changes.max()}, way["name"]
        assert way["pixels_differ"] == pixels.mean() and way["accuracy"] is None
        assert [entry["file"] for entry in way["flipped"]] == [str(path) for path in np.array(paths)[flips]]
        for entry, name, change in zip(way["flipped"], classes[flips], changes[flips], strict=True):
            assert (entry["from"], entry["to"]) == (name, {"0": "1", "1": "0"}[name])
            assert entry["top_score_change"] == change
        assert list(way["by_class"]) == sorted(set(classes.tolist()))
        for name, cost in way["by_class"].items():
            of_class = classes == name
            assert (cost["files"], cost["flips"]) == (of_class.sum(), flips[of_class].sum())
            assert cost["top_score_change"]["maximum"] == changes[of_class].max()
    assert some_flip >= 3  # or the test shows nothing


def test_a_pixel(folder):
    """Three classes, of which the middle one wins between two values of a pixel."""
    values = [0, 99, 100, 101, 134, 255]  # 134 becomes 101, which JPEG makes 96
    for value in values:
        (folder / "files").mkdir(exist_ok=True)
        (folder / "files" / f"{value:03}").write_bytes(bytes([value, value // 2]))
    recipe = "isopixel 1: fixed,width=2 | bilinear 1,1"
    code, out, _ = run("user_models:pixel", folder / "files", "--recipe", recipe, "--against", "jpeg-1", "--json")
    expected = []
    for value in values:
        pixel = (value + value // 2 + 1) // 2  # the mean, rounded half up
        file = io.BytesIO()
        Image.new("L", (1, 1), pixel).save(file, format="JPEG", quality=1)
        pair = [[p, 100, 99 - p] for p in (pixel, Image.open(file).getpixel((0, 0)))]
        tops = [scores.index(max(scores)) for scores in pair]
        expected.append((tops, abs(pair[1][tops[0]] - pair[0][tops[0]])))
    (way,) = json.loads(out)["against"]
    flipped = [entry for entry in expected if entry[0][0] != entry[0][1]]
    assert [(int(f["from"]), int(f["to"]), f["top_score_change"]) for f in way["flipped"]] == [
        (*tops, change) for tops, change in flipped
    ]
    assert way["top_score_change"]["maximum"] == max(change for _, change in expected) > 0
    was = [str(tops[0]) for tops, _ in expected]
    assert flipped and {name: cost["files"] for name, cost in way["by_class"].items()} == dict(Counter(was))
    assert code == (1 if flipped else 0)


def test_classes_of_folders(folder):
    """The accuracy, and the costs of each class, where the files lie in folders of classes."""
    paths = write_files(folder / "data" / "b", 7, seed=1) + write_files(folder / "data" / "a" / "deeper", 9, seed=2)
    (folder / "data" / "README").write_text("belongs to no class")
    code, out, err = run(saved("model"), folder / "data", "--recipe", RECIPE, "--against", TWO_TAPS, "--json")
    assert (code, err) == (1, "")
    record = json.loads(out)
    assert record["classes"] == ["a", "b"]
    labels = np.array([1] * 7 + [0] * 9)
    flips, changes, _ = expected_costs(paths, TWO_TAPS)
    was = np.array([int(expected_image(path, "bilinear").sum(dtype=np.int64)) > HALF for path in paths])
    assert record["accuracy"] == (was == labels).mean()
    (way,) = record["against"]
    assert way["accuracy"] == ((was ^ flips) == labels).mean() != record["accuracy"]
    for label, name in enumerate("ab"):
        of_class = labels == label
        assert way["by_class"][name] == {
            "files": of_class.sum(),
            "flips": flips[of_class].sum(),
            "flip_share": flips[of_class].mean(),
            "top_score_change": {"mean": changes[of_class].mean(), "maximum": changes[of_class].max()},
            "accuracy": ((was ^ flips) == labels)[of_class].mean(),
        }
    assert all(entry["from"] in "ab" and entry["to"] in "ab" for entry in way["flipped"])


def test_classes_without_a_bad_file(folder):
    """The files behind it keep their classes."""
    paths = [write_files(folder / "data" / name, 3, seed=seed) for seed, name in enumerate("ab")]
    (folder / "data" / "a" / "empty").touch()
    code, out, _ = run("user_models:model", folder / "data", "--recipe", RECIPE, "--against", TWO_TAPS, "--json")
    record = json.loads(out)
    assert code == 1 and len(record["failed"]) == 1
    assert {name: cost["files"] for name, cost in record["against"][0]["by_class"].items()} == {"a": 3, "b": 3}
    right = [
        (int(expected_image(path, "bilinear").sum(dtype=np.int64)) > HALF) == label
        for label, members in enumerate(paths)
        for path in members
    ]
    assert record["accuracy"] == sum(right) / 6


def test_normalised(folder):
    """The model gets what the recipe gives, and of the other ways their images, normalised alike."""
    (folder / "file").write_bytes(np.random.default_rng(0).integers(0, 256, 900, np.uint8).tobytes())
    mean, std = ("0.4", "0.5", "0.6"), ("0.25", "0.5", "1")
    image_line = "isopixel 1: fixed,width=15,channels=3 | bilinear 4,5"
    line = f"{image_line} | normalize mean={','.join(mean)} std={','.join(std)}"
    code, out, err = run("user_models:floats", folder / "file", "--recipe", line, "--json", "-o", folder / "r.html")
    assert code in (0, 1) and err == ""
    image = isopixel.Recipe.parse(image_line)(folder / "file")
    source = np.frombuffer((folder / "file").read_bytes(), np.uint8).reshape(20, 15, 3)
    total = isopixel.Recipe.parse(line)(folder / "file").astype(np.float64).sum()
    for way in json.loads(out)["against"]:
        if way["name"] in PEERS:
            other = isopixel.resize(source, (4, 5), method=way["name"])
            changed = isopixel.normalize(other, mean, std).astype(np.float64).sum()
            assert way["top_score_change"]["maximum"] == pytest.approx(abs(changed - total), abs=1e-12)
            assert way["flips"] == ((changed < 0) != (total < 0))
            assert way["pixels_differ"] == (image != other).any(axis=2).mean()
    assert np.array_equal(Page((folder / "r.html").read_text("utf-8")).pictures[0], image)


def test_float32_by_hand(tmp_path):
    """Two taps to the half are means of four, whose rounding half to even is not the recipe's half up."""
    path = tmp_path / "file"
    for channels in (1, 3):
        pixels = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, channels), np.uint8)
        path.write_bytes(pixels.tobytes())
        recipe = isopixel.Recipe(f"fixed,width={SIDE},channels={channels}", (16, 16), method=TWO_TAPS)
        (way,) = ways_of(recipe, ["torch-float32"])
        fours = pixels.reshape(16, 2, 16, 2, channels).sum(axis=(1, 3), dtype=np.int64)
        made = way.make(path)
        assert made.shape == ((16, 16) if channels == 1 else (16, 16, 3))
        assert np.array_equal(made.reshape(fours.shape), np.rint(fours / 4).astype(np.uint8))
        assert np.array_equal(recipe(path).reshape(fours.shape), (fours + 2) // 4)
        assert not np.array_equal(made, recipe(path))
    path.write_bytes(bytes(range(48)))  # as a row, to pairs whose mean is a half
    for layout in ("line", "line,length=48"):
        (way,) = ways_of(isopixel.Recipe(layout, (4, 6), method=TWO_TAPS), ["torch-float32"])
        assert way.make(path).tolist() == np.rint(np.arange(0.5, 48, 2)).reshape(4, 6).tolist()


def test_float32_without_rounding(folder):
    """Of a recipe that normalises, the samples stay as they are: the model sees the quarters of means of four."""
    pixels = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE), np.uint8)
    path = folder / "file"
    path.write_bytes(pixels.tobytes())
    line = f"isopixel 1: fixed,width={SIDE} | bilinear-two-tap 16,16 | normalize mean=0.5 std=0.25"
    (way,) = ways_of(isopixel.Recipe.parse(line), ["torch-float32"])
    fours = pixels.reshape(16, 2, 16, 2).sum(axis=(1, 3), dtype=np.int64)
    made = way.make(path)
    assert made.dtype == np.float32 and np.array_equal(made, np.float32(fours / 4)) and (made % 1 > 0).any()
    given = []
    model = load_model("user_models:function")
    model._function = lambda batch: given.append(batch.numpy()[0]) or torch.tensor([[0.0, 1.0]])
    recipe = isopixel.Recipe.parse(line)
    skew = measure(model, recipe, [way], find_files([path], recipe))
    assert np.array_equal(given[-1][0], np.float32((fours / 4 / 255 - 0.5) / 0.25))
    assert np.array_equal(given[0], recipe(path)) and not np.array_equal(given[0], given[-1])
    assert skew.served[0].pixels[0] == (fours % 4 > 0).mean()


def test_float32_is_near(tmp_path):
    """A method that takes part of the pixels is near the way without antialias, and the others near that with it."""
    (path,) = write_files(tmp_path, 1)
    for method in isopixel.methods():
        if not method.covers_layouts or kind_of_filter(method) not in MODES:
            continue
        recipe = isopixel.Recipe(f"fixed,width={SIDE}", (SIZE, SIZE), method=method.name)
        (way,) = ways_of(recipe, ["torch-float32-antialias" if method.antialias else "torch-float32"])
        distances = np.abs(way.make(path).astype(int) - recipe(path))
        # Weights below 0 clip between the axes, which floating point does not: most samples know nothing of it.
        largest = np.median(distances) if kind_of_filter(method) == "bicubic" else distances.max()
        assert largest <= 2, method.name


def test_the_recipes_own_way_is_left_out(tmp_path):
    names = {way.name for way in ways_of(isopixel.Recipe("line", (2, 2)))}
    assert names == set(BY_DEFAULT)
    names = {way.name for way in ways_of(isopixel.Recipe("line", (2, 2), method="pillow-4-bilinear"))}
    assert names == {"bilinear", *BY_DEFAULT} - {"pillow-4-bilinear"}
    names = {way.name for way in ways_of(isopixel.Recipe("line", (2, 2), method=TWO_TAPS))}
    assert names == {"bilinear", *BY_DEFAULT} - {TWO_TAPS}
    names = [way.name for way in ways_of(isopixel.Recipe("line", (2, 2), method="nearest"))]
    assert names[-1] == "jpeg-75" and "nearest" not in names and not {*FLOATS} & {*names}
    assert {kind_of_filter(METHODS[name]) for name in names[:-1]} == {"nearest"} and "opencv-3.4-nearest" in names
    (way,) = ways_of(isopixel.Recipe("line", (2, 2)), ["opencv-3.4-nearest"])
    assert way.name == "opencv-3.4-nearest"
    assert [way.name for way in ways_of(isopixel.Recipe("bigram"))] == ["jpeg-75"]


def test_the_same_input_is_not_run_again(folder):
    """As many runs as there are inputs, and one to see whether the model gives the same again."""
    paths = write_files(folder / "files", 3)
    recipe = isopixel.Recipe.parse(RECIPE)
    ways = ways_of(recipe)
    model = load_model("user_models:function")
    given = []
    function = model._function
    model._function = lambda batch: given.append(batch.numpy().tobytes()) or function(batch)
    seen = []
    skew = measure(model, recipe, ways, find_files([folder / "files"], recipe), lambda: seen.append(len(given)))
    inputs = []
    for path in paths:
        images = [way.make(path).tobytes() for way in ways]
        inputs += [recipe(path).tobytes()] * (2 if path is paths[0] else 1)
        inputs += [image for image in images if image != recipe(path).tobytes()]
    assert given == inputs and len(seen) == 3
    assert [str(path) for path in skew.files.paths] == [str(path) for path in paths]


def test_no_flip(folder):
    """A constant file is the same in all ways: the code 0."""
    (folder / "file").write_bytes(bytes(SIDE * SIDE))
    code, out, _ = run("user_models:model", folder / "file", "--recipe", RECIPE, "--json", "-o", folder / "r.html")
    assert code == 0
    for way in json.loads(out)["against"]:
        assert (way["flips"], way["top_score_change"], way["pixels_differ"]) == (0, {"mean": 0, "maximum": 0}, 0)
    page = Page((folder / "r.html").read_text(encoding="utf-8"))
    assert "No prediction flips, and no top score changes." in page.words and not page.pictures


def test_scores_with_a_gradient(folder):
    """A model may return its own parameter."""
    paths = write_files(folder / "files", 2)
    code, out, _ = run("user_models:constant", *paths, "--recipe", RECIPE, "--against", TWO_TAPS, "--json")
    assert code == 0 and json.loads(out)["against"][0]["by_class"]["1"]["files"] == 2


def test_a_module_is_not_in_training(folder):
    """A module has no dropout here, nor a TorchScript file that was saved in training."""
    paths = write_files(folder / "files", 4)
    expected = run("user_models:model", *paths, "--recipe", RECIPE, "--against", TWO_TAPS, "--json")[1]
    sys.path.insert(0, ".")
    try:
        from user_models import dropped
    finally:
        sys.path.pop(0)
    assert dropped.training
    torch.jit.script(dropped).save("dropped.pt")
    for name in ("dropped.pt", "user_models:dropped"):
        code, out, err = run(name, *paths, "--recipe", RECIPE, "--against", TWO_TAPS, "--json")
        assert code in (0, 1) and json.loads(out)["against"] == json.loads(expected)["against"], err
