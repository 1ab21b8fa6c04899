# SPDX-License-Identifier: MIT
"""What the model of a folder says of a picture: `python serve.py FOLDER FILE`."""

import json
import sys
from pathlib import Path

import onnxruntime

import isopixel

folder, file = map(Path, sys.argv[1:])
recipe = isopixel.Recipe.parse((folder / "recipe.txt").read_text().strip())
array = recipe(file)
session = onnxruntime.InferenceSession(folder / "onnx/model.onnx")
(logits,) = session.run(["logits"], {"pixel_values": array[None]})
print(json.dumps({"fingerprint": isopixel.fingerprint(array), "logits": logits[0].tolist()}))
