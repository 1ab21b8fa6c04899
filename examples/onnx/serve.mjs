// SPDX-License-Identifier: MIT
// What the model of a folder says of a picture: node serve.mjs FOLDER FILE [onnxruntime-node or onnxruntime-web]
import {readFile} from 'node:fs/promises';
import {fingerprint, load, Recipe} from 'isopixel';

const [folder, file, runtime = 'onnxruntime-node'] = process.argv.slice(2);
const {InferenceSession, Tensor} = await import(runtime);

await load();
const recipe = Recipe.parse((await readFile(`${folder}/recipe.txt`, 'utf8')).trim());
const {data, shape} = await recipe.run(await readFile(file));
const session = await InferenceSession.create(await readFile(`${folder}/onnx/model.onnx`));
const {logits} = await session.run({pixel_values: new Tensor('float32', data, [1, ...shape])});
console.log(JSON.stringify({fingerprint: fingerprint({data, shape}), logits: [...logits.data]}));
