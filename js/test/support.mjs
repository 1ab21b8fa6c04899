// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {IsopixelError} from '../dist/index.js';

export const root = new URL('../../', import.meta.url);
export const path = name => fileURLToPath(new URL(name, root));
export const text = name => readFileSync(path(name), 'utf8');
/** The bytes of a file of the repository. */
export const read = name => readFile(path(name));

/** Asserts that `work` throws, or is rejected with, an error of this code. */
export async function refuses(code, work) {
  let error;
  try {
    await work();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error, `nothing was refused, and not ${code}`);
  if (!(error instanceof IsopixelError)) throw error;
  assert.equal(error.code, code, error.message);
  assert.ok(error.message.length > 10, error.message);
}
