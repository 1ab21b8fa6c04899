# SPDX-License-Identifier: MIT
"""The commands trace diff and trace show, and goldens of traces."""

import json
import os
import re

import numpy as np
import pytest

import isopixel
from isopixel._trace.file import load
from isopixel.pytest_plugin import Golden
from tests.html_page import Page
from tests.program import assert_refused, run

IMAGE = np.random.default_rng(9).integers(0, 256, (70, 64, 3), dtype=np.uint8)


def pipeline(method):
    image = isopixel.from_bytes(IMAGE.tobytes(), "fixed,width=64,channels=3")
    small = isopixel.resize(isopixel.step("decoded", image), (20, 30), method=method)
    isopixel.step("input", isopixel.normalize(small, (0.5,), (0.5,)))


@pytest.fixture
def traces(tmp_path, monkeypatch):
    """Two files, and the folder that they are in."""
    monkeypatch.chdir(tmp_path)
    for name, method in (("a", "bilinear"), ("b", "bilinear-two-tap")):
        with isopixel.trace(f"{name}.trace"):
            pipeline(method)
    return tmp_path


def test_difference(traces):
    result = run("trace", "diff", "a.trace", "b.trace")
    assert result.returncode == 1 and result.stderr == ""
    lines = result.stdout.splitlines()
    rows = dict(
        re.match(r"(\S[\w ]*?) {2,}(.*)", line).groups() for line in lines if re.match(r"\w[\w ]{0,11} {2,}", line)
    )
    assert rows["common"] == "A 0 and B 0 are the last values with the same samples (uint8 70×64×3)"
    assert rows["A parts"].endswith("computes resize bilinear size=20,30")
    assert rows["B parts"].endswith("computes resize bilinear-two-tap size=20,30")
    assert rows["cause"].startswith("antialias: A averages all pixels")
    assert rows["remedy"] == 'image = isopixel.resize(image, (20, 30), method="bilinear")  # on both sides'
    assert rows["rest"].startswith("the same on both sides: normalize half")
    assert rows["first pixel"].startswith("at (0, 0): A (")
    assert sum("=" in line[:8] for line in lines) == 2 and sum("»" in line[:8] for line in lines) == 2


def test_equal(traces):
    result = run("trace", "diff", "a.trace", "a.trace")
    assert result.returncode == 0
    assert "equal        the last values are the same samples, after 3 steps and 3 steps" in result.stdout


def test_json(traces):
    result = run("trace", "diff", "a.trace", "b.trace", "--json")
    assert result.returncode == 1
    record = json.loads(result.stdout)
    assert list(record) == ["isopixel", "equal", "a", "b", "common", "partings", "rest", "difference", "tile"]
    assert record["common"] == [0, 0] and record["equal"] is False
    (parting,) = record["partings"]
    assert [cause["id"] for cause in parting["causes"]] == ["antialias"]
    assert list(parting["a"]) == ["number", "name", "at", "function", "others", "exact", "note"]
    assert parting["a"]["function"] == "resize bilinear size=20,30" and parting["a"]["exact"] is True
    assert [node["state"] for node in record["b"]["path"]] == ["common", "first", ""]
    assert record["rest"]["known"] is True
    first = tuple(record["difference"]["first"])
    expected = [isopixel.resize(IMAGE, (20, 30), method=m)[first].tolist() for m in ("bilinear", "bilinear-two-tap")]
    assert record["difference"]["values"] == expected
    equal = json.loads(run("trace", "diff", "a.trace", "a.trace", "--json").stdout)
    assert equal["equal"] is True and equal["partings"] == [] and equal["rest"] is None


def test_json_of_what_is_not_a_number(traces):
    with isopixel.trace("nan.trace"):
        isopixel.step("decoded", IMAGE)
        isopixel.step("input", np.array([[np.nan, np.inf], [-np.inf, 1]], np.float32))
    with isopixel.trace("number.trace"):
        isopixel.step("decoded", IMAGE)
        isopixel.step("input", np.ones((2, 2), np.float32))
    record = json.loads(run("trace", "diff", "nan.trace", "number.trace", "--json").stdout, parse_constant=pytest.fail)
    assert record["difference"]["values"] == [["nan"], [1.0]] and record["difference"]["maximum"] == "inf"


def test_markdown(traces):
    with isopixel.trace("c.trace"):
        isopixel.step("a|b `c` <img src=x> @all *d*\n# e", IMAGE)
        isopixel.resize(IMAGE, (20, 30))
    result = run("trace", "diff", "a.trace", "c.trace", "--markdown")
    lines = result.stdout.splitlines()
    assert lines[0] == "### The pipelines part"
    assert all(len(re.findall(r"(?<!\\)\|", line)) == lines[3].count("|") for line in lines[2:8])
    assert not re.search(r"(?<!\\)`|<img|@all", result.stdout)
    assert run("trace", "diff", "a.trace", "a.trace", "--markdown").stdout.startswith("### The pipelines agree")
    assert run("trace", "diff", "a.trace", "a.trace", "--markdown", "--json").returncode == 2


def test_report(traces):
    result = run("trace", "diff", "a.trace", "b.trace", "-o", "report.html")
    assert result.returncode == 1 and result.stdout.splitlines()[-1] == "report       report.html"
    assert "antialias" in Page((traces / "report.html").read_text(encoding="utf-8")).words
    result = run("trace", "show", "a.trace", "-o", "show.html")
    assert result.returncode == 0 and len(Page((traces / "show.html").read_text(encoding="utf-8")).pictures) == 3


def test_show(traces):
    result = run("trace", "show", "a.trace")
    assert result.returncode == 0
    assert re.search(
        r"^1 +isopixel\.resize +uint8 +20×30×3 +from \d+ to \d+ +size=\[20, 30\], method=bilinear",
        result.stdout,
        re.MULTILINE,
    )
    assert "on the way to the last one" in result.stdout
    record = json.loads(run("trace", "show", "a.trace", "--json").stdout)
    assert [node["name"] for node in record["path"]] == ["isopixel.from_bytes", "isopixel.resize", "isopixel.normalize"]


def test_folders_of_another_program(traces):
    """As a host in C++ writes them: compared with a trace of Python."""
    folder = traces / "host"
    folder.mkdir()
    small = isopixel.resize(IMAGE, (20, 30), method="opencv-3.4-linear")
    for name, array in (
        ("00-decode", IMAGE),
        ("01-größe", small),
        ("02-input", isopixel.normalize(small, (0.5,), (0.5,))),
    ):
        np.save(folder / f"{name}.npy", array)
    result = run("trace", "diff", "a.trace", "host")
    assert result.returncode == 1
    assert "B parts      1 “größe” (01-größe.npy) computes resize opencv-3.4-linear size=20,30" in result.stdout
    assert "cause        antialias: " in result.stdout
    assert "rest         the same on both sides: normalize half" in result.stdout


def test_what_is_refused(traces):
    assert_refused(run("trace", "diff", "a.trace", "nothing.trace"), "nothing.trace")
    (traces / "bad.trace").write_text("no trace\n")
    assert_refused(run("trace", "diff", "a.trace", "bad.trace"), "bad.trace", "not a trace")
    assert_refused(run("trace", "diff", "a.trace", "b.trace", "-o", "report.txt"), "end the name in .html")
    assert_refused(run("trace", "diff", "a.trace", "b.trace", "-o", "no/report.html"), "no folder")
    os.link("a.trace", "a.html")
    assert_refused(run("trace", "show", "a.trace", "-o", "a.html"), "would replace a trace")
    with isopixel.trace("empty.trace"):
        pass
    assert_refused(run("trace", "diff", "a.trace", "empty.trace"), "trace B has no step")


@pytest.fixture
def golden(tmp_path):
    def make(update=False, written=None):
        def folder(name):
            (tmp_path / name).mkdir()
            return tmp_path / name

        return Golden(tmp_path / "isopixel_goldens", update, {} if written is None else written, folder)

    return make


def test_goldens_of_traces(traces, golden):
    """Digests alone; what fails says which step it was, and writes the report."""
    with isopixel.trace() as recording:
        pipeline("bilinear")
    golden(update=True).check_trace(recording, "pipeline")
    path = traces / "isopixel_goldens" / "pipeline.trace"
    assert path.stat().st_size < 10_000 and b"samples" not in path.read_bytes()
    for same in (recording, recording.trace, traces / "a.trace", path):
        golden().check_trace(same, "pipeline")
    with pytest.raises(pytest.fail.Exception) as failed:
        golden().check_trace(traces / "b.trace", "pipeline")
    message = str(failed.value)
    for word in (
        "cause        antialias",
        "resize bilinear-two-tap",
        "report.html, actual.trace",
        "--isopixel-golden-update",
    ):
        assert word in message
    assert "antialias" in (traces / "pipeline" / "report.html").read_text(encoding="utf-8")
    assert len(load(traces / "pipeline" / "actual.trace").values) == 3


def test_a_golden_holds_the_way_alone(traces, golden):
    """Not other images, with which the program had to do."""
    with isopixel.trace() as recording:
        for n in range(9):
            isopixel.resize(IMAGE + np.uint8(n), (9, 9))
        pipeline("bilinear")
    golden(update=True).check_trace(recording, "one")
    assert len(load(traces / "isopixel_goldens" / "one.trace").values) <= 4


def test_a_golden_tells_what_the_samples_showed(golden):
    """Code that is not traced is named too, though the golden has no samples."""

    def scaled(divisor):
        with isopixel.trace() as recording:
            isopixel.resize(IMAGE + np.uint8(1), (9, 9))  # not on the way, so that values are numbered anew
            pixels = isopixel.resize(IMAGE, (9, 9))
            isopixel.step("input", pixels / np.float32(divisor))
        return recording

    golden(update=True).check_trace(scaled(255), "scaled")
    golden().check_trace(scaled(255), "scaled")
    with pytest.raises(pytest.fail.Exception, match=r"(?s)cause        scale.*scale divided-by-255 arithmetic=float32"):
        golden().check_trace(scaled(128), "scaled")


def test_goldens_that_cannot_be_used(traces, golden):
    with pytest.raises(pytest.fail.Exception, match="there is no golden"):
        golden().check_trace(traces / "a.trace", "none")
    with pytest.raises(TypeError, match="a trace is what"):
        golden().check_trace(IMAGE, "image")
    with pytest.raises(ValueError, match="golden's name"):
        golden().check_trace(traces / "a.trace", "../up")
    with isopixel.trace() as nothing:
        pass
    with pytest.raises(ValueError, match="no step"):
        golden(update=True).check_trace(nothing, "nothing")
    golden(update=True).check_trace(traces / "a.trace", "some")
    with pytest.raises(ValueError, match="no step"):  # not: the golden cannot be used
        golden().check_trace(nothing, "some")
    written = {}
    golden(True, written).check_trace(traces / "a.trace", "twice")
    with pytest.raises(pytest.fail.Exception, match="written in this run"):
        golden(True, written).check_trace(traces / "b.trace", "twice")
    (traces / "isopixel_goldens" / "bad.trace").write_text("bad\n")
    with pytest.raises(pytest.fail.Exception, match="cannot be used"):
        golden().check_trace(traces / "a.trace", "bad")
