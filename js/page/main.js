// SPDX-License-Identifier: MIT
// One script for both: the page, and the workers that it starts of its own text, so that no file is fetched.
import {startPage} from './page.js';
import {startWorker} from './worker.js';

if (globalThis.document) startPage(document.currentScript.textContent);
else startWorker();
