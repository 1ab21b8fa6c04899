# SPDX-License-Identifier: MIT
"""The vectors of the specification against a build of tests/native/vectors.cpp, for any processor.

`python tests/native_vectors.py [--emulator qemu-aarch64] build/…/vectors` runs them with each instruction set that the
program has, or with the one that ISOPIX_ISA names. It exits with 1 at the first difference.
"""

import argparse
import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

SPEC = Path(__file__).parents[1] / "spec"
sys.path.insert(0, str(SPEC))

from reference import fingerprint  # noqa: E402  (of R-8; results are taken from the vectors alone)

KINDS = ["resize", "frozen", "layout", "recipe", "normalize"]


class Program:
    """The program, with the instruction set that ISOPIX_ISA is to name."""

    def __init__(self, command, isa):
        environment = os.environ | {"ISOPIX_ISA": isa}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()

    def answer(self, *request):
        """Its answer to one request."""
        print(*request, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"no answer to {request}")
        return line.rstrip("\n")


def request(kind, vector):
    """The words that vectors.cpp asks for."""
    if kind == "recipe":
        return kind, vector["line"].encode("ascii").hex()
    if kind == "normalize":
        return kind, vector["mean"], vector["std"], *vector["shape"], vector["input"]
    antialias = int(vector.get("antialias", True))
    if kind == "resize":
        return kind, "bilinear", antialias, *vector["shape"], *vector["size"], vector["input"]
    if kind == "frozen":
        return "resize", vector["method"], 0, *vector["shape"], *vector["size"], vector["input"]
    return kind, vector["layout"], antialias, vector["length"], *vector.get("size", (0, 0)), vector["input"]


def is_result(kind, vector, result):
    """Whether the vector says that these bytes are the result."""
    if kind == "recipe":
        digest = "sha256:" + hashlib.sha256(result).hexdigest()
        return (result.decode("ascii"), digest) == (vector["canonical"], vector["digest"])
    if "samples" in vector:
        return result.hex() == vector["samples"]
    if kind == "normalize":
        height, width, channels = vector["shape"]
        raw = b"".join(result[i : i + 4][::-1] for i in range(0, len(result), 4))
        return fingerprint("float32", [channels, height, width], raw) == vector["fingerprint"]
    shape = vector["shape"] if kind == "layout" else [*vector["size"], vector["shape"][2]]
    return fingerprint("uint8", shape, result) == vector["fingerprint"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--emulator", default="", metavar="COMMAND", help="a command that runs the program")
    parser.add_argument("program")
    arguments = parser.parse_args()
    command = [*shlex.split(arguments.emulator), arguments.program]
    content = json.loads((SPEC / "vectors.json").read_text(encoding="ascii"))
    vectors = [(kind, vector) for kind in KINDS for vector in content[kind]]
    isas = os.environ.get("ISOPIX_ISA", "")
    if not isas:
        with Program(command, "") as program:
            isas = program.answer("isas")
    for isa in isas.split():
        with Program(command, isa) as program:
            used = program.answer("isa")
            if used != isa:
                sys.exit(f"{isa} is wanted, {used} is used")
            for kind, vector in vectors:
                result = bytes.fromhex(program.answer(*request(kind, vector)))
                if not is_result(kind, vector, result):
                    sys.exit(f"{isa}: another result for {kind} {json.dumps(vector)}")
        print(f"{isa}: {len(vectors)} vectors passed", flush=True)


if __name__ == "__main__":
    main()
