# SPDX-License-Identifier: MIT
"""The figures of `trace diff` and `explain`: on planted divergences, equal pipelines, known and unknown functions.

`python -m tests.trace_cases` prints them by cause.
"""

import sys

import numpy as np
import pytest

import isopixel
from tests.peers.environments import Environment, install, installed_version

pytest.importorskip("cv2")
pytest.importorskip("PIL")
pytest.importorskip("torch")

from tests.trace_cases import known, pictures, unknown
from tests.trace_cases.measuring import FIGURES, SIZES, Measured, measured

TORCHVISION = "0.28.0"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", FIGURES)
def test_figures(part):
    folders = () if installed_version("torchvision") else (install("torchvision", TORCHVISION, "--no-deps"),)
    run = Environment(sys.executable, folders).run("tests.trace_cases", part, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("part", ["known", "unknown"])
def test_some_functions(part):
    found = measured(part, 12)
    assert not found.wrong and not found.missed(part)


def test_a_wrong_answer_counts():
    """A name that is not among the explanations is missed; a name for what has none is false."""
    (case,) = known.known(1)
    other = isopixel.explain(case.before, 255 - case.before)
    assert other.is_exact and not known.is_among(case, other)
    assert unknown.names_of(other)
    found = Measured()
    for is_right in (True, False, True, False):
        found.add("flip", {"step": is_right, "cause": True}, "case")
    assert (found.share("step"), found.share("cause"), found.wrong) == (0.5, 1, ["step: case"] * 2)
    found.right["cause by digests"]["flip"] = 3
    assert found.missed("single") == ["single, step: 50.0% of at least 98%"]


def test_functions_without_a_name_change_the_image():
    """And are not what another one of them makes."""
    made = {}
    for id, before, after in unknown.unknown(len(unknown.FUNCTIONS)):
        assert before.shape != after.shape or not np.array_equal(before, after), id
        made[after.tobytes()] = id
    assert len(made) == len(unknown.FUNCTIONS)


def test_photographs():
    """They are the same ones always, of all levels, and no two alike."""
    images = [pictures.photograph(number) for number in range(6)]
    assert [image.shape[:2] for image in images] == list(pictures.SIDES)
    for number, image in enumerate(images):
        assert np.array_equal(image, pictures.photograph(number))
        assert len(np.unique(image)) > 200 and not np.array_equal(image[..., 0], image[..., 1])
    assert sum(SIZES.values()) > 1800 and len({pictures.program(number) for number in range(6)}) == 6
