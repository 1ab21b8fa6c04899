// SPDX-License-Identifier: MIT
// The vectors of the specification in a page and in a worker, with both modules: one digest.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, before, test} from 'node:test';
import {text} from '../support.mjs';
import {Chrome} from './chrome.mjs';
import {serve} from './server.mjs';

const digest = lines => createHash('sha256').update(lines).digest('hex');
const PLACES = {
  page: simd => `import('/js/test/browser/vectors_in_browser.mjs').then(({results}) => results(${simd}))`,
  worker: simd => `new Promise(done => {
    const worker = new Worker('/js/test/browser/vectors_in_browser.mjs', {type: 'module', name: '${simd ? 'simd' : 'scalar'}'});
    worker.onmessage = ({data}) => done(data);
    worker.onerror = event => done({failed: [event.message]});
  })`,
};

let chrome, server;
before(async () => ([chrome, server] = [await Chrome.start(), await serve()]));
after(async () => (await chrome.stop(), server.stop()));

for (const place of Object.keys(PLACES))
  for (const simd of [false, true])
    test(`all results are those of the references, in a ${place}, ${simd ? 'with' : 'without'} SIMD`, async t => {
      const page = await chrome.open(`${server.origin}/js/test/browser/vectors.html`);
      const {failed, text: results, simd: isSimd, isa} = await page.evaluate(PLACES[place](simd));
      assert.deepEqual(failed, []);
      assert.equal(isSimd, simd);
      assert.equal(digest(results), digest(text('build/js/cases.txt')));
      assert.deepEqual(page.complaints, []);
      assert.equal(isa, simd ? 'simd128' : 'scalar');
      t.diagnostic(`${place}, ${isa}, sha256:${digest(results)}`);
      await page.close();
    });
