# SPDX-License-Identifier: MIT
"""Golden files and the pytest fixture: one changed byte, option or pixel is found, and named as what it is."""

import base64
import json
import zlib

import numpy as np
import pytest

import isopixel
from isopixel import Recipe, _golden
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


TEST = """
import numpy as np

def test_it(isopixel_golden):
    isopixel_golden.check(np.arange({n}, dtype=np.{dtype}), "{name}")
"""


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
    longer.stdout.fnmatch_lines(["*range differs from the golden *range.json: other shape: (6,), not (5,)*"])
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
