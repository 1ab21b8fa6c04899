// SPDX-License-Identifier: MIT
import {IsopixelError} from './errors.js';

export const badPicture = message => new IsopixelError('BAD_PICTURE', message);

const MOST_PIXELS = 2 ** 28;

/** Refuses more pixels than recipes accept. */
export function checkPixels(height, width) {
  if (height * width > MOST_PIXELS)
    throw new IsopixelError('TOO_LARGE', `it has ${height} × ${width} pixels, more than ${MOST_PIXELS}, the limit that keeps a small file from filling the memory`);
}
