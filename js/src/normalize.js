// SPDX-License-Identifier: MIT
import {checkArray, checkAxes, checkNames, checkOut, checkText} from './arguments.js';
import {BLOCK, newArray, sharedCore} from './core.js';
import {badArgument, shown} from './errors.js';

/** Makes float32 numbers of an image, or of a batch; index.d.ts says how. */
export function normalize(image, mean, std, options) {
  const {axes, out} = checkNames(options, ['axes', 'out'], 'normalize');
  const {data, shape} = checkArray(image, 'image'), a = checkAxes(shape, axes), core = sharedCore();
  const result = out === undefined ? newArray(Float32Array, data.length) : checkOut(out, Float32Array, data.length);
  const table = core.allocate(1024 * a.channels);
  try {
    core.ask('normalization_table', decimals(mean, 'mean'), decimals(std, 'std'), a.channels, table);
    normalizeBy(core, table, data, a, result);
  } finally {
    core.release(table);
  }
  return {data: result, shape: [...(a.axes.includes('N') ? [a.images] : []), a.channels, a.height, a.width]};
}

/** Writes to `result` what a table, at its address, makes of samples with these axes. */
export function normalizeBy(core, table, data, {images, channels, height, width, isPlanar}, result) {
  // Runs of pixels that follow each other: of an image, or of one channel.
  const runs = isPlanar ? images * channels : images, depth = isPlanar ? 1 : channels, pixels = height * width;
  const most = Math.max(1, Math.floor(BLOCK / depth)); // (A pixel may be longer than a block.)
  const from = core.allocate(most * depth), to = core.allocate(4 * most * depth);
  try {
    for (let run = 0; run < runs; ++run) {
      const used = isPlanar ? table + 1024 * (run % channels) : table;
      for (let pixel = 0; pixel < pixels; pixel += most) {
        const n = Math.min(most, pixels - pixel), start = (run * pixels + pixel) * depth;
        core.write(data.subarray(start, start + n * depth), from);
        core.ask('normalize', used, depth, n, from, to);
        const made = new Float32Array(core.bytes.buffer, to, n * depth);
        for (let c = 0; c < depth; ++c) result.set(made.subarray(c * n, (c + 1) * n), (run * depth + c) * pixels + pixel);
      }
    }
  } finally {
    core.release(from);
    core.release(to);
  }
}

/** One or more decimal numbers as the core reads them: texts, or numbers as they are written. */
export function decimals(values, what) {
  const all = Array.isArray(values) ? values : [values];
  if (all.length === 0) throw badArgument(`${what} is empty: give one number, or one for each channel`);
  return all.map(value => {
    if (typeof value === 'string' && !/[,\s|]/.test(value)) return checkText(value, what);
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    throw badArgument(`${what} must be decimal numbers, or texts such as '0.485', got ${shown(value)}`);
  }).join(',');
}
