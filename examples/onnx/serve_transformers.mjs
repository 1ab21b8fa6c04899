// SPDX-License-Identifier: MIT
// The same by transformers.js, and the logits after its own image processor: node serve_transformers.mjs FOLDER FILE
import {readFile} from 'node:fs/promises';
import {basename, dirname} from 'node:path';
import {AutoImageProcessor, AutoModelForImageClassification, env, RawImage, Tensor} from '@huggingface/transformers';
import {fingerprint, load, Recipe} from 'isopixel';
import {imageProcessor} from 'isopixel/transformers';

const [folder, file] = process.argv.slice(2);
env.localModelPath = dirname(folder);
env.allowRemoteModels = false;
const model = await AutoModelForImageClassification.from_pretrained(basename(folder), {dtype: 'fp32'});

await load();
const processor = imageProcessor(Recipe.parse((await readFile(`${folder}/recipe.txt`, 'utf8')).trim()), Tensor);
const {pixel_values} = await processor(await readFile(file));
const {logits} = await model({pixel_values});

const theirs = await AutoImageProcessor.from_pretrained(basename(folder)), other = await model(await theirs(await RawImage.read(file)));
const array = {data: pixel_values.data, shape: pixel_values.dims.slice(1)};
console.log(JSON.stringify({fingerprint: fingerprint(array), logits: [...logits.data], theirs: [...other.logits.data]}));
