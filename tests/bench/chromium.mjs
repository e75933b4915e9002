// Measures subjects in the system's Chromium, each in a page of its own: `node chromium.mjs GROUP SUBJECT...`.
// Prints a JSON line a row.
//
// From the runner: BATON_CHROMIUM, BATON_DIST, BATON_BENCH_MODULES. Only the loopback interface is used.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { pageRows } from './speed.mjs';
import { MODULES, OURS, label, needed } from './subjects.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DIST = needed('BATON_DIST');
/** What is served from where; the first that fits. */
const FOLDERS = { '/module/': MODULES, '/dist/': DIST, '/': HERE };
const TYPES = { '.html': 'text/html', '.json': 'application/json', '.wasm': 'application/wasm', '.css': 'text/css' };
/** A burst is scheduled anew, each time with more time, until all jobs are there before their instant. */
const PATIENCE_MS = 300_000;

/** Our subjects and what they are made of; of peers, the file is the name. */
function which(name) {
  if (name in OURS) {
    const folder = `/module/${OURS[name]}`;
    const options = { script: `${folder}/baton_bench.js`, module: `${folder}/baton_bench_bg.wasm` };
    return { file: 'baton', ours: 'baton', options };
  }
  const storage = /^scheduler-(memory|indexeddb)$/.exec(name)?.[1];
  if (storage) return { file: 'scheduler', ours: 'scheduler', options: { script: '/dist/scheduler.js', storage } };
  return { file: name };
}

/** A package of the old kind as one module: its files, and a `require` that knows them. */
async function bundle(name) {
  const files = new Map();
  const add = async (path) => {
    if (files.has(path)) return;
    files.set(path, '');
    const source = await readFile(path, 'utf8');
    const resolve = createRequire(path).resolve;
    const wanted = {};
    for (const [, request] of source.matchAll(/\brequire\(["']([^"']+)["']\)/g)) wanted[request] = resolve(request);
    const run = `(require, exports, module) => {${source}\n}`;
    files.set(path, `${JSON.stringify(path)}: [${JSON.stringify(wanted)}, ${run}]`);
    for (const path of Object.values(wanted)) await add(path);
  };
  const entry = createRequire(import.meta.url).resolve(name);
  await add(entry);
  return `const files = {${[...files.values()].join(',\n')}};
const made = {};
function load(path) {
  if (!(path in made)) {
    const module = made[path] = { exports: {} };
    files[path][1]((request) => load(files[path][0][request]), module.exports, module);
  }
  return made[path].exports;
}
export default load(${JSON.stringify(entry)});`;
}

async function content(path) {
  if (path === '/package/croner') return readFile(join(HERE, 'node_modules/croner/dist/croner.js'));
  if (path.startsWith('/package/')) return bundle(path.slice('/package/'.length));
  const prefix = Object.keys(FOLDERS).find((prefix) => path.startsWith(prefix));
  return readFile(join(FOLDERS[prefix], normalize(path.slice(prefix.length - 1))));
}

function serve() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://page');
    try {
      const body = await content(pathname);
      response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/javascript' });
      response.end(body);
    } catch (error) {
      response.writeHead(404).end(String(error));
    }
  });
  return new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(server)); });
}

async function measure(browser, address, name, group) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => console.error(`${name}: ${error.stack}`));
  await page.goto(`${address}/page.html`);
  await page.waitForFunction(() => globalThis.bench);
  const subject = which(name);
  if (subject.file === 'baton') subject.options.zones = await readFile(join(MODULES, 'zones.txt'), 'utf8');
  const answer = await page.evaluate(([subject, group]) => globalThis.bench(subject, group), [subject, group]);
  await page.close();
  return { rows: answer.rows, called: subject.ours ? name : label(answer) };
}

const [group, ...names] = process.argv.slice(2);
const server = await serve();
const address = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath: needed('BATON_CHROMIUM'),
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const on = `chromium ${browser.version()}`;
for (const name of names) {
  if (name.startsWith('scheduler-') && !existsSync(join(DIST, 'scheduler.js'))) {
    console.log(JSON.stringify({ subject: name, on, missing: 'there is no scheduler.js in what is served yet' }));
    continue;
  }
  const { rows, called } = group === 'page'
    ? { rows: await pageRows(browser, address, name), called: name }
    : await measure(browser, address, name, group);
  for (const row of rows) console.log(JSON.stringify({ subject: called, on, ...row }));
}
await browser.close();
server.close();
