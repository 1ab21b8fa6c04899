# SPDX-License-Identifier: MIT
"""What is recorded of torch: functions and methods of tensors that pictures go through, in the thread of the trace.

Layers of models are not recorded: their numbers are no pixels.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

from isopixel._trace.recording.libraries.library import Library

if TYPE_CHECKING:
    from isopixel._trace.recording.wrapping import Wrapping

KINDS = {
    "interpolate": "resize",
    "grid_sample": "resize",
    "affine_grid": "other",
    "pad": "pad",
    "flip": "turn",
    "fliplr": "turn",
    "flipud": "turn",
    "rot90": "turn",
    "narrow": "crop",
    "__getitem__": "crop",
    "permute": "layout",
    "transpose": "layout",
    "movedim": "layout",
    "moveaxis": "layout",
    "swapaxes": "layout",
    "unsqueeze": "layout",
    "squeeze": "layout",
    "contiguous": "layout",
    "view": "layout",
    "reshape": "layout",
    "flatten": "layout",
    "stack": "layout",
    "cat": "layout",
    "concat": "layout",
    "unbind": "layout",
    "numpy": "layout",
    "from_numpy": "layout",
    "as_tensor": "layout",
    "tensor": "layout",
    "frombuffer": "bytes",
    "to": "cast",
    "type": "cast",
    "float": "cast",
    "double": "cast",
    "half": "cast",
    "bfloat16": "cast",
    "byte": "cast",
    "int": "cast",
    "long": "cast",
    "round": "cast",
    "floor": "cast",
    "trunc": "cast",
    "clamp": "scale",
    "clip": "scale",
    "add": "scale",
    "sub": "scale",
    "rsub": "scale",
    "mul": "scale",
    "div": "scale",
    "divide": "scale",
    "true_divide": "scale",
    "__rsub__": "scale",
    "__rtruediv__": "scale",
    "normalize": "normalize",
}
KINDS |= {f"{name}_": kind for name, kind in KINDS.items() if kind in ("scale", "cast") and name[0] != "_"}
CREATING = {name: KINDS[name] for name in ("from_numpy", "frombuffer")}  # which no mode sees
OF_NUMBERS = ("as_tensor", "tensor")  # as well as of arrays
PARAMETERS = {
    "permute": ("self", "*dims"),
    "transpose": ("self", "dim0", "dim1"),
    "unsqueeze": ("self", "dim"),
    "squeeze": ("self", "dim"),
    "flip": ("self", "*dims"),
    "stack": ("tensors", "dim"),
    "cat": ("tensors", "dim"),
    "to": ("self", "dtype"),
    "clamp": ("self", "min", "max"),
    "clamp_": ("self", "min", "max"),
    "__getitem__": ("self", "index"),
    "view": ("self", "*shape"),
    "reshape": ("self", "*shape"),
    **{f"{name}{end}": ("self", "other") for name in ("add", "sub", "mul", "div") for end in ("", "_")},
}


def hook_modes(wrapping: Wrapping) -> None:
    """Records the functions of tensors in this thread, by a mode of torch."""
    torch = sys.modules["torch"]
    overrides = sys.modules["torch.overrides"]
    recorded: dict[Any, Any] = {}

    class Recorded(overrides.TorchFunctionMode):  # type: ignore[name-defined,misc]
        """A mode in which functions are recorded."""

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            name = getattr(func, "__name__", "")
            if name not in KINDS or torch.compiler.is_compiling() or torch.jit.is_tracing():
                return func(*args, **(kwargs or {}))
            if func not in recorded:
                recorded[func] = wrapping.wrapped(LIBRARY, name, KINDS[name], func)
            return recorded[func](*args, **(kwargs or {}))

    mode = Recorded()
    mode.__enter__()
    wrapping.on_restore(lambda: _leave(overrides, mode))
    compile_ = torch.compile

    @functools.wraps(compile_)
    def compiling(*args: Any, **kwargs: Any) -> Any:
        wrapping.warn("torch.compile was called: what a compiled function calls is not recorded")
        return compile_(*args, **kwargs)

    wrapping.replace(torch, "compile", compiling)


def _leave(overrides: Any, mode: Any) -> None:
    """Leaves a mode, and only this one, though others may have been entered since."""
    above = []
    while overrides._len_torch_function_stack() and (top := overrides._pop_mode()) is not mode:
        above.append(top)
    for other in reversed(above):
        overrides._push_mode(other)


def hook_loaders(wrapping: Wrapping) -> None:
    """Warns of loaders whose work is done by other processes."""
    loader = sys.modules["torch.utils.data.dataloader"].DataLoader
    original = loader.__iter__

    @functools.wraps(original)
    def iterating(self: Any) -> Any:
        if self.num_workers:
            wrapping.warn(
                f"a DataLoader has num_workers={self.num_workers}: what these processes do is not recorded; "
                "use num_workers=0 for a trace"
            )
        return original(self)

    wrapping.put(loader, "__iter__", iterating)


def is_recorded(name: str, arguments: tuple[Any, ...]) -> bool:
    """Returns whether a call is of tensors or arrays: of numbers, and of a model's parameters, it is not recorded."""
    if not arguments:
        return True
    return not (
        isinstance(arguments[0], sys.modules["torch"].nn.Parameter)
        or (name in OF_NUMBERS and isinstance(arguments[0], (int, float, list, tuple)))
    )


def versions() -> dict[str, str]:
    """Returns the version of torch, and which instructions it uses."""
    torch = sys.modules["torch"]
    return {"torch": str(torch.__version__), "torch.cpu": str(torch.backends.cpu.get_cpu_capability())}


LIBRARY = Library(
    "torch",
    {"torch": CREATING},
    versions,
    parameters=PARAMETERS,
    is_recorded=is_recorded,
    outputs=("out",),
    hooks={"torch": hook_modes, "torch.utils.data.dataloader": hook_loaders},
)
