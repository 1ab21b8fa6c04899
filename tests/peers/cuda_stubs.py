# SPDX-License-Identifier: MIT
"""Empty stand-ins for the CUDA libraries that the index's wheels of torch are linked with.

A wheel of torch for x86-64 Linux wants several GB of them to be imported, and on the CPU calls none of their functions.
"""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

CUDA = re.compile(r"cu|nccl|nv")  # how the names of their functions begin, where they have no version


def make_stubs(torch, folder):
    """Writes a stand-in for each library that those of torch need and this machine does not have.

    Args:
        torch: the folder of the package.
        folder: for the stand-ins; it is made.
    """
    libraries = sorted((torch / "lib").glob("*.so*"))
    there = {library.name for library in libraries}
    there |= set(re.findall(r"^\s+(\S+) ", output("/sbin/ldconfig", "-p"), re.M))
    missing, versions, versioned, plain, defined = set(), defaultdict(set), defaultdict(set), set(), set()
    for library in libraries:
        missing |= set(re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-dW", library))) - there
        for needed in output("readelf", "-VW", library).split("File: ")[1:]:
            versions[needed.split()[0]] |= set(re.findall(r"Name: (\S+)", needed))
        for line in output("readelf", "-W", "--dyn-syms", library).splitlines():
            words = line.split()
            if len(words) < 8:
                continue
            name, _, version = words[7].partition("@")
            if words[6] != "UND":
                defined.add(name)
            elif version:
                versioned[version.lstrip("@")].add(name)
            elif CUDA.match(name):
                plain.add(name)
    folder.mkdir(parents=True)
    for name in missing:
        write_stub(folder / name, {version: versioned[version] for version in versions[name]}, plain - defined)


def write_stub(path, versions, plain):
    """Compiles a library whose functions, by their versions or without, do nothing."""
    functions = set().union(*versions.values()) or plain
    source, script = path.with_suffix(".c"), path.with_suffix(".map")
    source.write_text("".join(f"int {name}(void) {{ return 100; }}\n" for name in sorted(functions)) or "int nothing;")
    command = ["cc", "-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{path.name}", "-o", path, source]
    if versions:
        script.write_text("".join(f"{v} {{ global: {'; '.join(sorted(names))}; }};\n" for v, names in versions.items()))
        command.append(f"-Wl,--version-script={script}")
    subprocess.run(command, check=True)
    for file in (source, script):
        file.unlink(missing_ok=True)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    import sys

    make_stubs(Path(sys.argv[1]), Path(sys.argv[2]))
