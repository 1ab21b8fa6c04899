# SPDX-License-Identifier: MIT
"""The figures of `trace diff` and `explain`: on planted divergences, equal pipelines, known and unknown functions.

`python -m tests.trace_cases` prints them by cause.
"""

import sys
from dataclasses import replace

import numpy as np
import pytest

import isopixel
from tests.peers.environments import Environment, install, installed_version

cv2 = pytest.importorskip("cv2")
Image = pytest.importorskip("PIL.Image")
pytest.importorskip("torch")

from tests.trace_cases import known, laying, pictures, unknown  # noqa: E402
from tests.trace_cases.faults import Case, Fault  # noqa: E402
from tests.trace_cases.judge import answers, judged, traced  # noqa: E402
from tests.trace_cases.measuring import FIGURES, SIZES, Measured, measured  # noqa: E402
from tests.trace_cases.ways import OPEN, Sizes, array, of_path, pil  # noqa: E402

TORCHVISION = "0.28.0"


@pytest.mark.peers
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", FIGURES)
def test_figures(part):
    folders = () if installed_version("torchvision") else (install("torchvision", TORCHVISION, "--no-deps"),)
    run = Environment(sys.executable, folders).run("tests.trace_cases", part, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("part", ["known", "unknown"])
def test_some_functions(part):
    found = measured(part, 4)
    assert not found.wrong and not found.missed(part)


OPENED = of_path(lambda f, s: Image.open(f).convert("RGB"), *OPEN, gives="pil")
READ = of_path(lambda f, s: cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2RGB), "imread", "cvtColor")
RESIZED = Fault(
    ("antialias",),
    "Pillow and cv2",
    "resize",
    pil(lambda p, s: p.resize(s.resize[::-1], Image.BILINEAR), "resize"),
    array(lambda a, s: cv2.resize(a, s.resize[::-1]), "resize"),
)
TURNED = Fault(("exif",), "6", "read", OPENED, READ, ("exif-6",))


def case_of(fault, folder, number=0, other=None):
    """A case of a fault: both sides from the file on; side B may be that of another fault."""
    stages = [(fault.stage, fault.a)], [(fault.stage, (other or fault).b)]
    if fault.stage != "read":
        stages = [[("read", OPENED), *stages[0]], [("read", READ), *stages[1]]]
    path = pictures.write(folder, fault.kinds[0], number)
    return Case(fault.name, (fault,), path, Sizes((60, 70)), *map(tuple, stages), checkpoints=True)


@pytest.mark.parametrize("fault", [RESIZED, TURNED, laying.FAULTS[0]], ids=str)
def test_some_divergences(fault, tmp_path):
    case = case_of(fault, tmp_path)
    verdict = judged(case, traced(case))
    assert verdict.is_step and verdict.is_cause and verdict.is_rest, verdict.said


def test_the_judge_is_strict(tmp_path):
    """Another cause, another step, a fault that is not told, and one that is not there, are wrong."""
    case = case_of(RESIZED, tmp_path)
    traces = traced(case)
    right = judged(case, traces)
    assert answers(case, [right, judged(case, traced(case, keep=0))])["step by digests"]
    other = replace(case, faults=(replace(RESIZED, causes=("filter",)),))
    assert not judged(other, traces).is_cause and judged(other, traces).is_step
    elsewhere = replace(RESIZED, stage="read", a=OPENED, b=READ)
    assert not judged(replace(case, faults=(elsewhere,)), traces).is_step
    assert not judged(replace(case, faults=(RESIZED, RESIZED)), traces).is_rest  # a second one, which is not there
    assert not judged(replace(case, faults=()), traces).is_step
    same = judged(case, [traces[0], traces[0]])
    assert (same.is_step, same.is_cause, same.said) == (False, False, "equal")


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
    found.right["cause by digests"]["flip"] = 4
    assert found.missed("single") == ["single, step: 50.0% of at least 98%"]


@pytest.mark.slow
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
