# SPDX-License-Identifier: MIT
"""Layouts of the core against the reference: their texts (R-10) and their images (R-11, R-12, R-13, R-14, R-15)."""

import io
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spec import reference

import isopixel
from isopixel import _core
from isopixel._bytes_image import image_of
from isopixel._sources import OpenSource
from tests.support import assert_same, random_image

SLOW = pytest.mark.slow
WORDS = [
    "",
    "0",
    "1",
    "3",
    "7",
    "07",
    "255",
    "256",
    "1000",
    "1024",
    "lt",
    "le",
    "ceil",
    "floor",
    "extra",
    "linear",
    "log",
    "drop",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    " 1",
    "+1",
    "²",
]
option = st.tuples(st.sampled_from([*reference.OPTIONS, "x", ""]), st.sampled_from(WORDS))


@given(rule=st.sampled_from([*reference.LAYOUT_RULES, "round", ""]), options=st.lists(option, max_size=4))
def test_any_text(rule, options):
    text = ",".join([rule, *(f"{name}={value}" for name, value in options)])
    check_text(text)


TEXTS = """
fixed
fixed,width
fixed,width=
fixed,width=2147483647
fixed,width=2147483648
fixed,width=99999999999
nataraj,
nataraj,,
,nataraj
nataraj, unit=1000
nataraj,unit =1000
nataraj,unit=1000,
NATARAJ
line,
square,channels=3,pad=255,rows=extra
line,unknown=drop,length=9223372036854775807,offset=9223372036854775806
line,offset=09223372036854775807
line,length=00000000000000000001
line,offset=-1
bigram,unknown=255,offset=0
hilbert,unknown=Drop
nataraj,rows=floor,channels=3
wide,pad=0,rows=floor
bigram,scale=log
"""


@pytest.mark.parametrize("text", TEXTS.strip().split("\n"))
def test_texts(text):
    check_text(text)


def check_text(text):
    try:
        expected = reference.canonical_layout(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"layout|option|rows=floor"):
            _core.canonical_layout(text)
        return
    assert _core.canonical_layout(text) == expected
    assert _core.canonical_layout(expected) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("round", "unknown layout 'round'; known: fixed, square, nataraj, wide, pow2, hilbert, bigram, line"),
        ("nataraj,width=3", "layout nataraj has no option 'width'; known: unit, edge, rows, pad, channels"),
        ("line,pad=3", "layout line has no option 'pad'; known: offset, length, unknown"),
        ("nataraj,pad=256", "option pad cannot be '256'; it accepts a whole number from 0 to 255"),
        ("nataraj,edge=gt", "option edge cannot be 'gt'; known: lt, le"),
        ("nataraj,pad=1,pad=1", "option pad is given twice"),
        ("line,offset", "option offset cannot be ''; it accepts a whole number from 0 to 9223372036854775807"),
        ("line,length=0", "option length cannot be '0'; it accepts a whole number from 1 to 9223372036854775807"),
        ("line,unknown=256", "option unknown cannot be '256'; it accepts a whole number from 0 to 255, or drop"),
        ("line,ofset=3", "layout line has no option 'ofset'; did you mean 'offset'? known: offset, length, unknown"),
        ("fixed", "layout fixed needs a width, such as fixed,width=256"),
        ("square,pad=0,rows=floor", "rows=floor pads nothing: leave out pad"),
    ],
)
def test_messages(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        isopixel.from_bytes(b"abc", text)


def expected_image(layout, data, size, method):
    if size is None:
        shape, samples = reference.layout_image(layout, data)
    else:
        shape, samples = reference.resized_layout(layout, data, size, method)
    image = np.frombuffer(samples, np.uint8).reshape(shape)
    return image[:, :, 0] if shape[2] == 1 else image


def random_layout(rng):
    """A text with some options, in any order, that may be refused."""
    rule = str(rng.choice(reference.LAYOUT_RULES))
    options = []
    for name, (rules, allowed, _) in reference.OPTIONS.items():
        if rule in rules and name != "unknown" and (name == "width" or rng.integers(3) == 0):
            allowed = {"width": range(1, 70), "offset": range(70), "length": range(1, 300)}.get(name, allowed)
            options.append(f"{name}={allowed[rng.integers(len(allowed))]}")
    rng.shuffle(options)
    return ",".join([rule, *options])


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 10))])
def test_random_layouts_and_lengths(seed, tmp_path):
    rng = np.random.default_rng(seed)
    for _ in range(300):
        layout = random_layout(rng)
        n = int(rng.choice([rng.integers(1, 70), rng.integers(1, 3000)]))
        data = random_image(rng, n).tobytes()
        size = None if rng.integers(2) else tuple(int(s) for s in rng.integers(1, 20, 2))
        method = "bilinear" if size is None or rng.integers(4) else "bilinear-two-tap"
        try:
            expected = expected_image(layout, data, size, method)
        except ValueError:
            with pytest.raises(ValueError, match=r"rows=floor|offset=\d+ is not below the number of bytes, \d+"):
                isopixel.from_bytes(data, layout, size, method=method)
            continue
        what = f"{layout}, {n} bytes, {size}, {method}"
        assert_same(isopixel.from_bytes(data, layout, size, method=method), expected, what)
        (tmp_path / "file").write_bytes(data)
        assert_same(isopixel.from_file(tmp_path / "file", layout, size, method=method), expected, what)


PUSHED = """
nataraj
nataraj,offset=5,length=77
square,channels=3,offset=98
bigram,length=60
nataraj,rows=extra
fixed,width=7,channels=3,pad=9
square,channels=3
wide,rows=floor,channels=3
hilbert,pad=3
bigram
bigram,scale=log
line
"""


@pytest.mark.parametrize("layout", PUSHED.split())
def test_pieces_of_any_size(layout):
    """The image itself of bytes that come in pieces, and of a source that is read in small blocks."""
    rng = np.random.default_rng(5)
    for _ in range(40):
        n = int(rng.integers(100, 1500))
        data = rng.choice([0, 0, 255, 7], n).astype(np.uint8).tobytes()
        expected = expected_image(layout, data, None, None)
        shape = _core.layout_shape(layout, n)  # of all bytes, as a host pushes them
        out = np.full((1, *shape), 77, np.uint8)
        stream = _core.Stream(layout, n, out, "bilinear")
        done = 0
        while done < n:
            piece = data[done : done + int(rng.choice([0, 1, 2, 3, 50]))]
            stream.push(piece)
            done += len(piece)
        stream.finish()
        assert_same(out[0].reshape(expected.shape), expected, f"{layout}, {n} bytes in pieces")
        source = OpenSource(io.BytesIO(data), n, "data", int(rng.integers(1, 99)))
        image = image_of(source, layout, None, "bilinear", lambda block: None, whole=False)
        assert_same(image, expected, f"{layout}, {n} bytes in blocks")


THRESHOLDS = sorted(
    {limit * unit + d for table, _ in reference.WIDTH_TABLES.values() for limit, _ in table for unit in (1000, 1024)
     for d in (-1, 0, 1)}
)  # fmt: skip


@pytest.mark.parametrize("rule", ["nataraj", "wide"])
@pytest.mark.parametrize(
    ("edge", "unit"),
    [("lt", 1024), ("le", 1000), *(pytest.param(*p, marks=SLOW) for p in [("le", 1024), ("lt", 1000)])],
)
def test_around_every_threshold(rule, edge, unit):
    """One byte beside each threshold, and 20 random lengths near it."""
    rng = np.random.default_rng(unit)
    data = rng.integers(0, 256, max(THRESHOLDS) + 3000, np.uint8).tobytes()
    lengths = [*THRESHOLDS, *(int(n) for limit in THRESHOLDS[1::3] for n in limit + rng.integers(-3000, 3000, 20))]
    for n in lengths:
        rows = str(rng.choice(["ceil", "floor", "extra"]))
        layout = f"{rule},unit={unit},edge={edge},rows={rows},channels={rng.choice([1, 3])}"
        assert_same(
            isopixel.from_bytes(data[:n], layout), expected_image(layout, data[:n], None, None), f"{layout} {n}"
        )


@pytest.mark.parametrize("channels", [1, 3])
def test_square_around_every_square(channels):
    for side in range(1, 60):
        for n in (channels * side * side + d for d in (-1, 0, 1)):
            layout = f"square,channels={channels},pad=5"
            if n:
                assert_same(isopixel.from_bytes(bytes(n), layout), expected_image(layout, bytes(n), None, None), f"{n}")


def test_square_of_a_huge_file():
    for n in (2**60, 2**60 + 1, (2**30 + 1) ** 2, (2**30 + 1) ** 2 - 1, (2**30 + 1) ** 2 + 1):
        assert _core.layout_shape("square", n)[1] == reference.row_width({"rule": "square", "channels": 1}, n)


def test_hilbert_is_a_continuous_curve_with_an_inverse():
    """R-13, in the reference: the curve never jumps, and the two functions undo each other."""
    for k in range(6):
        places = [reference.hilbert_place(k, t) for t in range(4**k)]
        assert len(set(places)) == 4**k
        assert places[0] == (0, 0) and places[-1] == (0, 2**k - 1)
        assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1 for a, b in pairwise(places))
        assert [reference.hilbert_distance(k, *place) for place in places] == list(range(4**k))


def test_log_levels():
    """R-14: the frozen table, against its definition."""
    text = (Path(__file__).parents[1] / "src" / "bytes" / "bigram_log_levels.h").read_text(encoding="utf-8")
    levels = [int(n) for n in re.findall(r"\d+(?=,)", text[text.index("{\n    //") :])]
    assert len(levels) == 255
    assert all(c**8 >= 2**k > (c - 1) ** 8 for k, c in enumerate(levels))


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_bigram_of_large_counts(scale):
    """Counts that a loop over pairs in the reference would take long to reach, by the formulas of R-14."""
    n = 3_000_000
    data = bytes(n) + b"\x01\x00" * 7
    image = isopixel.from_bytes(data, f"bigram,scale={scale}")
    counts = {(0, 0): n - 1, (0, 1): 7, (1, 0): 7}
    for (a, b), c in counts.items():
        linear = (255 * c + (n - 1) // 2) // (n - 1)
        assert image[a, b] == (linear if scale == "linear" else reference.log_level(c))
    assert np.count_nonzero(image) == (1 if scale == "linear" else 3)


def test_views_are_not_copied():
    data = np.arange(96, dtype=np.uint8)
    for layout in (
        "fixed,width=32",
        "fixed,width=7,rows=floor",
        "line",
        "square,rows=floor",
        "fixed,width=4,channels=3",
    ):
        assert np.shares_memory(isopixel.from_bytes(data, layout), data), layout
    for layout in ("fixed,width=7", "hilbert", "bigram", "square,rows=extra"):
        assert not np.shares_memory(isopixel.from_bytes(data, layout), data), layout


def test_line_is_resized_before_it_is_wrapped():
    data = bytes(range(100))
    once = isopixel.from_bytes(data, "line", (4, 5))
    row = isopixel.resize(np.frombuffer(data, np.uint8)[None], (1, 20))
    assert_same(once, row.reshape(4, 5), "line")
