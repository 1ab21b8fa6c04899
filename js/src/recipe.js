// SPDX-License-Identifier: MIT
import {checkArray, checkNames, checkSize, checkText, checkWhole, bytesOf} from './arguments.js';
import {Core, newArray, resizerOf, sharedCore} from './core.js';
import {decode} from './decode.js';
import {badArgument, IsopixelError, shown} from './errors.js';
import {sha256} from './fingerprint.js';
import {loadReaders, loadResizer} from './modules.js';
import {decimals, normalizeBy} from './normalize.js';
import {pump} from './sources.js';
import {beginImage, isOfListing, needsReaders} from './streams.js';

const RUN = ['length', 'orientation', 'onProgress', 'signal'];

/** How bytes, or images, become an array, as one line of text (SPEC R-16); index.d.ts says more. */
export class Recipe {
  #channels;

  /** Reads a recipe from its line. */
  constructor(line) {
    const core = sharedCore(), recipe = core.ask('recipe_open', checkText(line, 'a recipe'));
    const text = name => core.text(core.call(`recipe_${name}`, recipe));
    try {
      core.call('recipe_numbers', recipe);
      const [height, width, channels, isNormalized] = core.numbers(4);
      this.line = text('line');
      this.layout = text('layout');
      this.mode = text('mode');
      this.size = height > 0 ? Object.freeze([height, width]) : null;
      this.method = this.size && text('method');
      this.dtype = isNormalized ? 'float32' : 'uint8';
      this.#channels = channels;
    } finally {
      core.drop('recipe_close', recipe);
    }
    Object.freeze(this);
  }

  static parse(line) {
    return new Recipe(line);
  }

  static of(layout, size, options) {
    const {method, mean, std} = checkNames(options, ['method', 'mean', 'std'], 'Recipe.of');
    const steps = [`isopixel 1: ${word(layout, 'layout')}`];
    if (size !== undefined && size !== null) steps.push(`${word(method ?? 'bilinear', 'method')} ${checkSize(size)}`);
    else if (method !== undefined) throw badArgument(`method ${shown(method)} needs a size: without one the image is not resized`);
    if ((mean === undefined) !== (std === undefined)) throw badArgument('mean and std go together: give both, or neither');
    if (mean !== undefined) steps.push(`normalize mean=${decimals(mean, 'mean')} std=${decimals(std, 'std')}`);
    return new Recipe(steps.join(' | '));
  }

  toString() {
    return this.line;
  }
  toJSON() {
    return this.line;
  }
  get digest() {
    return sha256(new TextEncoder().encode(this.line));
  }

  async run(source, options) {
    const asked = checkNames(options, RUN, 'run');
    if (asked.length !== undefined) checkWhole(asked.length, 'length', 0);
    const {orientation, ...read} = asked;
    if (this.mode !== null) return this.#runImage(source?.data ? source : await decode(source, read), orientation);
    if (orientation !== undefined) throw badArgument('orientation is for recipes of images');
    let stream;
    const begin = async length => {
      if (length === undefined && !isOfListing(this.layout))
        throw new IsopixelError('NEEDS_LENGTH', `the layout ${this.layout} needs the number of bytes before the first of them: give length`);
      stream = await this.begin(length);
    };
    await pump(source, asked, begin, bytes => stream.push(bytes));
    return stream.finish();
  }

  async begin(length) {
    if (this.mode !== null) throw new IsopixelError('WRONG_SOURCE', 'a recipe of images is of whole pictures: use run');
    if (length !== undefined || !isOfListing(this.layout)) checkWhole(length, 'length', 0);
    await loadResizer(resizerOf(this.line));
    if (needsReaders(this.layout)) await loadReaders();
    return new ArrayStream(beginImage(this, length), length, image => this.#finished(image));
  }

  geometry(height, width, orientation = 1) {
    if (this.mode === null) throw new IsopixelError('WRONG_SOURCE', 'a recipe of bytes has no geometry: bytes do not lie where points of an image are');
    const core = sharedCore(), recipe = core.ask('recipe_open', this.line), found = [];
    const steps = this.line.split(' | ').slice(1).filter(step => !step.startsWith('normalize '));
    let [size, scale, offset] = [[height, width].map(n => checkWhole(n, 'a side')), [1, 1], [0, 0]];
    if (orientation >= 5 && this.line.includes(' orientation=apply')) size.reverse();
    try {
      if (steps.length === 0) core.ask('image_result', recipe, height, width, orientation);
      for (const [i, step] of steps.entries()) {
        core.ask('recipe_place', recipe, height, width, orientation, i);
        const [H, W, ...begin] = core.numbers(4), isResize = !/^(crop|pad) /.test(step), made = [H, W];
        if (isResize) {
          offset = offset.map((at, axis) => (at * made[axis]) / size[axis]);
          scale = scale.map((ratio, axis) => (ratio * made[axis]) / size[axis]);
        } else offset = offset.map((at, axis) => (step.startsWith('crop') ? at - begin[axis] : at + begin[axis]));
        size = made;
        found.push({size, scale, offset});
      }
    } finally {
      core.drop('recipe_close', recipe);
    }
    return found;
  }

  // The image of a layout as the recipe's array.
  #finished({data, height, width, channels}) {
    if (this.dtype === 'uint8') return {data, shape: channels === 1 ? [height, width] : [height, width, channels]};
    const core = sharedCore(), recipe = core.ask('recipe_open', this.line), result = newArray(Float32Array, data.length);
    const table = core.allocate(1024 * this.#channels);
    core.call('recipe_table', recipe, table);
    core.drop('recipe_close', recipe);
    try {
      normalizeBy(core, table, data, {images: 1, channels, height, width, isPlanar: false}, result);
    } finally {
      core.release(table);
    }
    return {data: result, shape: [channels, height, width]};
  }

  // An image, which has the mode's channels, or a picture: what decoders make, of which the mode's are made.
  async #runImage(source, told = 0) {
    const resizer = resizerOf(this.line);
    await loadResizer(resizer);
    const {data, shape} = checkArray(source, 'image'), {orientation = told} = source;
    if (shape.length !== 2 && shape.length !== 3) throw badArgument(`a recipe makes the array of one image, got the shape ${shape.join('×')}`);
    if (!Number.isInteger(orientation) || orientation < -1 || orientation > 8) throw badArgument(`orientation must be from 1 to 8, or 0 or -1, got ${shown(orientation)}`);
    const isPicture = source.shape === undefined || source.orientation !== undefined;
    const [height, width, depth = 1] = shape, core = new Core(resizer), recipe = core.ask('recipe_open', this.line);
    core.ask('image_result', recipe, height, width, orientation);
    const [H, W, channels, n] = core.numbers(4), from = core.allocate(data.length), to = core.allocate(n);
    core.write(data, from);
    core.ask('run_image', recipe, isPicture ? 1 : 0, from, height, width, depth, orientation, to, n);
    const made = core.read(to, n);
    if (this.dtype === 'float32') return {data: new Float32Array(made.buffer), shape: [channels, H, W]};
    return {data: made, shape: channels === 1 ? [H, W] : [H, W, channels]};
  }
}

function word(text, what) {
  if (/[\s|]/.test(checkText(text, what))) throw badArgument(`${what} ${shown(text)} is not one word`);
  return text;
}

/** An array of bytes in the making: push them in their order, then finish. */
class ArrayStream {
  #image;
  #length;
  #done = 0;
  #finished;

  constructor(image, length, finished) {
    this.#image = image;
    this.#length = length;
    this.#finished = finished;
  }

  push(bytes) {
    const pushed = bytesOf(bytes);
    if (!pushed) throw badArgument(`bytes must be a buffer or a view of one, got ${shown(bytes)}`);
    const done = this.#done + pushed.length;
    if (done > this.#length) throw new IsopixelError('TOO_MUCH', `${done} bytes were pushed, and the length is ${this.#length}`);
    this.#open.push(pushed);
    this.#done = done;
  }

  finish() {
    const image = this.#open;
    this.#image = null;
    if (this.#length !== undefined && this.#done < this.#length)
      throw new IsopixelError('INCOMPLETE', `${this.#done} bytes were pushed, and the length is ${this.#length}`);
    return this.#finished(image.finish());
  }

  get #open() {
    if (!this.#image) throw badArgument('the stream is at its end: begin another one');
    return this.#image;
  }
}
