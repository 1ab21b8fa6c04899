# SPDX-License-Identifier: MIT
"""tests/platforms/runner.cpp on this machine, under the sanitizers, beside the reference."""

import re
import subprocess
from pathlib import Path

import pytest
from spec import frozen_reference

from tests.platforms import cases

ROOT = Path(__file__).parents[1]

COUNT = 60
KINDS = ["resize", "bytes", "data", "file", "fingerprint", "recipe", "normalize", "jpeg", "sizes", "picture", "image"]


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A file of the cases whose results are known."""
    path = tmp_path_factory.mktemp("platforms") / "cases.txt"
    path.write_text("".join(f"{line}\n" for line in cases.known_lines()), encoding="ascii")
    return path


def run(native, *arguments):
    """The runner, in the folder that the names of files begin from."""
    program = native.parent / "platforms" / "runner"
    return subprocess.run([program, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.slow)])
def test_the_reference(native, known, step, tmp_path):
    """Vectors, golden files and random cases: the same lines, and with them the same digest."""
    some = "".join(known.read_text(encoding="ascii").splitlines(keepends=True)[::step])
    (tmp_path / "some.txt").write_text(some, encoding="ascii")
    ran = run(native, tmp_path / "some.txt", COUNT)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == cases.expected_output(some, COUNT).splitlines()
    assert ran.stderr.startswith("plain scalar ")


def test_what_the_cases_are(known):
    """Of each kind some; golden files, recorded by the Python package; random ones by every method and layout."""
    kinds = [line.split(" ")[0] for line in known.read_text(encoding="ascii").splitlines()]
    assert set(kinds) == {*KINDS}
    assert kinds.count("file") >= 2
    words = {word for number in range(1000) for word in cases.random_case(number).split(" ")}
    assert words >= {
        *cases.EXACT,
        *cases.FROZEN,
        *cases.ALPHA,
        *cases.FORMULAS,
        *cases.LAYOUTS,
        *cases.MODES,
        "crop",
        "pad",
        "normalize",
    }
    assert {*cases.FROZEN, *cases.ALPHA} == set(frozen_reference.METHODS)


def test_the_golden_files_are_what_the_reference_makes(known):
    for line in known.read_text(encoding="ascii").splitlines():
        if line.startswith("file "):
            name, recipe, result = re.fullmatch(r"file (\S+) (.*) = (.*)", line).groups()
            assert cases.recipe_result(recipe, (ROOT / name).read_bytes()) == result


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_result_is_found(native, known, tmp_path, kind):
    line = next(line for line in known.read_text(encoding="ascii").splitlines() if line.startswith(kind))
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(line[:-1] + ("0" if line[-1] != "0" else "1") + "\n", encoding="ascii")
    ran = run(native, wrong)
    assert ran.returncode == 1
    assert ran.stdout == ""
    case, _, result = line.partition(" = ")
    assert ran.stderr.startswith(f"runner: plain: {case}: the result is ")
    assert ran.stderr.rstrip().endswith(f", not {wrong.read_text().rstrip().partition(' = ')[2]}")
    assert result in ran.stderr


def test_an_instruction_set_that_there_is_not(native, known, monkeypatch):
    monkeypatch.setenv("ISOPIXEL_ISA", "mmx")
    ran = run(native, known)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "ISOPIXEL_ISA" in ran.stderr
