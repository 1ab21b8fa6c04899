// SPDX-License-Identifier: MIT
// node pack.mjs FROM TO: the modules of FROM as JavaScript in TO, and there what the core says of itself.
import {readFileSync, writeFileSync} from 'node:fs';

const [from, to] = process.argv.slice(2);
const root = new URL('..', import.meta.url);
const read = path => readFileSync(new URL(path, root), 'utf8');

// As text, so that it is found wherever the code is: by bundlers, from files, in workers made of a Blob.
const SMALL = {raw: 260e3, packed: 90e3}, MOST = {pixels: SMALL, readers: SMALL, peers: {raw: 310e3, packed: 108e3}};
for (const [name, most] of Object.entries(MOST).flatMap(([module, most]) => [[`${module}-scalar`, most], [`${module}-simd`, most]])) {
  const module = readFileSync(`${from}/${name}.wasm`), packed = readFileSync(`${from}/${name}.wasm.gz`);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(module));
  if (imports.length > 0) throw new Error(`${name} imports ${JSON.stringify(imports)}: no host has that`);
  console.log(`${name}: ${module.length} bytes, ${packed.length} packed`);
  if (module.length > most.raw || packed.length > most.packed) throw new Error(`${name} is too large`);
  writeFileSync(`${to}/${name}.js`, `export default '${packed.toString('base64')}';\n`);
}

const core = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(`${from}/pixels-scalar.wasm`))).exports;
core._initialize();
function text(address) {
  if (address === 0) return null;
  const bytes = new Uint8Array(core.memory.buffer, address);
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
}
function listed(name) {
  const names = [];
  for (let one; (one = text(core[name](names.length))) !== null; ) names.push(one);
  return names;
}
const version = text(core.version()), methods = listed('method_name');
const codes = [];
for (const [, name, number] of read('include/isopixel.h').matchAll(/^\s*ISOPIXEL_([A-Z_]+)\s*=\s*(\d+)/gm)) codes[number] = name;

const say = (name, value) => `export const ${name} = ${JSON.stringify(value)};\n`;
const oneOf = names => names.map(name => `'${name}'`).join(' | ');
writeFileSync(`${to}/names.js`, say('version', version) + say('methods', methods) + say('CODES', codes));
writeFileSync(`${to}/names.d.ts`,
  `/** The version of isopixel. */\nexport declare const version: string;\n` +
  `/** The names that \`resize\` knows. */\nexport declare const methods: readonly MethodName[];\n` +
  `export type MethodName = ${oneOf(methods)};\n` +
  `/** What the core refuses: isopixel_status of isopixel.h. */\nexport type StatusCode = ${oneOf(codes.slice(1))};\n`);
const {name, ...rest} = JSON.parse(read('js/package.json'));
writeFileSync(`${to}/package.json`, JSON.stringify({name, version, ...rest}, null, 2) + '\n');
