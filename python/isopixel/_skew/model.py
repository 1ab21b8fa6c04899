# SPDX-License-Identifier: MIT
"""Models: exported programs, TorchScript files, and callables of Python modules."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._files import open_regular

Scores = npt.NDArray[np.float64]


def import_torch() -> Any:
    """Returns torch; the error if it is missing says what to do."""
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ModuleNotFoundError("running a model needs torch: pip install 'isopixel[torch]'", name="torch") from None
    return torch


class Model:
    """A classifier that accepts one image at a time.

    Attributes:
        name: where it came from.
    """

    def __init__(self, name: str, function: Callable[[Any], Any]) -> None:
        """Makes a model of a function that maps a batch of images to a tensor of scores."""
        self.name = name
        self._function = function
        self._torch = import_torch()

    def __call__(self, planes: npt.NDArray[Any]) -> Scores:
        """Returns the scores of the classes.

        Args:
            planes: an image as the model expects it, uint8 or float32, (C, H, W).

        Returns:
            float64, (classes,).

        Raises:
            ValueError: the model rejects the input, or does not return finite scores of two classes or more.
        """
        batch = self._torch.from_numpy(planes[None].copy())
        given = f"{tuple(batch.shape)} {str(batch.dtype).removeprefix('torch.')}"
        try:
            with self._torch.inference_mode():
                scores = self._function(batch)
        except Exception as error:  # whatever a model raises
            raise ValueError(f"the model {self.name!r} rejects an input of {given}: {_reason(error)}") from error
        if not isinstance(scores, self._torch.Tensor):
            raise ValueError(
                f"the model {self.name!r} returns a {type(scores).__name__}, not a tensor of scores: wrap it in a "
                "function that does, and name that as module:callable"
            )
        if scores.ndim != 2 or scores.shape[0] != 1 or scores.shape[1] < 2:
            raise ValueError(
                f"the model {self.name!r} returns the shape {tuple(scores.shape)} for one input, not (1, classes) "
                "with two classes or more: wrap it in a function that does, and name that as module:callable"
            )
        result: Scores = scores[0].detach().to("cpu", self._torch.float64).numpy()
        if not np.isfinite(result).all():
            raise ValueError(f"the model {self.name!r} returns scores that are not finite, for an input of {given}")
        return result


def load_model(text: str, trust: bool = False) -> Model:
    """Loads a model.

    To load an exported program can run any code that its file holds: torch unpickles objects of it, and compiles parts
    of its graph as Python. A TorchScript file is run by torch's own interpreter. What module:callable names is
    imported, which runs it.

    Args:
        text: the path of an exported program, .pt2, or of another file, in TorchScript; or module:callable, such as
            "package.module:model", whose module is looked for in the working folder too. A callable accepts a tensor
            of shape (1, C, H, W), and returns the scores, (1, classes).
        trust: whether an exported program may be loaded.

    Raises:
        ModuleNotFoundError: torch is not installed, or there is no such module.
        OSError: the file cannot be read.
        ValueError: the file is not such a model, or not trusted, or the module has no such callable.
    """
    torch = import_torch()
    importlib.import_module("isopixel.torch")  # whose operators the program may have
    path = Path(text)
    if ":" in text and not path.exists():
        return Model(text, _callable(text))
    with open_regular(path):  # an error of this names the file and the reason
        pass
    is_exported = path.suffix.lower() == ".pt2"
    if is_exported and not trust:
        raise ValueError(
            f"{text!r} is not loaded: torch runs code of an exported program's file while it loads it; --trust allows "
            "that, for a file whose origin you know"
        )
    try:
        if is_exported:
            return Model(text, torch.export.load(text).module())
        return Model(text, torch.jit.load(text, map_location="cpu").eval())
    except Exception as error:  # what a broken file raises is not documented
        kind = "an exported program" if is_exported else "a TorchScript file (nor named .pt2)"
        raise ValueError(
            f"{text!r} cannot be loaded: it is not {kind}, or broken; a file of weights needs its model: name that as "
            f"module:callable ({_reason(error)})"
        ) from error


def _callable(text: str) -> Callable[[Any], Any]:
    """Imports what module:callable names."""
    module_name, _, name = text.partition(":")
    sys.path.insert(0, str(Path.cwd()))  # the program isopixel starts without it
    try:
        found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name.partition(".")[0] and error.name != module_name:
            raise
        raise ValueError(f"{text!r}: there is no file of this name, and no module {module_name!r}") from None
    except Exception as error:  # whatever is wrong in it
        raise ValueError(f"{text!r}: the module cannot be imported: {_reason(error)}") from error
    finally:
        sys.path.pop(0)
    for part in name.split("."):
        if not hasattr(found, part):
            raise ValueError(f"{text!r}: the module {module_name!r} has no {name!r}")
        found = getattr(found, part)
    if isinstance(found, type) or not callable(found):
        raise ValueError(f"{text!r} is neither a function nor a torch.nn.Module: name one that accepts a tensor")
    if isinstance(found, import_torch().nn.Module):
        found.eval()
    function: Callable[[Any], Any] = found
    return function


def _reason(error: BaseException) -> str:
    """Returns the last line of an error's message that is not empty; in TorchScript that is what was raised."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    return lines[-1] if "TorchScript" in lines[0] else lines[0]
