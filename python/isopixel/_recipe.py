# SPDX-License-Identifier: MIT
"""Recipes: how bytes become an array, as one line of text that training saves and deployment loads."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from isopixel import _core, _presets
from isopixel._arguments import check_layout, check_size
from isopixel._bytes_image import check_file, from_bytes, image_of
from isopixel._decoding import check_is_picture, content_of, decode, naming
from isopixel._images import UINT8, UInt8Array, check_image
from isopixel._manifest import Source, SourceDigest
from isopixel._methods import MethodName, check_resize
from isopixel._normalization import FLOAT32, Decimals, decimals, normalize_by
from isopixel._settings import check_threads
from isopixel._sources import OpenSource, open_file
from isopixel._steps import Crop, Normalize, Resize, Step, steps_of

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MANY_BYTES = 1 << 40  # of which each layout makes an image


@dataclass(frozen=True)
class Geometry:
    """Where an image lies after a step of a recipe.

    Attributes:
        size: (height, width) of the step's image.
        scale: of the source's rows and columns.
        offset: the same, in pixels, of the source's top left corner.
    """

    size: tuple[int, int]
    scale: tuple[Fraction, Fraction]
    offset: tuple[Fraction, Fraction]


@dataclass(frozen=True, init=False, repr=False)
class Recipe:
    """How bytes, or images, become an array: an immutable value with one canonical line of text (SPEC R-16).

    The line, `str(recipe)`, is made to sit in the configuration beside a model. `Recipe.parse` reads it again, and so
    does any host of the C interface. Equal recipes have equal lines.

    Attributes:
        line: the canonical line, such as "isopixel 1: nataraj | bilinear 224,224".
        layout: of a recipe of bytes the canonical text of the layout (R-10), as in `from_bytes`; None of images.
        mode: of a recipe of images what their channels are (R-50), such as "rgb"; None of bytes.
        method: to which bytes' image is resized, as in `resize`; None if it is not, and of images, which have `steps`.
        size: the same, (height, width).

    Example:
        >>> import isopixel
        >>> recipe = isopixel.Recipe("nataraj", (2, 3), mean=0.5, std=0.25)
        >>> print(recipe)
        isopixel 1: nataraj | bilinear 2,3 | normalize mean=0.5 std=0.25
        >>> array = recipe(bytes(range(256)))
        >>> array.shape, array.dtype
        ((1, 2, 3), dtype('float32'))
    """

    line: str
    layout: str | None = field(compare=False)
    mode: str | None = field(compare=False)
    method: MethodName | None = field(compare=False)
    size: tuple[int, int] | None = field(compare=False)

    def __init__(
        self,
        layout: str,
        size: Sequence[int] | None = None,
        *,
        method: MethodName = "bilinear",
        mean: Decimals | None = None,
        std: Decimals | None = None,
    ) -> None:
        """Makes a recipe of bytes, of the arguments that `from_bytes` accepts, and of mean and std, as in `normalize`.

        It raises what those raise; and ValueError if a mean is beyond 4 in magnitude, or a std above 4: they are
        for samples from 0 to 1 (R-90). A recipe of images is made by `Recipe.parse`.
        """
        steps = [f"isopixel 1: {check_layout(layout)}"]
        method = check_resize(size, method)
        if size is not None:
            height, width = check_size(size)
            steps.append(f"{method} {height},{width}")
        if (mean is None) != (std is None):
            raise ValueError("mean and std go together: give both, or neither")
        if mean is not None and std is not None:
            steps.append(f"normalize mean={_word(mean, 'mean')} std={_word(std, 'std')}")
        self._set(" | ".join(steps))

    @classmethod
    def parse(cls, line: str) -> "Recipe":
        """Reads a recipe from its line; blanks around words and a line end do not matter.

        Raises:
            TypeError: line is not a text.
            ValueError: a word that is not known, or a recipe of a newer version.

        Example:
            >>> import isopixel
            >>> isopixel.Recipe.parse("isopixel 1: line|bilinear 4,8").size
            (4, 8)
            >>> isopixel.Recipe.parse("isopixel 1: image rgb | pillow-4-bilinear short=256 | crop 224,224").steps[1]
            Crop(size=(224, 224), round='down')
        """
        if not isinstance(line, str):
            raise TypeError(f"a recipe is a line of text, got {type(line).__name__}")
        if not line.isascii():
            raise ValueError(f"a recipe is ASCII text, got {line!a}")
        recipe = cls.__new__(cls)
        recipe._set(line)
        return recipe

    @classmethod
    def from_torchvision(
        cls, transforms: Any, *, pillow: str | None = None, orientation: _presets.Orientation
    ) -> "Recipe":
        """Makes the recipe that is what transforms of torchvision 0.28 make of pictures, bit for bit.

        It knows Resize, CenterCrop, Normalize, and the conversions to tensors (ToTensor, PILToTensor, ToImage,
        ConvertImageDtype, ToDtype), of `torchvision.transforms` and its v2, in the orders in which a recipe has them.
        Where the transforms show tensors, they are uint8, on a CPU.

        Args:
            transforms: a Compose or a list of such transforms, or what `weights.transforms()` of a classifier returns.
            pillow: the release of Pillow with which the model was trained, such as "13.0.0", of which PIL images'
                resize depends; by default the installed one. It has to be given where the transforms take PIL images
                and tensors, and so do not show that they resize PIL images.
            orientation: whether pictures were turned upright by their Exif data before, "apply"; or not, "ignore", as
                PIL.Image.open leaves them; or "refuse" for neither: pictures that are not upright are errors.

        Returns:
            A recipe with `alpha=drop`, as of `PIL.Image.open(path).convert("RGB")`.

        Raises:
            TypeError, ValueError: what no recipe makes bit for bit, such as a resize of floats, or a mean of more than
                nine digits; a release of Pillow that was not measured.

        Example:
            >>> import isopixel
            >>> from types import SimpleNamespace
            >>> preset = SimpleNamespace(  # ResNet50_Weights.IMAGENET1K_V2.transforms() has these attributes
            ...     resize_size=[232],
            ...     crop_size=[224],
            ...     interpolation="bilinear",
            ...     mean=[0.485, 0.456, 0.406],
            ...     std=[0.229, 0.224, 0.225],
            ... )
            >>> recipe = isopixel.Recipe.from_torchvision(preset, pillow="13.0.0", orientation="ignore")
            >>> recipe.steps[0].method, recipe.steps[0].short
            ('pillow-13-bilinear', 232)
            >>> recipe.steps[1]
            Crop(size=(224, 224), round='even')
        """
        return cls.parse(_presets.torchvision_line(transforms, pillow, orientation))

    @classmethod
    def from_huggingface(
        cls, config: Any, *, backend: _presets.Backend, pillow: str | None = None, orientation: _presets.Orientation
    ) -> "Recipe":
        """Makes the recipe that is what an image processor of transformers 5 makes of pictures, bit for bit.

        It knows the processors that only resize, crop and normalise: those of Bit (DINOv2), Blip, CLIP, ChineseCLIP,
        ConvNext (ResNet), DeiT, MobileNetV1, OwlViT, Pvt, Siglip and ViT (Swin), by their `image_processor_type`.

        Args:
            config: the path of a preprocessor_config.json (or processor_config.json), a dictionary as in it, or a
                processor.
            backend: "pil", or "torchvision", the one of the fast processors: they make other pixels of the same
                picture, and the config does not say which was used. Of torchvision's it is the one on a CPU.
            pillow: the release of Pillow with which the model was trained, as in `from_torchvision`.
            orientation: as in `from_torchvision`.

        Returns:
            A recipe with `alpha=drop`.

        Raises:
            OSError: the file cannot be read.
            TypeError, ValueError: what no recipe makes bit for bit: another processor, padding, a size with a longest
                edge, another factor than 1/255, a filter without a method.

        Example:
            >>> import isopixel
            >>> config = {
            ...     "image_processor_type": "ViTImageProcessor",
            ...     "size": {"height": 224, "width": 224},
            ...     "resample": 2,
            ...     "image_mean": [0.5, 0.5, 0.5],
            ...     "image_std": [0.5, 0.5, 0.5],
            ... }
            >>> recipe = isopixel.Recipe.from_huggingface(config, backend="pil", pillow="12.0.0", orientation="ignore")
            >>> recipe.steps[0].method, recipe.steps[0].size
            ('pillow-4-bilinear', (224, 224))
            >>> recipe.normalization.rounding
            'steps'
        """
        return cls.parse(_presets.huggingface_line(config, backend, pillow, orientation))

    @classmethod
    def from_timm(cls, config: Any, *, pillow: str | None = None, orientation: _presets.Orientation) -> "Recipe":
        """Makes the recipe that is what timm 1.0 makes of pictures for inference, bit for bit.

        That is `timm.data.create_transform(**config)`, which normalises on the CPU (timm's prefetching loader rounds
        otherwise).

        Args:
            config: what `timm.data.resolve_data_config` or `resolve_model_data_config` returns, or a `pretrained_cfg`:
                a dictionary, or an object with these attributes.
            pillow: the release of Pillow with which the model was trained, as in `from_torchvision`.
            orientation: as in `from_torchvision`.

        Returns:
            A recipe with `alpha=drop`.

        Raises:
            TypeError, ValueError: what no recipe makes bit for bit: the crop mode "border", a crop in the middle with
                unequal sides, a mean of more than nine digits.

        Example:
            >>> import isopixel
            >>> config = {
            ...     "input_size": (3, 224, 224),
            ...     "interpolation": "bicubic",
            ...     "mean": (0.5, 0.5, 0.5),
            ...     "std": (0.5, 0.5, 0.5),
            ...     "crop_pct": 0.875,
            ...     "crop_mode": "center",
            ... }
            >>> recipe = isopixel.Recipe.from_timm(config, pillow="11.3.0", orientation="ignore")
            >>> recipe.steps[0].method, recipe.steps[0].short
            ('pillow-4-bicubic', 256)
        """
        return cls.parse(_presets.timm_line(config, pillow, orientation))

    def _set(self, line: str) -> None:
        for name, value in zip(self.__dataclass_fields__, opened(line).fields(), strict=True):
            object.__setattr__(self, name, value)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is done, in its order: values of Resize, Crop, Pad and Normalize."""
        return steps_of(self.line)

    @property
    def normalization(self) -> Normalize | None:
        """The last step, if that is one."""
        last = self.steps[-1:]
        return last[0] if last and isinstance(last[0], Normalize) else None

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the arrays: float32 if they are normalised, else uint8."""
        return UINT8 if self.normalization is None else FLOAT32

    def _shape(self, length: int | None, size: tuple[int, int] | None = None) -> tuple[int | None, ...]:
        """Returns the shape of the arrays, of a file of a length, or of images that become this size, if it is known.

        Height and width are None if they depend on what is not known.

        Raises:
            ValueError: the layout makes no image of this number of bytes; or the steps make none of any image.
        """
        height: int | None
        width: int | None
        if self.layout is None:
            channels = 1 if self.mode == "gray" else len(str(self.mode))
            height, width = size or self._size_of_images()
        elif _core.rate_of(self.layout) is not None:
            channels, (height, width) = 1, self.size or (None, None)
        else:
            if _core.listing_of(self.layout) is not None:
                length = None  # that of a listing is not the number of its bytes
            n = MANY_BYTES if length is None else _core.part_of_bytes(self.layout, length)[1]
            *sides, channels = _core.layout_shape(_core.layout_of_part(self.layout), n)
            height, width = self.size or (sides if length is not None else (None, None))
        if self.normalization is not None:
            return channels, height, width
        return (height, width) if channels == 1 else (height, width, channels)

    def _size_of_images(self) -> tuple[int, int] | tuple[None, None]:
        """Returns the size of the arrays, if it is the same for images of any size."""
        source, *texts = self.line.split(" | ")
        for i, step in enumerate(self.steps):
            if not isinstance(step, Normalize) and step.size is not None:
                # The step itself leaves an image of its size as it is.
                rest = " | ".join([source, *texts[i:]])
                return opened(rest).places(step.size, 1)[-1][:2]
        return None, None

    def without_normalization(self) -> "Recipe":
        """Returns the recipe up to its uint8 image."""
        return Recipe.parse(self.line.partition(" | normalize ")[0])

    def _finished(self, image: UInt8Array) -> npt.NDArray[Any]:
        """Returns the image of bytes normalised, if that is the last step."""
        table = opened(self.line).table()
        return image if table is None else normalize_by(image, table)

    def __repr__(self) -> str:
        """Returns the call that makes an equal recipe."""
        return f"Recipe.parse({self.line!r})"

    def __str__(self) -> str:
        """Returns the canonical line."""
        return self.line

    @property
    def digest(self) -> str:
        """The digest of the canonical line, "sha256:" and 64 hexadecimal digits."""
        return f"sha256:{hashlib.sha256(self.line.encode('ascii')).hexdigest()}"

    def __call__(self, source: "str | os.PathLike[str] | ReadableBuffer") -> npt.NDArray[Any]:
        """Makes the array of a file, of bytes, or of an image.

        Args:
            source: of a recipe of bytes: the path of a file, read as `isopixel.from_file` does; or bytes, as
                `isopixel.from_bytes` accepts them. Of a recipe of images: the path of a picture file (JPEG, PNG or
                BMP, R-51), or its bytes; or an image, uint8, (H, W, C), or (H, W) with the mode gray, that has the
                channels of the mode in their order.

        Returns:
            uint8, (height, width, channels), or (height, width) if there is one channel; if the recipe normalises,
            float32, (channels, height, width).

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `isopixel.from_file` and `isopixel.from_bytes`; and
                ValueError for a file that is not a picture, is broken, or means different images to different
                programs; for an image that does not have the mode's channels; and if a step refuses its size.

        Example:
            >>> import isopixel
            >>> import numpy as np
            >>> recipe = isopixel.Recipe.parse("isopixel 1: image rgb | bilinear short=256 | crop 224,224")
            >>> recipe(np.zeros((480, 640, 3), np.uint8)).shape
            (224, 224, 3)
        """
        if isinstance(source, (str, os.PathLike)):
            return self._of_file(source, lambda block: None)
        if self.layout is not None:
            return self._finished(from_bytes(source, self.layout, self.size, method=self.method or "bilinear"))
        if isinstance(source, (bytes, bytearray, memoryview)):
            return self._of_picture(bytes(source), "the picture")
        image: Any = source
        check_image(image, "pass tensor.cpu().numpy(), with the axes (H, W, C)")
        if image.ndim == 4:
            raise ValueError(f"a recipe makes the array of one image, (H, W, C), got the shape {image.shape}")
        return self._run(image[..., None] if image.ndim == 2 else image, 0, is_picture=False)

    def _of_picture(self, content: bytes, name: str) -> npt.NDArray[Any]:
        """Makes the array of the bytes of a picture file."""
        with naming(name):
            picture = decode(content)
            return self._run(picture.samples, picture.orientation, is_picture=True)

    def _run(self, image: UInt8Array, orientation: int, *, is_picture: bool) -> npt.NDArray[Any]:
        made = opened(self.line).run(image, orientation, is_picture, check_threads(None))
        return made[..., 0] if made.dtype == UINT8 and made.shape[2] == 1 else made

    def geometry(self, height: int, width: int) -> "tuple[Geometry, ...]":
        """Returns where an image of this size lies after each step that changes its size (SPEC R-52 to R-54).

        Args:
            height: of the image, turned upright, in pixels.
            width: the same.

        Returns:
            For each step but the normalisation, the size of its image, and the exact scale and offset of the axes: a
            point `y` of the source, in pixels from its corner, lies at `y * scale[0] + offset[0]`, and `x` at
            `x * scale[1] + offset[1]`; boxes of the result are mapped back by `(y - offset[0]) / scale[0]`.

        Raises:
            ValueError: the recipe is of bytes, or a step refuses the size.

        Example:
            >>> import isopixel
            >>> recipe = isopixel.Recipe.parse("isopixel 1: image rgb | bilinear fit=640,640 | pad 640,640 value=114")
            >>> recipe.geometry(480, 1280)[-1]
            Geometry(size=(640, 640), scale=(Fraction(1, 2), Fraction(1, 2)), offset=(Fraction(200, 1), Fraction(0, 1)))
        """
        if self.layout is not None:
            raise ValueError("a recipe of bytes has no geometry: bytes do not lie where points of an image are")
        scale, offset, size = (Fraction(1), Fraction(1)), (Fraction(0), Fraction(0)), (height, width)
        found = []
        places = opened(self.line).places(check_size((height, width)), 1)
        for step, (new_height, new_width, top, left) in zip(self.steps, places, strict=False):
            if isinstance(step, Resize):
                ratio = (Fraction(new_height, size[0]), Fraction(new_width, size[1]))
                scale = (scale[0] * ratio[0], scale[1] * ratio[1])
                offset = (offset[0] * ratio[0], offset[1] * ratio[1])
            else:
                sign = -1 if isinstance(step, Crop) else 1
                offset = (offset[0] + sign * top, offset[1] + sign * left)
            size = (new_height, new_width)
            found.append(Geometry(size, scale, offset))
        return tuple(found)

    def _of_file(
        self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object], *, whole: bool = False
    ) -> npt.NDArray[Any]:
        with open_file(path) as source:
            return self._of_source(source, on_block, whole=whole)

    def _of_source(
        self, source: OpenSource, on_block: Callable[[memoryview], object], *, whole: bool
    ) -> npt.NDArray[Any]:
        """Makes the array of a source that is open.

        Args:
            source: a file, an object of a store, or bytes.
            on_block: called with each block of bytes that is read, which is valid until it returns.
            whole: all bytes are read, and not only those that the array is made of.
        """
        if self.layout is not None:
            method = self.method or "bilinear"
            return self._finished(image_of(source, self.layout, self.size, method, on_block, whole=whole))
        return self._of_picture(content_of(source, on_block), source.name)

    def _check_file(self, path: str | os.PathLike[str]) -> int:
        """Raises what reading a file would raise, as far as that shows from its length or its first bytes.

        Returns:
            How many of the file's bytes are read for the array.
        """
        if self.layout is not None:
            return check_file(path, self.layout)
        return check_is_picture(path)

    def read(
        self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object] = lambda block: None
    ) -> tuple[npt.NDArray[Any], Source]:
        """Makes the array of a file, and in the same pass over it the description of the file, with its SHA-256.

        Args:
            path: of a regular file.
            on_block: called with each block of bytes, which is good until it returns: to show progress, say.

        Returns:
            The array, and the file's name, length and SHA-256, as `save` accepts them.

        Raises:
            OSError, TypeError, ValueError, MemoryError: as a call of the recipe.
        """
        digest = SourceDigest()

        def see(block: memoryview) -> None:
            digest.update(block)
            on_block(block)

        image = self._of_file(path, see, whole=True)
        return image, digest.source(path)


@lru_cache(maxsize=64)
def opened(line: str) -> _core.OpenRecipe:
    """Returns the core's recipe of a line, whose tables it then makes once."""
    return _core.OpenRecipe(line)


def _word(numbers: Decimals, name: str) -> str:
    """Returns decimals as one word of a recipe's line."""
    text = decimals(numbers, name)
    if not text.isprintable() or " " in text or "|" in text:
        raise ValueError(f"{name} {text!a} is not a decimal number, such as 0.485, -1 or 2.5e-3")
    return text
