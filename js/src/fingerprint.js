// SPDX-License-Identifier: MIT
import {bytesOf, checkArray} from './arguments.js';

/** The fingerprint of an array (SPEC R-8); index.d.ts says more. */
export function fingerprint(array) {
  const {data, shape} = checkArray(array, 'array', [Uint8Array, Uint8ClampedArray, Float32Array]);
  const type = data instanceof Float32Array ? 'float32' : 'uint8';
  return sha256(new TextEncoder().encode(`isopixel-array-1 ${type} ${shape.join('x')}\n`), bytesOf(data));
}

/** "sha256:" and the hexadecimal digits of the SHA-256 of some bytes, one behind the other. (That of Web Crypto is asynchronous.) */
export function sha256(...parts) {
  const hash = new Sha256();
  for (const part of parts) hash.push(part);
  return `sha256:${hash.finish()}`;
}

// The first 32 bits behind the point of the square or cube roots of the first primes.
function roots(count, root) {
  const words = [];
  for (let n = 2; words.length < count; ++n) {
    let isPrime = true;
    for (let d = 2; d * d <= n; ++d) isPrime &&= n % d !== 0;
    if (isPrime) words.push(root(BigInt(n)));
  }
  return words;
}

// ⌊(n·2^(32·power))^(1/power)⌋ mod 2^32, in integers.
function rootBits(n, power) {
  const wanted = n << (32n * power);
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) if ((root + bit) ** power <= wanted) root += bit;
  return Number(BigInt.asIntN(32, root));
}

let rounds;

// FIPS 180-4
class Sha256 {
  #state = Int32Array.from(roots(8, n => rootBits(n, 2n)));
  #words = new Int32Array(64);
  #block = new Uint8Array(64);
  #length = 0;

  constructor() {
    rounds ??= Int32Array.from(roots(64, n => rootBits(n, 3n)));
  }

  push(bytes) {
    let at = 0;
    const filled = this.#length % 64;
    this.#length += bytes.length;
    if (filled > 0) {
      at = Math.min(64 - filled, bytes.length);
      this.#block.set(bytes.subarray(0, at), filled);
      if (filled + at < 64) return;
      this.#add(this.#block, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this.#add(bytes, at);
    this.#block.set(bytes.subarray(at));
  }

  finish() {
    const bits = BigInt(this.#length) * 8n, end = new Uint8Array(((119 - (this.#length % 64)) % 64) + 9);
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, bits);
    this.push(end);
    return Array.from(this.#state, word => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #add(bytes, at) {
    const w = this.#words, state = this.#state, k = rounds;
    for (let t = 0; t < 16; ++t, at += 4) w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let t = 16; t < 64; ++t) {
      const x = w[t - 15], y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; ++t) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + k[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g, g = f, f = e, e = (d + one) | 0, d = c, c = b, b = a, a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
  }
}
