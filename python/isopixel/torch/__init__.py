# SPDX-License-Identifier: MIT
"""isopixel on torch tensors: the same bits in training, in compiled and exported programs, and on any device.

Importing this module registers the operators `isopixel::resize`, `resize_out`, `resize_normalize`, `resize_list` and
`normalize`, which a program that was saved by `torch.export.save` needs before it is loaded.
"""

try:
    import torch as _torch  # noqa: F401
except ImportError as error:
    raise ImportError(f"isopixel.torch needs PyTorch: pip install 'isopixel[torch]' ({error})") from error

from isopixel.torch._batch import resize_batch
from isopixel.torch._corpus import Corpus
from isopixel.torch._folder import ByteImageFolder, PictureFolder
from isopixel.torch._normalizing import Normalize
from isopixel.torch._onnx import onnx_translations
from isopixel.torch._resizing import Resize, resize

__all__ = [
    "ByteImageFolder",
    "Corpus",
    "Normalize",
    "PictureFolder",
    "Resize",
    "onnx_translations",
    "resize",
    "resize_batch",
]
