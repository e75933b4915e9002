// Screens whose code is loaded when they are first opened: when that is, from where, and what is said when it
// can't be.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { beforeEach, test } from 'node:test';

import { openPage, ready, shared } from './support.mjs';

const EDITOR = /\/split_editor\.wasm$/;
const FORM = /\/split_form\.wasm$/;
const RUN = /\/split_run\.wasm$/;
const CHUNKS = /\/pkg\/ui\/(split|chunk)_\w+\.wasm$/;

const at = shared();
let context;
/** The addresses of what was asked for on first use. */
let asked;

beforeEach(() => inContext({ locale: 'en-GB' }));

async function inContext(options) {
  context = await at.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const opened = context;
  at.each.add(() => opened.close());
  asked = [];
  context.on('request', (request) => {
    if (CHUNKS.test(request.url())) asked.push(request.url());
  });
}

test('the editor is loaded by the first who opens it, once; the board has all it needs', async () => {
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  await ready(page);
  await page.locator('[data-chain="sample"]').waitFor();
  assert.ok(!asked.some((url) => EDITOR.test(url)));

  await page.locator('[data-chain="sample"] [data-action="edit"]').click();
  await page.locator('[data-check-state="valid"]').waitFor();
  assert.equal(asked.filter((url) => EDITOR.test(url)).length, 1);

  // A new chain begins as a form, which comes with what it is made of.
  assert.ok(!asked.some((url) => FORM.test(url)));
  await page.locator('[data-action="home"]').click();
  await page.locator('[data-action="new"]').click();
  await page.locator('[data-part="form"]').waitFor();
  assert.ok(asked.some((url) => FORM.test(url)));
  assert.equal(new Set(asked).size, asked.length, 'what is there is not asked for again');
  check();
});

test('a run\'s screen is fetched once the board is there, and at once where one came for a run', async () => {
  const { page, check } = await openPage(context);
  await page.addInitScript(() => addEventListener('baton-ready', () => (window.readyAt = performance.now())));
  /** How long after the board was ready it was asked for, in ms. */
  const waited = async (address) => {
    const fetched = page.waitForResponse(RUN);
    await page.goto(address);
    await (await fetched).finished();
    await ready(page);
    return page.evaluate((pattern) => {
      const entry = performance.getEntriesByType('resource').find(({ name }) => name.endsWith(pattern));
      return entry.startTime - window.readyAt;
    }, '/split_run.wasm');
  };
  assert.ok(await waited(at.server.url) >= 0);
  await page.goto('about:blank');
  assert.ok(await waited(`${at.server.url}/#/chains/sample`) < 0);
  await page.locator('[data-screen="run"]').waitFor();
  assert.ok(!asked.some((url) => EDITOR.test(url)));
  check();
});

test('while it is on the way that is said, and the focus goes on to the editor', async () => {
  let go;
  const may = new Promise((resolve) => (go = resolve));
  await context.route(CHUNKS, async (route) => {
    await may;
    await route.continue();
  });
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  await ready(page);
  await page.locator('[data-action="new"]').click();
  const loading = page.locator('[data-state="loading"]');
  await loading.waitFor();
  assert.equal(await loading.textContent(), 'Loading…');
  await page.locator('[data-state="loading"]:focus').waitFor();
  go();
  await page.locator('[data-screen="editor"] [data-screen-title]:focus').waitFor();
  await page.locator('[data-part="form"]').waitFor();
  assert.equal(await loading.count(), 0);
  check();
});

test('in a dialog the focus goes on to its own heading, not to the screen behind it', async () => {
  let go;
  const may = new Promise((resolve) => (go = resolve));
  await context.route(/split_(settings|chunk)/, async (route) => {
    await may;
    await route.continue();
  });
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  await ready(page);
  await page.locator('h2').first().focus();
  await page.keyboard.press('?');
  await page.locator('dialog[open] [data-state="loading"]:focus').waitFor();
  go();
  await page.locator('dialog[open] [data-screen-title]:not([data-state]):focus').waitFor();
  check();
});

for (const [locale, title, mend] of [
  ['en-GB', 'This screen could not be loaded', /Look whether you are online, and try again\. .* reload the page\./],
  ['zh-CN', '此页面未能载入', /请检查网络连接后重试。.*请刷新页面。/],
]) {
  test(`without the network it is said with its mend, and goes on: ${locale}`, async () => {
    await inContext({ locale });
    const expected = [/ERR_FAILED/, /Failed to fetch/];
    const { page, check } = await openPage(context, { expected });
    await page.goto(at.server.url);
    await ready(page);
    await context.route(CHUNKS, (route) => route.abort());
    await page.locator('[data-chain="sample"] [data-action="edit"]').click();
    const failed = page.locator('[data-state="not-loaded"]');
    await failed.waitFor();
    assert.equal(await failed.locator('[data-screen-title]').textContent(), title);
    assert.match(await failed.locator('p').textContent(), mend);

    // It fails again, and the rest goes on: only this screen is missing.
    await failed.locator('[data-action="load-again"]').click();
    await failed.locator('[data-screen-title]:focus').waitFor();
    await page.locator('[data-action="home"]').click();
    await page.locator('[data-chain="sample"] [data-action="edit"]').click();
    await failed.waitFor();

    await context.unroute(CHUNKS);
    await failed.locator('[data-action="load-again"]').click();
    await page.locator('[data-check-state="valid"]').waitFor();
    check();
  });
}

test('where another version has taken its place, a reload comes back to the very screen', async () => {
  const expected = [/status of 404/, /CompileError/];
  const { page, check } = await openPage(context, { expected });
  await page.goto(at.server.url);
  await ready(page);
  await context.route(CHUNKS, (route) => route.fulfill({ status: 404, contentType: 'text/plain', body: 'gone' }));
  await page.locator('[data-chain="sample"] [data-action="edit"]').click();
  await page.locator('[data-state="not-loaded"]').waitFor();
  await context.unroute(CHUNKS);
  await page.locator('[data-action="reload"]').click();
  await page.locator('[data-check-state="valid"]').waitFor();
  check();
});

test('a host that does not know the type of wasm is good enough', async () => {
  await context.route(CHUNKS, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
  });
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  await ready(page);
  await page.locator('[data-action="new"]').click();
  await page.locator('[data-check-state="valid"]').waitFor();
  await page.locator('[data-part="form"]').waitFor();
  check();
});

test('a board in a page of another origin loads it from its own, under the policy that the README names', async () => {
  const baton = at.server.url;
  const policy = [
    "default-src 'none'", `script-src ${baton} 'wasm-unsafe-eval'`, `style-src ${baton}`, `connect-src ${baton}`,
    `worker-src ${baton} blob:`, 'img-src data:',
  ].join('; ');
  const dashboard = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(`<!doctype html><link rel="icon" href="data:,"><h1>Dashboard</h1>
      <script type="module" src="${baton}/embed.js"></script>
      <baton-board samples="chains/sample.json" storage="memory" clock="test:1795435200000"></baton-board>`);
  });
  await new Promise((listening) => dashboard.listen(0, '127.0.0.1', listening));
  at.each.add(() => new Promise((closed) => dashboard.close(closed).closeAllConnections()));
  const { page, check } = await openPage(context);
  await page.goto(`http://127.0.0.1:${dashboard.address().port}/deep/page`);
  await ready(page);
  assert.ok(!asked.some((url) => EDITOR.test(url)));
  await page.locator('[data-chain="sample"] [data-action="edit"]').click();
  await page.locator('[data-check-state="valid"]').waitFor();
  assert.ok(asked.some((url) => EDITOR.test(url)) && asked.every((url) => url.startsWith(`${baton}/v-`)), asked.join('\n'));
  check();
});
