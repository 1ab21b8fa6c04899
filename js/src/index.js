// SPDX-License-Identifier: MIT
// isopixel for browsers, workers and Node.js. What the functions do stands in index.d.ts.
export {rgb} from './alpha.js';
export {about, load} from './core.js';
export {decode} from './decode.js';
export {IsopixelError} from './errors.js';
export {fingerprint} from './fingerprint.js';
export {loadPeers} from './modules.js';
export {methods, version} from './names.js';
export {normalize} from './normalize.js';
export {png} from './png.js';
export {Recipe} from './recipe.js';
export {resize} from './resize.js';
