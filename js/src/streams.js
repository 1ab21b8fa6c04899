// SPDX-License-Identifier: MIT
// The images of bytes, sounds and listings that come in pieces. Each has an instance of its own, which goes with it.
import {BLOCK, Core, MOST_MEMORY, resizerOf} from './core.js';
import {IsopixelError} from './errors.js';
import {resize} from './resize.js';

/** Whether the source of a layout is read by the module of readers. */
export const needsReaders = layout => /^log|,unknown=/.test(layout);
export const isOfListing = layout => layout.includes(',unknown=');

/** Begins the image of `length` bytes; {push(bytes), finish()}, of which the latter returns {data, height, width, channels}. */
export function beginImage(recipe, length) {
  const {layout} = recipe;
  return new (isOfListing(layout) ? ListingImage : layout.startsWith('log') ? SoundImage : ByteImage)(recipe, length, layout);
}

function checkRoom(bytes) {
  if (!(bytes <= MOST_MEMORY)) throw new IsopixelError('TOO_LARGE', 'the image is beyond the memory of an instance: give the recipe a size');
}

/** Pushes bytes in blocks to a function of the core. */
function push(core, name, stream, bytes) {
  for (let i = 0; i < bytes.length; i += BLOCK) {
    const piece = bytes.subarray(i, i + BLOCK);
    core.write(piece, core.block);
    core.ask(name, stream, core.block, piece.length);
  }
}

class ByteImage {
  #core;
  #stream;
  #to;
  #shape;

  constructor({line, size, method}, length, layout) {
    const core = (this.#core = new Core(resizerOf(line)));
    core.ask('layout_size', layout, length);
    const [height, width, channels] = core.numbers(3), [H, W] = size ?? [height, width];
    checkRoom(H * W * channels);
    this.#to = core.allocate(H * W * channels);
    this.#stream = core.ask('stream_begin_bytes', layout, length, method ?? 'bilinear', H, W, channels, this.#to);
    this.#shape = {height: H, width: W, channels};
  }
  push(bytes) {
    push(this.#core, 'stream_push', this.#stream, bytes);
  }
  finish() {
    this.#core.ask('stream_finish', this.#stream);
    const {height, width, channels} = this.#shape;
    return {data: this.#core.read(this.#to, height * width * channels), ...this.#shape};
  }
}

class SoundImage {
  #core = new Core('readers');
  #recipe;
  #header;
  #stream = 0; // once the header has come
  #to;
  #shape;
  #at = 0; // of the file
  #samples; // [begin, end]

  constructor(recipe, length) {
    this.#recipe = recipe;
    this.#header = this.#core.ask('wav_begin', length);
  }
  push(bytes) {
    for (let i = 0; i < bytes.length; i += BLOCK) this.#pushPiece(bytes.subarray(i, i + BLOCK));
  }
  #pushPiece(bytes) {
    const core = this.#core;
    core.write(bytes, core.block);
    if (this.#stream === 0) this.#begin(core.ask('wav_push', this.#header, core.block, bytes.length));
    const from = this.#at;
    this.#at += bytes.length;
    if (this.#stream === 0) return;
    const [begin, end] = this.#samples.map(at => Math.min(Math.max(at - from, 0), bytes.length));
    core.ask('sound_push', this.#stream, core.block + begin, end - begin);
  }
  // Begins the image of a sound; not yet if that is null.
  #begin(sound) {
    if (sound === 0) return;
    const core = this.#core, {layout} = this.#recipe, [begin, n] = core.numbers(2);
    this.#samples = [begin, begin + n];
    core.ask('sound_size', layout, sound);
    const [height, width] = core.numbers(2);
    checkRoom(height * width);
    this.#shape = [height, width];
    this.#to = core.allocate(height * width);
    this.#stream = core.ask('sound_begin', layout, sound, this.#to, width);
  }
  finish() {
    const core = this.#core, {size, method} = this.#recipe;
    if (this.#stream === 0) core.ask('wav_push', this.#header, core.block, 0); // no bytes are no WAV file
    core.call('sound_finish', this.#stream);
    const image = {data: core.read(this.#to, this.#shape[0] * this.#shape[1]), shape: this.#shape};
    const {data, shape: [height, width]} = size ? resize(image, size, {method}) : image;
    return {data, height, width, channels: 1};
  }
}

class ListingImage {
  #core = new Core('readers');
  #recipe;
  #layout;
  #reader;

  constructor(recipe, length, layout) {
    const [option, value] = layout.match(/,unknown=(\w+)/);
    this.#recipe = recipe;
    this.#layout = layout.replace(option, '');
    this.#reader = this.#core.ask('listing_begin', value === 'drop' ? 256 : Number(value));
  }
  push(bytes) {
    push(this.#core, 'listing_push', this.#reader, bytes);
  }
  finish() {
    const address = this.#core.ask('listing_finish', this.#reader), [n] = this.#core.numbers(1);
    const image = new ByteImage(this.#recipe, n, this.#layout);
    image.push(this.#core.read(address, n));
    return image.finish();
  }
}
