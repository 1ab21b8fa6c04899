# SPDX-License-Identifier: MIT
"""The normalisation of tensors, as a module."""

from collections.abc import Callable

import torch
from torch import Tensor

from isopixel._normalization import Decimals, decimals, normalization_table
from isopixel.torch import _operators
from isopixel.torch._exact import look_up
from isopixel.torch._resizing import check_tensor


class Normalize(torch.nn.Module):
    """Makes float32 numbers (v/255 - mean)/std of uint8 images, each rounded once, as `isopixel.normalize` (SPEC R-31).

    A sample has 256 values, so the numbers of a channel are a table, with the same bits on every device. It accepts
    [..., C, H, W] with any strides, and returns [..., C, H, W], contiguous, on the same device. On the CPU the core
    computes it, as the operator `isopixel::normalize`, without a copy; on a CUDA device with Triton so does a kernel.
    Elsewhere torch operations do, which need eight times the memory of the tensor while they run.

    The table is not a parameter and not part of the state_dict. It moves between devices with the module, but `.half()`
    and the like do not change it.

    Args:
        mean: as in `isopixel.normalize`, one decimal number for all channels or one for each, as string, float or int.
        std: as mean, above 0.
        decompose: whether to use torch operations alone everywhere: an exported program does not need isopixel then.

    Raises:
        TypeError, ValueError: as `isopixel.normalize` for mean and std; of a call, for a tensor that is not uint8, or
            that has other channels.

    Example:
        >>> import isopixel.torch
        >>> import torch
        >>> image = torch.tensor([[[0, 255]]], dtype=torch.uint8)
        >>> isopixel.torch.Normalize(0.5, 0.25)(image)
        tensor([[[-2.,  2.]]])
    """

    table: Tensor

    def __init__(self, mean: Decimals, std: Decimals, *, decompose: bool = False) -> None:
        super().__init__()
        self.mean = decimals(mean, "mean")
        self.std = decimals(std, "std")
        self.decompose = decompose
        self.register_buffer("table", self._table("cpu"), persistent=False)

    def _table(self, device: torch.device | str) -> Tensor:
        channels = max(text.count(",") + 1 for text in (self.mean, self.std))
        table = normalization_table(self.mean.split(","), self.std.split(","), channels)
        return torch.tensor(table, device=device)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "Normalize":
        """Moves or casts the module: the table follows the device alone."""
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        self.table = self._table(self.table.device)
        return self

    def forward(self, tensor: Tensor) -> Tensor:
        """Normalises uint8 [..., C, H, W] to float32 [..., C, H, W]."""
        self.check(tensor)
        if self.decompose:
            return look_up(tensor, self.table)
        result: Tensor = _operators.normalize(tensor, self.table)
        return result

    def check(self, tensor: Tensor) -> None:
        """Raises TypeError or ValueError if this module cannot normalise a tensor."""
        check_tensor(tensor, "tensor")
        channels, numbers = tensor.shape[-3], len(self.table)
        if numbers != 1 and numbers != channels:  # not `in`, which torch.compile does not ask of symbolic sizes
            raise ValueError(f"mean or std has {numbers} numbers, and tensor {channels} channels")
        if tensor.device != self.table.device:
            raise ValueError(f"tensor is on {tensor.device}, and the module on {self.table.device}: move one of them")

    def extra_repr(self) -> str:
        """Returns the arguments, for print."""
        return f"mean={self.mean}, std={self.std}" + (", decompose=True" if self.decompose else "")
