# SPDX-License-Identifier: MIT
"""Serves the model of examples/onnx from JavaScript and from Python: the tensors are equal, and the logits compared.

The npm package is packed as for the registry, and installed in an empty folder with releases of onnxruntime and
transformers.js; Python's onnxruntime, of the same release, is installed in build/peers. Where that runs the same native
code, the logits are equal too; those of WebAssembly, whose kernels sum in another order, differ by MOST at most. Exits
with 1 if it is otherwise.
"""

import json
import shutil
import subprocess
import sys

from tests.peers.environments import FOLDER, ROOT, Environment, install_into

ONNXRUNTIME = "1.30.0"
WHEELS = (f"onnxruntime=={ONNXRUNTIME}", "onnx==1.23.2")
PACKAGES = (
    f"onnxruntime-node@{ONNXRUNTIME}",
    f"onnxruntime-web@{ONNXRUNTIME}",
    "@huggingface/transformers@4.3.2",
    "typescript@5.9.3",
)
MOST = 1e-5  # of a logit
FILES = ("docs/demo.jpg", "docs/evidence.png", "spec/pictures/progressive-420.jpg")
TYPED = (
    *("--noEmit", "--strict", "--allowJs", "--checkJs", "--skipLibCheck"),
    *("--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom,dom.asynciterable"),
)
HERE = ROOT / "tests" / "peers"
BROWSER = HERE / "javascript_page.mjs"
PROJECT = ROOT / "build" / "js" / "served"
MODEL = PROJECT / "model"


def hosts(file):
    """What Node.js runs to serve a file, by the name of the host; and how far logits may be off."""
    pages = PROJECT.relative_to(ROOT)
    return {
        "onnxruntime-node": (("serve.mjs", MODEL, file, "onnxruntime-node"), 0),
        "onnxruntime-web": (("serve.mjs", MODEL, file, "onnxruntime-web"), MOST),
        "onnxruntime-web, in Chromium": ((BROWSER, pages / "serve.html", file), MOST),
        "transformers.js": (("serve_transformers.mjs", MODEL, file), 0),
        "transformers.js, in Chromium": ((BROWSER, pages / "javascript_transformers.html", file), MOST),
    }


def run(*command):
    """What a command prints, in the project."""
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout


def install_packages():
    """A fresh project. Scripts of packages do not run: that of onnxruntime-node would fetch libraries for GPUs."""
    shutil.rmtree(PROJECT, ignore_errors=True)
    PROJECT.mkdir(parents=True)
    (PROJECT / "package.json").write_text('{"private": true}\n')
    npm = ("npm", "--silent", "--no-audit", "--no-fund")
    run(*npm, "pack", ROOT / "js" / "dist", "--pack-destination", PROJECT)
    (packed,) = PROJECT.glob("isopixel-*.tgz")
    run(*npm, "install", "--ignore-scripts", packed, *PACKAGES)
    for path in (*(ROOT / "examples" / "onnx").glob("serve*"), *HERE.glob("javascript_t*")):
        shutil.copy(path, PROJECT)


def compare(python, file):
    """Serves one file everywhere; prints what was found, and returns what is wrong."""
    right = json.loads(python.work("examples.onnx.serve", MODEL, file))
    wrong = []
    for name, (command, most) in hosts(file).items():
        found = json.loads(run("node", *command))
        off, other = (distance(found.get(key), right["logits"]) for key in ("logits", "theirs"))
        if found["fingerprint"] != right["fingerprint"]:
            wrong.append(f"{name}: the tensor of {file} is not Python's")
        if off > most:
            wrong.append(f"{name}: a logit of {file} is off by {off}, more than {most}")
        if other is not None and other <= MOST:
            wrong.append(f"{name}: its own image processor makes the same of {file}, so that nothing is compared")
        text = f"{found['fingerprint'][:15]}…  logits off by {off:.2g}"
        beside = "" if other is None else f"; by its own image processor {other:.2g}"
        print(f"{file.name:22}{name:30}{text}{beside}", flush=True)
    return wrong


def distance(some, others):
    """The largest difference of two lists of logits; None if there is none of the first."""
    return some and max(abs(a - b) for a, b in zip(some, others, strict=True))


def main():
    if missing := [name for name in ("npm", "chromium") if not shutil.which(name)]:
        sys.exit(f"the test needs system packages that are missing: apt install {' '.join(missing)}")
    print("installing, or taking from build/peers", flush=True)
    python = Environment(sys.executable, (install_into(FOLDER / "onnx", *WHEELS),))
    install_packages()
    run("node", "node_modules/typescript/bin/tsc", *TYPED, "javascript_tensors.mts", "serve.mjs")
    python.work("examples.onnx.make_model", MODEL)
    wrong = [problem for name in FILES for problem in compare(python, ROOT / name)]
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
