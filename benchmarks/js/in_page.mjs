// SPDX-License-Identifier: MIT
// In a page, beside its canvas.
import {CASES} from './cases.mjs';
import {measure, prepare} from './peers.mjs';

// From samples to samples; quality low is of two taps, and medium the least that shrinks without holes.
function byCanvas({data}, [height, width], [toHeight, toWidth], method) {
  const [source, context] = [[width, height], [toWidth, toHeight]].map(size => new OffscreenCanvas(...size).getContext('2d', {willReadFrequently: true}));
  const image = new ImageData(new Uint8ClampedArray(data), width, height);
  context.imageSmoothingQuality = method === 'bilinear-two-tap' ? 'low' : 'medium';
  context.globalCompositeOperation = 'copy';
  return () => {
    source.putImageData(image, 0, 0);
    context.drawImage(source.canvas, 0, 0, toWidth, toHeight);
    return context.getImageData(0, 0, toWidth, toHeight).data;
  };
}

await prepare(async path => new Uint8Array(await (await fetch(`/${path}`)).arrayBuffer()));

export const run = (i, channels, seconds) => measure(CASES[i], channels, {canvas: byCanvas}, seconds);
