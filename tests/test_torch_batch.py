# SPDX-License-Identifier: MIT
"""isopixel.torch.resize_batch on the CPU: lists and tensors, normalised or not, and what is refused."""

import pytest
import torch

import isopixel.torch
from isopixel.torch import Normalize, resize, resize_batch
from tests.tensors import VIEWS, noise

IMAGES = [noise(3, 5, 9), noise(3, 2, 2), VIEWS["channels-last"](noise(3, 30, 4))]
NORMALIZE = Normalize((0.485, 0.456, 0.406), 0.229)


@pytest.mark.parametrize("method", ["bilinear", "bicubic", "pillow-13-bilinear"])
def test_lists(method):
    wanted = torch.stack([resize(image, (6, 5), method=method) for image in IMAGES])
    made = resize_batch(IMAGES, (6, 5), method=method)
    assert torch.equal(made, wanted) and made.is_contiguous()
    last = [VIEWS["channels-last"](image) for image in IMAGES]
    made = resize_batch(tuple(last), (6, 5), method=method)
    assert torch.equal(made, wanted) and made.is_contiguous(memory_format=torch.channels_last)
    made = resize_batch(last, (6, 5), method=method, normalize=NORMALIZE)
    assert torch.equal(made, NORMALIZE(wanted)) and made.is_contiguous()
    assert torch.equal(resize_batch(IMAGES[:1], (6, 5), method=method), wanted[:1])


def test_tensors():
    for image in (noise(3, 5, 9), noise(2, 4, 3, 5, 9), noise(0, 3, 5, 9), VIEWS["channels-last"](noise(2, 3, 5, 9))):
        assert torch.equal(resize_batch(image, (6, 5)), resize(image, (6, 5)))
        made = resize_batch(image, (6, 5), normalize=NORMALIZE)
        assert torch.equal(made, NORMALIZE(resize(image, (6, 5)))) and made.is_contiguous()
    made = resize_batch(noise(3, 5, 9), (6, 5), antialias=False)
    assert torch.equal(made, resize(noise(3, 5, 9), (6, 5), method="bilinear-two-tap"))


class Preprocess(torch.nn.Module):
    """Both operators in a program."""

    def forward(self, a, b):
        images = resize_batch([a, b[0]], (6, 5), normalize=NORMALIZE)
        return images + resize_batch(b, (6, 5), normalize=NORMALIZE)


@pytest.mark.slow
def test_exported_programs():
    arguments = noise(3, 5, 9), noise(2, 3, 4, 7)
    program = torch.export.export(Preprocess(), arguments)
    assert torch.equal(program.module()(*arguments), Preprocess()(*arguments))


@pytest.mark.slow
def test_the_operators_conform():
    table = NORMALIZE.table
    for image in (noise(3, 5, 9), VIEWS["channels-last"](noise(2, 3, 5, 9))):
        torch.library.opcheck(torch.ops.isopixel.resize_normalize.default, (image, 6, 5, "bilinear", table))
    for images in (IMAGES, [VIEWS["channels-last"](image) for image in IMAGES]):
        for numbers in (None, table):
            torch.library.opcheck(torch.ops.isopixel.resize_list.default, (images, 6, 5, "bilinear", numbers))


@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        ([], ValueError, "images is empty"),
        (iter(IMAGES), TypeError, "images must be a tensor or a sequence of tensors, got list_iterator"),
        ([IMAGES[0], "x"], TypeError, r"images\[1\] must be a torch.Tensor, got str"),
        ([noise(1, 3, 4, 4)], ValueError, r"images\[0\] must have the shape \[C, H, W\], got \[1, 3, 4, 4\]"),
        ([IMAGES[0], noise(1, 4, 4)], ValueError, r"images\[1\] has 1 channels, and images\[0\] 3: convert one"),
        ([IMAGES[0], torch.empty(3, 4, 4, dtype=torch.uint8, device="meta")], ValueError, r"images\[1\] is on meta"),
        ([IMAGES[0], noise(3, 0, 4)], ValueError, "an image of 0×4 pixels is empty"),
        (noise(3, 0, 4), ValueError, "an image of 0×4 pixels is empty"),
        ([torch.zeros(3, 4, 4)], TypeError, "must be of dtype torch.uint8"),
        ([noise(2, 4, 4)], ValueError, "3 numbers, and tensor 2 channels"),
        (noise(2, 4, 4), ValueError, "3 numbers, and tensor 2 channels"),
    ],
)
def test_refusals(images, error, message):
    with pytest.raises(error, match=message):
        resize_batch(images, (2, 2), normalize=NORMALIZE)


def test_refused_options():
    with pytest.raises(TypeError, match=r"normalize must be an isopixel\.torch\.Normalize, got tuple"):
        resize_batch(IMAGES, (2, 2), normalize=(0.5, 0.5))
    with pytest.raises(ValueError, match="method"):
        resize_batch(IMAGES, (2, 2), method="bilineal")
    with pytest.raises(ValueError, match="channels"):
        resize_batch([noise(4, 5, 5)], (2, 2), method="pillow-13-bilinear")
    assert isopixel.torch.resize_batch([noise(4, 5, 5)], (2, 2), method="pillow-13-bilinear", channels="CMYK").shape
