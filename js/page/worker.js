// SPDX-License-Identifier: MIT
// Makes the arrays of a file by several recipes, from one reading of it.
import {decode, fingerprint, load, Recipe, resize} from '../dist/index.js';

const MOST = {height: 512, width: 1200}; // pixels of a drawing: what is larger is averaged

export function startWorker() {
  onmessage = async ({data: {file, lines}}) => {
    try {
      await make(file, lines);
      postMessage({isFinished: true});
    } catch (error) {
      postMessage({problem: error.message});
    }
  };
}

async function make(file, lines) {
  await load();
  const all = lines.map(line => new Making(line));
  const ofBytes = all.filter(one => one.try(() => one.recipe = Recipe.parse(one.line)) && one.recipe.mode === null);
  for (const one of ofBytes) await one.try(() => one.begin(file.size));
  if (ofBytes.length > 0) {
    let done = 0;
    for (let reader = file.stream().getReader(), next; !(next = await reader.read()).done; ) {
      for (const one of ofBytes) one.try(() => one.push(next.value));
      postMessage({done: (done += next.value.length)});
    }
  }
  const picture = all.some(one => one.recipe?.mode) ? await decode(file, {onProgress: done => postMessage({done})}) : null;
  for (const one of all) {
    await one.try(async () => one.result = one.recipe.mode === null ? one.finish() : await ofPicture(one.recipe, picture));
    postMessage(one.result ?? {line: one.line, problem: one.problem});
  }
}

class Making {
  problem = null;
  result = null;
  #streams = new Map(); // by line

  constructor(line) {
    this.line = line;
  }

  /** Does work, if none failed before; returns whether it was done, or a promise of that. */
  try(work) {
    if (this.problem) return false;
    const failed = error => ((this.problem = error.message), false);
    try {
      const made = work();
      return made instanceof Promise ? made.then(() => true, failed) : true;
    } catch (error) {
      return failed(error);
    }
  }

  /** Begins the array, what is to be seen of it, and for a sound what it was before a resize. */
  async begin(length) {
    const {layout, line, size} = this.recipe;
    for (const wanted of new Set([line, withoutNormalization(line), ...(layout.startsWith('log') && size ? [`isopixel 1: ${layout}`] : [])]))
      this.#streams.set(wanted, await Recipe.parse(wanted).begin(length));
  }
  push(bytes) {
    for (const stream of this.#streams.values()) stream.push(bytes);
  }
  finish() {
    const {layout, line, size} = this.recipe, made = {};
    for (const [wanted, stream] of this.#streams) made[wanted] = stream.finish();
    return {...described(line, made[line], made[withoutNormalization(line)]), layout, isResized: size !== null,
      whole: (made[`isopixel 1: ${layout}`] ?? made[line]).shape};
  }
}

async function ofPicture(recipe, picture) {
  const {line} = recipe, [height, width] = picture.shape, drawn = withoutNormalization(line);
  const array = await recipe.run(picture), image = drawn === line ? array : await Recipe.parse(drawn).run(picture);
  const steps = recipe.geometry(height, width, picture.orientation);
  return {...described(line, array, recipe.mode === 'bgr' ? redFirst(image) : image), layout: null, isResized: steps.length > 0, place: steps.at(-1)};
}

/** The colours of an image whose blue comes first, as they are shown and saved. */
function redFirst({data, shape}) {
  const turned = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) turned.set([data[i + 2], data[i + 1], data[i]], i);
  return {data: turned, shape};
}

const withoutNormalization = line => line.replace(/ \| normalize .*/, '');

function described(line, array, image) {
  const [height, width] = image.shape, size = [Math.min(height, MOST.height), Math.min(width, MOST.width)];
  const drawing = size[0] === height && size[1] === width ? image : resize(image, size, {method: 'area'});
  return {line, shape: array.shape, dtype: array.data instanceof Float32Array ? 'float32' : 'uint8', fingerprint: fingerprint(array), image, drawing};
}
