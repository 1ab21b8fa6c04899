// SPDX-License-Identifier: MIT
// node bench.mjs [SECONDS of a case]: measures in Node.js and in Chromium, and writes benchmarks/results/javascript.{md,json}.
import {cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';
import {Chrome} from '../../js/test/browser/chrome.mjs';
import {serve} from '../../js/test/browser/server.mjs';
import {path} from '../../js/test/support.mjs';
import {CASES, COLOURS} from './cases.mjs';
import sharp from './node_modules/sharp/dist/index.mjs';
import {markdown} from './report.mjs';

const seconds = Number(process.argv[2] ?? 3);
const load = [loadavg()[0]];
rmSync(path('build/js/bench'), {recursive: true, force: true});
mkdirSync(path('build/js'), {recursive: true});
cpSync(path('js/dist'), path('build/js/bench'), {recursive: true});

globalThis.ImageData = class { // as much of it as jSquash needs
  constructor(data, width, height) {
    Object.assign(this, {data, width, height});
  }
};
sharp.concurrency(1);
sharp.cache(false);
function bySharp({data, shape: [, , channels]}, [height, width], [toHeight, toWidth], method) {
  const raw = {width, height, channels};
  const resized = () => sharp(data, {raw}).resize(toWidth, toHeight, {fit: 'fill', kernel: 'linear'});
  const twoTap = () => sharp(data, {raw}).affine([toWidth / width, 0, 0, toHeight / height], {interpolator: 'bilinear'});
  const make = method === 'bilinear-two-tap' ? twoTap : resized;
  return () => make().raw().toBuffer();
}

const {measure, prepare} = await import('./peers.mjs'); // after ImageData and the copy
const modules = await prepare(async name => readFileSync(path(name)));

/** Measures all cases, in the colours for which this engine has peers, by run(i, channels). */
async function measured(engine, colours, run) {
  const records = [];
  for (const [i, {method, name}] of CASES.entries())
    for (const colour of colours) {
      process.stderr.write(`${engine}: ${method}, ${name}, ${colour}\n`);
      records.push({method, name, colour, times: await run(i, COLOURS[colour])});
    }
  return records;
}

const here = (i, channels) => measure(CASES[i], channels, channels === 3 ? {sharp: bySharp} : {}, seconds);
const engines = {'Node.js': await measured('Node.js', ['RGB', 'RGBA'], here)};
const [chrome, server] = [await Chrome.start(), await serve()];
let chromium;
try {
  const page = await chrome.open(`${server.origin}/js/test/browser/vectors.html`);
  const there = (i, channels) => page.evaluate(`import('/benchmarks/js/in_page.mjs').then(({run}) => run(${i}, ${channels}, ${seconds}))`);
  engines.Chromium = await measured('Chromium', ['RGBA'], there);
  chromium = (await chrome.send('Browser.getVersion')).product.split('/')[1];
} finally {
  await chrome.stop();
  server.stop();
}
load.push(loadavg()[0]);

const {dependencies} = JSON.parse(readFileSync(path('benchmarks/js/package.json')));
const [{version, compiler}] = modules;
const results = {
  machine: {
    date: new Date().toISOString().slice(0, 10), cpu: cpus()[0].model, cpus: cpus().length, load, compiler,
    versions: {isopixel: version, 'Node.js': process.versions.node, Chromium: chromium, ...dependencies},
    modules: modules.map(({simd, isa}) => ({simd, isa, bytes: statSync(path(`build/js/pixels-${simd ? 'simd' : 'scalar'}.wasm`)).size})),
  },
  engines,
};
const text = markdown(results);
process.stdout.write(text);
writeFileSync(path('benchmarks/results/javascript.json'), `${JSON.stringify(results, null, 1)}\n`);
writeFileSync(path('benchmarks/results/javascript.md'), text);
