# SPDX-License-Identifier: MIT
"""Imports: what happens once a module has been imported."""

import contextlib
import sys
from collections.abc import Callable, Collection, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class Imports:
    """A finder that comes first, and finds what the others do, with a loader that reports the end of the import."""

    def __init__(self, on_import: Callable[[str], None]) -> None:
        """Finds nothing yet."""
        self._on_import = on_import
        self._names: Collection[str] = ()
        self._finding: set[str] = set()

    def install(self, names: Collection[str]) -> None:
        """Begins to report the imports of modules with these names."""
        self._names = names
        sys.meta_path.insert(0, self)

    def restore(self) -> None:
        """Reports nothing any more."""
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)
        self._names = ()

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Finds a module, as the other finders do."""
        if name not in self._names or name in self._finding:  # OpenCV imports itself again in its import
            return None
        for finder in list(sys.meta_path):
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if find is None else find(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = _Reporting(spec.loader, self._finding, self._on_import)
                return spec
        return None


class _Reporting(Loader):
    """A loader that does what another one does, and reports when that is done."""

    def __init__(self, loader: Any, finding: set[str], on_import: Callable[[str], None]) -> None:
        self._loader, self._finding, self._on_import = loader, finding, on_import

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        spec.loader = self._loader
        try:
            module: ModuleType | None = self._loader.create_module(spec)
            return module
        finally:
            spec.loader = self

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._finding.add(name)
        try:
            self._loader.exec_module(module)
        finally:
            self._finding.discard(name)
        self._on_import(name)
