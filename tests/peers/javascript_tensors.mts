// SPDX-License-Identifier: MIT
// The classes Tensor that imageProcessor is for, by their own types.
import {Tensor} from '@huggingface/transformers';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import {Recipe} from 'isopixel';
import {imageProcessor} from 'isopixel/transformers';

declare const recipe: Recipe, file: Blob;
const {pixel_values}: {pixel_values: Tensor} = await imageProcessor(recipe, Tensor)([file, 'photo.jpg']);
const ofNode: node.Tensor = (await imageProcessor(recipe, node.Tensor)(file)).pixel_values;
const ofWeb: web.Tensor = (await imageProcessor(recipe, web.Tensor)(file)).pixel_values;
console.log(pixel_values, ofNode, ofWeb);
// @ts-expect-error
imageProcessor(recipe, Blob);
