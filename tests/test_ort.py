# SPDX-License-Identifier: MIT
"""libisopixel_ort, the operators for ONNX Runtime: against the vectors, in hosts of Python and C, and what it refuses.

It needs the headers of ONNX Runtime: those of the system, or of the folder ONNXRUNTIME_INCLUDE_DIR.
"""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from torch.export import Dim

import isopixel
import isopixel.torch
from isopixel.torch import Normalize, Resize, _exact, onnx_translations, resize_batch
from tests.builds import ROOT, build, checked_run
from tests.tensors import FROZEN, NORMALIZED, RESIZES, check, check_floats, noise, tensor_of

pytestmark = pytest.mark.slow  # it is compiled first

HEADER = "onnxruntime_c_api.h"
FOLDERS = [os.environ.get("ONNXRUNTIME_INCLUDE_DIR"), "/usr/include/onnxruntime", "/usr/local/include/onnxruntime"]
FOLDER = next((Path(folder).resolve() for folder in FOLDERS if folder and (Path(folder) / HEADER).exists()), None)


@pytest.fixture(scope="module")
def library():
    """The library, if there are headers to build it with."""
    if FOLDER is None:
        pytest.skip(f"{HEADER} was not found: name its folder, ONNXRUNTIME_INCLUDE_DIR=…")
    flags = ["-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror", "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG"]
    options = ["-DISOPIXEL_ORT=ON", f"-DONNXRUNTIME_INCLUDE_DIR={FOLDER}", *flags]
    return build("ort", options, ["isopixel_ort"]) / "ort" / "libisopixel_ort.so"


def open_session(library, model, threads=1, **entries):
    """A session that has the library; what it logs is in its errors too."""
    options = onnxruntime.SessionOptions()
    options.register_custom_ops_library(str(library))
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    for name, value in entries.items():
        options.add_session_config_entry(f"session.{name}", value)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def model_of(node, inputs, output):
    """The bytes of a model of one node, whose inputs are (type, rank) by their names."""
    values = [helper.make_tensor_value_info(name, *of_rank) for name, of_rank in inputs.items()]
    made = helper.make_graph([node], "one", values, [helper.make_tensor_value_info("result", *output)])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("isopixel", 1)]
    return helper.make_model(made, ir_version=8, opset_imports=opsets).SerializeToString()


def any_shape(prefix, rank):
    return [f"{prefix}{axis}" for axis in range(rank)]


def resizing(library, method, rank=3, kind=TensorProto.UINT8, **options):
    """A function of a tensor, height and width by the operator Resize."""
    node = helper.make_node(
        "Resize", ["image", "height", "width"], ["result"], domain="isopixel", **({"method": method} if method else {})
    )
    inputs = {"image": (kind, any_shape("in", rank))}
    inputs |= {name: (TensorProto.INT64, None) for name in ("height", "width")}
    session = open_session(library, model_of(node, inputs, (kind, any_shape("out", rank))), **options)

    def resize(image, height, width):
        feed = {"image": image.numpy(), "height": np.array(height), "width": np.array(width)}
        return torch.from_numpy(session.run(None, feed)[0])

    return resize


def normalizing(library, rank=3, **options):
    """A function of a tensor and a table by the operator Normalize."""
    node = helper.make_node("Normalize", ["image", "table"], ["result"], domain="isopixel")
    inputs = {"image": (TensorProto.UINT8, any_shape("in", rank)), "table": (TensorProto.FLOAT, None)}
    model = model_of(node, inputs, (TensorProto.FLOAT, any_shape("in", rank)))
    session = open_session(library, model, **options)
    return lambda image, table: torch.from_numpy(
        session.run(None, {"image": image.numpy(), "table": np.asarray(table, np.float32)})[0]
    )


@pytest.mark.parametrize("entries", [{}, {"set_denormal_as_zero": "1"}], ids=["", "denormals are zero"])
def test_every_method(library, entries):
    """R-1 to R-5, R-18 to R-49: one session for all sizes."""
    vectors = [*RESIZES, *FROZEN]
    names = {vector["method"] for vector in vectors}
    assert names == {method.name for method in isopixel.methods()}
    resizes = {name: resizing(library, name, **entries) for name in names}
    for vector in vectors:
        check(vector, resizes[vector["method"]](tensor_of(vector), *vector["size"]))


def test_the_vectors_reject_another_method(library):
    resize = resizing(library, "bilinear-two-tap")
    vector = next(v for v in RESIZES if v["method"] == "bilinear" and v["shape"][0] > 2 * v["size"][0])
    with pytest.raises(AssertionError):
        check(vector, resize(tensor_of(vector), *vector["size"]))


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("method", isopixel.methods(), ids=lambda method: method.name)
def test_batches(library, method, threads):
    """Of any rank, with and without threads of the session: the bits of isopixel.torch."""
    channels = [c for c in (1, 2, 3, 4, 5) if method.covers(c)]
    for rank, batch in [(3, ()), (4, (0,)), (4, (7,)), (5, (2, 3)), (6, (2, 1, 2))]:
        resize = resizing(library, method.name, rank, threads=threads)
        for c in channels:
            for (height, width), size in [((300, 255), (150, 101)), ((24, 40), (12, 20)), ((9, 8), (31, 17))]:
                image = noise(*batch, c, height, width, seed=c)
                try:
                    expected = torch.ops.isopixel.resize(image, *size, method.name)
                except ValueError as error:
                    assert method.name == "opencv-3.4-area" and c > 4, error
                    continue
                assert torch.equal(resize(image, *size), expected), (image.shape, size)


def test_one_session_in_many_threads(library):
    resize = resizing(library, "pillow-13-bicubic-alpha", 4, threads=2)
    images = [noise(3, 4, 200 + i, 300, seed=i) for i in range(24)]
    expected = [
        torch.ops.isopixel.resize(image, 64, 70 + i, "pillow-13-bicubic-alpha") for i, image in enumerate(images)
    ]
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(resize, images, [64] * 24, range(70, 94)))
    assert all(map(torch.equal, results, expected))


def test_normalize(library):
    """R-29 to R-31, with one table and with one for each channel."""
    normalize = normalizing(library)
    assert {vector["mean"].count(",") for vector in NORMALIZED} >= {0, 2}
    for vector in NORMALIZED:
        table = Normalize(vector["mean"].split(","), vector["std"].split(",")).table
        check_floats(vector, normalize(tensor_of(vector), table))


def test_normalize_batches(library):
    normalize = normalizing(library, 5, threads=2)
    for mean in (0.5, ("0.485", "0.456", "0.406")):
        module = Normalize(mean, 0.25)
        for batch in [(2, 5), (3, 0)]:
            image = noise(*batch, 3, 199, 301)
            assert torch.equal(normalize(image, module.table), module(image))


def test_what_is_refused(library):
    image = noise(2, 3, 20, 31)
    bilinear = resizing(library, "bilinear", 4)
    for call, message in [
        (lambda: resizing(library, "bilinaer"), "unknown method 'bilinaer'; did you mean 'bilinear'?"),
        (lambda: resizing(library, ""), "method"),
        (lambda: resizing(library, "bilinear", kind=TensorProto.FLOAT), r"tensor\(float\)"),
        (lambda: bilinear(image, 0, 8), "height must be at least 1, got 0"),
        (lambda: bilinear(image, 9, -8), "width must be at least 1, got -8"),
        (lambda: bilinear(image, [9, 9], 8), "height must be one number"),
        (lambda: bilinear(image, 9, np.zeros(0, np.int64)), "width must be one number"),
        (lambda: bilinear(image[:, :, :0], 9, 8), "cannot resize 0 × 31 pixels .* is below 1"),
        (lambda: resizing(library, "bilinear", 2)(image[0, 0], 9, 8), r"\[..., C, H, W\], got 2 axes"),
        (
            lambda: resizing(library, "pillow-13-bilinear", 4)(noise(1, 2, 20, 31), 9, 8),
            "cannot resize 20 × 31 pixels of 2 channels to 9 × 8 by 'pillow-13-bilinear': the method does not cover",
        ),
        (
            lambda: normalizing(library, 4)(image, np.zeros((2, 256))),
            r"\[3, 256\], as the image has channels, or \[1, 256\]",
        ),
        (
            lambda: normalizing(library, 4)(image, np.zeros((3, 255))),
            r"\[3, 256\], as the image has channels, or \[1, 256\]",
        ),
        (
            lambda: normalizing(library, 4)(image, np.zeros(256)),
            r"\[3, 256\], as the image has channels, or \[1, 256\]",
        ),
    ]:
        with pytest.raises(Exception, match=message):
            call()
    assert torch.equal(bilinear(image, 9, 8), isopixel.torch.resize(image, (9, 8)))  # it goes on


class Batch(torch.nn.Module):
    """`resize_batch` as a module, of a tensor or a list."""

    def __init__(self, normalize):
        super().__init__()
        self.normalize = normalize

    def forward(self, images):
        return resize_batch(images, (9, 8), method="pillow-13-bicubic", normalize=self.normalize)


NORMALIZE = Normalize(("0.485", "0.456", "0.406"), 0.25)
PAIR = [noise(3, 20, 31), noise(3, 17, 40)]


@pytest.mark.parametrize(
    ("module", "images", "nodes"),
    [
        (Resize((9, 8), "bicubic"), noise(3, 20, 31), ["Resize"]),
        (torch.nn.Sequential(Resize(9), NORMALIZE), noise(2, 3, 20, 31), ["Resize", "Normalize"]),
        (Batch(None), noise(2, 3, 20, 31), ["Resize"]),
        (Batch(NORMALIZE), noise(2, 3, 20, 31), ["Resize", "Normalize"]),
        (Batch(None), PAIR, ["Resize", "Resize"]),
        (Batch(NORMALIZE), PAIR, ["Resize", "Resize", "Normalize"]),
    ],
)
def test_exported_programs(library, module, images, nodes, tmp_path):
    path = tmp_path / "program.onnx"
    program = torch.onnx.export(
        module.eval(), (images,), path, dynamo=True, verbose=False, custom_translation_table=onnx_translations()
    )
    assert [node.op_type for node in program.model.graph if node.domain == "isopixel"] == nodes
    session = open_session(library, path)
    tensors = images if isinstance(images, list) else [images]
    feed = {value.name: tensor.numpy() for value, tensor in zip(session.get_inputs(), tensors, strict=True)}
    assert torch.equal(torch.from_numpy(session.run(None, feed)[0]), module(images))


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A program for any source size, of whatever method."""
    path = tmp_path_factory.mktemp("program") / "program.onnx"
    shapes = ({0: Dim("batch"), 2: Dim("height"), 3: Dim("width")},)
    options = {"dynamic_shapes": shapes, "custom_translation_table": onnx_translations()}
    module = torch.nn.Sequential(Resize(33, "pillow-13-bicubic"), NORMALIZE)
    torch.onnx.export(module.eval(), (noise(2, 3, 20, 31),), path, dynamo=True, verbose=False, **options)
    return path, module


class AsHalf(torch.nn.Module):
    def forward(self, numbers):
        return numbers.half()


SIZES = [(20, 31), (480, 640), (1, 1), (33, 33), (1079, 61), (61, 1079)]
needs_symbols = pytest.mark.skipif(not _exact.computes_with_symbols(), reason="this torch makes sizes constants")


@needs_symbols
def test_any_source_size_from_one_file(library, program):
    path, module = program
    session = open_session(library, path)
    for height, width in SIZES:
        image = noise(1, 3, height, width)
        (result,) = session.run(None, {session.get_inputs()[0].name: image.numpy()})
        assert torch.equal(torch.from_numpy(result), module(image)), (height, width)


@needs_symbols
def test_max_size_of_any_source_size(library, tmp_path):
    """Whichever side is longer, and whether or not it exceeds max_size."""
    path, resize = tmp_path / "most.onnx", Resize(16, max_size=40)
    options = {
        "dynamic_shapes": ({1: Dim("height"), 2: Dim("width")},),
        "custom_translation_table": onnx_translations(),
    }
    torch.onnx.export(resize.eval(), (noise(3, 20, 31),), path, dynamo=True, verbose=False, **options)
    session = open_session(library, path)
    for size in [(20, 31), (40, 31), (20, 301), (301, 20), *SIZES[:4]]:
        image = noise(3, *size)
        made = session.run(None, {session.get_inputs()[0].name: image.numpy()})[0]
        assert torch.equal(torch.from_numpy(made), resize(image)), size
    with pytest.raises(Exception, match="must be at least 1, got 0"):
        session.run(None, {session.get_inputs()[0].name: noise(3, 1, 1000).numpy()})


@needs_symbols
def test_a_host_in_c(library, program, tmp_path):
    """examples/onnx/run.c, linked with the library of onnxruntime's wheel: the bits of Python."""
    path, module = program
    (runtime,) = (Path(onnxruntime.__file__).parent / "capi").glob("libonnxruntime.so.*.*")
    (tmp_path / "libonnxruntime.so.1").symlink_to(runtime)
    words = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-isystem", FOLDER, runtime, f"-Wl,-rpath,{tmp_path}"]
    source = ROOT / "examples" / "onnx" / "run.c"
    assert len(source.read_text(encoding="ascii").splitlines()) < 100
    checked_run("cc", "-std=c99", source, *words, "-o", tmp_path / "run")

    def run(samples, height, width, library=library, path=path):
        command = [tmp_path / "run", library, path, "3", str(height), str(width)]
        return subprocess.run(command, input=samples, capture_output=True, check=False)

    for height, width in SIZES[::-1]:
        image = noise(1, 3, height, width)
        ran = run(image.numpy().tobytes(), height, width)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert ran.stdout == module(image).numpy().tobytes(), (height, width)
    pixels, halves = tmp_path / "pixels.onnx", tmp_path / "halves.onnx"
    options = {"dynamo": True, "verbose": False, "custom_translation_table": onnx_translations()}
    torch.onnx.export(Resize((9, 8)).eval(), (noise(1, 3, 20, 31),), pixels, **options)
    assert run(image.numpy().tobytes(), 20, 31, path=pixels).stdout == Resize((9, 8))(image).numpy().tobytes()
    torch.onnx.export(torch.nn.Sequential(NORMALIZE, AsHalf()).eval(), (noise(1, 3, 20, 31),), halves, **options)
    for ran, message in [
        (run(image.numpy().tobytes(), 20, 31, path=halves), b"the result is neither float32 nor uint8"),
        (run(b"12345", 20, 31), b"the image is not whole"),
        (run(bytes(2 * 2 * 3), 2, 2, tmp_path / "none.so"), b"none.so"),
    ]:
        assert ran.returncode == 1 and message in ran.stderr


def test_what_it_exports_and_needs(library):
    """The one function that ONNX Runtime asks for, and nothing of ONNX Runtime."""
    symbols = checked_run("nm", "-D", "--defined-only", library).splitlines()
    assert [line.split()[2] for line in symbols] == ["RegisterCustomOps"]
    assert "onnxruntime" not in checked_run("readelf", "-d", library)


def test_the_headers_are_missed(tmp_path):
    """What CMake says if they are not there."""
    with pytest.raises(AssertionError, match=r"needs onnxruntime_c_api.h(.|\n)*-DONNXRUNTIME_INCLUDE_DIR=FOLDER"):
        build("without-ort", ["-DISOPIXEL_ORT=ON", f"-DONNXRUNTIME_INCLUDE_DIR={tmp_path}"], [])
