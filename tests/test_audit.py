# SPDX-License-Identifier: MIT
"""The audit of installed libraries: of real ones, where there are any, and of stand-ins that are right or wrong."""

import contextlib
import importlib.util
import itertools
import json
import os
import platform
import subprocess
import sys
import types

import numpy as np
import pytest

import isopixel
from isopixel import _audit, _audit_cases
from isopixel._audit_cases import CHANNELS, MODULES, Case, Library, cases, checks
from isopixel._methods import filters_of
from tests.program import PROGRAM, run, run_program
from tests.support import cmyk

IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
LIBRARIES = ["pillow", "opencv", "torch", "torchvision"]
SLOW = pytest.mark.slow

FAKE_CV2 = """
import os
import isopixel
__version__ = "9.9.9"
INTER_LINEAR, INTER_LINEAR_EXACT = 1, 5
def setNumThreads(n): pass
def resize(image, dsize, interpolation):
    name = "opencv-3.4-linear-exact" if interpolation == INTER_LINEAR_EXACT else "opencv-3.4-linear"
    made = isopixel.resize(image, dsize[::-1], method=name, axes="HWC")
    if image.shape == (33, 100, 3) and dsize == (9, 64) and {condition}:
        made[5, 6, 2] ^= 1
    return made[..., 0] if made.shape[2] == 1 else made
"""


def made_by(name, case):
    return isopixel.resize(case.image(), case.size, method=name, axes="HWC", channels=cmyk(name, case.shape[2]))


def test_the_cases_tell_all_peers_apart():
    for library in LIBRARIES[:3]:
        for filter in filters_of(library):
            same = [
                method.name for method in isopixel.methods() if (method.library, method.filter) == (library, filter)
            ]
            channels = [c for c in CHANNELS[library] if isopixel._methods.METHODS[same[0]].covers(c)]
            made = list(cases(channels))
            assert len(set(map(str, made))) == len(made) and 200 < len(made) < 700
            results = {name: [made_by(name, case) for case in made] for name in same}
            for a, b in itertools.combinations(same, 2):
                differing = sum(not np.array_equal(x, y) for x, y in zip(results[a], results[b], strict=True))
                assert differing > 5, (a, b)


def test_the_cases_are_of_all_kinds():
    made = list(cases((1, 4)))
    assert {case.formula.split()[0] for case in made} == {"noise", "extremes"}
    assert any(case.shape[:2] == tuple(2 * n for n in case.size) for case in made)
    assert any(case.size[0] * case.size[1] > 2 * 65536 for case in made)  # which OpenCV shares among threads
    for axis in (0, 1):
        ratios = [(case.shape[axis], case.size[axis]) for case in made]
        assert any(n == 1 < m for n, m in ratios) and any(m == 1 < n for n, m in ratios) and (1, 1) in ratios
    assert str(Case("noise 3", (2, 3, 1), (4, 5))) == "noise 3, (2, 3, 1) to (4, 5)"


def audited(result):
    """What the program says of each library."""
    assert result.stderr == ""
    record = json.loads(result.stdout)
    assert result.returncode == (0 if all(library["passed"] for library in record["libraries"]) else 1)
    return {library["library"]: library for library in record["libraries"]}


@SLOW
def test_all_that_is_installed():
    found = audited(run_program("audit", "--json"))
    assert list(found) == LIBRARIES
    for library, module in MODULES.items():
        assert found[library]["installed"] == (importlib.util.find_spec(module) is not None)


@pytest.mark.parametrize("library", ["pillow", "opencv", pytest.param("torch", marks=SLOW)])
def test_installed(library, monkeypatch):
    """A release that was measured is what it was measured to be."""
    only(monkeypatch, library, MODULES[library])
    (found,) = audited(run("audit", "--json")).values()
    assert found["library"] == library
    if importlib.util.find_spec(MODULES[library]) is None:
        assert (found["installed"], found["passed"], found["version"], found["variants"]) == (False, True, None, [])
        pytest.skip(f"{library} is not installed")
    here, *hidden = found["variants"]
    assert (here["name"], here["environment"], here["error"]) == ("as it is", {}, None)
    assert [variant["environment"] for variant in hidden] == (list(_audit.HIDING[library].values()) if IS_X86 else [])
    threads = [None] if library == "pillow" else [1, 4]
    assert [(c["threads"], c["filter"]) for c in here["checks"]] == [*itertools.product(threads, filters_of(library))]
    try:
        expected = {filter: isopixel.method_for(library, found["version"], filter) for filter in filters_of(library)}
    except ValueError as error:
        pytest.skip(str(error))
    if IS_X86:
        assert {check["filter"]: check["equals"] for check in here["checks"]} == expected
        assert found["passed"]


def stand_in(change=lambda made, image, dsize: made):
    """A cv2 that is right, but for what `change` makes of its results."""

    def resize(image, dsize, interpolation):
        made = isopixel.resize(image, dsize[::-1], method=interpolation, axes="HWC")
        return change(made, image, dsize)

    return types.SimpleNamespace(
        __version__="5.0.0",
        INTER_LINEAR="opencv-3.4-linear",
        INTER_LINEAR_EXACT="opencv-3.4-linear-exact",
        resize=resize,
        setNumThreads=set_threads.append,
    )


set_threads = []


def test_a_right_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", stand_in())
    set_threads.clear()
    library = Library("opencv")
    assert library.version == "5.0.0"
    made = list(checks(library, vary_threads=True))
    assert [(check.threads, check.filter) for check in made] == [*itertools.product([1, 4], ["linear", "linear-exact"])]
    assert set_threads == [1, 4]
    assert all(check.equals == f"opencv-3.4-{check.filter}" and check.departure is None for check in made)
    assert [check.threads for check in checks(library, vary_threads=False)] == [None, None]


def of_one_case(change):
    def changed(made, image, dsize):
        return change(made) if (image.shape, dsize) == ((33, 100, 3), (9, 64)) else made

    return changed


def two_samples(made):
    made[5, 6, 2] ^= 3
    made[7, 1, 0] ^= 1
    return made


def fails(made):
    raise RuntimeError("no such kernel")


@pytest.mark.parametrize("change", [two_samples, fails, lambda made: made[1:], lambda made: made.astype(np.int16)])
def test_a_wrong_library(change, monkeypatch):
    """One wrong result in all cases is found and told."""
    monkeypatch.setitem(sys.modules, "cv2", stand_in(of_one_case(change)))
    for check in checks(Library("opencv"), vary_threads=False):
        assert check.equals is None
        departure = check.departure
        assert (departure.method, departure.cases) == (f"opencv-3.4-{check.filter}", 1)
        (case,) = [case for case in cases(CHANNELS["opencv"]) if str(case) == departure.first]
        assert (case.shape, case.size) == ((33, 100, 3), (64, 9))
        if change is two_samples:
            right = int(isopixel.resize(case.image(), case.size, method=departure.method)[5, 6, 2])
            assert (departure.at, departure.values) == ((5, 6, 2), (right ^ 3, right))
            assert (departure.worst, departure.error) == (abs((right ^ 3) - right), None)
        else:
            words = "RuntimeError: no such kernel" if change is fails else "a result of"
            assert (departure.worst, departure.at, departure.values) == (None, None, None)
            assert words in departure.error


def test_the_nearest_peer_is_named(monkeypatch):
    """A Pillow that is almost the 12.2 one."""

    class Picture:
        BILINEAR = None

        def __init__(self, mode, size, data):
            self.mode, self.size, self.data = mode, size, data

        def resize(self, size, resample):
            channels = {"L": 1, "LA": 2, "RGB": 3}.get(self.mode, 4)
            image = np.frombuffer(self.data, np.uint8).reshape(self.size[1], self.size[0], channels)
            alpha = "-alpha" if "A" in self.mode else ""
            name = f"pillow-12.2-bilinear{alpha}"
            made = isopixel.resize(image, size[::-1], method=name, axes="HWC", channels=cmyk(name, channels))
            if self.mode == "CMYK" and size == (1, 1):
                made = 255 - made
            return Picture(self.mode, size, made.tobytes())

        def tobytes(self):
            return self.data

    monkeypatch.setitem(sys.modules, "PIL", types.SimpleNamespace(__version__="14"))
    monkeypatch.setitem(sys.modules, "PIL.Image", types.SimpleNamespace(frombytes=Picture, BILINEAR=2))
    plain, alpha = checks(Library("pillow"), vary_threads=True)
    assert (plain.threads, plain.equals, plain.departure.method) == (None, None, "pillow-12.2-bilinear")
    wrong = [case for case in cases((4,)) if case.size == (1, 1)]
    right = [isopixel.resize(case.image(), (1, 1), method="pillow-12.2-bilinear", channels="CMYK") for case in wrong]
    assert plain.departure.cases == len(wrong)
    assert plain.departure.worst == max(abs(255 - 2 * int(sample)) for made in right for sample in made.flat)
    assert (alpha.equals, alpha.departure) == ("pillow-12.2-bilinear-alpha", None)


@pytest.mark.parametrize("native", [True, False])
def test_torchvision_is_compared_with_the_peers_of_torch(native, monkeypatch):
    """By its resize of uint8 tensors, which calls torch's, or computes in float32 and rounds."""
    torch = pytest.importorskip("torch")

    def resize(tensor, size, antialias):
        used = tensor if native else tensor.float()
        made = torch.nn.functional.interpolate(used, size, mode="bilinear", antialias=antialias)
        return made if native else made.round().to(torch.uint8)

    fake = types.SimpleNamespace(__version__="0.99.9")
    monkeypatch.setitem(sys.modules, "torchvision", fake)
    monkeypatch.setitem(sys.modules, "torchvision.transforms.v2.functional", types.SimpleNamespace(resize=resize))
    monkeypatch.setattr(_audit_cases, "AXES", _audit_cases.AXES[1:8])
    two_taps, antialias = sorted(checks(Library("torchvision"), vary_threads=False), key=lambda check: check.filter)
    names = ["torch-2.3-bilinear", "torch-2.0-bilinear-antialias"]
    if native:
        assert [two_taps.equals, antialias.equals] == names
    else:
        assert [two_taps.departure.method, antialias.departure.method] == names
        assert antialias.departure.worst >= 1 and antialias.departure.cases > 10


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_wrong_instruction_set_is_one_error(as_json):
    """In one line, and not of each process that is started."""
    result = run_program("audit", *as_json, env=os.environ | {"ISOPIXEL_ISA": "mmx"})
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("isopixel: ") and "mmx" in result.stderr and result.stderr.count("\n") == 1


def check_that_one_filter_of_two_is_wrong(result):
    assert (result.returncode, result.stderr) == (1, "")
    assert "OpenCV 9.9.9" in result.stdout and "none: 1 of 665 cases differ" in result.stdout
    assert (
        "OpenCV 9.9.9, 1 thread, linear: departs from opencv-3.4-linear in 1 of 665 cases, by at most 1\n"
        "    the first is extremes 87, (33, 100, 3) to (64, 9): at (5, 6, 2) " in result.stdout
    )
    assert result.stdout.splitlines()[-1].startswith("FAIL         not equal to a frozen peer: ")
    assert "OpenCV 9.9.9" in result.stdout.splitlines()[-1]


def test_a_wrong_library_is_found(tmp_path, monkeypatch):
    (tmp_path / "cv2.py").write_text(FAKE_CV2.replace("{condition}", "interpolation == INTER_LINEAR"))
    monkeypatch.syspath_prepend(tmp_path)
    only(monkeypatch, "opencv", "cv2")
    check_that_one_filter_of_two_is_wrong(run("audit"))


@SLOW
def test_the_program_finds_a_wrong_library(tmp_path):
    """Among all libraries."""
    (tmp_path / "cv2.py").write_text(FAKE_CV2.replace("{condition}", "interpolation == INTER_LINEAR"))
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    check_that_one_filter_of_two_is_wrong(run_program("audit", env=environment))


def only(monkeypatch, library, module):
    """Looks at one library alone."""
    monkeypatch.setattr(_audit, "MODULES", {library: module})


@SLOW
def test_a_library_that_prints(tmp_path, monkeypatch):
    """Before the result, and after it."""
    words = "import atexit\nprint('{}')\natexit.register(print, 'goodbye')\n"
    (tmp_path / "cv2.py").write_text(words + FAKE_CV2.replace("{condition}", "False"))
    monkeypatch.syspath_prepend(tmp_path)
    only(monkeypatch, "opencv", "cv2")
    result = run("audit")
    assert result.returncode == 0
    assert result.stdout.count(" opencv-3.4-linear\n") == (5 if IS_X86 else 2)


@SLOW
@pytest.mark.skipif(not IS_X86, reason="instructions are hidden on x86 alone")
def test_what_hidden_instructions_change_is_told(tmp_path, monkeypatch):
    (tmp_path / "cv2.py").write_text(FAKE_CV2.replace("{condition}", "'AVX2' in os.environ['OPENCV_CPU_DISABLE']"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("OPENCV_CPU_DISABLE", "")
    only(monkeypatch, "opencv", "cv2")
    result = run("audit")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    words = "as it is here; elsewhere not: OpenCV without AVX512, AVX2; OpenCV SSE3 alone"
    assert lines[-1] == f"pass         each installed library equals a frozen peer, {words}"
    assert sum("departs from" in line for line in lines) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("import os; os._exit(7)", "no result: the process ended with 7"),
        pytest.param(
            "import sys; print('licence?'); sys.exit(0)", "no result: the process ended with 0", marks=pytest.mark.slow
        ),
        pytest.param("import os; os.abort()", "no result: the process ended with -", marks=SLOW),
        ("raise ImportError('libGL.so.1: cannot open')", "no result: ImportError: libGL.so.1: cannot open"),
        pytest.param(
            "print('{}')",
            "no result: AttributeError: module 'cv2' has no attribute '__version__'",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_library_that_does_not_run(content, words, tmp_path, monkeypatch):
    (tmp_path / "cv2.py").write_text(content)
    monkeypatch.syspath_prepend(tmp_path)
    only(monkeypatch, "opencv", "cv2")
    result = run("audit")
    out = result.stdout
    assert result.returncode == 1
    assert words in out and out.splitlines()[-1] == "FAIL         not equal to a frozen peer: OpenCV"


def test_a_library_that_does_not_end(tmp_path, monkeypatch):
    (tmp_path / "cv2.py").write_text("import time; time.sleep(60)")
    monkeypatch.syspath_prepend(tmp_path)
    only(monkeypatch, "opencv", "cv2")
    monkeypatch.setattr(_audit, "HIDING", {"opencv": {}})
    monkeypatch.setattr(_audit, "TIMEOUT", 0.5)
    (found,) = _audit.audit(lambda done, total: None)
    assert found.variants[0].error == "no result after 0.5 seconds" and not found.passed


def test_nothing_installed(monkeypatch):
    only(monkeypatch, "torch", "no_such_module_here")
    result = run("audit")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert "torch    not installed" in lines
    assert lines[-1].startswith("pass         none of Pillow, OpenCV, torch and torchvision is installed")


def test_usage():
    result = run("audit", "opencv")
    assert (result.returncode, result.stdout) == (2, "")


@SLOW
def test_progress(tmp_path):
    """It goes to stderr, where that is a terminal."""
    for name in ("cv2", "torch", "PIL"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('broken')")
    ours, terminal = os.openpty()
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [PROGRAM, "audit"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env=environment) as process:
        os.close(terminal)
        text = ""
        with contextlib.suppress(OSError):  # which is how the terminal says that nobody writes to it any more
            while block := os.read(ours, 4096):
                text += block.decode()
        out = process.stdout.read().decode()
    os.close(ours)
    assert process.returncode == 1
    assert "audit" in text and "100%" in text
    assert out.count("no result: ImportError: broken") >= 3 and "audit" not in out


def test_the_work_is_done_elsewhere():
    """This process imports no library, and a change of the modules is a change of the cases' own list."""
    modules = {"pillow": "PIL", "opencv": "cv2", "torch": "torch", "torchvision": "torchvision"}
    assert modules == _audit_cases.MODULES
    script = "import sys, isopixel._cli; print(sorted({'cv2', 'torch', 'PIL'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
