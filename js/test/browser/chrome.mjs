// SPDX-License-Identifier: MIT
// Chromium without a window, by its DevTools protocol over a pipe: no driver, and no port.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const OPTIONS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run', '--remote-debugging-pipe'];

export class Chrome {
  #process;
  #profile = mkdtempSync(join(tmpdir(), 'isopixel-chrome-'));
  #calls = new Map(); // by number: what waits for the answer
  #number = 0;
  #pages = new Map(); // by session, also those of workers: the page

  static async start() {
    const chrome = new Chrome();
    chrome.#process = spawn('chromium', [...OPTIONS, `--user-data-dir=${chrome.#profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: {...process.env, LC_ALL: 'C.UTF-8'}, // for the names of files
    });
    chrome.#process.on('error', error => { throw error; });
    let text = '';
    chrome.#process.stdio[4].setEncoding('utf8').on('data', more => {
      const messages = (text + more).split('\0');
      text = messages.pop();
      for (const message of messages) chrome.#receive(JSON.parse(message));
    });
    return chrome;
  }

  async stop() {
    const ended = new Promise(done => this.#process.once('exit', done));
    await this.send('Browser.close').catch(() => {});
    await ended;
    rmSync(this.#profile, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
  }

  send(method, params = {}, sessionId) {
    const id = ++this.#number;
    this.#process.stdio[3].write(`${JSON.stringify({id, method, params, sessionId})}\0`);
    return new Promise((done, failed) => this.#calls.set(id, {done, failed, method}));
  }

  #receive({id, result, error, method, params, sessionId}) {
    if (id === undefined) return this.#pages.get(sessionId)?.receive(method, params);
    const {done, failed, method: called} = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) failed(new Error(`${called}: ${error.message}`));
    else done(result);
  }

  /** A page at an address, loaded; {width, dark} are how it is looked at. */
  async open(url, {width = 1280, height = 900, dark = false} = {}) {
    const {targetId} = await this.send('Target.createTarget', {url: 'about:blank'});
    const {sessionId} = await this.send('Target.attachToTarget', {targetId, flatten: true});
    const page = new Page(this, targetId, sessionId, session => this.#pages.set(session, page));
    this.#pages.set(sessionId, page);
    await page.watch(sessionId);
    await page.send('Page.enable');
    await page.send('Emulation.setDeviceMetricsOverride', {width, height, deviceScaleFactor: 1, mobile: width < 600});
    await page.send('Emulation.setEmulatedMedia', {features: [{name: 'prefers-color-scheme', value: dark ? 'dark' : 'light'}]});
    await page.send('Page.navigate', {url});
    await page.until('document.readyState === "complete"');
    return page;
  }
}

/** A page and its workers. */
export class Page {
  /** What was requested, and what was complained of: errors, warnings, violations of the policy. */
  requests = [];
  complaints = [];
  #chrome;
  #target;
  #session;
  #onWorker;

  constructor(chrome, target, session, onWorker) {
    this.#chrome = chrome;
    this.#target = target;
    this.#session = session;
    this.#onWorker = onWorker;
  }

  async watch(session) {
    const send = (method, params) => this.#chrome.send(method, params, session);
    await Promise.all([send('Runtime.enable'), send('Network.enable'), send('Log.enable').catch(() => {}), // which workers do not have
      send('Target.setAutoAttach', {autoAttach: true, waitForDebuggerOnStart: true, flatten: true})]);
    await send('Runtime.runIfWaitingForDebugger');
  }

  receive(method, params) {
    if (method === 'Target.attachedToTarget') {
      this.#onWorker(params.sessionId);
      this.watch(params.sessionId).catch(() => {}); // a worker that was ended at once
    } else if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
    else if (method === 'Log.entryAdded') this.complaints.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    else if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    else if (method === 'Runtime.consoleAPICalled') this.complaints.push(params.args.map(arg => arg.value ?? arg.description).join(' '));
  }

  send(method, params) {
    return this.#chrome.send(method, params, this.#session);
  }

  /** The value of an expression, or of the promise that it is. */
  async evaluate(expression) {
    const {result, exceptionDetails} = await this.send('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true, userGesture: true});
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression is true, which is its value then. */
  async until(expression, seconds = 20) {
    for (const end = Date.now() + 1000 * seconds; Date.now() < end; await new Promise(done => setTimeout(done, 50))) {
      const value = await this.evaluate(expression);
      if (value) return value;
    }
    throw new Error(`waited ${seconds} s for ${expression}; ${this.complaints}`);
  }

  /** Chooses a file, as a person does. */
  async choose(selector, path) {
    const {root} = await this.send('DOM.getDocument'), {nodeId} = await this.send('DOM.querySelector', {nodeId: root.nodeId, selector});
    await this.send('DOM.setFileInputFiles', {files: [path], nodeId});
  }

  /** Drops a file in the middle of an element. */
  async drop(selector, path) {
    const where = await this.evaluate(`(element => {
      element.scrollIntoView({block: 'center'});
      const {x, y, width, height} = element.getBoundingClientRect();
      return {x: x + width / 2, y: y + height / 2};
    })(document.querySelector('${selector}'))`);
    const data = {items: [], files: [path], dragOperationsMask: 1};
    for (const type of ['dragEnter', 'dragOver', 'drop']) await this.send('Input.dispatchDragEvent', {type, ...where, data});
  }

  /** Presses a key, such as Tab or Enter, as many times as said. */
  async press(key, times = 1) {
    const {code, windowsVirtualKeyCode, text} = {
      Tab: {code: 'Tab', windowsVirtualKeyCode: 9}, Enter: {code: 'Enter', windowsVirtualKeyCode: 13, text: '\r'}, ' ': {code: 'Space', windowsVirtualKeyCode: 32, text: ' '},
    }[key];
    for (let i = 0; i < times; ++i)
      for (const type of ['keyDown', 'keyUp']) await this.send('Input.dispatchKeyEvent', {type, key, code, windowsVirtualKeyCode, ...(type === 'keyDown' && {text})});
  }

  /** Types a text where the focus is. */
  async type(text) {
    await this.send('Input.insertText', {text});
  }

  async screenshot() {
    const {cssContentSize: {width, height}} = await this.send('Page.getLayoutMetrics');
    const clip = {x: 0, y: 0, width, height, scale: 1};
    return Buffer.from((await this.send('Page.captureScreenshot', {clip, captureBeyondViewport: true})).data, 'base64');
  }

  async close() {
    await this.#chrome.send('Target.closeTarget', {targetId: this.#target});
  }
}
