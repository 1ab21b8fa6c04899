# SPDX-License-Identifier: MIT
"""The operators of `isopixel::` as nodes of ONNX, which libisopixel_ort computes in ONNX Runtime."""

from collections.abc import Callable, Sequence
from typing import Any

from isopixel.torch import _operators

DOMAIN, VERSION = "isopixel", 1


def onnx_translations() -> dict[Callable[..., Any], Callable[..., Any]]:
    """Returns what `torch.onnx.export` makes of isopixel's operators: nodes for the library libisopixel_ort.

    It is the argument custom_translation_table, with dynamo=True, of programs without decompose=True: of any method,
    and of any source size if that is dynamic. ONNX Runtime computes them where the library is registered. The nodes,
    of version 1 of the domain isopixel, are

    - Resize(image, height, width), with the attribute method: uint8 [..., C, H, W] to uint8 [..., C, height, width];
      height and width are int64 of one element each;
    - Normalize(image, table): uint8 [..., C, H, W] to float32, looked up in float32 [C or 1, 256].

    Returns:
        Functions by the operators of `isopixel::`; those that resize and normalise at once become both nodes. (What is
        written to an out= has no form in ONNX.)

    Raises:
        ImportError: onnx or onnxscript is missing.

    Example:
        >>> import isopixel.torch
        >>> import torch
        >>> resize = isopixel.torch.Resize((224, 224), "pillow-13-bicubic")
        >>> image = torch.zeros(3, 480, 640, dtype=torch.uint8)
        >>> table = isopixel.torch.onnx_translations()
        >>> program = torch.onnx.export(resize, (image,), dynamo=True, verbose=False, custom_translation_table=table)
        >>> [(node.domain, node.op_type) for node in program.model.graph]
        [('isopixel', 'Resize')]
    """
    try:
        from onnx.defs import OpSchema
        from onnxscript import opset18
        from onnxscript.values import Op, Opset
    except ImportError as error:
        raise ImportError(f"programs of ONNX need two packages: pip install onnx onnxscript ({error})") from error

    def node(name: str, inputs: dict[str, str], output: str, attributes: Sequence[str] = ()) -> Op:
        parameters = [OpSchema.FormalParameter(key, f"tensor({kind})") for key, kind in inputs.items()]
        result = OpSchema.FormalParameter("result", f"tensor({output})")
        required = [OpSchema.Attribute(key, OpSchema.AttrType.STRING, required=True) for key in attributes]
        schema = OpSchema(name, DOMAIN, VERSION, inputs=parameters, outputs=[result], attributes=required)
        return Op(Opset(DOMAIN, VERSION), name, schema)

    standard: Any = opset18
    resize_node = node("Resize", {"image": "uint8", "height": "int64", "width": "int64"}, "uint8", ["method"])
    normalize_node = node("Normalize", {"image": "uint8", "table": "float"}, "float")

    def resize(image: Any, height: Any, width: Any, method: str) -> Any:
        return resize_node(image, height, width, method=method)

    def normalize(image: Any, table: Any) -> Any:
        return normalize_node(image, table)

    def resize_normalize(image: Any, height: Any, width: Any, method: str, table: Any) -> Any:
        return normalize(resize(image, height, width, method), table)

    def resize_list(images: Sequence[Any], height: Any, width: Any, method: str, table: Any) -> Any:
        results = standard.SequenceConstruct(*(resize(image, height, width, method) for image in images))
        batch = standard.ConcatFromSequence(results, axis=0, new_axis=1)
        return batch if table is None else normalize(batch, table)

    return {
        _operators.resize: resize,
        _operators.resize_normalize: resize_normalize,
        _operators.resize_list: resize_list,
        _operators.normalize: normalize,
    }
