// SPDX-License-Identifier: MIT

/** What isopixel refuses. `code` is a name of isopixel_status in isopixel.h, without ISOPIXEL_, or one of this package. */
export class IsopixelError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = 'IsopixelError';
    this.code = code;
  }
}

export const badArgument = message => new IsopixelError('BAD_ARGUMENT', message);

/** What is wrong with a value, in a few words. */
export function shown(value) {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? value.slice(0, 80) + '…' : value);
  if (Array.isArray(value)) return `[${value}]`;
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : String(value);
}
