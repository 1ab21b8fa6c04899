// SPDX-License-Identifier: MIT
// The vectors of the specification. ISOPIXEL_JS=scalar takes the module without SIMD.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {test} from 'node:test';
import {about, load, loadPeers} from '../dist/index.js';
import {read, text} from './support.mjs';
import {run} from './vectors.mjs';

const simd = process.env.ISOPIXEL_JS !== 'scalar';
const digest = lines => createHash('sha256').update(lines).digest('hex');

test('all results are those of the references, and one digest', async t => {
  await load({simd});
  await loadPeers();
  assert.equal(about().simd, simd);
  assert.equal(about().isa, simd ? 'simd128' : 'scalar');
  const cases = text('build/js/cases.txt'), lines = cases.trimEnd().split('\n');
  assert.ok(lines.length > 2000);
  const {failed, text: results} = await run(lines, read);
  assert.deepEqual(failed, []);
  assert.equal(digest(results), digest(cases));
  t.diagnostic(`${lines.length} cases, ${about().isa}, sha256:${digest(results)}`);
});

test('a wrong result is found', async () => {
  const lines = text('build/js/cases.txt').split('\n'), of = name => lines.find(line => line.startsWith(name));
  const wrong = ['resize', 'bytes', 'data', 'image', 'jpeg', 'normalize'].map(name => of(name).replace(/.$/, end => (end === '0' ? '1' : '0')));
  assert.equal((await run(wrong, read)).failed.length, wrong.length);
});
