// SPDX-License-Identifier: MIT
// BMP files as pictures (SPEC R-51): of 24 bits, or of 8 with a palette, without compression.
import {newArray} from './core.js';
import {badPicture, checkPixels} from './picture.js';

const HEADER = 54; // bytes of both headers that are looked at

/** {data, shape, orientation} of a BMP file. */
export function readBmp(file) {
  if (file.length < HEADER) throw badPicture('it is cut short');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const begin = view.getUint32(10, true), header = view.getUint32(14, true), bits = view.getUint16(28, true);
  if ((bits !== 8 && bits !== 24) || view.getUint32(30, true) !== 0 || header === 12)
    throw badPicture('it is not a BMP of 24 bits, or of 8 with a palette, without compression: convert it first');
  const width = view.getInt32(18, true), told = view.getInt32(22, true), rows = Math.abs(told);
  if (width < 1 || rows < 1) throw badPicture('it is broken: it has no pixels');
  checkPixels(rows, width);
  const colours = bits === 8 ? view.getUint32(46, true) || 256 : 0, palette = 14 + header;
  if (colours > 256 || begin < palette + 4 * colours) throw badPicture('it is broken: its palette reaches into its samples');
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (file.length < begin + rows * stride) throw badPicture('it is cut short');
  const data = newArray(Uint8Array, rows * width * 3);
  for (let y = 0, to = 0; y < rows; ++y) {
    let from = begin + (told < 0 ? y : rows - 1 - y) * stride;
    for (let x = 0; x < width; ++x, to += 3, from += bits / 8) {
      if (bits === 8 && file[from] >= colours) throw badPicture('it is broken: its palette does not have all of its colours');
      const colour = bits === 8 ? palette + 4 * file[from] : from;
      for (let c = 0; c < 3; ++c) data[to + c] = file[colour + 2 - c];
    }
  }
  return {data, shape: [rows, width, 3], orientation: 1};
}
