# SPDX-License-Identifier: MIT
"""What a mismatch costs, on models whose scores are whole numbers that can be computed by hand."""

import base64
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
import isopixel.torch
from isopixel._cli import commands
from isopixel._skew import find_files, load_model, measure, ways_of
from tests.support import reference_resize

SIDE, SIZE = 32, 8
RECIPE = f"isopixel 1: fixed,width={SIDE} | bilinear {SIZE},{SIZE}"
HALF = 127 * SIZE * SIZE + SIZE * SIZE // 2  # the sum of an image of mean 127.5
TWO_TAPS = "bilinear-two-tap"
PEERS = [method.name for method in isopixel.methods() if method.covers_layouts and method.name != "bilinear"]
BY_DEFAULT = [TWO_TAPS, *PEERS, "torch-float32", "jpeg-75"]

# In a module of its own, as a user's: two scores, how far the sum of the pixels is from a threshold.
MODULE = f"""
import torch

class Sum(torch.nn.Module):
    def forward(self, x):
        total = x.to(torch.float64).sum(dim=(1, 2, 3))
        return torch.stack([{HALF} - total, total - {HALF}], dim=1)

model = Sum()

def function(x):
    return model(x)

def pixel(x):
    value = x[:, 0, 0, 0].to(torch.float64)
    return torch.stack([value, value * 0 + 100, 99 - value], dim=1)

def tuple_of_scores(x):
    return model(x), x

parameter = torch.nn.Parameter(torch.tensor([[1.0, 2.0]]))

def constant(x):
    return parameter

class Dropped(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout, self.sum = torch.nn.Dropout(0.5), Sum()

    def forward(self, x):
        return self.sum(self.dropout(x.to(torch.float64)))

dropped = Dropped()

def one_score(x):
    return model(x)[:, :1]

def not_a_number(x):
    return model(x) * float("nan")

def picky(x):
    raise RuntimeError("expected 3 channels,\\nbut got 1")

def noisy(x):
    return model(x) + torch.rand(1)

def floats(x):
    assert x.dtype == torch.float32 and x.shape[1:] == (3, 4, 5)
    total = x.to(torch.float64).sum(dim=(1, 2, 3))
    return torch.stack([total, -total], dim=1)

word = "no function"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder, with the module."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "user_models.py").write_text(MODULE)
    sys.modules.pop("user_models", None)
    yield tmp_path
    sys.modules.pop("user_models", None)


def write_files(folder, count, seed=0):
    """Files of noise whose images have a mean near the threshold."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    paths = [folder / f"file-{i:02}" for i in range(count)]
    for path in paths:
        path.write_bytes(rng.integers(0, 256, SIDE * SIDE, np.uint8).tobytes())
    return paths


def saved(kind):
    """The model in each of the forms that it may have; what the command takes."""
    if kind in ("model", "function"):
        return f"user_models:{kind}"
    sys.path.insert(0, ".")
    try:
        from user_models import Sum
    finally:
        sys.path.pop(0)
    if kind == "script":
        torch.jit.script(Sum()).save("model.pt")
        return "model.pt"
    example = torch.zeros(2, 1, SIZE, SIZE, dtype=torch.uint8)
    if kind == "exported":
        program = torch.export.export(Sum(), (example[:1],))
    else:
        program = torch.export.export(Sum(), (example,), dynamic_shapes=({0: torch.export.Dim("batch")},))
    torch.export.save(program, "model.pt2")
    return "model.pt2"


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the command in this process; returns the exit code, and what it printed."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["isopixel", "skew", *map(str, arguments)])
        code = commands.run()
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def image_of(path):
    return np.frombuffer(path.read_bytes(), np.uint8).reshape(SIDE, SIDE)


def expected_image(path, way):
    """The image of a file under a way, without isopixel.skew; None for the one of torch, which has a test of its own."""
    image = image_of(path)
    exact = reference_resize(image, (SIZE, SIZE))
    if way == "bilinear":
        return exact
    if way == TWO_TAPS:
        return reference_resize(image, (SIZE, SIZE), antialias=False)
    if match := re.fullmatch(r"jpeg-(\d+)", way):
        file = io.BytesIO()
        Image.fromarray(exact).save(file, format="JPEG", quality=int(match[1]))
        return np.asarray(Image.open(file))
    if way == "torch-float32":
        tensor = torch.from_numpy(image.astype(np.float32))[None, None]
        resized = torch.nn.functional.interpolate(tensor, (SIZE, SIZE), mode="bilinear", antialias=True)
        return np.rint(resized[0, 0].numpy()).astype(np.uint8)
    return isopixel.resize(image, (SIZE, SIZE), method=way)


def expected_costs(paths, way):
    """What the model of the sum does: the flips, the changes of the top score, and the share of pixels that differ."""
    flips, changes, pixels = [], [], []
    for path in paths:
        images = [expected_image(path, "bilinear"), expected_image(path, way)]
        was, now = (int(image.sum(dtype=np.int64)) for image in images)
        # argmax of (HALF - sum, sum - HALF), the first of equal ones
        flips.append((was > HALF) != (now > HALF))
        changes.append(abs(was - now))
        pixels.append(np.count_nonzero(images[0] != images[1]) / SIZE**2)
    return np.array(flips), np.array(changes, np.float64), np.array(pixels)


@pytest.mark.parametrize("kind", ["script", "exported", "exported with any batch", "model", "function"])
def test_all_ways(kind, folder, run):
    paths = write_files(folder / "files", 12)
    model = saved(kind)
    code, out, err = run(model, folder / "files", "--recipe", RECIPE, "--json")
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


def test_a_pixel(folder, run):
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


def test_classes_of_folders(folder, run):
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


def test_classes_without_a_bad_file(folder, run):
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


def test_normalised(folder, run):
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
    (way,) = ways_of(isopixel.Recipe("line", (4, 6), method=TWO_TAPS), ["torch-float32"])
    assert way.make(path).tolist() == np.rint(np.arange(0.5, 48, 2)).reshape(4, 6).tolist()


def test_antialias_of_float32(tmp_path):
    """Where the recipe takes part of the pixels, so does the resize in floating point."""
    (path,) = write_files(tmp_path, 1)
    for method in isopixel.methods():
        if not method.covers_layouts:
            continue
        recipe = isopixel.Recipe(f"fixed,width={SIDE}", (SIZE, SIZE), method=method.name)
        (way,) = ways_of(recipe, ["torch-float32"])
        assert np.abs(way.make(path).astype(int) - recipe(path)).max() <= 2, method.name


def test_the_recipes_own_way_is_left_out(tmp_path):
    names = {way.name for way in ways_of(isopixel.Recipe("line", (2, 2)))}
    assert names == set(BY_DEFAULT)
    names = {way.name for way in ways_of(isopixel.Recipe("line", (2, 2), method="pillow-4-bilinear"))}
    assert names == {"bilinear", *BY_DEFAULT} - {"pillow-4-bilinear"}
    names = {way.name for way in ways_of(isopixel.Recipe("line", (2, 2), method=TWO_TAPS))}
    assert names == {"bilinear", *BY_DEFAULT} - {TWO_TAPS}
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


class Page(HTMLParser):
    """What is on a page: the elements that are open, the text, the pictures."""

    VOID = ("meta", "img", "br", "wbr")
    OPTIONAL = ("td", "th", "tr", "li")  # whose ends may be left out

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.pictures, self.words, self.titles = [], set(), [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        attributes = dict(attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "href"]
        self.titles += [attributes["title"]] if "title" in attributes else []
        if tag == "img":
            kind, data = attributes["src"].split(",", 1)
            assert kind == "data:image/png;base64"
            self.pictures.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(data, validate=True)))))
        if tag not in self.VOID + self.OPTIONAL:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_report(folder, run):
    """One file that says all, with the worst example of a way, and nothing from elsewhere."""
    data = folder / "data"
    paths = write_files(data / "a<b>", 6) + write_files(data / "c&d", 6, seed=4)
    hostile = paths[0].with_name('<img src=x onerror=alert(1)>"\n&amp;')
    paths[0] = paths[0].rename(hostile)
    report = folder / "report.html"
    report.write_text("the former one")
    report.chmod(0o640)
    code, out, _ = run(
        saved("script"), data, "--recipe", RECIPE, "--against", TWO_TAPS, "--against", "jpeg-90", "-o", report
    )
    assert code == 1 and out.splitlines()[-1] == f"report       {report}"
    assert report.stat().st_mode & 0o777 == 0o640
    html = report.read_text(encoding="utf-8")
    page = Page(html)
    assert not page.open
    assert not page.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"(?:https?:)?//[a-z]|url\(|@import", html)
    text = " ".join(" ".join(page.words).split())
    assert "a<b>" in text and "c&d" in text and RECIPE in text and "jpeg-90" in text
    flips, changes, _ = expected_costs(paths, TWO_TAPS)
    assert f"{flips.sum()} of 12 predictions flip" in text
    worst = sorted(range(12), key=lambda i: (not flips[i], -changes[i], str(paths[i])))[:3]
    shown = [str(paths[i]).replace("\n", " ") for i in worst]
    assert page.titles[:3] == shown
    first, second = expected_image(paths[worst[0]], "bilinear"), expected_image(paths[worst[0]], TWO_TAPS)
    assert np.array_equal(page.pictures[0], first)
    amount = np.abs(first.astype(int) - second)
    assert np.array_equal(page.pictures[1], amount * (255 // amount.max()))
    assert f"top score changes by {changes[worst[0]]:.3g}" in text
    assert len(page.pictures) == 12  # three examples of two ways, two pictures each


def test_a_hostile_name_is_a_word(folder, run):
    """The name of a file that flips is on the page as text."""
    paths = write_files(folder / "files", 12)
    flips, _, _ = expected_costs(paths, TWO_TAPS)
    flipped = paths[int(flips.argmax())]
    name = '"><script>alert(1)</script>'.replace("/", "∕")
    flipped.rename(flipped.with_name(name))
    for path in paths:
        if path.exists():
            path.unlink()
    run("user_models:model", folder / "files", "--recipe", RECIPE, "--against", TWO_TAPS, "-o", folder / "r.html")
    page = Page((folder / "r.html").read_text(encoding="utf-8"))
    assert name in page.words and "script" not in page.tags
    assert page.titles[0] == str(folder / "files" / name)


def test_text(folder, run):
    paths = write_files(folder / "files", 12)
    code, out, err = run("user_models:model", *paths, "--recipe", RECIPE, "--against", TWO_TAPS)
    assert (code, err) == (1, "")
    flips, changes, pixels = expected_costs(paths, TWO_TAPS)
    lines = out.splitlines()
    assert lines[:3] == ["model        user_models:model", f"recipe       {RECIPE}", "files        12"]
    row = next(line for line in lines if line.startswith(TWO_TAPS))
    assert row.split()[1:] == [
        str(flips.sum()),
        f"{100 * flips.mean():.3g}",
        "%",
        f"{changes.mean():.3g}",
        f"{changes.max():.3g}",
        f"{100 * pixels.mean():.3g}",
        "%",
    ]
    was = np.array([int(expected_image(path, "bilinear").sum(dtype=np.int64)) > HALF for path in paths])
    for name, of_class in (("0", ~was), ("1", was)):
        if flips[of_class].any():
            assert f"{name} {flips[of_class].sum()} of {of_class.sum()}" in lines[-1]


def test_no_flip(folder, run):
    """A constant file is the same in all ways: the code 0."""
    (folder / "file").write_bytes(bytes(SIDE * SIDE))
    code, out, _ = run("user_models:model", folder / "file", "--recipe", RECIPE, "--json", "-o", folder / "r.html")
    assert code == 0
    for way in json.loads(out)["against"]:
        assert (way["flips"], way["top_score_change"], way["pixels_differ"]) == (0, {"mean": 0, "maximum": 0}, 0)
    page = Page((folder / "r.html").read_text(encoding="utf-8"))
    assert "No prediction flips, and no top score changes." in page.words and not page.pictures


def test_scores_with_a_gradient(folder, run):
    """A model may return its own parameter."""
    paths = write_files(folder / "files", 2)
    code, out, _ = run("user_models:constant", *paths, "--recipe", RECIPE, "--against", TWO_TAPS, "--json")
    assert code == 0 and json.loads(out)["against"][0]["by_class"]["1"]["files"] == 2


def test_a_module_is_not_in_training(folder, run):
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


def test_bad_files_are_named(folder, run):
    """The others are measured, and the code is 1."""
    paths = write_files(folder / "files", 2)
    (folder / "files" / "empty").touch()
    (folder / "files" / "lost").symlink_to("nowhere")
    (folder / "same").write_bytes(bytes(9))
    code, out, err = run("user_models:model", folder / "files", "--recipe", RECIPE, "--against", "jpeg-75", "--json")
    assert code == 1
    record = json.loads(out)
    assert record["files"] == 2 and record["against"][0]["flips"] == expected_costs(paths, "jpeg-75")[0].sum()
    assert [failure["file"] for failure in record["failed"]] == [str(folder / "files" / n) for n in ("empty", "lost")]
    assert [line.split(": ")[1] for line in err.splitlines()] == [str(folder / "files" / n) for n in ("empty", "lost")]
    run("user_models:model", folder / "files", "--recipe", RECIPE, "-o", folder / "r.html")
    assert any("2 files could not be read" in w for w in Page((folder / "r.html").read_text("utf-8")).words)


def test_refused(folder, run):
    (file,) = write_files(folder / "files", 1)
    write_files(folder / "data" / "a", 1)
    write_files(folder / "data" / "b", 1)
    (
        write_files(folder / "three" / "a", 1),
        write_files(folder / "three" / "b", 1),
        write_files(folder / "three" / "c", 1),
    )
    (folder / "hollow" / "a").mkdir(parents=True)
    write_files(folder / "hollow" / "b", 1)
    (folder / "nothing").mkdir()
    (folder / "empty").touch()
    (folder / "text.pt").write_text("no model")
    (folder / "text.pt2").write_text("no model")
    torch.save({"weight": torch.zeros(3)}, folder / "weights.pt")
    (folder / "broken_module.py").write_text("1 / 0")
    output = folder / "out.html"
    model = "user_models:model"
    script = saved("exported")
    recipe = ("--recipe", RECIPE)
    larger = RECIPE.replace("8,8", "9,9")
    for arguments, words in [
        ((model, *recipe), "FILES"),
        ((model, file), "--recipe"),
        ((model, file, "--recipe", "isopixel 9: x"), "version 9"),
        ((model, folder / "nothing", *recipe), "there are no files in"),
        ((model, folder / "hollow", *recipe), "has classes without files: 'a'"),
        ((model, folder / "three", *recipe), "3 folders, and the model 'user_models:model' has 2 classes"),
        ((model, folder / "missing", *recipe), "none of 1 files can be read; the first is"),
        ((model, folder / "empty", *recipe), "is empty"),
        (("missing.pt2", file, *recipe), "No such file"),
        (("text.pt", file, *recipe), "it is not a TorchScript file"),
        (("text.pt2", file, *recipe), "it is not an exported program"),
        (("weights.pt", file, *recipe), "a file of weights needs its model"),
        (("missing_module:model", file, *recipe), "no module 'missing_module'"),
        (("broken_module:model", file, *recipe), "cannot be imported: division by zero"),
        (("user_models:missing", file, *recipe), "has no 'missing'"),
        (("user_models:word", file, *recipe), "is neither a function"),
        (("user_models:Sum", file, *recipe), "is neither a function"),
        (("user_models:picky", file, *recipe), "rejects an input of (1, 1, 8, 8) uint8: expected 3 channels,"),
        ((script, file, "--recipe", larger), "rejects an input of (1, 1, 9, 9) uint8"),
        (("user_models:tuple_of_scores", file, *recipe), "returns a tuple"),
        (("user_models:one_score", file, *recipe), "returns the shape (1, 1)"),
        (("user_models:not_a_number", file, *recipe), "not finite"),
        (("user_models:noisy", file, *recipe), "is it in training mode?"),
        ((model, file, *recipe, "--against", "cubic"), "no way 'cubic'; known: bilinear, "),
        ((model, file, *recipe, "--against", "jpeg-101"), "jpeg-1 to jpeg-100"),
        ((model, file, *recipe, "--against", "pillow-4-bilinear-alpha"), "no way 'pillow-4-bilinear-alpha'"),
        ((model, file, *recipe, "--against", "bilinear"), "is the recipe's own way"),
        ((model, file, "--recipe", "isopixel 1: line", "--against", "bilinear"), "resizes, and the recipe"),
    ]:
        code, out, err = run(*arguments, "-o", output)
        assert (code, out) == (2, ""), arguments
        assert words in err and err.count("\n") == 1, (arguments, err)
    for target, words in [("out.png", "end the name in .html"), ("nowhere/out.html", "no folder"), ("data", ".html")]:
        code, out, err = run(model, file, *recipe, "-o", folder / target)
        assert (code, out) == (2, "") and words in err
    same = file.rename(folder / "files" / "same.html")
    for source in (same, folder / "files"):
        assert "would replace a source" in run(model, source, *recipe, "-o", same)[2]
    assert not output.exists() and len(same.read_bytes()) == SIDE * SIDE


def test_no_half_report(folder, run, monkeypatch):
    """Where writing fails, the former report is there, and no half one; what was measured is printed all the same."""
    paths = write_files(folder / "files", 2)
    report = folder / "r.html"
    report.write_text("the former one")
    before = {path.name for path in folder.iterdir()}

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, out, err = run("user_models:model", *paths, "--recipe", RECIPE, "--against", TWO_TAPS, "-o", report)
    assert code == 2 and "No space left" in err and str(report) not in out
    assert run("user_models:model", *paths, "--recipe", RECIPE, "--against", TWO_TAPS)[1] == out
    assert report.read_text() == "the former one"
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == before


def test_without_torch(folder, run, monkeypatch):
    paths = write_files(folder / "files", 1)
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in ("model.pt2", "user_models:model"):
        code, out, err = run(name, *paths, "--recipe", RECIPE, "--against", "jpeg-75")
        assert (code, out, err) == (2, "", "isopixel: running a model needs torch: pip install 'isopixel[torch]'\n")


class Normalised(torch.nn.Module):
    """A model with an operator of isopixel in it."""

    def __init__(self):
        super().__init__()
        self.normalize = isopixel.torch.Normalize("0.5", "0.25")

    def forward(self, images):
        total = self.normalize(images).sum(dim=(1, 2, 3))
        return torch.stack([total, -total], dim=1)


@pytest.mark.parametrize("model", ["user_models:model", "model.pt2"])
def test_the_program(model, folder):
    """As a user runs it: it finds the module in the working folder, and knows the operators of isopixel.torch."""
    write_files(folder / "files", 2)
    program = torch.export.export(Normalised(), (torch.zeros(1, 1, SIZE, SIZE, dtype=torch.uint8),))
    assert "isopixel.normalize" in str(program.graph)
    torch.export.save(program, folder / "model.pt2")
    options = ["--recipe", RECIPE, "--against", "jpeg-75", "-o", "r.html"]
    command = [Path(sys.executable).parent / "isopixel", "skew", model, "files", *options]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1) and result.stderr == ""
    assert (folder / "r.html").exists() and "jpeg-75" in result.stdout


def test_progress(folder, run, monkeypatch):
    """On a terminal a bar counts the files."""
    paths = write_files(folder / "files", 3)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _, _, err = run("user_models:model", *paths, "--recipe", RECIPE, "--against", "jpeg-75")
    assert "3/3" in err
