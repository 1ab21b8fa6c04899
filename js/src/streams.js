// SPDX-License-Identifier: MIT
// The images of bytes, sounds and listings that come in pieces. Each has an instance of its own, which goes with it.
import {BLOCK, Core, MOST_MEMORY} from './core.js';
import {IsopixelError} from './errors.js';
import {resize} from './resize.js';

/** Which of the two modules read a layout's source, besides that of images: null for none. */
export const readerOf = layout => (/^log|,unknown=/.test(layout) ? 'readers' : null);
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
  #core = new Core('pixels');
  #stream;
  #to;
  #shape;

  constructor({size, method}, length, layout) {
    const core = this.#core;
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

const INCOMPLETE = 'INCOMPLETE';

class SoundImage {
  #core = new Core('readers');
  #recipe;
  #length;
  #head = new Uint8Array(0); // until the samples begin
  #wanted = 44;
  #stream = 0;
  #to;
  #shape;
  #at = 0; // of the file
  #samples; // [begin, end]

  constructor(recipe, length) {
    this.#recipe = recipe;
    this.#length = length;
    this.#wanted = Math.min(this.#wanted, length);
  }
  push(bytes) {
    if (this.#stream === 0) {
      const head = new Uint8Array(this.#head.length + bytes.length);
      head.set(this.#head);
      head.set(bytes, this.#head.length);
      this.#head = head;
      if (head.length < this.#wanted || !this.#begin(head)) return;
      this.#head = null;
      bytes = head;
    }
    const [begin, end] = this.#samples, from = this.#at;
    this.#at += bytes.length;
    push(this.#core, 'sound_push', this.#stream, bytes.subarray(Math.max(begin - from, 0), Math.max(end - from, 0)));
  }
  // Begins the image if the head of the file has come; returns whether it has.
  #begin(head) {
    const core = this.#core, {layout} = this.#recipe, at = core.allocate(head.length);
    core.write(head, at);
    try {
      const sound = core.ask('wav_info', at, head.length, this.#length);
      const [begin, n] = core.numbers(2);
      this.#samples = [begin, begin + n];
      core.ask('sound_size', layout, sound);
      const [height, width] = core.numbers(2);
      checkRoom(height * width);
      this.#shape = [height, width];
      this.#to = core.allocate(height * width);
      this.#stream = core.ask('sound_begin', layout, sound, this.#to, width);
      return true;
    } catch (error) {
      if (error.code !== INCOMPLETE) throw error;
      // A little more than is missing, so that a head of many chunks is not read again for each.
      this.#wanted = Math.min(Math.max(core.numbers(1)[0], 2 * head.length), this.#length);
      return false;
    } finally {
      core.release(at);
    }
  }
  finish() {
    const core = this.#core, {size, method} = this.#recipe;
    if (this.#stream === 0) core.ask('wav_info', core.block, 0, this.#length);
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
