# SPDX-License-Identifier: MIT
"""Constants of normalisations by name."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Constants:
    """A mean and a deviation.

    Attributes:
        name: as people call them; "normalize" if they have none.
        mean: one for each channel, in the order red, green, blue, or one for all.
        std: the same.
        range: 1 or 255: they are for samples from 0 to this.
    """

    name: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    range: Literal[1, 255] = 1

    def of(self, channels: int, order: str) -> "tuple[tuple[float, ...], tuple[float, ...]] | None":
        """Returns mean and std for some channels, in the order "rgb" or "bgr"; None if they have none for these."""
        step = -1 if order == "bgr" else 1
        if len(self.mean) == 1:
            return self.mean * channels, self.std * channels
        if channels == len(self.mean):
            return self.mean[::step], self.std[::step]
        return (self.mean[:1], self.std[:1]) if channels == 1 and order == "rgb" else None

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders of channels in which they are two."""
        return ("rgb",) if (self.mean, self.std) == (self.mean[::-1], self.std[::-1]) else ("rgb", "bgr")


KNOWN = (
    Constants("imagenet", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    Constants("clip", (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    Constants("half", (0.5,), (0.5,)),
    Constants("cifar-10", (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    Constants("cifar-10", (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),
    Constants("cifar-100", (0.5071, 0.4867, 0.4408), (0.2675, 0.2565, 0.2761)),
    Constants("cifar-100", (0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762)),
    Constants("mnist", (0.1307,), (0.3081,)),
    Constants("imagenet", (123.675, 116.28, 103.53), (58.395, 57.12, 57.375), 255),
    Constants("imagenet-caffe", (123.68, 116.779, 103.939), (1.0,) * 3, 255),
    Constants("imagenet-caffe", (123.0, 117.0, 104.0), (1.0,) * 3, 255),
    Constants("half", (127.5,), (127.5,), 255),
    Constants("insightface", (127.5,), (128.0,), 255),
)
