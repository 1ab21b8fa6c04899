// SPDX-License-Identifier: MIT
// What a file is, and the recipes that are tried on it.
const LAYOUTS = ['nataraj', 'nataraj,channels=3', 'wide', 'square', 'fixed,width=256', 'pow2', 'hilbert', 'bigram,scale=log', 'line'];
const METHODS = ['bilinear', 'bicubic', 'area', 'nearest', 'pillow-13-bilinear', 'pillow-12.2-bilinear', 'pillow-4-bilinear', 'pillow-13-lanczos',
  'opencv-3.4-linear', 'opencv-3.4-area', 'torch-2.0-bilinear-antialias', 'torch-2.3-bilinear'];

const MAGIC = {picture: [[0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47], [0x42, 0x4d]], sound: [[0x52, 0x49, 0x46, 0x46]]};

/** {kinds, rate}: as what a file can be shown, the best one first; and the sampling rate of a sound. */
export async function kindsOf(file) {
  const head = new DataView(await file.slice(0, 1 << 16).arrayBuffer());
  const isOf = kind => MAGIC[kind].some(magic => magic.length <= head.byteLength && magic.every((byte, i) => head.getUint8(i) === byte));
  if (isOf('picture')) return {kinds: ['picture', 'bytes']};
  const rate = isOf('sound') ? rateOf(head) : null;
  return rate ? {kinds: ['sound', 'bytes'], rate} : {kinds: ['bytes']};
}

// The rate in the format chunk of a WAV file, if there is one in its head.
function rateOf(head) {
  for (let at = 12; at + 16 <= head.byteLength; at += 8 + head.getUint32(at + 4, true) + (head.getUint32(at + 4, true) % 2))
    if (head.getUint32(at) === 0x666d7420) return head.getUint32(at + 12, true);
  return null;
}

/** The recipes of a kind. */
export function linesOf(kind, {size, method, rate}) {
  if (kind === 'picture') return METHODS.map(name => `isopixel 1: image rgb orientation=apply alpha=drop | ${name} ${size},${size}`);
  if (kind === 'bytes') return LAYOUTS.map(layout => `isopixel 1: ${layout} | ${method} ${size},${size}`);
  const frames = ms => `rate=${rate},window=${Math.min(2 * Math.round((rate * ms) / 2000), 4096)},hop=${Math.round(rate / 100)}`;
  return [[40, 25], [80, 50], [128, 100]].map(([bands, ms]) => `isopixel 1: logmel,${frames(ms)},bands=${bands}`).concat(`isopixel 1: logfft,${frames(25)}`);
}

/** What differs between the recipes of a kind. */
export const titleOf = line => line.replace(/^isopixel 1: (image \S+( \w+=\w+)* \| )?/, '').replace(/rate=.*hop=\d+,?/, '').replace(/,$/, '').replace(/ \d+,\d+$/, '');
