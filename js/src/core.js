// SPDX-License-Identifier: MIT
// Instances of the two WebAssembly modules, and calls of their functions (js/module).
import {badArgument, IsopixelError, shown} from './errors.js';
import {CODES} from './names.js';

/** Bytes that are copied into an instance at a time. */
export const BLOCK = 1 << 18;
/** Addresses stay below 2^31. */
export const MOST_MEMORY = 2 ** 31 - 65536;
const KEPT = 1 << 25; // an instance with more memory is not kept for the next call

const MODULES = {
  pixels: {simd: () => import('./pixels-simd.js'), scalar: () => import('./pixels-scalar.js')},
  readers: {simd: () => import('./readers-simd.js'), scalar: () => import('./readers-scalar.js')},
};

let chosen = null; // the options of load()
const loading = {}; // by module: the promise of it
const compiled = {}; // by module: a WebAssembly.Module
let shared = null; // the instance of synchronous calls

/** Compiles the module of images, bytes and recipes, once. */
export async function load(options) {
  const asked = checkedOptions(options ?? {});
  if (chosen && Object.keys(asked).some(name => asked[name] !== chosen[name]))
    throw badArgument(`isopixel is loaded already, with ${JSON.stringify(chosen)}`);
  chosen ??= {simd: hasSimd(), maxMemory: MOST_MEMORY, ...asked};
  await loadModule('pixels');
}

/** Compiles one of the two modules, once. */
export function loadModule(name) {
  chosen ??= {simd: hasSimd(), maxMemory: MOST_MEMORY};
  return (loading[name] ??= compile(name).catch(error => {
    delete loading[name];
    throw error;
  }));
}

async function compile(name) {
  const {default: text} = await MODULES[name][chosen.simd ? 'simd' : 'scalar']();
  const packed = new Blob([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))]);
  const module = new Response(packed.stream().pipeThrough(new DecompressionStream('gzip')));
  compiled[name] = await WebAssembly.compile(await module.arrayBuffer());
}

function checkedOptions(options) {
  const {simd, maxMemory, ...others} = options, checked = {};
  for (const name in others) throw badArgument(`load has no option ${name}; it has simd, maxMemory`);
  if (simd !== undefined) {
    if (typeof simd !== 'boolean') throw badArgument(`simd must be true or false, got ${shown(simd)}`);
    if (simd && !hasSimd()) throw badArgument('this engine has no SIMD');
    checked.simd = simd;
  }
  if (maxMemory !== undefined) {
    if (!(maxMemory >= 4 * BLOCK && maxMemory <= MOST_MEMORY))
      throw badArgument(`maxMemory must be from ${4 * BLOCK} to ${MOST_MEMORY} bytes, got ${shown(maxMemory)}`);
    checked.maxMemory = maxMemory;
  }
  return checked;
}

// A module with one function, which uses SIMD.
function hasSimd() {
  return WebAssembly.validate(Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11));
}

/** An instance of a module. After memory ran out it is of no use. */
export class Core {
  #view;
  #block = 0;
  #isBroken = false;

  constructor(name) {
    if (!compiled[name]) throw new IsopixelError('NOT_LOADED', 'call `await load()` once before this');
    this.functions = new WebAssembly.Instance(compiled[name]).exports;
    this.functions._initialize();
    this.functions.set_limit(chosen.maxMemory);
  }

  /** All memory, until it grows, which it does in calls. */
  get bytes() {
    const {buffer} = this.functions.memory;
    if (this.#view?.buffer !== buffer) this.#view = new Uint8Array(buffer);
    return this.#view;
  }

  /** Copies bytes to an address. */
  write(bytes, address) {
    this.bytes.set(bytes, address);
  }
  /** A copy of `n` bytes from an address. */
  read(address, n) {
    return this.bytes.slice(address, address + n);
  }
  /** The ASCII text at an address; null at 0. */
  text(address) {
    if (address === 0) return null;
    return new TextDecoder().decode(this.read(address, this.bytes.indexOf(0, address) - address));
  }
  /** Further results of the last call. */
  numbers(n) {
    const address = this.functions.numbers();
    return Array.from(new Float64Array(this.bytes.buffer, address, n));
  }

  /** The address of BLOCK bytes. */
  get block() {
    return (this.#block ||= this.allocate(BLOCK));
  }
  allocate(n) {
    if (n > MOST_MEMORY) throw this.#noMemory();
    return this.call('allocate', n);
  }
  release(address) {
    this.drop('release', address);
  }
  /** Calls a function that ends something, whatever it returns. */
  drop(name, address) {
    if (!this.#isBroken) this.functions[name](address);
  }

  /** Calls a function of the module; strings are passed as the addresses of texts, which end with the call. */
  call(name, ...values) {
    if (this.#isBroken) throw new IsopixelError('BROKEN', 'memory ran out in this stream: begin another one');
    const texts = [];
    try {
      const passed = values.map(value => {
        if (typeof value !== 'string') return value;
        const address = this.functions.allocate(value.length + 1);
        this.write(new TextEncoder().encode(value + '\0'), address);
        texts.push(address);
        return address;
      });
      return this.functions[name](...passed);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.#isBroken = true;
      if (shared === this) shared = null;
      throw this.functions.out_of_memory() ? this.#noMemory(error) : error;
    } finally {
      for (const address of texts) this.release(address);
    }
  }
  /** The same of a function that can fail; its failure is thrown. */
  ask(name, ...values) {
    const result = this.call(name, ...values);
    if (result >= 0) return result;
    throw new IsopixelError(CODES[-result], this.text(this.functions.said()) || this.text(this.functions.status_text(-result)));
  }

  #noMemory(cause) {
    return new IsopixelError('NO_MEMORY', `there is not enough memory: an instance has ${chosen.maxMemory} bytes at most`, {cause});
  }
}

/** The instance of calls that leave nothing behind. */
export function sharedCore() {
  if (shared && shared.bytes.length > KEPT) shared = null;
  return (shared ??= new Core('pixels'));
}

/** What is in use, for reports. */
export function about() {
  const core = sharedCore(), text = name => core.text(core.call(name));
  return {version: text('version'), compiler: text('compiler'), isa: text('isa'), simd: chosen.simd};
}

/** A new array; its failure is one of memory. */
export function newArray(Type, n) {
  try {
    return new Type(n);
  } catch (cause) {
    throw new IsopixelError('NO_MEMORY', `there is not enough memory for ${n} numbers`, {cause});
  }
}
