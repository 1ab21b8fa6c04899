# SPDX-License-Identifier: MIT
"""What recorded calls of NumPy and isopixel are."""

from collections.abc import Mapping

from isopixel._explain.operation import REVERSED, Operation
from isopixel._methods import check_method
from isopixel._trace.comparing.recorded.call import Call, Chain, Reader, always, reshaped, sliced
from isopixel._trace.comparing.recorded.tensors import clamped


def _isopixel_resize(call: Call) -> Chain:
    method = check_method(call.argument("method") or "bilinear", call.argument("antialias"))
    return (Operation("resize", method, call.size),)


def _layout(call: Call) -> Chain | None:
    layout = call.argument("layout")
    return (Operation("layout", layout),) if isinstance(layout, str) else None


def _np_pad(call: Call) -> Chain | None:
    width, mode = call.argument("pad_width"), call.argument("mode") or "constant"
    name = {"constant": "pad", "edge": "pad-edge", "reflect": "pad-reflect"}.get(mode)
    is_for_axes = isinstance(width, list) and len(width) >= 2 and all(isinstance(side, list) for side in width)
    if name is None or not is_for_axes or call.before is None or not call.before.axes:
        return None
    at = tuple(width[call.before.axes.index(axis)][0] for axis in "HW")
    value = (("value", call.argument("constant_values") or 0),) if name == "pad" else ()
    return (Operation("pad", name, (*call.size, ("at", at), *value)),)


def _np_flip(call: Call) -> Chain | None:
    axes, axis = call.after.axes, call.argument("axis")
    if not isinstance(axis, int) or not axes:
        return None
    turn = {"H": "flip-vertical", "W": "flip-horizontal"}.get(axes[axis])
    return (
        (Operation("turn", turn),)
        if turn
        else (REVERSED,)
        if len(call.after.planes) == 3 and axes[axis] == "C"
        else None
    )


def _np_turn(call: Call) -> Chain | None:
    turns = call.argument("k") if call.argument("k") is not None else 1
    turn = {1: "rotate-270", 2: "rotate-180", 3: "rotate-90"}.get(turns % 4) if isinstance(turns, int) else None
    is_of_rows = call.after.axes[:2] == "HW" and call.argument("axes") in (None, [0, 1])
    return (Operation("turn", turn),) if turn and is_of_rows else None


CALLS: Mapping[str, Mapping[str, Reader]] = {
    "numpy": {
        "clip": clamped,
        "pad": _np_pad,
        "flip": _np_flip,
        "fliplr": always("turn", "flip-horizontal"),
        "flipud": always("turn", "flip-vertical"),
        "rot90": _np_turn,
        "__getitem__": sliced,
        "reshape": reshaped,
    },
    "isopixel": {
        "resize": _isopixel_resize,
        "from_bytes": _layout,
        "from_file": _layout,
    },
}
