# SPDX-License-Identifier: MIT
"""Runs a WASI program in Wasmtime: `python wasi.py PROGRAM ARGUMENTS…`; it sees the current folder."""

import sys

from wasmtime import Engine, ExitTrap, Linker, Module, Store, WasiConfig

engine = Engine()
store = Store(engine)
wasi = WasiConfig()
wasi.argv = sys.argv[1:]
wasi.preopen_dir(".", ".")
wasi.inherit_stdout()
wasi.inherit_stderr()
store.set_wasi(wasi)
linker = Linker(engine)
linker.define_wasi()
instance = linker.instantiate(store, Module.from_file(engine, sys.argv[1]))
try:
    instance.exports(store)["_start"](store)
except ExitTrap as trap:
    sys.exit(trap.code)
