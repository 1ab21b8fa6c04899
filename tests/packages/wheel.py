# SPDX-License-Identifier: MIT
"""What a built wheel of Linux has to be, whichever compiler made it."""

import re
import subprocess
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def core_of(wheel, folder):
    """The compiled module of a wheel, extracted into a folder."""
    with zipfile.ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.startswith("isopixel/_core.") and name.endswith(".so"))
        return Path(file.extract(name, folder))


def printed(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def faults_of(core, folders=()):
    """What is wrong with a compiled module, which must not name any of some folders."""
    exported = [line.split()[-1] for line in printed("nm", "-D", "--defined-only", core).splitlines()]
    imported = printed("nm", "-D", "--undefined-only", core)
    program_headers, dynamic = printed("readelf", "-lW", core), printed("readelf", "-dW", core)
    contents = core.read_bytes()
    wanted = {
        f"exports more than PyInit__core: {', '.join(exported[:5])}": exported == ["PyInit__core"],
        "has no guards of the stack": "__stack_chk_fail" in imported,
        "has no read-only relocations": "GNU_RELRO" in program_headers,
        "binds functions when they are called": "BIND_NOW" in dynamic,
        "has a stack that can be executed": re.search(r"GNU_STACK.* RW ", program_headers) is not None,
    }
    wanted |= {f"names the folder {folder}": str(folder).encode() not in contents for folder in folders}
    return [fault for fault, is_right in wanted.items() if not is_right]
