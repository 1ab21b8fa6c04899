// SPDX-License-Identifier: MIT
// The demo page, from a file and from a server: what it makes is what Python makes, and it talks to nobody.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {decode, fingerprint} from '../../dist/index.js';
import {axesOf} from '../../page/spectrogram.js';
import {path} from '../support.mjs';
import {Chrome} from './chrome.mjs';
import {serve} from './server.mjs';

const PAGE = 'build/js/page/demo.html', folder = path('build/js/browser');
const IDLE = 'document.getElementById("stop").hidden && document.querySelectorAll("#cards button").length > 0';
const of = id => `document.getElementById('${id}').textContent`;

/** The value of an expression in Python, in the folder of the files. */
function inPython(expression) {
  const {status, stdout, stderr} = spawnSync(path('.venv/bin/python'), ['-c', `import isopixel; print(${expression}, end="")`], {cwd: folder, encoding: 'utf8'});
  assert.equal(status, 0, stderr);
  return stdout;
}

// Two tones of two seconds, at 22050 Hz.
function wav() {
  const n = 44100, file = Buffer.alloc(44 + 2 * n);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + 2 * n, 4);
  file.write('WAVEfmt ', 8);
  for (const [at, size, value] of [[16, 4, 16], [20, 2, 1], [22, 2, 1], [24, 4, 22050], [28, 4, 44100], [32, 2, 2], [34, 2, 16], [40, 4, 2 * n]]) file.writeUIntLE(value, at, size);
  file.write('data', 36);
  for (let i = 0; i < n; ++i) file.writeInt16LE(Math.round(9000 * Math.sin((i * i) / 70000) + 6000 * Math.sin(i / 5)), 44 + 2 * i);
  return file;
}

function mandelbrot() {
  const gray = '(gray := __import__("PIL.Image").Image.effect_mandelbrot((400, 300), (-2, -1, 1, 1), 60))';
  inPython(`__import__("PIL.Image").Image.merge("RGB", [${gray}, gray.transpose(0), gray.transpose(1)]).save("mandelbrot.jpg")`);
  return readFileSync(`${folder}/mandelbrot.jpg`);
}

const FILES = {
  executable: {name: 'node', make: () => readFileSync(process.execPath).subarray(0, 3000017), cards: 9},
  JPEG: {name: 'photo é.jpg', make: mandelbrot, cards: 12},
  WAV: {name: 'tones.wav', make: wav, cards: 4},
};

let chrome, server;
before(async () => {
  mkdirSync(folder, {recursive: true});
  for (const {name, make} of Object.values(FILES)) writeFileSync(`${folder}/${name}`, make());
  [chrome, server] = [await Chrome.start(), await serve()];
});
after(async () => (await chrome.stop(), server.stop()));

async function withPage(url, work, options) {
  const page = await chrome.open(url, options);
  await work(page);
  assert.deepEqual(page.requests.filter(one => one !== url && !/^(blob|data):/.test(one)), []);
  assert.ok(page.requests.includes(url));
  assert.deepEqual(page.complaints, []);
  await page.close();
}

async function take(page, name) {
  await page.choose('#file', `${folder}/${name}`);
  await page.until(`${IDLE} && ${of('status')}.startsWith(${JSON.stringify(name)})`);
}

for (const [from, address] of [['a file', () => String(pathToFileURL(path(PAGE)))], ['a server', () => `${server.origin}/${PAGE}`]])
  describe(`from ${from}`, () => {
    for (const [kind, {name, cards}] of Object.entries(FILES))
      test(`the fingerprints of ${kind === 'executable' ? 'an' : 'a'} ${kind} are those of Python`, () => withPage(address(), async page => {
        await take(page, name);
        const pairs = await page.evaluate(`[...document.querySelectorAll('#cards button')].map(card => (card.click(), [${of('python')}, ${of('fingerprint')}, ${of('problem')}]))`);
        assert.equal(pairs.length, cards);
        assert.deepEqual(pairs.map(([, , problem]) => problem), pairs.map(() => ''));
        assert.equal(new Set(pairs.map(([, print]) => print)).size > cards / 2, true);
        const right = inPython(`"\\n".join([${pairs.map(([expression]) => expression)}])`).split('\n');
        assert.deepEqual(pairs.map(([, print]) => print), right);
      }));

    test('a wrong recipe shows the sentence of the core, and a right one its array', () => withPage(address(), async page => {
      await take(page, FILES.JPEG.name);
      const edit = line => page.evaluate(`document.getElementById('line').value = '${line}'; document.getElementById('edit').requestSubmit()`);
      await edit('isopixel 1: image rgb | bilinaer 8,8');
      const said = await page.until(of('problem'));
      const lines = ['import isopixel', 'try: isopixel.Recipe.parse("isopixel 1: image rgb | bilinaer 8,8")', 'except ValueError as error: print(error, end="")'];
      const {stdout} = spawnSync(path('.venv/bin/python'), ['-c', lines.join('\n')], {encoding: 'utf8'});
      assert.equal(said, stdout);
      await edit('isopixel 1: image rgb orientation=apply | bilinear short=40 | crop 32,32 | normalize mean=0.5 std=0.25');
      await page.until(`${of('problem')} === '' && ${of('shape')} === '3 × 32 × 32, float32'`);
      assert.equal(await page.evaluate(of('fingerprint')), inPython(await page.evaluate(of('python'))));
    }));
  });

test('the difference to the canvas, and between methods', () => withPage(`${server.origin}/${PAGE}`, async page => {
  await take(page, FILES.executable.name);
  assert.match(await page.until(of('difference')), /^\d+\.\d % of the pixels differ, by \d+\.\d\d levels in the mean, \d+ at most$/);
  await take(page, FILES.JPEG.name);
  const beside = async text => {
    await page.evaluate(`other = document.getElementById('other'); other.value = [...other.options].find(one => one.text === '${text}').value; other.dispatchEvent(new Event('change'))`);
    await page.until(`${of('theirs')} === '${text}'`);
    return page.evaluate(of('difference'));
  };
  assert.match(await beside('area'), /differ/);
  await page.evaluate(`[...document.querySelectorAll('#cards button')].find(card => card.textContent === 'pillow-12.2-bilinear').click()`);
  const [a, b] = ['pillow-12.2-bilinear', 'pillow-4-bilinear'].map(method => `isopixel.Recipe.parse("isopixel 1: image rgb orientation=apply alpha=drop | ${method} 224,224")("${FILES.JPEG.name}").astype(int)`);
  const shares = inPython(`(lambda d: f"{100 * (d.max(-1) > 0).mean():.1f} {d.mean():.2f} {d.max()}")(abs(${a} - ${b}))`).split(' ');
  const right = shares[2] === '0' ? 'no difference' : `${shares[0]} % of the pixels differ, by ${shares[1]} levels in the mean, ${shares[2]} at most`;
  assert.equal(await beside('pillow-4-bilinear'), right);
}));

/** The picture that Save makes. */
async function saved(page) {
  await page.send('Page.setDownloadBehavior', {behavior: 'deny'});
  const bytes = await page.evaluate(`new Promise(done => {
    const make = URL.createObjectURL;
    URL.createObjectURL = blob => (URL.createObjectURL = make, done(blob.arrayBuffer()), make.call(URL, blob));
    document.getElementById('save').click();
  }).then(buffer => [...new Uint8Array(buffer)])`);
  return decode(Uint8Array.from(bytes));
}

test('the PNG that is saved has the samples', () => withPage(`${server.origin}/${PAGE}`, async page => {
  await take(page, FILES.JPEG.name);
  assert.equal(fingerprint(await saved(page)), await page.evaluate(of('fingerprint')));
}));

test('stop ends the work, and the next file is worked on', () => withPage(`${server.origin}/${PAGE}`, async page => {
  const large = openSync(`${folder}/large`, 'w');
  ftruncateSync(large, 2 ** 36); // hours, and no disk
  closeSync(large);
  try {
    await page.choose('#file', `${folder}/large`);
    await page.until('document.getElementById("progress").value > 0');
    assert.equal(await page.evaluate('document.getElementById("stop").hidden'), false);
    await page.evaluate('document.getElementById("stop").click()');
    assert.equal(await page.evaluate(of('status')), 'Stopped.');
    await new Promise(done => setTimeout(done, 300));
    assert.equal(await page.evaluate(`document.getElementById('stop').hidden && document.getElementById('progress').hidden && ${of('status')}`), 'Stopped.');
    await take(page, FILES.WAV.name);
  } finally {
    rmSync(`${folder}/large`);
  }
}));

test('a file that is dropped is taken, wherever it falls', () => withPage(`${server.origin}/${PAGE}`, async page => {
  for (const [where, {name, cards}] of [['#drop', FILES.JPEG], ['footer', FILES.WAV]]) {
    await page.drop(where, `${folder}/${name}`);
    await page.until(`${IDLE} && ${of('status')}.startsWith(${JSON.stringify(name)})`);
    assert.equal(await page.evaluate('document.querySelectorAll("#cards button").length'), cards);
    assert.equal(await page.evaluate('document.body.classList.contains("over")'), false);
  }
}));

test('the line of Python is copied, or the page says that it cannot', () => withPage(`${server.origin}/${PAGE}`, async page => {
  const permit = setting => chrome.send('Browser.setPermission', {origin: server.origin, permission: {name: 'clipboard-write'}, setting});
  await take(page, FILES.JPEG.name);
  await chrome.send('Browser.grantPermissions', {origin: server.origin, permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite']});
  await page.evaluate('document.getElementById("copy").click()');
  await page.until(`${of('status')} === 'Copied.'`);
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), await page.evaluate(of('python')));
  await permit('denied');
  await page.evaluate('document.getElementById("copy").click()');
  await page.until(`${of('status')}.includes('does not allow')`);
  assert.equal(await page.evaluate('String(getSelection())'), await page.evaluate(of('python')));
  await chrome.send('Browser.resetPermissions');
}));

test('everything is done by keys', () => withPage(`${server.origin}/${PAGE}`, async page => {
  const focused = '(one => one === document.body ? "nothing" : one.id || one.textContent)(document.activeElement)';
  await take(page, FILES.JPEG.name);
  await page.evaluate('document.getElementById("file").focus()');
  const order = [];
  for (let i = 0; i < 11; ++i) order.push((await page.press('Tab'), await page.evaluate(focused)));
  assert.deepEqual(order, ['kind', 'size', 'line', 'Make', 'other', 'copy', 'save', 'bilinear', 'bicubic', 'area', 'nearest']);
  for (const [key, name] of [['Enter', 'pillow-13-bilinear'], [' ', 'pillow-12.2-bilinear']]) {
    await page.press('Tab');
    await page.press(key);
    assert.equal(await page.evaluate(focused), name);
    assert.equal(await page.evaluate('document.querySelector("#cards [aria-pressed=true]").textContent'), name);
    assert.ok((await page.evaluate('document.getElementById("line").value')).includes(` ${name} `));
  }
  await page.evaluate('document.getElementById("line").select()');
  await page.type('isopixel 1: image rgb orientation=apply alpha=drop | area 12,34');
  await page.press('Enter');
  await page.until(`${of('shape')} === '12 × 34 × 3, uint8'`);
  assert.equal(await page.evaluate(of('fingerprint')), inPython(await page.evaluate(of('python'))));
}));

test('an image with blue first is shown, compared and saved in its colours', () => withPage(`${server.origin}/${PAGE}`, async page => {
  await take(page, FILES.JPEG.name);
  const seen = [];
  for (const mode of ['rgb', 'bgr']) {
    const line = `isopixel 1: image ${mode} orientation=apply alpha=drop | area 30,40`;
    await page.evaluate(`document.getElementById('line').value = '${line}'; document.getElementById('edit').requestSubmit()`);
    await page.until(`${IDLE} && ${of('python')}.includes('${line}') && ${of('difference')}`);
    assert.equal(await page.evaluate(of('fingerprint')), inPython(await page.evaluate(of('python'))));
    const data = "getContext('2d').getImageData(0, 0, 40, 30).data";
    seen.push([await page.evaluate(`[...document.querySelector('#ours canvas').${data}]`), await page.evaluate(of('difference')), fingerprint(await saved(page))]);
  }
  assert.ok(new Set(seen[0][0]).size > 20);
  assert.deepEqual(seen[1], seen[0]);
}));

test('a request would be refused, and found', async () => {
  const page = await chrome.open(`${server.origin}/${PAGE}`);
  assert.equal(await page.evaluate(`fetch('/LICENSE').then(() => 'fetched', () => 'refused')`), 'refused');
  const added = "added = document.createElement('script'), added.textContent = 'ran = true', document.head.append(added), typeof ran";
  assert.equal(await page.evaluate(added), 'undefined');
  assert.ok(page.complaints.some(text => text.includes('Content Security Policy')), String(page.complaints));
  await page.close();
});

test('everything has a name, and nothing is wider than a phone', () => withPage(`${server.origin}/${PAGE}`, async page => {
  for (const {name} of Object.values(FILES)) {
    await take(page, name);
    await page.until(`${of('difference')} || document.querySelector('.axes')`);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, name);
    const {nodes} = await page.send('Accessibility.getFullAXTree');
    const unnamed = nodes.filter(node => ['button', 'textbox', 'combobox', 'spinbutton', 'progressbar', 'image'].includes(node.role?.value) && !node.ignored && !node.name?.value);
    assert.deepEqual(unnamed.map(node => node.role.value), []);
  }
}, {width: 390, height: 844}));

test('the axes of a spectrogram are those that Python draws', () => {
  const frames = 'window=400,hop=160', sounds = [
    [`logmel,rate=16000,${frames},bands=80`, [80, 601]],
    [`logmel,rate=16000,${frames},bands=40,low=3000,high=4000,ends=cut`, [40, 598]],
    [`logfft,rate=44100,${frames},gain=64`, [201, 99]],
    [`logfft,rate=8000,${frames}`, [201, 180000]],
  ];
  for (const [layout, shape] of sounds) {
    const {frequencies, times, decibels} = axesOf(layout, shape), made = [frequencies(0.06), times(0.07), decibels];
    const axes = `a := __import__("isopixel._sound_axes")._sound_axes.SoundAxes.of("${layout}", (${shape}))`;
    const right = JSON.parse(inPython(`__import__("json").dumps([(${axes}).frequencies(0.06), a.times(0.07), a.decibels()])`));
    assert.deepEqual(made.map(ticks => ticks.map(([text]) => text)), right.map(ticks => ticks.map(([text]) => text)), layout);
    for (const [i, ticks] of made.entries()) for (const [j, [, place]] of ticks.entries()) assert.ok(Math.abs(place - right[i][j][1]) < 1e-9, layout);
  }
});
