// SPDX-License-Identifier: MIT
// node build.mjs TO: the page with the package of js/dist in one file, TO. It fetches nothing, and its policy allows no more
// than what it is made of.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const read = name => readFileSync(here(name), 'utf8');
const hash = text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const bundle = spawnSync(here('../test/node_modules/.bin/esbuild'),
  [here('main.js'), '--bundle', '--minify', '--format=iife', '--target=es2022', '--charset=utf8', '--legal-comments=none'], {encoding: 'utf8', maxBuffer: 1 << 26});
if (bundle.status !== 0) throw new Error(bundle.stderr ?? bundle.error);
const script = bundle.stdout, style = read('page.css');
if (/<\/(script|style)/i.test(script + style)) throw new Error('the sources cannot stand in a page');

const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${hash(style)}; img-src data:; worker-src blob:; ` +
  `script-src ${hash(script)} 'wasm-unsafe-eval'`;
const page = read('page.html').replace(/POLICY|STYLE|SCRIPT/g, word => ({POLICY: policy, STYLE: style, SCRIPT: script})[word]);
const [to] = process.argv.slice(2);
mkdirSync(dirname(to), {recursive: true});
writeFileSync(to, page);
console.log(`${to}: ${page.length} bytes`);
