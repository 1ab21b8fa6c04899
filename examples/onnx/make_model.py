# SPDX-License-Identifier: MIT
"""Writes a model as it lies on a hub: `python make_model.py FOLDER`. It is a small CNN whose weights are noise.

Beside it lies recipe.txt: the line that isopixel makes of its preprocessor_config.json.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import isopixel

CONFIG = {"model_type": "resnet", "architectures": ["ResNetForImageClassification"]}
PREPROCESSOR = {
    "image_processor_type": "ViTImageProcessor",
    "do_resize": True,
    "size": {"height": 224, "width": 224},
    "resample": 2,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.485, 0.456, 0.406],
    "image_std": [0.229, 0.224, 0.225],
}


def cnn(seed, channels=(3, 16, 32), classes=10):
    """Two convolutions, the mean of each channel, and a layer that is fully connected."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0, (9 * a) ** -0.5, (b, a, 3, 3)) for a, b in pairwise(channels)]
    weights.append(rng.normal(0, 1, (channels[-1], classes)))
    tensors = [numpy_helper.from_array(array.astype(np.float32), f"w{i}") for i, array in enumerate(weights)]
    nodes = [
        helper.make_node("Conv", ["pixel_values", "w0"], ["c0"], strides=[4, 4]),
        helper.make_node("Relu", ["c0"], ["r0"]),
        helper.make_node("Conv", ["r0", "w1"], ["c1"], strides=[2, 2]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("GlobalAveragePool", ["r1"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["features"]),
        helper.make_node("MatMul", ["features", "w2"], ["logits"]),
    ]
    images = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", channels[0], 224, 224])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", classes])
    graph = helper.make_graph(nodes, "cnn", [images], [logits], tensors)
    return helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 17)])


def main():
    folder = Path(sys.argv[1])
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(cnn(seed=1), folder / "onnx/model.onnx")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR))
    recipe = isopixel.Recipe.from_huggingface(PREPROCESSOR, backend="pil", pillow="13.0.0", orientation="ignore")
    (folder / "recipe.txt").write_text(f"{recipe}\n")


if __name__ == "__main__":
    main()
