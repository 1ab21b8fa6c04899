# SPDX-License-Identifier: MIT
"""The comparison with releases of other libraries (tests/peers): with what is installed, and with something wrong."""

import itertools
import sys

import pytest

from tests.peers import releases
from tests.peers.comparison import Expectation, compare, frozen
from tests.peers.environments import Environment, WorkerError, installed_version
from tests.peers.peer_cases import FORMS, make_case, make_cases

COUNT = 200
STUB = """
# OpenCV, but one sample of one size is wrong.
import types
import isopixel
__version__ = "4.0.0"
ipp = types.SimpleNamespace(setUseIPP=lambda use: None)
globals().update({methods})

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


def stub(folder, methods, wrong):
    (folder / "cv2.py").write_text(STUB.format(methods=methods, wrong=wrong))
    return Environment(sys.executable, (folder,))


def test_one_wrong_sample_is_found(tmp_path):
    release = releases.opencv("4.0.0.1", numpy=2)
    expectation = prepared("opencv", release.methods)
    differences = compare(release, stub(tmp_path, release.methods, None), expectation)
    assert differences == {name: [] for name in release.methods.values()}

    case = next(case for case in expectation.cases[100:] if case.form == "INTER_LINEAR_EXACT")
    method = release.methods[case.form]
    differences = compare(release, stub(tmp_path, release.methods, (case.shape, case.size, method)), expectation)
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
        compare(release, stub(tmp_path, release.methods, None), prepared("opencv", release.methods))


@pytest.mark.parametrize("library", ["pillow", "opencv"])
def test_installed_release(library):
    known = {release.version: release for release in releases.RELEASES if release.library == library}
    package = next(iter(known.values())).package
    version = installed_version(package)
    if version not in known:
        pytest.skip(f"{package} {version or 'is not installed'}: no release of tests/peers/releases.py")
    differences = compare(known[version], Environment(sys.executable), prepared(library, known[version].methods))
    assert not any(differences.values()), [str(d) for found in differences.values() for d in found]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("name", ["BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS"])
def test_cases_tell_the_pillow_methods_apart(name, mode):
    form = f"{name}, {mode}"
    forms = [form for form, _ in FORMS["pillow"]]
    cases = [make_case("pillow", i) for i in range(forms.index(form), releases.COUNTS["pillow"], len(forms))]
    methods = {release.methods[form] for release in releases.RELEASES if release.library == "pillow"}
    assert len(methods) == 3
    for a, b in itertools.combinations(methods, 2):
        differing = (case for case in cases if (frozen(a, case) != frozen(b, case)).any())
        assert len(list(itertools.islice(differing, 5))) == 5, (a, b)
