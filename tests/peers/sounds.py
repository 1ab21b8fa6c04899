# SPDX-License-Identifier: MIT
"""Compares spectrograms with librosa's, which is installed in build/peers, by the code of docs/guides/sound.md.

librosa computes in float32: at most MOST of the pixels differ, and by one level. With the mel scale of Slaney, its
default, many do. Exits with 1 if it is otherwise.
"""

import re
import sys
from types import SimpleNamespace

import numpy as np

from tests.peers.environments import FOLDER, ROOT, Environment, install_into

LIBROSA = "librosa==0.11.0"
MOST = 12e-5  # share of pixels: what FFTs, processors and threads change at equal settings
CODE = re.compile(r"^:caption: beside_librosa.py\n\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def compare():
    """Prints a line for each layout and signal; returns whether all is as it should be."""
    from benchmarks.sounds import SETTINGS, signals

    import isopixel

    code = CODE.search((ROOT / "docs/guides/sound.md").read_text(encoding="utf-8"))[1]
    names = {}
    exec(code, names)
    slaney = {}
    exec(code.replace("htk=True", "htk=False"), slaney)
    is_right = True
    for setting in SETTINGS:
        for name, samples in signals(setting.rate).items():
            image = isopixel.from_samples(samples, setting.layout)
            arguments = (samples, setting.rate, setting.window, setting.hop, setting.bands)
            off = np.abs(names["image"](*arguments) - image.astype(int))
            other = np.mean(slaney["image"](*arguments) != image)
            found = SimpleNamespace(differing=np.count_nonzero(off), most=off.max(), share=np.mean(off > 0))
            fits = found.share <= MOST and found.most <= 1 and other > 0.05
            is_right &= bool(fits)
            text = f"{found.differing} of {off.size} differ, at most by {found.most}; slaney {other:.1%}"
            print(f"{setting!s:10}{name:16}{text}{'' if fits else '  WRONG'}", flush=True)
    return is_right


def main():
    if sys.argv[1:] == ["--compare"]:
        return 0 if compare() else 1
    print("installing, or taking from build/peers", flush=True)
    folder = install_into(FOLDER / "sounds", LIBROSA)
    return Environment(sys.executable, (folder,)).run("tests.peers.sounds", "--compare").returncode


if __name__ == "__main__":
    sys.exit(main())
