# SPDX-License-Identifier: MIT
"""Wrapping: functions of libraries are replaced by ones that record their calls, and put back afterwards."""

from __future__ import annotations

import contextlib
import functools
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from isopixel._trace.recording.arguments import failure_of, named
from isopixel._trace.recording.calls import Call, Named
from isopixel._trace.recording.imports import Imports
from isopixel._trace.recording.libraries import LIBRARIES
from isopixel._trace.recording.libraries.library import Library
from isopixel._trace.recording.where import where
from isopixel._trace.values import samples_of

if TYPE_CHECKING:
    from isopixel._trace.recording.recorder import Recording

OTHER_THREADS = "several threads call libraries: of torch, only what the thread of the trace calls is recorded"
ABSENT = object()  # what stands for an attribute that was inherited
# Modules that hold no function of another library by its name, or that are the libraries themselves.
UNSCANNED = (sys.stdlib_module_names - {"__main__"}) | {"isopixel", "PIL", "cv2", "numpy", "torch", "sympy"}


READING = ("decode", "bytes")  # kinds of which decoding is a part


class _Thread(threading.local):
    """What a thread is doing."""

    call: Call | None = None  # the outermost call of a library that runs
    is_aside = False  # the recorder itself is at work: what it calls is not recorded


class Wrapping:
    """What is put into libraries for one trace."""

    def __init__(self, recording: Recording) -> None:
        """Wraps nothing yet."""
        self.libraries: dict[str, str] = {}  # the versions of those that are imported
        self._recording = recording
        self._put: list[tuple[Any, str, Any, Any]] = []  # owner, name, what was there, what stands there
        self._swapped: dict[int, tuple[Any, Any]] = {}  # functions of modules, by identity, and what stands for them
        self._thread = _Thread()
        self._sources: dict[int, tuple[Any, dict[str, Any]]] = {}  # of pictures that are opened, by identity
        self._imports = Imports(self._imported)
        self._restorers: list[Callable[[], None]] = []
        self._home = threading.get_ident()

    def install(self) -> None:
        """Wraps what is imported, and whatever is imported from now on."""
        self._home = threading.get_ident()
        for module in MODULES:
            if module in sys.modules:
                self._wrap_module(module)
        self._scan()
        self._imports.install(MODULES)

    def restore(self) -> None:
        """Puts back what was there, wherever ours still stands: somebody may have put something else there since."""
        try:
            self._put_back()
        except BaseException:  # an interrupt in the middle
            self._put_back()
            raise

    def _put_back(self) -> None:
        """Goes on from where it was interrupted, if it was."""
        self._imports.restore()
        while self._restorers:
            self._restorers[-1]()
            self._restorers.pop()
        while self._put:
            owner, name, old, new = self._put[-1]
            if vars(owner).get(name) is new:
                if old is ABSENT:
                    delattr(owner, name)
                else:
                    setattr(owner, name, old)
            self._put.pop()
        originals: dict[int, tuple[Any, Any]] = {}
        for old, new in self._swapped.values():  # of a module that was loaded twice, old is one of ours
            originals[id(new)] = new, originals.get(id(old), (old, old))[1]
        for module, name, original in _uses(originals):  # of modules that were imported meanwhile
            setattr(module, name, original)
        self._put.clear()
        self._swapped.clear()
        self._sources.clear()

    def find_versions(self) -> None:
        """Finds the versions of the libraries that are imported."""
        for library in LIBRARIES:
            if any(_module_of(owner) in sys.modules for owner in library.functions):
                with contextlib.suppress(Exception):  # of a library that is another one than it seems
                    self.libraries |= library.versions()

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Is in use while the recorder works; what ends that is an interrupt, and no line may follow half of one."""
        former, self._thread.is_aside = self._thread.is_aside, True
        try:
            yield
        except BaseException:
            self._recording.break_off("the recorder was interrupted")
            raise
        finally:
            self._thread.is_aside = former

    def put(self, owner: Any, name: str, new: Any) -> None:
        """Sets an attribute of a module or class until the trace ends."""
        self._put.append((owner, name, vars(owner).get(name, ABSENT), new))
        setattr(owner, name, new)

    def replace(self, module: Any, name: str, new: Any) -> None:
        """Sets a function of a module, also where others have imported it by its name."""
        old = vars(module)[name]
        self._swapped[id(old)] = old, new
        home = sys.modules.get(getattr(old, "__module__", None) or "")  # where pickle looks for it
        for owner in (module, home):
            if getattr(owner, name, None) is old:
                self.put(owner, name, new)

    def on_restore(self, restore: Callable[[], None]) -> None:
        """Does something else too when the trace ends."""
        self._restorers.append(restore)

    def warn(self, text: str) -> None:
        """Records what the trace does not hold."""
        if self._recording.is_on:
            self._recording.warn(text)

    def wrapped(
        self, library: Library, name: str, kind: str, original: Any, name_arguments: Named | None = None
    ) -> Any:
        """Returns a function that calls another one, and records that.

        Args:
            library: whose function it is.
            name: of the step.
            kind: of the step.
            original: the function.
            name_arguments: returns its arguments by name; by default they are found by its signature.
        """
        recording, thread = self._recording, self._thread
        names = library.parameters.get(name, ())
        naming = name_arguments or (lambda args, kwargs: named(original, args, kwargs, names))

        @functools.wraps(original)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            if thread.is_aside or not recording.is_on:
                return original(*args, **kwargs)
            if not library.is_recorded(name, args):
                if thread.call is None and args:
                    self.saw(args[0])
                return original(*args, **kwargs)
            if thread.call is not None:
                thread.call.nested(library.name, name)
                return original(*args, **kwargs)
            if threading.get_ident() != self._home and "torch" in sys.modules:
                recording.warn(OTHER_THREADS)
            call = Call(recording, library, name, kind)
            with self.aside():
                call.begin(naming, args, kwargs)
            try:
                thread.call = call
                try:
                    result = original(*args, **kwargs)
                finally:
                    thread.call = None
            except BaseException as error:
                with self.aside():
                    call.end(None, error)
                raise
            with self.aside():
                call.end(result)
            return result

        return recorded

    def saw(self, thing: Any) -> None:
        """Records what a call shows that is no step: of which array another one is a part."""
        with self.aside():
            try:
                self._recording.parts.see(thing)
            except Exception as error:
                self._recording.warn(f"a part of an array is not recorded: {failure_of(error)}")

    def opened(self, picture: Any, facts: dict[str, Any]) -> None:
        """Keeps what is known of the file of a picture, for when it is decoded."""
        key = id(picture)
        self._sources[key] = weakref.ref(picture, lambda _: self._sources.pop(key, None)), facts

    def decoded(self, picture: Any, arguments: dict[str, Any]) -> None:
        """Records that Pillow decoded a picture, at whatever time that is."""
        thread = self._thread
        if thread.is_aside or not self._recording.is_on:
            return
        if thread.call is not None and (thread.call.kind in READING or thread.call.library.name == "isopixel"):
            thread.call.nested("pillow", "decode")
            return
        with self.aside():
            output, failure = None, ""
            try:
                samples = samples_of(picture)
                output = None if samples is None else self._recording.value(samples)
            except Exception as error:
                failure = failure_of(error)
            _, facts = self._sources.get(id(picture), (None, {}))
            fields = {"output": output, "at": where(), "facts": facts, "failure": failure}
            self._recording.step("decode", "pillow", "decode", arguments, **fields)
            if thread.call is not None:
                thread.call.decoded(picture, output)

    def _imported(self, module: str) -> None:
        """Wraps a module that was just imported."""
        if not self._recording.is_on:  # in a process that was forked another thread may have held the lock for ever
            return
        with self.aside(), contextlib.suppress(Exception):
            known = dict(self.libraries)
            self.find_versions()
            if self.libraries != known:
                self._recording.imported({name: self.libraries[name] for name in self.libraries.keys() - known.keys()})
            self._wrap_module(module)
            self._scan()

    def _wrap_module(self, name: str) -> None:
        """Wraps the functions of a module, and the methods of its classes."""
        for library in LIBRARIES:
            try:
                for owner, kinds in library.functions.items():
                    if _module_of(owner) == name:
                        self._wrap_owner(library, sys.modules[name], owner.partition(":")[2], kinds)
                if name in library.hooks:
                    library.hooks[name](self)
            except Exception as error:  # of a release that has other things inside
                self._recording.warn(f"{name} is not recorded: {failure_of(error)}")

    def _wrap_owner(self, library: Library, module: Any, of_class: str, kinds: Mapping[str, str]) -> None:
        owner = getattr(module, of_class, None) if of_class else module
        for name, kind in kinds.items():
            old = None if owner is None else vars(owner).get(name)
            if callable(old) and not isinstance(old, type):
                step = of_class if name in ("__call__", "forward") else name
                new = self.wrapped(library, step, kind, old)
                if of_class:
                    self.put(owner, name, new)
                else:
                    self.replace(module, name, new)

    def _scan(self) -> None:
        """Replaces the functions where other modules have imported them by their names."""
        for module, name, new in _uses(self._swapped):
            self.put(module, name, new)


def _uses(swapped: Mapping[int, tuple[Any, Any]]) -> Iterator[tuple[Any, str, Any]]:
    """Yields where modules have objects by their names, and what is to stand there: both by the objects' identity."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in UNSCANNED and name != "isopixel":
            continue
        attributes = getattr(module, "__dict__", None)
        if type(attributes) is not dict or swapped.keys().isdisjoint(map(id, list(attributes.values()))):
            continue
        for attribute, value in list(attributes.items()):
            old, new = swapped.get(id(value), (ABSENT, None))
            if old is value:
                yield module, attribute, new


def _module_of(owner: str) -> str:
    return owner.partition(":")[0]


MODULES = frozenset(_module_of(owner) for library in LIBRARIES for owner in (*library.functions, *library.hooks))
