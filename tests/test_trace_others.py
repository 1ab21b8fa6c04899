# SPDX-License-Identifier: MIT
"""Libraries that are recorded by those they call. `make test-traces` installs them; without them these are skipped."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
from isopixel._trace.comparing.divergence import diff

IMAGE = np.random.default_rng(5).integers(0, 256, (120, 160, 3), dtype=np.uint8)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@pytest.fixture(scope="module")
def torchvision():
    pytest.importorskip("torchvision.transforms", exc_type=ImportError)
    return pytest.importorskip("torchvision")


@pytest.fixture
def photo(tmp_path):
    Image.fromarray(IMAGE).save(tmp_path / "photo.jpg")
    return tmp_path / "photo.jpg"


def traced(pipeline):
    """The steps of a pipeline as texts, and the recording; its result is what it is without a trace."""
    expected = np.asarray(pipeline())
    with isopixel.trace() as recording:
        result = np.asarray(pipeline())
    np.testing.assert_array_equal(result, expected)
    steps = recording.trace.steps
    assert recording.trace.warnings == () and not any(step.failure for step in steps)
    return [f"{step.library}.{step.name}" for step in steps if step.name != "asarray"], recording.trace


def test_torchvision_1(torchvision, photo):
    from torchvision import transforms

    preset = transforms.Compose(
        [transforms.Resize(64), transforms.CenterCrop(48), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
    )
    names, trace = traced(lambda: preset(Image.open(photo).convert("RGB")))
    library = [f"torchvision.{name}" for name in ("resize", "center_crop", "to_tensor", "normalize")]
    assert names == ["pillow.decode", "pillow.convert", *library]
    assert trace.steps[2].by == ("pillow.resize",) and trace.steps[2].arguments["interpolation"] == "BILINEAR"
    assert trace.steps[5].arguments == {"mean": [*MEAN], "std": [*STD], "inplace": False}
    assert trace.libraries["torchvision"] == torchvision.__version__
    assert all(one.output == other.inputs[0] for one, other in zip(trace.steps[:5], trace.steps[1:6], strict=True))


def test_torchvision_2(torchvision, photo):
    from torchvision import tv_tensors
    from torchvision.transforms import v2

    steps = [v2.ToImage(), v2.Resize(64, antialias=True), v2.RandomHorizontalFlip(1.0), v2.RandomCrop(48)]
    preset = v2.Compose([*steps, v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)])

    def pipeline():
        torch.manual_seed(3)
        return preset(Image.open(photo))

    names, trace = traced(pipeline)
    library = ["ToImage", "Resize", "RandomHorizontalFlip", "RandomCrop", "ToDtype", "Normalize"]
    assert names == ["pillow.decode", *(f"torchvision.v2.{name}" for name in library)]
    assert trace.steps[2].arguments["size"] == [64] and trace.steps[2].arguments["antialias"] is True
    assert "__call__" not in vars(v2.Transform)
    pair = [Image.open(photo), {"mask": 3}]
    with isopixel.trace() as recording:
        v2.Resize(32)(pair)
        v2.Resize(32)({"image": Image.open(photo), "more": [tv_tensors.Image(torch.ones(1, 64, 64))]})
    _, pairs, *_, one, other = recording.trace.steps
    assert pairs.inputs == (0,) and one.inputs == other.inputs == (0, 2)
    assert [recording.trace.values[step.output].shape for step in (one, other)] == [(32, 42, 3), (1, 32, 32)]


@pytest.mark.parametrize("kept", [{}, {"keep": 0}], ids=["samples", "digests"])
def test_torchvision_gray(torchvision, photo, kept):
    """Of pictures it is Pillow's, of tensors another one, as the call says without samples too."""
    from torchvision.transforms import Grayscale, functional

    def traced(pipeline):
        with isopixel.trace(**kept) as recording:
            pipeline(Image.open(photo).convert("RGB"))
        return recording.trace

    traces = [
        traced(Grayscale()),
        traced(lambda picture: functional.rgb_to_grayscale(functional.pil_to_tensor(picture))),
    ]
    (parting,) = diff(*traces).partings.found
    assert [cause.id for cause in parting.causes] == ["gray-formula"]
    assert [part.operations[0].name for part in (parting.a, parting.b)] == ["pillow-7", "torchvision"]


def test_torchvision_pictures(torchvision, photo):
    with isopixel.trace() as recording:
        tensor = torch.frombuffer(bytearray(photo.read_bytes()), dtype=torch.uint8)
        try:
            torchvision.io.decode_jpeg(tensor)
        except RuntimeError:  # of a torchvision whose operators are not there
            assert recording.trace.steps[-1].facts["error"] == "RuntimeError"
    assert [step.name for step in recording.trace.steps] == ["frombuffer", "decode_jpeg"]
    assert recording.trace.steps[1].facts["sha256"] == isopixel._saving.describe(photo).sha256


def test_albumentations():
    albumentations = pytest.importorskip("albumentations", exc_type=ImportError)
    steps = [albumentations.SmallestMaxSize(64), albumentations.CenterCrop(48, 48), albumentations.HorizontalFlip(p=1)]
    names, _ = traced(lambda: albumentations.Compose(steps)(image=IMAGE)["image"])
    assert [name for name in names if name.startswith("opencv")] == ["opencv.resize", "opencv.flip"]


def test_imageio(photo):
    imageio = pytest.importorskip("imageio.v3", exc_type=ImportError)
    assert traced(lambda: imageio.imread(photo))[0] == ["pillow.decode"]
    names, _ = traced(lambda: [imageio.imwrite(file := io.BytesIO(), IMAGE, extension=".png"), file][0] or 0)
    assert names == ["pillow.fromarray", "pillow.save"]


def test_scikit_image(photo):
    """Its resize calls SciPy, which is not recorded: what is seen is the clip of the result."""
    reading = pytest.importorskip("skimage.io", exc_type=ImportError)
    transform = pytest.importorskip("skimage.transform", exc_type=ImportError)
    names, _ = traced(lambda: transform.resize(reading.imread(photo), (30, 40), anti_aliasing=True))
    assert names == ["pillow.decode", "numpy.clip"]


def test_timm(torchvision, photo):
    timm = pytest.importorskip("timm.data", exc_type=ImportError)
    preset = timm.create_transform(input_size=(3, 64, 64), is_training=False, interpolation="bicubic")
    names, _ = traced(lambda: preset(Image.open(photo).convert("RGB")))
    library = [f"torchvision.{name}" for name in ("resize", "center_crop", "to_tensor", "normalize")]
    assert names == ["pillow.decode", "pillow.convert", *library]


@pytest.mark.parametrize("backend", ["", "Pil"])
def test_transformers(torchvision, photo, backend):
    transformers = pytest.importorskip("transformers", exc_type=ImportError)
    processor = getattr(transformers, f"ViTImageProcessor{backend}")(size={"height": 64, "width": 64})
    names, trace = traced(lambda: processor(Image.open(photo), return_tensors="pt")["pixel_values"])
    assert names[0] == "pillow.decode"
    assert ("pillow.resize" if backend else "torch.interpolate") in names
    resize = next(step for step in trace.steps if step.kind == "resize")
    assert trace.values[resize.output].size == (64, 64)
    assert trace.values[trace.steps[-1].output].shape in ((1, 3, 64, 64), (3, 64, 64))
