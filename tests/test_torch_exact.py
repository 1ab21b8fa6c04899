# SPDX-License-Identifier: MIT
"""The resize in torch operations alone (R-2 to R-5), on the CPU and, where there is one, on a CUDA device."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from spec import reference

import isopixel
import isopixel.torch
from isopixel import _core
from isopixel.torch import Resize, _exact
from tests.support import assert_same, random_image, reference_resize
from tests.tensors import RESIZES, check, noise, tensor_of

WIDEST = 12


@pytest.fixture(params=["cpu", "cuda"])
def device(request):
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    return request.param


def exactly(image, size, antialias=True, device="cpu"):
    """resize_exactly on an array (H, W)."""
    tensor = torch.from_numpy(image)[None].to(device)
    return Resize(size, antialias=antialias, decompose=True)(tensor)[0].cpu().numpy()


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 5))])
def test_vectors(device, part):
    for vector in RESIZES[part::5]:
        resize = Resize(vector["size"], vector["method"], decompose=True)
        tensor = tensor_of(vector).to(device)
        check(vector, resize(tensor))
        if tensor.numel() < 10**5:
            check(vector, resize(tensor.expand(2, 1, *tensor.shape)))
            check(vector, resize(tensor.permute(1, 2, 0).contiguous().permute(2, 0, 1)))


def sweep(resize, n_in):
    rng = np.random.default_rng(n_in)
    for n_out in range(1, WIDEST + 1):
        for antialias in (True, False):
            for other, out in ((3, 2), (3, 4)):
                for shape, size in (((n_in, other), (n_out, out)), ((other, n_in), (out, n_out))):
                    image = random_image(rng, shape)
                    assert_same(resize(image, size, antialias), reference_resize(image, size, antialias), (shape, size))


def test_axis_pairs(device):
    for n_in in range(1, WIDEST + 1):
        sweep(lambda image, size, antialias: exactly(image, size, antialias, device), n_in)


def test_the_sweep_rejects_wrong_code():
    def half_down(image, size, antialias):
        return 255 - exactly(255 - image, size, antialias)

    with pytest.raises(AssertionError, match="samples differ"):
        sweep(half_down, 4)


@pytest.mark.parametrize("bits", range(11, 20, 2))
def test_sums_in_two_parts(bits, monkeypatch):
    """The split at every width: with less of a float64 in use than there is."""
    monkeypatch.setattr(_exact, "FLOAT64_BITS", bits)
    rng = np.random.default_rng(bits)
    parts = set()
    for _ in range(60):
        h, w, out_h, out_w = (int(n) for n in rng.integers(1, 20, 4))
        most_y, most_x = _core.axis(h, out_h, True)[3], _core.axis(w, out_w, True)[3]
        low_bits = _exact.bits_of_low_part(most_y, most_x)
        parts.add("none" if low_bits is None else "one" if low_bits == bits else "two")
        if low_bits is not None:
            image = random_image(rng, (h, w))
            assert_same(exactly(image, (out_h, out_w)), reference_resize(image, (out_h, out_w)), (h, w, out_h, out_w))
    assert "two" in parts


def test_sums_beyond_a_float64(device):
    """An odd numerator above 2^53 needs the two parts: one half more or less, and the sample is another one."""
    image = np.full((20011, 701), 255, np.uint8)
    image[::2] = 254
    image[:, 350] = 0
    most = 255 * max(map(max, (reference.weight_sums(20011, 1, True), reference.weight_sums(701, 1, True))))
    assert most < 2**53 < most * max(reference.weight_sums(701, 1, True)) < 2**63
    assert_same(exactly(image, (1, 1), True, device), isopixel.resize(image, (1, 1)), "large sums")


@given(st.integers(1, 2**56), st.integers(1, 2**56))
def test_every_part_is_exact(most_y, most_x):
    low_bits = _exact.bits_of_low_part(most_y, most_x)
    sums, most = 255 * most_y, 255 * most_y * most_x
    if low_bits is None:
        assert most >= 2**53
        return
    assert sums < 2**53
    assert most + most_y * most_x // 2 < 2**63
    if low_bits == 53:
        assert most < 2**53
    else:
        assert (2**low_bits - 1) * most_x < 2**53
        assert (sums >> low_bits) * most_x < 2**53


def test_what_the_bounds_allow():
    assert _exact.bits_of_low_part(2**27, 2**27) is not None  # 255·2^54 is just below 2^62
    assert _exact.bits_of_low_part(2**28, 2**28) is None
    assert _exact.bits_of_low_part(2**40, 32832) == 37
    assert _exact.bits_of_low_part(2**40, 32864) is None  # 255·S·T is below 2^63, and with the half of S·T above
    assert _exact.bits_of_low_part(2**45, 1) == 53
    assert _exact.bits_of_low_part(2**46, 1) is None


def test_weights():
    """R-2, R-3, against the reference."""
    for n_in in range(1, 20):
        for n_out in range(1, 20):
            for antialias in (True, False):
                weights, most = _exact.axis_weights(n_in, n_out, antialias, torch.device("cpu"))
                wanted = np.zeros((n_out, n_in), np.int64)
                for i, taps in enumerate(reference.axis_weights(n_in, n_out, antialias)):
                    for j, weight in taps:
                        wanted[i, j] = weight
                assert weights.tolist() == wanted.tolist()
                # Of two taps, the core counts those beyond an edge too.
                assert most == (wanted.sum(1).max() if antialias and n_in > n_out else 2 * n_out // np.gcd(n_in, n_out))


def test_the_axis_of_the_core():
    assert _core.axis(6, 4, True) == (3, 2, 6, 9)
    assert _core.axis(2**62, 1, True) is None
    assert _core.axis(2**40, 1, True) is None  # a sum of weights beyond 2^63
    with pytest.raises(ValueError, match="below 1"):
        _core.axis(0, 1, True)


def test_sizes_that_are_too_large():
    with pytest.raises(ValueError, match=r"image of 10000×60000 to 1×1 is beyond .* resize on the CPU"):
        Resize((1, 1), decompose=True)(torch.zeros(1, 1, 1, dtype=torch.uint8).expand(1, 10000, 60000))


def test_other_devices():
    with pytest.raises(ValueError, match="not made of torch operations"):
        Resize((2, 2), "pillow-13-bilinear", decompose=True)


def test_autocast_changes_nothing():
    tensor = noise(3, 50, 70)
    with torch.autocast("cpu", torch.bfloat16):
        result = Resize((20, 30), decompose=True)(tensor)
    assert torch.equal(result, isopixel.torch.resize(tensor, (20, 30)))


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
        isopixel.torch.resize(tensor.cuda(), (2, 2), method="pillow-13-bilinear")
