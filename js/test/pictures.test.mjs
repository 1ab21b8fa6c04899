// SPDX-License-Identifier: MIT
// Pictures as Python decodes them (cases.py), and PNG files that are written.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {deflateRawSync, deflateSync} from 'node:zlib';
import {decode, fingerprint, load, png, Recipe, rgb} from '../dist/index.js';
import {inflate} from '../dist/inflate.js';
import {refuses, text} from './support.mjs';
import {formula} from './vectors.mjs';

await load();
const pictures = JSON.parse(text('build/js/pictures.json'));

async function outcome(file) {
  try {
    const picture = await decode(file);
    return `${fingerprint(picture)} ${picture.orientation}`;
  } catch (error) {
    if (error.code !== 'BAD_PICTURE') throw error;
    return 'refused';
  }
}

test('every picture is as in Python, or refused as there', async () => {
  const differ = [];
  for (const {name, file, outcome: right} of pictures) {
    const result = await outcome(Buffer.from(file, 'hex'));
    if (result !== right) differ.push(`${name}: ${result}, not ${right}`);
  }
  assert.deepEqual(differ, []);
  const refused = pictures.filter(one => one.outcome === 'refused').length;
  assert.ok(refused > 100 && pictures.length - refused > 200);
});

test('a changed sample is found', async () => {
  const {file, outcome: right} = pictures.find(({name}) => name === 'bmp-24-5'), bytes = Buffer.from(file, 'hex');
  bytes[bytes.length - 8] ^= 1;
  assert.notEqual(await outcome(bytes), right);
});

test('what is written is read again', async () => {
  for (const shape of [[1, 1], [5, 7], [5, 7, 1], [300, 20, 2], [4, 3, 3], [260, 300, 4]]) {
    const data = formula('noise 7', shape.reduce((a, b) => a * b)), image = {data, shape};
    const made = await decode(await png(image));
    assert.deepEqual(made.data, data);
    assert.deepEqual(made.shape, shape.length === 2 ? [...shape, 1] : shape);
  }
  await refuses('BAD_ARGUMENT', () => png({data: new Uint8Array(5), shape: [1, 1, 5]}));
  await refuses('BAD_ARGUMENT', () => png({data: new Float32Array(1), shape: [1, 1]}));
});

test('pictures by recipes', async () => {
  const rgba = {data: formula('noise 3', 4 * 12), width: 4, height: 3}, file = await png({data: rgba.data, shape: [3, 4, 4]});
  const drop = Recipe.parse('isopixel 1: image bgr alpha=drop');
  const {data: [r, g, b]} = rgb(rgba, {alpha: 'drop'});
  for (const source of [rgba, {data: rgba.data, info: {width: 4, height: 3, channels: 4}}, file, new Blob([file]), await decode(file)])
    assert.deepEqual([...(await drop.run(source)).data.subarray(0, 3)], [b, g, r]);
  await refuses('BAD_IMAGE', () => Recipe.parse('isopixel 1: image rgb').run(rgba));
  await refuses('BAD_IMAGE', () => drop.run({data: rgba.data, shape: [3, 4, 4]})); // an image has the mode's channels
  await refuses('BAD_PICTURE', () => drop.run(new TextEncoder().encode('GIF89a')));
  await refuses('BAD_PICTURE', () => drop.run(new Uint8Array()));
  await refuses('BAD_ARGUMENT', () => drop.run(rgba, {orientation: 9}));
});

test('alpha is not dropped in silence', async () => {
  const data = new Uint8ClampedArray(4 * 350 * 400).fill(255), image = {data, width: 350, height: 400};
  for (const place of [0, 65535, 65536, 139999]) {
    assert.equal(rgb(image).data.length, 3 * 350 * 400);
    data[4 * place + 3] = 254;
    await refuses('HAS_ALPHA', () => rgb(image));
    assert.equal(rgb(image, {alpha: 'drop'}).data.length, 3 * 350 * 400);
    data[4 * place + 3] = 255;
  }
});

test('the geometry', async () => {
  await load();
  const recipe = Recipe.parse('isopixel 1: image rgb | bilinear fit=640,640 | pad 640,640 value=114');
  assert.deepEqual(recipe.geometry(480, 1280).at(-1), {size: [640, 640], scale: [0.5, 0.5], offset: [200, 0]});
  const crop = Recipe.parse('isopixel 1: image rgb | crop square | bilinear 50,50');
  assert.deepEqual(crop.geometry(100, 200).at(-1), {size: [50, 50], scale: [0.5, 0.5], offset: [0, -25]});
  await refuses('WRONG_SOURCE', () => Recipe.parse('isopixel 1: nataraj').geometry(1, 1));
});

test('more than 2^28 pixels are refused before they are read', async () => {
  const file = Buffer.from(await png({data: new Uint8Array(1), shape: [1, 1]}));
  file.writeUInt32BE(100000, 16);
  file.writeUInt32BE(100000, 20);
  const {crc32} = await import('../dist/crc32.js');
  file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
  await refuses('TOO_LARGE', () => decode(file));
});

test('what only begins like a BMP', async () => {
  const file = Buffer.from(pictures.find(({name}) => name === 'bmp-24-5').file, 'hex');
  file[1] = 0x4e;
  await refuses('BAD_PICTURE', () => decode(file));
});

test('a stream of zlib that is cut short, or reaches behind its beginning', () => {
  const text = Buffer.from('any text, any text'), packed = deflateRawSync(text, {dictionary: text});
  assert.throws(() => inflate(Buffer.concat([Buffer.of(0x78, 0x9c), packed]), 100), /too far/);
  assert.deepEqual(inflate(deflateSync(text), 100), Uint8Array.from(text));
  assert.equal(inflate(new Uint8Array(), 10).length, 0);
  assert.throws(() => inflate(Uint8Array.of(0x78, 0x9d), 10));
});
