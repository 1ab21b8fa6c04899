# SPDX-License-Identifier: MIT
"""Differences of arrays, and the command that tells them."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from isopixel._difference import SCALE, difference, difference_picture
from isopixel._figure import difference_figure
from tests import program


def run(*arguments):
    return program.run("diff", *arguments)


@given(
    shape=st.sampled_from([(7,), (1,), (4, 5), (3, 4, 1), (3, 4, 3), (3, 4, 4), (3, 4, 5), (2, 3, 2, 3)]),
    seed=st.integers(0, 99),
    levels=st.sampled_from([1, 2, 5, 256]),
)
def test_by_counting(shape, seed, levels):
    """One sample after the other, in plain integers."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, levels, (2, *shape), np.uint8)
    is_image = len(shape) == 2 or (len(shape) == 3 and shape[2] <= 4)
    unit = shape[:2] if is_image else shape
    amounts = [abs(int(x) - int(y)) for x, y in zip(a.ravel(), b.ravel(), strict=True)]
    places = [place for place in np.ndindex(unit) if np.any(a[place] != b[place])]
    found = difference(a, b)
    assert (found.unit, found.total) == ("pixels" if is_image else "samples", math.prod(unit))
    assert (found.differing, found.share) == (len(places), len(places) / math.prod(unit))
    assert found.maximum == max(amounts)
    assert found.mean == pytest.approx(sum(amounts) / len(amounts), rel=1e-12)
    assert found.first == (places[0] if places else None)
    if places:
        assert found.values == (a[places[0]].tolist(), b[places[0]].tolist())
    assert sum(bin.samples for bin in found.bins) == sum(map(bool, amounts))
    for bin in found.bins:
        assert bin.samples == sum(bin.low <= amount < bin.high for amount in amounts) > 0


def test_floats():
    a = np.array([0.0, 1, 1, np.nan, np.inf, -np.inf, np.nan, 3e38, 1e-45], np.float32)
    b = np.array([-0.0, 1, 1.5, np.nan, np.inf, np.inf, 2, -3e38, 0], np.float32)
    found = difference(a, b)
    assert (found.unit, found.total, found.differing) == ("samples", 9, 6)
    assert (found.maximum, found.first) == (math.inf, (0,))
    assert [(bin.low, bin.samples) for bin in found.bins] == [(0, 1), (1e-45, 1), (0.1, 1), (1e38, 1), (math.inf, 2)]
    assert not difference(a, a).differing


@pytest.mark.parametrize("most", [0, 1, 2, 3, 100, 255])
def test_the_picture(most):
    a = np.zeros((4, 5, 3), np.uint8)
    b = a.copy()
    b[1, 2] = (most // 2, most, 0)
    for pair in ((a, b), (b, a)):
        picture = difference_picture(*pair)
        assert picture.shape == (4, 5, 3) and picture.dtype == np.uint8
        colour = next(step.colour for step in SCALE if step.low <= most <= step.high)
        assert tuple(picture[1, 2]) == colour and np.count_nonzero(picture.any(-1)) == (most > 0)
    assert np.array_equal(difference_picture(a[..., 1], b[..., 1]), picture)


def test_a_larger_difference_is_lighter():
    """In every picture the same, whatever else is in it; to people without red or green cones too."""
    steps = np.arange(256, dtype=np.uint8)[None]
    colours = difference_picture(np.zeros_like(steps), steps)[0]
    for i in (0, 1, 77, 255):
        alone = difference_picture(np.zeros((1, 1), np.uint8), steps[:, i : i + 1])
        assert np.array_equal(alone[0, 0], colours[i])
    assert colours[0].tolist() == [0, 0, 0]
    light = np.where(colours <= 10, colours / 255 / 12.92, ((colours / 255 + 0.055) / 1.055) ** 2.4)  # sRGB, decoded
    # Luminance; the response of the cones for long and for medium waves alone (Vienot, Brettel and Mollon, 1999).
    for weights in ((0.2126, 0.7152, 0.0722), (17.8824, 43.5161, 4.11935), (3.45565, 27.1554, 3.86714)):
        seen = light @ np.array(weights) / sum(weights)
        assert (np.diff(seen) >= 0).all()
        rises = seen[[1, 2, 4, 8, 16, 32, 64, 128]] + 0.05, seen[[0, 1, 2, 4, 8, 16, 32, 64]] + 0.05
        assert (rises[0] / rises[1] > 1.15).all()


def test_the_legend_is_of_all_differences():
    assert [step.low for step in SCALE] == [0, *(2**k for k in range(8))]
    assert [step.high + 1 for step in SCALE] == [*(2**k for k in range(9))]
    assert list(map(str, SCALE)) == ["equal", "1", "2-3", "4-7", "8-15", "16-31", "32-63", "64-127", "128-255"]
    page = difference_figure("", np.zeros((9, 9), np.uint8), np.zeros((9, 9), np.uint8))
    for step in SCALE:
        assert (page == step.colour).all(-1).sum() > 40, step


@pytest.fixture
def pictures(tmp_path):
    a = np.random.default_rng(5).integers(0, 200, (30, 40, 3), np.uint8)
    b = a.copy()
    b[3, 4, 1] += 1
    b[7, 9] += 50
    for name, array in (("a", a), ("b", b), ("short", a[1:]), ("gray", a[..., :1])):
        np.save(tmp_path / f"{name}.npy", array)
        if array.shape[2] > 1:
            Image.fromarray(array).save(tmp_path / f"{name}.png")
    np.save(tmp_path / "float.npy", a.astype(np.float32))
    np.save(tmp_path / "other_order.npy", a.astype(">f4"))
    return tmp_path


def test_equal(pictures):
    result = run(pictures / "a.png", pictures / "a.npy")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        f"A            {pictures}/a.png, (30, 40, 3) uint8",
        f"B            {pictures}/a.npy, (30, 40, 3) uint8",
        "equal        1,200 pixels",
    ]
    assert run(pictures / "float.npy", pictures / "other_order.npy").returncode == 0


def test_different(pictures):
    result = run(pictures / "a.png", pictures / "b.png", "-o", pictures / "diff.png")
    a, b = (np.load(pictures / f"{name}.npy") for name in "ab")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines()[2:] == [
        "different    2 of 1,200 pixels, 0.167 %",
        f"difference   at most 50, on average {151 / 3600:.4g}",
        f"first        at (3, 4): {a[3, 4].tolist()} and {b[3, 4].tolist()}",
        "samples      by difference",
        f"           1 {'#' * 14} 1",
        f"    32 to 63 {'#' * 40} 3",
        f"picture      {pictures}/diff.png",
    ]
    page = np.asarray(Image.open(pictures / "diff.png"))
    assert np.array_equal(page, difference_figure("a.png, b.png", a, b))
    magnified = difference_picture(a, b).repeat(6, axis=0).repeat(6, axis=1)
    top, left = next((y, x) for y in range(60) for x in range(60) if (page[y : y + 9, x : x + 9] == 0).all())
    assert np.array_equal(page[top : top + 180, left : left + 240], magnified)


def test_shapes_and_dtypes(pictures):
    for other, words in (
        ("short.png", "other shape"),
        ("gray.npy", "other shape"),
        ("float.npy", "other dtype"),
    ):
        result = run(pictures / "a.npy", pictures / other, "-o", pictures / "diff.png")
        assert (result.returncode, result.stderr) == (1, "")
        assert f"different    {words}\n" in result.stdout
        assert "picture      none, for arrays of different shapes or dtypes\n" in result.stdout
        assert not (pictures / "diff.png").exists()
        record = json.loads(run(pictures / "a.npy", pictures / other, "--json").stdout)
        assert record["equal"] is False and record["shapes"][0] == [30, 40, 3] and "total" not in record


def test_json(pictures):
    result = run(pictures / "a.png", pictures / "b.png", "--json")
    a, b = (np.load(pictures / f"{name}.npy") for name in "ab")
    assert result.returncode == 1
    assert json.loads(result.stdout) == {
        "equal": False,
        "shapes": [[30, 40, 3]] * 2,
        "dtypes": ["uint8"] * 2,
        "unit": "pixels",
        "total": 1200,
        "differing": 2,
        "maximum": 50,
        "mean": 151 / 3600,
        "first": {"at": [3, 4], "values": [a[3, 4].tolist(), b[3, 4].tolist()]},
        "bins": [{"low": 1, "high": 2, "samples": 1}, {"low": 32, "high": 64, "samples": 3}],
    }
    equal = run(pictures / "a.png", pictures / "a.npy", "--json")
    assert equal.returncode == 0
    assert json.loads(equal.stdout)["equal"] is True
    np.save(pictures / "nan.npy", np.full(3, np.nan, np.float32))
    np.save(pictures / "zero.npy", np.zeros(3, np.float32))
    record = json.loads(run(pictures / "nan.npy", pictures / "zero.npy", "--json").stdout)
    assert (record["maximum"], record["first"]) == (None, {"at": [0], "values": [None, 0.0]})


def test_refused(pictures):
    np.save(pictures / "double.npy", np.zeros((3, 3)))
    np.save(pictures / "empty.npy", np.zeros((0, 3), np.uint8))
    np.save(pictures / "scalar.npy", np.uint8(3))
    a = pictures / "a.npy"
    for arguments, words in [
        ((a, pictures / "missing.npy"), "No such file"),
        ((a, pictures / "double.npy"), "not uint8 or float32, but of dtype float64"),
        ((a, pictures / "empty.npy"), "and not empty ones"),
        ((a, pictures / "scalar.npy"), "and not empty ones"),
        ((a, pictures / "a.webp"), ".png or .npy"),
        ((a, a, "-o", pictures / "diff.npy"), "figures are PNG"),
        ((pictures / "a.png", a, "-o", pictures / "a.png"), "would replace the source"),
        ((a, pictures / "a.png", "-o", pictures / "a.png"), "would replace the source"),
        ((pictures / "float.npy", pictures / "float.npy", "-o", pictures / "diff.png"), "leave out -o"),
        ((a,), "'B'"),
    ]:
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (2, ""), arguments
        assert words in result.stderr and result.stderr.count("\n") == 1
    assert not (pictures / "diff.png").exists()
