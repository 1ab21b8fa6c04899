# SPDX-License-Identifier: MIT
"""isopixel.torch.Normalize (R-29 to R-31) by the core and by torch operations; floats are compared as bits."""

import copy
import pickle

import pytest
import torch

import isopixel
from isopixel.torch import Normalize
from tests.tensors import NORMALIZED, check_floats, noise, tensor_of

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def same_bits(a, b):
    return a.dtype == b.dtype == torch.float32 and torch.equal(a.view(torch.int32), b.view(torch.int32))


@pytest.fixture(params=["cpu", "cuda"])
def device(request):
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    return request.param


@pytest.mark.parametrize("decompose", [False, True])
def test_vectors(decompose, device):
    for vector in NORMALIZED:
        normalize = Normalize(vector["mean"].split(","), vector["std"].split(","), decompose=decompose).to(device)
        tensor = tensor_of(vector).to(device)
        check_floats(vector, normalize(tensor))
        check_floats(vector, normalize(tensor.permute(1, 2, 0).contiguous().permute(2, 0, 1)))
        check_floats(vector, normalize(tensor.expand(2, 3, *tensor.shape)))


@pytest.mark.parametrize("decompose", [False, True])
def test_strides_and_batches(decompose):
    normalize = Normalize(MEAN, STD, decompose=decompose)
    for batch in ((), (2,), (2, 4), (0,)):
        tensor = noise(*batch, 3, 6, 10)
        wanted = [
            torch.from_numpy(isopixel.normalize(t.numpy(), MEAN, STD, axes="CHW")) for t in tensor.view(-1, 3, 6, 10)
        ]
        wanted = torch.stack(wanted).view(tensor.shape) if wanted else torch.empty(tensor.shape)
        views = [tensor, tensor.movedim(-3, -1).contiguous().movedim(-1, -3), tensor.mT.contiguous().mT]
        if len(batch) == 2:
            views.append(tensor.transpose(0, 1).contiguous().transpose(0, 1))
        for view in views:
            result = normalize(view)
            assert same_bits(result, wanted) and result.is_contiguous()


def test_one_number_serves_any_channels():
    for channels in (1, 3, 5):
        tensor = noise(channels, 4, 4)
        array = isopixel.normalize(tensor.numpy(), 0.5, "0.25", axes="CHW")
        for decompose in (False, True):
            assert same_bits(Normalize(0.5, "0.25", decompose=decompose)(tensor), torch.from_numpy(array))


def test_the_table_stays_what_it_is():
    normalize = Normalize(MEAN, STD)
    wanted = normalize(noise(3, 5, 5))
    assert normalize.state_dict() == {} and not list(normalize.parameters())
    for other in (
        copy.deepcopy(normalize),
        pickle.loads(pickle.dumps(normalize)),
        copy.deepcopy(normalize).half(),
        copy.deepcopy(normalize).to(torch.float64),
        copy.deepcopy(normalize).to("meta").to_empty(device="cpu"),
    ):
        assert same_bits(other(noise(3, 5, 5)), wanted)
    assert repr(normalize) == "Normalize(mean=0.485,0.456,0.406, std=0.229,0.224,0.225)"


def test_what_is_refused():
    normalize = Normalize(MEAN, STD)
    for tensor, error, text in [
        (torch.zeros(3, 2, 2), TypeError, "uint8, got torch.float32"),
        (noise(1, 2, 2), ValueError, "3 numbers, and tensor 1 channels"),
        (torch.empty(3, 2, 2, dtype=torch.uint8, device="meta"), ValueError, "on meta, and the module on cpu"),
    ]:
        with pytest.raises(error, match=text):
            normalize(tensor)
    for mean, std, error in [
        ((0.5, 0.5), STD, ValueError),
        ("x", 1, ValueError),
        (0, 0, ValueError),
        (0, None, TypeError),
    ]:
        with pytest.raises(error):
            Normalize(mean, std)
