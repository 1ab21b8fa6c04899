// SPDX-License-Identifier: MIT
// Checks of what callers give.
import {badArgument, shown} from './errors.js';

/** A text for the core: ASCII, without a zero byte. */
export function checkText(text, what) {
  if (typeof text !== 'string') throw badArgument(`${what} must be a text, got ${shown(text)}`);
  if (!/^[\x01-\x7f]*$/.test(text)) throw badArgument(`${what} must be ASCII text, got ${shown(text)}`);
  return text;
}

export function checkWhole(value, what, least = 1) {
  if (!Number.isSafeInteger(value) || value < least) throw badArgument(`${what} must be a whole number from ${least} on, got ${shown(value)}`);
  return value;
}

/** A size: [height, width]. */
export function checkSize(size) {
  if (!Array.isArray(size) || size.length !== 2) throw badArgument(`size must be [height, width], got ${shown(size)}`);
  return [checkWhole(size[0], 'the height'), checkWhole(size[1], 'the width')];
}

/** Refuses an option that does not exist, such as one with a mistake in its name. */
export function checkNames(options, known, what) {
  for (const name of Object.keys(options ?? {}))
    if (!known.includes(name)) throw badArgument(`${what} has no option ${name}; it has ${known.join(', ')}`);
  return options ?? {};
}

export const product = numbers => numbers.reduce((a, b) => a * b, 1);

/** Bytes of a buffer or a view; null of anything else. */
export function bytesOf(source) {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const isBuffer = source instanceof ArrayBuffer || (typeof SharedArrayBuffer !== 'undefined' && source instanceof SharedArrayBuffer);
  return isBuffer ? new Uint8Array(source) : null;
}

/**
 * {data, shape} of what stands for an array: that; an ImageData; or what sharp gives, {data, info} or {data, ...info}.
 * The samples are uint8, or of one of `types`.
 */
export function checkArray(array, what, types = [Uint8Array, Uint8ClampedArray]) {
  const data = array?.data;
  if (!types.some(Type => data instanceof Type)) {
    const names = types.map(Type => Type.name).join(' or ');
    throw badArgument(`${what} must be an ImageData, {data, shape} or {data, info} with a ${names}, got ${shown(array?.data ?? array)}`);
  }
  let {shape} = array;
  if (shape === undefined) {
    const {width, height, channels = data.length / (width * height)} = array.info ?? array;
    shape = [height, width, channels];
  }
  if (!Array.isArray(shape) || shape.length === 0) throw badArgument(`shape must be an array of whole numbers, got ${shown(shape)}`);
  for (const n of shape) checkWhole(n, 'a number of the shape');
  if (product(shape) !== data.length) throw badArgument(`${what} has the shape ${shape.join('×')}, which needs ${product(shape)} samples, and has ${data.length}`);
  return {data: data instanceof Uint8ClampedArray ? bytesOf(data) : data, shape: [...shape]};
}

const AXES = ['HW', 'HWC', 'CHW', 'NHW', 'NHWC', 'NCHW'];
const MOST_CHANNELS = 4; // without axes, a longer last axis is not assumed to be channels

/** What the axes of an image are, and how long; `isPlanar` if a channel is an image of its own. */
export function checkAxes(shape, axes) {
  if (axes === undefined) {
    axes = [, , 'HW', 'HWC', 'NHWC'][shape.length];
    if (!axes) throw badArgument(`an image has 2 to 4 axes, and the shape ${shape.join('×')} has ${shape.length}`);
    if (axes.endsWith('C') && shape.at(-1) > MOST_CHANNELS)
      throw badArgument(`an image of the shape ${shape.join('×')} would have ${shape.at(-1)} channels: say what its axes are, with axes`);
  }
  if (!AXES.includes(axes)) throw badArgument(`axes must be one of ${AXES.join(', ')}, got ${shown(axes)}`);
  if (axes.length !== shape.length) throw badArgument(`axes ${axes} do not fit the shape ${shape.join('×')}`);
  const [images, height, width, channels] = [...'NHWC'].map(axis => (axes.includes(axis) ? shape[axes.indexOf(axis)] : 1));
  return {axes, images, height, width, channels, isPlanar: axes.includes('CH')};
}

/** The array for a result: `out`, if it fits, or a new one. */
export function checkOut(out, Type, n) {
  if (!(out instanceof Type) || out.length !== n) throw badArgument(`out must be a ${Type.name} of ${n}, got ${shown(out)} of ${out?.length}`);
  return out;
}
