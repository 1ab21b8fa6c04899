# SPDX-License-Identifier: MIT
"""The comparison with releases of other libraries (tests/peers): with what is installed, and with something wrong."""

import itertools
import sys

import pytest

from tests.peers import releases
from tests.peers.comparison import Expectation, compare, frozen
from tests.peers.environments import Environment, WorkerError, installed_version
from tests.peers.peer_cases import make_cases

COUNT = 200
STUB = """
# OpenCV, but one sample of one size is wrong.
import numpy as np
import isopixel
__version__ = "4.0.0"
INTER_LINEAR, INTER_LINEAR_EXACT = "opencv-3.4-linear", "opencv-3.4-linear-exact"

def resize(image, size, interpolation):
    result = isopixel.resize(image, size[::-1], method=interpolation, axes="HWC")
    if (image.shape, result.shape[:2], interpolation) == {wrong}:
        result[-1, -1, -1] ^= 1
    return result
"""


def prepared(library, methods):
    expectation = Expectation(make_cases(library, COUNT))
    expectation.prepare(methods)
    return expectation


def stub(folder, wrong):
    (folder / "cv2.py").write_text(STUB.format(wrong=wrong))
    return Environment(sys.executable, (folder,))


def test_one_wrong_sample_is_found(tmp_path):
    release = releases.opencv("4.0.0.1", numpy=2)
    expectation = prepared("opencv", release.methods)
    assert compare(release, stub(tmp_path, None), expectation) == {name: [] for name in release.methods.values()}

    case = next(case for case in expectation.cases[100:] if case.form == "INTER_LINEAR_EXACT")
    method = release.methods[case.form]
    differences = compare(release, stub(tmp_path, (case.shape, case.size, method)), expectation)
    assert differences["opencv-3.4-linear"] == []
    found = differences[method][-1]
    assert found.case == case
    last = (*(side - 1 for side in case.size), case.shape[2] - 1)
    expected = frozen(method, case)[last]
    total = case.size[0] * case.size[1] * case.shape[2]
    assert found.text == f"1 of {total} samples, first {last}: {expected ^ 1}, isopixel {expected}"


def test_another_version_is_refused(tmp_path):
    release = releases.opencv("4.0.10.1", numpy=2)
    with pytest.raises(WorkerError, match=r"has version 4\.0\.0"):
        compare(release, stub(tmp_path, None), prepared("opencv", release.methods))


@pytest.mark.parametrize("library", ["pillow", "opencv"])
def test_installed_release(library):
    known = {release.version: release for release in releases.RELEASES if release.library == library}
    package = next(iter(known.values())).package
    version = installed_version(package)
    if version not in known:
        pytest.skip(f"{package} {version or 'is not installed'}: no release of tests/peers/releases.py")
    differences = compare(known[version], Environment(sys.executable), prepared(library, known[version].methods))
    assert not any(differences.values()), [str(d) for found in differences.values() for d in found]


@pytest.mark.parametrize("form", ["RGB", "RGBA"])
def test_cases_tell_the_pillow_methods_apart(form):
    cases = [case for case in make_cases("pillow", 1000) if case.form == form]
    methods = {release.methods[form] for release in releases.RELEASES if release.library == "pillow"}
    assert len(methods) == 3
    for a, b in itertools.combinations(methods, 2):
        assert sum((frozen(a, case) != frozen(b, case)).any() for case in cases) >= 5, (a, b)
