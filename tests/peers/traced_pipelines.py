# SPDX-License-Identifier: MIT
"""Records what a library makes of a picture file, for a comparison of traces: LIBRARY FILE TRACE.

The first line that it prints is the library's version, and the second one where it is, as workers do.
"""

import sys

import numpy as np

import isopixel

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def pillow():
    """A picture to 96 rows, by bilinear, as floats."""
    import PIL
    from PIL import Image

    def run(path):
        picture = Image.open(path).convert("RGB").resize((330, 96), Image.BILINEAR)
        return np.asarray(picture).astype(np.float32) / 255

    return PIL, run


def transformers(suffix):
    """Of an image processor of the Hugging Face, the one that works on PIL images, or the one on tensors."""
    import transformers
    from PIL import Image

    import tests.peers.torchvision_beside  # noqa: F401, before what imports torchvision

    processor = getattr(transformers, f"ViTImageProcessor{suffix}")(image_mean=MEAN, image_std=STD)

    def run(path):
        return np.asarray(processor(Image.open(path), return_tensors="np")["pixel_values"])

    return transformers, run


WORK = {"pillow": pillow, "slow": lambda: transformers("Pil"), "fast": lambda: transformers("")}


def main(library, path, trace):
    module, run = WORK[library]()
    with isopixel.trace(trace):
        isopixel.step("input", run(path))
    print(module.__version__, module.__file__, sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
