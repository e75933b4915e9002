// Finds subjects by their names, for Node.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** A variable that the runner sets. */
export function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; measure with \`cargo xtask bench\``);
  return value;
}

/** What the runner has compiled: wasm/, wasm-fast/ and zones.txt. */
export const MODULES = needed('BATON_BENCH_MODULES');

/** Our own modules, by the names of their subjects. */
export const OURS = { baton: 'wasm', 'baton-fast': 'wasm-fast' };

export const WORKLOAD = JSON.parse(readFileSync(new URL('./workload.json', import.meta.url), 'utf8'));

/** The subject, and how the tables call it: peers with their versions. */
export async function load(name) {
  if (name in OURS) {
    const { baton } = await import('./peers/baton.mjs');
    const folder = `${MODULES}/${OURS[name]}`;
    const subject = await baton({
      script: pathToFileURL(`${folder}/baton_bench.js`).href,
      module: readFileSync(`${folder}/baton_bench_bg.wasm`),
      zones: readFileSync(`${MODULES}/zones.txt`, 'utf8'),
    });
    return { subject, label: name };
  }
  const { subject } = await import(`./peers/${name}.mjs`);
  return { subject, label: label(subject) };
}

export function label({ package: name, name: fallback }) {
  if (!name) return fallback;
  const manifest = new URL(`./node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
}
