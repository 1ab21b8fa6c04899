# SPDX-License-Identifier: MIT
"""Recipes against the reference (R-16)."""

import hashlib
import pickle
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spec import recipes, reference

import isopixel
from isopixel import Recipe, _core
from tests.support import assert_same

WORDS = [
    "isopixel",
    "1",
    "2",
    ":",
    "|",
    "nataraj",
    "fixed,width=3,pad=0",
    "bilinear",
    "bilinear-two-tap",
    "224,224",
    "0,1",
]
WORDS += [
    " ",
    "  ",
    "01,2",
    "3,4",
    "\t",
    "bilinear,antialias=no",
    "normalize",
    "normalize mean=0.5 std=1.50",
    "normalize mean=0,1 std=1e-1",
    "nataraj,channels=3",
    "normalize mean=1,2,3 std=4",
    "normalize std=0.5 mean=4",
    "normalize std=1 std=1",
    "normalize mean=4.5 std=1",
    "normalize mean=0 std=5e0",
    "1,2147483647",
    "1,2147483648",
    "²,3",
    ",",
    "",
]
GOOD = st.sampled_from(["isopixel 1:", "isopixel  1 :", " isopixel 1: "]).flatmap(
    lambda head: st.lists(st.sampled_from(WORDS), max_size=6).map(lambda words: head + "".join(words))
)


@given(line=GOOD | st.lists(st.sampled_from(WORDS), max_size=8).map("".join))
def test_any_line(line):
    check_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "isopixel 1: nataraj",
        "isopixel 1: nataraj | bilinear 224,224",
        "isopixel 1:nataraj|bilinear 224,224",
        "  isopixel   1  :  nataraj,rows=extra,unit=1000   |   bilinear-two-tap    3,4  ",
        "isopixel 1: nataraj | bilinear 224,224\n",
        "isopixel 1: nataraj | bilinear 224,224\r\n",
        "isopixel 1: nataraj | bilinear 224,224\r",
        "isopixel 1: nataraj\n\n",
        "\u2003isopixel 1: nataraj",
        "isopixel 1: nataraj\x0c",
        "isopixel 1: nataraj | bilinear 224, 224",
        "isopixel 1: nataraj | bilinear 224,224 | normalize",
        "isopixel 1: nataraj | normalize std=0.25 mean=0.5",
        "isopixel 1: nataraj,channels=3|bilinear 2,2|normalize   std=1,2,3  mean=0.5\r\n",
        "isopixel 1: nataraj | normalize std=0.25 mean=",
        "isopixel 1: nataraj | normalize std=mean=0.25 mean=0.5",
        "isopixel 1: nataraj |",
        "isopixel 01: nataraj",
        "isopixel: nataraj",
        "isopixel 1 nataraj",
        "nataraj | bilinear 224,224",
        "",
    ],
)
def test_lines(line):
    check_line(line)


def check_line(line):
    try:
        expected = recipes.parse(line).text
    except ValueError:
        with pytest.raises(ValueError, match=r"recipe|layout|option|rows=floor|unknown|mean|std"):
            Recipe.parse(line)
        return
    canonical, *fields = _core.OpenRecipe(line).fields()
    assert canonical == expected
    assert tuple(fields) == fields_of(recipes.parse(line))
    assert Recipe.parse(canonical).digest == recipes.digest(line)


def fields_of(recipe):
    """The layout, mode, method and size of a recipe of bytes of the reference."""
    (layout,), (method, size) = recipe.source.words, recipe.steps[0].words if recipe.steps else (None, None)
    return layout, None, method, size and tuple(map(int, size.split(",")))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("isopixel 2: nataraj", "version 2, and this isopixel knows version 1: it needs a newer isopixel"),
        ("isopixel 1: round", "unknown layout 'round'"),
        ("isopixel 1: nataraj | cubic 3,4", "unknown step or method 'cubic'"),
        (
            "isopixel 1: nataraj | bilinear,sharp=1 3,4",
            "unknown step or method 'bilinear,sharp=1'; the nearest are 'bilinear', 'bilinear-two-tap' and ",
        ),
        ("isopixel 1: nataraj | bilinear 3x4", "size is H,W, such as 224,224"),
        ("isopixel 1: nataraj | bilinear", "a method has a size behind it, such as 'bilinear 224,224', not 'bilinear'"),
        ("isopixel 1: nataraj | bilinear 3,4 | blur 3", "unknown step or method 'blur'"),
        ("nataraj", "begins with 'isopixel 1:'"),
        ("isopixel 1: nataraj\udcff", "ASCII text, got 'isopixel 1: nataraj\\udcff'"),
        ("isopixel 1: é", "ASCII text"),
        ("isopixel 1: nataraj\0 | bilinear 3,4", "zero character"),
        (
            "isopixel 1: nataraj | normalize",
            "normalize has mean and std, such as 'normalize mean=0.5 std=0.25', not 'normalize'",
        ),
        ("isopixel 1: nataraj | normalize std=1", "not 'normalize std=1'"),
        ("isopixel 1: nataraj | normalize std=1 mean=0 std=1", "std is given twice in 'normalize std=1 mean=0 std=1'"),
        ("isopixel 1: nataraj | normalize mean=1 mean=1", "mean is given twice in 'normalize mean=1 mean=1'"),
        ("isopixel 1: nataraj | normalize means=0 std=1", "normalize has no option 'means'; did you mean 'mean'?"),
        ("isopixel 1: nataraj | normalize mean=0 Std=1", "normalize has no option 'Std'; did you mean 'std'?"),
        (
            "isopixel 1: nataraj | normalise mean=0 std=1",
            "unknown step or method 'normalise'; did you mean 'normalize'?",
        ),
        (
            "isopixel 1: nataraj | bilinear 3,4 | Normalize mean=0 std=1",
            "unknown step or method 'Normalize'; did you mean 'normalize'?",
        ),
        ("isopixel 1: nataray", "unknown layout 'nataray'; did you mean 'nataraj'? known: fixed, square, nataraj"),
        ("isopixel 1: LINE", "unknown layout 'LINE'; did you mean 'line'? known: fixed"),
        ("isopixel 1: fixed,widht=3", "no option 'widht'; did you mean 'width'? known: width, rows, pad, channels"),
        ("isopixel 1: square,rows=ciel", "option rows cannot be 'ciel'; did you mean 'ceil'? known: ceil, floor"),
        (
            "isopixel 1: line | bilinaer 3,4",
            "unknown step or method 'bilinaer'; did you mean 'bilinear'? `isopixel methods` lists all",
        ),
        (
            "isopixel 1: line | pillow-12-bilinear 3,4",
            "did you mean 'pillow-13-bilinear', 'pillow-4-bilinear' or 'pillow-12.2-bilinear'? `isopixel methods`",
        ),
        (f"isopixel 1: line | {'x' * 5000} 3,4", f"unknown step or method '{'x' * 60}...'; the nearest are '"),
        ("isopixel 1: nataraj | normalize mean=0.5, 0.5 std=1", "normalize has no option '0.5'"),
        ("isopixel 1: nataraj | normalize mean=0,5 std=1", "mean has 2 values, and the image 1 channel: give one"),
        ("isopixel 1: nataraj,channels=3 | normalize mean=0 std=1,1", "std has 2 values, and the image 3 channels"),
        ("isopixel 1: nataraj | normalize mean=a std=1", "mean 'a' is not a decimal number"),
        ("isopixel 1: nataraj | normalize mean=0 std=0", "std '0' is not above 0"),
        (
            "isopixel 1: nataraj | normalize mean=0 std=1 | bilinear 3,4",
            "normalize is the last step of a recipe: 'bilinear 3,4' cannot follow it",
        ),
        (
            "isopixel 1: nataraj | normalize mean=0 std=1 | normalize mean=0 std=1",
            "'normalize mean=0 std=1' cannot follow it",
        ),
    ],
)
def test_messages(line, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Recipe.parse(line)


WITHIN = ["4", "-4", "0.4e1", "4.00000000", "3.99999999", "0", "1e-9"]
BEYOND = [
    "4.00000001",
    "-4.00000001",
    "123.675",
    "-123.675",
    "5",
    "999999",
    "999999.999",
    "1e6",
    "255",
    "1000000.01",
    "999999999",
]


@pytest.mark.parametrize(
    ("name", "text"),
    [("mean", text) for text in WITHIN + BEYOND] + [("std", text) for text in WITHIN + BEYOND if Fraction(text) > 0],
)
def test_the_scale_of_a_recipe(name, text):
    """R-90, whatever way it is made: from a line, from parts in Python, and from a list of a channel each."""
    layout, other = "square,channels=3", "std" if name == "mean" else "mean"
    lines = [f"isopixel 1: {layout} | normalize {name}={numbers} {other}=1" for numbers in (text, f"1,1,{text}")]
    ways = [lambda line=line: Recipe.parse(line) for line in lines]
    ways += [lambda given=given: Recipe(layout, **{name: given, other: 1}) for given in (text, [1, text, 1])]
    for line in lines:
        check_line(line)
    shown = reference.canonical_decimal(reference.decimal(text))
    message = f"{name} '{shown}' is beyond 4: a recipe's mean and std are those of samples from 0 to 1; for those of"
    for way in ways:
        if text in BEYOND:
            with pytest.raises(ValueError, match=re.escape(message)):
                way()
        else:
            assert str(way()).startswith("isopixel 1: square,channels=3 | normalize mean=")
    if name == "mean":
        assert isopixel.normalize(np.zeros((1, 1), np.uint8), text, 1)[0, 0, 0] == -np.float32(text)


def test_a_value():
    recipe = Recipe("nataraj,rows=extra,unit=1000,pad=0", [224, np.int64(200)], method="bilinear-two-tap")
    assert str(recipe) == "isopixel 1: nataraj,unit=1000,rows=extra | bilinear-two-tap 224,200"
    assert (recipe.layout, recipe.size) == ("nataraj,unit=1000,rows=extra", (224, 200))
    assert recipe.method == "bilinear-two-tap"
    same = Recipe.parse(f" {recipe} \n")
    assert same == recipe and hash(same) == hash(recipe) and same.digest == recipe.digest
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert recipe != Recipe("nataraj")
    assert repr(Recipe("line")) == "Recipe.parse('isopixel 1: line')"
    assert eval(repr(recipe), {"Recipe": Recipe}) == recipe
    with pytest.raises(AttributeError):
        recipe.size = (3, 3)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"layout": "round"}, ValueError, "unknown layout"),
        ({"layout": "nataraj", "size": 3}, TypeError, "write (3, 3)"),
        ({"layout": "nataraj", "size": (2**31, 3)}, ValueError, "from 1 to 2147483647"),
        (
            {"layout": "nataraj", "size": (2**63, 3)},
            ValueError,
            "each from 1 to 2147483647, not '9223372036854775808,3'",
        ),
        ({"layout": "nataraj", "method": "bilinear-two-tap"}, ValueError, "needs a size"),
        ({"layout": "nataraj", "size": (3, 3), "method": "x"}, ValueError, "unknown method"),
        ({"layout": "nataraj", "mean": 0.5}, ValueError, "mean and std go together"),
        ({"layout": "nataraj", "std": 0.5}, ValueError, "mean and std go together"),
        ({"layout": "nataraj", "mean": None, "std": [None]}, ValueError, "mean and std go together"),
        ({"layout": "nataraj", "mean": [None], "std": 1}, TypeError, "mean must be decimal numbers"),
        ({"layout": "nataraj", "mean": 1 / 3, "std": 1}, ValueError, "more than 9 significant digits"),
        ({"layout": "nataraj", "mean": "0 std=1 x", "std": 1}, ValueError, "mean '0 std=1 x' is not a decimal number"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        Recipe(**arguments)


def test_a_recipe_is_a_line():
    with pytest.raises(TypeError, match="a recipe is a line of text, got bytes"):
        Recipe.parse(b"isopixel 1: nataraj")


@pytest.mark.parametrize(
    "line", ["isopixel 1: square", "isopixel 1: line | bilinear 5,6", "isopixel 1: wide | bilinear-two-tap 5,6"]
)
def test_called(line, tmp_path):
    data = bytes(range(256)) * 9
    path = tmp_path / "file"
    path.write_bytes(data)
    recipe = Recipe.parse(line)
    expected = isopixel.from_bytes(data, recipe.layout, recipe.size, method=recipe.method or "bilinear")
    for source in (data, bytearray(data), path, str(path)):
        assert_same(recipe(source), expected, line)
    blocks = []
    image, source = recipe.read(path, lambda block: blocks.append(bytes(block)))
    assert_same(image, expected, line)
    assert (source.name, source.bytes, b"".join(blocks)) == ("file", len(data), data)
    assert source.sha256 == hashlib.sha256(data).hexdigest()


NORMALIZED = "isopixel 1: nataraj,channels=3 | bilinear 5,6 | normalize mean=0.485,0.456,0.406 std=0.25"


def test_normalized(tmp_path):
    """The last step: the image of the recipe without it, by R-31; from any source."""
    data = bytes(range(256)) * 9
    path = tmp_path / "file"
    path.write_bytes(data)
    recipe = Recipe("nataraj,channels=3", (5, 6), mean=[0.485, "0.456", 0.406], std=25e-2)
    assert str(recipe) == NORMALIZED and recipe == Recipe.parse(NORMALIZED) == pickle.loads(pickle.dumps(recipe))
    step = recipe.normalization
    assert (step.mean, step.std, recipe.dtype) == (("0.485", "0.456", "0.406"), ("0.25",), np.float32)
    shape, samples = reference.resized_layout("nataraj,channels=3", data, (5, 6))
    bits = reference.normalize(samples, shape, ["0.485", "0.456", "0.406"], ["0.25"])
    expected = np.array(bits, np.uint32).reshape(3, 5, 6)
    for made in (recipe(data), recipe(path), recipe.read(path)[0]):
        assert (made.dtype, made.shape) == (np.float32, (3, 5, 6))
        assert_same(made.view(np.uint32), expected, NORMALIZED)
    plain = Recipe("nataraj,channels=3", (5, 6))
    assert (plain.normalization, plain.dtype) == (None, np.uint8)
    assert_same(isopixel.normalize(plain(data), step.mean, step.std).view(np.uint32), expected, "in two steps")
    gray = Recipe("square", mean=0, std=1)
    assert (str(gray), gray(data[:9]).shape) == ("isopixel 1: square | normalize mean=0 std=1", (1, 3, 3))
    assert isopixel.fingerprint(gray(bytes(9))) == reference.fingerprint("float32", (1, 3, 3), bytes(36))
