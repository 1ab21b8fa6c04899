# SPDX-License-Identifier: MIT
"""Recipes of torchvision's, transformers' and timm's preprocessing: their lines, and what is refused, with its reason.

Without these libraries: their objects are stood in for. `make test-presets` compares the recipes with the libraries.
"""

import enum
import json
import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace

import numpy as np
import pytest

from isopixel import Recipe

SOURCE = "isopixel 1: image rgb orientation=ignore alpha=drop"
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
IMAGENET = "normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225"
FLOAT = "torch.float32"


def transform(name, module="torchvision.transforms.transforms", **attributes):
    """An object of a class of that name."""
    made = type(name, (), {"__module__": module})()
    vars(made).update(attributes)
    return made


def v2(name, **attributes):
    return transform(name, "torchvision.transforms.v2._stand_in", **attributes)


def resize(size, interpolation="bilinear", *, of=transform, **attributes):
    return of(
        "Resize", **{"size": size, "interpolation": interpolation, "max_size": None, "antialias": True} | attributes
    )


CROP = transform("CenterCrop", size=(224, 224))
TO_TENSOR = transform("ToTensor")
PIL_TO_TENSOR = transform("PILToTensor")
TO_IMAGE = v2("ToImage")
TO_FLOAT = transform("ConvertImageDtype", dtype=FLOAT)
NORMALIZE = transform("Normalize", mean=MEAN, std=STD)
TO_UINT8 = v2("ToDtype", dtype="torch.uint8", scale=True)
NOT_SCALED = v2("ToDtype", dtype=FLOAT, scale=False)


def preset(**changes):
    attributes = {"resize_size": [232], "crop_size": [224], "interpolation": "bilinear", "mean": MEAN, "std": STD}
    return SimpleNamespace(**attributes | changes)


class InterpolationMode(enum.Enum):
    BICUBIC = "bicubic"
    NEAREST_EXACT = "nearest-exact"


def torchvision(transforms, pillow="13.0.0", orientation="ignore"):
    return Recipe.from_torchvision(transforms, pillow=pillow, orientation=orientation)


@pytest.mark.parametrize(
    ("transforms", "pillow", "steps"),
    [
        (preset(), "13.0.0", f"pillow-13-bilinear short=232 | crop 224,224 round=even | {IMAGENET} rounding=steps"),
        (
            preset(interpolation=InterpolationMode.BICUBIC, crop_size=(225,)),
            "11.3.0",
            f"pillow-4-bicubic short=232 | crop 225,225 round=even | {IMAGENET} rounding=steps",
        ),
        (
            [resize([235], "lanczos"), CROP, TO_TENSOR, NORMALIZE],
            "12.2.0",
            f"pillow-12.2-lanczos short=235 | crop 224,224 round=even | {IMAGENET} rounding=steps",
        ),
        (
            transform("Compose", transforms=[transform("Compose", transforms=[resize((20, 30), 3)]), TO_TENSOR]),
            "13.0.0",
            "pillow-13-bicubic 20,30 | normalize mean=0 std=1",
        ),
        (
            [resize(9, InterpolationMode.NEAREST_EXACT), TO_TENSOR],
            "13.0.0",
            "pillow-4-nearest short=9 | normalize mean=0 std=1",
        ),
        (
            [TO_TENSOR, CROP, NORMALIZE],
            None,
            f"crop 224,224 round=even | {IMAGENET} rounding=steps",
        ),
        ([TO_TENSOR, NORMALIZE, CROP], None, f"crop 224,224 round=even | {IMAGENET} rounding=steps"),
        ([resize(9), PIL_TO_TENSOR], "13.0.0", "pillow-13-bilinear short=9"),
        ([resize(9, of=v2), TO_IMAGE, TO_FLOAT], "13.0.0", "pillow-13-bilinear short=9 | normalize mean=0 std=1"),
        (
            [TO_IMAGE, resize([9], of=v2), CROP, TO_FLOAT, NORMALIZE],
            None,
            f"torch-2.0-bilinear-antialias short=9 | crop 224,224 round=even | {IMAGENET} rounding=steps",
        ),
        ([TO_IMAGE, v2("ToDtype", dtype=FLOAT, scale=True)], None, "normalize mean=0 std=1 rounding=reciprocal"),
        (
            [TO_IMAGE, v2("ConvertImageDtype", dtype=FLOAT), CROP, NORMALIZE],
            None,
            f"crop 224,224 round=even | {IMAGENET} rounding=reciprocal",
        ),
        ([PIL_TO_TENSOR, resize([9], "bicubic", of=v2)], None, "torch-2.1-bicubic-antialias short=9"),
        ([TO_IMAGE, resize([9], antialias=None, of=v2)], None, "torch-2.3-bilinear short=9"),
        ([TO_IMAGE, resize([9], 0, of=v2)], None, "torch-2.0-nearest short=9"),
        (
            [resize([9], of=v2), NOT_SCALED, transform("Normalize", mean=[127.5], std=[64])],
            None,
            "torch-2.0-bilinear-antialias short=9 | normalize mean=127.5 std=64 range=255 rounding=steps",
        ),
        (
            [TO_IMAGE, TO_UINT8, resize([9], of=v2), NOT_SCALED],
            None,
            "torch-2.0-bilinear-antialias short=9 | normalize mean=0 std=1 range=255",
        ),
    ],
)
def test_torchvision(transforms, pillow, steps):
    assert torchvision(transforms, pillow) == Recipe.parse(f"{SOURCE} | {steps}")


def test_the_installed_pillow_is_the_default():
    release = metadata.version("pillow")
    transforms = [resize(9), TO_TENSOR]
    assert torchvision(transforms, None) == torchvision(transforms, release)
    assert "pillow-" in torchvision(transforms, None).line


def test_pillow_is_not_installed(monkeypatch):
    def version(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    with pytest.raises(ValueError, match="Pillow is not installed here: give pillow="):
        torchvision([resize(9), TO_TENSOR], None)


@pytest.mark.parametrize("orientation", ["apply", "ignore", "refuse"])
def test_orientation(orientation):
    for recipe in (
        torchvision(preset(), orientation=orientation),
        huggingface({}, orientation=orientation),
        timm({}, orientation=orientation),
    ):
        assert (f"orientation={orientation} " in recipe.line) == (orientation != "refuse")


def test_orientation_has_to_be_known():
    for made in (lambda: torchvision(preset(), orientation="upright"), lambda: timm({}, orientation=None)):
        with pytest.raises(ValueError, match="orientation is 'apply' if pictures are turned upright"):
            made()
    with pytest.raises(TypeError, match="orientation"):
        Recipe.from_torchvision(preset(), pillow="13.0.0")


@pytest.mark.parametrize(
    ("transforms", "pillow", "error"),
    [
        (preset(), None, "take PIL images and tensors, and resize them in two ways: give pillow="),
        (preset(crop_size=(112, 112)), "13.0.0", "is not a preset of torchvision's for classifying images"),
        (SimpleNamespace(resize_size=[520], mean=MEAN, std=STD), "13.0.0", "is not a preset"),
        (preset(), "3.0.0", "is not one of the releases that were measured"),
        ([resize(9, of=v2), TO_IMAGE], None, "for tensors, put v2.ToImage\\(\\) first"),
        ([resize(9)], None, "take PIL images and tensors"),
        ([TO_UINT8, resize(9, of=v2), TO_IMAGE], None, "take PIL images and tensors"),
        ([TO_TENSOR, TO_UINT8], None, "ToDtype converts to torch.uint8, and the floats of a recipe are float32"),
        ([resize(9), TO_FLOAT], None, "transforms.Resize of tensors is done in float32"),
        ([PIL_TO_TENSOR, resize(9)], None, "transforms.Resize of tensors is done in float32"),
        ([TO_TENSOR, resize(9)], None, "Resize comes after the conversion to floats"),
        ([TO_IMAGE, resize(9, of=v2)], "13.0.0", "pillow= is the release that resizes PIL images, and these .* none"),
        ([CROP, TO_TENSOR], "13.0.0", "pillow= is the release that resizes PIL images, and these .* none"),
        ([resize(9, max_size=20), TO_TENSOR], "13.0.0", "max_size of Resize rounds the shorter side twice"),
        ([resize(9, "spline"), TO_TENSOR], "13.0.0", "unknown filter 'spline' of pillow"),
        ([resize(9.5), TO_TENSOR], "13.0.0", "size must be of whole numbers, got 9.5"),
        ([TO_IMAGE, resize(9, "lanczos", of=v2)], None, "'lanczos' of tensors is not among the methods of isopixel"),
        ([TO_IMAGE, resize(9, "nearest-exact", of=v2)], None, "it is not one function"),
        ([TO_IMAGE, v2("ToDtype", dtype="torch.float16", scale=False)], None, "the floats of a recipe are float32"),
        ([PIL_TO_TENSOR, TO_TENSOR], None, "ToTensor takes a PIL image, and a tensor comes to it"),
        ([PIL_TO_TENSOR, NORMALIZE], None, "Normalize is of floats: ToTensor, or another conversion"),
        ([TO_TENSOR, NORMALIZE, NORMALIZE], None, "Normalize comes after Normalize, which is the last step"),
        ([TO_TENSOR, NORMALIZE, TO_FLOAT], None, "ConvertImageDtype comes after Normalize"),
        (
            [transform("RandomHorizontalFlip")],
            None,
            "RandomHorizontalFlip is not one of the transforms that recipes have",
        ),
        ([transform("RandomApply", transforms=[CROP])], None, "RandomApply is not one of the transforms"),
        (CROP, "13.0.0", "these transforms resize none"),
        ([lambda image: image], None, "function is not one of the transforms that recipes have: Resize, CenterCrop"),
        (
            [TO_TENSOR, transform("Normalize", mean=[124 / 255], std=[0.5])],
            None,
            r"mean has 0.48627450980392156, which has more than nine digits .*: give the library 0.4862745 instead",
        ),
        (
            [TO_TENSOR, transform("Normalize", mean=[0.5], std=[0.12345678912])],
            None,
            "std has 0.12345678912, which has",
        ),
        ([TO_TENSOR, transform("Normalize", mean=[127.5], std=[1])], None, "range=255"),
    ],
)
def test_torchvision_refuses(transforms, pillow, error):
    with pytest.raises((TypeError, ValueError), match=error):
        torchvision(transforms, pillow)


VIT = {
    "image_processor_type": "ViTImageProcessor",
    "size": {"height": 224, "width": 220},
    "resample": 2,
    "image_mean": MEAN,
    "image_std": STD,
}
CLIP = VIT | {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 235}, "crop_size": 224}


def huggingface(changes, backend="pil", pillow="13.0.0", orientation="ignore"):
    pillow = pillow if backend == "pil" else None
    return Recipe.from_huggingface(VIT | changes, backend=backend, pillow=pillow, orientation=orientation)


def of_type(name):
    return {"image_processor_type": f"{name}ImageProcessor"}


@pytest.mark.parametrize(
    ("config", "backend", "steps"),
    [
        ({}, "pil", f"pillow-13-bilinear 224,220 | {IMAGENET} rounding=steps"),
        ({}, "torchvision", f"torch-2.0-bilinear-antialias 224,220 | {IMAGENET} rounding=fused"),
        ({"resample": 3}, "torchvision", f"torch-2.1-bicubic-antialias 224,220 | {IMAGENET} rounding=fused"),
        (CLIP, "pil", f"pillow-13-bilinear short=235 | crop 224,224 | {IMAGENET} rounding=steps"),
        (CLIP | {"do_center_crop": False}, "pil", f"pillow-13-bilinear short=235 | {IMAGENET} rounding=steps"),
        (
            CLIP | {"size": 235, "crop_size": {"height": 9, "width": 8}},
            "torchvision",
            f"torch-2.0-bilinear-antialias short=235 | crop 9,8 | {IMAGENET} rounding=fused",
        ),
        ({"size": 99}, "pil", f"pillow-13-bilinear 99,99 | {IMAGENET} rounding=steps"),
        (
            {"size": {"shortest_edge": 99, "longest_edge": None}, "do_center_crop": None},
            "pil",
            f"pillow-13-bilinear short=99 | {IMAGENET} rounding=steps",
        ),
        (
            {"image_processor_type": "ViTImageProcessorFast"},
            "pil",
            f"pillow-13-bilinear 224,220 | {IMAGENET} rounding=steps",
        ),
        (
            {
                "image_processor_type": None,
                "feature_extractor_type": "CLIPFeatureExtractor",
                "size": 99,
                "crop_size": 88,
            },
            "pil",
            f"pillow-13-bilinear short=99 | crop 88,88 | {IMAGENET} rounding=steps",
        ),
        (
            of_type("ConvNext") | {"size": {"shortest_edge": 224}},
            "pil",
            f"pillow-13-bilinear short=256 | crop 224,224 | {IMAGENET} rounding=steps",
        ),
        (
            of_type("ConvNext") | {"size": {"shortest_edge": 224}, "crop_pct": 0.95},
            "pil",
            f"pillow-13-bilinear short=235 | crop 224,224 | {IMAGENET} rounding=steps",
        ),
        (of_type("ConvNext") | {"size": 384}, "pil", f"pillow-13-bilinear 384,384 | {IMAGENET} rounding=steps"),
        ({"do_resize": False}, "pil", f"{IMAGENET} rounding=steps"),
        (
            {"do_normalize": False},
            "torchvision",
            "torch-2.0-bilinear-antialias 224,220 | normalize mean=0 std=1 rounding=reciprocal",
        ),
        (
            {"do_rescale": False, "image_mean": 127.5, "image_std": 127.5},
            "torchvision",
            "torch-2.0-bilinear-antialias 224,220 | normalize mean=127.5 std=127.5 range=255 rounding=steps",
        ),
        (
            {"rescale_factor": 1, "do_normalize": False},
            "torchvision",
            "torch-2.0-bilinear-antialias 224,220",
        ),
        (
            {"rescale_factor": 1.0, "do_normalize": False},
            "torchvision",
            "torch-2.0-bilinear-antialias 224,220 | normalize mean=0 std=1 range=255",
        ),
        ({"do_normalize": False}, "pil", "pillow-13-bilinear 224,220 | normalize mean=0 std=1"),
        ({"do_normalize": False, "do_rescale": False}, "pil", "pillow-13-bilinear 224,220"),
        ({"rescale_factor": 0.003921568627451}, "pil", f"pillow-13-bilinear 224,220 | {IMAGENET} rounding=steps"),
    ],
)
def test_huggingface(config, backend, steps):
    assert huggingface(config, backend) == Recipe.parse(f"{SOURCE} | {steps}")


def test_huggingface_from_a_file_a_processor_and_what_holds_one(tmp_path):
    path = tmp_path / "preprocessor_config.json"
    path.write_text(json.dumps(VIT), encoding="utf-8")
    processor = SimpleNamespace(backend="pil", to_dict=lambda: VIT)
    for config in (path, str(path), processor, {"processor_class": "CLIPProcessor", "image_processor": VIT}):
        assert Recipe.from_huggingface(config, backend="pil", pillow="13.0.0", orientation="ignore") == huggingface({})
    with pytest.raises(ValueError, match="backend is 'torchvision', and the processor's own is 'pil'"):
        Recipe.from_huggingface(processor, backend="torchvision", orientation="ignore")
    with pytest.raises(TypeError, match=r"config must be the path of a preprocessor_config.json, a dictionary .* int"):
        Recipe.from_huggingface(3, backend="pil", orientation="ignore")
    for content in (b'{"size": 224,', b"\xff\xfe\0", b""):
        (tmp_path / "broken.json").write_bytes(content)
        with pytest.raises(ValueError, match=r"broken\.json' is not JSON: "):
            Recipe.from_huggingface(tmp_path / "broken.json", backend="pil", orientation="ignore")
    with pytest.raises(FileNotFoundError):
        Recipe.from_huggingface(tmp_path / "absent.json", backend="pil", orientation="ignore")


@pytest.mark.parametrize(
    ("config", "backend", "error"),
    [
        ({}, "fast", "backend is 'pil' or 'torchvision' .*: they make other pixels of the same picture"),
        ({"image_processor_type": None}, "pil", "the config has no image_processor_type"),
        (
            of_type("Qwen2VL"),
            "pil",
            "Qwen2VLImageProcessor is not one of the processors that only resize, crop and normalise",
        ),
        (of_type("Levit"), "pil", "LevitImageProcessor is not one of the processors"),
        ({"do_pad": True}, "pil", "do_pad fills pictures up to the largest of a batch, which no step of a recipe does"),
        ({"size_divisor": 32}, "pil", "size_divisor rounds sides to multiples of a number"),
        (
            {"size": {"shortest_edge": 800, "longest_edge": 1333}},
            "pil",
            "size has shortest_edge, longest_edge, which are rounded",
        ),
        (
            {"size": {"max_height": 8, "max_width": 9}},
            "torchvision",
            "size has max_height, max_width, which are rounded in floating",
        ),
        ({"size": [1, 2, 3]}, "pil", r"size is a height and a width, not \[1, 2, 3\]"),
        ({"size": {"height": 224}}, "pil", "size is a height and a width, not {'height': 224}"),
        ({"size": {}}, "pil", "size is a height and a width, not {}"),
        ({"size": None}, "pil", "the config has no size"),
        ({"resample": None}, "pil", "the config has no resample, whose default differs between releases"),
        ({"image_mean": None}, "pil", "the config has no image_mean"),
        (CLIP | {"crop_size": None}, "pil", "the config has no crop_size"),
        ({"resample": 0}, "torchvision", "'nearest-exact' of torch 2.13.0 is not frozen"),
        ({"resample": 1}, "torchvision", "'lanczos' of tensors is not among the methods of isopixel"),
        ({"resample": 9}, "pil", "unknown filter '9' of pillow"),
        ({"rescale_factor": 1 / 127.5}, "pil", "rescale_factor is 0.00784.*, and recipes have samples from 0 to 1"),
        ({"rescale_factor": "1/255"}, "pil", "rescale_factor must be of numbers, got '1/255'"),
        ({"image_mean": ["a", "b", "c"]}, "pil", "mean must be of numbers, got 'a'"),
        ({"image_mean": [124 / 255] * 3}, "pil", "more than nine digits"),
    ],
)
def test_huggingface_refuses(config, backend, error):
    with pytest.raises((TypeError, ValueError), match=error):
        huggingface(config, backend)


def test_huggingface_refuses_pillow_beside_tensors():
    with pytest.raises(ValueError, match="pillow= is the release that resizes PIL images, and the torchvision backend"):
        Recipe.from_huggingface(VIT, backend="torchvision", pillow="13.0.0", orientation="ignore")


CONFIG = {"input_size": (3, 224, 224), "interpolation": "bicubic", "mean": MEAN, "std": STD, "crop_pct": 0.875}


def timm(changes, orientation="ignore"):
    return Recipe.from_timm(CONFIG | changes, pillow="13.0.0", orientation=orientation)


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ({}, "pillow-13-bicubic short=256 | crop 224,224 round=even"),
        ({"crop_mode": "center", "crop_pct": 0.95}, "pillow-13-bicubic short=235 | crop 224,224 round=even"),
        (
            {"crop_mode": "squash", "crop_pct": 0.95, "input_size": (3, 200, 224), "interpolation": "bilinear"},
            "pillow-13-bilinear 210,235 | crop 200,224 round=even",
        ),
    ],
)
def test_timm(changes, steps):
    recipe = Recipe.parse(f"{SOURCE} | {steps} | {IMAGENET} rounding=steps")
    assert timm(changes) == recipe
    as_object = SimpleNamespace(**CONFIG | changes)
    assert Recipe.from_timm(as_object, pillow="13.0.0", orientation="ignore") == recipe


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"crop_mode": "border"}, "crop_mode 'border' has sizes rounded in floating point"),
        ({"crop_mode": "corner"}, "crop_mode is 'corner', and recipes have 'center' and 'squash'"),
        ({"input_size": (3, 224, 288)}, "crop_mode 'center' with unequal sides is rounded in floating point"),
        ({"input_size": (1, 28, 28)}, "input_size has 1 channels, and the recipe's images 3"),
        ({"crop_border_pixels": 4}, "crop_border_pixels cuts off a border first"),
        ({"crop_pct": None}, "the config has no crop_pct"),
        ({"crop_pct": 0}, "crop_pct is 0, and a picture's share of itself is above 0"),
        ({"interpolation": "random"}, "unknown filter 'random' of pillow"),
        ({"mean": (124 / 255,) * 3}, "more than nine digits"),
    ],
)
def test_timm_refuses(changes, error):
    with pytest.raises(ValueError, match=error):
        timm(changes)


def test_a_picture_smaller_than_the_crop_is_refused():
    """The libraries fill it up, each in its own way."""
    recipe = torchvision([CROP, TO_TENSOR], None)
    assert recipe(np.zeros((224, 230, 3), np.uint8)).shape == (3, 224, 224)
    with pytest.raises(ValueError, match="does not lie in it"):
        recipe(np.zeros((223, 230, 3), np.uint8))


def test_no_library_is_imported():
    script = (
        "import sys, isopixel; "
        f"isopixel.Recipe.from_timm({CONFIG!r}, pillow='13.0.0', orientation='ignore'); "
        "print([name for name in ('PIL', 'torch', 'torchvision', 'transformers', 'timm') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
