# SPDX-License-Identifier: MIT
"""What libraries make of pictures, and the recipes that are said to make the same."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import timm.data
import torch
import transformers
from torchvision import transforms
from torchvision.transforms import v2
from torchvision.transforms._presets import ImageClassification

from isopixel import Recipe

IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
CLIP = {"mean": (0.48145466, 0.4578275, 0.40821073), "std": (0.26862954, 0.26130258, 0.27577711)}
HALVES = {"mean": (0.5,) * 3, "std": (0.5,) * 3}
FILTERS = transforms.InterpolationMode


@dataclass(frozen=True)
class Pipeline:
    """A library's way from a PIL image to an array.

    Attributes:
        name: of it.
        recipe: which is said to make the same.
        whole: what the library makes, float32 (C, H, W), or uint8 (H, W, C).
        pixels: what it makes up to its uint8 image, (H, W, C).
    """

    name: str
    recipe: Recipe
    whole: Callable
    pixels: Callable


def pipelines():
    """Yields all of them."""
    yield from torchvision_presets()
    yield from torchvision_chains()
    yield from huggingface()
    yield from timm_transforms()
    yield from letterboxes()


def torchvision_presets():
    bilinear, bicubic = FILTERS.BILINEAR, FILTERS.BICUBIC
    for short, side, filter in ((256, 224, bilinear), (232, 224, bilinear), (342, 299, bilinear), (256, 225, bilinear)):
        yield torchvision_preset(short, side, filter)
    for short, side, filter in ((232, 224, bicubic), (384, 384, bicubic), (236, 224, FILTERS.LANCZOS)):
        yield torchvision_preset(short, side, filter)


def torchvision_preset(short, side, filter):
    preset = ImageClassification(resize_size=short, crop_size=side, interpolation=filter)
    recipe = Recipe.from_torchvision(preset, pillow="13.0.0", orientation="ignore")
    functional = transforms.functional

    def pixels(image):
        return np.asarray(functional.center_crop(functional.resize(image, [short], filter), [side]))

    return Pipeline(f"torchvision preset {short}/{side} {filter.value}", recipe, lambda i: preset(i).numpy(), pixels)


def torchvision_chains():
    """Each with its name, what is done before floats, and then."""
    v1_floats = [transforms.ConvertImageDtype(torch.float32), transforms.Normalize(**IMAGENET)]
    to_255 = {"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375]}
    chains = {
        "v1 Resize 200,300 hamming, ToTensor": (
            [transforms.Resize((200, 300), FILTERS.HAMMING)],
            [transforms.ToTensor(), transforms.Normalize(**IMAGENET)],
        ),
        "v1 bicubic, PILToTensor": (
            [transforms.Resize(235, FILTERS.BICUBIC), transforms.CenterCrop(224), transforms.PILToTensor()],
            v1_floats,
        ),
        "v1 CenterCrop behind floats": (
            [transforms.Resize(227)],
            [transforms.ToTensor(), transforms.CenterCrop(224), transforms.Normalize(**CLIP)],
        ),
        "v1 CenterCrop alone": ([transforms.CenterCrop((224, 200))], [transforms.ToTensor()]),
        "v2 of PIL images, nearest": (
            [v2.Resize(235, FILTERS.NEAREST), v2.CenterCrop(224)],
            [v2.ToTensor(), v2.Normalize(**CLIP)],
        ),
        "v2 of tensors, bilinear": ([v2.PILToTensor(), v2.Resize(235), v2.CenterCrop(224)], v1_floats),
        "v2 of tensors, bicubic": (
            [v2.ToImage(), v2.Resize((231, 227), FILTERS.BICUBIC), v2.CenterCrop(224)],
            v1_floats,
        ),
        "v2 of tensors, no antialias": (
            [v2.ToImage(), v2.ToDtype(torch.uint8, scale=True), v2.Resize(235, antialias=False), v2.CenterCrop(224)],
            [v2.ToDtype(torch.float32), v2.Normalize(**to_255)],
        ),
        "v2 of tensors, bicubic, no antialias": (
            [v2.ToImage(), v2.Resize(235, FILTERS.BICUBIC, antialias=False), v2.CenterCrop(224)],
            [v2.ToDtype(torch.float32)],
        ),
        "v2 of tensors, scaled": (
            [v2.ToImage(), v2.Resize(235), v2.CenterCrop(224)],
            [v2.ToDtype(torch.float32, scale=True), v2.Normalize(**IMAGENET)],
        ),
        "v2 of PIL images, scaled": (
            [v2.Resize(235, FILTERS.BICUBIC), v2.CenterCrop(224)],
            [v2.PILToTensor(), v2.ConvertImageDtype(torch.float32)],
        ),
        "v2 of tensors, nearest, uint8": ([v2.ToImage(), v2.Resize(235, FILTERS.NEAREST), v2.CenterCrop(224)], []),
    }
    for name, (before, after) in chains.items():
        pillow = "13.0.0" if "tensors" not in name and "alone" not in name else None
        whole = v2.Compose(before + after)  # which calls those of v1 too
        recipe = Recipe.from_torchvision(whole, pillow=pillow, orientation="ignore")
        crops = [step for step in after if isinstance(step, transforms.CenterCrop)]
        yield Pipeline(f"torchvision {name}", recipe, tensor(whole), tensor(v2.Compose(before + crops)))


def tensor(transform):
    """A transform whose results are arrays: of floats (C, H, W), of uint8 (H, W, C)."""

    def made(image):
        result = transform(image)
        array = result.numpy() if isinstance(result, torch.Tensor) else np.asarray(result)
        is_chw = isinstance(result, torch.Tensor) and array.dtype == np.uint8
        return array.transpose(1, 2, 0) if is_chw else array

    return made


HUGGING_FACE = (  # as they are by default, and as models have them
    ("ViT", {}),
    ("ViT", {"size": {"height": 225, "width": 384}, "resample": 3}),
    ("ViT", {"do_rescale": False, "image_mean": [123.675, 116.28, 103.53], "image_std": [58.395, 57.12, 57.375]}),
    ("ViT", {"rescale_factor": 1, "do_normalize": False}),
    ("ViT", {"rescale_factor": 1.0, "do_normalize": False}),
    ("ViT", {"do_normalize": False}),
    ("CLIP", {}),
    ("CLIP", {"resample": 2}),
    ("CLIP", {"size": {"shortest_edge": 235}, "crop_size": {"height": 224, "width": 200}}),
    ("Siglip", {}),
    ("Bit", {"size": {"shortest_edge": 256}, "image_mean": IMAGENET["mean"], "image_std": IMAGENET["std"]}),  # DINOv2
    ("DeiT", {}),
    ("ConvNext", {}),
    ("ConvNext", {"size": {"shortest_edge": 224}, "crop_pct": 0.95}),
    *((name, {}) for name in ("Blip", "ChineseCLIP", "MobileNetV1", "OwlViT", "Pvt")),
)
OF_PILLOW = (
    *(("CLIP", {"resample": number}) for number in (0, 1, 4, 5)),
    ("Siglip", {"do_normalize": False}),
)


def huggingface():
    for backend, suffix in (("pil", "Pil"), ("torchvision", "")):
        for name, settings in HUGGING_FACE + (OF_PILLOW if backend == "pil" else ()):
            if name == "OwlViT":
                settings = {"size": {"height": 300, "width": 290}}  # 768 is slow
            kind = getattr(transformers, f"{name}ImageProcessor{suffix}")
            processor = kind(**settings)
            of_pixels = kind(**settings | {"do_rescale": False, "do_normalize": False})
            recipe = Recipe.from_huggingface(
                processor, backend=backend, pillow="13.0.0" if backend == "pil" else None, orientation="ignore"
            )
            yield Pipeline(f"transformers {name} {backend} {settings}", recipe, values(processor), values(of_pixels))


def values(processor):
    """The pixel values of one picture: of floats (C, H, W), of uint8 (H, W, C)."""

    def made(image):
        array = np.asarray(processor(image, return_tensors="np")["pixel_values"][0])
        return array.transpose(1, 2, 0) if array.dtype == np.uint8 else array

    return made


def timm_transforms():
    for side, pct, mode, filter, numbers in (
        (224, 0.875, "center", "bilinear", IMAGENET),
        (240, 0.9, "center", "bilinear", HALVES),
        (224, 0.95, "squash", "bilinear", HALVES),
        (224, 0.95, "center", "bicubic", IMAGENET),
        (224, 0.9, "center", "bicubic", CLIP),
        (288, 1.0, "squash", "lanczos", IMAGENET),
    ):
        config = {"input_size": (3, side, side), "crop_pct": pct, "crop_mode": mode, "interpolation": filter, **numbers}
        resolved = timm.data.resolve_data_config({}, pretrained_cfg=config)
        recipe = Recipe.from_timm(resolved, pillow="13.0.0", orientation="ignore")
        whole = timm.data.create_transform(**resolved, is_training=False)
        pixels = timm.data.create_transform(**resolved, is_training=False, normalize=False)
        yield Pipeline(f"timm {side} {pct} {mode} {filter}", recipe, tensor(whole), tensor(pixels))
    recipe = Recipe.from_timm(timm.get_pretrained_cfg("resnet50.a1_in1k"), pillow="13.0.0", orientation="ignore")
    config = timm.data.resolve_data_config({}, pretrained_cfg=timm.get_pretrained_cfg("resnet50.a1_in1k").to_dict())
    whole = timm.data.create_transform(**config, is_training=False)
    pixels = timm.data.create_transform(**config, is_training=False, normalize=False)
    yield Pipeline("timm pretrained_cfg of resnet50.a1_in1k", recipe, tensor(whole), tensor(pixels))


def letterboxes():
    """The rules of ultralytics' LetterBox and predictor, by OpenCV."""
    for height, width in ((640, 640), (320, 416), (1280, 1280), (96, 96)):
        recipe = Recipe.parse(
            f"isopixel 1: image rgb orientation=ignore alpha=drop | opencv-3.4-linear fit={height},{width} "
            f"| pad {height},{width} value=114 | normalize mean=0 std=1"
        )

        def pixels(image, height=height, width=width):
            return letterbox(np.asarray(image), height, width)

        def whole(image, pixels=pixels):
            return torch.from_numpy(pixels(image).transpose(2, 0, 1).copy()).float().div(255).numpy()

        yield Pipeline(f"ultralytics letterbox {height},{width}", recipe, whole, pixels)


def letterbox(image, height, width):
    ratio = min(height / image.shape[0], width / image.shape[1])
    size = max(round(image.shape[1] * ratio), 1), max(round(image.shape[0] * ratio), 1)
    if size != image.shape[1::-1]:
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    across, down = (width - size[0]) / 2, (height - size[1]) / 2
    borders = (round(down - 0.1), round(down + 0.1), round(across - 0.1), round(across + 0.1))
    return cv2.copyMakeBorder(image, *borders, cv2.BORDER_CONSTANT, value=(114, 114, 114))
