// SPDX-License-Identifier: MIT
// node javascript_page.mjs PAGE FILE: what a page of the repository, in Chromium, says of a file that is given to it.
import {Chrome} from '../../js/test/browser/chrome.mjs';
import {serve} from '../../js/test/browser/server.mjs';

const [path, file] = process.argv.slice(2);
const [chrome, server] = [await Chrome.start(), await serve()];
try {
  const page = await chrome.open(`${server.origin}/${path}`);
  await page.until('!document.querySelector("input").disabled');
  await page.choose('input', file);
  console.log(await page.until('document.querySelector("output").textContent'));
} finally {
  await chrome.stop();
  server.stop();
}
