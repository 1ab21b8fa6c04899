// SPDX-License-Identifier: MIT
// Runs a WASI program in Node.js: `node wasi.mjs PROGRAM ARGUMENTS…`; it sees the current folder.
import {readFile} from 'node:fs/promises';
import {WASI} from 'node:wasi';

const args = process.argv.slice(2);
const wasi = new WASI({version: 'preview1', args, preopens: {'.': '.'}});
const module = await WebAssembly.compile(await readFile(args[0]));
process.exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
