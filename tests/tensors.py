# SPDX-License-Identifier: MIT
"""What the tests of isopixel.torch share: the vectors of the specification as tensors."""

import math

import torch

import isopixel
from isopixel._verify import load_vectors, vector_input

torch.set_num_threads(1)  # on a loaded machine, threads that wait for each other take many times as long

RESIZES = load_vectors()["resize"]
FROZEN = load_vectors()["frozen"]
NORMALIZED = load_vectors()["normalize"]

# The same tensor with other strides.
VIEWS = {
    "contiguous": lambda t: t,
    "channels-last": lambda t: t.movedim(-3, -1).contiguous().movedim(-1, -3),
    "cropped": lambda t: torch.nn.functional.pad(t, (1, 2, 3, 4))[..., 3:-4, 1:-2],
    "rows left out": lambda t: t.repeat_interleave(2, -2)[..., ::2, :],
    "columns left out": lambda t: t.repeat_interleave(2, -1)[..., ::2],
    "channels left out": lambda t: t.repeat_interleave(2, -3)[..., ::2, :, :],
    "last channel left out": lambda t: VIEWS["channels-last"](torch.cat([t, t[..., :1, :, :]], -3))[..., :-1, :, :],
    "columns first": lambda t: t.transpose(-1, -2).contiguous().transpose(-1, -2),
    "batch reversed": lambda t: t.movedim(0, 1).contiguous().movedim(1, 0) if t.ndim > 4 else t,
    "batch expanded": lambda t: t[:1].expand_as(t) if t.ndim > 3 else t,
}


def tensor_of(vector):
    """The input of a vector, contiguous [C, H, W]."""
    samples = vector_input(vector["input"], math.prod(vector["shape"]))
    return torch.from_numpy(samples).view(vector["shape"]).permute(2, 0, 1).contiguous()


def check(vector, result):
    """Asserts that a tensor [..., C, H, W] has the samples of the vector in every image."""
    assert result.dtype == torch.uint8 and result.ndim >= 3
    for image in result.cpu().reshape(-1, *result.shape[-3:]):
        array = image.permute(1, 2, 0).contiguous().numpy()
        if "samples" in vector:
            assert array.tobytes().hex() == vector["samples"], vector
        else:
            assert isopixel.fingerprint(array) == vector["fingerprint"], vector


def check_floats(vector, result):
    """Asserts that a float32 tensor [..., C, H, W] has the bits of the vector in every image."""
    assert result.dtype == torch.float32 and result.is_contiguous()
    for image in result.cpu().reshape(-1, *result.shape[-3:]):
        array = image.numpy()
        if "samples" in vector:
            assert array.astype(">f4").tobytes().hex() == vector["samples"], vector
        else:
            assert isopixel.fingerprint(array) == vector["fingerprint"], vector


def noise(*shape, seed=0):
    """A tensor of noise."""
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))
