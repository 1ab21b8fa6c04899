# SPDX-License-Identifier: MIT
"""Releases side by side, each in a folder of its own, and the worker run with one of them."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.peers.cuda_stubs import make_stubs

ROOT = Path(__file__).parents[2]
TORCH_NEEDS = ("filelock", "fsspec", "jinja2", "networkx", "sympy", "typing_extensions")
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
        libraries: a folder where it looks for shared libraries too, or None.
    """

    python: str
    folders: tuple = ()
    libraries: Path | None = None

    def run(self, module, *arguments, **options):
        """Runs a module of these tests, with the options of subprocess.run."""
        libraries = {"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {}
        paths = os.pathsep.join(map(str, (*self.folders, ROOT)))
        command = [self.python, "-m", module, *map(str, arguments)]
        return subprocess.run(command, env=os.environ | {"PYTHONPATH": paths} | libraries, check=False, **options)

    def work(self, module, *arguments):
        """Runs a worker; returns the bytes that it printed."""
        run = self.run(module, *arguments, capture_output=True)
        if run.returncode:
            raise WorkerError(run.stderr.decode(errors="replace").strip() or f"exit status {run.returncode}")
        return run.stdout

    def lines(self, version, module, *arguments):
        """What a worker says of each result, by a library of that version and no other."""
        here, file, *lines = self.work(module, *arguments).decode().split("\n")[:-1]
        if not f"{version}.".startswith(f"{here.split('+')[0]}."):
            raise WorkerError(f"{file} has version {here}")
        if self.folders and not Path(file).is_relative_to(self.folders[0]):
            raise WorkerError(f"the library came from {file}, not from {self.folders[0]}")
        return lines

    def hashes(self, release, count):
        """The hashes of the results of the first cases."""
        return self.lines(release.version, "tests.peers.worker", release.library, count)

    def sample(self, case):
        """The samples of the result of one case."""
        return self.work("tests.peers.worker", case.library, case.index, "--sample")

    def pictures(self, decoder, folder):
        """The hashes of the pictures of a folder, by the names of their files."""
        lines = self.lines(decoder.version, "tests.peers.jpeg_worker", decoder.name, folder)
        return dict(line.split(" ", 1) for line in lines)

    def samples(self, decoder, paths):
        """The samples of pictures, one behind the other."""
        return self.work("tests.peers.jpeg_worker", decoder.name, *paths)


def prepare(release, torch_python):
    """Installs a release, unless an earlier run has.

    Args:
        release: the release.
        torch_python: an interpreter that has torch, or None.

    Raises:
        NoWheelError: it, or the NumPy that it needs, has no wheel here.
    """
    if release.library == "torch":  # large: taken from where it is, if possible
        if torch_python:
            return Environment(torch_python)
        if installed_version("torch") == release.version:
            return Environment(sys.executable)
        folder = install("torch", release.version, "--no-deps")  # 2 GB, instead of 8 with what it needs on a GPU
        stubs = folder / "cuda-stubs"
        if not stubs.exists():
            make_stubs(folder / "torch", stubs)
        return Environment(sys.executable, (folder, install_needs()), stubs)
    folders = [install(release.package, release.version, "--no-deps")]
    if release.numpy:
        folders.append(install("numpy", f"{release.numpy}.*", "--no-deps"))
    return Environment(sys.executable, tuple(folders))


def prepare_decoder(decoder):
    """Installs the package of a JPEG decoder, unless an earlier run has.

    Raises:
        NoWheelError: it has no wheel here, or is one for a Python that does not run here.
    """
    python = python_of(decoder.python) if decoder.python else sys.executable
    needs = () if decoder.package == "tensorflow-cpu" else ("--no-deps",)
    folders = [install(decoder.package, decoder.version, *needs, python=decoder.python)]
    if decoder.numpy:
        folders.append(install("numpy", f"{decoder.numpy}.*", "--no-deps", python=decoder.python))
    return Environment(python, tuple(folders))


def python_of(version):
    """An interpreter of a version such as "3.8"."""
    command = shutil.which(f"python{version}") or shutil.which(sys.executable)
    run = subprocess.run(
        [command, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.stdout.strip() != version:
        raise NoWheelError(f"there is no python{version} here, for which its wheels are")
    return command


def installed_version(package):
    """The version of a package in this interpreter, without a local part, or None."""
    try:
        return importlib.metadata.version(package).split("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return None


def install(package, version, *options, python=None):
    """Installs a version of a package, from wheels for a version of Python, into a folder of its own; returns that."""
    folder = FOLDER.with_name(f"python{python}") if python else FOLDER
    options = (*options, "--python-version", python) if python else options
    return install_into(folder / f"{package}-{version.removesuffix('.*')}", f"{package}=={version}", *options)


def install_needs():
    """Installs what torch imports."""
    return install_into(FOLDER / "torch-needs", *TORCH_NEEDS)


def install_into(folder, package, *options):
    """Installs a package into a folder, which is returned, unless it is there; none is half-written."""
    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile"]
    command += ["--only-binary=:all:", *options, "--target", unfinished, package]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        # An index that cannot be reached gives the same error, but knows no other versions.
        if "No matching distribution" in run.stderr and "from versions: none" not in run.stderr:
            raise NoWheelError(f"{package} has no wheel for this Python and machine")
        raise SystemExit(f"pip cannot install {package}:\n{run.stderr}")
    unfinished.rename(folder)
    return folder
