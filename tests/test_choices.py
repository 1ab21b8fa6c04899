# SPDX-License-Identifier: MIT
"""What messages say of a word that is none of the known ones."""

import re

import numpy as np
import pytest

import isopixel
from isopixel._arguments import choices


def test_choices_of_many():
    """What messages say of a word beside sixty known ones: those that it may mean, or the nearest."""
    known = [f"pillow-{n}-{name}" for n in range(20) for name in ("bilinear", "lanczos", "nearest")]
    lists_all = "`isopixel methods` lists all"
    for word, expected in [
        ("pillow-7-bilinaer", "; did you mean 'pillow-7-bilinear', 'pillow-0-bilinear' or "),
        ("pillow-99-lanczos", "; did you mean 'pillow-9-lanczos', 'pillow-19-lanczos' or "),
        ("bicubic", "; the nearest are 'pillow-"),
        ("Lanczos", "; did you mean 'pillow-0-lanczos', 'pillow-1-lanczos' or 'pillow-2-lanczos'? "),
        ("", "; the nearest are 'pillow-0-lanczos', 'pillow-0-nearest' and 'pillow-1-lanczos'; `isopixel methods`"),
    ]:
        said = choices(word, known, lists_all)
        assert said.count("'") == 6, said
        assert said.startswith(expected) and said.endswith(lists_all)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ceil", "; did you mean 'ceil'? known: ceil, le, floor"),
        ("CEIL", "; did you mean 'ceil'? known: ceil, le, floor"),
        ("cel", "; did you mean 'ceil'? known: ceil, le, floor"),
        ("flooorr", "; did you mean 'floor'? known: ceil, le, floor"),
        ("flooorrr", "; known: ceil, le, floor"),
        ("lt", "; known: ceil, le, floor"),
        ("x" * 10**6, "; known: ceil, le, floor"),
        ("ceíl", "; did you mean 'ceil'? known: ceil, le, floor"),
        ("\udcff", "; known: ceil, le, floor"),
    ],
)
def test_choices_of_few(word, expected):
    assert choices(word, ["ceil", "le", "floor", "ceil"]) == expected


def test_the_same_choices_everywhere():
    """A name that does not exist, in Python and in a recipe that the core reads."""
    said = choices("bilinaer", [method.name for method in isopixel.methods()], "`isopixel methods` lists all")
    for make in (
        lambda: isopixel.resize(np.zeros((2, 2), np.uint8), (1, 1), method="bilinaer"),
        lambda: isopixel.Recipe("line", (1, 1), method="bilinaer"),
        lambda: isopixel.Recipe.parse("isopixel 1: line | bilinaer 1,1"),
    ):
        with pytest.raises(ValueError, match=re.escape(f"method 'bilinaer'{said}")):
            make()
    with pytest.raises(ValueError, match="unknown library 'pilow'; did you mean 'pillow'\\? known: pillow, "):
        isopixel.method_for("pilow", "4.2.1", "bilinear")
