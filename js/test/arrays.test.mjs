// SPDX-License-Identifier: MIT
// Arrays in, arrays out: axes, blocks, views, what is refused, memory.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createHash} from 'node:crypto';
import * as isopixel from '../dist/index.js';
import {CODES} from '../dist/names.js';
import {refuses, text} from './support.mjs';
import {formula} from './vectors.mjs';

const {fingerprint, load, loadPeers, normalize, Recipe, resize, rgb} = isopixel;
const image = {data: new Uint8Array(12), shape: [2, 2, 3]};

test('what needs load() says so', async () => {
  await refuses('NOT_LOADED', () => resize(image, [2, 2]));
  await refuses('NOT_LOADED', () => normalize(image, 0, 1));
  await refuses('NOT_LOADED', () => Recipe.parse('isopixel 1: line'));
  assert.match(fingerprint(image), /^sha256:[0-9a-f]{64}$/);
});

test('it is loaded once', async () => {
  await refuses('BAD_ARGUMENT', () => load({maxMemory: 1000}));
  await refuses('BAD_ARGUMENT', () => load({simd: 1}));
  await refuses('BAD_ARGUMENT', () => load({wasm: null}));
  await Promise.all([load({maxMemory: 64 << 20}), load()]);
  await load({maxMemory: 64 << 20});
  await refuses('BAD_ARGUMENT', () => load({maxMemory: 65 << 20}));
  await refuses('BAD_ARGUMENT', () => load({simd: !isopixel.about().simd}));
  await refuses('NOT_LOADED', () => resize(image, [2, 2], {method: 'pillow-4-bilinear'}));
  await refuses('UNKNOWN_METHOD', () => resize(image, [2, 2], {method: 'pillow-4-bilinaer'}));
  const line = 'isopixel 1: image rgb | pillow-4-bilinear 2,2';
  assert.deepEqual((await Recipe.parse(line).run(image)).data, image.data);
  await loadPeers();
  assert.deepEqual(resize(image, [2, 2], {method: 'pillow-4-bilinear'}).data, image.data);
});

test('names are the core\'s', () => {
  const version = text('pyproject.toml').match(/^version = "(.*)"/m)[1];
  assert.equal(isopixel.version, version);
  assert.equal(isopixel.about().version, version);
  const inPython = text('python/isopixel/_methods.py').match(/MethodName: TypeAlias = Literal\[([^\]]*)\]/)[1];
  assert.deepEqual(isopixel.methods, [...inPython.matchAll(/"(.*)"/g)].map(match => match[1]));
  assert.equal(CODES.length, text('include/isopixel.h').match(/^\s*ISOPIXEL_[A-Z_]+ =/gm).length);
  assert.deepEqual(CODES.filter(code => !/^[A-Z_]+$/.test(code)), []);
});

test('refusals', async () => {
  const gray = {data: new Uint8Array(4), shape: [2, 2]}, four = {data: new Uint8Array(16), shape: [2, 2, 4]};
  await refuses('UNKNOWN_METHOD', () => resize(image, [2, 2], {method: 'bicubik'}));
  await refuses('NOT_COVERED', () => resize({data: new Uint8Array(8), shape: [2, 2, 2]}, [3, 3], {method: 'pillow-4-bilinear'}));
  for (const size of [0, 2, [0, 1], [-1, 1], [1.5, 1], [NaN, 1], ['2', 1], [2], [2, 2, 2], null, [2 ** 53, 1]])
    await refuses('BAD_ARGUMENT', () => resize(image, size));
  await refuses('TOO_LARGE', () => resize(image, [2 ** 40, 2 ** 40]));
  await refuses('TOO_LARGE', () => resize(image, [2 ** 15, 2 ** 15]));
  for (const wrong of [null, {}, 'image', {data: new Float32Array(12), shape: [2, 2, 3]}, {data: new Uint8Array(11), shape: [2, 2, 3]},
    {data: new Uint8Array(12), shape: 12}, {data: new Uint8Array(12), shape: [12]}, {data: new Uint8Array(12), shape: [2, 6, 0]},
    {data: new Uint8Array(10), shape: [1, 2, 5]}, {data: new Uint8Array(12), width: 5, height: 2}, {data: [1, 2], shape: [1, 2]}])
    await refuses('BAD_ARGUMENT', () => resize(wrong, [2, 2]));
  for (const options of [{axes: 'WHC'}, {axes: 'HW'}, {axes: 'toString'}, {antialias: true}, {alpha: 'drop'}, {alpha: true}, {channels: 'RGBA'},
    {channels: 'RGBX'}, {method: 3}, {method: 'bilin\u00e9aire'}, {method: 'a\0'}, {out: new Uint8Array(3)}, {out: new Uint8ClampedArray(12)}])
    await refuses('BAD_ARGUMENT', () => resize(image, [2, 2], options));
  await refuses('BAD_ARGUMENT', () => resize(four, [1, 1], {method: 'pillow-4-bilinear'}));
  await refuses('BAD_ARGUMENT', () => resize(four, [1, 1], {method: 'pillow-4-bilinear-alpha', channels: 'CMYK'}));
  await refuses('BAD_ARGUMENT', () => resize({data: new Uint8Array(8), shape: [2, 2, 2]}, [1, 1], {method: 'pillow-4-bilinear', axes: 'CHW'}));
  assert.equal(resize(four, [1, 1], {method: 'pillow-4-bilinear', channels: 'RGBX'}).data.length, 4);
  assert.equal(resize(gray, [1, 1], {method: 'pillow-4-nearest'}).data.length, 1);
  for (const [mean, std] of [[0.5, 0], [[0.5, 0.5], 1], ['1.0000000001', 1]]) await refuses('BAD_NORMALIZATION', () => normalize(image, mean, std));
  for (const mean of [NaN, Infinity, null, true, [], '0.5,0.5', [[0.5]]]) await refuses('BAD_ARGUMENT', () => normalize(image, mean, 1));
  await refuses('BAD_ARGUMENT', () => rgb(image));
  for (const line of ['isopixel 2: line', 'isopixel 1: fixd', 'isopixel 1: line | bicubik 2,2', '']) await refuses('BAD_RECIPE', () => Recipe.parse(line));
  assert.throws(() => Recipe.parse('isopixel 1: fixd'), /fixd/);
  for (const line of ['isopixel 1: l\u00edne', 'isopixel 1: line\0', null]) await refuses('BAD_ARGUMENT', () => Recipe.parse(line));
  for (const [layout, size, options] of [['line | bilinear 2,2'], ['line', [1]], ['line', null, {method: 'area'}], ['line', [1, 1], {mean: 0}], ['line', [1, 1], {size: 1}]])
    await refuses('BAD_ARGUMENT', () => Recipe.of(layout, size, options));
  await refuses('BAD_RECIPE', () => Recipe.of('line', [2, 2], {mean: 123, std: 58}));
});

test('SHA-256 is that of Node.js, at every length', () => {
  for (const n of [1, 2, 20, 30, 31, 32, 33, 55, 56, 63, 64, 65, 100, 119, 120, 127, 128, 1000, 300001]) {
    const data = formula('noise 1', n), line = `isopixel-array-1 uint8 ${n}\n`;
    assert.equal(fingerprint({data, shape: [n]}), 'sha256:' + createHash('sha256').update(line).update(data).digest('hex'));
  }
});

// Images whose rows are shorter than a block, as long, a little longer, and far longer.
const SHAPES = [[7, 9, 3], [300, 700, 4], [3, 65536, 4], [2, 65537, 4], [2, 262145, 1], [2, 300000, 3], [1, 5, 3]];

test('images of any length, in views of other arrays', () => {
  for (const shape of SHAPES) {
    const n = shape.reduce((a, b) => a * b), data = formula('noise 5', n), out = [5, 8, shape[2]];
    const large = new Uint8Array(n + 10).fill(99);
    large.set(data, 3);
    const whole = resize({data, shape}, [5, 8]), view = resize({data: large.subarray(3, n + 3), shape}, [5, 8]);
    assert.deepEqual(whole.shape, out);
    assert.deepEqual(view.data, whole.data);
    const room = new Uint8Array(60).fill(7), given = room.subarray(10, 10 + 40 * shape[2]);
    if (shape[2] === 1) assert.equal(resize({data, shape}, [5, 8], {out: given}).data, given);
    assert.deepEqual([...room.subarray(0, 10)], Array(10).fill(7));
    if (shape[2] !== 4) continue;
    for (let i = 3; i < n; i += 4) data[i] = 255;
    const colours = rgb({data, shape});
    assert.deepEqual(resize({data, shape}, [5, 8], {alpha: 'refuse'}), resize(colours, [5, 8]));
    assert.deepEqual([...colours.data.subarray(-3)], [...data.subarray(-4, -1)]);
  }
});

test('all orders of axes', () => {
  const [N, H, W, C] = [2, 5, 7, 3], data = formula('noise 6', N * H * W * C), planar = new Uint8Array(data.length);
  for (let n = 0; n < N; ++n) for (let p = 0; p < H * W; ++p) for (let c = 0; c < C; ++c) planar[(n * C + c) * H * W + p] = data[(n * H * W + p) * C + c];
  const batch = resize({data, shape: [N, H, W, C]}, [3, 4]), planes = resize({data: planar, shape: [N, C, H, W]}, [3, 4], {axes: 'NCHW'});
  assert.deepEqual([batch.shape, planes.shape], [[2, 3, 4, 3], [2, 3, 3, 4]]);
  const mean = ['0.485', '0.456', '0.406'], std = [0.229, 0.224, 0.225];
  const right = normalize(batch, mean, std);
  assert.deepEqual(right.shape, [2, 3, 3, 4]);
  assert.deepEqual(normalize(planes, mean, std, {axes: 'NCHW'}), right);
  for (let n = 0; n < N; ++n) {
    const one = {data: data.subarray(n * H * W * C, (n + 1) * H * W * C), shape: [H, W, C]}, single = resize(one, [3, 4]);
    assert.deepEqual(single.data, batch.data.subarray(n * 36, (n + 1) * 36));
    assert.deepEqual(normalize(single, mean, std).data, right.data.subarray(n * 36, (n + 1) * 36));
    const plane = planar.subarray(n * H * W * C, (n + 1) * H * W * C);
    assert.deepEqual(resize({data: plane, shape: [C, H, W]}, [3, 4], {axes: 'CHW'}).data, planes.data.subarray(n * 36, (n + 1) * 36));
    assert.deepEqual(resize({data: plane, shape: [C, H, W]}, [3, 4], {axes: 'NHW'}).data, planes.data.subarray(n * 36, (n + 1) * 36));
  }
});

test('normalisation beyond a block', () => {
  for (const shape of [[300, 500, 3], [1, 40, 20000]]) {
    const n = shape.reduce((a, b) => a * b), data = formula('noise 8', n), out = new Float32Array(n);
    const made = normalize({data, shape}, 0, 1, {axes: 'HWC', out}), [H, W, C] = shape;
    assert.equal(made.data, out);
    for (let p = 0; p < H * W; p += 997) for (let c = 0; c < C; c += 997) assert.equal(out[c * H * W + p], Math.fround(data[p * C + c] / 255));
  }
});

test('memory that runs out is an error, and the next call goes on', async () => {
  const small = resize(image, [4, 4]);
  for (let i = 0; i < 3; ++i) {
    await refuses('NO_MEMORY', () => resize(image, [6000, 6000]));
    assert.deepEqual(resize(image, [4, 4]), small);
  }
  const recipe = Recipe.parse('isopixel 1: nataraj | bilinear 8,8'), bytes = formula('noise 9', 100000), stream = await recipe.begin(bytes.length);
  stream.push(bytes.subarray(0, 1));
  await refuses('NO_MEMORY', () => Recipe.parse('isopixel 1: hilbert').run(new Uint8Array(40 << 20)));
  stream.push(bytes.subarray(1));
  assert.deepEqual(stream.finish(), await recipe.run(bytes));
});
