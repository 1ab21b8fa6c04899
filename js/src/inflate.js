// SPDX-License-Identifier: MIT
// RFC 1950 and 1951. (DecompressionStream refuses other files in other engines, and cannot stop where enough has come.)
import {newArray} from './core.js';

const broken = what => new Error(what);

const LENGTHS = Uint16Array.of(3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258);
const LENGTH_BITS = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0);
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MOST_BITS = 15;

/**
 * The first bytes that a zlib stream unpacks to, `most` at most; throws for a stream that is broken before these. Fewer
 * come of one that is cut short.
 */
export function inflate(packed, most) {
  return new Inflater(packed, most).run();
}

// A table of codes: by the next 15 bits, the symbol times 16, and the length of its code; 0 for none.
function codes(lengths, mayBeIncomplete) {
  const table = new Uint16Array(1 << MOST_BITS), counts = new Uint16Array(MOST_BITS + 1), next = [0];
  for (const length of lengths) ++counts[length];
  let left = 1, most = 0;
  for (let bits = 1; bits <= MOST_BITS; ++bits) {
    left = 2 * left - counts[bits];
    if (left < 0) throw broken('codes that are longer than they can be');
    if (counts[bits] > 0) most = bits;
    next[bits] = (next[bits - 1] + (bits > 1 ? counts[bits - 1] : 0)) << 1;
  }
  if (left > 0 && most > 0 && !(mayBeIncomplete && most === 1)) throw broken('codes that are not all');
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    let code = next[length]++, reversed = 0;
    for (let bit = 0; bit < length; ++bit, code >>= 1) reversed = (reversed << 1) | (code & 1);
    for (let i = reversed; i < table.length; i += 1 << length) table[i] = (symbol << 4) | length;
  });
  return table;
}

let fixed;
function fixedCodes() {
  const lengths = Array.from({length: 288}, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
  return (fixed ??= [codes(lengths), codes(Array(32).fill(5))]);
}

class CutShort extends Error {}

class Inflater {
  #in;
  #at = 0;
  #held = 0; // bits that were taken of the input, the next one lowest
  #bits = 0;
  #out;
  #n = 0;

  constructor(packed, most) {
    this.#in = packed;
    this.#out = newArray(Uint8Array, most);
  }

  run() {
    try {
      const method = this.#take(8), flags = this.#take(8);
      if ((method & 15) !== 8 || method >> 4 > 7 || (method * 256 + flags) % 31 !== 0 || flags & 32) throw broken('no zlib stream');
      let isLast;
      do {
        isLast = this.#take(1);
        if (!this.#block(this.#take(2))) return this.#out; // no room for more
      } while (!isLast);
      this.#checkSum();
    } catch (error) {
      if (!(error instanceof CutShort)) throw error;
    }
    return this.#out.subarray(0, this.#n);
  }

  #checkSum() {
    this.#take(this.#bits % 8);
    let a = 1, b = 0;
    for (let i = 0; i < this.#n; ) {
      for (const end = Math.min(i + 3800, this.#n); i < end; ++i) b += a += this.#out[i];
      a %= 65521;
      b %= 65521;
    }
    for (const byte of [b >> 8, b & 255, a >> 8, a & 255]) if (this.#take(8) !== byte) throw broken('a wrong checksum');
  }

  // Returns whether there was room.
  #block(kind) {
    if (kind === 0) return this.#stored();
    if (kind === 3) throw broken('a block of no kind');
    const [symbols, distances] = kind === 1 ? fixedCodes() : this.#codes();
    const out = this.#out;
    let n = this.#n;
    for (;;) {
      const symbol = this.#symbol(symbols);
      if (symbol === 256) break;
      if (n === out.length) return false;
      if (symbol < 256) {
        out[n++] = symbol;
        this.#n = n;
        continue;
      }
      if (symbol > 285) throw broken('a length that does not exist');
      const length = LENGTHS[symbol - 257] + this.#take(LENGTH_BITS[symbol - 257]), far = this.#symbol(distances);
      if (far > 29) throw broken('a distance that does not exist');
      const more = far < 4 ? 0 : (far >> 1) - 1, distance = (far < 4 ? far : (2 + (far & 1)) << more) + 1 + this.#take(more);
      if (distance > n) throw broken('a distance that is too far');
      const end = Math.min(n + length, out.length);
      for (; n < end; ++n) out[n] = out[n - distance];
      this.#n = n;
    }
    return true;
  }

  #stored() {
    this.#take(this.#bits % 8);
    const length = this.#take(16);
    if ((length ^ 0xffff) !== this.#take(16)) throw broken('a block with another length');
    this.#at -= this.#bits / 8;
    this.#held = this.#bits = 0;
    const there = Math.min(length, this.#in.length - this.#at), taken = Math.min(there, this.#out.length - this.#n);
    this.#out.set(this.#in.subarray(this.#at, this.#at + taken), this.#n);
    this.#at += taken;
    this.#n += taken;
    if (there < length && taken === there) throw new CutShort();
    return taken === length;
  }

  #codes() {
    const symbols = this.#take(5) + 257, distances = this.#take(5) + 1, count = this.#take(4) + 4;
    if (symbols > 286 || distances > 30) throw broken('too many codes');
    const lengths = Array(19).fill(0);
    for (let i = 0; i < count; ++i) lengths[ORDER[i]] = this.#take(3);
    const table = codes(lengths), all = [];
    while (all.length < symbols + distances) {
      const symbol = this.#symbol(table);
      if (symbol < 16) all.push(symbol);
      else {
        if (symbol === 16 && all.length === 0) throw broken('a repetition of nothing');
        const value = symbol === 16 ? all.at(-1) : 0;
        for (let i = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7); i > 0; --i) all.push(value);
      }
    }
    if (all.length > symbols + distances) throw broken('a repetition that is too long');
    if (all[256] === 0) throw broken('a block without an end');
    return [codes(all.slice(0, symbols), true), codes(all.slice(symbols), true)];
  }

  // The next n bits, of which there are at most 16.
  #take(n) {
    while (this.#bits < n) {
      if (this.#at === this.#in.length) throw new CutShort();
      this.#held |= this.#in[this.#at++] << this.#bits;
      this.#bits += 8;
    }
    const value = this.#held & ((1 << n) - 1);
    this.#held >>>= n;
    this.#bits -= n;
    return value;
  }

  #symbol(table) {
    while (this.#bits < MOST_BITS && this.#at < this.#in.length) {
      this.#held |= this.#in[this.#at++] << this.#bits;
      this.#bits += 8;
    }
    const entry = table[this.#held & ((1 << MOST_BITS) - 1)], length = entry & 15;
    if (length === 0 && this.#bits >= MOST_BITS) throw broken('a code that does not exist');
    if (length === 0 || length > this.#bits) throw new CutShort();
    this.#held >>>= length;
    this.#bits -= length;
    return entry >> 4;
  }
}
