// SPDX-License-Identifier: MIT
// A spectrogram as people read it: low frequencies below, in Hz, seconds and decibels (SPEC ).
import {colourOf, show} from './drawing.js';

const DECIBELS = (10 * Math.log10(2)) / 8; // of a level
const MINUTES = 120; // seconds from which on times are minutes and seconds
const STEPS = [10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000];
const NICE = Array.from({length: 36}, (_, i) => Number(`${[1, 2, 5][i % 3]}e${Math.floor(i / 3) - 4}`));

/** Where values lie in the image of a layout, from 0 to 1, and the round ones among them: [text, place]. */
export function axesOf(layout, [rows, frames]) {
  const [rule, ...options] = layout.split(','), given = Object.fromEntries(options.map(option => option.split('=')));
  const number = (name, otherwise = 0) => Number(given[name] ?? otherwise);
  const rate = number('rate'), window = number('window'), hop = number('hop'), low = number('low'), high = number('high', Math.floor(rate / 2));
  const mel = hertz => Math.log((hertz + 700) / (low + 700)) / Math.log((high + 700) / (low + 700));
  const heightOf = hertz => (rule === 'logfft' ? (hertz * window) / rate + 0.5 : (rows + 1) * mel(hertz) - 0.5) / rows;
  const columnOf = seconds => ((seconds * rate - (given.ends === 'cut' ? window / 2 : 0)) / hop + 0.5) / frames;
  const full = -DECIBELS * number('gain'), lowest = full - 255 * DECIBELS, end = (frames * hop + window) / rate;
  return {
    frequencies(apart) {
      const some = rule === 'logmel' ? spaced(NICE.filter(f => f >= 1 && f <= rate / 2), heightOf, apart) : [];
      return (some.length > 3 ? some : regular(NICE.filter(f => f >= 1), rate / 2, heightOf, apart)).map(f => [String(f), heightOf(f)]);
    },
    times: apart => regular(end < MINUTES ? NICE : STEPS, end, columnOf, apart).map(s => [timeText(s, end), columnOf(s)]),
    timeUnit: end < MINUTES ? 's' : 'min:s',
    decibels: Array.from({length: 6}, (_, i) => 20 * Math.floor(full / 20) - 20 * i).filter(d => d > Math.ceil(lowest))
      .map(d => [String(d), (d - lowest) / (255 * DECIBELS)]),
  };
}

const timeText = (s, end) => (end < MINUTES ? String(Number(s.toPrecision(6))) : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`);

// Those values that lie in the image, and apart from the next one; of two the higher one.
function spaced(rising, place, apart) {
  const found = [];
  for (const value of [...rising].reverse())
    if (place(value) >= 0 && place(value) <= 1 && (found.length === 0 || place(found[0]) - place(value) >= apart)) found.unshift(value);
  return found;
}

// The multiples of a step that lie in the image, of the first step by which these all lie apart.
function regular(steps, last, place, apart) {
  for (const step of steps.filter(step => last / step <= 10000)) {
    const found = Array.from({length: Math.floor(last / step) + 1}, (_, n) => n * step).filter(value => place(value) >= 0 && place(value) <= 1);
    if (found.every((value, i) => i === 0 || place(value) - place(found[i - 1]) >= apart)) return found;
  }
  return [];
}

/** The spectrogram with its axes, as an element. */
export function spectrogram({data, shape: [height, width]}, layout, whole, room) {
  const lines = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) lines.set(colourOf(data[(height - 1 - y) * width + x]), 3 * (y * width + x));
  const bar = new Uint8Array(256 * 3);
  for (let y = 0; y < 256; ++y) bar.set(colourOf(255 - y), 3 * y);

  const axes = axesOf(layout, whole), box = element('div', 'axes');
  const canvas = show(document.createElement('canvas'), {data: lines, shape: [height, width, 3]});
  const levels = element('div', 'bar');
  levels.append(show(document.createElement('canvas'), {data: bar, shape: [256, 1, 3]}));
  box.append(canvas, levels);
  const mark = (name, side, ticks) => {
    for (const [text, place] of ticks) box.append(element('span', name, text, {[side]: `${100 * place}%`}));
  };
  mark('y', 'bottom', axes.frequencies(18 / room.height));
  mark('x', 'left', axes.times(52 / room.width));
  mark('level', 'bottom', axes.decibels);
  box.append(element('span', 'unit', 'Hz', {right: 'calc(100% + 0.6rem)'}), element('span', 'unit', 'dB', {left: 'calc(100% + 1.5rem)'}),
    element('span', '', axes.timeUnit, {left: 'calc(100% + 0.5rem)', top: 'calc(100% + 0.6rem)'}));
  return box;
}

function element(tag, name, text = '', place = {}) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  Object.assign(made.style, place);
  return made;
}
