// SPDX-License-Identifier: MIT
// The vectors of the specification, as lines of tests/platforms/cases.py, in whatever runs JavaScript.
import * as isopixel from '../dist/index.js';

const product = shape => shape.reduce((a, b) => a * b, 1);

/** The samples of a formula (SPEC R-9). */
export function formula(text, length) {
  const [name, word] = text.split(' '), k = Number(word), out = new Uint8Array(length);
  for (let s = 0; s < length; ++s) {
    let z = (s + Math.imul(2654435769, k)) >>> 0;
    z = Math.imul(z ^ (z >>> 16), 2146121005) >>> 0;
    z = Math.imul(z ^ (z >>> 15), 2221713035) >>> 0;
    const noise = (z ^ (z >>> 16)) & 255;
    out[s] = {constant: k, ramp: Math.imul(k, s), noise, extremes: noise >= 128 ? 255 : 0}[name];
  }
  return out;
}

const bytesOfHex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
const shapeOf = text => text.split('x').map(Number);

/** Pieces of bytes, `n` long. */
export async function* pieces(bytes, n) {
  for (let i = 0; i < bytes.length; i += n) yield bytes.subarray(i, i + n);
}

async function ofBytes(bytes, line) {
  const recipe = isopixel.Recipe.parse(line);
  const whole = isopixel.fingerprint(await recipe.run(bytes));
  const streamed = isopixel.fingerprint(await recipe.run(pieces(bytes, 1021), {length: bytes.length}));
  if (whole !== streamed) throw new Error('another result in pieces');
  return whole;
}

// The cases of tests/platforms/runner.cpp, each a function of what stands behind its name.
const CASES = {
  resize(text) {
    const [method, shape, size, ...input] = text.split(' '), [h, w, c] = shapeOf(shape);
    const image = {data: formula(input.join(' '), h * w * c), shape: [h, w, c]};
    const channels = c === 4 && isopixel.methods.includes(`${method}-alpha`) ? 'RGBX' : undefined;
    return isopixel.fingerprint(isopixel.resize(image, shapeOf(size), {method, axes: 'HWC', channels}));
  },
  bytes(text) {
    const [, length, input, line] = text.match(/^(\d+) (\w+ \d+) (.*)$/);
    return ofBytes(formula(input, Number(length)), line);
  },
  async file(text, read) {
    const [, path, line] = text.match(/^(\S+) (.*)$/);
    return isopixel.fingerprint(await isopixel.Recipe.parse(line).run(await read(path)));
  },
  fingerprint(text) {
    const [type, shape, ...input] = text.split(' '), Type = {uint8: Uint8Array, float32: Float32Array}[type];
    const n = product(shapeOf(shape)), bytes = formula(input.join(' '), n * Type.BYTES_PER_ELEMENT);
    return isopixel.fingerprint({data: new Type(bytes.buffer), shape: shapeOf(shape)});
  },
  normalize(text) {
    const [mean, std, shape, ...input] = text.split(' '), image = {data: formula(input.join(' '), product(shapeOf(shape))), shape: shapeOf(shape)};
    return isopixel.fingerprint(isopixel.normalize(image, mean.split(','), std.split(','), {axes: 'HWC'}));
  },
  jpeg: (text, read) => refusedOr(async () => isopixel.fingerprint(await isopixel.decode(await read(`spec/pictures/${text}`)))),
  recipe: text => refusedOr(() => isopixel.Recipe.parse(new TextDecoder('latin1').decode(bytesOfHex(text))).line),
  sizes(text) {
    const [, size, orientation, line] = text.match(/^(\S+) (\S+) (.*)$/);
    return refusedOr(() => isopixel.Recipe.parse(line).geometry(...shapeOf(size), Number(orientation)).map(made => made.size.join('x')).join(' '));
  },
  image: text => ofImage(text, false),
  picture: text => ofImage(text, true),
  data(text) {
    const [, digits, line] = text.match(/^(\S*) (.*)$/);
    return refusedOr(() => ofBytes(bytesOfHex(digits), line));
  },
};

function ofImage(text, isPicture) {
  const [, shape, turned, input, line] = text.match(/^(\S+) (\S+) (\w+ \d+) (.*)$/), orientation = Number(turned);
  const image = {data: formula(input, product(shapeOf(shape))), shape: shapeOf(shape)};
  return refusedOr(async () => {
    const recipe = isopixel.Recipe.parse(line);
    return isopixel.fingerprint(await (isPicture ? recipe.run({...image, orientation}) : recipe.run(image, {orientation})));
  });
}

// "refused" is for what the core refuses, and not for a mistake of this package.
const OWN = ['BAD_ARGUMENT', 'NOT_LOADED', 'NEEDS_LENGTH', 'BROKEN', 'HAS_ALPHA', 'NO_MEMORY', 'NULL'];

async function refusedOr(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof isopixel.IsopixelError) || OWN.includes(error.code)) throw error;
    return 'refused';
  }
}

/**
 * Runs the lines "case = result" of tests/platforms/cases.py; returns those that differ; and the lines as they came out.
 * `read` returns the bytes of a file of the repository.
 */
export async function run(lines, read) {
  const failed = [];
  let all = '';
  for (const line of lines) {
    const [, name, text, right] = line.match(/^(\w+) (.*) = (.*)$/);
    let result;
    try {
      result = await CASES[name](text, read);
    } catch (error) {
      result = String(error);
    }
    if (result !== right) failed.push(`${name} ${text} = ${result}, not ${right}`);
    all += `${name} ${text} = ${result}\n`;
  }
  return {failed, text: all};
}
