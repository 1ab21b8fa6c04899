// SPDX-License-Identifier: MIT
// Instances of the three WebAssembly modules, and calls of their functions (js/module).
import {checkNames} from './arguments.js';
import {badArgument, IsopixelError, shown} from './errors.js';
import {CODES} from './names.js';

/** Bytes that are copied into an instance at a time. */
export const BLOCK = 1 << 18;
/** Addresses stay below 2^31. */
export const MOST_MEMORY = 2 ** 31 - 65536;
const KEPT = 1 << 25; // an instance with more memory is not kept for the next call

const PIXELS = [() => import('./pixels-scalar.js'), () => import('./pixels-simd.js')];

let chosen = null; // the options of load()
const loading = {}; // by module: the promise of it
const compiled = {}; // by module: a WebAssembly.Module
const shared = {}; // by module: the instance of synchronous calls

/** The module that resizes by a method, or by those of a recipe's line: other libraries' are not in `pixels`. */
export const resizerOf = text => (/\b(pillow|opencv|torch)-/.test(text) ? 'peers' : 'pixels');

/** Compiles the module of images, bytes and recipes, once. */
export async function load(options) {
  const asked = checkedOptions(options);
  if (chosen && Object.keys(asked).some(name => asked[name] !== chosen[name]))
    throw badArgument(`isopixel is loaded already, with ${JSON.stringify(chosen)}`);
  chosen ??= {simd: hasSimd(), maxMemory: MOST_MEMORY, ...asked};
  await loadModule('pixels', PIXELS);
}

/** Compiles a module, once: one of two files, of which the second one uses SIMD. */
export function loadModule(name, files) {
  chosen ??= {simd: hasSimd(), maxMemory: MOST_MEMORY};
  return (loading[name] ??= compile(name, files).catch(error => {
    delete loading[name];
    throw error;
  }));
}

async function compile(name, files) {
  const {default: text} = await files[+chosen.simd]();
  const packed = new Blob([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))]);
  const module = new Response(packed.stream().pipeThrough(new DecompressionStream('gzip')));
  compiled[name] = await WebAssembly.compile(await module.arrayBuffer());
}

function checkedOptions(options) {
  const {simd, maxMemory} = checkNames(options, ['simd', 'maxMemory'], 'load'), checked = {};
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
  #module;

  constructor(name) {
    if (!compiled[name]) {
      const load = name === 'peers' ? 'loadPeers' : 'load';
      throw new IsopixelError('NOT_LOADED', `call \`await ${load}()\` once before this`);
    }
    this.#module = name;
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
      if (shared[this.#module] === this) delete shared[this.#module];
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
export function sharedCore(module = 'pixels') {
  if (shared[module]?.bytes.length > KEPT) delete shared[module];
  return (shared[module] ??= new Core(module));
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
