// SPDX-License-Identifier: MIT
// How calls are timed, in Node.js and in a page.

const LEAST_ROUNDS = 7;
const RESOLVED = 20; // ms: a page's clock has steps of 0.1
const WARMING = 300; // ms of calls, by which engines have compiled what they run

async function turn(call, calls) {
  const begin = performance.now();
  for (let i = 0; i < calls; ++i) await call();
  return (performance.now() - begin) / calls;
}

/** Times calls, by name, in rounds in which each has one turn: milliseconds {minimum, median, rounds} by name. */
export async function interleaved(calls, seconds) {
  const counts = {}, times = {};
  for (const [name, call] of Object.entries(calls)) {
    for (const end = performance.now() + WARMING; performance.now() < end; ) await call();
    counts[name] = Math.ceil(RESOLVED / (await turn(call, 1)));
    times[name] = [];
  }
  for (let done = 0, end = performance.now() + 1000 * seconds; done < LEAST_ROUNDS || performance.now() < end; ++done)
    for (const [name, call] of Object.entries(calls)) times[name].push(await turn(call, counts[name]));
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, summary(all)]));
}

function summary(times) {
  const sorted = [...times].sort((a, b) => a - b), middle = sorted.length / 2;
  return {minimum: sorted[0], median: (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2, rounds: sorted.length};
}
