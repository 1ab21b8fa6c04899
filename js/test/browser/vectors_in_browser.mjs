// SPDX-License-Identifier: MIT
// The vectors in a page or a worker; a worker is told in its name whether to use SIMD.
import {about, load, loadPeers} from '../../dist/index.js';
import {run} from '../vectors.mjs';

const read = async name => new Uint8Array(await (await fetch(`/${name}`)).arrayBuffer());

export async function results(simd) {
  await load({simd});
  await loadPeers();
  const lines = new TextDecoder().decode(await read('build/js/cases.txt')).trimEnd().split('\n');
  return {...(await run(lines, read)), ...about()};
}

if (globalThis.WorkerGlobalScope) results(name === 'simd').then(postMessage, error => postMessage({failed: [String(error)]}));
