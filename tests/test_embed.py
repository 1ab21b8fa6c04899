# SPDX-License-Identifier: MIT
"""The installed library in the hands of C and C++ hosts, found by find_package and by pkg-config, static and shared."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from spec import reference

import isopixel
from tests.builds import HEADERS, ROOT, SANITIZERS, build_plainly, build_with_sanitizers, checked_run, cmake
from tests.embed.agree import disagreements, files_of
from tests.platforms import cases

SHARED = "libisopixel.so"


def installation(build, folder):
    """What is installed of a build, which was moved after it was made."""
    cmake("--install", build, "--prefix", folder / "first")
    return (folder / "first").rename(folder / "moved")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An installation as hosts have it."""
    return installation(build_plainly("all"), tmp_path_factory.mktemp("embed"))


@pytest.fixture(scope="module", params=[True, False], ids=["sanitizers", "plain"])
def installed_either_way(request, tmp_path_factory):
    """An installation with the sanitizers, which other tests have built, or one as hosts have it; and its flags."""
    if not request.param:
        return request.getfixturevalue("installed"), []
    return installation(build_with_sanitizers(), tmp_path_factory.mktemp("embed")), SANITIZERS.split(" ")


def pkg_config(installed, *arguments):
    """pkg-config's words for an installation."""
    (path,) = installed.glob("**/pkgconfig")
    environment = os.environ | {"PKG_CONFIG_PATH": str(path)}
    return shlex.split(checked_run("pkg-config", *arguments, "isopixel", env=environment))


@pytest.fixture(scope="module")
def found(installed, tmp_path_factory):
    """The programs of tests/embed, which CMake builds with the installation that find_package finds."""
    build = tmp_path_factory.mktemp("found")
    cmake("-S", ROOT / "tests" / "embed", "-B", build, f"-DCMAKE_PREFIX_PATH={installed}")
    cmake("--build", build, "--parallel", "2")
    return build


def linked(language, source, folder, words, *options):
    """A program that the compiler makes by itself."""
    compiler = {"c": ["cc", "-std=c99"], "c++": ["c++", "-std=c++17"]}[language]
    program = folder / source.stem
    checked_run(*compiler, "-Wall", "-Wextra", "-Werror", "-pedantic", source, *options, *words, "-o", program)
    return program


def shared_libraries(program):
    return re.findall(r"NEEDED.*\[(.*)\]", checked_run("readelf", "-d", program))


def small_vectors():
    """The vectors whose results are stored whole, as tests/native/cases.c reads them."""
    vectors = json.loads((ROOT / "spec" / "vectors.json").read_text(encoding="ascii"))
    for vector in vectors["resize"]:
        if "samples" in vector:
            (h, w, c), (out_h, out_w) = vector["shape"], vector["size"]
            source = reference.vector_input(vector["input"], h * w * c).hex()
            numbers = f"{vector['method']} 1 {c} {h} {w} {out_h} {out_w} 0 0 7"
            yield f"resize {numbers} {source} {vector['samples']}\n"
    for vector in vectors["layout"]:
        if "samples" in vector and len(vector["shape"]) == 2 and "size" in vector:
            source = reference.vector_input(vector["input"], vector["length"]).hex()
            numbers = f"{vector['method']} {vector['length']} {vector['size'][0]} {vector['size'][1]} 0 7"
            yield f"layout {vector['layout']} {numbers} {source} {vector['samples']}\n"


def check_c(program):
    lines = list(small_vectors())
    assert len(lines) > 100
    ran = subprocess.run([program], input="".join(lines), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, f"{len(lines)} passed, 0 failed\n"), ran.stderr


def check_cpp(program, folder):
    known = folder / "cases.txt"
    known.write_text("".join(f"{line}\n" for line in cases.known_lines()), encoding="ascii")
    assert checked_run(program, known, cwd=ROOT).startswith(known.read_text(encoding="ascii"))


@pytest.mark.slow
@pytest.mark.parametrize("library", ["isopixel", "isopixel_shared"])
def test_find_package(found, tmp_path, library):
    for name in ("cases", "runner"):
        assert (f"{SHARED}.0" in shared_libraries(found / f"{name}_{library}")) == (library == "isopixel_shared")
    check_c(found / f"cases_{library}")
    check_cpp(found / f"runner_{library}", tmp_path)


C_ALONE = """
cmake_minimum_required(VERSION 3.20)
project(c_alone LANGUAGES C)
find_package(isopixel REQUIRED)
foreach(library isopixel isopixel_shared)
  add_executable(cases_${library} {source})
  target_link_libraries(cases_${library} PRIVATE isopixel::${library})
endforeach()
"""


@pytest.mark.slow
def test_find_package_of_a_project_without_cpp(installed, tmp_path):
    project = C_ALONE.replace("{source}", str(ROOT / "tests" / "native" / "cases.c"))
    (tmp_path / "CMakeLists.txt").write_text(project, encoding="utf-8")
    cmake("-S", tmp_path, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={installed}")
    cmake("--build", tmp_path)
    check_c(tmp_path / "cases_isopixel")
    check_c(tmp_path / "cases_isopixel_shared")


@pytest.mark.slow
def test_pkg_config_shared(installed, tmp_path):
    (path,) = pkg_config(installed, "--variable=libdir")
    words = [*pkg_config(installed, "--cflags", "--libs"), f"-Wl,-rpath,{path}"]
    c = linked("c", ROOT / "tests" / "native" / "cases.c", tmp_path, words)
    cpp = linked("c++", ROOT / "tests" / "platforms" / "runner.cpp", tmp_path, words)
    assert f"{SHARED}.0" in shared_libraries(c)
    assert f"{SHARED}.0" in shared_libraries(cpp)
    check_c(c)
    check_cpp(cpp, tmp_path)


@pytest.mark.slow
def test_pkg_config_static(installed, tmp_path):
    words = [*pkg_config(installed, "--static", "--cflags", "--libs"), "-static"]
    c = linked("c", ROOT / "tests" / "native" / "cases.c", tmp_path, words)
    cpp = linked("c++", ROOT / "tests" / "platforms" / "runner.cpp", tmp_path, words)
    assert shared_libraries(c) == shared_libraries(cpp) == []
    check_c(c)
    check_cpp(cpp, tmp_path)


def test_what_is_exported(installed_either_way):
    """The functions of the header, each with the version of the interface, and nothing else."""
    installed, _ = installed_either_way
    (library,) = installed.glob(f"**/{SHARED}")
    symbols = checked_run("nm", "-D", "--defined-only", library).splitlines()
    exported = {line.split()[2] for line in symbols if line.split()[1] != "A"}
    header = (installed / HEADERS / "isopixel.h").read_text(encoding="utf-8")
    functions = re.findall(r"^ISOPIXEL_API [^(]*?(\w+)\(", header, re.MULTILINE)
    assert len(functions) >= 17
    assert exported == {f"{name}@@ISOPIXEL_0" for name in functions}
    assert re.search(rf"SONAME.*\[{SHARED}\.0\]", checked_run("readelf", "-d", library))


@pytest.mark.slow
def test_what_it_needs(installed):
    """The C and C++ libraries alone; of the headers one."""
    (library,) = installed.glob(f"**/{SHARED}")
    needed = {name.split(".")[0] for name in shared_libraries(library)}
    assert needed <= {"libstdc++", "libm", "libgcc_s", "libc", "libpthread", "ld-linux-x86-64", "ld-linux-aarch64"}
    assert [path.name for path in (installed / HEADERS).iterdir()] == ["isopixel.h"]


@pytest.fixture(scope="module")
def host(installed_either_way, tmp_path_factory):
    """examples/fingerprints.c, linked with the shared library."""
    installed, flags = installed_either_way
    (path,) = pkg_config(installed, "--variable=libdir")
    words = [*flags, *pkg_config(installed, "--cflags", "--libs"), f"-Wl,-rpath,{path}"]
    return linked("c", ROOT / "examples" / "fingerprints.c", tmp_path_factory.mktemp("host"), words)


@pytest.mark.parametrize("name", ["fingerprints.c", "photo.c"])
def test_the_examples_are_short(name):
    assert len((ROOT / "examples" / name).read_text(encoding="ascii").splitlines()) < 100


@pytest.fixture(scope="module")
def photo(installed_either_way, tmp_path_factory):
    """examples/photo.c, linked with the shared library."""
    installed, flags = installed_either_way
    (path,) = pkg_config(installed, "--variable=libdir")
    words = [*flags, *pkg_config(installed, "--cflags", "--libs"), f"-Wl,-rpath,{path}"]
    return linked("c", ROOT / "examples" / "photo.c", tmp_path_factory.mktemp("photo"), words)


PHOTO = "isopixel 1: image rgb orientation=apply | pillow-13-bicubic short=48 | crop 40,40 round=even"


@pytest.mark.parametrize("last", ["", " | normalize mean=0.485,0.456,0.406 std=0.25 rounding=steps"])
@pytest.mark.parametrize("picture", ["side-17-420", "side-17-444"])
def test_a_photo_in_c_and_python(photo, picture, last):
    """A JPEG and a line become the same bits."""
    path = ROOT / "spec" / "pictures" / f"{picture}.jpg"
    made = isopixel.Recipe.parse(PHOTO + last)(path)
    ran = subprocess.run([photo, PHOTO + last, path], capture_output=True, check=True)
    array = np.frombuffer(ran.stdout, made.dtype).reshape(made.shape)
    assert isopixel.fingerprint(array) == isopixel.fingerprint(made)


def test_a_photo_is_refused(photo, tmp_path):
    (tmp_path / "empty").touch()
    path = ROOT / "spec" / "pictures" / "side-17-420.jpg"
    for arguments, message in [
        (["isopixel 1: image rbg", path], "did you mean 'rgb'?"),
        (["isopixel 1: image rgb | crop 18,17", path], "the crop 18 × 17 does not lie in it"),
        (["isopixel 1: image rgb", ROOT / "README.md"], "does not begin with ff d8"),
        (["isopixel 1: image rgb", tmp_path / "none"], f"{tmp_path / 'none'}: No such file or directory\n"),
        (["isopixel 1: image rgb", tmp_path], f"{tmp_path}: Is a directory\n"),
        (["isopixel 1: image rgb", tmp_path / "empty"], "does not begin with ff d8"),
        (["isopixel 1: nataraj", path], "the recipe is of images and not of bytes, or of bytes and not of images"),
    ]:
        ran = subprocess.run([photo, *arguments], capture_output=True, text=True, check=False)
        assert message in ran.stderr and ran.returncode == 1


def test_the_example_and_python_agree(host):
    """On files of this machine; `python -m tests.embed.agree PROGRAM 1000` does it with a thousand."""
    files = files_of(Path(sys.base_prefix), 40)
    assert len(files) == 40
    assert disagreements(host, files) == []


def test_the_example_refuses(host, tmp_path):
    (tmp_path / "empty").touch()
    for arguments, message in [
        (["isopixel 1: round"], "unknown layout 'round'"),
        (["isopixel 1: line", tmp_path / "none"], f"{tmp_path / 'none'}: No such file or directory\n"),
        (["isopixel 1: line", tmp_path], f"{tmp_path}: Is a directory\n"),
        (["isopixel 1: line", tmp_path / "empty"], f"{tmp_path / 'empty'}: the file is empty\n"),
        (["isopixel 1: fixed,width=9,rows=floor", ROOT / ".gitignore"], ""),
    ]:
        ran = subprocess.run([host, *arguments], capture_output=True, text=True, check=False)
        assert message in ran.stderr
        assert ran.returncode == (1 if message else 0)
