# SPDX-License-Identifier: MIT
"""Releases side by side, each in a folder of its own, and the worker run with one of them."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "peers" / f"python{sys.version_info.major}.{sys.version_info.minor}"


class NoWheelError(Exception):
    """The package index has no wheel of a release for this Python and machine."""


class WorkerError(Exception):
    """The worker failed, or ran with another release than it should."""


@dataclass(frozen=True)
class Environment:
    """What the worker runs in.

    Attributes:
        python: the interpreter.
        folders: where it looks for packages before its own; the library is in the first. Where there is none, it has
            the library itself.
    """

    python: str
    folders: tuple = ()

    def work(self, *arguments):
        """Runs the worker; returns the bytes that it printed."""
        paths = os.pathsep.join(map(str, (*self.folders, ROOT)))
        run = subprocess.run(
            [self.python, "-m", "tests.peers.worker", *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": paths},
            capture_output=True,
            check=False,
        )
        if run.returncode:
            raise WorkerError(run.stderr.decode(errors="replace").strip() or f"exit status {run.returncode}")
        return run.stdout

    def hashes(self, release, count):
        """The hashes of the results of the first cases, by that release and no other."""
        version, file, *hashes = self.work(release.library, count).decode().split("\n")[:-1]
        if not f"{release.version}.".startswith(f"{version.split('+')[0]}."):
            raise WorkerError(f"{file} has version {version}")
        if self.folders and not Path(file).is_relative_to(self.folders[0]):
            raise WorkerError(f"the library came from {file}, not from {self.folders[0]}")
        return hashes

    def sample(self, case):
        """The samples of the result of one case."""
        return self.work(case.library, case.index, "--sample")


def prepare(release, torch_python):
    """Installs a release, unless an earlier run has.

    Args:
        release: the release.
        torch_python: an interpreter that has torch, or None.

    Raises:
        NoWheelError: it, or the NumPy that it needs, has no wheel here.
    """
    if release.library == "torch":  # large: taken from where it is, if possible
        if torch_python or installed_version("torch") == release.version:
            return Environment(torch_python or sys.executable)
        return Environment(sys.executable, (install("torch", release.version),))
    folders = [install(release.package, release.version, "--no-deps")]
    if release.numpy:
        folders.append(install("numpy", f"{release.numpy}.*", "--no-deps"))
    return Environment(sys.executable, tuple(folders))


def installed_version(package):
    """The version of a package in this interpreter, without a local part, or None."""
    try:
        return importlib.metadata.version(package).split("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return None


def install(package, version, *options):
    """Installs a version of a package into a folder of its own, which is returned; none is half-written."""
    folder = FOLDER / f"{package}-{version.removesuffix('.*')}"
    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile"]
    command += ["--only-binary=:all:", *options, "--target", unfinished, f"{package}=={version}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        # An index that cannot be reached gives the same error, but knows no other versions.
        if "No matching distribution" in run.stderr and "from versions: none" not in run.stderr:
            raise NoWheelError(f"{package} {version} has no wheel for this Python and machine")
        raise SystemExit(f"pip cannot install {package} {version}:\n{run.stderr}")
    unfinished.rename(folder)
    return folder
