# SPDX-License-Identifier: MIT
"""Tensors and PIL images where arrays and bytes are expected: the error names the way."""

import numpy as np
import pytest

import isopixel

CALLS = {
    "resize": (lambda x: isopixel.resize(x, (2, 2)), "use isopixel.torch.resize", "np.asarray, in mode L, RGB or RGBA"),
    "normalize": (lambda x: isopixel.normalize(x, 0, 1), "use isopixel.torch.Normalize", "np.asarray, in mode L, RGB"),
    "fingerprint": (isopixel.fingerprint, r"pass tensor.cpu\(\).numpy\(\)", r"pass np.asarray\(image\)"),
    "from_bytes": (lambda x: isopixel.from_bytes(x, "line"), r"pass tensor.cpu\(\).numpy\(\)", "isopixel.resize"),
}


@pytest.mark.parametrize("name", CALLS)
def test_tensors(name):
    torch = pytest.importorskip("torch")
    call, way, _ = CALLS[name]
    with pytest.raises(TypeError, match=f"got Tensor: {way}"):
        call(torch.zeros(3, 4, 4, dtype=torch.uint8))


@pytest.mark.parametrize("name", CALLS)
def test_pictures(name):
    image = pytest.importorskip("PIL.Image").fromarray(np.zeros((4, 4), np.uint8))
    call, _, way = CALLS[name]
    with pytest.raises(TypeError, match=f"got Image: .*{way}"):
        call(image)
