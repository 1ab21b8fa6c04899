// SPDX-License-Identifier: MIT
import type {Image, Picture, Recipe, Source} from './index.js';

/** What `imageProcessor` reads: an address is fetched; of a `RawImage` the samples are taken as they are. */
export type ImageInput = string | URL | Source | Image | Picture;

/**
 * An image processor of a recipe, to be called in place of that of transformers.js (@huggingface/transformers), whose
 * pixels are made by a canvas, or by sharp: `model(await processor(file))`. Those of the recipe are Python's bits, and
 * so are those of a JPEG, PNG or BMP file, unlike what `RawImage.read`, and with it each `pipeline`, makes of one.
 *
 * @param recipe one that ends with `normalize`, such as Python's `Recipe.from_huggingface` makes of preprocessor_config.json.
 * @param Tensor that class of transformers.js, or of onnxruntime.
 * @returns a function of an image, or of an array of them, whose `pixel_values` are float32 of [images, channels, height, width].
 * @throws BAD_ARGUMENT for a recipe without `normalize`, no image, or images of a batch that get different shapes; what
 *   `Recipe.run` throws.
 */
export function imageProcessor<Tensor>(
  recipe: Recipe,
  Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => Tensor,
): (images: ImageInput | readonly ImageInput[]) => Promise<{pixel_values: Tensor}>;
