# SPDX-License-Identifier: MIT
"""isopixel.torch.resize and Resize on the CPU: the bits of the specification from any strides, and what is refused."""

import copy
import pickle
import re
import subprocess
import sys
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import isopixel
import isopixel.torch
from isopixel.torch import Resize, _resizing
from tests.support import assert_same, cmyk
from tests.tensors import FROZEN, RESIZES, VIEWS, check, noise, tensor_of


def expected(tensor, size, **options):
    """isopixel.resize of each image [C, H, W] of a tensor as an array (H, W, C)."""
    images = tensor.reshape(-1, *tensor.shape[-3:]).permute(0, 2, 3, 1).contiguous().numpy()
    made = np.stack([isopixel.resize(image, size, axes="HWC", **options) for image in images])
    return torch.from_numpy(made).permute(0, 3, 1, 2).reshape(*tensor.shape[:-2], *size)


def assert_equal(actual, wanted, what=""):
    assert_same(actual.numpy(), wanted.numpy(), what)


def test_vectors():
    """R-1 to R-4, from contiguous and from channels-last tensors, alone and in a batch."""
    for vector in RESIZES:
        tensor = tensor_of(vector)
        options = {"method": vector["method"]}
        check(vector, isopixel.torch.resize(tensor, vector["size"], **options))
        check(
            vector,
            isopixel.torch.resize(tensor.permute(1, 2, 0).contiguous().permute(2, 0, 1), vector["size"], **options),
        )
        batch = tensor.expand(2, 3, *tensor.shape)
        check(vector, Resize(vector["size"], **options)(batch))


def test_vectors_of_the_frozen_peers():
    """R-18: the channels of a tensor are those of the image, whether it is contiguous or channels-last."""
    for vector in FROZEN:
        tensor = tensor_of(vector)
        for image in (tensor, tensor.permute(1, 2, 0).contiguous().permute(2, 0, 1)):
            method, channels = vector["method"], cmyk(vector["method"], len(tensor))
            check(vector, isopixel.torch.resize(image, vector["size"], method=method, channels=channels))


@pytest.mark.parametrize("method", ["bilinear", "pillow-13-bilinear", "opencv-3.4-linear", "torch-2.3-bilinear"])
@pytest.mark.parametrize("view", VIEWS)
def test_strides_and_batches(view, method):
    """The same bits from any strides, into a new tensor and into tensors of any strides."""
    for batch in ((), (2,), (2, 3), (2, 1, 3)):
        tensor = VIEWS[view](noise(*batch, 3, 12, 10))
        wanted = expected(tensor, (6, 5), method=method)
        result = isopixel.torch.resize(tensor, (6, 5), method=method)
        assert_equal(result, wanted)
        if view == "channels-last":
            assert result.movedim(-3, -1).is_contiguous()
        else:
            assert result.is_contiguous()
        for make in VIEWS.values():
            out = make(torch.zeros_like(wanted))
            if 0 not in out.stride():
                assert isopixel.torch.resize(tensor, (6, 5), method=method, out=out) is out
                assert_equal(out, wanted)


@pytest.mark.parametrize("view", ["contiguous", "channels-last", "cropped", "rows left out", "batch reversed"])
def test_nothing_is_copied(view, monkeypatch):
    """The core gets the memory of tensors that it can step through, of the source and of out."""
    tensor = VIEWS[view](noise(2, 3, 3, 12, 10))
    storage = tensor.untyped_storage()
    out = isopixel.torch.resize(tensor, (6, 5))
    range_of_source = range(storage.data_ptr(), storage.data_ptr() + storage.nbytes())
    range_of_out = range(out.data_ptr(), out.data_ptr() + out.numel())
    core, seen = isopixel._images._core, []

    class Core:
        @staticmethod
        def resize(image, result, *arguments):
            seen.append((image.ctypes.data in range_of_source, result.ctypes.data in range_of_out))
            assert core.resize(image, result, *arguments)  # False would be: it has to be copied first
            return True

    monkeypatch.setattr(isopixel._images, "_core", Core)
    isopixel.torch.resize(tensor, (6, 5), out=out)
    assert seen and all(map(all, seen))


def test_a_batch_of_none():
    assert isopixel.torch.resize(noise(0, 3, 4, 5), (2, 2)).shape == (0, 3, 2, 2)


def test_the_device_meta():
    assert isopixel.torch.resize(torch.empty(2, 3, 8, 6, dtype=torch.uint8, device="meta"), (4, 3)).shape == (
        2,
        3,
        4,
        3,
    )


@pytest.mark.parametrize(
    ("size", "max_size", "image", "wanted"),
    [
        (224, None, (480, 640), (224, 298)),  # 298.67
        (224, None, (640, 480), (298, 224)),
        ([224], None, (224, 224), (224, 224)),
        (np.array([5, 9]), None, (4, 4), (5, 9)),
        (256, None, (375, 500), (256, 341)),
        (7, None, (3, 8), (7, 18)),
        (224, 280, (480, 640), (210, 280)),  # floor(280·224/298) = 210
        (224, 300, (480, 640), (224, 298)),
        (2, 3, (1, 100), None),
        (None, 320, (480, 640), (240, 320)),
        (None, 10, (7, 3), (10, 4)),
        (None, 10, (50, 50), (10, 10)),
        ((5, 9), None, (480, 640), (5, 9)),
    ],
)
def test_size_and_max_size(size, max_size, image, wanted):
    resize = Resize(size, max_size=max_size)
    tensor = noise(1, *image)
    if wanted is None:
        with pytest.raises(ValueError, match="no pixel left"):
            resize(tensor)
        return
    assert resize(tensor).shape[1:] == wanted


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**5), st.none() | st.integers(1, 10**5))
def test_size_is_what_torchvision_computes(height, width, size, more):
    """The arithmetic of torchvision 0.21, transforms.v2.functional._geometry._compute_resized_output_size."""
    max_size = None if more is None else size + more
    short, long = min(height, width), max(height, width)
    new_short, new_long = size, int(size * long / short)
    if max_size is not None and new_long > max_size:
        new_short, new_long = int(max_size * new_short / new_long), max_size
    if new_short < 1:
        return
    wanted = (new_long, new_short) if width <= height else (new_short, new_long)
    assert _resizing.result_size(size, max_size, height, width) == wanted
    if max_size is None:
        assert max(wanted) == floor(Fraction(size * long, short))


def test_a_module():
    resize = Resize(8, "pillow-13-bilinear", max_size=20)
    tensor = noise(3, 30, 40)
    for other in (copy.deepcopy(resize), pickle.loads(pickle.dumps(resize))):
        assert_equal(other(tensor), resize(tensor))
    assert repr(resize) == "Resize(size=8, method='pillow-13-bilinear', max_size=20)"
    assert repr(Resize((8, 9), decompose=True)).endswith("method='bilinear', decompose=True)")
    assert not list(resize.parameters()) and not resize.state_dict()


def jagged():
    return torch.nested.nested_tensor([torch.zeros(1, 2, 3)], layout=torch.jagged)


@pytest.mark.parametrize(
    ("tensor", "error", "text"),
    [
        (lambda: np.zeros((1, 4, 4), np.uint8), TypeError, "must be a torch.Tensor, got ndarray"),
        (lambda: torch.zeros(1, 4, 4), TypeError, "got torch.float32; convert it yourself.*round"),
        (lambda: torch.zeros(1, 4, 4, dtype=torch.int32), TypeError, "got torch.int32; convert it yourself"),
        (lambda: torch.zeros(1, 4, 4, requires_grad=True), TypeError, "no gradient"),
        (lambda: torch.zeros(1, 4, 4, dtype=torch.uint8).to_sparse(), TypeError, "to_dense"),
        (jagged, TypeError, "must be dense"),
        (lambda: torch.quantize_per_tensor(torch.zeros(1, 4, 4), 1, 0, torch.quint8), TypeError, "int_repr"),
        (lambda: noise(4, 4), ValueError, r"\[\.\.\., C, H, W\], got \[4, 4\]"),
        (lambda: noise(1, 0, 4), ValueError, "empty"),
    ],
)
def test_tensors_that_are_refused(tensor, error, text):
    for call in (lambda t: isopixel.torch.resize(t, (2, 2)), Resize((2, 2)), Resize((2, 2), decompose=True)):
        with pytest.raises(error, match=text):
            call(tensor())


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (((-1, 2),), ValueError, "at least"),
        ((2.5,), TypeError, "size"),
        ((True,), TypeError, "size"),
        (("2",), TypeError, "size"),
        (((1, 2, 3),), ValueError, "two numbers"),
        (((2, 2), "lanczos"), ValueError, "unknown method"),
        (((2, 2), "pillow-13-bilinear", True), ValueError, "leave it out"),
        (((2, 2), "bilinear", 1), TypeError, "antialias"),
    ],
)
def test_arguments_that_are_refused(arguments, error, text):
    options = dict(zip(("size", "method", "antialias"), arguments, strict=False))
    with pytest.raises(error, match=text):
        Resize(**options)
    with pytest.raises(error, match=text):
        isopixel.torch.resize(noise(1, 4, 4), **options)


def test_the_class_accepts_no_third_argument_by_its_place():
    """It would be max_size in torchvision's, and antialias in resize."""
    with pytest.raises(TypeError, match="positional"):
        Resize(9, "bilinear", 20)


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_operators_refuse_an_unknown_method(device):
    operators = torch.ops.isopixel
    for shape in ((1, 4, 4), (0, 1, 4, 4)):
        image = torch.zeros(shape, dtype=torch.uint8, device=device)
        with pytest.raises(ValueError, match="unknown method 'lanczos'; did you mean 'pillow-4-lanczos', "):
            operators.resize(image, 2, 2, "lanczos")
        with pytest.raises(ValueError, match="unknown method 'lanczos'; did you mean 'pillow-4-lanczos', "):
            operators.resize_out(image, image.clone(), "lanczos")


def test_one_number_is_for_the_class_alone():
    for size in (9, np.int64(9)):
        text = r"got the number 9: write \(9, 9\) .* for the shorter side use isopixel.torch.Resize\(9\)"
        with pytest.raises(TypeError, match=text):
            isopixel.torch.resize(noise(1, 4, 4), size)
        assert Resize(size)(noise(1, 4, 8)).shape == (1, 9, 18)
    for size, error, text in (([9], ValueError, "two numbers"), (None, TypeError, "got None")):
        with pytest.raises(error, match=text):
            isopixel.torch.resize(noise(1, 4, 4), size)


def test_sizes_that_the_class_refuses():
    for size, max_size, error, text in [
        (0, None, ValueError, "at least 1"),
        (-3, None, ValueError, "at least 1"),
        (None, None, TypeError, "None needs a max_size"),
        ((2, 2), 5, ValueError, "one number"),
        (5, 5, ValueError, "above size"),
        (None, 0, ValueError, "at least 1"),
        (np.array(5), None, TypeError, "height, width"),
        (5, 7.5, TypeError, "whole number"),
    ]:
        with pytest.raises(error, match=text):
            Resize(size, max_size=max_size)


def test_out_that_is_refused():
    tensor = noise(2, 3, 4, 4)
    for out, error, text in [
        (np.zeros((2, 3, 2, 2), np.uint8), TypeError, "torch.Tensor"),
        (torch.zeros(2, 3, 2, 2), TypeError, "out must be of dtype"),
        (noise(2, 3, 2, 3), ValueError, r"shape \(2, 3, 2, 2\), got \(2, 3, 2, 3\)"),
        (torch.empty(2, 3, 2, 2, dtype=torch.uint8, device="meta"), ValueError, "device"),
        (tensor[..., :2, :2], ValueError, "shares memory"),
        (noise(1, 1, 2, 2).expand(2, 3, 2, 2), ValueError, "share memory"),
        (noise(2, 3, 2, 1).expand(2, 3, 2, 2), ValueError, "share memory"),
    ]:
        with pytest.raises(error, match=text):
            isopixel.torch.resize(tensor, (2, 2), out=out)


def test_out_is_changed():
    """Autograd gets to know: it refuses what was kept for a gradient."""
    out = torch.zeros(1, 2, 2, dtype=torch.uint8)
    version = out._version
    isopixel.torch.resize(noise(1, 4, 4), (2, 2), out=out)
    assert out._version > version


def test_out_that_shares_memory_across_a_batch():
    """Also where the batch is computed in parts, none of which shares memory with itself or its own source."""
    memory = noise(2, 3, 1, 4, 4)
    before = memory.clone()
    batch, later = (memory[:, start : start + 2].transpose(0, 1) for start in (0, 1))
    for source, out in [
        (noise(2, 2, 1, 4, 4), noise(1, 2, 1, 4, 4).expand(2, 2, 1, 4, 4)),
        (noise(2, 2, 1, 4, 4), torch.empty_strided((2, 2, 1, 4, 4), (16, 16, 16, 4, 1), dtype=torch.uint8)),
        (batch, later),
        (batch, batch),
    ]:
        with pytest.raises(ValueError, match="memory"):
            isopixel.torch.resize(source, (4, 4), out=out)
    assert torch.equal(memory, before)
    assert isopixel.torch.resize(batch, (4, 2), out=torch.zeros(2, 2, 1, 4, 2, dtype=torch.uint8)).any()


def test_channels_that_a_frozen_peer_does_not_cover():
    with pytest.raises(ValueError, match="covers 1, 3 or 4 channels"):
        isopixel.torch.resize(noise(2, 4, 4), (2, 2), method="pillow-13-bilinear")


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_torch_is_optional():
    assert run("import sys, isopixel; assert 'torch' not in sys.modules").returncode == 0
    without = run("import sys; sys.modules['torch'] = None; import isopixel.torch")
    assert "ImportError: isopixel.torch needs PyTorch: pip install 'isopixel[torch]'" in without.stderr


@pytest.mark.slow
def test_the_examples_of_the_documentation(tmp_path, monkeypatch):
    text = (Path(__file__).parents[1] / "docs" / "torch.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("data/a/one", "data/b/two", "data/b/sub/three"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(name.encode() * 100)
    names = {}
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 6
    for code in examples:
        exec(code.replace("num_workers=2", "num_workers=0"), names)
    rows = [names["data"][at] for at in range(3)]
    assert sorted(row[1] for row in rows) == [0, 1, 1]
    assert {row[0].numpy().tobytes() for row in rows} == {image.numpy().tobytes() for image in names["batch"]}
    wanted = isopixel.normalize(
        np.zeros((2, 3, 224, 298), np.uint8), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), axes="NCHW"
    )
    assert names["same"].numpy().tobytes() == wanted.tobytes()
    assert names["batch"].shape == (3, 1, 224, 224) and names["batch"].dtype == torch.float32
