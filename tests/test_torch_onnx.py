# SPDX-License-Identifier: MIT
"""Programs of ONNX in onnxruntime: of one source size against the vectors, of any against the core."""

import itertools
import math

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch._dynamo.exc import UserError
from torch.export import Dim

import isopixel
import isopixel.torch
from isopixel.torch import Normalize, Resize, _exact
from isopixel.torch._passes import divided, premultiplied
from tests.tensors import NORMALIZED, check, check_floats, noise, tensor_of
from tests.test_torch_programs import SOME, resize_of

pytestmark = pytest.mark.slow  # an export takes seconds

ANY_SIZE = ({0: Dim("batch"), 1: Dim("channels"), 2: Dim("height"), 3: Dim("width")},)
needs_symbols = pytest.mark.skipif(not _exact.computes_with_symbols(), reason="this torch makes sizes constants")
PRIMES = [n for n in range(2, 800) if all(n % k for k in range(2, math.isqrt(n) + 1))]


def run_onnx(module, tensor, path, **options):
    """What onnxruntime makes of a tensor by the ONNX program of a module."""
    torch.onnx.export(module.eval(), (tensor,), path, dynamo=True, verbose=False, **options)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (name,) = [value.name for value in session.get_inputs()]
    return lambda t: torch.from_numpy(session.run(None, {name: t.numpy()})[0])


def source_sizes(rng, number):
    """Sizes of one pixel, of one row and column, of primes, of common ones, below and above any result; then others."""
    yield from [(1, 1), (1, 2), (2, 1), (2, 2), (1, 811), (809, 1), (3, 700), (224, 224), (448, 112), (225, 223)]
    yield from [(256, 256), (480, 640), (375, 500), (720, 1280), (1080, 1920), (1079, 1919), (2003, 37), (5, 20011)]
    for _ in range(18, number, 2):
        yield tuple(int(n) for n in rng.choice(PRIMES, 2))
        yield tuple(int(n) for n in rng.integers(1, 701, 2))


def image_of(rng, size):
    """Noise, or noise of 0 and 255 alone, in some images and channels."""
    shape = (int(rng.integers(1, 3)), int(rng.integers(1, 5)), *size) if math.prod(size) < 10**5 else (1, 3, *size)
    image = rng.integers(0, 256, shape, np.uint8)
    return torch.from_numpy(image if rng.integers(2) else np.where(image < 128, np.uint8(0), np.uint8(255)))


def differing_of_any_size(program, size, method, number):
    """How many samples differ from the core, in images of many sizes."""
    rng = np.random.default_rng(number)
    differing = 0
    for source in source_sizes(rng, number):
        image = image_of(rng, source)
        expected = isopixel.torch.resize(image, Resize(size)(image).shape[-2:], method=method)
        result = program(image)
        assert result.dtype == torch.uint8 and result.shape == expected.shape, source
        differing += int((result != expected).sum())
    return differing


@needs_symbols
@pytest.mark.parametrize(
    ("method", "size", "number"),
    [
        ("bilinear", (224, 224), 200),
        ("bilinear", 67, 60),
        ("bilinear-two-tap", (224, 224), 60),
        ("nearest", (97, 224), 60),
        ("nearest", 67, 60),
        ("area", (224, 191), 60),
        ("bicubic-four-tap", (160, 191), 60),
    ],
)
def test_any_source_size_from_one_file(method, size, number, tmp_path):
    path = tmp_path / "resize.onnx"
    program = run_onnx(Resize(size, method, decompose=True), noise(2, 3, 20, 31), path, dynamic_shapes=ANY_SIZE)
    assert differing_of_any_size(program, size, method, number) == 0
    model = onnx.load(path)
    for node in model.graph.node:
        node.ClearField("metadata_props")  # torch's stack traces
    assert model.ByteSize() < 32_000 and not any(value.external_data for value in model.graph.initializer)


@needs_symbols
def test_the_sizes_reject_wrong_code(tmp_path):
    class HalfDown(torch.nn.Module):
        def forward(self, image):
            return 255 - Resize((224, 224), decompose=True)(255 - image)

    program = run_onnx(HalfDown(), noise(2, 3, 20, 31), tmp_path / "wrong.onnx", dynamic_shapes=ANY_SIZE)
    assert differing_of_any_size(program, (224, 224), "bilinear", 40) > 0


@needs_symbols
def test_sizes_that_are_too_large_stop_it(tmp_path):
    """2·H²·255 is a sum of the first axis: that of 4,202,500 is the last one below 2^53."""
    program = run_onnx(
        Resize((1, 1), decompose=True), noise(1, 1, 20, 31), tmp_path / "one.onnx", dynamic_shapes=ANY_SIZE
    )
    for height in (4_202_000, 4_203_000):
        image = torch.full((1, 1, height, 1), 255, dtype=torch.uint8)
        image[0, 0, ::2] = 254
        if height == 4_202_000:
            assert torch.equal(program(image), isopixel.torch.resize(image, (1, 1)))
        else:
            with pytest.raises(Exception, match="indices element out of data bounds"):
                program(image)


@needs_symbols
def test_the_split_within_a_program(tmp_path):
    """The numbers of symbols, which have 64 bits there, at the bounds of any size."""

    class Split(torch.nn.Module):
        def forward(self, image):
            height, width = image.shape[:2]
            scale, beyond = _exact.split(height * height, width * width)
            return torch.cat((torch.full((1,), scale), torch.full((1,), beyond)))

    image = torch.zeros(20, 31, 0, dtype=torch.uint8)
    program = run_onnx(Split(), image, tmp_path / "split.onnx", dynamic_shapes=({0: Dim("h"), 1: Dim("w")},))
    numbers = [1, 2, 3, *(2**bits + k for bits in range(2, 31, 3) for k in (-1, 0, 1)), 2**31 - 1]
    for h, w in itertools.product(numbers, repeat=2):
        assert program(torch.zeros(h, w, 0, dtype=torch.uint8)).tolist() == list(_exact.split(h * h, w * w)), (h, w)


def test_what_is_a_constant(tmp_path):
    """What is not made for any size is of one, which the program says, and torch.export refuses to make it of any."""
    tensor = noise(2, 3, 20, 31)
    resizes = [Resize((9, 8), "bicubic", decompose=True), Resize(9, max_size=12, decompose=True)]
    for resize in resizes if _exact.computes_with_symbols() else [*resizes, Resize(9, decompose=True)]:
        program = run_onnx(resize, tensor, tmp_path / "constant.onnx", dynamic_shapes=ANY_SIZE)
        assert torch.equal(program(tensor), resize(tensor))
        with pytest.raises(Exception, match="Got: 21 Expected: 20"):
            program(noise(2, 3, 21, 31))
        with pytest.raises(UserError, match=r"Constraints violated|Could not extract specialized integer"):
            torch.export.export(resize, (tensor,), dynamic_shapes=ANY_SIZE)


def test_onnx(tmp_path):
    for vector in SOME[::4]:
        tensor = tensor_of(vector)
        check(vector, run_onnx(resize_of(vector, decompose=True), tensor, tmp_path / "resize.onnx")(tensor))


@pytest.mark.parametrize(("method", "size"), [("bilinear", (303, 411)), ("bicubic", (301, 413))])
def test_quotients_next_to_a_tie(method, size, tmp_path):
    """Noise of 254 and 255, with its mean at a tie: a division in float32 makes other samples."""
    image = 254 + noise(4, 3, *size) % 2
    program = run_onnx(Resize((224, 224), method, decompose=True), image, tmp_path / "near.onnx")
    assert torch.equal(program(image), isopixel.torch.resize(image, (224, 224), method=method))


@pytest.mark.parametrize(
    ("method", "channels"),
    [("pillow-13-bilinear", 3), ("pillow-4-lanczos-alpha", 4), ("torch-2.3-bicubic", 1), ("opencv-3.4-nearest", 3)],
)
def test_passes(method, channels, tmp_path):
    """Their tables are constants, for one source size; the batch may vary."""
    images = noise(2, channels, 301, 413)
    if channels == 4:
        images[:, 3] %= 20
    resize = Resize((224, 430), method, decompose=True)
    program = run_onnx(resize, images, tmp_path / "passes.onnx", dynamic_shapes=({0: Dim("batch")},))
    for batch in (images, images[:1].flip(-1).contiguous()):
        assert torch.equal(program(batch), isopixel.torch.resize(batch, (224, 430), method=method))


def test_alpha_in_integers(tmp_path):
    """All pairs of a sample and alpha (R-23, R-39)."""

    class Alpha(torch.nn.Module):
        def forward(self, image):
            return torch.stack((premultiplied(image), divided(image)))

    samples = range(256)
    image = torch.tensor([[[p for p in samples for a in samples]], [[a for p in samples for a in samples]]])
    image = image.to(torch.uint8)
    made = run_onnx(Alpha(), image, tmp_path / "alpha.onnx")(image)
    products = [p * a + 128 for p in samples for a in samples]
    wanted = [((t >> 8) + t) >> 8 for t in products]
    assert made[0, 0, 0].tolist() == wanted
    assert made[1, 0, 0].tolist() == [min(255, 255 * q // a) if a else q for q in samples for a in samples]
    assert torch.equal(made[:, 1], image[1].expand(2, 1, -1)) and torch.equal(made, Alpha()(image))


def test_onnx_of_a_batch_and_of_sums_in_two_parts(tmp_path):
    """Sums beyond 2^53 take two products; the batch may vary."""
    tall = noise(1, 1, 20011, 701)
    result = run_onnx(Resize((1, 1), decompose=True), tall, tmp_path / "tall.onnx")(tall)
    assert torch.equal(result, isopixel.torch.resize(tall, (1, 1)))
    shapes = ({0: torch.export.Dim("batch")},)
    batch = noise(2, 3, 20, 31)
    program = run_onnx(Resize(9, decompose=True), batch, tmp_path / "batch.onnx", dynamic_shapes=shapes)
    for n in (1, 7):
        images = noise(n, 3, 20, 31, seed=n)
        assert torch.equal(program(images), Resize(9)(images))


def test_a_whole_pipeline_as_onnx(tmp_path):
    mean, std = ("0.485", "0.456", "0.406"), ("0.229", "0.224", "0.225")
    pipeline = torch.nn.Sequential(Resize(9, decompose=True), Normalize(mean, std, decompose=True))
    tensor = noise(3, 20, 31)
    result = run_onnx(pipeline, tensor, tmp_path / "pipeline.onnx")(tensor)
    array = isopixel.normalize(isopixel.resize(tensor.numpy(), (9, 13), axes="CHW"), mean, std, axes="CHW")
    assert result.numpy().tobytes() == array.tobytes()


def test_normalize(tmp_path):
    """R-31, with one table and with one for each channel; floats are compared as bits."""
    for n in (0, 2):
        vector = next(v for v in NORMALIZED if v["mean"].count(",") == n)
        tensor = tensor_of(vector)
        normalize = Normalize(vector["mean"].split(","), vector["std"].split(","), decompose=True)
        check_floats(vector, run_onnx(normalize, tensor, tmp_path / "normalize.onnx")(tensor))
