// SPDX-License-Identifier: MIT
// The page: takes a file, has a worker make its arrays, and shows them.
import {methods, png, version} from '../dist/index.js';
import {byCanvas, difference, drawn, show} from './drawing.js';
import {kindsOf, linesOf, titleOf} from './lines.js';
import {spectrogram} from './spectrogram.js';

const MOST_OF_CANVAS = {side: 16384, area: 1 << 26}; // pixels, of the image before a resize
const $ = id => document.getElementById(id);
const TOO_LARGE = 'A canvas does not hold this image before its resize.';
let code; // of the workers
let worker = null;
let file = null;
let rate; // of a sound
let results = []; // of the worker, one for each recipe: {line, …}, or {line, problem}
let chosen = 0;

export function startPage(script) {
  code = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
  $('about').textContent = `isopixel ${version}. Nothing is sent anywhere, and this page works offline.`;
  $('method').append(...methods.filter(name => !name.endsWith('-alpha')).map(name => new Option(name)));
  $('file').onchange = () => $('file').files[0] && take($('file').files[0]);
  $('kind').onchange = $('method').onchange = $('size').onchange = makeAll;
  $('choices').onsubmit = event => event.preventDefault();
  $('edit').onsubmit = event => (event.preventDefault(), makeOne($('line').value));
  $('other').onchange = compare;
  $('stop').onclick = () => (end(), say('Stopped.'));
  $('copy').onclick = copy;
  $('save').onclick = save;
  for (const name of ['dragover', 'dragleave', 'drop']) addEventListener(name, dragged);
}

function dragged(event) {
  event.preventDefault();
  document.body.classList.toggle('over', event.type === 'dragover');
  if (event.type === 'drop' && event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
}

async function take(taken) {
  end();
  const found = await kindsOf(taken);
  [file, rate] = [taken, found.rate];
  $('kind').replaceChildren(...found.kinds.map(name => new Option(name)));
  $('kinds').hidden = found.kinds.length === 1;
  $('choices').hidden = false;
  makeAll();
}

function makeAll() {
  const kind = $('kind').value;
  for (const label of document.querySelectorAll('.of-images')) label.hidden = kind === 'sound';
  for (const label of document.querySelectorAll('.of-bytes')) label.hidden = kind !== 'bytes';
  if (!$('size').reportValidity()) return;
  $('one').hidden = true;
  const lines = linesOf(kind, {size: $('size').value, method: $('method').value, rate});
  results = lines.map(line => ({line}));
  chosen = 0;
  showCards();
  const started = performance.now();
  work(lines, (result, i) => {
    results[i] = result;
    showCards();
    if (i === chosen) showOne();
  }, () => {
    say(`${file.name}: ${bytes(file.size)}, ${lines.length} images in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    showOne(); // now beside all others
  });
}

// Makes the array of a line that was edited, instead of the chosen one.
function makeOne(line) {
  work([line], result => {
    $('problem').textContent = result.problem ?? '';
    $('line').setAttribute('aria-invalid', Boolean(result.problem));
    if (result.problem) return;
    results[chosen] = result;
    showCards();
    showOne();
  }, () => say(''));
}

/** Has a worker make the arrays of lines; the work before it ends. */
function work(lines, onResult, onFinished) {
  end();
  worker = new Worker(code);
  let i = 0;
  worker.onmessage = ({data}) => {
    if (data.done !== undefined) return progress(data.done);
    if (data.line !== undefined) return onResult(data, i++);
    end();
    if (data.isFinished) onFinished();
    else say(data.problem);
  };
  worker.onerror = event => (end(), say(event.message));
  worker.postMessage({file, lines});
  $('progress').hidden = $('stop').hidden = false;
  progress(0);
}

function end() {
  worker?.terminate();
  worker = null;
  $('progress').hidden = $('stop').hidden = true;
}

function progress(done) {
  $('progress').max = file.size || 1;
  $('progress').value = done;
  say(`${bytes(done)} of ${bytes(file.size)}`);
}

const say = text => ($('status').textContent = text);

function bytes(n) {
  const unit = n < 1000 ? 0 : Math.min(Math.floor(Math.log10(n) / 3), 4);
  return `${unit === 0 ? n : (n / 1000 ** unit).toPrecision(3)} ${['bytes', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

function showCards() {
  const cards = [...$('cards').children]; // which stay where they are: what is moved loses the focus
  while (cards.length < results.length) cards.push($('cards').appendChild(document.createElement('button')));
  for (const card of cards.splice(results.length)) card.remove();
  for (const [i, card] of cards.entries()) {
    const result = results[i];
    if (card.result === result) continue;
    card.result = result;
    card.type = 'button';
    card.className = isSound(result) ? 'sound' : '';
    card.replaceChildren();
    if (result.drawing) card.append(show(document.createElement('canvas'), upright(result)));
    card.append(result.line === undefined ? '' : titleOf(result.line));
    if (result.problem) card.append(Object.assign(document.createElement('span'), {className: 'wrong', textContent: result.problem}));
    card.onclick = () => ((chosen = i), showOne());
  }
  for (const [i, card] of cards.entries()) card.setAttribute('aria-pressed', i === chosen);
}

const isSound = ({layout}) => Boolean(layout?.startsWith('log'));

function upright({drawing, ...result}) {
  if (!isSound(result)) return drawing;
  const {data, shape: [height, width]} = drawing, turned = new Uint8Array(data.length);
  for (let y = 0; y < height; ++y) turned.set(data.subarray(y * width, (y + 1) * width), (height - 1 - y) * width);
  return {data: turned, shape: [height, width]};
}

function showOne() {
  const result = results[chosen];
  showCards();
  $('one').hidden = false;
  $('line').value = result.line;
  $('line').removeAttribute('aria-invalid');
  $('problem').textContent = result.problem ?? '';
  for (const part of ['figures', 'copy', 'save']) $(part).hidden = !result.image;
  $('one').querySelector('dl').hidden = !result.image;
  for (const part of document.querySelectorAll('.compared')) part.hidden = true;
  if (!result.image) return;
  $('shape').textContent = `${result.shape.join(' × ')}, ${result.dtype}`;
  $('fingerprint').textContent = result.fingerprint;
  $('python').textContent = pythonOf(result.line);
  $('ours').className = isSound(result) ? 'sound' : '';
  $('ours').replaceChildren();
  if (isSound(result)) {
    const room = {width: $('figures').clientWidth - 110, height: 320};
    $('ours').append(spectrogram(result.drawing, result.layout, result.whole, room), caption('upright; row 0 of the array has the lowest frequencies'));
  } else $('ours').append(canvasOf(result.drawing, 'the image by isopixel'), caption('isopixel'));
  showOthers();
}

const caption = text => Object.assign(document.createElement('figcaption'), {textContent: text});

function canvasOf(image, label) {
  const canvas = show(document.createElement('canvas'), image);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  return canvas;
}

/** The expression that has this fingerprint in Python. */
function pythonOf(line) {
  const text = JSON.stringify(file.name).replace(/[\u007f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `isopixel.fingerprint(isopixel.Recipe.parse("${line}")(${text}))`;
}

// What can be seen beside the chosen image: this browser's canvas, and the other images of its shape.
function showOthers() {
  const {isResized, image, drawing} = results[chosen], was = $('other').value, others = [];
  if (isResized) for (const quality of ['high', 'medium', 'low']) others.push(new Option(`this browser’s canvas, ${quality}`, quality));
  for (const [i, one] of results.entries())
    if (i !== chosen && $('kind').value === 'picture' && one.image && String(one.image.shape) === String(image.shape)) others.push(new Option(titleOf(one.line), i));
  if (others.length === 0 || drawing !== image && String(drawing.shape) !== String(image.shape)) return;
  $('other').replaceChildren(...others);
  if (others.some(option => option.value === was)) $('other').value = was;
  $('against').hidden = false;
  compare();
}

async function compare() {
  const result = results[chosen], value = $('other').value, name = $('other').selectedOptions[0].text;
  let other;
  try {
    other = /^\d/.test(value) ? results[value].image : await canvasImage(result, value);
  } catch (error) {
    other = null;
    say(error.message);
  }
  if (result !== results[chosen] || value !== $('other').value) return;
  $('theirs').hidden = $('difference').hidden = !other;
  if (!other) return;
  const {image, share, mean, most} = difference(result.image, other);
  $('theirs').replaceChildren(canvasOf(other, name), caption(name));
  const text = most === 0 ? 'no difference' : `${(100 * share).toFixed(1)} % of the pixels differ, by ${mean.toFixed(2)} levels in the mean, ${most} at most`;
  $('difference').replaceChildren(canvasOf(image, 'their difference, amplified'), caption(text));
}

// What this browser's own decoder and drawImage make of the same source.
async function canvasImage(result, quality) {
  if (result.layout === null) return byCanvas(await createImageBitmap(file), result.place, quality);
  if (file.size > MOST_OF_CANVAS.area) throw new Error(TOO_LARGE);
  result.raw ??= new Promise((done, failed) => {
    const reader = new Worker(code);
    reader.onmessage = ({data}) => {
      if (data.done !== undefined) return;
      reader.terminate();
      if (data.image) done(data.image);
      else failed(new Error(data.problem));
    };
    reader.postMessage({file, lines: [`isopixel 1: ${result.layout}`]});
  });
  const raw = await result.raw, [height, width] = raw.shape, size = result.image.shape.slice(0, 2);
  if (Math.max(height, width) > MOST_OF_CANVAS.side) throw new Error(TOO_LARGE);
  return byCanvas(drawn(raw), {size, scale: [size[0] / height, size[1] / width], offset: [0, 0]}, quality);
}

async function copy() {
  try {
    await navigator.clipboard.writeText($('python').textContent);
    say('Copied.');
  } catch {
    getSelection().selectAllChildren($('python'));
    say('This browser does not allow the page to copy: the line is selected, so copy it by hand.');
  }
}

async function save() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([await png(results[chosen].image)], {type: 'image/png'}));
  link.download = `${file.name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
