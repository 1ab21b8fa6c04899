# SPDX-License-Identifier: MIT
"""isopix on torch tensors: the same bits in training, in compiled and exported programs, and on any device.

Importing this module registers the operators `isopix::resize`, `isopix::resize_out` and `isopix::normalize`, which a
program saved by `torch.export.save` needs before it is loaded.
"""

try:
    import torch as _torch  # noqa: F401
except ImportError as error:
    raise ImportError(f"isopix.torch needs PyTorch: pip install 'isopix[torch]' ({error})") from error

from isopix.torch.folder import ByteImageFolder
from isopix.torch.normalizing import Normalize
from isopix.torch.resizing import Resize, resize

__all__ = ["ByteImageFolder", "Normalize", "Resize", "resize"]
