// SPDX-License-Identifier: MIT
// What recipes and decode read: bytes that are there, or that come in pieces.
import {bytesOf} from './arguments.js';
import {badArgument, shown} from './errors.js';

const PIECE = 1 << 22; // bytes that are worked on before others have a turn

/** The pieces of a source, as an async iterator, and how many bytes they are, if that is known. */
function opened(source) {
  const bytes = bytesOf(source);
  if (bytes) return {length: bytes.length, pieces: cut(bytes)};
  if (source instanceof Blob) return {length: source.size, pieces: read(source.stream())};
  if (source instanceof Response) {
    if (!source.ok) throw badArgument(`the response has the status ${source.status}`);
    if (!source.body) throw badArgument('the response has no body');
    // Of what is encoded, the header has the length of what was sent.
    const told = source.headers.get('content-encoding') ? null : source.headers.get('content-length');
    return {length: told === null ? undefined : Number(told), pieces: read(source.body)};
  }
  if (source instanceof ReadableStream) return {pieces: read(source)};
  if (source?.[Symbol.asyncIterator]) return {pieces: source[Symbol.asyncIterator]()};
  throw badArgument(`a source is bytes, a Blob or File, a Response, a ReadableStream or an async iterable of bytes, got ${shown(source)}`);
}

async function* cut(bytes) {
  for (let i = 0; i < bytes.length; i += PIECE) {
    if (i > 0) await new Promise(done => setTimeout(done));
    yield bytes.subarray(i, i + PIECE);
  }
}

function read(stream) {
  const reader = stream.getReader();
  return {next: () => reader.read(), return: () => reader.cancel()};
}

/** Calls begin(length), then push(bytes) with each piece. What is pending when the signal comes is not waited for. */
export async function pump(source, {length, onProgress, signal}, begin, push) {
  signal?.throwIfAborted();
  const {pieces, length: told = length} = opened(source);
  if (length !== undefined && length !== told) throw badArgument(`length is ${shown(length)}, and the source has ${told} bytes`);
  let abort;
  const aborted = new Promise((_, reject) => (abort = () => reject(signal.reason)));
  aborted.catch(() => {});
  signal?.addEventListener('abort', abort);
  try {
    await begin(told);
    let done = 0;
    for (let next; !(next = await Promise.race([pieces.next(), aborted])).done; ) {
      const bytes = bytesOf(next.value);
      if (!bytes) throw badArgument(`a piece of a source must be bytes, got ${shown(next.value)}`);
      push(bytes);
      onProgress?.((done += bytes.length), told);
      signal?.throwIfAborted();
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    Promise.resolve(pieces.return?.()).catch(() => {});
  }
}

/** All bytes of a source. */
export async function gathered(source, options = {}) {
  const parts = [];
  await pump(source, options, () => {}, bytes => parts.push(bytes.slice()));
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) all.set(part, at), (at += part.length);
  return all;
}
