// SPDX-License-Identifier: MIT
import type {MethodName, StatusCode} from './names.js';
export {methods, version, type MethodName, type StatusCode} from './names.js';

/** Samples in C order (the last axis is the fastest), and how long the axes are. */
export interface Samples<Data = Uint8Array> {
  data: Data;
  shape: number[];
}

/** What sharp gives: `{data, info}` of `toBuffer({resolveWithObject: true})` after `raw()`. */
export interface RawPicture {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly info: {readonly width: number; readonly height: number; readonly channels: number};
}

/** An image of uint8 samples. That of an `ImageData` has four channels: red, green, blue and alpha. */
export type Image =
  | {readonly data: Uint8Array | Uint8ClampedArray; readonly shape: readonly number[]}
  | {readonly data: Uint8Array | Uint8ClampedArray; readonly width: number; readonly height: number; readonly channels?: number}
  | RawPicture;

/** A picture as a file has it: gray, gray and alpha, red, green and blue, or these and alpha. */
export interface Picture extends Samples {
  /** 1 to 8 as in Exif, by which viewers turn the picture; -1 if programs disagree about that. */
  orientation: number;
}

export type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;
/** A file or a stream of bytes; a `File` is a `Blob`. */
export type Source = Bytes | Blob | Response | ReadableStream<Uint8Array> | AsyncIterable<Bytes>;

export type Size = readonly [height: number, width: number];
export type Axes = 'HW' | 'HWC' | 'CHW' | 'NHW' | 'NHWC' | 'NCHW';
/** One number for all channels, or one for each; a text, such as '0.485', is the decimal number as written. */
export type Decimals = number | string | readonly (number | string)[];

/** Of the core (isopixel.h), or of this package. */
export type ErrorCode =
  | StatusCode
  /** An argument of the wrong kind, or that does not fit another one. */
  | 'BAD_ARGUMENT'
  /** A synchronous function was called before `load`, or with a method of another library before `loadPeers`. */
  | 'NOT_LOADED'
  /** A stream without a length, for a layout whose image depends on it. */
  | 'NEEDS_LENGTH'
  /** A pixel that is not opaque, with `alpha: 'refuse'`. */
  | 'HAS_ALPHA'
  /** A stream in which memory ran out before. */
  | 'BROKEN';

export class IsopixelError extends Error {
  readonly code: ErrorCode;
}

export interface LoadOptions {
  /** Whether to use SIMD; by default, if the engine has it. The results are the same. */
  simd?: boolean;
  /** The most memory, in bytes, that one stream, or the synchronous calls of one module, may have; below 2 GiB. */
  maxMemory?: number;
}
/**
 * Compiles the core, once; the synchronous functions and `Recipe.parse` need it. A second call waits for the first.
 *
 * @throws BAD_ARGUMENT if an option differs from that of the first call.
 */
export function load(options?: LoadOptions): Promise<void>;
/**
 * Compiles the methods of other libraries too, such as `pillow-4-bilinear`, which `resize` then knows beside its own; call `load` first.
 * Recipes load them when they run.
 */
export function loadPeers(): Promise<void>;

/** What is in use, for reports of defects. */
export function about(): {version: string; compiler: string; isa: string; simd: boolean};

export interface ResizeOptions {
  /** By default "bilinear", which is exact and antialiased. */
  method?: MethodName;
  /** What the axes are; by default HW, HWC or NHWC, by their number, with at most 4 channels. */
  axes?: Axes;
  /** What four channels are if none is alpha: Pillow's methods without -alpha refuse four channels otherwise. */
  channels?: 'CMYK' | 'RGBX';
  /** Resizes the colours of RGBA alone: 'refuse' throws HAS_ALPHA if a pixel is not opaque, 'drop' ignores alpha. */
  alpha?: 'refuse' | 'drop';
  /** The array for the result. */
  out?: Uint8Array;
}
/**
 * Resizes an image, or a batch (SPEC ): the exact value, rounded once, or what a release
 * of another library computes. Channels are independent of each other. The source goes through a small block of memory.
 *
 * @throws BAD_ARGUMENT, HAS_ALPHA, NOT_LOADED; UNKNOWN_METHOD, NOT_COVERED, TOO_LARGE, NO_MEMORY of the core.
 */
export function resize(image: Image, size: Size, options?: ResizeOptions): Samples;

/**
 * Each sample v becomes (v/255 - mean)/std, exact and rounded once to float32 (SPEC ). The shape is
 * [channels, height, width], or [images, channels, height, width].
 *
 * @throws BAD_ARGUMENT, NOT_LOADED; BAD_NORMALIZATION, NO_MEMORY of the core.
 */
export function normalize(image: Image, mean: Decimals, std: Decimals, options?: {axes?: Axes; out?: Float32Array}): Samples<Float32Array>;

/** The digest of an array's type, shape and samples, as Python's `isopixel.fingerprint` (SPEC R-8). Needs no `load`. */
export function fingerprint(array: Image | Samples<Uint8Array | Float32Array>): string;

/**
 * The red, green and blue of RGBA.
 *
 * @param options alpha: 'refuse' (the default) throws HAS_ALPHA if a pixel is not opaque; 'drop' takes colours as they are.
 */
export function rgb(image: Image, options?: {alpha?: 'refuse' | 'drop'}): Samples;

/**
 * The samples of a picture file: JPEG, PNG of at most 8 bits a sample, BMP without compression (SPEC ).
 * They are Python's: as they are in the file, without colour management, gamma or premultiplication, and not turned.
 *
 * @throws BAD_PICTURE for other files, and broken ones; TOO_LARGE above 2^28 pixels; NO_MEMORY.
 */
export function decode(source: Source, options?: ReadOptions): Promise<Picture>;

/** The bytes of a PNG file, without loss: of the shape [height, width], or [height, width, channels] of 1 to 4. */
export function png(array: Image): Promise<Uint8Array>;

export interface ReadOptions {
  /** Bytes of the source, if it does not say so itself. */
  length?: number;
  /** Called with the bytes that were read, and all bytes, if that is known. */
  onProgress?: (done: number, total: number | undefined) => void;
  /** Ends the work, which is then rejected with the signal's reason. */
  signal?: AbortSignal;
}
export interface RunOptions extends ReadOptions {
  /** How an image, if it is not a picture of `decode`, is to be turned: 1 to 8 as in Exif. */
  orientation?: number;
}

/** Where an image lies after a step: a point y of the source lies at y·scale[0] + offset[0], in pixels from its corner. */
export interface Geometry {
  size: [height: number, width: number];
  scale: [number, number];
  offset: [number, number];
}

/** How bytes, or images, become an array: an immutable value with one line of text (SPEC R-16), the same in Python and C. */
export class Recipe {
  private constructor();
  /** Reads a recipe from its line. @throws BAD_RECIPE, NOT_LOADED */
  static parse(line: string): Recipe;
  /** A recipe of bytes or sounds, of parts. */
  static of(layout: string, size?: Size | null, options?: {method?: MethodName; mean?: Decimals; std?: Decimals}): Recipe;

  /** The canonical line. */
  readonly line: string;
  /** The layout of a recipe of bytes; null of images. */
  readonly layout: string | null;
  /** What the channels of a recipe of images are, such as "rgb"; null of bytes. */
  readonly mode: string | null;
  /** To which size, and by which method, a layout's image is resized, if it is. */
  readonly size: Size | null;
  readonly method: MethodName | null;
  readonly dtype: 'uint8' | 'float32';
  /** "sha256:" and the SHA-256 of the line. */
  readonly digest: string;

  /**
   * The array of bytes, of a picture file, or of an image: uint8 of [height, width] or [height, width, channels], or
   * float32 of [channels, height, width]. Bytes go through a block; pictures and listings are in memory as a whole.
   *
   * An `{data, shape}` is an image that has the mode's channels. An `ImageData`, what sharp gives, and what `decode`
   * returns, are pictures, of which the mode's channels are made (SPEC R-51): alpha is refused unless the recipe says
   * what becomes of it.
   *
   * @throws NEEDS_LENGTH for a stream without `length`; what the core refuses, by its codes.
   */
  run(source: Source | Image | Picture, options?: RunOptions): Promise<Samples<Uint8Array | Float32Array>>;
  /** Begins the array of `length` bytes, which are pushed. (Listings need no length.) */
  begin(length?: number): Promise<ArrayStream>;
  /** Where an image of this size lies after each step that changes its size (SPEC ). */
  geometry(height: number, width: number, orientation?: number): Geometry[];
  toString(): string;
  toJSON(): string;
}

/** An array of bytes in the making, in memory of its own. */
export interface ArrayStream {
  /** Pushes the next bytes, any number of them. @throws TOO_MUCH */
  push(bytes: Bytes): void;
  /** The array. @throws INCOMPLETE */
  finish(): Samples<Uint8Array | Float32Array>;
}
