// SPDX-License-Identifier: MIT
import {checkAlpha, stripAlpha} from './alpha.js';
import {checkArray, checkAxes, checkNames, checkOut, checkSize, checkText} from './arguments.js';
import {BLOCK, MOST_MEMORY, newArray, resizerOf, sharedCore} from './core.js';
import {badArgument, IsopixelError, shown} from './errors.js';
import {methods} from './names.js';

const OPTIONS = ['method', 'axes', 'channels', 'alpha', 'out'];

/** Resizes an image, or a batch of them; index.d.ts says how. */
export function resize(image, size, options) {
  const {method = 'bilinear', axes, channels, alpha, out} = checkNames(options, OPTIONS, 'resize');
  const {data, shape} = checkArray(image, 'image'), [height, width] = checkSize(size), a = checkAxes(shape, axes);
  const strips = checkAlpha(alpha, a);
  checkText(method, 'method');
  checkChannels(method, channels, strips ? 3 : a.channels, !a.isPlanar);
  const images = a.isPlanar ? a.images * a.channels : a.images, depth = strips ? 3 : a.isPlanar ? 1 : a.channels;
  const inBytes = data.length / images, outBytes = height * width * depth;
  if (!(outBytes <= MOST_MEMORY) || !Number.isSafeInteger(images * outBytes))
    throw new IsopixelError('TOO_LARGE', `a result of ${height} × ${width} × ${depth} is beyond the memory of an instance`);

  const core = sharedCore(methods.includes(method) ? resizerOf(method) : 'pixels');
  let result = out === undefined ? null : checkOut(out, Uint8Array, images * outBytes);
  const to = core.allocate(outBytes);
  try {
    for (let i = 0; i < images; ++i) {
      const stream = core.ask('stream_begin', method, depth, a.height, a.width, height, width, to);
      try {
        const source = data.subarray(i * inBytes, (i + 1) * inBytes);
        pushImage(core, stream, source, inBytes / a.height, alpha);
      } catch (error) {
        core.drop('stream_finish', stream);
        throw error;
      }
      core.ask('stream_finish', stream);
      result ??= newArray(Uint8Array, images * outBytes); // not before the core has accepted the sizes
      result.set(core.bytes.subarray(to, to + outBytes), i * outBytes);
    }
  } finally {
    core.release(to);
  }
  const lengths = {H: height, W: width, ...(strips && {C: 3})};
  return {data: result, shape: shape.map((n, i) => lengths[a.axes[i]] ?? n)};
}

// Pushes the samples in blocks, of whole rows if a block holds one: the core is faster with these.
function pushImage(core, stream, source, row, alpha) {
  const step = row <= BLOCK ? BLOCK - (BLOCK % row) : BLOCK, {block} = core;
  for (let i = 0; i < source.length; i += step) {
    const piece = source.subarray(i, i + step);
    if (alpha === undefined) core.write(piece, block);
    const n = alpha === undefined ? piece.length : stripAlpha(piece, core.bytes.subarray(block, block + BLOCK), alpha);
    core.ask('stream_push', stream, block, n);
  }
}

const OPAQUE = ['CMYK', 'RGBX'];

// Refuses an image whose fourth channel may be alpha, by which the method's library multiplies first.
function checkChannels(method, channels, count, areLast) {
  const hasAlphaForm = methods.includes(`${method}-alpha`);
  if (channels === undefined) {
    if (!hasAlphaForm || !(count === 4 || (count === 2 && !areLast))) return;
    const otherwise = count === 4 ? "channels: 'CMYK' (or 'RGBX')" : "axes: 'NHW' for gray images";
    throw badArgument(`the last of ${count} channels may be alpha, by which the library of ${method} multiplies first: use ${method}-alpha${areLast ? '' : ', with the channels last'}; or ${otherwise} if it is not alpha`);
  }
  if (!OPAQUE.includes(channels)) throw badArgument(`channels must be 'CMYK' or 'RGBX', got ${shown(channels)}; alpha is for methods named …-alpha`);
  if (count !== 4) throw badArgument(`channels ${channels} needs an image of 4 channels, got ${count}`);
  if (method.endsWith('-alpha')) throw badArgument(`channels ${channels} has no alpha, and ${method} is for images that have`);
}
