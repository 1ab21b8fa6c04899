# SPDX-License-Identifier: MIT
"""The reference against the formula itself, in fractions, and against the SPEC's own numbers."""

import hashlib
import json
import re
import sys
from fractions import Fraction
from math import floor, prod
from pathlib import Path

import numpy as np
import pytest
from spec import make_vectors, reference

from tests.platforms import cases
from tests.support import random_image, reference_resize

SPEC = Path(reference.__file__).parent
KINDS = list(make_vectors.SECTIONS)


def fraction_axis(n_in, n_out, antialias):
    """Bilinear weights as usually written: half-pixel centres in source pixels, a triangle, normalised."""
    scale = Fraction(n_in, n_out)
    support = max(scale, Fraction(1)) if antialias else Fraction(1)
    rows = []
    for i in range(n_out):
        centre = (i + Fraction(1, 2)) * scale
        weights = [max(Fraction(0), 1 - abs(j + Fraction(1, 2) - centre) / support) for j in range(n_in)]
        rows.append([weight / sum(weights) for weight in weights])
    return rows


@pytest.mark.parametrize("antialias", [True, False])
def test_resize_equals_fractions(antialias):
    """R-2, R-3, R-4."""
    rng = np.random.default_rng(1)
    for _ in range(60):
        h, w, out_h, out_w = (int(n) for n in rng.integers(1, 12, 4))
        image = random_image(rng, (h, w))
        wy, wx = fraction_axis(h, out_h, antialias), fraction_axis(w, out_w, antialias)
        expected = [
            [
                floor(sum(wy[i][j] * wx[k][x] * int(image[j, x]) for j in range(h) for x in range(w)) + Fraction(1, 2))
                for k in range(out_w)
            ]
            for i in range(out_h)
        ]
        assert reference_resize(image, (out_h, out_w), antialias).tolist() == expected


def test_two_taps_repeat_the_edge():
    """R-3 without antialias, as it is often coded: positions clamped to the image."""
    for n_in in range(1, 9):
        for n_out in range(1, 20):
            for i, taps in enumerate(reference.axis_weights(n_in, n_out, False)):
                x = (i + Fraction(1, 2)) * Fraction(n_in, n_out) - Fraction(1, 2)
                expected = {}
                for j, weight in ((floor(x), 1 - (x - floor(x))), (floor(x) + 1, x - floor(x))):
                    j = min(max(j, 0), n_in - 1)
                    expected[j] = expected.get(j, 0) + weight
                total = sum(weight for _, weight in taps)
                assert {j: Fraction(weight, total) for j, weight in taps} == {j: w for j, w in expected.items() if w}


def test_worked_example():
    """The numbers of the SPEC's last section (R-2 to R-4, R-8)."""
    assert reference.axis_weights(3, 2, True) == [[(0, 5), (1, 3)], [(1, 3), (2, 5)]]
    assert reference.axis_weights(3, 2, False) == [[(0, 3), (1, 1)], [(1, 1), (2, 3)]]
    assert reference.axis_weights(1, 1, True) == [[(0, 2)]]
    assert list(reference.resize(bytes([10, 20, 200]), (1, 3, 1), (1, 2))) == [14, 133]
    assert list(reference.resize(bytes([10, 20, 200]), (1, 3, 1), (1, 2), "bilinear-two-tap")) == [13, 155]
    content = b"isopixel-array-1 uint8 1x2\n" + bytes([14, 133])
    assert len(content) == 29
    assert reference.fingerprint("uint8", (1, 2), bytes([14, 133])) == "sha256:" + hashlib.sha256(content).hexdigest()


def test_nataraj_widths():
    """R-6, with the table read from the SPEC's text."""
    text = (SPEC / "SPEC.md").read_text(encoding="utf-8")
    limits = [int(n) for n in re.findall(r"< (\d+) \|", re.search(r"\| n, KiB .*", text)[0])]
    widths = [int(n) for n in re.findall(r"\d+", re.search(r"\| width \| 3.*", text)[0])]
    assert len(widths) == len(limits) + 1
    for n in [1, *(limit * 1024 + d for limit in limits for d in (-1, 0, 1)), 10**9]:
        width = widths[sum(n >= limit * 1024 for limit in limits)]
        assert reference.row_width(reference.parse_layout("nataraj"), n) == width


def sections_of_vectors():
    """The sections of vectors.json, by their names, as they are written."""
    written = make_vectors.PATH.read_text(encoding="ascii")
    return {name: re.search(rf'^"{name}": \[\n.*?\n\]', written, re.MULTILINE | re.DOTALL)[0] for name in KINDS}


LONG = {"resize", "frozen", "layout"}


@pytest.mark.parametrize("kind", sorted(LONG))
def test_small_vectors_are_what_the_reference_makes(kind):
    """R-9: each fifth of those that are not large."""
    tried = 0
    for vector in json.loads(make_vectors.PATH.read_text(encoding="ascii"))[kind][::5]:
        if vector.get("length", 0) < 10_000 and prod(vector["shape"]) < 10_000:
            case, _, result = cases.vector_line(kind, vector).rpartition(" = ")
            assert cases.reference_result(case) == result
            tried += 1
    assert tried > 20


@pytest.mark.parametrize("kind", [pytest.param(k, marks=[pytest.mark.slow] if k in LONG else []) for k in KINDS])
def test_vectors_are_what_the_reference_makes(kind):
    """R-9: vectors.json, byte for byte; what `python -m spec.make_vectors --check` does at once."""
    assert sections_of_vectors()[kind] == make_vectors.section(kind)


def test_vectors_are_nothing_else():
    made = make_vectors.text(sections_of_vectors().values())
    assert make_vectors.PATH.read_bytes() == made.encode("ascii")


def test_the_check_of_vectors(tmp_path, monkeypatch):
    """It finds one digit that is another."""
    monkeypatch.setattr(make_vectors, "SECTIONS", {"recipe": make_vectors.recipe_vectors})
    monkeypatch.setattr(make_vectors, "PATH", tmp_path / "vectors.json")
    monkeypatch.setattr(sys, "argv", ["make_vectors"])
    make_vectors.main()
    monkeypatch.setattr(sys, "argv", ["make_vectors", "--check"])
    make_vectors.main()
    written = make_vectors.PATH.read_text(encoding="ascii")
    make_vectors.PATH.write_text(written.replace("224,224", "224,225", 1), encoding="ascii")
    with pytest.raises(SystemExit, match="is not what the reference makes"):
        make_vectors.main()


def test_every_rule_can_be_found():
    """Searching for R-n finds the rule in the SPEC, the reference, the code and a test."""
    root = SPEC.parent
    rules = re.findall(r"^\*\*(R-\d+) ", (SPEC / "SPEC.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(int(rule[2:]) for rule in rules) == [*range(1, 61), *range(70, 81), 90, 91]
    places = {
        "reference": SPEC.glob("*.py"),
        "code": [*(root / "src").rglob("*.[ch]*"), *(root / "python/isopixel").rglob("*.py")],
        "tests": (root / "tests").glob("*.py"),
    }
    for place, files in places.items():
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        assert [rule for rule in rules if not re.search(rf"{rule}\b", text)] == [], place
