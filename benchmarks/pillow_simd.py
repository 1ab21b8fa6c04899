# SPDX-License-Identifier: MIT
"""pillow-simd as a peer: it has the name of Pillow, so it lives in an environment and a process of its own.

`python benchmarks/pillow_simd.py` makes the environment, where it has to be compiled (Debian: apt install gcc
python3-dev libjpeg-dev zlib1g-dev). The process is this file again; it resizes on demand and tells how long it took.
"""

import functools
import os
import pickle
import platform
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.measure import Calls

FOLDER = Path(__file__).parent.parent / "build" / "pillow-simd-venv"
PYTHON = FOLDER / "bin" / "python"


def is_built():
    return any(FOLDER.glob("lib/python*/site-packages/PIL/__init__.py"))


def build():
    """Makes the environment; pillow-simd uses AVX2 only if the compiler is told to."""
    venv.create(FOLDER, with_pip=True, clear=True)
    compiler = "cc -mavx2" if platform.machine() == "x86_64" else "cc"
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-binary", "pillow-simd"]
    subprocess.run([*pip, "pillow-simd"], check=True, env=os.environ | {"CC": compiler})


def pillow_calls(shape, pixels, copies, size, filter="BILINEAR"):
    """The calls of Pillow or pillow-simd, whichever is installed, on pictures of their own.

    Args:
        shape: (H, W) or (H, W, 3) of the source.
        pixels: its samples, bytes in C order.
        copies: number of pictures made of it.
        size: (height, width) of the result.
        filter: as Pillow calls it.
    """
    from PIL import Image

    mode = "RGB" if len(shape) == 3 else "L"
    pictures = [Image.frombytes(mode, shape[1::-1], pixels) for _ in range(copies)]
    return [functools.partial(picture.resize, size[::-1], Image.Resampling[filter]) for picture in pictures]


class Worker:
    """The process with pillow-simd; load a case, then use it like Calls."""

    def __init__(self):
        self.process = subprocess.Popen(
            [PYTHON, "-m", "benchmarks.pillow_simd", "--serve"],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.version = self.ask("version")

    def ask(self, *request):
        pickle.dump(request, self.process.stdin)
        self.process.stdin.flush()
        return pickle.load(self.process.stdout)

    def load(self, shape, pixels, copies, size):
        """Takes the arguments of pillow_calls."""
        self.ask("load", shape, pixels, copies, size)
        self.result_shape = (*size, *shape[2:])

    def seconds(self, copies):
        return self.ask("seconds", copies)

    def result(self):
        import numpy as np  # which the process itself is without

        return np.frombuffer(self.ask("result"), np.uint8).reshape(self.result_shape)


def serve():
    """Answers the requests of Worker until its end of the pipe is closed."""
    import PIL

    calls = None
    while True:
        try:
            request, *arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answer = None
        if request == "version":
            answer = PIL.__version__
        elif request == "load":
            calls = None  # the pictures of the case before are freed first
            calls = Calls(pillow_calls(*arguments), lambda picture: picture.tobytes())
        elif request == "seconds":
            answer = calls.seconds(*arguments)
        else:
            answer = calls.result()
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve() if "--serve" in sys.argv else build()
