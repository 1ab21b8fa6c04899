# SPDX-License-Identifier: MIT
"""The gate of `make fuzz-coverage` (tests/fuzz/coverage.py), on counts that are made up here."""

import re

import pytest

from tests.fuzz import coverage

SOURCE = """\
int one() {
    if (never)
        return 2;
    return 1;
}
int two() { return 2; }
"""


@pytest.fixture
def counts(monkeypatch, tmp_path):
    """A tree of one source and of the entries given; returns what is excluded of it and what is wrong with them."""
    monkeypatch.setattr(coverage, "ROOT", tmp_path)
    monkeypatch.setattr(coverage, "FUZZ", tmp_path)
    (tmp_path / "a.cpp").write_text(SOURCE)

    def excluded(entries, **reached):
        (tmp_path / "unreached.txt").write_text(entries)
        lines = {"a.cpp": {number: reached.get(f"line{number}", 0) for number in range(1, 7)}}
        left_out, problems = coverage.excluded(lines)
        return left_out["a.cpp"], problems

    return excluded


def test_an_entry_excludes_its_line_and_what_is_indented_under_it(counts):
    assert counts("# why\na.cpp: if (never)") == ({2, 3}, [])
    assert counts("# why\na.cpp: int one() {") == ({1, 2, 3, 4, 5}, [])
    assert counts("# why\na.cpp: int one() {", line1=1, line2=1, line4=1, line5=1) == ({3}, [])
    assert counts("# why\na.cpp: int two() { return 2; }") == ({6}, [])


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("a.cpp: if (never)", "without a reason"),
        ("# why\n\na.cpp: if (never)", "without a reason"),
        ("# why\na.cpp: if (ever)", "not there"),
        ("# why\na.cpp: return 1;", "are reached"),
    ],
)
def test_an_entry_of_no_use_is_a_problem(counts, entry, problem):
    _, problems = counts(entry, line4=1)
    assert len(problems) == 1 and problem in problems[0]


def test_the_functions_of_the_interface_are_those_that_are_exported():
    exported = re.findall(r"^ +(isopixel_\w+);", (coverage.ROOT / "src/isopixel.map").read_text(), re.MULTILINE)
    assert sorted(coverage.interface()) == sorted(exported)


def missing(**changed):
    """What is wrong with a corpus that reaches all of 100 lines and 50 branches, but for what is changed."""
    reached = {"lines": (100, 0, 0), "branches": (100, 0), "functions": {name: 1 for name in coverage.interface()}}
    return coverage.verdict(**(reached | changed))


def test_the_gate_fails_below_each_bound_and_not_at_it():
    assert missing() == []
    assert missing(lines=(100, 3, 0)) == [] == missing(branches=(100, 10)) == missing(lines=(100, 0, 2))
    assert len(missing(lines=(100, 4, 0))) == len(missing(branches=(100, 11))) == len(missing(lines=(100, 0, 3))) == 1
    assert missing(lines=(100, 3, 2)) != []  # 3 of 98
    functions = {name: 1 for name in coverage.interface()} | {"isopixel_resize": 0}
    assert missing(functions=functions) == ["isopixel_resize() of isopixel.h is never called"]
