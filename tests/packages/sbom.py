# SPDX-License-Identifier: MIT
"""Writes the bill of materials (CycloneDX 1.6) of the packages in a folder beside them: `python sbom.py FOLDER`.

It names each package with its SHA-256, and what is compiled into each wheel by the bill that the wheel itself has in
its .dist-info/sboms (PEP 770). The same packages make the same bytes.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path


def of_wheel(wheel):
    """The bill that a wheel has in itself."""
    with zipfile.ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/sboms/isopixel.cdx.json"))
        return json.loads(file.read(name))


def of_packages(packages):
    """The bill of some packages, of which one at least is a wheel."""
    bills = {package: of_wheel(package) for package in packages if package.suffix == ".whl"}
    product = next(iter(bills.values()))["metadata"]["component"]
    components, dependencies = [], [{"ref": product["bom-ref"], "dependsOn": [package.name for package in packages]}]
    for package in packages:
        name, digest = package.name, hashlib.sha256(package.read_bytes()).hexdigest()
        component = {"type": "file", "bom-ref": name, "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}
        inside = bills.get(package, {}).get("components", [])
        parts = [part | {"bom-ref": f"{name}/{part['bom-ref']}"} for part in inside]
        components.append(component | ({"components": parts} if parts else {}))
        dependencies.append({"ref": name, "dependsOn": [part["bom-ref"] for part in parts]})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": product},
        "components": components,
        "dependencies": dependencies,
    }


def write(folder):
    """Writes it; returns its path."""
    packages = sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])
    bill = of_packages(packages)
    product = bill["metadata"]["component"]
    path = folder / f"{product['name']}-{product['version']}.cdx.json"
    path.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
