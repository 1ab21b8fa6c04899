# SPDX-License-Identifier: MIT
"""Runs the tests of traces of other libraries, which are installed in build/peers, beside the torch of the tests."""

import sys

from tests.peers.environments import FOLDER, Environment, install_into, prepare
from tests.peers.presets import LIBRARIES, NEEDS, TORCH

OTHERS = (
    "albumentations==2.0.8",
    "albucore==0.0.24",
    "stringzilla==3.12.6",
    "simsimd==6.5.16",
    "pydantic==2.14.4",
    "imageio==2.38.1",
    "scikit-image==0.26.0",
    "scipy==1.17.1",
)


def main():
    print("installing, or taking from build/peers", flush=True)
    beside = prepare(TORCH, None)
    libraries = (f"{name}=={version}" for name, version in LIBRARIES.items())
    folders = (
        install_into(FOLDER / "traces-libraries", "--no-deps", *libraries, *OTHERS[:2]),
        install_into(FOLDER / "traces-needs", *NEEDS, *OTHERS[2:]),
    )
    environment = Environment(beside.python, (*beside.folders, *folders), beside.libraries)
    return environment.run("tests.peers.trace_worker", "tests/test_trace_others.py", *sys.argv[1:]).returncode


if __name__ == "__main__":
    sys.exit(main())
