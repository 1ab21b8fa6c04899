# SPDX-License-Identifier: MIT
"""The frozen peers of the core (R-18 to R-28, R-37 to R-49): the reference, and the libraries."""

import sys
from itertools import product

import numpy as np
import pytest
from spec import frozen_reference

import isopixel
from isopixel import _core
from tests.peer_images import frozen_resize, random_cases
from tests.support import assert_same, cmyk, isa_in_use, random_image

FROZEN = [method.name for method in isopixel.methods() if method.is_frozen]
CHANNELS = {"pillow": (1, 3, 4), "opencv": (1, 2, 3, 4, 5, 7), "torch": (1, 2, 3, 4, 5, 7)}


def channels_of(method):
    """The numbers of channels to try."""
    if method == "opencv-3.4-area":
        return (1, 2, 3, 4)  # with fractions
    return (2, 4) if method.endswith("-alpha") else CHANNELS[method.split("-")[0]]


def resize(image, size, method, axes="HWC", **options):
    channels = cmyk(method, image.shape[-1])
    return isopixel.resize(image, size, method=method, axes=axes, channels=channels, **options)


def test_methods_of_the_reference():
    assert set(FROZEN) == set(frozen_reference.METHODS)


@pytest.mark.parametrize("number", [30, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("method", FROZEN)
def test_against_the_reference(method, number):
    """With each instruction set of this CPU."""
    for array, size in random_cases(1, channels_of(method), number, widening=40):
        expected = frozen_resize(method, array, size)
        for isa in isopixel.available_isas():
            with isa_in_use(isa):
                actual = resize(array, size, method)
            assert_same(actual, expected, f"{isa}, {method} {array.shape} -> {size}")


@pytest.mark.parametrize(
    ("method", "columns", "out"),
    [
        ("pillow-4-bilinear", 4096, 1),
        ("pillow-13-bilinear", 4096, 1),
        ("torch-2.0-bilinear-antialias", 4096, 1),
        ("torch-2.3-bilinear", 246, 32768),
        ("torch-2.3-bicubic", 246, 32768),
    ],
)
def test_weights_at_ties(method, columns, out):
    """Of 4096 taps, whose sum is 3072, every third weight is halfway between two numbers of 22 bits.

    With 32768 results many of the two taps are, and a place that is off by the last bit of a float moves them.
    """
    image = np.random.default_rng(1).integers(0, 256, (64 if out == 1 else 2, columns, 1), np.uint8)
    size = (image.shape[0], out)
    assert_same(resize(image, size, method), frozen_resize(method, image, size), method)


@pytest.mark.parametrize("method", FROZEN)
def test_sources_of_few_pixels(method):
    """All taps of a result may be at one pixel or two, with a weight below 0."""
    rng = np.random.default_rng(7)
    for h, w, out_h, out_w in product((1, 2, 3), (1, 2, 3), (1, 2, 5), (1, 3, 4)):
        image = 255 * rng.integers(0, 2, (h, w, channels_of(method)[-1]), np.uint8)
        expected = frozen_resize(method, image, (out_h, out_w))
        assert_same(resize(image, (out_h, out_w), method), expected, f"{method} {image.shape} -> {out_h} {out_w}")


@pytest.mark.parametrize("method", FROZEN)
def test_pieces_views_and_threads(method):
    """The same samples however the image lies and arrives, and with threads."""
    for array, size in random_cases(2, channels_of(method), 40, widening=40):
        expected = resize(array, size, method)
        h, w, c = array.shape
        view = np.zeros((2 * h, w + 3, c), np.uint8)[::-2, 1 : w + 1]
        view[...] = array
        assert_same(resize(view, size, method), expected, "view")
        batch = resize(np.stack([array, array]), size, method, axes="NHWC", threads=2)
        assert_same(batch, np.stack([expected, expected]), "batch")
        out = np.zeros((1, *expected.shape), np.uint8)
        stream = _core._testing.RowStream((h, w), out, method)
        samples = array.tobytes()
        for begin in range(0, len(samples), 37):
            stream.push(samples[begin : begin + 37])
        stream.finish()
        assert_same(out[0], expected, "stream")


@pytest.mark.parametrize("method", FROZEN)
def test_the_rows_of_another_image(method):
    """Nothing is kept of an image for the next one, whose rows have the same numbers."""
    batch = np.random.default_rng(6).integers(0, 256, (3, 2, 9, channels_of(method)[-1]), np.uint8)
    for size in ((5, 7), (1, 4)):
        expected = np.stack([resize(image, size, method) for image in batch])
        assert_same(resize(batch, size, method, axes="NHWC"), expected, method)


@pytest.mark.skipif(sys.maxsize < 2**33, reason="the row is beyond the address space")
@pytest.mark.parametrize("method", ["opencv-3.4-linear", "opencv-3.4-cubic", "opencv-3.4-lanczos4"])
def test_a_row_of_more_than_2_gib(method):
    """Most of it is address space that nobody touches."""
    image = np.zeros((1, 5_200_000, 512), np.uint8)
    place = 5 * 5_200_000 // 6  # the centre of the last of three results, behind sample 2**31
    image[0, place - 8 : place + 8] = 77
    assert resize(image, (1, 3), method)[0, :, ::511].tolist() == [[0, 0], [0, 0], [77, 77]]


def test_a_large_batch_in_threads():
    batch = np.random.default_rng(3).integers(0, 256, (6, 700, 500, 3), np.uint8)
    for method in ("pillow-13-bilinear", "opencv-3.4-linear", "torch-2.3-bilinear"):
        one = isopixel.resize(batch, (224, 224), method=method)
        assert_same(isopixel.resize(batch, (224, 224), method=method, threads=4), one, method)


@pytest.mark.parametrize("method", FROZEN)
def test_planes_are_images_of_one_channel(method):
    planes = np.random.default_rng(4).integers(0, 256, (3, 20, 30), np.uint8)
    if method.endswith("-alpha"):
        with pytest.raises(ValueError, match="does not cover"):
            isopixel.resize(planes, (10, 15), method=method, axes="CHW")
        return
    expected = np.stack([isopixel.resize(plane, (10, 15), method=method) for plane in planes])
    assert_same(isopixel.resize(planes, (10, 15), method=method, axes="CHW"), expected, method)


@pytest.mark.parametrize("method", FROZEN)
def test_what_is_not_covered(method):
    image = np.zeros((4, 4, 5), np.uint8)
    if method.startswith("pillow"):
        with pytest.raises(ValueError, match="does not cover"):
            isopixel.resize(image, (2, 2), method=method, axes="HWC")
    with pytest.raises(ValueError, match="antialias"):
        isopixel.resize(image[..., :4], (2, 2), method=method, antialias=False)
    tall = np.broadcast_to(image[:1, :1, :4], (2**24, 1, 4))
    with pytest.raises(ValueError, match="does not cover"):
        resize(tall, (2, 1), method)


def pillow(mode, name="BILINEAR"):
    from PIL import Image

    def peer(array, size):
        picture = Image.frombytes(mode, array.shape[1::-1], array.tobytes())
        return np.asarray(picture.resize(size[::-1], Image.Resampling[name]))

    return peer


def opencv(name):
    cv2 = pytest.importorskip("cv2")
    return lambda array, size: cv2.resize(array, size[::-1], interpolation=getattr(cv2, name))


def torch(mode, antialias):
    torch = pytest.importorskip("torch")

    def peer(array, size):
        # With the channels last, since torch errs in some images that have them first.
        tensor = torch.from_numpy(array[None]).permute(0, 3, 1, 2)
        result = torch.nn.functional.interpolate(tensor, size=size, mode=mode, antialias=antialias)
        return result.permute(0, 2, 3, 1).numpy()

    return peer


PILLOW_MODES = (("", "L", 1), ("", "RGB", 3), ("", "CMYK", 4), ("-alpha", "LA", 2), ("-alpha", "RGBA", 4))


@pytest.mark.parametrize(
    ("method", "make", "arguments", "channels"),
    [
        *(
            (f"pillow-13-{name}{alpha}", pillow, (mode, name.upper()), channels)
            for name in ("bilinear", "bicubic", "lanczos", "hamming", "box")
            for alpha, mode, channels in PILLOW_MODES
        ),
        *(("pillow-4-nearest", pillow, (mode, "NEAREST"), channels) for _, mode, channels in PILLOW_MODES),
        *(
            (f"opencv-3.4-{name}", opencv, (f"INTER_{name.upper().replace('-', '_')}",), None)
            for name in ("linear", "linear-exact", "nearest", "area", "lanczos4")
        ),
        ("opencv-3.4-cubic", opencv, ("INTER_CUBIC",), 2),  # which Intel IPP does not compute
        ("torch-2.0-bilinear-antialias", torch, ("bilinear", True), None),
        ("torch-2.3-bilinear", torch, ("bilinear", False), None),
        ("torch-2.1-bicubic-antialias", torch, ("bicubic", True), None),
        ("torch-2.3-bicubic", torch, ("bicubic", False), None),
        ("torch-2.0-nearest", torch, ("nearest", False), None),
    ],
)
@pytest.mark.parametrize("number", [200, pytest.param(2000, marks=pytest.mark.slow)])
def test_installed_libraries(method, make, arguments, channels, number):
    """The libraries of the test requirements, on larger images than the reference could take."""
    peer = make(*arguments)
    rng = np.random.default_rng(number)
    for i in range(number):
        h, w, out_h, out_w = (int(n) for n in rng.integers(1, 130, 4))
        if i % 4 == 0:
            h, w = 2 * out_h, 2 * out_w
        elif i % 4 == 1:
            h, w = int(rng.integers(1, 2000)), 1 + w % 5
        if make is torch and out_w == 1:
            out_w = 2  # one column is a mistake of torch's own
        c = channels or int(rng.choice([1, 2, 3, 4]))
        array = random_image(rng, (h, w, c))
        if i % 3 == 0:
            array = array % 2 * np.uint8(255)  # where the weights below 0 lead beyond 0 and 255
        expected = peer(array, (out_h, out_w)).reshape(out_h, out_w, c)
        actual = resize(array, (out_h, out_w), method)
        assert_same(actual, np.ascontiguousarray(expected), f"{method} {array.shape} -> {(out_h, out_w)}")


@pytest.mark.parametrize("shape", [(6_000_000, 1), (1, 6_000_000)])
def test_weights_that_sum_to_more_than_one(shape):
    """R-20 clips: half of six million weights or more are rounded up to 2^-22."""
    array = np.random.default_rng(7).integers(200, 256, shape, np.uint8)
    expected = pillow("L")(array, (1, 1))
    assert expected == 255
    assert_same(isopixel.resize(array, (1, 1), method="pillow-13-bilinear"), expected, f"{shape}")
