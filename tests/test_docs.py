# SPDX-License-Identifier: MIT
"""The site's examples run as they stand, print what they are said to print, and its generated pictures are current."""

import contextlib
import importlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import isopixel

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^(```+)(\{code-block\} )?(\w+)\n(?::caption: (\S+)\n\n)?(.*?)^\1$", re.DOTALL | re.MULTILINE)
PAGES = (
    "start",
    pytest.param("tutorials/train-and-serve", marks=pytest.mark.slow),
    pytest.param("tutorials/executables", marks=pytest.mark.slow),
    pytest.param("tutorials/pipeline-in-ci", marks=pytest.mark.slow),
    pytest.param("tutorials/corpora", marks=pytest.mark.slow),
    pytest.param("tutorials/scores-in-production", marks=pytest.mark.slow),
    pytest.param("guides/where-two-pipelines-part", marks=pytest.mark.slow),
    "guides/recipes",
    "guides/sound",
    "guides/models",
    "guides/frozen-peers",
    "guides/trained-with",
    pytest.param("guides/goldens", marks=pytest.mark.slow),
    "guides/traces",
)


def blocks(text):
    """The fenced blocks of a page, as (language, name of the file that it is, content)."""
    return [(language, caption, content) for _, _, language, caption, content in BLOCK.findall(text)]


def is_output(actual, wanted):
    """Is a text what a page prints, in which `...` stands for any?"""
    pattern = ".*?".join(map(re.escape, wanted.strip().split("...")))
    return re.fullmatch(pattern, actual.strip(), re.DOTALL) is not None


def run_python(code, names):
    """What an example prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    return printed.getvalue()


def run_console(session):
    """Runs the commands of a session, each after `$ `, and compares what they print with the lines that follow."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command, wanted in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", session, re.MULTILINE):
        result = subprocess.run(
            ["/bin/sh", "-c", command],
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        code = re.search(r"# exits with (\d)$", command)
        assert result.returncode == (int(code[1]) if code else 0), (command, result.stdout)
        assert is_output(result.stdout, wanted), (command, result.stdout, wanted)


def run_page(text):
    """Runs the examples of a page in the working folder, from the first to the last."""
    names = {}
    printed = None
    ran = 0
    for language, caption, content in blocks(text):
        if language == "text" and printed:
            assert is_output(printed, content), (printed, content)
        printed = None
        if caption:
            Path(caption).write_text(content, encoding="utf-8")
        elif language == "python":
            printed = run_python(content, names)
            ran += 1
        elif language == "console":
            run_console(content)
            ran += 1
    return ran


@pytest.mark.parametrize("page", PAGES)
def test_examples(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    isa, modules = isopixel.get_isa(), set(sys.modules)
    try:
        assert run_page((DOCS / f"{page}.md").read_text(encoding="utf-8")) >= 1
    finally:
        isopixel.set_isa(isa)
        for name in set(sys.modules) - modules:
            if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in sys.modules[name].__file__:
                del sys.modules[name]


@pytest.mark.parametrize(
    "page",
    [
        "```python\nprint(1)\n```\n\n```text\n2\n```\n",
        "```console\n$ echo 1\n2\n```\n",
        "```console\n$ false\n```\n",
        "```console\n$ true    # exits with 1\n```\n",
        "```{code-block} sh\n:caption: x.sh\n\nexit 3\n```\n```console\n$ sh x.sh\n```\n",
    ],
)
def test_a_wrong_page_is_found(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AssertionError):
        run_page(page)


@pytest.mark.parametrize("language", ["c", "python"])
def test_programs_compile(language, tmp_path):
    """The whole programs of the pages, those in C against the header of this tree."""
    programs = {}
    for page in sorted(DOCS.rglob("*.md")):
        programs |= {
            name: text for kind, name, text in blocks(page.read_text(encoding="utf-8")) if name and kind == language
        }
    assert len(programs) >= 2
    for name, text in programs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        if language == "python":
            compile(text, name, "exec")
            continue
        command = [
            "cc",
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pedantic",
            "-fsyntax-only",
            f"-I{ROOT / 'include'}",
        ]
        checked = subprocess.run([*command, tmp_path / name], check=False, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr


def test_the_reference_has_every_public_name(monkeypatch):
    """And the page of the C header, which is made of it, every function that the library exports."""
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    listed = re.findall(r"(?:auto\w+:: |\{data\} )(\w+)", page)
    assert sorted(listed) == sorted(isopixel.__all__)
    monkeypatch.syspath_prepend(str(DOCS / "_extensions"))
    header = importlib.import_module("header")
    paragraphs = header.paragraphs(header.HEADER.read_text(encoding="utf-8"))
    shown = [prototype for _, declarations in paragraphs for prototype in header.functions(declarations)]
    exported = re.findall(r"isopixel_\w+(?=;)", (ROOT / "src" / "isopixel.map").read_text(encoding="utf-8"))
    assert sorted(re.search(r"(\w+)\(", prototype)[1] for prototype in shown) == sorted(exported)


DRAWINGS = (
    "weights.draw_triangle",
    "weights.draw_taps",
    "engines.draw_gray",
    "engines.draw_square",
    "folding.draw",
    "division.draw",
    "house.draw",
)


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings(name, monkeypatch):
    """Each is well-formed, of the sources and tables as they are: their own assertions hold."""
    monkeypatch.syspath_prepend(str(DOCS))
    module, function = name.split(".")
    drawing = getattr(importlib.import_module(f"figures.{module}"), function)()
    assert len(ElementTree.fromstring(str(drawing))) > 10


def test_files_that_are_named_exist():
    named = 0
    for page in DOCS.glob("contributing/*.md"):
        text = page.read_text(encoding="utf-8")
        for path in re.findall(r"`((?:src|include|spec|tests|docs|python|examples|benchmarks)/[\w./*-]*)`", text):
            assert next(ROOT.glob(path), None), f"{page.name} names {path}, which does not exist"
            named += 1
    assert named > 20
