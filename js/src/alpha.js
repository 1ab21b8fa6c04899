// SPDX-License-Identifier: MIT
// Alpha, which is never dropped in silence.
import {checkArray, checkNames} from './arguments.js';
import {newArray} from './core.js';
import {badArgument, IsopixelError, shown} from './errors.js';

/** Whether the option alpha, of an image with these axes, asks for its colours alone. */
export function checkAlpha(alpha, {channels, isPlanar}) {
  if (alpha === undefined) return false;
  if (alpha !== 'refuse' && alpha !== 'drop') throw badArgument(`alpha must be 'refuse' or 'drop', got ${shown(alpha)}`);
  if (channels !== 4 || isPlanar) throw badArgument(`alpha is for images whose last axis is red, green, blue and alpha: leave it out`);
  return true;
}

/** Copies the colours of whole pixels of RGBA; returns how many samples they are. */
export function stripAlpha(rgba, to, alpha) {
  let n = 0, all = 255;
  for (let i = 0; i < rgba.length; i += 4) {
    to[n] = rgba[i];
    to[n + 1] = rgba[i + 1];
    to[n + 2] = rgba[i + 2];
    all &= rgba[i + 3];
    n += 3;
  }
  if (all !== 255 && alpha === 'refuse')
    throw new IsopixelError('HAS_ALPHA', "a pixel is not opaque, and programs make different colours of it: alpha: 'drop' takes its colours as they are");
  return n;
}

/** The colours of an image of RGBA, as an array of its own; index.d.ts says how. */
export function rgb(image, options) {
  const {alpha = 'refuse'} = checkNames(options, ['alpha'], 'rgb');
  const {data, shape} = checkArray(image, 'image');
  checkAlpha(alpha, {channels: shape.length === 3 ? shape[2] : 0});
  const colours = newArray(Uint8Array, (data.length / 4) * 3);
  stripAlpha(data, colours, alpha);
  return {data: colours, shape: [shape[0], shape[1], 3]};
}
