# SPDX-License-Identifier: MIT
"""Log-mel spectrograms by the librosa of the Python that runs this, which needs nothing else.

Reads from the standard input as JSON the paths of sounds, and the arguments of the three functions that are called;
writes the decibels of each sound, float32 (bands, frames), to the .npz file that the first argument names.
"""

import json
import sys

import librosa
import numpy as np


def decibels(path, load, melspectrogram, power_to_db):
    """Returns the spectrogram of a sound."""
    samples, rate = librosa.load(path, **load)
    power = librosa.feature.melspectrogram(y=samples, sr=rate, **melspectrogram)
    return librosa.power_to_db(power, **power_to_db)


if __name__ == "__main__":
    task = json.load(sys.stdin)
    np.savez(sys.argv[1], *(decibels(path, *task["arguments"]) for path in task["paths"]))
    print(librosa.__version__)
