# SPDX-License-Identifier: MIT
"""Ways of a stage that are equal, bit for bit, in groups: each side of a pipeline may take another one of a group."""

import io
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageOps
from torch.nn.functional import interpolate
from torchvision import transforms
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F  # noqa: N812

import isopixel
from tests.trace_cases.ways import OPEN, UNRECORDED, Way, array, of_path, pil, tensor

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


READ = {
    "rgb": [
        of_path(lambda f, s: Image.open(f).convert("RGB"), *OPEN, gives="pil"),
        of_path(lambda f, s: np.array(Image.open(f).convert("RGB")), *OPEN),
        of_path(lambda f, s: Image.open(io.BytesIO(Path(f).read_bytes())).convert("RGB"), *OPEN, gives="pil"),
        of_path(lambda f, s: cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2RGB), "imread", "cvtColor"),
        of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_COLOR)[:, :, ::-1], "imread", UNRECORDED),
        of_path(lambda f, s: cv2.imdecode(np.fromfile(f, np.uint8), cv2.IMREAD_COLOR_RGB), "imdecode", "fromfile"),
        of_path(lambda f, s: isopixel.read_picture(f, "rgb"), "read_picture"),
    ],
    "upright": [
        of_path(
            lambda f, s: ImageOps.exif_transpose(Image.open(f)).convert("RGB"), *OPEN, "exif_transpose", gives="pil"
        ),
        of_path(lambda f, s: cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2RGB), "imread", "cvtColor"),
        of_path(lambda f, s: isopixel.read_picture(f, "rgb", orientation="apply"), "read_picture"),
    ],
    "rgba": [
        of_path(lambda f, s: Image.open(f), *OPEN, gives="pil"),
        of_path(lambda f, s: Image.open(f).convert("RGBA"), *OPEN, gives="pil"),
        of_path(
            lambda f, s: cv2.cvtColor(cv2.imread(f, cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA), "imread", "cvtColor"
        ),
    ],
    "gray": [
        of_path(lambda f, s: Image.open(f), *OPEN, gives="pil"),
        of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_GRAYSCALE), "imread"),
        of_path(lambda f, s: isopixel.read_picture(f, "gray"), "read_picture"),
    ],
}


def by_isopixel(method):
    return array(lambda a, s: isopixel.resize(a, s.resize, method=method), "resize")


def by_torch(mode, antialias=False):
    return tensor(lambda t, s: interpolate(t[None], s.resize, mode=mode, antialias=antialias)[0], "interpolate")


def torchvision_mode(name):
    return transforms.InterpolationMode(name)


RESIZE = {
    "pillow-13-bilinear": [
        pil(lambda p, s: p.resize((s.resize[1], s.resize[0]), Image.BILINEAR), "resize"),
        pil(lambda p, s: p.resize(s.resize[::-1], resample=Image.Resampling.BILINEAR), "resize"),
        pil(lambda p, s: transforms.Resize(s.resize)(p), "resize"),
        pil(lambda p, s: v2.Resize(s.resize)(p), "resize"),
        by_isopixel("pillow-13-bilinear"),
    ],
    "pillow-13-bicubic": [
        pil(lambda p, s: p.resize(s.resize[::-1]), "resize"),
        pil(lambda p, s: transforms.Resize(s.resize, torchvision_mode("bicubic"))(p), "resize"),
        by_isopixel("pillow-13-bicubic"),
    ],
    "pillow-13-lanczos": [
        pil(lambda p, s: p.resize(s.resize[::-1], Image.LANCZOS), "resize"),
        by_isopixel("pillow-13-lanczos"),
    ],
    "pillow-4-nearest": [
        pil(lambda p, s: p.resize(s.resize[::-1], Image.NEAREST), "resize"),
        by_isopixel("pillow-4-nearest"),
    ],
    "opencv-3.4-linear": [
        array(lambda a, s: cv2.resize(a, (s.resize[1], s.resize[0])), "resize"),
        array(lambda a, s: cv2.resize(a, s.resize[::-1], interpolation=cv2.INTER_LINEAR), "resize"),
        by_isopixel("opencv-3.4-linear"),
    ],
    "opencv-3.4-area": [
        array(lambda a, s: cv2.resize(a, s.resize[::-1], interpolation=cv2.INTER_AREA), "resize"),
        by_isopixel("opencv-3.4-area"),
    ],
    "opencv-3.4-nearest": [
        array(lambda a, s: cv2.resize(a, s.resize[::-1], interpolation=cv2.INTER_NEAREST), "resize"),
        by_isopixel("opencv-3.4-nearest"),
    ],
    "torch-2.0-bilinear-antialias": [
        by_torch("bilinear", antialias=True),
        tensor(lambda t, s: v2.Resize(s.resize, antialias=True)(t), "resize"),
        tensor(lambda t, s: F.resize(t, list(s.resize)), "resize", "interpolate"),
        by_isopixel("torch-2.0-bilinear-antialias"),
    ],
}


def centre(image, size):
    """The crop in the middle, by the rule that torchvision has too."""
    top, left = (round((n - m) / 2) for n, m in zip(image.shape[:2], size, strict=True))
    return image[top : top + size[0], left : left + size[1]]


def centre_box(picture, size):
    left, top = (round((n - m) / 2) for n, m in zip(picture.size, size[::-1], strict=True))
    return left, top, left + size[1], top + size[0]


PLACE = {
    "centre": [
        array(lambda a, s: centre(a, s.crop)),
        pil(lambda p, s: p.crop(centre_box(p, s.crop)), "crop"),
        pil(lambda p, s: transforms.CenterCrop(s.crop)(p), "CenterCrop", "crop", "center_crop"),
        tensor(lambda t, s: v2.CenterCrop(s.crop)(t), "CenterCrop", UNRECORDED),
    ],
    "corner": [
        array(lambda a, s: a[: s.crop[0], : s.crop[1]]),
        pil(lambda p, s: p.crop((0, 0, s.crop[1], s.crop[0])), "crop"),
        tensor(lambda t, s: t[:, : s.crop[0], : s.crop[1]], UNRECORDED),
    ],
    "padded": [
        array(lambda a, s: np.pad(a, ((3, 5), (4, 4)) + ((0, 0),) * (a.ndim - 2)), "pad", UNRECORDED),
        array(lambda a, s: cv2.copyMakeBorder(a, 3, 5, 4, 4, cv2.BORDER_CONSTANT, value=0), "copyMakeBorder"),
        pil(lambda p, s: transforms.Pad((4, 3, 4, 5))(p), "Pad", "expand", "pad"),
    ],
    "mirrored": [
        array(lambda a, s: np.ascontiguousarray(a[:, ::-1])),
        array(lambda a, s: cv2.flip(a, 1), "flip"),
        pil(lambda p, s: p.transpose(Image.FLIP_LEFT_RIGHT), "transpose"),
        pil(lambda p, s: ImageOps.mirror(p), "mirror"),
    ],
}


def column(values, a):
    """Constants of channels, as they apply to (H, W, C)."""
    return np.asarray(values, np.float32)


SCALE = {
    "divided": [
        array(lambda a, s: a.astype(np.float32) / 255),
        array(lambda a, s: a / np.float32(255.0)),
        Way(lambda p, s: transforms.ToTensor()(p), "pil", "tensor", ("ToTensor", "to_tensor", "div")),
        tensor(lambda t, s: t.float() / 255, "float", "to", "div", "truediv", "__truediv__"),
        tensor(lambda t, s: t.to(torch.float32).div(255.0), "float", "to", "div"),
    ],
    "normalised": [
        array(lambda a, s: (a.astype(np.float32) / 255 - np.float32(MEAN)) / np.float32(STD)),
        array(lambda a, s: (np.float32(a) / np.float32(255) - np.array(MEAN, "float32")) / np.array(STD, "float32")),
        Way(
            lambda p, s: transforms.Normalize(MEAN, STD)(transforms.ToTensor()(p)),
            "pil",
            "tensor",
            ("ToTensor", "Normalize", "normalize"),
        ),
        tensor(
            lambda t, s: (t.float() / 255 - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1),
            "float",
            "to",
            "div",
            "sub",
            "truediv",
            "__truediv__",
            "__sub__",
        ),
        tensor(
            lambda t, s: v2.functional.normalize(t.float() / 255, list(MEAN), list(STD)), "float", "div", "normalize"
        ),
    ],
    "symmetric": [
        array(lambda a, s: a.astype(np.float32) / 127.5 - 1),
        array(lambda a, s: np.float32(a) / np.float32(127.5) - np.float32(1)),
        tensor(lambda t, s: t.float() / 127.5 - 1.0, "float", "div", "sub"),
    ],
    "floats": [
        array(lambda a, s: a.astype(np.float32)),
        tensor(lambda t, s: t.float(), "float", "to"),
        tensor(lambda t, s: t.to(torch.float32), "float", "to"),
    ],
}


def planes(a):
    return a[None] if a.ndim == 2 else np.ascontiguousarray(a.transpose(2, 0, 1))


AXES = {
    "CHW": [
        Way(lambda a, s: planes(a), "array", "any", (UNRECORDED,)),
        Way(lambda t, s: t.contiguous(), "tensor", "any", (UNRECORDED,)),
        Way(lambda a, s: a[None] if a.ndim == 2 else np.moveaxis(a, -1, 0).copy(), "array", "any", (UNRECORDED,)),
    ],
    "NCHW": [
        Way(lambda a, s: planes(a)[None], "array", "any", (UNRECORDED,)),
        Way(lambda t, s: t.unsqueeze(0), "tensor", "any", (UNRECORDED, "unsqueeze")),
        Way(lambda a, s: np.expand_dims(planes(a), 0), "array", "any", (UNRECORDED,)),
    ],
    "HWC": [
        Way(lambda a, s: np.ascontiguousarray(a), "array", "any", (UNRECORDED,)),
        Way(
            lambda t, s: t[0].numpy() if len(t) == 1 else t.permute(1, 2, 0).contiguous().numpy(),
            "tensor",
            "any",
            (UNRECORDED,),
        ),
    ],
}
SAME = {"read": READ, "resize": RESIZE, "place": PLACE, "scale": SCALE, "axes": AXES}
