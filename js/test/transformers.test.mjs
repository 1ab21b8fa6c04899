// SPDX-License-Identifier: MIT
// The image processor for transformers.js; `make test-js-onnx` has it beside the library.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {before, test} from 'node:test';
import {load, Recipe} from '../dist/index.js';
import {imageProcessor} from '../dist/transformers.js';
import {read, refuses} from './support.mjs';

class Tensor {
  constructor(type, data, dims) {
    Object.assign(this, {type, data, dims});
  }
}
const LINE = 'isopixel 1: image rgb orientation=ignore alpha=drop | bilinear short=24 | crop 24,24 | normalize mean=0.5,0.25,0.125 std=0.5';
const STRETCHED = 'isopixel 1: image rgb | bilinear short=8 | normalize mean=0 std=1';
const FILES = ['docs/demo.jpg', 'spec/pictures/progressive-420.jpg'];

before(() => load());

test('a batch has the arrays of its files, whatever they come as', async () => {
  const recipe = Recipe.parse(LINE), files = await Promise.all(FILES.map(read));
  const arrays = await Promise.all(files.map(file => recipe.run(file))), right = arrays.flatMap(({data}) => [...data]);
  const server = createServer((_, response) => response.end(files[1])).listen(0, '127.0.0.1');
  await new Promise(done => server.once('listening', done));
  try {
    const address = `http://127.0.0.1:${server.address().port}/`;
    for (const second of [files[1], new Blob([files[1]]), new Response(files[1]), address, new URL(address)]) {
      const {pixel_values, ...rest} = await imageProcessor(recipe, Tensor)([files[0], second]);
      assert.deepEqual(rest, {});
      assert.ok(pixel_values instanceof Tensor && pixel_values.data instanceof Float32Array);
      assert.deepEqual([pixel_values.type, pixel_values.dims], ['float32', [2, 3, 24, 24]]);
      assert.deepEqual([...pixel_values.data], right);
    }
  } finally {
    server.close();
  }
});

test('of one image it makes a batch of one; a RawImage is a picture', async () => {
  const recipe = Recipe.parse(LINE), image = {data: new Uint8ClampedArray(30 * 40 * 4).map((_, i) => (i * 37) % 251), width: 40, height: 30, channels: 4};
  const {pixel_values} = await imageProcessor(recipe, Tensor)(image);
  assert.deepEqual(pixel_values.dims, [1, 3, 24, 24]);
  assert.deepEqual(pixel_values.data, (await recipe.run(image)).data);
});

test('files that are not pictures go into a model too', async () => {
  const recipe = Recipe.of('nataraj', [16, 16], {mean: 0.5, std: 0.5});
  const {pixel_values} = await imageProcessor(recipe, Tensor)(Uint8Array.from({length: 999}, (_, i) => i));
  assert.deepEqual(pixel_values.dims, [1, 1, 16, 16]);
});

test('what is no batch of float32 is refused', async () => {
  const files = await Promise.all(FILES.map(read)), processor = imageProcessor(Recipe.parse(STRETCHED), Tensor);
  await refuses('BAD_ARGUMENT', () => imageProcessor(Recipe.parse('isopixel 1: image rgb | bilinear 8,8'), Tensor));
  await refuses('BAD_ARGUMENT', () => imageProcessor(LINE, Tensor));
  await refuses('BAD_ARGUMENT', () => imageProcessor(Recipe.parse(LINE)));
  await refuses('BAD_ARGUMENT', () => processor([]));
  await refuses('BAD_ARGUMENT', () => processor(files));
  await refuses('BAD_ARGUMENT', () => processor(5));
  await refuses('BAD_PICTURE', () => processor(Uint8Array.of(1, 2, 3)));
});
