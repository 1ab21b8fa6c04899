// What has to compile, with --strict, and what must not.
import {decode, fingerprint, IsopixelError, load, methods, normalize, png, Recipe, resize, rgb, type ErrorCode, type MethodName, type Samples} from '../dist/index.js';
import {imageProcessor} from '../dist/transformers.js';

await load({simd: true, maxMemory: 1 << 28});
const made: Samples = resize({data: new Uint8Array(12), shape: [2, 2, 3]}, [1, 1], {method: 'pillow-4-bilinear'});
const numbers: Samples<Float32Array> = normalize(made, ['0.5', 0.4, 0.3], 1, {axes: 'HWC'});
const text: string = fingerprint(numbers);
const name: MethodName = methods[0]!;
declare const canvas: ImageData, file: File, response: Response;
const colours: Samples = rgb(canvas, {alpha: 'drop'});
resize(canvas, [2, 3], {alpha: 'refuse'});
resize({data: new Uint8Array(3), info: {width: 1, height: 1, channels: 3}}, [2, 3]);
const recipe: Recipe = Recipe.of('nataraj', [224, 224], {mean: 0.5, std: '0.25'});
const result: Samples<Uint8Array | Float32Array> = await recipe.run(file, {onProgress: (done: number) => console.log(done), signal: new AbortController().signal});
fingerprint(result);
await recipe.run(await decode(response));
await recipe.run(response.body!, {length: 5});
const bytes: Uint8Array = await png(colours);
declare class Tensor {
  constructor(type: 'float32' | 'uint8', data: Float32Array | Uint8Array, dims?: readonly number[]);
}
const values: Tensor = (await imageProcessor(recipe, Tensor)([file, response, canvas, 'photo.jpg'])).pixel_values;
try {
  (await recipe.begin(1)).push(bytes);
} catch (error) {
  if (error instanceof IsopixelError) {
    const code: ErrorCode = error.code;
    console.log(code === 'TOO_MUCH', text, name, values);
  }
}

// @ts-expect-error
resize(made, [1, 1], {method: 'bicubik'});
// @ts-expect-error
resize(made, 5);
// @ts-expect-error
resize(made, [1, 1], {antialias: true});
// @ts-expect-error
new Recipe('isopixel 1: line');
// @ts-expect-error
recipe.line = 'isopixel 1: line';
// @ts-expect-error
const wrong: ErrorCode = 'NO_SUCH_CODE';
// @ts-expect-error
imageProcessor('isopixel 1: line', Tensor);
// @ts-expect-error
imageProcessor(recipe, Tensor)(5);
