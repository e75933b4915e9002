// What every scenario needs: the servers, the browser, and a way to read the screen. Nothing here waits
// for a time; it waits for what a user would see.
//
// Addresses and programs come from the environment, which the runner sets:
// BATON_CHROMIUM, BATON_DIST, BATON_SERVE and BATON_PIPELINE.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

/** Where screenshots and traces go; never committed. */
export const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** Where the test clock of an engine stands at first. */
export const NOON = Date.UTC(2026, 10, 23, 12);

/** What a profile has unless a scenario says otherwise. */
const PROFILE = { locale: 'en-GB', viewport: { width: 1280, height: 800 } };

const BROWSER_ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run the scenarios with \`cargo xtask test e2e\``);
  return value;
}

/** Ends a child process and waits until it is gone. */
async function end(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** Starts a program and waits for the lines that name its addresses. */
async function start(program, args, names) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const addresses = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^(\w+) listening on (http:\/\/\S+)$/.exec(line);
    if (found) addresses[found[1]] = found[2].replace(/\/$/, '');
    if (names.every((name) => name in addresses)) break;
  }
  if (!names.every((name) => name in addresses)) throw new Error(`${program} ended before it listened`);
  return { child, addresses };
}

/** The HTTP pipeline, with a clock that only the test moves. */
export async function startPipeline(...args) {
  const program = needed('BATON_PIPELINE');
  const { child, addresses } = await start(program, ['--port', '0', '--clock', 'manual', ...args], ['pipeline']);
  const url = addresses.pipeline;
  const post = async (path, body) => {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  return {
    url,
    advance: (ms) => post('/_control/clock', { advance_ms: ms }),
    faults: (faults) => post('/_control/faults', faults),
    /** Every request that came in, the tests' own aside. */
    log: async () => (await fetch(`${url}/_control/log`)).json(),
    stop: () => end(child),
  };
}

/**
 * The page's server. Its own pipeline is left out unless it is asked for: scenarios bring theirs. `proxy` is
 * the file of a proxy's config.
 */
export async function startServer({ withPipeline = false, proxy } = {}) {
  const pipeline = withPipeline ? ['--pipeline-port', '0'] : ['--no-pipeline'];
  const args = ['--dir', needed('BATON_DIST'), '--port', '0', ...pipeline, ...(proxy ? ['--proxy', proxy] : [])];
  const names = withPipeline ? ['baton', 'pipeline'] : ['baton'];
  const { child, addresses } = await start(needed('BATON_SERVE'), args, names);
  return { url: addresses.baton, pipeline: addresses.pipeline, stop: () => end(child) };
}

export function launchBrowser(...more) {
  return chromium.launch({ executablePath: needed('BATON_CHROMIUM'), args: [...BROWSER_ARGUMENTS, ...more] });
}

/**
 * A browser that is a process of its own, with a profile that outlives it, so that it can be killed. With
 * `noDefaults` it is left as users have it: a tab behind another is hidden, which else none is.
 */
export async function launchKillableBrowser(profile, { noDefaults = false } = {}) {
  const args = [...BROWSER_ARGUMENTS, '--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child = spawn(needed('BATON_CHROMIUM'), [...args, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'], detached: true,
  });
  let endpoint;
  for await (const line of createInterface({ input: child.stderr })) {
    endpoint = /DevTools listening on (ws:\/\/\S+)/.exec(line)?.[1];
    if (endpoint) break;
  }
  if (!endpoint) throw new Error('the browser ended before it listened');
  child.stderr.resume();
  const browser = await chromium.connectOverCDP(endpoint, { noDefaults });
  return {
    browser,
    context: browser.contexts()[0],
    /** Ends the whole browser at once, as a power cut of the process would. */
    async kill() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      process.kill(-child.pid, 'SIGKILL');
      await gone;
    },
  };
}

export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'baton-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * A page that fails its test by anything it should not say: errors, refused resources, a breach of the
 * Content-Security-Policy. `expected` are patterns of messages that the scenario provokes.
 */
export async function openPage(context, { expected = [] } = {}) {
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const text = `${message.type()}: ${message.text()} ${message.location().url}`;
    if (!expected.some((pattern) => pattern.test(text))) complaints.push(text);
  });
  return {
    page,
    check() {
      if (complaints.length) throw new Error(`the page complained:\n${complaints.join('\n')}`);
    },
  };
}

/** Serves the page with another attribute on its board, under the same headers. */
export async function withAttributes(context, attributes) {
  await context.route((url) => url.pathname === '/' || url.pathname.endsWith('.html'), async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('<baton-board', `<baton-board ${attributes}`);
    await route.fulfill({ response, body });
  });
}

/** The board's element, ready to be driven. */
export async function ready(page) {
  await page.waitForFunction(() => customElements.get('baton-board'));
  await page.evaluate(() => document.querySelector('baton-board').ready);
  return {
    /** Sends a command of the protocol and resolves with its reply; a refusal fails the test. */
    async send(command) {
      const answer = await page.evaluate((command) => document.querySelector('baton-board').send(command), command);
      if (!('done' in answer)) throw new Error(`refused: ${JSON.stringify(answer.refused)}`);
      return answer.done;
    },
    /** Moves the engine's clock, which stands still otherwise. */
    advance: (ms, options) =>
      page.evaluate(([ms, options]) => document.querySelector('baton-board').advance(ms, options), [ms, options]),
    /** Saves a chain as the editor would. */
    save(chain, document) {
      const text = typeof document === 'string' ? document : JSON.stringify(document);
      return this.send({ save_chain: { chain, document: text, base: null } });
    },
    start(run, chain) {
      return this.send({ start_run: { run, chain, environment: null } });
    },
  };
}

/** The sample under another name, whose event carries these faults: saved, and a run of it begun. */
export async function startFaulty(board, faults, { id = 'faulty', name = 'Purchase, changed on the way' } = {}) {
  const { document: reply } = await board.send({ read_chain: { chain: 'sample' } });
  const document = Object.assign(JSON.parse(reply.document), { id, name });
  document.stages[0].request.json.faults = faults;
  await board.save(id, document);
  await board.start(`${id}-run`, id);
}

/** More steps than any way through a screen has. */
const LONG_WAY = 150;

/** Goes on by a key alone until what has the focus is wanted; fails where a user would be lost. */
export async function tabTo(page, selector, key = 'Tab') {
  for (let step = 0; step < LONG_WAY; step += 1) {
    const there = await page.evaluate((selector) => {
      const focused = document.activeElement?.shadowRoot?.activeElement;
      return Boolean(focused?.matches(selector));
    }, selector);
    if (there) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${selector}`);
}

/** A stage that passes when the demonstration pipeline answers with this status. */
export const answers = (name, status = 200) => ({
  name, request: { url: 'demo:///micro/all' }, checks: [{ source: 'status', op: 'equals', value: status }],
});

/** A stage that waits for what nobody sends. */
export const waits = (name, poll = {}) => ({
  name, poll, request: { url: 'demo:///micro/good?event_id=nobody' },
  checks: [{ source: { jsonpath: '$[*]' }, filter: ['count'], op: 'equals', value: 1 }],
});

/** What WCAG 2.2 AA asks for, as axe calls it. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
let axe;

/**
 * What axe finds in a page, a line each. It is evaluated, not injected as a script: the page's policy forbids
 * that, as it should.
 */
export async function violationsOf(page) {
  axe ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values } }), WCAG,
  );
  return violations.map(({ id, nodes: [first] }) => `${id}: ${first.target.join(' ')}: ${first.failureSummary}`);
}

/** The words for how each stage stands, as the run's screen shows them. */
export function stageStatuses(page) {
  return page.locator('[data-stage]').evaluateAll((stages) => stages.map((stage) => stage.dataset.status));
}

/** Waits until a stage stands so. */
export function stageIs(page, index, status) {
  return page.locator(`[data-stage="${index}"][data-status="${status}"]`).waitFor();
}

/** Waits until the run that is shown has come to this. */
export function runIs(page, status) {
  return page.locator(`[data-screen="run"][data-status="${status}"]`).waitFor();
}

/** Ends what a test has opened, the latest first, whatever became of it. */
export function cleanup() {
  const steps = [];
  return {
    add(step) {
      steps.push(step);
    },
    async run() {
      for (const step of steps.reverse()) await step();
      steps.length = 0;
    },
  };
}

/** A server on a port of its own, which answers as node's do. */
export async function listen(answer) {
  const server = createServer(answer);
  // One that nobody stops keeps no test waiting.
  server.unref();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

/**
 * One server and one browser for all scenarios of a file. What a scenario opens goes into `each`, and is
 * closed after it. With `profile`, each scenario has a `context` of its own with these options besides.
 */
export function shared({ profile } = {}) {
  const whole = cleanup();
  const each = cleanup();
  const parts = {
    each,
    server: undefined,
    browser: undefined,
    context: undefined,
    /** A new profile, whose board has the test's clock and these attributes besides. */
    async profile(options = {}, attributes = '') {
      const context = await parts.browser.newContext({ ...PROFILE, ...options });
      each.add(() => context.close());
      await withAttributes(context, `clock="test:${NOON}" ${attributes}`);
      return context;
    },
    /** A page of the scenario's profile, or another one, at a place of its address. */
    async open(place = '', { context = parts.context, ...options } = {}) {
      const { page, check } = await openPage(context, options);
      await page.goto(parts.server.url + place);
      return { page, check, board: await ready(page) };
    },
    /** A server that is stopped after the scenario. */
    async serve(answer) {
      const server = await listen(answer);
      each.add(server.stop);
      return server;
    },
  };
  before(async () => {
    parts.server = await startServer();
    whole.add(() => parts.server.stop());
    parts.browser = await launchBrowser();
    whole.add(() => parts.browser.close());
  });
  if (profile) {
    beforeEach(async () => {
      parts.context = await parts.profile(profile);
    });
  }
  afterEach(() => each.run());
  after(() => whole.run());
  return parts;
}
