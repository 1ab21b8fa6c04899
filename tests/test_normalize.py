# SPDX-License-Identifier: MIT
"""isopixel.normalize against the reference (R-29 to R-31), and both against the definition of the nearest float32."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec import reference

import isopixel
from isopixel import _core
from isopixel._normalization import normalization_table
from tests.support import assert_same, random_image

MEAN, STD = ("0.485", "0.456", "0.406"), ("0.229", "0.224", "0.225")
RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


def reference_normalize(image, means, deviations):
    """spec/reference.py on an array (H, W, C)."""
    bits = reference.normalize(image.tobytes(), image.shape, means, deviations)
    return np.array(bits, np.uint32).view(np.float32).reshape(image.shape[2], *image.shape[:2])


def bits_of(numbers):
    return numbers.view(np.uint32).ravel().tolist()


@st.composite
def decimals(draw, signs=("", "-")):
    """Texts of decimals of all magnitudes, many of those in use, written with and without an exponent."""
    digits = draw(st.integers(1, 10**9 - 1) | st.sampled_from([1, 2, 3, 5, 25, 51, 255, 485, 999_999_999]))
    exponent = draw(st.integers(-9, 8) | st.just(-1)) - (len(str(digits)) - 1)
    sign = draw(st.sampled_from(signs))
    return sign + draw(st.sampled_from([f"{digits}e{exponent}", f"{Decimal(digits).scaleb(exponent):f}"]))


@settings(max_examples=50, deadline=None)
@given(mean=decimals() | st.sampled_from(["0", "-0", "0e99999", "00.0"]), std=decimals(signs=("",)))
def test_any_decimals(mean, std):
    assert bits_of(isopixel.normalize(RAMP, mean, std)) == reference.normalization_table(mean, std)


@pytest.mark.parametrize("places", [1, 9, 10, 99, 100, 999, 1000, 4321, 9999, 10_000, 10_003, 100_000, 1_000_003])
@pytest.mark.parametrize("leading", ["", "0", "0" * 20_000])
def test_exponents_of_any_length(places, leading):
    """R-29: the zeros of a text bring its exponent into range, however many there are; the value is 1, or 1.25."""
    for mantissa, sign, exponent, number in [
        ("0." + "0" * places + "1", "e", places + 1, "1"),
        ("0." + "0" * places + "125", "E+", places + 1, "1.25"),
        ("1" + "0" * places, "e-", places, "1"),
        ("0" * places + "125" + "0" * places + ".00", "E-", places + 2, "1.25"),
    ]:
        text = f"{mantissa}{sign}{leading}{exponent}"
        assert reference.decimal(text) == Fraction(number)
        assert bits_of(isopixel.normalize(RAMP, text, text)) == reference.normalization_table(number, number)
        check_out_of_range(f"{mantissa}{sign}{leading}{exponent + 10}")


@pytest.mark.parametrize("digits", [18, 19, 20, 100, 4299, 4301, 20_000])
@pytest.mark.parametrize("sign", ["", "+", "-"])
def test_exponents_of_thousands_of_digits(digits, sign):
    power = f"e{sign}{'0' * digits}{'9' * digits}"
    check_out_of_range("1" + power)
    check_out_of_range("0." + "0" * 20_000 + "1" + power)
    check_out_of_range("1" + "0" * 20_000 + power)
    for zero in ("0" + power, "-0.0" + power, "0" * 20_000 + power):
        assert reference.decimal(zero) == 0
        assert bits_of(isopixel.normalize(RAMP, zero, 1)) == reference.normalization_table("0", "1")


def check_out_of_range(text):
    with pytest.raises(ValueError, match="out of range"):
        reference.decimal(text)
    with pytest.raises(ValueError, match="is out of range: without its sign it has to be 0, or from 0"):
        isopixel.normalize(RAMP, text, 1)


def is_nearest(number, x):
    """Whether a float32 is the nearest one to a Fraction, or of two that are as near the even one (R-30)."""
    error = abs(Fraction(float(number)) - x)
    for direction in (-np.inf, np.inf):
        other = abs(Fraction(float(np.nextafter(number, np.float32(direction)))) - x)
        if other < error or (other == error and number.view(np.uint32) % 2 == 1):
            return False
    return True


def test_nearest_float32():
    """By the definition of rounding alone, for random decimals: nothing of the reference."""
    rng = np.random.default_rng(1)
    for _ in range(60):
        mean, std = (Decimal(int(rng.integers(1, 10**9))).scaleb(int(rng.integers(-12, -7))) for _ in range(2))
        numbers = isopixel.normalize(RAMP, str(mean), str(std)).ravel()
        for v, number in enumerate(numbers):
            assert is_nearest(number, (Fraction(v, 255) - Fraction(mean)) / Fraction(std)), (mean, std, v)


def test_is_nearest_can_fail():
    one = np.float32(1)
    half = Fraction(1, 2**24)  # of the step above 1
    assert is_nearest(one, 1 + half) and not is_nearest(np.nextafter(one, np.float32(2)), 1 + half)
    assert not is_nearest(np.nextafter(one, np.float32(2)), Fraction(1)) and not is_nearest(one, 1 + half * 11 / 10)


def test_ties():
    """Quotients in the midst of two float32: for v = 0 it is -mean/std, here k·2^-23 with an odd k of 25 bits."""
    rounded = set()
    for k in range(2**24 + 1, 2**24 + 4001, 2):
        for t in range(50, 10**9 // k + 1):  # mean = k·t·10^-9 and std = t·2^23·10^-9, both of at most nine digits
            if t * 2**23 >= 10**9:
                break
            mean, std = f"{Decimal(k * t).scaleb(-9):f}", f"{Decimal(t * 2**23).scaleb(-9):f}"
            number = isopixel.normalize(RAMP, mean, std)[0, 0, 0]
            assert is_nearest(number, Fraction(-k, 2**23)), (mean, std)
            rounded.add(Fraction(-float(number)) > Fraction(k, 2**23))
            break
    assert rounded == {False, True}


@pytest.mark.parametrize(
    ("mean", "std", "v", "bits"),
    [
        ("16777217", "1", 0, 0xCB800000),  # a half, down to the even 2^24
        ("16777219", "1", 0, 0xCB800002),  # a half, up to the even 2^24 + 4
        ("-33554431", "1", 0, 0x4C000000),  # up to the next power of two
        ("0.2", "0.7", 51, 0),  # 51/255 = 0.2: +0, not -0
        ("-0", "1", 0, 0),
        ("0", "1", 255, 0x3F800000),
        ("0.5", "0.25", 13, 0xBFE5E5E6),  # the SPEC's worked example
        ("-999999999", "0.000000001", 255, 0x5D5E0B6B),  # 10^18, the largest: 0x1.bc16d6p+59
    ],
)
def test_some_numbers(mean, std, v, bits):
    assert bits_of(isopixel.normalize(np.full((1, 1), v, np.uint8), mean, std)) == [bits]


def test_the_bounds():
    """The smallest magnitude that is not 0, and the largest, are normal numbers: nothing is flushed or infinite."""
    for mean, std in (("0.20000000", "999999999"), ("-999999999", "1e-9"), ("1e-9", "999999999"), ("0.6", "999999999")):
        numbers = isopixel.normalize(RAMP, mean, std)
        assert bits_of(numbers) == reference.normalization_table(mean, std)
        rest = np.abs(numbers[numbers != 0])
        assert np.isfinite(rest).all() and (rest >= np.finfo(np.float32).tiny).all()


def test_the_chain_of_roundings_is_another_function():
    """What makes this necessary: the usual arithmetic in float32 has other bits, of many values."""
    others = 0
    for mean, std in zip(MEAN, STD, strict=True):
        usual = (RAMP.astype(np.float32) / np.float32(255) - np.float32(mean)) / np.float32(std)
        others += np.count_nonzero(isopixel.normalize(RAMP, mean, std)[0].view(np.uint32) != usual.view(np.uint32))
        assert np.allclose(isopixel.normalize(RAMP, mean, std)[0], usual, rtol=0, atol=1e-6)
    assert others > 100


SHAPES = [("HW", (5, 7)), ("HWC", (5, 7, 3)), ("CHW", (3, 5, 7)), ("NHW", (2, 5, 7))]
SHAPES += [
    ("NHWC", (2, 5, 7, 3)),
    ("NCHW", (2, 3, 5, 7)),
    ("HWC", (1, 1, 1)),
    ("CHW", (9, 4, 33)),
    ("NHWC", (3, 1, 65, 4)),
]


@pytest.mark.parametrize(("axes", "shape"), SHAPES)
@pytest.mark.parametrize("view", ["whole", "reversed", "strided", "Fortran", "repeated"])
def test_axes_and_strides(axes, shape, view):
    image = random_image(np.random.default_rng(3), [2 * n for n in shape])
    if view == "strided":
        image = image[tuple(slice(None, None, 2) for _ in shape)]
    else:
        image = image[tuple(slice(n) for n in shape)].copy(order="F" if view == "Fortran" else "C")
    if view == "reversed":
        image = image[tuple(slice(None, None, -1) for _ in shape)]
    if view == "repeated":
        image = np.broadcast_to(image[:1], shape)
    channels = image.shape[axes.index("C")] if "C" in axes else 1
    means, deviations = [f"0.{c}" for c in range(channels)], ["0.3"]
    pixels = image if "C" in axes else image[..., None]
    letters = axes if "C" in axes else axes + "C"
    pixels = pixels if "N" in letters else pixels[None]
    pixels = pixels.transpose([("N" * ("N" not in letters) + letters).index(letter) for letter in "NHWC"])
    expected = np.stack([reference_normalize(p, means, deviations) for p in pixels])
    expected = expected if "N" in axes else expected[0]
    actual = isopixel.normalize(image, means, deviations, axes=axes)
    assert_same(actual.view(np.uint32), expected.view(np.uint32), (axes, view))
    assert actual.flags.c_contiguous
    out = np.full_like(expected, np.nan)
    assert isopixel.normalize(image, means, deviations, axes=axes, out=out) is out
    assert_same(out.view(np.uint32), expected.view(np.uint32), "out")


def test_widths():
    """Every remainder of what is looked up at a time, with pixels behind each row that do not count."""
    rng = np.random.default_rng(4)
    table = normalization_table(MEAN, STD, 3)
    for width in range(1, 140):
        rows = rng.integers(0, 256, (2, width + 1, 3), np.uint8)[:, :width]
        for image, axes in ((rows, "HWC"), (np.ascontiguousarray(rows.transpose(2, 0, 1)), "CHW")):
            memory = np.full(3 * 2 * width + 2, np.nan, np.float32)
            isopixel.normalize(image, MEAN, STD, axes=axes, out=memory[1:-1].reshape(3, 2, width))
            expected = np.stack([table[c][rows[..., c]] for c in range(3)])
            assert_same(memory[1:-1].view(np.uint32), expected.view(np.uint32).ravel(), (axes, width))
            assert np.isnan(memory[[0, -1]]).all()


def test_default_axes():
    image = random_image(np.random.default_rng(5), (4, 5, 3))
    assert_same(isopixel.normalize(image, 0.5, 0.5), isopixel.normalize(image, 0.5, 0.5, axes="HWC"), "HWC")
    assert isopixel.normalize(image[..., 0], 0.5, 0.5).shape == (1, 4, 5)
    assert isopixel.normalize(image[None], 0.5, 0.5).shape == (1, 3, 4, 5)
    with pytest.raises(ValueError, match="would have 5 channels; say what its axes are"):
        isopixel.normalize(image.transpose(2, 0, 1), 0.5, 0.5)


def test_threads():
    images = random_image(np.random.default_rng(6), (7, 300, 401, 3))
    expected = isopixel.normalize(images, MEAN, STD)
    for threads in (2, 3, 100):
        assert_same(
            isopixel.normalize(images, MEAN, STD, threads=threads).view(np.uint32), expected.view(np.uint32), threads
        )


def test_the_same_decimal():
    """R-29: what a number means, in each way to give it."""
    expected = bits_of(isopixel.normalize(RAMP, "0.485", "100000"))
    for mean in (
        0.485,
        np.float64(0.485),
        "0.4850000000000",
        "485e-3",
        "0.0485E+1",
        "000.485",
        [0.485],
        np.array([0.485]),
    ):
        for std in (100000, np.int16(10000) * np.int64(10), 1e5, "1e5", "1e+05", "100000.0", (100000,)):
            assert bits_of(isopixel.normalize(RAMP, mean, std)) == expected, (mean, std)
    rgb = np.stack([RAMP] * 3, axis=2)
    each = isopixel.normalize(rgb, [0, 0.25, -1], np.array([1.0, 0.5, 2]))
    assert_same(each, isopixel.normalize(rgb, ("0", "0.25", "-1"), ["1", "0.5", "2"]), "each")


def test_tables_are_kept_and_cannot_be_changed():
    table = normalization_table(MEAN, STD, 3)
    assert table is normalization_table(list(MEAN), [0.229, 0.224, 0.225], 3)
    assert (table.shape, table.dtype) == ((3, 256), np.float32)
    with pytest.raises(ValueError, match="read-only"):
        table[0, 0] = 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mean '' is not a decimal number, such as 0.485, -1 or 2.5e-3"),
        ("x", "mean 'x' is not a decimal number"),
        (" 1", "not a decimal number"),
        ("1 ", "not a decimal number"),
        ("+1", "not a decimal number"),
        ("--1", "not a decimal number"),
        (".5", "not a decimal number"),
        ("5.", "not a decimal number"),
        ("1e", "not a decimal number"),
        ("1e+", "not a decimal number"),
        ("1e1.5", "not a decimal number"),
        ("1_0", "not a decimal number"),
        ("0x1", "not a decimal number"),
        ("nan", "not a decimal number"),
        ("inf", "not a decimal number"),
        ("²", "not a decimal number"),
        ("0.5,0.5", "several are a sequence, such as ('0.5', '1')"),
        ("0.5\0", "zero character"),
        ("0.1234567891", "mean '0.1234567891' has more than 9 significant digits: write it with at most 9, as text"),
        ("1000000001", "more than 9 significant digits"),
        (
            "1000000000",
            "mean '1000000000' is out of range: without its sign it has to be 0, or from 0.000000001 to below",
        ),
        ("-1e9", "out of range"),
        ("9.99999999e-10", "out of range"),
        ("1e-99999999999999999999", "out of range"),
        ("1e99999999999999999999", "out of range"),
        (float("nan"), "'nan' is not a decimal number"),
        (float("inf"), "'inf' is not a decimal number"),
        (1 / 3, "mean '0.3333333333333333' has more than 9 significant digits"),
        (2**64, "more than 9 significant digits"),
        ("1" * 5000, "mean '" + "1" * 60 + "...' has more than 9 significant digits"),
        ([], "mean is empty: give one number, or one for each channel"),
        ([0.5, 0.5], "mean has 2 values, and the image 1 channel: give one"),
    ],
)
def test_bad_decimals(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        isopixel.normalize(RAMP, text, 1)


@pytest.mark.parametrize(
    "value", [None, True, np.float32(0.5), 1j, b"0.5", memoryview(b"5"), Decimal("0.5"), [[0.5]], np.array(0.5), {0.5}]
)
def test_what_is_no_decimal(value):
    for arguments in ((value, 1), (0, value), ([value], 1)):
        with pytest.raises(TypeError, match=r"(mean|std) must be decimal numbers, .* write the number as text"):
            isopixel.normalize(RAMP, *arguments)


def test_an_int_that_python_does_not_write():
    with pytest.raises(ValueError, match="std is a whole number of more than 1000 digits: it has to be below 1000000"):
        isopixel.normalize(RAMP, 0, 10**5000)


@pytest.mark.parametrize("std", [0, -1, "-0", "0.000", [-0.5]])
def test_std_is_above_0(std):
    with pytest.raises(ValueError, match="is not above 0: samples are divided by it"):
        isopixel.normalize(RAMP, 0, std)


def test_numbers_of_channels():
    image = np.zeros((2, 2, 3), np.uint8)
    for mean, std, message in [
        ([0, 1], 1, "mean has 2 values, and the image 3 channels: give one for all, or one for each"),
        (0, [1, 1], "std has 2 values"),
        ([0, 0, 0, 0], 1, "mean has 4 values"),
    ]:
        with pytest.raises(ValueError, match=message):
            isopixel.normalize(image, mean, std)


def read_only(array):
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([[0.0]], TypeError, "out must be a float32 array, got list"),
        (np.zeros((1, 16, 16)), TypeError, "got float64"),
        (np.zeros((1, 16, 16), ">f4"), TypeError, "got >f4"),
        (np.zeros((16, 16), np.float32), ValueError, "out must have the shape (1, 16, 16), got (16, 16)"),
        (read_only(np.zeros((1, 16, 16), np.float32)), ValueError, "out is read-only"),
        (np.zeros((1, 16, 32), np.float32)[..., ::2], ValueError, "out must be C-contiguous, got the strides"),
    ],
)
def test_bad_out(out, error, message):
    with pytest.raises(error, match=re.escape(message)):
        isopixel.normalize(RAMP, 0, 1, out=out)


def test_bad_images():
    memory = np.zeros(64, np.float32)
    with pytest.raises(ValueError, match="out shares memory with image"):
        isopixel.normalize(memory.view(np.uint8)[:64].reshape(8, 8), 0, 1, out=memory.reshape(1, 8, 8))
    with pytest.raises(TypeError, match="dtype uint8, got float32"):
        isopixel.normalize(memory.reshape(8, 8), 0, 1)
    with pytest.raises(ValueError, match="image is empty"):
        isopixel.normalize(np.zeros((0, 3), np.uint8), 0, 1)
    with pytest.raises(ValueError, match="threads must be from 1"):
        isopixel.normalize(RAMP, 0, 1, threads=0)


def test_the_module_keeps_memory_safe():
    """Calls that the package never makes are refused all the same."""
    table, out = normalization_table(0, 1, 1), np.zeros((1, 1, 16, 16), np.float32)
    for image, axes, numbers, result in [
        (RAMP, "HWC", table, out),
        (RAMP.astype(np.int8), "HW", table, out),
        (RAMP, "HX", table, out),
        (RAMP, "HW", table[:, ::2], out),
        (RAMP, "HW", table[:, :255].copy(), out),
        (RAMP, "HW", np.zeros((2, 256), np.float32), out),
        (RAMP, "HW", table, out[:, :, :15]),
        (RAMP, "HW", table, out[0]),
        (RAMP, "HW", table, out.astype(np.float64)),
    ]:
        with pytest.raises((TypeError, ValueError)):
            _core.normalize(image, axes, numbers, result, 1)
    with pytest.raises(ValueError, match="below 1"):
        _core.normalization_table("0", "1", 0)
