# SPDX-License-Identifier: MIT
"""Every instruction set of this CPU: the scalar one against spec/reference.py, the others against the scalar one."""

import itertools

import numpy as np
import pytest

import isopixel
from isopixel import _core, _verify
from tests import test_resize
from tests.support import assert_same, exact_method, random_image

WIDEST = 2 * 64 + 1  # two vectors of the widest set, of bytes, and one sample more
CHANNELS = (1, 2, 3, 4, 5, 17)


def scalar(function, *arguments, **options):
    """What a function returns with the scalar kernels in use."""
    former = isopixel.get_isa()
    isopixel.set_isa("scalar")
    try:
        return function(*arguments, **options)
    finally:
        isopixel.set_isa(former)


def test_the_set_in_use(isa):
    assert isopixel.get_isa() == isa
    assert scalar(isopixel.get_isa) == "scalar"
    assert isopixel.get_isa() == isa


@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("n_in", range(1, test_resize.WIDEST + 1))
def test_the_reference(n_in, antialias):
    """The sweep of test_resize.py, in which the scalar kernels give the result and the others have to agree."""

    def resize(image, size, *, antialias):
        results = {}
        former = isopixel.get_isa()
        try:
            for name in isopixel.available_isas():
                isopixel.set_isa(name)
                results[name] = isopixel.resize(image, size, antialias=antialias)
        finally:
            isopixel.set_isa(former)
        for name, result in results.items():
            assert_same(result, results["scalar"], f"{name}, {image.shape} -> {size}, antialias={antialias}")
        return results["scalar"]

    test_resize.sweep_axis_pairs(resize, n_in, antialias)


@pytest.mark.parametrize("seed", [100, *(pytest.param(n, marks=pytest.mark.slow) for n in range(101, 104))])
def test_random_cases_of_the_reference(isa, seed):
    """All engines, accumulators, strides and layouts of the axes."""
    test_resize.test_random_cases(seed)
    assert isopixel.get_isa() == isa


# What the other axis does: two taps or a triangle, in blocks that are full, or with one or two lines in the last.
OTHER_AXES = ((3, 4), (5, 17), (19, 5), (35, 33), (4, 4))


def axis_pairs(axis, part, parts):
    """Cases (image, size, antialias), with every pair of lengths from 1 to WIDEST on one axis; one part of them."""
    rng = np.random.default_rng(axis)
    for number, (n_in, n_out) in enumerate(itertools.product(range(1, WIDEST + 1), repeat=2)):
        others = rng.choice(len(OTHER_AXES), 2, replace=False)
        if number % parts != part:
            continue
        for other in (OTHER_AXES[i] for i in others):
            shape, size = (
                zip((n_in, n_out), other, strict=True) if axis == 0 else zip(other, (n_in, n_out), strict=True)
            )
            image = random_image(rng, (*shape, CHANNELS[rng.integers(len(CHANNELS))]))
            for antialias in (True, False) if n_out < n_in or other[1] < other[0] else (True,):
                yield image, size, antialias


def sweep(resize, cases):
    """Compares with the scalar kernels."""
    cases = list(cases)
    expected = scalar(lambda: [isopixel.resize(i, size, antialias=a, axes="HWC") for i, size, a in cases])
    for (image, size, antialias), right in zip(cases, expected, strict=True):
        actual = resize(image, size, antialias=antialias, axes="HWC")
        if not np.array_equal(actual, right):
            assert_same(actual, right, f"{isopixel.get_isa()}, {image.shape} -> {size}, antialias={antialias}")


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 5))])
@pytest.mark.parametrize("axis", [0, 1])
def test_axis_pairs(vector_isa, axis, part):
    sweep(isopixel.resize, axis_pairs(axis, part, 5))
    assert isopixel.get_isa() == vector_isa


@pytest.mark.parametrize(("part", "parts"), [(17, 50), pytest.param(0, 1, marks=pytest.mark.slow)])
def test_the_sweep_rejects_wrong_code(part, parts):
    def wrong_in_one_lane(image, size, **options):
        out = isopixel.resize(image, size, **options)
        if size == (17, WIDEST) and image.shape[2] == 5:
            out[15, -1, -1] ^= 1
        return out

    with pytest.raises(AssertionError, match="1 samples differ"):
        sweep(wrong_in_one_lane, axis_pairs(1, part, parts))


def test_the_sweep_meets_every_engine():
    cases = [case for axis in (0, 1) for case in axis_pairs(axis, 0, 50)]
    plans = [
        _core._testing.plan(i.shape[:2], size, i.shape[2], exact_method(antialias)) for i, size, antialias in cases
    ]
    assert {(engines[0], bits) for engines, bits in plans} >= {("taps", 32), ("blocks", 32), ("sums", 32), ("copy", 32)}


def images(rng, shape):
    """Noise, 0 and 255, nearly saturated, and all 255."""
    yield rng.integers(0, 256, shape, np.uint8)
    yield rng.integers(0, 2, shape, np.uint8) * np.uint8(255)
    yield rng.integers(253, 256, shape, np.uint8)
    yield np.full(shape, 255, np.uint8)


LARGE = [  # with the engine of the scalar set and the accumulator, with antialias
    ((3000, 700, 1), (224, 224), ("blocks", 32)),
    ((3000, 701, 3), (37, 224), ("blocks", 64)),
    ((640, 480, 3), (224, 224), ("blocks", 32)),
    ((512, 512, 3), (256, 256), ("blocks", 32)),
    ((512, 384, 4), (128, 128), ("blocks", 32)),
    ((30, 32768, 1), (4, 3), ("blocks", 64)),  # the longest segments
    ((7, 32768, 1), (21, 2), ("blocks", 64)),
    ((40, 10922, 3), (17, 7), ("blocks", 64)),
    ((40, 10923, 3), (17, 7), ("sums", 64)),
    ((20, 40, 256), (17, 13), ("blocks", 32)),
    ((16_000, 33, 1), (130, 20), ("blocks", 64)),
    ((5_000, 90, 3), (3, 40), ("sums", 64)),
    ((700, 500, 4), (300, 1000), ("blocks", 32)),
    ((500, 300, 5), (33, 900), ("blocks", 32)),
    ((256, 256, 3), (1024, 1024), ("taps", 32)),
    ((720, 1280, 3), (1080, 1920), ("taps", 32)),
    ((360, 640, 1), (1000, 999), ("blocks", 32)),
    ((100, 100, 17), (37, 61), ("blocks", 32)),
]


@pytest.mark.parametrize(("shape", "size", "chosen"), LARGE, ids=str)
def test_large(vector_isa, shape, size, chosen):
    engines, bits = scalar(_core._testing.plan, shape[:2], size, shape[2], "bilinear")
    assert (engines[0], bits) == chosen
    cases = ((image, size, a) for image in images(np.random.default_rng(1), shape) for a in (True, False))
    sweep(isopixel.resize, cases)
    assert isopixel.get_isa() == vector_isa


def test_engines(vector_isa):
    """Every engine that suits the sizes, with every accumulator, between guards."""
    rng = np.random.default_rng(2)
    for _ in range(600):
        h, w, out_h, out_w = (int(n) for n in 2 ** rng.uniform(0, 8, 4))
        channels, antialias = int(rng.choice(CHANNELS)), bool(rng.integers(2))
        image = test_resize.strided(rng, random_image(rng, (h, w, channels)))
        expected = scalar(isopixel.resize, image, (out_h, out_w), antialias=antialias, axes="HWC")
        if not test_resize.rows_contiguous(image):
            image = np.ascontiguousarray(image)
        engines, least = _core._testing.plan((h, w), (out_h, out_w), channels, exact_method(antialias))
        for engine in engines:
            for bits in {"blocks": (32, 64), "sums": (32, 64, 128)}.get(engine, (least,)):
                if bits < least:
                    continue
                canvas = np.full((1, out_h + 2, out_w + 2, channels), 171, np.uint8)
                out = canvas[:, 1:-1, 1:-1][:, :: int(rng.choice([1, -1]))]
                _core._testing.resize_by(image[None], out, exact_method(antialias), engine, bits)
                what = f"{vector_isa}, {image.shape} -> {(out_h, out_w)}, {antialias}, {engine} in {bits} bits"
                assert_same(out[0].copy(), expected, what)
                out[...] = 171
                assert (canvas == 171).all(), what


@pytest.mark.parametrize("axes", ["NHW", "NHWC", "NCHW"])
def test_batches(vector_isa, axes):
    rng = np.random.default_rng(3)
    for _ in range(60):
        n, h, w, out_h, out_w = (int(n) for n in rng.integers(1, 50, 5))
        shape = {"NHW": (n, h, w), "NHWC": (n, h, w, 3), "NCHW": (n, 3, h, w)}[axes]
        batch = random_image(rng, shape)[:, ::-1]
        expected = [scalar(isopixel.resize, image, (out_h, out_w), axes=axes[1:]) for image in batch]
        actual = isopixel.resize(batch, (out_h, out_w), axes=axes)
        assert_same(actual, np.stack(expected), f"{vector_isa}, {axes}, {shape} -> {(out_h, out_w)}")


def push_in_pieces(rng, image, size, antialias):
    """An image of rows and of bytes that are pushed in turn, in pieces of odd lengths."""
    out = np.full((1, *size, image.shape[2]), 7, np.uint8)
    stream = _core._testing.RowStream(image.shape[:2], out, exact_method(antialias))
    row = image.shape[1] * image.shape[2]
    data = image.tobytes()
    done = 0
    while done < len(data):
        if done % row == 0 and rng.integers(2):
            n = int(rng.integers(0, (len(data) - done) // row + 1))
            stream.push_rows(image[None, done // row : done // row + n])
            done += n * row
        else:
            n = min(int(rng.choice([1, 3, 7, row - done % row, row + 5, 3 * row + 1])), len(data) - done)
            stream.push(data[done : done + n])
            done += n
    stream.finish()
    return out[0]


@pytest.mark.parametrize("antialias", [True, False])
def test_streams(vector_isa, antialias):
    rng = np.random.default_rng(4)
    for _ in range(150):
        h, w, out_h, out_w = (int(n) for n in rng.integers(1, 80, 4))
        image = random_image(rng, (h, w, int(rng.choice(CHANNELS))))
        expected = scalar(isopixel.resize, image, (out_h, out_w), antialias=antialias, axes="HWC")
        actual = push_in_pieces(rng, image, (out_h, out_w), antialias)
        assert_same(actual, expected, f"{vector_isa}, {image.shape} -> {(out_h, out_w)}, antialias={antialias}")


@pytest.mark.parametrize("layout", ["nataraj", "fixed,width=33,channels=3", "square", "hilbert", "bigram", "line"])
def test_bytes(vector_isa, layout):
    rng = np.random.default_rng(5)
    for _ in range(10):
        data = random_image(rng, int(2 ** rng.uniform(1, 16))).tobytes()
        size = tuple(int(n) for n in rng.integers(1, 70, 2))
        expected = scalar(isopixel.from_bytes, data, layout, size)
        assert_same(isopixel.from_bytes(data, layout, size), expected, f"{vector_isa}, {layout}, {len(data)} -> {size}")


@pytest.mark.parametrize("window", [4, 30, 62, 94, 254, 256, 400, 1408])
def test_sounds(vector_isa, window):
    """Windows of each radix, and one of a convolution, with fewer frames than lanes, and more."""
    rng = np.random.default_rng(window)
    for layout in (f"logfft,rate=8000,window={window},hop=37,gain=64", "logmel,rate=8000,window=400,hop=99,bands=7"):
        for n in (1, 100, 411, 1300):
            samples = np.rint(rng.choice([1, 9000]) * rng.standard_normal(n)).clip(-32768, 32767).astype(np.int16)
            expected = scalar(isopixel.from_samples, samples, layout)
            assert_same(isopixel.from_samples(samples, layout), expected, f"{vector_isa}, {layout}, {n} samples")


def test_vectors(isa):
    """Those of the specification, made by the reference alone."""
    assert _verify.first_failure(_verify.load_vectors()) is None
    assert isopixel.get_isa() == isa
