# SPDX-License-Identifier: MIT
"""Decodes the JPEG files of a folder with the library that this interpreter imports, and prints a hash of each picture.

python -m tests.peers.jpeg_worker DECODER FOLDER    the version and file of the library, then a line for each picture:
                                                    the SHA-256 of its sides and of its samples, red, green and blue
python -m tests.peers.jpeg_worker DECODER FILE...   the samples of these pictures

Imports nothing but the library and what that needs, and runs on Python 3.6 too, for which old releases have wheels.
"""

import hashlib
import sys
from pathlib import Path


def pillow():
    """Image.open."""
    import PIL
    from PIL import Image

    def decode(path):
        with Image.open(str(path)) as picture:
            return picture.size[::-1], picture.convert("RGB").tobytes()

    return PIL, decode


def opencv():
    """cv2.imread, without turning by Exif."""
    import cv2

    def decode(path):
        image = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        return image.shape[:2], image[..., ::-1].tobytes()

    return cv2, decode


def tensorflow(method=""):
    """tf.io.decode_jpeg, with the default of its dct_method or another."""
    import tensorflow

    def decode(path):
        image = tensorflow.io.decode_jpeg(path.read_bytes(), channels=3, dct_method=method).numpy()
        return image.shape[:2], image.tobytes()

    return tensorflow, decode


DECODERS = {
    "pillow": pillow,
    "opencv": opencv,
    "tensorflow": tensorflow,
    "tensorflow, INTEGER_ACCURATE": lambda: tensorflow("INTEGER_ACCURATE"),
}


def main(decoder, *places):
    module, decode = DECODERS[decoder]()
    paths = [Path(place) for place in places]
    if paths[0].is_file():
        for path in paths:
            sys.stdout.buffer.write(decode(path)[1])
        return
    print(module.__version__)
    print(module.__file__)
    for path in sorted(paths[0].glob("*.jpg")):
        try:
            sides, samples = decode(path)
            print(path.name, hashlib.sha256("{} {} ".format(*sides).encode() + samples).hexdigest())
        except Exception as error:  # a refusal, or a result that is no image
            print(path.name, "raised", type(error).__name__)


if __name__ == "__main__":
    main(*sys.argv[1:])
