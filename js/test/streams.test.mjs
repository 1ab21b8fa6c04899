// SPDX-License-Identifier: MIT
// Bytes that come in pieces, of every source; wrong lengths; aborts; little memory.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fingerprint, load, Recipe} from '../dist/index.js';
import {refuses} from './support.mjs';
import {formula, pieces} from './vectors.mjs';

await load();
const recipe = Recipe.parse('isopixel 1: square | bilinear 16,16'), bytes = formula('noise 4', 300001);
const right = fingerprint(await recipe.run(bytes));

/** The bytes of a WAV file of 16 bits, with a chunk before its samples. */
function wav(samples, before = 10) {
  const file = Buffer.alloc(44 + 8 + before + 2 * samples.length);
  file.write('RIFF....WAVEfmt ');
  [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, 8000, 4], [28, 16000, 4], [32, 2, 2], [34, 16, 2]].forEach(([at, n, size]) => file.writeUIntLE(n, at, size));
  file.write('LIST', 36);
  file.writeUInt32LE(before, 40);
  file.write('data', 44 + before);
  file.writeUInt32LE(2 * samples.length, 48 + before);
  samples.forEach((sample, i) => file.writeInt16LE(sample, 52 + before + 2 * i));
  return new Uint8Array(file);
}

async function* failing() {
  yield bytes.subarray(0, 10);
  throw new Error('the disk is gone');
}

test('every source makes the same array', async () => {
  const is = async (source, options) => assert.equal(fingerprint(await recipe.run(source, options)), right);
  const long = new Uint8Array(bytes.length + 9);
  long.set(bytes, 4);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  await is(bytes.buffer);
  await is(shared);
  await is(new DataView(bytes.buffer));
  await is(long.subarray(4, 4 + bytes.length));
  await is(Buffer.from(bytes));
  await is(new Blob([bytes]));
  await is(new Blob([bytes]).stream(), {length: bytes.length});
  await is(new Response(bytes, {headers: {'content-length': String(bytes.length)}}));
  for (const n of [1, 7, 1000, 65536, 262144, 262145, 1 << 20]) await is(pieces(n === 1 ? bytes : bytes, n === 1 ? 3 : n), {length: bytes.length});
});

test('pieces of a byte', async () => {
  const few = bytes.subarray(0, 700);
  for (const line of ['nataraj', 'hilbert | bilinear 5,7', 'bigram', 'line | area 3,4', 'fixed,width=7,channels=3,rows=floor', 'square,offset=9,length=100']) {
    const made = Recipe.parse(`isopixel 1: ${line}`), whole = await made.run(few), stream = await made.begin(few.length);
    for (let i = 0; i < few.length; ++i) stream.push(few.subarray(i, i + 1));
    stream.push(new Uint8Array());
    assert.deepEqual(stream.finish(), whole);
  }
});

test('sounds', async () => {
  const samples = Array.from({length: 3000}, (_, i) => Math.round(9000 * Math.sin(i * i / 900))), options = 'rate=8000,window=64,hop=16';
  for (const before of [0, 10, 200000]) {
    const file = wav(samples, before);
    for (const line of [`logmel,${options},bands=6`, `logfft,${options} | bilinear 20,30`, `logmel,${options},bands=6 | pillow-4-bicubic 9,9 | normalize mean=0.5 std=0.5`]) {
      const sound = Recipe.parse(`isopixel 1: ${line}`), whole = await sound.run(file);
      assert.deepEqual(await sound.run(pieces(file, before > 1000 ? 5000 : 1), {length: file.length}), whole);
      assert.ok(new Set(whole.data).size > 10);
    }
  }
  const sound = Recipe.parse(`isopixel 1: logmel,${options},bands=6`), file = wav(samples);
  await refuses('BAD_SOUND', () => sound.run(bytes));
  await refuses('BAD_SOUND', () => sound.run(new Uint8Array()));
  await refuses('BAD_SOUND', () => sound.run(file.subarray(0, 30)));
  await refuses('BAD_SOUND', () => Recipe.parse('isopixel 1: logfft,rate=44100,window=8,hop=4').run(file));
  await refuses('NEEDS_LENGTH', () => sound.run(pieces(file, 100)));
  await refuses('TOO_MUCH', () => sound.run(pieces(Buffer.concat([file, file]), 100), {length: file.length}));
  await refuses('INCOMPLETE', () => sound.run(pieces(file.subarray(0, 500), 100), {length: file.length}));
});

test('listings need no length', async () => {
  const text = new TextEncoder().encode('00401000 4D 5A ?? 90\n00401004 00 FF\n'), listing = Recipe.parse('isopixel 1: fixed,width=3,unknown=7');
  for (const [source, options] of [[text], [pieces(text, 1)], [pieces(text, 5), {length: text.length}]])
    assert.deepEqual([...(await listing.run(source, options)).data], [0x4d, 0x5a, 7, 0x90, 0, 255]);
  const dropped = await Recipe.parse('isopixel 1: line,unknown=drop,offset=1,length=3').run(text);
  assert.deepEqual([...dropped.data], [0x5a, 0x90, 0]);
  await refuses('BAD_BYTES', () => listing.run(bytes));
  await refuses('BAD_SIZE', () => listing.run(new Uint8Array()));
});

test('lengths', async () => {
  await refuses('NEEDS_LENGTH', () => recipe.run(new Blob([bytes]).stream()));
  await refuses('NEEDS_LENGTH', () => recipe.run(new Response(bytes, {headers: {'content-length': '5', 'content-encoding': 'gzip'}})));
  await refuses('INCOMPLETE', () => recipe.run(pieces(bytes, 1000), {length: bytes.length + 1}));
  await refuses('TOO_MUCH', () => recipe.run(pieces(bytes, 1000), {length: bytes.length - 1}));
  await refuses('BAD_ARGUMENT', () => recipe.run(bytes, {length: bytes.length - 1}));
  await refuses('BAD_SIZE', () => recipe.run(new Uint8Array()));
  await refuses('NO_ROWS', () => Recipe.of('fixed,width=8,rows=floor').run(new Uint8Array(3)));
  await refuses('BAD_BYTES', () => Recipe.of('line,offset=3').run(new Uint8Array(3)));
  await refuses('TOO_LARGE', () => Recipe.of('nataraj').begin(2 ** 40));
  for (const length of [-1, 1.5, '7', NaN, undefined]) await refuses('BAD_ARGUMENT', () => recipe.begin(length));
  const stream = await recipe.begin(3);
  stream.push(Uint8Array.of(1, 2));
  await refuses('TOO_MUCH', () => stream.push(Uint8Array.of(1, 2)));
  await refuses('BAD_ARGUMENT', () => stream.push('a'));
  stream.push(Uint8Array.of(3));
  stream.finish();
  await refuses('BAD_ARGUMENT', () => stream.push(new Uint8Array()));
  await refuses('BAD_ARGUMENT', () => stream.finish());
});

test('sources that are none', async () => {
  for (const source of ['text', null, 3, {}, [1, 2]]) await refuses('BAD_ARGUMENT', () => recipe.run(source));
  await refuses('BAD_ARGUMENT', () => recipe.run((async function* () { yield 'text'; })(), {length: 4}));
  await refuses('BAD_ARGUMENT', () => recipe.run(bytes, {onprogress() {}}));
  await refuses('BAD_ARGUMENT', () => recipe.run(bytes, {orientation: 1}));
  await refuses('BAD_ARGUMENT', () => recipe.run(new Response('', {status: 404})));
  await refuses('WRONG_SOURCE', () => Recipe.parse('isopixel 1: image rgb').begin(3));
  await assert.rejects(recipe.run(failing(), {length: 100}), /the disk is gone/);
});

test('progress', async () => {
  const seen = [];
  await recipe.run(new Blob([bytes]), {onProgress: (...one) => seen.push(one)});
  assert.deepEqual(seen.at(-1), [bytes.length, bytes.length]);
  assert.ok(seen.every(([done], i) => done > (seen[i - 1]?.[0] ?? 0)));
});

test('aborts', async () => {
  const aborted = {name: 'AbortError'}, before = AbortSignal.abort();
  await assert.rejects(recipe.run(bytes, {signal: before}), aborted);
  const during = new AbortController();
  await assert.rejects(recipe.run(new Blob([bytes]), {signal: during.signal, onProgress: () => during.abort()}), aborted);
  const waiting = new AbortController();
  let isCancelled = false;
  const never = new ReadableStream({pull: () => new Promise(() => {}), cancel: () => { isCancelled = true; }});
  setTimeout(() => waiting.abort(new Error('enough')), 20);
  await assert.rejects(recipe.run(never, {length: 10, signal: waiting.signal}), /enough/);
  assert.ok(isCancelled);
  // Of bytes in memory, others have a turn in between.
  const later = new AbortController();
  setTimeout(() => later.abort());
  await assert.rejects(Recipe.parse('isopixel 1: nataraj | bilinear 8,8').run(new Uint8Array(64 << 20), {signal: later.signal}), aborted);
});

test('a gibibyte goes through less than a mebibyte of memory', async () => {
  const memories = [], {Instance} = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(...all) {
      super(...all);
      memories.push(this.exports.memory);
    }
  };
  try {
    const wide = Recipe.parse('isopixel 1: nataraj | bilinear 224,224'), piece = formula('noise 2', 1 << 22), stream = await wide.begin(1 << 30);
    stream.push(piece);
    const before = memories.map(memory => memory.buffer.byteLength);
    for (let i = 1; i < 256; ++i) stream.push(piece);
    const made = stream.finish();
    const after = memories.map(memory => memory.buffer.byteLength);
    assert.ok(memories.length > 0 && after.every((n, i) => n < (before[i] ?? 0) + (1 << 20)), `${before} ${after}`);
    assert.ok(Math.max(...after) < 8 << 20, `${after}`);
    // Noise, averaged over this many rows, is of one gray.
    assert.ok(made.data.every(level => level > 120 && level < 135));
  } finally {
    WebAssembly.Instance = Instance;
  }
});
