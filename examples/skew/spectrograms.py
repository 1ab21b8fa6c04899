# SPDX-License-Identifier: MIT
"""Log-mel spectrograms as images: isopixel's, librosa's and torchaudio's, with all, some or none of the settings told.

The libraries give decibels. What follows is the same for all: levels as in SPEC R-79, the resize, and the range.
"""

import json
import math
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import torch

import isopixel
from examples.skew.sounds import RATE, samples_of

ROOT = Path(__file__).parents[2]
RECIPE = isopixel.Recipe.parse(
    f"isopixel 1: logmel,rate={RATE},window=512,hop=128,bands=64 | bilinear 64,64 | normalize mean=0 std=1"
)
FINISH = isopixel.Recipe.parse("isopixel 1: image gray | bilinear 64,64 | normalize mean=0 std=1")
SIZES = {"n_fft": 512, "hop_length": 128, "n_mels": 64}
# What a library is told: all that makes its spectrogram the recipe's; the rate and the sizes, as papers do; or nothing.
TORCH = {"same": SIZES | {"pad_mode": "constant"}, "sizes": SIZES, "defaults": {}}
MEL = SIZES | {"pad_mode": "constant", "htk": True, "norm": None}
LIBROSA = {  # the arguments of librosa's load, feature.melspectrogram and power_to_db
    "same": ({"sr": RATE}, MEL, {"top_db": None}),
    "sizes": ({"sr": RATE}, SIZES, {}),
    "defaults": ({}, {}, {}),
}
# Where librosa's settings are the recipe's but for one, which is its default.
LIBROSA_BUT_ONE = {
    "htk=False": ({"sr": RATE}, MEL | {"htk": False}, {"top_db": None}),
    "norm='slaney'": ({"sr": RATE}, MEL | {"norm": "slaney"}, {"top_db": None}),
    "top_db=80": ({"sr": RATE}, MEL, {}),
}
PYTHONS = {
    "0.11.0": sys.executable,
    "0.8.1": ROOT / "build" / "librosa-0.8.1" / "bin" / "python",
}  # by librosa's release


def levels(decibels, window):
    """Returns decibels as uint8: eight levels an octave of power, 255 for a full-scale sine in the middle of a bin."""
    full = 20 * math.log10(window / 4)
    return np.floor(255 + (decibels - full) * 0.8 / math.log10(2)).clip(0, 255).astype(np.uint8)


def by_librosa(version, arguments, paths):
    """Yields the inputs of a network, made of sounds by a release of librosa with arguments."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "decibels.npz")
        command = [PYTHONS[version], "-m", "examples.skew.by_librosa", target]
        task = json.dumps({"paths": list(map(str, paths)), "arguments": arguments})
        found = subprocess.run(command, cwd=ROOT, input=task, stdout=subprocess.PIPE, text=True, check=True).stdout
        if found.strip() != version:
            raise SystemExit(f"{PYTHONS[version]} has librosa {found.strip()}, not {version}")
        with np.load(target) as decibels:
            for name in decibels.files:
                yield FINISH(levels(decibels[name], arguments[1].get("n_fft", 2048)))


def by_torch(arguments, paths):
    """Yields the inputs of a network, made of sounds by torch.stft with torchaudio's arguments and formulas."""
    for path in paths:
        samples = torch.from_numpy(samples_of(path) / np.float32(32768))
        yield FINISH(levels(decibels(samples, **arguments).numpy(), arguments.get("n_fft", 400)))


def decibels(samples, n_fft=400, hop_length=None, n_mels=128, pad_mode="reflect"):
    """Returns the decibels of samples, (bands, frames); the defaults are those of torchaudio 2.11."""
    window = torch.hann_window(n_fft)
    hop = hop_length or n_fft // 2
    power = torch.stft(samples, n_fft, hop, window=window, pad_mode=pad_mode, return_complex=True).abs().square()
    return 10 * (filters(n_fft, n_mels).T @ power).clamp(min=1e-10).log10()


def filters(n_fft, n_mels):
    """Returns the weights of the bins in the bands, (bins, bands): HTK's mel scale, and triangles of height 1."""
    mels = torch.linspace(0, 2595 * math.log10(1 + RATE / 2 / 700), n_mels + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    slopes = edges - torch.linspace(0, RATE / 2, n_fft // 2 + 1)[:, None]
    widths = edges.diff()
    return torch.minimum(-slopes[:, :-2] / widths[:-1], slopes[:, 2:] / widths[1:]).clamp(min=0)


# Of each way of making inputs, what makes those of paths: ways to train and serve with, and to serve with alone.
WAYS = {"isopixel": partial(map, RECIPE)}
for _told in TORCH:
    WAYS |= {f"librosa {version}, {_told}": partial(by_librosa, version, LIBROSA[_told]) for version in PYTHONS}
    WAYS[f"torch.stft, {_told}"] = partial(by_torch, TORCH[_told])
SERVED = {
    f"librosa 0.11.0, same but {setting}": partial(by_librosa, "0.11.0", arguments)
    for setting, arguments in LIBROSA_BUT_ONE.items()
}
