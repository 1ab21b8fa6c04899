# SPDX-License-Identifier: MIT
"""Whole pipelines, training's and serving's, as they are found in programs."""

import io

import cv2
import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms import v2

from tests.trace_cases.faults import RGB, Fault
from tests.trace_cases.same import MEAN, STD
from tests.trace_cases.ways import NOTHING, OPEN, UNRECORDED, of_path

BICUBIC = transforms.InterpolationMode.BICUBIC
PREPARE = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)])


def side(run, *calls):
    return of_path(lambda f, s: run(f), *calls, gives="any")


def story(causes, name, train, train_calls, serve, serve_calls, kinds=RGB):
    return Fault(
        causes, f"story, {name}", "read", side(train, *train_calls), side(serve, *serve_calls), kinds, is_last=True
    )


def planes(image, mean=MEAN, std=STD):
    made = (image.astype(np.float32) / 255.0 - np.array(mean, np.float32)) / np.array(std, np.float32)
    return np.ascontiguousarray(made.transpose(2, 0, 1))[None]


def rgb(path):
    return cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)


def training(path):
    """Torchvision's recipe of ImageNet."""
    steps = [transforms.Resize(128), transforms.CenterCrop(112)]
    return PREPARE(transforms.Compose(steps)(Image.open(path).convert("RGB"))).unsqueeze(0)


def shorter(height, width, short, rounded=int):
    return (short, rounded(short * width / height)) if height <= width else (rounded(short * height / width), short)


def serving(path, resize=cv2.INTER_LINEAR, rounded=int):
    image = rgb(path)
    height, width = shorter(*image.shape[:2], 128, rounded)
    image = cv2.resize(image, (width, height), interpolation=resize)
    top, left = round((height - 112) / 2.0), round((width - 112) / 2.0)
    return planes(image[top : top + 112, left : left + 112])


def clip_training(path):
    steps = [transforms.Resize(112, BICUBIC), transforms.CenterCrop(112)]
    return PREPARE(transforms.Compose(steps)(Image.open(path).convert("RGB")))


def clip_serving(path):
    image = rgb(path)
    height, width = shorter(*image.shape[:2], 112)
    image = cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC)
    top, left = round((height - 112) / 2.0), round((width - 112) / 2.0)
    return planes(image[top : top + 112, left : left + 112])


def detector(path, value=114, resize=cv2.INTER_LINEAR):
    image = rgb(path)
    ratio = 192 / max(image.shape[:2])
    width, height = round(image.shape[1] * ratio), round(image.shape[0] * ratio)
    image = cv2.resize(image, (width, height), interpolation=resize)
    top, left = (192 - height) // 2, (192 - width) // 2
    canvas = np.full((192, 192, 3), value, np.uint8)
    canvas[top : top + height, left : left + width] = image
    return canvas.transpose(2, 0, 1)[None].astype(np.float32) / 255


def detector_by_pillow(path):
    image = Image.open(path).convert("RGB")
    ratio = 192 / max(image.size)
    image = image.resize((round(image.width * ratio), round(image.height * ratio)), Image.BILINEAR)
    canvas = Image.new("RGB", (192, 192), (114, 114, 114))
    canvas.paste(image, ((192 - image.width) // 2, (192 - image.height) // 2))
    return np.asarray(canvas).transpose(2, 0, 1)[None].astype(np.float32) / 255


def small(path, filter=Image.BILINEAR):
    return Image.open(path).convert("RGB").resize((96, 96), filter)


def uploaded(path):
    """A web server that keeps what it was sent as JPEG."""
    file = io.BytesIO()
    Image.open(path).convert("RGB").save(file, format="JPEG", quality=85)
    file.seek(0)
    return training(file)


def turned(path):
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    return PREPARE(picture.resize((112, 112), Image.BILINEAR))


def not_turned(path):
    return PREPARE(Image.open(path).convert("RGB").resize((112, 112), Image.BILINEAR))


def white(path):
    picture = Image.open(path).convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(ground, picture).convert("RGB"))


def thumbnail(path):
    picture = Image.open(path)
    picture.thumbnail((80, 80))
    return np.asarray(picture)


def fitted(path):
    picture = Image.open(path).convert("RGB")
    width, height = picture.size
    ratio = 80 / max(width, height)
    return np.asarray(picture.resize((max(1, round(width * ratio)), max(1, round(height * ratio))), Image.BICUBIC))


def float_first(path):
    to_float = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Resize((96, 96), antialias=True)])
    return to_float(Image.open(path).convert("RGB"))


def float_last(path):
    to_float = v2.Compose([v2.ToImage(), v2.Resize((96, 96), antialias=True), v2.ToDtype(torch.float32, scale=True)])
    return to_float(Image.open(path).convert("RGB"))


RESIZE = ("Resize", "resize")
FAULTS = [
    story(("antialias",), "ImageNet by cv2", training, RESIZE, serving, RESIZE),
    story(
        ("size",),
        "the longer side rounded",
        lambda f: serving(f),
        RESIZE,
        lambda f: serving(f, rounded=lambda n: int(n) + 1),
        RESIZE,
    ),
    story(
        ("filter", "antialias"),
        "INTER_AREA in serving",
        training,
        RESIZE,
        lambda f: serving(f, cv2.INTER_AREA),
        RESIZE,
    ),
    story(("antialias",), "CLIP by cv2", clip_training, RESIZE, clip_serving, RESIZE),
    story(("antialias",), "a detector by Pillow", detector, RESIZE, detector_by_pillow, RESIZE),
    story(
        ("pad-value",),
        "a detector's border",
        detector,
        (UNRECORDED, "full", "resize"),
        lambda f: detector(f, 0),
        (UNRECORDED, "full", "resize"),
        ("png",),
    ),
    story(
        ("filter",),
        "Keras's default",
        lambda f: np.asarray(small(f), np.float32) / 255,
        RESIZE,
        lambda f: np.asarray(small(f, Image.NEAREST), np.float32) / 255,
        RESIZE,
    ),
    story(
        ("channel-order",),
        "BGR into a model for RGB",
        lambda f: planes(cv2.resize(rgb(f), (96, 96))),
        ("cvtColor",),
        lambda f: planes(cv2.resize(cv2.imread(f), (96, 96))),
        (NOTHING, "imread"),
    ),
    story(("jpeg-reencode",), "uploads kept as JPEG", training, (NOTHING, *OPEN), uploaded, ("save", *OPEN)),
    story(
        ("exif",), "a phone's photographs", turned, ("exif_transpose",), not_turned, (NOTHING,), ("exif-6", "exif-8")
    ),
    story(
        ("alpha",),
        "stickers on white",
        lambda f: np.asarray(Image.open(f).convert("RGB")),
        (*OPEN, NOTHING),
        white,
        ("alpha_composite",),
        ("alpha",),
    ),
    story(
        ("draft-decode", "reducing-gap"),
        "thumbnails",
        fitted,
        (*OPEN, "resize"),
        thumbnail,
        (*OPEN, "draft", "thumbnail", "resize"),
        ("jpeg",),
    ),
    story(("reducing-gap",), "thumbnails of PNG", fitted, ("resize",), thumbnail, ("thumbnail", "resize"), ("png",)),
    story(
        ("float-resize", "order"),
        "ToDtype first",
        float_last,
        ("Resize", "ToDtype", "resize", "to_dtype"),
        float_first,
        ("Resize", "ToDtype", "resize", "to_dtype"),
    ),
    story(
        ("reshape",),
        "reshape for ONNX",
        lambda f: np.asarray(small(f)).transpose(2, 0, 1)[None].copy(),
        (UNRECORDED, NOTHING),
        lambda f: np.asarray(small(f)).reshape(1, 3, 96, 96).copy(),
        (UNRECORDED,),
    ),
    story(
        ("gray-of-bgr",),
        "frames of a video",
        lambda f: np.asarray(Image.fromarray(rgb(f)).convert("L").resize((96, 96), Image.BILINEAR)),
        ("cvtColor", "convert"),
        lambda f: np.asarray(Image.fromarray(cv2.imread(f)).convert("L").resize((96, 96), Image.BILINEAR)),
        ("convert", "imread"),
    ),
    story(
        ("scale",),
        "a mobile model",
        lambda f: np.asarray(small(f), np.float32) / 255.0,
        (UNRECORDED,),
        lambda f: (np.asarray(small(f), np.float32) - 127.5) / 127.5,
        (UNRECORDED,),
    ),
    story(
        ("flip",),
        "an augmentation left on",
        lambda f: PREPARE(small(f)),
        (NOTHING,),
        lambda f: PREPARE(transforms.RandomHorizontalFlip(1.0)(small(f))),
        ("RandomHorizontalFlip", "transpose", "hflip"),
    ),
    story(
        ("height-width",),
        "size of cv2",
        lambda f: planes(cv2.resize(rgb(f), (160, 96))),
        RESIZE,
        lambda f: planes(cv2.resize(rgb(f), (96, 160))),
        RESIZE,
    ),
    story(
        ("order",),
        "gray last",
        lambda f: np.asarray(Image.open(f).convert("L").resize((96, 96), Image.BILINEAR)),
        ("convert", "resize"),
        lambda f: np.asarray(small(f).convert("L")),
        ("convert", "resize"),
    ),
]
