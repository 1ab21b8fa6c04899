// SPDX-License-Identifier: MIT
// What runs in Node.js and in a page: isopixel with each of its modules, pica and jSquash. They run in one thread.
import resizeByJsquash, {initResize} from './node_modules/@jsquash/resize/index.js';
import {Pica} from './node_modules/pica/dist/pica.min.mjs';
import * as simd from '../../js/dist/index.js';
import * as scalar from '../../build/js/bench/index.js'; // a copy, because a package loads one module
import {sourceOf} from './cases.mjs';
import {interleaved} from './measure.mjs';

const WASM = 'benchmarks/js/node_modules/@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm';
const pica = new Pica({features: ['js', 'wasm']});

// Filters of the same width as bilinear; neither has one of two taps.
const OF_RGBA = {
  pica: ({data}, [height, width], [toHeight, toWidth]) => {
    const options = {src: data, width, height, toWidth, toHeight, filter: 'hamming'};
    return () => pica.resizeBuffer(options);
  },
  jSquash: ({data}, [height, width], [toHeight, toWidth]) => {
    const image = new ImageData(new Uint8ClampedArray(data), width, height);
    const options = {width: toWidth, height: toHeight, method: 'triangle', fitMethod: 'stretch', premultiply: false, linearRGB: false};
    return async () => (await resizeByJsquash(image, options)).data;
  },
};

/** Compiles all; `read` reads a file of the repository. Returns what isopixel says of its modules. */
export async function prepare(read) {
  await Promise.all([simd.load({simd: true}), scalar.load({simd: false}), initResize(await read(WASM)), pica.init()]);
  return [simd.about(), scalar.about()];
}

/** Measures a case with 3 or 4 channels; `others` are peers of this engine alone, by name as those here. */
export async function measure({method, from, to, name}, channels, others, seconds) {
  const image = sourceOf(from, channels), calls = {};
  for (const [ours, {resize}] of [['isopixel', simd], ['scalar', scalar]]) calls[ours] = () => resize(image, to, {method}).data;
  for (const [peer, make] of Object.entries({...(channels === 4 && OF_RGBA), ...others})) calls[peer] = make(image, from, to, method);
  for (const [one, call] of Object.entries(calls)) {
    const {length} = await call();
    if (length !== to[0] * to[1] * channels) throw new Error(`${one} makes ${length} samples, ${name}, ${channels} channels`);
  }
  return interleaved(calls, seconds);
}
