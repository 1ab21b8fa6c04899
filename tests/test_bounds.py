# SPDX-License-Identifier: MIT
"""The accumulator: the right width is chosen from the sizes, and it is exact on both sides of each bound."""

import numpy as np
import pytest
from spec import reference

import isopixel
from isopixel import _core
from tests.support import assert_same, exact_method, reference_resize


def largest_sum(n_in, n_out, antialias):
    """The largest sum of weights of an axis, by the definition (R-3)."""
    return max(reference.weight_sums(n_in, n_out, antialias))


def sum_to_one(n):
    """The sum of the weights of an axis n -> 1 with antialias (R-3): Σ_j 2n - |2j + 1 - n|, w = n, v = 1, R = 2n."""
    return 2 * n * n - n * n // 2 if n > 1 else 2


def accumulator_bits(in_size, out_size, antialias):
    """The accumulator that the core takes, 0 where it refuses the sizes."""
    plan = _core._testing.plan(in_size, out_size, 1, exact_method(antialias))
    return plan[1] if plan else 0


def bits_for(d):
    """The narrowest accumulator for the largest denominator d, rounding included; 0 if there is none."""
    return next((bits for bits in (32, 64, 128) if d < 2 ** (bits - 8)), 0)


@pytest.mark.parametrize("bits", [32, 64, 128])
def test_the_bound_suffices(bits):
    """D < 2^(b - 8) implies 255·D + floor(D/2) < 2^b."""
    d = 2 ** (bits - 8) - 1
    assert 255 * d + d // 2 < 2**bits


def test_sum_to_one():
    assert all(sum_to_one(n) == largest_sum(n, 1, True) for n in range(1, 300))


@pytest.mark.parametrize("cases", [300, pytest.param(1500, marks=pytest.mark.slow)])
def test_choice_on_random_sizes(cases):
    rng = np.random.default_rng(11)
    seen = set()
    for _ in range(cases):
        h, w, out_h, out_w = (int(n) for n in 2 ** rng.uniform(0, 9, 4))
        antialias = bool(rng.integers(4))
        expected = bits_for(largest_sum(h, out_h, antialias) * largest_sum(w, out_w, antialias))
        assert accumulator_bits((h, w), (out_h, out_w), antialias) == expected
        seen.add(expected)
    assert seen == {32, 64}


def last_that_fits(bits, sums):
    """The largest n whose denominator sums(n) still fits."""
    low, high = 1, 2**70
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if bits_for(sums(middle)) in range(1, bits + 1) else (low, middle)
    return low


@pytest.mark.parametrize("axis", [0, 1])
def test_both_sides_of_32_bits(axis):
    """Images n × 1 and 1 × n to one pixel; the other axis is 1 -> 1, with the weight 2."""
    n = last_that_fits(32, lambda n: 2 * sum_to_one(n))
    for length, bits in ((n, 32), (n + 1, 64)):
        shape = (length, 1) if axis == 0 else (1, length)
        assert accumulator_bits(shape, (1, 1), True) == bits
        for image in (np.full(shape, 255, np.uint8), tie(shape, axis), one_less(tie(shape, axis))):
            assert_same(isopixel.resize(image, (1, 1)), reference_resize(image, (1, 1)), f"{shape}")


def test_both_sides_of_32_bits_on_both_axes():
    n = last_that_fits(32, lambda n: sum_to_one(n) ** 2)
    for side, bits in ((n, 32), (n + 1, 64)):
        assert accumulator_bits((side, side), (1, 1), True) == bits
        image = np.full((side, side), 255, np.uint8)
        image[0, 0] = 254
        assert_same(isopixel.resize(image, (1, 1)), reference_resize(image, (1, 1)), f"{side}")


def both_sides_with_two_taps():
    """Upscales, as (width, bits): the weights of an axis sum to 2v, here 2·n_out."""
    n = last_that_fits(32, lambda n: 2 * n * 2 * 1021)
    return (n, 32), (n + 1, 64)


def test_both_sides_of_32_bits_with_two_taps():
    for width, bits in both_sides_with_two_taps():
        assert accumulator_bits((2, 3), (1021, width), True) == bits


@pytest.mark.slow
def test_results_on_both_sides_of_32_bits_with_two_taps():
    for width, _ in both_sides_with_two_taps():
        image = np.array([[255, 254, 255], [253, 255, 0]], np.uint8)
        assert_same(isopixel.resize(image, (1021, width)), reference_resize(image, (1021, width)), f"{width}")


def tie(shape, axis):
    """254 in the first half of an axis, 255 in the second: for an even length the mean is 254.5."""
    image = np.full(shape, 254, np.uint8)
    half = [slice(None)] * len(shape)
    half[axis] = slice((shape[axis] + 1) // 2, None)
    image[tuple(half)] = 255
    return image


def one_less(image):
    """The same with one level less in the first sample, whose weight is the smallest."""
    image = image.copy()
    image[(0,) * image.ndim] -= 1
    return image


@pytest.mark.parametrize("axis", [pytest.param(0, marks=pytest.mark.slow), 1])
def test_both_sides_of_64_bits(axis):
    n = last_that_fits(64, lambda n: 2 * sum_to_one(n))
    n -= n % 2
    for length, bits in ((n, 64), (n + 2, 128)):
        check_ties((length, 1) if axis == 0 else (1, length), axis, bits)


@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        pytest.param((240_000_000, 1), 0, marks=pytest.mark.slow),
        pytest.param((1, 240_000_000), 1, marks=pytest.mark.slow),
        ((15_500, 15_500), 0),
    ],
)
def test_beyond_64_bits(shape, axis):
    """The numerators need more than 64 bits, and the rounding hangs on the smallest weight of all."""
    d = sum_to_one(shape[0]) * sum_to_one(shape[1])
    assert 254 * d + d // 2 >= 2**64
    check_ties(shape, axis, 128)
    assert isopixel.resize(np.broadcast_to(np.uint8(255), shape), (1, 1)).item() == 255


def check_ties(shape, axis, bits):
    """254.5 becomes 255; one level less in one sample makes it 254."""
    assert accumulator_bits(shape, (1, 1), True) == bits
    image = tie(shape, axis)
    assert isopixel.resize(image, (1, 1)).item() == 255
    image[0, 0] -= 1
    assert isopixel.resize(image, (1, 1)).item() == 254


def test_both_sides_of_128_bits():
    """No memory holds such an image, but a view of one sample has its shape. What cannot be exact is refused (R-5)."""
    n = last_that_fits(128, lambda n: 2 * sum_to_one(n))
    assert accumulator_bits((n, 1), (1, 1), True) == 128
    assert accumulator_bits((n + 1, 1), (1, 1), True) == 0
    image = np.broadcast_to(np.uint8(1), (n + 1, 1))
    with pytest.raises(ValueError, match="too large for an exact result"):
        isopixel.resize(image, (1, 1))


def test_axes_beyond_64_bit_positions_are_refused():
    for sizes, good in [
        ((2**61 // 3, 1), True),
        ((2**61 // 3 + 1, 1), False),
        ((2**63 - 1, 1), False),
        ((2**40 - 1, 2**20 - 1), True),  # without a common factor: w·(2·n_out + 1) < 2^61
        ((2**40 + 1, 2**20 + 1), False),
        ((2**41, 2**40), True),  # lowest terms count
        ((2**61, 2**61), True),  # a copy
        ((2**61 + 1, 2**61 + 1), False),
    ]:
        for n_in, n_out in (sizes, sizes[::-1]):
            assert (accumulator_bits((n_in, 1), (n_out, 1), False) > 0) is good, sizes
            assert (accumulator_bits((1, n_in), (1, n_out), False) > 0) is good, sizes


def test_sums_whose_product_is_beyond_128_bits_are_refused():
    """Two axes of which each fits, but whose product does not; modulo 2^128 it would look small."""
    for exponent, bits in [(53, 128), (54, 0), (55, 0), (56, 0), (57, 0), (58, 0)]:
        d = 2 * 2**12 * sum_to_one(2**exponent)
        assert bits_for(d) == bits
        assert accumulator_bits((1, 2**exponent), (2**12, 1), True) == bits
