# SPDX-License-Identifier: MIT
"""Compiled and exported programs, against the vectors (R-1 to R-4, R-32 to R-36).

Each vector costs a compilation of its own there, so each way takes some of them: sizes that shrink, grow and do both,
with and without antialias, one and several channels, and one whose numerators exceed 32 bits. (All of them pass through
the operator and through the torch operations in test_torch.py and test_torch_exact.py.)
"""

import subprocess
import sys

import pytest
import torch

import isopixel
import isopixel.torch
from isopixel.torch import Normalize, Resize
from isopixel.torch._passes import PASSED
from tests.support import cmyk
from tests.tensors import FROZEN, NORMALIZED, RESIZES, check, check_floats, noise, tensor_of

SHAPES = ([7, 5, 2], [6, 4, 3], [13, 11, 5], [4, 4, 1], [64, 48, 3], [1001, 256, 1], [200, 300, 1])
SOME = [vector for vector in RESIZES if vector["shape"] in SHAPES and not vector["input"].startswith("extremes")]


def resize_of(vector, **options):
    return Resize(vector["size"], vector["method"], **options)


def names_of(program):
    return [str(node.target) for node in program.graph.nodes if node.op == "call_function"]


def test_enough_vectors():
    assert len(SOME) > 15 and {vector["method"] for vector in SOME} == {
        method.name for method in isopixel.methods() if not method.is_frozen
    }
    assert any(v["size"][0] > v["shape"][0] and v["size"][1] < v["shape"][1] for v in SOME)


def test_opcheck():
    operators = torch.ops.isopixel
    tensor = noise(2, 3, 20, 31)
    for image in (tensor, tensor.to(memory_format=torch.channels_last), tensor[0], tensor[..., 1:]):
        torch.library.opcheck(operators.resize.default, (image, 8, 9, "bilinear"))
        out = torch.empty(*image.shape[:-2], 8, 9, dtype=torch.uint8)
        torch.library.opcheck(operators.resize_out.default, (image, out, "bilinear-two-tap"))
    torch.library.opcheck(operators.resize.default, (tensor, 8, 9, "pillow-13-bilinear"))
    torch.library.opcheck(operators.normalize.default, (tensor, torch.rand(3, 256)))


def test_schemas_stay():
    """Saved programs name them."""
    for operator, schema in [
        ("resize", "(Tensor image, SymInt height, SymInt width, str method) -> Tensor"),
        ("resize_out", "(Tensor image, Tensor(a!) out, str method) -> ()"),
        ("normalize", "(Tensor image, Tensor table) -> Tensor"),
    ]:
        assert str(getattr(torch.ops.isopixel, operator).default._schema) == f"isopixel::{operator}{schema}"


@pytest.mark.parametrize("backend", [pytest.param("eager", marks=pytest.mark.slow), "aot_eager"])
@pytest.mark.parametrize("decompose", [False, True])
@pytest.mark.slow
def test_compiled(backend, decompose):
    of_each_method = list({vector["method"]: vector for vector in SOME}.values())
    for vector in of_each_method if decompose else SOME[::2]:
        torch.compiler.reset()
        compiled = torch.compile(resize_of(vector, decompose=decompose), fullgraph=True, backend=backend)
        check(vector, compiled(tensor_of(vector)))


@pytest.mark.slow
@pytest.mark.parametrize("decompose", [False, True])
def test_frozen_peers(decompose):
    """Compiled and exported; the tables of passes are constants of a program."""
    vectors = [vector for vector in FROZEN if vector["method"] in PASSED or not decompose]
    for vector in vectors[:: len(vectors) // 12]:
        torch.compiler.reset()
        tensor = tensor_of(vector)
        channels = cmyk(vector["method"], tensor.shape[-3])
        resize = resize_of(vector, channels=channels, decompose=decompose)
        check(vector, torch.compile(resize, fullgraph=True, backend="aot_eager")(tensor))
        for strict in (False, True):
            program = torch.export.export(resize, (tensor,), strict=strict)
            check(vector, program.module()(tensor))
            assert all(name.startswith("aten.") for name in names_of(program)) == decompose


@pytest.mark.slow
def test_compiled_by_inductor():
    """Once each: the compiler takes its time."""
    vector = next(v for v in SOME if v["shape"] == [1001, 256, 1] and v["method"] == "bilinear")
    tensor = tensor_of(vector)
    torch.compiler.reset()
    check(vector, torch.compile(resize_of(vector), fullgraph=True)(tensor))
    check(vector, torch.compile(resize_of(vector, decompose=True), fullgraph=True)(tensor))


@pytest.mark.slow
def test_compiled_for_any_size():
    """One program for images of all sizes, and a result written to out."""
    torch.compiler.reset()
    resize = torch.compile(Resize(9), fullgraph=True, backend="aot_eager", dynamic=True)
    into = torch.compile(
        lambda t, out: isopixel.torch.resize(t, (9, 8), out=out) ^ 255,
        fullgraph=True,
        backend="aot_eager",
        dynamic=True,
    )
    for shape in ((2, 3, 20, 31), (4, 3, 44, 12), (2, 3, 33, 33)):
        tensor = noise(*shape)
        assert torch.equal(resize(tensor), Resize(9)(tensor))
        out = torch.zeros(*shape[:2], 9, 8, dtype=torch.uint8)
        inverted = into(tensor, out)
        assert torch.equal(out, isopixel.torch.resize(tensor, (9, 8))) and torch.equal(inverted, out ^ 255)


@pytest.mark.slow
def test_compiled_for_many_sizes():
    """The decomposed resize is compiled for each source size; a table does not mind that channels are symbolic."""
    normalize = Normalize(("0.1", "0.2", "0.3"), "0.25")
    model = torch.nn.Sequential(Resize(9, decompose=True), normalize)
    for dynamic in (None, True):
        torch.compiler.reset()
        compiled = torch.compile(model, fullgraph=True, backend="aot_eager", dynamic=dynamic)
        for shape in ((2, 3, 20, 31), (4, 3, 44, 12), (2, 3, 33, 33)):
            tensor = noise(*shape)
            assert torch.equal(compiled(tensor), normalize(Resize(9)(tensor)))


@pytest.mark.slow
def test_any_size_with_max_size():
    """One program, whichever side is longer, and whether or not it exceeds max_size."""
    shapes = ({1: torch.export.Dim("height", min=2, max=500), 2: torch.export.Dim("width", min=2, max=500)},)
    for resize in (Resize(16, "pillow-13-bilinear", max_size=40), Resize(None, max_size=40)):
        program = torch.export.export(resize, (noise(3, 20, 31),), dynamic_shapes=shapes).module()
        for size in ((20, 31), (40, 31), (31, 31), (20, 301), (301, 20), (16, 40), (2, 2)):
            image = noise(3, *size)
            assert torch.equal(program(image), resize(image)), size


@pytest.mark.slow
def test_passes_compiled_for_many_sizes():
    torch.compiler.reset()
    resize = Resize(9, "pillow-13-bicubic", decompose=True)
    compiled = torch.compile(resize, fullgraph=True, backend="aot_eager", dynamic=True)
    for shape in ((2, 3, 20, 31), (4, 3, 44, 12), (2, 1, 33, 33)):
        assert torch.equal(compiled(noise(*shape)), Resize(9, "pillow-13-bicubic")(noise(*shape)))


def test_two_resizes_in_one_program():
    model = torch.nn.Sequential(Resize((20, 24), decompose=True), Resize(10, decompose=True), Resize(10))
    tensor = noise(3, 30, 40)
    wanted = isopixel.torch.resize(isopixel.torch.resize(tensor, (20, 24)), (10, 12))
    assert torch.equal(torch.compile(model, fullgraph=True, backend="aot_eager")(tensor), wanted)
    assert torch.equal(torch.export.export(model, (tensor,)).module()(tensor), wanted)


@pytest.mark.parametrize("strict", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("decompose", [False, True])
def test_exported(strict, decompose):
    for vector in SOME[strict::4]:
        tensor = tensor_of(vector)
        program = torch.export.export(resize_of(vector, decompose=decompose), (tensor,), strict=strict)
        check(vector, program.module()(tensor))
        names = names_of(program)
        if decompose:
            assert names and all(name.startswith("aten.") for name in names), names
        else:
            assert names == ["isopixel.resize.default"]


def test_exported_for_any_batch():
    tensor = noise(2, 3, 20, 31)
    for decompose in (False, True):
        resize = Resize((8, 9), decompose=decompose)
        program = torch.export.export(resize, (tensor,), dynamic_shapes=({0: torch.export.Dim("batch")},))
        for n in (1, 5):
            batch = noise(n, 3, 20, 31, seed=n)
            assert torch.equal(program.module()(batch), isopixel.torch.resize(batch, (8, 9)))


LOAD = """
import sys, torch
if {imports}: import isopixel.torch
program = torch.export.load({path!r}).module()
torch.save([program(tensor) for tensor in torch.load({inputs!r})], {outputs!r})
assert {imports} or "isopixel" not in sys.modules
"""


@pytest.mark.slow
@pytest.mark.parametrize("decompose", [False, True])
def test_a_saved_program_in_a_fresh_process(decompose, tmp_path):
    """With isopixel.torch imported there; or, of torch operations alone, without it."""
    shape = (3, 50, 70)
    resize = Resize(24, decompose=decompose)
    torch.export.save(torch.export.export(resize, (noise(*shape),)), tmp_path / "program.pt2")
    inputs = [noise(*shape, seed=n) for n in range(3)] + [torch.full(shape, 255, dtype=torch.uint8)]
    torch.save(inputs, tmp_path / "inputs")
    paths = {name: str(tmp_path / name) for name in ("inputs", "outputs")}
    code = LOAD.format(path=str(tmp_path / "program.pt2"), imports=not decompose, **paths)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    for tensor, output in zip(inputs, torch.load(tmp_path / "outputs"), strict=True):
        array = isopixel.resize(tensor.numpy(), (24, 33), axes="CHW")
        assert output.dtype == torch.uint8 and output.numpy().tobytes() == array.tobytes()


@pytest.mark.slow
def test_normalize(tmp_path):
    """R-31 in every kind of program, with one table and with one for each channel; floats are compared as bits."""
    one, each = (next(v for v in NORMALIZED if v["mean"].count(",") == n) for n in (0, 2))
    for number, vector in enumerate((one, each)):
        tensor = tensor_of(vector)
        for decompose in (False, True):
            normalize = Normalize(vector["mean"].split(","), vector["std"].split(","), decompose=decompose)
            torch.compiler.reset()
            check_floats(vector, torch.compile(normalize, fullgraph=True, backend="aot_eager")(tensor))
            program = torch.export.export(normalize, (tensor,))
            check_floats(vector, program.module()(tensor))
            path = tmp_path / f"{number}{decompose}.pt2"
            torch.export.save(program, path)
            check_floats(vector, torch.export.load(path).module()(tensor))
            assert (names_of(program) == ["isopixel.normalize.default"]) == (not decompose)
