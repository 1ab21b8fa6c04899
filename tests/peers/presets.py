# SPDX-License-Identifier: MIT
"""Compares recipes made of torchvision's, transformers' and timm's preprocessing with these libraries, bit for bit.

They are installed in build/peers, and run beside the torch and the Pillow of the tests; torch is installed there too if
it is another release. preset_worker.py prints a line for each pipeline. Exits with 1 if a picture differs.
"""

import sys

from tests.peers.environments import FOLDER, Environment, install, install_into, prepare
from tests.peers.releases import torch

TORCH = torch("2.13.0")
LIBRARIES = {"torchvision": "0.28.0", "transformers": "5.18.0", "timm": "1.0.31"}  # without what they need
NEEDS = (
    "huggingface-hub==1.33.0",
    "pyyaml==6.0.4",
    "regex==2026.11.19",
    "safetensors==0.8.0",
    "tokenizers==0.23.3",
    "tqdm==4.70.1",
    "typer==0.29.2",
)


def main():
    print("installing, or taking from build/peers", flush=True)
    beside = prepare(TORCH, None)
    folders = [install(name, version, "--no-deps") for name, version in LIBRARIES.items()]
    needs = install_into(FOLDER / "presets-needs", *NEEDS)
    environment = Environment(beside.python, (*beside.folders, *folders, needs), beside.libraries)
    return environment.run("tests.peers.preset_worker", *sys.argv[1:]).returncode


if __name__ == "__main__":
    sys.exit(main())
