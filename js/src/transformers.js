// SPDX-License-Identifier: MIT
// A recipe as an image processor of transformers.js; what it does stands in transformers.d.ts.
import {newArray} from './core.js';
import {badArgument, shown} from './errors.js';

/** What stands in place of `AutoProcessor` and `AutoImageProcessor`; transformers.d.ts says how. */
export function imageProcessor(recipe, Tensor) {
  if (recipe?.dtype !== 'float32') throw badArgument(`an image processor needs a recipe that ends with normalize, got ${recipe?.line ?? shown(recipe)}`);
  if (typeof Tensor !== 'function') throw badArgument(`an image processor needs the class Tensor of transformers.js, got ${shown(Tensor)}`);
  return async images => {
    const sources = Array.isArray(images) ? images : [images], made = [];
    for (const source of sources) made.push(await recipe.run(await opened(source)));
    if (made.length === 0) throw badArgument('an image processor needs an image, got none');
    const [{shape, data: {length}}] = made, batch = newArray(Float32Array, made.length * length);
    for (const [i, one] of made.entries()) {
      if (String(one.shape) !== String(shape))
        throw badArgument(`a batch has one shape, got ${shape.join('×')} and ${one.shape.join('×')}: let the recipe make one size of all, or call for each`);
      batch.set(one.data, i * length);
    }
    return {pixel_values: new Tensor('float32', batch, [made.length, ...shape])};
  };
}

async function opened(source) {
  if (typeof source !== 'string' && !(source instanceof URL)) return source;
  try {
    return await fetch(source);
  } catch (cause) {
    const error = badArgument(`${shown(String(source))} cannot be fetched: give an address, or the bytes of a file`);
    error.cause = cause;
    throw error;
  }
}
