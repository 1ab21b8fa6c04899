# SPDX-License-Identifier: MIT
"""Exported programs from files that nobody vouches for: nothing of Python's in them is run.

torch.export.load unpickles objects of a .pt2 file, and parses expressions with eval. Here pickles may hold tensors and
plain values alone, and expressions are checked before torch parses them.
"""

import io
import json
import os
import re
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

FORCE = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"  # makes torch.load restrict what it unpickles, whatever its caller wants
QUOTED = re.compile(r"'(?:z?[suz]?f?\d+|[+-]?[\d.]+(?:e[+-]?\d+)?)'")  # the name of a symbol of a size, or a number
NAME = re.compile(r"\b[A-Za-z_]\w*(?!\w|\s*=(?!=))")  # but that of an argument
# Symbols of sizes, and functions of torch and SymPy: their names are capitalised, unlike those of functions of Python.
KNOWN = re.compile(r"z?[suz]?f?\d+|[A-Z][A-Za-z]*|floor|ceiling|sqrt|and|or|not")
PLAIN = re.compile(r"[\w\s+\-*/%()<>=!&|~,.]*")
ATTRIBUTE = re.compile(r"\.\s*[A-Za-z_]")

_loading = threading.local()


class UntrustedError(ValueError):
    """A file that would run code of its own."""


def load_untrusted(path: str) -> Any:
    """Loads an exported program, without running code that is in its file.

    Args:
        path: of a file that torch.export.save wrote.

    Returns:
        The module; torch itself sees to it that its graph calls operators alone.

    Raises:
        UntrustedError: it needs more than that.
        Exception: whatever torch raises for a file that is not an exported program, or is broken.
    """
    import torch

    _check_expressions(path)
    with _plain_pickles() as found:
        try:
            program = torch.export.load(path)
        except Exception as error:
            if found or "weights_only" in str(error):
                raise UntrustedError("it has pickled objects that are not tensors") from error
            raise
    return program.module()


def _check_expressions(path: str) -> None:
    """Raises UntrustedError if an expression of sizes in a file is more than arithmetic."""
    try:
        with zipfile.ZipFile(path) as archive:
            texts = [archive.read(name) for name in archive.namelist() if name.endswith(".json")]
    except (OSError, zipfile.BadZipFile):
        return  # torch says what is wrong
    for text in texts:
        if b"default_factory_module" in text or b"__enum__" in text:
            raise UntrustedError("its inputs are of classes that are imported by name")
        for expression in _expressions(text):
            expression = QUOTED.sub("0", expression)
            is_plain = PLAIN.fullmatch(expression) and not ATTRIBUTE.search(expression)
            if not is_plain or not all(map(KNOWN.fullmatch, NAME.findall(expression))):
                raise UntrustedError(f"it has the expression {expression[:80]!r}, which is not one of sizes")


def _expressions(text: bytes) -> Iterator[str]:
    """Yields the expressions in a JSON text."""
    found: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> None:
        found.extend(value for key, value in pairs if key == "expr_str" and isinstance(value, str))

    try:
        json.load(io.BytesIO(text), object_pairs_hook=collect)
    except (ValueError, RecursionError):
        return
    yield from found


@contextmanager
def _plain_pickles() -> Iterator[list[str]]:
    """Refuses, in this thread, pickles that name classes or functions; yields the list of those that did."""
    found: list[str] = []
    former = os.environ.get(FORCE)
    os.environ[FORCE] = "1"
    _watch()
    _loading.found = found
    try:
        yield found
    finally:
        _loading.found = None
        os.environ.pop(FORCE) if former is None else os.environ.update({FORCE: former})


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "pickle.find_class" and getattr(_loading, "found", None) is not None:
        _loading.found.append(".".join(map(str, arguments)))
        raise UntrustedError(f"the pickled object {_loading.found[-1]}")


@cache
def _watch() -> None:
    """Installs the audit hook, once: it cannot be removed."""
    sys.addaudithook(_refuse)
