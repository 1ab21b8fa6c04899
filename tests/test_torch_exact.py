# SPDX-License-Identifier: MIT
"""The resize in torch operations alone (R-2 to R-5, R-32 to R-36), on the CPU and, where there is one, with CUDA."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st
from spec import exact_filters, reference

import isopixel
import isopixel.torch
from isopixel import _core
from isopixel.torch import Resize, _exact
from isopixel.torch._exact_weights import weights_of_axis
from isopixel.torch._passes import PASSED
from tests.support import assert_same, cmyk, random_image
from tests.tensors import FROZEN, RESIZES, VIEWS, check, noise, tensor_of

WIDEST = 12


@pytest.fixture(params=["cpu", "cuda"])
def device(request):
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    return request.param


OWN = [method.name for method in isopixel.methods() if not method.is_frozen]


def exactly(image, size, method="bilinear", device="cpu"):
    """resize_exactly on an array (H, W)."""
    tensor = torch.from_numpy(image)[None].to(device)
    return Resize(size, method, decompose=True)(tensor)[0].cpu().numpy()


def by_reference(image, size, method):
    """spec/reference.py on an array (H, W)."""
    out = reference.resize(image.tobytes(), (*image.shape, 1), size, method)
    return np.frombuffer(out, np.uint8).reshape(size)


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 5))])
def test_vectors(device, part):
    for vector in RESIZES[part::5]:
        resize = Resize(vector["size"], vector["method"], decompose=True)
        tensor = tensor_of(vector).to(device)
        if vector["method"] == "bicubic" and max(vector["shape"][:2]) >= 3000:  # weights of up to 2·(2·3000)^3
            with pytest.raises(ValueError, match="beyond the exact sums of torch operations"):
                resize(tensor)
            continue
        check(vector, resize(tensor))
        if tensor.numel() < 10**5:
            check(vector, resize(tensor.expand(2, 1, *tensor.shape)))
            check(vector, resize(tensor.permute(1, 2, 0).contiguous().permute(2, 0, 1)))


def test_vectors_of_passes(device):
    """R-20 to R-23, R-27, R-28, R-37 to R-41, R-48 and R-49, in which alpha sees all channels."""
    methods = [m.name for m in isopixel.methods() if m.library in ("pillow", "torch")] + ["opencv-3.4-nearest"]
    assert set(methods) == PASSED
    for vector in FROZEN:
        if vector["method"] in PASSED:
            tensor = tensor_of(vector).to(device)
            channels = cmyk(vector["method"], len(tensor))
            resize = Resize(vector["size"], vector["method"], channels=channels, decompose=True)
            check(vector, resize(tensor.expand(2, 1, *tensor.shape)))
            check(vector, resize(tensor.permute(1, 2, 0).contiguous().permute(2, 0, 1)))


@pytest.mark.parametrize("method", ["pillow-13-lanczos-alpha", "torch-2.3-bicubic"])
def test_passes_return_a_new_contiguous_tensor(method):
    tensor = VIEWS["channels-last"](noise(2, 2, 4, 5))
    for size in ((4, 5), (4, 3), (6, 5)):
        result = Resize(size, method, decompose=True)(tensor)
        assert result.is_contiguous() and result.data_ptr() != tensor.data_ptr()
        assert torch.equal(result, isopixel.torch.resize(tensor, size, method=method))


def test_what_passes_refuse():
    """As the core does, with the same words; and methods that are something else."""
    for method, shape, size in (
        ("pillow-13-bilinear", (2, 5, 5), (3, 3)),
        ("pillow-4-nearest", (1, 2**24 + 1, 1), (3, 3)),
    ):
        messages = []
        for decompose in (False, True):
            with pytest.raises(ValueError, match="cannot resize an image of") as refusal:
                Resize(size, method, decompose=decompose)(torch.zeros(shape, dtype=torch.uint8))
            messages.append(str(refusal.value).partition(": ")[2])
        assert messages[0] == messages[1] and "does not cover" in messages[0]
    with pytest.raises(ValueError, match=r"'opencv-3\.4-area' is not made of torch operations"):
        Resize((2, 2), "opencv-3.4-area", decompose=True)


def sweep(resize, n_in, method):
    rng = np.random.default_rng(n_in)
    for n_out in range(1, WIDEST + 1):
        for other, out in ((3, 2), (3, 4)):
            for shape, size in (((n_in, other), (n_out, out)), ((other, n_in), (out, n_out))):
                image = random_image(rng, shape)
                assert_same(resize(image, size, method), by_reference(image, size, method), (method, shape, size))


@pytest.mark.slow
@pytest.mark.parametrize("method", OWN)
def test_axis_pairs(method, device):
    for n_in in range(1, WIDEST + 1):
        sweep(lambda image, size, method: exactly(image, size, method, device), n_in, method)


@pytest.mark.parametrize("method", [method for method in OWN if method != "nearest"])
def test_the_sweep_rejects_wrong_code(method):
    def half_down(image, size, method):
        return 255 - exactly(255 - image, size, method)

    with pytest.raises(AssertionError, match="samples differ"):
        sweep(half_down, 4, method)


@pytest.mark.parametrize("method", [method for method in OWN if method != "nearest"])
def test_sums_in_two_parts(method, monkeypatch):
    """The split at every width: with less of a float64 in use than there is."""
    parts = set()
    cpu = torch.device("cpu")
    for bits, seed in itertools.product(range(13, 36, 2), range(30)):
        monkeypatch.setattr(_exact, "FLOAT64_BITS", bits)
        rng = np.random.default_rng((bits, seed))
        h, w, out_h, out_w = (int(n) for n in rng.integers(1, 20, 4))
        most_y, most_x = (weights_of_axis(method, *axis, cpu).most for axis in ((h, out_h), (w, out_w)))
        is_one = 255 * most_y * most_x < 2**bits
        is_exact = is_one or not _exact.split(most_y, most_x)[1]
        parts.add("none" if not is_exact else "one" if is_one else "two")
        if is_exact:
            image = random_image(rng, (h, w))
            expected = by_reference(image, (out_h, out_w), method)
            assert_same(exactly(image, (out_h, out_w), method), expected, (h, w, out_h, out_w))
    assert parts >= {"one", "two"}


@pytest.mark.parametrize("method", ["bicubic", "bicubic-four-tap"])
def test_a_photograph(method, device):
    """Numerators beyond int64: R-4's D has 56 bits."""
    rng = np.random.default_rng(5)
    for image in (rng.integers(0, 256, (375, 500), np.uint8), rng.integers(0, 2, (375, 500), np.uint8) * np.uint8(255)):
        made = exactly(image, (224, 224), method, device)
        assert_same(made, isopixel.resize(image, (224, 224), method=method), method)
    columns = image[:, ::41].copy()
    assert_same(exactly(columns, (224, 5), method, device), by_reference(columns, (224, 5), method), method)


@given(st.integers(1, 2**59), st.integers(1, 2**51), st.integers(-(2**9), 2**9), st.integers(-3, 3), st.booleans())
@example(223336876261428250, 2**23, 108, 0, True)  # the guess is too small, the remainder a whole
def test_the_division(denominator, scale, quotient, near, is_tie):
    """On both sides of a tie, and of a whole number, of any size."""
    numerator = quotient * denominator - (denominator // 2 if is_tie else 0) + near
    high, low = divmod(numerator, scale)
    assume(abs(high) < 2**53)
    tensors = (torch.tensor([float(part)], dtype=torch.float64) for part in (high, low))
    made = _exact.divide(*tensors, torch.tensor([scale]), torch.tensor([denominator]))
    assert made.tolist() == [(2 * numerator + denominator) // (2 * denominator)]


def test_sums_beyond_a_float64(device):
    """An odd numerator above 2^53 needs the two parts: one half more or less, and the sample is another one."""
    image = np.full((20011, 701), 255, np.uint8)
    image[::2] = 254
    image[:, 350] = 0
    most = 255 * max(map(max, (reference.weight_sums(20011, 1, True), reference.weight_sums(701, 1, True))))
    assert most < 2**53 < most * max(reference.weight_sums(701, 1, True)) < 2**63
    assert_same(exactly(image, (1, 1), "bilinear", device), isopixel.resize(image, (1, 1)), "large sums")


@given(st.integers(1, 2**62), st.integers(1, 2**62))
def test_every_part_is_exact(most_y, most_x):
    scale, beyond = _exact.split(most_y, most_x)
    assert 1 <= scale <= 2**51 and 0 <= beyond < 2**63
    if beyond:
        assert 255 * most_y * most_x >= 2**53
        return
    assert 255 * most_y < 2**53
    assert most_y * most_x < 2**60
    assert scale * most_x <= 2**53
    assert (255 * most_y // scale + 2) * most_x < 2**53


@pytest.mark.parametrize(
    ("most_y", "most_x", "scale"),
    [
        (2**29, 2**29, 2**24),
        (2**30, 2**30, None),  # D of 2^60
        (2**40, 2**16, 2**37),
        (2**13, 2**46, None),  # the high parts would be too long
        (2**45, 1, 2**51),
        (2**46, 1, None),
        (2**60, 2**60, None),
    ],
)
def test_what_the_bounds_allow(most_y, most_x, scale):
    made, beyond = _exact.split(most_y, most_x)
    assert (beyond > 0) if scale is None else (made, beyond) == (scale, 0)


@pytest.mark.parametrize("method", [method for method in OWN if method != "nearest"])
def test_weights(method):
    """R-2, R-3, R-33 to R-35, against the reference."""
    for n_in in range(1, 20):
        for n_out in range(1, 20):
            samples, weights, most = weights_of_axis(method, n_in, n_out, torch.device("cpu"))
            made = torch.zeros(n_out, n_in, dtype=torch.int64).scatter_add_(1, samples, weights)
            wanted = np.zeros((n_out, n_in), np.int64)
            magnitudes = np.zeros(n_out, np.int64)
            for i, taps in enumerate(reference_axis(method, n_in, n_out)):
                for j, weight in taps:
                    wanted[i, j] += weight
                    magnitudes[i] += abs(weight)
            assert made.tolist() == wanted.tolist()
            assert magnitudes.max() <= most <= 3 * magnitudes.max()


def reference_axis(method, n_in, n_out):
    if method.startswith("bilinear"):
        return reference.axis_weights(n_in, n_out, method == "bilinear")
    axes = {"area": "area_axis", "bicubic": "bicubic_axis", "bicubic-four-tap": "four_tap_axis"}
    return getattr(exact_filters, axes[method])(n_in, n_out)


def test_the_axis_of_the_core():
    assert _core.axis(6, 4, True) == (3, 2, 6, 9)
    assert _core.axis(2**62, 1, True) is None
    assert _core.axis(2**40, 1, True) is None  # a sum of weights beyond 2^63
    with pytest.raises(ValueError, match="below 1"):
        _core.axis(0, 1, True)


def test_sizes_that_are_too_large():
    def refuses(method, shape, size, what):
        with pytest.raises(ValueError, match=f"{what} is beyond .* resize on the CPU, without decompose"):
            Resize(size, method, decompose=True)(torch.zeros(1, 1, 1, dtype=torch.uint8).expand(1, *shape))

    refuses("bilinear", (60000, 60000), (1, 1), "image of 60000×60000 to 1×1")
    refuses("bicubic", (1079, 1919), (224, 224), "image of 1079×1919 to 224×224")
    refuses("bicubic", (1, 300_000), (1, 1), "axis of 300000 samples to 1")
    refuses("bicubic-four-tap", (1, 1), (1, 300_000), "axis of 1 samples to 300000")


@pytest.mark.parametrize("method", ["bilinear", "pillow-13-bilinear"])
def test_autocast_changes_nothing(method):
    tensor = noise(3, 50, 70)
    with torch.autocast("cpu", torch.bfloat16):
        result = Resize((20, 30), method, decompose=True)(tensor)
    assert torch.equal(result, isopixel.torch.resize(tensor, (20, 30), method=method))


def test_the_operator_on_a_device():
    """The operator takes torch operations there."""
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    tensor = noise(2, 3, 50, 70)
    for size in ((20, 30), 17):
        result = isopixel.torch.resize(tensor.cuda(), size)
        assert result.is_cuda and torch.equal(result.cpu(), isopixel.torch.resize(tensor, size))
    out = torch.empty(2, 3, 20, 30, dtype=torch.uint8, device="cuda")
    assert isopixel.torch.resize(tensor.cuda(), (20, 30), out=out) is out
    assert torch.equal(out.cpu(), isopixel.torch.resize(tensor, (20, 30)))
    with pytest.raises(ValueError, match="computed on the CPU alone"):
        isopixel.torch.resize(tensor.cuda(), (2, 2), method="opencv-3.4-linear")
