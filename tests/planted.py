# SPDX-License-Identifier: MIT
"""Pairs of pipelines with a known difference, by the libraries that people use."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from PIL import Image, ImageOps

import isopixel
from isopixel import step

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIZE = (64, 80)  # height, width
functional = torch.nn.functional


def write_pictures(folder):
    """Writes the files that the pipelines read."""
    y, x = np.mgrid[:150, :201]
    waves = [128 + 90 * np.sin(x / 17 + y / 31), 128 + 80 * np.cos(x / 9 - y / 23), 128 + 100 * np.sin((x + y) / 13)]
    noise = np.random.default_rng(1).normal(0, 6, (150, 201, 3))
    photo = np.clip(np.stack(waves, 2) + noise, 0, 255).astype(np.uint8)
    picture = Image.fromarray(photo)
    picture.save(folder / "photo.png")
    picture.save(folder / "photo.jpg", quality=92)
    for orientation in (2, 3, 6, 8):
        exif = Image.Exif()
        exif[0x112] = orientation
        picture.save(folder / f"exif{orientation}.jpg", quality=92, exif=exif)
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(folder / "palette.png")
    Image.fromarray(np.dstack([photo, (x * 255 // 200).astype(np.uint8)])).save(folder / "alpha.png")
    deep = photo[..., 0].astype(np.uint16) * 257 + np.random.default_rng(2).integers(0, 99, (150, 201)).astype(
        np.uint16
    )
    cv2.imwrite(str(folder / "deep.png"), deep)
    Image.fromarray(photo[:, ::-1].copy()).save(folder / "other.png")
    program = np.random.default_rng(3).integers(0, 256, 20_011, dtype=np.uint8)
    (folder / "program.bin").write_bytes(program.tobytes())


def opened(name="photo.png"):
    return Image.open(name)


def read(name="photo.png", flags=cv2.IMREAD_COLOR):
    """An image by OpenCV, in the order RGB."""
    return cv2.cvtColor(cv2.imread(name, flags), cv2.COLOR_BGR2RGB)


def tensor(name="photo.png"):
    return torch.from_numpy(np.asarray(opened(name)).copy()).permute(2, 0, 1)[None]


def normalized(image):
    scaled = image.astype(np.float32) / np.float32(255)
    return (scaled - np.float32(MEAN)) / np.float32(STD)


def resized(image, filter=Image.Resampling.BILINEAR, size=SIZE):
    """An image by Pillow."""
    return image.resize(size[::-1], filter)


@dataclass(frozen=True)
class Planted:
    """Two pipelines, the id of what makes them differ, and what the step is called where they part, on either side."""

    id: str
    a: object
    b: object
    steps: tuple[str, ...] = ()
    recorded: bool = True  # whether digests and calls alone tell the cause
    is_slow: bool = False


CASES = {}


def case(id, *steps, **options):
    def add(function):
        a, b = function()
        CASES[function.__name__] = Planted(id, a, b, steps, **options)
        return function

    return add


@case("antialias", "pillow.resize", "opencv.resize")
def antialias():
    def a():
        step("input", normalized(np.asarray(resized(opened()))))

    def b():
        step("input", normalized(cv2.resize(read(), SIZE[::-1])))

    return a, b


@case("filter", "pillow.resize")
def filter_default():
    return lambda: resized(opened(), None), lambda: resized(opened())


@case("filter", "opencv.resize")
def filter_area():
    return lambda: cv2.resize(read(), SIZE[::-1]), lambda: cv2.resize(read(), SIZE[::-1], interpolation=cv2.INTER_AREA)


@case("implementation", "opencv.resize")
def implementation():
    def a():
        return cv2.resize(read(), SIZE[::-1], interpolation=cv2.INTER_LINEAR)

    def b():
        return cv2.resize(read(), SIZE[::-1], interpolation=cv2.INTER_LINEAR_EXACT)

    return a, b


@case("implementation")
def implementation_torch():
    def b():
        functional.interpolate(tensor(), SIZE, mode="bilinear", antialias=True)

    return lambda: resized(opened()), b


@case("implementation", "pillow.resize", "opencv.resize")
def implementation_enlarged():
    """Where no side gets shorter antialias changes nothing."""
    return lambda: resized(opened(), size=(300, 402)), lambda: cv2.resize(read(), (402, 300))


@case("pillow-release", "isopixel.resize")
def pillow_release():
    def run(method):
        return lambda: isopixel.resize(np.asarray(opened()), (20, 400), method=method)

    return run("pillow-12.2-bicubic"), run("pillow-13-bicubic")


@case("align-corners")
def align_corners():
    def run(align):
        return lambda: functional.interpolate(tensor().float(), SIZE, mode="bilinear", align_corners=align)

    return run(False), run(True)


@case("float-resize")
def float_resize():
    def a():
        step("input", functional.interpolate(tensor(), SIZE, mode="bilinear", antialias=True))

    def b():
        floats = functional.interpolate(tensor().float(), SIZE, mode="bilinear", antialias=True)
        step("input", floats.round().clamp(0, 255).to(torch.uint8))

    return a, b


@case("float-resize")
def float_resize_after_scale():
    def a():
        step("input", functional.interpolate(tensor(), SIZE, mode="bilinear", antialias=True).float() / 255)

    def b():
        step("input", functional.interpolate(tensor().float() / 255, SIZE, mode="bilinear", antialias=True))

    return a, b


@case("float-resize", "pillow.resize", "numpy.stack", recorded=False)
def float_resize_of_planes():
    """One channel after the other, of Pillow's images of floats."""

    def a():
        step("input", np.asarray(Image.fromarray(read()).resize(SIZE[::-1], Image.Resampling.BILINEAR), np.float32))

    def b():
        planes = [Image.fromarray(plane) for plane in read().transpose(2, 0, 1).astype(np.float32)]
        step("input", np.stack([plane.resize(SIZE[::-1], Image.Resampling.BILINEAR) for plane in planes], axis=2))

    return a, b


@case("nearest-rule", "pillow.resize", "opencv.resize")
def nearest_rule():
    def b():
        cv2.resize(read(), SIZE[::-1], interpolation=cv2.INTER_NEAREST)

    return lambda: resized(opened(), Image.Resampling.NEAREST), b


@case("reducing-gap", "pillow.resize", is_slow=True)
def reducing_gap():
    size = (20, 25)
    return (
        lambda: opened().resize(size, Image.Resampling.BICUBIC),
        lambda: opened().resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0),
    )


@case("reducing-gap", "pillow.reduce")
def reducing_by_hand():
    """A mean of 3 × 3 pixels, the last ones of fewer, before the resize."""
    return lambda: resized(opened()), lambda: resized(opened().reduce(3))


@case("draft-decode", "pillow.decode", "opencv.imread", is_slow=True)
def draft_decode():
    def a():
        picture = opened("photo.jpg")
        picture.draft("RGB", (50, 50))
        step("input", np.asarray(picture.resize((40, 30))))

    return a, lambda: step("input", np.asarray(opened("photo.jpg").resize((40, 30))))


@case("draft-decode", "opencv.imread", is_slow=True)
def draft_flag():
    def b():
        step("input", cv2.resize(read("photo.jpg", cv2.IMREAD_REDUCED_COLOR_2), (40, 30)))

    return lambda: step("input", cv2.resize(read("photo.jpg"), (40, 30))), b


@case("size", "pillow.resize")
def size():
    return lambda: resized(opened()), lambda: resized(opened(), size=(64, 81))


@case("height-width", "opencv.resize")
def height_width():
    return lambda: cv2.resize(read(), (80, 64)), lambda: cv2.resize(read(), (64, 80))


@case("channel-order", "pillow.decode", "opencv.imread")
def channel_order():
    def b():
        step("input", cv2.imread("photo.png").astype(np.float32) / np.float32(255))

    return lambda: step("input", np.asarray(opened()).astype(np.float32) / np.float32(255)), b


@case("channel-order", "pillow.decode", "opencv.imread")
def channel_order_before_normalization():
    def b():
        step("input", normalized(cv2.resize(cv2.imread("photo.png"), SIZE[::-1])))

    return lambda: step("input", normalized(cv2.resize(np.asarray(opened()), SIZE[::-1]))), b


@case("channel-order")
def channel_order_at_the_end():
    return lambda: step("input", read()), lambda: step("input", read()[..., ::-1].copy())


@case("gray-formula", "pillow.convert", "opencv.cvtColor")
def gray_formula():
    return lambda: opened().convert("L"), lambda: cv2.cvtColor(read(), cv2.COLOR_RGB2GRAY)


@case("gray-formula", "pillow.convert", "opencv.imread")
def gray_reader():
    return lambda: opened().convert("L"), lambda: cv2.imread("photo.png", cv2.IMREAD_GRAYSCALE)


@case("gray-of-bgr", "opencv.cvtColor")
def gray_of_bgr():
    def run(code):
        return lambda: cv2.cvtColor(cv2.imread("photo.png"), code)

    return run(cv2.COLOR_BGR2GRAY), run(cv2.COLOR_RGB2GRAY)


@case("exif", "pillow.decode", "opencv.imread")
def exif():
    def b():
        step("input", cv2.resize(read("exif6.jpg"), (64, 64), interpolation=cv2.INTER_AREA))

    def a():
        image = np.asarray(opened("exif6.jpg"))
        step("input", cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA))

    return a, b


def _exif_transposed(orientation):
    name = f"exif{orientation}.jpg"
    return lambda: step("input", np.asarray(opened(name))), lambda: ImageOps.exif_transpose(opened(name))


@case("exif", "opencv.imread")
def exif_flag():
    def b():
        step("input", cv2.imread("exif3.jpg", cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)[..., ::-1])

    return lambda: step("input", read("exif3.jpg")), b


for orientation in (2, 3, 6, 8):
    CASES[f"exif_transpose_{orientation}"] = Planted("exif", *_exif_transposed(orientation), ("pillow.exif_transpose",))


@case("flip")
def flip():
    return lambda: resized(opened()), lambda: ImageOps.mirror(resized(opened()))


@case("flip", recorded=False)
def flip_by_slices():
    return lambda: step("input", read()), lambda: step("input", read()[::-1].copy())


@case("crop-offset", "numpy.__getitem__", "pillow.crop")
def crop_offset():
    def a():
        step("input", read()[43:107, 60:140])

    def b():
        opened().crop((61, 43, 141, 107))

    return a, b


@case("crop-offset", "torch.__getitem__")
def crop_offset_of_tensors():
    return lambda: tensor()[..., 43:-43, 60:140], lambda: tensor()[..., 43:-43, 61:141]


@case("order")
def order_of_slices():
    """A crop that is not in the middle, before a flip and behind it: NumPy has but one view of the picture for both."""

    def a():
        Image.fromarray(np.ascontiguousarray(np.asarray(read()[20:90, 30:130])[:, ::-1]))

    def b():
        Image.fromarray(np.ascontiguousarray(np.asarray(read()[:, ::-1])[20:90, 30:130]))

    return a, b


@case("pad-value", "opencv.copyMakeBorder")
def pad_value():
    def run(value):
        return lambda: cv2.copyMakeBorder(read(), 3, 3, 4, 4, cv2.BORDER_CONSTANT, value=value)

    return run((0, 0, 0)), run((114, 114, 114))


@case("pad-value", "pillow.expand")
def pad_value_of_a_picture():
    return lambda: ImageOps.expand(opened(), 4), lambda: ImageOps.expand(opened(), (4, 4), (114, 114, 114))


@case("pad-value", "pillow.paste")
def pad_value_of_a_ground():
    def run(value):
        def pipeline():
            ground = Image.new("RGB", (220, 170), (value,) * 3)
            ground.paste(opened(), (9, 10))
            step("input", ground)

        return pipeline

    return run(0), run(114)


@case("pad-position", "opencv.copyMakeBorder")
def pad_position():
    def run(top, bottom):
        return lambda: cv2.copyMakeBorder(read(), top, bottom, 4, 4, cv2.BORDER_CONSTANT, value=(114, 114, 114))

    return run(3, 3), run(0, 6)


@case("pad-position", "torch.pad")
def pad_position_torch():
    return lambda: functional.pad(tensor(), (0, 10, 0, 0)), lambda: functional.pad(tensor(), (10, 0))


@case("pad-position", "pillow.expand", "pillow.paste")
def pad_position_pasted():
    def b():
        ground = Image.new("RGB", (213, 158))
        ground.paste(opened(), (0, 0))

    return lambda: ImageOps.expand(opened(), (6, 4, 6, 4)), b


@case("order", "pillow.crop", "pillow.resize")
def order():
    def a():
        resized(opened().crop((20, 30, 150, 134)))

    def b():
        resized(opened(), size=(90, 120)).crop((10, 10, 90, 74))

    return a, b


def saved_as_jpeg(picture):
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return Image.open(file).convert("RGB")


@case("jpeg-reencode")
def jpeg_reencode():
    return (
        lambda: step("input", np.asarray(resized(opened()))),
        lambda: step("input", np.asarray(saved_as_jpeg(resized(opened())))),
    )


@case("palette", is_slow=True)
def palette():
    return lambda: opened("palette.png").convert("RGB"), lambda: step("input", np.asarray(opened("palette.png")))


@case("palette")
def palette_opencv():
    return lambda: step("input", np.asarray(opened("palette.png"))), lambda: step("input", read("palette.png"))


def on_white(picture):
    white = Image.new("RGBA", picture.size, (255,) * 4)
    white.alpha_composite(picture)
    return white.convert("RGB")


@case("alpha", is_slow=True)
def alpha_composited():
    return lambda: opened("alpha.png").convert("RGB"), lambda: step("rgb", np.asarray(on_white(opened("alpha.png"))))


@case("alpha", "pillow.resize", "opencv.resize")
def alpha_premultiplied():
    def b():
        cv2.resize(np.asarray(opened("alpha.png")), SIZE[::-1], interpolation=cv2.INTER_AREA)

    return lambda: resized(opened("alpha.png"), Image.Resampling.BOX), b


@case("alpha", "pillow.resize", "pillow.convert")
def alpha_resized():
    return lambda: resized(opened("alpha.png")).convert("RGB"), lambda: resized(opened("alpha.png").convert("RGB"))


@case("16-bit", "pillow.decode", "opencv.imread")
def deep():
    return lambda: step("x", np.asarray(opened("deep.png"))), lambda: cv2.imread("deep.png", cv2.IMREAD_GRAYSCALE)


@case("wrap", recorded=False, is_slow=True)
def wrap():
    def a():
        step("bright", np.clip(np.asarray(opened()).astype(np.float64) * 1.2, 0, 255).astype(np.uint8))

    def b():
        step("bright", (np.asarray(opened()).astype(np.float64) * 1.2).astype(np.int64).astype(np.uint8))

    return a, b


@case("cut-off")
def cut_off():
    def floats():
        return step("floats", functional.interpolate(tensor().float(), SIZE, mode="bilinear").numpy())

    return (
        lambda: step("uint8", np.rint(floats()).astype(np.uint8)),
        lambda: step("uint8", floats().astype(np.uint8)),
    )


@case("cut-off", recorded=False, is_slow=True)
def cut_off_then_scaled():
    def run(whole):
        return lambda: step("input", whole(read() * 0.83).astype(np.uint8) / np.float32(255))

    return run(np.rint), run(np.floor)


@case("cut-off", "torch.round", "torch.to")
def cut_off_by_torch():
    def floats():
        return functional.interpolate(tensor().float(), SIZE, mode="bilinear")

    return (
        lambda: step("input", floats().round().to(torch.uint8) / 255),
        lambda: step("input", floats().to(torch.uint8) / 255),
    )


@case("scale")
def scale():
    return (
        lambda: step("input", np.asarray(opened()).astype(np.float32) / np.float32(255)),
        lambda: step("input", np.asarray(opened()).astype(np.float32)),
    )


@case("scale", "torch.div", "torch.sub")
def scale_in_steps():
    return (
        lambda: step("input", tensor().float().div(255)),
        lambda: step("input", tensor().float().div(127.5).sub(1.0)),
    )


@case("scale", is_slow=True)
def scale_before_normalization():
    return (
        lambda: step("input", normalized(read())),
        lambda: step("input", (read().astype(np.float32) - np.float32(MEAN)) / np.float32(STD)),
    )


@case("constants")
def constants():
    def b():
        step("input", (read().astype(np.float32) / np.float32(255) - np.float32(0.5)) / np.float32(0.5))

    return lambda: step("input", normalized(read())), b


@case("constants", recorded=False)  # the ends of a range do not tell it from other rounding
def constants_reversed():
    def b():
        step("input", (read().astype(np.float32) / 255 - np.float32(MEAN[::-1])) / np.float32(STD[::-1]))

    return lambda: step("input", normalized(read())), b


@case("rounding", recorded=False)  # nor from the constants in the other order
def rounding():
    def b():
        step("input", ((read() / 255 - np.array(MEAN)) / np.array(STD)).astype(np.float32))

    return lambda: step("input", normalized(read())), b


@case("reshape", "numpy.reshape")
def reshape():
    def b():
        step("chw", read().reshape(3, 150, 201))

    return lambda: step("chw", read().transpose(2, 0, 1).copy()), b


@case("reshape", "numpy.reshape", is_slow=True)
def reshape_then_scaled():
    def b():
        step("chw", normalized(read()).reshape(201, 150, 3))

    return lambda: step("chw", normalized(read())), b


@case("rounding", recorded=False)
def rounding_behind_a_crop():
    """Which is a call on one side, and a part of code that is not traced on the other."""

    def a():
        step("input", normalized(np.asarray(opened().crop((3, 5, 83, 69)))))

    def b():
        step("input", ((np.asarray(opened())[5:69, 3:83] / 255 - np.array(MEAN)) / np.array(STD)).astype(np.float32))

    return a, b


@case("rounding")
def rounding_of_a_scale():
    return (
        lambda: step("input", read() / np.float32(255)),
        lambda: step("input", read() * np.float32(1 / 255)),
    )


@case("dtype")
def dtype():
    return (
        lambda: step("input", read().astype(np.float32) / np.float32(255)),
        lambda: step("input", (read().astype(np.float32) / np.float32(255)).astype(np.float64)),
    )


def program():
    return np.fromfile("program.bin", np.uint8)


@case("byte-width")
def byte_width():
    def run(width):
        def pipeline():
            data = program()
            step("image", data[: len(data) // width * width].reshape(-1, width))

        return pipeline

    return run(128), run(256)


@case("byte-width")
def byte_width_by_hand():
    def b():
        data = program()
        step("image", data[: len(data) // 256 * 256].reshape(-1, 256))

    return lambda: isopixel.from_file("program.bin", "fixed,width=128,rows=floor"), b


@case("byte-width", "numpy.reshape", "pillow.frombytes")
def byte_width_of_pictures():
    """Of bytes that are cut before Pillow gets them."""

    def b():
        data = program().tobytes()
        Image.frombytes("L", (129, 155), data[: 129 * 155])

    def a():
        data = program()
        Image.fromarray(np.pad(data, (0, -len(data) % 128)).reshape(-1, 128))

    return a, b


@case("byte-rows", "numpy.reshape")
def byte_rows():
    def a():
        data = program()
        step("image", np.pad(data, (0, -len(data) % 128)).reshape(-1, 128))

    def b():
        data = program()
        step("image", data[: len(data) // 128 * 128].reshape(-1, 128))

    return a, b


@case("byte-rows", "isopixel.from_file")
def byte_rows_by_name():
    def run(layout):
        return lambda: isopixel.from_file("program.bin", layout)

    return run("nataraj"), run("nataraj,rows=floor")


@case("source-file")
def source_file():
    return lambda: resized(opened()), lambda: resized(opened("other.png"))


def tensor_of(image):
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))[None]


def image_of(tensor):
    return tensor[0].permute(1, 2, 0).numpy()


RESIZES = {
    "pillow": lambda image, size: np.asarray(resized(Image.fromarray(image), size=size)),
    "opencv": lambda image, size: cv2.resize(image, size[::-1]),
    "bicubic": lambda image, size: np.asarray(resized(Image.fromarray(image), Image.Resampling.BICUBIC, size)),
    "torch": lambda image, size: image_of(
        functional.interpolate(tensor_of(image), size, mode="bilinear", antialias=True)
    ),
    "float": lambda image, size: image_of(
        functional.interpolate(tensor_of(image).float(), size, mode="bilinear", antialias=True).round().byte()
    ),
}
NORMALIZATIONS = {
    "imagenet": normalized,
    "half": lambda image: (image.astype(np.float32) / np.float32(255) - np.float32(0.5)) / np.float32(0.5),
    "float64": lambda image: ((image / 255 - np.array(MEAN)) / np.array(STD)).astype(np.float32),
    "unscaled": lambda image: (image.astype(np.float32) - np.float32(MEAN)) / np.float32(STD),
}


@dataclass(frozen=True)
class Pipeline:
    """A whole pipeline, each of whose stages can be wrong."""

    decoder: str = "pillow"
    is_upright: bool = True
    is_flipped: bool = False
    crop: tuple[int, int] = (10, 15)
    resize: str = "pillow"
    size: tuple[int, int] = SIZE
    jpeg: bool = False
    pad: tuple[int, int] = (114, 4)
    normalization: str = "imagenet"
    dtype: type = np.float32

    def __call__(self):
        image = self.decoded()
        if self.is_flipped:
            image = np.ascontiguousarray(image[:, ::-1])
        top, left = self.crop
        image = np.ascontiguousarray(image[top : top + 120, left : left + 130])
        image = RESIZES[self.resize](image, self.size)
        if self.jpeg:
            image = np.asarray(saved_as_jpeg(Image.fromarray(image)))
        value, top = self.pad
        image = cv2.copyMakeBorder(image, top, 8 - top, 3, 3, cv2.BORDER_CONSTANT, value=(value,) * 3)
        image = NORMALIZATIONS[self.normalization](image).astype(self.dtype)
        step("input", np.ascontiguousarray(image.transpose(2, 0, 1)))

    def decoded(self):
        if self.decoder == "pillow":
            picture = opened("exif6.jpg")
            return np.asarray(ImageOps.exif_transpose(picture) if self.is_upright else picture)
        return cv2.imread("exif6.jpg", cv2.IMREAD_COLOR | (0 if self.is_upright else cv2.IMREAD_IGNORE_ORIENTATION))


# By the id of its cause, the stage where a fault is, and what it is.
FAULTS = {
    "channel-order": (0, {"decoder": "opencv"}),
    "exif": (1, {"is_upright": False}),
    "flip": (2, {"is_flipped": True}),
    "crop-offset": (3, {"crop": (11, 15)}),
    "antialias": (4, {"resize": "opencv"}),
    "filter": (4, {"resize": "bicubic"}),
    "implementation": (4, {"resize": "torch"}),
    "float-resize": (4, {"resize": "float"}),
    "size": (4, {"size": (64, 81)}),
    "jpeg-reencode": (5, {"jpeg": True}),
    "pad-value": (6, {"pad": (0, 4)}),
    "pad-position": (6, {"pad": (114, 0)}),
    "constants": (7, {"normalization": "half"}),
    "rounding": (7, {"normalization": "float64"}),
    "scale": (7, {"normalization": "unscaled"}),
    "dtype": (8, {"dtype": np.float64}),
}


@case("float-resize", "opencv.resize", is_slow=True)
def float_resize_between():
    """The scale on one side of the resize, the normalisation on the other."""

    def a():
        step("input", normalized(cv2.resize(read(), SIZE[::-1])))

    def b():
        scaled = cv2.resize(read().astype(np.float32) / np.float32(255), SIZE[::-1])
        step("input", (scaled - np.float32(MEAN)) / np.float32(STD))

    return a, b


@case("gray-formula", recorded=False)
def gray_written():
    """A formula that code writes out, by a product of matrices, cut off."""

    def b():
        step("input", (np.asarray(opened()) @ np.array([0.2126, 0.7152, 0.0722])).astype(np.uint8))

    return lambda: step("input", np.asarray(opened().convert("L"))), b


@case("gray-of-bgr", recorded=False)
def gray_written_of_bgr():
    def run(weights):
        def gray():
            red, green, blue = np.moveaxis(np.asarray(opened()).astype(np.float64), 2, 0)
            made = weights[0] * red + weights[1] * green + weights[2] * blue
            step("input", np.rint(made).astype(np.uint8))

        return gray

    return run((0.299, 0.587, 0.114)), run((0.114, 0.587, 0.299))


@case("order", recorded=False, is_slow=True)
def order_of_a_border():
    """A border of 0, before the normalisation and behind it."""

    def padded(image):
        made = np.zeros((70, 90, 3), image.dtype)
        made[3 : 3 + SIZE[0], 5 : 5 + SIZE[1]] = image
        return made

    def image():
        return np.asarray(resized(opened()))

    return lambda: step("input", normalized(padded(image()))), lambda: step("input", padded(normalized(image())))


@case("16-bit", recorded=False)
def sixteen_bits_rounded():
    """To the nearest level, halves to even, and cut off."""

    def run(whole):
        return lambda: step("input", whole(cv2.imread("deep.png", cv2.IMREAD_UNCHANGED) / 256).astype(np.uint8))

    return run(np.trunc), run(lambda levels: np.rint(levels).clip(0, 255))


@case("jpeg-reencode", "save and reload")
def jpeg_subsampled():
    def run(subsampling):
        def saved():
            file = io.BytesIO()
            opened().save(file, "JPEG", quality=80, subsampling=subsampling)
            step("input", np.asarray(Image.open(file)))

        return saved

    return run(0), run(2)


@case("constants", "torch.sub")
def constants_in_tensors():
    """What is subtracted is no argument, but an array beside the image."""

    def run(mean):
        return lambda: tensor().float().div(255).sub(torch.tensor(mean).view(1, 3, 1, 1))

    return run(MEAN), run((0.5, 0.4, 0.3))
