# SPDX-License-Identifier: MIT
"""The command skew: what it prints, its report, and what it refuses."""

import json
import os
import re
import sys

import numpy as np
import pytest
import torch

import isopixel
import isopixel.torch
from isopixel._cli import commands
from isopixel._difference import SCALE, difference_picture
from tests.html_page import Page
from tests.program import run_program
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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    yield from working_folder(tmp_path, monkeypatch)


def test_report(folder):
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
    assert np.array_equal(page.pictures[1], difference_picture(first, second))
    for step in SCALE:  # the legend
        assert f'<span style="background: rgb{step.colour}"></span>{step}' in html
    assert f"top score changes by {changes[worst[0]]:.3g}" in text
    assert len(page.pictures) == 12  # three examples of two ways, two pictures each


def test_a_hostile_name_is_a_word(folder):
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


def test_text(folder):
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


def test_bad_files_are_named(folder):
    """The others are measured, and the code is 1."""
    paths = write_files(folder / "files", 2)
    (folder / "files" / "empty").touch()
    (folder / "files" / "lost").symlink_to("nowhere")
    (folder / "same").write_bytes(bytes(9))
    code, out, err = run("user_models:model", folder / "files", "--recipe", RECIPE, "--against", "jpeg-75", "--json")
    assert code == 1
    record = json.loads(out)
    assert record["files"] == 2 and record["against"][0]["flips"] == expected_costs(paths, "jpeg-75")[0].sum()
    assert [failure["file"] for failure in record["failed"]] == [str(folder / "files" / n) for n in ("lost", "empty")]
    assert [line.split(": ")[1] for line in err.splitlines()] == [str(folder / "files" / n) for n in ("lost", "empty")]
    run("user_models:model", folder / "files", "--recipe", RECIPE, "-o", folder / "r.html")
    assert any("2 files could not be read" in w for w in Page((folder / "r.html").read_text("utf-8")).words)


def test_what_is_not_a_file_is_a_note(folder):
    """It is not opened, and does not count."""
    write_files(folder / "files", 2)
    (folder / "files" / "up").symlink_to(folder)
    os.mkfifo(folder / "files" / "pipe")
    code, out, err = run("user_models:model", *[folder / "files"] * 2, "--recipe", RECIPE, "--json")
    record = json.loads(out)
    assert record["files"] == 2 and record["failed"] == []
    assert code == (1 if any(way["flips"] for way in record["against"]) else 0)
    assert [line.split(": ")[1:3] for line in err.splitlines()] == [
        ["note", str(folder / "files" / name)] for name in ("pipe", "up")
    ]


def test_refused(folder):
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
        ((model, folder / "missing", *recipe), "none of 1 file can be read; the first is"),
        ((model, folder / "empty", *recipe), "is empty"),
        (("missing.pt2", file, *recipe), "No such file"),
        (("text.pt", file, *recipe), "it is not a TorchScript file"),
        (("text.pt2", file, *recipe), "--trust allows"),
        (("text.pt2", file, *recipe, "--trust"), "it is not an exported program"),
        (("weights.pt", file, *recipe), "a file of weights needs its model"),
        (("missing_module:model", file, *recipe), "no module 'missing_module'"),
        (("broken_module:model", file, *recipe), "cannot be imported: division by zero"),
        (("user_models:missing", file, *recipe), "has no 'missing'"),
        (("user_models:word", file, *recipe), "is neither a function"),
        (("user_models:Sum", file, *recipe), "is neither a function"),
        (("user_models:picky", file, *recipe), "rejects an input of (1, 1, 8, 8) uint8: expected 3 channels,"),
        ((script, file, "--recipe", larger, "--trust"), "rejects an input of (1, 1, 9, 9) uint8"),
        (("user_models:tuple_of_scores", file, *recipe), "returns a tuple"),
        (("user_models:one_score", file, *recipe), "returns the shape (1, 1)"),
        (("user_models:not_a_number", file, *recipe), "not finite"),
        (("user_models:noisy", file, *recipe), "is it in training mode?"),
        (
            (model, file, *recipe, "--against", "cubic"),
            "no way 'cubic'; did you mean 'opencv-3.4-cubic' or 'bicubic'? ",
        ),
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


def test_no_half_report(folder, monkeypatch):
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


def test_without_torch(folder, monkeypatch):
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


@pytest.mark.slow
@pytest.mark.parametrize("model", ["user_models:model", "model.pt2"])
def test_the_program(model, folder):
    """As a user runs it: it finds the module in the working folder, and knows the operators of isopixel.torch."""
    write_files(folder / "files", 2)
    program = torch.export.export(Normalised(), (torch.zeros(1, 1, SIZE, SIZE, dtype=torch.uint8),))
    assert "isopixel.normalize" in str(program.graph)
    torch.export.save(program, folder / "model.pt2")
    options = ["--recipe", RECIPE, "--against", "jpeg-75", "-o", "r.html", "--trust"]
    result = run_program("skew", model, "files", *options)
    assert result.returncode in (0, 1) and result.stderr == ""
    assert (folder / "r.html").exists() and "jpeg-75" in result.stdout


def test_progress(folder, monkeypatch, capsys):
    """On a terminal a bar counts the files."""
    paths = write_files(folder / "files", 3)
    arguments = ["user_models:model", *map(str, paths), "--recipe", RECIPE, "--against", "jpeg-75"]
    monkeypatch.setattr(sys, "argv", ["isopixel", "skew", *arguments])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    commands.run()
    assert "3/3" in capsys.readouterr().err
