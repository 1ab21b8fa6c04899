# SPDX-License-Identifier: MIT
"""The frozen reference against what the peers were seen to compute, against installed peers, and rule by rule.

Of R-37 to R-49 the rules one by one are in test_filter_reference.py.
"""

import platform
from math import prod

import numpy as np
import pytest
from spec import frozen_cases, frozen_opencv, frozen_passes, frozen_pillow, frozen_torch, recipes, reference
from spec import frozen_reference as frozen

from tests.peer_images import digest, frozen_resize, image, load_cases, random_cases, shape_of
from tests.support import assert_same


# Samples in and out of the cases of peers.json that the reference is fast enough for: 109 of 268, or 155 with patience.
@pytest.mark.parametrize("most", [20_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("method", [method for method in frozen_cases.CHANNELS if not method.endswith("-alpha")])
def test_recorded_results_of_peers(method, most):
    """R-18 to R-22 and R-24 to R-28."""
    seen = 0
    for name, size, digests in load_cases():
        shape = shape_of(name)
        if method in digests and prod(shape) + prod(size) * shape[2] <= most:
            assert digest(frozen_resize(method, image(name), size)) == digests[method], (name, size)
            seen += 1
    assert seen == {20_000: (105, 109), 100_000: (151, 155)}[most][not method.startswith("pillow")]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_installed_pillow(mode):
    """R-20 to R-23: the method of the release that is installed."""
    pillow = pytest.importorskip("PIL.Image")
    version = tuple(int(n) for n in pillow.__version__.split(".")[:2])
    if version > (13, 0):
        pytest.skip(f"which method Pillow {pillow.__version__} computes is not known")
    era = "4" if version < (12, 2) else "12.2" if version < (13, 0) else "13"
    method = f"pillow-{era}-bilinear" + ("-alpha" if mode in ("LA", "RGBA") else "")
    for array, size in random_cases(2, [{"L": 1, "LA": 2, "RGB": 3}.get(mode, 4)]):
        peer = pillow.frombytes(mode, array.shape[1::-1], array.tobytes()).resize(size[::-1], pillow.BILINEAR)
        peer = np.asarray(peer).reshape(*size, array.shape[2])
        assert_same(frozen_resize(method, array, size), peer, f"{mode} {array.shape} to {size}")


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="OpenCV is another on other processors")
@pytest.mark.parametrize("name", ["linear", "linear-exact"])
def test_installed_opencv(name):
    """R-24 to R-26."""
    cv2 = pytest.importorskip("cv2")
    flag = cv2.INTER_LINEAR if name == "linear" else cv2.INTER_LINEAR_EXACT
    for array, size in random_cases(3, [1, 2, 3, 4, 5, 7]):
        peer = cv2.resize(array, size[::-1], interpolation=flag).reshape(*size, array.shape[2])
        assert_same(frozen_resize(f"opencv-3.4-{name}", array, size), peer, f"{array.shape} to {size}")


@pytest.mark.parametrize("antialias", [True, False])
def test_installed_torch(antialias):
    """R-27, R-28: channels_last, and one channel only where the result has columns enough for torch."""
    torch = pytest.importorskip("torch")
    if torch.__version__.partition("+")[0] != "2.13.0":
        pytest.skip(f"whether torch {torch.__version__} computes the same is not known")
    method = "torch-2.0-bilinear-antialias" if antialias else "torch-2.3-bilinear"
    for array, size in random_cases(4, [1, 2, 3, 4, 5, 7]):
        if array.shape[2] == 1 and size[1] == 1:
            continue
        batch = torch.tensor(array)[None].permute(0, 3, 1, 2)
        peer = torch.nn.functional.interpolate(batch, size, mode="bilinear", antialias=antialias)
        peer = peer[0].permute(1, 2, 0).contiguous().numpy()
        assert_same(frozen_resize(method, array, size), peer, f"{array.shape} to {size}")


def test_what_is_refused():
    """R-18, and the sides of R-22 that Pillow does not do."""
    for method in frozen.METHODS:
        allowed = {
            channels
            for channels in (1, 2, 3, 4, 5, 512, 513)
            if not raises(method, bytes(channels), (1, 1, channels), (1, 2))
        }
        pillow = {2, 4} if method.endswith("-alpha") else {1, 2, 3, 4} if method.endswith("nearest") else {1, 3, 4}
        opencv = {1, 2, 3, 4, 5, 512}
        assert allowed == (pillow if method[0] == "p" else opencv if method[0] == "o" else {*opencv, 513}), method
        channels = min(allowed)
        for size in [(0, 1), (1, 0), (2**31, 1), (1, 2**31)]:
            assert raises(method, bytes(channels), (1, 1, channels), size)
    assert raises("pillow-5-bilinear", b"1", (1, 1, 1), (1, 1))
    assert raises("bilinear", b"1", (1, 1, 1), (1, 1))
    for era in ("4", "12.2", "13"):
        method = f"pillow-{era}-bilinear"
        n = 2**24 + 1
        assert raises(method, bytes(n), (1, n, 1), (1, 3))
        assert raises(method, bytes(n), (1, n, 1), (2, n))
        assert raises(method, b"1", (1, 1, 1), (1, 89_478_486))
        assert raises(method, b"1", (1, 1, 1), (89_478_486, 1))
    assert raises("pillow-13-bilinear", bytes(2**27), (1, 2**27, 1), (1, 3))


def raises(*arguments):
    try:
        frozen.resize(*arguments)
    except ValueError:
        return True
    return False


def test_a_size_that_stays():
    """R-18: no method changes the image then, whatever its alpha (R-23)."""
    for method, (numbers, *_) in frozen.METHODS.items():
        samples = reference.vector_input("noise 1", 3 * 5 * numbers[0])
        assert frozen.resize(method, samples, (3, 5, numbers[0]), (3, 5)) == samples


def test_numbers():
    """R-19."""
    assert [frozen_passes.rint(x) for x in (0.5, 1.5, 2.5, 2.51, 0.0)] == [0, 2, 2, 3, 0]
    assert [frozen_passes.trunc(x) for x in (-1.5, -0.5, 0.5, 1.5)] == [-1, 0, 0, 1]
    assert [frozen_passes.single(n) for n in (2**24 + 1, 2**24 + 3, 0.5)] == [2**24, 2**24 + 4, 0.5]
    assert [frozen_passes.clip(n) for n in (-1, 0, 255, 256)] == [0, 0, 255, 255]


@pytest.mark.parametrize(("shape", "size"), frozen_cases.ORDER)
def test_order_of_the_passes(shape, size):
    """R-22: the vertical pass is the first where the horizontal one is, in the transposed image."""
    array = np.random.default_rng(5).integers(0, 256, (*shape, 3), np.uint8)
    across_first = frozen_resize("pillow-4-bilinear", array, size)
    transposed = np.ascontiguousarray(array.transpose(1, 0, 2))
    down_first = frozen_resize("pillow-4-bilinear", transposed, size[::-1]).transpose(1, 0, 2)
    (h, w), (out_h, out_w) = shape, size
    for era, down in (("12.2", h > 100 * w and out_h < h), ("13", h > out_h and h - out_h > 2 * (w - out_w))):
        expected = down_first if down else across_first
        assert_same(frozen_resize(f"pillow-{era}-bilinear", array, size), expected, f"{era} {shape} to {size}")


def test_both_sides_of_each_order():
    """R-22: the cases of the vectors do switch the order, and not all of them do."""
    for era, number in (("12.2", 1), ("13", 5)):
        switched = [
            case
            for case in frozen_cases.ORDER
            if len({resized_noise(f"pillow-{name}-bilinear", *case) for name in ("4", era)}) == 2
        ]
        assert len(switched) == number, era


def resized_noise(method, shape, size):
    return frozen.resize(method, reference.vector_input("noise 3", prod(shape)), (*shape, 1), size)


def test_triangle():
    """R-20, R-21: 3 samples to 2, by hand: f = 1.5, and the weights 5/8 and 3/8."""
    (first, second) = frozen_passes.windows(3, 2, frozen_passes.triangle)
    assert [j for j, _ in first] == [0, 1] and [j for j, _ in second] == [1, 2]
    assert [u for _, u in first] == pytest.approx([5 / 8, 3 / 8])
    assert frozen_passes.vertical_pass([b"\x0a", b"\x14", b"\xc8"], [first, second], 22) == [b"\x0e", b"\x85"]
    assert frozen_passes.vertical_pass([b"\xff", b"\xff"], [[(0, 0.75), (1, 0.75)]], 3) == [b"\xff"]
    assert frozen_passes.vertical_pass([b"\x07"], [[(0, 0.9)]], 0) == [b"\x07"]


def test_alpha():
    """R-23, by hand: a colour without alpha counts for nothing."""
    two = bytes([200, 255, 100, 0])
    assert frozen.resize("pillow-4-bilinear-alpha", two, (1, 2, 2), (1, 1)) == bytes([199, 128])
    assert frozen.resize("pillow-4-bilinear-alpha", bytes([9, 0] * 2), (1, 2, 2), (1, 1)) == bytes([0, 0])
    for p in range(256):
        for a in range(256):
            assert frozen_pillow.premultiplied(p, a) == (2 * p * a + 255) // 510
    assert [frozen_pillow.divided(q, a) for q, a in ((0, 0), (7, 255), (1, 3), (3, 3))] == [0, 7, 85, 255]


def test_half_size_of_opencv():
    """R-24: where a tie goes, by channels."""
    for sum_of_four, even in ((2, 0), (6, 2), (3, 1), (1, 0)):
        for channels in range(1, 7):
            block = np.zeros((2, 2, channels), np.uint8)
            block[0, 0], block[1, 1] = 1, sum_of_four - 1
            for method, upwards in (("opencv-3.4-linear", (1, 3, 4)), ("opencv-3.4-linear-exact", (1, 2, 3, 4))):
                expected = (sum_of_four + 2) // 4 if channels in upwards else even
                assert frozen.resize(method, block.tobytes(), (2, 2, channels), (1, 1)) == bytes([expected] * channels)


def test_axes_of_opencv():
    """R-25, R-26, by hand: 2 samples to 4 lie at -0.25, 0.25, 0.75 and 1.25."""
    assert frozen_opencv.opencv_places(2, 4) == [-0.25, 0.25, 0.75, 1.25]
    edge = [((0, 2048), (0, 0)), ((0, 1536), (1, 512)), ((0, 512), (1, 1536)), ((1, 2048), (1, 0))]
    assert frozen_opencv.linear_axis(2, 4, True) == edge
    assert frozen_opencv.linear_axis(2, 4, False) == [((0, 512), (0, 1536)), *edge[1:3], ((1, 1536), (1, 512))]
    assert frozen_opencv.exact_axis(2, 4) == [[(0, 256)], [(0, 192), (1, 64)], [(0, 64), (1, 192)], [(1, 256)]]
    assert frozen_opencv.exact_axis(1, 2) == [[(0, 256)], [(0, 256)]]


def test_bits_of_torch():
    """R-27: the largest integer weight has 15 bits, but no weight more than 22 behind the point."""
    below_one = [(32767.5 / 2**15, 14), (32767.4 / 2**15, 15), (0.5, 15), (0.49, 16)]
    for m, bits in [(1.0, 14), *below_one, (2.0**-7, 21), (2.0**-8, 22), (2.0**-9, 22), (0.0, 22)]:
        assert frozen_torch.torch_bits(m) == bits, m


def test_two_taps_of_torch():
    """R-28, by hand: 2 samples to 4 lie at 0, 0.25, 0.75 and 1.25, which is sample 1 alone."""
    weights, bits = frozen_torch.two_tap_axis(2, 4)
    assert weights == [[(0, 1.0), (1, 0.0)], [(0, 0.75), (1, 0.25)], [(0, 0.25), (1, 0.75)], [(1, 1.0)]]
    assert bits == 14


def test_layouts():
    """R-15, R-16: a layout resized by a frozen method."""
    data = reference.vector_input("noise 2", 100)
    shape, samples = reference.resized_layout("line", data, (3, 4), method="pillow-4-bilinear")
    assert shape == (3, 4, 1)
    assert samples == frozen.resize("pillow-4-bilinear", data, (1, 100, 1), (1, 12))
    shape, samples = reference.resized_layout("square", data, (3, 4), method="opencv-3.4-linear")
    assert samples == frozen.resize("opencv-3.4-linear", data, (10, 10, 1), (3, 4))
    for method in frozen.METHODS:
        line = f"isopixel 1: line | {method} 3,4"
        assert recipes.parse(line).text == line
        for option in ("no", "yes"):
            with pytest.raises(ValueError, match="no method"):
                recipes.parse(f"isopixel 1: line | {method}-{option} 3,4")
