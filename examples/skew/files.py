# SPDX-License-Identifier: MIT
"""A data set of real files of this machine, in folders of classes, split by file into training and test."""

import hashlib
import marshal
import os
import random
import struct
import sysconfig
import warnings
from pathlib import Path

TRAIN, TEST = 200, 100  # files of each class
FEWEST = 20  # test files that a class has, or it is left out
SIZES = range(4 << 10, 512 << 10)  # bytes of a file of the data set
LONGEST = 32 << 20  # bytes of a file that is read
SECTIONS = {".text": "machine-code", ".rodata": "constants", ".eh_frame": "unwinding", ".dynstr": "symbol-names"}


def collect(folder):
    """Writes the data set to folder/train/CLASS and folder/test/CLASS.

    A file's side is decided by the hash of its name, and all that is taken of it (the sections of a program, a source
    and its byte code) is on that side: neither two parts of a file nor two releases of it are on both. No content is
    there twice. All classes have the same number of files; those of which this machine has too few are left out.
    """
    members = {}
    seen = set()
    for kind, paths in candidates().items():
        random.Random(1).shuffle(paths)
        room = {(side, name): most for side, most in (("train", TRAIN), ("test", TEST)) for name in KINDS[kind][0]}
        for path in paths:
            side = side_of(path.name)
            if any(left for (s, _), left in room.items() if s == side):
                for name, content in read(path, KINDS[kind][1]):
                    digest = hashlib.sha256(content).digest()
                    if room[side, name] and len(content) in SIZES and digest not in seen:
                        seen.add(digest)
                        room[side, name] -= 1
                        members.setdefault(name, {"train": [], "test": []})[side].append((path.name, content))
    kept = {name: sides for name, sides in members.items() if len(sides["test"]) >= FEWEST}
    for side in ("train", "test"):
        count = min(len(sides[side]) for sides in kept.values())
        for name, sides in kept.items():
            target = folder / side / name
            target.mkdir(parents=True)
            for number, (source, content) in enumerate(sides[side][:count]):
                (target / f"{number:03}-{source}").write_bytes(content)


def side_of(name):
    """Returns the side that files of a name are on; a third is for the test."""
    return "test" if hashlib.sha256(os.fsencode(name)).digest()[0] % 3 == 0 else "train"


def candidates():
    """Returns the paths of files that may be of use, by their kind and in a fixed order."""
    roots = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    found = {kind: {} for kind in KINDS}
    for root in [*roots, "/usr/bin", "/usr/lib", "/usr/share", "/usr/include", "/usr/local"]:
        for path in walk(root):
            kind = SUFFIXES.get(path.suffix)
            if kind is None and (str(path.parent) == "/usr/bin" or ".so" in path.name):
                kind = "program"
            if kind:
                found[kind][path] = None  # a dict for its order; the folders are in part the same
    return {kind: list(paths) for kind, paths in found.items()}


def walk(folder):
    """Yields the paths of the files in a folder and below it, in a fixed order and without links."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
        elif entry.is_dir(follow_symlinks=False) and entry.name not in ("__pycache__", "test", "tests"):
            yield from walk(entry.path)


def read(path, parts):
    """Returns the classes and the bytes that are taken of a file; of a broken or very long one none."""
    try:
        if path.stat().st_size > LONGEST:
            return []
        return list(parts(path.read_bytes(), path.name))
    except (OSError, SyntaxError, ValueError, IndexError, RecursionError, struct.error):
        return []


def headers(content, name):
    """Yields the source text of C or C++."""
    yield "C-header", content


def archives(content, name):
    """Yields what was compressed."""
    yield "compressed", content


def python(content, name):
    """Yields the source text, and the byte code that this Python makes of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what is odd in the source
        code = compile(content, name, "exec", dont_inherit=True)
    yield "Python-source", content
    yield "Python-byte-code", marshal.dumps(code)


def program(content, name):
    """Yields the sections of a 64-bit little-endian ELF file that are classes."""
    if content[:6] != b"\x7fELF\x02\x01":
        return
    (table,) = struct.unpack_from("<Q", content, 0x28)
    size, count, names_index = struct.unpack_from("<HHH", content, 0x3A)
    sections = [struct.unpack_from("<IIQQQQ", content, table + i * size) for i in range(count)]
    for name_at, kind, _, _, offset, length in sections:
        start = sections[names_index][4] + name_at
        section = content[start : content.index(b"\0", start)].decode("ascii", "replace")
        if section in SECTIONS and kind != 8:  # SHT_NOBITS: not in the file
            yield SECTIONS[section], content[offset : offset + length]


# Of each kind of files the classes, and what takes them out of a file.
KINDS = {
    "header": (("C-header",), headers),
    "archive": (("compressed",), archives),
    "python": (("Python-source", "Python-byte-code"), python),
    "program": (tuple(SECTIONS.values()), program),
}
SUFFIXES = {".h": "header", ".hpp": "header", ".gz": "archive", ".whl": "archive", ".jar": "archive", ".py": "python"}
