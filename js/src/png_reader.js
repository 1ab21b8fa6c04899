// SPDX-License-Identifier: MIT
// PNG files as pictures (SPEC R-51), with the samples of the file: not by a canvas, which changes them.
import {newArray} from './core.js';
import {crc32} from './crc32.js';
import {inflate} from './inflate.js';
import {badPicture, checkPixels} from './picture.js';

const CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}; // by the type of colours
const DEPTHS = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]};
const PALETTE = 3;
const CRITICAL = ['IHDR', 'PLTE', 'IDAT', 'IEND'];
const ADAM7 = [[0, 0, 8, 8], [0, 4, 8, 8], [4, 0, 8, 4], [0, 2, 4, 4], [2, 0, 4, 2], [0, 1, 2, 2], [1, 0, 2, 1]];
const BLOCK = 1 << 16; // bytes of samples that are unpacked at a time
const MOST_BESIDE = 64 << 20; // bytes of all chunks that are not samples
const MOST_TEXT = 1 << 20; // bytes of a text, unpacked
const EXIF_TEXT = 'Raw profile type exif';
const XMP = 'XML:com.adobe.xmp';

/** {data, shape, orientation} of a PNG file; `exifOrientation` reads that of a TIFF file. */
export function readPng(file, exifOrientation) {
  const head = readHead(file), chunks = readChunks(file);
  if (head.depth === 16) throw badPicture('it has 16 bits a sample; libraries make 8 of them in different ways: convert it first');
  if (head.colours === PALETTE && !chunks.palette) throw badPicture('it is broken: it has no palette');
  checkPixels(head.height, head.width);
  const stored = unpack(head, chunks.samples), {transparency} = chunks;
  const [data, channels] = head.colours === PALETTE ? fromPalette(stored, chunks.palette, transparency) : withTransparency(stored, head, transparency);
  return {data, shape: [head.height, head.width, channels], orientation: orientationOf(chunks, exifOrientation)};
}

function readHead(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 33 || view.getUint32(8) !== 13 || nameAt(file, 12) !== 'IHDR') throw badPicture('it is broken: it does not begin with its size');
  const width = view.getUint32(16), height = view.getUint32(20), [depth, colours, , filter, interlaced] = file.subarray(24, 29);
  const isSize = n => n > 0 && n < 2 ** 31;
  if (!DEPTHS[colours]?.includes(depth) || !isSize(width) || !isSize(height) || filter !== 0)
    throw badPicture('it is broken: it has a size or a kind of colours that PNG does not have');
  return {width, height, depth, colours, isInterlaced: interlaced !== 0};
}

const nameAt = (file, at) => String.fromCharCode(...file.subarray(at, at + 4));

// What the chunks say: the palette, the transparency, the packed samples, Exif data and texts.
function readChunks(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength), found = {exif: [], texts: {}, samples: null};
  const parts = [];
  let beside = 0, name, before;
  for (let at = 8; name !== 'IEND'; before = name) {
    if (at + 8 > file.length) throw badPicture('it is cut short');
    const length = view.getUint32(at), begin = at + 8, end = begin + length;
    name = nameAt(file, at + 4);
    if (!/^[A-Za-z]{4}$/.test(name) || length >= 2 ** 31) throw badPicture('it is broken: a chunk has no name or length');
    if (end + 4 > file.length) throw badPicture('it is cut short');
    const body = file.subarray(begin, end);
    at = end + 4;
    if (name === 'IDAT') {
      if (parts.length > 0 && before !== 'IDAT') throw badPicture('it is broken: other chunks stand between its samples');
      parts.push(body);
      continue;
    }
    if (parts.length > 0 && (name === 'PLTE' || name === 'tRNS')) throw badPicture(`it is broken: its chunk ${name} stands behind its samples`);
    if ((beside += length) > MOST_BESIDE) throw badPicture(`it has more than ${MOST_BESIDE} bytes beside its samples: save the picture alone`);
    if (crc32(file.subarray(begin - 4, end)) !== view.getUint32(end)) throw badPicture(`it is broken: the checksum of its chunk ${name} is wrong`);
    readChunk(name, body, before === undefined, found);
  }
  found.samples = parts.length === 1 ? parts[0] : joined(parts);
  return found;
}

function readChunk(name, body, isFirst, found) {
  if (name === 'acTL' && !(body.length >= 4 && body[0] === 0 && body[1] === 0 && body[2] === 0 && body[3] === 1))
    throw badPicture('it is an animation; save one frame of it as a picture first');
  if (/^[A-Z]/.test(name) && !CRITICAL.includes(name)) throw badPicture(`it has a chunk ${name}, without which its samples cannot be understood`);
  if (name === 'IHDR' && !isFirst) throw badPicture('it is broken: it has two sizes');
  if (name === 'PLTE') {
    if (body.length > 768) throw badPicture('it is broken: its palette has more than 256 colours');
    if (body.length >= 3) found.palette = body;
  }
  if (name === 'tRNS') found.transparency = body;
  if (name === 'eXIf') found.exif.push(body);
  if (['tEXt', 'zTXt', 'iTXt'].includes(name)) readText(name, body, found.texts);
}

function joined(parts) {
  const all = newArray(Uint8Array, parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) all.set(part, at), (at += part.length);
  return all;
}

// Adds the text of a chunk; not one that is broken or too long.
function readText(name, body, texts) {
  const split = body.indexOf(0), keyword = latin(split < 0 ? body : body.subarray(0, split));
  let rest = split < 0 ? body.subarray(body.length) : body.subarray(split + 1), isPacked = name === 'zTXt';
  if (isPacked) rest = rest.subarray(1); // the method
  if (name === 'iTXt') {
    isPacked = rest[0] === 1;
    rest = rest.subarray(2); // that flag, and the method; behind them the language, and the keyword in it
    for (let i = 0; i < 2 && rest.includes(0); ++i) rest = rest.subarray(rest.indexOf(0) + 1);
  }
  try {
    if (isPacked) rest = inflate(rest, MOST_TEXT + 1);
  } catch {
    return;
  }
  if (rest.length <= MOST_TEXT) texts[keyword] = latin(rest);
}

// (Those that are not ASCII are not looked at.)
const latin = bytes => new TextDecoder('latin1').decode(bytes);

// Decodes the samples, one byte each, in C order.
function unpack({width, height, depth, colours, isInterlaced}, packed) {
  const channels = CHANNELS[colours], bits = channels * depth;
  const passes = (isInterlaced ? ADAM7 : [[0, 0, 1, 1]])
    .map(([y, x, down, across]) => ({y, x, down, across, rows: Math.ceil((height - y) / down), columns: Math.ceil((width - x) / across)}))
    .filter(({rows, columns}) => rows > 0 && columns > 0);
  const rowBytes = columns => Math.ceil((columns * bits) / 8);
  const needed = passes.reduce((n, {rows, columns}) => n + rows * (1 + rowBytes(columns)), 0);
  let lines;
  try {
    // Also the rest of a block of what is unpacked: what is broken there refuses the file.
    lines = inflate(packed, Math.ceil(needed / BLOCK) * BLOCK);
  } catch (error) {
    if (error.code) throw error; // no memory
    throw badPicture(`it is broken: its samples have ${error.message}`);
  }
  if (lines.length < needed) throw badPicture(`it is cut short: its samples are ${lines.length} bytes, and its size needs ${needed}`);
  const out = newArray(Uint8Array, height * width * channels), scale = colours === 0 ? 255 / (2 ** depth - 1) : 1;
  let at = 0;
  for (const {y, x, down, across, rows, columns} of passes) {
    const n = rowBytes(columns);
    let above = new Uint8Array(n);
    for (let row = 0; row < rows; ++row, at += n + 1) {
      const line = lines.subarray(at + 1, at + 1 + n);
      unfilter(lines[at], line, above, Math.max(1, bits >> 3));
      above = line;
      const first = ((y + row * down) * width + x) * channels;
      if (depth === 8 && across === 1) out.set(line, first);
      else if (depth === 8) for (let i = 0; i < columns; ++i) for (let c = 0; c < channels; ++c) out[first + i * across * channels + c] = line[i * channels + c];
      else for (let i = 0; i < columns; ++i) out[first + i * across] = scale * ((line[(i * depth) >> 3] >> (8 - depth - ((i * depth) & 7))) & (2 ** depth - 1));
    }
  }
  return out;
}

function unfilter(kind, line, above, pixel) {
  const n = line.length;
  if (kind === 1) for (let i = pixel; i < n; ++i) line[i] += line[i - pixel];
  else if (kind === 2) for (let i = 0; i < n; ++i) line[i] += above[i];
  else if (kind === 3) for (let i = 0; i < n; ++i) line[i] += ((i < pixel ? 0 : line[i - pixel]) + above[i]) >> 1;
  else if (kind === 4) for (let i = 0; i < n; ++i) line[i] += i < pixel ? above[i] : paeth(line[i - pixel], above[i], above[i - pixel]);
  else if (kind !== 0) throw badPicture('it is broken: a row has a filter that does not exist');
}

function paeth(left, up, corner) {
  const a = Math.abs(up - corner), b = Math.abs(left - corner), c = Math.abs(left + up - 2 * corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function fromPalette(indices, palette, transparency) {
  const channels = transparency ? 4 : 3, data = newArray(Uint8Array, indices.length * channels), colours = Math.floor(palette.length / 3);
  for (let i = 0, to = 0; i < indices.length; ++i, to += channels) {
    const index = indices[i];
    if (index >= colours) throw badPicture('it is broken: its palette does not have all of its colours');
    for (let c = 0; c < 3; ++c) data[to + c] = palette[3 * index + c];
    if (transparency) data[to + 3] = transparency[index] ?? 255;
  }
  return [data, channels];
}

// Gray or colours, with an alpha of 0 for the one that is transparent, if one is.
function withTransparency(stored, {depth, colours}, transparency) {
  const channels = CHANNELS[colours];
  if (!transparency || channels % 2 === 0) return [stored, channels];
  if (transparency.length < 2 * channels) throw badPicture('it is broken: its chunk tRNS is too short');
  // Of the 16 bits of each number, those of the file's samples count.
  const most = 2 ** depth - 1;
  const clear = Array.from({length: channels}, (_, c) => {
    const low = transparency[2 * c + 1];
    return depth === 1 ? 255 * (low !== 0 || transparency[2 * c] !== 0) : (255 * (low & most)) / most;
  });
  const pixels = stored.length / channels, data = newArray(Uint8Array, pixels * (channels + 1));
  for (let i = 0, from = 0, to = 0; i < pixels; ++i, from += channels, to += channels + 1) {
    let isClear = true;
    for (let c = 0; c < channels; ++c) {
      data[to + c] = stored[from + c];
      isClear &&= data[to + c] === clear[c];
    }
    data[to + channels] = isClear ? 0 : 255;
  }
  return [data, channels + 1];
}

// by eXIf, and beside it what some programs look at.
function orientationOf({exif, texts}, exifOrientation) {
  const inExif = new Set(), told = new Set();
  for (const body of exif) {
    const hasPrefix = latin(body.subarray(0, 6)) === 'Exif\0\0';
    (hasPrefix ? told : inExif).add(exifOrientation(hasPrefix ? body.subarray(6) : body));
  }
  if (EXIF_TEXT in texts) told.add(rawProfileOrientation(texts[EXIF_TEXT], exifOrientation));
  const found = /tiff:Orientation(?:="|>)([0-9])/.exec(texts[XMP] ?? '');
  if (found) told.add(found[1] >= '2' && found[1] <= '8' ? Number(found[1]) : 1);
  for (const one of inExif.size > 0 ? inExif : [1]) told.add(one);
  return told.size === 1 ? [...told][0] : -1;
}

// Exif data in hexadecimal digits, behind a blank line, a name and a length.
function rawProfileOrientation(text, exifOrientation) {
  const digits = text.split('\n').slice(3).join('');
  if (!/^\s*(?:[0-9A-Fa-f]{2}\s*)*$/.test(digits)) return -1;
  const bytes = Uint8Array.from(digits.match(/[0-9A-Fa-f]{2}/g) ?? [], pair => parseInt(pair, 16));
  return exifOrientation(latin(bytes.subarray(0, 6)) === 'Exif\0\0' ? bytes.subarray(6) : bytes);
}
