// SPDX-License-Identifier: MIT
// The results as a page of text.

const number = ms => ms.toPrecision(3);
const PEERS = ['sharp', 'pica', 'jSquash', 'canvas'];

const TEXT = `Milliseconds from samples to samples, one thread for each, in interleaved rounds: minima; in brackets these divided by those of isopixel's module with
SIMD, and the same of medians. A ratio of minima below 1 is **bold**. None of the peers makes isopixel's values.

- **sharp**: \`resize\` with \`kernel: 'linear'\`, which shrinks by a box first; for two taps \`affine\` with the interpolator bilinear. It has RGB, since it multiplies RGBA by alpha.
- **pica**: \`resizeBuffer\` by WebAssembly, with the filter hamming, which is as wide as bilinear. It has RGBA alone, as the next two, and no filter of two taps: it has
  the same call in these rows.
- **jSquash**: \`@jsquash/resize\`, triangle; in the rows of two taps too.
- **canvas**: \`putImageData\`, \`drawImage\`, \`getImageData\`, without a GPU; smoothing of medium quality, and of low for two taps.`;

function table(records) {
  const names = PEERS.filter(name => records.some(({times}) => times[name]));
  const cell = (times, name) => {
    if (!times[name]) return '–';
    const [least, middle] = ['minimum', 'median'].map(kind => times[name][kind] / times.isopixel[kind]);
    const ratio = `${least.toFixed(2)}×`;
    return `${number(times[name].minimum)} (${least < 1 ? `**${ratio}**` : ratio}, ${middle.toFixed(2)}×)`;
  };
  const rows = [['method', 'size', 'colour', 'isopixel, SIMD', 'isopixel, scalar', ...names]];
  rows.push(rows[0].map(() => '---'));
  for (const {method, name, colour, times} of records)
    rows.push([method, name, colour, number(times.isopixel.minimum), ...['scalar', ...names].map(peer => cell(times, peer))]);
  return rows.map(row => `| ${row.join(' | ')} |`).join('\n');
}

export function markdown({machine, engines}) {
  const {cpu, cpus, load, date, versions, compiler, modules} = machine;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ');
  const kinds = modules.map(({simd, isa, bytes}) => `${simd ? 'with' : 'without'} SIMD, kernels ${isa}, ${bytes} bytes`).join('; ');
  return [
    '# JavaScript',
    `${date}, ${cpu}, ${cpus} CPUs, load ${load.map(one => one.toFixed(1)).join(' before and ')} after. ${peers}. The modules are of ${compiler}: ${kinds}.`,
    TEXT,
    ...Object.entries(engines).flatMap(([name, records]) => [`## ${name}`, table(records)]),
  ].join('\n\n') + '\n';
}
