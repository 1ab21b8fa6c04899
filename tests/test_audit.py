# SPDX-License-Identifier: MIT
"""The audit of installed libraries: of real ones, where there are any, and of stand-ins that are right or wrong."""

import contextlib
import dataclasses
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
from isopixel import _audit, _audit_cases, _audit_jpeg
from isopixel._audit_cases import CUBIC_AS_IS, IN_FLOAT32, MODULES, NEAR_IPP, Case, Library, cases, checks, filters
from isopixel._cli import audit
from isopixel._methods import filters_of
from tests.program import PROGRAM, run, run_program
from tests.support import cmyk

IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
LIBRARIES = ["pillow", "opencv", "torch", "torchvision", "tensorflow"]
SLOW = pytest.mark.slow
KINDS = ("noise", "extremes")

FAKE_CV2 = """
import os
import isopixel
__version__ = "9.9.9"
INTER_NEAREST, INTER_LINEAR, INTER_CUBIC, INTER_AREA, INTER_LANCZOS4, INTER_LINEAR_EXACT = range(6)
NAMES = ["nearest", "linear", "cubic", "area", "lanczos4", "linear-exact"]
def setNumThreads(n): pass
class ipp:
    def useIPP(): return False
    def setUseIPP(on): pass
def resize(image, dsize, interpolation):
    name = "opencv-3.4-" + NAMES[interpolation]
    made = isopixel.resize(image, dsize[::-1], method=name, axes="HWC")
    if image.shape == (33, 100, 3) and dsize == (9, 64) and {condition}:
        made[5, 6, 2] ^= 1
    return made[..., 0] if made.shape[2] == 1 else made
IMREAD_COLOR = 1
def imdecode(data, flags):
    return isopixel.read_picture(data.tobytes(), "bgr", orientation="apply")
"""


def made_by(name, case):
    return isopixel.resize(case.image(), case.size, method=name, axes="HWC", channels=cmyk(name, case.shape[2]))


@pytest.mark.slow
def test_the_cases_tell_all_peers_apart():
    for library in LIBRARIES[:3]:
        for filter in filters_of(library):
            same = [
                method.name for method in isopixel.methods() if (method.library, method.filter) == (library, filter)
            ]
            made = list(cases(library, filter))
            assert len(set(map(str, made))) == len(made) and 140 < len(made) < 700
            results = {name: [made_by(name, case) for case in made] for name in same}
            for a, b in itertools.combinations(same, 2):
                differing = sum(not np.array_equal(x, y) for x, y in zip(results[a], results[b], strict=True))
                assert differing >= 2, (a, b)


@pytest.mark.parametrize(
    ("filter", "channels"), [("linear", (1, 2, 3, 4, 5)), ("area", (1, 2, 3, 4)), (CUBIC_AS_IS, (1, 3, 4))]
)
def test_the_cases_are_of_all_kinds(filter, channels):
    made = list(cases("opencv", filter))
    assert {(case.formula.split()[0], case.shape[2]) for case in made} == {*itertools.product(KINDS, channels)}
    assert any(case.shape[:2] == tuple(2 * n for n in case.size) for case in made)
    assert any(case.size[0] * case.size[1] > 2 * 65536 for case in made)  # which OpenCV shares among threads
    for axis in (0, 1):
        ratios = [(case.shape[axis], case.size[axis]) for case in made]
        assert any(m == 1 < n for n, m in ratios) and any(n < m for n, m in ratios) and any(n == m for n, m in ratios)
        assert any(n == 1 for n, _ in ratios) == (filter != CUBIC_AS_IS)
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


@pytest.mark.parametrize("library", ["pillow", *(pytest.param(name, marks=SLOW) for name in ("opencv", "torch"))])
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
    checks = [check for check in here["checks"] if not check["filter"].startswith("jpeg")]
    assert [(c["threads"], c["filter"]) for c in checks] == [*itertools.product(threads, filters(library))]
    decoder = {check["filter"]: (check["threads"], check["equals"]) for check in here["checks"] if check not in checks}
    turned = {"pillow": "orientation=ignore", "opencv": "orientation=apply"}
    if library == "torch":
        assert decoder == {}
    else:
        assert decoder == {"jpeg": (None, _audit_jpeg.SPEC), "jpeg orientation": (None, turned[library])}
    # Without IPP every release computes the same.
    expected = {"cubic": "opencv-3.4-cubic"} if library == "opencv" else {}
    for filter in filters_of(library):
        if filter != "cubic":
            try:
                expected[filter] = isopixel.method_for(library, found["version"], filter)
            except ValueError as error:
                pytest.skip(str(error))
    if IS_X86:
        made = {check["filter"]: check for check in checks}
        as_it_is = made.pop(CUBIC_AS_IS, None)
        assert {filter: check["equals"] for filter, check in made.items()} == expected
        assert found["passed"]
        if as_it_is and as_it_is["equals"] is None:  # by IPP
            departure = as_it_is["departure"]
            assert (departure["method"], departure["worst"]) == (NEAR_IPP, 1)
            assert departure["samples"] < 1e-4 * as_it_is["samples"]


def stand_in(change=lambda made, image, dsize: made):
    """A cv2 that is right, but for what `change` makes of its results."""

    def resize(image, dsize, interpolation):
        made = isopixel.resize(image, dsize[::-1], method=interpolation, axes="HWC")
        return change(made, image, dsize)

    return types.SimpleNamespace(
        __version__="5.0.0",
        resize=resize,
        setNumThreads=set_threads.append,
        ipp=Ipp(),
        **{f"INTER_{filter.upper().replace('-', '_')}": f"opencv-3.4-{filter}" for filter in filters_of("opencv")},
    )


set_threads = []


class Ipp:
    """The switch of Intel IPP, which is on at first."""

    on = True

    def useIPP(self):  # noqa: N802
        return self.on

    def setUseIPP(self, on):  # noqa: N802
        self.on = on


def test_a_right_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", stand_in())
    set_threads.clear()
    library = Library("opencv")
    assert library.version == "5.0.0"
    made = list(checks(library, vary_threads=True))
    assert [(check.threads, check.filter) for check in made] == [*itertools.product([1, 4], filters("opencv"))]
    assert set_threads == [1, 4]
    for check in made:
        assert check.equals == f"opencv-3.4-{check.filter.split()[0]}" and check.departure is None and check.passed
    assert {check.threads for check in checks(library, vary_threads=False)} == {None}


def test_cubic_with_ipp_and_without(monkeypatch):
    """IPP is switched off for the filter that a frozen peer promises, and as it was afterwards."""
    seen = []
    cv2 = stand_in()
    own = cv2.resize

    def resize(image, dsize, interpolation):
        seen.append((interpolation, cv2.ipp.on))
        if interpolation != "opencv-3.4-cubic" or not cv2.ipp.on:
            return own(image, dsize, interpolation)
        made = own(image, dsize, NEAR_IPP)
        if (image.shape[:2], dsize) == ((97, 33), (1, 31)):  # of 1, 3 and 4 channels
            made[5, 0] ^= 1
        return made

    cv2.resize = resize
    monkeypatch.setitem(sys.modules, "cv2", cv2)
    made = {check.filter: check for check in checks(Library("opencv"), vary_threads=False)}
    assert cv2.ipp.on and {on for name, on in seen if name != "opencv-3.4-cubic"} == {True}
    assert made["cubic"].equals == "opencv-3.4-cubic"
    as_it_is = made[CUBIC_AS_IS]
    departure = as_it_is.departure
    assert as_it_is.equals is None and as_it_is.passed
    assert (departure.method, departure.cases, departure.worst) == (NEAR_IPP, 3, 1)
    assert departure.samples == 1 + 3 + 4 and as_it_is.samples > 10**6
    found = [_audit.Audited("opencv", "5.0.0", [_audit.Variant("as it is", {}, list(made.values()))])]
    assert found[0].passed
    lines = [*audit.table(found), *audit.departures(found), audit.summary(found)]
    words = f"none, as expected; bicubic-four-tap but for 3 of {as_it_is.cases} cases"
    assert any(line.endswith(f"cubic as it is  {words}") for line in lines)
    assert lines[-1] == "pass         each installed library equals frozen peers and known decoders, as it is here"
    cv2.ipp.on = False
    monkeypatch.setattr(cv2, "resize", own)
    assert all(check.equals for check in checks(Library("opencv"), vary_threads=False)) and not cv2.ipp.on


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
    monkeypatch.setattr(_audit_cases, "AXES", ((100, 9), (33, 64), (16, 8)))
    for check in checks(Library("opencv"), vary_threads=False):
        if check.filter not in ("linear", "linear-exact"):  # which have all cases with 3 channels
            continue
        assert check.equals is None and not check.passed
        departure = check.departure
        assert (departure.method, departure.cases) == (f"opencv-3.4-{check.filter}", 1)
        (case,) = [case for case in cases("opencv", check.filter) if str(case) == departure.first]
        assert (case.shape, case.size) == ((33, 100, 3), (64, 9))
        if change is two_samples:
            right = int(isopixel.resize(case.image(), case.size, method=departure.method)[5, 6, 2])
            assert (departure.at, departure.values) == ((5, 6, 2), (right ^ 3, right))
            assert (departure.worst, departure.samples, departure.error) == (abs((right ^ 3) - right), 2, None)
        else:
            words = "RuntimeError: no such kernel" if change is fails else "a result of"
            assert (departure.worst, departure.samples, departure.at, departure.values) == (None, 0, None, None)
            assert words in departure.error


def test_the_nearest_peer_is_named(monkeypatch):
    """A Pillow that is almost the 12.2 one."""

    class Picture:
        def __init__(self, mode, size, data):
            self.mode, self.size, self.data = mode, size, data

        def resize(self, size, resample):
            channels = {"L": 1, "LA": 2, "RGB": 3}.get(self.mode, 4)
            image = np.frombuffer(self.data, np.uint8).reshape(self.size[1], self.size[0], channels)
            alpha = "-alpha" if "A" in self.mode else ""
            name = "pillow-4-nearest" if resample == "nearest" else f"pillow-12.2-{resample}{alpha}"
            made = isopixel.resize(image, size[::-1], method=name, axes="HWC", channels=cmyk(name, channels))
            if (self.mode, size, resample) == ("CMYK", (1, 1), "bilinear"):
                made = 255 - made
            return Picture(self.mode, size, made.tobytes())

        def tobytes(self):
            return self.data

    monkeypatch.setitem(sys.modules, "PIL", types.SimpleNamespace(__version__="14"))
    names = {filter.upper(): filter for filter in filters("pillow") if not filter.endswith("-alpha")}
    monkeypatch.setitem(sys.modules, "PIL.Image", types.SimpleNamespace(frombytes=Picture, **names))
    plain, *others = checks(Library("pillow"), vary_threads=True)
    assert (plain.threads, plain.equals, plain.departure.method) == (None, None, "pillow-12.2-bilinear")
    wrong = [case for case in cases("pillow", "bilinear") if (case.size, case.shape[2]) == ((1, 1), 4)]
    right = [isopixel.resize(case.image(), (1, 1), method="pillow-12.2-bilinear", channels="CMYK") for case in wrong]
    assert plain.departure.cases == len(wrong)
    assert plain.departure.worst == max(abs(255 - 2 * int(sample)) for made in right for sample in made.flat)
    for check in others:
        era = "4" if check.filter == "nearest" else "12.2"
        assert (check.equals, check.departure) == (f"pillow-{era}-{check.filter}", None)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.slow
def test_torchvision_is_compared_with_the_peers_of_torch(native, monkeypatch):
    """By its resize of uint8 tensors, which calls torch's, or computes in float32 and rounds."""
    torch = pytest.importorskip("torch")

    def resize(tensor, size, interpolation, antialias):
        used = tensor if native else tensor.float()
        made = torch.nn.functional.interpolate(used, size, mode=interpolation, antialias=antialias)
        return made if native else made.round().clamp(0, 255).to(torch.uint8)

    fake = types.SimpleNamespace(__version__="0.99.9")
    monkeypatch.setitem(sys.modules, "torchvision", fake)
    monkeypatch.setitem(sys.modules, "torchvision.transforms.v2.functional", types.SimpleNamespace(resize=resize))
    monkeypatch.setitem(sys.modules, "torchvision.transforms", types.SimpleNamespace(InterpolationMode=str))
    monkeypatch.setattr(_audit_cases, "AXES", _audit_cases.AXES[1:8])
    made = list(checks(Library("torchvision"), vary_threads=False))
    assert [check.filter for check in made] == [*filters_of("torch")]
    for check in made:
        (name,) = [m.name for m in isopixel.methods() if (m.library, m.filter) == ("torch", check.filter)]
        in_float32 = not native and check.filter != "nearest"
        assert (check.equals, check.departure) == (IN_FLOAT32 if in_float32 else name, None)
        assert check.passed == (not in_float32)


@pytest.mark.slow
def test_torchvision_near_float32(monkeypatch):
    """It is told from the torch beside it by one sample of one case."""
    torch = pytest.importorskip("torch")

    def resize(tensor, size, interpolation, antialias):
        made = torch.nn.functional.interpolate(tensor.float(), size, mode=interpolation, antialias=antialias)
        made = made.round().clamp(0, 255).to(torch.uint8)
        if tuple(size) == (64, 9) and tensor.shape[1:] == (3, 33, 100):
            made[0, 2, 5, 6] ^= 1
        return made

    monkeypatch.setitem(sys.modules, "torchvision", types.SimpleNamespace(__version__="0.99.9"))
    monkeypatch.setitem(sys.modules, "torchvision.transforms.v2.functional", types.SimpleNamespace(resize=resize))
    monkeypatch.setitem(sys.modules, "torchvision.transforms", types.SimpleNamespace(InterpolationMode=str))
    check = _audit_cases.check(Library("torchvision"), "bilinear", None)
    departure = check.departure
    assert check.equals is None and not check.passed
    assert (departure.method, departure.cases, departure.samples, departure.at) == (IN_FLOAT32, 1, 1, (5, 6, 2))


@pytest.mark.skipif(not IS_X86, reason="torch is told a capability on x86 alone")
@pytest.mark.parametrize("library", ["torch", "torchvision"])
def test_each_capability_of_this_cpu_is_tried(library, tmp_path, monkeypatch):
    """In a process of its own; torch would end with others, as it does not ask the CPU."""
    said = "import os\nraise ImportError(f\"told {os.environ.get('ATEN_CPU_CAPABILITY')}\")"
    (tmp_path / "stand_in.py").write_text(said)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)
    only(monkeypatch, library, "stand_in")
    bootstrap = "from isopixel import _audit_cases; _audit_cases.MODULES.update({sys.argv[2]: 'stand_in'})"
    script = _audit.SCRIPT.replace("from isopixel._audit import work", f"{bootstrap}; from isopixel._audit import work")
    monkeypatch.setattr(_audit, "SCRIPT", script)
    (found,) = _audit.audit(lambda done, total: None)
    names = ["default", *(name for name in ("avx2", "avx512") if name in isopixel.available_isas())]
    assert [variant.name for variant in found.variants] == ["as it is", *(f"capability {name}" for name in names)]
    told = [variant.error for variant in found.variants]
    assert told == [f"no result: ImportError: told {name}" for name in (None, *names)]


def test_what_depends_on_the_capability_is_told():
    """A resize in float32 fails where it is the machine's own; elsewhere it is told."""
    frozen = _audit_cases.Check("bilinear", None, 3, 9, "torch-2.3-bilinear", None)
    floats = dataclasses.replace(frozen, equals=IN_FLOAT32)
    for here, there, last in [
        (frozen, floats, "here; elsewhere not: torchvision capability default"),
        (floats, frozen, "FAIL         not equal to a frozen peer or a known decoder: torchvision 0.28.0"),
    ]:
        variants = [_audit.Variant("as it is", {}, [here]), _audit.Variant("capability default", {}, [there])]
        found = [_audit.Audited("torchvision", "0.28.0", variants)]
        rows = [line.split("  ")[-1] for line in audit.table(found)]
        assert [row for row in rows if row.strip()][1:] == [here.equals, there.equals]
        assert audit.summary(found).endswith(last) and found[0].passed == (here is frozen)


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
        "OpenCV 9.9.9, 1 thread, linear: departs from opencv-3.4-linear in 1 of 665 cases, 1 of 8,848,425 samples, "
        "by at most 1\n"
        "    the first is extremes 87, (33, 100, 3) to (64, 9): at (5, 6, 2) " in result.stdout
    )
    assert result.stdout.splitlines()[-1].startswith("FAIL         not equal to a frozen peer or a known decoder: ")
    assert "OpenCV 9.9.9" in result.stdout.splitlines()[-1]


@pytest.mark.slow
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
    assert lines[-1] == f"pass         each installed library equals frozen peers and known decoders, {words}"
    assert sum("departs from" in line for line in lines) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("import os; os._exit(7)", "no result: the process ended with 7"),
        pytest.param(
            "import sys; print('licence?'); sys.exit(0)", "no result: the process ended with 0", marks=pytest.mark.slow
        ),
        pytest.param("import os; os.abort()", "no result: the process ended with -", marks=SLOW),
        pytest.param(
            "raise ImportError('libGL.so.1: cannot open')",
            "no result: ImportError: libGL.so.1: cannot open",
            marks=SLOW,
        ),
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
    assert words in out and out.splitlines()[-1] == "FAIL         not equal to a frozen peer or a known decoder: OpenCV"


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
    assert lines[-1].startswith("pass         none of Pillow, OpenCV, torch, torchvision and TensorFlow is installed")


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
    modules = dict(zip(LIBRARIES, ("PIL", "cv2", "torch", "torchvision", "tensorflow"), strict=True))
    assert modules == _audit_cases.MODULES
    script = "import sys, isopixel._cli; print(sorted({'cv2', 'torch', 'PIL', 'tensorflow'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
