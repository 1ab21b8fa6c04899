# SPDX-License-Identifier: MIT
"""The reference of R-32 to R-49: exact filters against fractions, frozen ones against what libraries compute."""

import math
import platform
from fractions import Fraction
from math import floor, prod

import numpy as np
import pytest
from spec import (
    exact_filters,
    filter_cases,
    frozen_opencv_filters,
    frozen_passes,
    frozen_pillow,
    frozen_torch,
    reference,
)
from spec import frozen_reference as frozen
from spec.trigonometry import cosine, sine

from tests.peer_images import digest, frozen_resize, image, load_cases, random_cases, shape_of
from tests.support import assert_same

HALF = Fraction(1, 2)


def keys(x, a):
    """The cubic convolution of Keys (1981), as it is usually written."""
    x = abs(x)
    if x <= 1:
        return (a + 2) * x**3 - (a + 3) * x**2 + 1
    return a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a if x < 2 else Fraction(0)


def fraction_axis(method, n_in, n_out):
    """The weights as usually written, in source pixels and normalised: for each result {sample: weight}."""
    scale = Fraction(n_in, n_out)
    rows = []
    for i in range(n_out):
        centre = (i + HALF) * scale
        row = dict.fromkeys(range(n_in), Fraction(0))
        if method == "nearest":
            row[floor(centre)] = Fraction(1)
        elif method == "area":
            for j in row:
                row[j] = max(Fraction(0), min((i + 1) * scale, Fraction(j + 1)) - max(i * scale, Fraction(j)))
        elif method == "bicubic":
            for j in row:
                row[j] = keys((j + HALF - centre) / max(scale, Fraction(1)), -HALF)
        else:
            first = floor(centre - HALF) - 1
            for j in range(first, first + 4):
                row[min(max(j, 0), n_in - 1)] += keys(j + HALF - centre, Fraction(-3, 4))
        rows.append({j: weight / sum(row.values()) for j, weight in row.items()})
    return rows


@pytest.mark.parametrize("method", ["nearest", "area", "bicubic", "bicubic-four-tap"])
def test_exact_filters_equal_fractions(method):
    """R-32 to R-36."""
    clipped = 0
    for array, (out_h, out_w) in random_cases(1, [1], 20):
        array = array[:8, :8, 0]  # random_cases makes tall images too
        (h, w), (out_h, out_w) = array.shape, (min(out_h, 8), min(out_w, 8))
        wy, wx = fraction_axis(method, h, out_h), fraction_axis(method, w, out_w)
        samples = reference.resize(array.tobytes(), (h, w, 1), (out_h, out_w), method)
        for at, sample in enumerate(samples):
            y, x = divmod(at, out_w)
            value = sum(wy[y][j] * wx[x][k] * int(array[j, k]) for j in range(h) for k in range(w))
            assert sample == min(255, max(0, floor(value + HALF))), (array.shape, (out_h, out_w), y, x)
            clipped += not 0 <= value <= 255
    assert (clipped > 20) == method.startswith("bicubic")


def test_worked_example():
    """The numbers of the SPEC's last section (R-32 to R-36)."""
    assert exact_filters.bicubic_axis(3, 2) == [[(0, 405), (1, 243), (2, -25)], [(0, -25), (1, 243), (2, 405)]]
    assert exact_filters.bicubic_axis(1, 1) == [[(0, 16)]]
    assert exact_filters.four_tap_axis(3, 2)[0] == [(0, -27), (0, 225), (1, 67), (2, -9)]
    for row, method, expected in [
        ([10, 20, 200], "bicubic", [6, 137]),
        ([10, 20, 200], "bicubic-four-tap", [6, 160]),
        ([10, 20, 200], "area", [13, 140]),
        ([10, 20, 200], "nearest", [10, 200]),
        ([0, 0, 255], "bicubic", [0, 166]),
    ]:
        assert list(reference.resize(bytes(row), (1, 3, 1), (1, 2), method)) == expected, method


def test_sums_of_weights():
    """What follows from R-32 to R-35: the sums of the weights."""
    for n_in in range(1, 40):
        for n_out in range(1, 40):
            w, v = exact_filters.reduced(n_in, n_out)
            sums = {name: {sum(k for _, k in taps) for taps in axis(n_in, n_out)} for name, axis in EXACT.items()}
            assert (sums["nearest"], sums["area"], sums["bicubic-four-tap"]) == ({1}, {w}, {4 * (2 * v) ** 3})
            assert min(sums["bicubic"]) > 0


EXACT = {name: axis for name, axis in reference.EXACT.items() if not name.startswith("bilinear")}
CASES = load_cases("filters.json")
METHODS = list(dict.fromkeys(method for method, *_ in filter_cases.frozen_cases()))


def test_methods():
    """R-18: every method other than bilinear has vectors and recorded results."""
    assert set(METHODS) == {method for _, _, digests in CASES for method in digests}
    assert set(METHODS) == {method for method in frozen.METHODS if "linear" not in method}
    assert {method for method, *_ in filter_cases.exact_cases()} == EXACT.keys()


@pytest.mark.parametrize("most", [3000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("method", METHODS)
def test_recorded_results_of_peers(method, most):
    """R-37 to R-49: the smaller cases; and, in minutes, all but the largest, which test_filters.py has."""
    seen = 0
    for name, size, digests in CASES:
        shape = shape_of(name)
        if method in digests and prod(shape) + prod(size) * shape[2] <= most:
            assert digest(frozen_resize(method, image(name), size)) == digests[method], (name, size)
            seen += 1
    assert seen >= (5 if most == 3000 else 25)


@pytest.mark.parametrize(
    "mode", ["LA", *(pytest.param(mode, marks=pytest.mark.slow) for mode in ("L", "RGB", "RGBA", "CMYK"))]
)
@pytest.mark.parametrize("name", ["bicubic", "lanczos", "hamming", "box", "nearest"])
def test_installed_pillow(name, mode):
    """R-37 to R-40: the method of the release that is installed."""
    pillow = pytest.importorskip("PIL.Image")
    version = tuple(int(n) for n in pillow.__version__.split(".")[:2])
    if not (8, 2) <= version <= (13, 0):
        pytest.skip(f"which method Pillow {pillow.__version__} computes is not known")
    era = ("7" if name == "box" else "4") if version < (12, 2) else "12.2" if version < (13, 0) else "13"
    method = f"pillow-{era}-{name}" + ("-alpha" if mode in ("LA", "RGBA") else "")
    if name == "nearest":
        method = "pillow-4-nearest"
    for array, size in random_cases(2, [{"L": 1, "LA": 2, "RGB": 3}.get(mode, 4)], 60):
        picture = pillow.frombytes(mode, array.shape[1::-1], array.tobytes())
        peer = np.asarray(picture.resize(size[::-1], getattr(pillow, name.upper()))).reshape(*size, array.shape[2])
        assert_same(frozen_resize(method, array, size), peer, f"{mode} {array.shape} to {size}")


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="OpenCV is another on other processors")
@pytest.mark.parametrize("name", ["nearest", "area", "lanczos4", "cubic"])
def test_installed_opencv(name):
    """R-41 to R-47; cubic where OpenCV does not leave it to another library (R-46)."""
    cv2 = pytest.importorskip("cv2")
    tried = 0
    for array, size in random_cases(3, [2, 5, 7] if name == "cubic" else [1, 2, 3, 4], 120):
        if array.shape[:2] == (1, 1):
            continue  # which OpenCV 4.5.4 refuses
        peer = cv2.resize(array, size[::-1], interpolation=getattr(cv2, f"INTER_{name.upper()}"))
        peer = peer.reshape(*size, array.shape[2])
        assert_same(frozen_resize(f"opencv-3.4-{name}", array, size), peer, f"{array.shape} to {size}")
        tried += 1
    assert tried > 100


@pytest.mark.parametrize("name", ["torch-2.1-bicubic-antialias", "torch-2.3-bicubic", "torch-2.0-nearest"])
def test_installed_torch(name):
    """R-48, R-49: where torch's own paths are right (R-27)."""
    torch = pytest.importorskip("torch")
    if torch.__version__.partition("+")[0] != "2.13.0":
        pytest.skip(f"whether torch {torch.__version__} computes the same is not known")
    mode, _, antialias = name.split("-", 2)[2].partition("-")
    for array, size in random_cases(4, [1, 2, 3, 4, 5, 7], 120):
        if size[1] == 1:
            continue
        batch = torch.tensor(array)[None].permute(0, 3, 1, 2)
        peer = torch.nn.functional.interpolate(batch, size, mode=mode, antialias=bool(antialias))
        peer = peer[0].permute(1, 2, 0).contiguous().numpy()
        assert_same(frozen_resize(name, array, size), peer, f"{array.shape} to {size}")


def test_box():
    """R-37: half of a pixel below the centre belongs to the window, half above it does not."""
    assert [frozen_passes.box(x) for x in (-0.5, -0.49, 0.5, 0.51)] == [0.0, 1.0, 1.0, 0.0]


def test_weights_below_zero():
    """R-20: rounded half away from 0, as those above."""
    assert [frozen_passes.integer_weight(u, 1) for u in (-0.75, -0.5, -0.25, -0.2, 0.0, 0.25, 0.75)] == [
        -2, -1, -1, 0, 0, 1, 2,
    ]  # fmt: skip


def test_alpha_of_negative_weights():
    """R-39: a colour may be above its alpha, and stays where there is none."""
    assert [frozen_pillow.divided(q, a) for q, a in ((9, 0), (200, 100), (7, 255), (1, 3))] == [9, 255, 7, 85]


def test_sine_and_cosine():
    """R-38: by doubled angles in fractions, far more exactly than binary64."""
    rng = np.random.default_rng(1)
    for y in [*rng.uniform(-3 * math.pi, 3 * math.pi, 300), math.pi, -math.pi, 2 * math.pi, 1e-9, math.pi / 2, 9.42]:
        s, c = series(Fraction(float(y)))
        for value, exact in ((sine(float(y)), s), (cosine(float(y)), c)):
            below, above = (Fraction(math.nextafter(value, side)) for side in (-math.inf, math.inf))
            assert abs(exact - Fraction(value)) <= min(exact - below, above - exact), y


def series(y):
    """Sine and cosine to 2^-200, by Taylor's series of y/256 and eight doublings."""
    x, sin, cos, term = y / 256, Fraction(0), Fraction(0), Fraction(1)
    for k in range(40):
        if k % 2:
            sin += term * (-1) ** (k // 2)
        else:
            cos += term * (-1) ** (k // 2)
        term = term * x / (k + 1)
    for _ in range(8):
        sin, cos = (Fraction(floor(v * 2**400), 2**400) for v in (2 * sin * cos, cos * cos - sin * sin))
    return sin, cos


def test_filters():
    """R-37, at places of which the values are known, and nearly by the functions of the C library."""
    assert [frozen_passes.bicubic(x) for x in (0.0, 0.5, -1.0, 1.5, 2.0)] == [1.0, 0.5625, 0.0, -0.0625, 0.0]
    assert [frozen_passes.lanczos(x) for x in (0.0, 3.0, -3.5)] == [1.0, 0.0, 0.0]
    assert [frozen_passes.hamming(x) for x in (0.0, 1.0, -1.0)] == [1.0, 0.0, 0.0]
    for x in (0.1, -0.5, 0.75, 1.25, -2.5):
        y = x * math.pi
        assert frozen_passes.lanczos(x) == pytest.approx(math.sin(y) / y * math.sin(y / 3) / (y / 3), rel=1e-15)
        if abs(x) < 1:
            window = 0.54 + 0.46 * math.cos(y)
            exact = math.sin(y) / y * (0.5400000214576721 + 0.46000000834465027 * math.cos(y))
            assert frozen_passes.hamming(x) == pytest.approx(exact, rel=1e-15)
            assert frozen_passes.hamming(x) != pytest.approx(math.sin(y) / y * window, rel=1e-9)


def test_nearest_samples():
    """R-40, R-41, R-49, where floating point decides: not what the integers would give."""
    assert frozen_pillow.nearest_axis(2, 7)[3] == 0 and (2 * 3 + 1) * 2 // 14 == 1
    assert frozen_opencv_filters.nearest_axis(2, 98)[49] == 0 and 49 * 2 // 98 == 1
    assert frozen_torch.nearest_axis(2, 82) != [i * 2 // 82 for i in range(82)]


def test_areas_of_opencv():
    """R-42, R-43: 49 to 1 is no whole block, and what is refused."""
    assert frozen_opencv_filters.opencv_scale(49, 1) != 49
    five = bytes(49 * 5)
    with pytest.raises(ValueError, match="R-43"):
        frozen.resize("opencv-3.4-area", five, (49, 1, 5), (1, 1))
    assert frozen.resize("opencv-3.4-area", five, (49, 1, 5), (7, 1)) == bytes(35)
    assert frozen.resize("opencv-3.4-area", five, (49, 1, 5), (3, 2)) == bytes(30)
    with pytest.raises(ValueError, match="R-42"):
        frozen_opencv_filters.blocks([b"1"], 2**20, 9, True)
    # 4001 to 2000: the parts of 0.0005 that begin the second result and end the first are left out
    weights = frozen_opencv_filters.fraction_axis(4001, 2000)
    assert [j for j, _ in weights[0]] == [0, 1] and [j for j, _ in weights[1]] == [2, 3, 4]


def test_weights_of_opencv():
    """R-45: at a sample the weight is its own, also where binary32 makes 1 of the place between two."""
    for function, own in ((frozen_opencv_filters.cubic_weights, 1), (frozen_opencv_filters.lanczos4_weights, 3)):
        for f in (0.0, 1.0):
            weights = [frozen_passes.rint(2048 * k) for k in function(f)]
            assert weights == [2048 * (t == own + f) for t in range(len(weights))], f
        assert sum(function(0.3)) == pytest.approx(1, abs=1e-6)
    assert frozen_opencv_filters.cubic_weights(0.5) == [-0.09375, 0.59375, 0.59375, -0.09375]


def test_cubic_of_opencv_by_columns():
    """R-46, R-47: a tie goes up in the integer form, and to even in the first eighths of a row."""
    weights = [2048, 0, 0, 0]
    for value in (0.5, 1.5, 2.5):
        sums = [int(value * 2048), 0, 0, 0]
        assert frozen_opencv_filters.integer_value(weights, sums) == floor(value + 0.5)
        assert frozen_opencv_filters.binary32_value(weights, sums) == round(value)


def test_running_sums_of_torch():
    """R-48: 301 samples to 300 have no weight of 1 - 2^-16 or more, but a sum on the way to one."""
    weights, bits = frozen_torch.four_tap_axis(301, 300)
    most = max(u for taps in weights for _, u in taps)
    assert (frozen_torch.torch_bits(most), bits) == (15, 14)


def test_sides_that_nearest_refuses():
    """R-40, R-49."""
    for method in ("pillow-4-nearest", "torch-2.0-nearest"):
        n = 2**24 + 1
        with pytest.raises(ValueError, match="2\\^24"):
            frozen.resize(method, bytes(n), (1, n, 1), (1, 3))
        with pytest.raises(ValueError, match="2\\^24"):
            frozen.resize(method, b"1", (1, 1, 1), (n, 1))
        assert frozen.resize(method, bytes(n), (1, n, 1), (1, n)) == bytes(n)


def test_sides_that_pillow_refuses():
    """R-39: by the support of each filter."""
    for name, support in (("bicubic", 2), ("lanczos", 3), ("hamming", 1), ("box", 1)):
        most = (2**31 - 1) // (8 * (2 * support + 1))
        with pytest.raises(ValueError, match="R-22"):
            frozen.resize(f"pillow-13-{name}", b"1", (1, 1, 1), (1, most + 1))
