# SPDX-License-Identifier: MIT
"""The Triton kernel beside the core: on a CUDA device if there is one, otherwise by Triton's interpreter on the CPU."""

import itertools
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
from spec import exact_filters, reference

import isopixel
import isopixel.torch
from isopixel import _methods
from isopixel._methods import OF_ALPHA
from isopixel.torch import Normalize, _devices, _exact, _operators
from isopixel.torch._passes import PASSED
from tests.support import assert_same
from tests.tensors import VIEWS, noise

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
if DEVICE == "cpu":  # before anything imports triton, which reads it once
    os.environ["TRITON_INTERPRET"] = "1"
METHODS = ("bilinear", "bilinear-two-tap", "area", "nearest")
IN_PASSES = ("pillow-13-bicubic", "pillow-4-lanczos-alpha", "torch-2.3-bicubic")
FIND = _devices._kernels


@pytest.fixture
def kernels(monkeypatch):
    """The kernels, with no way round them."""
    pytest.importorskip("triton", reason="no triton here, which has wheels for Linux alone")
    from isopixel.torch import _triton

    monkeypatch.setattr(_devices, "_kernels", lambda device: _triton)
    monkeypatch.setattr(_devices, "resize_exactly", None)
    monkeypatch.setattr(_devices, "look_up", None)
    return _triton


def made(image, size, method="bilinear", table=None):
    """What a device makes of a tensor [..., C, H, W]."""
    image = image.to(DEVICE)
    out = _operators.empty_result(image, *size)
    if table is not None:
        out, table = out.to(torch.float32), table.to(DEVICE)
    _operators._resize_on_device(image, out, method, table)
    return out.cpu()


def check(image, size, method="bilinear"):
    result = made(image, size, method)
    wanted = isopixel.torch.resize(image, size, method=method)
    assert result.stride() == wanted.stride()
    assert_same(result.numpy(), wanted.numpy(), (method, image.shape, size))


def random_cases(seed, n, most, most_channels=4):
    """Tensors of noise, every third of 0 and 255 alone, with a size and a method for each."""
    rng = np.random.default_rng(seed)
    for number in range(n):
        channels = int(rng.integers(1, most_channels + 1))
        h, w, *size = (1 + int(most * f**2) for f in rng.random(4))
        image = noise(1 + number % 2, channels, h, w, seed=int(rng.integers(2**31)))
        if number % 3 == 0:
            image = (image >> 7) * 255
        yield (VIEWS["channels-last"](image) if number % 5 == 0 else image), size, METHODS[number % 4]


def test_random_images(kernels):
    for case in random_cases(1, 4, 8, 2):
        check(*case)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
def test_more_random_images(kernels, seed):
    for case in random_cases(seed, 20, 30):
        check(*case)


@pytest.mark.slow
def test_ten_thousand_random_images_on_a_device(kernels):
    if DEVICE == "cpu":
        pytest.skip("no CUDA device here")
    for case in random_cases(6, 10_000, 600):
        check(*case)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((1, 1), (1, 1)),
        ((1, 1), (7, 70)),  # two tiles by two
        ((1, 70), (1, 69)),
        ((40, 1), (5, 1)),
        ((5, 7), (5, 7)),
        ((5, 7), (5, 3)),
        ((2, 3), (7, 3)),
    ],
)
def test_extreme_shapes(kernels, method, shape, size):
    check((noise(1, *shape) >> 7) * 255, size, method)


@pytest.mark.parametrize(
    "method", [pytest.param(m, marks=() if m in IN_PASSES else pytest.mark.slow) for m in sorted(PASSED)]
)
def test_passes(kernels, method):
    """Both orders of the passes, an axis that keeps its size, more taps than samples; extremes, which clip twice."""
    image = noise(1, 2 if method in OF_ALPHA else 1, 5, 2)
    check((image >> 7) * 255, (2, 3), method)
    check(image, (5, 1), method)


@pytest.mark.slow
@pytest.mark.parametrize("method", IN_PASSES)
def test_passes_of_any_strides_with_a_table(kernels, method):
    normalize = Normalize((0.5, 0.4, 0.3, 0.2), 0.25)
    for view in ("channels-last", "columns left out"):
        image = VIEWS[view](noise(2, 4, 7, 4) if method in OF_ALPHA else noise(2, 3, 7, 4))
        for size in ((3, 5), (7, 4)):
            check(image, size, method)
        table = normalize.table[: image.shape[1]]
        wanted = _operators._normalize(isopixel.torch.resize(image, (3, 5), method=method), table)
        assert same_bits(made(image, (3, 5), method, table).contiguous(), wanted)


@pytest.mark.slow
@pytest.mark.parametrize("method", IN_PASSES)
def test_passes_of_lists(kernels, method):
    images = [noise(2 if method in OF_ALPHA else 1, *size) for size in ((3, 4), (5, 2))]
    out = torch.empty((2, len(images[0]), 2, 3), dtype=torch.uint8, device=DEVICE)
    _devices.resize_list([image.to(DEVICE) for image in images], out, method, None)
    wanted = [isopixel.torch.resize(image, (2, 3), method=method) for image in images]
    assert torch.equal(out.cpu(), torch.stack(wanted))


@pytest.mark.slow
def test_ten_thousand_random_images_by_passes_on_a_device(kernels):
    if DEVICE == "cpu":
        pytest.skip("no CUDA device here")
    for number, (image, size, _) in enumerate(random_cases(7, 10_000, 300, 3)):
        method = sorted(PASSED)[number % len(PASSED)]
        if _methods.METHODS[method].covers(image.shape[1]):
            check(image, size, method)


SOME = ("channels-last", "columns left out")


@pytest.mark.parametrize("view", [pytest.param(v, marks=() if v in SOME else pytest.mark.slow) for v in VIEWS])
def test_strides(kernels, view):
    """Any strides are read in place, by one launch for all dimensions of the batch that merge."""
    check(VIEWS[view](noise(2, 2, 2, 4, 5)), (3, 6))


def test_one_launch(kernels, monkeypatch):
    launches = []
    launch = kernels._launch
    monkeypatch.setattr(kernels, "_launch", lambda *arguments: launches.append(launch(*arguments)))
    check(VIEWS["channels-last"](noise(4, 2, 2, 3, 3)), (2, 2))
    assert len(launches) == 1
    images = [noise(1, n, 3).to(DEVICE) for n in (2, 3, 4)]
    _operators._resize_on_device(images[0], torch.empty_like(images[0]), "bilinear", None)
    _devices.resize_list(images, torch.empty((3, 1, 2, 2), dtype=torch.uint8, device=DEVICE), "bilinear", None)
    assert len(launches) == 3


LAYOUTS = [pytest.param(torch.contiguous_format, marks=pytest.mark.slow), torch.channels_last]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lists(kernels, layout):
    views = [VIEWS[name] for name in ("contiguous", "channels-last", "columns left out", "columns first")]
    images = [view(noise(3, *shape)) for view, shape in zip(views, ((3, 5), (9, 2), (1, 1), (4, 6)), strict=True)]
    out = torch.empty((4, 3, 4, 6), dtype=torch.uint8, memory_format=layout).to(DEVICE)
    for method in METHODS:
        _devices.resize_list([image.to(DEVICE) for image in images], out, method, None)
        wanted = torch.stack([isopixel.torch.resize(image, (4, 6), method=method) for image in images])
        assert_same(out.cpu().numpy(), wanted.numpy(), method)


def same_bits(a, b):
    return a.dtype == b.dtype == torch.float32 and torch.equal(a.view(torch.int32), b.view(torch.int32))


@pytest.mark.parametrize("mean", [(0.485, 0.456, 0.406), pytest.param(0.5, marks=pytest.mark.slow)])
def test_normalization(kernels, mean):
    """In the same launch as the resize (R-31), alone, and of a list."""
    normalize = Normalize(mean, "0.229")
    image = noise(1, 3, 5, 6)
    for view in (image, VIEWS["channels-last"](image)):
        wanted = normalize(isopixel.torch.resize(view, (4, 3)))
        assert same_bits(made(view, (4, 3), "bilinear", normalize.table).contiguous(), wanted)
    table, out = normalize.table.to(DEVICE), torch.empty(image.shape, device=DEVICE)
    _devices.normalize_batch(image.to(DEVICE), out, table)
    assert same_bits(out.cpu(), normalize(image))
    _devices.resize_list([one.to(DEVICE) for one in image], out, "bilinear", table)
    assert same_bits(out.cpu(), normalize(image))


def reference_axis(method, n_in, n_out):
    if method.startswith("bilinear"):
        return reference.axis_weights(n_in, n_out, method == "bilinear")
    return {"area": exact_filters.area_axis, "nearest": exact_filters.nearest_axis}[method](n_in, n_out)


@pytest.mark.parametrize("method", METHODS)
def test_weights(kernels, method):
    """R-3, R-32 and R-33 by the formula of the kernel, and the bounds of what it adds up."""
    for n_in, n_out in itertools.product(range(1, 20), repeat=2):
        axis = kernels.axis_of(method, n_in, n_out)
        sums = []
        for i, taps in enumerate(reference_axis(method, n_in, n_out)):
            distances = [axis.step * j - axis.pace * i + axis.shift for j in range(n_in)]
            weights = [min(axis.top, max(0, axis.reach - abs(d))) for d in distances]
            wanted = [0] * n_in
            for j, weight in taps:
                wanted[j] = weight
            first = max(axis.pace * i - axis.shift - axis.reach + axis.step, 0) // axis.step
            assert [w * sum(wanted) for w in weights] == [w * sum(weights) for w in wanted]
            assert all(first <= j < first + axis.taps for j, weight in enumerate(weights) if weight)
            assert max(map(abs, distances[first : first + axis.taps])) <= kernels.places_of(axis, n_out)
            sums.append(sum(weights))
        assert max(sums) <= kernels.most_of(axis) <= 2 * max(sums)


def axis_with(kernels, most):
    """An axis of one sample whose weight is at most that."""
    return kernels.Axis(length=1, step=1, pace=0, shift=0, reach=most, top=most, taps=1)


@pytest.mark.parametrize(("bits", "most"), [(31, 8405024), (63, 36099303471055874)])
def test_widths(kernels, bits, most):
    """Both sides of the largest D with 255·D + ⌊D/2⌋ below a power of two."""
    assert 255 * most + most // 2 < 2**bits <= 255 * (most + 1) + (most + 1) // 2
    one = axis_with(kernels, 1)
    below, above = axis_with(kernels, most), axis_with(kernels, most + 1)
    if bits == 31:
        assert kernels.widths_of(below, one, 1, 1) == (32, 32)
        assert kernels.widths_of(above, one, 1, 1) == kernels.widths_of(one, above, 1, 1) == (32, 64)
        sums = axis_with(kernels, 2**31 // 255), axis_with(kernels, 2**31 // 255 + 1)
        assert [kernels.widths_of(one, axis, 1, 1) for axis in sums] == [(32, 64), (64, 64)]
        assert kernels.widths_of(sums[1], one, 1, 1) == (32, 64)
    else:
        assert kernels.widths_of(below, one, 1, 1) == (64, 64)
        assert kernels.widths_of(above, one, 1, 1) is kernels.widths_of(one, above, 1, 1) is None


@pytest.mark.parametrize(("n", "bits"), [(23169, 32), (32760, 32), (32768, 64), (46341, 64)])
def test_places_on_both_sides_of_32_bits(kernels, monkeypatch, n, bits):
    """Where samples lie is 2·n·(n + 1), for the last of n + 1 results."""
    if DEVICE == "cpu":  # one program, for whose number the interpreter needs its time
        monkeypatch.setattr(kernels, "TILE_WIDTH", 65536)
    y, x = kernels.axis_of("bilinear", 1, 1), kernels.axis_of("bilinear", n, n + 1)
    assert kernels.widths_of(y, x, 1, n + 1)[0] == bits
    image = (noise(1, 1, n) >> 7) * 255
    check(image, (1, n + 1))
    out = torch.empty((2, 1, 1, n + 1), dtype=torch.uint8, device=DEVICE)  # the first image alone would do with less
    _devices.resize_list([image[..., :1].to(DEVICE), image.to(DEVICE)], out, "bilinear", None)
    assert_same(out[1].cpu().numpy(), isopixel.torch.resize(image, (1, n + 1)).numpy(), "list")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "widths"),
    [
        ((189, 69), (32, 32)),  # 63·23: D = 4·1449²
        ((150, 87), (32, 64)),  # 50·29: 255·D is below 2^31, with its half it is not
        ((1, 6150), (32, 32)),  # 2050: D = 2·2050²
        ((1, 6153), (32, 64)),
        ((1, 6159), (64, 64)),  # 255·2·2053² is above 2^31
    ],
)
def test_sums_on_both_sides_of_32_bits(kernels, shape, widths):
    """White images, whose numerators in the middle of three results are as large as the bounds."""
    size = tuple(min(n, 3) for n in shape)
    axes = [kernels.axis_of("bilinear", *axis) for axis in zip(shape, size, strict=True)]
    assert kernels.widths_of(*axes, *size) == widths
    check(torch.full((1, *shape), 255, dtype=torch.uint8), size)


def test_sizes_beyond_64_bits(kernels):
    """They are left to torch operations."""
    image = torch.zeros(1, 1, 1, 1, dtype=torch.uint8, device=DEVICE).expand(1, 1, 200_000, 200_000)
    out = torch.zeros(1, 1, 1, 1, dtype=torch.uint8, device=DEVICE)
    assert not kernels.resize_batch(image, out, "bilinear")
    assert not kernels.resize_list(list(image), out, "bilinear")
    assert kernels.widths_of(*[kernels.axis_of("bilinear", 9000, 1)] * 2, 1, 1) == (64, 64)


@pytest.mark.parametrize("method", [method.name for method in isopixel.methods() if not method.is_frozen])
def test_each_method(kernels, monkeypatch, method):
    """The kernel refuses those that it does not compute."""
    image = noise(1, 1, 7, 5)
    out = torch.empty((1, 1, 3, 8), dtype=torch.uint8, device=DEVICE)
    assert kernels.resize_batch(image.to(DEVICE), out, method) == (method in METHODS)
    assert kernels.resize_list([image[0].to(DEVICE)], out, method) == (method in METHODS)
    if method not in METHODS:
        monkeypatch.setattr(_devices, "resize_exactly", _exact.resize_exactly)
    check(image, (3, 8), method)


def test_what_the_kernel_counts(kernels):
    for shape, fits in (
        ((1, 1, 1, 2**31 - 64), True),
        ((1, 1, 1, 2**31 - 63), False),
        ((1, 3, 1, 2**30), False),
        ((1, 1, 2**31 - 64, 1), True),
        ((1, 1, 2**31 - 63, 1), False),
        ((2**31 - 64, 1, 1, 1), True),
        ((2**31 - 63, 1, 1, 1), False),
    ):
        assert kernels._fits(torch.empty(shape, dtype=torch.uint8, device="meta")) == fits


def test_samples_beyond_int32(kernels):
    """Their number is one that the kernel counts in int32."""
    column = torch.full((1, 1, 1, 1), 255, dtype=torch.uint8, device=DEVICE).expand(1, 1, 1, 2**31 + 5)
    out = torch.empty((1, 1, 1, 1), dtype=torch.uint8, device=DEVICE)
    assert not kernels.resize_batch(column, out, "area")


class Elsewhere(torch.Tensor):
    """A tensor on the CPU that says that it is on a device."""

    @property
    def device(self):
        return torch.device("cuda", 0)


class Kernels:
    """The kernels, for such tensors; `shapes` are those of what they were called with."""

    def __init__(self, kernels):
        self._kernels = kernels
        self.shapes = []

    def resize_batch(self, image, out, method, table):
        self.shapes.append(tuple(image.shape))
        return self._kernels.resize_batch(image.as_subclass(torch.Tensor), out.as_subclass(torch.Tensor), method, table)

    def resize_list(self, images, out, method, table):
        self.shapes.append([tuple(image.shape) for image in images])
        images = [image.as_subclass(torch.Tensor) for image in images]
        return self._kernels.resize_list(images, out.as_subclass(torch.Tensor), method, table)


def test_the_operators(kernels, monkeypatch):
    """What they hand to the kernel, and what they return."""
    if DEVICE == "cuda":
        pytest.skip("a CUDA device is here: test_public_functions_on_a_device")
    seen = Kernels(kernels)
    monkeypatch.setattr(_devices, "_kernels", lambda device: seen)
    image, table = noise(2, 1, 2, 3, 4), Normalize(0.5, 0.25).table
    there = image.as_subclass(Elsewhere)
    images = [*VIEWS["channels-last"](image[:, 0]), noise(2, 1, 1)]
    theirs = [one.as_subclass(Elsewhere) for one in images]
    calls = {
        "_resize": ((image, 2, 2, "bilinear"), (2, 2, 3, 4)),
        "_normalize": ((image, table), (2, 2, 3, 4)),
        "_resize_normalize": ((image, 2, 2, "bilinear", table), (2, 2, 3, 4)),
        "_resize_list": ((images, 2, 2, "bilinear", table), [(2, 3, 4), (2, 3, 4), (2, 1, 1)]),
    }
    for name, ((first, *rest), shapes) in calls.items():
        operator = getattr(_operators, name)
        result = operator(there if first is image else theirs, *rest)
        wanted = operator(first, *rest)
        assert seen.shapes.pop() == shapes and not seen.shapes
        assert torch.equal(result.as_subclass(torch.Tensor), wanted) and result.stride() == wanted.stride(), name
    for some in (theirs[:2], theirs):
        result = _operators._resize_list(some, 2, 2, "bilinear", None)
        assert result.stride() == _operators._resize_list(images[: len(some)], 2, 2, "bilinear", None).stride()
    place = there[0, 0]  # memory that the resize reads and writes
    wanted = isopixel.torch.resize(image[0, 0], (3, 4), method="nearest").clone()
    _operators._resize_out(place, place.flip(-1), "nearest")
    _operators._resize_out(place, place, "nearest")
    assert torch.equal(place.as_subclass(torch.Tensor), wanted)
    empty = noise(0, 3, 4, 4).as_subclass(Elsewhere)
    assert _operators._resize(empty, 2, 2, "bilinear").shape == (0, 3, 2, 2)
    assert _operators._resize_normalize(empty, 2, 2, "bilinear", table).shape == (0, 3, 2, 2)
    assert _operators._normalize(empty, table).shape == (0, 3, 4, 4)
    for call in (
        lambda: _operators._resize(there, 2, 2, "opencv-3.4-linear"),
        lambda: _operators._resize_normalize(there, 2, 2, "opencv-3.4-linear", table),
        lambda: _operators._resize_list(theirs, 2, 2, "opencv-3.4-linear", None),
    ):
        with pytest.raises(ValueError, match="computed on the CPU alone, and the tensor is on cuda:0"):
            call()
    other = noise(1, 4, 4).as_subclass(Elsewhere)
    for call, message in (
        (lambda: _operators._resize_list([theirs[0], other[:1]], 2, 2, "bilinear", None), "the same channels"),
        (lambda: _operators._resize_list([], 2, 2, "bilinear", None), "the same channels"),
        (lambda: _operators._resize_list([other[:, :0]], 2, 2, "bilinear", None), "must have pixels"),
        (lambda: _operators._resize(other[:, :0], 2, 2, "bilinear"), "must have pixels"),
        (lambda: _operators._resize_normalize(there, 2, 2, "bilinear", table.T), r"the table must be \[2 or 1, 256\]"),
        (lambda: _operators._normalize(there, table[:, :255]), r"the table must be \[2 or 1, 256\]"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    gaps = torch.stack((table, table), 2)[..., 0]
    assert not gaps.is_contiguous()
    assert torch.equal(
        _operators._normalize(there, gaps).as_subclass(torch.Tensor), _operators._normalize(image, table)
    )


def test_public_functions_on_a_device():
    """The kernel is found, and is what computes there."""
    if DEVICE == "cpu":
        pytest.skip("no CUDA device here")
    assert _devices._kernels(torch.device("cuda", torch.cuda.current_device())) is not None
    image, normalize = noise(2, 3, 50, 70), Normalize(0.5, 0.25)
    there = normalize.to("cuda")
    for batch in (image, VIEWS["channels-last"](image), list(image), [image[0], noise(3, 9, 4)]):
        moved = batch.cuda() if isinstance(batch, torch.Tensor) else [one.cuda() for one in batch]
        made = isopixel.torch.resize_batch(moved, (20, 30), normalize=there)
        wanted = isopixel.torch.resize_batch(batch, (20, 30), normalize=Normalize(0.5, 0.25))
        assert made.is_cuda and same_bits(made.cpu(), wanted)
    used = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    large = torch.zeros(8, 3, 1080, 1920, dtype=torch.uint8, device="cuda")
    result = isopixel.torch.resize(large, (224, 224))
    needed = large.numel() + result.numel()
    assert torch.cuda.max_memory_allocated() - used <= 1.01 * needed


class Refusing:
    """Kernels that are for no size."""

    resize_batch = resize_list = staticmethod(lambda *arguments: False)


@pytest.mark.parametrize("found", [None, Refusing])
def test_without_kernels(monkeypatch, found):
    """Torch operations make the same bits."""
    monkeypatch.setattr(_devices, "_kernels", lambda device: found)
    check(noise(2, 3, 5, 6), (4, 3))
    normalize = Normalize(0.5, 0.25)
    images = [noise(3, 5, 6), noise(3, 2, 2)]
    wanted = isopixel.torch.resize_batch(images, (4, 3), normalize=normalize)
    out = torch.empty(wanted.shape, device=DEVICE)
    table = normalize.table.to(DEVICE)
    _devices.resize_list([image.to(DEVICE) for image in images], out, "bilinear", table)
    assert same_bits(out.cpu(), wanted)
    out = torch.empty((1, 3, 5, 6), device=DEVICE)
    _devices.normalize_batch(images[0][None].to(DEVICE), out, table)
    assert same_bits(out.cpu(), normalize(images[0][None]))


def test_where_there_is_no_triton(monkeypatch):
    find = _devices._kernels.__wrapped__
    monkeypatch.setitem(sys.modules, "isopixel.torch._triton", None)
    monkeypatch.delattr(isopixel.torch, "_triton", raising=False)
    assert find(torch.device("cuda")) is find(torch.device("xla")) is None


def test_the_capture_of_a_graph(kernels, monkeypatch):
    """It would read descriptions whose memory others have by then."""
    image = noise(1, 1, 5, 3).to(DEVICE)
    out = torch.empty((1, 1, 2, 2), dtype=torch.uint8, device=DEVICE)
    _devices.resize_batch(image, out, "bilinear")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: True)
    refused = pytest.raises(RuntimeError, match="while a CUDA graph is captured: resize before, outside it")
    with refused:
        _devices.resize_batch(image, out, "bilinear")
    with refused:
        _devices.resize_list([image[0]], out, "bilinear", None)
    monkeypatch.setattr(_devices, "_kernels", FIND.__wrapped__)
    with refused:
        _devices.resize_batch(image.as_subclass(Elsewhere), out, "bilinear")


def test_where_triton_does_not_compile(kernels, monkeypatch):
    """A machine without a C compiler, or a card that Triton does not know."""
    monkeypatch.undo()
    zeros = torch.zeros

    def refuse(*arguments):
        raise RuntimeError("Failed to find C compiler")

    monkeypatch.setattr(torch, "zeros", lambda *arguments, device, **options: zeros(*arguments, **options))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert DEVICE == "cuda" or _devices._kernels.__wrapped__(torch.device("cuda")) is kernels
    monkeypatch.setattr(kernels, "resize_batch", refuse)
    with pytest.warns(UserWarning, match="cannot compile for cuda.*Failed to find C compiler"):
        assert _devices._kernels.__wrapped__(torch.device("cuda")) is None


@pytest.mark.slow
def test_the_cpu_needs_no_triton():
    """isopixel.torch is imported, and computes on the CPU, without the kernels and what they import."""
    program = (
        "import sys, torch; sys.modules['triton'] = None; import isopixel.torch as t;"
        "image = torch.zeros(3, 2, 2, dtype=torch.uint8);"
        "t.resize_batch([image], (1, 1), normalize=t.Normalize(0.5, 0.5));"
        "sys.exit('isopixel.torch._triton' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


COMPILE = """
import re
import torch
import triton
from triton.backends.compiler import GPUTarget
from isopixel.torch import _triton


class Driver:
    def __init__(self, capability):
        self.get_current_target = lambda: GPUTarget("cuda", capability, 32)
        self.get_current_device = lambda: 0
        self.get_current_stream = lambda device: 0
        self.get_active_torch_device = lambda: torch.device("cpu")


class Compiling:
    def __init__(self, kernel):
        self.kernel = kernel

    def __getitem__(self, grid):
        return lambda *arguments, **options: made.append(self.kernel.warmup(*arguments, grid=grid, **options))


kernels = _triton.resize_by_formula, _triton.resize_by_passes
_triton.resize_by_formula, _triton.resize_by_passes = map(Compiling, kernels)
one = torch.zeros(1, 3, 1, 1, dtype=torch.uint8)
is_old = triton.__version__.startswith("3.2.")  # that of torch 2.6
for capability in (75, 80, 90) if is_old else (75, 80, 90, 100):
    triton.runtime.driver.set_active(Driver(capability))
    for kernel in kernels:
        (kernel.device_caches if hasattr(kernel, "device_caches") else kernel.cache).clear()
    made = []
    for shape, size in (((5, 6), (4, 3)), ((8000, 8000), (7, 5)), ((1, 50000), (1, 50001)), ((32, 1), (16, 1))):
        images = one.expand(2, 3, *shape)
        assert _triton.resize_batch(images, torch.empty((2, 3, *size), dtype=torch.uint8), "bilinear")
        out = torch.empty((2, 3, *size)).contiguous(memory_format=torch.channels_last)
        assert _triton.resize_list(list(images), out, "bilinear", torch.zeros(3, 256))
    assert made[0] is made[6] and len(set(map(id, made[:6]))) == 6, "another size is not another program"
    for method in ("pillow-13-bilinear", "torch-2.3-bicubic"):
        for shape in ((5, 6), (1, 64)):
            _triton.resize_batch(one.expand(2, 3, *shape), torch.empty((2, 3, 4, 3), dtype=torch.uint8), method)
    assert len(set(map(id, made[8:]))) == 1, "another size is not another program"
    for program in made:
        assert program.asm["cubin"]
        assert program.metadata.shared == 0 or is_old, "a tile is moved between threads"
        floats = re.findall(r"[a-z.]*\\.[fb]?f(?:16|32|64)\\b", program.asm["ptx"])
        assert not floats, floats
print("compiled")
"""


@pytest.mark.slow
def test_it_compiles_to_integers(kernels, tmp_path):
    """For cards from Turing to Blackwell, which need not be there; no instruction computes with floats."""
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    environment["TRITON_CACHE_DIR"] = str(tmp_path)
    program = [sys.executable, "-c", COMPILE]
    result = subprocess.run(program, env=environment, check=False, capture_output=True, text=True)
    assert result.stdout == "compiled\n", result.stdout[-2000:] + result.stderr[-2000:]
