// SPDX-License-Identifier: MIT
// What is resized: the same noise, opaque where there is alpha.

const side = n => (n[0] === n[1] ? `${n[0]}²` : `${n[1]}×${n[0]}`);

export const CASES = [
  ['bilinear', [1080, 1920], [224, 224]],
  ['bilinear', [512, 512], [224, 224]],
  ['bilinear', [224, 224], [448, 448]],
  ['bilinear-two-tap', [1080, 1920], [224, 224]],
  ['bilinear-two-tap', [512, 512], [224, 224]],
].map(([method, from, to]) => ({method, from, to, name: `${side(from)} → ${side(to)}`}));

export const COLOURS = {RGB: 3, RGBA: 4};

/** An image {data, shape} of a size, with this many channels. */
export function sourceOf([height, width], channels) {
  const data = new Uint8Array(height * width * channels);
  for (let i = 0, state = 1; i < data.length; ++i) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[i] = i % 4 === 3 && channels === 4 ? 255 : state >>> 24;
  }
  return {data, shape: [height, width, channels]};
}
