# SPDX-License-Identifier: MIT
"""Which functions the installed libraries compute, on this machine and as on CPUs with fewer instructions.

Each library runs in processes of its own, with the environment variables that hide instructions from it: this process
imports none, and one that crashes is a finding.
"""

import dataclasses
import importlib.util
import itertools
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from isopixel._audit_cases import MODULES, Check, Departure, Library, checks
from isopixel._audit_jpeg import jpeg_checks
from isopixel._pool import cores, run_in_threads
from isopixel._settings import available_isas

TITLES = {
    "pillow": "Pillow",
    "opencv": "OpenCV",
    "torch": "torch",
    "torchvision": "torchvision",
    "tensorflow": "TensorFlow",
}
# The capabilities by which torch chooses its kernels and torchvision its arithmetic: those that the CPU has, as torch
# does not ask, and ends where it meets an instruction that is not there. isopixel's instruction sets have these names.
CAPABILITIES: dict[str, dict[str, str]] = {
    f"capability {name}": {"ATEN_CPU_CAPABILITY": name}
    for name in ("default", "avx2", "avx512")
    if name == "default" or name in available_isas()
}
TIMEOUT = 300  # seconds for a process

# The variables that decide which instructions of x86 a library's filters use, by what is left. Pillow has none: its
# loops are plain. Decoders of JPEG are compared as they are alone.
HIDING: dict[str, dict[str, dict[str, str]]] = {
    "pillow": {},
    "opencv": {
        "without AVX512": {"OPENCV_CPU_DISABLE": "AVX512-SKX"},
        "without AVX512, AVX2": {"OPENCV_CPU_DISABLE": "AVX512-SKX,AVX2"},
        "SSE3 alone": {"OPENCV_CPU_DISABLE": "AVX512-SKX,AVX2,AVX,FP16,SSE4.2,SSE4.1"},
    },
    "torch": CAPABILITIES,
    "torchvision": CAPABILITIES,
    "tensorflow": {},
}

MARK = "isopixel audit: "  # starts the line with the result, among all that a library prints

# Runs in a process of its own, on the modules that this process would import.
SCRIPT = f"""
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from isopixel._audit import work
print("\\n{MARK}" + work(sys.argv[2], sys.argv[3] == "here"))
"""


@dataclass
class Variant:
    """A library that was told which instructions to use, or was told nothing.

    Attributes:
        name: what is left; "as it is".
        environment: the variables that were set.
        checks: the filters, and what was found of the JPEG decoder.
        error: why there are no checks; None if there are.
    """

    name: str
    environment: dict[str, str]
    checks: list[Check] = field(default_factory=list)
    error: str | None = None


@dataclass
class Audited:
    """A library.

    Attributes:
        library: its name, as `method_for` accepts it.
        version: the installed one; None if it is not installed, or unknown.
        variants: the first is the library as it is here; none for a library that is not installed.
    """

    library: str
    version: str | None = None
    variants: list[Variant] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether its filters equal frozen peers and its decoder is known, as it is here; or it is not installed."""
        return all(v.error is None and all(check.passed for check in v.checks) for v in self.variants[:1])


def audit(on_progress: Callable[[int, int], object]) -> list[Audited]:
    """Compares each installed library with its frozen peers.

    Args:
        on_progress: called with the number of variants that are done, and with their total number.

    Returns:
        What was found, for every library.
    """
    found = [Audited(library) for library in MODULES]
    for audited in found:
        if importlib.util.find_spec(MODULES[audited.library]) is not None:
            audited.variants.append(Variant("as it is", {}))
            if platform.machine().lower() in ("x86_64", "amd64", "i686", "x86"):
                hiding = HIDING[audited.library].items()
                audited.variants += [Variant(name, environment) for name, environment in hiding]
    # torch first, which takes the longest
    work = [(audited, variant) for audited in reversed(found) for variant in audited.variants]
    numbers = itertools.count(1)

    def on_done(job: tuple[Audited, Variant], error: BaseException | None) -> None:
        if error is not None:
            raise error
        on_progress(next(numbers), len(work))

    run_in_threads(lambda job, check: _run(*job), work, min(4, cores()), on_done)
    return found


def _run(audited: Audited, variant: Variant) -> None:
    """Runs the checks of a variant in a process of its own."""
    here = "hidden" if variant.environment else "here"
    command = [sys.executable, "-I", "-c", SCRIPT, json.dumps(sys.path), audited.library, here]
    environment = os.environ | variant.environment
    try:
        result = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        variant.error = f"no result after {TIMEOUT} seconds"
        return
    lines = [line for line in result.stdout.splitlines() if line.startswith(MARK)]
    if result.returncode != 0 or not lines:
        last = (result.stderr.strip().splitlines() or [f"the process ended with {result.returncode}"])[-1]
        variant.error = f"no result: {last}"
        return
    record = json.loads(lines[-1].removeprefix(MARK))
    audited.version = record["version"]
    variant.checks = [_parsed(check) for check in record["checks"]]


def work(library: str, is_here: bool) -> str:
    """Imports a library and makes its checks; returns the version and the checks as JSON.

    Args:
        library: a key of MODULES.
        is_here: whether nothing is hidden from it: then threads vary, and its decoder of JPEG is compared too.
    """
    imported = Library(library)
    made = [*checks(imported, is_here), *(jpeg_checks(library) if is_here else ())]
    return json.dumps({"version": imported.version, "checks": [dataclasses.asdict(check) for check in made]})


def _parsed(record: dict[str, Any]) -> Check:
    departure = record["departure"]
    if departure is not None:
        at, values = departure["at"], departure["values"]
        departure = Departure(**departure | {"at": at and tuple(at), "values": values and tuple(values)})
    return Check(**record | {"departure": departure})
