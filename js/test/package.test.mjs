// SPDX-License-Identifier: MIT
// The package as it is published: types, examples, how large it is in an application.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {Worker} from 'node:worker_threads';
import {gzipSync} from 'node:zlib';
import * as isopixel from '../dist/index.js';
import * as transformers from '../dist/transformers.js';
import {path, root, text} from './support.mjs';

const tools = path('js/test/node_modules/.bin/');
mkdirSync(path('build/js'), {recursive: true});

function run(command, ...args) {
  const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8'});
  return {status, said: stdout + stderr};
}

test('the sample compiles with --strict, and the types have what the module has', () => {
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom,dom.asynciterable'];
  const {status, said} = run(process.execPath, path('js/test/node_modules/typescript/bin/tsc'), ...options, path('js/test/types.mts'));
  assert.equal(status, 0, said);
  for (const [file, module] of Object.entries({index: isopixel, transformers}))
    for (const name of Object.keys(module)) assert.match(text(`js/dist/${file}.d.ts`), new RegExp(`export (function|class|declare const) ${name}\\b|export \\{[^}]*\\b${name}\\b`));
});

// As much of transformers.js as the README's example needs.
const TRANSFORMERS = `exports.Tensor = class {};
  exports.AutoModelForImageClassification = {from_pretrained: async () => async ({pixel_values}) => ({logits: pixel_values})};`;

test('the examples of the README run', () => {
  const folder = mkdtempSync(path('build/js/readme-'));
  try {
    mkdirSync(`${folder}/node_modules`);
    symlinkSync(path('js/dist'), `${folder}/node_modules/isopixel`, 'dir');
    mkdirSync(`${folder}/node_modules/@huggingface/transformers`, {recursive: true});
    writeFileSync(`${folder}/node_modules/@huggingface/transformers/index.js`, TRANSFORMERS);
    const examples = [...text('js/README.md').matchAll(/```js\n([\s\S]*?)```/g)].map(match => match[1]);
    assert.ok(examples.length >= 6);
    for (const [i, example] of examples.entries()) {
      writeFileSync(`${folder}/${i}.mjs`, example);
      const {status, said} = run(process.execPath, `${folder}/${i}.mjs`);
      assert.equal(status, 0, `${example}\n${said}`);
      const comments = [...example.matchAll(/console\.log\(.*\); \/\/ ([A-Z_]+)$/gm)].map(match => match[1]);
      for (const comment of comments) assert.ok(said.includes(comment), said);
    }
  } finally {
    rmSync(folder, {recursive: true});
  }
});

test('a worker makes the same array', async () => {
  const code = `const {parentPort} = require('node:worker_threads');
    import(${JSON.stringify(new URL('js/dist/index.js', root).href)}).then(async ({load, resize}) => {
      await load();
      parentPort.postMessage(resize({data: Uint8Array.of(0, 255), shape: [1, 2]}, [1, 3]).data);
    });`;
  const worker = new Worker(code, {eval: true}), [data] = await once(worker, 'message');
  await worker.terminate();
  assert.deepEqual([...data], [0, 128, 255]);
});

// Bundles what is imported; the size of what is loaded at once, compressed.
function bundled(code) {
  const folder = mkdtempSync(path('build/js/bundle-'));
  try {
    writeFileSync(`${folder}/app.mjs`, code.replace('isopixel', path('js/dist/index.js')));
    const {status, said} = run(`${tools}esbuild`, `${folder}/app.mjs`, '--bundle', '--minify', '--format=esm', '--splitting', '--target=es2022', `--outdir=${folder}/out`);
    assert.equal(status, 0, said);
    const seen = new Set(), todo = ['app.js'];
    for (let name; (name = todo.pop()); ) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const [, other] of readFileSync(`${folder}/out/${name}`, 'utf8').matchAll(/(?:from|import)"\.\/([^"]+)"/g)) todo.push(other);
    }
    const all = [...seen].map(name => readFileSync(`${folder}/out/${name}`));
    return {size: all.reduce((n, file) => n + gzipSync(file).length, 0), files: readdirSync(`${folder}/out`).length, code: all.join('')};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

test('an application that resizes gets no more than 4 KB beside the module', t => {
  const {size, files, code} = bundled("import {load, resize} from 'isopixel'; await load(); globalThis.resize = resize;");
  t.diagnostic(`${size} bytes`);
  assert.ok(size <= 4096, `${size} bytes`);
  assert.ok(files >= 5 && !code.includes('IHDR') && !code.includes('H4sI'), 'more than resize');
  assert.ok(bundled("import * as all from 'isopixel'; globalThis.all = all;").code.includes('IHDR'));
});

test('what is published is complete, and names no other package', () => {
  const {dependencies, version, exports, engines} = JSON.parse(text('js/dist/package.json'));
  assert.equal(dependencies, undefined);
  assert.equal(version, isopixel.version);
  assert.equal(engines.node, '>=18');
  const files = readdirSync(path('js/dist'));
  const exported = Object.values(exports).flatMap(one => (typeof one === 'string' ? one : Object.values(one)));
  assert.ok(exported.length === 5);
  for (const name of ['LICENSE', 'README.md', 'names.js', 'names.d.ts', ...exported.map(name => name.slice(2))]) assert.ok(files.includes(name), name);
  for (const name of files.filter(name => name.endsWith('.js')))
    for (const [, other] of text(`js/dist/${name}`).matchAll(/(?:from|import\()\s*'([^']+)'/g)) assert.ok(files.includes(other.slice(2)), `${name} imports ${other}`);
});
