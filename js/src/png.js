// SPDX-License-Identifier: MIT
import {checkArray} from './arguments.js';
import {newArray} from './core.js';
import {crc32} from './crc32.js';
import {badArgument} from './errors.js';

const COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}; // PNG's types, by the number of channels

/** The bytes of a PNG file with these samples; index.d.ts says more. */
export async function png(array) {
  const {data, shape} = checkArray(array, 'array'), [height, width, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || !COLOURS.hasOwnProperty(channels))
    throw badArgument(`a PNG has the shape [height, width], or [height, width, channels] with up to 4 channels, got ${shape.join('×')}`);
  const row = width * channels, lines = newArray(Uint8Array, height * (row + 1)); // each with its filter, 0, before it
  for (let y = 0; y < height; ++y) lines.set(data.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  const packed = new Response(new Blob([lines]).stream().pipeThrough(new CompressionStream('deflate')));

  const head = new Uint8Array(13), view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, COLOURS[channels]], 8);
  const parts = [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), chunk('IHDR', head),
    chunk('IDAT', new Uint8Array(await packed.arrayBuffer())), chunk('IEND', new Uint8Array())];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function chunk(name, body) {
  const bytes = new Uint8Array(body.length + 12), view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(body, 8);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
  return bytes;
}
