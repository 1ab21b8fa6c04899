# SPDX-License-Identifier: MIT
"""Golden files and the pytest fixture: one changed byte, option or pixel is found, and named as what it is."""

import base64
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import isopixel
from isopixel import Recipe, _golden
from isopixel.pytest_plugin import Golden
from tests.program import assert_refused, run

pytest_plugins = ["pytester"]

RECIPE = "isopixel 1: nataraj | bilinear 20,30"


@pytest.fixture
def recorded(tmp_path):
    """A golden file in one folder, of two files in others."""
    (tmp_path / "data").mkdir()
    for name in ("a.exe", "b.exe"):
        data = np.random.default_rng(len(name) + ord(name[0])).integers(0, 256, 5000, np.uint8).tobytes()
        (tmp_path / "data" / name).write_bytes(data)
    files = [tmp_path / "data" / "a.exe", tmp_path / "data" / "b.exe"]
    result = run("golden", "record", *files, "--recipe", RECIPE, "-o", tmp_path / "golden.json")
    assert (result.returncode, result.stderr) == (0, "")
    return tmp_path / "golden.json"


def change(path, where, value):
    content = json.loads(path.read_text())
    place = content
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    path.write_text(json.dumps(content))


def assert_fails(path, *words, recipe=()):
    result = run("golden", "check", path, *recipe)
    assert result.returncode == 1, result
    assert result.stderr == ""
    for word in words:
        assert word in result.stdout


def test_pass(recorded):
    result = run("golden", "check", recorded)
    assert (result.returncode, result.stdout) == (0, f"pass  2 files, {RECIPE}\n")
    assert run("golden", "check", recorded, "--recipe", RECIPE).returncode == 0
    assert [file["name"] for file in json.loads(recorded.read_text())["files"]] == ["data/a.exe", "data/b.exe"]


def test_one_source_byte(recorded):
    path = recorded.parent / "data" / "b.exe"
    data = bytearray(path.read_bytes())
    data[77] ^= 1
    path.write_bytes(data)
    assert_fails(recorded, "FAIL  data/b.exe: other source bytes: SHA-256")
    path.write_bytes(data + b"x")
    assert_fails(recorded, "data/b.exe: other source bytes: 5001 of them, not 5000")
    path.unlink()
    assert_fails(recorded, "data/b.exe: no image:", "No such file")


def test_one_option(recorded):
    change(recorded, ["recipe"], RECIPE.replace("nataraj", "nataraj,unit=1000"))
    assert_fails(recorded, "FAIL  other recipe: 'isopixel 1: nataraj,unit=1000 | bilinear 20,30'")


def test_the_recipe_in_use_is_another(recorded):
    other = RECIPE.replace("bilinear", "bilinear-two-tap")
    assert_fails(recorded, f"FAIL  other recipe: '{other}', not '{RECIPE}'", recipe=("--recipe", other))


def test_one_pixel(recorded):
    """As if this machine made another pixel than the one that recorded."""
    image = Recipe.parse(RECIPE)(recorded.parent / "data" / "a.exe").copy()
    image[3, 4] ^= 1
    for key, value in _golden.array_record(image).items():
        change(recorded, ["files", 0, key], value)
    assert_fails(
        recorded,
        f"data/a.exe: other pixels: 1 of 600, by at most 1, the first at (3, 4): {image[3, 4] ^ 1}, not {image[3, 4]}",
    )
    content = json.loads(recorded.read_text())
    del content["files"][0]["samples"]
    recorded.write_text(json.dumps(content))
    assert_fails(recorded, "data/a.exe: other pixels: sha256:")


def test_floats(recorded, tmp_path):
    """A recipe that normalises: one bit of one number is found."""
    recipe = f"{RECIPE} | normalize mean=0.485 std=0.229"
    source = tmp_path / "data" / "a.exe"
    assert run("golden", "record", source, "--recipe", recipe, "-o", tmp_path / "floats.json").returncode == 0
    result = run("golden", "check", tmp_path / "floats.json")
    assert (result.returncode, result.stdout) == (0, f"pass  1 file, {recipe}\n")
    assert_fails(tmp_path / "floats.json", "other recipe", recipe=("--recipe", RECIPE))
    array = Recipe.parse(recipe)(source)
    array.view(np.uint32)[0, 3, 4] ^= 1
    for key, value in _golden.array_record(array).items():
        change(tmp_path / "floats.json", ["files", 0, key], value)
    assert_fails(
        tmp_path / "floats.json", "data/a.exe: other pixels: 1 of 600, by at most ", ", the first at (0, 3, 4): "
    )


SHA = f"sha256:{'0' * 64}"
BROKEN = {"name": "a", "bytes": 1, "sha256": "", "dtype": "uint8", "shape": [1], "fingerprint": SHA}
GOLDEN = {"spec": 1, "recipe": "isopixel 1: line", "digest": SHA, "files": [BROKEN]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not a golden file"),
        ("[" * 100_000, "not a golden file"),
        ([], "it is not a JSON object"),
        ({}, "does not name the version"),
        (GOLDEN | {"spec": True}, "does not name the version"),
        (GOLDEN | {"spec": 2, "files": 3}, "follows specification 2"),
        (GOLDEN | {"recipe": 3}, "the recipe is missing"),
        (GOLDEN | {"files": []}, "it has no files"),
        (GOLDEN | {"files": {}}, "it has no files"),
        (GOLDEN | {"files": [3]}, "of an array is missing"),
        (GOLDEN | {"files": [BROKEN | {"shape": [1.0]}]}, "of an array is missing"),
        (GOLDEN | {"files": [BROKEN | {"dtype": "object"}]}, "of an array is missing"),
        (GOLDEN | {"files": [BROKEN | {"samples": 3}]}, "of an array is missing"),
        (GOLDEN | {"files": [BROKEN | {"samples": "AAAA"}]}, "its samples cannot be read"),
        (GOLDEN | {"files": [BROKEN | {"samples": "?"}]}, "its samples cannot be read"),
        (GOLDEN | {"files": [BROKEN | {"samples": "é"}]}, "its samples cannot be read"),
        (GOLDEN | {"files": [BROKEN | {"shape": [1] * 64, "samples": "AAAA"}]}, "its samples cannot be read"),
        (GOLDEN | {"files": [BROKEN | {"shape": [2**40], "samples": ""}]}, "more than 4194304 bytes of samples"),
        (GOLDEN | {"files": [BROKEN | {"fingerprint": "sha256:0"}]}, "of an array is missing"),
        (GOLDEN | {"files": [BROKEN | {"name": 3}]}, "no name of a file in"),
        (GOLDEN | {"files": [BROKEN | {"name": "/etc/hostname"}]}, "no name of a file in"),
        (GOLDEN | {"files": [BROKEN | {"name": "../hostname"}]}, "no name of a file in"),
        (GOLDEN | {"files": [BROKEN | {"name": "a/../../hostname"}]}, "no name of a file in"),
        (GOLDEN | {"files": [BROKEN | {"name": "a" * 5000}]}, "no name of a file in"),
        (GOLDEN | {"files": [BROKEN | {"bytes": "1"}]}, "no length or SHA-256"),
    ],
)
def test_no_golden_file(content, message, tmp_path):
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "golden.json").write_text(text)
    assert_refused(run("golden", "check", tmp_path / "golden.json"), "golden.json' is not a golden file", message)


@pytest.mark.slow
def test_a_bomb_is_not_unpacked(recorded):
    bomb = base64.b64encode(zlib.compress(bytes(1 << 28), 9)).decode()
    change(recorded, ["files", 0, "samples"], bomb)
    assert_refused(run("golden", "check", recorded), "its samples cannot be read")


def test_a_pixel_of_the_golden_itself(recorded):
    image = Recipe.parse(RECIPE)(recorded.parent / "data" / "a.exe").copy()
    image[0, 0] ^= 1
    change(recorded, ["files", 0, "samples"], _golden.array_record(image)["samples"])
    assert_refused(run("golden", "check", recorded), "its samples do not have its fingerprint")


def test_names_through_links(recorded, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "data")
    source = tmp_path / "data" / "a.exe"
    assert run("golden", "record", source, "--recipe", RECIPE, "-o", tmp_path / "link" / "g.json").returncode == 0
    assert run("golden", "check", tmp_path / "link" / "g.json").returncode == 0
    assert run("golden", "check", tmp_path / "data" / "g.json").returncode == 0


def test_a_golden_reads_nothing_outside_its_folder(recorded, tmp_path):
    """A golden that somebody sends names no file of the reader's, in its names or through a link."""
    (tmp_path / "deep").mkdir()
    source = tmp_path / "data" / "a.exe"
    outside = run("golden", "record", source, "--recipe", RECIPE, "-o", tmp_path / "deep" / "g.json")
    assert_refused(outside, "a.exe' does not lie in", "write the golden file to a folder that holds all files")
    (tmp_path / "deep" / "a.exe").symlink_to(source)
    linked = run(
        "golden", "record", tmp_path / "deep" / "a.exe", "--recipe", RECIPE, "-o", tmp_path / "deep" / "g.json"
    )
    assert_refused(linked, "a.exe' does not lie in")
    assert not (tmp_path / "deep" / "g.json").exists()
    record = json.loads(recorded.read_text())
    record["files"] = [record["files"][0] | {"name": "a.exe"}]
    (tmp_path / "deep" / "g.json").write_text(json.dumps(record))
    assert_fails(tmp_path / "deep" / "g.json", "a.exe: no image: a link leads out of the golden file's folder")


def test_refused(recorded, tmp_path):
    change(recorded, ["spec"], 2)
    assert_refused(run("golden", "check", recorded), "specification 2")
    assert_refused(run("golden", "check", tmp_path / "missing"), "missing")
    assert_refused(
        run("golden", "record", tmp_path / "missing", "--recipe", RECIPE, "-o", tmp_path / "b.json"), "missing"
    )
    assert not (tmp_path / "b.json").exists()


def test_differences_of_arrays():
    """Floats are compared as bits."""
    array = np.array([[0.0, 1.0], [np.nan, 3.0]], np.float32)
    record = json.loads(json.dumps(_golden.array_record(array)))
    assert _golden.array_difference(array, record) is None
    assert _golden.array_difference(array.astype(">f4"), record) is None
    other = array.copy()
    other[0, 0] = -0.0
    assert "other pixels: 1 of 4, by at most 0, the first at (0, 0): -0.0, not 0.0" in _golden.array_difference(
        other, record
    )
    assert "other shape: (4,), not (2, 2)" in _golden.array_difference(array.reshape(4), record)
    assert "other dtype: uint8" in _golden.array_difference(np.zeros((2, 2), np.uint8), record)


def test_a_folder(tmp_path):
    """All files in it, sorted, but not the golden itself; again the same."""
    for name, content in {"b": b"1", "a/z": b"22", "a/b": b"333"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    for _ in range(2):
        result = run("golden", "record", tmp_path, "--recipe", "isopixel 1: line", "-o", tmp_path / "g.json")
        assert (result.returncode, result.stdout) == (0, f"3 files in {tmp_path}/g.json\n")
        assert result.stderr.startswith("isopixel: note: ") and "a link to a folder" in result.stderr
        record = json.loads((tmp_path / "g.json").read_text())
        assert [(file["name"], file["bytes"]) for file in record["files"]] == [("b", 1), ("a/b", 3), ("a/z", 2)]
    assert run("golden", "check", tmp_path / "g.json").returncode == 0
    (tmp_path / "a" / "b").write_bytes(b"334")
    assert_fails(tmp_path / "g.json", "a/b: other source bytes")
    (tmp_path / "empty").mkdir()
    none = run("golden", "record", tmp_path / "empty", "--recipe", RECIPE, "-o", tmp_path / "h.json")
    assert_refused(none, "there are no files in")
    (tmp_path / "a" / "gone").symlink_to("nowhere")
    gone = run("golden", "record", tmp_path, "--recipe", RECIPE, "-o", tmp_path / "h.json")
    assert_refused(gone, "a/gone': No such file")


def test_how_many_samples_are_recorded(tmp_path, monkeypatch):
    """An array on each side of the limit, and files on each side of the one for all."""
    for dtype in (np.uint8, np.float32):
        n = _golden.WHOLE // np.dtype(dtype).itemsize
        assert "samples" in _golden.array_record(np.zeros(n, dtype))
        assert "samples" not in _golden.array_record(np.zeros(n + 1, dtype))
    monkeypatch.setattr(_golden, "KEPT", 10)
    for name in "abc":
        (tmp_path / name).write_bytes(b"12345")
    (tmp_path / "d").write_bytes(b"1")
    files = _golden.record_files(Recipe("line"), [tmp_path / name for name in "abcd"], tmp_path)["files"]
    assert ["samples" in file for file in files] == [True, True, False, False]
    large = np.zeros(_golden.WHOLE + 1, np.uint8)
    record = _golden.array_record(large)
    large[7] = 1
    assert "no samples to locate a difference" in _golden.array_difference(large, record)


def test_tolerance():
    """What may differ is stated; both limits count, each on both sides."""
    array = np.full((10, 10), 100, np.uint8)
    record = _golden.array_record(array)
    other = array.copy()
    other[0, :4] += 3
    other[9, 9] -= 5  # five samples differ, by at most 5

    def differs(difference, share, made=other):
        return _golden.array_difference(made, record, _golden.Tolerance(difference, share)) is not None

    found = "other pixels: 5 of 100, by at most 5, the first at (0, 0): 103, not 100"
    assert _golden.array_difference(other, record) == found
    stated = _golden.array_difference(other, record, _golden.Tolerance(4, 0.5))
    assert stated == f"{found}; allowed: at most 4 in at most 50 % of the samples"
    assert [differs(5, 0.05), differs(4, 0.05), differs(5, 0.04), differs(np.inf, 0.05)] == [False, True, True, False]
    assert differs(255, 1, made=array[:5]) and differs(255, 1, made=array.astype(np.float32))
    nan = np.array([1, np.nan], np.float32)
    found = _golden.array_difference(np.array([1, 2], np.float32), _golden.array_record(nan), _golden.Tolerance(9, 1))
    assert "by at most inf" in found
    del record["samples"]
    stated = _golden.array_difference(other, record, _golden.Tolerance(255, 1))
    assert stated.endswith("no samples to locate a difference, or to apply a tolerance")


TEST = """
import numpy as np

def test_it(isopixel_golden):
    isopixel_golden.check(np.arange({n}, dtype=np.{dtype}), "{name}")
"""


@pytest.mark.slow
def test_fixture(pytester):
    def outcome(*options, n=5, dtype="uint8", name="range"):
        pytester.makepyfile(test_it=TEST.format(n=n, dtype=dtype, name=name))
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)

    path = pytester.path / "isopixel_goldens" / "range.json"
    missing = outcome()
    missing.assert_outcomes(failed=1)
    missing.stdout.fnmatch_lines(["*there is no golden *range.json; to write it: pytest --isopixel-golden-update*"])
    assert not path.exists()
    outcome("--isopixel-golden-update").assert_outcomes(passed=1)
    written = path.read_bytes()
    assert json.loads(written)["fingerprint"] == isopixel.fingerprint(np.arange(5, dtype=np.uint8))
    outcome().assert_outcomes(passed=1)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)  # as users run it
    longer = outcome(n=6)
    longer.assert_outcomes(failed=1)
    longer.stdout.fnmatch_lines(
        ["*range differs from the golden *range.json: other shape: (6,), not (5,); see actual.npy, expected.npy in *"]
    )
    outcome(dtype="float32").assert_outcomes(failed=1)
    assert path.read_bytes() == written
    outcome(dtype="float64").assert_outcomes(failed=1)
    outcome("--isopixel-golden-update", name="../range").assert_outcomes(failed=1)
    twice = TEST + TEST.replace("test_it", "test_other").replace("{n}", "{n} + 1")
    pytester.makepyfile(test_it=twice.format(n=5, dtype="uint8", name="range"))
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--isopixel-golden-update")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*has been written in this run, from another array*"])
    path.write_text("{}")
    broken = outcome()
    broken.assert_outcomes(failed=1)
    broken.stdout.fnmatch_lines(["*range.json cannot be used: it is broken*"])
    assert list(path.parent.iterdir()) == [path]


def checked(tmp_path, array, other, **tolerance):
    """Records an array, checks another; returns the message of the failure, or "", and the folder of its files."""
    (tmp_path / "failed").mkdir()
    for update, value in ((True, array), (False, other)):
        golden = Golden(tmp_path, update, {}, make_folder=lambda name: tmp_path / "failed")
        try:
            golden.check(value, "a", **({} if update else tolerance))
        except pytest.fail.Exception as failure:
            return str(failure), tmp_path / "failed"
    return "", tmp_path / "failed"


def test_the_pictures_of_a_failure(tmp_path):
    """A golden of a model's input says where, how many and how much, and shows it."""
    array = np.random.default_rng(5).integers(0, 200, (224, 224, 3), np.uint8)
    other = array.copy()
    other[100:110, 50:60] += 40
    message, folder = checked(tmp_path, array, other)
    assert "other pixels: 300 of 150528, by at most 40, the first at (100, 50, 0): " in message
    assert f"see actual.png, expected.png, difference.png in {folder}; if that is intended" in message
    for name, pixels in (("actual", other), ("expected", array)):
        with Image.open(folder / f"{name}.png") as picture:
            assert (np.asarray(picture) == pixels).all()
    with Image.open(folder / "difference.png") as picture:
        assert len(picture.getcolors(1 << 16)) > 2


@pytest.mark.parametrize(
    ("array", "other", "names"),
    [
        (np.zeros((3, 4), np.float32), np.ones((3, 4), np.float32), ["actual.npy", "expected.npy"]),
        (np.zeros((3, 4), np.uint8), np.ones((4, 4), np.uint8), ["actual.png", "expected.png"]),
        (np.zeros((3, 4, 1), np.uint8), np.ones((3, 4, 4), np.uint8), ["actual.png", "expected.npy"]),
        (np.zeros((2, 3, 4, 5), np.uint8), np.zeros(7, np.uint8), ["actual.npy", "expected.npy"]),
        (np.zeros((3000, 1500), np.uint8), np.ones((3000, 1500), np.uint8), ["actual.png"]),
    ],
)
def test_the_files_of_a_failure(array, other, names, tmp_path):
    message, folder = checked(tmp_path, array, other)
    assert f"see {', '.join(names)} in {folder}" in message
    assert sorted(path.name for path in folder.iterdir()) == names
    for name in names:
        made = np.load(folder / name) if name.endswith("npy") else np.asarray(Image.open(folder / name))
        assert (made == (other if name.startswith("actual") else array)).all()


def test_the_files_of_a_failure_without_pillow(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    message, _ = checked(tmp_path, np.zeros((3, 4), np.uint8), np.ones((3, 4), np.uint8))
    assert "see actual.npy, expected.npy in" in message


def test_a_tolerance_of_the_fixture(tmp_path):
    array, other = np.zeros(100, np.uint8), np.zeros(100, np.uint8)
    other[:2] = 3
    golden = Golden(tmp_path, True, {}, make_folder=Path)
    golden.check(array, "a")
    golden = Golden(tmp_path, False, {}, make_folder=lambda name: tmp_path)
    for tolerance in ({"max_difference": 3}, {"max_share": 0.02}, {"max_difference": 3, "max_share": 0.02}):
        golden.check(other, "a", **tolerance)
    for tolerance in ({}, {"max_difference": 2}, {"max_share": 0.01}, {"max_difference": 2, "max_share": 0.02}):
        with pytest.raises(pytest.fail.Exception, match=r"differs from the golden .* 2 of 100"):
            golden.check(other, "a", **tolerance)
    for tolerance in ({"max_difference": -1}, {"max_difference": np.nan}, {"max_share": 1.5}, {"max_share": -0.1}):
        with pytest.raises(ValueError, match="max_difference is at least 0, and max_share from 0 to 1"):
            golden.check(other, "a", **tolerance)


def test_tensors_and_pictures(tmp_path):
    """The same samples, whoever holds them."""
    torch = pytest.importorskip("torch")
    array = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    floats = (array / np.float32(7)).astype(np.float32)
    golden = Golden(tmp_path, True, {}, make_folder=Path)
    golden.check(array, "a")
    golden.check(floats, "b")
    golden.check(array[..., 0], "c")
    golden = Golden(tmp_path, False, {}, make_folder=lambda name: tmp_path)
    for name, value in (
        ("a", torch.from_numpy(array)),
        ("a", torch.from_numpy(array.transpose(2, 0, 1).copy()).permute(1, 2, 0)),
        ("b", torch.from_numpy(floats).requires_grad_()),
        ("a", Image.fromarray(array)),
        ("c", Image.fromarray(array[..., 0])),
    ):
        golden.check(value, name)
    with pytest.raises(pytest.fail.Exception, match="1 of 60, by at most 1"):
        changed = torch.from_numpy(array.copy())
        changed[3, 4, 2] += 1
        golden.check(changed, "a")
    for dtype in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool):
        with pytest.raises(TypeError, match="uint8 or float32, got a tensor of torch"):
            golden.check(torch.zeros(3).to(dtype), "a")
    with pytest.raises(TypeError, match="has a palette"):
        golden.check(Image.fromarray(array).convert("P"), "a")
    for value in (Image.fromarray(array[..., 0] > 3), [1, 2], None):
        with pytest.raises(TypeError, match="array must be"):
            golden.check(value, "a")


LAZY = """
def test_without(): pass

def test_with(isopixel_golden): pass
"""


def session(folder, **environment):
    """A session of pytest as another project has it, with its output."""
    (folder / "test_it.py").write_text(LAZY)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    environment = os.environ | {"PYTEST_ADDOPTS": ""} | environment
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["numpy", "isopixel"])
def test_a_broken_installation_breaks_no_session(fault, tmp_path):
    """One line of error, in the test that uses the fixture."""
    broken = tmp_path / "broken" / fault
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('\\nlibbroken.so.6: cannot open\\nmore lines')")
    result = session(tmp_path, PYTHONPATH=str(broken.parent))
    assert "1 passed, 1 error" in result.stdout or "1 passed, 1 failed" in result.stdout, result
    assert "isopixel cannot be imported: ImportError: libbroken.so.6: cannot open\n" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr and "more lines" not in result.stdout


@pytest.mark.slow
def test_a_bad_setting_breaks_no_session(tmp_path):
    result = session(tmp_path, ISOPIXEL_ISA="bad", ISOPIXEL_NUM_THREADS="bad", ISOPIXEL_MAX_PIXELS="bad")
    assert "2 passed" in result.stdout, result


@pytest.mark.slow
def test_a_session_loads_nothing(tmp_path):
    """Installing isopixel does not make the sessions of others slow."""
    (tmp_path / "test_it.py").write_text(
        "import sys\n\ndef test_it():\n    assert not {'numpy', 'isopixel'} & set(sys.modules)\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in result.stdout, result
