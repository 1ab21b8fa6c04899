# SPDX-License-Identifier: MIT
"""Compares the pipelines with their recipes on all pictures, and prints two lines for each of them.

Runs beside the libraries, which presets.py installs. With an argument, only the pipelines whose names have it. Exits
with 1 if an array differs; if a picture that the recipe refuses is not smaller than a crop; if the other rounding of a
crop is not told from the right one on each picture on which it is another; or if the reason of a refusal does not hold.
"""

import io
import sys

import numpy as np
import torch
from PIL import Image

import tests.peers.torchvision_beside  # noqa: F401, before what imports torchvision
from isopixel import Recipe
from tests.peers.preset_pictures import pictures
from tests.peers.preset_pipelines import pipelines, transforms, v2


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    files = list(pictures())
    outcomes = [compared(pipeline, files) for pipeline in pipelines() if wanted in pipeline.name]
    return 0 if refusal_holds() and outcomes and all(outcomes) else 1


def compared(pipeline, files):
    """Compares one pipeline, prints what was found, and returns whether all is as it should be."""
    equal_pixels = equal_whole = refused = told = to_tell = 0
    to_pixels, other = pipeline.recipe.without_normalization(), with_the_other_rounding(pipeline.recipe)
    for file in files:
        image = Image.open(io.BytesIO(file)).convert("RGB")
        array = np.asarray(image)
        try:
            pixels, whole = to_pixels(array), pipeline.recipe(file)
        except ValueError as error:
            assert "does not lie in it" in str(error), error
            assert image.height < 224 or image.width < 200, error
            refused += 1
            continue
        theirs = pipeline.pixels(image)
        equal_pixels += same(pixels, theirs)
        equal_whole += same(whole, pipeline.whole(image))
        if other is not None and is_rounded(pipeline.recipe, image):
            to_tell += 1
            told += not same(other(array), theirs)
    count = len(files) - refused
    is_good = count > 0 and equal_pixels == equal_whole == count and told == to_tell
    print(
        f"{'equal    ' if is_good else 'DIFFERENT'} {pipeline.name}: uint8 {equal_pixels} of {count}, "
        f"result ({whole.dtype}) {equal_whole} of {count}; refused {refused}; "
        f"other rounding of the crop found {told} of {to_tell}\n          {pipeline.recipe}",
        flush=True,
    )
    return is_good


def same(ours, theirs):
    return ours.dtype == theirs.dtype and ours.shape == theirs.shape and ours.tobytes() == theirs.tobytes()


def with_the_other_rounding(recipe):
    """The recipe up to its uint8 image with a planted mistake; None where it crops nothing."""
    text = recipe.without_normalization().line
    if "crop" not in text:
        return None
    steps = [
        (step.removesuffix(" round=even") if "round=even" in step else f"{step} round=even")
        if step.startswith("crop")
        else step
        for step in text.split(" | ")
    ]
    return Recipe.parse(" | ".join(steps))


def is_rounded(recipe, image):
    """Does the rounding of a crop decide on this picture?"""
    sizes = [(image.height, image.width), *(place.size for place in recipe.geometry(image.height, image.width))]
    crops = [k for k, step in enumerate(recipe.line.split(" | ")[1:]) if step.startswith("crop")]
    return any((sizes[k][axis] - sizes[k + 1][axis]) % 4 == 3 for k in crops for axis in (0, 1))


def refusal_holds():
    """Measures the reason of a refusal: v1's resize of tensors."""
    noise = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (3, 99, 99), np.uint8))
    resized = int((transforms.Resize(50)(noise) != v2.Resize(50)(noise)).sum())
    print(
        f"refused rightly: transforms.Resize of a tensor differs from v2.Resize in {resized} of {3 * 50 * 50} samples"
    )
    return resized > 0


if __name__ == "__main__":
    sys.exit(main())
