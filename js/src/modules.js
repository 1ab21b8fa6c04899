// SPDX-License-Identifier: MIT
// The modules beside that of `load`. A bundle that does not use them does not have them.
import {load, loadModule} from './core.js';

const PEERS = [() => import('./peers-scalar.js'), () => import('./peers-simd.js')];
const READERS = [() => import('./readers-scalar.js'), () => import('./readers-simd.js')];

/** Compiles the module that has the methods of other libraries too. */
export const loadPeers = () => loadModule('peers', PEERS);
/** Compiles the module that reads files. */
export const loadReaders = () => loadModule('readers', READERS);
/** Compiles what `resizerOf` names. */
export const loadResizer = name => (name === 'peers' ? loadPeers() : load());
