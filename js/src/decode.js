// SPDX-License-Identifier: MIT
import {readBmp} from './bmp_reader.js';
import {Core} from './core.js';
import {loadReaders} from './modules.js';
import {checkPixels, badPicture} from './picture.js';
import {readPng} from './png_reader.js';
import {gathered} from './sources.js';

/** The picture of a file (SPEC R-51); index.d.ts says more. */
export async function decode(source, options) {
  const file = await gathered(source, options);
  await loadReaders();
  const begins = (...bytes) => bytes.every((byte, i) => file[i] === byte);
  if (begins(0xff, 0xd8, 0xff)) return readJpeg(file);
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return readPng(file, exifOrientation);
  if (begins(0x42, 0x4d)) return readBmp(file);
  if (file.length === 0) throw badPicture('the picture is empty');
  const head = Array.from(file.subarray(0, 4), byte => byte.toString(16).padStart(2, '0')).join(' ');
  throw badPicture(`the file begins with ${head}, and isopixel reads JPEG, PNG and BMP: convert it to PNG first`);
}

function readJpeg(file) {
  const core = new Core('readers'), from = core.allocate(file.length);
  core.write(file, from);
  core.ask('jpeg_info', from, file.length);
  const [height, width, channels, orientation] = core.numbers(4), n = height * width * channels;
  checkPixels(height, width);
  const to = core.allocate(n);
  core.ask('jpeg_decode', from, file.length, to, n);
  return {data: core.read(to, n), shape: [height, width, channels], orientation};
}

function exifOrientation(tiff) {
  const core = new Core('readers'), from = core.allocate(tiff.length);
  core.write(tiff, from);
  return core.call('exif_orientation', from, tiff.length);
}
